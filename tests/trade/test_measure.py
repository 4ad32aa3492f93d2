"""Measures: what a file may say, what it amounts to, and every fault in one error."""

import math

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_worlds import named_world
from numpy.testing import assert_allclose
from random_worlds import elasticity_of, worlds

from palanca.catalogue import table
from palanca.economy import economy, synthetic
from palanca.errors import BadMeasure
from palanca.trade import Model
from palanca.trade.acts import acts_of, claims, claims_by_chapter, goods, touched
from palanca.trade.instruments import shock_of
from palanca.trade.measure import Measure, measure, measures, parse
from palanca.trade.products import ALL_GOODS, Goods, general_rate, share
from palanca.trade.shock import arrays, transfers
from palanca.trade.validity import fitting
from palanca.trade.variants import claiming, exempting, mirrored, unanswered

WORLD = named_world()
SOLVED = 1e-9  # markets clear to 1e-12; prices inherit it times a condition number
BASE = {
    "title": {"en": "A test", "es": "Una prueba"},
    "status": "hypothetical",
    "sender": "C00",
    "start": "2025-01-01",
    "authority": "none",
    "source": [{"title": "a test", "url": "https://example.org/a", "confidence": "low"}],
}


def made(*clauses, **changes):
    """A measure of these clauses."""
    text = yaml.safe_dump(
        {**BASE, "clauses": [{"kind": "tariff", **clause} for clause in clauses], **changes}
    )
    return parse("made", text)


def tariffs(found, world):
    """New tariffs, (J, N, N) [sector, destination, origin]."""
    return arrays(found, world.structure)[0]


def change(found, world):
    return tariffs(found, world) - world.structure.tariff


@settings(max_examples=12)
@given(worlds(), st.sampled_from(["addition", "exempt", "delay", "remittance"]))
def test_nothing_done_changes_nothing(world, way):
    economy, _ = world
    clauses = {
        "addition": {"target": "C01", "addition": 0},
        "exempt": {"target": "C01", "addition": 60, "exempt": 100},
        "delay": {"kind": "border delay", "target": "C01", "addition": 0},
        "remittance": {"kind": "tariff", "target": "all", "addition": 0},
    }
    found = shock_of([made(clauses[way])], economy)
    assert found.tariff is None
    assert found.iceberg is None
    assert found.transfer is None


@settings(max_examples=12)
@given(worlds(), st.floats(0, 200), st.floats(0, 200), st.floats(0, 100))
def test_two_disjoint_measures_are_one_of_two_clauses(world, one, two, exempt):
    economy, _ = world
    first = {"target": "C01", "sectors": ["S00"], "addition": one, "exempt": exempt}
    second = {"sender": "C01", "target": "C00", "sectors": ["S00"], "addition": two}
    together = shock_of([made(first, second)], economy)
    apart = shock_of([made(first), made(second)], economy)
    assert_allclose(tariffs(together, economy), tariffs(apart, economy), rtol=0, atol=1e-15)  # sums of two


@settings(max_examples=12)
@given(worlds())
def test_a_level_or_floor_equal_to_the_tariff_changes_nothing(world):
    economy, _ = world
    percent = 100 * float(economy.tariff.sel(origin="C01", sector="S00", destination="C00"))
    for rate in ("level", "floor"):
        act = made({"target": "C01", "sectors": ["S00"], rate: percent})
        # Rounding of percent to a fraction and back.
        assert_allclose(change(shock_of([act], economy), economy), 0, atol=1e-15)


@settings(max_examples=12)
@given(worlds())
def test_a_floor_lowers_no_tariff(world):
    economy, _ = world
    found = shock_of([made({"target": "all", "floor": 10})], economy)
    assert (change(found, economy) >= -1e-15).all()  # rounding of a difference
    own = np.eye(len(economy.countries), dtype=bool)[economy.countries.index("C00")]
    assert (tariffs(found, economy)[:, 0, ~own] >= 0.1 - 1e-15).all()  # rounding of a difference


@settings(max_examples=5)  # four equilibria each
@given(st.integers(0, 30))
def test_an_embargo_is_the_limit_of_rising_tariffs(seed):
    economy = synthetic(3, 2, seed=seed)
    model = Model(economy.structure, elasticity_of(economy, seed), compiled=False)
    ban = model.after(shock_of([made({"kind": "embargo", "target": "C01"})], economy)).price
    gaps = [
        np.abs(model.after(shock_of([made({"target": "C01", "addition": rate})], economy)).price - ban).max()
        for rate in (1e3, 1e5, 1e8)
    ]
    assert gaps[0] + SOLVED >= gaps[1] >= gaps[2] - SOLVED
    assert gaps[2] < 1e-5  # shares of at most (1 + 1e6)**-1.5 remain


