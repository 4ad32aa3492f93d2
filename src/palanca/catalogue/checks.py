"""A table is what its source says, or it is not read."""

import polars as pl

from palanca.catalogue.codes import groups
from palanca.catalogue.countries import countries
from palanca.catalogue.sources import TableSpec
from palanca.errors import BadTable

WORDS = {"iso3", "code", "text", "month", "date"}
FLAG = "flag"
AMOUNTS = {"usd", "count", "km", "bcm", "victims", "encounters", "deaths", "pounds"}  # none is below nought
DAYS = {"month", "date"}
WORLD = "WLD"
SHOWN = 5  # values that a fault lists


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


def check_cells(frame: pl.DataFrame, spec: TableSpec, *, gaps: frozenset[str]) -> None:
    """Refuse cells of a user's table that cannot be what their unit says; every fault in one error.

    Args:
        frame: has the columns described.
        spec: the description.
        gaps: columns in which a cell may be empty.

    Raises:
        BadTable: a cell is empty that may not be, an amount negative, a country unknown, a day impossible.
    """
    faults = [
        f"{name} is empty in {count:,} of {frame.height:,} rows; leave a row out where nothing is known"
        for name in spec.columns
        if name not in gaps and (count := frame[name].null_count())
    ]
    for name, about in spec.columns.items():
        faults += _cells(frame[name].drop_nulls(), about.unit)
    if faults:
        raise BadTable("cells", faults)


def _cells(values: pl.Series, unit: str) -> list[str]:
    if unit in AMOUNTS and values.dtype.is_numeric() and (below := (values < 0).sum()):
        return [f"{below:,} cells of {values.name} are negative ({unit})"]
    if unit == "iso3":
        known = pl.Series([*countries(), *groups(), WORLD])
        return _listed(values, ~values.is_in(known.implode()), "codes of no country")
    if unit in DAYS:
        written = pl.Series(values.name, values + "-01" if unit == "month" else values)
        return _listed(values, written.str.to_date("%Y-%m-%d", strict=False).is_null(), f"no {unit}")
    return []


def _listed(values: pl.Series, wrong: pl.Series, what: str) -> list[str]:
    odd = values.filter(wrong).unique().sort().to_list()
    more = ", …" if len(odd) > SHOWN else ""
    return [f"{values.name} holds {what}: {', '.join(map(str, odd[:SHOWN]))}{more}"] if odd else []
