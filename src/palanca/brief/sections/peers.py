"""Against peers: the place of the tariff among those on others, and the country beside its synthetic twin."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from palanca.brief import peer_figures as charts
from palanca.brief.claims import Item, templates
from palanca.brief.sections import preference
from palanca.brief.sections.case import Case, Section
from palanca.catalogue import Evidence, Figure, Unknown
from palanca.catalogue.figure import Key, merge
from palanca.catalogue.unknown import unknown
from palanca.events import record
from palanca.exposure.customs import ALL
from palanca.response.decomposition import Difference, differences
from palanca.response.panel import panel
from palanca.response.tariffs import COLLECTED, STATUTORY, Place, TariffPath, tariff_path
from palanca.response.twins import Paired, twins

Keys = dict[str, Key | tuple[Key, ...]]
HERE = "response"
PERCENT = 100.0
UNDER_UNION = unknown(
    "the table of policy dates holds the union of the country, not the country",
    "la tabla de fechas de política contiene la unión del país, no al país",
)


def peers(case: Case) -> Section:
    """Return where the tariff of the partner on the country stands, or of the country on the partner.

    The side whose partner's customs is on file is told; of two, the country of the brief.
    """
    sides = (case, case.reverse())
    importers = case.tables[COLLECTED].frame["importer"].unique().to_list()
    known = [side for side in sides if side.b.iso3 in importers]
    if not known:
        found = tariff_path(case.tables, case.a.iso3, case.b.iso3)
        return Section("peers", (_missing(case, found.collected),))
    side = known[0]
    path = tariff_path(side.tables, side.a.iso3, side.b.iso3)
    paired = twins(side.tables, side.a.iso3, side.b.iso3)
    items = (*_law(side, path), *_collected(side, path), *_sources(side), *_twins(side, paired))
    told = () if isinstance(paired, Unknown) else paired
    notes = (templates()["peers-note"],) if told else ()
    return Section("peers", items, tuple(charts.peers(side, path, told)), notes)


def _missing(case: Case, why: object) -> Item:
    blank = Figure("rank", why if isinstance(why, Unknown) else 0.0, "rank", "", COLLECTED, (), HERE)
    return case.tell("peers-month", {"rank": blank})


def _law(case: Case, path: TariffPath) -> Iterator[Item]:
    table = case.tables[STATUTORY]
    places = path.statutory if path.seller == case.a.iso3 else UNDER_UNION
    if isinstance(places, Unknown):
        lost = Figure("rate", places, "percentage_points", "", STATUTORY, (), HERE)
        yield case.tell("peers-place", {"rate": lost})
        return
    keys: Keys = {"importer": case.b.iso3, "date": tuple(one.period for one in places)}
    proof = (table.evidence("added_pct", {**keys, "partner": case.a.iso3}), table.evidence("added_pct", keys))
    key = "peers-place-ahead" if places[-1].scheduled else "peers-place"
    yield case.tell(key, _placed(places[-1], STATUTORY, proof), kind="estimate")
    yield case.tell("peers-dates", _dates(places, proof), kind="estimate")


def _placed(one: Place, table: str, proof: tuple[Evidence, ...]) -> dict[str, Figure]:
    blank = Figure("", 0.0, "count", one.period, table, proof, f"{HERE}.tariffs.place")
    return {
        "rate": replace(blank, name="rate", value=one.value, unit="percentage_points"),
        "rank": replace(blank, name="rank", value=float(one.rank), unit="rank"),
        "of": replace(blank, name="of", value=float(one.of)),
        "gap": replace(blank, name="gap", value=one.gap, unit="percentage_points"),
    }


def _dates(places: Sequence[Place], proof: tuple[Evidence, ...]) -> dict[str, Figure]:
    ranks = [one.rank for one in places]
    blank = Figure("", 0.0, "count", places[-1].period, STATUTORY, proof, f"{HERE}.tariffs.tariff_path")
    values = {
        "dates": len(places),
        "worst": min(ranks),
        "best": max(ranks),
        "of": max(one.of for one in places),
        "under": sum(one.gap < 0 for one in places),
        "over": sum(one.gap > 0 for one in places),
    }
    told = {name: replace(blank, name=name, value=float(value)) for name, value in values.items()}
    return {**told, "first": replace(blank, period=places[0].period)}


def _collected(case: Case, path: TariffPath) -> Iterator[Item]:
    if isinstance(path.collected, Unknown):
        yield _missing(case, path.collected)
        return
    last, year = path.collected[-1], _year_before(path.collected)
    proof = _customs(case, (year.period, last.period), "duty_usd", "imports_usd")
    then = _placed(year, COLLECTED, proof)
    told = {**_placed(last, COLLECTED, proof), "then": then["rank"], "thenof": then["of"]}
    yield case.tell("peers-month", told)
    gaps = {
        name: Figure(name, gap, "percentage_points", last.period, COLLECTED, proof, f"{HERE}.peers.peer_sets")
        for name, gap in last.gaps.items()
    }
    yield case.tell("peers-sets", gaps)


def _year_before(places: Sequence[Place]) -> Place:
    """Return the place a year before the last, or the first on file."""
    wanted = f"{int(places[-1].period[:4]) - 1}{places[-1].period[4:]}"
    return next((one for one in places if one.period == wanted), places[0])


def _customs(case: Case, months: tuple[str, ...], *columns: str) -> tuple[Evidence, ...]:
    table = case.tables[COLLECTED]
    keys: Keys = {"importer": case.b.iso3, "sector": ALL, "month": months}
    own: Keys = {**keys, "partner": case.a.iso3}
    return merge([[table.evidence(name, one) for name in columns for one in (own, keys)]])


def _sources(case: Case) -> Iterator[Item]:
    """Yield where the difference in the last month comes from."""
    month = panel(case.tables[COLLECTED], case.b.iso3).months[-1:]
    found = differences(case.tables, case.a.iso3, case.b.iso3, month) if month else ()
    if isinstance(found, Unknown):
        return
    for one in found[:1]:
        yield from _difference(case, one)


def _difference(case: Case, one: Difference) -> Iterator[Item]:
    table, month, sums = case.tables[COLLECTED], one.months[-1], one.sums()
    keys = {"importer": case.b.iso3, "month": month}
    proof = (table.evidence("duty_usd", {**keys, "partner": case.a.iso3}), table.evidence("duty_usd", keys))
    blank = Figure("", 0.0, "percentage_points", month, COLLECTED, proof, f"{HERE}.decomposition.decomposed")
    values = {
        "gap": one.gap,
        "security": sums["security_mix"] + sums["security_duty"],
        "mix": sums["other_mix"],
        "rate": sums["other_duty"],
    }
    yield case.tell(
        "peers-source", {name: replace(blank, name=name, value=value) for name, value in values.items()}
    )
    spared = one.exemption
    if isinstance(spared, Unknown) or isinstance(one.rest, Unknown):
        return
    told = preference.figures(case, month, spared)
    behind = (*told["effect"].evidence, *proof)
    told["rest"] = replace(told["effect"], name="rest", value=one.rest, evidence=behind)
    yield case.tell("peers-exempt", told, kind="estimate")


def _twins(case: Case, found: tuple[Paired, ...] | Unknown) -> Iterator[Item]:
    if isinstance(found, Unknown):
        lost = Figure("gap", found, "percentage_points", "", COLLECTED, (), f"{HERE}.synthetic")
        yield case.tell("peers-twin", {"gap": lost, "p": lost})
        return
    for one in found:
        yield _twin(case, one)


def _twin(case: Case, one: Paired) -> Item:
    ledger = case.tables[record.TABLE]
    act = ledger.evidence("date", {"id": one.episode.event})
    proof = (*_customs(case, one.months, "duty_usd", "imports_usd"), act)
    blank = Figure("", 0.0, "index", one.months[-1], COLLECTED, proof, f"{HERE}.synthetic.placebos")
    day = str(ledger.rows(id=one.episode.event)["date"][0])
    values: Mapping[str, Figure] = {
        "gap": replace(blank, name="gap", value=one.found.twin.gap, unit="fine_points"),
        "fit": replace(
            blank, name="fit", value=one.found.twin.before, unit="fine_points", period=one.months[0]
        ),
        "n": replace(blank, name="n", value=float(one.found.n), unit="count"),
        "p": replace(blank, name="p", value=PERCENT * one.found.p, unit="percent_whole"),
        "least": replace(blank, name="least", value=PERCENT / one.found.n, unit="percent_whole"),
        "act": replace(blank, name="act", period=day),
    }
    return case.tell("peers-twin", values, kind="estimate", about=one.episode.month)
