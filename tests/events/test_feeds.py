"""Files of events of others, read row by row into one store."""

import csv
import gzip
import json
import random
import subprocess
import sys
import zipfile
from codecs import BOM_UTF8
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl
import pytest
from feed_files import GDELT, content, gdelt, table, write
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from palanca.errors import BadFeed, BadParameter, InputError
from palanca.events.event import vocabulary
from palanca.events.feeds import import_files, importing, layout, layout_of, scan, staging, units
from palanca.events.feeds.layouts import FORMATS, front_rules
from palanca.events.feeds.opening import encoding_of
from palanca.events.feeds.rows import iso3 as country_of


def rows(store):
    return scan(store).collect()


def malformed(store):
    (path,) = (store / "malformed").iterdir()
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_gdelt_columns_are_those_of_the_published_schema(shared):
    with (shared / "politics" / "event_text" / "gdelt_events2.csv").open() as file:
        published = [row["name"] for row in csv.DictReader(file)]
    assert list(layout("gdelt2").columns) == published
    assert len(published) == 61
    assert list(layout("gdelt1").columns) == [name for name in published if "ADM2" not in name]


def test_quad_classes_are_those_of_the_code_table(shared):
    table_of_codes = json.loads((shared / "politics" / "event_text" / "cameo_codes.json").read_text())
    for form in ("gdelt1", "gdelt2", "icews"):
        for code, told in table_of_codes.items():
            assert layout(form).quads[code[:2]] == told["quad_class"], (form, code)


def test_a_row_of_gdelt_becomes_a_row_of_the_store(tmp_path):
    path = write(tmp_path / "a.CSV", [gdelt()])
    import_files([path], layout("gdelt2"), tmp_path / "store")
    (row,) = rows(tmp_path / "store").to_dicts()
    assert row["tone"] == pytest.approx(-2.25)
    assert row["intensity"] == pytest.approx(-5.8, rel=1e-6)  # kept with 24 binary digits
    del row["tone"], row["intensity"]
    assert row == {
        **{"day": date(2024, 3, 5), "added": date(2024, 3, 6), "actor": "USA", "target": "CHN"},
        **{"code": "1312", "quad": 3, "front": "trade", "mentions": 4, "sources": 1, "articles": 4},
        **{"actor_code": "USAGOV", "target_code": "CHN", "actor_name": "WHITE HOUSE"},
        **{"target_name": "CHINA", "place": "Beijing, China", "feed": "gdelt2", "id": "1"},
        "document": "https://news.example/world/a-1.html",
    }


def test_gdelt_before_april_2013_has_no_address_and_loses_nothing(tmp_path):
    old = [gdelt("gdelt1", GLOBALEVENTID=str(n)).rpartition("\t")[0] for n in (1, 2)]
    assert all(line.count("\t") == 56 for line in old)
    done = import_files(
        [write(tmp_path / "a.csv", [*old, gdelt("gdelt1", GLOBALEVENTID="3")])],
        layout("gdelt1"),
        tmp_path / "store",
    )
    assert (done.rows, done.repeated, done.malformed) == (3, 0, {})
    assert rows(tmp_path / "store")["document"].to_list() == ["id:1", "id:2", GDELT["SOURCEURL"]]


def test_icews_as_published(shared, tmp_path):
    path = shared / "politics" / "event_text" / "icews_events.2018.sample.tab"
    done = import_files([path], layout("icews"), tmp_path)
    raw = pl.read_csv(path, separator="\t", quote_char=None, infer_schema=False)
    assert (done.lines, done.kept, done.malformed) == (raw.height + 1, raw.height, {})
    found = rows(tmp_path)
    same = raw.unique(["Story ID", "Event Date", "Source Country", "Target Country", "CAMEO Code"])
    # Countries that are not known, such as those of international bodies, fall together when missing.
    assert 0.99 * same.height < found.height <= same.height
    assert done.repeated == done.kept - done.rows
    one = found.filter(id="32889836").to_dicts()[0]
    assert (one["actor"], one["target"], one["code"], one["quad"]) == ("BGD", "VNM", "040", 1)
    unknown = set(found.filter(pl.col("actor").is_null())["actor_name"]) - set(
        raw.filter(pl.col("Source Country") == "NA")["Source Name"]
    )
    countries = set(raw.filter(pl.col("Source Name").is_in(list(unknown)))["Source Country"])
    assert countries == set(), "countries of ICEWS that the catalogue does not know"


