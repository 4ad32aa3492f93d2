"""Pictures are the same to the last byte, and what cannot be drawn says so."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import altair as alt
import polars as pl
import pytest
from altair.utils.schemapi import validate_jsonschema
from altair.vegalite.v6.schema.core import load_schema

from palanca.brief import drawing, engine
from palanca.brief import grammar as vl
from palanca.brief.drawing import BROAD, LICENCES, PADDING, WIDTH, Studio, carried_script, script
from palanca.brief.figures import Chart, inline
from palanca.catalogue import Text
from palanca.errors import DrawingError

ROOT = Path(__file__).parents[2]
NAME = Text(en="a chart", es="una gráfica")
ROWS = pl.DataFrame({"x": ["a", "b"], "y": [1 / 3, 2 / 3]})


def bars(rows, _language):
    return vl.Chart(inline(rows)).mark("bar").encode(x="y:Q", y="x:N").high(80)


def nothing(_rows, _language):
    return bars(_rows, _language).where("datum.y >")


def chart(name, draw=bars, *, broad=False):
    return Chart(name, NAME, ROWS, draw, ("trade_totals",), broad=broad)


def drawn(charts):
    with Studio(("en",)) as studio:
        studio.take(charts)
        return {name: base64.b64decode(text).decode() for name, text in studio.pictures("en").items()}


def test_a_picture_does_not_depend_on_those_drawn_before(monkeypatch, tmp_path):
    pictures = []
    for names in (("one",), ("other", "third", "one")):
        monkeypatch.setenv("PALANCA_CACHE", str(tmp_path / names[0]))
        pictures.append(drawn([chart(name) for name in names])["one"])
    assert pictures[0] == pictures[1]
    assert re.search(r"\.\d{3}", pictures[0]) is None
    assert "aria-label" not in pictures[0]


def test_words_take_the_same_room_by_either_name_of_the_font(monkeypatch, tmp_path):
    pictures = [drawn([chart("one")])["one"]]
    program = Path(engine.__file__)
    slower = program.read_text("utf-8").replace(engine.FONT, drawing.LOOK["font"])
    (tmp_path / program.name).write_text(slower, "utf-8")
    (tmp_path / "templates").symlink_to(program.with_name("templates"))
    monkeypatch.setenv("PALANCA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(drawing, "__file__", str(tmp_path / "drawing.py"))
    pictures.append(drawn([chart("one")])["one"])
    assert pictures[0] == pictures[1]
    assert drawing.LOOK["font"] in pictures[0]
    assert engine.FONT not in pictures[0]


def test_a_broad_chart_is_broader():
    pictures = drawn([chart("narrow"), chart("broad", broad=True)])
    widths = {name: int(re.search(r'width="(\d+)"', text)[1]) for name, text in pictures.items()}
    assert widths["broad"] - widths["narrow"] == BROAD - WIDTH
    assert widths["narrow"] > WIDTH + PADDING["left"]


def test_a_number_keeps_the_digits_that_count():
    ((first, _),) = chart("one").spec("en")["datasets"].values()
    assert first == {"x": "a", "y": 0.33333333}


def test_a_chart_that_cannot_be_drawn_says_so():
    with pytest.raises(DrawingError, match="could not be drawn"):
        drawn([chart("faulty", nothing)])


def test_altair_finds_no_fault_in_any_chart(of_mexico):
    assert vl.SCHEMA == alt.SCHEMA_URL
    kinds = {}
    for section in of_mexico.body:
        for one in section.charts:
            kinds.setdefault((one.draw.__qualname__, *one.data.columns), one)
    for one in kinds.values():
        spec = one.spec("en")
        top = "#/definitions/TopLevelLayerSpec" if "layer" in spec else "#/definitions/TopLevelUnitSpec"
        without_rows = {**spec, "datasets": {name: [] for name in spec["datasets"]}}
        validate_jsonschema(without_rows, {"$ref": top}, load_schema())


def test_a_chart_is_written_as_altair_writes_it():
    rows = [{"on": "2024-01-01", "low": 1, "high": 2, "who": "a"}]
    ours = vl.Chart(rows).where("datum.low > 0").mark("bar", size=3)
    ours = ours.encode(x="yearmonth(on):T", y=vl.Y("low:Q", title=None), y2=vl.Y2("high:Q"), color="who:N")
    theirs = alt.Chart(alt.InlineData(rows)).transform_filter("datum.low > 0").mark_bar(size=3)
    theirs = theirs.encode(x="yearmonth(on):T", y=alt.Y("low:Q", title=None), y2="high:Q", color="who:N")
    for added in ({"detail": "who:N"}, {"x": vl.value(2)}, {"x": vl.datum(0)}):
        mine, other = (one.encode(**added) for one in (ours, theirs))
        want, got = other.to_dict(), mine.spec()
        assert list(got.pop("datasets").values()) == list(want.pop("datasets").values())
        want.pop("config"), want.pop("data"), got.pop("data")
        assert got == want


def test_rows_that_all_layers_share_stand_once():
    base = vl.Chart([{"y": 1}])
    other = vl.Chart([{"y": 2}])
    shared = vl.Layers([base.mark("bar"), base.mark("rule")], 80).spec()
    assert "data" in shared
    assert not any("data" in layer for layer in shared["layer"])
    apart = vl.Layers([base.mark("bar"), base.mark("rule"), other.mark("rule")], 80).spec()
    named = [layer["data"]["name"] for layer in apart["layer"]]
    assert [apart["datasets"][name] for name in named] == [base.rows, base.rows, other.rows]


def test_a_column_without_a_type_is_refused():
    with pytest.raises(ValueError, match="Write name:Q"):
        vl.X("percent")


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_an_engine_leaves_an_interrupt_to_whom_started_it():
    with subprocess.Popen(
        [sys.executable, "-P", str(Path(engine.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin
        assert running.stdout
        job = {"spec": chart("one").spec("en"), "locale": "en-US", "release": vl.RELEASE}
        running.stdin.write(json.dumps(job) + "\n")
        running.stdin.flush()
        assert "<svg" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert running.poll() is None
        running.stdin.close()
        assert running.wait(timeout=600) == 0


def test_the_script_that_is_carried_is_what_the_engine_makes(monkeypatch):
    if version("vl-convert-python") not in (ROOT / "constraints.txt").read_text():
        pytest.skip("other releases than those pinned: their script is made when it is asked for")
    assert carried_script().is_file(), "python -m palanca.brief.carry"
    carried = script()
    nowhere = carried_script().with_name("nowhere")
    monkeypatch.setattr(import_module("palanca.brief.drawing"), "carried_script", lambda: nowhere)
    assert script() == carried


def test_the_licences_of_the_script_go_where_it_goes():
    held = carried_script().with_name(LICENCES).read_text("utf-8")
    assert "*/" not in held
    for library in ("vega", "vega-lite", "vega-embed"):
        assert re.search(rf"(^|, |\n){library}[, ]", held), library
    assert held.count("University of Washington Interactive Data Lab") >= 3
    assert script().startswith(f"/*!\n{held}*/\n")
