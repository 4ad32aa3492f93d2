"""Trade elasticities of the published studies, in the sectors of the world economy."""

import numpy as np
import pytest

from palanca.catalogue import table
from palanca.catalogue.codes import members, sectors
from palanca.economy import published
from palanca.economy.studies import studies
from palanca.errors import InputError

SERVICES = tuple(code for code, sector in sectors().items() if not sector.goods)


@pytest.mark.parametrize("study", studies())
def test_every_sector_has_a_positive_elasticity(study):
    found = published(study)
    assert tuple(found.elasticity["sector"].values) == tuple(sectors())
    assert (found.elasticity > 0).all()
    assert found.source


@pytest.mark.parametrize("study", studies())
def test_every_sector_of_a_study_is_mapped(study):
    assert set(table("trade_elasticities").rows(study=study)["sector"]) == set(members(study))


@pytest.mark.parametrize(
    ("study", "sector", "theta"),
    [
        ("caliendo_parro_2015", "AGR", 9.11),
        ("caliendo_parro_2015", "PET", 64.85),
        ("caliendo_parro_2015", "WPP", (11.50 + 16.52) / 2),
        ("caliendo_parro_2015", "STE", 3.28),
        ("costinot_rodriguezclare_2014", "AUT", 0.37),
        ("costinot_rodriguezclare_2014", "TEX", 5.56),
        ("fontagne_2022", "NFM", 13.387498 - 1),
        ("fontagne_2022", "PHA", 7.9163017 - 1),
    ],
)
def test_estimates_are_those_of_the_study(study, sector, theta):
    assert float(published(study).elasticity.sel(sector=sector)) == pytest.approx(theta)


@pytest.mark.parametrize(
    ("study", "filled"),
    [
        ("caliendo_parro_2015", SERVICES),
        ("costinot_rodriguezclare_2014", SERVICES),
        ("fontagne_2022", tuple(code for code in SERVICES if code != "UTL")),
    ],
)
def test_sectors_a_study_does_not_cover_take_its_median_and_are_named(study, filled):
    found = published(study)
    assert found.filled == filled
    own = found.elasticity.sel(sector=[code for code in sectors() if code not in filled])
    assert np.allclose(found.elasticity.sel(sector=list(filled)), np.median(own))


def test_unknown_study_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"No study is called 'gtap'\. Known: caliendo_parro_2015"):
        published("gtap")
