"""Deriving the tables of what measures do: minutes of work, so only where they are asked for by name."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

PROCESSES = 2


def count(named: Collection[str]) -> int:
    """Return how many measures will be solved."""
    from palanca.trade.derive import SOURCE, lasting

    return len(lasting()) if SOURCE in named else 0


@contextmanager
def derivations(named: Collection[str], step: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Give how the tables of measures are derived, two measures at a time; nothing, if they are not named."""
    from palanca.trade.derive import SOURCE
    from palanca.trade.derive import derivations as slow

    if SOURCE not in named:
        yield {}
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as executor:
        yield dict(slow(executor=executor, told=step))
