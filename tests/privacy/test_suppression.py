import numpy as np
import pandas as pd
import pytest
from exact_suppression import draw_counts, fewest_hidden, long_table, range_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.privacy import complements
from engagement_lib.privacy.audit import audit_suppression
from engagement_lib.privacy.suppression import suppress_small_cells

SEEDS = 500
IN_CI = 40
TWO_WAY = {"counts": "respondents", "by": ["row", "column"], "margins": ["row", "column"]}


def groups(*counts, total=True, **columns):
    """Counts by group, with their total in the first row."""
    names = [f"g{number}" for number in range(len(counts))]
    table = pd.DataFrame({"group": names, "respondents": counts})
    if total:
        table = pd.concat([pd.DataFrame({"group": ["all"], "respondents": [sum(counts)]}), table], ignore_index=True)
    return table.assign(**columns)


def hide(table, **options):
    return suppress_small_cells(table, counts="respondents", margins=["group"], **options)


def shown(table, **options):
    return hide(table, **options).table["respondents"].tolist()


def test_counts_from_1_to_4_are_hidden_and_zeros_are_shown():
    assert shown(groups(0, 1, 4, 5, total=False)) == [0, "[c]", "[c]", 5]


def test_the_public_is_shown_no_count_below_10():
    assert shown(groups(9, 10, total=False), smallest=10) == ["[c]", 10]


def test_zeros_are_hidden_where_that_is_asked():
    assert shown(groups(0, 7, total=False), zeros="hide") == ["[c]", 7]


def test_a_count_that_leaves_few_of_the_group_out_is_hidden_where_that_is_asked():
    table = groups(17, 20, 12, total=False, base=20)
    assert shown(table) == [17, 20, 12]
    assert shown(table, complement=True) == ["[c]", 20, 12]
    assert shown(table, complement=True, zeros="hide") == ["[c]", "[c]", 12]


def test_any_count_of_a_group_of_few_is_hidden_even_a_zero():
    assert shown(groups(0, 1, 0, total=False, base=[1, 1, 0])) == ["[c]", "[c]", 0]


def test_the_base_is_shown_beside_a_hidden_count():
    assert hide(groups(2, total=False, base=4)).table["base"].tolist() == [4]


def test_a_webinar_is_an_event_and_its_count_is_shown():
    table = pd.DataFrame({"group": ["webinar", "user"], "respondents": [1, 1], "base": [3, 30]})
    assert shown(table) == [1, "[c]"]


def test_a_code_that_is_called_webinar_is_no_event():
    table = pd.DataFrame({"code": ["webinar"], "respondents": [1]})
    assert suppress_small_cells(table, counts="respondents").table["respondents"].tolist() == ["[c]"]


def test_the_smallest_other_count_goes_with_one_that_the_total_would_give_away():
    assert shown(groups(3, 20, 17)) == [40, "[c]", 20, "[c]"]


def test_two_ones_in_a_total_of_two_are_not_left_to_be_worked_out():
    # Both are at least 1 because zeros are shown, so that a shown total of 2 would give both away.
    assert shown(groups(1, 1, 30, 40)) == [72, "[c]", "[c]", "[c]", 40]


def test_the_total_is_hidden_where_its_parts_cannot_do_without():
    assert shown(groups(1, 1, 1, 1, 1, 0)) == ["[c]"] + ["[c]"] * 5 + [0]


def test_somebody_alone_in_a_cell_cannot_work_out_another_small_count():
    # 1 + 4 = 5: whoever is the 1 would know the 4.
    table = groups(1, 4, 30, 40)
    assert shown(table, insiders=0) == [75, "[c]", "[c]", 30, 40]
    assert shown(table) == [75, "[c]", "[c]", "[c]", 40]


def test_one_person_in_all_is_news_to_nobody_else():
    assert shown(groups(1, 0)) == ["[c]", "[c]", 0]


def test_two_people_alone_in_a_cell_may_tell_one_another():
    table = groups(2, 4, 30, 40)
    assert shown(table) == [76, "[c]", "[c]", 30, 40]
    assert shown(table, insiders=2) == [76, "[c]", "[c]", "[c]", 40]


