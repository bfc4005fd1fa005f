"""Spreadsheets to tables of text."""

import gc
from datetime import date, datetime, time
from io import BytesIO
from zipfile import ZipFile

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.loading.spreadsheets import read_table


def problems(path, **options):
    with pytest.raises(TableError) as caught:
        read_table(path, **options)
    return [str(problem) for problem in caught.value.problems]


def table(index=None, **columns):
    return pd.DataFrame(columns, index=index, dtype="str")


def test_every_cell_is_text_as_it_stands(write):
    path = write("a.csv", 'id,score,answer\n007,1.50,"NA"\n008,,"He said ""no"",\ntwice"\n')
    assert_frame_equal(read_table(path), table(id=["007", "008"], score=["1.50", ""], answer=["NA", 'He said "no",\ntwice']))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_commas_semicolons_and_tabs_part_cells_in_any_encoding(write, separator, encoding):
    text = separator.join(["id", '"Q1, yes; or no"']) + "\r\n" + separator.join(["R1", "Café"]) + "\r\n"
    assert_frame_equal(read_table(write("a.csv", text.encode(encoding))), table(id=["R1"], **{"Q1, yes; or no": ["Café"]}))


def test_commas_within_the_quoted_header_do_not_hide_the_semicolons(write):
    path = write("a.csv", '"id";"Q1, of two,\nthree, parts"\nR1;Yes\n')
    assert_frame_equal(read_table(path), table(id=["R1"], **{"Q1, of two, three, parts": ["Yes"]}))


def test_a_table_may_have_one_column(write):
    assert_frame_equal(read_table(write("a.csv", "code\nno-time\n")), table(code=["no-time"]))


def test_emoji_accents_welsh_and_right_to_left_are_kept_and_composed(write):
    path = write("a.csv", "id,answer\nR1,Sia\u0302n 👩‍🔬\nR2,لا أحد يرد\n")
    assert read_table(path)["answer"].tolist() == ["Si\u00e2n 👩‍🔬", "لا أحد يرد"]


def test_a_header_over_several_lines_is_closed_up(write):
    assert list(read_table(write("a.csv", '" Q5\nWhat  works\nwell? ",id\nIt,R1\n')).columns) == ["Q5 What works well?", "id"]


def test_rows_without_text_are_left_out_and_the_others_keep_their_place(write):
    path = write("a.csv", "id,answer\nR1,one\n\n , \nR2,two\n")
    assert_frame_equal(read_table(path), table(id=["R1", "R2"], answer=["one", "two"], index=[0, 3]))


def test_short_rows_are_filled_and_long_ones_with_nothing_more_are_cut(write):
    path = write("a.csv", "id,answer\nR1\nR2,two,, \n")
    assert_frame_equal(read_table(path), table(id=["R1", "R2"], answer=["", "two"]))


def test_columns_without_a_name_or_text_are_left_out(write):
    assert_frame_equal(read_table(write("a.csv", "id,,answer,\nR1,,one,\n")), table(id=["R1"], answer=["one"]))


def test_a_column_without_a_name_but_with_text_is_kept(write):
    assert list(read_table(write("a.csv", ",answer\n0,one\n")).columns) == ["", "answer"]


def test_a_header_without_rows_is_an_empty_table_of_text(write):
    empty = read_table(write("a.csv", "id,answer\n"))
    assert list(empty.columns) == ["id", "answer"]
    assert len(empty) == 0
    assert empty.dtypes.astype(str).tolist() == ["str", "str"]


def test_rows_with_more_cells_than_the_header_are_all_named(write):
    path = write("a.csv", "id,answer\nR1,one,two\nR2,two\nR3,a,b,c\n")
    assert problems(path) == [
        "a.csv, row 2: found 3 cells; expected 2, as in the header. Look for a stray separator or quotation mark.",
        "a.csv, row 4: found 4 cells; expected 2, as in the header. Look for a stray separator or quotation mark.",
    ]


def test_columns_of_one_name_are_all_named(write):
    assert problems(write("a.csv", "id,a,b,a,b,,\nR1,1,2,3,4,5,6\n")) == [
        f"a.csv, header: found the column '{name}' twice; expected one column of each name. Rename one of them."
        for name in ("a", "b", "")
    ]


def test_a_quotation_mark_that_never_closes_is_named(write):
    assert problems(write("a.csv", 'id,answer\nR1,"one\nR2,two\n'))[0].startswith(
        "a.csv: found unexpected end of data; expected a CSV"
    )


def test_a_missing_file_is_named(tmp_path):
    assert problems(tmp_path / "cases.csv")[0].startswith("cases.csv: found no such file")


