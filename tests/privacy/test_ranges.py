import numpy as np

from engagement_lib.privacy.cells import Cells, Rule, Sum
from engagement_lib.privacy.ranges import possible_ranges, settled_values, weak_cells


def cells(*sums, size=3):
    """Hidden counts from 0 to 9 without tables or keys, and the sums that everybody knows."""
    number = np.zeros(size)
    made = tuple(Sum(np.array(members), np.ones(len(members)), low, high) for members, low, high in sums)
    nothing = np.zeros(size, dtype=bool)
    places = tuple(("t", row, "n") for row in range(size))
    keys = tuple(frozenset({("v", str(row))}) for row in range(size))
    return Cells(places, keys, number * np.nan, number + np.inf, number, number + 9, ~nothing, nothing, made)


def test_a_range_is_one_of_whole_numbers_where_fractions_would_reach_further():
    # Any two of the three add up to 3 or 4: in fractions each could be 2.5.
    triangle = cells(((0, 1), 3, 4), ((1, 2), 3, 4), ((0, 2), 3, 4))
    low, high = possible_ranges(triangle, triangle.hidden)
    assert (low.tolist(), high.tolist()) == ([1, 1, 1], [2, 2, 2])


def test_sums_that_no_numbers_meet_leave_no_range():
    impossible = cells(((0, 1), 3, 3), ((1, 2), 3, 3), ((0, 2), 3, 3))
    low, high = possible_ranges(impossible, impossible.hidden)
    assert np.isnan([low, high]).all()
    assert weak_cells(impossible, impossible.hidden, low, high, Rule(5, 5)).all()


def test_cells_in_no_sum_keep_their_limits():
    apart = cells(((0, 1), 12, 12))
    low, high = possible_ranges(apart, apart.hidden)
    assert (low.tolist(), high.tolist()) == ([3, 3, 0], [9, 9, 9])


def test_what_is_settled_by_one_known_cell_is_found_in_one_sum_and_in_several():
    one = cells(((0, 1), 9, 9))
    assert settled_values(one, one.hidden, 0, 2.0)[1] == 7
    several = cells(((0, 1), 9, 9), ((1, 2), 9, 12), ((1, 3), 12, 12), size=4)
    settled = settled_values(several, several.hidden, 0, 2.0)
    assert settled[[1, 3]].tolist() == [7, 5]
    assert np.isnan(settled[2])


def test_nothing_is_settled_where_the_known_cell_is_impossible():
    several = cells(((0, 1), 9, 9), ((1, 2), 9, 12), ((1, 2), 3, 3))
    assert np.isnan(settled_values(several, several.hidden, 0, 2.0)[1:]).all()