def test_an_addition_acts_on_its_goods_and_partners_only():
    act = made({"target": ["MEX", "CAN"], "sectors": ["AUT"], "addition": 25, "exempt": 40}, sender="USA")
    found = change(shock_of([act], WORLD), WORLD)
    assert_allclose(found[WORLD.sectors.index("AUT"), 0, 1:3], 0.15)
    assert_allclose(found.sum(), 0.3)


def test_all_goods_leave_services_out_and_all_partners_those_spared():
    act = made({"target": "all", "spared": "MEX", "addition": 10}, sender="USA")
    found = change(shock_of([act], WORLD), WORLD)
    assert not found[WORLD.sectors.index("BUS")].any()
    assert not found[:, :, WORLD.countries.index("MEX")].any()
    assert_allclose(found[0, 0, WORLD.countries.index("ROW")], 0.1)


def test_a_group_means_its_members():
    found = change(shock_of([made({"target": "EUU", "addition": 15}, sender="USA")], WORLD), WORLD)
    assert_allclose(found[0, 0], np.where(np.array(WORLD.countries) == "DEU", 0.15, 0.0))


def test_products_count_by_their_part_of_imports():
    cars = ("8703",)
    part = share("USA", "MEX", Goods(cars))["AUT"]
    act = made({"target": "MEX", "hs": list(cars), "addition": 25}, sender="USA")
    found = change(shock_of([act], WORLD), WORLD)
    assert 0.1 < part < 0.9
    assert_allclose(found[WORLD.sectors.index("AUT"), 0, 1], 0.25 * part)
    assert not found[WORLD.sectors.index("AGR")].any()


def test_products_covered_and_spared_make_the_whole():
    covered = share("USA", "CAN", Goods(("72", "8703")))
    left = share("USA", "CAN", Goods(spared=("72", "8703")))
    assert covered.keys() == left.keys()
    for sector in covered:
        assert_allclose(covered[sector] + left[sector], 1.0)


def test_members_of_a_group_have_its_imports_and_strangers_those_of_all():
    assert share("USA", "DEU", Goods(("8703",))) == share("USA", "EUU", Goods(("8703",)))
    assert share("USA", "ISL", Goods(("8703",))) == share("USA", "ROW", Goods(("8703",)))


def test_what_claimed_a_preference_is_exempt():
    act = made({"target": ["MEX", "DEU"], "addition": 25, "exempt": {"claimed": "2025-01"}}, sender="USA")
    found = change(shock_of([act], WORLD), WORLD)[:, 0]
    free, taxed = found[:, 1], found[:, WORLD.countries.index("DEU")]
    assert set(np.round(taxed, 12)) == {0.0, 0.25}  # services pay nothing at any border
    assert (free[taxed > 0] < 0.25).all()
    drawn = change(shock_of([act], WORLD, claimed=0.5), WORLD)[0, 0]
    assert_allclose(drawn[1], 0.125)


def test_claims_by_chapter_leave_out_what_claimed_in_all():
    """Over all goods, the products of 2024 weighed by the claims of a month give about what claimed in it."""
    act = made({"target": "MEX", "addition": 25, "exempt": {"claimed": "2025-01"}}, sender="USA")
    free = claims_by_chapter("2025-01", "USA", "MEX")
    paying = share("USA", "MEX", Goods(claimed=free))[ALL_GOODS]
    whole = 1 - claims("2025-01")["USA", "MEX"]
    assert abs(paying - whole) < 0.03  # the weights are of another year
    by_hand = products_by_hand("USA", "MEX", "AUT", dict(free))
    found = change(shock_of([act], WORLD), WORLD)[WORLD.sectors.index("AUT"), 0, 1]
    assert_allclose(found, 0.25 * by_hand)


def products_by_hand(importer, partner, sector, free):
    rows = table("product_imports").rows(importer=importer, partner=partner, sector=sector)
    paid = sum(
        value * (1 - free.get(code[:2], 0.0))
        for code, value in zip(rows["hs6"], rows["imports_usd"], strict=True)
    )
    return paid / rows["imports_usd"].sum()


