"""Files fetched from a real server on this machine, with the faults that networks and disks have."""

import errno
import hashlib
import os
import random
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import Mock, call

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palanca.catalogue.sources.fetch import Patience, download
from palanca.errors import DownloadError

CONTENT = random.Random(20).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ONCE = Patience(tries=1, pause_seconds=0, timeout_seconds=60)
THRICE = Patience(tries=3, pause_seconds=0, timeout_seconds=60)
REVISED = {"ETag": '"2"'}


class Publisher(ThreadingHTTPServer):
    """A server of one file that records what it is asked and can be told to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/table.csv"
        self.content = CONTENT
        self.validators = {"ETag": '"1"'}
        self.honours_ranges = self.guards = self.says_length = True
        self.statuses: list[int] = []
        self.cuts: list[int] = []
        self.location, self.skipped = "", 0
        self.released = threading.Event()
        self.requests: list[dict[str, str]] = []
        self.served = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who left."""


class Answer(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.requests.append(dict(self.headers))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status == 200:
            self.send_file()
        elif status == 0:
            self.server.released.wait(5)
        else:
            self.send_response(status)
            self.send_header("Location", self.server.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def send_file(self) -> None:
        size, start = len(self.server.content), self.first_byte()
        body = self.server.content[start:]
        self.send_response(200 if not start else 206 if body else 416)
        if start:
            self.send_header("Content-Range", f"bytes {f'{start}-{size - 1}' if body else '*'}/{size}")
        if self.server.says_length:
            self.send_header("Content-Length", str(len(body)))
        for name, value in self.server.validators.items():
            self.send_header(name, value)
        self.end_headers()
        self.send_body(body)

    def first_byte(self) -> int:
        asked, version = self.headers.get("Range"), self.headers.get("If-Range")
        same = version in self.server.validators.values() or not self.server.guards
        if asked is None or not self.server.honours_ranges or not same:
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-")) + self.server.skipped

    def send_body(self, body: bytes) -> None:
        sent = body[: self.server.cuts.pop(0)] if self.server.cuts else body
        self.server.served += len(sent)
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it)
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Publisher]:
    with Publisher() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw" / "table.csv"


def part_of(table: Path) -> Path:
    return table.with_name("table.csv.part")


