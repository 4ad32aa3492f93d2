"""The claims ledger as the page shows it: values, the rows behind them, and how they were computed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from palanca.brief import claims as claim_book
from palanca.brief import language as words
from palanca.brief.claims import Claim, Proof, Value
from palanca.catalogue import Catalogue, Table, Text, thresholds
from palanca.catalogue.figure import Key
from palanca.catalogue.parameters import read
from palanca.catalogue.text import Language, Strict

SHOWN_ROWS = 5
QUANTITY = 10_000  # whole numbers from here on take separators


class Note(Text):
    """A note on method; one on a section stands only where that section has something to show."""

    section: str | None = None


class Words(Strict):
    """Words of the page: heads and labels, notes on method, topics of sentences."""

    words: dict[str, Text]
    notes: tuple[Note, ...]
    topics: dict[str, Text]


def vocabulary() -> Words:
    """Return the words of the page in both languages."""
    return read("codes/page.yaml", Words)


@dataclass(frozen=True)
class Shown:
    """What a page shows of the rows behind a number; the same in every language."""

    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    more: int


@lru_cache(maxsize=4096)
def _shown(table: Table, column: str, keys: tuple[tuple[str, Key | tuple[Key, ...]], ...]) -> Shown:
    """Return the rows to show: the latest months, or else the largest values, first."""
    named = dict(keys)
    found = table.rows(**named)
    heads = tuple(dict.fromkeys([*table.spec.keys, column]))
    several = found.height > 1 and found[column].dtype.is_numeric()
    if several and not isinstance(named.get("month"), tuple):
        found = found.sort(column, descending=True, nulls_last=True)
    first = [found[head].head(SHOWN_ROWS).to_list() for head in heads]
    return Shown(heads, tuple(zip(*first, strict=True)), max(found.height - SHOWN_ROWS, 0))


@dataclass(frozen=True)
class Ledger:
    """Reads claims and their evidence in one language."""

    tables: Catalogue
    language: Language

    def entry(self, claim: Claim) -> dict[str, Any]:
        """Return a claim's text, kind, values, evidence and method for the page."""
        return {
            "id": claim.id,
            "text": claim.text[self.language],
            "kind": vocabulary().words[claim.kind][self.language],
            "values": [self._value(value) for value in claim.values],
            "evidence": [self._proof(proof) for proof in claim.evidence],
            "method": f"{claim.method.name} · {claim.method.version} · {claim.method.arguments}",
        }

    def _value(self, value: Value) -> dict[str, str]:
        exact = repr(value.value) if isinstance(value.value, float) else ""
        return {"name": value.name, "shown": claim_book.show(value, "", self.language), "exact": exact}

    def _proof(self, proof: Proof) -> dict[str, Any]:
        if proof.table == thresholds.TABLE:
            return self._line_proof(proof)
        table = self.tables[proof.table]
        shown = _shown(table, proof.column, tuple(proof.keys.items()))
        return {
            "title": table.title[self.language],
            "table": proof.table,
            "column": proof.column,
            "publisher": table.origin.publisher,
            "licence": table.origin.licence.name,
            "vintage": proof.vintage,
            "sha256": proof.sha256[:16],
            "heads": shown.heads,
            "rows": [[self._cell(cell) for cell in row] for row in shown.rows],
            "more": shown.more,
        }

    def _cell(self, cell: object) -> str:
        """Return a cell as people read it; a year is no quantity and takes no separators."""
        if isinstance(cell, float) and not cell.is_integer():
            return words.plain(cell, 4, self.language)
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= QUANTITY:
            return words.plain(cell, 0, self.language)
        return "" if cell is None else str(cell)

    def _line_proof(self, proof: Proof) -> dict[str, Any]:
        line = thresholds.thresholds()[str(proof.keys["name"])]
        return {
            "title": line.title[self.language],
            "table": proof.table,
            "column": proof.column,
            "publisher": "",
            "citation": line.source,
            "licence": vocabulary().words["parameter"][self.language],
            "vintage": proof.vintage,
            "sha256": proof.sha256[:16],
            "heads": ["name", "value"],
            "rows": [[str(proof.keys["name"]), str(line.value)]],
            "more": 0,
        }
