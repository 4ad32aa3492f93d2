"""`palanca feed`, and an import through a real Dask cluster on this machine."""

import gzip
import json

import pytest
from feed_files import content, gdelt, write
from typer.testing import CliRunner

from palanca.catalogue.executors import executor
from palanca.cli import app
from palanca.errors import InputError
from palanca.events.feeds import import_files, importing, layout, units


@pytest.fixture
def files(tmp_path):
    lines = [
        gdelt(GLOBALEVENTID=str(n), SQLDATE=f"20240{n % 6 + 1}15", SOURCEURL=f"u{n % 80}") for n in range(300)
    ]
    return [write(tmp_path / f"{part}.CSV", [*lines[part::2], "broken"]) for part in (0, 1)]


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_import_and_status(files, tmp_path):
    command = ("feed", "import", *files, "--format", "gdelt2", "--store", tmp_path / "store")
    done = json.loads(run(*command, "--json").stdout)
    assert (done["files"], done["lines"], done["malformed"]) == (2, 302, {"1 columns": 2})
    held = json.loads(run("feed", "status", "--store", tmp_path / "store", "--json").stdout)
    assert held["rows"] == done["rows"] == sum(held["months"].values())
    assert list(held["months"]) == [f"2024-0{month}" for month in range(1, 7)]
    assert not held["unfinished"]
    assert "2 were imported before" in run(*command).stdout
    assert "0.CSV" in run("feed", "status", "--store", tmp_path / "store").stdout


def test_the_pair_is_named_in_any_way(files, tmp_path):
    run(
        "feed", "import", *files, "--format", "gdelt2", "--store", tmp_path / "s", "--pair", "China", "EE.UU."
    )
    held = json.loads(run("feed", "status", "--store", tmp_path / "s", "--json").stdout)
    assert {tuple(one["pair"]) for one in held["files"]} == {("CHN", "USA")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--format"),
        (("--format", "gdelt9"), "No format is called"),
        (("--map", "absent.yaml"), "cannot be read"),
        (("--format", "gdelt2", "--pair", "CHN", "China"), "two different countries"),
        (("--format", "gdelt2", "--scheduler", "tcp://127.0.0.1:1"), "No Dask scheduler answers"),
    ],
)
def test_faults_end_with_two(options, message, files, tmp_path):
    if "--scheduler" in options:
        pytest.importorskip("distributed")
    done = run("feed", "import", *files, "--store", tmp_path / "store", *options)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


def test_fetch_wants_to_know_how_much():
    assert run("feed", "fetch").exit_code == 2


def test_processes_of_this_machine():
    with executor(workers=1) as pool:
        assert pool.submit(abs, -2).result() == 2


def test_an_address_that_is_none():
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="No Dask scheduler answers"), executor("nowhere"):
        pass


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_leaves_the_same_store(files, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(importing, "units", lambda paths, form: units.units(paths, form, size=10_000))
    import_files(files, layout("gdelt2"), tmp_path / "alone")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        with executor(cluster.scheduler_address) as pool:
            done = import_files(files, layout("gdelt2"), tmp_path / "cluster", executor=pool)
        command = ("feed", "import", *files, "--format", "gdelt2", "--scheduler", cluster.scheduler_address)
        typed = run(*command, "--store", tmp_path / "typed", "--json")
    assert done.lines == 302
    assert content(tmp_path / "cluster") == content(tmp_path / "alone")
    assert json.loads(typed.stdout)["rows"] == done.rows


def test_a_file_of_another_format_is_refused_and_leaves_nothing(files, tmp_path):
    foreign = write(tmp_path / "foreign.csv", ["a,b,c"] * 40)
    done = run("feed", "import", *files, foreign, "--format", "gdelt2", "--store", tmp_path / "store")
    assert done.exit_code == 2
    assert "foreign.csv, 40 lines: 1 columns 40" in " ".join(done.output.split())
    assert content(tmp_path / "store") == {}
    assert not json.loads(run("feed", "status", "--store", tmp_path / "store", "--json").stdout)["unfinished"]


def test_a_file_cut_short_is_refused_and_leaves_nothing(files, tmp_path):
    whole = gzip.compress(files[0].read_bytes())
    (tmp_path / "cut.CSV.gz").write_bytes(whole[: len(whole) // 2])
    store = tmp_path / "store"
    done = run("feed", "import", tmp_path / "cut.CSV.gz", "--format", "gdelt2", "--store", store)
    assert done.exit_code == 2
    assert "is damaged" in " ".join(done.output.split())
    assert [path for path in store.rglob("*") if path.name != "malformed"] == []
