"""Candidates for alternative alliances, ranked by weights that the reader can move."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.catalogue import Catalogue, Table
from palanca.catalogue.codes import sectors
from palanca.catalogue.countries import countries
from palanca.errors import InputError
from palanca.exposure.dependence import both_ways
from palanca.posture import presence
from palanca.posture.gap import agreements
from palanca.posture.given import given
from palanca.posture.peers import sizes

Array = NDArray[np.float64]
CRITERIA = ("closeness", "complementarity", "distance", "agreements", "independence", "capacity")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate.

    Attributes:
        country: code.
        values: each criterion in its own unit; none where it is not on file.
        score: weighted mean of percentiles, 0 to 100; what is not on file counts neither way.
        rank: by score, 1 the first.
        rank_low: best rank in nine tenths of the draws of weights.
        rank_high: worst.
        top_share: share of the draws in which it is among those shown.
        of: how many candidates are ranked.
    """

    country: str
    values: Mapping[str, float | None]
    score: float
    rank: int
    rank_low: int
    rank_high: int
    top_share: float
    of: int


def alternatives(
    tables: Catalogue, country: str, partner: str, weights: Mapping[str, float] | None = None
) -> tuple[Candidate, ...]:
    """Return candidates other than the partner, best first.

    Closeness is graded agreement of votes with the country; complementarity, how well the exports of each
    match the imports of the other; distance in km; agreements, trade agreements of any kind; independence,
    one less the share of its trade with the partner; capacity, GDP. Percentiles among the candidates are
    weighted; weights drawn evenly from all that add to one say how firm a rank is.

    Args:
        tables: as of some day.
        country: whose alternatives they are.
        partner: the one they are alternatives to.
        weights: by criterion; those not named keep the default.

    Raises:
        InputError: a weight is negative, of no known criterion, or all are zero.
    """
    chosen = _weights(weights or {})
    values = measured(tables, country, partner)
    codes = sorted(
        code for code in values if code not in (country, partner) and len(_known(values[code])) > 3
    )
    raw = np.array([[_number(values[code].get(name)) for name in CRITERIA] for code in codes])
    if not len(codes):
        return ()
    marks = percentiles(raw * np.where(np.array(CRITERIA) == "distance", -1, 1))
    score = weighted(marks, chosen)
    order = np.argsort(-score, kind="stable")
    shown = given().alternatives.shown
    ranks = _ranks(_draws(marks), order[:shown])
    low, high = np.quantile(ranks, (0.05, 0.95), axis=1)
    return tuple(
        Candidate(
            codes[at],
            {name: values[codes[at]].get(name) for name in CRITERIA},
            float(score[at]),
            place + 1,
            int(low[place]),
            int(np.ceil(high[place])),
            float((ranks[place] <= shown).mean()),
            len(codes),
        )
        for place, at in enumerate(order[:shown])
    )


def _weights(moved: Mapping[str, float]) -> Array:
    lost = [name for name in moved if name not in CRITERIA]
    low = [name for name, value in moved.items() if value < 0]
    chosen = np.array([{**given().alternatives.weights, **moved}[name] for name in CRITERIA])
    if lost or low or not chosen.any():
        faults = [*(f"{name} is no criterion" for name in lost), *(f"{name} is negative" for name in low)]
        raise InputError(f"Weights are not negative, not all zero, and of {', '.join(CRITERIA)}.", faults)
    return np.asarray(chosen / chosen.sum(), np.float64)


def measured(tables: Catalogue, country: str, partner: str) -> dict[str, dict[str, float]]:
    """Return every criterion on file by candidate, each in its own unit."""
    _, close = agreements(tables, country)
    _, money = sizes(tables)
    parts: dict[str, Mapping[str, float]] = {
        "closeness": close,
        "complementarity": complementarity(tables, country),
        "distance": _distances(tables, country),
        "agreements": {code: float(n) for code, n in presence.agreements(tables, country).items()},
        "independence": {
            code: 1 - share for code, share in both_ways(tables["trade_totals"]).get(partner, {}).items()
        },
        "capacity": money,
    }
    found: dict[str, dict[str, float]] = {}
    for name, values in parts.items():
        for code, value in values.items():
            found.setdefault(code, {})[name] = value
    for code in found:
        found[code].setdefault("agreements", 0.0)  # a pair that the list leaves out has none on record
    return found


