"""Power and losses of every ordered pair of countries, as tables.

In a row, `country` is the one that loses and `partner` the one that withdraws; above zero, or above one
for the leverage, the partner has power over the country.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from palanca.catalogue.unknown import Unknown
from palanca.economy import Economy
from palanca.economy.world import REST, TABLES, from_tables
from palanca.exposure import power
from palanca.exposure.balance import POWER, RANGES, SECTOR_RANGES, SECTORS
from palanca.exposure.friends import friends
from palanca.exposure.lookthrough import LookThrough, lookthrough
from palanca.exposure.withdrawal import Side, Withdrawal, prepared, withdrawn
from palanca.trade.elasticities import usual

Array = NDArray[np.float64]
Derivation = Callable[[Path], pl.DataFrame]
Pair = tuple[str, str]

DIGITS, SECTOR_DIGITS = 6, 4  # significant digits kept


@dataclass(frozen=True, eq=False)
class Dyads:
    """What is computed of some pairs, in the columns of `data/sources/power_2022.yaml`.

    Attributes:
        power: one row per ordered pair.
        sectors: one row per ordered pair and sector.
    """

    power: pl.DataFrame
    sectors: pl.DataFrame


def dyads(economy: Economy, pairs: Iterable[Pair] | None = None, *, compiled: bool = True) -> Dyads:
    """Return power and losses of pairs, each in both directions.

    Args:
        economy: the world.
        pairs: of countries; every pair of them but the rest of the world, if not given.
        compiled: whether to use the compiled path; worth it from about twenty pairs on.

    Raises:
        InputError: a country is not in the economy.
        NotConverged: a world was not found.
    """
    theta, models = usual(economy), prepared(economy, compiled=compiled)
    stops = [withdrawn(models, *pair) for pair in pairs or every_pair(economy)]
    seen = lookthrough(economy)
    whole_pair, by_sector = measures(seen, theta), links(seen, theta)
    directed = [(stop, at) for stop in stops for at in (0, 1)]
    whole = pl.DataFrame([_row(economy, whole_pair, *one) for one in directed])
    parts = pl.concat([_sector_rows(economy, by_sector, *one) for one in directed])
    keys = ["country", "partner"]
    order = pl.col("sector").cast(pl.Enum(economy.sectors)).to_physical()
    return Dyads(
        _rounded(whole.sort(keys), DIGITS), _rounded(parts.sort(*keys, order), SECTOR_DIGITS, pl.Float32)
    )


def every_pair(economy: Economy) -> Iterator[Pair]:
    """Yield every pair of countries once, without the rest of the world."""
    yield from itertools.combinations([code for code in economy.countries if code != REST], 2)


def derivations(world: Mapping[str, Derivation]) -> dict[str, Derivation]:
    """Return how the tables of power are derived from those of the world economy.

    Args:
        world: how the tables of the world economy are derived. Trade elasticities are those on file.
    """

    from palanca.exposure.ranges import Ranges, ranges

    @cache
    def whole(raw: Path) -> Economy:
        return from_tables({name: world[name](raw) for name in TABLES})

    @cache
    def made(raw: Path) -> Dyads:
        return dyads(whole(raw))

    @cache
    def around(raw: Path) -> Ranges:
        return ranges(whole(raw), made(raw))

    return {
        POWER: lambda raw: made(raw).power,
        SECTORS: lambda raw: made(raw).sectors,
        RANGES: lambda raw: around(raw).power,
        SECTOR_RANGES: lambda raw: around(raw).sectors,
    }


def measures(seen: LookThrough, theta: xr.DataArray) -> dict[str, Array]:
    """Return every measure of a whole pair by the name of its column, (N, N) each."""
    economy = seen.economy
    exposure = friends(economy.structure, theta)
    return {
        "trade_share_pct": power.partner_shares(economy),
        "hirschman_pp": power.hirschman(economy),
        "import_dependence_pct": power.import_dependence(economy, theta),
        "liu_yang_pp": power.liu_yang(economy, theta),
        "supply_loss_pct": power.supply_losses(economy.structure, theta),
        "value_added_share_pct": seen.value_added_share.values,
        "income_exposure": exposure.income.values,
        "welfare_exposure": exposure.welfare.values,
    }


def links(seen: LookThrough, theta: xr.DataArray) -> dict[str, Array]:
    """Return every measure of a pair by sector by the name of its column, (N, N, J) each."""
    found = {
        f"{side}_{view}_pct": getattr(seen, side)
        .sel(view=view)
        .transpose("country", "partner", "sector")
        .values
        for side in ("purchases", "sales")
        for view in ("face", "through")
    }
    structure = seen.economy.structure
    shares = structure.sourcing.transpose(1, 2, 0)
    weight = power.spending_weights(structure)[:, None, :]
    slope = partial(power.nested_gradient, elasticity=theta.values, across=power.across_sectors())
    own = np.eye(len(structure.countries), dtype=bool)[:, :, None]
    return {**found, "security_per_unit": slope(weight, np.where(own, 0.0, shares))}


def _sides(stop: Withdrawal, at: int) -> dict[str, Side]:
    return {str(one.horizon): (one.a, one.b)[at] for one in (stop.long, stop.short)}


def _row(economy: Economy, known: Mapping[str, Array], stop: Withdrawal, at: int) -> dict[str, object]:
    country, partner = stop.pair[at], stop.pair[1 - at]
    here, there = economy.countries.index(country), economy.countries.index(partner)
    ratio = stop.leverage
    lever = None if isinstance(ratio, Unknown) else (ratio, 1 / ratio)[at]
    losses = {f"loss_{horizon}_pct": side.loss for horizon, side in _sides(stop, at).items()}
    found = {name: float(values[here, there]) for name, values in known.items()}
    return {
        "country": country,
        "partner": partner,
        "year": economy.year,
        **losses,
        "leverage": lever,
        **found,
    }


def _sector_rows(economy: Economy, known: Mapping[str, Array], stop: Withdrawal, at: int) -> pl.DataFrame:
    country, partner = stop.pair[at], stop.pair[1 - at]
    here, there = economy.countries.index(country), economy.countries.index(partner)
    losses = {f"loss_{horizon}_pct": side.by_sector.values for horizon, side in _sides(stop, at).items()}
    found = {name: values[here, there] for name, values in known.items()}
    return pl.DataFrame({"sector": list(economy.sectors), **losses, **found}).select(
        pl.lit(country).alias("country"),
        pl.lit(partner).alias("partner"),
        pl.col("sector"),
        pl.lit(economy.year).alias("year"),
        pl.exclude("sector"),
    )


def _rounded(
    frame: pl.DataFrame, digits: int, kind: type[pl.Float32] | type[pl.Float64] = pl.Float64
) -> pl.DataFrame:
    numbers = pl.col(pl.Float64).round_sig_figs(digits).cast(kind)
    return frame.with_columns(numbers, pl.col("year").cast(pl.Int16))
