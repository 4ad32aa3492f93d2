"""Products on which a country depends: published rules on tables made by hand, and bad tables."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.errors import BadTable, InputError, UnknownCountry
from palanca.exposure.products import by_seller, criteria, dependences, on_customs_file, opened, rules

# Seller, buyer, product, thousand USD. Germany (276) buys product 1 from China and Japan: shares 0.8 and 0.2.
BASE = [
    (156, 276, "010001", 80.0),
    (392, 276, "010001", 20.0),
    (276, 251, "010001", 60.0),
    (251, 276, "010001", 40.0),
    (156, 842, "010001", 900.0),
]


def frame(rows=BASE, years=(2023,)):
    return pl.DataFrame(
        [(year, *row, 1.0) for year in years for row in rows],
        schema=["t", "i", "j", "k", "v", "q"],
        orient="row",
    )


def saved(data, tmp_path, suffix=".parquet"):
    path = tmp_path / f"trade{suffix}"
    data.write_csv(path) if suffix == ".csv" else data.write_parquet(path)
    return path


def only(found):
    return found.flagged.row(0, named=True)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_criteria_of_a_table_made_by_hand(tmp_path, suffix):
    found = dependences(saved(frame(), tmp_path, suffix), "DEU", "CHN").products.row(0, named=True)
    assert found["imports_usd"] == 140e3
    assert found["import_hhi"] == pytest.approx((80**2 + 20**2 + 40**2) / 140**2)
    assert found["partner_share"] == pytest.approx(80 / 140)
    assert found["first_supplier"] == "CHN"
    assert found["outside_share"] == 1  # a single country has no inside
    assert found["imports_over_exports"] == pytest.approx(140 / 60)
    exports = {"CHN": 980.0, "JPN": 20.0, "DEU": 60.0, "FRA": 40.0}
    hhi = sum(value**2 for value in exports.values()) / sum(exports.values()) ** 2
    assert found["world_export_hhi"] == pytest.approx(hhi)
    assert found["eu_2021"] is (found["import_hhi"] > 0.4)


def test_a_bloc_counts_trade_among_members_as_inside(tmp_path):
    """European Commission, SWD(2021) 352: extra-EU sources, against all imports, and all exports."""
    found = dependences(saved(frame(), tmp_path), "EUU", "CHN").products.row(0, named=True)
    assert found["imports_usd"] == 100e3
    assert found["import_hhi"] == pytest.approx(0.8**2 + 0.2**2)
    assert found["outside_share"] == pytest.approx(100 / 200)
    assert found["imports_over_production"] == pytest.approx(1.0)
    assert found["eu_2021"] is False  # half is not above half


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({(251, 276): 100.0}, False),  # half of all imports come from inside
        ({(392, 276): 60.0, (36, 276): 40.0}, False),  # sources are spread: 4² + 3² + 2² over 9² is below 0.4
        ({(276, 251): 5.0, (276, 842): 100.0}, False),  # exports above imports from outside
    ],
)
def test_european_rule_needs_all_three(tmp_path, change, holds):
    rows = {(156, 276): 80.0, (392, 276): 20.0, (276, 251): 5.0, **change}
    table = [(seller, buyer, "010001", value) for (seller, buyer), value in rows.items()]
    found = only(dependences(saved(frame(table), tmp_path), "EUU", "CHN"))
    assert found["eu_2021"] is holds


def geodep_rows(value=100.0):
    """Held by Germany: one supplier, who is also the world's, and no exports."""
    return [(156, 276, "010001", value), (156, 842, "010001", 50.0)]


@pytest.mark.parametrize(
    ("held", "spread", "flag"),
    [
        ((2021, 2022, 2023), (), True),
        ((2021, 2023), (2022,), True),
        ((2023,), (2021, 2022), False),
        ((2022, 2023), (), True),
        ((2023,), (), None),
        ((), (2022, 2023), False),
    ],
)
def test_geodep_wants_two_years_of_three(tmp_path, held, spread, flag):
    """Lefebvre and Wibaux (2024): all three criteria in at least two years of a window of three."""
    several = [(code, 276, "010001", 10.0) for code in (156, 392, 842, 410)]
    parts = [frame(rows, years) for rows, years in ((geodep_rows(), held), (several, spread)) if years]
    data = pl.concat(parts)
    assert only(dependences(saved(data, tmp_path), "DEU", "CHN"))["geodep"] is flag


def test_no_exports_count_as_an_endless_ratio(tmp_path):
    found = dependences(saved(frame(geodep_rows()), tmp_path), "DEU", "CHN").products.row(0, named=True)
    assert found["imports_over_exports"] == float("inf")
    assert found["geodep_year"] is True


def test_what_the_table_cannot_say_is_said(tmp_path):
    assert "lacks 2022, 2021" in dependences(saved(frame(), tmp_path), "DEU", "CHN").limits[0]
    path = saved(frame(years=(2021, 2022, 2023)), tmp_path)
    assert dependences(path, "DEU", "CHN").limits == ()


