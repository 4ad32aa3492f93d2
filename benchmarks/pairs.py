"""What a careful reader would strike out of the briefs of thousands of pairs.

    python benchmarks/pairs.py [--pairs 3000] [--seed 2026] [--only SECTION …] [--part 1/1]
                               [--done FILE] [--json]

Pairs are drawn by a fixed seed from all ordered pairs of countries, a fifth of them with the largest
importer. Their claims are compiled without pictures, and read by `palanca.brief.proofreading`: ratios with a
side below its floor, intervals of one number, values outside their interval, directions across zero, a "next"
above the first, moves of nothing, headlines that hide their age, sentences said twice, numbers that differ
from the chart beside them. `--done` keeps what was read, so that a run that stopped goes on. `--only` writes
those sections of the body besides the judgments and the dashboard; to solve measures that are on no file is
most of the time. Exits with 1 if anything was found.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.progress import track

from palanca.brief import compilation, gate, proofreading
from palanca.brief.sections import case
from palanca.catalogue import countries
from palanca.errors import GateError

LARGEST = "USA"  # the largest importer, whose customs are on file
SHOWN = 3  # examples of each rule

Row = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read and print; 1 if anything was found."""
    options = _options(arguments)
    body = [name for name in compilation.BODY if not options.only or name in options.only]
    place, parts = map(int, options.part.split("/"))
    rows = list(_read(pairs(options.pairs, options.seed)[place - 1 :: parts], body, options.done))
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n" if options.json else _told(rows))
    return int(any(row["faults"] for row in rows))


def pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Return ordered pairs of countries, the same for the same seed."""
    draw, codes = random.Random(seed), sorted(countries())
    drawn = [(*draw.sample(codes, 2),) for _ in range(count)]
    return [(a, LARGEST) if at % 5 == 0 and a != LARGEST else (a, b) for at, (a, b) in enumerate(drawn)]


def _read(drawn: Sequence[tuple[str, str]], body: Sequence[str], done: Path | None) -> Iterator[Row]:
    """Yield what was found in each pair; those of the file are not read again."""
    known = _known(done)
    for pair in track(drawn, "Reading", disable=not sys.stderr.isatty()):
        row = known.get("-".join(pair)) or _row(pair, body)
        if done and "-".join(pair) not in known:
            with done.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        yield row


def _known(done: Path | None) -> dict[str, Row]:
    lines = done.read_text("utf-8").splitlines() if done and done.is_file() else []
    return {row["pair"]: row for row in map(json.loads, lines)}


def _row(pair: tuple[str, str], body: Sequence[str]) -> Row:
    made = compilation.compiled(case(*pair), body=body)
    try:
        gate.enforce(made.claims, made.case.tables)
    except GateError as error:
        refused = [{"rule": "refused", "claim": "", "text": fault} for fault in error.faults]
        return {"pair": "-".join(pair), "claims": 0, "faults": refused}
    found = proofreading.faults(made.sections, made.case.tables)
    return {"pair": "-".join(pair), "claims": len(made.claims), "faults": [asdict(one) for one in found]}


def _told(rows: Sequence[Row]) -> str:
    faults = [fault for row in rows for fault in row["faults"]]  # type: ignore[attr-defined]
    counts = Counter((fault["rule"], fault["claim"].split(":")[0]) for fault in faults)
    claims = sum(int(str(row["claims"])) for row in rows)
    lines = [f"{len(rows)} pairs, {claims} claims, {len(faults)} faults"]
    for (rule, key), count in counts.most_common():
        lines.append(f"{count:6d}  {rule}  {key}")
        alike = [one["text"] for one in faults if (one["rule"], one["claim"].split(":")[0]) == (rule, key)]
        lines += [f"        {text}" for text in alike[:SHOWN]]
    return "\n".join(lines) + "\n"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--done", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
