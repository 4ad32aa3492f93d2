"""The commands of the ledger as a person runs them, well and wrongly."""

import json

import pytest
from typer.testing import CliRunner

from palanca.catalogue import Catalogue
from palanca.cli import app
from palanca.events import record
from palanca.events.ledger import EVENTS, read, shipped
from palanca.events.own import own_folder

FIELDS = [
    *("id=2026-09-30-usa-test", "date=2026-09-30", "actor=USA", "target=CAN", "kind=threat", "front=trade"),
    *("instrument=tariff", "title=A tariff is threatened", "source=A gazette", "confidence=high"),
]


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words):
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_check_of_the_shipped_ledger():
    facts = told("ledger", "check")
    assert facts["events"] == len(shipped().events)
    assert facts["possible_duplicates"] == []


def test_check_lists_every_fault_and_ends_with_two(tmp_path):
    shipped().write(tmp_path)
    path = tmp_path / EVENTS
    path.write_text(path.read_text().replace(",threat,", ",menace,", 3))
    done = run("ledger", "check", tmp_path)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert " ".join(done.output.split()).count("unknown kind 'menace'") == 3


def test_event_added_is_in_the_ledger_the_log_and_the_brief_s_table(user_folder):
    facts = told("ledger", "add", *FIELDS, "--why", "read in the gazette", "--who", "ana")
    assert facts["added"] == ["2026-09-30-usa-test"]
    mine = read(own_folder())
    assert len(mine.events) == len(shipped().events) + 1
    (last,) = told("ledger", "log", "--last", 1)
    assert (last["who"], last["why"], last["act"]) == ("ana", "read in the gazette", "add")
    assert "2026-09-30-usa-test" in {event.id for event in record.events(Catalogue())}
    found = told("events", "CAN", "USA", "--kind", "threat", "--since", "2026-09-01")
    assert "2026-09-30-usa-test" in [event["id"] for event in found]


def test_correction_and_links(tmp_path):
    folder = ("--ledger", tmp_path / "mine", "--who", "ana")
    told("ledger", "add", *FIELDS, "--why", "read", *folder)
    answer = ["id=2026-10-02-can-answer", "date=2026-10-02", "actor=CAN", "target=USA", "kind=concession"]
    told("ledger", "add", *answer, *FIELDS[5:], "--why", "read", *folder)
    told(
        "ledger",
        "add",
        "id=2026-10-02-can-answer",
        "title=Canada yields",
        "--correct",
        "--why",
        "typo",
        *folder,
    )
    (suggested,) = told("ledger", "links", *folder)
    pair = (suggested["later"], suggested["earlier"])
    assert pair == ("2026-10-02-can-answer", "2026-09-30-usa-test")
    assert told("ledger", "links", "--accept", *pair, *folder) == []
    events = {event.id: event for event in read(tmp_path / "mine").events}
    assert events[pair[0]].linked_to == (pair[1],)
    assert events[pair[0]].title == "Canada yields"
    assert [line["act"] for line in told("ledger", "log", "--ledger", tmp_path / "mine")] == [
        *("add", "add", "correct", "correct")
    ]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_export_and_import(tmp_path, suffix):
    path = tmp_path / f"pair.{suffix}"
    assert told("ledger", "export", path, "--pair", "Australia", "China")["events"] == 15
    facts = told("ledger", "import", path, "--ledger", tmp_path / "other", "--why", "from a colleague")
    assert facts["events"] == 15
    assert read(tmp_path / "other").events == shipped().between("AUS", "CHN")


def test_raw_rows_take_what_they_lack_from_the_command(tmp_path):
    path = tmp_path / "raw.csv"
    heads = "id,date,date_precision,actor,target,kind,front,title,source_title,confidence"
    path.write_text(f"{heads}\n2020-05-01-fra-a,2020-05-01,day,FRA,DEU,demand,trade,A demand,A paper,high\n")
    words = ("ledger", "import", path, "--ledger", tmp_path / "new", "--why", "first entry")
    assert run(*words).exit_code == 2
    assert told(*words, "--set", "instrument=other")["added"] == ["2020-05-01-fra-a"]


