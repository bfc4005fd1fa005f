import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from engagement_lib.errors import TableError
from engagement_lib.evidence.differences import (
    adjust_p,
    conditional_odds_ratio,
    difference_within,
    newcombe_interval,
    permutation_p,
    smallest_difference,
)

SHARES = st.integers(1, 200).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ],
)
def test_newcombes_interval_is_the_published_one(first, second, published):
    assert newcombe_interval(first, second) == pytest.approx(published, abs=6e-5)


@given(SHARES, SHARES)
def test_newcombes_interval_holds_the_difference_and_turns_with_the_groups(first, second):
    low, high = newcombe_interval(first, second)
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1
    assert newcombe_interval(second, first) == pytest.approx((-high, -low), abs=1e-12)


@pytest.mark.parametrize("pair", [((0, 0), (1, 2)), ((1, 2), (0, 0))])
def test_a_difference_from_nobody_has_no_interval(pair):
    assert np.isnan(newcombe_interval(*pair)).all()
    assert np.isnan(conditional_odds_ratio(*pair)).all()


def test_the_odds_ratio_given_the_margins_is_the_published_one():
    assert conditional_odds_ratio((3, 4), (1, 4)) == pytest.approx((6.408, 0.2117, 626.2), rel=2e-4)


def test_an_odds_ratio_may_be_0_or_without_end_and_is_undefined_where_nobody_differs():
    ratio, low, high = conditional_odds_ratio((0, 5), (3, 7))
    assert (ratio, low) == (0, 0)
    assert high == pytest.approx(3.18194, abs=1e-5)
    ratio, low, high = conditional_odds_ratio((5, 5), (3, 7))
    assert (ratio, high) == (np.inf, np.inf)
    assert np.isnan(conditional_odds_ratio((0, 5), (0, 7))).all()
    assert np.isnan(conditional_odds_ratio((5, 5), (7, 7))).all()


