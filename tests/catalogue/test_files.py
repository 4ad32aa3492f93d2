"""Files are written whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from palanca.catalogue import files
from palanca.catalogue.files import write, write_all
from palanca.errors import UnwritableFolder

NEW = {"a.txt": b"new a", "b.txt": b"new b", "under/c.txt": b"new c"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with earlier files in it."""
    (tmp_path / "out" / "under").mkdir(parents=True)
    for name in ("a.txt", "under/c.txt", "other.txt"):
        (tmp_path / "out" / name).write_bytes(b"earlier")
    return tmp_path / "out"


def held(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


EARLIER = {"a.txt": b"earlier", "under/c.txt": b"earlier", "other.txt": b"earlier"}


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_all_files_are_written_and_others_kept(folder: Path) -> None:
    write_all(folder, NEW)
    assert held(folder) == {**NEW, "other.txt": b"earlier"}
    assert names(folder) == ["a.txt", "b.txt", "other.txt", "under", "under/c.txt"]


def test_folders_are_made(tmp_path: Path) -> None:
    write_all(tmp_path / "one" / "two", NEW)
    assert held(tmp_path / "one" / "two") == NEW


def test_one_file_is_written(tmp_path: Path) -> None:
    write(tmp_path / "new" / "brief.html", b"<html>")
    assert held(tmp_path) == {"new/brief.html": b"<html>"}


def test_nothing_to_write_is_no_fault(folder: Path) -> None:
    write_all(folder, {})
    assert held(folder) == EARLIER


def test_file_is_never_seen_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append((folder / "a.txt").read_bytes()))
    write_all(folder, NEW)
    assert seen == [b"earlier"] * len(NEW)


def test_full_disk_leaves_the_folder_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.name == "c.txt":
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(files, "_stage", full)
    before = names(folder)
    with pytest.raises(
        UnwritableFolder, match=r"Cannot write to .*: No space left on device\. Choose another"
    ):
        write_all(folder, NEW)
    assert held(folder) == EARLIER
    assert names(folder) == before


@pytest.mark.parametrize("name", ["b.txt", "under/c.txt"])
def test_folder_in_the_place_of_a_file_leaves_all_as_it_was(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    earlier, before = held(folder), names(folder)
    with pytest.raises(UnwritableFolder, match="Cannot write to"):
        write_all(folder, NEW)
    assert held(folder) == earlier
    assert names(folder) == before


def test_interruption_leaves_no_temporary_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_stage", interrupt)
    before = names(folder)
    with pytest.raises(KeyboardInterrupt):
        write_all(folder, NEW)
    assert names(folder) == before


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"earlier")
    for folder in (tmp_path / "out", tmp_path / "out" / "under"):
        with pytest.raises(UnwritableFolder, match="Choose another folder"):
            write_all(folder, NEW)
    assert held(tmp_path) == {"out": b"earlier"}


def test_folder_that_may_not_be_written_is_refused(
    folder: Path,
    without_privilege: Callable[[], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder.chmod(0o555)
    monkeypatch.chdir(folder)
    with without_privilege(), pytest.raises(UnwritableFolder, match=r"Cannot write to \.: Permission denied"):
        write_all(Path(), NEW)
    folder.chmod(0o755)
    assert held(folder) == EARLIER


def test_what_a_killed_process_had_ready_is_finished_and_the_rest_taken_away(folder: Path) -> None:
    ready = folder / ".palanca-killed" / "ready" / "under"
    ready.mkdir(parents=True)
    (ready / "c.txt").write_bytes(b"ready")
    (ready.parent.parent / "gone").write_text("a.txt\0never.txt")
    (folder / ".palanca-before" / "new").mkdir(parents=True)
    files.settle(folder)
    assert held(folder) == {"under/c.txt": b"ready", "other.txt": b"earlier"}
    assert names(folder) == ["other.txt", "under", "under/c.txt"]


def test_what_others_are_writing_is_left_alone(folder: Path) -> None:
    with files.draft(folder, files.PREFIX) as place:
        write_all(folder, NEW, gone=["other.txt"])
        assert place.is_dir()
    assert held(folder) == NEW


def test_one_has_its_turn_after_the_other(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from palanca.catalogue.files import turn\n"
        "for _ in range(10):\n"
        "    with turn(Path('.turn')):\n"
        "        count = int(Path('count').read_text()); time.sleep(0.002)\n"
        "        Path('count').write_text(str(count + 1))"
    )
    (tmp_path / "count").write_text("0")
    several = [subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) for _ in range(2)]
    assert [one.wait() for one in several] == [0, 0]
    assert held(tmp_path) == {"count": b"20"}
