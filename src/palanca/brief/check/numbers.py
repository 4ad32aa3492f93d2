"""Numbers in words as digits: seventy-seven, 1.3 trillion, veintiséis, 450 mil millones, medio billón."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from palanca.brief.check.text import Token
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

LEAST = 11  # smaller numbers stay in words, which patterns hold, but before a percent sign
PERCENT = {"%", "percent", "per", "por"}
JOINS = {"and", "y"}
ARTICLES = {"a", "un"}
GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
THOUSAND = 1000


class Numbers(Strict):
    """Numbers by their words, `data/statements/numbers.yaml`."""

    values: dict[Language, dict[str, int]]
    scales: dict[Language, dict[str, int]]
    halves: dict[Language, tuple[str, ...]]


def numeric(raw: str) -> float:
    """Return the value of digits: groups of three are thousands, any other point or comma is decimal."""
    return float(re.sub(r"[.,]", "", raw) if GROUPED.fullmatch(raw) else raw.replace(",", "."))


def digits(tokens: Sequence[Token], language: Language) -> tuple[list[Token], list[int]]:
    """Return words with numbers in digits, and for each of the given words its place among them."""
    found: list[Token] = []
    places: list[int] = []
    words, origins = _unjoined(tokens, language)
    at = 0
    while at < len(words):
        split = at > 0 and words[at - 1].word == "por"  # "por ciento" is no number
        end, value = (at, 0.0) if split else _run(words, at, language)
        after = words[end].word if end < len(words) else ""
        worth = end > at and (value >= LEAST or after in PERCENT) and not words[at].word[0].isdigit()
        scaled = end > at + 1 and words[at].word[0].isdigit()
        end = end if worth or scaled else at + 1
        places += [len(found)] * (end - at)
        first, last = words[at], words[end - 1]
        told = f"{value:.15g}" if value < 1e15 else str(int(value))
        found.append(Token(told, told, first.start, last.end) if worth or scaled else first)
        at = end
    return found, [*(places[one] for one in origins), len(found)]


def _unjoined(tokens: Sequence[Token], language: Language) -> tuple[list[Token], list[int]]:
    """Return words in which a scale that hyphens join stands apart, and where each given word then begins."""
    scales, found, origins = read("statements/numbers.yaml", Numbers).scales[language], list[Token](), []
    for token in tokens:
        origins.append(len(found))
        parts = token.word.split("-")
        apart = len(parts) > 1 and any(part in scales for part in parts)
        found += [replace(token, word=part) for part in parts] if apart else [token]
    return found, origins


def _run(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, float]:
    """Return where a number told in words ends, and the number; the same place where there is none."""
    known = read("statements/numbers.yaml", Numbers)
    sizes, scales = known.values[language], known.scales[language]
    total = part = 0.0
    end = at
    for index, word in _opened(tokens, at, known, language):
        if index < 0:
            return at, 0
        if index == at and (word in ARTICLES or word[:1].isdigit() or word in known.halves[language]):
            part = 1 if word in ARTICLES else 0.5 if word in known.halves[language] else numeric(word)
            continue
        if word in JOINS and end == index > at:
            continue
        values = [sizes.get(one) for one in word.split("-")]
        if word in scales:
            total, part = _scaled(total, part, scales[word])
            end = index + 1
        elif None not in values and (part == 0 or part % 10 == 0):
            part, end = part + sum(one or 0 for one in values), index + 1
        else:
            break
    return end, total + part


def _opened(
    tokens: Sequence[Token], at: int, known: Numbers, language: Language
) -> Iterator[tuple[int, str]]:
    """Yield words from a place on; -1 where an article, digits or a half open them and no scale follows."""
    first = tokens[at].word
    opens = first in ARTICLES or first[:1].isdigit() or first in known.halves[language]
    rest = at + 1
    if first in known.halves[language] and rest < len(tokens) and tokens[rest].word in ARTICLES:
        rest += 1
    if opens and (rest >= len(tokens) or tokens[rest].word not in known.scales[language]):
        yield -1, first
        return
    yield at, first
    yield from ((index, tokens[index].word) for index in range(rest, len(tokens)))


def _scaled(total: float, part: float, scale: int) -> tuple[float, float]:
    """Return the sum and the open part behind a scale: 450 mil millones is (450 mil) million."""
    if scale < THOUSAND:
        return total, (part or 1) * scale
    if 0 < total < scale:
        return (total + part) * scale, 0
    return total + (part or 1) * scale, 0


def small(words: str) -> float | None:
    """Return the value of a number in one word, in either language; none where no word is one."""
    known = read("statements/numbers.yaml", Numbers)
    sizes = {
        word: float(value)
        for held in (*known.values.values(), *known.scales.values())
        for word, value in held.items()
    }
    return next((sizes[word] for word in words.split() if word in sizes), None)
