"""The embedded tables of what measures do, solved beforehand so that no page waits for them.

They rest on the tables of the world economy that are on file, not on raw files, and take minutes; a
build that was stopped goes on where it was, from the results in the user's cache.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from functools import cache, partial
from pathlib import Path

import polars as pl

from palanca.catalogue.results import remember
from palanca.catalogue.sources import sources, tables
from palanca.trade import digest, effects
from palanca.trade.measure import Measure, measures

SOURCE = "simulated_measures"
FILES = "measure_files"
WORDS = ("code", "text", "iso3", "date")

Told = Callable[[str], None]


def derivations(
    *, executor: Executor | None = None, told: Told = lambda _: None
) -> Mapping[str, Callable[[Path], pl.DataFrame]]:
    """Return how each table of the effects of measures is derived; all share one run of the solver.

    Args:
        executor: of `concurrent.futures` or of its interface; this thread, if not given.
        told: the name of each measure as it is solved.
    """
    made = cache(partial(solved, executor, told))
    return {name: partial(_table, made, name) for name in sorted(tables()) if _is_ours(name)}


def _is_ours(name: str) -> bool:
    return tables()[name].name == SOURCE


def _table(made: Callable[[], dict[str, pl.DataFrame]], name: str, _raw: Path) -> pl.DataFrame:
    return made()[name]


def lasting() -> list[Measure]:
    """Return the measures that were not over when the world economy they are solved on was published."""
    known = sources()[SOURCE].vintage
    return [one for one in measures().values() if one.end is None or one.end >= known]


def solved(executor: Executor | None, told: Told) -> dict[str, pl.DataFrame]:
    """Return every table, with all lasting measures solved."""
    names = [one.name for one in lasting()]
    ground, number = digest.of_ground(), digest.choices().draws
    work = partial(one_measure, ground, number)
    results = executor.map(work, names) if executor else map(work, names)
    found: dict[str, list[dict[str, object]]] = {name: [] for name in tables() if _is_ours(name)}
    for name, content in zip(names, results, strict=True):
        told(name)
        for table, rows in json.loads(content).items():
            found[table] += [{"measure": name, "year": effects.YEAR, **row} for row in rows]
    found[FILES] = list(_files(lasting(), ground))
    return {name: _frame(name, rows) for name, rows in found.items()}


def one_measure(ground: str, number: int, name: str) -> bytes:
    """Return the rows of every table for one measure as JSON, from the user's cache if they are there.

    Args:
        ground: hash of the tables they rest on.
        number: of draws.
        name: of the measure.
    """
    act = measures()[name]
    arguments = {"measure": digest.of_measure(act), "ground": ground, "draws": number}
    make = partial(_solve, act, number)
    return remember("measure", arguments, make)


def _solve(act: Measure, number: int) -> bytes:
    return json.dumps(effects.effects(act, number) | effects.judged(act)).encode()


def _files(acts: Iterable[Measure], ground: str) -> Iterator[dict[str, object]]:
    for act in acts:
        yield {
            "measure": act.name,
            "digest": digest.of_measure(act),
            "ground": ground,
            "status": act.status,
            "start": act.start.isoformat(),
            "authority": act.authority,
            "clauses": len(act.clauses),
        }


def _frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows in the order of their keys, words as text and all other columns as numbers."""
    spec = tables()[name].tables[name]
    whole = {"year", "draws", "runs", "clauses"}
    schema = {
        column: pl.String if about.unit in WORDS else pl.Int32 if column in whole else pl.Float64
        for column, about in spec.columns.items()
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort(spec.keys)
