"""How a solver ended."""

from dataclasses import dataclass
from enum import StrEnum

from palanca.errors import NotConverged


class Reason(StrEnum):
    """Why a solver stopped."""

    CONVERGED = "converged"
    LIMIT = "iteration limit reached"
    NOT_FINITE = "a value was not finite"
    NO_PROGRESS = "no shorter step lowered the residual"


@dataclass(frozen=True)
class Outcome:
    """How a solver ended.

    Attributes:
        reason: why it stopped.
        residual: largest absolute residual at the point returned, in the unit of the residual.
        iterations: evaluations of the function, the last one included.
    """

    reason: Reason
    residual: float
    iterations: int

    @property
    def converged(self) -> bool:
        """Whether the residual is a number within the tolerance."""
        return self.reason is Reason.CONVERGED

    def required(self, what: str) -> "Outcome":
        """Return this outcome, or raise if it is not a convergence.

        Args:
            what: what was being solved, to open the message.

        Raises:
            NotConverged: the solver stopped for another reason.
        """
        if self.converged:
            return self
        raise NotConverged(
            f"{what} did not converge: {self.reason} "
            f"(residual {self.residual:.1e} after {self.iterations} iterations). "
            "Loosen the tolerance, allow more iterations, or take the shock in smaller steps."
        )
