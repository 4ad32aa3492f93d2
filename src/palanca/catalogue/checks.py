"""A table is what its source says, or it is not read."""

import polars as pl

from palanca.catalogue.sources import TableSpec
from palanca.errors import BadTable

WORDS = {"iso3", "code", "text", "month", "date"}
FLAG = "flag"


def check(frame: pl.DataFrame, spec: TableSpec, name: str) -> None:
    """Refuse a frame that is empty or differs from its description; every fault in one error.

    Raises:
        BadTable: empty, columns missing or unknown, values of another kind than the unit, a number
            that is not finite, a key that is empty or stands twice.
    """
    faults = [*_shape(frame, spec), *_contents(frame, spec), *_keys(frame, spec)]
    if faults:
        raise BadTable(f"{name} is not the table its source describes:", faults)


def _shape(frame: pl.DataFrame, spec: TableSpec) -> list[str]:
    faults = [] if frame.height else ["it has no rows"]
    faults += [f"column {column} is missing" for column in spec.columns if column not in frame.columns]
    return faults + [
        f"column {column} is not described" for column in frame.columns if column not in spec.columns
    ]


def _contents(frame: pl.DataFrame, spec: TableSpec) -> list[str]:
    known = {column: about.unit for column, about in spec.columns.items() if column in frame.columns}
    return [fault for column, unit in known.items() if frame.height and (fault := _kind(frame[column], unit))]


def _kind(values: pl.Series, unit: str) -> str:
    """Return what is wrong with the values of a column, empty when nothing is."""
    wanted = "words" if unit in WORDS else "flags" if unit == FLAG else "numbers"
    kinds = {
        "words": values.dtype == pl.String,
        "flags": values.dtype == pl.Boolean,
        "numbers": values.dtype.is_numeric(),
    }
    if not kinds[wanted] and values.dtype != pl.Null:
        return f"column {values.name} should hold {wanted} ({unit}), not {values.dtype}"
    if values.dtype.is_float() and not values.drop_nulls().is_finite().all():
        return f"column {values.name} holds a number that is not finite; leave it empty instead"
    return ""


def _keys(frame: pl.DataFrame, spec: TableSpec) -> list[str]:
    named = [*spec.keys, *([spec.period] if spec.period else [])]
    known = [key for key in dict.fromkeys(named) if key in frame.columns]
    empty = [f"column {key} is a key and may not be empty" for key in known if frame[key].null_count()]
    if len(known) < len(set(named)) or not frame.height:
        return empty
    twice = _repeated(frame.select(list(spec.keys)))
    return [*empty, *([f"{twice} rows repeat a key ({', '.join(spec.keys)})"] if twice else [])]


def _repeated(keys: pl.DataFrame) -> int:
    """Return how many rows repeat an earlier one; rows whose hashes differ are told apart by these alone."""
    if keys.hash_rows().n_unique() == keys.height:
        return 0
    return keys.height - keys.n_unique()
