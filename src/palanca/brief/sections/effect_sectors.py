"""Which sectors a measure moves: ranked among those that weigh in the economy, and those it is aimed at."""

from collections.abc import Iterator, Sequence

import polars as pl

from palanca.brief.claims import Filling, Item
from palanca.brief.sections.case import Case
from palanca.brief.sections.chosen import directions
from palanca.brief.sections.readings import Reading, level
from palanca.catalogue import Country, Text
from palanca.catalogue.codes import sectors
from palanca.catalogue.thresholds import threshold, thresholds
from palanca.trade.law import total

FLOOR = "material_sector"


def told(case: Case, found: Reading, one: Country) -> Iterator[Item]:
    """Yield which sectors of a country lose and gain most, and what the sector aimed at does.

    Nothing is told where one rate stands for all goods of a partner: its sectors are not those of the law.
    """
    if total(found.measure):
        return
    rows = material(found, (one.iso3,)).filter(pl.col("country") == one.iso3).sort("output_pct", "sector")
    about = f"{found.measure.name}/{one.iso3}"
    if rows.height > 1:
        first, last = str(rows["sector"][0]), str(rows["sector"][-1])
        fillings: dict[str, Filling] = {
            "c": one,
            "floor": threshold(FLOOR),
            "level": level(found.sector(one.iso3, first, "lower")),
            **_one(found, one, first, ("worst", "low", "low_share")),
            **_one(found, one, last, ("best", "high", "high_share")),
        }
        yield case.tell("measure-sectors", fillings, kind="estimate", about=about)
    aimed = _aimed(found, one)
    if aimed:
        within = level(found.sector(one.iso3, aimed, "lower"))
        named: dict[str, Filling] = {"c": one, "aim": listed(found.measure.aim), "level": within}
        parts = _one(found, one, aimed, ("sector", "value", "share"))
        told = rows.height > 1 and aimed in (rows["sector"][0], rows["sector"][-1])
        key = "measure-aimed" if told else "measure-aim"
        yield case.tell(key, {**named, **parts}, kind="estimate", about=about, extra=("value",))


def material(found: Reading, codes: Sequence[str]) -> pl.DataFrame:
    """Return the rows of sectors that weigh in the economy of one of some countries; none of a flat total."""
    rows = found.sectors.filter(pl.col("country").is_in(list(codes)))
    large = rows.filter(pl.col("share_pct") >= thresholds()[FLOOR].value)["sector"].unique()
    return rows.filter(pl.col("sector").is_in([] if total(found.measure) else large.to_list()))


def listed(codes: Sequence[str]) -> Text:
    """Return the names of sectors, one after the other."""
    names = [sectors()[code].name for code in codes]
    return Text(en=", ".join(name.en for name in names), es=", ".join(name.es for name in names))


def _aimed(found: Reading, one: Country) -> str | None:
    """Return the first sector that a measure is aimed at, for a target of it."""
    act = found.measure
    if one.iso3 not in [target for _, target in directions(act, found.case)]:
        return None
    rows = found.sectors.filter(pl.col("country") == one.iso3)["sector"]
    return next((code for code in act.aim if code in rows.to_list()), None)


def _one(found: Reading, one: Country, sector: str, names: tuple[str, str, str]) -> dict[str, Filling]:
    """Return a sector, how its output changes, between which ends, and its part of value added."""
    label, change, share = names
    columns = {change: "output_pct", f"{change}_low": "lower", f"{change}_high": "upper", share: "share_pct"}
    cells = {name: found.sector(one.iso3, sector, column) for name, column in columns.items()}
    return {label: sectors()[sector].name, **cells}
