"""Check: test what an analyst's text states about a pair of countries."""

from palanca.brief.check.testing import Found, check

__all__ = ["Found", "check"]
