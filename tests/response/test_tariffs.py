"""Place of a tariff among those on others: rules by hand, identities, and what the tables say."""

from statistics import median

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue import Catalogue, Unknown, table
from palanca.response.decomposition import decomposed, differences
from palanca.response.exemptions import Exemption, secure_sectors
from palanca.response.panel import panel
from palanca.response.peers import PeerSet, party, peer_sets, within
from palanca.response.tariffs import place, tariff_path

RATES = st.dictionaries(st.sampled_from("bcdefghij"), st.floats(0, 150), min_size=1)
SALES = st.dictionaries(
    st.sampled_from(["111", "325", "331", "334", "336"]),
    st.tuples(st.floats(1, 1e6), st.floats(0, 1)).map(lambda one: (one[0], one[0] * one[1])),
    min_size=1,
)


@pytest.fixture(scope="module")
def path():
    return tariff_path(Catalogue(), "MEX", "USA")


def test_place_by_hand():
    sets = (PeerSet("similar", "", ("b", "c")), PeerSet("suppliers", "", ("z",)))
    found = place("2025-01", "a", {"a": 5.0, "b": 1.0, "c": 2.0, "d": 9.0, "e": 5.0}, sets)
    assert (found.rank, found.of, found.tied) == (2, 5, 1)
    assert found.percentile == pytest.approx(100 * 2 / 4)  # two pay less, of four others
    assert found.median == 3.5
    assert found.gap == 1.5
    assert found.gaps["similar"] == 3.5
    assert isinstance(found.gaps["suppliers"], Unknown)


@given(RATES, st.floats(0, 150))
def test_rank_and_percentile_agree(rates, own):
    found = place("2025", "a", {"a": own, **rates}, ())
    others = len(rates)
    above, tied = found.rank - 1, found.tied
    assert found.percentile == pytest.approx(100 * (others - above - tied) / others)
    assert (found.gap > 0) == (own > median(rates.values()))


@given(RATES, st.floats(0, 150), st.floats(0.5, 20))
def test_a_tariff_raised_never_moves_down_the_list(rates, own, more):
    before, after = (place("2025", "a", {"a": rate, **rates}, ()) for rate in (own, own + more))
    assert after.rank <= before.rank
    assert after.percentile >= before.percentile


def test_every_policy_date_and_every_month_is_told(path):
    law, customs = table("statutory_tariffs").frame, table("customs_imports").frame
    assert [one.period for one in path.statutory] == sorted(law["date"].unique())
    assert len(path.statutory) == 23
    assert [one.period for one in path.collected] == sorted(customs["month"].unique())
    assert path.collected[-1].period == "2025-11"


def test_ranks_are_those_of_a_second_reading(path):
    """Polars ranks the same columns its own way."""
    ranked = (
        table("statutory_tariffs")
        .frame.with_columns(rank=pl.col("added_pct").rank("min", descending=True).over("date"))
        .filter(pl.col("partner") == "MEX")
        .sort("date")
    )
    assert [one.rank for one in path.statutory] == ranked["rank"].to_list()
    assert [one.value for one in path.statutory] == ranked["added_pct"].to_list()


def test_collected_is_duty_over_imports(path):
    row = table("customs_imports").rows(importer="USA", partner="MEX", sector="00", month="2025-11")
    rate = 100 * row["duty_usd"][0] / row["imports_usd"][0]
    assert path.collected[-1].value == pytest.approx(rate)
    assert path.collected[-1].of == 30  # partners in the file, without the European Union and the world


def test_a_member_of_a_union_stands_under_it():
    found = tariff_path(Catalogue(), "DEU", "USA")
    assert found.seller == "EUU"
    assert found.collected[-1].of == 30
    assert party("DEU", ("EUU", "MEX")) == "EUU"
    assert party("MEX", ("EUU", "MEX")) == "MEX"
    assert within(("EUU", "MEX"), ("DEU", "FRA", "MEX")) == ("DEU", "FRA", "MEX")


def test_other_importers_are_unknown_and_the_reason_names_those_on_file():
    found = tariff_path(Catalogue(), "MEX", "DEU")
    assert isinstance(found.collected, Unknown)
    assert isinstance(found.statutory, Unknown)
    assert "the importers on file are: United States; Germany is not one" in found.collected.reason.en


