"""The command line on power."""

import json

import pytest
from typer.testing import CliRunner

from palanca.cli import app
from palanca.cli.power import WIDTH, bar

KEYS = {"pair", "hirschman", "liu_yang", "cms", "loss", "leverage", "by_sector"}


def run(*arguments):
    return CliRunner().invoke(app, ["power", *arguments])


def test_json_has_the_keys_that_are_promised():
    found = json.loads(run("MEX", "USA", "--json").stdout)
    assert set(found) >= KEYS
    assert set(found["loss"]) == {"short", "long"}
    assert all(set(sides) == {"A", "B"} for sides in found["loss"].values())
    assert isinstance(found["leverage"], float)
    assert found["leverage"] == found["loss"]["long"]["A"] / found["loss"]["long"]["B"]


def test_solving_anew_agrees_with_the_table():
    kept = json.loads(run("Francia", "Germany", "--json").stdout)
    fresh = json.loads(run("FRA", "DEU", "--solve", "--json").stdout)
    assert fresh["pair"] == kept["pair"] == ["FRA", "DEU"]
    assert fresh["leverage"] == pytest.approx(kept["leverage"], rel=1e-5)
    assert fresh["sides"]["A"] == pytest.approx(kept["sides"]["A"], rel=1e-5)


def test_people_get_a_table_with_bars():
    done = run("MEX", "USA")
    assert done.exit_code == 0
    assert "█│" in done.stdout
    assert "Motor vehicles" in done.stdout


@pytest.mark.parametrize("pair", [("MEX", "MEX"), ("MEX", "Tuvalu"), ("MEX", "Atlantis")])
def test_what_is_no_pair_on_file_ends_with_two(pair):
    assert run(*pair).exit_code == 2


@pytest.mark.parametrize(("left", "right", "longest"), [(4.0, 1.0, 0), (0.5, 2.0, 1), (0.0, 0.0, None)])
def test_bars_meet_in_the_middle(left, right, longest):
    sides = bar(left, right).split("│")
    assert [len(side) for side in sides] == [WIDTH, WIDTH]
    if longest is not None:
        assert sides[longest].count("█") == WIDTH
