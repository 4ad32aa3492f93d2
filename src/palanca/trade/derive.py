"""The embedded tables of what measures do, solved beforehand so that no page waits for them.

They rest on the tables of the world economy that are on file, not on raw files, and take minutes; a
build that was stopped goes on where it was, from the results in the user's cache.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from functools import cache, partial
from pathlib import Path

import polars as pl

from palanca.catalogue import table
from palanca.catalogue.results import remember
from palanca.catalogue.snapshot import cutoff
from palanca.catalogue.sources import sources, tables
from palanca.trade import digest, effects, law
from palanca.trade.court import judged
from palanca.trade.measure import Measure, measure, measures
from palanca.trade.preferences import endings
from palanca.trade.states import OVER

SOURCE = "simulated_measures"
FILES = "measure_files"
UNSOLVED = (FILES, "measure_tariffs")  # made anew each time
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
    """Return the measures whose effects are kept, those made from data last.

    Kept are those that were not over when the world economy they are solved on was published, unless they
    are part of its tariffs already, and those that others have published estimates of.
    """
    known = sources()[SOURCE].vintage
    kept = [one for one in measures().values() if _lasts(one, known)]
    return [*kept, *endings(cutoff()).values()]


def _lasts(one: Measure, known: date) -> bool:
    state = one.state(known)
    old = one.status == "applied" and one.start.year <= law.BASE_YEAR
    return judged(one) or (state not in OVER and not old)


def solved(executor: Executor | None, told: Told) -> dict[str, pl.DataFrame]:
    """Return every table, with all lasting measures solved."""
    names = [one.name for one in lasting()]
    ground, number = digest.of_ground(), digest.choices().draws
    work = partial(one_measure, ground, number)
    results = executor.map(work, names) if executor else map(work, names)
    found: dict[str, list[dict[str, object]]] = {name: [] for name in tables() if _is_ours(name)}
    for name, content in zip(names, results, strict=True):
        told(name)
        for one, rows in json.loads(content).items():
            found[one] += [{"measure": name, "year": effects.YEAR, **row} for row in rows]
    found[FILES] = [_file(one, ground, number) for one in lasting()]
    return {name: _frame(name, rows) for name, rows in found.items()}


def one_measure(ground: str, number: int, name: str) -> bytes:
    """Return the rows of every table for one measure as JSON.

    What was solved before is found on file, where all that it follows from is as it was, or in the user's
    cache.

    Args:
        ground: hash of the tables they rest on.
        number: of draws.
        name: of the measure.
    """
    act = measure(name)
    base = law.base(act, cutoff())
    mark = digest.of_effects(act, base)
    found = _on_file(name, mark, ground, number)
    if found is None:
        arguments = {"measure": mark, "ground": ground, "draws": number}
        found = json.loads(remember("measure", arguments, partial(_solve, act, number, base)))
    return json.dumps({**found, "measure_tariffs": effects.tariffs(act)}).encode()


def _on_file(name: str, mark: str, ground: str, number: int) -> dict[str, effects.Rows] | None:
    """Return the rows on file of a measure, None where they follow from anything else."""
    if not table(FILES).rows(measure=name, digest=mark, ground=ground, draws=number).height:
        return None
    return {
        one: table(one).rows(measure=name).drop("measure", "year").to_dicts()
        for one in sorted(tables())
        if _is_ours(one) and one not in UNSOLVED
    }


def _solve(act: Measure, number: int, base: Sequence[Measure]) -> bytes:
    return json.dumps(effects.effects(act, number, base=base) | effects.judged(act, base)).encode()


def _file(act: Measure, ground: str, number: int) -> dict[str, object]:
    base = law.base(act, cutoff())
    return {
        "measure": act.name,
        "digest": digest.of_effects(act, base),
        "ground": ground,
        "draws": number,
        "status": act.status,
        "state": str(act.state(cutoff()) or ""),
        "start": act.start.isoformat(),
        "authority": act.authority,
        "clauses": len(act.clauses),
        "base": "law" if base else "year",
        "base_day": max(one.start for one in base).isoformat() if base else None,
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
