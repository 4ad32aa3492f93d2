"""Answer: how a country answers pressure, what followed from it, and how others fared."""

from palanca.response.pair import Response, response

__all__ = ["Response", "response"]