def test_a_file_with_nothing_but_a_byte_order_mark_is_named(write):
    assert problems(write("a.csv", b"\xef\xbb\xbf")) == [
        "a.csv: found no rows; expected a header and rows. Export it again, or name another sheet."
    ]


def test_cells_of_a_workbook_read_as_they_do_in_excel(write, workbook):
    rows = [
        ["id", "value"],
        [1, 3.0],
        [2, 2.5],
        [3, True],
        [4, datetime.combine(date(2020, 9, 1), time())],
        [5, datetime.combine(date(2020, 9, 1), time(10, 30))],
        [6, date(2020, 9, 1)],
        [7, time(10, 30)],
        [8, "one\r\ntwo 👍"],
        [9, "begun 00:00:00"],
        [10, None],
    ]
    cells = [
        "3",
        "2.5",
        "TRUE",
        "2020-09-01",
        "2020-09-01 10:30:00",
        "2020-09-01",
        "10:30:00",
        "one\ntwo 👍",
        "begun 00:00:00",
        "",
    ]
    read = read_table(write("a.xlsx", workbook(Sheet1=rows)))
    assert_frame_equal(read, table(id=[str(n) for n in range(1, 11)], value=cells))


def test_a_workbook_keeps_the_place_of_its_rows(write, workbook):
    read = read_table(write("a.xlsx", workbook(Sheet1=[["id"], ["R1"], [None], ["R2"]])))
    assert_frame_equal(read, table(id=["R1", "R2"], index=[0, 2]))


def test_the_first_sheet_is_read_unless_another_is_named(write, workbook):
    path = write("a.xlsx", workbook(Notes=[["note"], ["n"]], Answers=[["id"], ["R1"]]))
    assert list(read_table(path).columns) == ["note"]
    assert list(read_table(path, sheet="Answers").columns) == ["id"]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(write, workbook):
    path = write("a.xlsx", workbook(Notes=[["note"]], Answers=[["id"]]))
    assert problems(path, sheet="Answer") == [
        "a.xlsx: found the sheets Notes, Answers; expected a sheet 'Answer'. Name one of these in study.toml."
    ]


def test_a_sheet_with_nothing_on_it_is_named(write, workbook):
    assert problems(write("a.xlsx", workbook(Sheet1=[])))[0].startswith("a.xlsx: found no rows; expected a header and rows")


def test_a_workbook_without_a_sheet_of_cells_is_named(write):
    from openpyxl import Workbook
    from openpyxl.chart import BarChart

    book = Workbook()
    book.remove(book.active)
    book.create_chartsheet("Chart").add_chart(BarChart())
    data = BytesIO()
    book.save(data)
    assert problems(write("a.xlsx", data.getvalue()))[0].startswith("a.xlsx: found the sheets Chart; expected a sheet of cells")


def test_bytes_that_are_no_workbook_are_named(write):
    assert problems(write("a.xlsx", b"id,answer\nR1,one\n"))[0].startswith("a.xlsx: found bytes that cannot be unpacked (")


def test_a_workbook_that_was_cut_off_is_named(write, workbook):
    data = workbook(Sheet1=[["id"], ["R1"]])
    assert problems(write("a.xlsx", data[: len(data) // 2]))[0].startswith("a.xlsx: found bytes that cannot be unpacked (")


def test_another_archive_is_named(write, word_file):
    assert problems(write("a.xlsx", word_file(["one"])))[0].startswith("a.xlsx: found an archive that is not a workbook (")


def with_sheet(data, change):
    """The workbook with the XML of its first sheet changed."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("xml", [b"<worksheet><sheetData><row>", b'<!DOCTYPE d [<!ENTITY a "b">]><worksheet>&a;</worksheet>'])
def test_a_sheet_with_broken_or_unsafe_xml_is_named(write, workbook, xml):
    data = with_sheet(workbook(Sheet1=[["id"], ["R1"]]), lambda _: xml)
    assert problems(write("a.xlsx", data))[0].startswith("a.xlsx: found an archive that is not a workbook (")


@pytest.mark.parametrize("written", [b"1000.0", b"1E3"])
def test_a_whole_number_reads_as_one_however_it_is_saved(write, workbook, written):
    data = with_sheet(workbook(Sheet1=[["id"], [1000]]), lambda xml: xml.replace(b"<v>1000</v>", b"<v>" + written + b"</v>"))
    assert read_table(write("a.xlsx", data))["id"].tolist() == ["1000"]


def test_a_path_may_be_text(write):
    assert list(read_table(str(write("a.csv", "id\n"))).columns) == ["id"]


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_of_garbage_is_left_as_it_was(write, on):
    before = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        read_table(write("a.csv", "a,b\n1,2\n"))
        assert gc.isenabled() is on
        with pytest.raises(TableError):
            read_table(write("a.csv", "a,a\n1,2\n"))
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()
