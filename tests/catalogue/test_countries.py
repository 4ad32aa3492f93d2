"""Countries found by any name a person or a publisher would write."""

import csv
import io
import random
import string
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue.countries import Country, countries, country, find, names, pair
from palanca.errors import InputError, SamePair, UnknownCountry

NAMES = list(names().items())
SPELLINGS = (Path(__file__).parent / "country_names.csv").read_text("utf-8")
WRITTEN = list(csv.DictReader(io.StringIO(SPELLINGS, newline="")))


def plain(name: str) -> str:
    bare = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def test_every_country_has_codes_and_a_name_in_both_languages() -> None:
    assert all(
        len(item.iso3) == 3 and item.iso3.isupper() and len(item.iso2) == 2 and item.iso2.isupper()
        for item in countries().values()
    )
    assert len({item.iso2 for item in countries().values()}) == len(countries())
    assert all(item.name.en and item.name.es for item in countries().values())
    assert countries()["NAM"].iso2 == "NA"  # which some readers of CSV take for a missing value


def test_every_name_on_file_is_of_a_country_and_has_a_source() -> None:
    folder = files("palanca") / "data" / "codes"
    rows, sources = (
        list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
        for name in ("country_names", "country_name_sources")
    )
    assert {row["iso3"] for row in rows} <= set(countries())
    assert {row["source"] for row in rows} == {row["source"] for row in sources}
    assert all(len(row["citation"]) > 20 for row in sources)


def test_no_name_means_two_countries() -> None:
    owners = defaultdict(set)
    for name, iso3 in NAMES:
        owners[plain(name)].add(iso3)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("México", "MEX"),
        ("MEXICO", "MEX"),
        ("mx", "MEX"),
        ("mex", "MEX"),
        (" estados  unidos ", "USA"),
        ("EE.UU.", "USA"),
        ("U.S.", "USA"),
        ("Holanda", "NLD"),
        ("guinea bissau", "GNB"),
        ("Guinea", "GIN"),
        ("Níger", "NER"),
        ("nigeria", "NGA"),
        ("Turkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Côte d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("república democrática del congo", "COD"),
        ("Corea del Sur", "KOR"),
        ("Dominica", "DMA"),
        ("República Dominicana", "DOM"),
        ("NA", "NAM"),
        ("Unión Europea", "EUU"),
    ],
)
def test_country_by_a_name_that_people_type(name: str, iso3: str) -> None:
    assert country(name).iso3 == iso3


@pytest.mark.parametrize("row", WRITTEN, ids=lambda row: repr(row["name"]))
def test_spellings_of_users_and_publishers_are_found_or_refused(row: dict[str, str]) -> None:
    if row["iso3"]:
        assert country(row["name"]).iso3 == row["iso3"]
    else:
        with pytest.raises(UnknownCountry):
            country(row["name"])


@pytest.mark.parametrize("language", ["en", "es", "es_MX", "es_419"])
def test_every_name_of_unicode_is_known(language: str) -> None:
    known = Locale.parse(language).territories
    named = {item.iso3: known[item.iso2] for item in countries().values() if item.iso2 in known}
    assert len(named) > 240
    assert {iso3: name for iso3, name in named.items() if country(name).iso3 != iso3} == {}


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Bahamas, The", "BHS"),
        ("Congo, Dem. Rep. of the", "COD"),
        ("Congo, Rep. of", "COG"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Korea (Democratic People's Rep. of)", "PRK"),
        ("China, P.R.: Mainland", "CHN"),
        ("China, P.R.: Hong Kong", "HKG"),
        ("la República Democrática del Congo", "COD"),
        ("los Estados Unidos de América", "USA"),
        ("la India", "IND"),
        ("el Reino Unido", "GBR"),
        ("El Salvador", "SLV"),
        ("St. Vin. and Gren.", "VCT"),
        ("8", "ALB"),
        ("008", "ALB"),
        ("la", "LAO"),
        ("de", "DEU"),
    ],
)
def test_style_of_a_publisher_or_an_article_is_no_other_country(name: str, iso3: str) -> None:
    assert country(name).iso3 == iso3


@pytest.mark.parametrize(
    "name", ["4.0", "-4", "1e3", "999", "日本MEX", "MEX USA", "MEX;USA", "the", "of the"]
)
def test_what_only_looks_like_a_code_is_refused(name: str) -> None:
    assert find(name) is None


def test_name_of_several_countries_is_refused_with_all_of_them() -> None:
    with pytest.raises(UnknownCountry, match=r"Guyana \(GUY\) or French Guiana \(GUF\)"):
        country("Guiana")


