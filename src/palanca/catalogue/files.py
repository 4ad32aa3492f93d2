"""Write whole files or nothing."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from palanca.errors import UnwritableFolder

PREFIX, READY = ".palanca-", "ready"


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path` through a temporary file beside it, so that no reader sees half."""
    write_all(path.parent, {path.name: content})


def require_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written, before any work is done for it.

    Raises:
        UnwritableFolder: it, or the nearest folder above it that exists, is a file or read-only.
    """
    try:
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    except (OSError, ValueError) as error:  # a folder above it may not be entered, or its name cannot be one
        why = getattr(error, "strerror", None) or str(error)
        raise UnwritableFolder(f"Cannot write to {folder}: {why}. Choose another folder.") from error
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        why = "is read-only" if nearest.is_dir() else "is a file"
        raise UnwritableFolder(f"Cannot write to {folder}: {nearest} {why}. Choose another folder.")


def write_all(folder: Path, contents: Mapping[str, bytes], *, gone: Iterable[str] = ()) -> None:
    """Write every file of `contents` (relative path → bytes) under `folder`, all or none.

    Everything is written to a temporary folder first; only when all of it is on disk are the files
    moved into place, one rename each. If the process is killed between the renames, the next call for
    the same folder does the rest.

    Args:
        gone: files to take away with the same step; those that are not there are no fault.

    Raises:
        UnwritableFolder: the folder cannot be made or written; nothing was changed.
    """
    with writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        settle(folder)
        with draft(folder, PREFIX) as place:
            stage_all(place / "new", contents)
            if away := "\0".join(set(gone) - set(contents)):
                (place / "gone").write_text(away, encoding="utf-8")
            _require_places(folder, contents)
            os.rename(place / "new", place / READY)  # from here on it can only be finished
            _finish(place, folder)


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into one clear error."""
    try:
        yield
    except OSError as error:
        raise UnwritableFolder(
            f"Cannot write to {folder}: {error.strerror}. Choose another folder."
        ) from error


def settle(folder: Path) -> None:
    """Finish what a process that was killed had ready for a folder, and take away what it had not."""
    for place in sorted(folder.glob(f"{PREFIX}*")):
        with left(place) as is_left:
            if is_left:
                _finish(place, folder)
                shutil.rmtree(place, ignore_errors=True)


def _finish(place: Path, folder: Path) -> None:
    """Move the files that lie ready into a folder, and take away those that go."""
    ready, away = place / READY, place / "gone"
    for path in sorted(path for path in ready.rglob("*") if not path.is_dir()):
        target = folder / path.relative_to(ready)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
    if ready.is_dir() and away.is_file():
        for name in away.read_text("utf-8").split("\0"):
            (folder / name).unlink(missing_ok=True)


@contextmanager
def draft(folder: Path, prefix: str) -> Iterator[Path]:
    """Hold a new folder for what is being written; it goes afterwards."""
    place, held = _begun(folder, prefix)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        _let_go(held)


def _begun(folder: Path, prefix: str) -> tuple[Path, int | None]:
    while True:
        place = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        with suppress(BlockingIOError, FileNotFoundError):  # one that cleans up took it for left behind
            return place, _hold(place)


@contextmanager
def left(place: Path) -> Iterator[bool]:
    """Tell whether whoever made a draft was stopped, and keep others from it; no where nobody can tell."""
    try:
        held = _hold(place)
    except (BlockingIOError, FileNotFoundError):
        held = None
    try:
        yield held is not None
    finally:
        _let_go(held)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process that asks for it has the folder, and keep it for a while."""
    held = _hold(folder, wait=True)
    try:
        yield
    finally:
        _let_go(held)


def _hold(place: Path, *, wait: bool = False) -> int | None:
    """Keep a folder as ours while the number returned is open and this process lives; None if none can.

    Raises:
        BlockingIOError: another process has it.
        FileNotFoundError: it is gone.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        number = os.open(place, os.O_RDONLY)
    except PermissionError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        os.stat(place)
    except (BlockingIOError, FileNotFoundError):
        os.close(number)
        raise
    except OSError:  # a disk without locks
        os.close(number)
        return None
    return number


def _let_go(held: int | None) -> None:
    if held is not None and sys.platform != "win32":
        import fcntl

        fcntl.flock(held, fcntl.LOCK_UN)  # a process started meanwhile may have the number too
        os.close(held)


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until no other process has this file for its turn, and keep it while this process works.

    Processes that this one starts do not keep it.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    while True:
        with path.open("ab") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())):
                try:
                    yield
                finally:
                    path.unlink(missing_ok=True)
                return


def stage_all(place: Path, contents: Mapping[str, bytes]) -> None:
    """Write files to a new folder and wait until they are on the disk."""
    place.mkdir()
    for name, content in contents.items():
        _stage(place / name, content)


def _require_places(folder: Path, names: Iterable[str]) -> None:
    """Refuse to begin the renames when one of them cannot succeed."""
    for name in names:
        target = folder / name
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{target} is a folder")
        above = next(place for place in target.parents if place.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise PermissionError(errno.EACCES, f"{above} takes no files")


def _stage(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