def test_the_published_p_values_are_adjusted_so_that_four_stay_below_five_per_cent():
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1]
    assert (adjust_p(np.array(values)) <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert (np.array(values) * 15 <= 0.05).sum() == 3


@given(st.lists(st.floats(0, 1), max_size=20))
def test_adjusted_p_values_are_no_smaller_and_keep_their_order(values):
    values = np.array(values)
    adjusted = adjust_p(values)
    assert (adjusted >= values).all()
    assert (adjusted <= 1).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()


def test_a_p_value_that_is_undefined_is_not_of_the_family():
    assert adjust_p(np.array([0.02, np.nan, 0.04])).tolist() == pytest.approx([0.04, np.nan, 0.04], nan_ok=True)
    assert np.isnan(adjust_p(np.array([np.nan]))).all()


def people(*cells):
    """Respondents from (stratum, whether of the first group, whether they have the code, how many)."""
    rows = [row[:3] for row in cells for _ in range(row[3])]
    strata, first, holds = (np.array(column) for column in zip(*rows, strict=True))
    return holds.astype(bool)[:, np.newaxis], first.astype(bool), strata.astype(np.int64)


def test_a_difference_that_comes_from_the_kinds_alone_is_none_within_them():
    # Half of those in stratum 0 have the code, a tenth in stratum 1; the first group is mostly in stratum 0.
    holds, first, strata = people(
        (0, 1, 1, 20), (0, 1, 0, 20), (0, 0, 1, 5), (0, 0, 0, 5), (1, 1, 1, 1), (1, 1, 0, 9), (1, 0, 1, 4), (1, 0, 0, 36)
    )
    assert holds[first].mean() - holds[~first].mean() == pytest.approx(21 / 50 - 9 / 50)
    within, compared = difference_within(holds, first, strata)
    assert (within[0], compared) == (pytest.approx(0, abs=1e-12), 100)
    assert permutation_p(holds, first, strata, resamples=499, random_state=0)[0] == 1
    assert permutation_p(holds, first, np.zeros_like(strata), resamples=499, random_state=0)[0] < 0.05


def test_a_stratum_of_one_group_alone_says_nothing():
    holds, first, strata = people((0, 1, 1, 3), (0, 0, 0, 3), (1, 1, 1, 50))
    within, compared = difference_within(holds, first, strata)
    assert (within[0], compared) == (pytest.approx(1), 6)
    alone, nobody = difference_within(*people((0, 1, 1, 3), (1, 0, 0, 3)))
    assert np.isnan(alone[0])
    assert nobody == 0


def test_permuting_labels_comes_to_fishers_test_where_there_is_one_stratum():
    # Fisher's tea: [[3, 1], [1, 3]] has p = 0.4857.
    holds, first, strata = people((0, 1, 1, 3), (0, 1, 0, 1), (0, 0, 1, 1), (0, 0, 0, 3))
    p = permutation_p(holds, first, strata, resamples=9999, random_state=0)
    assert p[0] == pytest.approx(0.4857, abs=0.02)


def test_permuting_within_strata_comes_to_the_sum_of_hypergeometrics():
    holds, first, strata = people(
        (0, 1, 1, 6), (0, 1, 0, 4), (0, 0, 1, 2), (0, 0, 0, 8), (1, 1, 1, 3), (1, 1, 0, 2), (1, 0, 1, 5), (1, 0, 0, 10)
    )
    counts = np.convolve(hypergeom.pmf(np.arange(9), 20, 8, 10), hypergeom.pmf(np.arange(9), 20, 8, 5))
    expected = 8 * 10 / 20 + 8 * 5 / 20
    far = np.abs(np.arange(17) - expected) >= 9 - expected
    p = permutation_p(holds, first, strata, resamples=9999, random_state=1)
    assert p[0] == pytest.approx(counts[far].sum(), abs=0.01)


def test_no_permutation_makes_a_p_value_of_nought():
    holds, first, strata = people((0, 1, 1, 30), (0, 0, 0, 30))
    assert permutation_p(holds, first, strata, resamples=99, random_state=0)[0] == 0.01


def test_fewer_than_one_permutation_is_refused():
    with pytest.raises(TableError, match="resamples: found 0; expected at least 1"):
        permutation_p(*people((0, 1, 1, 1)), resamples=0, random_state=0)


def test_more_permutations_than_are_held_at_once_are_all_counted():
    holds, first, strata = people((0, 1, 1, 30), (0, 0, 0, 30))
    assert permutation_p(holds, first, strata, resamples=4500, random_state=0)[0] == 1 / 4501


def test_the_order_of_respondents_does_not_matter():
    generator = np.random.default_rng(0)
    holds, first, strata = generator.random((60, 5)) < 0.3, generator.random(60) < 0.5, generator.integers(0, 3, 60)
    order = generator.permutation(60)
    one = permutation_p(holds, first, strata, resamples=499, random_state=7)
    other = permutation_p(holds[order], first[order], strata[order], resamples=499, random_state=7)
    assert one.tolist() == other.tolist()


def test_without_a_difference_small_p_values_are_no_more_frequent_than_they_may_be():
    # Codes differ between the strata, and so does the mix of the groups, but within a stratum nothing does.
    generator, runs = np.random.default_rng(2), 2000
    strata = np.repeat([0, 1], [40, 60])
    first = np.concatenate([np.arange(40) < 30, np.arange(60) < 15])
    holds = generator.random((100, runs)) < np.where(strata == 0, 0.5, 0.15)[:, np.newaxis]
    p = permutation_p(holds, first, strata, resamples=499, random_state=3)
    for alpha in (0.01, 0.05, 0.1, 0.2):
        assert np.mean(p <= alpha) <= alpha + 2 * (alpha * (1 - alpha) / runs) ** 0.5


@pytest.mark.parametrize(("share", "points"), [(0.1, (22, 24)), (0.3, (27, 28)), (0.5, (26, 28))])
def test_45_and_55_respondents_show_no_less_than_the_published_difference(share, points):
    assert points[0] <= 100 * smallest_difference(np.array([share]), 45, 55)[0] <= points[1]


@given(st.floats(0, 1), st.integers(2, 300), st.integers(2, 300))
def test_the_smallest_difference_is_the_same_whichever_group_and_outcome_comes_first(share, first, second):
    found = smallest_difference(np.array([share, 1 - share]), first, second)
    turned = smallest_difference(np.array([share, share]), second, first)
    assert found.tolist() == pytest.approx(turned.tolist(), abs=1e-9, nan_ok=True)


def test_the_smallest_difference_is_found_four_times_in_five():
    share, first, second = 0.2, 150, 130
    d = smallest_difference(np.array([share]), first, second)[0]
    generator, runs = np.random.default_rng(5), 20000
    one, other = generator.binomial(first, share + d, runs) / first, generator.binomial(second, share, runs) / second
    pooled = (one * first + other * second) / (first + second)
    z = (one - other) / np.sqrt(pooled * (1 - pooled) * (1 / first + 1 / second))
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.8, abs=0.02)


def test_bases_may_be_too_small_for_any_difference():
    assert np.isnan(smallest_difference(np.array([0.5]), 2, 2)).all()
    assert np.isnan(smallest_difference(np.array([0.5]), 0, 9)).all()
