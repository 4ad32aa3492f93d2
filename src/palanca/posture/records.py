"""A posture as plain records, for JSON."""

from dataclasses import asdict
from typing import Any

from palanca.catalogue import Standing, Unknown
from palanca.posture.adversaries import OnAdversaries
from palanca.posture.agreement import Turn, Year
from palanca.posture.alignment import record as point_record
from palanca.posture.alternatives import Candidate
from palanca.posture.coherence import Closeness, Shift
from palanca.posture.gap import Gap
from palanca.posture.pair import Posture
from palanca.posture.presence import Count, Presence
from palanca.posture.regimes import Regime

DIGITS = 4


def record(found: Posture) -> dict[str, Any]:
    """Return everything by name; what is unknown is null and says why beside it."""
    return {
        "country": found.country.code,
        "partner": found.partner.code,
        "as_of": found.as_of.isoformat(),
        "notes": [note.model_dump() for note in found.notes],
        "agreement": [year_record(year) for year in found.years],
        "issues": [{"issue": year.issue, **year_record(year)} for year in found.issues],
        "movement": [turn_record(turn) for turn in found.turns],
        "totals": {code: dict(totals) for code, totals in found.totals.items()},
        "ideal_points": {code: [point_record(one) for one in held] for code, held in found.points.items()},
        "exposure_gap": gap_record(found.gap),
        "closeness": [closeness_record(one) for one in found.closeness],
        "on_adversaries": adversaries_record(found.on_adversaries),
        "moved_towards": shifts_record(found.shifts),
        "regimes": {code: regime_record(one) for code, one in found.regimes.items()},
        "presence": {code: presence_record(one) for code, one in found.presence.items()},
        "record": {code: [asdict(one) for one in held] for code, held in found.record.items()},
        "alternatives": [candidate_record(one) for one in found.alternatives],
    }


def year_record(year: Year) -> dict[str, Any]:
    """Return one year's agreement with its counts."""
    held = year.agreement
    return {
        "year": year.year,
        "votes": held.votes,
        "same": held.same,
        "halfway": held.halfway,
        "strict": _short(held.strict),
        "graded": _short(held.graded),
        "partial": year.partial,
    }


def turn_record(turn: Turn) -> dict[str, Any]:
    """Return what each side's votes did to the agreement of one year, as shares."""
    moved = turn.movement
    return {
        "year": turn.year,
        "votes": moved.votes,
        "observed": _short(moved.observed),
        "if_neither_had_moved": _short(moved.both_held),
        "if_only_partner_had_moved": _short(moved.first_held),
        "if_only_country_had_moved": _short(moved.second_held),
        "by_country": _short(moved.by_first),
        "by_partner": _short(moved.by_second),
        "partial": turn.partial,
    }


def gap_record(found: Gap | Unknown) -> dict[str, Any]:
    """Return the fit, its uncertainty, every country and the residual of the one looked at."""
    if isinstance(found, Unknown):
        return {"residual": None, "unknown_because": found.reason.en}
    line = found.line
    columns = zip(found.countries, found.exposure, found.agreement, strict=True)
    band = zip(line.at, line.middle, line.lower, line.upper, strict=True)
    return {
        "residual": _short(found.residual),
        "residual_interval": [_short(end) for end in found.residual_interval],
        "predicted": _short(found.predicted),
        "trade_year": found.trade_year,
        "vote_year": found.vote_year,
        "slope": _short(line.slope),
        "slope_interval": [_short(end) for end in line.slope_interval],
        "explained": _short(line.explained),
        "countries": [
            {"country": code, "exposure_pct": _short(share), "agreement": _short(votes)}
            for code, share, votes in columns
        ],
        "band": [
            dict(zip(("exposure_pct", "middle", "lower", "upper"), map(_short, row), strict=True))
            for row in band
        ],
    }


def closeness_record(one: Closeness) -> dict[str, Any]:
    """Return how the country votes with one group on one issue."""
    return {
        "group": one.group,
        "issue": one.issue,
        "graded": _short(one.graded),
        "votes": one.votes,
        "years": [one.first, one.last],
        **_standing(one.among),
    }


def adversaries_record(found: OnAdversaries | Unknown) -> dict[str, Any]:
    """Return agreement with the partner on its adversaries and on everything, or why it is not known."""
    if isinstance(found, Unknown):
        return {"graded": None, "unknown_because": found.reason.en}
    return {
        "adversaries": list(found.adversaries),
        "years": [found.first, found.last],
        "resolutions": found.resolutions,
        "votes": found.agreement.votes,
        "graded": _short(found.agreement.graded),
        "strict": _short(found.agreement.strict),
        "graded_on_all": _short(found.everything.graded),
        "strict_on_all": _short(found.everything.strict),
    }


def shifts_record(found: tuple[Shift, ...] | Unknown) -> Any:
    """Return whom the country moved towards, or why it cannot be said."""
    if isinstance(found, Unknown):
        return {"unknown_because": found.reason.en}
    return [
        {
            "state": one.state,
            "by_own_votes": _short(one.own),
            "by_theirs": _short(one.theirs),
            "regime": regime_record(one.regime),
        }
        for one in found
    ]


def regime_record(found: Regime) -> dict[str, Any]:
    """Return every measure with its edition, and whether they disagree on democracy."""
    measures = [
        {
            "measure": one.measure,
            "edition": one.edition,
            "year": one.year,
            "value": _short(one.value),
            "democracy": one.democracy,
        }
        for one in found.measures
    ]
    return {"measures": measures, "disputed": found.disputed}


def presence_record(found: Presence) -> dict[str, Any]:
    """Return every count with its standing among peers."""
    return {
        "peers": list(found.peers.codes),
        "peer_rule": found.peers.rule,
        "counts": [count_record(one) for one in found.counts],
    }


def count_record(one: Count) -> dict[str, Any]:
    """Return one count with the day it is of."""
    lost = isinstance(one.value, Unknown)
    return {
        "name": one.name,
        "value": None if lost else one.value,
        "table": one.table,
        "as_of": one.vintage,
        **_standing(one.among),
        **({"unknown_because": one.value.reason.en} if isinstance(one.value, Unknown) else {}),
    }


def candidate_record(one: Candidate) -> dict[str, Any]:
    """Return one candidate with its criteria, rank and how firm the rank is."""
    values = {name: None if value is None else _short(value) for name, value in one.values.items()}
    return {
        "rank": one.rank,
        "country": one.country,
        "score": _short(one.score),
        "rank_interval": [one.rank_low, one.rank_high],
        "top_share": _short(one.top_share),
        "candidates": one.of,
        **values,
    }


def _standing(among: Standing | None) -> dict[str, Any]:
    return {
        "percentile": _short(among.percentile) if among else None,
        "countries": among.count if among else None,
    }


def _short(value: float) -> float:
    return round(float(value), DIGITS)
