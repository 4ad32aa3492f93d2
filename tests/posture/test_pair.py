"""Any two states: members, former members, and those that never were."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from typer.testing import CliRunner

from palanca.catalogue import Catalogue, Unknown
from palanca.catalogue.codes import population
from palanca.cli import app
from palanca.errors import InputError, SamePair, UnknownCountry
from palanca.posture import alternatives, posture, presence
from palanca.posture.alignment import points
from palanca.posture.charts import files
from palanca.posture.coherence import named
from palanca.posture.gap import Gap, fitted
from palanca.posture.given import given
from palanca.posture.peers import peers, sizes
from palanca.posture.records import record
from palanca.posture.regimes import regime
from palanca.posture.states import former, state


@pytest.fixture(scope="module")
def found():
    return posture("Mexico", "US")


def run(*arguments):
    done = CliRunner().invoke(app, ["posture", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("Taiwan", "USA"), "Taiwan is not a voting member"),
        (("Kosovo", "MEX"), "Kosovo is not a voting member"),
        (("Soviet Union", "USA"), "Soviet Union no longer exists: its votes are on file from 1946 to 1991"),
        (("Yugoslavia", "India"), "look up Serbia or Croatia"),
        (("DDR", "Serbia and Montenegro"), "never voted in the same year"),
        (("EAZ", "Palestine"), "Palestine is not a voting member"),
    ],
)
def test_states_without_votes_are_answered_with_a_sentence(pair, said):
    one = posture(*pair)
    assert any(said in note.en for note in one.notes)
    json.dumps(record(one), allow_nan=False)
    assert files(one)


def test_former_states_are_those_on_file():
    frame = Catalogue()["ideal_points"].frame
    for code, one in former().items():
        years = frame.filter(frame["country"] == code)["year"]
        assert (years.min(), years.max()) == (one.first, one.last)
    assert state("urss").code == "SUN"


@pytest.mark.parametrize("pair", [("FRA", "DEU"), ("Tuvalu", "China"), ("Bolivia", "South Sudan")])
def test_any_pair_of_members_works(pair):
    one = posture(*pair)
    assert one.years
    assert not any("not a voting member" in note.en for note in one.notes)
    assert json.loads(json.dumps(record(one), allow_nan=False))["agreement"]


def test_wrong_names_are_refused():
    with pytest.raises(UnknownCountry):
        posture("Atlantis", "USA")
    with pytest.raises(SamePair):
        posture("USSR", "Soviet Union")


def test_only_what_was_public_is_used():
    early = posture("MEX", "USA", catalogue=Catalogue(date(2020, 6, 1)))
    assert max(year.year for year in early.years) == 2019
    assert max(one.year for one in early.points["MEX"]) == 2019


def test_points_of_all_states_are_printed():
    rows = json.loads(run("--ideal-points", "--json"))
    assert set(rows[0]) == {"country", "year", "point", "lower", "upper"}
    assert len({row["country"] for row in rows}) >= 193
    assert {min(row["year"] for row in rows), max(row["year"] for row in rows)} == {1946, 2025}
    assert all(row["lower"] < row["point"] < row["upper"] for row in rows)
    pair = json.loads(run("MEX", "USA", "--ideal-points", "--json"))
    assert {row["country"] for row in pair} == {"MEX", "USA"}
    assert [row for row in rows if row["country"] == "USA"] == [
        row for row in pair if row["country"] == "USA"
    ]


def test_sign_is_right_in_every_year():
    by_year = {}
    for one in points(Catalogue()):
        by_year.setdefault(one.year, {})[one.country] = one.point
    west = given().ideal_points.positive
    for year, held in by_year.items():
        assert np.mean([held[code] for code in west if code in held]) > np.mean(list(held.values())), year
    assert by_year[1980]["SUN"] < by_year[1980]["IND"] < by_year[1980]["GBR"]


def test_command_prints_tables_and_charts(tmp_path):
    text = run("MEX", "USA", "--out", str(tmp_path))
    for head in ("identical", "by USA", "Votes beside", "Presence", "Candidates"):
        assert head in text
    kinds = ("agreement", "exposure-alignment", "ideal-points", "presence")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"mex-usa-{kind}.svg" for kind in kinds]
    assert all(b"<svg" in path.read_bytes()[:300] for path in tmp_path.iterdir())


@pytest.mark.parametrize("weight", ["distance", "distance=near", "size=1", "distance=-1"])
def test_wrong_weights_end_with_exit_code_2(weight):
    assert CliRunner().invoke(app, ["posture", "MEX", "USA", "--weight", weight]).exit_code == 2


def test_fit_covers_the_world_and_the_residual_has_an_interval(found):
    assert isinstance(found.gap, Gap)
    assert len(found.gap.countries) >= 150
    low, high = found.gap.residual_interval
    assert low < found.gap.residual < high
    assert (found.gap.line.lower <= found.gap.line.middle).all()
    assert (found.gap.line.middle <= found.gap.line.upper).all()


def test_line_is_that_of_another_program():
    rng = np.random.default_rng(5)
    x = rng.normal(size=160)
    y = 0.5 + 0.1 * x + rng.normal(0, 0.05, 160)
    line, drawn_ = fitted(x, y, given().exposure_gap)
    slope, intercept = np.polyfit(x, y, 1)
    assert (line.slope, line.intercept) == pytest.approx((slope, intercept))
    error = np.sqrt(np.square(y - intercept - slope * x).sum() / 158 / np.square(x - x.mean()).sum())
    width = (line.slope_interval[1] - line.slope_interval[0]) / (2 * 1.645 * error)
    assert 0.85 < width < 1.15  # the bootstrap of 160 points against the textbook's formula
    inside = (np.quantile(drawn_, 0.05, axis=0) <= y) & (y <= np.quantile(drawn_, 0.95, axis=0))
    assert 0.8 < inside.mean() <= 0.97


def test_presence_reproduces_the_counts_of_its_sources():
    tables = Catalogue()
    assert presence.sent(tables)["MEX"] == 79
    assert presence.joined(tables)["MEX"] == 66
    assert presence.joined(tables)["USA"] == 72
    assert presence.shared(tables, "USA")["MEX"] == presence.shared(tables, "MEX")["USA"] == 50


def test_peers_are_the_nearest_in_size():
    chosen = peers(Catalogue(), "MEX")
    assert len(chosen.codes) == given().peers.count
    assert "MEX" not in chosen.codes
    assert "USA" not in chosen.codes
    assert "GDP" in chosen.rule
    assert "population" in chosen.rule
    _, money = sizes(Catalogue())
    size = {code: np.log([money[code], people]) for code, people in population().items() if code in money}
    far = {code: float(np.linalg.norm(size[code] - size["MEX"])) for code in size if code != "MEX"}
    assert max(far[code] for code in chosen.codes) < min(far[code] for code in set(far) - set(chosen.codes))
    assert peers(Catalogue(), "TWN").codes == ()


def test_what_is_not_listed_is_unknown_not_zero(found):
    absent = presence.presence(Catalogue(), "SUN", "USA").counts[0]
    assert isinstance(absent.value, Unknown)


def test_a_regime_on_which_measures_differ_is_flagged():
    assert regime(Catalogue(), "MEX").disputed
    assert not regime(Catalogue(), "NOR").disputed
    assert all(one.edition for one in regime(Catalogue(), "MEX").measures)


def test_groups_are_those_on_file_and_the_classes_of_regime(found):
    groups = named(Catalogue())
    assert {"euu", "closed_autocracies", "liberal_democracies"} <= set(groups)
    cells = {(one.group, one.issue): one for one in found.closeness}
    assert {issue for group, issue in cells if group == "euu"} == {"all", "me", "nu", "di", "hr", "co", "ec"}
    assert all(0 <= one.graded <= 1 for one in found.closeness)


def test_weights_move_the_ranking(found):
    near = alternatives.alternatives(
        Catalogue(), "MEX", "USA", dict.fromkeys(alternatives.CRITERIA, 0) | {"distance": 1}
    )
    assert near[0].country in ("GTM", "BLZ")
    assert [one.rank for one in found.alternatives] == list(range(1, len(found.alternatives) + 1))
    assert all(one.rank_low <= one.rank_high for one in found.alternatives)
    assert not {"MEX", "USA"} & {one.country for one in found.alternatives}
    with pytest.raises(InputError, match="all zero"):
        alternatives.alternatives(Catalogue(), "MEX", "USA", dict.fromkeys(alternatives.CRITERIA, 0))


@drawn(seed=st.integers(0, 10_000))
def test_percentiles_are_of_order_alone(seed):
    values = np.random.default_rng(seed).normal(size=(12, 3))
    values[0, 0] = np.nan
    marks = alternatives.percentiles(values)
    assert np.isnan(marks[0, 0])
    assert np.nanmin(marks) == 0
    assert np.nanmax(marks) == 100
    np.testing.assert_allclose(marks, alternatives.percentiles(np.exp(values)))


def test_complementarity_of_equal_and_disjoint_trade():
    """Michaely (1996): one where exports and imports have the same shares, zero where none is shared."""
    same, other = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.0, 1.0])
    assert alternatives.match(same, same) == 1
    assert alternatives.match(same, other) == 0


def test_frozen(found):
    with pytest.raises(AttributeError):
        found.notes = ()
    assert replace(found, notes=()).notes == ()


def test_issues_reach_back_to_the_first_coded_year(found):
    years = {one.year for one in found.issues}
    assert years == set(range(2003, 2026))
    for year in (2010, 2017):
        counted = sum(one.agreement.votes for one in found.issues if one.year == year and one.issue == "hr")
        total = Catalogue()["vote_years"].rows(year=year)["hr"][0]
        assert 0 < counted <= total


def test_record_is_of_the_state_and_dated(found):
    acts = found.record["MEX"]
    assert {one.what for one in acts} == {"attendance", "capacity"}
    assert all(one.country == "MEX" and one.source and one.confidence for one in acts)
    assert [one.date for one in acts] == sorted(one.date for one in acts)
    assert any("under-secretariat" in one.title for one in acts)
    assert any("budget" in one.title for one in acts if one.what == "capacity")
    assert posture("FRA", "DEU").record == {"FRA": (), "DEU": ()}
    early = posture("MEX", "USA", catalogue=Catalogue(date(2019, 1, 31))).record["MEX"]
    assert max(one.date for one in early) <= "2019-01-31"


def test_a_brief_on_a_former_state_ends_with_what_followed(tmp_path):
    done = CliRunner().invoke(app, ["brief", "USSR", "DDR", "--out", str(tmp_path)])
    text = " ".join(f"{done.output} {done.exception}".split())
    assert done.exit_code == 2
    assert "Russia (RUS)" in text
    assert "Germany (DEU)" in text
    assert not list(tmp_path.iterdir())
