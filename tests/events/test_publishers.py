"""Confidence follows the source: who published a document, of which class, and how independent."""

import re
from itertools import product

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue.parameters import parse
from palanca.errors import BadParameter
from palanca.events.event import Event
from palanca.events.ledger import shipped
from palanca.events.publishers import (
    ORDER,
    Publishers,
    allowed,
    confidence,
    independent,
    least,
    publishers,
    sources,
)

ROW = {
    "id": "2026-01-05-usa-threat",
    "date": "2026-01-05",
    "actor": "USA",
    "target": "MEX",
    "kind": "threat",
    "front": "trade",
    "instrument": "tariff",
    "title": "A tariff is threatened",
    "source": "A gazette, 5 January 2026",
    "confidence": "high",
}
OFFICIAL = "https://www.whitehouse.gov/presidential-actions/2026/01/one/"
WIRE, OTHER_WIRE = "https://www.reuters.com/article/one", "https://apnews.com/article/two"
PARTISAN, NOBODY = "https://100percentfedup.com/one/", "https://example.org/one"


def act(*urls, **fields):
    first = {"source_url": urls[0], "other_urls": urls[1:]} if urls else {}
    return Event.model_validate({**ROW, **first, **fields})


@pytest.mark.parametrize(
    ("urls", "wanted"),
    [
        ((OFFICIAL,), "high"),
        ((WIRE,), "medium"),
        ((WIRE, OTHER_WIRE), "high"),
        ((WIRE, WIRE + "/again"), "medium"),
        ((WIRE, PARTISAN), "medium"),
        ((WIRE, NOBODY), "medium"),
        ((PARTISAN,), "low"),
        ((PARTISAN, NOBODY), "low"),
        ((NOBODY,), "low"),
        ((), "low"),
        ((PARTISAN, OFFICIAL), "high"),
    ],
)
def test_high_needs_an_official_source_or_two_independent_ones(urls, wanted):
    assert allowed(act(*urls)) == wanted


def test_a_government_is_official_only_about_acts_it_is_party_to():
    assert [one.group for one in sources(act(OFFICIAL))] == ["official"]
    elsewhere = act(OFFICIAL, actor="CHN", target="MEX")
    assert [one.group for one in sources(elsewhere)] == ["record"]
    assert allowed(elsewhere) == "medium"


def test_a_host_is_known_with_its_subhosts_and_the_beginning_of_a_path_and_never_by_a_part_of_a_name():
    def standing(url, **fields):
        return sources(act(url, **fields))[0].publisher

    assert standing("https://WWW.WhiteHouse.gov:443/x") == "white_house"
    assert standing("https://ustr.gov./press") == "us_trade_representative"
    assert standing("https://notwhitehouse.gov/x") is None
    assert standing("https://whitehouse.gov@example.org/x") is None
    assert standing("https://user:word@ustr.gov:8080/x") == "us_trade_representative"
    assert standing("https://whitehouse.gov.example.org/x") is None
    assert standing("https://github.com/fferegrino/mananeras/blob/a/b.txt") == "mexico_presidency"
    assert standing("https://github.com/fferegrino/mananeras-other/b.txt") is None
    assert standing("https://github.com/somebody/else") is None


def test_a_title_names_the_publisher_only_at_a_carrier_or_where_there_is_no_address():
    named = {"source": "White House: Joint statement"}
    assert allowed(act(NOBODY, **named)) == "low"
    assert allowed(act("https://github.com/brian14708/wh-briefings/blob/a/b", **named)) == "high"
    assert allowed(act(**named)) == "high"
    assert allowed(act(**{"source": "Whitehouse Courier: gossip"})) == "low"


@given(
    st.lists(st.sampled_from([OFFICIAL, WIRE, OTHER_WIRE, PARTISAN, NOBODY]), max_size=4, unique=True),
    st.sampled_from(ORDER),
)
def test_sources_only_ever_lower_what_a_reader_says_and_what_is_unclassified_adds_nothing(urls, said):
    event = act(*urls, confidence=said)
    assert ORDER.index(confidence(event)) <= ORDER.index(said)
    assert allowed(act(*urls, NOBODY)) == allowed(event)
    wider = [allowed(act(*urls, more)) for more in (OFFICIAL, WIRE, PARTISAN)]
    assert all(ORDER.index(one) >= ORDER.index(allowed(event)) for one in wider)
    assert allowed(act(*reversed(urls))) == allowed(event)


