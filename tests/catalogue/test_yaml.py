"""YAML that a user may write: what it says twice, or of no day, is a fault that is named."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue.parameters import DEEPEST, load
from palanca.errors import BadMeasure
from palanca.trade.measure import drafted, parse

MEASURE = """
title: {{en: A tariff, es: Un arancel}}
status: applied
sender: USA
start: {start}
end: {end}
authority: a law
source:
- {{title: The law itself, url: https://example.org, confidence: high}}
clauses:
- {{kind: tariff, target: MEX, addition: {addition}}}
"""


def measure(start: str = "2025-03-04", end: str = "2025-04-04", addition: str = "25") -> str:
    return MEASURE.format(start=start, end=end, addition=addition)


def test_every_key_that_stands_twice_is_named_with_its_line() -> None:
    with pytest.raises(yaml.YAMLError, match=r"'a' again in line 2, 'c' again in line 5"):
        load("a: 1\na: 2\nb:\n  c: 1\n  c: 2\nd: 1")


def test_keys_may_repeat_in_different_places_and_be_merged() -> None:
    assert load("x: &x {p: 1}\ny: {<<: *x, p: 2}") == {"x": {"p": 1}, "y": {"p": 2}}


@pytest.mark.parametrize("text", ["[" * 50_000, "- " * 50_000, "? " * 50_000, "{a: " * 50_000])
def test_deep_text_is_refused_before_it_ends_the_process(text: str) -> None:
    with pytest.raises(yaml.YAMLError, match=f"more than {DEEPEST} deep"):
        load(text)


def test_measure_with_one_key_twice_is_refused() -> None:
    with pytest.raises(BadMeasure, match="'clauses' again in line 12"):
        parse("m", measure() + "clauses:\n- {kind: tariff, target: CHN, addition: 10}\n")


@pytest.mark.parametrize(
    "day", ["2025-02-30", "2025-13-01", "20250304", "0", "1.5", "true", "null", "'86400'"]
)
def test_measure_needs_a_day_that_exists(day: str) -> None:
    _, faults = drafted("m", measure(start=day))
    assert len(faults) == 1
    assert faults[0].startswith("start: ")


@pytest.mark.parametrize("rate", ["true", ".nan", ".inf", "many", "-101", "null"])
def test_measure_needs_a_rate_that_is_a_number(rate: str) -> None:
    assert drafted("m", measure(addition=rate))[1]


def test_every_fault_of_a_measure_is_in_one_error() -> None:
    with pytest.raises(BadMeasure) as raised:
        parse("m", measure(start="2025-02-30", end="2025-02-31", addition="many"))
    assert len(raised.value.faults) >= 3


@given(st.text(alphabet="ab:- {}[]'\"\n0123&*!|>?", max_size=60))
def test_any_text_is_yaml_or_a_fault(text: str) -> None:
    try:
        load(text)
    except yaml.YAMLError:
        return
