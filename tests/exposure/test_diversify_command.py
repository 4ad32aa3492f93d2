"""The commands on choke points and diversification, as a user meets them."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from palanca.cli import app

RUN = CliRunner()


def asked(*arguments):
    return RUN.invoke(app, list(map(str, arguments)))


@pytest.fixture(scope="module")
def products(tmp_path_factory):
    rows = [(2023, 156, 484, "010001", 80.0, 1.0), (2023, 842, 484, "010001", 20.0, 1.0)]
    path = tmp_path_factory.mktemp("baci") / "trade.csv"
    pl.DataFrame(rows, schema=["t", "i", "j", "k", "v", "q"], orient="row").write_csv(path)
    return path


def test_diversify_writes_the_frontier_and_finds_it_again(tmp_path):
    done = asked("diversify", "Mexico", "USA", "--cut", 25, "--json", "--out", tmp_path / "f.html")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["pair"] == ["MEX", "USA"]
    assert {"frontier", "moves", "sectors", "method", "assumptions", "reachable_pct"} <= set(found)
    assert {"side", "sector", "from", "to", "usd_bn", "security_pct"} <= set(found["moves"][0])
    assert sum(move["security_pct"] for move in found["moves"]) == pytest.approx(25, abs=1e-5)
    page = (tmp_path / "f.html").read_text()
    assert "vegaEmbed" in page
    assert "<script src" not in page
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b"cut_pct")):
        again = asked("diversify", "MEX", "USA", "--out", tmp_path / f"f.{kind}", "--lang", "es")
        assert again.exit_code == 0, again.output
        assert (tmp_path / f"f.{kind}").read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("diversify", "MEX", "MEX"), "two different countries"),
        (("diversify", "MEX", "Atlantis"), "No country is called"),
        (("diversify", "TUV", "USA"), "has no TUV"),
        (("diversify", "MEX", "USA", "--out", "f.docx"), "can be written as"),
        (("chokepoints", "MEX", "USA", "--products", "absent.csv"), "There is no file"),
    ],
)
def test_faults_are_one_message_and_exit_2(arguments, message):
    done = asked(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


def test_chokepoints_by_sector():
    found = json.loads(asked("chokepoints", "USA", "MEX", "--json").stdout)
    assert len(found["sectors"]) == 26
    assert found["customs"]
    assert all(row["import_hhi"] > 0.4 for row in found["customs"])
    assert "imports only" in found["limits"][0]


def test_chokepoints_by_product(products):
    found = json.loads(asked("chokepoints", "MEX", "CHN", "--products", products, "--json").stdout)
    assert found["eu_2021"] == 1
    assert found["products"][0]["geodep"] is None
    assert "lacks 2022, 2021" in found["limits"][0]
    shown = asked("chokepoints", "MEX", "CHN", "--products", products)
    assert shown.exit_code == 0
    assert "010001" in shown.stdout
