"""Titles of the ledger told as statements: true on their day, and never with one part altered."""

import random
import re
from datetime import date

import pytest

from palanca.brief.check import check
from palanca.catalogue import Catalogue
from palanca.events import record

TWO = ("MEX", "USA")
WRITTEN = date(2026, 11, 23)
TOLD = {
    "en": ("In {} {}, {}.", "It is not true that in {} {} {}."),
    "es": ("En {} de {}, {}.", "No es cierto que en {} de {} {}."),
}
MONTHS = {"en": "January February March April May June July August September October November December"}
MONTHS["es"] = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
SIDES = {
    "en": {"Mexico": "the United States", "US": "Mexico", "Trump": "Sheinbaum", "Sheinbaum": "Trump"},
    "es": {
        "México": "Estados Unidos",
        "Estados Unidos": "México",
        "Trump": "Sheinbaum",
        "Sheinbaum": "Trump",
    },
}
THINGS = {
    "en": (
        "steel",
        "tomatoes",
        "cattle",
        "water",
        "fentanyl",
        "avocados",
        "sugar",
        "corn",
        "oil",
        "airlines",
        "visas",
    ),
    "es": (
        "acero",
        "tomates",
        "ganado",
        "agua",
        "fentanilo",
        "aguacates",
        "azúcar",
        "maíz",
        "petróleo",
        "visas",
    ),
}
NEAR = {
    "en": (
        "A 35 percent tariff was imposed by Washington on Canada.",
        "Mexico handed over the presidency of the G20.",
        "The number of deportations fell in 2025.",
        "Mexico yielded to the cartels.",
        "It was Canada that retaliated in March 2025.",
    ),
    "es": (
        "México cedió ante los cárteles.",
        "México cedió ante Canadá.",
        "La entrega de premios ocurrió en febrero de 2025.",
        "Fue Canadá quien tomó represalias en marzo de 2025.",
    ),
}


@pytest.fixture(scope="module")
def rows_drawn(rounds):
    rows = list(record.between(Catalogue(), *TWO))
    return random.Random(20261130).sample(rows, min(rounds(8, 400), len(rows)))


def told(row, lang):
    return (row.title if lang == "en" else row.title_es), MONTHS[lang].split()[row.date.month - 1]


def supported(text, lang, altered=""):
    found = check(text, *TWO, language=lang, written=WRITTEN)
    return [
        one
        for one in found
        if one.name == "single_act" and one.verdict == "supported" and altered in one.statement
    ]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_title_told_on_its_day_is_true_or_not_read(rows_drawn, lang):
    plain, _ = TOLD[lang]
    read = 0
    for row in rows_drawn:
        title, month = told(row, lang)
        found = check(plain.format(month, row.date.year, title), *TWO, language=lang, written=WRITTEN)
        acts = [one.verdict for one in found if one.name == "single_act"]
        assert "contradicted" not in acts, title
        read += "supported" in acts
    assert read >= 0.25 * len(rows_drawn)  # titles are clipped, so that some tell no verb


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_title_told_of_another_year_or_denied_is_not_true(rows_drawn, lang):
    plain, denied = TOLD[lang]
    for row in rows_drawn:
        title, month = told(row, lang)
        if ";" in title:  # what follows is told without a day
            continue
        other = row.date.year + 1 if row.date.year < WRITTEN.year else 2017
        assert not supported(plain.format(month, other, title), lang), (other, title)
        assert not supported(denied.format(month, row.date.year, title), lang), title


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_title_with_another_actor_number_or_thing_is_not_true(rows_drawn, lang):
    plain, _ = TOLD[lang]
    for row in rows_drawn:
        title, month = told(row, lang)
        for altered, words in alterations(title, lang):
            assert not supported(plain.format(month, row.date.year, altered), lang, words), altered


@pytest.mark.parametrize(("text", "lang"), [(one, lang) for lang in NEAR for one in NEAR[lang]])
def test_an_act_of_others_or_of_another_sense_is_neither_true_nor_false(text, lang):
    """The rows of a pair that share its verb are of another act, and no record of what befell others."""
    found = check(text, *TWO, language=lang, written=WRITTEN)
    assert not {"supported", "contradicted"} & {one.verdict for one in found}


def alterations(title, lang):
    """Yield the title with one part altered, and the words put in its place."""
    for side, other in SIDES[lang].items():
        if title.startswith(f"{side} ") and not title.startswith((f"{side} and ", f"{side} y ")):
            yield other + title[len(side) :], other
            break
    number = re.search(r"(?<![\d.,-])\d+(?![\d.,-])", title)
    if number and not 2000 < int(number[0]) < 2100:
        other = str(int(number[0]) * 2 + 70003)  # no year
        yield f"{title[: number.start()]}{other}{title[number.end() :]}", other
    for at, thing in enumerate(THINGS[lang]):
        if re.search(rf"\b{thing}\b", title):
            other = THINGS[lang][at - 1]
            yield re.sub(rf"\b{thing}\b", other, title), other