def test_measures_in_force_add_up_to_the_statutory_tariff():
    """Duties on Mexican goods in November 2025, each with that month's claims, against the tracker."""
    world = economy(2022)
    names = ("fentanyl-mexico-2025-03-07", "cars-2025-11-01", "car-parts-2025-05-03", "steel-2025-06-04")
    names += ("aluminium-2025-06-04", "copper-2025", "wood-2025", "trucks-and-buses-2025", "tomatoes-2025")
    acts = [claiming(measure(f"us-{name}"), "2025-11") for name in names]
    seller, buyer = world.countries.index("MEX"), world.countries.index("USA")
    kept = [world.sectors.index(label) for label in goods(world)]
    added = sum(change(shock_of([act], world), world) for act in acts)[kept, buyer, seller]
    weight = world.trade.sel(origin="MEX", destination="USA").values[kept]
    tracked = table("statutory_tariffs").cell("added_pct", importer="USA", partner="MEX", date="2025-11-14")
    assert 100 * (added * weight).sum() / weight.sum() == pytest.approx(tracked, abs=1.5)  # points


def test_exempting_keeps_what_a_clause_exempts_already():
    act = made({"target": "MEX", "addition": 5, "exempt": 10}, {"target": "CAN", "addition": 5}, sender="USA")
    kept, changed = exempting(act, "2025-01").clauses
    assert kept.exempt == 10
    assert changed.exempt.claimed == "2025-01"


def test_a_lost_preference_raises_tariffs_to_the_general_rates():
    act = made({"kind": "preference loss", "target": "MEX"}, sender="USA")
    after = tariffs(shock_of([act], WORLD), WORLD)[:, 0, 1]
    rates = general_rate("USA", "MEX")
    for place, sector in enumerate(WORLD.sectors):
        before = WORLD.structure.tariff[place, 0, 1]
        expected = max(before, rates.get(sector, 0.0)) if sector != "BUS" else before
        assert_allclose(after[place], expected)


def test_the_statutory_rates_of_a_day():
    act = made({"target": "all", "addition": {"statutory": "2025-08-07"}}, sender="USA")
    found = change(shock_of([act], WORLD), WORLD)[0, 0]
    assert found[0] == 0
    assert found[WORLD.countries.index("CHN")] > found[WORLD.countries.index("MEX")] > 0
    assert found[WORLD.countries.index("ROW")] > 0


def test_a_tax_on_remittances_moves_income_back():
    act = made({"kind": "remittance tax or cut", "target": "MEX", "addition": 5}, sender="USA")
    moved = transfers(shock_of([act], WORLD), WORLD.structure)
    size = WORLD.structure.value_added.sum(1) / WORLD.structure.world_income
    assert_allclose(moved.sum(), 0, atol=1e-18)
    assert_allclose(moved[1], -0.05 * 0.037 * size[1])  # 3.7 percent of product: World Factbook, 2024


def test_a_transfer_is_received():
    act = made({"kind": "remittance tax or cut", "target": "MEX", "addition": 100}, sender="USA")
    model = Model(WORLD.structure, elasticity_of(WORLD, 1), compiled=False)
    after = model.after(shock_of([act], WORLD))
    moved = transfers(shock_of([act], WORLD), WORLD.structure) * WORLD.structure.world_income
    assert_allclose(after.deficit - model.before.deficit, moved, atol=1e-9)
    assert np.abs(after.residual).max() < 1e-10  # the solver's tolerance, over income


def test_an_export_tax_is_paid_to_who_levies_it():
    act = made({"kind": "export tax", "target": "USA", "sectors": ["AGR"], "addition": 1}, sender="MEX")
    found = shock_of([act], WORLD)
    revenue = 0.01 * float(WORLD.trade.sel(origin="MEX", sector="AGR", destination="USA"))
    assert_allclose(transfers(found, WORLD.structure)[1] * WORLD.structure.world_income, revenue)
    assert_allclose(change(found, WORLD)[0, 0, 1], 0.01)


def test_an_export_ban_and_a_delay_act_on_costs():
    ban = made({"kind": "export ban", "target": "USA", "sectors": ["AUT"]}, sender="MEX")
    delay = made({"kind": "border delay", "target": "MEX", "sectors": ["AGR"], "addition": 4}, sender="USA")
    costs = arrays(shock_of([ban, delay], WORLD), WORLD.structure)[1]
    assert np.isinf(costs[WORLD.sectors.index("AUT"), 0, 1])
    assert_allclose(costs[WORLD.sectors.index("AGR"), 0, 1], 1.04)
    assert np.isinf(costs).sum() == 1


