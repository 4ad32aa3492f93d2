"""A small linear model of sentences, trained on labelled ones that the user has.

No weights are shipped: the labelled sentences that are public come under licences that would bind them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palanca.catalogue import intake
from palanca.errors import InputError

LEAST = 20  # sentences to train on


@dataclass(frozen=True)
class Model:
    """Words and pairs of words weighed by logistic regression.

    Attributes:
        labels: what it tells apart, in the order of its probabilities.
    """

    labels: tuple[str, ...]
    pipeline: Any

    def probabilities(self, sentences: Sequence[str]) -> list[dict[str, float]]:
        """Return the probability of each label for each sentence."""
        if not sentences:
            return []
        found = self.pipeline.predict_proba(list(sentences))
        return [dict(zip(self.labels, map(float, row), strict=True)) for row in found]


def labelled(path: Path) -> list[tuple[str, str]]:
    """Return sentences and labels: one pair a line with a tab between, or a CSV with `sentence` and `kind`.

    Raises:
        InputError: it cannot be read, or a line has no label.
    """
    try:
        if path.suffix.lower() == ".csv":
            expected = intake.Expected(InputError, {"sentence": ("text",), "kind": ("label",)})
            return [(row["sentence"], row["kind"]) for row in intake.rows(path, expected)]
        lines = intake.text(path, InputError).split("\n")
        return [_pair(line, number) for number, line in enumerate(lines, 1) if line.strip()]
    except (ValueError, KeyError) as error:
        raise InputError(f"{path} cannot be read as labelled sentences: {error}") from error


def _pair(line: str, number: int) -> tuple[str, str]:
    sentence, mark, label = line.rstrip("\r\n").rpartition("\t")
    if not mark or not label.strip():
        raise ValueError(f"line {number} is not a sentence, a tab and a label")
    return sentence, label.strip()


def train(pairs: Sequence[tuple[str, str]]) -> Model:
    """Train a model; the same sentences give the same model.

    Raises:
        InputError: too few sentences, fewer than two labels, or `palanca[text]` is not installed.
    """
    labels = {label for _, label in pairs}
    if len(pairs) < LEAST or len(labels) < 2:
        raise InputError(f"{len(pairs)} sentences with {len(labels)} labels are too few to learn from.")
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError as error:
        raise InputError("To train needs scikit-learn: pip install 'palanca[text]'.") from error
    pipeline = make_pipeline(
        TfidfVectorizer(tokenizer=_tokens, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(C=10.0, max_iter=2000, class_weight="balanced"),
    )
    pipeline.fit([sentence for sentence, _ in pairs], [label for _, label in pairs])
    return Model(tuple(map(str, pipeline.classes_)), pipeline)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
