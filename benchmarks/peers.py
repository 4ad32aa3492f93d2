"""What a counterfactual costs beside other engines, in one run.

    python benchmarks/peers.py --data FOLDER [--cp2015-jax CHECKOUT] [--runs 5] [--json]

FOLDER holds the files of Caliendo and Parro's replication archive. NAFTA, baseline and counterfactual, is a
whole process for each engine: ours at 1e-10; cp2015-jax from a checkout of
github.com/paulofelipe/cp2015-jax at its own tolerance of 1e-7, left out if none is named; gegravity from
PyPI, which has one sector and solves a simpler model. Peers get environments of their own under
`--environments`, made once. Then what only ours can show: solves in process, random tariff wars, one
measure and many draws on the world of 2022.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from nafta import BALANCED, nafta

from palanca.economy import economy
from palanca.economy.readers.caliendo_parro import CaliendoParro, read
from palanca.errors import PalancaError
from palanca.trade import Closure, Horizon, Model, Shock, measure
from palanca.trade.draws import Uncertainty, draws
from palanca.trade.elasticities import elasticities, usual
from palanca.trade.ensemble import Shown, ensemble
from palanca.trade.equilibrium import SETTINGS
from palanca.trade.instruments import shock_of
from palanca.trade.shock import labelled

HERE = Path(__file__).parent
KILOBYTE = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss
CORES = 2
TOLERANCE = 1e-10
HIGHEST = 0.5  # largest tariff added in a war
PIN = re.compile(r"^(jax|jaxlib)==(\S+)$")  # others of its requirements name conda builds on a disk
FRICTION_FLOOR = 1e-9  # of output times spending: gravity has no zero trade

Row = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 2 if the data cannot be used."""
    options = _options(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    try:
        data = read(options.data)
    except PalancaError as error:
        print(error, file=sys.stderr)
        return 2
    rows = [*whole(options, data), *inside(data, options)]
    print(json.dumps(rows, indent=1) if options.json else _table(rows))
    return 0


def whole(options: argparse.Namespace, data: CaliendoParro) -> list[Row]:
    """Return seconds and megabytes of NAFTA as a whole process, by engine, and the ratio to ours."""
    own = [sys.executable, str(HERE / "nafta.py"), "--data", str(options.data), "--path", "0", "--json"]
    own += ["--tolerance", str(TOLERANCE)]
    found = [
        timed("palanca", own, options.runs),
        timed("palanca, compiled", [*own, "--compiled"], options.runs),
    ]
    with TemporaryDirectory(prefix="palanca-peers-") as folder:
        table = Path(folder) / "nafta.csv"
        one_sector(data).write_csv(table)
        python = environment(options.environments / "gegravity", ["gegravity"])
        script = str(HERE / "gegravity_nafta.py")
        found.append(timed("gegravity, one sector", [str(python), script, str(table)], options.runs))
        if options.cp2015_jax:
            python = environment(options.environments / "cp2015-jax", requirements(options.cp2015_jax))
            command = [str(python), "cp2015.py"]
            found.append(timed("cp2015-jax", command, options.runs, folder=options.cp2015_jax))
    first = found[0]["median_seconds"]
    assert isinstance(first, float)
    return [{**row, "ratio_to_ours": float(str(row["median_seconds"])) / first} for row in found]


def timed(name: str, command: Sequence[str], runs: int, folder: Path | None = None) -> Row:
    """Return least, median and greatest wall seconds of a process, and its peak memory."""
    seconds, peak = [], 0.0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss * KILOBYTE / 1e6)
        if status:
            raise SystemExit(f"{name} ended with an error:\n{said.decode(errors='replace')}")
    return {
        "what": f"NAFTA as a whole process: {name}",
        "min_seconds": min(seconds),
        "median_seconds": statistics.median(seconds),
        "max_seconds": max(seconds),
        "peak_mb": peak,
    }


def environment(folder: Path, packages: Sequence[str]) -> Path:
    """Return the interpreter of an environment with some packages, made when first asked for."""
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        (folder / "ready").touch()
    return python


def requirements(checkout: Path) -> list[str]:
    """Return what cp2015-jax needs of PyPI: its own pins or, where a wheel is gone, the next release."""
    lines = (checkout / "requirements.txt").read_text("utf-8").splitlines()
    pins = [found for line in lines if (found := PIN.match(line))]
    return [*(f"{pin[1]}>={pin[2]},<0.5" for pin in pins), "numpy<2", "scipy<1.12", "pandas<3"]


