"""What a change of tariffs or trade costs does to every country and sector.

Importing does nothing else: the solver is loaded when one of its names is first asked for.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palanca.trade.closure import Closure as Closure
    from palanca.trade.closure import Deficits as Deficits
    from palanca.trade.closure import Horizon as Horizon
    from palanca.trade.equilibrium import Equilibrium as Equilibrium
    from palanca.trade.equilibrium import Model as Model
    from palanca.trade.equilibrium import equilibrium as equilibrium
    from palanca.trade.measure import Measure as Measure
    from palanca.trade.measure import measure as measure
    from palanca.trade.rebalance import as_economy as as_economy
    from palanca.trade.rebalance import balanced as balanced
    from palanca.trade.shock import NO_CHANGE as NO_CHANGE
    from palanca.trade.shock import Shock as Shock
    from palanca.trade.shock import added_tariff as added_tariff
    from palanca.trade.shock import embargo as embargo
    from palanca.trade.simulation import simulate as simulate

_HOME = {
    "NO_CHANGE": "shock",
    "Closure": "closure",
    "Deficits": "closure",
    "Equilibrium": "equilibrium",
    "Horizon": "closure",
    "Measure": "measure",
    "Model": "equilibrium",
    "Shock": "shock",
    "added_tariff": "shock",
    "as_economy": "rebalance",
    "balanced": "rebalance",
    "embargo": "shock",
    "equilibrium": "equilibrium",
    "measure": "measure",
    "simulate": "simulation",
}

__all__ = sorted(_HOME)


sys.modules[__name__].__class__ = type(sys.modules["palanca"])  # imports the names above when asked for them
