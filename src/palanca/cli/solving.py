"""Deriving the tables of what measures do: minutes of work, so only where they are asked for by name."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

PROCESSES = 2
SOURCE = "simulated_measures"


def count(named: Collection[str]) -> int:
    """Return how many measures will be solved."""
    if SOURCE not in named:
        return 0
    from palanca.trade.derive import lasting

    return len(lasting())


@contextmanager
def derivations(named: Collection[str], step: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Give how the tables of measures are derived, two measures at a time; nothing, if they are not named."""
    if SOURCE not in named:
        yield {}
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from palanca.trade.derive import derivations as slow

    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as executor:
        yield dict(slow(executor=executor, told=step))
