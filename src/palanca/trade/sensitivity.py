"""What the variance of a result comes from: shares of variance by what was drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.errors import InputError
from palanca.trade.draws import Draw, Uncertainty, draws_at
from palanca.trade.ensemble import Ensemble

Array = NDArray[np.float64]

SEED = 20  # of resampling for the confidence intervals


def shares_of_variance(found: Ensemble, *, scenario: str, quantity: str, country: str) -> pl.DataFrame:
    """Return first-order shares of variance from draws as they are, one row per thing drawn.

    Columns: name, share, half_width (of the 95 percent interval), draws. Draws that failed are left out
    and their number shows in `draws`.

    Args:
        found: the ensemble, of random draws.
        scenario, quantity, country: the result explained.

    Raises:
        InputError: SALib is not installed, or no draw of this result was solved.

    Source: Plischke, Borgonovo and Smith (2013), European Journal of Operational Research 226.
    """
    delta = _salib("delta")
    rows = _values(found, scenario, quantity, country)
    points = found.inputs.join(rows, on="draw").sort("draw")
    inputs = points.select(_varied(points, found.names))
    if points.is_empty() or not inputs.width:
        raise InputError(f"No solved draws of {quantity} of {country} under {scenario} to explain.")
    about = _problem(tuple(inputs.columns))
    result = delta.analyze(about, inputs.to_numpy(), points["value"].to_numpy(), method="sobol", seed=SEED)
    return _frame(inputs.columns, result["S1"], result["S1_conf"], points.height)


def sobol_draws(uncertainty: Uncertainty, base: int, *, seed: int) -> list[Draw]:
    """Return Saltelli's draws for exact Sobol shares, base × (K + 2) of them, base a power of two.

    Raises:
        InputError: SALib is not installed.
    """
    sample = _salib_sample()
    points = sample(_problem(uncertainty.names), base, calc_second_order=False, seed=seed)
    return draws_at(uncertainty, np.asarray(points, dtype=np.float64))


def sobol_shares(found: Ensemble, *, scenario: str, quantity: str, country: str) -> pl.DataFrame:
    """Return first-order and total Sobol shares from the draws of `sobol_draws`.

    Columns: name, share, half_width, draws, total, total_half_width.

    Raises:
        InputError: SALib is not installed, or a draw failed: this design needs every one of them.
    """
    sobol = _salib("sobol")
    rows = _values(found, scenario, quantity, country).sort("draw")
    if rows.height != len(found.draws):
        lost = len(found.draws) - rows.height
        raise InputError(f"{lost} draws have no value; use shares_of_variance, which needs no full design.")
    values = rows["value"].to_numpy()
    result = sobol.analyze(_problem(found.names), values, calc_second_order=False, seed=SEED)
    frame = _frame(list(found.names), result["S1"], result["S1_conf"], rows.height)
    return frame.with_columns(
        total=pl.Series(_real(result["ST"])), total_half_width=pl.Series(_real(result["ST_conf"]))
    )


def _values(found: Ensemble, scenario: str, quantity: str, country: str) -> pl.DataFrame:
    return found.results.filter(
        pl.col("scenario") == scenario, pl.col("quantity") == quantity, pl.col("country") == country
    ).select("draw", "value")


def _varied(points: pl.DataFrame, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if points[name].n_unique() > 1]


def _problem(names: tuple[str, ...]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _frame(names: list[str], shares: Array, widths: Array, number: int) -> pl.DataFrame:
    columns = {"name": names, "share": _real(shares), "half_width": _real(widths)}
    return pl.DataFrame(columns).with_columns(draws=pl.lit(number))


def _real(values: Array) -> list[float]:
    return [float(value) for value in values]


def _salib(method: str) -> Any:
    try:
        from SALib.analyze import delta, sobol
    except ImportError as error:
        raise InputError("Shares of variance need SALib: pip install 'palanca[strategy]'.") from error
    return {"delta": delta, "sobol": sobol}[method]


def _salib_sample() -> Callable[..., Array]:
    try:
        from SALib.sample import sobol
    except ImportError as error:
        raise InputError("Shares of variance need SALib: pip install 'palanca[strategy]'.") from error
    sample: Callable[..., Array] = sobol.sample
    return sample
