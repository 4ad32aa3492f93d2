"""Power in both directions, and what supply chains hide."""

from collections.abc import Iterable, Iterator, Mapping

from palanca.brief import power_figures as charts
from palanca.brief.claims import Dropped, Filling, Item
from palanca.brief.sections.case import Case, Section, difference
from palanca.brief.sections.readings import level
from palanca.brief.sentences import ENDS
from palanca.catalogue import Figure, Unknown
from palanca.catalogue.codes import sectors
from palanca.catalogue.figure import combine
from palanca.catalogue.thresholds import threshold, thresholds
from palanca.exposure import balance
from palanca.exposure.balance import Linked

FLOOR, OWN = "material_sector", "brief.own"


def power(case: Case) -> Section:
    """Return what each would lose without the other, by the model and by measures of power."""
    if ended(case):
        return Section("power", (_ended(case),))
    back = case.reverse()
    items = (
        *_losses(case),
        _leverage(case),
        *_measures(case),
        *(item for side in (case, back) for item in _sectors(side)),
    )
    return Section("power", items, tuple(charts.power(case.exposure)))


def hidden(case: Case) -> Section:
    """Return what is exposed once suppliers of suppliers and customers of customers are counted."""
    if ended(case):
        return Section("hidden", ())
    items = (_demand(case), *(item for side in (case, case.reverse()) for item in _chains(side)))
    return Section("hidden", items, tuple(charts.hidden(case.exposure, case.tables)))


def ended(case: Case) -> bool:
    """Return whether the two hardly trade, whatever they did in the year of the world economy."""
    share = _trade(case).value
    return isinstance(share, float) and share < thresholds()["hardly_trade"].value


def slight(case: Case) -> bool:
    """Return whether the country would lose too little without the other for its parts to be told."""
    loss = case.exposure["loss_long_pct"].value
    return isinstance(loss, float) and loss < thresholds()["slight_loss"].value


def _trade(case: Case) -> Figure:
    """Return the larger of the two shares of trade."""
    shares = [case.exposure[name] for name in ("trade_share_pct", "partner_trade_share_pct")]
    return max(shares, key=lambda one: -1.0 if isinstance(one.value, Unknown) else one.value)


def _ended(case: Case) -> Item:
    """Say what the side that would have lost more stood to lose."""
    sides = (case, case.reverse())
    side = max(sides, key=lambda one: _number(one.exposure["loss_long_pct"]))
    said: dict[str, Filling] = {"x": side.a, "y": side.b, "trade": _trade(case)}
    return case.tell("power-ended", {**said, "loss": side.exposure["loss_long_pct"]}, kind="estimate")


def _losses(case: Case) -> Iterator[Item]:
    e = case.exposure
    back = case.reverse()
    parts = {
        "loss": e["loss_long_pct"],
        "back": e["partner_loss_long_pct"],
        "short": e["loss_short_pct"],
        "shortback": e["partner_loss_short_pct"],
        **_ends(case, "loss", "loss_long_pct"),
        **_ends(back, "back", "loss_long_pct"),
        **_ends(case, "short", "loss_short_pct"),
        **_ends(back, "shortback", "loss_short_pct"),
    }
    parts["level"] = level(parts["loss_low"])
    yield case.tell("power-losses", parts, kind="estimate")
    yield case.tell("power-standing", {"loss": e["loss_long_pct"]}, kind="estimate")


def _ends(case: Case, name: str, measure: str) -> dict[str, Figure]:
    """Return both ends of a measure's interval, named as those of `name`."""
    return _named(name, balance.ends(case.tables, measure, case.a.iso3, case.b.iso3))


def _sector_ends(case: Case, name: str, measure: str, sector: str) -> dict[str, Figure]:
    """Return the same of a measure of one sector."""
    keys = {"country": case.a.iso3, "partner": case.b.iso3, "sector": sector}
    return _named(name, balance.sector_ends(case.tables, measure, **keys))


def _named(name: str, ends: Iterable[Figure]) -> dict[str, Figure]:
    return {f"{name}{end}": figure for end, figure in zip(ENDS, ends, strict=True)}


def _leverage(case: Case) -> Item:
    """Say who has the lever: the side whose loss is the smaller part of the other's."""
    own = case.exposure["leverage"]
    turned = not isinstance(own.value, Unknown) and own.value < 1
    side = case.reverse() if turned else case
    e = side.exposure
    said: dict[str, Filling] = {"lever": e["leverage"], "weak": side.a, "strong": side.b}
    said |= _ends(side, "lever", "leverage") | {"level": level(e["loss_long_pct"])}
    losses = {"loss": e["loss_long_pct"], "back": e["partner_loss_long_pct"]}
    return case.tell("power-leverage", {**said, **losses}, kind="estimate")