POLECAT = {
    **{"Event ID": "20230101-1", "Event Date": "2023-01-01", "Event Type": "THREATEN", "Event Mode": ""},
    **{"Intensity": "-6.5", "Quad Code": "", "Contexts": "economic", "Actor Name": "Foreign Ministry"},
    **{
        "Actor Country": "CHN",
        "Actor Sectors": "GOV",
        "Recipient Name": "Australia",
        "Recipient Country": "AUS",
    },
    **{"Recipient Sectors": "None", "Placename": "Beijing", "Publication Date": "2023-01-02", "Source": "X"},
}
ACLED = {
    **{"event_id_cnty": "COL1", "event_date": "05 March 2024", "event_type": "Battles"},
    **{
        "actor1": "Military Forces of Colombia (2022-)",
        "inter1": "1",
        "actor2": "ELN: National Liberation Army",
    },
    **{"inter2": "2", "location": "Tame", "notes": '"A clash, with ""quotes""\nand a second line"'},
}


def test_polecat_as_documented(tmp_path):
    path = table(
        tmp_path / "p.txt", "\t", [POLECAT, POLECAT | {"Event ID": "20230101-2", "Event Type": "SING"}]
    )
    done = import_files([path], layout("polecat"), tmp_path / "store")
    assert done.malformed == {"unknown event type": 1}
    (row,) = rows(tmp_path / "store").to_dicts()
    assert (row["actor"], row["target"], row["quad"], row["target_code"]) == ("CHN", "AUS", 3, None)
    assert row["added"] == date(2023, 1, 2)


def test_acled_as_documented(tmp_path):
    second = ACLED | {"event_id_cnty": "COL2", "event_date": "2024-03-06", "actor2": "Protesters (Peru)"}
    third = ACLED | {"event_id_cnty": "COL3", "event_date": "soon"}
    done = import_files(
        [table(tmp_path / "a.csv", ",", [ACLED, second, third])], layout("acled"), tmp_path / "store"
    )
    assert (done.kept, done.malformed, done.lines) == (2, {"event_date is no day": 1}, 7)
    assert rows(tmp_path / "store")["actor"].to_list() == ["COL", "COL"]
    assert rows(tmp_path / "store")["target"].to_list() == [None, "PER"]
    assert malformed(tmp_path / "store")[0]["line"] == 6


def test_feeds_without_a_real_file_say_so():
    assert {form for form in FORMATS if "no real file" in layout(form).tested} == {"polecat", "acled"}


MAPPING = """
feed: mine
title: my own table
tested: here
source: this test, which made it
separator: semicolon
header: true
map: {id: nr, day: datum, code: art, actor: von, target: an}
day_format: "%d.%m.%Y"
quads: {Drohung: 3, Hilfe: 2}
"""


def test_a_table_of_ones_own(tmp_path):
    (tmp_path / "mine.yaml").write_text(MAPPING)
    lines = [
        "nr;datum;art;von;an",
        "1;05.03.2024;Drohung;Alemania;Francia",
        "2;06.03.2024;Hilfe;FRA;DE",
        "3;x",
    ]
    path = write(tmp_path / "mine.csv", lines)
    done = import_files([path], layout_of(tmp_path / "mine.yaml"), tmp_path / "store")
    assert done.malformed == {"2 columns": 1}
    found = rows(tmp_path / "store")
    assert found.select("actor", "target", "quad", "feed").rows() == [
        ("DEU", "FRA", 3, "mine"),
        ("FRA", "DEU", 2, "mine"),
    ]


