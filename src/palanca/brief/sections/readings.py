"""The effects of one measure as figures: read off the tables, or solved where the tables hold none."""

import json
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from palanca.brief.sections.case import Case
from palanca.catalogue import Evidence, Figure
from palanca.catalogue.results import remember
from palanca.catalogue.snapshot import cutoff
from palanca.catalogue.unknown import Unknown
from palanca.trade import digest, law
from palanca.trade.measure import Measure

LONG, SHORT = "long", "short"
INCOME = "real_income_pct"
QUANTITIES = {"income": INCOME, "wage": "real_wage_pct", "revenue": "tariff_revenue_income_pct"}
EVERY = {**QUANTITIES, "exports": "exports_pct"}
FLOWS = ("intermediate_usd", "final_usd")


@dataclass(frozen=True)
class OnFile:
    """Effects as the tables have them: `effects` and `sectors` are the rows of their tables."""

    case: Case
    measure: Measure
    tables: tuple[str, ...] = ("measure_effects", "measure_sectors")

    @property
    def effects(self) -> pl.DataFrame:
        """Effects by country."""
        return self.case.tables["measure_effects"].rows(measure=self.measure.name)

    @property
    def sectors(self) -> pl.DataFrame:
        """Changes of output by sector, long run."""
        return self.case.tables["measure_sectors"].rows(measure=self.measure.name)

    def effect(self, country: str, horizon: str, quantity: str, column: str = "value") -> Figure:
        """Return one cell of the table of effects."""
        keys = {"measure": self.measure.name, "horizon": horizon, "country": country, "quantity": quantity}
        return self.case.tables["measure_effects"].figure(column, column, **keys)

    def sector(self, country: str, sector: str, column: str = "output_pct") -> Figure:
        """Return one cell of the table of sectors."""
        keys = {"measure": self.measure.name, "country": country, "sector": sector}
        return self.case.tables["measure_sectors"].figure(sector, column, **keys)

    @property
    def ground(self) -> Figure | None:
        """Return the newest day of the law it is solved on top of; none on the base year alone."""
        files = self.case.tables["measure_files"]
        day = files.rows(measure=self.measure.name)["base_day"][0]
        return (
            replace(files.figure("ground", "clauses", measure=self.measure.name), period=day) if day else None
        )


@dataclass(frozen=True)
class Solved:
    """Effects solved as the brief is made; the evidence is what each sold at home and to the two before.

    Attributes:
        rows: of the tables of effects and sectors, as `trade.effects` returns them.
        base: what is law already.
    """

    case: Case
    measure: Measure
    rows: dict[str, list[dict[str, object]]]
    base: tuple[Measure, ...] = ()
    tables: tuple[str, ...] = ("world_flows",)

    @property
    def ground(self) -> Figure | None:
        """Return the newest day of the law it is solved on top of; none on the base year alone."""
        days = [one.start.isoformat() for one in self.base]
        return replace(self._figure(0.0, self.case.a.iso3, "count"), period=max(days)) if days else None

    @property
    def effects(self) -> pl.DataFrame:
        """Effects by country."""
        return pl.DataFrame(self.rows["measure_effects"], infer_schema_length=None)

    @property
    def sectors(self) -> pl.DataFrame:
        """Changes of output by sector, long run."""
        return pl.DataFrame(self.rows["measure_sectors"], infer_schema_length=None)

    def effect(self, country: str, horizon: str, quantity: str, column: str = "value") -> Figure:
        """Return one effect; it rests on what the country sold at home and to the pair."""
        keys = {"horizon": horizon, "country": country, "quantity": quantity}
        found = self.effects.filter(*(pl.col(name) == value for name, value in keys.items()))
        return self._figure(float(found[column][0]), country, "count" if column == "draws" else "percent")

    def sector(self, country: str, sector: str, column: str = "output_pct") -> Figure:
        """Return the change of output of one sector, or its part of value added."""
        here = (pl.col("country") == country) & (pl.col("sector") == sector)
        return self._figure(float(self.sectors.filter(here)[column][0]), country, "percent")

    def _figure(self, value: float, country: str, unit: str) -> Figure:
        flows, pair = self.case.tables["world_flows"], (self.case.a.iso3, self.case.b.iso3)
        buyers = tuple(dict.fromkeys((country, *pair)))  # at home too, for the two need not trade at all
        keys: dict[str, str | tuple[str, ...]] = {"origin": country, "destination": buyers}
        evidence = tuple(flows.evidence(column, keys) for column in FLOWS)
        method = "trade.effects.effects"
        return Figure("effect", value, unit, str(flows.frame["year"][0]), flows.name, evidence, method)


Reading = OnFile | Solved


def reading(case: Case, measure: Measure, *, on_file: bool) -> Reading | None:
    """Return the effects of a measure; none where the tables were made of another version of it.

    Args:
        on_file: whether the measure is one of the package's; else it is solved, once, and kept.
    """
    if on_file and not _too_new(case, measure):
        return OnFile(case, measure) if fresh(case, measure) else None
    base = law.base(measure, case.tables.as_of)
    return Solved(case, measure, solved(measure, (case.a.iso3, case.b.iso3), base), base)


def fresh(case: Case, measure: Measure) -> bool:
    """Return whether the tables were made of this measure as it stands, and of these tables."""
    rows = case.tables["measure_files"].rows(measure=measure.name)
    if rows.is_empty():
        return False
    mark = digest.of_effects(measure, law.base(measure, cutoff()))
    return (rows["digest"][0], rows["ground"][0]) == (mark, digest.of_ground())


def _too_new(case: Case, measure: Measure) -> bool:
    """Return whether a measure was solved on top of law that came after the day of the brief."""
    rows = case.tables["measure_files"].rows(measure=measure.name)
    days = rows["base_day"].drop_nulls()
    return bool(days.len()) and str(days[0]) > case.tables.as_of.isoformat()


def solved(
    measure: Measure, shown: tuple[str, str], base: tuple[Measure, ...] = ()
) -> dict[str, list[dict[str, object]]]:
    """Return the rows of the effects of a measure, from the user's cache if they are there."""
    number = digest.choices().draws_here
    marks = [digest.of_effects(measure, base), digest.of_ground(), number, *shown]
    found: dict[str, list[dict[str, object]]] = json.loads(
        remember("supposed", marks, partial(_solve, measure, number, shown, base))
    )
    return found


def _solve(measure: Measure, number: int, shown: tuple[str, str], base: tuple[Measure, ...]) -> bytes:
    from palanca.trade.effects import effects

    return json.dumps(effects(measure, number, shown=shown, base=base)).encode()


def level(end: Figure) -> Figure:
    """Return the percent of draws that an interval holds, on the rows of one of its ends."""
    value = end.value if isinstance(end.value, Unknown) else digest.choices().level
    return replace(end, name="level", value=value, unit="percent_whole", method="trade.digest.choices")


def counted(name: str, number: int, evidence: tuple[Evidence, ...], like: Figure) -> Figure:
    """Return a count that rests on the rows given."""
    return replace(
        like, name=name, value=float(number), unit="count", evidence=evidence, method="brief.count"
    )
