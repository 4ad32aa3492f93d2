"""Draw sentences about Mexico and the United States from the White House documents on file.

    PALANCA_SHARED=../shared/data python benchmarks/draw_statements.py [open|wide|last|fresh|apart]

All sentences of 6 to 60 words that name Mexico or Mexicans together with the United States, in the order
of the documents; of these, less what an earlier draw took, every so many from a start drawn with a seed
(`DRAWS`; the draw named `open` was divided between open.yaml and held_out.yaml). `ACTS` adds to a draw
sentences of documents since a day that name Mexico alone too, but for those about single citizens. Emphasis
and links of Markdown are taken out, blanks are made single; else they stand as published. Texts of the White
House are in the public domain. The sentences drawn were labelled by hand in `tests/brief/texts/statements/`.
"""

import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

DRAWS = {"open": (20261129, 7), "wide": (20261130, 7), "last": (20261201, 13)}  # seed and step, in order
DRAWS |= {"fresh": (20261202, 12), "apart": (20261204, 15)}
# documents since, seed and step of a second draw
ACTS = {"fresh": ("2025-01-20", 20261203, 2), "apart": ("2025-01-20", 20261205, 2)}
SHORTEST, LONGEST = 6, 60  # words
HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
MARKS = re.compile(r"</?\w+>|[*_]{1,3}(?=[\w“])|(?<=[\w.,;:!?”\"’)])[*_]{1,3}|\*\*|^[-#>•]+ ", re.MULTILINE)
END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9])|\n\s*\n|\n(?=\s*[-*•#])")
SHORT = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|No|vs|etc|Jr|U\.S))\.$")
ONE = re.compile(r"\bMexic(?:o|ans?)\b")
CITIZENS = re.compile(r"\b(?:citizens?|nationals?|aliens?|immigrants?|criminals?)\b")
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
        if name in ACTS:
            found[name] += _of_acts(name, {one["text"] for held in found.values() for one in held})
        taken = {one["text"] for one in found[name]}
        left = [one for one in left if one["text"] not in taken]
    return found


def _of_acts(name: str, taken: set[str]) -> list[dict[str, str]]:
    """Return a draw among sentences since a day that name one of the two and no citizens."""
    since, seed, step = ACTS[name]
    late = [one for one in documents() if one["date"] >= since]
    pool = [one for one in candidates(late, of=of_one) if one["text"] not in taken]
    return pool[random.Random(seed).randrange(step) :: step]


def on_file() -> Path:
    """Return where the documents are."""
    shared = Path(os.environ.get("PALANCA_SHARED") or Path(__file__).parents[2] / "shared" / "data")
    return shared / "politics" / "wh_mexico" / "wh_mexico_docs.jsonl"


def documents() -> list[dict[str, str]]:
    """Return the documents on file, oldest first."""
    return [json.loads(line) for line in on_file().read_text("utf-8").split("\n") if line.strip()]


def candidates(
    found: Sequence[dict[str, str]], *, of: Callable[[str], bool] | None = None
) -> Iterator[dict[str, str]]:
    """Yield each sentence of a kind, of the pair by default, once, with day and address of its document."""
    wanted = of or about_the_pair
    seen: set[str] = set()
    for document in found:
        for text in sentences(document["text"]):
            if wanted(text) and text not in seen:
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


def of_one(text: str) -> bool:
    """Return whether a sentence of fair length names Mexico or Mexicans, and is about no citizen."""
    named = ONE.search(re.sub(r"New Mexico|Gulf of Mexico", "", text)) and not CITIZENS.search(text)
    return bool(named) and SHORTEST <= len(text.split()) <= LONGEST


if __name__ == "__main__":
    sys.exit(main())