def test_empty_name_is_said_to_be_empty() -> None:
    with pytest.raises(UnknownCountry, match="is empty"):
        pair("", "USA")


def test_suggestions_never_point_to_another_country_alone(rounds: Callable[[int, int], int]) -> None:
    draw = random.Random(11)
    long = [(name, iso3) for name, iso3 in NAMES if len(plain(name)) > 3]  # shorter ones are codes
    wrong = []
    for _ in range(rounds(300, 5_000)):
        name, iso3 = draw.choice(long)
        typo = slipped(name, draw)
        if find(typo) is None:
            said = message(typo)
            if "Did you mean" in said and f"({iso3})" not in said:
                wrong.append((name, typo, said))
    assert wrong == []


def message(name: str) -> str:
    with pytest.raises(UnknownCountry) as raised:
        country(name)
    return str(raised.value)


def slipped(name: str, draw: random.Random) -> str:
    """Return a name with one or two letters changed, left out or added, or two neighbours exchanged."""
    letters = list(name)
    if draw.random() < 0.25:
        at = draw.randrange(1, len(letters))
        letters[at - 1], letters[at] = letters[at], letters[at - 1]
        return "".join(letters)
    for _ in range(draw.choice((1, 2))):
        at, added = draw.randrange(len(letters)), draw.choice(string.ascii_lowercase)
        letters[at : at + draw.choice((0, 1))] = draw.choice(([added], []))
    return "".join(letters)


@given(st.sampled_from(NAMES), st.sampled_from([str, str.upper, str.lower, str.title, plain, decomposed]))
def test_case_accents_and_forms_of_unicode_are_ignored(named: tuple[str, str], change: type[str]) -> None:
    name, iso3 = named
    assert country(f"  {change(name)} ").iso3 == iso3


@given(st.sampled_from(sorted(countries())))
def test_country_is_its_own_name(iso3: str) -> None:
    item = countries()[iso3]
    assert country(item) is item
    assert country(str(item)) is item


@pytest.mark.parametrize(
    ("typo", "suggestion"),
    [
        ("Mexco", "Mexico (MEX)"),
        ("Méjixo", "Mexico (MEX)"),
        ("Untied States", "United States (USA)"),
        ("Alemana", "Germany (DEU)"),
        ("Germny", "Germany (DEU)"),
        ("Brasill", "Brazil (BRA)"),
    ],
)
def test_typo_is_answered_with_a_suggestion(typo: str, suggestion: str) -> None:
    with pytest.raises(UnknownCountry, match="No country is called") as raised:
        country(typo)
    assert repr(typo) in str(raised.value)
    assert suggestion in str(raised.value)


@pytest.mark.parametrize("name", ["", "   ", "-", "日本", "Atlantis of the deep", "\x00", "🇲🇽"])
def test_name_like_no_other_is_answered_with_what_can_be_typed(name: str) -> None:
    with pytest.raises(UnknownCountry, match="Use an ISO code or a name in English or Spanish"):
        country(name)


@given(st.text(min_size=1, max_size=20))
def test_any_other_text_is_refused_by_name(name: str) -> None:
    text = f"{name} ({name})"
    with pytest.raises(UnknownCountry) as raised:
        country(text)
    assert repr(text) in str(raised.value)


def test_pair_is_returned_in_order() -> None:
    assert [item.iso3 for item in pair("México", "us")] == ["MEX", "USA"]
    assert [item.iso3 for item in pair(countries()["USA"], "MX")] == ["USA", "MEX"]


def test_both_unknown_names_of_a_pair_are_in_one_error() -> None:
    with pytest.raises(UnknownCountry) as raised:
        pair("Mexco", "Untied States")
    assert "'Mexco'" in str(raised.value)
    assert "Mexico (MEX)" in str(raised.value)
    assert "'Untied States'" in str(raised.value)
    assert "United States (USA)" in str(raised.value)


def test_one_unknown_name_of_a_pair_is_the_only_one_named() -> None:
    with pytest.raises(UnknownCountry) as raised:
        pair("Mexico", "Untied States")
    assert str(raised.value).count("No country is called") == 1


@pytest.mark.parametrize("second", ["MX", "México", countries()["MEX"]])
def test_country_is_not_paired_with_itself(second: str | Country) -> None:
    with pytest.raises(SamePair, match="both Mexico: name two different countries"):
        pair("Mexico", second)


def test_errors_of_names_are_errors_of_input() -> None:
    assert issubclass(UnknownCountry, InputError)
    assert issubclass(SamePair, InputError)
