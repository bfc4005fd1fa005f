import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engagement_lib.evidence.orders import new_by_place, random_places, saturated_after

# The worked example: new codes of each interview, 37 in the first four.
NEW = [[12, 9, 9, 7, 1, 2, 0, 1, 0, 0, 1, 0]]
NEVER = float("inf")


@pytest.mark.parametrize(
    ("base", "run", "threshold", "after"),
    [
        (4, 2, 0.05, 6),
        (4, 2, 0.0, 8),
        (5, 3, 0.05, 6),
        (4, 3, 0.05, 6),
        (6, 2, 0.05, 6),
        (4, 3, 0.0, NEVER),
        (4, 2, 0.081, 5),
        (4, 2, 0.082, 4),
    ],
)
def test_the_rule_gives_the_worked_example(base, run, threshold, after):
    assert saturated_after(NEW, base=base, run=run, threshold=threshold).tolist() == [after]


def test_the_rule_is_satisfied_by_just_the_threshold():
    assert saturated_after([[20, 1, 0]], base=1, run=2, threshold=0.05).tolist() == [1]
    assert saturated_after([[30, 0, 3, 0]], base=2, run=1, threshold=0.1).tolist() == [2]


def test_the_rule_needs_as_many_respondents_as_base_and_run_together():
    assert saturated_after([[5, 0, 0]], base=2, run=2, threshold=0.05).tolist() == [NEVER]
    assert saturated_after([[5, 0, 0, 0]], base=2, run=2, threshold=0.05).tolist() == [2]


def test_the_rule_has_no_answer_without_a_code_in_the_base():
    assert saturated_after([[0, 0, 0, 0], [1, 0, 0, 0]], base=2, run=2, threshold=0.05).tolist() == [NEVER, 2]


def test_new_codes_are_those_that_nobody_before_had():
    held = np.array([[1, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0], [0, 1, 0, 1]], dtype=bool)
    assert new_by_place(held).tolist() == [[1, 2, 0, 1]]
    assert new_by_place(held, np.array([[3, 2, 1, 0], [0, 1, 2, 3]])).tolist() == [[2, 0, 2, 0], [1, 2, 0, 1]]


@pytest.mark.parametrize("codes", [0, 2])
def test_without_any_code_nothing_is_new(codes):
    assert new_by_place(np.zeros((3, codes), dtype=bool), np.array([[0, 1, 2], [2, 1, 0]])).tolist() == [[0, 0, 0], [0, 0, 0]]


@given(arrays(bool, st.tuples(st.integers(1, 8), st.integers(0, 6))), st.integers(0, 99))
def test_counting_all_orders_at_once_is_going_through_each(held, seed):
    places = random_places(len(held), orders=4, random_state=seed)
    for row, new in zip(places, new_by_place(held, places), strict=True):
        seen: set[int] = set()
        for place, respondent in enumerate(np.argsort(row)):
            codes = set(np.flatnonzero(held[respondent]))
            assert new[place] == len(codes - seen)
            seen |= codes


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=15), st.integers(1, 6), st.integers(1, 3), st.sampled_from([0.0, 0.05, 0.3])
)
def test_the_rule_is_the_first_run_with_few_new_codes(new, base, run, threshold):
    expected = NEVER
    for after in range(base, len(new) - run + 1):
        if sum(new[:base]) and sum(new[after : after + run]) / sum(new[:base]) <= threshold:
            expected = after
            break
    assert saturated_after([new], base=base, run=run, threshold=threshold).tolist() == [expected]


def test_random_orders_hold_every_respondent_once_and_are_the_same_for_the_same_seed():
    places = random_places(5, orders=200, random_state=7)
    assert (np.sort(places, axis=1) == np.arange(5)).all()
    assert places.mean(axis=0) == pytest.approx([2] * 5, abs=0.4)
    assert (random_places(5, orders=200, random_state=7) == places).all()
    assert (random_places(5, orders=200, random_state=8) != places).any()
