"""Seconds and megabytes to import GDELT 2.0 rows, generated from the published schema.

    python benchmarks/feeds.py [--rows 1000000] [--days 366] [--zip] [--kill] [--cluster] [--json]

One row in a hundred is malformed, in one of six ways; one in fifty tells again of an event that another
row tells of. `--kill` also kills an import half-way, begins it again, and compares the two stores byte
for byte; `--cluster` does the same through a Dask cluster of two workers. The peak is of resident memory
over this program's import and all its children.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import psutil

from palanca.events.feeds import layout

ROWS_A_FILE = 1_000_000
TEMPLATE = 50_000
MALFORMED, REPEATED = 0.01, 0.02
FIRST_DAY = date(2023, 3, 1)
SITES = ("reuters.example", "apnews.example", "eluniversal.example", "lemonde.example", "xinhua.example")
TOPICS = (
    *("tariffs-on-steel-and-cars", "asylum-seekers-at-the-border", "fentanyl-seizure-record"),
    *("cartel-leader-extradited", "foreign-minister-visits", "football-final-tonight", "local-election"),
    *("ambassador-summoned-over-remarks", "pipeline-dispute-grows", "storm-warning-for-the-coast"),
)
FAULTS = ("short", "long", "day", "number", "type", "bytes")


def generate(folder: Path, rows: int, days: int, *, packed: bool) -> list[Path]:
    """Write files of GDELT 2.0 rows in the order of their days; return their paths."""
    names = list(layout("gdelt2").columns)
    draw = np.random.default_rng(61)
    paths = []
    for first in range(0, rows, ROWS_A_FILE):
        path = folder / f"{first // ROWS_A_FILE:04d}.export.CSV"
        with path.open("wb") as file:
            for start in range(first, min(first + ROWS_A_FILE, rows), TEMPLATE):
                count = min(TEMPLATE, rows - start)
                file.write(block(names, draw, start, count, days * start // rows))
        paths.append(zipped(path) if packed else path)
    return paths


def zipped(path: Path) -> Path:
    """Pack a file as GDELT does and delete it."""
    packed = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.write(path, path.name)
    path.unlink()
    return packed


def block(names: list[str], draw: np.random.Generator, start: int, count: int, day: int) -> bytes:
    """Return rows of one day, some of them malformed, some of them repeated under another number."""
    when = FIRST_DAY + timedelta(days=day)
    frame = pl.DataFrame(columns(draw, start, count, when)).select(names)
    again = np.arange(count)
    copies = draw.random(count) < REPEATED
    again[copies] = np.maximum(again[copies] - draw.integers(1, 50, copies.sum()), 0)
    numbers = frame["GLOBALEVENTID"]
    text = (
        frame[again]
        .with_columns(numbers)
        .write_csv(include_header=False, separator="\t", quote_style="never")
    )
    lines = text.encode().split(b"\n")[:count]
    for line in np.flatnonzero(draw.random(count) < MALFORMED):
        lines[line] = spoilt(lines[line], FAULTS[int(draw.integers(len(FAULTS)))])
    return b"\n".join(lines) + b"\n"


def columns(draw: np.random.Generator, start: int, count: int, when: date) -> dict[str, object]:
    """Return every column of the schema, as like the real ones as their description allows."""
    nations = ["USA", "CHN", "RUS", "GBR", "FRA", "DEU", "IND", "BRA", "CAN", "JPN", "MEX", "ISR", "", "", ""]
    sides = ["GOV", "CVL", "COP", "MIL", "BUS", "LEG", "", "", "", ""]
    roots = draw.integers(1, 21, count)
    base = pl.Series(roots).cast(pl.String).str.zfill(2)
    codes = base + pl.Series(draw.integers(0, 5, count)).cast(pl.String)
    quads = pl.Series(np.select([roots <= 5, roots <= 8, roots <= 13], [1, 2, 3], 4))
    made: dict[str, object] = {
        "GLOBALEVENTID": 1_100_000_000 + start + np.arange(count),
        "SQLDATE": pl.repeat(int(f"{when:%Y%m%d}"), count, eager=True),
        "MonthYear": pl.repeat(int(f"{when:%Y%m}"), count, eager=True),
        "Year": pl.repeat(when.year, count, eager=True),
        "FractionDate": pl.repeat(round(when.year + when.timetuple().tm_yday / 365, 4), count, eager=True),
        "IsRootEvent": draw.integers(0, 2, count),
        "EventCode": codes,
        "EventBaseCode": codes,
        "EventRootCode": base,
        "QuadClass": quads,
        "GoldsteinScale": draw.integers(-100, 100, count) / 10,
        "NumMentions": draw.integers(1, 60, count),
        "NumSources": draw.integers(1, 8, count),
        "NumArticles": draw.integers(1, 60, count),
        "AvgTone": draw.normal(-2, 3, count),
        "DATEADDED": pl.repeat(int(f"{when:%Y%m%d}") * 1_000_000 + 1500, count, eager=True),
        "SOURCEURL": addresses(draw, start, count),
    }
    for actor in ("Actor1", "Actor2"):
        nation, side = pick(draw, nations, count), pick(draw, sides, count)
        made[f"{actor}CountryCode"] = nation
        made[f"{actor}Type1Code"] = side
        made[f"{actor}Code"] = nation + side
        made[f"{actor}Name"] = pick(draw, ["PRESIDENT", "GOVERNMENT", "POLICE", "COMPANY", "MÉXICO"], count)
        for rest in ("KnownGroup", "Ethnic", "Religion1", "Religion2", "Type2", "Type3"):
            made[f"{actor}{rest}Code"] = pl.repeat("", count, eager=True)
    for geo in ("Actor1Geo", "Actor2Geo", "ActionGeo"):
        made[f"{geo}_Type"] = draw.integers(0, 5, count)
        made[f"{geo}_FullName"] = pick(
            draw, ["Washington, District of Columbia, United States", "Mexico"], count
        )
        made[f"{geo}_CountryCode"] = pick(draw, ["US", "MX"], count)
        made[f"{geo}_ADM1Code"] = pick(draw, ["USDC", "MX09"], count)
        made[f"{geo}_ADM2Code"] = pick(draw, ["DC001", ""], count)
        made[f"{geo}_Lat"] = draw.integers(-900000, 900000, count) / 10000
        made[f"{geo}_Long"] = draw.integers(-1800000, 1800000, count) / 10000
        made[f"{geo}_FeatureID"] = pick(draw, ["531871", "MX"], count)
    return made


def pick(draw: np.random.Generator, options: Sequence[str], count: int) -> pl.Series:
    """Return options drawn with equal chance."""
    return pl.Series(options)[draw.integers(0, len(options), count)]


def addresses(draw: np.random.Generator, start: int, count: int) -> pl.Series:
    """Return web addresses of news; about three events share one."""
    story = pl.Series(start + draw.integers(0, count // 3 + 1, count)).cast(pl.String)
    site, topic = pick(draw, SITES, count), pick(draw, TOPICS, count)
    return "https://www." + site + "/world/americas/" + topic + "-" + story + ".html"


def spoilt(line: bytes, how: str) -> bytes:
    """Return a line that no reader should take for an event."""
    cells = line.split(b"\t")
    if how == "short":
        return b"\t".join(cells[:40])
    if how == "long":
        return line + b"\textra"
    place, text = {
        "day": (1, b"20231399"),
        "number": (30, b"n/a"),
        "type": (26, b"---"),
        "bytes": (6, b"M\xc9XICO"),
    }[how]
    return b"\t".join([*cells[:place], text, *cells[place + 1 :]])


def digest(store: Path) -> str:
    """Return one hash over the names and bytes of every file of a store."""
    made = hashlib.sha256()
    for path in sorted(path for path in store.rglob("*") if path.is_file()):
        made.update(str(path.relative_to(store)).encode())
        made.update(path.read_bytes())
    return made.hexdigest()


class Peak:
    """The largest resident memory of a process and its children, looked at twenty times a second."""

    def __init__(self, process: int) -> None:
        self.process, self.bytes, self.stopped = psutil.Process(process), 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self) -> None:
        """Look until told to stop."""
        while not self.stopped.wait(0.05):
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.bytes = max(self.bytes, sum(one.memory_info().rss for one in family))
            except psutil.NoSuchProcess:
                continue

    def stop(self) -> float:
        """Return the peak in megabytes."""
        self.stopped.set()
        self.thread.join()
        return self.bytes / 1e6


def run(paths: Sequence[Path], store: Path, *extra: str, kill_after: float | None = None) -> dict[str, float]:
    """Import in a process of its own; return seconds, seconds of processor, and the peak."""
    command = [sys.executable, "-c", "from palanca.cli import main; main()", "feed", "import"]
    command += [*map(str, paths), "--format", "gdelt2", "--store", str(store), "--json", *extra]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        peak = Peak(process.pid)
        if kill_after is not None:
            time.sleep(kill_after)
            os.killpg(process.pid, signal.SIGKILL)
        output = process.communicate()[0]
        megabytes = peak.stop()
    if process.returncode and kill_after is None:
        raise SystemExit(f"the import ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    counted = json.loads(output) if process.returncode == 0 else {}
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_mb": round(megabytes),
        **{name: counted[name] for name in ("lines", "kept", "malformed", "rows", "repeated") if counted},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate, import and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=366, help="days that the rows are spread over")
    parser.add_argument("--zip", action="store_true", help="pack the files as GDELT does")
    parser.add_argument("--kill", action="store_true", help="also kill an import half-way and go on")
    parser.add_argument("--cluster", action="store_true", help="also through a Dask cluster of two workers")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="feeds-"))
    try:
        found = measured(folder, options)
    finally:
        shutil.rmtree(folder)
    print(json.dumps(found, indent=1) if options.json else "\n".join(f"{k}: {v}" for k, v in found.items()))
    same = {value for name, value in found.items() if name.startswith("sha256")}
    return 0 if len(same) == 1 else 1


def measured(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """Return what every import took and the hash of the store that it left."""
    started = time.perf_counter()
    paths = generate(folder, options.rows, options.days, packed=options.zip)
    size = sum(path.stat().st_size for path in paths) / 1e6
    found: dict[str, object] = {
        "generated": f"{options.rows:,} rows, {size:,.0f} MB, {time.perf_counter() - started:.0f} s"
    }
    whole = run(paths, folder / "whole")
    found |= {"import": whole, "sha256 of the store": digest(folder / "whole")}
    if options.kill:
        found["killed"] = run(paths, folder / "killed", kill_after=whole["seconds"] / 2)
        found["left unfinished"] = (folder / "killed" / ".unfinished").exists()
        found |= {"begun again": run(paths, folder / "killed"), "sha256 after it": digest(folder / "killed")}
    if options.cluster:
        found |= clustered(paths, folder / "cluster")
    return found


def clustered(paths: Sequence[Path], store: Path) -> dict[str, object]:
    """Import through a local Dask cluster of two workers with one thread each."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        peak, started = Peak(os.getpid()), time.perf_counter()
        run(paths, store, "--scheduler", cluster.scheduler_address)
        seconds = round(time.perf_counter() - started, 1)
        return {
            "cluster": {"seconds": seconds, "peak_mb": round(peak.stop())},
            "sha256 by cluster": digest(store),
        }


if __name__ == "__main__":
    sys.exit(main())