def test_an_answer_in_kind_exchanges_the_sides():
    act = measure("us-25-percent-on-canada-and-mexico")
    found = change(shock_of([mirrored(act)], WORLD), WORLD)
    assert_allclose(found[0, 1:3, 0], 0.25)
    whole = measure("us-25-percent-on-canada-and-mexico-retaliation")
    assert_allclose(
        tariffs(shock_of([whole], WORLD), WORLD), tariffs(shock_of([act, mirrored(act)], WORLD), WORLD)
    )
    assert unanswered(whole).clauses == act.clauses
    with pytest.raises(BadMeasure, match="no answer in kind"):
        mirrored(measure("us-25-percent-on-autos"))


def test_every_fault_of_a_file_is_in_one_error():
    wrong = {
        **BASE,
        "sender": "USA",
        "colour": "red",
        "source": [],
        "clauses": [
            {"kind": "tariff", "target": "MEX", "addition": -120},
            {"kind": "tariff", "target": "MEX"},
            {"kind": "embargo", "target": "MEX", "hs": ["87"], "level": 3},
            {"kind": "tariff", "target": "MEX", "hs": ["8"], "addition": 3},
        ],
    }
    with pytest.raises(BadMeasure) as caught:
        parse("wrong", yaml.safe_dump(wrong))
    text = "\n".join(caught.value.faults)
    for part in (
        "colour",
        "source",
        "-120 is below -100",
        "takes one of",
        "takes no level",
        "whole sectors",
        "hs.0",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"target": "MEX"}, {"target": ["CAN", "MEX"]}),
        ({"target": "all"}, {"target": "MEX"}),
        ({"target": "EUU"}, {"target": "DEU"}),
        ({"target": "MEX", "hs": ["87"]}, {"target": "MEX", "hs": ["8703"]}),
        ({"target": "MEX", "hs": ["87"]}, {"target": "MEX", "sectors": ["AUT"]}),
    ],
)
def test_overlapping_clauses_and_backward_dates_are_refused(one, two):
    with pytest.raises(BadMeasure) as caught:
        made({**one, "addition": 5}, {**two, "addition": 6}, end="2024-12-31")
    assert caught.value.faults == (
        "measure: end 2024-12-31 is before start",
        "measure: clauses 1 and 2 overlap",
    )


def test_clauses_that_do_not_meet_are_accepted():
    found = made(
        {"target": "all", "spared": ["MEX"], "spared_hs": ["8703"], "addition": 5},
        {"target": "all", "spared": ["MEX"], "hs": ["8703"], "addition": 25},
        {"target": "MEX", "addition": 5},
        {"kind": "border delay", "target": "all", "addition": 5},
    )
    assert len(found.clauses) == 4


def test_every_fault_against_an_economy_is_in_one_error():
    acts = [
        made({"target": "Atlantis", "sectors": ["AUT", "ZZZ"], "addition": 5}, sender="USA"),
        made({"target": "MEX", "hs": ["0000"], "addition": 5}, sender="USA"),
        made({"target": "MEX", "addition": 5, "exempt": {"claimed": "1999-01"}}, sender="USA"),
        made({"target": "MEX", "addition": {"statutory": "1999-01-01"}}, sender="USA"),
        made({"kind": "preference loss", "target": "USA"}, sender="MEX"),
        made({"kind": "remittance tax or cut", "target": "ROW", "addition": 5}, sender="USA"),
        made({"target": "FRA", "addition": 5}, sender="USA"),
        made({"target": "MEX", "level": 5}, sender="USA"),
    ]
    with pytest.raises(BadMeasure) as caught:
        shock_of(acts, WORLD)
    text = "\n".join(caught.value.faults)
    for part in (
        "no country or group is called Atlantis",
        "has no sector ZZZ",
        "HS code 0000",
        "on record for 1999-01",
        "statutory tariffs are on record for 1999-01-01",
        "general rates of MEX",
        "remittances to ROW",
        "touches no trade",
        "overlap where one of them sets a level",
    ):
        assert part in text


def test_a_tariff_of_minus_a_hundred_percent_is_refused():
    with pytest.raises(BadMeasure, match="falls to -100 percent"):
        shock_of([made({"target": "MEX", "level": -100}, sender="USA")], WORLD)


def test_unknown_names_are_answered_with_close_ones():
    with pytest.raises(BadMeasure, match=r"Did you mean .*us-25-percent-on-mexico"):
        measure("us-25-percent-on-mexic")
    with pytest.raises(BadMeasure, match="`palanca measures` lists them"):
        measure("zzz")


