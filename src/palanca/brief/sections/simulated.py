"""Measures simulated: a card each, both sides, by sector, beside what others publish, and the limits."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from palanca.brief import effect_figures as charts
from palanca.brief import language as words
from palanca.brief.claims import Claim, Dropped, Filling, Item
from palanca.brief.figures import Chart
from palanca.brief.sections import court, effect_sectors
from palanca.brief.sections.case import Card, Case, Paragraph, Section
from palanca.brief.sections.chosen import chosen, directions, strangers, supposed, untaxed
from palanca.brief.sections.readings import (
    EVERY,
    INCOME,
    LONG,
    QUANTITIES,
    SHORT,
    OnFile,
    Reading,
    counted,
    level,
    reading,
)
from palanca.catalogue import Country, Figure, Text, country
from palanca.catalogue.text import LANGUAGES
from palanca.trade.clause import Claimed, Kind
from palanca.trade.digest import choices
from palanca.trade.measure import Measure
from palanca.trade.preferences import claimed_last, pair_of
from palanca.trade.states import OVER, on

LIMITS = ("investment", "uncertainty", "dynamics", "final-demand", "products", "interval")
UNPUBLISHED = Text(
    en="the world economy that measures are solved on was not public on that day",
    es="la economía mundial sobre la que se resuelven las medidas no era pública ese día",
)


def simulated(case: Case) -> Section:
    """Return what the measures between the two countries would do, or why that is not known."""
    reason = _barred(case)
    if reason:
        return Section("simulated", (Dropped("simulated", (case.a.iso3, case.b.iso3), (reason,)),))
    acts = chosen(case)
    read = [(one, reading(case, one, on_file=True)) for one in acts]
    lost = [_stale(case, one) for one, found in read if found is None]
    known = [found for _, found in read if found is not None]
    none = _hardly(case) if not acts else None
    if isinstance(none, Claim):
        return Section("simulated", (none,))
    if not acts and (reason := untaxed(case)):
        return Section("simulated", (Dropped("simulated", (case.a.iso3, case.b.iso3), (reason,)),))
    if not acts:
        found = reading(case, supposed(case, _supposed_title()), on_file=False)
        known = [found] if found else []
    cards = [_card(case, one) for one in known]
    cards += (
        [Card("limits", _head("limits"), (Paragraph(None, tuple(_limits(case, known))),))] if known else []
    )
    items = [item for card in cards for item in card.items]
    lead = _together(case, known) if len(known) > 1 else ()
    drawn = [chart for card in cards for chart in card.charts]
    return Section("simulated", (*items, *lost), (*lead, *drawn), cards=tuple(cards))


def _hardly(case: Case) -> Item:
    """Say that no measure is supposed, where the two hardly trade."""
    shares = {"share": case.exposure["trade_share_pct"], "back": case.exposure["partner_trade_share_pct"]}
    return case.tell("measure-hardly", shares)


def _barred(case: Case) -> Text | None:
    """Return why nothing can be simulated, if so."""
    if case.tables["measure_effects"].frame.is_empty():
        return UNPUBLISHED
    lost = strangers(case)
    if not lost:
        return None
    english, spanish = (words.series([name[code] for name in lost], code) for code in LANGUAGES)
    return Text(
        en=f"the world economy that measures are solved on does not hold {english}",
        es=f"la economía mundial sobre la que se resuelven las medidas no incluye a {spanish}",
    )


def _stale(case: Case, one: Measure) -> Dropped:
    advice = "palanca data build --raw DIR --source simulated_measures"
    reason = Text(
        en=f"{one.title.en}: its file or the tables have changed since its effects were solved ({advice})",
        es=f"{one.title.es}: su archivo o las tablas cambiaron tras resolver sus efectos ({advice})",
    )
    subject = (case.a.iso3, case.b.iso3)
    return Dropped(f"measure-side:{'-'.join(subject)}:{one.name}", subject, (reason,))


def _head(name: str) -> Text:
    return charts.vocabulary().head[name]


def _supposed_title() -> Text:
    status = charts.vocabulary().status["hypothetical"]
    return Text(
        en=f"A {status.en} tariff on all goods", es=f"Un arancel sobre todos los bienes, medida {status.es}"
    )


def _card(case: Case, found: Reading) -> Card:
    one = found.measure
    return Card(
        id=one.name,
        title=one.title,
        paragraphs=_headed(what=_what(case, found), sides=_sides(case, found), others=_others(case, found)),
        charts=(*_pictures(case, found), *court.pictures(case, one)),
        folded=_headed(
            soon=_horizon(case, found, SHORT),
            court=court.beside(case, one),
            choices=court.moves(case, one),
            file=_note(case, one),
        ),
        links=_links(one),
    )


def _links(one: Measure) -> tuple[tuple[str, str], ...]:
    """Return what a measure and its states are documented in, each address once."""
    if one.authority == "supposed":
        return ()
    cited = (*one.source, *(state.source for state in one.states))
    return tuple({source.url: (source.title, source.url) for source in reversed(cited)}.values())[::-1]


def _headed(**parts: Iterator[Item]) -> tuple[Paragraph, ...]:
    told = {name: tuple(items) for name, items in parts.items()}
    return tuple(Paragraph(_head(name), items) for name, items in told.items() if items)


def _note(case: Case, one: Measure) -> Iterator[Item]:
    if one.note:
        yield case.tell(
            "measure-note", _start(case, one) | {"note": one.note}, about=one.name, extra=("start",)
        )


def _start(case: Case, one: Measure) -> dict[str, Filling]:
    """Return the days of a measure, and of its state, as periods of its row on file."""
    row = case.tables["measure_files"].figure("start", "clauses", measure=one.name)
    state = on(case.tables.as_of, one.states)
    days = {"start": one.start, "end": one.end, "since": state.date if state else one.start}
    return {name: replace(row, name=name, period=day.isoformat()) for name, day in days.items() if day}


def _what(case: Case, found: Reading) -> Iterator[Item]:
    one = found.measure
    if one.authority == "supposed":
        yield _supposed(case, found)
        return
    yield _ended(case, pair_of(one)) if pair_of(one) else _is(case, one)
    if law := found.ground:
        yield _on_law(case, found, law)
    if one.bound:
        yield case.tell(
            "measure-bound", _start(case, one) | {"bound": one.bound}, about=one.name, extra=("start",)
        )
    for sender, target in directions(one, case):
        yield from _duty(case, one, country(sender), country(target))


def _supposed(case: Case, found: Reading) -> Item:
    income = found.effect(case.a.iso3, LONG, INCOME)
    rate = replace(
        income,
        name="rate",
        value=choices().supposed_rate,
        unit="percent_whole",
        method="trade.digest.choices",
    )
    fillings: dict[str, Filling] = {"income": income, "rate": rate}
    if found.ground:
        fillings["law"] = found.ground
    key = "measure-supposed-law" if found.ground else "measure-supposed"
    return case.tell(key, fillings, kind="assumption", extra=("income",))


def _is(case: Case, one: Measure) -> Item:
    known, state = charts.vocabulary(), one.state(case.tables.as_of)
    fillings: dict[str, Filling] = {
        "title": one.title,
        "state": known.state[str(state)],
        "authority": known.authority.get(one.authority, Text(en=one.authority, es=one.authority)),
        "goods": _goods(one),
    }
    past = "measure-was-until" if one.end else "measure-was"
    key = past if state in OVER else "measure-is"
    return case.tell(key, _start(case, one) | fillings, about=one.name)


def _ended(case: Case, pair: tuple[str, str] | None) -> Item:
    """Say which preference is supposed to end, and how much of imports used it."""
    importer, partner = pair or ("", "")
    keys = {"importer": importer, "partner": partner, "month": claimed_last(importer, partner)}
    claimed = case.tables["preference_use"].figure("claimed", "claimed_pct", **keys)
    fillings: dict[str, Filling] = {"x": country(importer), "y": country(partner), "claimed": claimed}
    return case.tell("measure-preference", fillings, kind="assumption", about=f"{importer}/{partner}")


def _on_law(case: Case, found: Reading, law: Figure) -> Item:
    """Say which law the effects are on top of."""
    fillings = {"income": found.effect(case.a.iso3, LONG, INCOME), "law": law}
    about = found.measure.name
    return case.tell("measure-on-law", fillings, kind="assumption", about=about, extra=("income",))


def _goods(one: Measure) -> Text:
    known = charts.vocabulary().goods
    clauses = one.clauses
    if all(clause.kind is Kind.REMITTANCE for clause in clauses):
        return known["none"]
    if any(clause.hs for clause in clauses):
        scope = known["listed"]
    elif all(clause.sectors for clause in clauses):
        scope = effect_sectors.listed(list(dict.fromkeys(c for one in clauses for c in one.sectors or ())))
    else:
        scope = known["but" if any(clause.spared_hs for clause in clauses) else "all"]
    if all(isinstance(clause.exempt, Claimed) for clause in clauses):
        spared = known["claimed"]
        return Text(en=f"{scope.en}, {spared.en}", es=f"{scope.es}, {spared.es}")
    return scope


def _duty(case: Case, one: Measure, sender: Country, target: Country) -> Iterator[Item]:
    """Yield what the measure does to tariffs on the flows of the pair, in the directions it acts on."""
    table = case.tables["measure_tariffs"]
    for x, y in ((sender, target), (target, sender)):
        keys = {"measure": one.name, "importer": x.iso3, "exporter": y.iso3}
        rows = table.rows(**keys)
        if rows.is_empty() or (y, x) == (sender, target):
            continue
        about = f"{one.name}/{x.iso3}"
        added, part = table.figure("added", "added_pp", **keys), table.figure("part", "forbidden_pct", **keys)
        if added.value:
            yield case.tell("measure-tariff", {"x": x, "y": y, "added": added}, kind="estimate", about=about)
        if part.value:
            yield case.tell("measure-forbids", {"x": x, "y": y, "part": part}, kind="estimate", about=about)


def _sides(case: Case, found: Reading) -> Iterator[Item]:
    yield from _horizon(case, found, LONG)
    for one in (case.a, case.b):
        yield from effect_sectors.told(case, found, one)


def _horizon(case: Case, found: Reading, horizon: str) -> Iterator[Item]:
    for one in (case.a, case.b):
        yield _side(case, found, one, horizon)


def _side(case: Case, found: Reading, one: Country, horizon: str) -> Item:
    code = one.iso3
    fillings: dict[str, Filling] = {
        **_within(found, code, horizon, EVERY),
        "c": one,
        "horizon": charts.vocabulary().horizon[horizon],
        "level": level(found.effect(code, horizon, INCOME, "lower")),
    }
    return case.tell(
        "measure-side", fillings, kind="estimate", about=f"{found.measure.name}/{code}/{horizon}"
    )


def _within(found: Reading, code: str, horizon: str, wanted: dict[str, str]) -> dict[str, Figure]:
    """Return effects and the ends of their intervals, named as asked for."""
    columns = {"": "value", "_low": "lower", "_high": "upper"}
    return {
        f"{name}{end}": found.effect(code, horizon, quantity, column)
        for name, quantity in wanted.items()
        for end, column in columns.items()
    }


def _others(case: Case, found: Reading) -> Iterator[Item]:
    pair = (case.a.iso3, case.b.iso3)
    rows = found.effects.filter(
        pl.col("horizon") == LONG, pl.col("quantity") == INCOME, ~pl.col("country").is_in(pair)
    ).sort("value")
    worst, best = str(rows["country"][0]), str(rows["country"][-1])
    low, high = found.effect(worst, LONG, INCOME), found.effect(best, LONG, INCOME)
    if low.table != "measure_effects":
        evidence = (*low.evidence, *high.evidence)
    else:
        keys = {"measure": found.measure.name, "horizon": LONG, "quantity": INCOME}
        evidence = tuple(case.tables["measure_effects"].evidence(one, keys) for one in ("lower", "upper"))
    fillings: dict[str, Filling] = {
        "d": country(worst),
        "e": country(best),
        **_within(found, worst, LONG, {"low": INCOME}),
        **_within(found, best, LONG, {"high": INCOME}),
        "level": level(low),
        "count": counted("count", rows.height, evidence, low),
        "gainers": counted("gainers", rows.filter(pl.col("lower") > 0).height, evidence, low),
        "losers": counted("losers", rows.filter(pl.col("upper") < 0).height, evidence, low),
    }
    yield case.tell("measure-others", fillings, kind="estimate", about=found.measure.name)


def _limits(case: Case, known: list[Reading]) -> Iterator[Item]:
    """Yield what the numbers of all cards leave out; once, and what they are on top of first."""
    alone = next((one for one in known if isinstance(one, OnFile) and not one.ground), None)
    income = (alone or known[0]).effect(case.a.iso3, LONG, INCOME)
    if alone:
        yield case.tell("measure-on-year", {"income": income}, kind="assumption", extra=("income",))
    drawn = (alone or known[0]).effect(case.a.iso3, LONG, INCOME, "draws")
    said = {"income": income, "draws": drawn, "level": level(income)}
    for name in LIMITS:
        yield case.tell(f"limit-{name}", said, kind="assumption", extra=("income",))


def _pictures(case: Case, found: Reading) -> Iterator[Chart]:
    pair, codes = (case.a, case.b), [case.a.iso3, case.b.iso3]
    wanted = list(QUANTITIES.values())
    rank = {code: place for place, code in enumerate(codes)}
    rows = (
        found.effects.filter(pl.col("quantity").is_in(wanted), pl.col("country").is_in(codes))
        .sort(
            pl.col("quantity").replace_strict({name: at for at, name in enumerate(wanted)}, default=9),
            pl.col("country").replace_strict(rank, default=9),
            "horizon",
        )
        .select("quantity", "country", "horizon", "lower", "upper", percent="value")
    )
    yield charts.both_sides(found.measure.name, rows, pair, found.tables[:1])
    moved = effect_sectors.material(found, codes)
    order = (
        moved.group_by("sector")
        .agg(pl.col("output_pct").abs().max().alias("size"))
        .sort("size", "sector", descending=[True, False])["sector"]
        .to_list()[: choices().sectors]
    )
    places = {code: at for at, code in enumerate(order)}
    data = (
        moved.filter(pl.col("sector").is_in(order))
        .sort(
            pl.col("sector").replace_strict(places, default=99),
            pl.col("country").replace_strict(rank, default=9),
        )
        .select("country", industry="sector", percent="output_pct")
    )
    if data.height:
        yield charts.by_sector(found.measure.name, data, pair, found.tables[-1:])


def _together(case: Case, known: list[Reading]) -> Iterator[Chart]:
    codes = [case.a.iso3, case.b.iso3]
    frames = [
        one.effects.filter(
            pl.col("quantity") == INCOME, pl.col("horizon") == LONG, pl.col("country").is_in(codes)
        ).select(pl.lit(one.measure.name).alias("act"), "country", "lower", "upper", percent="value")
        for one in known
    ]
    titles = {one.measure.name: one.measure.title for one in known}
    yield charts.together(pl.concat(frames), titles, (case.a, case.b))
