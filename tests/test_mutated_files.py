"""Files damaged at random: every reader reads them, or refuses them with one of our errors."""

import datetime as dt
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from palanca.brief.check.text import load
from palanca.economy import synthetic
from palanca.economy.readers import icio, long
from palanca.errors import InputError, PalancaError
from palanca.events import exchange
from palanca.events.coder import documents
from palanca.events.coder.model import labelled
from palanca.events.feeds import layout, layout_of, staging
from palanca.events.feeds.layouts import FORMATS
from palanca.events.feeds.staging import Job
from palanca.events.feeds.units import units
from palanca.events.ledger import Ledger
from palanca.exposure.products import dependences
from palanca.trade import elasticities
from palanca.trade.measure import measure

WORLD = synthetic(3, 2, seed=4)
EVENT = {
    "id": "2025-03-04-usa-tariff",
    "date": "2025-03-04",
    "actor": "USA",
    "target": "MEX",
    "kind": "measure",
    "front": "trade",
    "instrument": "tariff",
    "deadline": "2025-04-02",
    "title": "A tariff of a quarter",
    "magnitude": "25.5",
    "unit": "percent",
    "source": "Federal Register",
    "confidence": "high",
    "recorded_on": "2025-03-04",
}
MEASURE = """title: {en: A tariff, es: Un arancel}
status: applied
sender: USA
start: 2025-03-04
end: 2025-04-04
authority: a law
source:
- {title: The law itself, url: https://example.org, confidence: high}
clauses:
- {kind: tariff, target: MEX, addition: 25.5, exempt: 10, hs: ["8703", "870899"]}
- kind: border delay
  target: [CAN, CHN]
  addition: 1.5
"""
TRADE = "t,i,j,k,v,q\n2022,156,484,847130,10.5,1\n2023,842,484,847130,20.5,1\n2023,156,484,10121,3,1\n"
WORDS = '|0|-1|1e999|nan|null|2025-02-30|XXX|\0|é|true|,|;|\t|\n|"|{|[|:|- |&a|*a|\ufeff|=1+1'
TOKENS = (*WORDS.encode().split(b"|"), b"\xff", b"9" * 40)


@dataclass(frozen=True)
class Reader:
    """A reader of a user's file, and a file it reads."""

    suffix: str
    content: bytes
    read: Callable[[Path], object]


