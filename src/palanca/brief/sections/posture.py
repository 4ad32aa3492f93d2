"""Where a country stands towards the other: votes, alignment, coherence, presence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist

import polars as pl

from palanca.brief import language as words
from palanca.brief import posture_figures as charts
from palanca.brief.claims import Filling, Item, templates
from palanca.brief.sections.case import Case, Section
from palanca.catalogue import Evidence, Figure, Standing, Text, Unknown, country
from palanca.catalogue.figure import Key, merge, standing
from palanca.catalogue.text import LANGUAGES
from palanca.posture import agreement, alignment, coherence
from palanca.posture.adversaries import AGREED, LISTED, on_adversaries
from palanca.posture.alignment import Point
from palanca.posture.coherence import Leaning, Shift
from palanca.posture.gap import Gap, gap
from palanca.posture.given import given
from palanca.posture.notes import silence
from palanca.posture.peers import Peers, peers
from palanca.posture.presence import Count, presence
from palanca.posture.regimes import Regime, regime
from palanca.posture.states import state

Keys = dict[str, Key | tuple[Key, ...]]
HERE = "posture"
PERCENT = 100.0
RIGHTS = "hr"
PAIRS, POINTS, MOVED, ISSUES = "vote_agreement", "ideal_points", "vote_movement", "vote_issues"
CELLS = ("observed", "both_held", "first_held", "second_held")  # of the table of movement
MEMBERS, TIES, EMBASSIES = "memberships", "trade_agreements", "embassies"


def posture(case: Case) -> Section:
    """Return where the country stands: votes with the partner and others, coherence, presence."""
    silent = [silence(case.tables, state(one.iso3)) for one in (case.a, case.b)]
    told = [text for text in silent if text]
    why = Unknown(told[0]) if told else None
    found = gap(case.tables, case.a.iso3, case.b.iso3) if why is None else why
    chosen = peers(case.tables, case.a.iso3)
    items = (
        *_agreed(case, chosen, why),
        _turned(case, why),
        _apart(case, why),
        _beside(case, found),
        _leaning(case),
        *_opposed(case, why),
        _moved(case),
        _present(case, chosen),
    )
    drawn = tuple(charts.posture(case, found))
    return Section("posture", items, drawn, (*told, templates()["note-posture"]))


def figure(case: Case, table: str, method: str, proof: Sequence[Evidence], period: str = "") -> Figure:
    """Return a blank figure that rests on rows of a table, to be filled in."""
    return Figure("", 0.0, "count", period, table, tuple(proof), f"{HERE}.{method}")


def blank(why: Unknown, table: str, *names: str) -> dict[str, Filling]:
    """Return the fillings that drop a sentence, with the reason."""
    return {name: Figure(name, why, "percent", "", table, (), HERE) for name in names}


def _first(why: Unknown | None, lost: Unknown) -> Unknown:
    return lost if why is None else why


def filled(like: Figure, values: Mapping[str, tuple[float, str]]) -> dict[str, Filling]:
    """Return figures on the rows of another, by name, each with its value and unit."""
    return {name: replace(like, name=name, value=float(v), unit=unit) for name, (v, unit) in values.items()}


def both_orders(case: Case, table: str, column: str, one: Keys, other: Keys) -> tuple[Evidence, ...]:
    """Return the rows of pairs that stand in either order, pointed at once for each that is there."""
    held = case.tables[table]
    return tuple(held.evidence(column, keys) for keys in (one, other) if held.rows(**keys).height)


def _years(case: Case, table: str, column: str, years: tuple[Key, ...]) -> Evidence:
    two = (case.a.iso3, case.b.iso3)
    return case.tables[table].evidence(column, {"first": two, "second": two, "year": years})


def _agreed(case: Case, chosen: Peers, why: Unknown | None) -> Iterator[Item]:
    """Yield how often the two voted alike in the last whole year, beside own past and peers."""
    held = agreement.by_year(case.tables, case.a.iso3, case.b.iso3)
    whole = [year for year in held if not year.partial]
    if why is not None or not whole:
        lost = case.tables[PAIRS].missing(first=case.a.iso3, second=case.b.iso3)
        yield case.tell("posture-votes", blank(_first(why, lost), PAIRS, "whole"))
        return
    last, partner = whole[-1], case.b.iso3
    others = agreement.with_partner(case.tables, partner, last.year)
    near = [code for code in chosen.codes if code in others and code != partner]
    proof = (
        _years(case, PAIRS, "same", tuple(year.year for year in whole)),
        *both_orders(case, PAIRS, "same", {"first": partner, "second": tuple(near), "year": last.year},
                     {"second": partner, "first": tuple(near), "year": last.year}),
        *_sizes(case, chosen),
    )  # fmt: skip
    like = figure(case, PAIRS, "agreement.by_year", proof, str(last.year))
    share = PERCENT * last.agreement.strict
    parts = filled(like, {"votes": (last.agreement.votes, "count")})
    alike = replace(
        like,
        name="whole",
        value=share,
        unit="percent",
        among=standing(share, [PERCENT * others[code].strict for code in near]),
        past=standing(share, [PERCENT * year.agreement.strict for year in whole[:-1]]),
    )
    since = replace(like, name="since", period=str(whole[0].year))
    parts["size"] = replace(like, name="size", period=str(chosen.year))
    key = "posture-votes" if near else "posture-votes-bare"
    yield case.tell(key, {"whole": alike, "since": since, **parts})
    yield from _agreed_before(case, whole)


def _agreed_before(case: Case, whole: Sequence[agreement.Year]) -> Iterator[Item]:
    """Yield how often the two voted alike some years before, where they did vote then."""
    year = whole[-1].year - given().coherence.apart
    for then in (one for one in whole if one.year == year):
        proof = [_years(case, PAIRS, column, (year,)) for column in ("same", "votes")]
        like = figure(case, PAIRS, "agreement.by_year", proof, str(year))
        share = (PERCENT * then.agreement.strict, "percent")
        values = {"then": share, "votes": (then.agreement.votes, "count")}
        yield case.tell("posture-votes-before", filled(like, values))


def _sizes(case: Case, chosen: Peers) -> tuple[Evidence, ...]:
    """Return the rows of GDP by which peers are chosen."""
    codes = (*chosen.codes, chosen.country)
    keys: Keys = {"country": codes, "year": chosen.year}
    return (case.tables["gdp"].evidence("gdp_usd", keys),) if chosen.codes else ()


def _turned(case: Case, why: Unknown | None) -> Item:
    """Say whose votes made the agreement of the last whole year what it is."""
    turns = [one for one in agreement.turns(case.tables, case.a.iso3, case.b.iso3) if not one.partial]
    if why is not None or not turns:
        lost = case.tables[MOVED].missing(first=case.a.iso3, second=case.b.iso3)
        return case.tell("posture-movement", blank(_first(why, lost), MOVED, "difference"), kind="estimate")
    turn, moved = turns[-1], turns[-1].movement
    proof = [_years(case, MOVED, f"{name}_half_pct", (turn.year,)) for name in CELLS]
    like = figure(case, MOVED, "votes.movement", proof, str(turn.year))
    values = {
        "votes": (moved.votes, "count"),
        "now": (PERCENT * moved.observed, "percent_whole"),
        "held": (PERCENT * moved.both_held, "percent_whole"),
        "difference": (PERCENT * (moved.observed - moved.both_held), "percentage_points"),
        "own": (PERCENT * moved.by_first, "percentage_points"),
        "other": (PERCENT * moved.by_second, "percentage_points"),
        "window": (given().movement.years, "years"),
    }
    return case.tell("posture-movement", filled(like, values), kind="estimate")


def _apart(case: Case, why: Unknown | None) -> Item:
    """Say how far apart the two stand on the main dimension."""
    last = agreement.last_whole_year(case.tables)
    held = case.tables[POINTS].rows(year=last)
    ends = [
        one for c in (case.a, case.b) for one in alignment.points(case.tables, c.iso3) if one.year == last
    ]
    if why is not None or len(ends) < len((case.a, case.b)):
        lost = case.tables[POINTS].missing(country=case.a.iso3, year=last)
        blanks = blank(_first(why, lost), POINTS, "distance", "nearer_low", "nearer_high")
        return case.tell("posture-points", blanks, kind="estimate")
    apart, low, high = distance(*ends)
    place = dict(held.select("country", "point").iter_rows())
    theirs = place.pop(case.b.iso3)
    others = [abs(point - theirs) for code, point in place.items() if code != case.a.iso3]
    two = (case.a.iso3, case.b.iso3)
    columns = ("point", "lower", "upper")
    proof = [case.tables[POINTS].evidence(name, {"country": two, "year": last}) for name in columns]
    like = figure(case, POINTS, "alignment.points", proof, str(last))
    level = (PERCENT * given().ideal_points.interval, "percent_whole")
    parts = filled(like, {"low": (low, "index"), "high": (high, "index"), "level": level})
    here = replace(like, name="distance", value=apart, unit="index", among=standing(apart, others))
    told = {**parts, **_nearer(here, ends, others)}
    told |= {f"distance{end}": parts[name] for end, name in (("_low", "low"), ("_high", "high"))}
    return case.tell("posture-points", told, kind="estimate")


def _nearer(here: Figure, ends: Sequence[Point], others: Sequence[float]) -> dict[str, Filling]:
    """Return the distance, and how many others stand nearer at both ends of the country's interval.

    The error of the partner's point moves all distances alike; only the country's own moves its place.
    """
    own, theirs = ends
    across = own.lower <= theirs.point <= own.upper
    reach = [abs(end - theirs.point) for end in (own.lower, own.upper)]
    places = [standing(end, others) for end in (0.0 if across else min(reach), max(reach))]
    low, high = (replace(here, value=one.below if one else 0.0, unit="count") for one in places)
    named = {"distance": here, "nearer_low": low, "nearer_high": high}
    return {name: replace(figure, name=name) for name, figure in named.items()}


def distance(one: Point, other: Point) -> tuple[float, float, float]:
    """Return how far apart two points are, and the interval, each point's error taken as its own."""
    width = NormalDist().inv_cdf(0.5 + given().ideal_points.interval / 2)
    errors = [(point.upper - point.lower) / (2 * width) for point in (one, other)]
    reach = width * (errors[0] ** 2 + errors[1] ** 2) ** 0.5
    apart = abs(one.point - other.point)
    return apart, max(apart - reach, 0.0), apart + reach


