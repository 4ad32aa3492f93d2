"""Where slow work is done: in this process, in several, or on a cluster."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, Literal

from palanca.errors import InputError

Local = Literal["threads", "processes"]


@contextmanager
def executor(
    scheduler: str | None = None, *, workers: int | None = None, local: Local = "processes"
) -> Iterator[Executor]:
    """Yield an executor with the interface of `concurrent.futures`, and end it afterwards.

    Args:
        scheduler: address of a Dask cluster, for one `tcp://10.0.0.1:8786`; its workers need this
            version of palanca and must see the same files. None works on this machine.
        workers: how many threads or processes of this machine; its processors, if not given.
        local: threads, for work that leaves the interpreter, or processes, for work that does not.

    Raises:
        InputError: the cluster cannot be reached, or `palanca[cluster]` is not installed.
    """
    if scheduler is not None:
        with _cluster(scheduler) as client:
            yield client.get_executor(pure=False)
        return
    with _pool(workers or os.cpu_count() or 1, local) as pool:
        yield pool


def _pool(workers: int, local: Local) -> Executor:
    """Return a pool; processes begin anew, because a fork would copy the locks of running threads."""
    if local == "threads":
        return ThreadPoolExecutor(workers)
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@contextmanager
def _cluster(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError("A cluster needs dask: pip install 'palanca[cluster]'.") from error
    try:
        client = Client(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"No Dask scheduler answers at {scheduler} ({error}). Start one with `dask scheduler`, and "
            "workers with `dask worker ADDRESS`; then give its address, tcp://HOST:PORT."
        ) from error
    with client:
        yield client
