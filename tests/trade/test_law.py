"""The states of measures, the law in force on a day, and what is solved on top of it."""

from datetime import date, timedelta

import numpy as np
import pytest
import yaml
from labelled_worlds import named_world
from numpy.testing import assert_allclose

from palanca.catalogue import table
from palanca.catalogue.snapshot import cutoff
from palanca.cli.measures import _base
from palanca.economy import economy
from palanca.errors import BadMeasure
from palanca.trade import Model, effects, law
from palanca.trade.acts import acts_of, goods
from palanca.trade.clause import Claimed, Kind
from palanca.trade.elasticities import usual
from palanca.trade.instruments import added, shock_of
from palanca.trade.law import Ground, in_force
from palanca.trade.measure import measure, measures, parse
from palanca.trade.preferences import endings, pair_of
from palanca.trade.products import Goods, importers, share
from palanca.trade.shock import arrays
from palanca.trade.simulation import simulate
from palanca.trade.states import OVER, State
from palanca.trade.validity import faults

STRUCK = date(2026, 2, 20)  # White House, Ending Certain Tariff Actions
CARS, COMPUTERS = "us-cars-2025-11-01", "8471"
A_DAY = timedelta(days=1)
SOURCE = {"title": "a test", "url": "https://example.org/a", "confidence": "low"}
BASE = {
    "title": {"en": "A test", "es": "Una prueba"},
    "status": "applied",
    "sender": "USA",
    "start": "2025-01-01",
    "authority": "none",
    "source": [SOURCE],
    "clauses": [{"kind": "tariff", "target": "all", "addition": 5}],
}


def made(*states, **changes):
    """A measure in these states."""
    dated = [{"state": state, "date": day, "source": SOURCE} for state, day in states]
    return parse("made", yaml.safe_dump({**BASE, "states": dated, **changes}))


def test_a_state_holds_until_the_next():
    act = made(
        ("proposed", "2024-12-01"),
        ("in force", "2025-01-01"),
        ("suspended", "2025-02-01"),
        ("in force", "2025-03-01"),
        ("ended", "2025-04-01"),
        end="2025-03-31",
    )
    for one, following in zip(act.states, act.states[1:], strict=False):
        assert act.state(one.date) is act.state(following.date - A_DAY) is one.state
    assert act.state(act.states[0].date - A_DAY) is None
    assert act.state(date(2030, 1, 1)) is State.ENDED


@pytest.mark.parametrize(
    ("states", "changes", "fault"),
    [
        ([("in force", "2025-01-02")], {}, "first in force on its start"),
        ([("in force", "2025-01-01"), ("proposed", "2024-01-01")], {}, "not in the order"),
        ([("in force", "2025-01-01")], {"status": "threatened"}, "never in force"),
        ([("in force", "2025-01-01"), ("ended", "2025-02-01")], {}, "go together"),
        ([("in force", "2025-01-01")], {"end": "2025-02-01"}, "go together"),
        ([("in force", "2025-01-01"), ("ended", "2025-03-01")], {"end": "2025-02-01"}, "later than the day"),
    ],
)
def test_states_that_contradict_the_days_are_refused(states, changes, fault):
    with pytest.raises(BadMeasure, match=fault):
        made(*states, **changes)


def test_every_shipped_measure_has_dated_states():
    for name, act in measures().items():
        assert act.states, name
        assert act.state(cutoff()), name
        assert (act.status == "applied") == any(one.state is State.IN_FORCE for one in act.states), name


def test_emergency_duties_were_struck_down_and_nothing_that_is_over_is_law():
    ieepa = [act for act in measures().values() if act.authority.startswith("IEEPA") and act.start < STRUCK]
    lasted = [act for act in ieepa if act.state(STRUCK - A_DAY) not in OVER]
    assert lasted
    assert {act.state(STRUCK) for act in lasted} == {State.STRUCK_DOWN}
    assert not any(act.state(cutoff()) in OVER for act in law.law(cutoff()))


