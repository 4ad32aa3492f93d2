"""Results that were slow to make, found again under the hash of what made them."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palanca import __version__
from palanca.catalogue.files import write
from palanca.catalogue.folders import user_cache
from palanca.errors import UnwritableFolder


def fingerprint(kind: str, arguments: Any) -> str:
    """Return the hash of a kind of result, the code version and its JSON-ready arguments."""
    text = json.dumps([kind, __version__, arguments], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def remember(kind: str, arguments: Any, make: Callable[[], bytes]) -> bytes:
    """Return the stored result for these arguments, making and storing it if there is none.

    A result is stored with its own hash; one that was damaged on disk is made again. A cache that
    cannot be written only costs time.
    """
    path = _place(kind, fingerprint(kind, arguments))
    found = _intact(path)
    if found is not None:
        return found
    content = make()
    try:
        write(path, hashlib.sha256(content).digest() + content)
    except UnwritableFolder:
        return content
    return content


def _place(kind: str, key: str) -> Path:
    return user_cache() / "results" / kind / key[:2] / key


def _intact(path: Path) -> bytes | None:
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, content = stored[:32], stored[32:]
    return content if hashlib.sha256(content).digest() == digest else None


@dataclass(frozen=True, slots=True)
class Usage:
    """How much one kind of result takes in the cache."""

    kind: str
    results: int
    size: int


def usage() -> list[Usage]:
    """Return what the cache holds, by kind."""
    root = user_cache() / "results"
    kinds = sorted(root.iterdir()) if root.is_dir() else []
    held = {kind.name: [size for item in kind.rglob("*") if (size := _size(item))] for kind in kinds}
    return [Usage(kind, len(found), sum(found)) for kind, found in held.items()]


def _size(path: Path) -> int:
    """Return the bytes of a result; none for a folder, or what another process has just deleted."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0


def clear() -> list[Usage]:
    """Delete every cached result and return what was deleted; what others store meanwhile may stay."""
    before = usage()
    for kind in before:
        shutil.rmtree(user_cache() / "results" / kind.kind, ignore_errors=True)
    after = {kind.kind: kind for kind in usage()}
    none = Usage("", 0, 0)
    return [_without(kind, after.get(kind.kind, none)) for kind in before]


def _without(before: Usage, after: Usage) -> Usage:
    return Usage(before.kind, before.results - after.results, before.size - after.size)
