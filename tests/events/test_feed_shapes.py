"""Files of feeds as others saved them anew: read as the publisher's own, or refused."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from feed_files import GDELT

from palanca.errors import BadFeed, InputError
from palanca.events.feeds import import_files, layout, scan

ICEWS = {
    "Event ID": "1",
    "Event Date": "2017-06-01",
    "Source Name": "Foreign Affairs (México)",
    "Source Sectors": "Executive,Government",
    "Source Country": "Mexico",
    "Event Text": "Consult, not specified below",
    "CAMEO Code": "040",
    "Intensity": "1.5",
    "Target Name": "Ministry (Japan)",
    "Target Sectors": "Government",
    "Target Country": "Japan",
    "Story ID": "47400351",
    "Province": "Oaxaca",
}
SECOND = ICEWS | {
    "Event ID": "2",
    "Target Country": "France",
    "Intensity": "-2.0",
    "Source Name": 'The "A"; B',
}


def saved(
    path: Path, rows: list[dict[str, str]], mark: str = "\t", *, encoding: str = "utf-8", quote: int = 3
) -> Path:
    text = io.StringIO(newline="")
    escape = {"quotechar": None} if quote == csv.QUOTE_NONE else {}
    writer = csv.writer(text, delimiter=mark, lineterminator="\n", quoting=quote, **escape)  # type: ignore[arg-type]
    writer.writerows([list(rows[0]), *(list(row.values()) for row in rows)])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def imported(path: Path, store: Path, form: str = "icews") -> pl.DataFrame:
    done = import_files([path], layout(form), store)
    assert done.malformed == {}
    return scan(store).collect()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("mark", "quote"), [("\t", csv.QUOTE_ALL), (",", csv.QUOTE_MINIMAL), (";", csv.QUOTE_ALL)]
)
def test_a_feed_saved_anew_gives_the_same_store(tmp_path: Path, encoding: str, mark: str, quote: int) -> None:
    usual = imported(saved(tmp_path / "usual.tab", [ICEWS, SECOND]), tmp_path / "one")
    assert usual["actor"].to_list() == ["MEX", "MEX"]
    anew = saved(tmp_path / "anew.tab", [ICEWS, SECOND], mark, encoding=encoding, quote=quote)
    assert imported(anew, tmp_path / "two").equals(usual)


def test_decimal_commas_capitals_and_american_days_are_understood(tmp_path: Path) -> None:
    usual = imported(saved(tmp_path / "usual.tab", [ICEWS, SECOND]), tmp_path / "one")
    rows = [
        {name.upper(): cell for name, cell in (row | {"Event Date": "6/1/2017"}).items()}
        for row in (ICEWS, SECOND)
    ]
    rows = [row | {"INTENSITY": row["INTENSITY"].replace(".", ",")} for row in rows]
    assert imported(saved(tmp_path / "anew.tab", rows), tmp_path / "two").equals(usual)


def test_codes_are_told_from_the_text_where_their_column_is_missing(tmp_path: Path) -> None:
    texts = {"Consult": "040", "Consider policy option": "014", "Reject": "120", "Dance": None}
    rows = [ICEWS | {"Event ID": str(n), "Event Text": text} for n, text in enumerate(texts)]
    rows = [{name: cell for name, cell in row.items() if name != "CAMEO Code"} for row in rows]
    done = import_files([saved(tmp_path / "2017.tab", rows)], layout("icews"), tmp_path / "store")
    assert done.malformed == {"unknown event type": 1}
    assert set(scan(tmp_path / "store").collect()["code"]) == {"040", "014", "120"}


def test_polecat_with_its_intensity_under_another_name(tmp_path: Path) -> None:
    from palanca.events.feeds import layout as layout_of

    cells = dict.fromkeys(layout_of("polecat").map.values(), "x")
    row = {"Event Intensity" if name == "Intensity" else name: cell for name, cell in cells.items()}
    row |= {"Event Date": "2023-05-04", "Publication Date": "2023-05-05", "Event Type": "SANCTION"}
    row |= {"Event Intensity": "-2.0", "Actor Country": "USA", "Recipient Country": "MEX"}
    assert imported(saved(tmp_path / "p.txt", [row]), tmp_path / "store", "polecat")[
        "intensity"
    ].to_list() == [-2.0]


def test_byte_order_mark_of_a_file_without_headings_is_no_letter_of_the_first_id(tmp_path: Path) -> None:
    names = layout("gdelt2").columns
    line = "\t".join(GDELT.get(name, "") for name in names)
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + f"{line}\n".encode())
    assert imported(tmp_path / "a.csv", tmp_path / "store", "gdelt2")["id"].to_list() == ["1"]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\xd8\x00\xd8", b"\xff\xfeE\x00v", b"", b"Event ID\tOther\n1\t2\n"]
)
def test_a_file_of_no_feed_is_refused_and_nothing_stored(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tab").write_bytes(content)
    with pytest.raises(BadFeed):
        import_files([tmp_path / "a.tab"], layout("icews"), tmp_path / "store")
    assert not list((tmp_path / "store").rglob("*.parquet"))


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        import_files([tmp_path], layout("icews"), tmp_path / "store")
