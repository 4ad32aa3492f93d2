"""From what governments do to what changes in the model: one short function per instrument."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from palanca.catalogue import table
from palanca.catalogue.codes import groups
from palanca.economy import Economy
from palanca.errors import BadMeasure
from palanca.trade import products
from palanca.trade.acts import PERCENT, Act, acts_of, exempt, touched
from palanca.trade.clause import FORBIDS, Kind, Statutory
from palanca.trade.measure import Measure
from palanca.trade.shock import Shock, labelled
from palanca.trade.validity import faults, received

Array = NDArray[np.float64]
ELSEWHERE = ""  # the partners of which a table says nothing


def shock_of(
    measures: Sequence[Measure],
    economy: Economy,
    *,
    base: Sequence[Measure] = (),
    claimed: float | None = None,
) -> Shock:
    """Return the change of tariffs, trade costs and transfers that the measures amount to.

    Tariffs of several clauses add up; a level or a floor counts by its distance from the tariff before.
    Part of a sector means part of its tariff, by the imports on record.

    Args:
        measures: what governments do, all of it at once.
        economy: the world of the base year.
        base: what is done already, and added.
        claimed: fraction of trade that claims a preference, in place of what customs recorded, in
            clauses that exempt what claimed one.

    Raises:
        BadMeasure: a measure does not fit the economy; every fault of all of them is listed.
    """
    found = [*faults(measures, economy), *faults(base, economy)]
    acts = [act for one in (*base, *measures) for act in acts_of(one, economy, claimed=claimed)]
    tariff = economy.structure.tariff if found else economy.structure.tariff + _tariffs(acts, economy)
    found += [f"{place}: the tariff falls to -100 percent or less" for place in _unpayable(tariff, economy)]
    if found:
        raise BadMeasure(f"The measures do not fit {economy.name}:", found)
    return _shock(tariff, _costs(acts, economy), _transfers(acts, economy), economy)


def added(act: Act, economy: Economy) -> Array:
    """Return what a clause adds to tariffs, (J, N, N), fractions: its rate on the part it touches."""
    return touched(act, economy) * _rate(act, economy)


def cost(act: Act, economy: Economy) -> Array:
    """Return by what a clause multiplies trade costs, (J, N, N): infinite where it forbids trade."""
    part = touched(act, economy)
    if act.clause.kind in FORBIDS:
        return np.where(part > 0, np.inf, 1.0)
    return np.asarray(1 + part * _number(act) / PERCENT)


def remitted(act: Act, economy: Economy) -> Array:
    """Return what a tax on remittances moves, (N,): from each target to the sender, over world income.

    All remittances of a target count as coming from the senders, which makes it an upper bound.
    """
    result = np.zeros(len(economy.countries))
    size = economy.structure.value_added.sum(1) / economy.structure.world_income
    for sender, target in act.flows():
        place = economy.countries.index(target)
        part = _number(act) / PERCENT * (1 - exempt(act, sender, target)) / len(act.sender)
        amount = part * (received(target) or 0.0) / PERCENT * size[place]
        result[place] -= amount
        result[economy.countries.index(sender)] += amount
    return result


def export_revenue(act: Act, economy: Economy) -> Array:
    """Return the revenue of an export tax, (N,), over world income, as a transfer to who levies it.

    The model pays tariffs to the buyer's treasury, so the seller's has it back; valued at the flows
    before, which is exact for small rates.
    """
    trade = economy.trade.transpose("sector", "destination", "origin").values
    paid = added(act, economy) * trade / economy.structure.world_income
    return np.asarray(paid.sum((0, 1)) - paid.sum((0, 2)))


def _shock(tariff: Array, costs: Array, transfer: Array, economy: Economy) -> Shock:
    structure = economy.structure
    changed = not np.array_equal(tariff, structure.tariff)
    return Shock(
        tariff=labelled(tariff, structure) if changed else None,
        iceberg=labelled(costs, structure) if (costs != 1).any() else None,
        transfer=xr.DataArray(transfer, {"country": list(economy.countries)}) if transfer.any() else None,
    )


def _tariffs(acts: Sequence[Act], economy: Economy) -> Array:
    on_goods = {Kind.TARIFF, Kind.PREFERENCE_LOSS, Kind.EXPORT_TAX}
    total = np.zeros_like(economy.structure.tariff)
    return sum((added(act, economy) for act in acts if act.clause.kind in on_goods), total)


def _costs(acts: Sequence[Act], economy: Economy) -> Array:
    total = np.ones_like(economy.structure.tariff)
    for act in acts:
        if act.clause.kind in FORBIDS or act.clause.kind is Kind.BORDER_DELAY:
            total *= cost(act, economy)
    return total


def _transfers(acts: Sequence[Act], economy: Economy) -> Array:
    made = {Kind.REMITTANCE: remitted, Kind.EXPORT_TAX: export_revenue}
    total = np.zeros(len(economy.countries))
    return sum((made[act.clause.kind](act, economy) for act in acts if act.clause.kind in made), total)


def _rate(act: Act, economy: Economy) -> Array:
    """Return what is added where a clause touches the whole of a flow, (J, N, N), fractions."""
    clause, before = act.clause, economy.structure.tariff
    if clause.kind is Kind.PREFERENCE_LOSS:
        return np.maximum(_general(act, economy) - before, 0.0)
    if isinstance(clause.addition, Statutory):
        return _statutory(act, clause.addition, economy)
    if clause.level is not None:
        return clause.level / PERCENT - before
    if clause.floor is not None:
        return np.maximum(clause.floor / PERCENT - before, 0.0)
    return np.full_like(before, _number(act) / PERCENT)


def _number(act: Act) -> float:
    return act.clause.addition if isinstance(act.clause.addition, float) else 0.0


def _general(act: Act, economy: Economy) -> Array:
    """Return the tariffs without preference on the flows of a clause, (J, N, N), fractions."""
    result = np.zeros_like(economy.structure.tariff)
    for importer, exporter in act.flows():
        rates = products.general_rate(importer, exporter)
        place = economy.countries.index(importer), economy.countries.index(exporter)
        result[:, *place] = [rates.get(sector, 0.0) for sector in economy.sectors]
    return result


def _statutory(act: Act, rate: Statutory, economy: Economy) -> Array:
    """Return what the law had added on a day, (J, N, N), fractions, the same for all goods of a partner.

    A country outside the table takes the mean of the table's partners outside the economy, weighted by
    their imports.
    """
    result = np.zeros_like(economy.structure.tariff)
    for importer, exporter in act.flows():
        place = economy.countries.index(importer), economy.countries.index(exporter)
        rates = _statutory_rates(importer, rate.statutory, economy.countries)
        result[:, *place] = rates.get(exporter, rates[ELSEWHERE])
    return result


@cache
def _statutory_rates(importer: str, day: date, among: tuple[str, ...]) -> Mapping[str, float]:
    """Return what the law had added on a day by partner of an economy, and for any other, fractions."""
    rows = table("statutory_tariffs").rows(importer=importer, date=day.isoformat())
    rates = dict(zip(rows["partner"], (rows["added_pct"] / PERCENT).to_list(), strict=True))
    members = {one: rates[group] for group, inside in groups().items() if group in rates for one in inside}
    rest = rows.filter(~pl.col("partner").is_in([*among, *groups()]))
    weight = float(rest["imports_2024_usd"].sum())
    mean = float((rest["added_pct"] * rest["imports_2024_usd"]).sum()) / weight / PERCENT if weight else 0.0
    return MappingProxyType({**members, **rates, ELSEWHERE: mean})


def _unpayable(tariff: Array, economy: Economy) -> Iterator[str]:
    for sector, buyer, seller in np.argwhere(~(tariff > -1))[:5]:
        yield f"{economy.sectors[sector]} from {economy.countries[seller]} to {economy.countries[buyer]}"
