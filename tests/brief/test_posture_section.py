"""The sections on posture and alternatives: they pass the gate and say what the measures say."""

import re
from datetime import date

import polars as pl
import pytest

from palanca.brief import gate
from palanca.brief.claims import Claim
from palanca.brief.sections import alternatives, case, posture
from palanca.catalogue import Catalogue, country
from palanca.errors import UnknownCountry
from palanca.posture import posture as measured
from palanca.posture.agreement import turns
from palanca.posture.alternatives import alternatives as ranked
from palanca.posture.given import given

PAIRS = (("MEX", "USA"), ("USA", "MEX"), ("FRA", "DEU"), ("CHN", "AUS"), ("PRK", "USA"), ("TUV", "KIR"))
SILENT = (("TWN", "USA"), ("MEX", "TWN"), ("XKX", "SRB"), ("EUU", "USA"))


def both(*pair, tables=None):
    at = case(*pair, catalogue=tables)
    return at, (posture(at), alternatives(at))


@pytest.fixture(scope="module")
def mexico():
    return both("MEX", "USA")


@pytest.fixture(scope="module")
def told(mexico):
    return {claim.id.split(":")[0]: claim for section in mexico[1] for claim in section.claims}


@pytest.fixture(scope="module")
def found():
    return measured("MEX", "USA")


@pytest.mark.parametrize("pair", [*PAIRS, *SILENT], ids="-".join)
def test_every_pair_passes_the_gate(pair):
    at, sections = both(*pair)
    claims = [claim for section in sections for claim in section.claims]
    assert all(isinstance(claim, Claim) for claim in claims)
    gate.enforce(claims, at.tables)
    for section in sections:
        for chart in section.charts:
            assert all(chart.spec(language) for language in ("en", "es"))
            assert chart.title.en != chart.title.es


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_members_drop_no_sentence_for_want_of_votes(pair):
    _, (stand, _) = both(*pair)
    said = {claim.id.split(":")[0] for claim in stand.claims}
    assert {"posture-movement", "posture-points", "posture-leaning"} <= said


@pytest.mark.parametrize("pair", SILENT, ids="-".join)
def test_a_state_without_votes_is_said_to_have_none(pair):
    _, (stand, _) = both(*pair)
    assert "not a voting member" in stand.notes[0].en
    assert "miembro con voto" in stand.notes[0].es
    assert {item.id.split(":")[0] for item in stand.dropped} >= {"posture-votes", "posture-points"}
    assert not stand.charts


def test_agreement_is_that_of_the_measure(told, found):
    last = [year for year in found.years if not year.partial][-1]
    claim = told["posture-votes"]
    assert claim.value("whole").value == pytest.approx(100 * last.agreement.strict)
    assert claim.value("whole.period").value == "2024"
    assert claim.value("votes").value == 93
    before = [year.agreement.strict for year in found.years[:-2]]
    below = 100 * sum(one < last.agreement.strict for one in before) / len(before)
    assert claim.value("whole.past").value == pytest.approx(below)


def test_each_side_accounts_for_its_part_of_the_last_whole_year(told, found):
    claim, last = told["posture-movement"], [one for one in found.turns if not one.partial][-1]
    assert (
        claim.value("now.period").value == str(last.year) == told["posture-votes"].value("whole.period").value
    )
    assert claim.value("other").value == pytest.approx(100 * last.movement.by_second)
    parts = claim.value("own").value + claim.value("other").value
    assert parts == pytest.approx(claim.value("difference").value)
    _, (turned, _) = both("USA", "MEX")
    other = next(one for one in turned.claims if one.id.startswith("posture-movement"))
    assert other.value("own").value == pytest.approx(claim.value("other").value)


def test_place_by_distance_is_a_range_around_the_place_of_the_point(told):
    value = {name: told["posture-points"].value(name).value for name in ("nearer_low", "nearer_high")}
    assert value["nearer_low"] < value["nearer_high"]


def test_few_peers_are_counted_and_never_told_in_percent(told):
    claim = told["posture-presence"]
    for name in ("sent", "joined", "signed"):
        figure = claim.value(f"{name}.under").value
        assert figure == int(figure)
    assert "% of these" not in claim.text.en


def test_distance_has_an_interval(told):
    value = told["posture-points"].value("distance")
    assert value.lower < value.value < value.upper
    assert value.level == 90


