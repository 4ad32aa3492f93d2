"""Key judgments, bottom line first, each with why and with what would change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import RootModel

from palanca.brief.claims import Claim, Filling, Item
from palanca.brief.sections.case import Case, Section, difference, ratio, window
from palanca.brief.sections.matters import trend
from palanca.brief.sections.structure import other
from palanca.catalogue import Figure, Unknown
from palanca.catalogue.figure import combine, merge
from palanca.catalogue.parameters import parameters
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES
from palanca.catalogue.thresholds import threshold

MOST = 5
TEASER_LENGTH = 300


class Confidences(RootModel[dict[str, Confidence]]):
    """How sure each judgment is, and why."""


@dataclass(frozen=True)
class Judgment:
    """A judgment, what it rests on, and what would change it."""

    claim: Claim
    why: Claim | None
    change: tuple[Claim, ...]


def judgments(case: Case) -> tuple[Section, tuple[Judgment, ...]]:
    """Return up to five judgments; those whose figures are unknown are left out and say so."""
    groups = [group for group in _groups(case) if group][:MOST]
    found = tuple(
        Judgment(head, _said(why), tuple(filter(None, map(_said, change))))
        for head, why, *change in groups
        if isinstance(head, Claim)
    )
    return Section("judgments", tuple(item for group in groups for item in group)), found


def _said(item: Item) -> Claim | None:
    return item if isinstance(item, Claim) else None


def _groups(case: Case) -> Iterator[list[Item]]:
    yield _asymmetry(case)
    side = case if _taxed(case) else case.reverse()
    yield _duty(side) if _taxed(side) else []
    yield _standing(side) if _taxed(side) else []
    yield _alternatives(case)
    yield _fronts(case)


def _taxed(case: Case) -> bool:
    return not isinstance(case.exposure["duty_collected_pct"].value, Unknown)


def exposed(case: Case) -> Case:
    """Return the case seen from whichever of the two depends more on the other."""
    gap = case.exposure["asymmetry_pp"].value
    return case if isinstance(gap, Unknown) or gap >= 0 else case.reverse()


def _judge(
    case: Case, name: str, fillings: Mapping[str, Filling], suffix: str = "", *, extra: tuple[str, ...] = ()
) -> Item:
    sure = parameters("judgments", Confidences).root[name]
    return case.tell(f"judgment-{name}{suffix}", fillings, kind="judgment", extra=extra, confidence=sure)


def _asymmetry(case: Case) -> list[Item]:
    side = exposed(case)
    e = side.exposure
    names: dict[str, Filling] = {"x": side.a, "y": side.b}
    share, back = e["trade_share_pct"], e["partner_trade_share_pct"]
    why = {"exports": e["exports_to_partner_gdp_pct"], "imports": e["partner_imports_from_partner_gdp_pct"]}
    head = {**names, "share": share, "back": back, "ratio": ratio("ratio", share, back)}
    return [
        _judge(side, "asymmetry", head, extra=("share", "back")),
        _judge(side, "asymmetry", {**names, **why}, "-why"),
        _judge(side, "asymmetry", {**names, "gap": e["asymmetry_pp"]}, "-change"),
        *_move(side, names),
    ]


def _move(side: Case, names: Mapping[str, Filling]) -> Iterator[Item]:
    """Yield how much trade would have to move for the share to come down to the line, if it is over it."""
    e, line = side.exposure, threshold("half")
    share = e["export_share_pct"]
    if isinstance(share.value, float) and isinstance(line.value, float) and share.value > line.value:
        move = combine(
            "move",
            "usd",
            lambda sold, part, half: sold * (1 - half / part),
            e["exports_usd"],
            share,
            line,
            method="brief.move",
        )
        yield _judge(side, "asymmetry", {**names, "line": line, "move": move}, "-move")


def _alternatives(case: Case) -> list[Item]:
    e = case.exposure
    following, hhi = e["export_share_next_pct"], e["export_hhi"]
    head: dict[str, Filling] = {
        "share": e["export_share_pct"],
        "next": following,
        "other": other(following, case.a),
    }
    line = {"hhi": hhi, "line": threshold("highly_concentrated")}
    return [
        _judge(case, "alternatives", head),
        _judge(case, "alternatives", {"hhi": hhi}, "-why"),
        _judge(case, "alternatives", line, "-change"),
    ]


def _duty(case: Case) -> list[Item]:
    e = case.exposure
    month, year, law = e["duty_collected_pct"], e["duty_collected_year_pct"], e["duty_statutory_pct"]
    change, gap = difference("change", month, year), difference("gap", law, month)
    head = {
        "month": month,
        "year": year,
        "statutory": law,
        "ratio": ratio("ratio", law, month),
        "change": change,
    }
    return [
        _judge(case, "duty", head),
        _judge(case, "duty", {"claimed": e["preference_claimed_pct"]}, "-why"),
        _judge(case, "duty", {"gap": gap, "month": month, "claimed": e["preference_claimed_pct"]}, "-change"),
    ]


def _standing(case: Case) -> list[Item]:
    e = case.exposure
    level, median = e["duty_statutory_latest_pct"], e["duty_statutory_median_pct"]
    gap = difference("gap", level, median)
    return [
        _judge(case, "standing", {"level": level, "median": median, "gap": gap}),
        _judge(case, "standing", {"level": level}, "-why"),
        _judge(case, "standing", {"level": level, "gap": gap}, "-change"),
    ]


def _fronts(case: Case) -> list[Item]:
    found = [front for front in case.fronts if front.country is None]
    if not found:
        return []
    eased = [
        front for front in found if isinstance(front.change_pct.value, float) and front.change_pct.value < 0
    ]
    evidence = merge(figure.evidence for front in found for figure in (front.last, front.before))
    latest = max(found, key=lambda front: front.last.period)
    count = Figure(
        "count", float(len(found)), "count", latest.last.period, latest.last.table, evidence, "brief.count"
    )
    fillings = trend(latest)
    head = {"count": count, "eased": replace(count, value=float(len(eased))), "window": window(latest.last)}
    return [
        _judge(case, "fronts", head),
        _judge(case, "fronts", fillings, "-why"),
        _judge(case, "fronts", fillings, "-change"),
    ]


def teaser(case: Case) -> Section:
    """Return the one sentence that stands outside: a judgment with its range, within 300 characters."""
    side = exposed(case)
    e, names = side.exposure, {"x": side.a, "y": side.b}
    share, back = e["trade_share_pct"], e["partner_trade_share_pct"]
    low, high = _range(e["export_share_pct"], e["export_share_rounded_pct"])
    fillings: dict[str, Filling] = {
        **names,
        "ratio": ratio("ratio", share, back),
        "low": low,
        "high": high,
        "share": share,
        "back": back,
        "was": e["duty_collected_year_pct"],
        "now": e["duty_collected_pct"],
    }
    tried = [_teaser(side, key, fillings) for key in ("teaser-duty", "teaser-range", "teaser-trade")]
    return Section("teaser", (next((item for item in tried if _fits(item)), tried[-1]),))


def _teaser(side: Case, key: str, fillings: dict[str, Filling]) -> Item:
    return side.tell(
        key, fillings, kind="judgment", confidence=parameters("judgments", Confidences).root["asymmetry"]
    )


def _range(first: Figure, second: Figure) -> tuple[Figure, Figure]:
    """Return the lower and the higher of two sources' figures."""
    if isinstance(first.value, Unknown) or isinstance(second.value, Unknown):
        return (first, second)
    return (first, second) if first.value <= second.value else (second, first)


def _fits(item: Item) -> bool:
    return isinstance(item, Claim) and all(
        len(item.text[language]) <= TEASER_LENGTH for language in LANGUAGES
    )
