"""Names of codes in both languages."""

import csv
from functools import cache
from importlib.resources import files

from palanca.catalogue.text import Text


@cache
def _sectors() -> dict[str, Text]:
    text = (files("palanca") / "data" / "codes" / "naics3.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: Text(en=row["name_en"], es=row["name_es"]) for row in rows}


def sector_name(code: str) -> Text:
    """Return the name of a NAICS three-digit sector."""
    return _sectors()[code]
