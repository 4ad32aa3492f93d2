"""Many equilibria: measures under draws of what is uncertain, kept, found again, and counted when lost."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from palanca.catalogue.files import write_all
from palanca.catalogue.results import remember
from palanca.economy import Economy, Structure, trade_elasticity
from palanca.errors import BadShock, NotConverged
from palanca.solve import Settings
from palanca.trade.alternatives import alternatives, number
from palanca.trade.closure import Closure, Deficits
from palanca.trade.digest import of_ground
from palanca.trade.draws import Draw
from palanca.trade.equilibrium import SETTINGS, Model
from palanca.trade.instruments import shock_of
from palanca.trade.law import Ground, ground
from palanca.trade.measure import Measure
from palanca.trade.nearby import Solved
from palanca.trade.outcomes import BY_COUNTRY, output_pct
from palanca.trade.shock import NO_CHANGE, Change, changes
from palanca.trade.variants import answers_itself, claiming, mirrored
from palanca.trade.world import World

Array = NDArray[np.float64]

CHUNK = 250  # draws stored together: what an interruption may cost
CLOSE = replace(SETTINGS, tolerance=1e-7, expected=1e-5)  # far below the spread of the draws
APART = 0.5  # how far two base worlds, or months, lie apart where elasticities differ by as much in logs
QUANTILES = (0.05, 0.5, 0.95)
OUTPUT = "output_pct"
SCHEMA = {
    "scenario": pl.String,
    "draw": pl.Int32,
    "horizon": pl.String,
    "deficits": pl.String,
    "retaliation": pl.Boolean,
    "claimed": pl.Float64,
    "country": pl.String,
    "sector": pl.String,
    "quantity": pl.String,
    "value": pl.Float64,
    "reason": pl.String,
}

Scenarios = Mapping[str, Sequence[Measure]]


@dataclass(frozen=True)
class Shown:
    """What is reported of a solved world.

    Attributes:
        countries: every quantity of these.
        by_sector: output of these, sector by sector.
    """

    countries: tuple[str, ...]
    by_sector: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Results of many draws of many scenarios.

    Attributes:
        draws: what was drawn, in the order of their numbers.
        names: what the coordinates of a draw stand for.
        results: one row per scenario, draw, country, sector where output was asked for by sector, and
            quantity; a draw that failed is one row with a reason and neither country nor value.
    """

    draws: tuple[Draw, ...]
    names: tuple[str, ...]
    results: pl.DataFrame

    @property
    def failed(self) -> pl.DataFrame:
        """The draws that have no result, with the reason."""
        return self.results.filter(pl.col("reason").is_not_null())

    @property
    def inputs(self) -> pl.DataFrame:
        """The coordinates of every draw between zero and one, one row each."""
        points = np.array([draw.point for draw in self.draws])
        return pl.DataFrame({"draw": [draw.number for draw in self.draws]}, {"draw": pl.Int32}).hstack(
            pl.DataFrame(points, schema=list(self.names))
        )

    def summary(self, quantiles: Sequence[float] = QUANTILES) -> pl.DataFrame:
        """Return quantiles by scenario, horizon, country and quantity, with the draws they rest on."""
        solved = self.results.filter(pl.col("reason").is_null())
        levels = [pl.col("value").quantile(level, "linear").alias(f"q{level:g}") for level in quantiles]
        keys = ["scenario", "horizon", "deficits", "country", "sector", "quantity"]
        return solved.group_by(keys).agg(pl.len().alias("draws"), *levels).sort(keys)

    def save(self, folder: Path) -> None:
        """Write results, inputs and summary as Parquet files into a folder, all or none.

        Raises:
            UnwritableFolder: the folder cannot be written.
        """
        frames = {"results": self.results, "inputs": self.inputs, "summary": self.summary()}
        write_all(folder, {f"{name}.parquet": _parquet(frame) for name, frame in frames.items()})


