"""Stand: votes, alignment, presence and coherence of states."""

from palanca.posture.pair import Posture, posture

__all__ = ["Posture", "posture"]
