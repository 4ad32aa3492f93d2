"""The choices that close the model."""

from dataclasses import dataclass
from enum import StrEnum


class Horizon(StrEnum):
    """How far factors move: between all sectors of a country, or not at all."""

    LONG = "long"
    SHORT = "short"


class Deficits(StrEnum):
    """What happens to trade deficits: fixed as shares of world income, or none in either world."""

    FIXED = "fixed"
    ZERO = "zero"


@dataclass(frozen=True)
class Closure:
    """The choices that close the model, to be printed with every result.

    World factor income is the numeraire under each.
    """

    horizon: Horizon = Horizon.LONG
    deficits: Deficits = Deficits.FIXED

    def __str__(self) -> str:
        return f"{self.horizon} horizon, deficits {self.deficits}, numeraire world factor income"


DEFAULT_CLOSURE = Closure()
