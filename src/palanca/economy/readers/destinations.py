"""Sales of goods and of services as a whole by destination, inputs and final demand together.

The file has an array X of sales [sector, importer, exporter] in million USD at basic prices, own sales on the
diagonal, and the labels `countries` and `sectors`; the last sector is services as one. Changes of stocks are
in final demand; the source cut negative cells to zero.

Source: OECD, Inter-Country Input-Output tables (2025 edition), as the package tariffwar carries them.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from palanca.errors import BadTable

Array = NDArray[np.float64]


def read(path: Path, countries: Sequence[str], groups: Mapping[str, str], goods: Sequence[str]) -> Array:
    """Return sales, (N, G + 1, N) [origin, goods, destination]; the last of the second axis is services.

    Args:
        path: the file.
        countries: N labels, in the order wanted.
        groups: the wider sector of each of the file's sectors of goods.
        goods: the G wider sectors of goods, in the order wanted.

    Raises:
        BadTable: the file is no such file, or lacks a country or a group.
    """
    flows, held, sectors = _parts(path)
    place = {str(label): at for at, label in enumerate(held)}
    own = [str(label) for label in sectors[:-1]]
    lost = [label for label in countries if label not in place]
    if lost or {groups.get(label) for label in own} != set(goods):
        odd = lost or sorted(label for label in own if groups.get(label) not in goods)
        raise BadTable(f"{path.name}: cannot be used for want of {', '.join(odd[:5]) or 'some goods'}.")
    order = [place[label] for label in countries]
    member = np.array([[groups[label] == kind for label in own] for kind in goods], dtype=float)
    fine = np.asarray(flows, dtype=np.float64)[:, order][:, :, order]
    wide = np.tensordot(member, fine[:-1], axes=1)
    return np.concatenate([wide, fine[-1:]]).transpose(2, 0, 1)


def imports(path: Path) -> pl.DataFrame:
    """Return sales of goods as the file has them, one row each: sector, importer, exporter, flow.

    Raises:
        BadTable: the file is no such file.
    """
    flows, held, sectors = _parts(path)
    labels = (sectors[:-1], held, held)
    grid = np.meshgrid(*(axis.astype(str) for axis in labels), indexing="ij")
    columns = dict(zip(("sector", "importer", "exporter"), (axis.ravel() for axis in grid), strict=True))
    return pl.DataFrame({**columns, "flow": flows[:-1].ravel().astype(np.float64)})


def _parts(path: Path) -> tuple[NDArray[Any], ...]:
    try:
        with np.load(path) as file:
            return tuple(file[name] for name in ("X", "countries", "sectors"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadTable(f"{path.name} is not sales by destination as compressed arrays: {error}") from error
