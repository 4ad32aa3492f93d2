"""Recorded votes of the UN General Assembly, from the files that publishers offer."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue.clean.files import csv
from palanca.errors import BadTable

ISSUES = ("me", "nu", "di", "hr", "co", "ec")
NO, ABSTAIN, YES, ABSENT = 0, 1, 2, -1
UNCODED = -1
LIBRARY = ("politics/unga_rollcalls/resolutions.csv.gz", "politics/unga_rollcalls/votes_wide.csv.gz")
VOETEN = "politics/unga_voeten/UNVotes.csv"
LETTERS = {"Y": YES, "A": ABSTAIN, "N": NO}
NUMBERS = {1: YES, 2: ABSTAIN, 3: NO}  # 8 is absent and 9 not a member
NEEDED = ("rcid", "vote", "Country", "date", "unres", "descr", *ISSUES)
FORMALITY = re.compile(r"\s*:\s*(resolution|decision)\b.*$", re.IGNORECASE | re.DOTALL)
VARIABLE = re.compile(r"\[[^\]]*\]|\d+|[^\w\s]")
CALENDAR = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december|session|report)\b"
)

Choices = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class RollCalls:
    """Votes by resolution and state.

    Attributes:
        states: codes, one per column.
        votes: (resolutions, states); 2 yes, 1 abstain, 0 no, -1 did not vote or no member.
        dates: of the votes, ISO.
        symbols: of the resolutions.
        titles: of the resolutions.
        issues: (resolutions, 6) in the order of `ISSUES`; 1 on the issue, 0 not, -1 not coded.
    """

    states: tuple[str, ...]
    votes: Choices
    dates: tuple[str, ...]
    symbols: tuple[str, ...]
    titles: tuple[str, ...]
    issues: Choices

    @cached_property
    def years(self) -> NDArray[np.int16]:
        """Calendar year of each vote, (resolutions,)."""
        return np.array([int(date[:4]) for date in self.dates], np.int16)

    def of(self, state: str) -> Choices:
        """Return the votes of one state, (resolutions,)."""
        return np.asarray(self.votes[:, self.states.index(state)])

    def only(self, wanted: NDArray[np.bool_]) -> "RollCalls":
        """Return the resolutions marked true, (resolutions,)."""
        kept = np.flatnonzero(wanted)
        return RollCalls(
            self.states,
            self.votes[kept],
            tuple(self.dates[i] for i in kept),
            tuple(self.symbols[i] for i in kept),
            tuple(self.titles[i] for i in kept),
            self.issues[kept],
        )

    def tally(self, symbol: str) -> tuple[int, int, int]:
        """Return how many voted yes, no and abstained on a resolution."""
        row = self.votes[self.symbols.index(symbol)]
        return int((row == YES).sum()), int((row == NO).sum()), int((row == ABSTAIN).sum())

    def subjects(self) -> tuple[str, ...]:
        """Return what each title is about without what changes from one session to the next."""
        return tuple(map(subject, self.titles))


def subject(title: str) -> str:
    """Return a title in lower case without form, numbers, dates and punctuation.

    Two resolutions of the same subject in different years are taken to be the same one, put again.
    """
    bare = VARIABLE.sub(" ", FORMALITY.sub("", title).lower())
    return " ".join(CALENDAR.sub(" ", bare).split())


def read(raw: Path) -> RollCalls:
    """Return the roll calls in a folder of raw files: the library's if it is there, else Voeten's.

    Raises:
        BadTable: neither is there, or one is not what its reader expects.
    """
    resolutions, wide = (raw / name for name in LIBRARY)
    if resolutions.is_file() and wide.is_file():
        return library(resolutions, wide)
    if (raw / VOETEN).is_file():
        return voeten(raw / VOETEN)
    raise BadTable(f"{raw} holds no roll calls:", [*LIBRARY, VOETEN])


def is_in(raw: Path) -> bool:
    """Return whether a folder of raw files holds roll calls."""
    return all((raw / name).is_file() for name in LIBRARY) or (raw / VOETEN).is_file()


def library(resolutions: Path, wide: Path) -> RollCalls:
    """Return the roll calls of the UN Digital Library: one row per resolution, one column per state."""
    frame = csv(wide)
    about = frame.select("id_record").join(
        csv(resolutions), on="id_record", how="left", maintain_order="left"
    )
    states = [column for column in frame.columns if column not in ("id_record", "symbol", "date")]
    letters = frame.select(pl.col(states).replace_strict(LETTERS, default=ABSENT, return_dtype=pl.Int8))
    coded = about.select(pl.col(ISSUES).fill_null(UNCODED).cast(pl.Int8))
    return RollCalls(
        tuple(states),
        letters.to_numpy(),
        tuple(frame["date"].cast(pl.String)),
        tuple(frame["symbol"]),
        tuple(about["title"].fill_null("")),
        coded.to_numpy(),
    )


def voeten(path: Path) -> RollCalls:
    """Return the roll calls of Voeten's file: one row per vote and state, amendments and parts left out.

    Votes are 1 yes, 2 abstain, 3 no, 8 absent, 9 no member; states are the codes of the column Country.

    Raises:
        BadTable: a column is missing.
    """
    frame = pl.read_csv(path, infer_schema_length=None, encoding="utf8-lossy", null_values=["NA", ""])
    lost = [name for name in NEEDED if name not in frame.columns]
    if lost:
        raise BadTable(f"{path} is not in Voeten's layout; columns missing:", lost)
    whole = [pl.col(name).fill_null(0) == 0 for name in ("amend", "para") if name in frame.columns]
    frame = frame.filter(*whole, pl.col("Country").str.len_chars() == 3)
    cast = pl.col("vote").replace_strict(NUMBERS, default=ABSENT, return_dtype=pl.Int8)
    wide = frame.with_columns(cast).pivot(
        "Country", index="rcid", values="vote", aggregate_function="first", sort_columns=True
    )
    about = (
        frame.group_by("rcid")
        .agg(pl.col("date", "unres", "descr", *ISSUES).first())
        .join(wide.select("rcid"), on="rcid", how="inner")
    )
    wide, about = wide.sort("rcid"), about.sort("rcid")
    states = wide.columns[1:]
    return RollCalls(
        tuple(states),
        wide.select(pl.col(states).fill_null(ABSENT)).to_numpy(),
        tuple(about["date"].cast(pl.String)),
        tuple(about["unres"].fill_null("")),
        tuple(about["descr"].fill_null("")),
        about.select(pl.col(ISSUES).fill_null(UNCODED).cast(pl.Int8)).to_numpy(),
    )


def repeats(calls: RollCalls, *, longest_gap: int) -> NDArray[np.int32]:
    """Return the number of the question that each resolution puts, (resolutions,).

    Resolutions of one subject share a number where the subject was voted on once in a year and again
    within `longest_gap` years. A subject put twice in a year is several questions, since titles cannot
    tell which of them returns; the number starts anew after a longer gap.
    """
    subjects, years = calls.subjects(), calls.years.tolist()
    keys = list(zip(subjects, years, strict=True))
    once = {key for key, count in Counter(keys).items() if count == 1 and key[0]}
    held: dict[str, tuple[int, int]] = {}
    numbers, count = np.empty(len(years), np.int32), 0
    for at in np.argsort(calls.years, kind="stable"):
        name, year = keys[at]
        number, last = held.get(name, (count, year))
        if keys[at] not in once or number == count or year - last > longest_gap:
            number, count = count, count + 1
        if keys[at] in once:
            held[name] = (number, year)
        numbers[at] = number
    return numbers
