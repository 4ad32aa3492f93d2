"""Missions abroad, memberships, trade agreements, and votes in total."""

from pathlib import Path

import polars as pl

from palanca.catalogue.clean.files import csv
from palanca.catalogue.clean.trade import OWN_CODES, known
from palanca.catalogue.countries import country
from palanca.errors import UnknownCountry

MISSIONS = ("embassy", "high commission", "apostolic nunciature", "de facto embassy")
OTHER_NAMES = {
    "People's Republic of China": "CHN",
    "Ministry of Foreign Affairs of the People's Republic of China": "CHN",
    "Ministry of Foreign Affairs and Cooperation of the Republic of Rwanda": "RWA",
    "Republic of Ireland": "IRL",
    "Republic of the Congo": "COG",
    "Democratic Republic of the Congo": "COD",
    "Federated States of Micronesia": "FSM",
    "Kingdom of the Netherlands": "NLD",
    "Kingdom of Denmark": "DNK",
    "State of Palestine": "PSE",
    "Holy See": "VAT",
    "Vatican": "VAT",
    "The Bahamas": "BHS",
    "The Gambia": "GMB",
}
TOTALS_YEAR = 2025  # the other years of the file repeat what the roll calls hold
DESTA_END = 2020


def embassies(raw: Path) -> pl.DataFrame:
    """Return each sending state and host with a resident embassy or its equal; consulates are left out."""
    frame = pl.read_csv(
        raw / "politics/diplomatic_missions/database_of_embassies_2022-11-16.csv",
        separator=";",
        quote_char=None,
        infer_schema=False,
        truncate_ragged_lines=True,
    ).filter(pl.col("type").is_in(MISSIONS))
    names = {name: _code(name) for column in ("operator", "country") for name in frame[column].unique()}
    return (
        frame.select(
            country=pl.col("operator").replace_strict(names),
            host=pl.col("country").replace_strict(names),
            year=pl.lit(2022, pl.Int16),
        )
        .filter(known("country"), known("host"), pl.col("country") != pl.col("host"))
        .unique()
        .sort("country", "host")
    )


def _code(name: str | None) -> str:
    """Return the code of a name, empty for what is no country."""
    if not name:
        return ""
    try:
        return OTHER_NAMES.get(name) or country(name).iso3
    except UnknownCountry:
        return ""


def memberships(raw: Path) -> pl.DataFrame:
    """Return full memberships of organisations by country."""
    return (
        csv(raw / "politics/igo_treaties/factbook_igo_participation.csv")
        .filter(pl.col("status") == "member", known("iso3"))
        .select(country="iso3", organization="organization")
        .unique()
        .sort("country", "organization")
    )


def trade_agreements(raw: Path) -> pl.DataFrame:
    """Return how many trade agreements each pair of countries had brought into force, each pair once."""
    parties = _in_force(raw)
    both = parties.join(parties, on="treaty", suffix="_other").filter(
        pl.col("country") < pl.col("country_other")
    )
    return (
        both.group_by(first="country", second="country_other")
        .agg(
            agreements=pl.len().cast(pl.UInt8),
            last_year=pl.max_horizontal("year", "year_other").max().cast(pl.Int16),
        )
        .sort("first", "second")
    )


def agreement_years(raw: Path) -> pl.DataFrame:
    """Return how many agreements entered into force for each country by year, and how many renewed one.

    An agreement renews an earlier one where both have exactly the same parties.
    """
    parties = _in_force(raw)
    sets = parties.group_by("treaty").agg(
        members=pl.col("country").sort().str.join(","), since=pl.col("year").min()
    )
    ordered = sets.sort("since", "treaty").select("treaty", renews=pl.int_range(pl.len()).over("members") > 0)
    return (
        parties.join(ordered, on="treaty")
        .group_by("country", year=pl.col("year").cast(pl.Int16))
        .agg(agreements=pl.len().cast(pl.UInt8), renewed=pl.col("renews").sum().cast(pl.UInt8))
        .sort("country", "year")
    )


def _in_force(raw: Path) -> pl.DataFrame:
    """Return the parties of each agreement with the year in which it entered into force for them."""
    return (
        csv(raw / "politics/igo_treaties/parties_DESTA.csv")
        .select(country=pl.col("stateID").replace(OWN_CODES), treaty="treatyID", year="Force")
        .filter(known("country"), pl.col("year") <= DESTA_END)
        .unique(["country", "treaty"], keep="first", maintain_order=True)
    )


def vote_totals(raw: Path) -> pl.DataFrame:
    """Return votes cast by country in the year whose roll calls are not whole."""
    return (
        csv(raw / "politics/unga_2025_hzloto/annual_scores.csv")
        .filter(pl.col("Year") == TOTALS_YEAR)
        .select(
            country="Country name",
            year=pl.col("Year").cast(pl.Int16),
            in_favour=pl.col("Yes Votes").cast(pl.Int16),
            against=pl.col("No Votes").cast(pl.Int16),
            abstained=pl.col("Abstain Votes").cast(pl.Int16),
            votes=pl.col("Total Votes in Year").cast(pl.Int16),
        )
        .filter(known("country"))
        .sort("country")
    )
