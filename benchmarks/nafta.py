"""NAFTA from 1993 to 2005, beside the table of Caliendo and Parro (2015).

    python benchmarks/nafta.py --data FOLDER [--json] [--path STEPS] [--tolerance 1e-13] [--compiled]

FOLDER holds the seven input files of the replication archive. The world of 1993 is first solved with
zero deficits; then tariffs among Canada, Mexico and the United States go to those of 2005, all others
staying. Trade is balanced in both worlds, and the factor income of the world is the numeraire. All
results are in per cent. `path` sums the first-order formula over ever shorter steps; the largest gap
to the exact change of real income halves with their length.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import xarray as xr

from palanca.economy import Structure
from palanca.economy.readers.caliendo_parro import CaliendoParro, read
from palanca.errors import PalancaError
from palanca.solve import Settings
from palanca.trade import Closure, Deficits, Model, Shock, welfare
from palanca.trade.shock import labelled

MEMBERS = ["CAN", "MEX", "USA"]
TIGHT = Settings(tolerance=1e-13, iterations=150, depth=8, largest_step=1.0, inner=1e-3)
BALANCED = Closure(deficits=Deficits.ZERO)
PUBLISHED = {
    "MEX": (-0.41, 1.72, 1.31, 1.72),
    "CAN": (None, None, -0.06, None),
    "USA": (None, None, 0.08, None),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the counterfactual and print it; 2 if the data cannot be used."""
    options = _options(arguments)
    try:
        data = read(options.data)
        settings = replace(TIGHT, tolerance=options.tolerance)
        model = Model(data.structure, data.elasticity, BALANCED, settings, options.compiled)
        result = counterfactual(data, model, steps=options.path)
    except PalancaError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, indent=1) if options.json else _table(result))
    return 0


def counterfactual(data: CaliendoParro, model: Model, *, steps: int) -> dict[str, object]:
    """Return welfare by country in per cent, the largest residual, and the seconds both solves took."""
    started = time.perf_counter()
    before, after = model.before, model.after(nafta(data, 1.0))
    seconds = time.perf_counter() - started
    columns = {
        "terms_of_trade": welfare.terms_of_trade(before, after),
        "volume_of_trade": welfare.volume_of_trade(before, after),
        "welfare_first_order": welfare.first_order(before, after),
        "real_wage": welfare.real_wage(before, after) - 1,
        "real_income": welfare.real_income(before, after) - 1,
    }
    residual = max(np.abs(before.residual).max(), np.abs(after.residual).max())
    return {
        "countries": _by_country(data.structure, columns),
        "seconds": seconds,
        "residual": float(residual),
        "path": [along(model, data, count) for count in _doubling(steps)],
    }


def along(model: Model, data: CaliendoParro, steps: int) -> dict[str, object]:
    """Return the first-order formula summed over `steps` solved worlds, and its distance from exact."""
    worlds = [model.before]
    for step in range(1, steps + 1):
        worlds.append(model.after(nafta(data, step / steps), start=worlds[-1].solution))
    pairs = list(pairwise(worlds))
    summed = np.prod([1 + welfare.first_order(*pair) for pair in pairs], axis=0)
    exact = welfare.real_income(worlds[0], worlds[-1])
    chosen = [data.structure.countries.index(member) for member in MEMBERS]
    return {
        "steps": steps,
        "first_order": dict(zip(MEMBERS, (100 * (summed[chosen] - 1)).tolist(), strict=True)),
        "largest_gap": float(100 * np.abs(summed - exact).max()),
    }


def nafta(data: CaliendoParro, part: float) -> Shock:
    """Return the shock that takes members' mutual tariffs a part of the way from 1993 to 2005."""
    tariff: xr.DataArray = labelled(data.structure.tariff, data.structure).copy()
    among = {"origin": MEMBERS, "destination": MEMBERS}
    tariff.loc[among] = (1 - part) * tariff.loc[among] + part * data.tariff_2005.loc[among]
    return Shock(tariff=tariff)


def _by_country(
    structure: Structure, columns: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]
) -> dict[str, dict[str, float]]:
    return {
        country: {name: float(100 * values[at]) for name, values in columns.items()}
        for at, country in enumerate(structure.countries)
    }


def _doubling(most: int) -> list[int]:
    return [2**power for power in range(most.bit_length())] if most else []


def _table(result: dict[str, object]) -> str:
    countries = result["countries"]
    assert isinstance(countries, dict)
    names = list(next(iter(countries.values())))
    rows = [f"{'':4}" + "".join(f"{name:>21}" for name in names)]
    for country, values in countries.items():
        rows.append(f"{country:4}" + "".join(f"{values[name]:21.4f}" for name in names))
        if country in PUBLISHED:
            shown = ["" if value is None else f"{value:.2f}" for value in PUBLISHED[country]]
            rows.append("  as published " + " ".join(shown))
    path = result["path"]
    assert isinstance(path, list)
    rows += [f"{leg['steps']:4} steps: first order misses exact by {leg['largest_gap']:.4f}" for leg in path]
    return "\n".join([*rows, f"{result['seconds']:.3f} s, residual {result['residual']:.1e}"])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the replication files")
    parser.add_argument("--json", action="store_true", help="print every country at full precision")
    parser.add_argument("--path", type=int, default=8, metavar="STEPS", help="most steps; 0 for none")
    parser.add_argument("--tolerance", type=float, default=TIGHT.tolerance, help="of the solver")
    parser.add_argument("--compiled", action="store_true", help="use the compiled path, slower to load")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
