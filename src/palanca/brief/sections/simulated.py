"""Measures simulated: a card each, both sides, by sector, beside what others publish, and the limits."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from palanca.brief import effect_figures as charts
from palanca.brief.claims import Dropped, Filling, Item
from palanca.brief.figures import Chart
from palanca.brief.sections import court
from palanca.brief.sections.case import Card, Case, Paragraph, Section
from palanca.brief.sections.chosen import chosen, directions, over, strangers, supposed
from palanca.brief.sections.readings import (
    EVERY,
    INCOME,
    LONG,
    QUANTITIES,
    SHORT,
    Reading,
    counted,
    level,
    reading,
)
from palanca.catalogue import Country, Figure, Text, country
from palanca.catalogue.codes import sectors
from palanca.trade.digest import choices
from palanca.trade.measure import Kind, Measure

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
    if not acts:
        found = reading(case, supposed(case, _supposed_title()), on_file=False)
        known = [found] if found else []
    cards = [_card(case, one) for one in known]
    cards += (
        [Card("limits", _head("limits"), (Paragraph(None, tuple(_limits(case, known[0]))),))] if known else []
    )
    items = [item for card in cards for item in card.items]
    lead = _together(case, known) if len(known) > 1 else ()
    drawn = [chart for card in cards for chart in card.charts]
    return Section("simulated", (*items, *lost), (*lead, *drawn), cards=tuple(cards))


def _barred(case: Case) -> Text | None:
    """Return why nothing can be simulated, if so."""
    if case.tables["measure_effects"].frame.is_empty():
        return UNPUBLISHED
    lost = strangers(case)
    if not lost:
        return None
    english, spanish = " and ".join(name.en for name in lost), " y ".join(name.es for name in lost)
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
    words = charts.vocabulary().status["hypothetical"]
    return Text(
        en=f"A {words.en} tariff on all goods", es=f"Un arancel sobre todos los bienes, medida {words.es}"
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
        links=tuple((source.title, source.url) for source in one.source if one.authority != "supposed"),
    )


def _headed(**parts: Iterator[Item]) -> tuple[Paragraph, ...]:
    told = {name: tuple(items) for name, items in parts.items()}
    return tuple(Paragraph(_head(name), items) for name, items in told.items() if items)


def _note(case: Case, one: Measure) -> Iterator[Item]:
    if one.note:
        yield case.tell(
            "measure-note", _start(case, one) | {"note": one.note}, about=one.name, extra=("start",)
        )


def _start(case: Case, one: Measure) -> dict[str, Filling]:
    """Return the days of a measure as periods of its row on file."""
    row = case.tables["measure_files"].figure("start", "clauses", measure=one.name)
    days = {"start": one.start, "end": one.end}
    return {name: replace(row, name=name, period=day.isoformat()) for name, day in days.items() if day}


def _what(case: Case, found: Reading) -> Iterator[Item]:
    one, words = found.measure, charts.vocabulary()
    if one.authority == "supposed":
        income = found.effect(case.a.iso3, LONG, INCOME)
        rate = Figure(
            "rate",
            choices().supposed_rate,
            "percent_whole",
            income.period,
            income.table,
            income.evidence,
            "trade.digest.choices",
        )
        yield case.tell(
            "measure-supposed", {"income": income, "rate": rate}, kind="assumption", extra=("income",)
        )
        return
    status = "over" if over(one, case.tables.as_of) and one.status == "applied" else one.status
    authority = words.authority.get(one.authority, Text(en=one.authority, es=one.authority))
    fillings: dict[str, Filling] = {
        "title": one.title,
        "status": words.status[status],
        "authority": authority,
        "goods": _goods(one),
    }
    key = "measure-is-until" if one.end else "measure-is"
    yield case.tell(key, _start(case, one) | fillings, about=one.name)
    for sender, target in directions(one, case):
        yield from _duty(case, one, country(sender), country(target))


def _goods(one: Measure) -> Text:
    words = charts.vocabulary().goods
    clauses = one.clauses
    if all(clause.kind is Kind.REMITTANCE for clause in clauses):
        return words["none"]
    if any(clause.hs for clause in clauses):
        scope = words["listed"]
    elif all(clause.sectors for clause in clauses):
        names = [
            sectors()[code].name for code in dict.fromkeys(c for one in clauses for c in one.sectors or ())
        ]
        scope = Text(en=", ".join(name.en for name in names), es=", ".join(name.es for name in names))
    else:
        scope = words["all"]
    if not any(isinstance(clause.exempt, float) and not clause.exempt for clause in clauses):
        spared = words["claimed"]
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
        yield from _output(case, found, one)


def _horizon(case: Case, found: Reading, horizon: str) -> Iterator[Item]:
    for one in (case.a, case.b):
        yield _side(case, found, one, horizon)


def _side(case: Case, found: Reading, one: Country, horizon: str) -> Item:
    code = one.iso3
    fillings: dict[str, Filling] = {
        name: found.effect(code, horizon, quantity) for name, quantity in EVERY.items()
    }
    for name, quantity in EVERY.items():
        fillings[f"{name}_low"] = found.effect(code, horizon, quantity, "lower")
        fillings[f"{name}_high"] = found.effect(code, horizon, quantity, "upper")
    fillings |= {
        "c": one,
        "horizon": charts.vocabulary().horizon[horizon],
        "level": level(found.effect(code, horizon, INCOME, "lower")),
        "draws": found.effect(code, horizon, INCOME, "draws"),
    }
    return case.tell(
        "measure-side", fillings, kind="estimate", about=f"{found.measure.name}/{code}/{horizon}"
    )


def _output(case: Case, found: Reading, one: Country) -> Iterator[Item]:
    rows = found.sectors.filter(pl.col("country") == one.iso3).sort("output_pct")
    if rows.height:
        first, last = str(rows["sector"][0]), str(rows["sector"][-1])
        fillings: dict[str, Filling] = {
            "c": one,
            "low": found.sector(one.iso3, first),
            "high": found.sector(one.iso3, last),
            "worst": sectors()[first].name,
            "best": sectors()[last].name,
        }
        yield case.tell(
            "measure-sectors", fillings, kind="estimate", about=f"{found.measure.name}/{one.iso3}"
        )


def _others(case: Case, found: Reading) -> Iterator[Item]:
    pair = (case.a.iso3, case.b.iso3)
    rows = found.effects.filter(
        pl.col("horizon") == LONG, pl.col("quantity") == INCOME, ~pl.col("country").is_in(pair)
    ).sort("value")
    worst, best = str(rows["country"][0]), str(rows["country"][-1])
    low, high = found.effect(worst, LONG, INCOME), found.effect(best, LONG, INCOME)
    gainers = rows.filter(pl.col("value") > 0).height
    if low.table != "measure_effects":
        evidence = (*low.evidence, *high.evidence)
    else:
        keys = {"measure": found.measure.name, "horizon": LONG, "quantity": INCOME}
        evidence = (case.tables["measure_effects"].evidence("value", keys),)
    fillings: dict[str, Filling] = {
        "d": country(worst),
        "e": country(best),
        "low": low,
        "high": high,
        "count": counted("count", rows.height, evidence, low),
        "gainers": counted("gainers", gainers, evidence, low),
    }
    yield case.tell("measure-others", fillings, kind="estimate", about=found.measure.name)


def _limits(case: Case, found: Reading) -> Iterator[Item]:
    income = found.effect(case.a.iso3, LONG, INCOME)
    for name in LIMITS:
        yield case.tell(f"limit-{name}", {"income": income}, kind="assumption", extra=("income",))


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
    moved = found.sectors.filter(pl.col("country").is_in(codes))
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
