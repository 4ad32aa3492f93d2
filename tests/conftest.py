"""Fixtures of every stage: folders that are a test's own, the raw public files, how far to search."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from palanca.catalogue import snapshot

# `make fuzz` sets it to the seed of the round: the search is then wide and at random.
FUZZ = os.environ.get("PALANCA_FUZZ", "")

SELDOM = (20_000, 20, 20)  # objects made between two searches for garbage; see `gc.set_threshold`

# The same examples on every run; how long one takes says more of the machine than of us.
PHASES = (Phase.explicit, Phase.generate)  # a failure is reported as found: shrinking can outlast all tests
WITHOUT_CLOCK = {"deadline": None, "suppress_health_check": (HealthCheck.too_slow,)}
settings.register_profile("palanca", derandomize=True, max_examples=30, phases=PHASES, **WITHOUT_CLOCK)
settings.register_profile(
    "fuzz", database=None, max_examples=200, phases=PHASES, print_blob=True, **WITHOUT_CLOCK
)
settings.load_profile("fuzz" if FUZZ else "palanca")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `make fuzz` find what searches further there, though a part of it runs in every suite."""
    for item in items:
        if FUZZ and {"rounds", "seed"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("fuzz")


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of the search for garbage, which took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


@pytest.fixture(scope="session")
def rounds() -> Callable[[int, int], int]:
    """Return how often to try: few in every suite, many in `make fuzz`."""
    return lambda few, many: many if FUZZ else few


@pytest.fixture(scope="session")
def seed() -> int:
    """Return the seed of the round of `make fuzz`, and always the same one in every suite."""
    return int(FUZZ) if FUZZ.isdecimal() else 0


@pytest.fixture(scope="session", autouse=True)
def own_folders_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep fixtures that outlive a test out of the user's folders."""
    with pytest.MonkeyPatch.context() as patch:
        point_to(patch, tmp_path_factory.mktemp("user"))
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test out of the user's folders."""
    point_to(monkeypatch, tmp_path)


def point_to(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("PALANCA_DATA", str(folder / "data"))
    patch.setenv("PALANCA_CACHE", str(folder / "cache"))


@pytest.fixture
def user_folder(own_folders: None) -> Iterator[Path]:
    """Return a user's data folder that tables are read from, as they are not by other tests."""
    forget_tables()
    yield Path(os.environ["PALANCA_DATA"])
    forget_tables()


def forget_tables() -> None:
    snapshot.table.cache_clear()
    snapshot._read.cache_clear()


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """Return the folder of raw public files."""
    beside = pytestconfig.rootpath.parent / "shared" / "data"
    folder = Path(os.environ.get("PALANCA_SHARED") or beside)
    if not folder.is_dir():
        pytest.skip(f"the raw public files are not in {folder}; PALANCA_SHARED names another place")
    return folder


@pytest.fixture(scope="session")
def compiler() -> None:
    """Skip where loops run as they are written, by NUMBA_DISABLE_JIT."""
    from numba import config

    if config.DISABLE_JIT:
        pytest.skip("numba may not compile: what has no other path would take hours")


@pytest.fixture
def without_privilege() -> Callable[[], AbstractContextManager[None]]:
    """Return a context in which the permissions of folders bind us; they do not bind root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("folder permissions of this kind are POSIX")
    return as_nobody


@contextmanager
def as_nobody() -> Iterator[None]:
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)