@dataclass(frozen=True, eq=False)
class Job:
    """Some draws of one scenario: what is solved, stored and found again as one.

    Attributes:
        scenario: its name.
        measures: what governments do.
        economy: the world before.
        identity: hash of the economy.
        draws: to be solved.
        shown: what is reported.
        base: what is law already in the world before.
    """

    scenario: str
    measures: tuple[Measure, ...]
    economy: Economy
    identity: str
    draws: tuple[Draw, ...]
    shown: Shown
    base: tuple[Measure, ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """What the results depend on, ready for JSON."""
        return {
            "measures": [measure.model_dump(mode="json") for measure in self.measures],
            "base": [measure.model_dump(mode="json") for measure in self.base],
            "scenario": self.scenario,
            "economy": self.identity,
            "draws": [asdict(draw) for draw in self.draws],
            "shown": asdict(self.shown),
            "quantities": list(BY_COUNTRY),
            "settings": asdict(CLOSE),
            "ground": of_ground(),
        }


def ensemble(
    scenarios: Scenarios,
    economy: Economy | Ground,
    draws: Sequence[Draw],
    *,
    names: Sequence[str],
    shown: Shown | None = None,
    executor: Executor | None = None,
) -> Ensemble:
    """Solve every scenario under every draw; what was solved before is found, not solved again.

    Args:
        scenarios: measures taken together, by name.
        economy: the world before, with the law that is added to it, if any.
        draws: of what is uncertain.
        names: what the coordinates of the draws stand for.
        shown: what is reported; every quantity of all countries, if not given.
        executor: of `concurrent.futures` or of its interface; this thread, if not given.

    Raises:
        BadMeasure: a measure does not fit the economy, or has no answer in kind though one is drawn.
    """
    before = ground(economy)
    world, base = before.economy, before.law
    for measures in scenarios.values():
        for retaliation in {draw.retaliation for draw in draws}:
            shock_of(answered(measures, retaliation), world, base=base)
    jobs = list(_jobs(scenarios, before, draws, shown or Shown(world.countries)))
    solved = executor.map(solve, jobs) if executor else map(solve, jobs)
    frames = [pl.read_parquet(io.BytesIO(content)) for content in solved]
    return Ensemble(tuple(draws), tuple(names), pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA))


def answered(measures: Sequence[Measure], retaliation: bool) -> list[Measure]:
    """Return the measures, with the answer in kind to each that holds none if there is retaliation.

    Raises:
        BadMeasure: a measure acts on all partners, who cannot all be named as those who answer.
    """
    silent = [measure for measure in measures if not answers_itself(measure)] if retaliation else []
    return [*measures, *map(mirrored, silent)]


def solve(job: Job) -> bytes:
    """Return the results of a job as Parquet, from the user's cache if they are there."""
    return remember("ensemble", job.arguments, lambda: _parquet(_solved(job)))


