"""Files as the world has them: whichever way the same table is written, it is read the same or refused."""

import csv
import io
import logging
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue import export, intake
from palanca.errors import InputError

NAMES = ("seller", "buyer", "value")
EXPECTED = intake.Expected(InputError, {"seller": ("exporter",), "buyer": (), "value": ("v",)}, ("value",))
CELLS = [("México", "Côte d’Ivoire", "1.5"), ("Türkiye", "a, b; c\td|e", "-0.25"), ("Perú", "x", "1234.5")]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")


def written(mark: str, names: tuple[str, ...] = NAMES, *, comma: bool = False, end: str = "\n") -> str:
    text = io.StringIO(newline="")
    rows = [(*row[:2], row[2].replace(".", ",") if comma else row[2]) for row in CELLS]
    csv.writer(text, delimiter=mark, lineterminator=end).writerows([names, *rows])
    return text.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("comma", [False, True])
def test_table_is_the_same_however_it_is_written(
    tmp_path: Path, encoding: str, mark: str, comma: bool, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(written(mark, comma=comma, end="\r\n").encode(encoding))
    with caplog.at_level(logging.INFO, logger="palanca"):
        found = intake.table(path, EXPECTED)
    assert found.rows() == [(*row[:2], float(row[2])) for row in CELLS]
    assert [tuple(row.values())[:2] for row in intake.rows(path, EXPECTED)] == [row[:2] for row in CELLS]
    usual = (encoding, mark, comma) == ("utf-8", ",", False)
    assert (caplog.text == "") == usual
    assert ("decimal comma in value" in caplog.text) == comma
    assert (f"{intake.SEPARATORS[mark]} separated" in caplog.text) == (mark != ",")


@pytest.mark.parametrize(
    "names", [("SELLER", "Buyer", "V"), ("exporter", " buyer ", "value"), ("Ex-porter", "BUYER", "v")]
)
def test_headings_are_known_in_any_case_and_by_their_other_names(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(written(";", names), encoding="utf-8")
    assert intake.table(path, EXPECTED).columns == list(NAMES)


@pytest.mark.parametrize(
    ("cells", "comma"),
    [
        (["1,5", "2"], True),
        (["1.234,5", "2"], True),
        (["1.5", "2"], False),
        (["1,234", "2,5"], True),
        ([None, "3"], False),
        (["1,234", "2"], None),  # a thousand, or a little more than one
        (["1,5", "0.5"], None),
        (["1,234.5"], None),
        (["one, two"], None),
    ],
)
def test_decimal_comma_is_told_or_refused(cells: list[str | None], comma: bool | None) -> None:
    series = pl.Series("value", cells, dtype=pl.String)
    if comma is None:
        with pytest.raises(InputError, match="value: "):
            intake.has_comma(series, ",", InputError)
    else:
        assert intake.has_comma(series, ",", InputError) == comma


def test_semicolons_tell_that_a_comma_is_decimal() -> None:
    assert intake.has_comma(pl.Series("value", ["1,234", "2"]), ";", InputError)


def test_point_after_decimal_commas_is_no_number_rather_than_another_one(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = "".join(f"a;b;{n},5\n" for n in range(intake.SAMPLE + 1))
    path.write_text("seller;buyer;value\n" + rows + "a;b;0.5\n", encoding="utf-8")
    assert intake.table(path, EXPECTED)["value"].null_count() == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (bytes(range(256)), "binary"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "binary"),
        (b"seller,buyer\nM\xc3\xa9xico,\xff\n", "Save it as UTF-8"),
        (b"seller,buyer\n\x1b[31m,b\n", "character 27 in line 2"),
        (b"seller,SELLER\n1,2\n", "stand twice"),
        (b'seller,buyer\n"a,b\n', "Mend its quotes"),
        (b"\xff\xfea", "not text in UTF-16-LE"),
    ],
)
def test_what_is_no_table_is_refused_with_one_error(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says.replace("[", r"\[")):
        intake.rows(path, EXPECTED)


def test_a_folder_or_nothing_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        intake.text(tmp_path, InputError)
    with pytest.raises(InputError, match="cannot be read"):
        intake.text(tmp_path / "none.csv", InputError)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)


@given(
    st.lists(
        st.tuples(
            texts | st.sampled_from(["=1+1", "-x", "@a", "\tb", "'=c", "+1", "-2.5e3", "'"]),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_cell_is_run_by_a_spreadsheet_and_all_are_restored(rows: list[tuple[str, float]]) -> None:
    made = export.csv_of(["words", "number"], ({"words": word, "number": number} for word, number in rows))
    lines = list(csv.reader(io.StringIO(made.decode(), newline="")))[1:]
    assert [(export.restored(word), float(number)) for word, number in lines] == rows
    assert not [word for word, _ in lines if word[:1] in "=@\t" and word]
    frame = pl.DataFrame(rows, schema={"words": pl.String, "number": pl.Float64}, orient="row")
    again = list(csv.reader(io.StringIO(export.csv_of_frame(frame).decode(), newline="")))[1:]
    assert [word for word, _ in again] == [word for word, _ in lines]
    assert [float(number) for _, number in again] == [number for _, number in rows]
