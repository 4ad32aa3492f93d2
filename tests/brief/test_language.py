"""Numbers, dates, names and chosen words in both languages."""

import re

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from palanca.brief import language as words
from palanca.brief.claims import templates
from palanca.brief.ledger import vocabulary
from palanca.brief.sentences import PART
from palanca.catalogue import countries, country
from palanca.catalogue.text import LANGUAGES

SPACE = "\N{NO-BREAK SPACE}"
WRITTEN = st.floats(-1e15, 1e15) | st.floats(-1e3, 1e3) | st.integers(-(10**9), 10**9)  # Babel fails beyond


@given(WRITTEN, st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_bare_number_is_written_as_babel_writes_it(value, decimals, language):
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    theirs = format_decimal(value + 0.0, format=pattern, locale=language)
    assert words.plain(value, decimals, language) == theirs.replace("-", "\N{MINUS SIGN}")


@pytest.mark.parametrize(
    ("value", "unit", "english", "spanish"),
    [
        (77.0928, "percent", "77.1%", f"77,1{SPACE}%"),
        (0.2484, "percent", "0.25%", f"0,25{SPACE}%"),
        (0.0, "percent", "0.0%", f"0,0{SPACE}%"),
        (76.0, "percent_whole", "76%", f"76{SPACE}%"),
        (503_438_605_302, "usd", f"USD 503.4{SPACE}billion", f"503,4{SPACE}mil millones de USD"),
        (21.75e12, "usd", f"USD 21.8{SPACE}trillion", f"21,8{SPACE}billones de USD"),
        (999_960_000, "usd", f"USD 1.0{SPACE}billion", f"1,0{SPACE}mil millones de USD"),
        (51_230, "usd", "USD 51,230", "51.230 USD"),
        (-50.54, "percentage_points", "−50.5 percentage points", "−50,5 puntos porcentuales"),
        (99.48, "percentile", "99%", f"99{SPACE}%"),
        (99.6, "percentile", "99%", f"99{SPACE}%"),
        (100.0, "percentile", "100%", f"100{SPACE}%"),
        (0.2, "percentile", "1%", f"1{SPACE}%"),
        (98146.0, "encounters", "98,146 encounters", "98.146 encuentros"),
    ],
)
def test_numbers(value, unit, english, spanish):
    assert words.number(value, unit, "en") == english
    assert words.number(value, unit, "es") == spanish


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        ("2023", "2023", "2023"),
        ("2025-11", "November 2025", "noviembre de 2025"),
        ("2026-08-19", "19 August 2026", "19 de agosto de 2026"),
    ],
)
def test_dates(period, english, spanish):
    assert words.period(period, "en") == english
    assert words.period(period, "es") == spanish


@pytest.mark.parametrize(
    ("code", "form", "english", "spanish"),
    [
        ("USA", "The", "The United States", "Estados Unidos"),
        ("GBR", "of", "of the United Kingdom", "del Reino Unido"),
        ("GBR", "to", "to the United Kingdom", "al Reino Unido"),
        ("NLD", "of", "of the Netherlands", "de Países Bajos"),
        ("MEX", "in", "in Mexico", "en México"),
    ],
)
def test_names_take_their_articles(code, form, english, spanish):
    assert words.name(country(code), form, "en") == english
    assert words.name(country(code), form, "es") == spanish


def test_no_spanish_name_takes_an_article_that_asks_for_a_verb_in_the_plural():
    assert not [one.iso3 for one in countries().values() if one.article[1] in ("los", "las")]


@pytest.mark.parametrize(
    ("names", "english", "spanish"),
    [
        (["A"], "A", "A"),
        (["A", "B"], "A and B", "A y B"),
        (["Siria", "Cuba", "Irán"], "Siria, Cuba and Irán", "Siria, Cuba e Irán"),
    ],
)
def test_lists_end_with_a_word(names, english, spanish):
    assert (words.series(names, "en"), words.series(names, "es")) == (english, spanish)


@given(st.floats(-100, 100), st.sampled_from(["percent", "ratio"]))
def test_decimals_follow_the_number_that_is_printed(value, unit):
    """Neither 1.00 beside 2.8, nor 20.0 beside 22."""
    said = words.number(value, unit, "en")
    assert "1.00" not in said
    assert not re.search(r"20\.0 times", said)


@given(st.floats(-1e15, 1e15), st.sampled_from(["percent", "usd", "index", "count", "percentage_points"]))
def test_sign_words_agree_with_the_printed_number(value, unit):
    printed = words.printed(value, unit)
    chosen = words.lexicon()["rose"].choose(printed).en
    assert chosen == ("fell" if printed < 0 else "rose" if printed > 0 else "did not change")
    assert ("−" in words.number(value, unit, "en")) == (printed < 0)


def test_every_form_has_a_word_for_every_value():
    for name, form in words.lexicon().items():
        assert form.sign or len(form.words) == len(form.cuts) + 1, name
        assert words.increasing(form.cuts), name


def test_every_template_has_both_languages_with_the_same_holes():
    for key, text in templates().items():
        english, spanish = ({hole.name for hole in words.holes(text[language])} for language in LANGUAGES)
        assert english == spanish, key
        assert text.en != text.es or not re.search(r"[a-z]{3}", _literal(text.en)), key


def _literal(template: str) -> str:
    return words.HOLE.sub("", PART.sub("", template))


def test_every_form_that_a_template_asks_for_exists():
    known = {"", "abs", "the", "The", "of", "to", "in", "with", "bare", "inner", *words.lexicon()}
    for key, text in templates().items():
        for language in LANGUAGES:
            assert {hole.form for hole in words.holes(text[language])} <= known, key


def test_words_of_the_page_hold_no_number_and_name_no_country():
    said = [*vocabulary().words.values(), *vocabulary().topics.values(), *vocabulary().notes]
    names = {country("MEX").name.en, country("MEX").name.es}
    for text in said:
        for language in LANGUAGES:
            assert not re.search(r"\d", text[language].replace("ICD 203", "")), text
            assert not any(name in text[language] for name in names)


def test_every_dropped_sentence_has_a_topic():
    topics = vocabulary().topics
    taken = {name for one in templates().values() for name in (one.otherwise, *one.parts())}
    apart = ("dashboard", "chart", "front", "stale", "sector")
    body = [key for key in templates() if key not in taken and not key.startswith(apart)]
    lost = [key for key in body if key not in topics and key.rsplit("-", 1)[0] not in topics]
    assert not lost, " ".join(lost)


def test_no_two_countries_share_a_spanish_or_english_name():
    for language in LANGUAGES:
        names = [item.name[language] for item in countries().values()]
        assert len(names) == len(set(names))


def test_words_of_the_page_do_not_hide_behind_dictionary_methods():
    assert not set(vocabulary().words) & set(dir(dict))