def one_sector(data: CaliendoParro) -> pl.DataFrame:
    """Return the world of 1993 in one sector for gegravity: trade, and what the tariffs of 2005 change."""
    model = Model(data.structure, data.elasticity, BALANCED, replace(SETTINGS, tolerance=TOLERANCE))
    trade = model.before.trade
    labels = data.structure.countries
    after = data.tariff_2005.transpose("sector", "destination", "origin").values
    shift = np.log((1 + after) / (1 + data.structure.tariff))
    flow, theta = trade.sum(0), 5.0
    mean = np.divide((trade * shift).sum(0), flow, out=np.zeros_like(flow), where=flow > 0)
    spending, output = flow.sum(1), flow.sum(0)
    norm = np.maximum(flow / np.outer(spending, output), FRICTION_FLOOR / spending.sum())
    members = np.isin(np.array(labels), ("CAN", "MEX", "USA"))
    change = np.where(members[:, None] & members[None] & ~np.eye(len(labels), dtype=bool), -theta * mean, 0.0)
    return pl.DataFrame(
        [
            {
                "exporter": labels[i],
                "importer": labels[n],
                "year": 1993,
                "trade": float(flow[n, i]),
                "output": float(output[i]),
                "spending": float(spending[n]),
                "friction": float(np.log(norm[n, i] * flow.sum())),
                "change": float(change[n, i]),
            }
            for n in range(len(labels))
            for i in range(len(labels))
        ]
    )


def inside(data: CaliendoParro, options: argparse.Namespace) -> list[Row]:
    """Return seconds of what runs in one process with everything loaded."""
    settings = replace(SETTINGS, tolerance=TOLERANCE)
    model = Model(data.structure, data.elasticity, BALANCED, settings)
    shock = nafta(data, 1.0)
    model.after(shock)
    fresh = partial(Model, data.structure, data.elasticity, BALANCED, settings)
    rows = [
        _best("NAFTA in process: baseline and counterfactual", lambda: fresh().after(shock), options.runs),
        _best("NAFTA in process: one solve", lambda: model.after(shock), options.runs),
        wars(replace(model, settings=replace(settings, tolerance=1e-8)), options.wars),
    ]
    world, act = economy(2022), measure("us-25-percent-on-canada-and-mexico")
    for horizon in Horizon:
        ready = Model(world.structure, usual(world, horizon), Closure(horizon))
        change = shock_of([act], world)
        ready.after(change)
        rows.append(
            _best(f"one measure on the world of 2022, {horizon}", partial(ready.after, change), options.runs)
        )
    return [*rows, many(options.draws)]


def wars(model: Model, number: int) -> Row:
    """Return seconds for random tariff wars of the whole world on two threads, and how many failed."""
    structure = model.structure
    foreign = ~np.eye(len(structure.countries), dtype=bool)
    draw = np.random.default_rng(2)
    traded = (structure.sourcing * foreign).any((1, 2))[:, None, None] & foreign
    added = [draw.uniform(0.0, HIGHEST, structure.tariff.shape) * traded for _ in range(number)]
    model.after(Shock(tariff=labelled(structure.tariff + added[0], structure)), raises=False)

    def failed(more: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
        shock = Shock(tariff=labelled(structure.tariff + more, structure))
        return not model.after(shock, raises=False).outcome.converged

    start = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        lost = sum(pool.map(failed, added))
    seconds = time.perf_counter() - start
    return {
        "what": f"{number} random tariff wars at NAFTA size, 1e-8",
        "median_seconds": seconds,
        "failed": lost,
    }


def many(number: int) -> Row:
    """Return seconds for draws of one measure on the world of 2022 at either horizon, and what failed."""
    world = economy(2022)
    unsure = Uncertainty(elasticities(world), horizons=tuple(Horizon))
    drawn = draws(unsure, number, seed=1)
    start = time.perf_counter()
    with TemporaryDirectory(prefix="palanca-peers-") as folder, ThreadPoolExecutor(CORES) as pool:
        os.environ["PALANCA_CACHE"] = folder
        acts = {"one": [measure("us-25-percent-on-canada-and-mexico")]}
        found = ensemble(
            acts, world, drawn, names=unsure.names, shown=Shown(("MEX", "USA", "CAN")), executor=pool
        )
    seconds = time.perf_counter() - start
    what = f"{number} draws on the world of 2022"
    return {"what": what, "median_seconds": seconds, "failed": found.failed.height}


def _best(what: str, run: Callable[[], object], runs: int) -> Row:
    seconds = []
    for _ in range(max(runs, 3)):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return {
        "what": what,
        "min_seconds": min(seconds),
        "median_seconds": statistics.median(seconds),
        "max_seconds": max(seconds),
    }


def _table(rows: Sequence[Row]) -> str:
    heads = ("min_seconds", "median_seconds", "max_seconds", "peak_mb", "ratio_to_ours", "failed")
    lines = [f"{'':52}" + "".join(f"{head:>15}" for head in heads)]
    for row in rows:
        cells = [row.get(head, "") for head in heads]
        shown = [f"{cell:15.3f}" if isinstance(cell, float) else f"{cell:>15}" for cell in cells]
        lines.append(f"{row['what']:52}" + "".join(shown))
    return "\n".join(lines)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the replication files")
    parser.add_argument(
        "--cp2015-jax", type=Path, metavar="CHECKOUT", help="where cp2015.py and its data are"
    )
    parser.add_argument(
        "--environments", type=Path, default=HERE / ".environments", help="where peers are installed"
    )
    parser.add_argument("--runs", type=int, default=5, help="runs of each engine (default: 5)")
    parser.add_argument("--wars", type=int, default=1000, help="random tariff wars (default: 1000)")
    parser.add_argument("--draws", type=int, default=1000, help="draws on the world of 2022 (default: 1000)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
