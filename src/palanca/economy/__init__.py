"""The world economy of one year, in labelled arrays that balance."""

from palanca.economy.accounts import Economy as Economy
from palanca.economy.aggregate import aggregate as aggregate
from palanca.economy.elasticity import trade_elasticity as trade_elasticity
from palanca.economy.structure import Structure as Structure
from palanca.economy.synthetic import synthetic as synthetic

__all__ = ["Economy", "Structure", "aggregate", "synthetic", "trade_elasticity"]
