"""A file of a feed opened: unpacked, and in UTF-8 whatever its encoding."""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from palanca.catalogue import intake
from palanca.errors import BadFeed

PACKED = (".zip", ".gz")
HEAD = 65_536  # bytes that show how a file is written


def is_whole(name: str) -> bool:
    """Return whether a file cannot be cut at any byte."""
    return name.endswith(PACKED) or encoding_of(name) != "utf-8"


def encoding_of(name: str) -> str:
    """Return UTF-8, or the UTF-16 or UTF-32 that a file is in."""
    seen = Path(name).stat()
    return _encoding(name, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=65_536)
def _encoding(name: str, size: int, changed: int) -> str:
    with _bytes_of(name) as file:
        head = file.read(HEAD)
    marked = next((encoding for mark, encoding in intake.MARKS.items() if head.startswith(mark)), None)
    return marked or (b"\0" in head and intake.two_bytes(head)) or "utf-8"


def beginning(name: str) -> str:
    """Return the first lines of a file, without its byte-order mark; letters that are none are replaced."""
    with opened(name) as file:
        return (file.read(HEAD) + file.readline()).decode("utf-8-sig", "replace")


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a file, or what a zip or gzip file holds, as UTF-8.

    Raises:
        BadFeed: a zip file is broken, or does not hold one file; or the text is not in its encoding.
    """
    encoding = encoding_of(name)
    with _bytes_of(name) as file:
        if encoding == "utf-8":
            yield file
            return
        try:
            yield io.BufferedReader(_Recoded(file, encoding))
        except UnicodeDecodeError as error:
            raise BadFeed(f"{name} is not text in {encoding.upper()}: {error.reason}.") from error


class _Recoded(io.RawIOBase):
    """A file in another encoding, as UTF-8."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self.file, self.held = file, b""
        self.decode = codecs.getincrementaldecoder(encoding)().decode

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.held:
            data = self.file.read(HEAD)
            self.held = self.decode(data, final=not data).encode()
            if not data:
                break
        count = min(len(buffer), len(self.held))
        buffer[:count], self.held = self.held[:count], self.held[count:]
        return count


@contextmanager
def _bytes_of(name: str) -> Iterator[IO[bytes]]:
    try:
        if name.endswith(".zip"):
            with zipfile.ZipFile(name) as archive, archive.open(_only_member(archive, name)) as file:
                yield file
        elif name.endswith(".gz"):
            with gzip.open(name) as file:
                yield io.BufferedReader(file)
        else:
            with open(name, "rb") as file:
                yield file
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadFeed(f"{name} is damaged ({error}). Fetch it again, or leave it out.") from error


def _only_member(archive: zipfile.ZipFile, name: str) -> str:
    members = [one.filename for one in archive.infolist() if not one.is_dir()]
    if len(members) != 1:
        raise BadFeed(f"{name} holds {len(members)} files where one was expected: unpack it first.")
    return members[0]