def test_the_law_of_any_day_counts_no_duty_twice(rounds):
    world = economy(2022)
    days = {one.date for act in measures().values() for one in act.states if one.date.year > law.BASE_YEAR}
    for day in sorted(days)[:: max(1, len(days) // rounds(5, 100))]:
        found = law.law(day)
        assert not list(faults(found, world)), day
        assert {one.name for one in found} <= {one.name for one in in_force(day)}
        for total in filter(law.total, found):
            beside = [one for one in found if one.sender == total.sender and one is not total]
            assert all(clause.kind is Kind.REMITTANCE for one in beside for clause in one.clauses), day


def test_what_is_ahead_is_the_difference_of_two_solves():
    world = named_world()
    law_ = made(("in force", "2025-01-01"))
    ahead = made(status="threatened", clauses=[{"kind": "tariff", "target": "all", "addition": 20}])
    found = simulate([ahead], Ground(world, (law_,)))
    model = Model(world.structure, usual(world))
    both, before = (model.after(shock_of(acts, world)) for acts in ([law_, ahead], [law_]))
    ratio = (both.income / both.living_cost) / (before.income / before.living_cost)
    value = found.effects.filter(horizon="long", quantity="real_income_pct", country="USA")["value"][0]
    assert_allclose(
        value, 100 * (ratio[world.countries.index("USA")] - 1), atol=1e-7
    )  # two searches to 1e-12
    alone = simulate([ahead], world).effects
    assert_allclose(simulate([ahead], Ground(world)).effects["value"], alone["value"])


def test_a_floor_ahead_counts_from_the_base_year_and_adds_to_the_law():
    world = named_world()
    law_ = made(("in force", "2025-01-01"))
    floor = made(status="threatened", clauses=[{"kind": "tariff", "target": "all", "floor": 40}])
    one, two, both = (
        arrays(shock_of(acts, world, base=base), world.structure)[0] - world.structure.tariff
        for acts, base in (([floor], ()), ([law_], ()), ([floor], [law_]))
    )
    assert_allclose(both, one + two, atol=1e-12)


def test_the_end_of_a_preference_is_made_for_every_pair_with_one_on_file():
    pairs = set(table("preference_use").frame.select("importer", "partner").unique().rows())
    found = endings(cutoff())
    assert {pair_of(act) for act in found.values()} == {pair for pair in pairs if pair[0] in importers()}
    for act in found.values():
        assert measure(act.name) == act
        assert act.state(cutoff()) is State.PROPOSED
        assert law.base(act, cutoff()) == law.law(cutoff())
        assert next(row for row in effects.tariffs(act))["added_pp"] > 0


def test_what_claimed_a_preference_and_what_did_not_make_the_whole():
    claimed = (("84", 0.5), ("87", 0.9))
    parts = [share("USA", "MEX", Goods(("8703", "84"), claimed=claimed, only=only)) for only in (True, False)]
    whole = share("USA", "MEX", Goods(("8703", "84")))
    for sector, value in whole.items():
        assert_allclose(parts[0][sector] + parts[1][sector], value, atol=1e-12)


def test_the_end_of_a_preference_takes_what_clauses_in_force_spare():
    world = economy(2022)
    for act in endings(cutoff()).values():
        importer, partner = pair_of(act)
        spared = [
            clause
            for one in in_force(cutoff())
            for clause in one.clauses
            if isinstance(clause.exempt, Claimed) and partner in clause.target
        ]
        lost = [clause for clause in act.clauses if clause.only]
        assert [clause.hs for clause in lost] == [clause.hs for clause in spared]
        added_by = [added(one, world) for one in acts_of(act, world)]
        assert all((part >= 0).all() for part in added_by)
        place = world.countries.index(importer), world.countries.index(partner)
        assert all(not np.delete(part[:, place[0]], place[1], axis=1).any() for part in added_by)


def test_a_part_of_a_code_counts_for_that_part():
    whole, half = (Goods(("8703",), parts=parts) for parts in ((), (("8703", 0.5),)))
    assert_allclose(share("USA", "MEX", half)["AUT"], share("USA", "MEX", whole)["AUT"] / 2)
    with pytest.raises(BadMeasure, match="which hs does not hold"):
        made(("in force", "2025-01-01"), clauses=[{**BASE["clauses"][0], "hs": ["87"], "parts": {"84": 50}}])


def test_car_duties_take_nothing_of_computers():
    """US note 33(h)(ii): what is no part of a car or light truck pays nothing added."""
    named = [name for name, act in measures().items() if "AUT" in act.aim and act.authority == "Section 232"]
    assert CARS in named
    for name in named:
        for clause in measure(name).clauses:
            assert not any(code.startswith(COMPUTERS) for code in clause.hs), name


MATERIAL_PP = 0.5  # a measure that adds less to a seller's average tariff aims at another seller
WEIGHT = 0.01  # of value added and of sales to the sender: a sector not aimed at counts from here on


@pytest.mark.parametrize("name", [name for name, act in measures().items() if act.aim])
def test_the_sector_hit_hardest_is_aimed_at_or_the_file_says_upper_bound(name):
    act, world = measure(name), economy(2022)
    assert set(act.aim) <= set(goods(world))
    if act.bound:
        return
    aimed = np.isin(world.sectors, act.aim)
    sizes = world.structure.value_added / world.structure.value_added.sum(1, keepdims=True)
    trade = world.trade.transpose("sector", "destination", "origin").values
    change = sum(added(one, world) for one in acts_of(act, world))
    for buyer, seller in np.argwhere(change.any(0)):
        sold = trade[:, buyer, seller]
        if 100 * (change[:, buyer, seller] * sold).sum() < MATERIAL_PP * sold.sum():
            continue
        large = (sizes[seller] >= WEIGHT) & (sold >= WEIGHT * sold.sum())
        hit = np.where(large | aimed, change[:, buyer, seller], 0.0)
        if hit.max() > 0:
            assert world.sectors[int(hit.argmax())] in act.aim, world.countries[seller]


def test_a_simulation_departs_from_the_law_where_all_it_solves_is_ahead():
    ahead, standing = measure("preference-end-usa-mex"), measure(CARS)
    day = cutoff()
    assert _base([ahead], None, day) == _base([standing], "law", day) == law.law(day)
    assert (
        _base([standing], None, day)
        == _base([ahead, standing], None, day)
        == _base([ahead], "base", day)
        == ()
    )
