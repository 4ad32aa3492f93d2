"""Ensembles on a cluster give what they give in this thread."""

import json

import pytest
import xarray as xr
from labelled_worlds import named_world

from palanca.catalogue.executors import executor
from palanca.cli import main
from palanca.trade import Horizon
from palanca.trade.draws import Uncertainty, draws
from palanca.trade.elasticities import alike
from palanca.trade.ensemble import ensemble
from palanca.trade.measure import measure

WORLD = named_world(2, ("USA", "MEX", "CAN"), ("AGR", "AUT"))
ESTIMATES = xr.DataArray([[4.0, 3.0], [6.0, 9.0]], {"study": ["a", "b"], "sector": list(WORLD.sectors)})
NUMBER = 120  # more than one piece of work


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="palanca[cluster] is not installed")
    options = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with distributed.LocalCluster(**options) as found:
        yield found.scheduler_address


def run(pool=None):
    unsure = Uncertainty(alike(ESTIMATES), horizons=tuple(Horizon))
    acts = {"one": [measure("us-25-percent-on-canada-and-mexico")]}
    chosen = draws(unsure, NUMBER, seed=3)
    return ensemble(acts, WORLD, chosen, names=unsure.names, executor=pool).results


def test_a_cluster_of_two_workers_changes_nothing(cluster, monkeypatch, tmp_path):
    alone = run()
    monkeypatch.setenv("PALANCA_CACHE", str(tmp_path / "empty"))  # so that this process finds nothing
    with executor(cluster) as pool:
        together = run(pool)
    assert together.height == NUMBER * 3 * 6
    assert together.equals(alone)


def test_simulate_takes_the_address_of_a_scheduler(cluster, capsys, monkeypatch):
    words = ["simulate", "us-25-percent-on-mexico", "--horizon", "long", "--draws", "4", "--json"]
    monkeypatch.setattr("sys.argv", ["palanca", *words, "--scheduler", cluster])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    done = json.loads(capsys.readouterr().out)
    assert all(row["draws"] == 4 for row in done["effects"])
