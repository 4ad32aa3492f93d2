"""The world economy of one year, in labelled arrays that balance."""

from palanca.economy.accounts import Economy as Economy
from palanca.economy.aggregate import aggregate as aggregate
from palanca.economy.elasticity import trade_elasticity as trade_elasticity
from palanca.economy.structure import Structure as Structure
from palanca.economy.studies import Estimates as Estimates
from palanca.economy.studies import published as published
from palanca.economy.synthetic import synthetic as synthetic
from palanca.economy.world import economy as economy

__all__ = [
    "Economy",
    "Estimates",
    "Structure",
    "aggregate",
    "economy",
    "published",
    "synthetic",
    "trade_elasticity",
]
