"""Geoeconomic and foreign-policy risk between any two countries.

Imports point down only; packages on one line do not see each other::

    cli
    brief
    response
    posture
    exposure
    trade | events
    economy
    catalogue
    solve
    errors

Data flows up, one frozen noun per arrow: Source → Table → Figure → Claim → Brief → page.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from palanca.brief import Brief as Brief
    from palanca.brief import Claim as Claim
    from palanca.brief import brief as brief
    from palanca.catalogue import Country as Country
    from palanca.catalogue import Table as Table
    from palanca.catalogue import Unknown as Unknown
    from palanca.catalogue import country as country
    from palanca.catalogue import table as table
    from palanca.economy import Economy as Economy
    from palanca.economy import economy as economy
    from palanca.errors import PalancaError as PalancaError
    from palanca.exposure import Exposure as Exposure
    from palanca.exposure import exposure as exposure
    from palanca.trade.equilibrium import equilibrium as equilibrium
    from palanca.trade.measure import measure as measure
    from palanca.trade.simulation import simulate as simulate

__version__ = "0.1.0"

_HOME = {
    "Brief": "brief",
    "Claim": "brief",
    "Country": "catalogue",
    "Economy": "economy",
    "Exposure": "exposure",
    "PalancaError": "errors",
    "Table": "catalogue",
    "Unknown": "catalogue",
    "brief": "brief",
    "country": "catalogue",
    "economy": "economy",
    "equilibrium": "trade",
    "exposure": "exposure",
    "measure": "trade",
    "simulate": "trade",
    "table": "catalogue",
}

__all__ = sorted(_HOME)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Namespace(ModuleType):
    """Imports a public name of `_HOME` when first asked for it.

    It also keeps `palanca.brief` the function although importing the package of that name would hide it.
    """

    _HOME: dict[str, str]

    def __getattr__(self, name: str) -> Any:
        if name not in self._HOME:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{self.__name__}.{self._HOME[name]}"), name)

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in self._HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Namespace
