"""How often two states vote alike, and whose votes changed it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.posture.rollcalls import ABSENT, ABSTAIN, NO, UNCODED, YES, Choices, RollCalls, repeats

Array = NDArray[np.float64]
Counts = NDArray[np.int32]
CHOICES = (NO, ABSTAIN, YES)


@dataclass(frozen=True)
class Agreement:
    """Votes of two states in one year.

    Attributes:
        votes: resolutions on which both voted yes, no or abstained.
        same: of these, identical votes.
        halfway: of these, one abstained and the other did not.
    """

    votes: int
    same: int
    halfway: int

    @property
    def strict(self) -> float:
        """Share of identical votes."""
        return self.same / self.votes

    @property
    def graded(self) -> float:
        """The same with half a point where one of the two abstained."""
        return (self.same + self.halfway / 2) / self.votes


def counts(votes: Choices) -> tuple[Counts, Counts, Counts]:
    """Return resolutions on which both voted, identical votes and half agreements, (states, states) each.

    Args:
        votes: (resolutions, states), as in `RollCalls`.
    """
    parts = [(votes == choice).astype(np.float32) for choice in CHOICES]
    present = parts[NO] + parts[ABSTAIN] + parts[YES]
    decided = parts[NO] + parts[YES]
    same = sum((part.T @ part for part in parts), np.zeros((votes.shape[1],) * 2, np.float32))
    halfway = parts[ABSTAIN].T @ decided
    return (
        np.asarray(present.T @ present, np.int32),
        np.asarray(same, np.int32),
        np.asarray(halfway + halfway.T, np.int32),
    )


def agreement(first: Choices, second: Choices) -> Agreement:
    """Return how two states voted on the same resolutions, (resolutions,) each."""
    both = (first != ABSENT) & (second != ABSENT)
    apart = np.abs(first[both] - second[both])
    return Agreement(int(both.sum()), int((apart == 0).sum()), int((apart == 1).sum()))


@dataclass(frozen=True)
class Movement:
    """Strict agreement of two states in a year, and what it would have been.

    With both held, they agree as often as they did on comparable resolutions of the years before. A state
    that is held alone votes as it did on average on these; since averages lose what two states do in step,
    the difference that this makes with both held is added back.

    Attributes:
        observed: share of identical votes.
        both_held: share with both held: the resolutions changed, neither state did.
        first_held: with the first held, so that only the second moves.
        second_held: with the second held, so that only the first moves.
        votes: resolutions compared.
        repeated: share of them on which both had voted on the same question before, where it is known.
    """

    observed: float
    both_held: float
    first_held: float
    second_held: float
    votes: int
    repeated: float | None = None

    @property
    def by_first(self) -> float:
        """Change that the first state's votes brought, averaged over both orders of moving."""
        return (self.second_held - self.both_held + self.observed - self.first_held) / 2

    @property
    def by_second(self) -> float:
        """Change that the second state's votes brought."""
        return (self.first_held - self.both_held + self.observed - self.second_held) / 2


@dataclass(frozen=True, eq=False)
class Held:
    """Average behaviour of every state on what is comparable to each resolution of a year.

    Attributes:
        shares: (resolutions, states, 3), share of no, abstention and yes; not a number where a state cast
            no vote in the years before.
        repeated: (resolutions, states), whether it voted on the same question then.
        votes: (resolutions, states), what it votes now.
        alike: (resolutions, states, states), share of identical votes of two states on what is comparable;
            not a number where they never voted together.
    """

    shares: Array
    repeated: NDArray[np.bool_]
    votes: Choices
    alike: Array


def held(calls: RollCalls, issues: Choices, year: int, *, years: int, longest_gap: int) -> Held:
    """Return the average behaviour of every state in the `years` before `year`, by resolution of that year.

    Comparable is the same question put before; where a state never voted on it, resolutions on the same
    issues; where there are none, all resolutions.

    Args:
        calls: the votes.
        issues: (resolutions, 6), as `issues.completed` gives them.
        year: whose resolutions are asked about.
        years: how many years before it count.
        longest_gap: as in `repeats`.
    """
    window = (calls.years >= year - years) & (calls.years <= year)
    recent, about = calls.only(window), issues[window]
    question, now = repeats(recent, longest_gap=longest_gap), recent.years == year
    cast = np.stack([recent.votes == choice for choice in CHOICES], axis=2).astype(float)
    before = cast[~now]
    groups: list[NDArray[np.int64]] = [
        question.astype(np.int64),
        _numbered(about),
        np.zeros(len(about), np.int64),
    ]
    shares = np.full((int(now.sum()), len(calls.states), len(CHOICES)), np.nan)
    alike = np.full((int(now.sum()), len(calls.states), len(calls.states)), np.nan)
    for number, group in enumerate(groups):
        found = _averages(before, group[~now], group[now])
        if number == 0:
            repeated = ~np.isnan(found[:, :, 0])
        shares = np.where(np.isnan(shares), found, shares)
        alike = np.where(np.isnan(alike), _in_step(recent.votes[~now], group[~now], group[now]), alike)
    return Held(shares, repeated, recent.votes[now], alike)


