"""Test of statements on which share of votes two states agree, by every way to count agreement."""

from dataclasses import replace
from datetime import date

from palanca.brief.check.matter import Arguments, Matter, Reading
from palanca.brief.check.statement import Statement
from palanca.catalogue import Unknown
from palanca.posture import agreement

TABLE, PERCENT = "vote_agreement", 100.0


def votes_share(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of votes on which it agrees with the partner, percent: half agreement counted, and not.

    It is of the last whole year, or of the years of the period told. The votes of a year are all
    that were cast, so that the share has no interval.
    """
    table, last = matter.tables[TABLE], agreement.last_whole_year(matter.tables)
    held = [
        one
        for one in agreement.by_year(matter.tables, matter.country, matter.partner)
        if (one.year == last if said.period is None else said.period.holds(date(one.year, 7, 1)))
    ]
    if not held:
        return table.missing(first=matter.country, second=matter.partner)
    votes = sum(one.agreement.votes for one in held)
    same = PERCENT * sum(one.agreement.same for one in held) / votes
    graded = same + PERCENT * sum(one.agreement.halfway for one in held) / 2 / votes
    years = tuple(one.year for one in held)
    values: dict[str, float | str] = {"agreement_pct": graded, "identical_pct": same, "votes": votes}
    values["year"] = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    first, second = sorted((matter.country, matter.partner))
    proof = (table.evidence("same", {"first": first, "second": second, "year": years}),)
    read = Reading(graded, same, graded, values, proof, ways=((graded, graded), (same, same)))
    if said.amount is None:
        return read
    told = said.amount
    return replace(read, threshold=told.value, within=told.within, loose=told.loose, relation=told.relation)