def test_a_mapping_with_faults_lists_them_all(tmp_path):
    (tmp_path / "bad.yaml").write_text("title: x\nmap: {id: a, colour: b}\nquads: {a: 7}\n")
    with pytest.raises(BadParameter) as caught:
        layout_of(tmp_path / "bad.yaml")
    assert {fault.split(":")[0] for fault in caught.value.faults} >= {"feed", "source", "map", "quads.a"}


def test_a_file_of_another_layout_is_refused(tmp_path):
    path = write(tmp_path / "a.tab", ["Event ID\tEvent Date", "1\t2020-01-01"])
    with pytest.raises(BadFeed, match="CAMEO Code"):
        import_files([path], layout("icews"), tmp_path / "store")


def test_files_that_are_not_there_are_all_named(tmp_path):
    with pytest.raises(InputError) as caught:
        import_files([tmp_path / "a", tmp_path / "b"], layout("gdelt2"), tmp_path / "store")
    assert len(caught.value.faults) == 2


SPOILT = {
    "60 columns": gdelt().rpartition("\t")[0],
    "62 columns": gdelt() + "\textra",
    "1 columns": "",
    "SQLDATE is no day": gdelt(SQLDATE="20240230"),
    "no SQLDATE": gdelt(SQLDATE=""),
    "no GLOBALEVENTID": gdelt(GLOBALEVENTID=""),
    "GoldsteinScale is no number": gdelt(GoldsteinScale="high"),
    "AvgTone is no number": gdelt(AvgTone="nan"),
    "NumMentions is no number": gdelt(NumMentions="3.5"),
    "DATEADDED is no day": gdelt(DATEADDED="0"),
    "unknown event type": gdelt(EventCode="---"),
    "no EventCode": gdelt(EventCode=""),
}


@pytest.mark.parametrize("reason", SPOILT)
def test_a_malformed_row_is_counted_and_kept_aside(reason, tmp_path):
    path = write(tmp_path / "a.CSV", [gdelt(), SPOILT[reason], gdelt(EventCode="043")])
    done = import_files([path], layout("gdelt2"), tmp_path / "store")
    assert (done.kept, done.malformed, done.rows) == (2, {reason: 1}, 2)
    assert malformed(tmp_path / "store") == [{"line": 2, "reason": reason, "text": SPOILT[reason]}]


def test_a_byte_that_is_not_text_is_kept_as_its_number(tmp_path):
    good, bad = gdelt().encode(), gdelt(Actor1Name="MEXICO").encode().replace(b"MEXICO", b"M\xc9XICO")
    (tmp_path / "a.CSV").write_bytes(good + b"\n" + bad + b"\r\n" + good.replace(b"1312", b"0431"))
    done = import_files([tmp_path / "a.CSV"], layout("gdelt2"), tmp_path / "store")
    assert (done.kept, done.malformed) == (2, {"not UTF-8": 1})
    assert "M\\xc9XICO" in malformed(tmp_path / "store")[0]["text"]


def test_quotes_in_gdelt_mean_nothing(tmp_path):
    path = write(
        tmp_path / "a.CSV", [gdelt(Actor1Name='"HALF'), gdelt(EventCode="043", Actor2Name='A "B" C')]
    )
    done = import_files([path], layout("gdelt2"), tmp_path / "store")
    assert done.rows == 2
    assert set(rows(tmp_path / "store")["actor_name"]) == {'"HALF', "WHITE HOUSE"}


def test_codes_of_regions_are_no_country_and_old_codes_are(tmp_path):
    path = write(
        tmp_path / "a.CSV", [gdelt(Actor1CountryCode="ROM", Actor2CountryCode="EUR", Actor2Code="EUR")]
    )
    import_files([path], layout("gdelt2"), tmp_path / "store")
    assert rows(tmp_path / "store").select("actor", "target", "target_code").row(0) == ("ROU", None, "EUR")


