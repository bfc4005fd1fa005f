import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement_lib.coding.counts import code_matrix
from engagement_lib.errors import TableError
from engagement_lib.exchange.spreadsheets import write_table
from engagement_lib.loading.spreadsheets import read_table
from engagement_lib.loading.text import normalise

TABLE = pd.DataFrame(
    {
        "quote": ["=1+1", "Fine, “thanks”", "+44", "-", "@SUM(A1)", "\tx", "\rx", "'=x", "'tis", None],
        "share": [-0.5, np.nan, 1.0, np.inf, -np.inf, 0.1, 2.0, 3.0, 4.0, 5.0],
        "count": pd.array([-1, None, 3, 4, 5, 6, 7, 8, 9, 10], dtype="Int64"),
        "used": [True, False] * 5,
    }
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("=+-@'\t\n\"")).map(normalise)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_a_cell_that_might_be_run_gets_an_apostrophe(tmp_path, first):
    write_table(pd.DataFrame({"quote": [f"{first}cmd"]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().split(b"\n", 1)[1].strip(b'"\n') == f"'{first}cmd".encode()


def test_a_csv_holds_text_guarded_and_numbers_as_numbers(tmp_path):
    write_table(TABLE, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == (
        "quote,share,count,used\n'=1+1,-0.5,-1,True\n\"Fine, “thanks”\",,,False\n'+44,1.0,3,True\n'-,inf,4,False\n"
        "'@SUM(A1),-inf,5,True\n'\tx,0.1,6,False\n\"'\rx\",2.0,7,True\n''=x,3.0,8,False\n'tis,4.0,9,True\n,5.0,10,False\n"
    ).encode()


def test_a_workbook_holds_the_same_and_no_formula(tmp_path):
    write_table(TABLE, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[:6] == [
        ["quote", "share", "count", "used"],
        ["'=1+1", -0.5, -1, True],
        ["Fine, “thanks”", None, None, False],
        ["'+44", 1, 3, True],
        ["'-", "inf", 4, False],
        ["'@SUM(A1)", "-inf", 5, True],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "inlineStr"}


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "T.XLSX"])
@given(st.lists(st.tuples(texts, texts), max_size=4))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_come_back_when_one_apostrophe_is_taken_away(tmp_path, name, rows):
    rows = [("row", "") if not (one + other).strip() else (one, other) for one, other in rows]
    table = pd.DataFrame(rows, columns=["one", "two"], dtype="str")
    write_table(table, tmp_path / name)
    read = read_table(tmp_path / name)
    bare = read.map(lambda text: text[1:] if re.match(r"'+[=+\-@\t]", text) else text)
    assert bare.to_numpy().tolist() == table.to_numpy().tolist()


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_carriage_return_in_a_cell_does_not_end_the_row(tmp_path, name):
    write_table(pd.DataFrame({"quote": ["one\rtwo"], "code": ["a"]}), tmp_path / name)
    assert read_table(tmp_path / name).to_numpy().tolist() == [["one\ntwo", "a"]]


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_the_same_table_gives_the_same_bytes(tmp_path, name):
    write_table(TABLE, tmp_path / name)
    write_table(TABLE, tmp_path / f"again_{name}")
    assert (tmp_path / name).read_bytes() == (tmp_path / f"again_{name}").read_bytes()


def test_rows_keep_their_order_and_an_index_without_a_name_is_left_out(tmp_path):
    write_table(pd.DataFrame({"a": [2, 1]}, index=[9, 3]), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == b"a\n2\n1\n"


def test_an_index_with_names_comes_first(tmp_path):
    turns = pd.DataFrame({"source_id": ["P1"], "start": [0], "end": [9]})
    codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P1"], "start": [0], "end": [3], "code": ["-x"], "coder": ["AB"]})
    write_table(code_matrix(codings, turns, pd.DataFrame({"code": ["-x"]})), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == b"source_id,start,end,'-x\nP1,0,9,True\n"


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_table_without_rows_is_its_header(tmp_path, name):
    write_table(TABLE.head(0), tmp_path / name)
    assert list(read_table(tmp_path / name).columns) == ["quote", "share", "count", "used"]


def test_dates_are_written_as_they_read(tmp_path):
    write_table(pd.DataFrame({"at": pd.to_datetime(["2020-09-21 09:30", None])}), tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").active["A2"].value == "2020-09-21 09:30:00"


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"t\.ods: found the ending '\.ods'; expected \.csv or \.xlsx"):
        write_table(TABLE, tmp_path / "t.ods")


def test_a_workbook_refuses_what_it_would_cut_short_or_cannot_hold(tmp_path):
    with pytest.raises(TableError) as error:
        write_table(pd.DataFrame({"quote": ["x" * 32_768, "bell \x07"]}), tmp_path / "t.xlsx")
    assert [(problem.place, problem.found) for problem in error.value.problems] == [
        ("row 2, column 'quote'", "32768 characters"),
        ("row 3, column 'quote'", "the control character U+0007"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_refuses_more_rows_than_a_sheet_has(tmp_path, monkeypatch):
    monkeypatch.setattr("engagement_lib.exchange.spreadsheets._LAST_ROW", 3)
    with pytest.raises(TableError, match="found 4 rows with the header; expected at most 3"):
        write_table(pd.DataFrame({"n": [1, 2, 3]}), tmp_path / "t.xlsx")