def test_act_told_twice_is_refused_unless_meant(tmp_path):
    folder = ("--ledger", tmp_path / "mine", "--why", "read")
    told("ledger", "add", *FIELDS, *folder)
    again = ["id=2026-09-30-usa-again", *FIELDS[1:]]
    done = run("ledger", "add", *again, *folder)
    assert done.exit_code == 2
    assert "acts told twice" in done.output
    assert told("ledger", "add", *again, *folder, "--allow-duplicates")["events"] == 2


def test_episodes_have_the_documented_fields():
    found = told("events", "Mexico", "United States", "--episodes", "--front", "water")
    assert len(found) == 1
    assert len(found[0]["pressures"]) == 2
    assert list(found[0]) == [
        *("id", "front", "instrument", "pressure", "pressures"),
        *("first_answer", "strongest_answer", "outcome"),
        *("first_answer_kind", "strongest_answer_kind", "outcome_kind"),
        *("days_to_first_answer", "days_to_strongest_answer", "days_to_outcome", "events"),
    ]


def test_date_leaves_later_acts_out():
    found = told("events", "MEX", "USA", "--date", "2019-06-01")
    assert max(event["date"] for event in found) == "2019-05-30"


def test_unknown_words_are_answered_with_those_known():
    done = run("events", "MEX", "USA", "--front", "weather")
    assert done.exit_code == 2
    assert "Known: trade" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("events", "Mexco", "USA"), "Did you mean Mexico (MEX)"),
        (("events", "MEX", "USA", "--kind", "thret"), "No kind is called 'thret'. Known: demand"),
        (("events", "MEX", "USA", "--since", "2025-13"), "--since"),
        (("events", "TUV", "NRU"), "The ledger has no events of Tuvalu and Nauru"),
        (("ledger", "log", "nope"), "No event is called 'nope'"),
        (("ledger", "add", "nope", "--why", "y"), "'nope' is not FIELD=VALUE"),
        (("ledger", "export", "out.txt"), "Events are written as .csv, .jsonl, .parquet, not .txt"),
    ],
)
def test_wrong_words_end_with_one_error_and_two(words, message):
    done = run(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        *((f"empty{suffix}", b"", "is empty") for suffix in (".csv", ".tsv", ".jsonl", ".parquet")),
        ("heads.csv", b"id,date\n", "has no rows"),
        ("noise.parquet", bytes(range(256)), "cannot be read as parquet"),
        ("noise.csv", b"\xff\xfe\x00", "noise.csv is not text in UTF-16-LE"),
        ("broken.jsonl", b"{not json", "cannot be read as jsonl"),
        ("short.csv", b"id,date\nx,2025-01-01\n", "row 1 (x): actor: Field required"),
        ("more.csv", b"id,flavour\nx,1\n", "has unknown columns: flavour"),
        ("text.txt", b"", "events are read from .csv, .tsv, .jsonl, .parquet files"),
    ],
)
def test_a_file_that_cannot_be_imported_leaves_nothing(name, content, message, user_folder, tmp_path):
    (tmp_path / name).write_bytes(content)
    done = run("ledger", "import", tmp_path / name, "--why", "a test")
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
    assert not own_folder().exists()
    assert run("ledger", "check", tmp_path / name).exit_code == 2


def test_a_folder_that_cannot_be_written(without_privilege, tmp_path):
    add = ("ledger", "add", *FIELDS, "recorded_on=2026-10-01", "--why", "y", "--ledger")
    assert run(*add, tmp_path / "open").exit_code == 0  # and everything is loaded that nobody may not read
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o555)
    with without_privilege():
        done = run(*add, folder / "mine")
    assert done.exit_code == 2
    assert f"Cannot write to {folder}" in done.output.replace("\n", "")
    assert list(folder.iterdir()) == []
