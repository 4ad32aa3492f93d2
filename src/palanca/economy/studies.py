"""Trade elasticities of the published studies, in the sectors of the world economy."""

import datetime as dt
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

    Estimates above `largest` are codes of the study, not estimates.
    """

    title: str = Field(min_length=5)
    unit: str
    date: dt.date
    slope: float
    shift: float
    largest: float = float("inf")
    source: str = Field(min_length=20)


class Conventions(RootModel[dict[str, Convention]]):
    """All studies by name."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """Trade elasticities of one study.

    Attributes:
        study: its name in the table `trade_elasticities`.
        elasticity: (sector), θ of the 26 sectors, a pure number.
        filled: sectors the study does not cover, which take the median of those it does.
        source: its citation, and how its estimates became θ.
    """

    study: str
    elasticity: xr.DataArray
    filled: tuple[str, ...]
    source: str


def studies() -> tuple[str, ...]:
    """Return the names of the studies; all are of the long run."""
    return tuple(_conventions())


def published(study: str) -> Estimates:
    """Return the trade elasticities of a study by sector of the world economy of 2022.

    A sector that covers several of the study takes their mean.

    Raises:
        InputError: no study of that name.
        BadElasticity: an estimate of a table in the user's data folder cannot be θ.
    """
    if study not in _conventions():
        raise InputError(f"No study is called {study!r}. Known: {', '.join(studies())}.")
    convention = _conventions()[study]
    found = _estimates(study, convention)
    means = {code: float(np.mean(values)) for code, values in found.items() if values}
    usual = float(np.median(list(means.values())))
    filled = tuple(code for code in sectors() if code not in means)
    theta = trade_elasticity({**dict.fromkeys(filled, usual), **means}, tuple(sectors()))
    return Estimates(study, theta, filled, convention.source)


def _estimates(study: str, convention: Convention) -> dict[str, list[float]]:
    """Return θ of the study's sectors within each sector of ours."""
    rows = table("trade_elasticities").rows(study=study).drop_nulls("value")
    found: dict[str, list[float]] = {code: [] for code in sectors()}
    for member, value in rows.select("sector", "value").iter_rows():
        if value <= convention.largest:
            for code in members(study)[member]:
                found[code].append(convention.slope * value + convention.shift)
    return found


def _conventions() -> dict[str, Convention]:
    return parameters("elasticities", Conventions).root