def _in_step(before: Choices, group: NDArray[np.int64], asked: NDArray[np.int64]) -> Array:
    """Return shares of identical votes on earlier resolutions of the same group, (asked, states, states)."""
    found = np.full((len(asked), before.shape[1], before.shape[1]), np.nan)
    for number in np.unique(asked):
        shared, same, _ = counts(before[group == number])
        with np.errstate(invalid="ignore", divide="ignore"):
            found[asked == number] = same / shared
    return found


def _numbered(issues: Choices) -> NDArray[np.int64]:
    """Return the number of each row's set of issues; rows not wholly known are alone with their like."""
    return np.unique(issues, axis=0, return_inverse=True)[1].ravel().astype(np.int64)


def _averages(before: Array, group: NDArray[np.int64], asked: NDArray[np.int64]) -> Array:
    """Return mean choices by state over earlier resolutions of the same group, (asked, states, 3)."""
    size = int(max(group.max(initial=0), asked.max(initial=0))) + 1
    total = np.zeros((size, *before.shape[1:]))
    np.add.at(total, group, before)
    cast = total.sum(axis=2, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray((total / cast)[asked])


def movement(behaviour: Held, first: int, second: int) -> Movement | None:
    """Return what each of two states' votes did to their agreement; none where they cannot be compared.

    Args:
        behaviour: of the year.
        first: column of the one state.
        second: column of the other.
    """
    votes, shares = behaviour.votes[:, [first, second]], behaviour.shares[:, [first, second]]
    alike = behaviour.alike[:, first, second]
    kept = (votes != ABSENT).all(axis=1) & ~np.isnan(shares).any(axis=(1, 2)) & ~np.isnan(alike)
    if not kept.any():
        return None
    votes, shares, both = votes[kept], shares[kept], float(alike[kept].mean())
    row = np.arange(len(votes))
    step = both - float((shares[:, 0] * shares[:, 1]).sum(axis=1).mean())
    alone = [float(shares[row, one, votes[:, 1 - one]].mean()) for one in (0, 1)]
    return Movement(
        observed=float((votes[:, 0] == votes[:, 1]).mean()),
        both_held=both,
        first_held=min(max(alone[0] + step, 0.0), 1.0),
        second_held=min(max(alone[1] + step, 0.0), 1.0),
        votes=len(votes),
        repeated=float(behaviour.repeated[kept][:, [first, second]].all(axis=1).mean()),
    )


def movements(behaviour: Held) -> tuple[Array, Array, Array, Array]:
    """Return observed, both held, row held and votes for all pairs at once, (states, states) each.

    Row held holds the state of the row and lets that of the column move.
    """
    cast = behaviour.votes != ABSENT
    known = cast & ~np.isnan(behaviour.shares[:, :, 0])
    now = np.stack([behaviour.votes == choice for choice in CHOICES], axis=2).astype(float)
    usual = np.nan_to_num(behaviour.shares)
    size = cast.shape[1]
    observed, alike, product, held_row, shared = (np.zeros((size, size)) for _ in range(5))
    for at in range(len(cast)):
        both = known[at][:, None] & known[at][None, :] & ~np.isnan(behaviour.alike[at])
        shared += both
        observed += both * (now[at] @ now[at].T)
        product += both * (usual[at] @ usual[at].T)
        held_row += both * (usual[at] @ now[at].T)
        alike += np.where(both, behaviour.alike[at], 0)
    with np.errstate(invalid="ignore"):
        found = [np.asarray(total / shared) for total in (observed, alike, product, held_row)]
    seen, both_held, apart, alone = found
    return seen, both_held, np.clip(alone + both_held - apart, 0, 1), shared


def on_issue(issues: Choices, issue: int) -> NDArray[np.bool_]:
    """Return which resolutions are known to be on an issue, (resolutions,)."""
    return np.asarray(issues[:, issue] == 1)


def uncoded(issues: Choices) -> NDArray[np.bool_]:
    """Return which resolutions leave some issue open, (resolutions,)."""
    return np.asarray((issues == UNCODED).any(axis=1))
