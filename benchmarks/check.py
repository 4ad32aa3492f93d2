"""Precision of the verdicts of `palanca check` on labelled sentences, and how many statements get one.

    python benchmarks/check.py [--set open|held-out|later|wide|fresh|worded|worded-late|figures|palabras
        |palabras-late|last|more|acts|apart|all] [--json] [--wrong] [--record]

The sentences are in `tests/brief/texts/statements/`, with what their labels mean. A verdict is supported,
contradicted or mixed. It is right if it is among the verdicts of the label; on a sentence whose label is
only not_testable or none every verdict is wrong. Precision is the share of right verdicts among all given,
and `on table` the share that is right and rests on a table that the label's reason names. Recall is the
share of sentences decided by the tables that got a verdict, and the share that got a right one. Beside
each figure stands the one of `check_before.json`, with the commit at which it was measured. `all` is open,
held-out and later together. Rules may be developed on open, later, wide, fresh, worded, figures,
palabras, last, more and acts; the sentences of held-out, worded-late, palabras-late and apart are set
aside and only counted, and `--wrong` is refused for them.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from palanca.brief.check import check
from palanca.catalogue import Catalogue

HERE = Path(__file__).parent
TEXTS = HERE.parent / "tests" / "brief" / "texts" / "statements"
BEFORE = HERE / "check_before.json"
SETS = {
    "open": ("open",),
    "held-out": ("held_out",),
    "later": ("later",),
    "wide": ("wide",),
    "fresh": ("fresh",),
    "worded": ("worded",),
    "worded-late": ("worded_late",),
    "figures": ("figures",),
    "palabras": ("palabras",),
    "acts": ("acts",),
    "palabras-late": ("palabras_late",),
    "last": ("last",),
    "more": ("more",),
    "apart": ("apart",),
    "all": ("open", "held_out", "later"),
}
# what writers of rules may read; of others no sentence is shown
READ = ("open", "later", "wide", "fresh", "worded", "figures", "palabras", "last", "more", "acts")
DECIDED = ("supported", "contradicted", "mixed")


@dataclass(frozen=True)
class Labelled:
    """A sentence with its label and the verdicts given on it.

    Attributes:
        on_named: how many verdicts are right and rest on a table that the label names.
    """

    text: str
    language: str
    trap: str
    decidable: bool
    drawn: bool
    label: tuple[str, ...]
    given: tuple[str, ...]
    on_named: int

    @property
    def right(self) -> int:
        """How many of the verdicts given are among those of the label."""
        return sum(one in self.label for one in self.given)


def labelled(name: str) -> list[Labelled]:
    """Return the sentences of a set, each with the verdicts given on it as of its day."""
    rows = [row for file in SETS[name] for row in yaml.safe_load((TEXTS / f"{file}.yaml").read_text("utf-8"))]
    return [_labelled(row) for row in rows]


def _labelled(row: dict[str, Any]) -> Labelled:
    label = row["verdict"] if isinstance(row["verdict"], list) else [row["verdict"]]
    day = row["date"]
    found = check(row["text"], *row["pair"], catalogue=_tables(day), language=row["language"], written=day)
    verdicts = [one for one in found if one.verdict in DECIDED]
    named = set(re.findall(r"\w+", row["reason"]))
    rest = sum(one.verdict in label and any(e.table in named for e in one.evidence) for one in verdicts)
    about = (row["text"], row["language"], row["trap"], row["decidable"], row["source"] != "own")
    return Labelled(*about, tuple(label), tuple(one.verdict for one in verdicts), rest)


@cache
def _tables(day: date) -> Catalogue:
    return Catalogue(as_of=day)


def measured(name: str) -> dict[str, Any]:
    """Return every figure of a set."""
    found = labelled(name)
    return {
        "all": figures(found),
        "language": _by(found, lambda one: one.language),
        "origin": _by(found, lambda one: "White House" if one.drawn else "own"),
        "trap": _by(found, lambda one: one.trap),
        "confusion": confusion(found),
    }


def _by(found: Sequence[Labelled], key: Callable[[Labelled], str]) -> dict[str, dict[str, float | None]]:
    return {
        name: figures([one for one in found if key(one) == name]) for name in sorted(set(map(key, found)))
    }


def figures(found: Sequence[Labelled]) -> dict[str, float | None]:
    """Return counts, precision of verdicts, and what share of decidable sentences got one."""
    given, right = sum(len(one.given) for one in found), sum(one.right for one in found)
    can = [one for one in found if one.decidable]
    return {
        "sentences": len(found),
        "verdicts": given,
        "precision": right / given if given else None,
        "on_named": sum(one.on_named for one in found) / given if given else None,
        "decidable": len(can),
        "recall": sum(bool(one.given) for one in can) / len(can) if can else None,
        "recall_right": sum(bool(one.right) for one in can) / len(can) if can else None,
    }


def confusion(found: Iterable[Labelled]) -> dict[str, dict[str, int]]:
    """Return how often each label met each verdict; silent where no verdict was given."""
    pairs = Counter((" or ".join(one.label), said) for one in found for said in one.given or ("silent",))
    rows: dict[str, dict[str, int]] = {}
    for (label, said), count in sorted(pairs.items()):
        rows.setdefault(label, {})[said] = count
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--set", choices=tuple(SETS), default="open")
    parser.add_argument("--json", action="store_true", help="print every figure, now and before")
    parser.add_argument("--wrong", action="store_true", help="print the sentences of the set that went wrong")
    parser.add_argument(
        "--record", action="store_true", help="keep what is measured now as the figures of before"
    )
    options = parser.parse_args(arguments)
    if options.wrong and options.set not in READ:
        parser.error(f"--wrong prints sentences of {', '.join(READ)} only; those of the others are set aside")
    if options.record:
        record()
    before = json.loads(BEFORE.read_text("utf-8")) if BEFORE.exists() else {"commit": "", "sets": {}}
    now, then = measured(options.set), before["sets"].get(options.set, {})
    if options.json:
        result = {"set": options.set, "now": now, "before": {"commit": before["commit"], **then}}
        sys.stdout.write(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(f"{options.set}, before at {before['commit'][:12]}\n{table(now, then)}\n")
    if options.wrong:
        sys.stdout.write("\n".join(wrong(options.set)) + "\n")
    return 0


def record() -> None:
    """Keep the figures of every set with the commit that is checked out."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True
    )
    kept = {"commit": commit.stdout.strip(), "sets": {name: measured(name) for name in SETS}}
    BEFORE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def table(now: dict[str, Any], then: dict[str, Any]) -> str:
    """Return figures as text, each beside the one of before."""
    lines = [f"{'':24}{'n':>5}{'verdicts':>12}{'precision':>14}{'on table':>14}"]
    lines[0] += f"{'decidable':>11}{'got one':>14}{'right':>14}"
    lines.append(_line("all", now["all"], then.get("all", {})))
    for part in ("language", "origin", "trap"):
        past = then.get(part, {})
        lines += [_line(name, one, past.get(name, {})) for name, one in now[part].items()]
    lines.append("label: verdicts given, now (before)")
    for label, said in now["confusion"].items():
        past = then.get("confusion", {}).get(label, {})
        told = (f"{name} {said.get(name, 0)} ({past.get(name, 0)})" for name in sorted({*said, *past}))
        lines.append(f"  {label:28} {', '.join(told)}")
    return "\n".join(lines)


def _line(name: str, now: dict[str, Any], then: dict[str, Any]) -> str:
    def share(key: str) -> str:
        return f"{_percent(now[key])} ({_percent(then.get(key))})"

    counts = f"{now['verdicts']} ({then.get('verdicts', '-')})"
    return (
        f"{name:24}{now['sentences']:>5}{counts:>12}{share('precision'):>14}{share('on_named'):>14}"
        f"{now['decidable']:>11}{share('recall'):>14}{share('recall_right'):>14}"
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def wrong(name: str) -> list[str]:
    """Return the sentences of a set with a wrong verdict, or with none where the tables decide."""
    bad = [one for one in labelled(name) if len(one.given) > one.right or (one.decidable and not one.given)]
    return [f"{' or '.join(one.label)} / {', '.join(one.given) or 'silent'}: {one.text}" for one in bad]


if __name__ == "__main__":
    sys.exit(main())