def test_a_wider_protection_hides_more():
    table = groups(4, 5, 30, total=True)
    assert shown(table) == [39, "[c]", "[c]", 30]
    assert shown(table, protection=8) == [39, "[c]", "[c]", 30]
    assert shown(groups(4, 2, 30), protection=8) == [36, "[c]", "[c]", 30]
    assert shown(groups(2, 2, 30), protection=8) == [34, "[c]", "[c]", "[c]"]


def test_in_a_table_of_two_variables_both_sums_are_looked_at():
    counts = np.array([[3, 20, 18, 41], [22, 25, 28, 75], [19, 24, 30, 73], [44, 69, 76, 189]])
    suppressed = suppress_small_cells(long_table(counts), **TWO_WAY)
    assert (suppressed.table["respondents"] == "[c]").to_numpy().reshape(4, 4).astype(int).tolist() == [
        [1, 1, 0, 0],
        [0, 0, 0, 0],
        [1, 1, 0, 0],
        [0, 0, 0, 0],
    ]


def test_totals_in_another_table_are_looked_at_and_hidden_where_need_be():
    table = pd.DataFrame({"code": ["a", "a", "b", "b"], "group": ["p", "u"] * 2, "respondents": [3, 30, 2, 6]})
    totals = pd.DataFrame({"code": ["a", "b"], "respondents": [33, 8]})
    suppressed = hide(table, totals=totals, smallest=10)
    assert suppressed.table["respondents"].tolist() == ["[c]", "[c]", "[c]", "[c]"]
    assert suppressed.totals.table["respondents"].tolist() == [33, "[c]"]
    assert suppressed.totals.hidden[["row", "cell", "kind"]].to_numpy().tolist() == [[1, "code b", "small"]]


def test_totals_that_are_out_already_stay_and_what_they_give_away_is_refused():
    table = pd.DataFrame({"code": ["b", "b"], "group": ["p", "u"], "respondents": [1, 3]})
    with pytest.raises(TableError, match=r"row 0, column 'respondents': found a count \(code b, group p\) that what may not be"):
        hide(table, totals=pd.DataFrame({"code": ["b"], "respondents": [4]}), fixed_totals=True)


def test_a_total_that_is_hidden_where_it_is_out_binds_nothing():
    table = pd.DataFrame({"code": ["b", "b"], "group": ["p", "u"], "respondents": [1, 30]})
    totals = pd.DataFrame({"code": ["b"], "respondents": ["[c]"]})
    suppressed = hide(table, totals=totals, fixed_totals=True)
    assert suppressed.table["respondents"].tolist() == ["[c]", 30]
    assert suppressed.totals.table["respondents"].tolist() == ["[c]"]


def test_an_event_that_stays_shown_does_not_help_to_hide():
    table = pd.DataFrame({"group": ["all", "webinar", "user", "both"], "respondents": [25, 2, 20, 3]})
    assert shown(table) == [25, 2, "[c]", "[c]"]


def test_people_who_stand_in_two_groups_do_not_hide_the_others():
    # One person is in two groups, so that the parts add up to 51. A reader who knows that is not misled.
    table = pd.DataFrame({"group": ["all", "p", "u", "b"], "respondents": [50, 3, 28, 20]})
    assert shown(table) == [50, "[c]", 28, "[c]"]


def test_what_is_made_from_a_hidden_count_is_hidden_too():
    table = groups(3, 12, total=False, base=30, share=[0.1, 0.4], sentence=["3 of 30", "12 of 30"])
    suppressed = hide(table)
    assert suppressed.table.iloc[0].tolist() == ["g0", "[c]", 30, "[c]", "[c]"]
    assert suppressed.table.iloc[1].tolist() == ["g1", 12, 30, 0.4, "12 of 30"]
    assert suppressed.hidden[["row", "column", "kind", "reason"]].to_numpy().tolist() == [
        [0, "respondents", "small", "fewer than 5 people"],
        [0, "share", "derived", "made from 'respondents', which is hidden"],
        [0, "sentence", "derived", "made from 'respondents', which is hidden"],
    ]


def test_of_several_counts_each_hides_what_is_made_from_it():
    table = pd.DataFrame({"claim": ["C1"], "for": [3], "against": [9], "share": [0.1], "balance": [0.75], "expected": ["yes"]})
    suppressed = suppress_small_cells(
        table, counts=["for", "against"], derived={"share": ["for"], "balance": ["against"]}, keep=["expected"]
    )
    assert suppressed.table.iloc[0].tolist() == ["C1", "[c]", 9, "[c]", 0.75, "yes"]