def leave_half(publisher: Publisher, table: Path) -> None:
    """Have the first half of the file arrive, then the connection cut."""
    publisher.cuts = [len(CONTENT) // 2]
    with pytest.raises(DownloadError, match=r"150,000 bytes are kept in .*\.part and will be resumed"):
        download(publisher.url, table, sha256=SHA256, patience=ONCE)
    assert part_of(table).read_bytes() == CONTENT[: len(CONTENT) // 2]


def test_whole_file_replaces_an_earlier_one(publisher: Publisher, table: Path) -> None:
    table.write_bytes(b"last year's")
    assert download(publisher.url, table, sha256=SHA256.upper(), size=len(CONTENT)) == table
    assert table.read_bytes() == CONTENT
    assert os.listdir(table.parent) == ["table.csv"]


@pytest.mark.parametrize("content", [CONTENT, b""], ids=["long", "empty"])
def test_file_of_unknown_length_and_hash(publisher: Publisher, table: Path, content: bytes) -> None:
    publisher.content, publisher.says_length = content, False
    told: list[tuple[int, int | None]] = []
    download(publisher.url, table, sha256=None, advance=lambda *seen: told.append(seen))
    assert table.read_bytes() == content
    assert told[-1:] == ([(len(content), None)] if content else [])


def test_good_file_needs_no_request(publisher: Publisher, table: Path) -> None:
    table.write_bytes(CONTENT)
    assert download(publisher.url, table, sha256=SHA256) == table
    assert publisher.requests == []


@pytest.mark.parametrize("validators", [{"ETag": '"1"'}, {"Last-Modified": "Mon, 05 May 2025 10:00:00 GMT"}])
def test_cut_file_is_resumed(publisher: Publisher, table: Path, validators: dict[str, str]) -> None:
    publisher.validators, publisher.cuts = validators, [len(CONTENT) // 2]
    told: list[tuple[int, int | None]] = []
    download(publisher.url, table, sha256=SHA256, patience=THRICE, advance=lambda *seen: told.append(seen))
    assert table.read_bytes() == CONTENT
    assert publisher.requests[1]["Range"] == f"bytes={len(CONTENT) // 2}-"
    assert publisher.requests[1]["If-Range"] in validators.values()
    assert publisher.served == len(CONTENT)
    assert told == sorted(told)
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert os.listdir(table.parent) == ["table.csv"]


def test_pauses_double(publisher: Publisher, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.cuts = [1, 1, 1, 1]
    monkeypatch.setattr(time, "sleep", sleep := Mock())
    with pytest.raises(DownloadError, match=r"broke off: .* \(tries: 3\)\. 3 bytes are kept"):
        download(publisher.url, table, sha256=SHA256, patience=Patience(tries=3, pause_seconds=2))
    assert sleep.mock_calls == [call(2), call(4)]


def test_interrupt_keeps_the_part(publisher: Publisher, table: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        if done > len(CONTENT) // 4:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        download(publisher.url, table, sha256=SHA256, advance=interrupt)
    kept = part_of(table).read_bytes()
    assert len(CONTENT) // 4 < len(kept) < len(CONTENT)
    assert CONTENT.startswith(kept)
    assert not table.exists()
    download(publisher.url, table, sha256=SHA256)
    assert publisher.requests[1]["Range"] == f"bytes={len(kept)}-"
    assert table.read_bytes() == CONTENT


@settings(max_examples=20, deadline=None)  # each example opens sockets, whose speed is not ours
@given(cuts=st.lists(st.integers(0, len(CONTENT)), max_size=3), honours_ranges=st.booleans())
def test_cuts_never_change_the_file(cuts: list[int], honours_ranges: bool) -> None:
    patience = Patience(tries=4, pause_seconds=0)
    with pytest.MonkeyPatch.context() as patch, serving() as server, tempfile.TemporaryDirectory() as folder:
        patch.setenv("NO_PROXY", "127.0.0.1")
        server.cuts, server.honours_ranges = list(cuts), honours_ranges
        table = download(server.url, Path(folder, "new", "table.csv"), sha256=None, patience=patience)
        assert table.read_bytes() == CONTENT


RESTARTS: dict[str, dict[str, Any]] = {
    "ranges are ignored": {"honours_ranges": False},
    "bytes are skipped": {"skipped": 1},
    "new version": {"content": CONTENT[::-1], "validators": REVISED},
    "new version, ranges unguarded": {"content": CONTENT[::-1], "validators": REVISED, "guards": False},
    "file shorter than its part": {"content": CONTENT[:1000]},
}


@pytest.mark.parametrize("change", RESTARTS.values(), ids=RESTARTS.keys())
def test_part_that_is_not_continued(publisher: Publisher, table: Path, change: dict[str, Any]) -> None:
    leave_half(publisher, table)
    vars(publisher).update(change)
    download(publisher.url, table, sha256=None, patience=ONCE)
    assert table.read_bytes() == publisher.content
    assert publisher.requests[1]["If-Range"] == '"1"'


def test_whole_part_is_put_in_place(publisher: Publisher, table: Path) -> None:
    leave_half(publisher, table)
    part_of(table).write_bytes(CONTENT)
    download(publisher.url, table, sha256=SHA256)
    assert table.read_bytes() == CONTENT
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("validators", [{}, {"ETag": 'W/"1"'}], ids=["none", "weak"])
def test_unnamed_version(publisher: Publisher, table: Path, validators: dict[str, str]) -> None:
    publisher.validators = validators
    publisher.cuts = [1000]
    with pytest.raises(DownloadError, match=r"1,000 bytes are kept .* and cannot be resumed"):
        download(publisher.url, table, sha256=SHA256, patience=ONCE)
    download(publisher.url, table, sha256=SHA256, patience=ONCE)
    assert "Range" not in publisher.requests[1]
    assert table.read_bytes() == CONTENT


NOTES = {
    "torn": b'{"url": "http',
    "not a note": b"[]",
    "not text": b"\xff",
    "of another address": b'{"url": "http://elsewhere/table.csv", "validator": "\\"1\\""}',
    "of what no header can carry": b'{"url": "URL", "validator": "\\"\\u00e9\\"\\r\\nX: y"}',
}


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES.keys())
def test_broken_note_starts_again(publisher: Publisher, table: Path, note: bytes) -> None:
    leave_half(publisher, table)
    table.with_name("table.csv.part.json").write_bytes(note.replace(b"URL", publisher.url.encode()))
    download(publisher.url, table, sha256=SHA256, patience=ONCE)
    assert "Range" not in publisher.requests[1]
    assert table.read_bytes() == CONTENT


def test_wrong_hash_leaves_the_earlier_file(publisher: Publisher, table: Path) -> None:
    table.write_bytes(b"last year's")
    with pytest.raises(DownloadError, match="not the one described") as raised:
        download(publisher.url, table, sha256="0" * 64, patience=THRICE)
    assert raised.value.faults == (f"its sha256 is {SHA256}, where {'0' * 64} was expected",)
    assert f"{table} is as it was" in str(raised.value)
    assert table.read_bytes() == b"last year's"
    assert os.listdir(table.parent) == ["table.csv"]
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("says_length", [True, False], ids=["before it arrives", "after"])
def test_wrong_size_is_refused(publisher: Publisher, table: Path, says_length: bool) -> None:
    publisher.says_length = says_length
    with pytest.raises(DownloadError, match="300,000 bytes, where 7 were expected"):
        download(publisher.url, table, sha256=SHA256, size=7, advance=(advance := Mock()))
    assert advance.called != says_length
    assert os.listdir(table.parent) == []


@pytest.mark.parametrize(
    ("statuses", "location", "says"),
    [
        ([404], "", r"answered 404 Not Found\. Nothing new is kept\. The file may have moved"),
        ([403], "", r"answered 403 Forbidden\. .* Open the url in a browser"),
        ([503] * 3, "", r"answered 503 .* \(tries: 3\)\. .* run this again later"),
        ([302] * 6, "/table.csv", "redirects lead nowhere .*maximum"),
        ([302], "mailto:data@example.org", "redirects lead nowhere"),
        ([302], "ftp://127.0.0.1/", "ftp://127.0.0.1/ is not an http or https address"),
    ],
)
def test_no_file(publisher: Publisher, table: Path, statuses: list[int], location: str, says: str) -> None:
    publisher.statuses, publisher.location = list(statuses), location
    with pytest.raises(DownloadError, match=f"^{publisher.url}: .*{says}"):
        download(publisher.url, table, sha256=SHA256, patience=THRICE)
    assert os.listdir(table.parent) == []
    assert len(publisher.requests) == len(statuses)


@pytest.mark.parametrize("statuses", [[500], [503, 429], [302] * 5])
def test_file_after_detours(publisher: Publisher, table: Path, statuses: list[int]) -> None:
    publisher.statuses, publisher.location = list(statuses), "/table.csv"
    download(publisher.url, table, sha256=SHA256, patience=THRICE)
    assert table.read_bytes() == CONTENT
    assert len(publisher.requests) == len(statuses) + 1


def test_silent_server(publisher: Publisher, table: Path) -> None:
    publisher.statuses = [0]
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 did not answer in time"):
        download(publisher.url, table, sha256=SHA256, patience=Patience(tries=1, timeout_seconds=0.05))


FOREIGN = ["ftp://example.org/a", "file:///etc/hosts", "table.csv", "http://"]
MALFORMED = ["http://a\x00b/", f"http://{'a' * 64}.org/", "http://example.org:99999/"]


@pytest.mark.parametrize("url", [*FOREIGN, *MALFORMED])
def test_address_that_cannot_be_asked(table: Path, url: str) -> None:
    with pytest.raises(DownloadError, match=r"is not an .*address.*Correct the url"):
        download(url, table, sha256=None)


def test_closed_port(table: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DownloadError, match=r"no connection to 127\.0\.0\.1: .* \(tries: 3\)"):
        download(f"http://127.0.0.1:{port}/", table, sha256=None, patience=THRICE)


def test_unknown_host(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = Mock(side_effect=socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(DownloadError, match=r"no address is known for nowhere\.invalid \(tries: 3\)"):
        download("https://nowhere.invalid/a", table, sha256=None, patience=THRICE)


def test_insecure_server_is_not_tried_again(publisher: Publisher, table: Path) -> None:
    url = publisher.url.replace("http", "https")
    with pytest.raises(DownloadError, match=r"no secure connection to 127\.0\.0\.1") as raised:
        download(url, table, sha256=None, patience=THRICE)
    assert "(tries" not in str(raised.value)


def test_absent_certificates(publisher: Publisher, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(table.with_name("absent.pem")))
    with pytest.raises(DownloadError, match="certificate settings cannot be used"):
        download(publisher.url, table, sha256=None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, the device that is always full")
def test_full_disk(publisher: Publisher, table: Path) -> None:
    table.write_bytes(b"last year's")
    part_of(table).symlink_to("/dev/full")
    with pytest.raises(DownloadError, match=r"disk of .* is full.*as it was\. Free some space") as raised:
        download(publisher.url, table, sha256=SHA256, patience=THRICE)
    assert getattr(raised.value.__cause__, "errno", None) == errno.ENOSPC
    assert table.read_bytes() == b"last year's"
    assert len(publisher.requests) == 1


@contextmanager
def without_privilege() -> Iterator[None]:
    user = os.geteuid()
    os.seteuid(user or 65534)  # folder permissions do not bind root
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folder permissions of this kind are POSIX")
def test_unwritable_folder(publisher: Publisher, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table.parent.chmod(0o555)
    monkeypatch.chdir(table.parent)
    with without_privilege(), pytest.raises(DownloadError, match=r"Permission denied.*Choose a folder"):
        download(publisher.url, Path("table.csv"), sha256=SHA256)
    assert publisher.requests == []
    assert os.listdir(table.parent) == []


def test_folder_and_file_confused(publisher: Publisher, table: Path) -> None:
    table.mkdir()
    with pytest.raises(DownloadError, match=r"table\.csv is a folder"):
        download(publisher.url, table, sha256=SHA256)
    (table / "file").touch()
    with pytest.raises(DownloadError, match=r"cannot be used .* Choose a folder"):
        download(publisher.url, table / "file" / "table.csv", sha256=SHA256)
    assert publisher.requests == []


def test_faults_of_the_caller_are_not_blamed_on_the_disk(publisher: Publisher, table: Path) -> None:
    with pytest.raises(BrokenPipeError):
        download(publisher.url, table, sha256=SHA256, advance=Mock(side_effect=BrokenPipeError))
    assert part_of(table).exists()


def test_several_who_fetch_one_file_all_have_it_whole(publisher: Publisher, tmp_path: Path) -> None:
    def fetched(_: int) -> bytes:
        return download(publisher.url, tmp_path / "table.csv", sha256=None, patience=ONCE).read_bytes()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(fetched, range(8))) == {CONTENT}
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
