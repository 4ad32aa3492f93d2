"""Draw sentences about Mexico and the United States from the White House documents on file.

    PALANCA_SHARED=../shared/data python benchmarks/draw_statements.py [open|wide|last]

All sentences of 6 to 60 words that name Mexico or Mexicans together with the United States, in the order
of the documents; of these, less what an earlier draw took, every so many from a start drawn with a seed
(`DRAWS`; the draw named `open` was divided between open.yaml and held_out.yaml). Emphasis and links of
Markdown are taken out, blanks are made single; else they stand as published. Texts of the White House are
in the public domain. The sentences drawn were labelled by hand in `tests/brief/texts/statements/`.
"""

import json
import os
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

DRAWS = {"open": (20261129, 7), "wide": (20261130, 7), "last": (20261201, 13)}  # seed and step, in order
SHORTEST, LONGEST = 6, 60  # words
HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
MARKS = re.compile(r"</?\w+>|[*_]{1,3}(?=[\w“])|(?<=[\w.,;:!?”\"’)])[*_]{1,3}|\*\*|^[-#>•]+ ", re.MULTILINE)
END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9])|\n\s*\n|\n(?=\s*[-*•#])")
SHORT = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|No|vs|etc|Jr|U\.S))\.$")
ONE = re.compile(r"\bMexic(?:o|ans?)\b")
OTHER = re.compile(r"\b(?:United States|U\.S\.|Americans?|America|Washington|[Ww]e|[Oo]ur|us)(?!\w)")


def main() -> int:
    """Print the sentences drawn as JSON Lines: date, source, text."""
    name = sys.argv[1] if len(sys.argv) > 1 else "open"
    sys.stdout.write("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in drawn()[name]))
    return 0


def drawn() -> dict[str, list[dict[str, str]]]:
    """Return the sentences of each draw: every so many of those left, from a start drawn with its seed."""
    left, found = list(candidates(documents())), {}
    for name, (seed, step) in DRAWS.items():
        found[name] = left[random.Random(seed).randrange(step) :: step]
        left = [one for one in left if one not in found[name]]
    return found


def on_file() -> Path:
    """Return where the documents are."""
    shared = Path(os.environ.get("PALANCA_SHARED") or Path(__file__).parents[2] / "shared" / "data")
    return shared / "politics" / "wh_mexico" / "wh_mexico_docs.jsonl"


def documents() -> list[dict[str, str]]:
    """Return the documents on file, oldest first."""
    return [json.loads(line) for line in on_file().read_text("utf-8").split("\n") if line.strip()]


def candidates(found: Sequence[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield each sentence about the pair once, with the day and address of its document."""
    seen: set[str] = set()
    for document in found:
        for text in sentences(document["text"]):
            if about_the_pair(text) and text not in seen:
                seen.add(text)
                yield {"date": document["date"], "source": document["url"], "text": text}


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a page in Markdown, without its marks."""
    text = MARKS.sub("", LINK.sub(r"\1", HEAD.sub("", text)))
    start = 0
    for match in END.finditer(text):
        if SHORT.search(text[start : match.start()]) and "\n" not in match[0]:
            continue
        yield " ".join(text[start : match.end()].split())
        start = match.end()
    yield " ".join(text[start:].split())


def about_the_pair(text: str) -> bool:
    """Return whether a sentence of fair length names both countries."""
    named = ONE.search(text.replace("New Mexico", "")) and OTHER.search(text)
    return bool(named) and SHORTEST <= len(text.split()) <= LONGEST


if __name__ == "__main__":
    sys.exit(main())
