"""Solved worlds written back as accounts, so that they can be a base again."""

import numpy as np

from palanca.economy import Economy, Structure
from palanca.trade.equilibrium import Model
from palanca.trade.shock import cells, labelled
from palanca.trade.world import World

POOLED = "Both uses of a good are sourced alike."


def balanced(model: Model, *, year: int, unit: str) -> Economy:
    """Return the world before any shock as accounts, deficits as the closure wants them.

    Args:
        model: the world in shares and its closure.
        year, unit: what the accounts say they describe.

    Raises:
        NotConverged: no such world was found.
    """
    return as_economy(model.before, model.structure, year=year, unit=unit)


def as_economy(world: World, structure: Structure, *, year: int, unit: str) -> Economy:
    """Return a solved world as accounts, both uses of a good sourced alike.

    Args:
        world: prices and quantities.
        structure: the shares it was solved with.
        year, unit: what the accounts say they describe.
    """
    use = structure.input_share * world.output[:, None, :]
    final = structure.final_share * world.income[:, None]
    bought = use.sum(2) + final
    part = np.divide(final, bought, out=np.zeros_like(final), where=bought > 0).T[:, :, None]
    return Economy(
        name=structure.name,
        year=year,
        unit=unit,
        intermediate=labelled(world.trade * (1 - part), structure),
        final=labelled(world.trade * part, structure),
        use=cells(use, structure, ("country", "input", "user")),
        tariff=labelled(world.tariff, structure),
        value_added=cells(world.value_added, structure, ("country", "sector")),
        deficit=cells(world.deficit, structure, ("country",)),
        assumptions=(POOLED,),
    )
