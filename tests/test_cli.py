"""The commands as a person runs them, well and wrongly."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palanca.cli import app

PALANCA = Path(sys.executable).with_name("palanca")


def run(*words):
    return subprocess.run([PALANCA, *words], capture_output=True, text=True, timeout=900, check=False)


def asked(*words):
    """Run in this process, where what is asked for and not the process itself is tested."""
    return CliRunner().invoke(app, words)


def fails(*words, says):
    done = asked(*words)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def test_brief_writes_its_files_says_so_in_json_and_fills_the_cache(tmp_path):
    folder = tmp_path / "out"
    done = run("brief", "Fiyi", "Papúa Nueva Guinea", "--out", str(folder), "--lang", "es", "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == 0
    assert (facts["country"], facts["partner"]) == ("FJI", "PNG")
    assert sorted(map(str, (p for p in folder.rglob("*") if p.is_file()))) == sorted(facts["files"])
    held = json.loads(asked("cache", "status", "--json").stdout)
    assert held["kinds"]["svg"]["results"] > 0
    assert json.loads(asked("cache", "clear", "--json").stdout)["kinds"] == held["kinds"]
    assert json.loads(asked("cache", "status", "--json").stdout)["kinds"] == {}


def test_exposure_in_json_csv_and_table():
    figures = json.loads(run("exposure", "MEX", "USA", "--json").stdout)
    assert round(figures["export_share_pct"]["value"], 1) == 77.1
    assert figures["partner_imports_usd"]["year"] == 2024
    assert "2025-11" in figures["series"]["duty_collected_pct"]["values"]
    rows = list(csv.DictReader(io.StringIO(asked("exposure", "MEX", "USA", "--csv").stdout)))
    assert {row["name"] for row in rows} >= {"export_share_pct", "duty_statutory_pct"}
    assert "export_share_pct" in asked("exposure", "MEX", "USA").stdout


def test_status_lists_every_table():
    from palanca.catalogue.sources import tables

    found = json.loads(asked("data", "status", "--json").stdout)
    assert {row["table"] for row in found} == set(tables())
    assert all(row["rows"] and row["vintage"] and row["licence"] and row["age_days"] > 0 for row in found)


def test_measures_are_listed_and_shown():
    names = {one["name"] for one in json.loads(asked("measures", "--json").stdout)}
    assert "us-25-percent-on-mexico" in names
    shown = json.loads(asked("measures", "us-25-percent-on-mexico", "--date", "2025-03-05").stdout)
    assert shown["state"] == {"day": "2025-03-05", "is": "in force"}
    assert shown["source"][0]["url"].startswith("http")


def test_simulation_gives_both_horizons_and_sides():
    done = json.loads(asked("simulate", "us-25-percent-on-mexico", "--draws", "4", "--json").stdout)
    income = {
        (row["country"], row["horizon"]): row
        for row in done["effects"]
        if row["quantity"] == "real_income_pct"
    }
    assert {horizon for _, horizon in income} == {"long", "short"}
    for horizon in ("long", "short"):
        hit = income["MEX", horizon]
        assert hit["lower"] <= hit["upper"] < 0
        assert abs(income["USA", horizon]["value"]) < abs(hit["value"])
    assert max(done["residual"].values()) < 1e-10  # far below the second decimal that is printed
    assert done["failed_draws"] == 0
    assert done["on_top_of"] == {"kind": "base", "measures": []}  # it was over in March 2025


def test_simulation_stands_beside_published_estimates():
    words = ("us-25-percent-on-canada-and-mexico", "--horizon", "long", "--draws", "4", "--court")
    done = asked("simulate", *words)
    assert done.exit_code == 0, done.output
    assert "Beside published estimates" in done.stdout
    assert "Kiel Institute" in done.stdout


def test_unknown_measure_and_country_of_a_simulation():
    fails("simulate", "us-25-percent-on-atlantis", says="us-25-percent-on-atlantis")
    fails("simulate", "us-25-percent-on-mexico", "--countries", "Mexco", says="Did you mean Mexico")


def test_unknown_country_is_suggested(tmp_path):
    words = ("brief", "Mexco", "USA", "--out", str(tmp_path / "out"))
    message = fails(*words, says="Did you mean Mexico (MEX)")
    assert not (tmp_path / "out").exists()
    alone = run(*words)
    assert (alone.returncode, alone.stdout, alone.stderr) == (2, "", message)


def test_both_unknown_countries_are_named_at_once():
    message = fails("exposure", "Mexco", "Frnce", says="No country is called 'Mexco'")
    assert "'Frnce'" in message


def test_same_country_twice():
    fails("brief", "Mexico", "MEX", says="are both Mexico")


def test_one_country_alone():
    fails("exposure", "", "USA", says="The name of a country is empty")
    fails("exposure", "", "", says="The name of a country is empty")
    fails("exposure", "FRA", says="One country is not a pair")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    fails("brief", "FRA", "DEU", "--out", str(tmp_path / "out"), says="Cannot write to")


def test_folder_on_a_file_system_that_takes_no_files():
    if not Path("/proc/self").exists():
        pytest.skip("no /proc here")
    words = ("brief", "TUV", "NRU", "--lang", "en", "--out", "/proc/palanca")  # found when all is written
    fails(*words, says="Cannot write to /proc/palanca")


def test_folder_that_is_a_file(tmp_path):
    (tmp_path / "out").write_text("mine")
    fails("brief", "FRA", "DEU", "--out", str(tmp_path / "out"), says="Cannot write to")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is not a Parquet file (0 bytes)"), (b"garbage", "is not a Parquet file (7 bytes)")],
    ids=["empty", "corrupt"],
)
def test_unreadable_user_table(user_folder, content, says):
    (user_folder / "tables").mkdir(parents=True)
    (user_folder / "tables" / "trade_totals.parquet").write_bytes(content)
    message = fails("exposure", "MEX", "USA", says=says)
    assert "Delete it" in message


def test_user_table_of_another_shape(user_folder):
    import polars as pl

    (user_folder / "tables").mkdir(parents=True)
    pl.DataFrame({"exporter": ["MEX"], "value": ["much"]}).write_parquet(
        user_folder / "tables" / "trade_totals.parquet"
    )
    message = fails("exposure", "MEX", "USA", says="column importer is missing")
    assert "column value is not described" in message


def test_unknown_option_and_bad_date():
    assert asked("brief", "MEX", "USA", "--langs", "en").exit_code == 2
    assert asked("brief", "MEX", "USA", "--date", "yesterday").exit_code == 2
    fails("brief", "MEX", "USA", "--date", "1900-01-01", says="was public on 1900-01-01")


def test_unknown_source_and_missing_raw_files(tmp_path):
    fails("data", "build", "--raw", str(tmp_path), "--source", "nothing", says="No source is called nothing")
    fails("data", "build", "--raw", str(tmp_path), "--source", "gpr", says="gpr_monthly_by_country.csv")
    fails("data", "fetch", "gpr", says="put them there by hand")


def test_stop_by_the_user_leaves_nothing_half_written(tmp_path):
    env = {**os.environ, "PALANCA_CACHE": str(tmp_path / "cache")}
    command = [PALANCA, "brief", "MEX", "USA", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while not (tmp_path / "cache").exists():  # the first cached chart shows that it is at work
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=900)
    assert process.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
