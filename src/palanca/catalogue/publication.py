"""Put a brief where a reader finds it: the whole of it in place of the whole of an earlier one.

The new brief is written beside the folder, with the files there that are not ours, and the two folders are
exchanged. Killed at any moment, the folder holds the earlier brief or the new one. What an earlier brief
wrote is told by its manifest; what the user put there or changed is kept. A folder with folders of the
user's own in it is never exchanged: files are then replaced in it one by one, and a call that was killed
is finished by the next.
"""

import ctypes
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from palanca.catalogue.files import PREFIX, alone, draft, left, settle, stage_all, writable, write_all

MANIFEST = "manifest.json"
HERE, EXCHANGE = -100, 2  # AT_FDCWD, and RENAME_EXCHANGE of Linux as RENAME_SWAP of macOS


@dataclass(frozen=True)
class Standing:
    """What a folder holds before a brief comes to it.

    Attributes:
        removed: files of an earlier brief that the new one has no file for.
        others: files that are the user's, to be kept.
        folders: whether the user has folders there.
    """

    removed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    folders: bool = False


def publish(contents: Mapping[str, bytes], folder: Path) -> tuple[str, ...]:
    """Write the files of a brief to a folder; return those of an earlier brief that were taken away.

    Raises:
        UnwritableFolder: the folder cannot be made or written; nothing was changed.
    """
    place = folder.resolve()
    with writable(folder), _alone(place):
        _recover(place)
        settle(place)
        found = _standing(place, contents)
        if not _may_exchange(place, found) or not _exchanged(contents, place, found):
            write_all(place, contents, gone=found.removed)
    return found.removed


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep others who publish to the same folder waiting."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with alone(place.parent):
        yield


def _standing(place: Path, contents: Mapping[str, bytes]) -> Standing:
    earlier = _earlier(place)
    held = [path for path in _held(place) if not path.name.startswith(PREFIX)]
    names = {path.relative_to(place).as_posix(): path for path in held}
    folders = any(path.is_dir() and not path.is_symlink() for path in held)
    ours = {
        name for name in names if name in earlier and (name in contents or _is(names[name], earlier[name]))
    }
    return Standing(
        removed=tuple(sorted(ours - contents.keys())),
        others=tuple(sorted(names.keys() - ours)),
        folders=folders,
    )


def _held(place: Path) -> Iterator[Path]:
    """Yield what lies in a folder and in its folder of tables."""
    for folder in (place, place / "tables"):
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path != place / "tables")


def _earlier(place: Path) -> dict[str, str]:
    """Return the files that an earlier brief wrote, with their hashes; none without its manifest."""
    try:
        content = (place / MANIFEST).read_bytes()
        files = json.loads(content)["files"]
        return {**{str(name): str(seal) for name, seal in files.items()}, MANIFEST: _seal(content)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is(path: Path, seal: str | None) -> bool:
    return seal is not None and path.is_file() and _seal(path.read_bytes()) == seal


def _seal(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _may_exchange(place: Path, found: Standing) -> bool:
    """Return whether a folder is one that another can take the place of without harm."""
    tables = place / "tables"
    plain = not os.path.lexists(tables) or (tables.is_dir() and not tables.is_symlink())
    free = not (found.folders or os.path.ismount(place) or Path.cwd().is_relative_to(place))
    folder = place.is_dir() or not os.path.lexists(place)
    return folder and plain and free and os.access(place.parent, os.W_OK)


def _exchanged(contents: Mapping[str, bytes], place: Path, found: Standing) -> bool:
    """Put a new folder in the place of the old one; return whether the disk let us."""
    with draft(place.parent, _prefix(place)) as beside:
        new, old = beside / "new", beside / "old"
        stage_all(new, contents)
        if not place.exists():
            os.rename(new, place)
            return True
        shutil.copymode(place, new)
        for name in found.others:
            (new / name).parent.mkdir(exist_ok=True)
            _same(place / name, new / name)
        if not _exchange(new, place, old):
            return False
        _bring(old if old.exists() else new, place, {*found.removed, *contents})
    return True


def _same(path: Path, other: Path) -> None:
    """Give a file a second place, as itself where the disk can."""
    try:
        os.link(path, other, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, other, follow_symlinks=False)


def _exchange(new: Path, place: Path, old: Path) -> bool:
    """Exchange two folders in one step, or in two where the system knows no such step."""
    if _in_one_step(new, place):
        return True
    try:
        os.rename(place, old)
    except OSError:
        return False
    try:
        os.rename(new, place)  # if we are killed before it, `_recover` does it
    except OSError:
        os.rename(old, place)
        return False
    return True


def _in_one_step(new: Path, place: Path) -> bool:
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    one, other = os.fsencode(new), os.fsencode(place)
    if hasattr(library, "renameat2"):
        return not library.renameat2(HERE, one, HERE, other, EXCHANGE)
    return hasattr(library, "renamex_np") and not library.renamex_np(one, other, EXCHANGE)


def _bring(old: Path, place: Path, ours: Collection[str]) -> None:
    """Move to the new folder what the user put into the old one, or changed, while it was written."""
    for path in list(_held(old)):
        name = path.relative_to(old)
        if name.as_posix() not in ours and not path.name.startswith(PREFIX):
            os.replace(path, place / name)


def _recover(place: Path) -> None:
    """Finish or take away what a process that was killed left beside a folder."""
    for beside in sorted(place.parent.glob(f"{_prefix(place)}*")):
        with left(beside) as is_left:
            if is_left and (beside / "old").is_dir() and not place.exists():
                os.rename(beside / "new", place)
            if is_left:
                shutil.rmtree(beside, ignore_errors=True)


def _prefix(place: Path) -> str:
    return f".{place.name}{PREFIX}"
