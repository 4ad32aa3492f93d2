"""Key judgments, bottom line first, each with why and with what would change it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pydantic import RootModel

from palanca.brief.claims import Claim, Filling, Item, aged
from palanca.brief.language import printed
from palanca.brief.scene import age
from palanca.brief.sections import preference
from palanca.brief.sections.case import Case, Section, difference, ratio, second_source, window
from palanca.brief.sections.matters import trend
from palanca.brief.sections.structure import other
from palanca.brief.sections.tariffs import announced
from palanca.catalogue import Figure, Unknown
from palanca.catalogue.figure import combine, merge
from palanca.catalogue.parameters import parameters
from palanca.catalogue.sources import Confidence
from palanca.catalogue.text import LANGUAGES
from palanca.catalogue.thresholds import threshold, thresholds
from palanca.events import Front
from palanca.trade.preferences import endings, pair_of

MOST = 5
TEASER_LENGTH = 300
Saying = Callable[[frozenset[str]], Item]  # a sentence, given the periods whose age has been told


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
    groups = list(_in_turn([group for group in _groups(case) if group][:MOST]))
    found = tuple(
        Judgment(head, _said(why), tuple(filter(None, map(_said, change))))
        for head, why, *change in groups
        if isinstance(head, Claim)
    )
    return Section("judgments", tuple(item for group in groups for item in group)), found


def _in_turn(groups: list[list[Saying]]) -> Iterator[list[Item]]:
    """Yield the sentences of each group, the age of a period told once."""
    told = frozenset[str]()
    for group in groups:
        said: list[Item] = []
        for saying in group:
            said.append(saying(told))
            told |= aged(said[-1:])
        yield said


def _said(item: Item) -> Claim | None:
    return item if isinstance(item, Claim) else None


def _groups(case: Case) -> Iterator[list[Saying]]:
    yield _asymmetry(case)
    for measured, judged in (("duty_collected_pct", _duty), ("duty_statutory_latest_pct", _standing)):
        sides = (side for side in (case, case.reverse()) if _known(side.exposure[measured]))
        yield next((judged(side) for side in sides), [])
    yield _alternatives(case)
    yield _fronts(case)


def _known(figure: Figure) -> bool:
    return not isinstance(figure.value, Unknown)


def exposed(case: Case) -> Case:
    """Return the case seen from whichever of the two depends more on the other."""
    gap = case.exposure["asymmetry_pp"].value
    return case if isinstance(gap, Unknown) or gap >= 0 else case.reverse()


def _judge(
    case: Case, name: str, fillings: Mapping[str, Filling], suffix: str = "", *, extra: tuple[str, ...] = ()
) -> Saying:
    return partial(_tell, case, (name, f"judgment-{name}{suffix}"), fillings, extra)


def _tell(
    case: Case,
    names: tuple[str, str],
    fillings: Mapping[str, Filling],
    extra: tuple[str, ...],
    told: frozenset[str],
) -> Item:
    sure = parameters("judgments", Confidences).root[names[0]]
    known = replace(case, aged=told)
    return known.tell(names[1], fillings, kind="judgment", extra=extra, confidence=sure)


def _asymmetry(case: Case) -> list[Saying]:
    side = exposed(case)
    e = side.exposure
    head, both = _weights(side), ("share", "back")
    flow = {"exports": e["exports_to_partner_gdp_pct"], "imports": e["partner_imports_from_partner_gdp_pct"]}
    return [
        partial(_tell, side, (_sure(head), "judgment-asymmetry"), head, both),
        _judge(side, "asymmetry", {**head, **flow}, "-why"),
        _judge(side, "asymmetry", head, "-change", extra=both),
        *_move(side, head),
    ]


def _sure(weights: Mapping[str, Filling]) -> str:
    """Return the name of how sure a ratio of two shares is: less where sources could turn it round."""
    found = weights["ratio"]
    times = found.value if isinstance(found, Figure) else 0.0
    clear = isinstance(times, float) and times >= thresholds()["clear_ratio"].value
    return "asymmetry" if clear else "asymmetry_near"


def _weights(side: Case) -> dict[str, Filling]:
    """Return what trade with the other weighs for the side that depends more, and for the other."""
    share, back = side.exposure["trade_share_pct"], side.exposure["partner_trade_share_pct"]
    return {"x": side.a, "y": side.b, "share": share, "back": back, "ratio": ratio("ratio", share, back)}


def _move(side: Case, names: Mapping[str, Filling]) -> Iterator[Saying]:
    """Yield how much trade would have to move for the share to come down to the line, if it is over it."""
    e, line = side.exposure, threshold("half")
    share = e["export_share_pct"]
    if isinstance(share.value, float) and isinstance(line.value, float) and share.value > line.value:
        parts = (e["exports_usd"], share, line)
        move = combine(
            "move", "usd", lambda sold, part, half: sold * (1 - half / part), *parts, method="brief.move"
        )
        yield _judge(side, "asymmetry", {**names, "line": line, "move": move}, "-move")


def _alternatives(case: Case) -> list[Saying]:
    e = case.exposure
    share, following, rank = e["export_share_pct"], e["export_share_next_pct"], e["export_rank"]
    rival, first = other(following, case.a), rank.value == 1
    head: dict[str, Filling] = {"share": share, "next": following, "rank": rank, "other": rival}
    both = {"rounded": e["export_share_rounded_pct"], "spread": second_source(case, "export_share")}
    places: dict[str, Filling] = {
        "gainer": rival if first else case.b,
        "loser": case.b if first else rival,
        "move": _swapped(e["exports_usd"], share, following),
    }
    line: dict[str, Filling] = {"hhi": e["export_hhi"], "line": threshold("highly_concentrated")}
    return [
        _judge(case, "alternatives", {**head, **both}),
        _judge(case, "alternatives", line, "-why"),
        _judge(case, "alternatives", {**head, **places, **line}, "-change", extra=("hhi",)),
    ]


def _swapped(sold: Figure, share: Figure, following: Figure) -> Figure:
    """Return the exports that would have to change buyer for the two buyers to weigh the same."""
    return combine(
        "move",
        "usd",
        lambda trade, own, rival: trade / own * abs(own - rival) / 2,
        *(sold, share, following),
        method="brief.move",
    )


def _duty(case: Case) -> list[Saying]:
    e = case.exposure
    month, year, law = e["duty_collected_pct"], e["duty_collected_year_pct"], e["duty_statutory_pct"]
    change = difference("change", month, year)
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
        *_preference(case, month.period),
    ]


def _preference(case: Case, month: str) -> Iterator[Saying]:
    """Yield what the end of the preference would add: by the law of a month, and by that of the day."""
    yield _judge(case, "duty", preference.spared(case, month), "-change")
    ending = {pair_of(one): one for one in endings(case.tables.as_of).values()}.get(
        (case.b.iso3, case.a.iso3)
    )
    table = case.tables["measure_tariffs"]
    if ending and table.frame.height:
        keys = {"measure": ending.name, "importer": case.b.iso3, "exporter": case.a.iso3}
        yield _judge(case, "duty", {"added": table.figure("added", "added_pp", **keys)}, "-change-now")


def _standing(case: Case) -> list[Saying]:
    e = case.exposure
    level, median = e["duty_statutory_latest_pct"], e["duty_statutory_median_pct"]
    found: dict[str, Filling] = {
        "level": level,
        "since": e["duty_statutory_since_pct"],
        "median": median,
        "gap": difference("gap", level, median),
    }
    key = "judgment-ahead" if announced(case, level) else "judgment-standing"
    return [
        partial(_tell, case, ("standing", key), found, ()),
        partial(_tell, case, ("standing", f"{key}-why"), found, ()),
        _judge(case, "standing", found, "-change", extra=("level",)),
    ]


def _fronts(case: Case) -> list[Saying]:
    """Return what the indicators that reach near the cut-off say together."""
    shared = [front for front in case.fronts if front.country is None]
    found = [front for front in shared if _fresh(case, front)]
    if not found:
        return []
    eased = sum(_fell(front.change_pct) for front in found)
    evidence = merge(figure.evidence for front in found for figure in (front.last, front.before))
    latest = max(found, key=lambda front: front.last.period)
    count = Figure(
        "count", float(len(found)), "count", latest.last.period, latest.last.table, evidence, "brief.count"
    )
    numbers = {
        "eased": eased,
        "rest": len(found) - eased,
        "turn": abs(eased - len(found) // 2) + (eased <= len(found) // 2),
        "left": len(shared) - len(found),
    }
    head: dict[str, Filling] = {
        "count": count,
        "window": window(latest.last),
        **{name: replace(count, name=name, value=float(number)) for name, number in numbers.items()},
    }
    return [
        _judge(case, "fronts", {**trend(latest), **head}),
        _judge(case, "fronts", {**trend(latest), **head}, "-why"),
        _judge(case, "fronts", head, "-change"),
    ]


def _fresh(case: Case, front: Front) -> bool:
    limit = threshold("headline_age").value
    return isinstance(limit, float) and age(front.last.period, case.tables.as_of) <= limit


def _fell(change: Figure) -> bool:
    return isinstance(change.value, float) and printed(change.value, change.unit) < 0


def teaser(case: Case) -> Section:
    """Return the one sentence that stands outside: a judgment with its range, within 300 characters."""
    side = exposed(case)
    e = side.exposure
    low, high = _range(e["export_share_pct"], e["export_share_rounded_pct"])
    fillings: dict[str, Filling] = {
        **_weights(side),
        "low": low,
        "high": high,
        "was": e["duty_collected_year_pct"],
        "now": e["duty_collected_pct"],
    }
    tried = [_teaser(side, key, fillings) for key in ("teaser-duty", "teaser-range", "teaser-trade")]
    return Section("teaser", (next((item for item in tried if _fits(item)), tried[-1]),))


def _teaser(side: Case, key: str, fillings: dict[str, Filling]) -> Item:
    sure = parameters("judgments", Confidences).root[_sure(fillings)]
    return side.tell(key, fillings, kind="judgment", extra=("share", "back"), confidence=sure)


def _range(first: Figure, second: Figure) -> tuple[Figure, Figure]:
    """Return the lower and the higher of two sources' figures."""
    if isinstance(first.value, Unknown) or isinstance(second.value, Unknown):
        return (first, second)
    return (first, second) if first.value <= second.value else (second, first)


def _fits(item: Item) -> bool:
    return isinstance(item, Claim) and all(
        len(item.text[language]) <= TEASER_LENGTH for language in LANGUAGES
    )
