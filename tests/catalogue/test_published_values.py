"""What the embedded tables hold, against the figures noted when each source was read.

Published figures are rounded, so a tolerance of half their last digit is the whole of our rounding.
"""

import polars as pl
import pytest

from palanca.catalogue.countries import countries
from palanca.catalogue.snapshot import table
from palanca.catalogue.unknown import Unknown

BILLION = 1e9


def near(published: float, digits: int) -> object:
    """Return what equals `published` when rounded to `digits` decimals."""
    return pytest.approx(published, rel=0, abs=0.5 * 10**-digits * (1 + 1e-9))


def between(column: str, first: str, last: str) -> pl.Expr:
    return pl.col(column).is_between(pl.lit(first), pl.lit(last))


# CEPII, BACI V202501, 2023


@pytest.mark.parametrize(
    ("keys", "billion"),
    [
        ({"exporter": "MEX"}, 595.6),
        ({"exporter": "MEX", "importer": "USA"}, 459.1),
        ({"exporter": "USA", "importer": "MEX"}, 292.8),
        ({"exporter": "CHN", "importer": "USA"}, 440.5),
    ],
)
def test_baci_totals_of_2023(keys: dict[str, str], billion: float) -> None:
    """CEPII BACI V202501: the row of the matrix is the exporter, the unit thousand dollars."""
    assert table("trade_totals").rows(**keys)["trade_usd"].sum() / BILLION == near(billion, 1)


def test_baci_share_of_mexican_exports_to_the_united_states() -> None:
    """CEPII BACI V202501: 77.1 % of 595.6 bn."""
    rows = table("trade_totals").rows(exporter="MEX")
    assert 100 * rows.filter(importer="USA")["trade_usd"].sum() / rows["trade_usd"].sum() == near(77.1, 1)


def test_baci_world_trade() -> None:
    """CEPII BACI V202501: 21.75 trillion dollars among 194 countries."""
    frame = table("trade_totals").frame
    assert frame["trade_usd"].sum() / 1e12 == near(21.75, 2)
    assert frame["exporter"].n_unique() == frame["importer"].n_unique() == 194
    assert frame.filter(pl.col("exporter") == pl.col("importer")).is_empty()


@pytest.mark.parametrize("absent", ["TWN", "CUB", "PRK", "NRU"])
def test_baci_lacks_four_countries_which_is_unknown_and_not_zero(absent: str) -> None:
    trade = table("trade_totals")
    assert trade.frame.filter((pl.col("exporter") == absent) | (pl.col("importer") == absent)).is_empty()
    assert isinstance(trade.cell("trade_usd", exporter="MEX", importer=absent, year=2023), Unknown)


# US Census Bureau, imports for consumption


def customs(column: str, partner: str, period: str) -> int:
    rows = table("customs_imports").rows(partner=partner, sector="00")
    return int(rows.filter(pl.col("month").str.starts_with(period))[column].sum())


@pytest.mark.parametrize(
    ("partner", "year", "billion", "digits"),
    [
        ("MEX", "2023", 470.7, 1),
        ("MEX", "2024", 503.4, 1),
        ("MEX", "2025", 491.7, 1),
        ("WLD", "2024", 3251, 0),
    ],
)
def test_census_imports_by_year(partner: str, year: str, billion: float, digits: int) -> None:
    """US Census Bureau, imports for consumption; 2025 reaches November."""
    assert customs("imports_usd", partner, year) / BILLION == near(billion, digits)


@pytest.mark.parametrize(
    ("partner", "period", "pct"),
    [("WLD", "2024", 2.34), ("WLD", "2025-10", 10.91), ("MEX", "2024", 0.25), ("MEX", "2025-11", 4.18)],
)
def test_census_duties_over_imports(partner: str, period: str, pct: float) -> None:
    """US Census Bureau, calculated duties over imports for consumption."""
    rate = 100 * customs("duty_usd", partner, period) / customs("imports_usd", partner, period)
    assert rate == near(pct, 2)


