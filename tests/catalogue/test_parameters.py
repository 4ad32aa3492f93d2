"""Numbers of judgement: none without a source."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from pydantic import Field, RootModel

from palanca.catalogue.countries import pair
from palanca.catalogue.parameters import parameters, parse, read
from palanca.catalogue.settings import Settings, default_pair
from palanca.catalogue.text import Strict
from palanca.catalogue.thresholds import Thresholds, thresholds
from palanca.errors import BadParameter

FOLDER = Path(str(files("palanca"))) / "data" / "parameters"
LINES = (FOLDER / "thresholds.yaml").read_text("utf-8")


class Entry(Strict):
    """A number with its source."""

    value: float
    source: str = Field(min_length=5)


class Entries(RootModel[dict[str, Entry]]):
    """Numbers by name."""


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(BadParameter, match=r"^data/parameters/topic\.yaml cannot be used:") as raised:
        parse("parameters/topic.yaml", text, Entries)
    return raised.value.faults


def test_entry_with_a_source_is_read() -> None:
    entries = parse("parameters/topic.yaml", "line: {value: 0.4, source: a paper}", Entries)
    assert entries.root["line"] == Entry(value=0.4, source="a paper")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("line: {value: 0.4}", "line.source: Field required"),
        ("line: {value: 0.4, source: ''}", "line.source: String should have at least"),
        ("line: {value: 0.4, source: '         '}", "line.source: String should have at least"),
        ("line: {value: 0.4, source: null}", "line.source: "),
        ("line: {value: 0.4, source: a paper, colour: red}", "line.colour: Extra inputs"),
        ("line: {value: high, source: a paper}", "line.value: "),
        ("line: 0.4", "line: "),
        ("[0.4]", ": "),
        ("", ": "),
        ("line: [", "while parsing"),
        ("line: {value: 0.4, source: a paper, date: 2023-13-45}", ""),
    ],
)
def test_entry_that_breaks_the_schema_is_refused(text: str, fault: str) -> None:
    assert any(listed.startswith(fault) for listed in faults(text))


def test_all_faults_are_listed_at_once() -> None:
    listed = faults("a: {value: 1}\nb: {value: x, source: ''}\nc: {value: 1, source: a paper, d: 2}")
    assert [fault.split(":")[0] for fault in listed] == ["a.source", "b.value", "b.source", "c.d"]


@pytest.mark.parametrize("name", thresholds())
@pytest.mark.parametrize("source", [None, "", "a paper"], ids=["none", "empty", "short"])
def test_no_threshold_goes_without_its_source(name: str, source: str | None) -> None:
    lines = yaml.safe_load(LINES)
    lines[name]["source"] = source
    with pytest.raises(BadParameter, match=rf"{name}\.source"):
        parse("parameters/thresholds.yaml", yaml.safe_dump(lines), Thresholds)


def test_thresholds_are_the_published_lines() -> None:
    """Merger Guidelines (2023): 1,800 of 10,000. European Commission (2021): 0.4."""
    assert thresholds()["highly_concentrated"].value == 1800 / 10_000
    assert thresholds()["import_dependence"].value == 0.4


def test_default_pair_is_a_pair() -> None:
    assert len(pair(*default_pair())) == 2
    assert parameters("settings", Settings).pair == default_pair()


def test_file_is_read_once() -> None:
    assert read("parameters/settings.yaml", Settings) is read("parameters/settings.yaml", Settings)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_parameter_file_names_no_entry_twice(path: Path) -> None:
    """PyYAML keeps the last of two entries of one name, so that the first would be lost unseen."""
    node = yaml.compose(path.read_text("utf-8"))
    assert isinstance(node, yaml.MappingNode)
    names = [key.value for key, _ in node.value]
    assert len(names) == len(set(names))