def test_peer_sets_follow_their_rules():
    agreement, similar, suppliers = peer_sets(Catalogue(), "MEX", "USA")
    assert {"CAN", "KOR", "COL"} <= set(agreement.members)  # a neighbour and partners by agreement
    assert len(similar.members) == len(suppliers.members) == 10
    bought = (
        table("product_imports").rows(importer="USA").group_by("partner").agg(pl.col("imports_usd").sum())
    )
    order = bought.filter(pl.col("partner") != "MEX").sort("imports_usd", descending=True)["partner"]
    assert suppliers.members == tuple(order.head(10))
    for one in (agreement, similar, suppliers):
        assert "MEX" not in one.members


def test_similarity_is_the_overlap_of_shares():
    """Finger and Kreinin (1979): sum over products of the smaller share, computed here in NumPy."""
    frame = table("product_imports").rows(importer="USA")
    wide = frame.pivot("partner", index="hs6", values="imports_usd", aggregate_function="sum").fill_null(0)
    shares = {code: wide[code].to_numpy() / wide[code].sum() for code in wide.columns[1:]}
    index = {code: np.minimum(shares["MEX"], own).sum() for code, own in shares.items() if code != "MEX"}
    best = sorted(index, key=lambda code: -index[code])[:10]
    assert list(peer_sets(Catalogue(), "MEX", "USA")[1].members) == best


@given(SALES, SALES)
def test_parts_by_sector_add_up_to_the_difference(own, others):
    def overall(side):
        return 100 * sum(duty for _, duty in side.values()) / sum(sold for sold, _ in side.values())

    parts = decomposed(own, others, {"331"})
    assert sum(part.total for part in parts) == pytest.approx(overall(own) - overall(others), abs=1e-8)
    assert {part.code for part in parts} == own.keys() | others.keys()


@given(SALES)
def test_like_sellers_do_not_differ(own):
    assert all(part.mix == part.duty == 0 for part in decomposed(own, own))


def test_mix_and_rate_by_hand():
    """Half of each at 10 and 0 against all at 10: the mix makes the whole difference."""
    own, others = {"331": (50.0, 5.0), "334": (50.0, 0.0)}, {"331": (100.0, 10.0)}
    parts = {part.code: part for part in decomposed(own, others)}
    assert parts["331"].mix == pytest.approx(-5)
    assert sum(part.duty for part in parts.values()) == 0


@pytest.mark.parametrize("months", [("2025-11",), tuple(f"2025-{month:02d}" for month in range(4, 12))])
def test_both_accounts_of_the_difference_add_up(months):
    for one in differences(Catalogue(), "MEX", "USA", months):
        assert sum(part.total for part in one.parts) == pytest.approx(one.gap, abs=1e-9)
        assert sum(one.sums().values()) == pytest.approx(one.gap, abs=1e-9)
        assert isinstance(one.exemption, Exemption)
        assert one.exemption.effect + one.rest == pytest.approx(one.gap)
        assert sum(one.exemption.chapters.values()) == pytest.approx(one.exemption.effect)
        assert "us-fentanyl-mexico-2025-03-07" in one.exemption.measures
        assert -25 * one.exemption.claimed / 100 <= one.exemption.effect < 0  # 25 % at most, on what claimed


def test_nothing_is_exempt_before_there_was_anything_to_be_exempt_from():
    (first, *_) = differences(Catalogue(), "MEX", "USA", ("2025-01",))
    assert isinstance(first.exemption, Unknown)
    assert isinstance(first.rest, Unknown)


def test_a_partner_without_claims_on_file_is_unknown_not_zero():
    (first, *_) = differences(Catalogue(), "DEU", "USA", ("2025-11",))
    assert isinstance(first.exemption, Unknown)


def test_security_tariffs_reach_cars_and_metals():
    assert {"331", "336"} <= secure_sectors("USA", ("2025-11",))
    assert "336" not in secure_sectors("USA", ("2025-01",))
    assert not secure_sectors("USA", ("2017-01",))


def test_the_panel_leaves_out_groups_of_countries():
    held = panel(table("customs_imports"), "USA")
    assert held.rates.shape == (155, 30)
    assert not {"EUU", "WLD"} & set(held.partners)
