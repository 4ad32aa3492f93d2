"""Spanish turns of phrase: subjects behind their verb, periphrases, idioms, deeds as nouns, and traps."""

from pathlib import Path

import pytest
import yaml

from palanca.brief.check import check

TOLD = yaml.safe_load((Path(__file__).parent / "texts" / "spanish.yaml").read_text("utf-8"))
TWO = ("MEX", "USA")
UNTESTED = "not testable here"


@pytest.mark.parametrize(("entry", "affirmed", "subject", "said"), TOLD["read"])
def test_turns_of_phrase_state_what_their_plain_words_do(entry, affirmed, subject, said):
    found = [one for one in check(said, *TWO, language="es") if one.name == entry]
    assert [(one.affirmed, one.subject) for one in found] == [(affirmed, subject)]


@pytest.mark.parametrize(("verdict", "said"), TOLD["verdicts"])
def test_degrees_and_idioms_are_tested_as_meant(verdict, said):
    assert verdict in [one.verdict for one in check(said, *TWO, language="es")]


@pytest.mark.parametrize("said", TOLD["untested"])
def test_what_is_limited_or_supposed_or_of_others_gets_no_verdict(said):
    assert {one.verdict for one in check(said, *TWO, language="es")} <= {UNTESTED}
