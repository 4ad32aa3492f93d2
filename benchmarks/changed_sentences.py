"""Sentences that differ between two briefs: python benchmarks/changed_sentences.py OLD NEW [LANGUAGE].

OLD and NEW are `claims.json` of two runs of `palanca brief` on one pair and day. Reasons are in
`changed_sentences.yaml` beside this file: the first whose pattern matches the id of a claim is the one told.
"""

import json
import re
import sys
from pathlib import Path

import yaml

NUMBER = re.compile(r"−?\d[\d,.]*(?<=\d)")


def read(path, language):
    """Return the sentences of a brief by id."""
    return {one["id"]: one["text"][language] for one in json.loads(Path(path).read_text())}


def line(old, new):
    """Return one change as a line: of two wordings that differ in numbers alone, only the numbers."""
    if old and new and NUMBER.sub("#", old) == NUMBER.sub("#", new):
        pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
        return new + " Before: " + "; ".join(f"{a} is now {b}" for a, b in pairs if a != b) + "."
    return f"{old or '(none)'} → {new or '(none)'}"


def grouped(old, new, reasons):
    """Return the lines of each reason, in the order of the reasons; what no pattern takes comes last."""
    found = {one["why"]: [] for one in reasons} | {"no reason on file": []}
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before != after:
            why = next((one["why"] for one in reasons if re.match(one["id"], name)), "no reason on file")
            found[why].append(f"* `{name}`: {line(before, after)}")
    return found


def main() -> None:
    """Print the list in Markdown."""
    language = sys.argv[3] if len(sys.argv) > 3 else "en"
    reasons = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    old, new = (read(path, language) for path in sys.argv[1:3])
    for why, lines in grouped(old, new, reasons).items():
        if lines:
            print(f"\n## {why}\n", *lines, sep="\n")


if __name__ == "__main__":
    main()
