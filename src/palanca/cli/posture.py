"""The command on where two states stand."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from palanca.cli.console import AsJson, AsOf, catalogue, out, print_json, steps, two_names

First = Annotated[
    str | None,
    typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish; former states too."),
]
Second = Annotated[str | None, typer.Argument(metavar="PARTNER", help="The state it is set beside.")]
YEARS_SHOWN = 12
ISSUE_YEARS_SHOWN = 8


def posture(
    country: First = None,
    partner: Second = None,
    as_of: AsOf = None,
    ideal_points: Annotated[
        bool, typer.Option("--ideal-points", help="Only ideal points: of the pair, or of all states.")
    ] = False,
    weight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CRITERION=NUMBER",
            help="Move one weight of the alternatives, for instance distance=0; repeat for several.",
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Also write charts (SVG) to this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print where a country stands towards a partner: votes, alignment, presence, coherence, alternatives.

    Votes are those recorded in the UN General Assembly. What the data cannot say of a pair is said in a
    sentence, as for states that are no members.
    """
    tables = catalogue(as_of, "vote_agreement", "ideal_points")
    if ideal_points:
        _points(tables, [name for name in (country, partner) if name is not None], as_json=as_json)
        return
    _posture(
        two_names(country, partner, "posture"), (tables, _weights(weight or [])), folder, as_json=as_json
    )


def _weights(given: list[str]) -> dict[str, float]:
    from palanca.errors import InputError

    found, faults = {}, []
    for entry in given:
        name, _, number = entry.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            faults.append(f"{entry} is not CRITERION=NUMBER")
    if faults:
        raise InputError("These weights cannot be read:", faults)
    return found


def _points(tables: Any, names: list[str], *, as_json: bool) -> None:
    from palanca.posture.alignment import points, record
    from palanca.posture.states import state

    codes: list[str | None] = [state(name).code for name in names] or [None]
    found = [one for code in codes for one in points(tables, code)]
    if as_json:
        print_json([record(one) for one in found])
        return
    table = Table(title="Ideal points, with intervals of nine tenths", title_justify="left")
    for head in ("country", "year", "point", "lower", "upper"):
        table.add_column(head, justify="left" if head == "country" else "right")
    for one in found:
        numbers = (f"{value:.2f}" for value in (one.point, one.lower, one.upper))
        table.add_row(one.country, str(one.year), *numbers)
    out.print(table)


def _posture(pair: tuple[str, str], given: tuple[Any, Any], folder: Path | None, *, as_json: bool) -> None:
    from palanca.catalogue.files import require_writable, write_all
    from palanca.posture import posture as measure
    from palanca.posture.charts import files
    from palanca.posture.records import record

    tables, weights = given
    if folder:
        require_writable(folder)
    with steps(3) as step:
        step("reading votes")
        found = measure(*pair, catalogue=tables, weights=weights)
        if folder:
            step("drawing")
            write_all(folder, files(found))
    if as_json:
        print_json(record(found))
        return
    for note in found.notes:
        out.print(note.en, highlight=False)
    tables_of = (
        *(_votes, _issues, _turns, _gap, _closeness, _on_adversaries, _shifts, _presence, _record),
        _alternatives,
    )
    for table in filter(None, (make(found) for make in tables_of)):
        out.print(table)


def _table(title: str, words: int, *heads: str) -> Table:
    """Return an empty table whose first `words` columns hold words and the rest numbers."""
    table = Table(title=title, title_justify="left")
    for at, head in enumerate(heads):
        table.add_column(head, justify="left" if at < words else "right")
    return table


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.1f} %"


def _votes(found: Any) -> Table | None:
    if not found.years:
        return None
    names = f"{found.country.name.en} and {found.partner.name.en}"
    table = _table(f"Votes of {names} in the General Assembly", 0, "year", "votes", "identical", "graded")
    for year in found.years[-YEARS_SHOWN:]:
        mark = "*" if year.partial else ""
        held = year.agreement
        table.add_row(f"{year.year}{mark}", str(held.votes), _percent(held.strict), _percent(held.graded))
    table.caption = "* partial" if any(year.partial for year in found.years) else None
    return table


def _issues(found: Any) -> Table | None:
    from palanca.posture.agreement import issue_name

    if not found.issues:
        return None
    years = sorted({one.year for one in found.issues})[-ISSUE_YEARS_SHOWN:]
    cells = {(one.issue, one.year): one for one in found.issues}
    table = _table("Graded agreement by issue (votes)", 1, "issue", *map(str, years))
    for issue in dict.fromkeys(one.issue for one in found.issues):
        row = [cells.get((issue, year)) for year in years]
        table.add_row(
            issue_name(issue).en,
            *(f"{_percent(one.agreement.graded)} ({one.agreement.votes})" if one else "-" for one in row),
        )
    return table


