"""Episodes put off, who may be a donor, and the record of the pair."""

import json
from datetime import date

import numpy as np
import pytest

from palanca.catalogue import Catalogue, Unknown, table
from palanca.errors import InputError
from palanca.response import response
from palanca.response.panel import panel
from palanca.response.twins import continued, own_acts, put_off, twins
from palanca.trade.measure import measures


@pytest.fixture(scope="module")
def found():
    return twins(Catalogue(), "MEX", "USA")


def test_episodes_come_from_the_ledger(found):
    assert [one.month for one in put_off(Catalogue(), "MEX", "USA")] == ["2019-05", "2025-02", "2025-07"]
    for one in found:
        row = table("ledger_events").rows(id=one.episode.event)
        assert row["actor"][0] == "USA"
        assert row["instrument"][0] == "tariff"
        assert row["date"][0][:7] == one.episode.month


def test_fitted_before_and_compared_after(found):
    for one in found:
        assert one.months[0] == "2013-01"
        assert one.months[one.start] == one.episode.month
        assert len(one.months) - one.start <= 12
    assert found[1].months[-1] == found[2].months[-1] == "2025-11"


def test_gaps_are_the_rate_less_weighted_rates(found):
    held = panel(table("customs_imports"), "USA")
    one = found[1]
    rows = [held.months.index(month) for month in one.months]
    twin = sum(
        weight * held.path(code)[rows]
        for code, weight in zip(one.found.twin.donors, one.found.twin.weights, strict=True)
    )
    assert one.found.twin.gaps == pytest.approx(held.path("MEX")[rows] - twin)
    assert one.found.twin.before == pytest.approx(np.sqrt(np.mean(one.found.twin.gaps[: one.start] ** 2)))


def test_placebos_are_all_partners_and_p_has_a_floor(found):
    for one in found:
        assert one.found.n == 30
        assert 1 / 30 <= one.found.p <= 1
        assert 1 / 30 <= one.found.p_gap <= 1
        assert one.found.p * 30 == pytest.approx(round(one.found.p * 30))
        assert one.clean.n == 30 - len(one.left_out)
        assert not set(one.left_out) & set(one.found.twin.donors)


def test_an_earlier_twin_is_carried_on_over_later_months(found):
    first, second, third = found
    assert isinstance(continued(found, first), Unknown)
    assert isinstance(continued(found, second), Unknown)  # the twin of 2019 ends in 2020
    on = continued(found, third)
    assert on.episode == "2025-02"
    assert on.gap == pytest.approx(second.found.twin.gaps[-5:].mean())
    assert 1 / 30 <= on.p <= 1


def test_partners_under_an_act_of_their_own_are_no_donors():
    window = (date(2025, 2, 1), date(2025, 11, 30))
    partners = panel(table("customs_imports"), "USA").partners
    left = own_acts("USA", partners, window, measures().values())
    assert set(left) == {"BRA", "CAN", "CHN", "IND", "MEX"}
    assert left["BRA"] == ("us-40-percent-on-brazil",)
    before = own_acts("USA", partners, (date(2016, 1, 1), date(2016, 12, 31)), measures().values())
    assert before == {}


def test_a_general_scheme_is_nobodys_own():
    """Reciprocal duties act on all; what one partner pays under them does not take it out."""
    window = (date(2025, 8, 7), date(2025, 11, 30))
    assert "DEU" not in own_acts("USA", ("DEU",), window, measures().values())


def test_a_month_may_be_given():
    (one,) = twins(Catalogue(), "CAN", "USA", ["2025-03"])
    assert one.months[one.start] == "2025-03"
    assert "MEX" in one.left_out


@pytest.mark.parametrize("month", ["2013-05", "2026-06", "spring"])
def test_a_month_without_a_fit_is_refused(month):
    with pytest.raises(InputError, match=r"No twin from|give months as YYYY-MM"):
        twins(Catalogue(), "MEX", "USA", [month])


def test_no_episode_and_no_customs_are_unknown():
    assert isinstance(twins(Catalogue(), "DEU", "USA"), Unknown)
    assert isinstance(twins(Catalogue(), "USA", "MEX"), Unknown)


def test_an_earlier_day_sees_only_what_was_public():
    early = twins(Catalogue(date(2025, 9, 15)), "MEX", "USA")
    assert max(one.months[-1] for one in early) < "2025-11"


def test_the_record_of_the_pair_holds_every_part():
    told = json.loads(json.dumps(response("MEX", "USA").as_dict()))
    assert len(told["tariffs"]["statutory_added"]) == 23
    assert [one["episode"] for one in told["synthetic"]] == ["2019-05", "2025-02", "2025-07"]
    assert all(one["placebos_all"]["least_p"] == pytest.approx(1 / 30, abs=1e-4) for one in told["synthetic"])
    assert told["structure"]["verdict"] in ("fell", "rose", "unchanged", "mixed", "unknown")
    nothing = response("FRA", "DEU").as_dict()
    assert nothing["tariffs"]["collected"]["value"] is None
    assert "Germany is not one" in nothing["tariffs"]["collected"]["why"]
