"""The balance of power of one pair as a plain record, for JSON and for the command line."""

from typing import Any

import polars as pl

from palanca.catalogue import table
from palanca.catalogue.codes import sectors as sector_codes
from palanca.errors import InputError
from palanca.exposure.balance import COLUMNS, POWER, RANGED, RANGES, SECTOR_RANGES, SECTORS
from palanca.trade.intervals import holding

HORIZONS = ("short", "long")


def on_file(a: str, b: str) -> dict[str, Any]:
    """Return the record of a pair as the tables on file have it, with their citation.

    Raises:
        InputError: a country is not in the world economy that the tables were made of.
    """
    whole, parts = table(POWER), table(SECTORS)
    found = record(whole.frame, parts.frame, a, b)
    about = {"table": POWER, "vintage": whole.origin.vintage.isoformat(), "citation": whole.origin.citation}
    found |= {"percentiles": percentiles(whole.frame, found), "origin": about}
    return with_intervals(found)


def record(power: pl.DataFrame, sectors: pl.DataFrame, a: str, b: str) -> dict[str, Any]:
    """Return the balance of power of a pair; `A` is the first country, `B` the second.

    `hirschman` and `liu_yang` are percentage points, above zero where B has power over A; `cms` is what
    A loses, in percent, when B withdraws its supply at unchanged prices; `loss` is of real income, in
    percent, when all trade between the two stops; `leverage` is the long loss of A over that of B, none
    where one loses nothing.

    Args:
        power: rows with the columns of the table `power`.
        sectors: rows with those of `power_sectors`.
        a, b: codes of the two countries.

    Raises:
        InputError: the pair has no rows.
    """
    rows = {"A": _rows(power, a, b), "B": _rows(power, b, a)}
    if not all(side.height for side in rows.values()):
        known = power["country"].unique()
        lost = [code for code in (a, b) if code not in known]
        missing = f"{' and '.join(lost)} {'is' if len(lost) == 1 else 'are'} not among"
        raise InputError(f"{missing} the {len(known)} countries of the table of power.")
    sides = {side: found.row(0, named=True) for side, found in rows.items()}
    losses = {when: {side: row[f"loss_{when}_pct"] for side, row in sides.items()} for when in HORIZONS}
    unknown = sides["A"]["leverage"] is None
    return {
        "pair": [a, b],
        "kind": "estimate",
        "year": sides["A"]["year"],
        "hirschman": sides["A"]["hirschman_pp"],
        "liu_yang": sides["A"]["liu_yang_pp"],
        "cms": sides["A"]["supply_loss_pct"],
        "loss": losses,
        "leverage": None if unknown else losses["long"]["A"] / losses["long"]["B"],
        "sides": {side: {name: row[name] for name in RANGED} for side, row in sides.items()},
        "by_sector": _by_sector(_rows(sectors, a, b), _rows(sectors, b, a)),
    }


def with_intervals(found: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a pair with the intervals on file of its measures and of its sectors."""
    a, b = found["pair"]
    ranges = table(SECTOR_RANGES).frame
    rows = {"A": _rows(ranges, a, b), "B": _rows(ranges, b, a)}
    ends = {side: {row["sector"]: row for row in held.iter_rows(named=True)} for side, held in rows.items()}
    told = [{**one, "intervals": _sector_ends(one, ends)} for one in found["by_sector"]]
    return found | {"intervals": intervals(table(RANGES).frame, found), "by_sector": told}


def _sector_ends(one: dict[str, Any], ends: dict[str, Any]) -> dict[str, dict[str, list[float] | None]]:
    """Return the interval of every measure of a sector, by measure and side."""
    values = {f"loss_{when}": one["loss"][when] for when in HORIZONS} | {
        name: one[name] for name in COLUMNS if name in one
    }
    return {
        name: {side: _ends(ends[side][one["sector"]], COLUMNS[name], value) for side, value in sides.items()}
        for name, sides in values.items()
    }


def intervals(ranges: pl.DataFrame, found: dict[str, Any]) -> dict[str, dict[str, list[float] | None]]:
    """Return the lower and upper end of each measure by side, as far as the value at least; none if unknown.

    Args:
        ranges: rows with the columns of the table `power_ranges`.
        found: the record of a pair.
    """
    a, b = found["pair"]
    rows = {"A": _rows(ranges, a, b), "B": _rows(ranges, b, a)}
    return {
        side: {name: _ends(rows[side].row(0, named=True), name, sides[name]) for name in RANGED}
        for side, sides in found["sides"].items()
    }


def _ends(row: dict[str, Any], name: str, value: float | None) -> list[float] | None:
    ends = row[f"{name}_lower"], row[f"{name}_upper"]
    return None if value is None or None in ends else list(holding(value, *ends))


def percentiles(power: pl.DataFrame, found: dict[str, Any]) -> dict[str, float]:
    """Return the percent of all other ordered pairs whose value is lower, by measure of A's row."""
    others = power.filter((pl.col("country") != found["pair"][0]) | (pl.col("partner") != found["pair"][1]))
    values = {name: value for name, value in found["sides"]["A"].items() if value is not None}
    ranks = others.select(
        (100 * ((pl.col(name) < value).mean() + (pl.col(name) == value).mean() / 2)).alias(name)
        for name, value in values.items()
    )
    return {name: round(rank, 2) for name, rank in ranks.row(0, named=True).items()}


def _rows(frame: pl.DataFrame, country: str, partner: str) -> pl.DataFrame:
    return frame.filter(pl.col("country") == country, pl.col("partner") == partner)


def _by_sector(there: pl.DataFrame, back: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one record per sector: losses of both sides over their value added, and their links."""
    pairs = zip(there.iter_rows(named=True), back.iter_rows(named=True), strict=True)
    return [_sector({"A": one, "B": other}) for one, other in pairs]


def _sector(sides: dict[str, dict[str, Any]]) -> dict[str, Any]:
    code = sides["A"]["sector"]
    cells = {
        name: {side: float(f"{row[column]:.4g}") for side, row in sides.items()}
        for name, column in COLUMNS.items()
    }
    losses = {when: cells.pop(f"loss_{when}") for when in HORIZONS}
    return {"sector": code, "name": sector_codes()[code].name.en, "loss": losses, **cells}