@given(
    st.lists(st.tuples(st.sampled_from([156, 392, 842, 251]), st.floats(0.1, 1e6)), min_size=1, max_size=8)
)
def test_units_and_order_of_rows_do_not_matter(tmp_path_factory, rows):
    table = [(seller, 276, "010001", value) for seller, value in rows]
    folder = tmp_path_factory.mktemp("products")
    first = only(dependences(saved(frame(table), folder), "DEU", "CHN"))
    scaled = frame([(i, j, k, 7 * v) for i, j, k, v in reversed(table)])
    second = only(dependences(saved(scaled, folder), "DEU", "CHN"))
    assert second["import_hhi"] == pytest.approx(first["import_hhi"])
    assert second["imports_usd"] == pytest.approx(7 * first["imports_usd"])
    assert 1 / 4 - 1e-12 <= first["import_hhi"] <= 1 + 1e-12  # four sellers at most
    assert second["eu_2021"] == first["eu_2021"]


def test_codes_may_be_iso3_or_numbers_with_zeros(tmp_path):
    iso = frame([("CHN", "DEU", "10001", 80.0), ("008", "DEU", "10001", 20.0)])
    found = only(dependences(saved(iso, tmp_path, ".csv"), "DEU", "CHN"))
    assert (found["k"], found["first_supplier"]) == ("010001", "CHN")


def test_every_fault_of_a_file_is_in_one_message(tmp_path):
    bad = pl.DataFrame(
        {
            "t": ["2023", "x"],
            "i": ["156", "999"],
            "k": ["010001", "12345678"],
            "v": ["-1", "many"],
            "q": ["", ""],
        }
    )
    with pytest.raises(BadTable) as caught:
        opened(saved(bad, tmp_path, ".csv"))
    said = str(caught.value)
    for fault in (
        "column j",
        "t (year)",
        "codes of no country: 999",
        "12345678",
        "1 rows of v (value) are neg",
    ):
        assert fault in said
    assert "1 rows of v (value) are empty or no number" in said


def test_files_that_are_no_tables(tmp_path):
    with pytest.raises(BadTable, match="no file"):
        opened(tmp_path / "absent.csv")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 this is not a table")
    with pytest.raises(BadTable, match="cannot be read"):
        opened(broken)
    empty = saved(frame().clear(), tmp_path)
    with pytest.raises(BadTable, match="no rows"):
        opened(empty)
    (tmp_path / "blank.csv").write_text("")
    with pytest.raises(BadTable, match="is empty"):
        opened(tmp_path / "blank.csv")


def test_not_a_number_is_not_a_value(tmp_path):
    data = frame().with_columns(v=pl.lit(float("nan")))
    with pytest.raises(BadTable, match="not finite"):
        opened(saved(data, tmp_path))


def test_importer_without_imports_and_unknown_countries(tmp_path):
    path = saved(frame(), tmp_path)
    with pytest.raises(InputError, match="imports nothing"):
        dependences(path, "CHN", "DEU")
    with pytest.raises(UnknownCountry):
        dependences(path, "Atlantis", "DEU")


def test_second_method_on_random_trade(tmp_path):
    """The same criteria in plain Python."""
    import random

    draw, codes = random.Random(1), [156, 276, 251, 842, 392, 484]
    rows = {
        (i, j, f"{k:06}"): draw.lognormvariate(2, 2)
        for i in codes
        for j in codes
        for k in range(20)
        if i != j
    }
    table = [(*key, value) for key, value in rows.items() if draw.random() < 0.6]
    sales, _ = opened(saved(frame(table), tmp_path))
    found = criteria(by_seller(sales, 2023, "MEX"), "MEX", "USA")
    for row in found.iter_rows(named=True):
        mine = {i: v for i, j, k, v in table if k == row["k"] and j == 484}
        total = sum(mine.values())
        assert row["import_hhi"] == pytest.approx(sum(v * v for v in mine.values()) / total**2)
        assert row["from_partner_usd"] == pytest.approx(1e3 * mine.get(842, 0.0))
        out = sum(v for i, _, k, v in table if k == row["k"] and i == 484)
        assert row["imports_over_exports"] == pytest.approx(total / out if out else float("inf"))


def test_customs_of_the_importer_say_the_import_side_only():
    found = on_customs_file("USA", "MEX")
    assert found is not None
    assert found["import_hhi"].is_between(0, 1 + 1e-12).all()  # sums of a few dozen squares
    assert (found["partner_share"] <= 1 + 1e-12).all()
    assert (found["concentrated"] == (found["import_hhi"] > rules().eu_2021.import_hhi)).all()
    assert on_customs_file("MEX", "USA") is None


@pytest.mark.parametrize(
    ("code", "right"), [("27", False), ("8471", False), ("10121", True), ("010121", True)]
)
def test_a_product_has_six_digits_but_for_a_nought_that_a_number_lost(tmp_path, code, right):
    path = tmp_path / "trade.csv"
    path.write_text(f"t,i,j,k,v,q\n2023,156,484,{code},10.5,1\n")
    if right:
        assert opened(path)[1] == [2023]
    else:
        with pytest.raises(BadTable, match=f"not six digits: {code}"):
            opened(path)
