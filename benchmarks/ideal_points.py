"""Ideal points against votes kept from them, against known points, and against published ones.

Run: python benchmarks/ideal_points.py RAW held|published|coverage [FIRST LAST [RUNS]].

* held: one vote in twenty is held out. Baselines: the state's last vote on the same question (base rates of
  its year where it has none), and the commonest vote of the ten states that agree with it most in that year.
* published: correlation by year with the points of Bailey, Strezhnev and Voeten, published_ideal_points.csv:
  to 2012 the 23 states that a copy of the 2013 vintage was read for
  (github.com/jeffallen13/qsspy, MEASUREMENT/unvoting.csv), 2013 to 2023 eighteen states and 2024 all, of the
  2025 vintage (doi:10.7910/DVN/LEJUQZ in github.com/niki2675612895-cpu/unga-ideal-points). Years are
  sessions there and calendar years here.
* coverage: votes are drawn at points and questions that are themselves a draw from the votes on file, cast
  by the same states as then, and fitted again. How often intervals of nine tenths hold the truth.
"""

import csv
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import norm

from palanca.posture import derive, ideal, ordinal, rollcalls
from palanca.posture import given as numbers
from palanca.posture.given import assumptions
from palanca.posture.rollcalls import ABSENT, repeats

HELD, SEED, BLOC, SMOOTH = 0.05, 7, 10, 0.5
APART = 10  # years between the two ends of a change
USUAL = 0.6  # share of a year's votes below which a state counts as often absent
SHOWN = ("USA", "MEX")


def scored(name, chances, true):
    """Print log score (higher is better) and accuracy."""
    picked = chances[np.arange(len(true)), true]
    print(
        f"{name:22} log score {np.log(picked).mean():.4f}  accuracy {(chances.argmax(1) == true).mean():.4f}"
    )


def by_model(train, cells):
    """Return probabilities of held-out votes under the points estimated without them."""
    given = assumptions()
    found, problem = ideal.fit(train, given), ideal.laid_out(train, given)
    place = {code: at for at, code in enumerate(problem.states)}
    state = np.array([place.get(train.states[at], 0) for at in cells[1]])
    asked = found.questions[np.argsort(problem.rows)][cells[0]]
    theta = found.mean[state, train.years[cells[0]] - problem.years[0]]
    return ordinal.probabilities(asked[:, 0], asked[:, 1], asked[:, 2] * theta)


def rates(votes):
    """Return smoothed shares of no, abstention and yes."""
    counts = np.array([(votes == choice).sum() for choice in (0, 1, 2)]) + SMOOTH
    return counts / counts.sum()


def by_last_time(calls, train, cells):
    """Return shares of votes that followed the state's last vote on the same question."""
    question = repeats(calls, longest_gap=numbers.given().movement.longest_gap)
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


def held(calls):
    """Hold out votes, estimate, and print scores and costs."""
    cast = np.argwhere(calls.votes != ABSENT)
    picked = cast[np.random.default_rng(SEED).random(len(cast)) < HELD]
    cells, votes = (picked[:, 0], picked[:, 1]), calls.votes.copy()
    true = votes[cells].astype(int)
    votes[cells] = ABSENT
    train, start, wall = replace(calls, votes=votes), time.process_time(), time.time()
    chances = by_model(train, cells)
    spent, passed = time.process_time() - start, time.time() - wall
    scored("ideal points", chances, true)
    scored("as last time", by_last_time(calls, train, cells), true)
    scored("with its bloc", by_bloc(calls, train, cells), true)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(true)} votes held out; {spent:.0f} s CPU, {passed:.0f} s, {peak:.2f} GB at most")


def published(calls):
    """Print how the points of each year correlate with the published ones, and the distance of two states."""
    found = ideal.fit(calls, assumptions())
    place = {code: at for at, code in enumerate(found.states)}
    theirs = {}
    with (Path(__file__).parent / "published_ideal_points.csv").open() as rows:
        for row in csv.DictReader(rows):
            code = "SUN" if row["country"] == "RUS" and int(row["year"]) < 1992 else row["country"]
            theirs.setdefault(int(row["year"]), {})[code] = float(row["point"])
    for year, points in theirs.items():
        at = found.years.index(year)
        both = [code for code in points if code in place and found.votes[place[code], at]]
        ours = np.array([found.mean[place[code], at] for code in both])
        other = np.array([points[code] for code in both])
        apart = np.abs((ours - ours.mean()) / ours.std() - (other - other.mean()) / other.std())
        worst = [both[one] for one in np.argsort(-apart)[:3]]
        put = int((calls.years == year).sum())
        print(f"{year} r {np.corrcoef(ours, other)[0, 1]:.3f} states {len(both)} votes {put}", *worst)
        if all(code in both for code in SHOWN):
            here = abs(np.subtract(*(found.mean[place[code], at] for code in SHOWN)))
            there = abs(np.subtract(*map(points.get, SHOWN)))
            print(f"     {'-'.join(SHOWN)} {here:.2f}, published {there:.2f}")


