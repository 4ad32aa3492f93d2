"""The share at which a count comes up with a given chance, against the quantile of the beta distribution."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv

from palanca.solve import share_at

CHANCES = st.sampled_from([0.005, 0.025, 0.05, 0.5, 0.95, 0.975, 0.995])


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))), CHANCES)
def test_it_is_the_quantile_of_the_beta_distribution(counts, chance):
    """SciPy's inverse of the incomplete beta function; sums of up to 2,000 terms leave ten digits."""
    least, n = counts
    assert share_at(least, n, chance) == pytest.approx(betaincinv(least, n - least + 1, chance), rel=1e-10)


@pytest.mark.parametrize("chance", [0.01, 0.3, 0.99])
def test_one_trial_succeeds_with_its_chance(chance):
    assert share_at(1, 1, chance) == pytest.approx(chance, rel=1e-12)


def test_a_large_count_is_exact_too():
    """A hundred thousand terms leave nine digits."""
    assert share_at(50_000, 100_000, 0.025) == pytest.approx(betaincinv(50_000, 50_001, 0.025), rel=1e-9)
