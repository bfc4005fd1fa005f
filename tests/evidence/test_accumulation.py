import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.evidence.accumulation import accumulation, guest_grid, in_random_orders
from engagement_lib.evidence.fieldwork import Fieldwork
from engagement_lib.evidence.richness import rarefy

CODES = ("a", "b", "c", "d", "e", "f")
CODEBOOK = [{"code": code} for code in CODES]
CURVE = ["respondents", "codes", "low", "median", "high", "rarefied", "extrapolated", "order"]
GRID = ["base", "run", "threshold", "respondents", "saturated_after", "low", "median", "high", "reached", "order", "reason"]
SOURCE_IDS = "wave and source_id, for want of dates"


@pytest.fixture
def coded_study(make_study, answers, coded):
    """A study in which the respondents, P1 and so on, have these codes, a string each."""

    def make(*said, groups=()):
        cases = [f"P{number + 1}" for number in range(len(said))]
        return make_study(
            sources=answers(*cases),
            cases=[{"case_id": case, "group": group} for case, group in zip(cases, groups, strict=False)],
            codebook=CODEBOOK,
            codings=coded(
                *[(f"{case}/q1/1", code, "supports") for case, codes in zip(cases, said, strict=True) for code in codes]
            ),
        )

    return make


def test_codes_accumulate_in_the_order_of_fieldwork_and_are_expected_beyond_it(coded_study):
    table = accumulation(coded_study("ab", "", "abc"))
    assert table["respondents"].tolist() == [1, 2, 3, 4, 5, 6]
    assert table["codes"].tolist()[:3] == [2, 2, 3]
    assert table["extrapolated"].tolist() == [False] * 3 + [True] * 3
    assert table.loc[3:, ["codes", "low", "median", "high"]].isna().all(axis=None)
    assert table["rarefied"].tolist() == pytest.approx([5 / 3, 8 / 3, 3, *(3 + (1 - 3**-ahead) / 6 for ahead in (1, 2, 3))])
    assert set(table["order"]) == {SOURCE_IDS}
    assert {column: str(dtype) for column, dtype in table.dtypes.items()} == {
        "respondents": "int64",
        **dict.fromkeys(["codes", "low", "median", "high", "rarefied"], "float64"),
        "extrapolated": "bool",
        "order": "str",
    }


def test_beyond_the_sample_codes_grow_as_the_published_formula_has_it(coded_study):
    table = accumulation(coded_study("abcd", "abe", "ab", "a"))
    # Q1 = 3, Q2 = 0, T = 4: three quarters of 3 are unseen, and A = 9 / 12.
    assert table["rarefied"].tolist()[4:] == pytest.approx([5 + 2.25 * (1 - 0.75**ahead) for ahead in (1, 2, 3, 4)])


def test_the_band_holds_90_per_cent_of_random_orders(coded_study):
    table = accumulation(coded_study(*["a"] * 19, "bcdef"), orders=4000)
    # One respondent of twenty brings five codes of six, and is among the first 2, 6 and 14 in 10%, 30% and 70% of the orders.
    assert table.loc[[1, 5, 13, 19], ["low", "median", "high"]].to_numpy().tolist() == [
        [1, 1, 6],
        [1, 1, 6],
        [1, 6, 6],
        [6, 6, 6],
    ]
    assert table.loc[[1, 5, 13, 19], "rarefied"].tolist() == pytest.approx([1.5, 2.5, 4.5, 6])


def test_one_respondent_is_not_extrapolated(coded_study):
    table = accumulation(coded_study("ab"))
    assert table[CURVE[:7]].to_numpy().tolist() == [[1, 2, 2, 2, 2, 2, False]]


def test_each_value_has_a_curve_of_its_own_that_the_others_do_not_change(coded_study):
    table = accumulation(coded_study("a", "b", "ab", "abc", groups=["user", "user", "producer", "user"]), by="group", orders=50)
    assert list(table.columns) == ["group", *CURVE]
    assert table[["group", "respondents"]].to_numpy().tolist() == [
        ["producer", 1],
        *[["user", number] for number in range(1, 7)],
    ]
    alone = accumulation(coded_study("a", "b", "abc"), orders=50)
    assert table.loc[1:, CURVE[1:6]].reset_index(drop=True).equals(alone[CURVE[1:6]])


