"""The OECD's inputs and output without final demand, as a compressed file of NumPy arrays holds them.

The file has a sparse matrix of sales (rows sell, columns buy, index = sector · countries + country), gross
output `go`, and the labels `countries` and `sectors`. Money is in million USD at basic prices.

Source: OECD, Inter-Country Input-Output tables (2025 edition), as the package sanction-simulator 0.1.4
carries them.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palanca.errors import BadTable

Array = NDArray[np.float64]

PARTS = ("data", "indices", "indptr", "shape", "go", "countries", "sectors")


@dataclass(frozen=True, eq=False)
class Inputs:
    """Sales of inputs, merged to wider sectors.

    Attributes:
        countries, sectors: N and J labels.
        intermediate: (N, J, N) [origin, input, destination], money.
        use: (N, J, J) [country, input, user], inputs of all N origins, money.
        output: (N, J), money.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: Array
    use: Array
    output: Array


def read(path: Path, groups: Mapping[str, str], sectors: tuple[str, ...]) -> Inputs:
    """Read the file and merge its sectors.

    Args:
        path: the file.
        groups: the wider sector of each of the file's sectors.
        sectors: the wider sectors, in the order wanted.

    Raises:
        BadTable: the file is no such file, or has a sector without a group.
    """
    parts = _parts(path)
    countries = tuple(str(label) for label in parts["countries"])
    own = [str(label) for label in parts["sectors"]]
    if lost := [label for label in own if groups.get(label) not in sectors]:
        raise BadTable(f"{path.name}: no group for the sectors {', '.join(lost[:5])}.")
    wide = np.array([sectors.index(groups[label]) for label in own])
    sales = _merged(parts, wide, len(countries), len(sectors))
    output = np.zeros((len(sectors), len(countries)))
    np.add.at(output, wide, parts["go"].reshape(len(own), len(countries)))
    return Inputs(
        countries=countries,
        sectors=sectors,
        intermediate=sales.sum(2).transpose(1, 0, 2),
        use=sales.sum(1).transpose(2, 0, 1),
        output=output.T.copy(),
    )


def _merged(parts: dict[str, Any], wide: NDArray[np.intp], countries: int, sectors: int) -> Array:
    """Return sales, (J, N, J, N) [input, origin, user, destination]."""
    labels = (wide[:, None] * countries + np.arange(countries)).ravel()
    sellers = np.repeat(labels, np.diff(parts["indptr"]))
    cells = sellers * (sectors * countries) + labels[parts["indices"]]
    weights = parts["data"].astype(np.float64)
    sales = np.bincount(cells, weights, minlength=(sectors * countries) ** 2).astype(np.float64)
    return sales.reshape(sectors, countries, sectors, countries)


def _parts(path: Path) -> dict[str, Any]:
    try:
        with np.load(path) as file:
            return {name: file[name] for name in PARTS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, TypeError, AttributeError) as error:
        raise BadTable(f"{path.name} is not the OECD's inputs as compressed arrays: {error}") from error
