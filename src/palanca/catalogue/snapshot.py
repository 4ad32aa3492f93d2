"""Read tables: the user's own folder first, then what the package carries."""

import hashlib
import io
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import polars as pl

from palanca.catalogue import checks
from palanca.catalogue.files import settle
from palanca.catalogue.folders import user_data
from palanca.catalogue.intake import UNREADABLE
from palanca.catalogue.origin import Origin, Table
from palanca.catalogue.sources import Source, TableSpec, tables
from palanca.errors import BadTable, MissingTable


@cache
def cutoff() -> date:
    """Return the day the data reach to: the latest vintage of any source."""
    return max(source.vintage for source in tables().values())


@dataclass(frozen=True)
class Catalogue:
    """All tables as they were public on one day.

    Attributes:
        as_of: rows that became public later are left out.
    """

    as_of: date = field(default_factory=cutoff)

    def __getitem__(self, name: str) -> Table:
        return table(name, as_of=self.as_of)


@cache
def table(name: str, *, as_of: date | None = None) -> Table:
    """Return the table called `name`, with only the rows that were public on `as_of`.

    Raises:
        MissingTable: no source describes it, or its file is nowhere.
        BadTable: its file is empty, corrupt or of another shape than described.
    """
    if name not in tables():
        raise MissingTable(f"No table is called {name!r}. Known: {', '.join(sorted(tables()))}.")
    whole = _read(name)
    return whole if as_of is None else _public(whole, as_of)


@cache
def _read(name: str) -> Table:
    source = tables()[name]
    if (kept := _kept(name)) is not None:
        return _checked(name, kept, source, local=True)
    local = user_data() / "tables" / f"{name}.parquet"
    with suppress(OSError):
        settle(local.parent)
    if local.exists():
        return _own(name, local, source)
    content = _embedded(name)
    return _checked(name, content, source, local=False)


def _kept(name: str) -> bytes | None:
    """Return the user's own table where a layer above keeps it; None where there is none."""
    source = tables().get(name)
    where = source.tables[name].own if source else None
    if where is None:
        return None
    module, _, function = where.partition(":")
    found: bytes | None = getattr(import_module(module), function)()
    return found


def _own(name: str, path: Path, source: Source) -> Table:
    try:
        return _fitting(_checked(name, path.read_bytes(), source, local=True))
    except (BadTable, OSError) as error:
        advice = f"Delete it to use the embedded table, or get it again: palanca data fetch {source.name}"
        faults = error.faults if isinstance(error, BadTable) else (str(error.strerror),)
        raise BadTable(f"{name}: {path} cannot be used. {advice}", faults) from error


def _fitting(own: Table) -> Table:
    """Return a user's table in the types of the embedded one, which every stage was tried on.

    Raises:
        BadTable: a cell is empty where the embedded table has no gap, or cannot be what its unit says.
    """
    path = _embedded_path(own.name)
    if not path.is_file():
        checks.check_cells(own.frame, own.spec, gaps=frozenset(own.spec.columns))
        return own
    ours = pl.scan_parquet(io.BytesIO(path.read_bytes()))
    empty = ours.select(pl.all().null_count()).collect().row(0, named=True)
    checks.check_cells(own.frame, own.spec, gaps=frozenset(name for name in empty if empty[name]))
    try:
        return replace(own, frame=own.frame.cast(ours.collect_schema()))
    except pl.exceptions.PolarsError as error:
        raise BadTable(own.name, [str(error).splitlines()[0]]) from error


def _checked(name: str, content: bytes, source: Source, *, local: bool) -> Table:
    frame = _parse(content, name)
    checks.check(frame, source.tables[name], name)
    return Table(name, frame, source.tables[name], _origin(source, content, local=local))


def fingerprint(name: str) -> str:
    """Return the SHA-256 of the file a table is read from, without reading the table.

    Raises:
        MissingTable: its file is nowhere.
    """
    kept = _kept(name)
    local = user_data() / "tables" / f"{name}.parquet"
    content = kept or (local.read_bytes() if local.is_file() else _embedded(name))
    return hashlib.sha256(content).hexdigest()


def forget() -> None:
    """Read tables again when they are next asked for."""
    table.cache_clear()
    _read.cache_clear()


def _embedded(name: str) -> bytes:
    path = _embedded_path(name)
    if not path.is_file():
        raise MissingTable(f"{name}: the package does not carry it. Run: palanca data build --raw DIR")
    return path.read_bytes()


def _embedded_path(name: str) -> Traversable:
    return files("palanca") / "data" / "snapshot" / f"{name}.parquet"


def _parse(content: bytes, name: str) -> pl.DataFrame:
    try:
        return pl.read_parquet(io.BytesIO(content))
    except UNREADABLE as error:
        raise BadTable(name, [f"it is not a Parquet file ({len(content)} bytes)"]) from error


def _origin(source: Source, content: bytes, *, local: bool) -> Origin:
    return Origin(
        source=source.name,
        publisher=source.publisher,
        citation=source.citation,
        licence=source.licence,
        address=source.address,
        vintage=source.vintage,
        sha256=hashlib.sha256(content).hexdigest(),
        local=local,
    )


def _public(whole: Table, as_of: date) -> Table:
    if as_of >= whole.origin.vintage:
        return whole
    column = whole.spec.period
    if column is None:
        return replace(whole, frame=whole.frame.clear())
    shown = {period for period in whole.frame[column].unique() if known_on(period, whole.spec) <= as_of}
    return replace(whole, frame=whole.frame.filter(pl.col(column).is_in(list(shown))))


def known_on(period: int | str | date, spec: TableSpec) -> date:
    """Return the day on which a row of `period` became public."""
    return period_end(str(period)) + timedelta(days=spec.lag_days)


def period_end(period: str) -> date:
    """Return the last day of an ISO year, month or day."""
    parts = [int(part) for part in period.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    return date(*parts)