def test_the_companion_says_whom_a_hidden_count_protects():
    hidden = hide(groups(3, 20, 17)).hidden
    assert hidden[["cell", "kind", "value", "reason"]].to_numpy().tolist() == [
        ["group g0", "small", 3.0, "fewer than 5 people"],
        ["group g2", "complement", 17.0, "the count of group g0 could be worked out from it"],
    ]


def test_the_reason_is_general_where_the_protected_count_is_in_another_sum():
    counts = np.array([[3, 20, 18, 41], [22, 25, 28, 75], [19, 24, 30, 73], [44, 69, 76, 189]])
    hidden = suppress_small_cells(long_table(counts), **TWO_WAY).hidden
    assert hidden["reason"].tolist() == [
        "fewer than 5 people",
        "the count of column c0, row r0 could be worked out from it",
        "the count of column c0, row r0 could be worked out from it",
        "a small count could be worked out from it",
    ]


def test_the_note_says_what_the_mark_means():
    assert hide(groups(9), mark="[hidden]").note == (
        "[hidden] stands for a number that is not shown, to protect people: a count of fewer than 5, one in a group of fewer than"
        " 5, or one from which such a count could be worked out. Zeros are shown."
    )
    assert hide(groups(9), zeros="hide").note.endswith("Zeros are hidden too.")


def test_another_word_may_stand_for_what_is_hidden():
    assert shown(groups(3, total=False), mark="fewer than 5") == ["fewer than 5"]


def test_the_table_that_was_given_is_not_changed():
    table = groups(3, 20, 17, share=0.5)
    before = table.copy(deep=True)
    hide(table)
    pd.testing.assert_frame_equal(table, before)


def test_columns_rows_index_and_types_stay_whatever_is_hidden():
    few, many = groups(3, 20, 17, base=90, share=0.1), groups(30, 20, 17, base=90, share=0.1)
    few.index = many.index = [7, 3, 5, 9]
    assert hide(few).table.dtypes.equals(hide(many).table.dtypes)
    assert list(hide(few).table.columns) == list(few.columns)
    assert list(hide(few).table.index) == [7, 3, 5, 9]


def test_an_empty_table_stays_empty_with_its_columns():
    suppressed = hide(groups(3, share=0.1).head(0))
    assert list(suppressed.table.columns) == ["group", "respondents", "share"]
    assert list(suppressed.hidden.columns) == ["row", "cell", "column", "kind", "value", "reason"]
    assert len(suppressed.table) == len(suppressed.hidden) == 0


def test_a_table_without_variables_is_one_cell():
    table = pd.DataFrame({"respondents": [3]})
    assert suppress_small_cells(table, counts=["respondents"]).hidden["cell"].tolist() == ["everybody"]


def test_a_count_that_is_not_defined_is_left_as_it_is():
    assert shown(groups(3, 9, total=False).assign(respondents=[np.nan, 9]))[1] == 9


