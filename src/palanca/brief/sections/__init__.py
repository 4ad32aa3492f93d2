"""The sections of a brief, each a list of claims and charts about one case."""

from palanca.brief.sections.alternatives import alternatives
from palanca.brief.sections.answers import answers
from palanca.brief.sections.case import Case, Section, case
from palanca.brief.sections.changed import changed
from palanca.brief.sections.dashboard import dashboard
from palanca.brief.sections.judgments import judgments, teaser
from palanca.brief.sections.matters import matters
from palanca.brief.sections.peers import peers
from palanca.brief.sections.posture import posture
from palanca.brief.sections.power import hidden, power
from palanca.brief.sections.pressure import pressure
from palanca.brief.sections.redirection import redirection
from palanca.brief.sections.simulated import simulated
from palanca.brief.sections.structure import structure
from palanca.brief.sections.tariffs import tariffs

__all__ = [
    "Case",
    "Section",
    "alternatives",
    "answers",
    "case",
    "changed",
    "dashboard",
    "hidden",
    "judgments",
    "matters",
    "peers",
    "posture",
    "power",
    "pressure",
    "redirection",
    "simulated",
    "structure",
    "tariffs",
    "teaser",
]