def _beside(case: Case, found: Gap | Unknown) -> Item:
    """Say where exposure would put the votes, where they are, and how little or much it explains."""
    if isinstance(found, Unknown):
        return case.tell("posture-gap", blank(found, PAIRS, "explained"), kind="estimate")
    partner = case.b.iso3
    votes = both_orders(case, PAIRS, "same", {"first": partner, "year": found.vote_year},
                        {"second": partner, "year": found.vote_year})  # fmt: skip
    totals = case.tables["trade_totals"]
    trade = tuple(totals.evidence("trade_usd", {end: case.a.iso3}) for end in ("exporter", "importer"))
    at = found.countries.index(found.country)
    like = figure(case, PAIRS, "gap.gap", (*votes, *trade), str(found.vote_year))
    low, high = (PERCENT * end for end in found.residual_interval)
    values = {
        "n": (len(found.countries), "count"),
        "predicted": (PERCENT * found.predicted, "percent"),
        "observed": (PERCENT * found.agreement[at], "percent"),
        "residual": (PERCENT * found.residual, "percentage_points"),
        "low": (low, "level"),
        "high": (high, "level"),
        "level": (PERCENT * given().exposure_gap.interval, "percent_whole"),
        "explained": (PERCENT * found.line.explained, "percent"),
    }
    parts = filled(like, values)
    parts |= {f"residual{end}": parts[name] for end, name in (("_low", "low"), ("_high", "high"))}
    share = replace(
        figure(case, "trade_totals", "gap.gap", (*trade, *votes), str(found.trade_year)),
        name="share",
        value=float(found.exposure[at]),
        unit="percent",
    )
    key = "posture-gap-none" if low <= 0 <= high else "posture-gap"
    return case.tell(key, {**parts, "share": share}, kind="estimate", extra=("residual", "level"))