@settings(max_examples=15)
@given(st.lists(st.text("abcdef", max_size=4), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_in_random_orders_the_mean_is_the_rarefied_curve_and_all_orders_end_alike(said, random):
    held = np.array([[code in codes for code in CODES] for codes in said])
    curves = np.cumsum(in_random_orders(Fieldwork("", held, 0, ""), 3000, random.randrange(99)), axis=1)
    assert curves.mean(axis=0) == pytest.approx(rarefy(held.sum(axis=0), len(held))[1:], abs=0.25)
    assert set(curves[:, -1]) == {held.any(axis=0).sum()}


def test_before_anything_is_coded_the_tables_are_empty_with_all_their_columns(make_study, answers):
    study = make_study(sources=answers("P1"), codebook=CODEBOOK)
    for table, columns in ((accumulation(study, by="kind"), CURVE), (guest_grid(study, by="kind"), GRID)):
        assert table.empty
        assert list(table.columns) == ["kind", *columns]
    assert list(accumulation(study).columns) == CURVE
    assert list(guest_grid(study).columns) == GRID


def test_the_grid_has_a_row_for_each_base_run_and_threshold(coded_study):
    table = guest_grid(coded_study("abcd", "ab", "cd", "e", "a", "b", "f", "a", "b", "c"))
    assert list(table.columns) == GRID
    found = table[["base", "run", "threshold", "saturated_after", "reason"]].fillna(0).to_numpy().tolist()
    late = "new codes have not run out by the rule of Guest, Namey and Chen"
    assert found == [
        [4, 2, 0.05, 4, ""],
        [4, 2, 0.0, 4, ""],
        [4, 3, 0.05, 7, ""],
        [4, 3, 0.0, 7, ""],
        [5, 2, 0.05, 7, ""],
        [5, 2, 0.0, 7, ""],
        [5, 3, 0.05, 7, ""],
        [5, 3, 0.0, 7, ""],
        [6, 2, 0.05, 7, ""],
        [6, 2, 0.0, 7, ""],
        [6, 3, 0.05, 7, ""],
        [6, 3, 0.0, 7, ""],
    ]
    assert guest_grid(coded_study("a", "", "", "b"), bases=[1], runs=[3])["reason"].tolist() == [late, late]


def test_random_orders_in_which_the_rule_is_never_satisfied_count_as_later_than_all_others(coded_study):
    # New codes can only be held against the base where the one respondent who has any comes first.
    table = guest_grid(coded_study("a", "", "", ""), bases=[1], runs=[1], thresholds=[0.0], orders=4000)
    [row] = table.to_dict("records")
    assert row["saturated_after"] == row["low"] == 1
    assert np.isnan([row["median"], row["high"]]).all()
    assert row["reached"] == pytest.approx(0.25, abs=0.03)


def test_the_range_is_of_random_orders(coded_study):
    table = guest_grid(coded_study("abcdef", "", "", ""), bases=[2], runs=[1], thresholds=[0.0], orders=4000)
    assert table[["low", "reached"]].round(1).to_numpy().tolist() == [[2, 0.5]]
    table = guest_grid(coded_study("a", "ab", "ab", "ab", "ab", "ab"), bases=[1], runs=[1], thresholds=[0.0], orders=4000)
    assert table[["saturated_after", "low", "median", "high", "reached"]].to_numpy().tolist() == [[2, 1, 1, 2, 1]]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (["a", "", "a"], "the rule of Guest, Namey and Chen takes 4 respondents or more"),
        (
            ["", "", "a", "", ""],
            "none of the first 2 respondents has a code, so that the rule of Guest, Namey and Chen has nothing to go by",
        ),
        (["a", "", "b", "c", "d"], "new codes have not run out by the rule of Guest, Namey and Chen"),
    ],
)
def test_the_grid_says_why_there_is_no_answer(coded_study, said, reason):
    table = guest_grid(coded_study(*said), bases=[2], runs=[2], thresholds=[0.05])
    assert table["saturated_after"].isna().all()
    assert table["reason"].tolist() == [reason]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"orders": 0}, "guest_grid, orders: found 0; expected at least 1"),
        ({"bases": [4, 0]}, "base: found 0"),
        ({"runs": [-1]}, "run: found -1"),
        ({"thresholds": [5]}, "threshold: found 5; expected a number between 0 and 1"),
        ({"by": "colour"}, "found no variable 'colour'"),
    ],
)
def test_options_that_make_no_sense_are_refused(coded_study, options, message):
    with pytest.raises(TableError, match=message):
        guest_grid(coded_study("a"), **options)


def test_a_curve_without_orders_is_refused(coded_study):
    with pytest.raises(TableError, match="accumulation, orders: found 0"):
        accumulation(coded_study("a"), orders=0)


def test_without_bases_or_runs_the_grid_is_empty(coded_study):
    assert guest_grid(coded_study("a"), bases=[]).empty
    assert guest_grid(coded_study("a"), runs=()).empty