def _measures(case: Case) -> Iterator[Item]:
    e = case.exposure
    losses = {
        "loss": e["supply_loss_pct"],
        "back": e["partner_supply_loss_pct"],
        **_ends(case, "loss", "supply_loss_pct"),
        **_ends(case.reverse(), "back", "supply_loss_pct"),
        "level": level(e["supply_loss_pct"]),
    }
    yield case.tell("power-supply", losses, kind="estimate")
    gap = e["liu_yang_pp"].value
    side = case.reverse() if isinstance(gap, float) and gap < 0 else case
    imports: dict[str, Filling] = {
        "x": side.a,
        "y": side.b,
        "own": side.exposure["import_dependence_pct"],
        "back": side.exposure["partner_import_dependence_pct"],
        "gap": side.exposure["liu_yang_pp"],
        **_ends(side, "gap", "liu_yang_pp"),
        **_ends(side, "own", "import_dependence_pct"),
        **_ends(side.reverse(), "back", "import_dependence_pct"),
    }
    imports["level"] = level(side.exposure["liu_yang_pp"])
    yield case.tell("power-imports", imports, kind="estimate")


def _sectors(case: Case) -> Iterator[Item]:
    """Yield the two sectors that lose most of their own, among those that weigh in the economy."""
    found = _on_file(case)
    if not found:
        yield _missing(case, "power-sectors")
        return
    shares, floor = balance.value_added(case.tables, case.a.iso3), threshold(FLOOR)
    large = [one for one in found if one.code in shares and _number(shares[one.code]) >= _number(floor)]
    own = {one.code: _own(one.loss_short, shares[one.code]) for one in large}
    ranked = sorted(own, key=lambda code: -_number(own[code]))[:2]
    if len(ranked) > 1 and all(_number(own[code]) > 0 for code in ranked):
        first, second = ranked
        said: dict[str, Filling] = {
            **_own_ends(case, "value", first, shares),
            **_own_ends(case, "second", second, shares),
            "level": level(own[first]),
            "floor": floor,
            "sector": sectors()[first].name,
            "value": own[first],
            "share": shares[first],
            "next": sectors()[second].name,
            "second": own[second],
            "second_share": shares[second],
        }
        yield case.tell("power-sectors", said, kind="estimate")


def _own(loss: Figure, share: Figure) -> Figure:
    """Return what a sector loses in percent of its own value added."""
    return combine("own", "percent", lambda lost, part: 100 * lost / part, loss, share, method=OWN)


def _own_ends(case: Case, name: str, sector: str, shares: Mapping[str, Figure]) -> dict[str, Figure]:
    ends = _sector_ends(case, name, "loss_short_pct", sector)
    return {end: _own(loss, shares[sector]) for end, loss in ends.items()}


def _demand(case: Case) -> Item:
    e = case.exposure
    shares = {
        "share": e["value_added_share_pct"],
        "back": e["partner_value_added_share_pct"],
        "level": level(e["value_added_share_pct"]),
        **_ends(case, "share", "value_added_share_pct"),
        **_ends(case.reverse(), "back", "value_added_share_pct"),
    }
    return case.tell("hidden-demand", shares, kind="estimate")


def _chains(case: Case) -> Iterator[Item]:
    """Yield the sector that hides the partner the furthest, among what it buys and what it sells."""
    found = _on_file(case)
    for side in ("purchases", "sales"):
        if not found:
            yield _missing(case, f"hidden-{side}")
            continue
        ends = [(one, getattr(one, f"{side}_through"), getattr(one, f"{side}_face")) for one in found]
        one, through, face = max(ends, key=lambda link: _number(link[1]) - _number(link[2]))
        said: dict[str, Filling] = {
            "sector": sectors()[one.code].name,
            "face": face,
            "through": through,
            "gap": difference("gap", through, face),
            "level": level(through),
            **_sector_ends(case, "face", f"{side}_face_pct", one.code),
            **_sector_ends(case, "through", f"{side}_through_pct", one.code),
            **_sector_ends(case, "gap", balance.HIDDEN[side], one.code),
        }
        yield case.tell(f"hidden-{side}", said, kind="estimate")


def _on_file(case: Case) -> tuple[Linked, ...]:
    return balance.sectors(case.tables, case.a.iso3, case.b.iso3)


def _missing(case: Case, key: str) -> Dropped:
    reason = case.tables[balance.SECTORS].missing(country=case.a.iso3, partner=case.b.iso3).reason
    subject = (case.a.iso3, case.b.iso3)
    return Dropped(f"{key}:{'-'.join(subject)}", subject, (reason,))


def _number(figure: Figure) -> float:
    return 0.0 if isinstance(figure.value, Unknown) else figure.value