def _turns(found: Any) -> Table | None:
    if not found.turns:
        return None
    one, other = found.country.code, found.partner.code
    heads = (
        "identical",
        "neither moved",
        f"only {other} moved",
        f"only {one} moved",
        f"by {one}",
        f"by {other}",
    )
    table = _table("Whose votes made the agreement what it is", 0, "year", "votes", *heads)
    for turn in found.turns:
        moved = turn.movement
        shares = (moved.observed, moved.both_held, moved.first_held, moved.second_held)
        effects = (f"{100 * effect:+.1f} pp" for effect in (moved.by_first, moved.by_second))
        mark = "*" if turn.partial else ""
        table.add_row(f"{turn.year}{mark}", str(moved.votes), *map(_percent, shares), *effects)
    table.caption = (
        "A state that does not move votes as it did on comparable resolutions of five years before"
    )
    return table


def _gap(found: Any) -> Table:
    from palanca.catalogue import Unknown

    table = _table("Votes beside what exposure would predict", 1, "figure", "value")
    if isinstance(found.gap, Unknown):
        table.add_row(found.gap.reason.en, "unknown")
        return table
    gap, line = found.gap, found.gap.line
    at = gap.countries.index(gap.country)
    table.add_row(
        f"countries in the fit ({gap.vote_year} votes, {gap.trade_year} trade)", str(len(gap.countries))
    )
    table.add_row("share of goods trade with the partner", f"{gap.exposure[at]:.1f} %")
    table.add_row("graded agreement observed", _percent(gap.agreement[at]))
    table.add_row("predicted by exposure", _percent(gap.predicted))
    low, high = (f"{100 * end:+.1f}" for end in gap.residual_interval)
    table.add_row("residual", f"{100 * gap.residual:+.1f} pp ({low} to {high})")
    low, high = (f"{end:.3f}" for end in line.slope_interval)
    table.add_row("slope by log share", f"{line.slope:.3f} ({low} to {high})")
    table.add_row("variance explained", _percent(line.explained))
    return table


def _closeness(found: Any) -> Table | None:
    if not found.closeness:
        return None
    issues = list(dict.fromkeys(one.issue for one in found.closeness))
    cells = {(one.group, one.issue): one for one in found.closeness}
    table = _table(f"Graded agreement of {found.country.name.en} with groups", 1, "group", *issues)
    for group in dict.fromkeys(one.group for one in found.closeness):
        row = (cells.get((group, issue)) for issue in issues)
        table.add_row(group, *(_percent(one.graded) if one else "-" for one in row))
    return table


def _on_adversaries(found: Any) -> Table:
    from palanca.catalogue import Unknown

    held = found.on_adversaries
    table = _table(f"Votes with {found.partner.name.en} on states that oppose it", 1, "figure", "value")
    if isinstance(held, Unknown):
        table.add_row(held.reason.en, "unknown")
        return table
    table.add_row("named by a title and opposed, by the rule on file", ", ".join(held.adversaries))
    table.add_row(f"resolutions of {held.first} to {held.last} voted on by both", str(held.agreement.votes))
    table.add_row("graded agreement on these", _percent(held.agreement.graded))
    table.add_row("on all resolutions of those years", _percent(held.everything.graded))
    return table


def _record(found: Any) -> Table | None:
    rows = sorted((one for held in found.record.values() for one in held), key=lambda one: one.date)
    if not rows:
        return None
    table = _table(
        "Summits and means on the ledger, the last acts", 5, "date", "state", "what", "act", "sure"
    )
    for one in rows[-YEARS_SHOWN:]:
        table.add_row(one.date, one.country, one.what, one.title, one.confidence)
    table.caption = f"{len(rows)} acts on file, all in --json; a record of what was coded, no trend"
    return table


def _shifts(found: Any) -> Table | None:
    from palanca.catalogue import Unknown
    from palanca.posture.given import given

    if isinstance(found.shifts, Unknown) or not found.shifts:
        return None
    heads = ("state", "regime measures", "by its own votes", "by theirs")
    table = _table(f"Whom the votes of {found.country.name.en} came nearer to", 2, *heads)
    for one in found.shifts[: given().coherence.shown]:
        moved = (f"{100 * part:+.1f} pp" for part in (one.own, one.theirs))
        table.add_row(one.state, _kind(one.regime), *moved)
    return table


def _kind(regime: Any) -> str:
    if regime.disputed or not regime.measures:
        return "disputed" if regime.measures else "unknown"
    return "democracy" if regime.measures[0].democracy else "no democracy"


def _presence(found: Any) -> Table:
    from palanca.catalogue import Unknown

    heads = ("count", "state", "of", "value", "peers below")
    table = _table("Presence, each count of one day and no trend", 3, *heads)
    for code, held in found.presence.items():
        for one in held.counts:
            value = "unknown" if isinstance(one.value, Unknown) else str(one.value)
            below = f"{one.among.percentile:.0f} %" if one.among else ""
            table.add_row(one.name, code, one.vintage, value, below)
    table.caption = f"Peers of each: {next(iter(found.presence.values())).peers.rule}"
    return table


def _alternatives(found: Any) -> Table | None:
    if not found.alternatives:
        return None
    names = list(found.alternatives[0].values)
    table = _table(
        "Candidates for alternatives", 2, "rank", "country", "score", "rank, other weights", *names
    )
    for one in found.alternatives:
        values = ("-" if value is None else f"{value:,.2f}" for value in one.values.values())
        table.add_row(
            str(one.rank), one.country, f"{one.score:.0f}", f"{one.rank_low} to {one.rank_high}", *values
        )
    return table
