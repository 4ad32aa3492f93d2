"""Worlds drawn from all that is uncertain, the horizon told: elasticities, deficits and base data."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.stats.qmc import LatinHypercube

from palanca.economy import Economy, trade_elasticity
from palanca.economy.assumed import assumed
from palanca.trade import Closure, Horizon, Model
from palanca.trade.alternatives import alternatives
from palanca.trade.draws import Draw, draws_at
from palanca.trade.elasticities import Elasticities, elasticities
from palanca.trade.intervals import everything

SEED = 2022


@dataclass(frozen=True, eq=False)
class Worlds:
    """What the draws of one horizon are made on.

    Attributes:
        economy: the world.
        horizon: of all draws.
        known: θ by horizon.
        models: of the reported world by closure, at the centre; made so far.
    """

    economy: Economy
    horizon: Horizon
    known: Elasticities
    models: dict[Closure, Model] = field(default_factory=dict)

    @property
    def centre(self) -> Model:
        """The world at the centre of all that is drawn."""
        return self._model(Closure(self.horizon))

    def __iter__(self) -> Iterator[Model]:
        """Yield the world of each draw."""
        return map(self.at, sampled(self.known, self.horizon))

    def at(self, draw: Draw) -> Model:
        """Return the world of a draw."""
        lender, sectors = self._model(draw.closure), self.economy.sectors
        theta = trade_elasticity(dict(zip(sectors, draw.elasticity, strict=True)), sectors)
        structure = alternatives(lender.structure)[draw.world - 1]
        return replace(lender, structure=structure, elasticity=theta, lender=lender)

    def _model(self, closure: Closure) -> Model:
        if closure not in self.models:
            self.models[closure] = Model(self.economy.structure, self.known[self.horizon].centre, closure)
        return self.models[closure]


def worlds(economy: Economy, horizon: Horizon) -> Worlds:
    """Return the worlds drawn around an economy on one horizon."""
    return Worlds(economy, horizon, elasticities(economy))


def sampled(known: Elasticities, horizon: Horizon) -> list[Draw]:
    """Return draws of everything uncertain on one horizon, evenly spread along each part of it."""
    whole = everything((), known, Closure(horizon))
    number = int(assumed("power")["draws"].value)
    points = LatinHypercube(len(whole.names), rng=np.random.default_rng(SEED)).random(number)
    return draws_at(whole, points)
