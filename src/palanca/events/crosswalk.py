"""How our kinds of act read in CAMEO and PLOVER, and how strong CAMEO's scale says they are."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from palanca.events.event import Event

ANY = "*"


@dataclass(frozen=True)
class Code:
    """One line of `data/ledger/crosswalk.csv`.

    Attributes:
        kind, instrument: ours; the instrument `*` stands for all without a line of their own.
        cameo, cameo_name: CAMEO code and its name.
        goldstein: Goldstein's score of the CAMEO code, from −10 conflict to +10 cooperation.
        plover, mode: PLOVER event and mode of that code (conversion table of September 2021).
        quad: verbal or material, cooperation or conflict.
        fit: `same`, `near`, or `none` where the scheme has no counterpart.
    """

    kind: str
    instrument: str
    cameo: str
    cameo_name: str
    goldstein: float
    plover: str
    mode: str
    quad: str
    fit: str
    note: str


@cache
def crosswalk() -> dict[tuple[str, str], Code]:
    """Return every line by kind and instrument."""
    text = (files("palanca") / "data" / "ledger" / "crosswalk.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    found = [Code(**{**row, "goldstein": float(row["goldstein"])}) for row in rows]  # type: ignore[arg-type]
    return {(code.kind, code.instrument): code for code in found}


def code_of(event: Event) -> Code:
    """Return how an event reads in the other schemes."""
    known = crosswalk()
    return known.get((event.kind, event.instrument)) or known[event.kind, ANY]