@pytest.mark.parametrize(
    "column", ["SOURCEURL", "SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "EventCode"]
)
def test_rows_tell_of_one_event_only_if_address_day_pair_and_type_agree(column, tmp_path):
    other = {"SOURCEURL": "https://b.example", "SQLDATE": "20240306", "EventCode": "043"}.get(column, "FRA")
    lines = [
        gdelt(GLOBALEVENTID="7"),
        gdelt(GLOBALEVENTID="3", NumMentions="9"),
        gdelt(GLOBALEVENTID="8", **{column: other}),
    ]
    done = import_files([write(tmp_path / "a.CSV", lines)], layout("gdelt2"), tmp_path / "store")
    assert (done.rows, done.repeated) == (2, 1)
    assert set(rows(tmp_path / "store")["id"]) == {"3", "8"}


def test_only_the_pair_is_kept_in_both_directions(tmp_path):
    back = {"Actor1CountryCode": "CHN", "Actor2CountryCode": "USA"}
    lines = [gdelt(), gdelt(**back), gdelt(Actor2CountryCode="FRA"), gdelt(Actor2CountryCode="")]
    path = write(tmp_path / "a.CSV", lines)
    done = import_files([path], layout("gdelt2"), tmp_path / "store", pair=("CHN", "USA"))
    assert (done.kept, done.outside, done.rows) == (2, 2, 2)


def test_packed_files_are_read_like_plain_ones(tmp_path):
    lines = [gdelt(GLOBALEVENTID=str(n), SOURCEURL=f"https://{n}.example") for n in range(50)]
    plain = write(tmp_path / "a.CSV", lines)
    with zipfile.ZipFile(tmp_path / "b.CSV.zip", "w") as archive:
        archive.write(plain, "a.CSV")
    (tmp_path / "c.CSV.gz").write_bytes(gzip.compress(plain.read_bytes()))
    months = []
    for path in (plain, tmp_path / "b.CSV.zip", tmp_path / "c.CSV.gz"):
        import_files([path], layout("gdelt2"), tmp_path / path.stem)
        months.append(
            {name: held for name, held in content(tmp_path / path.stem).items() if "parquet" in name}
        )
    assert months[0] == months[1] == months[2]


def test_a_damaged_zip_is_named(tmp_path):
    (tmp_path / "a.CSV.zip").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(BadFeed, match=r"a\.CSV\.zip is damaged"):
        import_files([tmp_path / "a.CSV.zip"], layout("gdelt2"), tmp_path / "store")


def test_a_file_imported_before_is_not_read_again(tmp_path):
    path = write(tmp_path / "a.CSV", [gdelt()])
    import_files([path], layout("gdelt2"), tmp_path / "store")
    before = content(tmp_path / "store")
    done = import_files([path], layout("gdelt2"), tmp_path / "store")
    assert (done.files, done.skipped) == (0, 1)
    assert content(tmp_path / "store") == before


def test_front_rules_use_the_fronts_of_the_ledger():
    assert front_rules().words.keys() | front_rules().codes.keys() <= vocabulary().fronts.keys()


@pytest.mark.parametrize(
    ("cells", "front"),
    [
        ({"SOURCEURL": "https://a.example/Fentanyl-and-tariffs"}, "fentanyl"),
        ({"SOURCEURL": "https://a.example/tariffs-and-fentanyl"}, "trade"),
        ({"SOURCEURL": "https://a.example/x", "EventCode": "163"}, "trade"),
        ({"SOURCEURL": "https://a.example/x", "EventCode": "0332"}, "security_cooperation"),
        ({"SOURCEURL": "https://a.example/x", "EventCode": "112"}, None),
    ],
)
def test_the_address_then_the_type_gives_the_front(cells, front, tmp_path):
    import_files([write(tmp_path / "a.CSV", [gdelt(**cells)])], layout("gdelt2"), tmp_path / "store")
    assert rows(tmp_path / "store")["front"].to_list() == [front]


LINES = st.lists(
    st.builds(
        gdelt,
        GLOBALEVENTID=st.integers(1, 30).map(str),
        SQLDATE=st.sampled_from(["20240305", "20240306", "20240401", "20249999"]),
        Actor1CountryCode=st.sampled_from(["USA", "CHN", ""]),
        EventCode=st.sampled_from(["043", "1312", "999"]),
        NumMentions=st.sampled_from(["1", "2", "x"]),
        SOURCEURL=st.sampled_from(["https://a.example", "https://b.example", ""]),
    ),
    min_size=1,
    max_size=40,
)


@given(lines=LINES, cut=st.integers(0, 40), seed=st.integers(0, 5), size=st.sampled_from([300, 2_000, 10**6]))
@settings(max_examples=25)
def test_the_store_depends_on_the_rows_alone(tmp_path_factory, lines, cut, seed, size):
    folder = tmp_path_factory.mktemp("feeds")
    shuffled = random.Random(seed).sample(lines, len(lines))
    whole = write(folder / "whole.CSV", lines)
    halves = [write(folder / "1.CSV", shuffled[:cut]), write(folder / "2.CSV", shuffled[cut:])]
    one = import_files([whole], layout("gdelt2"), folder / "one")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "palanca.events.feeds.importing.units", lambda paths, form: units.units(paths, form, size=size)
        )
        patch.setattr("palanca.events.feeds.store.ROWS_AT_ONCE", 3)
        several = [import_files([path], layout("gdelt2"), folder / "two") for path in halves]
    assert {n: c for n, c in content(folder / "one").items() if "parquet" in n} == {
        n: c for n, c in content(folder / "two").items() if "parquet" in n
    }
    assert one.lines == one.kept + sum(one.malformed.values()) == sum(done.lines for done in several)
    assert one.kept == sum(done.kept for done in several)
    assert one.rows == several[-1].rows


