"""Countries found by any name a person would type."""

import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue.countries import Country, countries, country, pair
from palanca.errors import InputError, SamePair, UnknownCountry

NAMES = [
    (name, item.iso3)
    for item in countries().values()
    for name in (item.iso2, item.iso3, item.name.en, item.name.es, *item.aliases)
]


def plain(name: str) -> str:
    bare = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def test_every_country_has_codes_and_a_name_in_both_languages() -> None:
    assert all(
        len(item.iso3) == 3 and item.iso3.isupper() and len(item.iso2) == 2 and item.iso2.isupper()
        for item in countries().values()
    )
    assert len({item.iso2 for item in countries().values()}) == len(countries())
    assert all(item.name.en and item.name.es for item in countries().values())
    assert countries()["NAM"].iso2 == "NA"  # which some readers of CSV take for a missing value


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


@given(st.sampled_from(NAMES), st.sampled_from([str, str.upper, str.lower, str.title, plain]))
def test_case_and_accents_are_ignored(named: tuple[str, str], change: type[str]) -> None:
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