def test_the_residual_has_an_interval_and_the_fit_says_how_little_it_explains(told, found):
    claim = told["posture-gap-none"]
    value = claim.value("residual")
    assert (value.lower, value.upper) == pytest.approx([100 * end for end in found.gap.residual_interval])
    assert value.lower < 0 < value.upper
    assert "below" not in claim.text.en
    assert "explains almost nothing" in claim.text.en
    assert claim.value("n").value >= 150
    _, (china, _) = both("CHN", "AUS")  # an interval clear of zero around a line that explains nothing
    unread = next(one for one in china.claims if one.id.startswith("posture-gap"))
    assert unread.value("residual").upper < 0
    assert "below" not in unread.text.en
    _, (belarus, _) = both("BLR", "DEU")
    away = next(one for one in belarus.claims if one.id.startswith("posture-gap"))
    assert "below the fit" in away.text.en
    assert away.value("residual").upper < 0


def test_closeness_is_that_of_the_groups(told, found):
    cells = {(one.group, one.issue): one.graded for one in found.closeness}
    claim = told["posture-leaning"]
    for name, key in {
        "near": ("liberal_democracies", "hr"),
        "far": ("closed_autocracies", "hr"),
        "nearall": ("liberal_democracies", "all"),
        "farall": ("closed_autocracies", "all"),
    }.items():
        assert claim.value(name).value == pytest.approx(100 * cells[key])


def test_regimes_of_those_moved_towards_add_up():
    _, (stand, _) = both("ARG", "USA")
    claim = next(one for one in stand.claims if one.id.startswith("posture-moved"))
    kinds = ("democracy", "autocracy", "disputed", "unmeasured")
    assert sum(claim.value(name).value for name in kinds) == claim.value("n").value
    assert claim.value("state").value == "ISR"


def test_nobody_moved_towards_a_state_that_came_to_them(told, found):
    """Agreement of Mexico with Palau rose by thirty points: the votes of Palau did that."""
    assert "posture-unmoved" in told
    with_palau = turns(Catalogue(), "MEX", "PLW")
    assert all(one.movement.by_first < 0.05 for one in with_palau)
    assert found.shifts == ()


def test_a_state_is_not_set_among_the_adversaries_of_its_partner():
    _, (stand, _) = both("UKR", "RUS")
    assert not [one for one in stand.items if one.id.startswith("posture-adversaries")]


def test_votes_on_adversaries_name_them_and_rest_on_their_rows(told, found):
    claim, held = told["posture-adversaries"], found.on_adversaries
    assert claim.value("close").value == pytest.approx(100 * held.agreement.graded)
    assert claim.value("all").value == pytest.approx(100 * held.everything.graded)
    cited = {key for proof in claim.evidence for key in proof.keys.get("adversary", ())}
    assert cited == set(held.adversaries)
    assert "Syria, Iran" in claim.text.en
    _, (stand, _) = both("MEX", "IND")
    lost = next(one for one in stand.dropped if one.id.startswith("posture-adversaries"))
    assert "adversary of India" in lost.reasons[0].en


@pytest.mark.parametrize("pair", [("USSR", "USA"), ("MEX", "East Germany"), ("Checoslovaquia", "URSS")])
def test_former_states_are_refused_with_what_followed(pair):
    with pytest.raises(UnknownCountry, match=r"no longer exists.*Name what followed"):
        case(*pair)


def test_a_snapshot_is_no_trend(told):
    assert "no trend" in told["posture-presence"].text.en
    assert told["posture-presence"].value("sent").value == 79


def test_candidates_are_named_only_where_most_weights_agree(told):
    assert all(one.top_share < given().alternatives.steady for one in ranked(Catalogue(), "MEX", "USA"))
    assert "nobody is named" in told["alternatives-loose"].text.en
    _, (_, away) = both("UKR", "RUS")
    firm = [one for one in ranked(Catalogue(), "UKR", "RUS") if one.top_share >= given().alternatives.steady]
    names = re.split(r", | and ", away.claims[0].text.en.rpartition(": ")[2].rstrip("."))
    assert {country(name).iso3 for name in names} <= {one.country for one in firm}
    assert "Poland" in names


def test_only_what_was_public_is_used():
    at, sections = both("MEX", "USA", tables=Catalogue(date(2021, 6, 1)))
    claims = [claim for section in sections for claim in section.claims]
    gate.enforce(claims, at.tables)
    votes = next(one for one in claims if one.id.startswith("posture-votes"))
    assert votes.value("whole.period").value == "2020"


def test_charts_hold_what_they_draw(mexico):
    charts = {chart.id.split("-")[0]: chart for section in mexico[1] for chart in section.charts}
    assert set(charts) == {"points", "scatter"}  # no chart of a ranking that does not hold
    _, (_, away) = both("UKR", "RUS")
    (ranking,) = away.charts
    assert charts["scatter"].data.filter(pl.col("marked"))["country"].to_list() == ["MEX"]
    assert charts["scatter"].data.height >= 150
    assert (ranking.data["lower"] <= ranking.data["upper"]).all()