def identity(economy: Economy) -> str:
    """Return a hash of everything the model reads of an economy."""
    structure = economy.structure
    digest = hashlib.sha256(repr((structure.countries, structure.sectors)).encode())
    for array in (
        structure.sourcing,
        structure.tariff,
        structure.value_added_share,
        structure.input_share,
        structure.final_share,
        structure.value_added,
        structure.deficit,
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _jobs(
    scenarios: Scenarios,
    before: Ground,
    draws: Sequence[Draw],
    shown: Shown,
) -> Iterator[Job]:
    economy, mark = before.economy, identity(before.economy)
    for name, measures in scenarios.items():
        for first in range(0, len(draws), CHUNK):
            part = tuple(draws[first : first + CHUNK])
            yield Job(name, tuple(measures), economy, mark, part, shown, before.law)


def _solved(job: Job) -> pl.DataFrame:
    middle = Middle(job)
    rows = [row for draw in job.draws for row in _rows(job, draw, middle)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@dataclass(frozen=True, eq=False)
class Middle:
    """What the draws of a job share; models are made at the geometric mean of their elasticities.

    Attributes:
        job: whose draws.
        models, changed, solved, grounds: made so far.
    """

    job: Job
    models: dict[tuple[Closure, int], Model] = field(default_factory=dict)
    changed: dict[tuple[bool, float | None, str | None], Change] = field(default_factory=dict)
    solved: dict[tuple[Closure, bool], Solved] = field(default_factory=dict)
    grounds: dict[Closure, Solved] = field(default_factory=dict)

    def model(self, closure: Closure, world: int = 0) -> Model:
        """Return the model that lends its quasi-Newton step to all draws under a closure.

        Args:
            closure: horizon and deficits.
            world: one of the alternatives, from one; the reported one, if zero.
        """
        key = closure, world
        if key not in self.models:
            self.models[key] = self._alternative(closure, world) if world else self._reported(closure)
        return self.models[key]

    def _reported(self, closure: Closure) -> Model:
        here = [draw.elasticity for draw in self.job.draws if draw.closure == closure]
        mean = np.exp(np.log(here or [draw.elasticity for draw in self.job.draws]).mean(0))
        return _lender(self.job.economy.structure, tuple(mean.tolist()), closure, CLOSE)

    def _alternative(self, closure: Closure, world: int) -> Model:
        lender = self.model(closure)
        found = alternatives(lender.structure)[world - 1]
        return replace(lender, structure=found, lender=lender)

    def change(self, draw: Draw) -> Change:
        """Return what the measures change under a draw.

        Raises:
            BadShock: a buyer loses every supplier.
        """
        act = draw.retaliation, draw.claimed, draw.month
        if act not in self.changed:
            measures = answered(self.job.measures, draw.retaliation)
            if draw.month:
                measures = [claiming(one, draw.month) for one in measures]
            shock = shock_of(measures, self.job.economy, base=self.job.base, claimed=draw.claimed)
            self.changed[act] = changes(shock, self.job.economy.structure)
        return self.changed[act]

    @cached_property
    def ground(self) -> Change | None:
        """What the law that is there before changes; None without any."""
        world = self.job.economy
        return changes(shock_of(self.job.base, world), world.structure) if self.job.base else None

    @cached_property
    def _nothing(self) -> Change:
        return changes(NO_CHANGE, self.job.economy.structure)

    def before(self, model: Model, place: Array) -> World:
        """Return the world before, with the law that is there already.

        Args:
            model: at the elasticities of a draw.
            place: their logarithms.

        Raises:
            NotConverged: it was not found.
        """
        if self.ground is None and model.closure.deficits is Deficits.FIXED:
            return model.before
        near, ground = self.grounds.setdefault(model.closure, Solved()), self.ground or self._nothing
        found = model.after(ground, start=near.guess(place))
        near.add(place, found.solution)
        return found

    def near(self, draw: Draw) -> Solved:
        """Return what has been solved under the same closure and answer, to guess from."""
        return self.solved.setdefault((draw.closure, draw.retaliation), Solved())


@lru_cache(maxsize=8)
def _lender(structure: Structure, theta: tuple[float, ...], closure: Closure, settings: Settings) -> Model:
    """Return the model at the middle of the draws: it and its step are those of every measure."""
    return Model(structure, _elasticity(structure.sectors, theta), closure, settings)


def _rows(job: Job, draw: Draw, middle: Middle) -> Iterable[dict[str, Any]]:
    about = {
        "scenario": job.scenario,
        "draw": draw.number,
        "horizon": str(draw.closure.horizon),
        "deficits": str(draw.closure.deficits),
        "retaliation": draw.retaliation,
        "claimed": draw.claimed,
    }
    try:
        before, after = _worlds(job, draw, middle)
    except (NotConverged, BadShock) as error:
        return [{**about, "reason": " ".join(str(error).split())}]
    at = job.economy.countries.index
    whole = [
        {**about, "country": label, "quantity": name, "value": float(values[at(label)])}
        for name, values in ((name, quantity(before, after)) for name, quantity in BY_COUNTRY.items())
        for label in job.shown.countries
    ]
    output = output_pct(before, after) if job.shown.by_sector else np.empty(0)
    parts = [
        {**about, "country": label, "sector": sector, "quantity": OUTPUT, "value": float(value)}
        for label in job.shown.by_sector
        for sector, value in zip(job.economy.sectors, output[at(label)], strict=True)
    ]
    return whole + parts


def _worlds(job: Job, draw: Draw, middle: Middle) -> tuple[World, World]:
    """Return the worlds before and after; a search that fails from what is shared is made on its own."""
    elasticity = _elasticity(job.economy.sectors, draw.elasticity)
    change, near = middle.change(draw), middle.near(draw)
    place = _place(draw)
    try:
        model = middle.model(draw.closure, draw.world).like(elasticity)
        before, after = middle.before(model, place), model.after(change, start=near.guess(place))
    except NotConverged:
        own = Model(middle.model(draw.closure, draw.world).structure, elasticity, draw.closure, CLOSE)
        ground = middle.ground
        return own.before if ground is None else own.after(ground), own.after(change)
    near.add(place, after.solution)
    return before, after


def _place(draw: Draw) -> Array:
    """Return where a draw lies among the others: elasticities, claims, and the base world by itself."""
    worlds = np.zeros(number() + 1)
    worlds[draw.world] = APART
    months = APART * draw.point[-2] if draw.month else 0.0
    return np.array([*np.log(draw.elasticity), draw.claimed or 0.0, months, *worlds])


def _elasticity(sectors: Sequence[str], theta: Sequence[float]) -> xr.DataArray:
    return trade_elasticity(dict(zip(sectors, theta, strict=True)), sectors)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
