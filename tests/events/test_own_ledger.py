"""The user's ledger loses nothing: to others who write, to a kill, to a full disk, to its older form."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.catalogue import Catalogue
from palanca.cli import app
from palanca.errors import BadEvent, BadLedger, UnwritableFolder
from palanca.events import changes, database, exchange, own, record
from palanca.events.ledger import EVENTS, LOG, Ledger, check, read, shipped
from palanca.events.own import carry_out, own_folder

WRITERS = Path(__file__).with_name("ledger_writers.py")
SIGNED = {"who": "ana", "why": "read", "when": date(2026, 3, 1)}
ROW = {
    **{"date": "2026-01-05", "actor": "USA", "target": "CAN", "kind": "threat", "front": "trade"},
    **{
        "instrument": "tariff",
        "title": "A tariff is threatened",
        "source": "A gazette",
        "confidence": "high",
    },
}


def adding(name, **fields):
    return lambda held: held.add([{**ROW, "id": name, **fields}], **SIGNED)


def ids(ledger):
    return {event.id for event in ledger.events}


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def add(name, *more):
    fields = [f"{key}={value}" for key, value in {**ROW, "id": name}.items()]
    return run("ledger", "add", *fields, "--why", "read", "--allow-duplicates", *more)


def processes(folder, *words):
    """Run the writers on a user's data folder; return what was acknowledged."""
    noted = folder / "acknowledged"
    told = {**os.environ, "PALANCA_DATA": str(folder), "ACKNOWLEDGED": str(noted)}
    done = subprocess.run(
        [sys.executable, WRITERS, *map(str, words)], env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr, done.stderr
    return set(noted.read_text().split()) if noted.exists() else set()


def test_all_who_write_at_once_find_their_events_on_file(tmp_path, rounds):
    writers, each = rounds(3, 6), rounds(3, 50)
    told = processes(tmp_path, "together", writers, each)
    assert len(told) == writers * each
    assert check(tmp_path / "ledger") == []
    found = read(tmp_path / "ledger")
    assert ids(found) == ids(shipped()) | told
    assert len(found.log) == len(shipped().log) + len(told)


def test_what_was_acknowledged_outlives_a_kill(tmp_path, rounds, seed):
    told = processes(tmp_path, "killed", rounds(5, 200), seed)
    assert check(tmp_path / "ledger") == []
    found = read(tmp_path / "ledger")
    assert ids(shipped()) | told <= ids(found)
    assert found.log[: len(shipped().log)] == shipped().log


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    words = [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", place]
    if not mount or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here; the limit on the size of a file is tried instead")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(place):
    with (place / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass


def test_a_full_disk_is_one_error_and_the_ledger_stays_whole(small_disk, monkeypatch):
    monkeypatch.setenv("PALANCA_DATA", str(small_disk))
    fill(small_disk)
    done = add("2026-01-05-usa-early")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the disk is full" in " ".join(done.output.split())
    assert own.ledger() == shipped()
    (small_disk / "filler").unlink()
    assert add("2026-01-05-usa-early").exit_code == 0
    fill(small_disk)
    told = {"2026-01-05-usa-early"}
    for number in range(3):
        done = add(name := f"2026-01-05-usa-{number}")
        told |= set() if done.exit_code else {name}
        assert ids(own.ledger()) == ids(shipped()) | told
    assert done.exit_code == 2
    (small_disk / "filler").unlink()
    assert add("2026-01-05-usa-late").exit_code == 0
    assert check(own_folder()) == []
    assert ids(own.ledger()) == ids(shipped()) | told | {"2026-01-05-usa-late"}


def test_a_write_that_fails_changes_nothing(tmp_path):
    def many(held):
        rows = [{**ROW, "id": f"2026-01-05-usa-{n}", "detail": "d" * 1900} for n in range(40)]
        return held.add(rows, **SIGNED)

    carry_out(tmp_path, adding("2026-01-05-usa-a"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(UnwritableFolder, match="Nothing was changed"):
            carry_out(tmp_path, many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert ids(read(tmp_path)) == {"2026-01-05-usa-a"}
    carry_out(tmp_path, adding("2026-01-05-usa-c"))
    assert ids(read(tmp_path)) == {"2026-01-05-usa-a", "2026-01-05-usa-c"}
    assert check(tmp_path) == []


def test_export_gives_the_log_line_by_line(tmp_path):
    made = carry_out(None, adding("2026-01-05-usa-a", title="Line\u2028separators and «quotes»"))
    assert run("ledger", "export", tmp_path / "text").exit_code == 0
    assert (tmp_path / "text" / LOG).read_bytes() == changes.content(made.log)
    assert read(tmp_path / "text") == read(own_folder()) == made
    assert run("ledger", "export", tmp_path / "text", "--pair", "USA", "CAN").exit_code == 2


def test_no_line_is_changed_removed_or_put_between(tmp_path):
    carry_out(tmp_path, adding("2026-01-05-usa-a"))
    with closing(sqlite3.connect(tmp_path / database.DATABASE)) as held:
        row = held.execute("SELECT * FROM change").fetchone()
        for words, values in (
            ("UPDATE change SET why = 'another'", ()),
            ("DELETE FROM change", ()),
            (database.INSERT, row),
            (database.INSERT.replace("INSERT", "INSERT OR REPLACE"), row),
            (database.INSERT, (2, *row[1:])),
            (database.INSERT, (3, *row[1:7], row[8], "0" * 64)),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="a line of the log"):
                held.execute(words, values)
    assert check(tmp_path) == []


def test_an_altered_line_is_seen(tmp_path):
    carry_out(tmp_path, adding("2026-01-05-usa-a"))
    with closing(sqlite3.connect(tmp_path / database.DATABASE)) as held:
        held.execute("DROP TRIGGER line_is_not_changed")
        held.execute("UPDATE change SET why = 'another'")
        held.commit()
    faults = "\n".join(check(tmp_path))
    assert "it was altered after it was written" in faults
    assert "the rule line_is_not_changed was taken out" in faults
    with pytest.raises(BadLedger, match="palanca ledger repair"):
        carry_out(tmp_path, adding("2026-01-05-usa-b"))


def test_a_refused_act_leaves_no_ledger(tmp_path):
    with pytest.raises(BadEvent):
        carry_out(tmp_path / "mine", adding("2026-01-05-usa-a", actor="Atlantis"))
    assert not (tmp_path / "mine").exists()
    carry_out(tmp_path / "mine", adding("2026-01-05-usa-a"))
    carry_out(tmp_path / "mine", lambda held: held.retract("2026-01-05-usa-a", **SIGNED))
    for again in (
        adding("2026-01-05-usa-a"),
        lambda held: held.add([{**ROW, "id": "x"}], **{**SIGNED, "why": " "}),
    ):
        with pytest.raises(BadEvent):
            carry_out(tmp_path / "mine", again)
    assert check(tmp_path / "mine") == []


def test_a_brief_reads_the_ledger_itself(user_folder):
    older = adding("2026-01-05-usa-older")(shipped())
    (user_folder / "tables").mkdir(parents=True)
    record.table(older.events).write_parquet(user_folder / own.STALE)
    carry_out(None, adding("2026-01-05-usa-a"))
    assert {event.id for event in record.events(Catalogue())} == ids(shipped()) | {"2026-01-05-usa-a"}


# The text form of older versions, as interrupted writers left it.
MINE, THEIRS, FIRST = "2026-01-05-usa-mine", "2026-01-06-usa-theirs", "2026-01-04-usa-first"
OLD = adding(FIRST, date="2026-01-04")(Ledger(()))
NEW = adding(MINE)(OLD)


def text(events, log):
    """Return what writes the events of one ledger and the log of another, or half of it."""

    def write(folder):
        if events:
            (folder / EVENTS).write_bytes(exchange.content(events.events, ".csv"))
        if log:
            (folder / LOG).write_bytes(changes.content(log.log))

    return write


def torn(folder):
    (folder / EVENTS).write_bytes(b"")
    (folder / LOG).write_bytes(changes.content(NEW.log))


FORMS = {
    "whole": (text(NEW, NEW), {FIRST, MINE}),
    "events ahead": (text(NEW, OLD), {FIRST, MINE}),
    "log ahead": (text(OLD, NEW), {FIRST, MINE}),
    "events only": (text(NEW, None), {FIRST, MINE}),
    "log only": (text(None, NEW), {FIRST, MINE}),
    "crossed": (text(NEW, adding(THEIRS)(OLD)), {FIRST, MINE, THEIRS}),
    "torn": (torn, {FIRST, MINE}),
    "empty": (lambda folder: (folder / ".palanca-abcd").mkdir(), set()),
}


@pytest.mark.parametrize(("form", "held"), FORMS.values(), ids=FORMS)
def test_the_text_form_is_taken_over_whatever_its_state(form, held, tmp_path):
    form(tmp_path)
    assert ids(own.ledger(tmp_path)) == held
    said = []
    carry_out(tmp_path, adding("2026-01-07-usa-next"), tell=said.append)
    carry_out(tmp_path, adding("2026-01-08-usa-last"), tell=said.append)
    assert ids(read(tmp_path)) == held | {"2026-01-07-usa-next", "2026-01-08-usa-last"}
    assert check(tmp_path) == []
    assert not {EVENTS, LOG} & {item.name for item in tmp_path.iterdir()}
    assert sum("The ledger is now in" in one for one in said) == bool(held)
    assert len(list(tmp_path.glob("kept/*/*"))) == {"empty": 0, "events only": 1, "log only": 1}.get(
        next(name for name in FORMS if FORMS[name][0] is form), 2
    )


def test_the_user_s_own_text_form_serves_every_command_and_a_brief(user_folder):
    adding(MINE)(shipped()).write(own_folder())
    (own_folder() / LOG).write_bytes(changes.content(shipped().log))
    for words in (["check"], ["log"], ["export", user_folder / "events.csv"]):
        assert run("ledger", *words).exit_code == 0, words
    assert {event.id for event in record.events(Catalogue())} == ids(shipped()) | {MINE}
    done = add("2026-01-07-usa-next")
    assert done.exit_code == 0
    assert f"{MINE}: it was in events.csv only" in done.stderr
    assert ids(read(own_folder())) == ids(shipped()) | {MINE, "2026-01-07-usa-next"}


def test_an_empty_folder_is_filled_from_the_shipped_ledger(user_folder):
    own_folder().mkdir(parents=True)
    assert run("ledger", "check").exit_code == 0
    assert add(MINE).exit_code == 0
    assert ids(read(own_folder())) == ids(shipped()) | {MINE}


def test_an_altered_log_is_not_taken_over(tmp_path):
    NEW.write(tmp_path)
    path = tmp_path / LOG
    path.write_text(path.read_text().replace('"who": "ana"', '"who": "eva"'))
    with pytest.raises(BadLedger, match="palanca ledger repair"):
        carry_out(tmp_path, adding("2026-01-07-usa-next"))
    assert {item.name for item in tmp_path.iterdir()} == {EVENTS, LOG}


def test_a_ledger_nobody_may_write_is_still_read(without_privilege):
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above, "mine")
        carry_out(folder, adding(MINE))
        own.ledger(folder)
        for place, mode in ((folder / database.DATABASE, 0o444), (folder, 0o555), (Path(above), 0o755)):
            place.chmod(mode)
        with without_privilege():
            assert ids(own.ledger(folder)) == {MINE}
            done = add("2026-01-05-usa-b", "--ledger", folder)
        assert done.exit_code == 2
        assert "Cannot write to" in done.output
        assert "read-only" in done.output


def altered(folder, *words):
    """Change a database as nobody should."""
    with closing(sqlite3.connect(folder / database.DATABASE)) as held:
        for rule in database.TRIGGERS:
            held.execute(f"DROP TRIGGER {rule}")
        for word in words:
            held.execute(word)
        held.commit()


def three(folder):
    carry_out(folder, adding("2026-01-05-usa-a"))
    carry_out(folder, adding("2026-01-05-usa-b"))
    carry_out(folder, adding("2026-01-06-usa-c", date="2026-01-06", linked_to="2026-01-05-usa-b"))
    return read(folder)


WRONGS = {
    "rules": ([], {"a", "b", "c"}),
    "text": (["UPDATE change SET why = 'another' WHERE number = 2"], {"a", "b", "c"}),
    "row": (["DELETE FROM change WHERE number = 2"], {"a", "c"}),
    "fields": (["UPDATE change SET fields = '{' WHERE number = 2"], {"a", "c"}),
    "event": (["UPDATE change SET fields = '{}' WHERE number = 3"], {"a", "b"}),
    "twice": (["INSERT INTO change SELECT 4, [when], who, why, act, id, fields, previous, sha256 FROM change "
               "WHERE number = 1"], {"a", "b", "c"}),
}  # fmt: skip


@pytest.mark.parametrize(("words", "left"), WRONGS.values(), ids=WRONGS)
def test_repair_says_what_is_wrong_and_keeps_what_can_be_read(words, left, tmp_path):
    three(tmp_path)
    altered(tmp_path, *words)
    before = (tmp_path / database.DATABASE).read_bytes()
    faults = check(tmp_path)
    plan = json.loads(run("ledger", "repair", tmp_path, "--json").stdout)
    assert plan["faults"] == faults
    assert (tmp_path / database.DATABASE).read_bytes() == before
    done = json.loads(run("ledger", "repair", tmp_path, "--write", "--json").stdout)
    assert done["steps"] == plan["steps"]
    assert Path(done["copy"], database.DATABASE).read_bytes() == before
    assert check(tmp_path) == []
    assert {name[-1] for name in ids(read(tmp_path))} == left
    assert add("2026-01-07-usa-d", "--ledger", tmp_path).exit_code == 0
    assert run("ledger", "repair", tmp_path).stdout.startswith("Nothing is wrong")


def test_repair_of_a_file_that_is_no_database(tmp_path):
    whole = three(tmp_path)
    path = tmp_path / database.DATABASE
    path.write_bytes(b"noise" * 2000)
    done = run("ledger", "repair", tmp_path)
    assert done.exit_code == 2
    assert "put back a copy" in done.output
    whole.write(tmp_path)
    path.unlink()
    assert add("2026-01-07-usa-d", "--ledger", tmp_path).exit_code == 0
    assert ids(read(tmp_path)) == ids(whole) | {"2026-01-07-usa-d"}


def test_repair_of_a_damaged_page_keeps_the_lines_before_it(tmp_path):
    carry_out(tmp_path, lambda held: held.add(
        [{**ROW, "id": f"2026-01-05-usa-{n}", "detail": "d" * 900} for n in range(60)], **SIGNED
    ))  # fmt: skip
    path = tmp_path / database.DATABASE
    content = bytearray(path.read_bytes())
    content[-4096:] = bytes(4096)
    path.write_bytes(content)
    for word in ("check", "repair"):
        assert "damaged" in run("ledger", word, tmp_path).output
    assert run("ledger", "repair", tmp_path, "--write").exit_code == 0
    assert check(tmp_path) == []
    assert 20 < len(read(tmp_path).events) < 60


def test_repair_of_an_altered_text_log(tmp_path):
    NEW.write(tmp_path)
    path = tmp_path / LOG
    path.write_text(path.read_text().replace("A gazette", "A rumour", 1))
    assert run("ledger", "repair", tmp_path).exit_code == 0
    assert run("ledger", "repair", tmp_path, "--write").exit_code == 0
    assert check(tmp_path) == []
    assert ids(read(tmp_path)) == {FIRST, MINE}
    assert "sealed anew" in read(tmp_path).log[0].why


def test_repair_of_one_line_of_the_shipped_log_keeps_every_event(user_folder):
    carry_out(None, adding(MINE))
    altered(own_folder(), "UPDATE change SET why = 'another' WHERE number = 5")
    done = json.loads(run("ledger", "repair", "--write", "--json").stdout)
    assert done["events"] == len(shipped().events) + 1
    assert check(own_folder()) == []
    found = read(own_folder())
    assert ids(found) == ids(shipped()) | {MINE}
    assert [(one.act, one.id, one.fields) for one in found.log[:-1]] == [
        (one.act, one.id, one.fields) for one in shipped().log
    ]
    assert found.log[:4] == shipped().log[:4]
