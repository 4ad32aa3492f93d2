"""Measure: how exposed a country is to a partner, read off tables, in both directions."""

from palanca.exposure.customs import Sector
from palanca.exposure.pair import Exposure, exposure, mirror

__all__ = ["Exposure", "Sector", "exposure", "mirror"]
