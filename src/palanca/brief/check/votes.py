"""Test of statements on which share of votes two states agree, by every way to count agreement."""

from dataclasses import replace
from datetime import date

from palanca.brief.check.amounts import limits
from palanca.brief.check.matter import Arguments, Matter, Reading
from palanca.brief.check.statement import Statement
from palanca.catalogue import Unknown
from palanca.catalogue.unknown import unknown
from palanca.posture import agreement

TABLE, PERCENT = "vote_agreement", 100.0


def votes_share(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Share of votes on which the two agree, or differ, percent: half agreement counted, and not.

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
    if "apart" in arguments:
        graded, same = PERCENT - graded, PERCENT - same
    ends = sorted((graded, same))
    read = Reading(graded, ends[0], ends[1], values, proof, ways=((graded, graded), (same, same)))
    if said.amount is None:
        return read
    told = said.amount
    return replace(read, threshold=told.value, within=told.within, loose=told.loose, relation=told.relation)


def votes_change(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Agreement with the partner in the last year of the period told, less that in the first, points.

    A single year is set beside the last whole one where the statement compares with it, and beside the one
    before it otherwise.
    """
    held = {
        one.year: PERCENT * (one.agreement.same + one.agreement.halfway / 2) / one.agreement.votes
        for one in agreement.by_year(matter.tables, matter.country, matter.partner)
        if not one.partial and one.agreement.votes
    }
    told = [year for year in held if said.period and said.period.holds(date(year, 7, 1))]
    if said.period is None or not told:
        return unknown("it does not say since when", "no dice desde cuándo")
    first, last = told[0], told[-1]
    if first == last:
        first, last = (first, max(held)) if "than" in arguments else (first - 1, last)
    if first == last or first not in held:
        return unknown("votes of one year alone are on file", "solo constan los votos de un año")
    gap = held[last] - held[first]
    values: dict[str, float | str] = {"opening_agreement_pct": held[first], "from": str(first)}
    values |= {"agreement_pct": held[last], "to": str(last)}
    one, other = sorted((matter.country, matter.partner))
    proof = matter.tables[TABLE].evidence("same", {"first": one, "second": other, "year": (first, last)})
    return Reading(gap, gap, gap, values, (proof,), within=limits().same_rate)


def votes_rank(matter: Matter, arguments: Arguments, _: Statement) -> Reading | Unknown:
    """States that agree with the partner less often than the country, last whole year, percent of the others.

    Those that agree more often, where the statement looks from above.
    """
    last = agreement.last_whole_year(matter.tables)
    found = agreement.with_partner(matter.tables, matter.partner, last)
    graded = {state: (one.same + one.halfway / 2) / one.votes for state, one in found.items() if one.votes}
    own = graded.pop(matter.country, None)
    if own is None or not graded:
        return matter.tables[TABLE].missing(first=matter.country, second=matter.partner)
    below, above = (sum(sign * (own - one) > 0 for one in graded.values()) for sign in (1, -1))
    share = PERCENT * (above if "above" in arguments else below) / len(graded)
    values: dict[str, float | str] = {"agreement_pct": PERCENT * own, "agree_less": below}
    values |= {"agree_more": above, "year": str(last)}
    proof = matter.tables[TABLE].evidence("same", {"year": last})
    return Reading(share, share, share, values, (proof,))
