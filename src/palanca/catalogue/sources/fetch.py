"""Fetch one of a publisher's files whole, or say why it could not be had.

While a file arrives it lies beside its destination as `<name>.part`, with the publisher's mark of that
version (its ETag or date) in `<name>.part.json`, so that a later call can resume it.
"""

import errno
import hashlib
import json
import os
import re
import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

import httpx

from palanca.catalogue.files import alone
from palanca.errors import DownloadError

Advance = Callable[[int, int | None], None]

# Unencoded, because ranges and hashes count the file's own bytes.
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "palanca"}
MOST_REDIRECTS = 5
SENDABLE = re.compile(r"[!-~][ -~]*")  # what a request header can carry


@dataclass(frozen=True)
class Patience:
    """Tries in all, the wait after the first (it doubles after each), and the longest silence borne."""

    tries: int = 4
    pause_seconds: float = 1.0
    timeout_seconds: float = 30.0


PATIENCE = Patience()


def nothing(done: int, total: int | None) -> None:
    """Show no progress."""


def download(
    url: str,
    destination: Path,
    *,
    sha256: str | None,
    size: int | None = None,
    advance: Advance = nothing,
    patience: Patience = PATIENCE,
) -> Path:
    """Return `destination`, which holds the whole file at `url` or is as it was before.

    Args:
        url: http or https address; redirects are followed.
        destination: where the file goes; its folder is made if it is absent.
        sha256: what the file must hash to, in hexadecimal; None takes the file unchecked.
        size: how many bytes it must have.
        advance: told the bytes here so far and the bytes in all, where known, as they arrive.
        patience: how often and how long to try.

    Raises:
        DownloadError: the file could not be had whole; says what was kept and what to do.
    """
    order = Order(url, destination, sha256 and sha256.lower(), size)
    if not is_here(order):
        check_address(order, url)
        check_folder(order)
        with alone(destination.parent):  # two at once would write one part
            check_arrival(order, arrived(order, advance, patience))
            settle(order)
    return destination


@dataclass(frozen=True)
class Order:
    """One file to be had: its address, its place, and how to know it."""

    url: str
    destination: Path
    sha256: str | None
    size: int | None

    @property
    def part(self) -> Path:
        """The bytes that have arrived."""
        return self.destination.with_name(f"{self.destination.name}.part")

    @property
    def note(self) -> Path:
        """The version that the part belongs to."""
        return self.destination.with_name(f"{self.destination.name}.part.json")


@dataclass(frozen=True)
class Held:
    """What a part holds: how many bytes, their running hash, and what names their version."""

    size: int
    hash: "hashlib._Hash"
    validator: str | None


class PassingError(DownloadError):
    """A fault that may mend itself; it is tried again and never leaves this module."""

    def __init__(self, happened: str, advice: str) -> None:
        self.advice = advice
        super().__init__(happened)


def is_here(order: Order) -> bool:
    """Return whether the destination already is the file described."""
    with on_disk(order):
        if order.sha256 is None or not order.destination.is_file():
            return False
        with order.destination.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == order.sha256


def check_address(order: Order, url: str) -> None:
    """Refuse an address that no request can be sent to."""
    try:
        address = httpx.URL(url)
        address.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise failure(order, f"{url} is not an address ({error})", "Correct the url.") from error
    if address.scheme not in ("http", "https") or not address.host or (address.port or 0) > 65535:
        raise failure(order, f"{url} is not an http or https address", "Correct the url.")


def check_folder(order: Order) -> None:
    """Refuse a destination that could not be written, before a byte is asked for."""
    with on_disk(order):
        order.destination.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=order.destination.parent).close()
    if order.destination.is_dir():
        raise failure(order, f"{order.destination} is a folder", "Give the file another name.")


def arrived(order: Order, advance: Advance, patience: Patience) -> Held:
    """Return the part with every byte in it, trying again after faults that may mend themselves."""
    with client_for(order, patience) as client:
        for failed in range(patience.tries - 1):
            with suppress(PassingError):
                return attempt(client, order, advance)
            time.sleep(patience.pause_seconds * 2**failed)
        try:
            return attempt(client, order, advance)
        except PassingError as fault:
            raise failure(order, f"{fault} (tries: {patience.tries})", fault.advice) from fault


