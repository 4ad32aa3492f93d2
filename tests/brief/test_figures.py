"""A figure told as on file is supported, one plainly different is contradicted, in both languages."""

import pytest

from palanca.brief.check import check, figures
from palanca.catalogue import Catalogue, countries

PAIRS = [("MEX", "USA"), ("AUS", "CHN"), ("BRA", "CHN"), ("DEU", "FRA"), ("JPN", "KOR")]
SAID = {
    "en": "Exports of {one} to {two} exceeded {low:.0f} million dollars in 2023.",
    "es": "Las exportaciones de {one} a {two} superaron los {low:.0f} millones de dólares en 2023.",
}


@pytest.fixture(scope="module")
def tables():
    return Catalogue()


@pytest.mark.parametrize("two", PAIRS)
@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize(("part", "want"), [(0.7, "supported"), (1.6, "contradicted")])
def test_sales_told_are_judged_by_those_on_file(two, lang, part, want, tables):
    sold = figures.paths(tables, "exports", *two)[figures.TOTALS].values["2023"]
    one, other = (countries()[code].name[lang] for code in two)
    text = SAID[lang].format(one=one, two=other, low=part * sold / 1e6)
    assert [said.verdict for said in check(text, *two, catalogue=tables, language=lang)] == [want]
