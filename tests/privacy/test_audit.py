import numpy as np
import pandas as pd
import pytest
from exact_suppression import draw_counts, long_table, range_of

from engagement_lib.errors import TableError
from engagement_lib.privacy.audit import audit_suppression
from engagement_lib.privacy.suppression import suppress_small_cells

HIDDEN = "[c]"


def table(*counts, groups="all p u b", **columns):
    return pd.DataFrame({"group": groups.split()[: len(counts)], "respondents": pd.Series(counts, dtype=object)}).assign(
        **columns
    )


def audit(shown, **options):
    return audit_suppression(shown, counts="respondents", margins=["group"], **options)


def ranges(shown, **options):
    found = audit(shown, **options)
    return list(zip(found["low"], found["high"], found["passes"], strict=True))


def test_one_hidden_count_in_a_sum_is_worked_out():
    found = audit(table(40, 37, HIDDEN))
    assert found[["row", "cell", "column", "low", "high", "passes", "reason"]].to_numpy().tolist() == [
        [2, "group u", "respondents", 3.0, 3.0, False, "it can be worked out: 3"]
    ]


def test_two_hidden_counts_in_a_sum_range_from_1_to_what_is_left():
    assert ranges(table(40, 30, HIDDEN, HIDDEN)) == [(1, 9, True), (1, 9, True)]


def test_hidden_counts_may_be_zero_where_zeros_are_hidden():
    assert ranges(table(40, 30, HIDDEN, HIDDEN), zeros="hide") == [(0, 10, True), (0, 10, True)]


def test_two_hidden_counts_in_a_total_of_two_are_both_one():
    assert ranges(table(32, 30, HIDDEN, HIDDEN)) == [(1, 1, False), (1, 1, False)]


def test_a_range_narrower_than_the_protection_fails():
    found = audit(table(34, 30, HIDDEN, HIDDEN))
    assert found["reason"].tolist() == ["it can only be from 1 to 3, a range narrower than 5"] * 2
    assert audit(table(34, 30, HIDDEN, HIDDEN), protection=2)["passes"].all()


def test_a_range_that_holds_all_small_counts_tells_nothing_however_narrow():
    assert ranges(table(35, 30, HIDDEN, HIDDEN)) == [(1, 4, True), (1, 4, True)]


def test_the_base_limits_a_hidden_count():
    shown = table(40, 30, HIDDEN, HIDDEN, base=[90, 50, 30, 3])
    assert ranges(shown) == [(7, 10, True), (0, 3, True)]


def test_without_sums_a_hidden_count_may_be_anything_up_to_its_base():
    found = audit_suppression(table(HIDDEN, base=20), counts="respondents")
    assert found[["low", "high", "passes"]].to_numpy().tolist() == [[1, 20, True]]
    assert audit_suppression(table(HIDDEN), counts="respondents")["high"].tolist() == [np.inf]


def test_a_small_count_that_is_shown_fails():
    found = audit(table(3, 9, groups="p u"))
    assert found[["cell", "passes", "reason"]].to_numpy().tolist() == [
        ["group p", False, "shown, and must be hidden: fewer than 5 people"]
    ]


def test_a_share_beside_a_hidden_count_gives_it_away():
    shown = table(HIDDEN, groups="p", base=30, share=0.1)
    assert ranges(shown, shares={"share": 2}) == [(3, 3, False)]
    assert ranges(shown.assign(share=10), percentages={"share": 0}) == [(3, 3, False)]


def test_a_share_rounded_to_one_place_leaves_a_range():
    shown = table(HIDDEN, groups="p", base=60, share=0.1)
    assert ranges(shown, shares={"share": 1}) == [(3, 9, True)]
    assert ranges(shown.assign(base=[40]), shares={"share": 1}) == [(2, 6, False)]


def test_a_share_that_is_hidden_or_belongs_to_another_count_says_nothing():
    shown = table(HIDDEN, groups="p", base=30, share=HIDDEN, other=9)
    options = {"counts": ["respondents", "other"], "shares": {"share": 2}, "derived": {"share": ["other"]}}
    assert audit_suppression(shown, **options)["high"].tolist() == [30]
    assert audit_suppression(shown.assign(share=0.3), **options)["high"].tolist() == [30]


def test_what_is_shown_beside_a_hidden_count_fails():
    found = audit(table(HIDDEN, 9, groups="p u", base=30, low=[0.02, 0.1], sentence=["3 of 30", "9 of 30"]))
    assert found[["row", "column", "passes", "reason"]].to_numpy().tolist() == [
        [0, "respondents", True, ""],
        [0, "low", False, "shown beside a hidden count, 'respondents'"],
        [0, "sentence", False, "shown beside a hidden count, 'respondents'"],
    ]


