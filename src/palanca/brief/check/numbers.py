"""Numbers in words as digits: seventy-seven, ten thousand, veintiséis, diez mil, setenta y siete."""

from collections.abc import Sequence

from palanca.brief.check.text import Token
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

LEAST = 11  # smaller numbers stay in words, which patterns hold, but before a percent sign
PERCENT = {"%", "percent", "per", "por"}
JOINS = {"and", "y"}
ARTICLES = {"a", "un"}


class Numbers(Strict):
    """Numbers by their words, `data/statements/numbers.yaml`; scales multiply what stands before them."""

    values: dict[Language, dict[str, int]]
    scales: dict[Language, dict[str, int]]


def digits(tokens: Sequence[Token], language: Language) -> tuple[list[Token], list[int]]:
    """Return words with numbers in digits, and for each of the given words its place among them."""
    found: list[Token] = []
    places: list[int] = []
    at = 0
    while at < len(tokens):
        split = at > 0 and tokens[at - 1].word == "por"  # "por ciento" is no number
        end, value = (at, 0) if split else _run(tokens, at, language)
        after = tokens[end].word if end < len(tokens) else ""
        worth = end > at and (value >= LEAST or after in PERCENT) and not tokens[at].word[0].isdigit()
        scaled = end > at + 1 and tokens[at].word[0].isdigit()
        end = end if worth or scaled else at + 1
        places += [len(found)] * (end - at)
        first, last = tokens[at], tokens[end - 1]
        merged = worth or scaled
        found.append(Token(str(value), str(value), first.start, last.end) if merged else first)
        at = end
    return found, [*places, len(found)]


def _run(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, int]:
    """Return where a number told in words ends, and the number; the same place where there is none."""
    known = read("statements/numbers.yaml", Numbers)
    sizes, scales = known.values[language], known.scales[language]
    total = part = 0
    end = at
    for index in range(at, len(tokens)):
        word = tokens[index].word
        if index == at and (word in ARTICLES or word.isdigit()):
            follows = tokens[index + 1].word if index + 1 < len(tokens) else ""
            if follows not in scales:
                return at, 0
            part = 1 if word in ARTICLES else int(word)
            continue
        if word in JOINS and end == index > at:
            continue
        values = [sizes.get(one) for one in word.split("-")]
        if word in scales:
            part, end = (part or 1) * scales[word], index + 1
            total, part = (total + part, 0) if scales[word] >= 1000 else (total, part)
        elif None not in values and (part == 0 or part % 10 == 0):
            part, end = part + sum(one or 0 for one in values), index + 1
        else:
            break
    return end, total + part