def complementarity(tables: Catalogue, country: str) -> dict[str, float]:
    """Return how far each country's imports of goods match what a country exports, 0 to 1, by sector.

    One less half the sum of differences between shares of sectors, the mean of both directions. Only
    countries of the world economy of 2022 have sectors on file.

    Source: Michaely (1996), Trade Preferential Agreements in Latin America, World Bank working paper 1583.
    """
    sold, bought = _goods(tables["world_flows"])
    if country not in sold or country not in bought:
        return {}
    return {
        code: float((match(sold[country], bought[code]) + match(sold[code], bought[country])) / 2)
        for code in sold.keys() & bought.keys() - {country}
    }


@lru_cache(maxsize=8)
def _goods(table: Table) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return shares of sectors in what each country sells and buys abroad, (sectors,) each."""
    goods = [code for code, sector in sectors().items() if sector.goods]
    flows = table.frame.filter(pl.col("origin") != pl.col("destination"), pl.col("sector").is_in(goods))
    return _shares(flows, "origin", goods), _shares(flows, "destination", goods)


def match(sold: Array, bought: Array) -> float:
    """Return one less half the sum of differences between two sets of shares, (sectors,) each."""
    return float(1 - np.abs(sold - bought).sum() / 2)


def _shares(flows: pl.DataFrame, end: str, goods: list[str]) -> dict[str, Array]:
    money = (pl.col("intermediate_usd") + pl.col("final_usd")).sum()
    wide = (
        flows.filter(pl.col(end).str.len_chars() == 3, pl.col(end).is_in(list(countries())))
        .group_by(end, "sector")
        .agg(money.alias("usd"))
        .pivot("sector", index=end, values="usd")
        .fill_null(0)
    )
    if wide.is_empty():
        return {}
    values = wide.select(goods).to_numpy().astype(float)
    return dict(zip(wide[end], values / values.sum(axis=1, keepdims=True), strict=True))


def _distances(tables: Catalogue, country: str) -> dict[str, float]:
    table = tables["pair_distances"]
    first = table.rows(first=country).select("second", "distance_km")
    second = table.rows(second=country).select("first", "distance_km")
    return {code: float(km) for code, km in [*first.iter_rows(), *second.iter_rows()]}


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _known(values: Mapping[str, float]) -> list[str]:
    return [name for name in CRITERIA if name in values]


def percentiles(values: Array) -> Array:
    """Return percentiles by column, 0 to 100, ties split; what is not a number stays so; same shape."""
    marks = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        known = np.flatnonzero(~np.isnan(values[:, column]))
        held = values[known, column]
        below = (held[:, None] > held).sum(axis=1) + ((held[:, None] == held).sum(axis=1) - 1) / 2
        marks[known, column] = 100 * below / max(len(held) - 1, 1)
    return marks


def weighted(marks: Array, weights: Array) -> Array:
    """Return the weighted mean of the marks on file, (candidates,)."""
    known = ~np.isnan(marks)
    return np.asarray(np.nan_to_num(marks) @ weights / np.maximum(known @ weights, 1e-12))


def _draws(marks: Array) -> Array:
    """Return scores under weights drawn evenly from all that add to one, (draws, candidates)."""
    rule = given().alternatives
    drawn = np.random.default_rng(rule.seed).dirichlet(np.ones(marks.shape[1]), rule.draws)
    known = ~np.isnan(marks)
    return np.asarray(drawn @ np.nan_to_num(marks).T / np.maximum(drawn @ known.T, 1e-12))


def _ranks(scores: Array, places: NDArray[np.intp]) -> Array:
    """Return the rank of the candidates at `places` in every draw, (places, draws); equals keep their order.

    Only a few are shown: to count who stands before each is less work than to sort all.
    """
    flat = scores.T.copy()
    before = [_count(flat > flat[at]) + _count(flat[:at] == flat[at]) for at in places]
    return np.array(before, np.float64) + 1.0


def _count(held: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Return how many are true by column: of bytes, since sums of flags are taken one by one."""
    return np.asarray(held.view(np.uint8).sum(axis=0, dtype=np.uint16))
