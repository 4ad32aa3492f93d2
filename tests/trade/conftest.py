"""Where the data of published tables lie."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def nafta_folder(shared: Path) -> Path:
    """Where the inputs of Caliendo and Parro (2015) lie, among the raw public files."""
    folder = shared / "trade" / "caliendo_parro_2015"
    if not folder.is_dir():
        pytest.skip(f"no data of Caliendo and Parro (2015) in {folder}")
    return folder
