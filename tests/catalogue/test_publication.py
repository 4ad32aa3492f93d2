"""A folder holds one brief, whole, and what the user put there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from killed_publication import HELD, NEW, OLD, begin, brief, held

from palanca.catalogue import publication
from palanca.catalogue.publication import publish
from palanca.errors import UnwritableFolder

TEXT = {name: content.decode() for name, content in HELD.items()}


def text(contents):
    return {name: content.decode() for name, content in contents.items()}


@pytest.fixture(params=["one step", "two steps", "in place"])
def folder(request, tmp_path, monkeypatch):
    """Return a folder with a brief and files of the user, to which another comes in each way there is."""
    if request.param == "two steps":
        monkeypatch.setattr(publication, "_in_one_step", lambda *_: False)
    if request.param == "in place":
        monkeypatch.setattr(publication, "_may_exchange", lambda *_: False)
    begin(tmp_path / "out")
    return tmp_path / "out"


def test_nothing_of_another_pair_is_left_and_nothing_of_the_user_s_lost(folder):
    assert publish(NEW, folder) == ("brief.es.html", "tables/a.csv")
    assert held(folder) == {**text(NEW), **TEXT}
    assert [path.name for path in folder.parent.iterdir() if path.name != "data"] == ["out"]
    assert publish(NEW, folder) == ()


def test_a_page_that_the_user_changed_is_the_user_s(folder):
    (folder / "brief.es.html").write_text("annotated")
    publish(NEW, folder)
    assert held(folder) == {**text(NEW), **TEXT, "brief.es.html": "annotated"}


def test_a_link_stays_a_link_and_its_folder_is_written(folder):
    (folder.parent / "link").symlink_to(folder)
    (folder / "shortcut").symlink_to("notes.txt")
    publish(NEW, folder.parent / "link")
    assert (folder.parent / "link").is_symlink()
    assert os.readlink(folder / "shortcut") == "notes.txt"
    assert held(folder) == {**text(NEW), **TEXT, "shortcut": "mine"}


def test_folders_of_the_user_s_are_not_moved(tmp_path, monkeypatch):
    begin(tmp_path / "out")
    (tmp_path / "out" / "project").mkdir()
    before = (tmp_path / "out").stat().st_ino
    publish(NEW, tmp_path / "out")
    assert (tmp_path / "out").stat().st_ino == before
    monkeypatch.chdir(tmp_path / "out")
    (tmp_path / "out" / "project").rmdir()
    publish(OLD, Path())
    assert (tmp_path / "out").stat().st_ino == before
    assert held(tmp_path / "out") == {**text(OLD), **TEXT}


def test_a_file_in_the_place_of_the_folder_is_kept(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UnwritableFolder):
        publish(NEW, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_disk_that_is_full_leaves_the_brief_that_was_there(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnwritableFolder, match="No space left"):
        publish(NEW, folder)
    assert held(folder) == {**text(OLD), **TEXT}


def script(*words):
    told = [sys.executable, Path(__file__).with_name("killed_publication.py"), *map(str, words)]
    return subprocess.run(told, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("steps", ["one", "two"])
def test_killed_at_any_step_the_folder_holds_the_one_brief_or_the_other(steps, tmp_path, rounds):
    lines = [json.loads(line) for line in script(steps, rounds(4, 1), tmp_path / "under" / "out")]
    assert len(lines) > 4
    whole = [{**text(one), **TEXT} for one in (OLD, NEW)]
    for line in lines:
        assert line["after"] in [*whole, *([{}] if steps == "two" else [])], line["step"]
        assert line["then"] == whole[1]
        assert line["beside"] == ["out"]
    assert sum(line["after"] == {} for line in lines) <= (steps == "two")  # the next brief then finds it


def test_several_to_one_folder_end_with_one_of_them(tmp_path, rounds):
    script("several", rounds(5, 300), tmp_path / "out")
    assert held(tmp_path / "out") in [{**text(brief(name, [name, "a"])), **TEXT} for name in ("x", "y")]
