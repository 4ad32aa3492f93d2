"""Seconds to solve the frontier of four pairs, and whether the exact loss falls along each.

    python benchmarks/diversify.py [--pairs MEX-USA ...] [--json]

Kernels are compiled beforehand; the models of the world are prepared once and counted on their own.
"""

import argparse
import json
import sys
import time
from typing import Any

from palanca.economy import economy
from palanca.exposure.diversify import frontier
from palanca.exposure.withdrawal import prepared
from palanca.trade.warm import warm

PAIRS = ("MEX-USA", "CAN-USA", "VNM-CHN", "DEU-CHN")
SECONDS = 30.0


def main() -> int:
    """Measure, print; 1 when a frontier is too slow or a loss rises along it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", nargs="+", default=list(PAIRS), help="COUNTRY-PARTNER, ISO3")
    parser.add_argument("--json", action="store_true", help="print full precision")
    options = parser.parse_args()
    warm()
    start = time.perf_counter()
    models = prepared(economy(2022))
    for model in models.values():
        _ = model.before
    prepared_in = time.perf_counter() - start
    rows = [measured(models, *pair.split("-")) for pair in options.pairs]
    kept = all(row["falls"] and row["wall_seconds"] <= SECONDS for row in rows)
    if options.json:
        print(json.dumps({"prepare_seconds": prepared_in, "frontiers": rows, "kept": kept}, indent=1))
    else:
        print(f"models prepared in {prepared_in:.1f} s")
        for row in rows:
            print(", ".join(f"{name} {_said(value)}" for name, value in row.items()))
        print(f"limit: {SECONDS:.0f} s each, loss falling: {'kept' if kept else 'broken'}")
    return 0 if kept else 1


def measured(models: Any, a: str, b: str) -> dict[str, Any]:
    """Return the time of one frontier and the exact loss at its ends."""
    wall, own = time.perf_counter(), time.process_time()
    points = frontier(models, a, b).points
    losses = points["long_loss_pct"]
    return {
        "pair": f"{a}-{b}",
        "wall_seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - own,
        "points": points.height,
        "loss_before_pct": losses[0],
        "loss_after_pct": losses[-1],
        "falls": bool((losses.diff().drop_nulls() < 0).all()),
    }


def _said(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
