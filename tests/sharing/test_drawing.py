import math

import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.drawing import name_base, name_extremes, need_columns, part_of, shown_first, wrap_label


def test_every_missing_column_is_named():
    with pytest.raises(TableError) as caught:
        need_columns(pd.DataFrame({"code": ["a"]}), "plot_codes", "code", "respondents", "base")
    assert [problem.expected for problem in caught.value.problems] == ["a column 'respondents'", "a column 'base'"]


def test_a_table_without_columns_is_said_to_have_none():
    with pytest.raises(TableError, match="found none"):
        need_columns(pd.DataFrame(), "plot_codes", "code")


def test_a_long_label_is_cut_with_an_ellipsis():
    assert wrap_label("one two three four", width=5, lines=2) == "one\ntwo…"


def test_a_dollar_is_not_read_as_a_formula():
    assert wrap_label("cost $5 to $6") == r"cost \$5 to \$6"


def test_an_empty_label_stays_empty():
    assert wrap_label("") == ""


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([1.0, 2.0, math.nan], "highest b (2), lowest a (1)"),
        ([2.0, 2.0, 2.0], "all the same (2)"),
        ([math.nan, 4.0, math.nan], "b (4)"),
        ([math.nan] * 3, "no value is defined"),
    ],
)
def test_the_highest_and_lowest_are_named_where_there_are_any(values, sentence):
    assert name_extremes("abc", values, [f"{value:.0f}" for value in values]) == sentence


def test_a_base_that_nobody_knows_is_said_to_be_so():
    assert name_base(pd.Series([float("nan")])) == "number of respondents not stated"
    assert part_of(3, float("nan")) == "3 of an unknown number"


def test_nothing_is_said_where_everything_is_drawn():
    assert shown_first(3, 3, of="codes") == ""
