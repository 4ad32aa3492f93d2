"""Derive the snapshot from raw files, byte for byte the same each time."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from palanca.catalogue import checks
from palanca.catalogue.clean import DERIVATIONS, Derivation
from palanca.catalogue.files import write_all
from palanca.catalogue.sources import RawFile, Source, sources, tables
from palanca.errors import BadTable, InputError, MissingRaw


@dataclass(frozen=True, slots=True)
class Built:
    """One table that was derived."""

    table: str
    rows: int
    size: int


def build(
    raw: Path,
    out: Path,
    *,
    only: Iterable[str] = (),
    derivations: Mapping[str, Derivation] = DERIVATIONS,
    done: Callable[[Built], None] = lambda _: None,
) -> list[Built]:
    """Derive every table (or those of the sources in `only`) from `raw` and write them to `out`.

    Args:
        raw: folder of raw files.
        out: folder the tables go to.
        only: sources; none stands for all whose tables can be derived.
        derivations: how each table is derived; those of the layers above are passed by the caller.
        done: told each table as it is derived.

    Raises:
        InputError: no source of that name, or none of its tables has a derivation.
        MissingRaw: raw files are absent; all are listed and nothing is written.
        BadTable: a raw file is not what its reader expects.
    """
    only = list(only)
    wanted = _derivable(chosen(only), derivations, named=bool(only))
    _require(raw, wanted)
    names = sorted(table for source in wanted for table in source.tables)
    contents, built = {}, []
    for name, content, rows in _derive(raw, names, derivations):
        contents[f"{name}.parquet"] = content
        built.append(Built(name, rows, len(content)))
        done(built[-1])
    write_all(out, contents)
    return built


def chosen(only: Iterable[str]) -> list[Source]:
    """Return the sources named in `only`, or all of them."""
    wanted = list(only) or list(sources())
    lost = [name for name in wanted if name not in sources()]
    if lost:
        raise InputError(f"No source is called {', '.join(lost)}. Known: {', '.join(sources())}.")
    return [sources()[name] for name in wanted]


def with_used(wanted: Iterable[Source]) -> list[Source]:
    """Return the sources and those whose files they read, each once, by name."""
    needed = {name for source in wanted for name in (source.name, *source.uses)}
    return [source for name, source in sources().items() if name in needed]


def _derivable(wanted: list[Source], derivations: Mapping[str, Derivation], *, named: bool) -> list[Source]:
    lost = [source.name for source in wanted if not derivations.keys() >= source.tables.keys()]
    if lost and named:
        raise InputError(f"Tables of {', '.join(lost)} have no derivation here: pass that of its layer.")
    return [source for source in wanted if source.name not in lost]


def _require(raw: Path, wanted: Iterable[Source]) -> None:
    files = [file for source in with_used(wanted) for file in source.files]
    lost = [file.path for file in files if not file.is_in(raw)]
    if lost:
        raise MissingRaw(f"{raw} lacks {len(lost)} raw files; see `palanca data fetch --help`:", lost)
    other = [
        f"{file.path}, for {', '.join(source.tables)}"
        for source in wanted
        for file in source.files
        if _differs(raw / file.path, file)
    ]
    if other:
        raise BadTable(
            "These raw files are not those that the source descriptions name (SHA-256 differs):", other
        )


def _differs(path: Path, file: RawFile) -> bool:
    if not path.is_file() or file.sha256 is None:  # a better file stands in for it, or nothing to tell it by
        return False
    return path.stat().st_size != file.size or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256


def _derive(
    raw: Path, names: Iterable[str], derivations: Mapping[str, Derivation]
) -> Iterator[tuple[str, bytes, int]]:
    for name in names:
        try:
            frame = derivations[name](raw)
        except (pl.exceptions.PolarsError, KeyError, ValueError, OSError, BadTable) as error:
            raise BadTable(f"{name}: a raw file is not what its reader expects: {error}") from error
        frame = frame.select(list(tables()[name].tables[name].columns))
        checks.check(frame, tables()[name].tables[name], name)
        yield name, _parquet(frame), frame.height


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=19, statistics=False)
    return buffer.getvalue()
