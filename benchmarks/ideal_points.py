"""What ideal points cost, and how well they tell votes that were kept from them.

Run: python benchmarks/ideal_points.py RAW [FIRST_YEAR]. One vote in twenty is held out. Baselines: the
state's last vote on the same question (base rates of its year where it has none), and the commonest vote of
the ten states that agree with it most in that year.
"""

import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from palanca.posture import ordinal, rollcalls
from palanca.posture.given import assumptions
from palanca.posture.ideal import fit, laid_out
from palanca.posture.rollcalls import ABSENT, repeats

HELD, SEED, BLOC, SMOOTH = 0.05, 7, 10, 0.5


def scored(name, chances, true):
    """Print log score (higher is better) and accuracy."""
    picked = chances[np.arange(len(true)), true]
    print(
        f"{name:22} log score {np.log(picked).mean():.4f}  accuracy {(chances.argmax(1) == true).mean():.4f}"
    )


def by_model(calls, train, cells):
    """Return probabilities of held-out votes under the points estimated without them."""
    given = assumptions()
    found, problem = fit(train, given), laid_out(train, given)
    units = found.questions
    question = repeats(calls, longest_gap=given.longest_gap)[cells[0]]
    place = {code: at for at, code in enumerate(problem.states)}
    state = np.array([place.get(calls.states[at], 0) for at in cells[1]])
    theta = found.mean[state, calls.years[cells[0]] - problem.years[0]]
    return np.stack(ordinal.probabilities(*ordinal.cuts(units, question, theta)), axis=1), found


def rates(votes):
    """Return smoothed shares of no, abstention and yes."""
    counts = np.array([(votes == choice).sum() for choice in (0, 1, 2)]) + SMOOTH
    return counts / counts.sum()


def by_last_time(calls, train, cells):
    """Return shares of votes that followed the state's last vote on the same question."""
    question = repeats(calls, longest_gap=assumptions().longest_gap)
    follow, chances = np.full((3, 3), SMOOTH), np.empty((len(cells[0]), 3))
    order, last = np.argsort(calls.years, kind="stable"), {}
    before = np.full(train.votes.shape, ABSENT, np.int8)
    for row in order:
        key, now = int(question[row]), train.votes[row]
        past = last.get(key, np.full(len(now), ABSENT, np.int8))
        before[row] = past
        both = (past != ABSENT) & (now != ABSENT)
        np.add.at(follow, (past[both], now[both]), 1)
        last[key] = np.where(now != ABSENT, now, past)
    share = follow / follow.sum(axis=1, keepdims=True)
    base = {year: rates(train.votes[calls.years == year]) for year in np.unique(calls.years)}
    for at, (row, column) in enumerate(zip(*cells, strict=True)):
        past = before[row, column]
        chances[at] = base[calls.years[row]] if past == ABSENT else share[past]
    return chances


def by_bloc(calls, train, cells):
    """Return smoothed shares of the votes of the states that agree most with each in that year."""
    from palanca.posture.votes import counts

    near = {}
    for year in np.unique(calls.years):
        shared, same, halfway = counts(train.votes[calls.years == year])
        agree = np.where(shared > 0, (same + halfway / 2) / np.maximum(shared, 1), 0)
        np.fill_diagonal(agree, -1)
        near[year] = np.argsort(-agree, axis=1)[:, :BLOC]
    rows = [rates(train.votes[r, near[calls.years[r]][c]]) for r, c in zip(*cells, strict=True)]
    return np.array(rows)


def main():
    """Hold out votes, estimate, and print scores and costs."""
    calls = rollcalls.read(Path(sys.argv[1]))
    calls = calls.only(calls.years >= int(sys.argv[2])) if len(sys.argv) > 2 else calls
    cast = np.argwhere(calls.votes != ABSENT)
    picked = cast[np.random.default_rng(SEED).random(len(cast)) < HELD]
    cells, votes = (picked[:, 0], picked[:, 1]), calls.votes.copy()
    true = votes[cells].astype(int)
    votes[cells] = ABSENT
    train, start, wall = replace(calls, votes=votes), time.process_time(), time.time()
    chances, found = by_model(calls, train, cells)
    spent, passed = time.process_time() - start, time.time() - wall
    scored("ideal points", chances, true)
    scored("as last time", by_last_time(calls, train, cells), true)
    scored("with its bloc", by_bloc(calls, train, cells), true)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(true)} votes held out; {found.taken} steps; {spent:.0f} s CPU, {passed:.0f} s")
    print(f"{peak:.2f} GB at most")


if __name__ == "__main__":
    main()
