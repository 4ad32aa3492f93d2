"""GDELT's lists and files, fetched from a real server on this machine."""

import hashlib
import io
import threading
import zipfile
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from feed_files import gdelt

from palanca.catalogue.sources.fetch import Patience
from palanca.errors import BadFeed, DownloadError
from palanca.events.feeds import gdelt as connector
from palanca.events.feeds import import_files, layout
from palanca.events.feeds.gdelt import fetch, fetch_listing, listing

ONCE = Patience(tries=1, pause_seconds=0, timeout_seconds=60)
SITE = "http://data.gdeltproject.org/gdeltv2"
TIMES = ("20240305234500", "20240306000000", "20240307120000")


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, honours ranges, and cuts the answers it is told to cut."""

    def do_GET(self):
        path = self.server.folder / self.path.rsplit("/", 1)[1]
        self.server.asked.append((path.name, self.headers.get("Range")))
        if not path.exists():
            self.send_error(404)
            return
        data = path.read_bytes()
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("ETag", f'"{hashlib.md5(data).hexdigest()}"')
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start : self.server.cuts.pop(path.name, len(data))])

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet)) as http:
        http.folder, http.asked, http.cuts = folder, [], {}
        http.url = f"http://127.0.0.1:{http.server_address[1]}/gdeltv2"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        publish(http)
        yield http
        http.shutdown()
        thread.join()


def publish(http):
    """Put three quarters of an hour on the site, and the two lists, laid out as GDELT's."""
    lines = []
    for number, time in enumerate(TIMES):
        name = f"{time}.export.CSV"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            rows = [
                gdelt(GLOBALEVENTID=f"{number}{n}", SOURCEURL=f"https://{number}-{n}.example")
                for n in range(40)
            ]
            archive.writestr(name, "\n".join(rows) + "\n")
        (http.folder / f"{name}.zip").write_bytes(packed.getvalue())
        md5 = hashlib.md5(packed.getvalue()).hexdigest()
        lines.append(f"{len(packed.getvalue())} {md5} {http.url}/{name}.zip")
        lines.append(f"318084 bb27f78ba45f69a17ea6ed7755e9f8ff {http.url}/{time}.mentions.CSV.zip")
    (http.folder / "masterfilelist.txt").write_text("\n".join([*lines, "cut off", ""]))
    (http.folder / "lastupdate.txt").write_text("\n".join(lines[-2:]) + "\n")


def test_lines_of_the_list_are_size_md5_and_address():
    # The first line of the master list, as stored copies of it show.
    line = f"150383 297a16b493de7cf6ca809a7cc31d0b93 {SITE}/20150218230000.export.CSV.zip"
    found = listing(
        f"{line}\n318084 bb27f78ba45f69a17ea6ed7755e9f8ff {SITE}/20150218230000.mentions.CSV.zip\n123 \n"
    )
    (one,) = found.files
    assert (one.size, one.md5, one.name) == (
        150383,
        "297a16b493de7cf6ca809a7cc31d0b93",
        "20150218230000.export.CSV.zip",
    )
    assert one.time.isoformat() == "2015-02-18T23:00:00"
    assert found.malformed == ((3, "123 "),)


def test_a_day_of_the_list_is_fetched_and_imported(server, tmp_path):
    found = fetch_listing(f"{server.url}/masterfilelist.txt", tmp_path / "raw", patience=ONCE)
    assert [number for number, _ in found.malformed] == [7]
    here, faults = fetch(found.between(date(2024, 3, 6), date(2024, 3, 7)), tmp_path / "raw", patience=ONCE)
    assert ([path.name[:14] for path in here], faults) == (list(TIMES[1:]), [])
    assert import_files(here, layout("gdelt2"), tmp_path / "store").rows == 80


def test_the_newest_file_is_the_last_update(server, tmp_path):
    found = fetch_listing(f"{server.url}/lastupdate.txt", tmp_path, patience=ONCE)
    assert [one.name[:14] for one in found.files] == [TIMES[2]]


def test_a_whole_file_is_not_fetched_again(server, tmp_path):
    found = fetch_listing(f"{server.url}/masterfilelist.txt", tmp_path, patience=ONCE)
    fetch(found.files, tmp_path, patience=ONCE)
    server.asked.clear()
    fetch(found.files, tmp_path, patience=ONCE)
    assert server.asked == []


def test_a_download_that_was_cut_off_is_resumed(server, tmp_path):
    found = fetch_listing(f"{server.url}/masterfilelist.txt", tmp_path, patience=ONCE)
    server.cuts[found.files[0].name] = 100
    here, faults = fetch(found.files[:1], tmp_path, patience=ONCE)
    assert (here, len(faults)) == ([], 1)
    (whole,), faults = fetch(found.files[:1], tmp_path, patience=ONCE)
    assert faults == []
    assert server.asked[-1] == (found.files[0].name, "bytes=100-")
    assert hashlib.md5(whole.read_bytes()).hexdigest() == found.files[0].md5


def test_a_file_with_another_hash_is_not_kept_and_does_not_stop_the_rest(server, tmp_path):
    found = fetch_listing(f"{server.url}/masterfilelist.txt", tmp_path, patience=ONCE)
    other = server.folder / found.files[0].name
    other.write_bytes(other.read_bytes()[:-1] + b"!")
    (server.folder / found.files[1].name).unlink()
    here, faults = fetch(found.files, tmp_path, patience=ONCE)
    assert [path.name[:14] for path in here] == [TIMES[2]]
    assert "MD5" in faults[0]
    assert "404" in faults[1]
    assert not (tmp_path / found.files[0].name).exists()


def test_a_page_that_is_no_list_is_refused(server, tmp_path):
    (server.folder / "index.html").write_text("<html>")
    with pytest.raises(BadFeed, match="names no file of events"):
        fetch_listing(f"{server.url}/index.html", tmp_path, patience=ONCE)
    with pytest.raises(DownloadError):
        fetch_listing(f"{server.url}/none.txt", tmp_path, patience=ONCE)


def test_the_publisher_is_the_default():
    assert connector.MASTER.startswith("http://data.gdeltproject.org/")