def test_what_rests_on_several_acts_is_as_sure_as_the_least_sure():
    assert least([act(OFFICIAL), act(PARTISAN)]) == "low"
    assert least([act(OFFICIAL), act(WIRE)]) == "medium"
    assert least([]) == "low"


CLASSES = {
    "official": {"title": {"en": "a", "es": "a"}, "alone": "high", "counts": True, "meaning": "its own acts"},
    "record": {
        "title": {"en": "a", "es": "a"},
        "alone": "medium",
        "counts": True,
        "meaning": "has reporters",
    },
    "unclassified": {"title": {"en": "a", "es": "a"}, "alone": "low", "counts": False, "meaning": "nobody's"},
}


def listed(**given):
    paper = {"title": "A paper", "class": "record", "reason": "news agency"}
    named = {name: {**paper, **fields} for name, fields in given.items()}
    return parse(
        "x",
        yaml.safe_dump({"classes": CLASSES, "reasons": {}, "carriers": {}, "publishers": named}),
        Publishers,
    )


def test_copies_are_not_independent():
    told = listed(
        one={"at": ["one.org"]}, two={"at": ["two.org"], "copies": ["one"]}, three={"names": ["Three"]}
    ).publishers
    assert not independent(["one", "two"], told)
    assert not independent(["two", "one"], told)
    assert not independent(["one"], told)
    assert independent(["one", "three"], told)
    assert independent(["one", "two", "three"], told)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"at": ["One.org"]}, "a host in lower case"),
        ({"at": ["https://one.org"]}, "a host in lower case"),
        ({}, "neither an address nor a name"),
        ({"at": ["one.org"], "of": ["XYZ"]}, "XYZ"),
        ({"at": ["one.org"], "class": "press"}, "unknown class 'press'"),
        ({"at": ["one.org"], "copies": ["nobody"]}, "copies 'nobody'"),
        ({"at": ["two.org"]}, "'two.org' is also of"),
        ({"at": ["one.org"], "reason": ""}, "reason"),
        ({"at": ["one.org"], "kind": "daily"}, "kind"),
    ],
)
def test_a_faulty_list_is_refused(given, said):
    with pytest.raises(BadParameter) as error:
        listed(two={"at": ["two.org"]}, one=given)
    assert any(said in fault for fault in error.value.faults)


def test_every_entry_of_the_list_is_found_by_its_own_address_and_name():
    told = publishers()
    for name, one in told.publishers.items():
        assert one.group in told.classes
        party = {"actor": one.of[0], "target": "FRA"} if one.of else {}
        for place in one.at:
            found = sources(act(f"https://www.{place}/x", **party))[0]
            assert (found.publisher, found.group) == (name, one.group), place
        for word in one.names:
            assert sources(act(source=f"{word}: a page", **party))[0].publisher == name, word


def test_every_publisher_of_the_shipped_ledger_is_classed():
    assert {url for event in shipped().events for one, url in zip(sources(event), event.urls, strict=True)
            if one.publisher is None} == set()  # fmt: skip


def test_no_shipped_entry_claims_more_than_its_sources_allow():
    assert [event.id for event in shipped().events if confidence(event) != event.confidence] == []


def test_every_shipped_entry_has_a_spanish_title():
    assert [event.id for event in shipped().events if event.language != "es" and not event.title_es] == []


def test_spanish_titles_keep_the_numbers_of_the_entry():
    for event in shipped().events:
        if event.title_es:
            ours, theirs = (set(re.findall(r"\d+", text)) for text in (event.title_es, event.title))
            assert ours == theirs, event.id
            assert event.title_es != event.title, event.id


def test_a_title_that_is_not_in_the_language_asked_says_so():
    assert [act().titled(language) for language in ("en", "es")] == [
        "A tariff is threatened",
        "A tariff is threatened (en inglés)",
    ]
    spanish = act(language="es", title="Amenaza de arancel")
    assert [spanish.titled(language) for language in ("en", "es")] == [
        "Amenaza de arancel (in Spanish)",
        "Amenaza de arancel",
    ]
    assert act(title_es="Se amenaza con un arancel").titled("es") == "Se amenaza con un arancel"
    unknown = act(language="zx")
    assert all("(" in unknown.titled(language) for language in ("en", "es"))


def test_addresses_are_checked():
    with pytest.raises(ValueError, match="no addresses: not-one"):
        act(WIRE, "not-one")
    assert all(len(act(*urls).urls) == len(urls) for urls in product([WIRE], [OTHER_WIRE, NOBODY]))
