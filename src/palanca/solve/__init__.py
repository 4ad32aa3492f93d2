"""Numerical solvers that know no economics: fixed points, roots, and how they ended."""

from palanca.solve.fixed_point import DEFAULT as DEFAULT
from palanca.solve.fixed_point import Settings as Settings
from palanca.solve.fixed_point import fixed_point as fixed_point
from palanca.solve.outcome import Outcome as Outcome
from palanca.solve.outcome import Reason as Reason
from palanca.solve.proportion import share_at as share_at
from palanca.solve.root import jacobian as jacobian
from palanca.solve.root import root as root

__all__ = ["DEFAULT", "Outcome", "Reason", "Settings", "fixed_point", "jacobian", "root", "share_at"]
