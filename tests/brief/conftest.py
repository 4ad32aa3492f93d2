"""A cache that the tests of the brief share, so that its pictures are drawn once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from palanca.brief import brief
from palanca.brief.compilation import Brief


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run share; what is in it was made in this run."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if own.name.startswith("popen-") else own) / "drawn"


@pytest.fixture(autouse=True)
def shared_cache(own_folders: None, drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find pictures and scripts of other tests again; the tests of the cache itself are elsewhere."""
    monkeypatch.setenv("PALANCA_CACHE", str(drawn))


@pytest.fixture(scope="session", autouse=True)
def shared_cache_of_the_session(own_folders_of_the_session: None, drawn: Path) -> Iterator[None]:
    """The same for fixtures that outlive a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PALANCA_CACHE", str(drawn))
        yield


@pytest.fixture(scope="session")
def of_mexico(shared_cache_of_the_session: None) -> Brief:
    """Return the brief of the pair with the most tables, compiled once a worker."""
    return brief("MEX", "USA")
