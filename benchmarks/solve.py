"""Milliseconds per solve and tariff wars per second, on random worlds of the size of known ones.

    python benchmarks/solve.py [--wars 200] [--json]

Each war raises every foreign tariff of the world by a random amount. Times are the best of several
solves for one shock, and the average over all wars, on one core, kernels compiled beforehand.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from palanca.economy import Structure, synthetic, trade_elasticity
from palanca.trade import Model, Shock, added_tariff
from palanca.trade.equilibrium import SETTINGS
from palanca.trade.shock import labelled
from palanca.trade.warm import warm

SIZES = {"31 countries, 40 sectors, 20 traded": (31, 40, 20), "77 countries, 45 sectors": (77, 45, 45)}
HIGHEST = 0.5  # largest tariff added in a war
REPEATS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--wars", type=int, default=200, help="random tariff wars per world")
    parser.add_argument("--json", action="store_true", help="print full precision")
    options = parser.parse_args(arguments)
    warm()
    result = {name: measured(*size, wars=options.wars) for name, size in SIZES.items()}
    print(json.dumps(result, indent=1) if options.json else _table(result))
    return 0


def measured(countries: int, sectors: int, traded: int, *, wars: int) -> dict[str, float]:
    """Return seconds to prepare a world, for one shock at two tolerances, and per war, with failures."""
    structure = synthetic(countries, sectors, seed=1, traded=traded).structure
    values = np.random.default_rng(1).uniform(2.0, 12.0, sectors)
    elasticity = trade_elasticity(dict(zip(structure.sectors, values, strict=True)), structure.sectors)
    model = Model(structure, elasticity)
    started = time.perf_counter()
    one = added_tariff(structure, 0.25, origin="C01", destination="C00")
    model.equilibrium(one)
    prepared = time.perf_counter() - started
    loose = replace(model, settings=replace(SETTINGS, tolerance=1e-8))
    loose.equilibrium(one)
    times = [_seconds(model, one) for _ in range(REPEATS)]
    seconds, failed = fought(loose, structure, wars)
    return {"prepare": prepared, "one shock": min(times), "war": seconds / wars, "failed": failed}


def fought(model: Model, structure: Structure, wars: int) -> tuple[float, int]:
    """Return seconds for random tariff wars, and how many did not converge."""
    draw, foreign = np.random.default_rng(2), ~np.eye(len(structure.countries), dtype=bool)
    total, failed = 0.0, 0
    for _ in range(wars):
        added = draw.uniform(0.0, HIGHEST, structure.tariff.shape) * foreign
        shock = Shock(tariff=labelled(structure.tariff + added, structure))
        started = time.perf_counter()
        world = model.after(shock, raises=False)
        total += time.perf_counter() - started
        failed += not world.outcome.converged
    return total, failed


def _seconds(model: Model, shock: Shock) -> float:
    started = time.perf_counter()
    model.equilibrium(shock)
    return time.perf_counter() - started


def _table(result: dict[str, dict[str, float]]) -> str:
    rows = [
        f"{name}: " + ", ".join(f"{key} {value:.4f}" for key, value in row.items())
        for name, row in result.items()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
