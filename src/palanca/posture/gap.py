"""Alignment that exposure would predict, and how far each country votes from it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palanca.catalogue import Catalogue, Unknown
from palanca.catalogue.unknown import unknown
from palanca.exposure.dependence import both_ways
from palanca.posture.agreement import last_whole_year, with_partner
from palanca.posture.given import GapRule, given
from palanca.posture.states import named

Array = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Line:
    """A straight line through countries, with its uncertainty.

    Attributes:
        slope: change of agreement (0 to 1) by one point of the logarithm of the exposure.
        intercept: agreement where that logarithm is zero.
        slope_interval: by bootstrap over countries.
        at: (points,), exposures, percent, at which the band is drawn.
        middle: (points,), fitted agreement there.
        lower: (points,), lower edge of the band.
        upper: (points,), upper edge.
        explained: share of the variance of agreement.
    """

    slope: float
    intercept: float
    slope_interval: Interval
    at: Array
    middle: Array
    lower: Array
    upper: Array
    explained: float


@dataclass(frozen=True, eq=False)
class Gap:
    """Where a country's votes stand beside what its exposure to the partner would predict.

    Attributes:
        partner: whose votes they are set against.
        trade_year: of the exposure.
        vote_year: of the agreement, the last that is whole.
        countries: codes.
        exposure: (countries,), share of goods trade with the partner, percent.
        agreement: (countries,), graded agreement with the partner, 0 to 1.
        line: the fit.
        country: the one looked at.
        predicted: agreement that its exposure predicts.
        residual: observed less predicted; room in its votes that exposure did not take.
        residual_interval: with the spread of residuals around the line drawn too.
    """

    partner: str
    trade_year: int
    vote_year: int
    countries: tuple[str, ...]
    exposure: Array
    agreement: Array
    line: Line
    country: str
    predicted: float
    residual: float
    residual_interval: Interval


def gap(tables: Catalogue, country: str, partner: str) -> Gap | Unknown:
    """Return the gap between a country's votes and its exposure, or why there is none."""
    exposure = {
        code: 100 * share for code, share in both_ways(tables["trade_totals"]).get(partner, {}).items()
    }
    year, agreed = agreements(tables, partner)
    both = tuple(sorted(code for code in exposure.keys() & agreed.keys() if exposure[code] > 0))
    rule = given().exposure_gap
    if country not in both or len(both) < rule.least_countries:
        return _none(country, partner, len(both))
    shares, votes = np.array([exposure[c] for c in both]), np.array([agreed[c] for c in both])
    line, drawn = fitted(np.log(shares), votes, rule)
    at = both.index(country)
    predicted = line.intercept + line.slope * np.log(shares[at])
    spread = votes[at] - drawn[:, at]
    return Gap(
        partner,
        int(tables["trade_totals"].last_period),
        year,
        both,
        shares,
        votes,
        line,
        country,
        float(predicted),
        float(votes[at] - predicted),
        interval(spread, rule.interval),
    )


def _none(country: str, partner: str, count: int) -> Unknown:
    here, there = named(country), named(partner)
    return unknown(
        f"exposure to {there.en} and votes with it are not both on file for {here.en}, or only for {count} "
        "countries in all",
        f"la exposición ante {there.es} y los votos con ese país no figuran ambos para {here.es}, "
        f"o solo para {count} países en total",
    )


def agreements(tables: Catalogue, partner: str) -> tuple[int, Mapping[str, float]]:
    """Return the last whole year of votes, and graded agreement of every state with a partner in it."""
    year = last_whole_year(tables)
    return year, {code: held.graded for code, held in with_partner(tables, partner, year).items()}


def fitted(exposure: Array, agreement: Array, rule: GapRule) -> tuple[Line, Array]:
    """Return least squares of agreement on exposure, and draws of new observations at each country.

    Args:
        exposure: (countries,), logarithm of the share of trade.
        agreement: (countries,).
        rule: draws, seed and width of intervals.
    """
    slope, intercept = _least_squares(exposure, agreement)
    residuals = agreement - intercept - slope * exposure
    drawn = _drawn(exposure, agreement, rule)
    grid = np.linspace(exposure.min(), exposure.max(), 40)
    band = np.quantile(drawn[:, 1:] + drawn[:, :1] * grid, _ends(rule.interval), axis=0)
    line = Line(
        slope,
        intercept,
        interval(drawn[:, 0], rule.interval),
        np.exp(grid),
        intercept + slope * grid,
        band[0],
        band[1],
        float(1 - residuals.var() / agreement.var()),
    )
    noise = np.random.default_rng(rule.seed + 1).choice(residuals, (rule.draws, len(exposure)))
    return line, drawn[:, 1:] + drawn[:, :1] * exposure + noise


def _least_squares(x: Array, y: Array) -> tuple[float, float]:
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / np.square(x - x.mean()).sum())
    return slope, float(y.mean() - slope * x.mean())


def _drawn(x: Array, y: Array, rule: GapRule) -> Array:
    """Return slope and intercept of samples of countries with replacement, (draws, 2)."""
    picks = np.random.default_rng(rule.seed).integers(len(x), size=(rule.draws, len(x)))
    taken = np.zeros((rule.draws, len(x)))
    np.add.at(taken, (np.arange(rule.draws)[:, None], picks), 1.0)
    middle_x, middle_y = taken @ x / len(x), taken @ y / len(x)
    spread = taken @ (x * x) / len(x) - middle_x**2
    slope = (taken @ (x * y) / len(x) - middle_x * middle_y) / spread
    return np.stack([slope, middle_y - slope * middle_x], axis=1)


def interval(draws: Array, width: float) -> Interval:
    """Return the ends of the central interval of draws that holds a share `width`."""
    low, high = np.quantile(draws, _ends(width))
    return float(low), float(high)


def _ends(width: float) -> tuple[float, float]:
    return (1 - width) / 2, (1 + width) / 2
