"""The sections on power and on hidden exposure."""

import pytest

from palanca.brief import brief
from palanca.brief.power_figures import PARTNERS
from palanca.catalogue import table
from palanca.catalogue.codes import sectors
from palanca.catalogue.thresholds import thresholds

PAIRS = [("MEX", "USA"), ("USA", "MEX"), ("FRA", "DEU"), ("ISL", "VNM")]


def section(made, name):
    return next(one for one in made.body if one.id == name)


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def made(request, of_mexico):
    return of_mexico if request.param == ("MEX", "USA") else brief(*request.param)


def test_every_sentence_is_said_and_is_an_estimate(made):
    for name in ("power", "hidden"):
        part = section(made, name)
        assert part.dropped == ()
        assert {claim.kind for claim in part.claims} == {"estimate"}


def test_the_lever_is_with_the_side_that_loses_less(made):
    claim = next(one for one in section(made, "power").claims if one.id.startswith("power-leverage"))
    weak, strong = (claim.value(name).value for name in ("weak", "strong"))
    rows = {row["country"]: row for row in table("power").rows(country=(weak, strong)).iter_rows(named=True)
            if row["partner"] in (weak, strong)}  # fmt: skip
    assert rows[weak]["loss_long_pct"] > rows[strong]["loss_long_pct"]
    assert rows[weak]["leverage"] > 1
    if rows[strong]["loss_long_pct"] < thresholds()["slight_loss"].value:
        assert "under 0.05%" in claim.text.en
        assert "times" not in claim.text.en
    else:
        assert claim.value("lever").value == rows[weak]["leverage"]


def test_of_trade_that_has_ended_no_power_is_told():
    made = brief("Ukraine", "Russia")
    [ended] = section(made, "power").claims
    assert "all but ended" in ended.text.en
    assert ended.value("x").value == "UKR"
    assert section(made, "power").charts == section(made, "hidden").items == ()
    assert section(made, "redirection").items == ()


def test_bars_and_map_draw_the_tables(made):
    [bars], [heat] = section(made, "power").charts, section(made, "hidden").charts
    pair = (made.case.a.iso3, made.case.b.iso3)
    own = table("power").rows(country=pair[0], partner=pair[1])
    drawn = {row["measure"]: row["percent"] for row in bars.data.to_dicts() if row["country"] == pair[0]}
    assert all(own[name][0] == value for name, value in drawn.items())
    assert heat.data.height == PARTNERS * len(sectors())
    assert heat.data["country"][0] == pair[1]
    kept = table("power_sectors").rows(country=pair[0], partner=pair[1])
    first = heat.data.filter(country=pair[1])
    assert first["through"].to_list() == pytest.approx(kept["purchases_through_pct"].to_list())


def test_bars_of_the_two_sides_part_in_the_middle(made):
    [bars] = section(made, "power").charts
    [values] = bars.spec("en")["datasets"].values()
    first = values[0]["country"]
    assert all((row["toward"] <= 0) == (row["country"] == first) for row in values)
    assert {abs(row["toward"]) for row in values} == {row["percent"] for row in values}


def test_a_pair_outside_is_listed_as_unknown():
    made = brief("TUV", "NRU")
    for name, keys in (("power", 6), ("hidden", 3)):
        part = section(made, name)
        assert (part.claims, part.charts) == ((), ())
        assert len({item.id.split(":")[0] for item in part.dropped}) == keys
    page = made.files(["en"])["brief.en.html"].decode()
    assert "leverage" in page
