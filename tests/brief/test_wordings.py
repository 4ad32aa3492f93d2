"""Statements in other words than those of the labelled sets, with traps among them."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from palanca.brief.check import check
from palanca.catalogue import Catalogue

WORDINGS = yaml.safe_load((Path(__file__).parent / "texts" / "wordings.yaml").read_text("utf-8"))
CASES = [one for held in WORDINGS.values() for one in held]
DECIDED = {"supported", "contradicted", "mixed"}


@pytest.fixture(scope="module")
def tables():
    return Catalogue(as_of=date(2026, 11, 23))  # the day of the labelled sets


@pytest.mark.parametrize("one", CASES, ids=lambda one: one["text"][:40])
def test_a_statement_in_other_words_is_judged_by_its_sense(one, tables):
    found = check(one["text"], *one["pair"], catalogue=tables, language=one["language"])
    given = {said.verdict for said in found} & DECIDED
    assert given == ({one["verdict"]} & DECIDED)


@pytest.mark.parametrize("kind", WORDINGS)
def test_each_kind_of_wording_has_three_sentences(kind):
    assert len(WORDINGS[kind]) >= 3
