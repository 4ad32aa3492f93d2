"""Tell: a dated brief in which every number, verb and comparison is computed from data."""

from palanca.brief.claims import Claim
from palanca.brief.compilation import Brief, brief

__all__ = ["Brief", "Claim", "brief"]