def _leaning(case: Case) -> Item:
    """Say whether the country votes with democracies where democracy is voted on."""
    found = coherence.leaning(case.tables, case.a.iso3, RIGHTS)
    if isinstance(found, Unknown):
        return case.tell("posture-leaning", blank(found, ISSUES, "near"), kind="estimate")
    own, years = case.a.iso3, tuple(range(found.first, found.last + 1))
    ends: list[Evidence] = []
    for table, keys in ((ISSUES, {"issue": RIGHTS}), (PAIRS, {})):
        seen: list[Keys] = [{end: own, "year": years, **keys} for end in ("first", "second")]
        ends += both_orders(case, table, "same", *seen)
    kinds = case.tables["regimes"].evidence("value", {"measure": "regime_class"})
    like = figure(case, ISSUES, "coherence.leaning", (*ends, kinds), str(found.last))
    return case.tell("posture-leaning", _leaned(like, found), kind="estimate")


def _leaned(like: Figure, found: Leaning) -> dict[str, Filling]:
    (near, far), (near_all, far_all) = found.on_issue, found.on_all
    shares = {"near": near, "far": far, "nearall": near_all, "farall": far_all}
    parts = filled(like, {name: (PERCENT * value, "percent_whole") for name, value in shares.items()})
    lean = replace(
        like, name="lean", value=PERCENT * (near - far), unit="percentage_points", among=found.among
    )
    since = replace(like, name="since", period=str(found.first))
    return {**parts, "lean": lean, "since": since}


