"""Small inputs that once failed, each with the right answer; they lie beside the raw public files."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from palanca.catalogue.countries import country
from palanca.cli import app
from palanca.errors import UnknownCountry

COMMAND = ("-c", "from palanca.cli import main; main()")
ACT = [
    "kind=threat",
    "front=trade",
    "instrument=tariff",
    "source=Test-source",
    "source_url=https://example.org/a",
    "confidence=low",
    "language=en",
    "precision=day",
    "recorded_on=2026-10-20",
    "actor=USA",
    "target=MEX",
    "detail=a",
]


@pytest.fixture(scope="session")
def cases(pytestconfig: pytest.Config) -> Path:
    beside = pytestconfig.rootpath.parent / "shared" / "data"
    folder = Path(os.environ.get("PALANCA_SHARED") or beside).parent / "cases"
    if not folder.is_dir():
        pytest.skip(f"the inputs that once failed are not in {folder}")
    return folder


def run(*arguments: object):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def refused(*arguments: object) -> str:
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return " ".join(done.output.split())


def verdicts(*arguments: object) -> list[str]:
    done = run("check", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return [one["verdict"] for one in json.loads(done.stdout)]


OTHER = {"supported": "contradicted", "contradicted": "supported", "mixed": "mixed"}


def add(*words: str) -> tuple[object, ...]:
    return ("ledger", "add", *words, *ACT, "--why", "t", "--who", "me", "--allow-duplicates")


def test_an_article_before_a_country_is_no_other_actor(cases, tmp_path):
    done = run("feed", "import", cases / "acled_article_in_actor" / "a.csv", "--format", "acled",
               "--store", tmp_path / "s")  # fmt: skip
    assert done.exit_code == 0, done.output
    rows = pl.read_parquet(tmp_path / "s" / "**" / "*.parquet")
    assert {"USA", "COD"} <= {cell for row in rows.iter_rows() for cell in row if isinstance(cell, str)}


def test_a_code_of_two_digits_is_a_fault(cases):
    said = refused("chokepoints", "MEX", "CHN", "--products", cases / "baci_two_digit_code" / "b.csv")
    assert "27" in said
    assert "six digits" in said


def test_a_brief_takes_the_place_of_that_of_another_pair(tmp_path):
    out = tmp_path / "o"
    assert run("brief", "TUV", "NRU", "--lang", "es", "--out", out).exit_code == 0
    assert (out / "brief.es.html").exists()
    (out / "mine.txt").write_text("kept")
    assert run("brief", "KIR", "NRU", "--lang", "en", "--out", out).exit_code == 0
    assert (out / "mine.txt").read_text() == "kept"
    assert not (out / "brief.es.html").exists()
    assert "Tuvalu" not in (out / "claims.json").read_text()


@pytest.mark.parametrize(
    ("folder", "name", "language", "allowed"),
    [
        ("check_compared_with_a_named_country", "s", "en", {"contradicted", "mixed", "not testable here"}),
        ("check_words_of_others", "en", "en", {"not testable here"}),
        ("check_words_of_others", "es", "es", {"not testable here"}),
    ],
)
def test_a_statement_is_tested_as_it_was_said(cases, folder, name, language, allowed):
    day = ("--date", "2026-08-20") if "compared" in folder else ()
    found = verdicts(cases / folder / f"{name}.txt", "MEX", "USA", "--lang", language, *day)
    assert found
    assert set(found) <= allowed


@pytest.mark.parametrize(("language", "plain"), [("en", "Mexico is passive."), ("es", "México es pasivo.")])
def test_a_denial_gets_the_other_verdict_than_what_it_denies(cases, tmp_path, language, plain):
    (tmp_path / "plain.txt").write_text(plain)
    (said,) = verdicts(tmp_path / "plain.txt", "MEX", "USA", "--lang", language)
    denied = verdicts(cases / "check_denials" / f"{language}.txt", "MEX", "USA", "--lang", language)
    assert len(denied) == 2
    assert set(denied) == {OTHER[said]}


def test_years_select_the_acts(cases):
    found = verdicts(cases / "check_years_ignored" / "s.txt", "MEX", "USA", "--lang", "en")
    assert len(found) == 2
    assert found[0] in ("not testable here", "contradicted")
    assert found[1] != "contradicted"


def test_an_essay_has_the_same_verdicts_in_both_languages(cases):
    found = [verdicts(cases / "essay" / f"{one}.txt", "MEX", "USA", "--lang", one) for one in ("en", "es")]
    assert found[0] == found[1]
    assert len(found[0]) >= 20
    assert sum(one != "not testable here" for one in found[0]) >= 5


def test_every_spelling_of_a_country_is_found_or_refused(cases):
    text = (cases / "country_names" / "names.py").read_text()
    known = dict(re.findall(r'"([^"\n]*)":(?:"([^"]*)"|None)', text))
    assert len(known) >= 200
    for name, code in known.items():
        name = name.encode().decode("unicode_escape") if "\\n" in name else name
        if re.fullmatch("[A-Z]{3}", code):
            assert country(name).iso3 == code, name
        elif code in ("", "!"):
            with pytest.raises(UnknownCountry):
                country(name)


def test_an_empty_name_is_no_country():
    assert "country" in refused("exposure", "", "USA").lower()


def test_a_layout_of_another_year_is_read(cases, tmp_path):
    done = run("feed", "import", cases / "icews_2017_layout" / "e.tab", "--format", "icews",
               "--store", tmp_path / "s", "--json")  # fmt: skip
    assert done.exit_code == 0, done.output


def test_the_intensity_of_polecat_is_found(cases, tmp_path):
    done = run("feed", "import", cases / "polecat_event_intensity" / "p.txt", "--format", "polecat",
               "--store", tmp_path / "s", "--json")  # fmt: skip
    assert done.exit_code == 0, done.output


def test_what_a_full_disk_left_is_a_ledger_again(user_folder):
    (user_folder / "ledger").mkdir(parents=True)
    done = run(*add("id=2026-10-01-usa-first", "date=2026-10-01", "title=first act alpha"))
    assert done.exit_code == 0, done.output
    assert run("ledger", "check").exit_code == 0


def process(*arguments: object) -> subprocess.Popen:
    words = [sys.executable, *COMMAND, *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_process_killed_between_two_renames_leaves_a_ledger(cases, user_folder):
    first = add("id=2026-10-01-usa-first", "date=2026-10-01", "title=first act alpha")
    assert run(*first).exit_code == 0
    script = cases / "ledger_killed_between_renames" / "killat.py"
    second = add("id=2026-10-02-usa-second", "date=2026-10-02", "title=second act beta")
    subprocess.run([sys.executable, script, "1", *map(str, second)], check=False, capture_output=True)
    assert run("ledger", "check").exit_code == 0
    third = add("id=2026-10-03-usa-third", "date=2026-10-03", "title=third act gamma")
    assert run(*third).exit_code == 0


def test_two_who_write_at_once_both_find_their_events(user_folder, tmp_path):
    first = add("id=2026-10-01-usa-first", "date=2026-10-01", "title=first act alpha")
    assert run(*first).exit_code == 0
    named = [f"2026-10-1{n}-usa-conc-{n}" for n in (2, 3)]
    both = [process(*add(f"id={one}", f"date={one[:10]}", f"title=concurrent {one}")) for one in named]
    assert [one.wait() for one in both] == [0, 0]
    assert run("ledger", "export", tmp_path / "all.csv").exit_code == 0
    kept = {row["id"] for row in csv.DictReader((tmp_path / "all.csv").read_text().splitlines())}
    assert kept >= set(named)


def test_a_day_that_is_none_is_refused(cases):
    said = refused("simulate", cases / "measure_impossible_day" / "m.yaml", "--draws", 0)
    assert "start" in said
    assert "day" in said


def test_a_key_that_stands_twice_is_refused(cases):
    said = refused("simulate", cases / "measure_repeated_key" / "m.yaml", "--draws", 0, "--countries", "MEX")
    assert "clauses" in said


def test_before_the_first_vote_there_are_no_votes():
    said = refused("posture", "MEX", "USA", "--date", "1900-01-01")
    assert "1946" in said
    assert "not a voting member" not in said


@pytest.mark.parametrize("number", range(1, 7))
def test_a_denied_act_is_not_suggested(cases, number):
    text = cases / "suggest_denials" / f"{number}.txt"
    done = run("ledger", "suggest", text, "--pair", "MEX", "USA", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    kinds = [one.get("kind") for one in (found if isinstance(found, list) else found["suggestions"])]
    assert not {"retaliation", "measure", "escalation"} & set(kinds)


def test_a_gap_in_a_table_of_the_user_is_unknown_or_one_fault(cases, user_folder):
    script = cases / "user_table_with_a_gap" / "make.py"
    subprocess.run([sys.executable, script, user_folder], check=True)
    done = run("exposure", "MEX", "USA")
    assert done.exit_code in (0, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    shutil.rmtree(user_folder / "tables")
