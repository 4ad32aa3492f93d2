"""Trade elasticities of the published studies, in the sectors of the world economy."""

import numpy as np
import pytest

from palanca.catalogue import table
from palanca.catalogue.codes import members, sectors
from palanca.economy import published
from palanca.economy.studies import studies
from palanca.errors import InputError

SERVICES = tuple(code for code, sector in sectors().items() if not sector.goods)


SAMPLE = "costinot_rodriguezclare_2014"
TABLES = (*studies(), SAMPLE)


def test_two_samples_of_one_table_are_one_study():
    assert studies() == ("caliendo_parro_2015", "fontagne_2022")
    shared = [
        ("Agriculture", "1"),
        ("Mining", "2"),
        ("Food", "3"),
        ("Textile", "4"),
        ("Wood", "6"),
        ("Paper", "7"),
        ("Petroleum", "8"),
        ("Chemicals", "9"),
        ("Plastic", "10"),
        ("Minerals", "11"),
        ("Basic metals", "12"),
        ("Machinery n.e.c.", "13"),
        ("Electrical", "14"),
        ("Other", "16"),
    ]
    rows = {(study, sector): value for study, sector, _, value in table("trade_elasticities").frame.rows()}
    one = np.log([rows["caliendo_parro_2015", sector] for sector, _ in shared])
    other = np.log([rows[SAMPLE, sector] for _, sector in shared])
    assert np.corrcoef(one, other)[0, 1] > 0.94
    assert np.sqrt(((one - other) ** 2).mean()) == pytest.approx(0.35, abs=0.005)  # parameter within_study


@pytest.mark.parametrize("study", TABLES)
def test_every_estimate_is_positive_and_what_is_missing_is_named(study):
    found = published(study)
    assert tuple(found.elasticity["sector"].values) == tuple(sectors())
    known = found.elasticity.dropna("sector")
    assert (known > 0).all()
    assert set(found.missing) == set(sectors()) - set(known["sector"].values)
    assert found.source


@pytest.mark.parametrize("study", TABLES)
def test_every_sector_of_a_study_is_mapped(study):
    assert set(table("trade_elasticities").rows(study=study)["sector"]) == set(members(study))


@pytest.mark.parametrize("study", TABLES)
def test_what_is_dropped_stands_in_the_table_and_has_a_reason(study):
    dropped = published(study).dropped
    assert set(dropped) <= set(table("trade_elasticities").rows(study=study)["sector"])
    assert all(len(reason) > 20 for reason in dropped.values())


@pytest.mark.parametrize(
    ("study", "sector", "theta"),
    [
        ("caliendo_parro_2015", "AGR", 9.11),
        ("caliendo_parro_2015", "WPP", (11.50 + 16.52) / 2),
        ("caliendo_parro_2015", "STE", 3.28),
        (SAMPLE, "TEX", 5.56),
        ("fontagne_2022", "NFM", 13.387498 - 1),
        ("fontagne_2022", "PHA", 7.9163017 - 1),
        ("fontagne_2022", "PET", 3.6381574 - 1),
    ],
)
def test_estimates_are_those_of_the_study(study, sector, theta):
    assert float(published(study).elasticity.sel(sector=sector)) == pytest.approx(theta)


@pytest.mark.parametrize(
    ("study", "missing"),
    [
        ("caliendo_parro_2015", ("PET", "AUT", "OTR", *SERVICES)),
        (SAMPLE, ("AUT", "OTR", *SERVICES)),
        ("fontagne_2022", tuple(code for code in SERVICES if code != "UTL")),
    ],
)
def test_sectors_without_an_estimate_stay_empty_and_are_named(study, missing):
    assert published(study).missing == missing


def test_unknown_study_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"No study is called 'gtap'\. Known: caliendo_parro_2015"):
        published("gtap")
