"""Our result beside the published estimates of others, and how far each choice of ours moves it."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.catalogue.codes import product_sectors
from palanca.catalogue.parameters import parameters
from palanca.economy import Economy
from palanca.errors import BadMeasure, BadShock, NotConverged
from palanca.trade.closure import Closure, Deficits, Horizon
from palanca.trade.comparison import Rules, settled
from palanca.trade.elasticities import Elasticities
from palanca.trade.equilibrium import SETTINGS, Model
from palanca.trade.instruments import shock_of
from palanca.trade.law import Ground, ground
from palanca.trade.markets import Solution
from palanca.trade.measure import Measure
from palanca.trade.outcomes import BY_COUNTRY, value_added_pct
from palanca.trade.shock import Change, changes
from palanca.trade.spread import MEAN
from palanca.trade.variants import answers_itself, exempting, mirrored, unanswered
from palanca.trade.world import World

Array = NDArray[np.float64]

MANUFACTURING = "manufacturing_value_added_pct"
FACTORIES = "3"  # first digit of manufacturing in the North American Industry Classification
CLOSE = replace(SETTINGS, tolerance=1e-7)  # published estimates have two decimals at most
CHOICES = ("horizon", "deficits", "retaliation", "preference", "study")


@dataclass(frozen=True)
class Setting:
    """One way to run the model.

    Attributes:
        closure: horizon and deficits.
        retaliation: whether the targets answer in kind.
        preference: whether goods that claimed a preference are exempt.
        study: whose elasticities.
    """

    closure: Closure
    retaliation: bool
    preference: bool
    study: str

    @property
    def row(self) -> dict[str, str]:
        """The choices in words."""
        return {
            "horizon": str(self.closure.horizon),
            "deficits": str(self.closure.deficits),
            "retaliation": "yes" if self.retaliation else "no",
            "preference": "as claimed" if self.preference else "none",
            "study": self.study,
        }


@dataclass(frozen=True, eq=False)
class Court:
    """One measure under every choice of ours, beside what others published.

    Attributes:
        measure: judged.
        reference: the setting that the others are compared with: long horizon, deficits fixed,
            retaliation as the measure says, no exemption, mean of studies.
        runs: one row per setting, country and quantity; a setting that failed is one row with a reason.
        published: the estimates of others on the measure.
    """

    measure: Measure
    reference: Setting
    runs: pl.DataFrame
    published: pl.DataFrame

    @property
    def effects(self) -> pl.DataFrame:
        """What each choice alone changes: choice, setting, country, quantity, value, difference."""
        base = self._at(self.reference.row)
        frames = [self._effect(choice, base) for choice in CHOICES]
        return pl.concat(frames).sort("country", "quantity", "choice", "setting")

    @property
    def beside(self) -> pl.DataFrame:
        """Each published estimate with ours: at the reference, on its horizon, least to most, and by sign."""
        rules = parameters("court", Rules)
        rows = [self._compared(row, rules) for row in self.published.iter_rows(named=True)]
        return pl.DataFrame(rows, schema=BESIDE, orient="row")

    def _at(self, choices: dict[str, str]) -> pl.DataFrame:
        chosen = [pl.col(name) == value for name, value in choices.items()]
        return self.runs.filter(pl.col("reason").is_null(), *chosen)

    def _effect(self, choice: str, base: pl.DataFrame) -> pl.DataFrame:
        kept = {name: value for name, value in self.reference.row.items() if name != choice}
        others = self._at(kept).filter(pl.col(choice) != self.reference.row[choice])
        joined = others.join(
            base.select("country", "quantity", was="value"), on=["country", "quantity"], how="left"
        )
        return joined.select(
            pl.lit(choice).alias("choice"),
            pl.col(choice).alias("setting"),
            "country",
            "quantity",
            "value",
            (pl.col("value") - pl.col("was")).alias("difference"),
        )

    def _compared(self, row: dict[str, object], rules: Rules) -> dict[str, object]:
        rule = next(
            (item for item in rules.outcomes if (item.outcome, item.unit) == (row["outcome"], row["unit"])),
            None,
        )
        near = {item.published: item.horizon for item in rules.horizons}.get(str(row["horizon"]))
        quantity = rule.quantity if rule else ""
        ours = self.runs.filter(pl.col("country") == row["country"], pl.col("quantity") == quantity)
        kept = self.reference.row | ({"horizon": str(near)} if near else {})
        there = _only(ours, kept)
        return {
            **{name: row[name] for name in PUBLISHED},
            "quantity": quantity or None,
            "reference": _only(ours, self.reference.row),
            "on_its_horizon": there,
            "least": ours["value"].min() if ours.height else None,
            "most": ours["value"].max() if ours.height else None,
            "other_sign": None if there is None else there * float(str(row["value"])) < 0,
            "reason": rule.reason if rule else "no rule says which of our quantities is comparable",
        }


@dataclass(frozen=True, eq=False)
class Bench:
    """What the runs of one measure under one closure share, so that nothing is computed twice.

    Attributes:
        measure: judged.
        economy: the world before.
        thetas: θ by sector, by name of the study; the mean of studies first.
        countries: reported.
        closure: horizon and deficits.
        base: what is law already.
        models, changed, found, grounds: made so far.
    """

    measure: Measure
    economy: Economy
    thetas: Mapping[str, xr.DataArray]
    countries: tuple[str, ...]
    closure: Closure
    base: tuple[Measure, ...] = ()
    models: dict[str, Model] = field(default_factory=dict)
    changed: dict[tuple[bool, bool], Change] = field(default_factory=dict)
    found: dict[tuple[bool, bool], Solution] = field(default_factory=dict)
    grounds: dict[str, World] = field(default_factory=dict)

    def runs(self) -> list[dict[str, object]]:
        """Return the results of every combination of the other choices."""
        both = (False, True)
        choices = itertools.product(self.thetas, both, (False,) if settled(self.measure) else both)
        settings = [Setting(self.closure, answer, claim, study) for study, answer, claim in choices]
        return [row for setting in settings for row in self.run(setting)]

    def run(self, setting: Setting) -> Iterator[dict[str, object]]:
        """Yield the results of one setting, or one row with the reason why there are none."""
        try:
            before, after = self._worlds(setting)
        except (BadMeasure, BadShock, NotConverged) as error:
            yield {**setting.row, "reason": " ".join(str(error).split())}
            return
        for quantity, values in _quantities(before, after, self.economy).items():
            for label in self.countries:
                value = float(values[self.economy.countries.index(label)])
                yield {**setting.row, "country": label, "quantity": quantity, "value": value}

    def _worlds(self, setting: Setting) -> tuple[World, World]:
        """Return the worlds before and after; each search begins at what the mean of studies gave."""
        acts = setting.retaliation, setting.preference
        if acts not in self.changed:
            shock = shock_of(applied(self.measure, setting), self.economy, base=self.base)
            self.changed[acts] = changes(shock, self.economy.structure)
        model = self._model(setting.study)
        after = model.after(self.changed[acts], start=self.found.get(acts))
        self.found.setdefault(acts, after.solution)
        return self._before(model, setting.study), after

    def _before(self, model: Model, study: str) -> World:
        if not self.base:
            return model.before
        if study not in self.grounds:
            self.grounds[study] = model.after(shock_of(self.base, self.economy))
        return self.grounds[study]

    def _model(self, study: str) -> Model:
        if study not in self.models:
            mean, theta = self.models.get(MEAN), self.thetas[study]
            fresh = Model(self.economy.structure, theta, self.closure, CLOSE)
            self.models[study] = mean.like(theta) if mean else fresh
        return self.models[study]


TEXTS = ("country", "outcome", "unit", "qualifier", "horizon", "publisher", "source_url")
PUBLISHED = {**dict.fromkeys(TEXTS, pl.String), "value": pl.Float64}
OURS = dict.fromkeys(("reference", "on_its_horizon", "least", "most"), pl.Float64)
BESIDE = {**PUBLISHED, "quantity": pl.String, **OURS, "other_sign": pl.Boolean, "reason": pl.String}
RUNS = {
    **dict.fromkeys((*CHOICES, "country", "quantity"), pl.String),
    "value": pl.Float64,
    "reason": pl.String,
}


def court(
    measure: Measure,
    economy: Economy | Ground,
    known: Elasticities,
    *,
    countries: Sequence[str] = (),
    executor: Executor | None = None,
    models: dict[Closure, dict[str, Model]] | None = None,
) -> Court:
    """Run a measure under every choice of ours and set it beside the published estimates.

    Args:
        measure: judged.
        economy: the world before.
        known: θ by study, by horizon.
        countries: reported beside those that have published estimates.
        executor: of `concurrent.futures` or of its interface; this thread, if not given.
        models: by closure and study, those of other measures on the same economy; added to.

    Raises:
        BadMeasure: the measure does not fit the economy.
    """
    before = ground(economy)
    economy, base = before.economy, before.law
    shock_of([measure], economy, base=base)
    published = table("published_estimates").rows(measure=measure.name)
    wanted = [*published["country"].unique().sort(), *countries]
    shown = tuple(label for label in dict.fromkeys(wanted) if label in economy.countries)
    reference = Setting(Closure(), answers_itself(measure), False, MEAN)
    closures = [Closure(*choice) for choice in itertools.product(Horizon, Deficits)]
    made = {} if models is None else models
    benches = [
        Bench(measure, economy, known[one.horizon].by_study, shown, one, base, made.setdefault(one, {}))
        for one in closures
    ]
    solved = executor.map(Bench.runs, benches) if executor else map(Bench.runs, benches)
    runs = [row for rows in solved for row in rows]
    return Court(measure, reference, pl.DataFrame(runs, schema=RUNS, orient="row"), published)


def judged(measure: Measure) -> bool:
    """Return whether others have published estimates of a measure."""
    return table("published_estimates").rows(measure=measure.name).height > 0


def applied(measure: Measure, setting: Setting) -> list[Measure]:
    """Return what governments do under a setting.

    Raises:
        BadMeasure: retaliation is asked for where the measure acts on all partners.
    """
    act = measure if setting.retaliation else unanswered(measure)
    if setting.preference:
        act = exempting(act, parameters("court", Rules).preference_month)
    return [act, mirrored(act)] if setting.retaliation and not answers_itself(act) else [act]


def manufacturing(economy: Economy) -> tuple[str, ...]:
    """Return the sectors of factories; all, where no label is known to be one."""
    known = {sector for naics, sector in product_sectors().items() if naics.startswith(FACTORIES)}
    return tuple(label for label in economy.sectors if label in known) or economy.sectors


def _quantities(before: World, after: World, economy: Economy) -> dict[str, Array]:
    found = {name: quantity(before, after) for name, quantity in BY_COUNTRY.items()}
    found[MANUFACTURING] = value_added_pct(before, after, economy.structure, manufacturing(economy))
    return found


def _only(runs: pl.DataFrame, choices: dict[str, str]) -> float | None:
    found = runs.filter(*(pl.col(name) == value for name, value in choices.items()))
    return float(found["value"][0]) if found.height else None
