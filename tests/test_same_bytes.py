"""JSON is the same bytes in every run, whatever order Python hashes words in."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FEW = (("events", "MEX", "USA", "--episodes"), ("ledger", "links"))
MANY = (
    *(
        ("exposure", "MEX", "USA"),
        ("power", "MEX", "USA"),
        ("posture", "MEX", "USA"),
        ("response", "MEX", "USA"),
    ),
    *(("diversify", "MEX", "USA"), ("chokepoints", "MEX", "USA"), ("events", "CAN", "USA"), ("measures",)),
    *(("data", "status"), ("data", "sources"), ("cache", "status"), ("feed", "status"), ("ledger", "check")),
    *(("ledger", "log"), ("simulate", "us-25-percent-on-mexico", "--draws", "20")),
    *(("check", "report.txt", "MEX", "USA"), ("ledger", "suggest", "report.txt")),
    ("posture", "--ideal-points"),
)
TEXT = "Mexico depends on the United States. On 2025-03-04 the United States imposed tariffs on Mexico."


def said(words: tuple[str, ...], seed: str, folder: Path) -> bytes:
    palanca = Path(sys.executable).with_name("palanca")
    env = {**os.environ, "PYTHONHASHSEED": seed, "PALANCA_DATA": str(folder / "data")}
    env["PALANCA_CACHE"] = str(folder / f"cache-{seed}")  # nothing kept may hide a difference
    command = [palanca, *words, "--json"]
    done = subprocess.run(command, capture_output=True, env=env, cwd=folder, timeout=600, check=True)
    return done.stdout.replace(f"cache-{seed}".encode(), b"cache")


def test_json_is_the_same_bytes_in_every_run(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    (tmp_path / "report.txt").write_text(TEXT)
    commands = (*FEW, *MANY)[: rounds(len(FEW), len(FEW) + len(MANY))]
    differing = [
        words
        for words in commands
        if said(words, "1", tmp_path).replace(b"cache-1", b"")
        != said(words, "2", tmp_path).replace(b"cache-2", b"")
    ]
    assert differing == []


@pytest.mark.fuzz
def test_briefs_are_the_same_bytes_in_every_run(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        said(("brief", "MEX", "USA", "--out", str(tmp_path / "out")), seed, tmp_path)
        folder = tmp_path / "out"
        made.append({path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