def test_census_sectors_add_up_to_all_products() -> None:
    """An identity of the Census file; each cell is rounded to a dollar, and 32 sectors make a sum."""
    frame = table("customs_imports").frame
    parts = (
        frame.filter(pl.col("sector") != "00").group_by("partner", "month").agg(pl.col("imports_usd").sum())
    )
    whole = frame.filter(sector="00").join(parts, on=["partner", "month"], suffix="_parts")
    gap = (whole["imports_usd"] - whole["imports_usd_parts"]).abs().max()
    assert gap is not None
    assert gap <= 17  # (32 sectors + 1 total) × half a dollar


def test_census_partners_are_thirty_beside_the_union_and_the_world() -> None:
    partners = set(table("customs_imports").frame["partner"].unique())
    assert len(partners - {"EUU", "WLD"}) == 30
    assert {"EUU", "WLD"} < partners


# M. Waugh, tradewartracker, 23 July 2026


@pytest.mark.parametrize(
    ("day", "pct"),
    [
        ("2025-04-03", 8.20),
        ("2025-06-03", 9.04),
        ("2025-12-04", 8.30),
        ("2026-02-20", 6.14),
        ("2026-04-06", 7.66),
        ("2026-07-22", 7.66),
    ],
)
def test_waugh_tariff_added_on_mexico(day: str, pct: float) -> None:
    """M. Waugh, country-by-time: the rate added over 2024; the level is that plus the base."""
    row = table("statutory_tariffs").rows(partner="MEX", date=day).row(0, named=True)
    assert row["added_pct"] == near(pct, 2)
    assert row["level_pct"] == row["added_pct"] + row["base_pct"]


def test_waugh_base_is_what_census_collected_in_2024() -> None:
    """M. Waugh and US Census Bureau: a second road to the duty on Mexico in 2024."""
    base = table("statutory_tariffs").cell("base_pct", partner="MEX", date="2025-04-03")
    rate = 100 * customs("duty_usd", "MEX", "2024") / customs("imports_usd", "MEX", "2024")
    assert base == pytest.approx(rate, rel=1e-5)  # the file gives six digits


def test_waugh_counts_slovakia_once() -> None:
    """M. Waugh: 51 partners, of which Slovakia is also inside the European Union."""
    frame = table("statutory_tariffs").frame
    assert "SVK" not in frame["partner"]
    assert "EUU" in frame["partner"]
    assert (frame["partner"].n_unique(), frame["date"].n_unique()) == (50, 23)


@pytest.mark.parametrize("name", ["statutory_tariffs", "statutory_tariff_daily"])
def test_waugh_rows_after_the_vintage_are_scheduled(name: str) -> None:
    """M. Waugh: later dates are actions planned as of 23 July 2026."""
    frame = table(name).frame
    assert frame["scheduled"].any()
    assert frame.filter(pl.col("scheduled") != (pl.col("date") > "2026-07-23")).is_empty()


# US Customs and Border Protection


@pytest.mark.parametrize(
    ("year", "nationwide", "southwest"),
    [(2023, 27_023, 26_718), (2024, 21_889, 21_148), (2025, 12_027, 11_488)],
)
def test_cbp_fentanyl_by_fiscal_year(year: int, nationwide: int, southwest: int) -> None:
    """CBP drug seizures: pounds of fentanyl, October to September, summed from calendar months."""
    rows = table("drug_seizures").rows(drug="fentanyl")
    rows = rows.filter(between("month", f"{year - 1}-10", f"{year}-09"))
    # A cell is rounded to 0.1 lb, so that three borders over twelve months may differ by 36 × 0.05.
    assert rows["seized_lb"].sum() == pytest.approx(nationwide, rel=0, abs=0.5 + 1.8)
    assert rows.filter(border="southwest")["seized_lb"].sum() == pytest.approx(
        southwest, rel=0, abs=0.5 + 0.6
    )


