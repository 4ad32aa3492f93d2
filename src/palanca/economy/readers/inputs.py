"""The OECD's inputs and output without final demand, as a compressed file of NumPy arrays holds them.

The file has a sparse matrix of sales (rows sell, columns buy, index = sector · countries + country), gross
output `go`, and the labels `countries` and `sectors`. Money is in million USD at basic prices.

Source: OECD, Inter-Country Input-Output tables (2025 edition), as the package sanction-simulator 0.1.4
carries them.
"""

import zipfile
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


def read(path: Path, groups: dict[str, str], sectors: tuple[str, ...]) -> Inputs:
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
    if lost := [label for label in own if label not in groups]:
        raise BadTable(f"{path.name}: no group for the sectors {', '.join(lost[:5])}.")
    merge = np.array([[groups[label] == wide for label in own] for wide in sectors], dtype=float)
    sales = _merged(parts, merge, len(countries))
    output = merge @ parts["go"].reshape(len(own), len(countries))
    return Inputs(
        countries=countries,
        sectors=sectors,
        intermediate=sales.sum(2).transpose(1, 0, 2),
        use=sales.sum(1).transpose(2, 0, 1),
        output=output.T.copy(),
    )


def _merged(parts: dict[str, Any], merge: Array, countries: int) -> Array:
    """Return sales, (J, N, J, N) [input, origin, user, destination]."""
    from scipy import sparse

    layout = (parts["data"].astype(float), parts["indices"].astype(np.int32), parts["indptr"])
    fine = sparse.csr_matrix(layout, shape=tuple(parts["shape"]))
    wide = sparse.kron(sparse.csr_matrix(merge), sparse.eye(countries)).tocsr()
    return np.asarray((wide @ fine @ wide.T).toarray()).reshape(len(merge), countries, len(merge), countries)


def _parts(path: Path) -> dict[str, Any]:
    try:
        with np.load(path) as file:
            return {name: file[name] for name in PARTS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, TypeError, AttributeError) as error:
        raise BadTable(f"{path.name} is not the OECD's inputs as compressed arrays: {error}") from error
