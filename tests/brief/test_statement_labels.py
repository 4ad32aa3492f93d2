"""Labelled sentences: whole, in both languages, half of them traps, and drawn as their script draws them."""

import importlib.util
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from palanca.catalogue import Catalogue, countries
from palanca.catalogue.sources import tables

HERE = Path(__file__).parent
FIELDS = {"text", "language", "pair", "date", "source", "verdict", "decidable", "trap", "reason"}
VERDICTS = {"supported", "contradicted", "mixed", "not_testable", "none"}
SETS = {name: yaml.safe_load((HERE / "texts" / "statements" / f"{name}.yaml").read_text("utf-8"))
        for name in ("open", "held_out", "later", "wide", "fresh", "worded", "worded_late",
                     "figures", "palabras", "palabras_late", "acts", "last", "more", "apart")}  # fmt: skip
ROWS = [row for rows in SETS.values() for row in rows]


def label(row):
    return row["verdict"] if isinstance(row["verdict"], list) else [row["verdict"]]


def test_every_label_is_whole():
    for row in ROWS:
        assert set(row) == FIELDS
        assert set(label(row)) <= VERDICTS
        assert set(row["pair"]) <= countries().keys()
        assert isinstance(row["date"], date)
        assert row["language"] in ("en", "es")
    assert len({row["text"] for row in ROWS}) == len(ROWS)


def test_a_decidable_sentence_names_the_table_and_a_verdict():
    for row in ROWS:
        decided = set(label(row)) & {"supported", "contradicted", "mixed"}
        assert not row["decidable"] or (decided and any(name in row["reason"] for name in tables())), row[
            "text"
        ]


def test_days_of_the_ledger_that_labels_name_are_on_file():
    days = set(map(str, Catalogue()["ledger_events"].frame["date"]))
    for row in ROWS:
        named = re.findall(r"\d{4}-\d\d-\d\d", row["reason"]) if "ledger_events" in row["reason"] else []
        assert set(named) <= days, row["text"]


def test_languages_traps_and_origins_are_as_many_as_said():
    assert all(count >= 60 for count in Counter(row["language"] for row in ROWS).values())
    assert sum(row["trap"] != "none" for row in ROWS) >= len(ROWS) / 2
    assert sum(row["source"] != "own" for row in ROWS) >= 60
    assert all(count >= 20 for count in Counter(row["language"] for row in SETS["held_out"]).values())


def test_drawn_sentences_are_those_of_the_script():
    path = HERE.parents[1] / "benchmarks" / "draw_statements.py"
    spec = importlib.util.spec_from_file_location("draw_statements", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    if not script.on_file().exists():
        pytest.skip("the White House documents are not here")
    drawn = {(one["text"], one["source"]) for found in script.drawn().values() for one in found}
    assert drawn == {(row["text"], row["source"]) for row in ROWS if row["source"] != "own"}
