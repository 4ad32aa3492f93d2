"""Which worlds can have no equilibrium under a closure, and what to say of them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from palanca.errors import NoEquilibrium
from palanca.trade.closure import Closure, Deficits
from palanca.trade.problem import Problem

Array = NDArray[np.float64]
Links = NDArray[np.bool_]

ROUNDING = 1e-12  # of the world's value added: sums of doubles
NAMED = 3  # countries named in an error


def require_payable(
    problem: Problem, transfer: Array, *, countries: tuple[str, ...], closure: Closure
) -> None:
    """Refuse a world in which some group cannot pay for its trade, whatever wages are.

    A group that sells to nobody outside it pays for imports by its deficits alone; one that buys from
    nobody outside is paid for exports by its surpluses alone; one that does neither has no balance to
    settle.

    Args:
        problem: the world after a change.
        transfer: (N,), what countries receive from each other under any closure, in its units.
        countries: their labels.
        closure: that it is to be solved under.

    Raises:
        NoEquilibrium: there is such a group.
    """
    links = _links(problem)
    group = next(_unpayable(links, problem.deficit), None)
    if group is not None:
        few = group if group.sum() <= len(group) / 2 else ~group
        names = _listed([countries[place] for place in np.flatnonzero(few)])
        owed = f"its balance of {-100 * problem.deficit[few].sum():+.2g} percent of world income"
        reason = f"{names} {_barred(links, few)} the others, and {owed} cannot be settled so"
        raise no_equilibrium(reason, closure, cured=next(_unpayable(links, transfer), None) is None)


def _barred(links: Links, group: Links) -> str:
    buys, sells = links[group][:, ~group].any(), links[~group][:, group].any()
    return "can sell nothing to" if buys else "can buy nothing from" if sells else "cannot trade with"


def require_earned(income: Array, countries: tuple[str, ...], closure: Closure) -> None:
    """Refuse a world that balances on paper, with countries that would have to live on less than nothing.

    Args:
        income: (N,), what each country can spend.
        countries: their labels.
        closure: that it was solved under.

    Raises:
        NoEquilibrium: there is such a country.
    """
    if not (income > 0).all():
        names = [countries[place] for place in np.flatnonzero(~(income > 0))]
        reason = f"{_listed(names)} cannot earn the surplus that would have to be passed on to others"
        raise no_equilibrium(reason, closure, cured=closure.deficits is Deficits.FIXED)


def no_equilibrium(reason: str, closure: Closure, *, cured: bool) -> NoEquilibrium:
    """Return the error that says why a closure has no solution, and what has one."""
    advice = (
        "Solve it without deficits: --deficits zero, or Closure(deficits=Deficits.ZERO)."
        if cured and closure.deficits is Deficits.FIXED
        else "Forbid less, or trade in both directions."
    )
    return NoEquilibrium(f"This closure ({closure}) has no solution: {reason}. {advice}")


def _links(problem: Problem) -> Links:
    """Return who can still buy anything from whom, (N, N) [buyer, seller], own sales left out."""
    wanted = (problem.final_share > 0) | (problem.input_share > 0).any(2)
    found = np.asarray(((problem.access > 0) & wanted.T[:, :, None]).any(0))
    return found & ~np.eye(len(found), dtype=bool)


def _unpayable(links: Links, deficit: Array) -> Iterator[Links]:
    """Yield groups, (N,), whose deficits contradict the trade they can still have, small ones first."""
    for sells, reached in ((False, _closure(links.T)), (True, _closure(links))):
        for group in sorted(reached, key=np.count_nonzero):
            outside = links[~group][:, group] if sells else links[group][:, ~group]
            owed = deficit[group].sum() * (-1 if sells else 1)
            if (owed <= ROUNDING) if outside.any() else (abs(owed) > ROUNDING):
                yield group


def _closure(links: Links) -> Links:
    """Return for each country those that trade leads to, itself among them, (N, N)."""
    reach = links | np.eye(len(links), dtype=bool)
    while True:
        further = (reach.astype(np.float64) @ reach) > 0
        if (further == reach).all():
            return reach
        reach = further


def _listed(names: list[str]) -> str:
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + rest