@pytest.mark.parametrize(("year", "count"), [(2022, 2_206_436), (2024, 1_530_523)])
def test_cbp_encounters_by_fiscal_year(year: int, count: int) -> None:
    """CBP southwest land border encounters between ports, October to September."""
    rows = table("border_encounters").frame.filter(between("month", f"{year - 1}-10", f"{year}-09"))
    assert (rows.height, rows["between_ports"].sum()) == (12, count)


def test_cbp_encounters_by_month() -> None:
    """CBP: December 2023 249.7 thousand, September 2025 8,386; at ports 3,419 in August 2025."""
    encounters = table("border_encounters")
    assert encounters.cell("between_ports", month="2023-12") == near(249_700, -2)
    assert encounters.cell("between_ports", month="2025-09") == 8_386
    assert encounters.cell("at_ports", month="2025-08") == 3_419


def test_cbp_encounters_not_on_file_are_unknown() -> None:
    """CBP: no counts at ports before October 2021, no nationality after August 2025."""
    encounters = table("border_encounters")
    assert isinstance(encounters.cell("at_ports", month="2021-09"), Unknown)
    assert isinstance(encounters.cell("between_ports_of_neighbour", month="2025-09"), Unknown)
    assert encounters.cell("at_ports", month="2021-10") > 0


# SESNSP, CDC


@pytest.mark.parametrize(
    ("year", "victims", "months"),
    [
        (2018, 33_742, 12),
        (2019, 34_723, 12),
        (2020, 34_569, 12),
        (2023, 29_721, 12),
        (2024, 30_046, 12),
        (2025, 12_752, 6),
    ],
)
def test_sesnsp_victims_of_intentional_homicide(year: int, victims: int, months: int) -> None:
    """SESNSP, cut of July 2025; 2025 is January to June."""
    rows = table("crime_victims").frame.filter(pl.col("month").str.starts_with(str(year)))
    assert (rows["intentional_homicide"].sum(), rows.height) == (victims, months)


def test_cdc_panel_keeps_the_same_number_of_jurisdictions() -> None:
    """CDC VSRR: 19 jurisdictions report in January 2015, 43 in January 2025; the panel does not change."""
    deaths = table("opioid_deaths")
    panel = deaths.frame.filter(pl.col("panel").is_not_null())
    assert panel["panel"].n_unique() == 1
    assert panel["panel"][0] >= 30
    assert (panel["month"].min(), panel["month"].max(), panel.height) == ("2020-01", "2025-08", 68)
    assert [deaths.cell("reporting", month=month) for month in ("2015-01", "2025-01")] == [19, 43]
    assert panel.filter(pl.col("panel") > pl.col("reporting")).is_empty()


# World Bank, World Factbook, USITC


def test_world_bank_exports_of_mexico_over_gdp() -> None:
    """World Bank WDI NE.EXP.GNFS.ZS via Gapminder: 36.70 in 2024."""
    assert table("trade_ratios").cell("exports_gdp_pct", country="MEX", year=2024) == near(36.70, 2)


@pytest.mark.parametrize(
    ("column", "value", "digits"),
    [
        ("remittances_gdp_pct", 3.7, 1),
        ("gas_imports_bcm", 64.3, 1),
        ("gas_consumption_bcm", 97.1, 1),
        ("exports_usd", 680.8e9, -8),
        ("gdp_usd", 1853e9, -9),
    ],
)
def test_factbook_on_mexico(column: str, value: float, digits: int) -> None:
    """CIA, The World Factbook, 17 May 2026."""
    assert table("factbook_exposure").cell(column, country="MEX") == near(value, digits)


@pytest.mark.parametrize(("flow", "pct"), [("exports", 76), ("imports", 46)])
def test_factbook_shares_of_the_united_states_in_mexican_trade(flow: str, pct: int) -> None:
    """CIA, The World Factbook, rounded to one per cent."""
    assert table("partner_shares").cell("share_pct", country="MEX", flow=flow, partner="USA") == pct


