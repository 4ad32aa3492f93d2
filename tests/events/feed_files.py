"""Files of events made for a test, in the layouts of their publishers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from palanca.events.feeds import layout

GDELT = {
    "GLOBALEVENTID": "1",
    "SQLDATE": "20240305",
    "Actor1Code": "USAGOV",
    "Actor1Name": "WHITE HOUSE",
    "Actor1CountryCode": "USA",
    "Actor2Code": "CHN",
    "Actor2Name": "CHINA",
    "Actor2CountryCode": "CHN",
    "EventCode": "1312",
    "GoldsteinScale": "-5.8",
    "NumMentions": "4",
    "NumSources": "1",
    "NumArticles": "4",
    "AvgTone": "-2.25",
    "ActionGeo_FullName": "Beijing, China",
    "DATEADDED": "20240306001500",
    "SOURCEURL": "https://news.example/world/a-1.html",
}


def gdelt(form: str = "gdelt2", **cells: str) -> str:
    """Return one line of GDELT; cells not named are as in `GDELT` or empty."""
    row = GDELT | cells
    if form == "gdelt1" and "DATEADDED" not in cells:
        row["DATEADDED"] = "20240306"
    return "\t".join(row.get(name, "") for name in layout(form).columns)


def write(path: Path, lines: Sequence[str]) -> Path:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return path


def table(path: Path, mark: str, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows under a line of names."""
    names = list(rows[0])
    return write(path, [mark.join(names), *(mark.join(row[name] for name in names) for row in rows)])


def content(store: Path) -> dict[str, bytes]:
    """Return every file of a store."""
    return {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}
