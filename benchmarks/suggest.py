"""Precision and recall of what `palanca ledger suggest` proposes, on labelled sentences.

    python benchmarks/suggest.py [--set open|held-out|all] [--json] [--wrong] [--record]

The sentences are in `tests/events/texts/acts/`, with what their labels mean. A suggestion is right if the
label has its actor and kind, told as done or, where the label says so, as planned or reported, and in the
year of the label. Precision is the share of right suggestions among all made; recall the share of
sentences, of those with an act that is due, on which a right one was made. Beside each figure stands the
one of `suggest_before.json`, with the commit at which it was measured. Sentences that were set aside are
only counted: `--wrong` prints those of the open set alone.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from palanca.events.coder import Document, RuleCoder, Suggestion

HERE = Path(__file__).parent
TEXTS = HERE.parent / "tests" / "events" / "texts" / "acts"
BEFORE = HERE / "suggest_before.json"
SETS = {"open": ("open",), "held-out": ("held_out",), "all": ("open", "held_out")}
PUBLISHED = date(2025, 6, 15)


@dataclass(frozen=True)
class Coded:
    """A labelled sentence and what was proposed from it."""

    text: str
    language: str
    sort: str
    due: bool
    acts: tuple[str, ...]
    made: tuple[str, ...]

    @property
    def right(self) -> int:
        """How many of the suggestions are right."""
        return sum(one in self.acts for one in self.made)


def coded(name: str) -> list[Coded]:
    """Return the sentences of a set with what is proposed from each."""
    rows = [row for file in SETS[name] for row in yaml.safe_load((TEXTS / f"{file}.yaml").read_text("utf-8"))]
    return [_coded(row) for row in rows]


def _coded(row: dict[str, Any]) -> Coded:
    day = row.get("date", PUBLISHED)
    found = RuleCoder(pair=tuple(row["pair"])).suggest(Document("sentence", row["text"], day))
    made = tuple(_named(one, row.get("year", day.year)) for one in found)
    return Coded(row["text"], row["language"], row["sort"], row["due"], tuple(row["acts"]), made)


def _named(one: Suggestion, year: int) -> str:
    """Return actor and kind as labels write them."""
    standing = getattr(one, "standing", "done")
    told = f"{one.actor} {one.kind}" + (f" ({standing})" if standing != "done" else "")
    return told if one.date and one.date.year == year else f"{told} in {one.date}"


def measured(name: str) -> dict[str, Any]:
    """Return every figure of a set."""
    found = coded(name)
    parts = {"all": found}
    parts |= {lang: [one for one in found if one.language == lang] for lang in ("en", "es")}
    for sort in ("done", "denied", "conditional", "quoted", "announced", "historical", "drawn"):
        parts[sort] = [one for one in found if one.sort == sort]
    return {part: figures(rows) for part, rows in parts.items()}


def figures(found: Sequence[Coded]) -> dict[str, float | None]:
    """Return counts, precision of suggestions and recall of acts that are due."""
    made, due = sum(len(one.made) for one in found), [one for one in found if one.due]
    return {
        "sentences": len(found),
        "suggestions": made,
        "precision": sum(one.right for one in found) / made if made else None,
        "due": len(due),
        "recall": sum(bool(one.right) for one in due) / len(due) if due else None,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--set", choices=tuple(SETS), default="open")
    parser.add_argument("--json", action="store_true", help="print every figure, now and before")
    parser.add_argument("--wrong", action="store_true", help="print what went wrong in the open set")
    parser.add_argument("--record", action="store_true", help="keep what is measured now as that of before")
    options = parser.parse_args(arguments)
    if options.record:
        record()
    before = json.loads(BEFORE.read_text("utf-8")) if BEFORE.exists() else {"commit": "", "sets": {}}
    now, then = measured(options.set), before["sets"].get(options.set, {})
    if options.json:
        result = {"set": options.set, "now": now, "before": {"commit": before["commit"], **then}}
        sys.stdout.write(json.dumps(result, indent=1) + "\n")
    else:
        sys.stdout.write(f"{options.set}, before at {before['commit'][:12]}\n{table(now, then)}\n")
    if options.wrong:
        sys.stdout.write("\n".join(wrong()) + "\n")
    return 0


def record() -> None:
    """Keep the figures of every set with the commit that is checked out."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True
    )
    kept = {"commit": commit.stdout.strip(), "sets": {name: measured(name) for name in SETS}}
    BEFORE.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def table(now: dict[str, Any], then: dict[str, Any]) -> str:
    """Return figures as text, each beside the one of before."""
    lines = [f"{'':14}{'n':>5}{'suggestions':>14}{'precision':>16}{'due':>6}{'recall':>16}"]
    for name, one in now.items():
        past = then.get(name, {})
        made = f"{one['suggestions']} ({past.get('suggestions', '-')})"
        shares = [f"{_percent(one[key])} ({_percent(past.get(key))})" for key in ("precision", "recall")]
        lines.append(f"{name:14}{one['sentences']:>5}{made:>14}{shares[0]:>16}{one['due']:>6}{shares[1]:>16}")
    return "\n".join(lines)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def wrong() -> list[str]:
    """Return the sentences of the open set with a wrong suggestion, or without one that is due."""
    bad = [one for one in coded("open") if len(one.made) > one.right or (one.due and not one.right)]
    return [
        f"{one.sort}: {', '.join(one.made) or 'nothing'} / {', '.join(one.acts)}: {one.text}" for one in bad
    ]


if __name__ == "__main__":
    sys.exit(main())
