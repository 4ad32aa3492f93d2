"""Sources fetched again from a server on this machine, and their tables derived anew."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from palanca.catalogue import build
from palanca.catalogue.renew import renew
from palanca.catalogue.snapshot import table
from palanca.catalogue.sources import RawFile, Source, sources
from palanca.errors import BadTable, DownloadError, InputError

GDP = b"Country Name,Country Code,Year,Value\nMexico,MEX,2023,1.5\nWorld,WLD,2023,9\nMexico,MEX,2024,2.4\n"
VICTIMS = (
    b"month,homicide_intentional,homicide_firearm,femicide,kidnapping,extortion,trafficking_persons\n"
    b"2026-01,5,4,3,2,1,0\n"
)
HAND_PLACED = [name for name, source in sources().items() if any(not file.url for file in source.files)]

Patch = Callable[[str, bytes], RawFile]


class Answer(BaseHTTPRequestHandler):
    """Send the file at the path asked for, if there is one."""

    def do_GET(self) -> None:
        body = self.server.contents.get(self.path)  # type: ignore[attr-defined]
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it)
        """Say nothing."""


class Publisher(ThreadingHTTPServer):
    """A server of files by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.contents: dict[str, bytes] = {}


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Publisher() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def describe(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Patch:
    """Return a function that has a source's only file be other content, at our own server."""
    patched: dict[str, Source] = dict(sources())
    monkeypatch.setattr(build, "sources", lambda: patched)

    def describe_as(name: str, content: bytes) -> RawFile:
        [file] = sources()[name].files
        sha256 = hashlib.sha256(content).hexdigest()
        there = {"url": f"{publisher.url}/{name}", "sha256": sha256, "size": len(content)}
        file = file.model_copy(update=there)
        patched[name] = sources()[name].model_copy(update={"files": (file,)})
        publisher.contents[f"/{name}"] = content
        return file

    return describe_as


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_renewed_table_takes_precedence(user_folder: Path, describe: Patch) -> None:
    file = describe("wdi_gdp", GDP)
    [built] = renew(["wdi_gdp"])
    assert (built.table, built.rows) == ("gdp", 2)
    assert table("gdp").frame.rows() == [("MEX", 2023, 2), ("MEX", 2024, 2)]
    assert table("gdp").origin.local
    assert not table("trade_totals").origin.local
    assert files_of(user_folder) == {f"raw/{file.path}", "tables/gdp.parquet"}


def test_renewed_table_takes_precedence_over_one_that_was_read_before(
    user_folder: Path, describe: Patch
) -> None:
    assert table("gdp").frame.height == 11_193
    describe("wdi_gdp", GDP)
    renew(["wdi_gdp"])
    assert table("gdp").frame.height == 2


def test_several_sources_are_renewed_and_progress_is_told(user_folder: Path, describe: Patch) -> None:
    for name, content in [("wdi_gdp", GDP), ("sesnsp_victims", VICTIMS)]:
        describe(name, content)
    told: list[tuple[str, int, int | None]] = []
    built = renew(["wdi_gdp", "sesnsp_victims"], advance=lambda *seen: told.append(seen))
    assert [item.table for item in built] == ["crime_victims", "gdp"]
    assert ("gdp_current_usd_datasets_gdp.csv", len(GDP), len(GDP)) in told
    assert ("sesnsp_victims_national_month_2015_2025.csv", len(VICTIMS), len(VICTIMS)) in told


def test_wrong_hash_leaves_everything_as_it_was(
    user_folder: Path, describe: Patch, publisher: Publisher
) -> None:
    file = describe("wdi_gdp", GDP)
    renew(["wdi_gdp"])
    before = {name: (user_folder / name).read_bytes() for name in files_of(user_folder)}
    (user_folder / "raw" / file.path).write_bytes(b"older")
    before[f"raw/{file.path}"] = b"older"
    publisher.contents["/wdi_gdp"] = GDP.replace(b"2.4", b"2.5")
    with pytest.raises(DownloadError, match="not the one described"):
        renew(["wdi_gdp"])
    assert {name: (user_folder / name).read_bytes() for name in files_of(user_folder)} == before
    assert table("gdp").frame.height == 2


def test_one_source_that_cannot_be_had_leaves_all_tables(
    user_folder: Path, describe: Patch, publisher: Publisher
) -> None:
    describe("wdi_gdp", GDP)
    describe("sesnsp_victims", VICTIMS)
    del publisher.contents["/sesnsp_victims"]
    with pytest.raises(DownloadError, match="404 Not Found"):
        renew(["wdi_gdp", "sesnsp_victims"])
    assert not (user_folder / "tables").exists()
    assert not table("gdp").origin.local


def test_file_of_another_shape_leaves_the_tables(user_folder: Path, describe: Patch) -> None:
    describe("wdi_gdp", GDP)
    renew(["wdi_gdp"])
    describe("wdi_gdp", b"country,value\nMEX,1\n")
    with pytest.raises(BadTable, match="gdp: a raw file is not what its reader expects"):
        renew(["wdi_gdp"])
    assert table("gdp").frame.height == 2


@pytest.mark.parametrize("name", HAND_PLACED)
def test_file_without_a_url_is_asked_for_by_hand(name: str, user_folder: Path) -> None:
    with pytest.raises(DownloadError, match="put them there by hand, then run this again") as raised:
        renew([name])
    assert raised.value.faults == tuple(
        f"{user_folder / 'raw' / file.path}: see {sources()[name].address or sources()[name].citation}"
        for file in sources()[name].files
        if not file.url
    )
    assert files_of(user_folder) == set()


def test_all_files_without_a_url_are_listed_at_once(user_folder: Path) -> None:
    with pytest.raises(DownloadError) as raised:
        renew(HAND_PLACED)
    by_hand = [file for name in HAND_PLACED for file in sources()[name].files if not file.url]
    assert len(raised.value.faults) == len(by_hand)


def test_file_put_there_by_hand_is_used(user_folder: Path, shared: Path) -> None:
    [file] = sources()["sesnsp_victims"].files
    place = user_folder / "raw" / file.path
    place.parent.mkdir(parents=True)
    place.write_bytes((shared / file.path).read_bytes())
    embedded = table("crime_victims").origin.sha256
    assert [built.table for built in renew(["sesnsp_victims"])] == ["crime_victims"]
    local = user_folder / "tables" / "crime_victims.parquet"
    assert hashlib.sha256(local.read_bytes()).hexdigest() == embedded


def test_unknown_source_is_answered_with_the_known_ones(user_folder: Path) -> None:
    with pytest.raises(InputError, match=r"No source is called wdi\. Known: baci_2023"):
        renew(["wdi"])
    assert not user_folder.exists()
