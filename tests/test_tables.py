"""What a table must look like to be taken, and what is said of one that does not."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.tables import SCHEMAS, check_table, empty_table, records, row_place


def problems(name, table, **options):
    with pytest.raises(TableError) as caught:
        check_table(name, table, **options)
    return [(problem.place, problem.found, problem.expected) for problem in caught.value.problems]


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_empty_table_has_all_its_columns_and_types(name):
    table = empty_table(name)
    assert table.dtypes.astype(str).to_dict() == dict(SCHEMAS[name].columns)
    assert len(table) == 0


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_empty_table_passes_its_own_check(name):
    assert_frame_equal(check_table(name, empty_table(name)), empty_table(name), check_index_type=False)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_and_word_list_is_about_a_column_of_the_table(name):
    schema = SCHEMAS[name]
    assert {*schema.key, *schema.allowed, *schema.required} <= set(schema.columns)


def test_columns_come_in_the_order_of_the_schema_with_what_is_missing_filled_in():
    checked = check_table("readings", pd.DataFrame({"coder": ["AB"], "source_id": ["P01"]}))
    expected = pd.DataFrame(
        {"source_id": ["P01"], "coder": ["AB"], "round": [""], "draw_probability": [float("nan")], "finished": [""]}
    )
    assert_frame_equal(checked, expected.astype(dict(SCHEMAS["readings"].columns)))


def test_a_column_with_a_list_of_words_is_filled_with_the_first():
    checked = check_table(
        "codings", pd.DataFrame({"coding_id": ["1"], "source_id": ["P01"], "code": ["no-time"], "coder": ["AB"]})
    )
    assert checked[["layer", "stance", "start"]].to_numpy().tolist() == [["independent", "supports", 0]]


def test_nothing_in_a_cell_becomes_no_text():
    checked = check_table("cases", pd.DataFrame({"case_id": ["P01", "P02", "P03"], "group": [None, float("nan"), ""]}))
    assert checked["group"].tolist() == ["", "", ""]


def test_offsets_written_as_text_become_numbers():
    checked = check_table("segments", pd.DataFrame({"source_id": ["P01"], "start": ["3"], "end": ["5.0"], "time_start": [""]}))
    assert checked[["start", "end"]].to_numpy().tolist() == [[3, 5]]
    assert checked["time_start"].isna().tolist() == [True]


def test_the_rows_are_numbered_anew():
    checked = check_table("cases", pd.DataFrame({"case_id": ["P01", "P02"]}, index=[4, 9]))
    assert list(checked.index) == [0, 1]


def test_the_table_that_came_in_is_not_changed():
    table = pd.DataFrame({"case_id": ["P01"], "age": [None]}, index=[7])
    before = table.copy(deep=True)
    check_table("cases", table)
    assert_frame_equal(table, before)


def test_a_case_may_have_any_further_variables_as_text():
    checked = check_table("cases", pd.DataFrame({"nation": ["Cymru 🏴󠁧󠁢󠁷󠁬󠁳󠁿", None], "case_id": ["P01", "P02"]}))
    expected = pd.DataFrame({"case_id": ["P01", "P02"], "group": ["", ""], "nation": ["Cymru 🏴󠁧󠁢󠁷󠁬󠁳󠁿", ""]}, dtype="str")
    assert_frame_equal(checked, expected)


def test_every_missing_column_is_named():
    assert problems("claims", pd.DataFrame({"theme": ["culture"]}), origin="claims.csv") == [
        ("header", "the columns theme", "a column 'claim_id'"),
        ("header", "the columns theme", "a column 'statement'"),
    ]


def test_a_column_that_the_table_does_not_have_is_named():
    found = problems("readings", pd.DataFrame({"source_id": ["P01"], "coder": ["AB"], "finnished": ["yes"]}))
    assert found == [("header", "a column 'finnished'", "only source_id, coder, round, draw_probability, finished")]


def test_every_bad_value_is_named_at_once_with_its_row():
    table = pd.DataFrame(
        {
            "coding_id": ["1", "1", "3", ""],
            "source_id": ["P01"] * 4,
            "start": ["0", "x", "1.5", ""],
            "code": ["no-time", "no-time", "", "no-time"],
            "coder": ["AB"] * 4,
            "stance": ["supports", "maybe", "contradicts", "qualifies"],
        }
    )
    assert problems("codings", table, origin="AB.csv") == [
        ("row 3", "start 'x'", "a number in 'start'"),
        ("row 4", "start '1.5'", "a number in 'start'"),
        ("row 5", "start ''", "a number in 'start'"),
        ("row 4", "no code", "a value in 'code'"),
        ("row 3", "coding_id '1' a second time", "one row for each coding_id"),
        ("row 3", "stance 'maybe'", "one of supports, qualifies, contradicts"),
    ]


def test_a_probability_that_is_not_a_number_is_named_and_a_blank_one_is_not():
    table = pd.DataFrame({"source_id": ["P01", "P02"], "coder": ["AB", "AB"], "draw_probability": ["half", ""]})
    assert problems("readings", table) == [("row 2", "draw_probability 'half'", "a number in 'draw_probability'")]


def test_the_message_names_the_table_where_no_file_is_known():
    with pytest.raises(TableError, match=r"^table 'cases', row 2: found no case_id"):
        check_table("cases", pd.DataFrame({"case_id": [""]}))


def test_a_row_keeps_its_place_in_the_spreadsheet_when_others_were_left_out():
    assert problems("cases", pd.DataFrame({"case_id": ["P01", ""]}, index=[0, 41])) == [
        ("row 43", "no case_id", "a value in 'case_id'")
    ]


def test_rows_with_names_are_counted_from_the_top():
    table = pd.DataFrame({"case_id": ["P01", "P02"]}, index=["first", "second"])
    assert row_place(table, 1) == "row 3"


def test_records_are_the_rows_as_dictionaries():
    assert records(pd.DataFrame({"case_id": ["P01", "P02"], "n": [1, 2]})) == [
        {"case_id": "P01", "n": 1},
        {"case_id": "P02", "n": 2},
    ]