@settings(max_examples=10)
@given(st.permutations(range(9)))
def test_the_order_of_the_rows_does_not_matter(order):
    table = long_table(np.array([[3, 12, 15], [11, 12, 23], [14, 24, 38]]))
    shuffled = table.iloc[list(order)]
    again = suppress_small_cells(shuffled, **TWO_WAY).table
    pd.testing.assert_frame_equal(again.sort_index(), suppress_small_cells(table, **TWO_WAY).table)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"respondents": [2.5]}, "row 2, column 'respondents': found '2.5'; expected a whole number of people"),
        ({"respondents": [-1]}, "found '-1'"),
        ({"respondents": [5], "base": [4]}, "at most its base of 4"),
        ({"respondents": ["[c]"]}, r"counts: found '\[c\]'; expected counts"),
        ({"respondents": ["few"]}, "found 'few'"),
    ],
)
def test_a_count_that_is_none_is_refused(changes, message):
    with pytest.raises(TableError, match=message):
        hide(pd.DataFrame({"group": ["p"], **changes}))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"smallest": 1}, "smallest: found 1; expected a whole number of at least 2"),
        ({"protection": 0}, "protection: found 0"),
        ({"insiders": -1}, "insiders: found -1"),
        ({"zeros": "drop"}, "zeros: found 'drop'"),
        ({"mark": " "}, "a blank mark"),
        ({"by": ["sector"]}, "a column 'sector'"),
        ({"margins": ["sector"]}, "margins: found sector; expected variables of the table. The variables are group"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(TableError, match=message):
        suppress_small_cells(groups(3), **{"counts": "respondents", **options})


def test_no_counts_are_refused():
    with pytest.raises(TableError, match="found no column of counts"):
        suppress_small_cells(groups(3), counts=[], by=["group"])


def test_two_rows_that_are_the_same_cell_are_refused():
    with pytest.raises(TableError, match="row 3: found group p a second time"):
        hide(pd.DataFrame({"group": ["p", "p"], "respondents": [7, 8]}))


def test_a_count_that_moved_little_since_the_last_release_is_hidden():
    last = groups(12, 20, total=False, base=40)
    suppressed = hide(groups(14, 30, total=False, base=60), last=last)
    assert suppressed.table["respondents"].tolist() == ["[c]", 30]
    assert suppressed.hidden["reason"].tolist() == ["beside the last release: the count has moved by 2"]


def test_where_few_have_joined_a_group_even_its_zeros_are_hidden():
    last = groups(0, 12, total=False, base=[40, 40])
    assert shown(groups(0, 12, total=False, base=[42, 40]), last=last) == ["[c]", 12]


def test_a_count_that_was_hidden_is_not_given_away_by_what_is_hidden_now():
    # Last time g0 and g1 were hidden, in a total of 50. Nobody is new: to show g1 now, and hide g2, would give g0 away.
    last = groups(3, 17, 30).assign(respondents=[50, "[c]", "[c]", 30], base=[200, 60, 60, 80])
    now = groups(3, 30, 17).iloc[[0, 1, 3, 2]].reset_index(drop=True)
    now = now.assign(group=["all", "g0", "g1", "g2"], base=[200, 60, 60, 80])
    assert shown(now, last=last) == [50, "[c]", "[c]", 30]


def test_large_tables_are_hidden_one_need_after_the_other(monkeypatch):
    counts = draw_counts(np.random.default_rng(17))
    monkeypatch.setattr(complements, "_SMALL", 0)
    for middling in (100, 0):
        monkeypatch.setattr(complements, "_MIDDLING", middling)
        table = suppress_small_cells(long_table(counts), **TWO_WAY).table
        assert audit_suppression(table, truth=long_table(counts), **TWO_WAY)["passes"].all()


def judge(seed):
    """How many cells are hidden in a table, and the fewest that must be, once it is found that none can be worked out."""
    counts = draw_counts(np.random.default_rng(seed))
    hidden = [
        (suppress_small_cells(long_table(counts), insiders=insiders, **TWO_WAY).table["respondents"] == "[c]").to_numpy()
        for insiders in (0, 1)
    ]
    for mine in hidden:
        for cell in np.flatnonzero(mine):
            low, high = range_of(counts, mine, cell)
            value = counts.ravel()[cell]
            assert low <= value <= high
            assert low < high, f"seed {seed}: cell {cell} is exactly {low}"
            assert value >= 5 or (low <= 1 and high >= 4) or high - low >= 5, f"seed {seed}: cell {cell} is from {low} to {high}"
    return hidden[0].sum(), hidden[1].sum(), fewest_hidden(counts, 5)


def _check_tables(seeds):
    found = np.array([judge(seed) for seed in seeds])
    assert (found[:, 0] >= found[:, 2]).all()
    assert (found[:, 0] <= 1.5 * found[:, 2]).all()
    assert (found[:, 1] <= 2 * found[:, 2]).all()
    assert found[:, 0].sum() <= 1.02 * found[:, 2].sum()
    return found.sum(axis=0)


def test_no_hidden_count_can_be_worked_out_and_hardly_more_is_hidden_than_must_be():
    _check_tables(range(IN_CI))


@pytest.mark.slow
def test_the_same_for_five_hundred_tables(record_property):
    record_property("hidden, hidden with insiders, fewest", _check_tables(range(SEEDS)).tolist())


def test_hiding_small_counts_alone_would_give_most_of_them_away():
    given_away = 0
    for seed in range(IN_CI):
        counts = draw_counts(np.random.default_rng(seed))
        hidden = ((counts > 0) & (counts < 5)).ravel()
        ends = [range_of(counts, hidden, cell) for cell in np.flatnonzero(hidden)]
        given_away += any(low == high for low, high in ends)
    assert given_away > IN_CI / 2
