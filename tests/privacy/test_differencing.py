import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.privacy.differencing import differencing
from engagement_lib.privacy.suppression import suppress_small_cells

HIDDEN = "[c]"
WAIT = "Hide the count in this release, or wait until more have answered."


def table(*counts, base=None, groups="all p u b"):
    made = pd.DataFrame({"group": groups.split()[: len(counts)], "respondents": pd.Series(counts, dtype=object)})
    return made if base is None else made.assign(base=base)


def compare(old, new, **options):
    return differencing(old, new, counts="respondents", margins=["group"], **options)


def reasons(old, new, **options):
    found = compare(old, new, **options)
    return list(zip(found["cell"], found["release"], found["reason"], strict=True))


def test_a_count_that_rose_by_two_gives_two_people_away():
    found = compare(table(12, base=40, groups="p"), table(14, base=60, groups="p"))
    assert found.to_numpy().tolist() == [["group p", "respondents", "the difference", 2.0, 2.0, "the count has moved by 2", WAIT]]


@pytest.mark.parametrize("new", [12, 17, 40])
def test_a_count_that_stays_or_rises_by_many_gives_nobody_away(new):
    assert compare(table(12, base=40, groups="p"), table(new, base=90, groups="p")).empty


def test_a_count_that_fell_by_two_gives_away_whose_coding_was_changed():
    assert reasons(table(12, groups="p"), table(10, groups="p")) == [("group p", "the difference", "the count has moved by -2")]


def test_of_two_who_joined_even_that_neither_said_it_is_told():
    old, new = table(12, base=40, groups="p"), table(12, base=42, groups="p")
    assert reasons(old, new) == [("group p", "the difference", "of the 2 who have joined the group it is 0")]
    assert compare(old, table(HIDDEN, base=42, groups="p")).empty


def test_a_difference_of_a_hidden_count_is_worked_out_from_sums():
    # p and b are hidden in both, but their sum has moved from 20 to 22, and b cannot have fallen.
    old = table(50, HIDDEN, 30, HIDDEN, base=[300, 100, 100, 100])
    new = table(52, HIDDEN, 30, HIDDEN, base=[330, 130, 100, 100])
    found = compare(old, new)
    assert found[["cell", "low", "high"]].to_numpy().tolist() == [["everybody", 2, 2], ["group p", 2, 2]]


def test_what_is_hidden_now_and_then_in_different_places_is_worked_out():
    old = table(50, HIDDEN, HIDDEN, 30, base=[200, 60, 60, 80])
    new = table(50, HIDDEN, 17, HIDDEN, base=[200, 60, 60, 80])
    assert reasons(old, new) == [
        ("group b", "this release", "with both releases it can be worked out: 30"),
        ("group p", "last release", "with both releases it can be worked out: 3"),
        ("group p", "this release", "with both releases it can be worked out: 3"),
        ("group u", "last release", "with both releases it can be worked out: 17"),
    ]


def test_what_both_releases_narrow_down_is_told():
    old = table(50, HIDDEN, HIDDEN, 30, base=[200, 60, 60, 80])
    new = table(52, HIDDEN, 17, HIDDEN, base=[202, 60, 60, 82])
    found = compare(old, new)
    assert ("group p", "this release", "with both releases it can only be from 1 to 3") not in found.to_numpy().tolist()
    assert found["reason"].str.contains("worked out: 3").any()


def test_a_count_that_its_own_release_gave_away_is_not_told_again():
    assert compare(table(40, 37, HIDDEN), table(40, 37, HIDDEN))["release"].tolist() == []


def test_what_contradicts_itself_if_people_are_only_added_is_taken_as_counted_anew():
    # The hidden counts must have fallen by 6, though nothing shown has.
    old = table(50, HIDDEN, 30, HIDDEN, base=[300, 100, 100, 100])
    new = table(50, HIDDEN, 36, HIDDEN, base=[300, 100, 100, 100])
    assert compare(old, new).empty


def test_what_contradicts_itself_in_any_case_is_left_to_the_audit():
    assert compare(table(20, 30, HIDDEN), table(20, 30, HIDDEN)).empty


def test_webinars_may_be_counted_one_by_one():
    assert compare(table(1, base=2, groups="webinar"), table(2, base=3, groups="webinar")).empty


def test_a_cell_that_is_new_cannot_be_compared():
    assert compare(table(12, groups="p"), table(12, 7, groups="p u")).empty


def test_nothing_in_common_is_no_difference_and_has_all_columns():
    found = compare(table(12, groups="p"), table(12, groups="u"))
    assert found.empty
    assert list(found.columns) == ["cell", "column", "release", "low", "high", "reason", "remedy"]


def test_a_difference_that_is_only_known_roughly_may_still_be_small():
    old = table(50, HIDDEN, HIDDEN, 30, base=[300, 100, 100, 100])
    new = table(53, HIDDEN, HIDDEN, 30, base=[306, 103, 103, 100])
    assert reasons(old, new) == [("everybody", "the difference", "the count has moved by 3")]


def test_a_difference_between_two_small_numbers_is_small():
    # The total has moved by 7, of which at most 5 can be in p, since only 5 have joined it: u has moved by 2 at least.
    old = table(50, HIDDEN, HIDDEN, base=[300, 100, 200])
    new = table(57, HIDDEN, HIDDEN, base=[311, 105, 206])
    assert compare(old, new).empty
    found = compare(old, table(57, HIDDEN, HIDDEN, base=[311, 106, 204]))
    assert found[["cell", "low", "high", "reason"]].to_numpy().tolist() == [
        ["group u", 1.0, 4.0, "of the 4 who have joined the group it is from 1 to 4"]
    ]


def test_the_suppression_of_the_second_release_leaves_nothing_to_be_told():
    rng = np.random.default_rng(3)
    for _ in range(10):
        before = rng.integers(0, 25, size=4)
        after = before + rng.integers(0, 8, size=4)
        first, second = (
            table(int(counts.sum()), *map(int, counts), base=[400, *[base] * 4], groups="all p u b c")
            for counts, base in ((before, 100), (after, 130))
        )
        options = {"counts": "respondents", "margins": ["group"]}
        published = suppress_small_cells(first, **options).table
        now = suppress_small_cells(second.assign(base=[520, *[130] * 4]), last=published, **options).table
        assert differencing(published, now, **options).empty


def test_the_rule_must_make_sense():
    with pytest.raises(TableError, match="differencing, smallest: found 1"):
        compare(table(9), table(9), smallest=1)
