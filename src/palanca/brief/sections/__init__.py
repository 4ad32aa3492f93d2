"""The sections of a brief, each a list of claims and charts about one case.

Importing does nothing else: a section is loaded when it is first written, so that the charts of the first
are drawn while the next are loaded.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palanca.brief.sections.alternatives import alternatives as alternatives
    from palanca.brief.sections.answers import answers as answers
    from palanca.brief.sections.case import Case as Case
    from palanca.brief.sections.case import Section as Section
    from palanca.brief.sections.case import case as case
    from palanca.brief.sections.changed import changed as changed
    from palanca.brief.sections.dashboard import dashboard as dashboard
    from palanca.brief.sections.judgments import judgments as judgments
    from palanca.brief.sections.judgments import teaser as teaser
    from palanca.brief.sections.matters import matters as matters
    from palanca.brief.sections.peers import peers as peers
    from palanca.brief.sections.posture import posture as posture
    from palanca.brief.sections.power import hidden as hidden
    from palanca.brief.sections.power import power as power
    from palanca.brief.sections.pressure import pressure as pressure
    from palanca.brief.sections.redirection import redirection as redirection
    from palanca.brief.sections.simulated import simulated as simulated
    from palanca.brief.sections.structure import structure as structure
    from palanca.brief.sections.tariffs import tariffs as tariffs

_HOME = {
    "Case": "case",
    "Section": "case",
    "alternatives": "alternatives",
    "answers": "answers",
    "case": "case",
    "changed": "changed",
    "dashboard": "dashboard",
    "hidden": "power",
    "judgments": "judgments",
    "matters": "matters",
    "peers": "peers",
    "posture": "posture",
    "power": "power",
    "pressure": "pressure",
    "redirection": "redirection",
    "simulated": "simulated",
    "structure": "structure",
    "tariffs": "tariffs",
    "teaser": "judgments",
}

__all__ = sorted(_HOME)

sys.modules[__name__].__class__ = type(sys.modules["palanca"])  # imports the names above when asked for them