def test_a_file_of_a_user_is_a_measure(tmp_path):
    path = tmp_path / "my-own.yaml"
    path.write_text(yaml.safe_dump({**BASE, "clauses": [{"kind": "tariff", "target": "MEX", "addition": 5}]}))
    assert measure(str(path)).name == "my-own"


def test_faults_of_several_names_are_in_one_error(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [")
    with pytest.raises(BadMeasure) as caught:
        fitting(["us-25-percent-on-mexic", str(broken), str(tmp_path / "lost.yaml")], WORLD)
    for said in ("Did you mean", "not YAML", "cannot be read"):
        assert said in str(caught.value)


def test_faults_within_files_and_against_the_economy_are_in_one_error(tmp_path):
    clauses = [
        {"kind": "tariff", "target": "Atlantis", "addition": 10},
        {"kind": "tariff", "target": "MEX", "addition": -150},
        {"kind": "tariff", "target": "MEX", "sectors": ["ZZZ"], "addition": math.inf},
        {"kind": "tariff", "target": "CAN", "hs": ["0000"], "addition": math.nan},
    ]
    content = {**BASE, "sender": "USA", "start": "2025-01-01", "end": "2024-01-01", "clauses": clauses}
    wrong, typo = tmp_path / "wrong.yaml", tmp_path / "typo.yaml"
    wrong.write_text(yaml.safe_dump(content))
    typo.write_text(yaml.safe_dump({**content, "clauses": [{**clauses[0], "kind": "tarif"}, clauses[1]]}))
    with pytest.raises(BadMeasure) as caught:
        fitting([str(wrong), str(typo), str(wrong)], WORLD)
    text = "\n".join(caught.value.faults)
    for part in (
        "wrong: measure: end 2024-01-01 is before start",
        "wrong: clauses.1: addition -150 is below -100",
        "wrong: measure: clauses 2 and 3 overlap",
        "wrong: clauses.2: addition inf is not a number",
        "wrong: clauses.3: addition nan is not a number",
        "wrong: no country or group is called Atlantis",
        "has no sector ZZZ",
        "HS code 0000",
        "typo: clauses.0.kind",
        "typo: clauses.1: addition -150 is below -100",
        "named more than once",
    ):
        assert part in text
    assert "at least 1 item" not in text


def test_measures_that_fit_are_had_by_name():
    names = ["us-25-percent-on-mexico", "us-25-percent-on-autos"]
    assert fitting(names, economy(2022)) == [measure(name) for name in names]


@pytest.mark.parametrize("month", ["garbage", "2024-1", "2024-01-01", ""])
def test_claims_of_what_is_not_a_month_are_refused(month):
    with pytest.raises(BadMeasure, match="YYYY-MM"):
        claiming(made({"target": "MEX", "addition": 5}), month)


def test_what_is_not_yaml_is_refused():
    with pytest.raises(BadMeasure, match="not YAML"):
        parse("broken", "a: [")


@pytest.mark.parametrize("name", measures())
def test_shipped_measures_are_sourced_and_touch_trade(name):
    act = measure(name)
    assert isinstance(act, Measure)
    assert all(source.url.startswith("http") for source in act.source)
    sectors = {sector for clause in act.clauses for sector in clause.sectors or ()}
    kinds = ("AGR", "FOO", "TEX", "WPP", "PET", "CHM", "PHA", "RUB", "NMM", "STE", "NFM", "FAB", "ELO", "ELE")
    world = shipped_world(kinds, sectors)
    shock_of([act], world)
    weights = [touched(item, world).sum() for item in acts_of(act, world)]
    assert all(weight > 0 for weight in weights) or act.clauses[0].kind == "remittance tax or cut"


def shipped_world(kinds, sectors):
    """A world with every country and sector that a shipped measure names, made once."""
    labels = (
        *kinds,
        *(sector for sector in ("MAC", "AUT", "OTR", "FUR", "ENE", "MIN") if sector not in kinds),
    )
    assert sectors <= set(labels)
    if labels not in WORLDS:
        WORLDS[labels] = named_world(1, PARTNERS, labels)
    return WORLDS[labels]


PARTNERS = (
    "USA",
    "MEX",
    "CAN",
    "CHN",
    "HKG",
    "DEU",
    "GBR",
    "JPN",
    "KOR",
    "CHE",
    "BRA",
    "IND",
    "NIC",
    "IRQ",
    "LAO",
)
PARTNERS += ("SYR", "VNM", "ZAF", "IDN", "BRN", "KAZ", "ROW", "AUS", "TWN", "TUR", "RUS", "ARG", "UKR")
WORLDS = {}
