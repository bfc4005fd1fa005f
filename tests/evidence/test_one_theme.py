from itertools import combinations
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.evidence.one_theme import draw_one_theme, fit_popularity, symmetric_sums

weights_of_codes = st.lists(st.floats(0.05, 20), min_size=1, max_size=6)


@given(weights_of_codes)
def test_symmetric_sums_are_sums_of_products(weights):
    expected = [sum(prod(part) for part in combinations(weights, degree)) for degree in range(len(weights) + 1)]
    assert symmetric_sums(np.array(weights), len(weights)).tolist() == pytest.approx(expected)


@given(weights_of_codes, st.integers(0, 99))
def test_everybody_has_as_many_codes_as_they_had(weights, seed):
    amounts = np.arange(20) % (len(weights) + 1)
    drawn = draw_one_theme(np.array(weights), amounts, np.random.default_rng(seed))
    assert drawn.sum(axis=1).tolist() == amounts.tolist()


def test_codes_that_weigh_nothing_are_drawn_where_nothing_else_is_left():
    drawn = draw_one_theme(np.array([0.0, 1.0, 0.0]), np.array([3, 2, 1]), np.random.default_rng(0))
    assert drawn.sum(axis=1).tolist()[0] == 3
    assert drawn[2].tolist() == [False, True, False]


def test_sets_are_drawn_in_proportion_to_their_weights():
    weights = np.array([1.0, 2.0, 4.0])
    drawn = draw_one_theme(weights, np.full(20_000, 2), np.random.default_rng(3))
    shares = [float((drawn[:, i] & drawn[:, j]).mean()) for i, j in combinations(range(3), 2)]
    assert shares == pytest.approx([2 / 14, 4 / 14, 8 / 14], abs=0.015)


def test_each_code_is_as_common_as_it_was():
    generator = np.random.default_rng(4)
    held = generator.random((60, 5)) < np.array([0.1, 0.2, 0.4, 0.6, 0.0])
    weights = fit_popularity(held)
    drawn = np.mean([draw_one_theme(weights, held.sum(axis=1), generator).sum(axis=0) for _ in range(3000)], axis=0)
    assert drawn.tolist() == pytest.approx(held.sum(axis=0).tolist(), abs=0.3)
    assert weights[4] == 0


def test_codes_as_common_as_one_another_weigh_the_same():
    assert fit_popularity(np.eye(3, dtype=bool)).tolist() == pytest.approx([1, 1, 1])


def test_a_code_that_everybody_has_outweighs_all_others():
    weights = fit_popularity(np.array([[True, True, False], [True, False, True], [True, False, False]]))
    assert weights[0] > 100 * weights[1:].max()


@pytest.mark.parametrize("held", [np.zeros((3, 2), dtype=bool), np.ones((3, 2), dtype=bool), np.zeros((0, 2), dtype=bool)])
def test_people_with_nothing_or_everything_say_nothing_of_popularity(held):
    assert fit_popularity(held).tolist() == [1, 1]