@pytest.mark.parametrize(("month", "pct"), [("2025-01", 45), ("2025-07", 87), ("2026-02", 90)])
def test_usitc_share_of_mexican_goods_that_claim_the_preference(month: str, pct: int) -> None:
    """USITC DataWeb via Yale Budget Lab."""
    assert table("preference_use").cell("claimed_pct", partner="MEX", month=month) == near(pct, 0)


# CEPII GeoDist; V-Dem, Freedom House, LIED; elasticities


def test_geodist_mexico_borders_the_united_states() -> None:
    """CEPII GeoDist: contig 1, distw 2468 km."""
    row = table("pair_distances").rows(first="MEX", second="USA").row(0, named=True)
    assert row["contiguous"] is True
    assert row["distance_weighted_km"] == near(2468, 0)


def test_geodist_pairs_are_listed_once() -> None:
    frame = table("pair_distances").frame
    assert frame.filter(pl.col("first") >= pl.col("second")).is_empty()


REGIMES = {
    ("MEX", 2024): {
        ("regime_class", "V-Dem v16"): 1,
        ("polyarchy", "V-Dem v15"): 0.505,
        ("freedom_total", "Freedom House 2025"): 59,
        ("lexical_index", "LIED"): 6,
    },
    ("MEX", 2025): {("regime_class", "V-Dem v16"): 1},
    ("USA", 2025): {("regime_class", "V-Dem v16"): 2},
}


@pytest.mark.parametrize(("country", "year"), REGIMES)
def test_regime_editions_disagree_and_are_kept_apart(country: str, year: int) -> None:
    """V-Dem v16 calls Mexico of 2024 an electoral autocracy; v15, Freedom House and LIED do not."""
    rows = table("regimes").rows(country=country, year=year)
    held = {(row["measure"], row["edition"]): row["value"] for row in rows.iter_rows(named=True)}
    assert REGIMES[country, year].items() <= held.items()


@pytest.mark.parametrize(
    ("study", "sectors", "without"),
    [("fontagne_2022", 46, 4), ("caliendo_parro_2015", 20, 0), ("costinot_rodriguezclare_2014", 35, 0)],
)
def test_elasticities_keep_the_convention_of_their_study(study: str, sectors: int, without: int) -> None:
    """Fontagné et al. give negative epsilons and none for four sectors; the others give positive thetas."""
    rows = table("trade_elasticities").rows(study=study)
    sign = {"epsilon": -1, "theta": 1}[rows["parameter"].unique().item()]
    assert (rows.height, rows["value"].null_count()) == (sectors, without)
    assert (rows["value"].drop_nulls() * sign > 0).all()


# Codes that publishers spell in their own way

SPELT_OTHERWISE = [
    ("pair_distances", "first", "COD", "ZAR in GeoDist"),
    ("pair_distances", "second", "TLS", "TMP in GeoDist"),
    ("pair_distances", "second", "ROU", "ROM in GeoDist"),
    ("pair_distances", "second", "PSE", "PAL in GeoDist"),
    ("trade_ratios", "country", "XKX", "kos in Gapminder"),
    ("trade_ratios", "country", "CUW", "nld_curacao in Gapminder"),
    ("gdp", "country", "XKX", "XKX in WDI"),
]


@pytest.mark.parametrize(("name", "column", "iso3", "spelling"), SPELT_OTHERWISE)
def test_country_that_the_publisher_spells_otherwise_is_kept(
    name: str, column: str, iso3: str, spelling: str
) -> None:
    assert iso3 in countries()
    assert iso3 in table(name).frame[column], spelling


def test_regime_class_of_kosovo_is_kept() -> None:
    """Our World in Data writes OWID_KOS; the file holds 1999 to 2025."""
    rows = table("regimes").rows(country="XKX", measure="regime_class")
    assert rows["year"].to_list() == list(range(1999, 2026))