def client_for(order: Order, patience: Patience) -> httpx.Client:
    """Return a client that follows a few redirects, each to an address we accept."""
    try:
        return httpx.Client(
            headers=HEADERS,
            timeout=patience.timeout_seconds,
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            event_hooks={"request": [lambda request: check_address(order, str(request.url))]},
        )
    except (ImportError, ValueError, OSError) as error:
        happened = f"this computer's proxy or certificate settings cannot be used ({error})"
        advice = "Correct HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE or SSL_CERT_DIR, then run this again."
        raise failure(order, happened, advice) from error


def attempt(client: httpx.Client, order: Order, advance: Advance) -> Held:
    """Ask once for the bytes we lack; a part that the publisher does not continue is asked for anew."""
    kept = kept_part(order)
    if kept.size and kept.hash.hexdigest() == order.sha256:
        return kept
    with on_wire(order), client.stream("GET", order.url, headers=range_headers(kept)) as response:
        if start := start_of(order, response, kept):
            return receive(order, response, start, advance)
    discard(order)
    return attempt(client, order, advance)


def kept_part(order: Order) -> Held:
    """Return what an earlier call left behind of the same address, if it can be resumed."""
    with on_disk(order):
        validator = noted_validator(order)
        if validator is None or not order.part.is_file():
            return Held(0, hashlib.sha256(), None)
        with order.part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Held(file.tell(), digest, validator)


def noted_validator(order: Order) -> str | None:
    """Return the version noted beside the part; a torn note, or one of another address, is none."""
    try:
        note = json.loads(order.note.read_text(encoding="utf-8"))
        validator = note["validator"] if note["url"] == order.url else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return validator if isinstance(validator, str) and SENDABLE.fullmatch(validator) else None


def range_headers(kept: Held) -> dict[str, str]:
    """Return the headers that ask for the bytes after the part, or for all if its version is gone."""
    if not kept.size or kept.validator is None:
        return {}
    return {"Range": f"bytes={kept.size}-", "If-Range": kept.validator}


def start_of(order: Order, response: httpx.Response, kept: Held) -> Held | None:
    """Return what the answer's bytes come after, or None if it does not continue the part."""
    status = response.status_code
    if status == httpx.codes.OK:
        return Held(0, hashlib.sha256(), validator_of(response))
    if not kept.size or status not in (206, 416):
        raise refusal(order, status)
    return kept if status == httpx.codes.PARTIAL_CONTENT and continues(response, kept) else None


def validator_of(response: httpx.Response) -> str | None:
    """Return what names this version of the file; a weak ETag cannot (RFC 9110, section 13.1.5)."""
    etag: str = response.headers.get("ETag", "")
    modified: str | None = response.headers.get("Last-Modified")
    return etag if etag.startswith('"') else modified


def continues(response: httpx.Response, kept: Held) -> bool:
    """Return whether the answer begins where the part ends and is of the same version."""
    begins = content_range(response)[0]
    return begins == str(kept.size) and validator_of(response) in (None, kept.validator)


def content_range(response: httpx.Response) -> tuple[str, str]:
    """Return where a partial answer begins and how many bytes there are in all, as it says."""
    said = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    return (said[1], said[2]) if said else ("", "*")


def refusal(order: Order, status: int) -> DownloadError:
    """Return the error for a status other than success, which passes if the server is only unwell."""
    happened = f"the publisher answered {status} {httpx.codes.get_reason_phrase(status)}".rstrip()
    if status in (408, 425, 429) or status >= 500:
        return PassingError(happened, "The publisher's server is busy or broken: run this again later.")
    if status in (401, 403, 407):
        return failure(order, happened, "Open the url in a browser to see what it asks for.")
    return failure(order, happened, "The file may have moved: find its new address and correct the url.")


def receive(order: Order, response: httpx.Response, start: Held, advance: Advance) -> Held:
    """Write the answer's bytes after those it continues."""
    done, total = start.size, total_of(response, start)
    refuse(order, size_faults(order, total))
    with part_after(order, start) as file:
        for chunk in response.iter_raw():
            append(order, file, chunk)
            start.hash.update(chunk)
            done += len(chunk)
            advance(done, total)
    if total is not None and done < total:
        raise PassingError(f"the publisher sent {done:,} bytes of {total:,}", "Run this again.")
    return replace(start, size=done)


def total_of(response: httpx.Response, start: Held) -> int | None:
    """Return how many bytes the whole file has, if the publisher says so."""
    said = content_range(response)[1] if start.size else response.headers.get("Content-Length", "*")
    return None if said == "*" else int(said)


