"""From publishers' raw files to the tables that their descriptions promise.

Each function takes the folder of raw files and returns one frame; nothing is judged here beyond
renaming, units, and dropping what is not a country.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl

from palanca.catalogue.clean import diplomacy, fronts, politics, products, tariffs, trade

Derivation = Callable[[Path], pl.DataFrame]

DERIVATIONS: Mapping[str, Derivation] = MappingProxyType(
    {
        "agreement_years": diplomacy.agreement_years,
        "border_encounters": fronts.border_encounters,
        "crime_victims": fronts.crime_victims,
        "customs_imports": tariffs.customs_imports,
        "drug_seizures": fronts.drug_seizures,
        "embassies": diplomacy.embassies,
        "factbook_exposure": trade.factbook_exposure,
        "gdp": trade.gdp,
        "geopolitical_risk": politics.geopolitical_risk,
        "memberships": diplomacy.memberships,
        "opioid_deaths": fronts.opioid_deaths,
        "pair_distances": trade.pair_distances,
        "partner_shares": trade.partner_shares,
        "preference_use": tariffs.preference_use,
        "preference_use_by_chapter": tariffs.preference_use_by_chapter,
        "product_imports": products.product_imports,
        "published_estimates": trade.published_estimates,
        "regimes": politics.regimes,
        "statutory_tariff_daily": tariffs.statutory_tariff_daily,
        "statutory_tariffs": tariffs.statutory_tariffs,
        "tariff_actions": tariffs.tariff_actions,
        "trade_agreements": diplomacy.trade_agreements,
        "trade_elasticities": trade.trade_elasticities,
        "trade_ratios": trade.trade_ratios,
        "trade_totals": trade.trade_totals,
        "vote_totals": diplomacy.vote_totals,
    }
)
