from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.evidence.word_statistics import WordOdds, compared_within, dispersion, log_odds, permuted_p


def one(*numbers):
    return tuple(np.array([number], dtype="float64") for number in numbers)


def test_the_log_odds_are_those_of_the_formula():
    d, z = log_odds(one(9, 100), one(4, 200), one(2, 20))
    expected = log(11 / (120 - 11)) - log(6 / (220 - 6))
    assert d.tolist() == [pytest.approx(expected)]
    assert z.tolist() == [pytest.approx(expected / sqrt(1 / 11 + 1 / 6))]


COUNTS = st.integers(0, 50)


@given(COUNTS, COUNTS, st.floats(0.5, 20))
def test_the_log_odds_turn_with_the_groups_and_a_prior_draws_them_in(first, second, prior):
    sides = one(first, 100), one(second, 100)
    d, z = log_odds(*sides, one(prior, 10 * prior))
    other, other_z = log_odds(*reversed(sides), one(prior, 10 * prior))
    assert (d[0], z[0]) == pytest.approx((-other[0], -other_z[0]), abs=1e-9)
    if first != second:
        closer, _ = log_odds(*sides, one(100 * prior, 1000 * prior))
        assert abs(closer[0]) < abs(d[0])


def test_the_dispersion_is_the_published_one():
    # The five parts of the first example in Gries (2008): 50 words, a word used 1, 2, 3, 4 and 5 times.
    assert dispersion([[1], [2], [3], [4], [5]], [9, 10, 10, 10, 11]).round(2).tolist() == [0.18]


def test_a_word_of_one_part_alone_is_dispersed_worst_and_one_in_every_measure_best():
    assert dispersion([[7, 1, 0], [0, 2, 0], [0, 1, 0]], [10, 20, 10]).tolist()[:2] == pytest.approx([0.75, 0])
    assert np.isnan(dispersion([[0], [0]], [1, 1])).all()


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 99)), min_size=1, max_size=8).filter(
        lambda parts: any(u for u, _ in parts)
    )
)
def test_the_dispersion_lies_from_0_to_1(parts):
    (dp,) = dispersion([[uses] for uses, _ in parts], [words for _, words in parts])
    assert -1e-9 <= dp <= 1


def odds(*rows):
    said = np.array(rows, dtype="float64")
    return WordOdds(said, np.full((len(said), 1), 5.0), np.zeros(said.shape[1], dtype="int64"), 10.0)


def test_chance_is_counted_over_all_ways_to_share_out_the_labels():
    # Of the 70 ways to choose 4 of 8, one gives the first group all four who say it, and one none.
    said = odds(*[[1]] * 4, *[[0]] * 4)
    p = permuted_p(said, np.arange(8) < 4, np.zeros(8, dtype="int64"), resamples=40_000, random_state=1)
    assert p.tolist() == [pytest.approx(2 / 70, rel=0.1)]


def test_labels_stay_within_strata():
    # Who says it and who belongs to the first group go together across strata only: within, nothing can be exchanged.
    first = np.array([True, True, False, False])
    p = permuted_p(odds([1], [1], [0], [0]), first, np.array([0, 0, 1, 1]), resamples=99, random_state=0)
    assert p.tolist() == [1.0]
    assert compared_within(first, np.array([0, 0, 1, 1])) == 0
    assert compared_within(first, np.array([0, 1, 0, 1])) == 4


def test_the_seed_alone_decides_the_p_values():
    said, first, strata = odds([1], [0], [1], [0], [0], [0]), np.arange(6) < 3, np.zeros(6, dtype="int64")
    one_p, other = (permuted_p(said, first, strata, resamples=600, random_state=seed) for seed in (3, 3))
    assert one_p.tolist() == other.tolist()
