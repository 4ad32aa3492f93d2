"""What a resolution is about, read from its title where nobody has coded it."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.posture.rollcalls import ISSUES, UNCODED, Choices, RollCalls, subject

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """How titles are read.

    Attributes:
        rarest: titles that must hold a word before it counts.
        smoothing: added to each count of a word.
        sure: probability from which an issue is taken as given; below one less this, as absent.
        coded_share: part of a year's resolutions that must be coded before the year teaches.
        least_gain: how much oftener than the commoner answer it must be right before it is used.
        doubtful: issue, first and last year of codes that are not to be used.
    """

    rarest: int
    smoothing: float
    sure: float
    coded_share: float
    least_gain: float
    doubtful: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Classifier:
    """Naive Bayes on the words and pairs of words of a title, one question per issue.

    Attributes:
        words: column of each word.
        weights: (words, issues), log odds that a title holding the word adds.
        base: (issues,), log odds of a title that holds none.
    """

    words: dict[str, int]
    weights: Array
    base: Array

    def probabilities(self, titles: tuple[str, ...]) -> Array:
        """Return the probability of each issue, (titles, issues)."""
        odds = self.base + _table(titles, self.words) @ self.weights
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


@dataclass(frozen=True)
class Score:
    """How well one issue is told from titles of years that were not used to learn it.

    Attributes:
        accuracy: share of titles told rightly, of those on which the classifier answers.
        commonest: the same for always giving the commoner answer.
        precision: share of titles said to be on the issue that are.
        recall: share of titles on the issue that are found, unanswered ones counted as missed.
        answered: share of titles on which it answers at all.
        titles: how many were held out.
    """

    issue: str
    accuracy: float
    commonest: float
    precision: float
    recall: float
    answered: float
    titles: int


def learnt(titles: tuple[str, ...], issues: Choices, rules: Rules) -> Classifier:
    """Return the classifier that titles teach; `issues` is (titles, 6): 1 on it, 0 not, -1 not coded."""
    counts: dict[str, int] = {}
    for title in titles:
        for word in features(title):
            counts[word] = counts.get(word, 0) + 1
    kept = sorted(word for word, count in counts.items() if count >= rules.rarest)
    words = {word: at for at, word in enumerate(kept)}
    held = _table(titles, words)
    on, off = (issues == 1).astype(float), (issues == 0).astype(float)
    share_on = (held.T @ on + rules.smoothing) / (on.sum(axis=0) + 2 * rules.smoothing)
    share_off = (held.T @ off + rules.smoothing) / (off.sum(axis=0) + 2 * rules.smoothing)
    absent = np.log1p(-share_on) - np.log1p(-share_off)
    prior = np.log((on.sum(axis=0) + rules.smoothing) / (off.sum(axis=0) + rules.smoothing))
    return Classifier(words, np.log(share_on) - np.log(share_off) - absent, prior + absent.sum(axis=0))


def features(title: str) -> set[str]:
    """Return the words of a title and its pairs of neighbouring words."""
    words = subject(title).split()
    return {*words, *(" ".join(two) for two in itertools.pairwise(words))}


def _table(titles: tuple[str, ...], words: dict[str, int]) -> Array:
    held = np.zeros((len(titles), len(words)))
    for row, title in enumerate(titles):
        held[row, [words[word] for word in features(title) if word in words]] = 1
    return held


def coded(calls: RollCalls, rules: Rules) -> Choices:
    """Return the coder's issues by resolution, (resolutions, 6); -1 where there are none to use."""
    found = calls.issues.copy()
    for issue, first, last in rules.doubtful:
        found[(calls.years >= first) & (calls.years <= last), ISSUES.index(issue)] = UNCODED
    return found


def coded_years(calls: RollCalls, rules: Rules) -> list[int]:
    """Return the years in which most resolutions carry a coder's issues."""
    given = (calls.issues != UNCODED).any(axis=1)
    return [int(y) for y in np.unique(calls.years) if given[calls.years == y].mean() >= rules.coded_share]


def completed(calls: RollCalls, rules: Rules) -> Choices:
    """Return issues by resolution, (resolutions, 6), read from titles where no coder gave them.

    -1 stays where the title does not decide, or where titles of held-out years tell the issue no better than
    its commoner answer.
    """
    given, teaching = coded(calls, rules), np.isin(calls.years, coded_years(calls, rules))
    known = calls.only(teaching)
    chance = learnt(known.titles, given[teaching], rules).probabilities(calls.titles)
    useful = [score.accuracy >= score.commonest + rules.least_gain for score in scores(calls, rules)]
    told = np.where(useful, _decided(chance, rules), UNCODED)
    return np.where(given != UNCODED, given, told).astype(np.int8)


def _decided(chance: Array, rules: Rules) -> Choices:
    told = np.where(chance >= rules.sure, 1, np.where(chance <= 1 - rules.sure, 0, UNCODED))
    return told.astype(np.int8)


def scores(calls: RollCalls, rules: Rules) -> list[Score]:
    """Return how well each issue is told, every coded year held out in turn."""
    years = coded_years(calls, rules)
    teaching = np.isin(calls.years, years)
    known, true = calls.only(teaching), coded(calls, rules)[teaching]
    told = np.empty_like(true)
    for year in years:
        out = known.years == year
        taught = learnt(known.only(~out).titles, true[~out], rules)
        told[out] = _decided(taught.probabilities(known.only(out).titles), rules)
    return [_score(name, true[:, at], told[:, at]) for at, name in enumerate(ISSUES)]


def _score(name: str, true: Choices, told: Choices) -> Score:
    true, told = true[true != UNCODED], told[true != UNCODED]
    answered = told != UNCODED
    right = true == told
    return Score(
        issue=name,
        accuracy=float(right[answered].mean()),
        commonest=float(max(true.mean(), 1 - true.mean())),
        precision=float(right[told == 1].mean()) if (told == 1).any() else float("nan"),
        recall=float(right[true == 1].mean()),
        answered=float(answered.mean()),
        titles=len(true),
    )
