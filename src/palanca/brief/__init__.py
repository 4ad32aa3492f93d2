"""Tell: a dated brief in which every number, verb and comparison is computed from data.

Importing does nothing else: what writes is loaded when one of its names is first asked for.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palanca.brief.claims import Claim as Claim
    from palanca.brief.compilation import Brief as Brief
    from palanca.brief.compilation import brief as brief

_HOME = {"Brief": "compilation", "Claim": "claims", "brief": "compilation"}

__all__ = sorted(_HOME)

sys.modules[__name__].__class__ = type(sys.modules["palanca"])  # imports the names above when asked for them
