"""The ledger holds together: schema, ids, links, exchange, and a log that nobody can alter unseen."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palanca.catalogue import Catalogue
from palanca.errors import BadEvent, BadLedger
from palanca.events import changes, exchange, record
from palanca.events.event import FIELDS, Event, vocabulary
from palanca.events.ledger import EVENTS, LOG, Ledger, check, duplicates, integrity, read, shipped

SIGNED = {"who": "analyst", "why": "read in the source", "when": date(2026, 3, 1)}
ROW = {
    "id": "2026-01-05-usa-threat",
    "date": "2026-01-05",
    "actor": "USA",
    "target": "CAN",
    "kind": "threat",
    "front": "trade",
    "instrument": "tariff",
    "title": "A tariff is threatened",
    "source": "A gazette, 5 January 2026",
    "confidence": "high",
}


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def ledger(*rows):
    return Ledger(()).add(rows or [ROW], **SIGNED)


def test_the_whole_shipped_ledger_validates():
    whole = shipped()
    assert len([event for event in whole.events if not {"AUS", "CHN"} >= {event.actor, event.target}]) == 346
    assert integrity(whole.events) == []
    assert duplicates(whole.events) == []
    told, faults = changes.parse(changes.content(whole.log))
    assert (told, faults) == (whole.log, [])


def test_shipped_folders_pass_their_own_check():
    from importlib.resources import files
    from pathlib import Path

    folder = Path(str(files("palanca") / "data" / "ledger"))
    parts = [path for path in folder.iterdir() if path.is_dir()]
    assert len(parts) == 2
    assert [fault for path in parts for fault in check(path)] == []


def test_first_entries_are_the_chronology_to_the_letter(shared):
    raw = [
        row for name in ("events.csv", "events_extra.csv") for row in rows_of(shared / "chronology" / name)
    ]
    first = {change.id: change.fields for change in shipped().log if change.act == "add"}
    for row in raw:
        entered = first[row["id"]]
        for name, text in row.items():
            field = exchange.OTHER_NAMES.get(name, name)
            if field == "magnitude":
                assert entered.get(field) == (float(text) if text else None), row["id"]
            elif field == "linked_to":
                assert ";".join(entered.get(field, ())) == text, row["id"]
            elif field != "id":
                assert entered.get(field, "") == text, (row["id"], field)


def test_every_entry_was_coded_once_with_its_own_reason(shared):
    ids = {row["id"] for row in rows_of(shared / "chronology" / "events.csv")}
    coded = [
        one
        for one in shipped().log
        if one.act == "correct" and "instrument" in one.fields and one.when == date(2026, 11, 23)
    ]
    assert len(coded) == len({one.id for one in coded}) == 346
    assert ids <= {one.id for one in coded}
    assert all(len(one.why) > 8 for one in coded)


def test_deadlines_are_stated_days():
    stated = {event.id: event.deadline for event in shipped().events}
    assert stated["2019-05-30-usa-tariff-threat"] == date(2019, 6, 10)
    assert stated["2025-02-03-usa-ieepa-30-day-pause"] == date(2025, 3, 4)
    assert stated["2025-07-31-usa-90-day-extension"] == date(2025, 7, 31) + timedelta(90)
    assert stated["2025-12-08-usa-water-5-percent-threat"] == date(2025, 12, 31)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_every_format_gives_back_what_was_written(tmp_path, suffix):
    path = tmp_path / f"events{suffix}"
    path.write_bytes(exchange.content(shipped().events, suffix))
    assert read(path).events == shipped().events
    assert path.read_bytes() == exchange.content(shipped().events, suffix)


def test_folder_gives_back_what_was_written(tmp_path):
    shipped().write(tmp_path)
    assert read(tmp_path) == shipped()
    assert check(tmp_path) == []


def corrupted(folder):
    """Write a copy of the shipped ledger with one fault of each kind; return the ids they are at."""
    shipped().write(folder)
    rows = rows_of(folder / EVENTS)
    rows[10]["date"] = "2017-13-40"
    rows[20]["kind"] = "ultimatum"
    rows[30]["linked_to"] = "no-such-event"
    rows[40]["linked_to"] = rows[200]["id"]
    rows[50]["id"] = rows[51]["id"]
    rows[60]["source"] = ""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (folder / EVENTS).write_text(text.getvalue())
    lines = (folder / LOG).read_text().splitlines()
    altered = json.loads(lines[4])
    altered["why"] = "somebody else's reason"
    lines[4] = json.dumps(altered, ensure_ascii=False)
    del lines[100]
    (folder / LOG).write_text("\n".join(lines) + "\n")
    return rows


def test_all_faults_of_a_corrupted_copy_are_listed_at_once(tmp_path):
    rows = corrupted(tmp_path)
    faults = "\n".join(check(tmp_path))
    for said in (
        f"({rows[10]['id']}): date:",
        f"({rows[20]['id']}): kind: unknown kind 'ultimatum'",
        f"{rows[30]['id']}: linked_to 'no-such-event', which is not in the ledger",
        f"{rows[40]['id']}: linked_to '{rows[200]['id']}', which lies in its future",
        f"{rows[51]['id']}: the id is used 2 times",
        f"({rows[60]['id']}): source: Field required",
        "change 5: its text does not match its SHA-256",
        "does not follow the line before it; the chain is broken",
        "number 101 was expected",
    ):
        assert said in faults, said
    assert len(check(tmp_path)) < 25  # a line taken out is told once, not at every line after it
    with pytest.raises(BadLedger) as error:
        read(tmp_path)
    assert len(error.value.faults) == len(faults.splitlines())


@pytest.mark.parametrize("key", ["when", "who", "why", "act", "id", "fields", "previous", "number"])
def test_no_part_of_a_line_can_change_unseen(key):
    other = {"when": "2020-01-01", "act": "retract", "fields": {"kind": "relief"}, "number": 7}
    lines = [json.loads(line) for line in changes.content(ledger().log).splitlines()]
    lines[0][key] = other.get(key, "1" * 64)
    assert changes.parse(json.dumps(lines[0]).encode())[1]


def test_a_correction_never_erases():
    first = ledger()
    second = first.correct(ROW["id"], {"deadline": "2026-02-01"}, **SIGNED)
    assert second.events[0].deadline == date(2026, 2, 1)
    assert second.log[: len(first.log)] == first.log
    third = second.retract(ROW["id"], **SIGNED)
    assert third.events == ()
    assert [change.act for change in third.log] == ["add", "correct", "retract"]
    assert changes.fold(third.log[:2])[ROW["id"]]["deadline"] == "2026-02-01"


def test_nothing_is_added_when_one_row_is_wrong():
    good = {**ROW, "id": "2026-01-06-usa-again", "date": "2026-01-06"}
    wrong = [good, {**ROW, "actor": "Atlantis", "deadline": "2025-01-01"}, {**good, "linked_to": "nothing"}]
    with pytest.raises(BadEvent) as error:
        ledger().add(wrong, **SIGNED)
    faults = "\n".join(error.value.faults)
    assert "'Atlantis' is no country" in faults
    assert "linked_to 'nothing'" in faults
    assert "the id is used 2 times" in faults


def test_links_lead_back_only():
    late = {**ROW, "id": "2026-01-06-usa-late", "date": "2026-01-06"}
    with pytest.raises(BadEvent, match="lies in its future"):
        Ledger(()).add([{**ROW, "linked_to": late["id"]}, late], **SIGNED)
    with pytest.raises(BadEvent, match="linked_to itself"):
        ledger({**ROW, "linked_to": ROW["id"]})


def test_event_that_others_link_to_stays():
    answer = {**ROW, "id": "2026-01-06-can-answer", "date": "2026-01-06", "linked_to": ROW["id"]}
    with pytest.raises(BadEvent, match="others link to it"):
        ledger(ROW, answer).retract(ROW["id"], **SIGNED)


@pytest.mark.parametrize(
    ("title", "found"),
    [("Tariff is threatened again", 1), ("A TARIFF IS THREATENED", 1), ("Embassy closes for repairs", 0)],
)
def test_one_act_told_twice_is_found(title, found):
    twice = ledger(ROW, {**ROW, "id": "2026-01-05-usa-other", "title": title})
    assert len(duplicates(twice.events)) == found


def test_magnitude_needs_a_unit_and_fronts_differ():
    with pytest.raises(BadEvent) as error:
        ledger({**ROW, "magnitude": 5}, {**ROW, "id": "2026-01-05-usa-b", "other_fronts": "trade"})
    assert "magnitude has no unit" in str(error.value)
    assert "other_fronts repeats" in str(error.value)


@given(st.sampled_from(["day", "month", "year"]), st.dates(date(1950, 1, 1), date(2026, 12, 31)))
def test_an_act_is_public_no_sooner_than_its_day_is_over(precision, day):
    event = Event.model_validate({**ROW, "date": day, "precision": precision})
    assert event.recorded_on >= day
    assert event.recorded_on.year == day.year
    assert precision != "day" or event.recorded_on == day


def test_unknown_columns_and_formats_are_refused(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("id,date,colour\na,2020-01-01,red\n")
    with pytest.raises(BadLedger, match="unknown columns: colour"):
        read(path)
    with pytest.raises(BadLedger, match="There is no ledger"):
        check(tmp_path / "nothing")
    with pytest.raises(BadLedger, match="read from"):
        exchange.rows(tmp_path / "events.xlsx")


def test_several_pairs_in_one_file_stay_apart():
    whole = shipped()
    assert {event.id for event in whole.between("AUS", "CHN")} == {
        event.id for event in whole.events if {event.actor, event.target} == {"AUS", "CHN"}
    }
    assert whole.between("FRA", "DEU") == ()
    assert whole.between("MEX", "FRA") == ()
    assert not [event for event in whole.between("MEX", "CHN") if event.actor == event.target]


def test_table_of_the_catalogue_is_the_ledger():
    assert record.events(Catalogue()) == shipped().events


def test_as_of_a_day_only_what_was_public_is_used():
    day = date(2025, 4, 20)
    found = record.events(Catalogue(day))
    assert found == shipped().on(day).events
    ids = {event.id for event in found}
    assert "2025-03-04-usa-ieepa-in-force" in ids
    assert "2025-04-16-usa-troops-offer" not in ids  # a private demand, spoken of in public on 3 May


def test_every_word_has_both_languages_and_a_use():
    told = vocabulary()
    used = {event.instrument for event in shipped().events}
    assert used <= set(told.instruments)
    for term in (*told.fronts.values(), *told.instruments.values(), *told.kinds.values()):
        assert term.title.en
        assert term.title.es
