"""Trade elasticities of the published studies, in the sectors of the world economy."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from pydantic import Field, RootModel

from palanca.catalogue import table
from palanca.catalogue.codes import members, sectors
from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.economy.elasticity import trade_elasticity
from palanca.errors import InputError


class Convention(Strict):
    """How a study's estimates become θ: slope × estimate + shift.

    Estimates above `largest` are codes of the study, not estimates; those `dropped` are not used, by their
    sector in the study with the reason. `sample_of` names the study that this is a second sample of.
    """

    title: str = Field(min_length=5)
    unit: str
    date: dt.date
    slope: float
    shift: float
    largest: float = float("inf")
    dropped: dict[str, str] = Field(default_factory=dict)
    sample_of: str | None = None
    source: str = Field(min_length=20)


class Conventions(RootModel[dict[str, Convention]]):
    """All studies by name."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """Trade elasticities of one study.

    Attributes:
        study: its name in the table `trade_elasticities`.
        elasticity: (sector), θ of the 26 sectors, a pure number; not a number where the study has none.
        missing: sectors for which it has none.
        dropped: estimates of its table that are not used, by the study's own sector, with the reason.
        source: its citation, and how its estimates became θ.
    """

    study: str
    elasticity: xr.DataArray
    missing: tuple[str, ...]
    dropped: Mapping[str, str]
    source: str


def studies() -> tuple[str, ...]:
    """Return the names of the studies, each counted once however many samples are on file; all long run."""
    return tuple(name for name, convention in _conventions().items() if convention.sample_of is None)


def published(study: str) -> Estimates:
    """Return the trade elasticities of a study by sector of the world economy of 2022.

    A sector that covers several of the study takes their mean.

    Raises:
        InputError: no study of that name.
        BadElasticity: an estimate of a table in the user's data folder cannot be θ.
    """
    if study not in _conventions():
        raise InputError(f"No study is called {study!r}. Known: {', '.join(_conventions())}.")
    convention = _conventions()[study]
    means = {code: float(np.mean(values)) for code, values in _estimates(study, convention).items() if values}
    trade_elasticity(means, tuple(means))
    theta = [means.get(code, np.nan) for code in sectors()]
    missing = tuple(code for code in sectors() if code not in means)
    found = xr.DataArray(theta, {"sector": list(sectors())}, name="trade_elasticity")
    return Estimates(study, found, missing, convention.dropped, convention.source)


def _estimates(study: str, convention: Convention) -> dict[str, list[float]]:
    """Return θ of the study's sectors within each sector of ours."""
    rows = table("trade_elasticities").rows(study=study).drop_nulls("value")
    found: dict[str, list[float]] = {code: [] for code in sectors()}
    for member, value in rows.select("sector", "value").iter_rows():
        if value <= convention.largest and member not in convention.dropped:
            for code in members(study)[member]:
                found[code].append(convention.slope * value + convention.shift)
    return found


def _conventions() -> dict[str, Convention]:
    return parameters("elasticities", Conventions).root
