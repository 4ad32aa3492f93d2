"""Watch: the matters on which one country presses the other, and how they move."""

from palanca.events.fronts import Front, fronts

__all__ = ["Front", "fronts"]
