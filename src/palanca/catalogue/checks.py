"""A table is what its source says, or it is not read."""

import polars as pl

from palanca.catalogue.sources import TableSpec
from palanca.errors import BadTable

_WORDS = {"iso3", "code", "text", "month", "date"}


def check(frame: pl.DataFrame, spec: TableSpec, name: str) -> None:
    """Refuse a frame that is empty or differs from its description; every fault in one error.

    Raises:
        BadTable: empty, columns missing or unknown, text where numbers belong, a key twice,
            a number that is not finite.
    """
    faults = [*_shape(frame, spec)] or [*_contents(frame, spec)]
    if faults:
        raise BadTable(f"{name} is not the table its source describes:", faults)


def _shape(frame: pl.DataFrame, spec: TableSpec) -> list[str]:
    faults = [] if frame.height else ["it has no rows"]
    faults += [f"column {column} is missing" for column in spec.columns if column not in frame.columns]
    return faults + [
        f"column {column} is not described" for column in frame.columns if column not in spec.columns
    ]


def _contents(frame: pl.DataFrame, spec: TableSpec) -> list[str]:
    faults = []
    for column, about in spec.columns.items():
        numeric = frame[column].dtype.is_numeric()
        if about.unit not in _WORDS and not numeric and frame[column].dtype != pl.Boolean:
            faults.append(f"column {column} should hold numbers ({about.unit}), not {frame[column].dtype}")
        elif frame[column].dtype.is_float() and not frame[column].drop_nulls().is_finite().all():
            faults.append(f"column {column} holds a number that is not finite; leave it empty instead")
    twice = frame.height - frame.n_unique(subset=list(spec.keys))
    return [*faults, *([f"{twice} rows repeat a key ({', '.join(spec.keys)})"] if twice else [])]
