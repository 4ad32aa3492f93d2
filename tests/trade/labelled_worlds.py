"""Random worlds whose countries and sectors have real names, for measures that name products."""

from dataclasses import fields, replace

import xarray as xr

from palanca.economy import synthetic

COUNTRIES = ("USA", "MEX", "CAN", "DEU", "CHN", "ROW")
SECTORS = ("AGR", "FOO", "PHA", "STE", "NFM", "AUT", "BUS")


def named_world(seed=1, countries=COUNTRIES, sectors=SECTORS):
    """A synthetic world under the labels of real countries and sectors."""
    world = synthetic(len(countries), len(sectors), seed=seed)
    names = {
        "country": countries,
        "origin": countries,
        "destination": countries,
        "sector": sectors,
        "input": sectors,
        "user": sectors,
    }
    arrays = {
        field.name: value.assign_coords({dim: list(names[dim]) for dim in value.dims})
        for field in fields(world)
        if isinstance(value := getattr(world, field.name), xr.DataArray)
    }
    return replace(world, **arrays)
