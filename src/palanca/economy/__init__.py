"""The world economy of one year, in labelled arrays that balance.

Importing does nothing else: what reads tables is loaded when one of its names is first asked for.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palanca.economy.accounts import Economy as Economy
    from palanca.economy.aggregate import aggregate as aggregate
    from palanca.economy.elasticity import trade_elasticity as trade_elasticity
    from palanca.economy.structure import Structure as Structure
    from palanca.economy.studies import Estimates as Estimates
    from palanca.economy.studies import published as published
    from palanca.economy.synthetic import synthetic as synthetic
    from palanca.economy.world import economy as economy

_HOME = {
    "Economy": "accounts",
    "Estimates": "studies",
    "Structure": "structure",
    "aggregate": "aggregate",
    "economy": "world",
    "published": "studies",
    "synthetic": "synthetic",
    "trade_elasticity": "elasticity",
}

__all__ = sorted(_HOME)

sys.modules[__name__].__class__ = type(sys.modules["palanca"])  # imports the names above when asked for them
