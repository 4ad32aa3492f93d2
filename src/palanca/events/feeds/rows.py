"""Rows of the store: their columns, how text becomes them, and which of two equal ones stays."""

import re
from collections.abc import Iterator

import polars as pl

from palanca.catalogue.countries import find
from palanca.events.feeds.layouts import Layout, front_rules

SCHEMA = {
    "day": pl.Date,
    "actor": pl.String,
    "target": pl.String,
    "code": pl.String,
    "quad": pl.Int8,
    "front": pl.String,
    "intensity": pl.Float32,
    "tone": pl.Float32,
    "mentions": pl.Int32,
    "sources": pl.Int32,
    "articles": pl.Int32,
    "actor_code": pl.String,
    "target_code": pl.String,
    "actor_name": pl.String,
    "target_name": pl.String,
    "place": pl.String,
    "document": pl.String,
    "added": pl.Date,
    "feed": pl.String,
    "id": pl.String,
}
NUMBERS = ("intensity", "tone", "mentions", "sources", "articles")
SAME = ("document", "day", "actor", "target", "code")  # rows equal in these tell of one event
ORDER = ("day", "feed", "id")
LINE, REASON = "line", "reason"
LISTED = ";"  # between the actors of a list


def typed(raw: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that can be used, and line and reason of those that cannot.

    Args:
        raw: `line` and one column of text per field of the layout.
        layout: of the file.
    """
    empty = pl.Series(layout.empty)
    text = raw.with_columns(
        pl.when(~pl.col(name).is_in(empty.implode())).then(pl.col(name)) for name in layout.map
    )
    if layout.codes:
        text = text.with_columns(pl.col("code").str.strip_chars().replace(layout.codes))
    made = text.select(
        LINE,
        "id",
        "code",
        *(_optional(name, layout) for name in ("actor_code", "target_code", "actor_name", "target_name")),
        _optional("place", layout),
        _day("day", layout),
        _day("added", layout) if "added" in layout.map else pl.lit(None, pl.Date).alias("added"),
        *(_number(name, layout) for name in NUMBERS),
        *(_country(text, name, layout) for name in ("actor", "target")),
        _document(layout),
        pl.lit(layout.feed).alias("feed"),
        _reason(layout).alias(REASON),
    ).with_columns(_quad(layout), _front())
    good = made.filter(pl.col(REASON).is_null())
    return good.select(*SCHEMA), made.filter(pl.col(REASON).is_not_null()).select(LINE, REASON)


def _optional(name: str, layout: Layout) -> pl.Expr:
    return pl.col(name) if name in layout.map else pl.lit(None, pl.String).alias(name)


def _day(name: str, layout: Layout) -> pl.Expr:
    """Read a day; what stands after it, such as a time, is left aside in `added`."""
    text = pl.col(name)
    if name == "added":
        text = text.str.head(8 if "-" not in layout.day_format else 10)
    first = text.str.to_date(layout.day_format, strict=False)
    if layout.other_day_format is None:
        return first
    return pl.coalesce(first, text.str.to_date(layout.other_day_format, strict=False))


def _number(name: str, layout: Layout) -> pl.Expr:
    cell = _optional(name, layout)
    if layout.decimal_comma:
        cell = cell.str.replace(",", ".", literal=True)
    return cell.cast(SCHEMA[name], strict=False)


def _reason(layout: Layout) -> pl.Expr:
    """Say what is wrong with a row, the first fault found, or nothing."""
    numbers = [name for name in NUMBERS if name in layout.map]
    days = [name for name in ("day", "added") if name in layout.map]
    faults = [
        *((pl.col(name).is_null(), f"no {layout.map[name]}") for name in ("id", "day", "code")),
        *(
            (pl.col(name).is_not_null() & _day(name, layout).is_null(), f"{layout.map[name]} is no day")
            for name in days
        ),
        *(
            (pl.col(name).is_not_null() & ~_finite(name, layout), f"{layout.map[name]} is no number")
            for name in numbers
        ),
        (~_type(layout).is_in(pl.Series(list(layout.quads)).implode()), "unknown event type"),
    ]
    return pl.coalesce(pl.when(fault).then(pl.lit(reason)) for fault, reason in faults)


def _finite(name: str, layout: Layout) -> pl.Expr:
    number = _number(name, layout)
    return number.is_not_null() & (number.is_finite() if SCHEMA[name] == pl.Float32 else pl.lit(True))


def _type(layout: Layout) -> pl.Expr:
    return pl.col("code").str.head(layout.prefix) if layout.prefix else pl.col("code")


def _quad(layout: Layout) -> pl.Expr:
    return _type(layout).replace_strict(layout.quads, default=None, return_dtype=pl.Int8).alias("quad")


def _country(text: pl.DataFrame, name: str, layout: Layout) -> pl.Expr:
    """Return the ISO3 code of each country named; what is no country is missing."""
    if name not in layout.map:
        return pl.lit(None, pl.String).alias(name)
    seen = text[name].unique().drop_nulls().to_list()
    codes = {one: code for one in seen if (code := iso3(one, layout)) is not None}
    return pl.col(name).replace_strict(codes, default=None, return_dtype=pl.String)


def iso3(name: str, layout: Layout) -> str | None:
    """Return the country that a feed calls `name`, or None; of a list of actors, the first that is one."""
    parts = name.split(LISTED) if LISTED in name else []
    for candidate in (name, *(each for part in (parts or [name]) for each in _within(part, layout))):
        known = find(candidate)
        found = layout.countries.get(candidate) or (known.iso3 if known else None)
        if found is not None:
            return found
    return None


def _within(name: str, layout: Layout) -> Iterator[str]:
    """Yield a name, and what stands wherever a pattern fits in it: the first place may hold no country."""
    yield name.strip()
    for pattern in map(re.compile, layout.country_patterns):
        at = 0
        while match := pattern.search(name, at):
            yield match[1]
            at = match.start() + 1


def _document(layout: Layout) -> pl.Expr:
    """Return the web address or the story; a row that has neither is its own document."""
    own = pl.concat_str(pl.lit("id:"), pl.col("id"))
    if "document" not in layout.map:
        return own.alias("document")
    named = pl.concat_str(pl.lit(layout.document_prefix), pl.col("document"))
    return pl.coalesce(named, own).alias("document")


def _front() -> pl.Expr:
    """Give the front whose word comes first in the document's address, else the event type's."""
    rules = front_rules()
    words = {word: front for front, words in rules.words.items() for word in words}
    longest = sorted(words, key=lambda word: (-len(word), word))
    pattern = "(" + "|".join(map(re.escape, longest)) + ")"
    named = pl.col("document").str.to_lowercase().str.extract(pattern)
    codes = {code: front for front, codes in rules.codes.items() for code in codes}
    lengths = sorted({len(code) for code in codes}, reverse=True)
    typed = [
        pl.col("code").str.head(length).replace_strict(codes, default=None, return_dtype=pl.String)
        for length in lengths
    ]
    return pl.coalesce(
        named.replace_strict(words, default=None, return_dtype=pl.String),
        pl.when(pl.col("code").str.contains("^[0-9]+$")).then(pl.coalesce(typed)),
    ).alias("front")


def between(rows: pl.DataFrame, pair: tuple[str, str] | None) -> pl.DataFrame:
    """Return the rows in which one of the pair acts towards the other."""
    if pair is None:
        return rows
    a, b = pair
    there = (pl.col("actor") == a) & (pl.col("target") == b)
    back = (pl.col("actor") == b) & (pl.col("target") == a)
    return rows.filter(there | back)


def settled(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each event once, in an order that depends on the rows and on nothing else.

    Of rows that tell of one event the first in order of feed and id stays.
    """
    keys = list(ORDER)
    if rows.select(keys).is_duplicated().any():
        keys += [name for name in SCHEMA if name not in ORDER]
    ordered = rows.sort(keys, nulls_last=False, maintain_order=False)
    return ordered.unique(subset=list(SAME), keep="first", maintain_order=True)