def table(rows: list[dict[str, str]], mark: str = ",") -> bytes:
    lines = [mark.join(rows[0]), *(mark.join(row.values()) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def feed(form: str) -> Reader:
    known = layout(form)
    names = list(known.columns or dict.fromkeys(known.map.values()))
    cells = dict.fromkeys(names, "x") | {known.map[name]: "MEX" for name in ("actor",)}
    day = dt.date(2024, 3, 5).strftime(known.day_format)
    days = {known.map[name]: day for name in ("day", "added") if name in known.map}
    numbers = {known.map[name]: "1.5" for name in ("intensity", "tone") if name in known.map}
    numbers |= {known.map[name]: "4" for name in ("mentions", "sources", "articles") if name in known.map}
    rows = [
        cells | days | numbers | {known.map["code"]: code, known.map["id"]: code} for code in known.quads
    ] * 3
    content = table(rows, known.mark)
    whole = content if known.header else content.split(b"\n", 1)[1]
    return Reader(".csv", whole, lambda path: staged(path, form))


def staged(path: Path, form: str) -> None:
    known = layout(form)
    for unit in units([path], known):
        for part in unit:
            for _ in staging._read(part, Job("", known, None), blake2b()):
                pass


def added(path: Path) -> None:
    Ledger(()).add(exchange.rows(path), who="x", why="y", when=dt.date(2026, 1, 1))


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def long_rows() -> list[dict[str, str]]:
    sold, uses = WORLD.intermediate.values, (*WORLD.sectors, "final")
    return [
        {"origin": o, "destination": d, "sector": s, "use": use, "value": f"{1 + sold[0, 0, 0]:.3f}"}
        for o in WORLD.countries
        for d in WORLD.countries
        for s in WORLD.sectors
        for use in uses
    ]


def square() -> bytes:
    labels = [f"{c}_{s}" for c in ("AAA", "BBB") for s in ("X", "Y")]
    cells = {**dict.fromkeys(labels, "1"), "AAA_HFCE": "4", "BBB_HFCE": "4", "OUT": "12"}
    foot = {"V1": "OUT", **dict.fromkeys(cells, "")}
    return table([*({"V1": row, **cells} for row in labels), foot])


def read_long(path: Path) -> object:
    return long.read(path, name="x", year=2022, unit="usd", least_value_added=0.05)


def read_square(path: Path) -> object:
    return icio.read(path, year=2022, least_value_added=0.05)


def read_documents(path: Path) -> object:
    return list(documents(path))


PAGE = b"<html><head><title>A</title></head><body><p>Mexico said no.</p></body></html>"
THETAS = table([{"study": "one", "sector": sector, "value": "4.5"} for sector in WORLD.sectors])
DOCUMENT = {
    "text": "Mexico imposed tariffs on the United States.",
    "date": "2025-03-04",
    "title": "A",
    "url": "b",
}
READERS = {
    **{f"feed {form}": feed(form) for form in FORMATS},
    "layout": Reader(".yaml", layout("icews").model_dump_json(indent=1).encode(), layout_of),
    "ledger csv": Reader(".csv", table([EVENT]), added),
    "ledger jsonl": Reader(".jsonl", json.dumps(EVENT).encode() + b"\n", added),
    "ledger parquet": Reader(".parquet", parquet(pl.DataFrame([EVENT])), added),
    "measure": Reader(".yaml", MEASURE.encode(), lambda path: measure(str(path))),
    "trade csv": Reader(".csv", TRADE.encode(), lambda path: dependences(path, "MEX", "CHN")),
    "trade parquet": Reader(
        ".parquet", parquet(pl.read_csv(TRADE.encode())), lambda path: dependences(path, "MEX", "CHN")
    ),
    "elasticities": Reader(".csv", THETAS, lambda path: elasticities.read(path, WORLD)),
    "long table": Reader(".csv", table(long_rows()), read_long),
    "inter-country table": Reader(".csv", square(), read_square),
    "documents csv": Reader(".csv", table([DOCUMENT]), read_documents),
    "documents json": Reader(".json", json.dumps([DOCUMENT]).encode(), read_documents),
    "documents jsonl": Reader(".jsonl", json.dumps(DOCUMENT).encode(), read_documents),
    "documents html": Reader(".html", PAGE, read_documents),
    "labels csv": Reader(".csv", table([{"sentence": "They imposed a tariff", "kind": "measure"}]), labelled),
    "labels tsv": Reader(".tsv", b"They imposed a tariff\tmeasure\n", labelled),
    "text": Reader(".txt", "México depende de los Estados Unidos. Mexico depends.".encode(), load),
}


def mutants(content: bytes, count: int, draw: random.Random) -> Iterator[bytes]:
    """Yield damaged copies, some of them in another encoding."""
    for number in range(count):
        made = content
        for _ in range(draw.choice((1, 1, 2, 4))):
            made = damaged(made, draw)
        if number % 10 == 0:
            words = made.decode("utf-8", "ignore")
            made = words.encode(draw.choice(("utf-16", "utf-16-le", "cp1252", "utf-8-sig")), "replace")
        yield made


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Return content with a bit flipped, cut, a token put in, bytes lost, or a line or cell changed."""
    at = draw.randrange(len(content) + 1)
    head, tail, token = content[:at], content[at:], draw.choice(TOKENS)
    flipped = bytes([tail[0] ^ 1 << draw.randrange(8)]) + tail[1:] if tail else token
    lines = content.split(b"\n")
    row = draw.randrange(len(lines))
    mark = draw.choice((b",", b"\t", b":", b" "))
    cells = lines[row].split(mark)
    cells[draw.randrange(len(cells))] = token
    choices = (
        head + flipped,
        head,
        head + token + tail,
        head + tail[draw.randrange(1, 9) :],
        b"\n".join([*lines[: row + 1], *lines[row:]]),
        b"\n".join([*lines[:row], *lines[row + 1 :]]),
        b"\n".join([*lines[:row], mark.join(cells), *lines[row + 1 :]]),
    )
    return draw.choice(choices)


@pytest.mark.parametrize("name", READERS)
def test_a_whole_file_is_read_and_a_damaged_one_read_or_refused(
    name: str, tmp_path: Path, rounds: Callable[[int, int], int], seed: int
) -> None:
    reader = READERS[name]
    path = tmp_path / f"file{reader.suffix}"
    path.write_bytes(reader.content)
    reader.read(path)
    faults: list[Any] = []
    few = 20 if name.startswith("feed") else 100  # one reader reads the feeds of five formats
    for content in mutants(reader.content, rounds(few, 2000), random.Random(seed + 7)):
        path.unlink()
        path.write_bytes(content)
        try:
            reader.read(path)
        except PalancaError:
            continue
        except BaseException as error:  # noqa: BLE001
            faults.append((type(error).__name__, str(error)[:200], content[:300]))
    assert faults == []


@pytest.mark.parametrize("name", READERS)
def test_no_file_and_a_folder_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PalancaError):
        READERS[name].read(tmp_path / f"none{READERS[name].suffix}")
    folder = tmp_path / f"folder{READERS[name].suffix}"
    folder.mkdir()
    with pytest.raises((PalancaError, InputError)):
        READERS[name].read(folder)
