"""Write whole files or nothing."""

import errno
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from palanca.errors import UnwritableFolder


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


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write every file of `contents` (relative path → bytes) under `folder`, all or none.

    Everything is written to a temporary folder first; only when all of it is on disk are the files
    moved into place, one rename each.

    Raises:
        UnwritableFolder: the folder cannot be made or written; nothing was changed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".palanca-", dir=folder) as staging:
            for name, content in contents.items():
                _stage(Path(staging) / name, content)
            _require_places(folder, contents)
            for name in contents:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(staging) / name, target)
    except OSError as error:
        raise UnwritableFolder(
            f"Cannot write to {folder}: {error.strerror}. Choose another folder."
        ) from error


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
