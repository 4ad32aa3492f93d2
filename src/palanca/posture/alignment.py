"""Where states stand on the main dimension of the Assembly, read from the table of ideal points."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from palanca.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Point:
    """Ideal point of a state in one year, with the interval that holds nine tenths of the belief."""

    country: str
    year: int
    point: float
    lower: float
    upper: float


def points(tables: Catalogue, country: str | None = None) -> Iterator[Point]:
    """Yield the points of one state, or of all, oldest first."""
    table = tables["ideal_points"]
    wanted = table.frame if country is None else table.rows(country=country)
    for row in wanted.sort("country", "year").iter_rows(named=True):
        yield Point(
            row["country"], row["year"], _shown(row["point"]), _shown(row["lower"]), _shown(row["upper"])
        )


def _shown(value: float) -> float:
    return round(float(value), 3)


def record(point: Point) -> dict[str, Any]:
    """Return a point as a plain record."""
    return {
        "country": point.country,
        "year": point.year,
        "point": point.point,
        "lower": point.lower,
        "upper": point.upper,
    }
