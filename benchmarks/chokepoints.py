"""Seconds and megabytes to judge every product in a generated file of the size of a year of BACI.

    python benchmarks/chokepoints.py [--rows 12000000] [--years 1] [--format parquet|csv] [--json]

The file is made first and is not counted. The measurement is a process of its own, bound to two cores where
the system can; memory is its peak.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

SECONDS, MEGABYTES, CORES = 60.0, 2000.0, 2
PRODUCTS, SELLERS = 5000, 220
FIRST_YEAR = 2021
KILOBYTE = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss
HERE = Path(__file__).resolve().parent
PAIR = ("484", "842")  # importer and partner among BACI's numbers; any two do


def main() -> int:
    """Generate, measure, print; 1 when a limit is broken."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="palanca-products-") as folder:
        path = Path(folder) / f"products.{options.format}"
        _apart(GENERATED, path, str(options.rows), str(options.years))
        found = {"megabytes_on_disk": path.stat().st_size / 1e6, **_measured(path)}
    found["rows"] = options.rows * options.years
    kept = found["wall_seconds"] <= SECONDS * options.years and found["peak_mb"] <= MEGABYTES
    if options.json:
        print(json.dumps({**found, "kept": kept}, indent=1))
    else:
        print(", ".join(f"{name} {value:,.1f}" for name, value in found.items()))
        print(f"limit: {SECONDS:.0f} s a year and {MEGABYTES:.0f} MB: {'kept' if kept else 'broken'}")
    return 0 if kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=12_000_000, help="rows a year")
    parser.add_argument("--years", type=int, default=1, help="years in the file")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet", help="of the file")
    parser.add_argument("--json", action="store_true", help="print full precision")
    return parser.parse_args()


def generate(path: Path, *, rows: int, years: int) -> None:
    """Write random trade in the layout of BACI, one block per year; sellers of a product differ in size."""
    from palanca.exposure.products import _numbers

    codes = np.array([int(code) for code in _numbers()][:SELLERS])
    frames = (_year(FIRST_YEAR + year, rows, codes) for year in range(years))
    if path.suffix == ".csv":
        with path.open("wb") as file:
            for number, frame in enumerate(frames):
                frame.write_csv(file, include_header=number == 0)
        return
    parts = [path.with_suffix(f".{number}.parquet") for number in range(years)]
    for part, frame in zip(parts, frames, strict=True):
        frame.write_parquet(part)
    pl.scan_parquet(parts).sink_parquet(path)
    for part in parts:
        part.unlink()


def _year(year: int, rows: int, codes: np.ndarray) -> pl.DataFrame:
    draw = np.random.default_rng(year)
    product, seller, buyer = (draw.integers(0, size, rows) for size in (PRODUCTS, len(codes), len(codes)))
    skewed = np.where(draw.random(rows) < 0.3, (product * 7) % len(codes), seller)
    return pl.DataFrame(
        {
            "t": np.full(rows, year, dtype=np.int16),
            "i": codes[skewed].astype(np.int16),
            "j": codes[buyer].astype(np.int16),
            "k": pl.Series(product + 100_000).cast(pl.String),
            "v": draw.lognormal(3.0, 2.5, rows),
            "q": draw.lognormal(1.0, 2.5, rows),
        }
    ).sort("k", "i", "j")


def _measured(path: Path) -> dict[str, float]:
    result: dict[str, float] = json.loads(_apart(MEASURED, path, *PAIR, str(CORES)))
    result["peak_mb"] *= KILOBYTE / 1e6
    return result


def _apart(code: str, path: Path, *arguments: str) -> str:
    """Run code in a process of its own; this one stays small, for a child starts with its parent's peak."""
    command = [sys.executable, "-c", code, str(path), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=HERE).stdout


GENERATED = """
import sys
from pathlib import Path
from chokepoints import generate
generate(Path(sys.argv[1]), rows=int(sys.argv[2]), years=int(sys.argv[3]))
"""
MEASURED = """
import json, os, resource, sys, time
from pathlib import Path
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[4])])
start = time.perf_counter()
from palanca.exposure.products import _numbers, dependences
found = dependences(Path(sys.argv[1]), _numbers()[sys.argv[2]], _numbers()[sys.argv[3]])
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "wall_seconds": time.perf_counter() - start, "cpu_seconds": used.ru_utime + used.ru_stime,
    "peak_mb": used.ru_maxrss, "products": found.flagged.height,
    "eu_2021": int(found.flagged["eu_2021"].sum()),
}))
"""

if __name__ == "__main__":
    sys.exit(main())