def part_after(order: Order, start: Held) -> FileIO:
    """Open the part for the bytes after `start`; a new version is noted once the old bytes are gone."""
    with on_disk(order):
        if not start.size:
            order.part.write_bytes(b"")
            note = {"url": order.url, "validator": start.validator}
            order.note.write_text(json.dumps(note), encoding="utf-8")
        return order.part.open("ab", buffering=0)


def append(order: Order, file: FileIO, chunk: bytes) -> None:
    """Write all of `chunk`; one write may take only some of it."""
    rest = memoryview(chunk)
    with on_disk(order):
        while rest:
            rest = rest[file.write(rest) :]


def check_arrival(order: Order, held: Held) -> None:
    """Refuse a file other than the one described."""
    faults, sha256 = size_faults(order, held.size), held.hash.hexdigest()
    if order.sha256 not in (None, sha256):
        faults.append(f"its sha256 is {sha256}, where {order.sha256} was expected")
    refuse(order, faults)


def size_faults(order: Order, size: int | None) -> list[str]:
    """Return what is wrong with a file of that size, as far as sizes are known."""
    if size is None or order.size in (None, size):
        return []
    return [f"it has {size:,} bytes, where {order.size:,} were expected"]


def refuse(order: Order, faults: Sequence[str]) -> None:
    """Remove the part and raise, if there are faults."""
    if faults:
        discard(order)
        advice = "Run this again; if it repeats, the publisher has replaced the file: check the new one."
        raise failure(order, "the publisher's file is not the one described", advice, faults)


def discard(order: Order) -> None:
    """Remove the part and its note."""
    with on_disk(order):
        order.part.unlink(missing_ok=True)
        order.note.unlink(missing_ok=True)


def settle(order: Order) -> None:
    """Put the part in place at once, when the disk holds all of it."""
    with on_disk(order):
        with order.part.open("rb+") as file:
            os.fsync(file.fileno())
        order.part.replace(order.destination)
        order.note.unlink(missing_ok=True)


@contextmanager
def on_disk(order: Order) -> Iterator[None]:
    """Turn what the disk refuses into one clear error."""
    try:
        yield
    except OSError as error:
        raise failure(order, *disk_fault(order, error)) from error


def disk_fault(order: Order, error: OSError) -> tuple[str, str]:
    """Return what happened on the disk and what to do about it."""
    folder = order.destination.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of {folder} is full", "Free some space there, then run this again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR):
        return f"{folder} cannot be used ({error.strerror})", "Choose a folder that you can write to."
    return f"{error.filename or order.part}: {error.strerror}", "See to that disk, then run this again."


@contextmanager
def on_wire(order: Order) -> Iterator[None]:
    """Turn what the network refuses into an error that is final or passing."""
    try:
        yield
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise wire_fault(order, error) from error


def wire_fault(order: Order, error: httpx.RequestError | httpx.InvalidURL) -> DownloadError:
    """Return what happened on the way to the publisher, as an error that is final or passing."""
    if isinstance(error, httpx.TooManyRedirects | httpx.InvalidURL):
        return failure(order, f"its redirects lead nowhere ({error})", "Correct the url.")
    host = error.request.url.host
    if isinstance(error, httpx.ConnectError) and comes_from(error, ssl.SSLError):
        happened = f"no secure connection to {host}: {error}"
        return failure(order, happened, "Check this computer's clock and certificates, then run this again.")
    if comes_from(error, socket.gaierror):
        return PassingError(f"no address is known for {host}", "Check the network and the url's host name.")
    if isinstance(error, httpx.TimeoutException):
        return PassingError(f"{host} did not answer in time", "Run this again later.")
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return PassingError(f"no connection to {host}: {error}", "Check the network, then run this again.")
    return PassingError(f"the exchange with {host} broke off: {error}", "Run this again.")


def comes_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Return whether an error of that kind is at the bottom of this one."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def failure(order: Order, happened: str, advice: str, faults: Sequence[str] = ()) -> DownloadError:
    """Return the error that names the url, what happened, what was kept and what to do next."""
    return DownloadError(f"{order.url}: {happened}. {what_is_kept(order)} {advice}", faults)


def what_is_kept(order: Order) -> str:
    """Say in one sentence what the disk holds of the file, as far as the disk can tell."""
    part, earlier = "Nothing new is kept", ""
    with suppress(OSError):
        earlier = f"; {order.destination} is as it was" if order.destination.exists() else ""
        if size := order.part.stat().st_size:
            then = "will be resumed" if noted_validator(order) else "cannot be resumed"
            part = f"{size:,} bytes are kept in {order.part} and {then}"
    return f"{part}{earlier}."