def test_what_is_hidden_not_defined_kept_or_made_from_nothing_there_may_stand_beside():
    shown = table(HIDDEN, groups="p", low=np.nan, high=HIDDEN, asked=30, note="", other="x")
    found = audit(shown, keep=["asked"], derived={"other": ["elsewhere"]})
    assert found["column"].tolist() == ["respondents"]


def test_somebody_alone_in_a_cell_works_out_the_other():
    shown, truth = table(35, 30, HIDDEN, HIDDEN), table(35, 30, 1, 4)
    found = audit(shown, truth=truth)
    assert found["passes"].tolist() == [True, False]
    assert found["reason"].tolist() == ["", "whoever is alone in group u can work it out"]
    assert audit(shown, truth=truth, insiders=0)["passes"].all()
    assert audit(shown, truth=table(35, 30, 2, 3))["passes"].all()


def test_a_large_count_that_somebody_works_out_is_no_harm():
    assert audit(table(40, 30, HIDDEN, HIDDEN), truth=table(40, 30, 1, 9))["passes"].all()


def test_in_two_variables_somebody_alone_in_a_cell_works_out_a_whole_square():
    counts = np.array([[1, 4, 5], [22, 8, 30], [23, 12, 35]])
    hidden = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]], dtype=bool)
    shown = long_table(counts)
    truth = shown.copy()
    shown["respondents"] = shown["respondents"].astype(object).where(~hidden.ravel(), HIDDEN)
    options = {"counts": "respondents", "by": ["row", "column"], "margins": ["row", "column"]}
    found = audit_suppression(shown, truth=truth, **options)
    assert found["passes"].tolist() == [True, False, True, True]
    assert audit_suppression(shown, **options)["passes"].all()


def test_totals_in_another_table_count_and_their_hidden_ones_do_not():
    shown = table(HIDDEN, 20, groups="p u").assign(code="a")[["code", "group", "respondents"]]
    totals = pd.DataFrame({"code": ["a"], "respondents": [23]})
    assert ranges(shown, totals=totals) == [(3, 3, False)]
    assert ranges(shown, totals=totals.assign(respondents=HIDDEN)) == [(1, np.inf, True)]


def test_people_in_two_groups_are_reckoned_with_where_the_truth_is_known():
    shown, truth = table(50, HIDDEN, 28, HIDDEN), table(50, 3, 28, 20)
    assert ranges(shown, truth=truth) == [(1, 22, True), (1, 22, True)]
    assert ranges(shown) == [(1, 21, True), (1, 21, True)]


def test_what_contradicts_itself_fails():
    found = audit(table(20, 30, HIDDEN, HIDDEN))
    assert found["reason"].tolist() == ["what is shown contradicts itself, so that nothing can be said of it"] * 2
    counts = long_table(np.array([[1, 9, 5], [22, 8, 30], [23, 12, 35]]))
    counts["respondents"] = counts["respondents"].astype(object).where(~counts.index.isin([0, 1, 3, 4]), HIDDEN)
    counts.loc[2, "respondents"] = 500
    found = audit_suppression(counts, counts="respondents", by=["row", "column"], margins=["row", "column"])
    assert found["low"].isna().all()


def test_hidden_counts_may_be_zero_where_few_have_joined():
    shown, last = table(HIDDEN, groups="p", base=42), table(0, groups="p", base=40)
    assert ranges(shown, last=last) == [(0, 42, True)]


def test_where_nothing_is_hidden_there_are_no_rows_and_all_columns():
    found = audit(table(9, 9, groups="p u"))
    assert found.empty
    assert list(found.columns) == ["row", "cell", "column", "low", "high", "passes", "reason"]
    assert audit(table(9, groups="p").head(0)).empty


def test_the_rule_must_make_sense():
    with pytest.raises(TableError, match="audit_suppression, smallest: found 0"):
        audit(table(9), smallest=0)


@pytest.mark.parametrize("seed", range(12))
def test_the_ranges_are_those_of_whole_number_programmes(seed):
    counts = draw_counts(np.random.default_rng(seed))
    hidden = np.random.default_rng(seed).random(counts.size) < 0.6
    hidden &= counts.ravel() > 0
    shown = long_table(counts)
    shown["respondents"] = shown["respondents"].astype(object).where(~hidden, HIDDEN)
    found = audit_suppression(shown, counts="respondents", by=["row", "column"], margins=["row", "column"])
    found = found[shown["respondents"].iloc[found["row"]].eq(HIDDEN).to_numpy()]
    assert list(zip(found["low"], found["high"], strict=True)) == [range_of(counts, hidden, at) for at in np.flatnonzero(hidden)]


def test_what_the_suppression_leaves_passes():
    truth = long_table(draw_counts(np.random.default_rng(17)))
    options = {"counts": "respondents", "by": ["row", "column"], "margins": ["row", "column"]}
    assert audit_suppression(suppress_small_cells(truth, **options).table, truth=truth, **options)["passes"].all()
