"""The index of pressure: what it must not depend on, and how it stands beside the work of others."""

import csv
from datetime import date, timedelta

import numpy as np
import pytest

from palanca.catalogue import table
from palanca.events import pressure as index
from palanca.events.crosswalk import ANY, code_of, crosswalk
from palanca.events.event import vocabulary
from palanca.events.ledger import shipped
from palanca.events.pressure import MEAN, TOTAL, agreement, pressure

EVENTS = shipped().between("MEX", "USA")
UNTIL = date(2026, 10, 9)


@pytest.fixture(scope="module")
def found():
    return pressure(EVENTS, "USA", "MEX", until=UNTIL)


def test_average_of_the_record_is_a_hundred(found):
    assert found.paths[TOTAL].level.mean() == pytest.approx(MEAN)


def test_band_holds_the_index_and_words_and_acts_make_it_up(found):
    for path in found.paths.values():
        assert (path.low <= path.level + 1e-9).all()
        assert (path.level <= path.high + 1e-9).all()
        assert (path.words >= 0).all()
        assert (path.acts >= 0).all()


def test_it_ends_with_the_record(found):
    assert found.start == min(event.date for event in EVENTS)
    assert found.end == max(event.recorded_on for event in EVENTS)
    china = pressure(shipped().between("AUS", "CHN"), "CHN", "AUS", until=UNTIL)
    assert china.end == date(2024, 12, 3)


def test_twice_as_many_entries_of_every_kind_change_nothing():
    """Reading twice as many sources doubles acts and density alike."""
    twin = [event.model_copy(update={"id": f"{event.id}-b"}) for event in EVENTS]
    one, two = (pressure(rows, "USA", "MEX", until=UNTIL) for rows in (EVENTS, [*EVENTS, *twin]))
    floor = index.settings().least_density
    dense = one.density >= floor
    ratio = two.paths[TOTAL].level[dense] / one.paths[TOTAL].level[dense]
    assert ratio == pytest.approx(ratio[0])


def test_order_and_other_pairs_do_not_matter(found):
    again = pressure([*reversed(EVENTS)], "USA", "MEX", until=UNTIL)
    assert again.paths[TOTAL].level == pytest.approx(found.paths[TOTAL].level)


def test_weight_halves_with_the_half_life():
    first = next(event for event in EVENTS if event.kind == "threat" and event.actor == "USA")
    rest = [event for event in EVENTS if event.group == "context"]
    alone = pressure([first, *rest], "USA", "MEX", until=UNTIL)
    day = (first.date - alone.start).days
    life = index.settings().half_life_days
    level, density = alone.paths[TOTAL].level, np.maximum(alone.density, index.settings().least_density)
    left = level * density
    assert left[day + life] == pytest.approx(left[day] / 2)


def test_short_or_empty_records_have_no_index():
    assert pressure([], "USA", "MEX", until=UNTIL) is None
    early = min(event.date for event in EVENTS) + timedelta(100)
    assert pressure(EVENTS, "USA", "MEX", until=early) is None


def test_beside_risk_in_the_news(found):
    """Compared, not tuned: Caldara and Iacoviello's share of articles that name the country."""
    rows = table("geopolitical_risk").rows(country="MEX")
    theirs = dict(zip(rows["month"], rows["gpr_pct"], strict=True))
    both = agreement(found.months(), theirs)
    assert both.n == 121
    assert both.pearson == pytest.approx(0.60, abs=0.01)  # as measured; a change of weights would move it
    assert both.spearman == pytest.approx(0.62, abs=0.01)
    ours = found.months()
    ranked = sorted(ours, key=lambda month: -ours[month])
    assert [ranked.index(month) + 1 for month in ("2025-02", "2025-03", "2019-06")] == RANKS


RANKS = [2, 6, 16]  # places of their three peaks among our 127 months


def test_beside_the_daily_tie(found, shared):
    """The tie of GDELT sums signed scores of all events, so volume raises it: more pressure, more tie."""
    path = shared / "politics" / "gdelt_daily_network" / "mex_usa_daily.csv"
    days = {}
    for row in csv.DictReader(path.read_text().splitlines()):
        days.setdefault(row["date"][:7], []).append(float(row["edge"]))
    theirs = {month: sum(edges) / len(edges) for month, edges in days.items()}
    both = agreement(found.months(), theirs)
    assert both.n == 74
    assert both.pearson == pytest.approx(
        0.47, abs=0.01
    )  # the sign is not that of a measure of good relations
    assert both.spearman == pytest.approx(0.38, abs=0.01)


def test_agreement_of_a_series_with_itself_and_with_none():
    ours = {f"2020-{month:02d}": float(month**2) for month in range(1, 13)}
    assert agreement(ours, ours).pearson == pytest.approx(1)
    assert agreement(ours, {month: -value for month, value in ours.items()}).spearman == pytest.approx(-1)
    assert np.isnan(agreement(ours, dict.fromkeys(ours, 1.0)).pearson)


def test_every_kind_has_a_code_and_every_code_a_kind():
    told = vocabulary()
    assert {kind for kind, instrument in crosswalk() if instrument == ANY} == set(told.kinds)
    for kind, instrument in crosswalk():
        assert kind in told.kinds
        assert instrument == ANY or instrument in told.instruments
    assert all(code_of(event).goldstein < 0 for event in EVENTS if event.group == "pressure")


def test_codes_are_those_of_the_codebooks(shared):
    folder = shared / "politics" / "event_text"
    text = (folder / "cameo_codes_icews.csv").read_text("latin-1")
    cameo = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    plover = {}
    for line in (folder / "CAMEO2PLOVER-2021.txt").read_text("utf-8").splitlines():
        code, colon, rest = line.partition(":")
        if colon and code.strip().isdigit() and "#" in rest:
            event, mode = (part.strip() for part in rest.split(",")[:2])
            plover[code.strip()] = (event, mode)
    for code in crosswalk().values():
        assert cameo[code.cameo]["name"] == code.cameo_name
        assert float(cameo[code.cameo]["goldstein"]) == code.goldstein
        if code.plover:
            assert plover[code.cameo] == (code.plover, code.mode)


def test_scores_are_those_of_real_events(shared):
    """The second road: the intensity that ICEWS itself wrote beside each code."""
    lines = (
        (shared / "politics" / "event_text" / "icews_events.2018.sample.tab").read_text("utf-8").splitlines()
    )
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    scores = {row["CAMEO Code"]: float(row["Intensity"]) for row in rows}
    seen = [code for code in crosswalk().values() if code.cameo in scores]
    assert len(seen) >= 20
    assert [code.goldstein for code in seen] == [scores[code.cameo] for code in seen]