@given(data=st.binary(max_size=400), size=st.sampled_from([1, 7, 64, 1000]))
def test_every_line_is_in_one_part_whatever_the_cuts(tmp_path_factory, data, size):
    path = tmp_path_factory.mktemp("cuts") / "a.CSV"
    path.write_bytes(data)
    assume(encoding_of(str(path)) == "utf-8" and not data.startswith(BOM_UTF8))  # else it is read as UTF-8
    parts = [part for unit in units.units([path], layout("gdelt2"), size=size) for part in unit]
    assert b"".join(block for part in parts for block in units.blocks(part)) == data


def interrupted(monkeypatch, name, after):
    """Have a step of an import fail as if the machine went off, the `after`-th time it is taken."""
    module, _, function = name.rpartition(".")
    real, taken = getattr(__import__(module, fromlist=["_"]), function), []

    def step(*arguments, **named):
        taken.append(1)
        if len(taken) > after:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    monkeypatch.setattr(name, step)


HERE = "palanca.events.feeds"
STEPS = [
    f"{HERE}.importing.stage",
    f"{HERE}.staging._take_name",
    f"{HERE}.store.merge",
    f"{HERE}.importing._write_down",
    "shutil.rmtree",
]


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_import_begun_again_leaves_the_same_store(step, after, tmp_path, monkeypatch):
    days = [f"2024{month:02}{day:02}" for month in (1, 2, 3) for day in (1, 9, 20)]
    lines = [
        gdelt(GLOBALEVENTID=str(n), SQLDATE=day, SOURCEURL=f"https://{n % 20}.example")
        for day in days
        for n in range(40)
    ]
    paths = [write(tmp_path / f"{n}.CSV", [*lines[n::3], "broken"]) for n in range(3)]
    monkeypatch.setattr(importing, "units", lambda paths, form: units.units(paths, form, size=20_000))
    import_files(paths, layout("gdelt2"), tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        interrupted(patch, step, after)
        try:
            import_files(paths, layout("gdelt2"), tmp_path / "killed")
        except KeyboardInterrupt:
            assert (tmp_path / "killed" / ".unfinished").is_dir() or step.endswith("stage")
    again = import_files(paths, layout("gdelt2"), tmp_path / "killed")
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
    assert again.rows == 9 * 20


def test_what_was_read_is_not_read_again(tmp_path, monkeypatch):
    path = write(tmp_path / "a.CSV", [gdelt(GLOBALEVENTID=str(n), SOURCEURL=f"u{n}") for n in range(60)])
    monkeypatch.setattr(importing, "units", lambda paths, form: units.units(paths, form, size=2_000))
    with pytest.MonkeyPatch.context() as patch:
        interrupted(patch, "palanca.events.feeds.importing.stage", 3)
        with pytest.raises(KeyboardInterrupt):
            import_files([path], layout("gdelt2"), tmp_path / "store")
    read = []
    real = staging._Draft.fill
    monkeypatch.setattr(staging._Draft, "fill", lambda self, unit: (read.extend(unit), real(self, unit))[1])
    import_files([path], layout("gdelt2"), tmp_path / "store")
    assert min(part.start for part in read) == 3 * 2_000


def test_threads_leave_the_same_store(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "units", lambda paths, form: units.units(paths, form, size=5_000))
    lines = [
        gdelt(GLOBALEVENTID=str(n), SQLDATE=f"20240{n % 9 + 1}11", SOURCEURL=f"u{n % 70}") for n in range(200)
    ]
    path = write(tmp_path / "a.CSV", lines)
    import_files([path], layout("gdelt2"), tmp_path / "alone")
    with ThreadPoolExecutor(4) as pool:
        import_files([path], layout("gdelt2"), tmp_path / "threads", executor=pool)
    assert content(tmp_path / "threads") == content(tmp_path / "alone")


@pytest.mark.parametrize(
    ("actor", "iso3"),
    [
        ("Military Forces of the United States (2021-2025)", "USA"),
        ("Military Forces of the Democratic Republic of Congo (2019-)", "COD"),
        ("Police Forces of the Bahamas (2021-) Coast Guard", "BHS"),
        ("Mutiny of Military Forces of Guinea (2010-2021)", "GIN"),
        ("Government of the United Kingdom (2019-2024)", "GBR"),
        ("Protesters (Mexico)", "MEX"),
        ("Unidentified Armed Group; Protesters (Mexico); Military Forces of Iran (1989-)", "MEX"),
        ("Military Forces of the Netherlands (2010-);", "NLD"),
        ("Unidentified Armed Group", None),
        ("", None),
        (";", None),
    ],
)
def test_actor_of_acled_keeps_its_country(actor: str, iso3: str | None) -> None:
    assert country_of(actor, layout("acled")) == iso3


@pytest.mark.fuzz
def test_imports_at_once_leave_the_store_of_one_after_the_other(tmp_path):
    lines = [gdelt(GLOBALEVENTID=str(n), SOURCEURL=f"https://{n}.example") for n in range(4000)]
    paths = [write(tmp_path / f"{n}.CSV", lines[n::4]) for n in range(4)]
    code = "from palanca.cli import main; main()"
    words = [sys.executable, "-c", code, "feed", "import", "--format", "gdelt2", "--store", tmp_path / "all"]
    for path in paths:
        import_files([path], layout("gdelt2"), tmp_path / "one")
    several = [subprocess.Popen([*words, path], stdout=subprocess.DEVNULL) for path in paths]
    assert [one.wait() for one in several] == [0] * 4
    assert rows(tmp_path / "all").equals(rows(tmp_path / "one"))
    listed = json.loads((tmp_path / "all" / "imports.json").read_text())
    assert {one["file"] for one in listed} == {path.name for path in paths}
