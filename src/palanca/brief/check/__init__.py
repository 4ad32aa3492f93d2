"""Check: test what an analyst's text states about a pair of countries."""

from palanca.brief.check.statement import Statement
from palanca.brief.check.testing import Found, check

__all__ = ["Found", "Statement", "check"]