def _opposed(case: Case, why: Unknown | None) -> Iterator[Item]:
    """Yield how the country votes with the partner on states that oppose the partner, unless it is one."""
    a, b = case.a.iso3, case.b.iso3
    found = on_adversaries(case.tables, a, b) if why is None else why
    if isinstance(found, Unknown):
        yield case.tell("posture-adversaries", blank(found, AGREED, "close"), kind="estimate")
        return
    if a in found.adversaries:
        return
    years = tuple(range(found.first, found.last + 1))
    table = case.tables[AGREED]
    proof = (
        *(table.evidence(name, {"country": a, "partner": b}) for name in ("votes", "same", "halfway")),
        case.tables[LISTED].evidence("opposed", {"partner": b, "adversary": found.adversaries}),
        _years(case, PAIRS, "same", years),
    )
    like = figure(case, AGREED, "adversaries.on_adversaries", proof, str(found.last))
    graded = (pl.col("same") + pl.col("halfway") / 2) / pl.col("votes")
    others = table.rows(partner=b).filter(pl.col("country") != a).select(graded).to_series()
    close = found.agreement.graded
    parts = filled(
        like,
        {
            "items": (found.agreement.votes, "count"),
            "all": (PERCENT * found.everything.graded, "percent_whole"),
        },
    )
    here = replace(
        like, name="close", value=PERCENT * close, unit="percent_whole", among=standing(close, others)
    )
    since = replace(like, name="since", period=str(found.first))
    told = {**parts, "close": here, "since": since, "names": listed(found.adversaries)}
    yield case.tell("posture-adversaries", told, kind="estimate")