def drawn_votes(problem, truth, rng):
    """Return the problem with votes drawn at known points and questions, cast by the same states."""
    points, questions = truth
    asked = questions[np.repeat(np.arange(len(questions)), np.diff(problem.begins))]
    pull = asked[:, 2] * points.ravel()[problem.cells] + rng.standard_normal(len(asked))
    low, high = asked[:, 0] - np.exp(asked[:, 1]), asked[:, 0] + np.exp(asked[:, 1])
    choices = ((pull > low).astype(np.int8) + (pull > high)).astype(np.int8)
    return replace(problem, choices=choices, chosen=choices[np.argsort(problem.cells, kind="stable")])


def kinds(problem, points):
    """Return masks of kinds of states by year."""
    seen, far = problem.cast > 0, np.abs(points)
    put = np.bincount(problem.year, minlength=len(problem.years))
    edges = {
        "median (below .5)": (0, 0.5),
        "pivotal (.5 to 1.5)": (0.5, 1.5),
        "outer (1.5 to 2.5)": (1.5, 2.5),
    }
    found = {"all": seen, **{name: seen & (far >= low) & (far < high) for name, (low, high) in edges.items()}}
    found["extreme (above 2.5)"] = seen & (far >= 2.5)
    found["often absent"] = seen & (problem.cast < USUAL * put[:, None])
    for code in SHOWN:
        found[code] = seen & (np.array(problem.states) == code)
    return found


def coverage(calls, runs):
    """Print how often intervals hold known points, their distances to one state, and changes of these."""
    given, wide = assumptions(), float(norm.ppf(0.95))
    problem = ideal.laid_out(calls, given)
    kept = [(d.points.copy(), d.questions.copy()) for d in ideal.sweeps(problem, given)][
        :: given.draws // runs
    ]
    total = {}
    for run, truth in enumerate(kept[:runs]):
        again = drawn_votes(problem, truth, np.random.default_rng(SEED + run))
        places = []
        for draw in ideal.sweeps(again, replace(given, seed=run)):
            level, scale = ideal.scales(again, draw.points)
            places.append((draw.points - level[:, None]) / scale[:, None])
        places = np.array(places)
        level, scale = ideal.scales(again, truth[0])
        true = (truth[0] - level[:, None]) / scale[:, None]
        for name, inside, away in compared(again, places, true, (wide, given)):
            total.setdefault(name, []).append((inside.sum(), inside.size, away.sum()))
    for name, rows in total.items():
        hit, count, away = np.sum(rows, axis=0)
        print(f"{name:28} {hit / count:.3f} of {count:6.0f}, off by {away / count:+.3f}")


def compared(problem, places, true, beliefs):
    """Yield, by kind, whether an interval holds the truth, and the estimate less the truth."""
    (wide, given), mean, seen = beliefs, places.mean(0), problem.cast > 0
    deviation = ideal.widened(mean, places.std(0), given)
    for name, mask in kinds(problem, true).items():
        yield name, (np.abs(mean - true) <= wide * deviation)[mask], (np.abs(mean) - np.abs(true))[mask]
    at = problem.states.index(SHOWN[0])
    both = seen & seen[:, [at]] & (np.arange(len(problem.states)) != at)
    far, near = np.abs(mean - mean[:, [at]]), np.abs(true - true[:, [at]])
    error = np.hypot(deviation, deviation[:, [at]])
    yield f"distance to {SHOWN[0]}", (np.abs(far - near) <= wide * error)[both], (far - near)[both]
    error, both = np.hypot(error[APART:], error[:-APART]), both[APART:] & both[:-APART]
    off = (far[APART:] - far[:-APART]) - (near[APART:] - near[:-APART])
    yield f"its change in {APART} years", (np.abs(off) <= wide * error)[both], off[both]


def main():
    """Read the votes and print what is asked for."""
    if len(sys.argv) < 3 or sys.argv[2] not in ("held", "published", "coverage"):
        sys.exit(__doc__)
    raw, what, *rest = sys.argv[1:]
    calls = derive.read(Path(raw)).calls if what != "held" else rollcalls.read(Path(raw))
    if len(rest) > 1:
        calls = calls.only((calls.years >= int(rest[0])) & (calls.years <= int(rest[1])))
    if what == "coverage":
        coverage(calls, int(rest[2]) if len(rest) > 2 else 4)
    else:
        {"held": held, "published": published}[what](calls)


if __name__ == "__main__":
    main()
