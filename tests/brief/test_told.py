"""Figures told by template, for many pairs, both languages: true ones are supported, falsified ones never."""

from functools import cache

import pytest

from palanca.brief.check import check, figures
from palanca.catalogue import Catalogue, Unknown, countries

PAIRS = [
    ("MEX", "USA"), ("CAN", "USA"), ("DEU", "CHN"), ("AUS", "CHN"), ("VNM", "CHN"), ("BRA", "ARG"),
    ("KOR", "JPN"), ("IND", "RUS"), ("POL", "DEU"), ("TUR", "DEU"), ("COL", "USA"), ("CHL", "CHN"),
    ("NGA", "FRA"), ("GBR", "USA"), ("ESP", "FRA"), ("PER", "CHN"), ("ZAF", "CHN"), ("EGY", "SAU"),
    ("THA", "JPN"), ("KAZ", "RUS"), ("MAR", "ESP"),
]  # fmt: skip
TABLES = Catalogue()
ORDINALS = {
    "en": ["", "largest", "second-largest", "third-largest", "fourth-largest", "fifth-largest"],
    "es": ["", "primer", "segundo", "tercer", "cuarto", "quinto"],
}
# What is told: a level {n}, a place {k}, a comparison; {a} and {b} are the pair, {c} a third country.
LEVELS = {
    "export_share": {
        "en": "{a} sells {n} percent of its exports to {b}.",
        "es": "{a} vende a {b} el {n} por ciento de sus exportaciones.",
    },
    "import_share": {
        "en": "About {n} percent of the imports of {a} come from {b}.",
        "es": "Cerca del {n} por ciento de las importaciones de {a} viene de {b}.",
    },
    "trade_share": {
        "en": "{a} does {n} percent of its trade with {b}.",
        "es": "{a} hace con {b} el {n} por ciento de su comercio.",
    },
    "votes": {
        "en": "In 2024 {a} voted with {b} on about {n} percent of the resolutions.",
        "es": "En 2024 {a} votó con {b} en cerca del {n} por ciento de las resoluciones.",
    },
    "remittances": {
        "en": "Remittances are equivalent to {n} percent of the GDP of {a}.",
        "es": "Las remesas equivalen al {n} por ciento del PIB de {a}.",
    },
    "exports_gdp": {
        "en": "The exports of {a} are equivalent to {n} percent of its GDP.",
        "es": "Las exportaciones de {a} equivalen al {n} por ciento de su PIB.",
    },
    "embassies": {"en": "{a} keeps {n} embassies.", "es": "{a} mantiene {n} embajadas."},
}
COMPARED = {
    "exports": {"en": "{a} sells {more} to {b} than to {c}.", "es": "{a} vende {more} a {b} que a {c}."},
    "imports": {"en": "{a} buys {more} from {b} than from {c}.", "es": "{a} compra {more} a {b} que a {c}."},
    "votes": {
        "en": "In the General Assembly {a} votes {more} often with {b} than with {c}.",
        "es": "En la Asamblea General {a} vota {more} a menudo con {b} que con {c}.",
    },
    "embassies": {"en": "{a} has {more} embassies than {c}.", "es": "{a} tiene {more} embajadas que {c}."},
}
RANKS = {
    "exports": {"en": "{b} is the {k} market of {a}.", "es": "{b} es el {k} mercado de {a}."},
    "imports": {"en": "{b} is the {k} supplier of {a}.", "es": "{b} es el {k} proveedor de {a}."},
    "trade": {"en": "{b} is the {k} trading partner of {a}.", "es": "{b} es el {k} socio comercial de {a}."},
}
MORE = {"en": ("more", "less"), "es": ("más", "menos")}
THIRD = "ITA"


def verdicts(said, pair, lang):
    return {one.verdict for one in check(said, *pair, catalogue=TABLES, language=lang)} - {
        "not testable here"
    }


@cache
def value(series, a, b):
    """Return a figure by its first source, of 2024 for votes and the last year else."""
    held = figures.paths(TABLES, series, a, b)
    if isinstance(held, Unknown):
        return None
    path = next(iter(held.values()))
    return path.values.get("2024" if series == "votes" else path.last)


def told(template, lang, pair, **more):
    names = {key: countries()[code].name[lang] for key, code in (*zip("ab", pair, strict=True), ("c", THIRD))}
    said = template[lang].format(**names, **more)
    return said[0].upper() + said[1:]


@pytest.mark.fuzz
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("series", LEVELS)
def test_a_level_is_as_told(series, lang, pair):
    known = value(series, *pair)
    if known is None or known < 1:
        return
    far = known * 1.6 + 8 if known < 60 else known * 0.6  # far from the truth by any rounding
    assert verdicts(told(LEVELS[series], lang, pair, n=round(known)), pair, lang) <= {"supported", "mixed"}
    assert verdicts(told(LEVELS[series], lang, pair, n=round(far)), pair, lang) <= {"contradicted"}
    assert verdicts(told(LEVELS[series], lang, pair, n=round(known)), pair, lang), "not read"


@pytest.mark.fuzz
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("series", RANKS)
def test_a_rank_is_as_told(series, lang, pair):
    held = figures.levels_of(TABLES["trade_totals"], pair[0], series)
    at = sorted(held, key=lambda code: -held[code]).index(pair[1]) + 1
    for place in range(1, 6):
        said = told(RANKS[series], lang, pair, k=ORDINALS[lang][place])
        assert verdicts(said, pair, lang) == {"supported" if place == at else "contradicted"}, said


@pytest.mark.fuzz
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("series", COMPARED)
def test_one_beside_another_is_as_told(series, lang, pair):
    ends = (pair, (THIRD, pair[1])) if series == "embassies" else (pair, (pair[0], THIRD))
    one, two = (value(series, *end) for end in ends)
    if one is None or two is None or abs(one - two) < 0.05 * one:
        return
    right, wrong = MORE[lang] if one > two else MORE[lang][::-1]
    assert verdicts(told(COMPARED[series], lang, pair, more=right), pair, lang) == {"supported"}
    assert verdicts(told(COMPARED[series], lang, pair, more=wrong), pair, lang) == {"contradicted"}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_templates_are_read_for_one_pair(lang):
    pair = ("BRA", "ARG")
    for series, template in LEVELS.items():
        assert verdicts(told(template, lang, pair, n=99), pair, lang) == {"contradicted"}, series
    for series, template in COMPARED.items():
        found = [verdicts(told(template, lang, pair, more=more), pair, lang) for more in MORE[lang]]
        assert sorted(map(sorted, found)) == [["contradicted"], ["supported"]], series


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Japan is Thailand's third-largest trading partner, behind Italy."),
        ("en", "Japan is Thailand's third-largest trading partner, just ahead of China."),
        ("en", "Japan is Thailand's third-largest trading partner ahead of China."),
        ("es", "Japón es el tercer socio comercial de Tailandia, por delante de China."),
        ("es", "Japón es el tercer socio comercial de Tailandia, detrás de Italia."),
    ],
)
def test_a_rank_beside_others_that_are_not_read_gets_no_verdict(lang, said):
    assert verdicts(said, ("THA", "JPN"), lang) == set()