def listed(codes: Sequence[str]) -> Text:
    """Return names of countries as a list in words."""
    known = [country(code) for code in codes]
    told = {lang: words.series([words.name(one, "the", lang) for one in known], lang) for lang in LANGUAGES}
    return Text.model_validate(told)


def _moved(case: Case) -> Item:
    """Say what regimes the states have that the country's own votes came nearer to."""
    found = coherence.shifts(case.tables, case.a.iso3)
    if isinstance(found, Unknown):
        return case.tell("posture-moved", blank(found, MOVED, "n"), kind="estimate")
    first, last = coherence.window(case.tables)
    own, codes, rule = case.a.iso3, tuple(one.state for one in found), given()
    years = tuple(range(first, last + 1))
    seen = [both_orders(case, MOVED, f"{name}_half_pct", {"first": own, "year": years},
                        {"second": own, "year": years}) for name in CELLS]  # fmt: skip
    kinds = [case.tables["regimes"].evidence("value", {"country": (*codes, own)})] if codes else []
    like = figure(case, MOVED, "coherence.shifts", [*merge(seen), *kinds], str(last))
    since = replace(like, name="since", period=str(first))
    values = {
        "least": (PERCENT * rule.coherence.least_move, "percentage_points"),
        "window": (rule.movement.years, "years"),
        **{name: (count, "count") for name, count in _kinds(found).items()},
    }
    parts = {**filled(like, values), "since": since}
    if not found:
        return case.tell("posture-unmoved", parts, kind="estimate")
    itself = templates()[f"posture-regime-{_kind(regime(case.tables, own))}"]
    parts |= filled(like, {"own": (PERCENT * found[0].own, "percentage_points")})
    named: dict[str, Filling] = {"state": country(found[0].state), "itself": itself}
    apart = ("autocracy", "disputed", "unmeasured")
    return case.tell("posture-moved", {**parts, **named}, kind="estimate", extra=apart)


def _kind(one: Regime) -> str:
    if not one.measures:
        return "unmeasured"
    return "disputed" if one.disputed else "democracy" if one.measures[0].democracy else "autocracy"


def _kinds(found: Sequence[Shift]) -> dict[str, int]:
    kinds = [_kind(one.regime) for one in found]
    names = ("democracy", "autocracy", "disputed", "unmeasured")
    return {"n": len(found), **{name: kinds.count(name) for name in names}}


def _present(case: Case, chosen: Peers) -> Item:
    """Say how far the presence of the country reaches, each count beside its peers."""
    counts = {one.name: one for one in presence(case.tables, case.a.iso3, case.b.iso3).counts}
    told = {
        "sent": _count(case, counts["embassies_abroad"], chosen, {"country": case.a.iso3}),
        "joined": _count(case, counts["memberships"], chosen, {"country": case.a.iso3}),
        "signed": _count(case, counts["trade_agreements"], chosen, {"country": case.a.iso3}),
        "shared": _count(case, counts["memberships_shared_with_partner"], chosen, {}),
        "treaties": _count(case, counts["trade_agreements_with_partner"], chosen, {}),
    }
    key = "posture-presence" if chosen.codes else "posture-presence-bare"
    return case.tell(key, told)


def _count(case: Case, one: Count, chosen: Peers, keys: Keys) -> Figure:
    """Return a count of presence as a figure; rows of pairs are pointed at in both orders."""
    table, own, both = case.tables[one.table], case.a.iso3, (case.a.iso3, case.b.iso3)
    seen: tuple[Evidence, ...]
    if one.table == TIES:
        seen = both_orders(case, TIES, "agreements", {"first": own}, {"second": own})
    else:
        seen = (table.evidence("country", {"country": both if not keys else own}),)
    among: Standing | None = one.among
    proof = merge([seen, _sizes(case, chosen)])
    return Figure(one.name, _value(one), "count", one.vintage, one.table, proof, "posture.presence", among)


def _value(one: Count) -> float | Unknown:
    return one.value if isinstance(one.value, Unknown) else float(one.value)
