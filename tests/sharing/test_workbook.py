"""All tables of a report as an accessible workbook."""

from dataclasses import replace
from io import BytesIO

import pytest
from finished_pages import FRAME, PAGES
from openpyxl import load_workbook

from engagement_lib.sharing.blocks import Cell, ShownPage, ShownTable, read_page
from engagement_lib.sharing.workbook import SHORTHAND, tables_workbook

SHOWN = [read_page(html, file) for file, html in PAGES.items()]


def opened(pages=SHOWN, frame=FRAME, **options):
    return load_workbook(BytesIO(tables_workbook(pages, frame, **options)))


def one_table(columns, *rows, note=""):
    table = ShownTable("Codes", columns, tuple(tuple(row) for row in rows), note)
    return opened([ShownPage("a.html", "A", (table,))])["Table_1"]


def values(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_workbook_begins_with_a_cover_the_contents_and_the_notes():
    assert opened().sheetnames == ["Cover_sheet", "Table_of_contents", "Notes", "Table_1", "Table_2"]


def test_the_cover_says_what_it_is_and_whom_to_write_to():
    told = [row[0] for row in values(opened(contact="team@example.gov.uk")["Cover_sheet"])]
    assert told[:3] == [
        "A small study: tables of the report",
        "Run run-1, for the working group. This workbook holds 2 tables.",
        "Synthetic study: written for demonstration; it is not evidence about the real strategy.",
    ]
    assert told[-1] == "Write to: team@example.gov.uk"
    told = [row[0] for row in values(opened(frame=replace(FRAME, synthetic=False))["Cover_sheet"])]
    assert not any("Synthetic" in line for line in told)
    assert told[-1] == "This study names nobody to write to. Ask whoever sent you the report."


def test_the_contents_lead_to_each_table():
    sheet = opened()["Table_of_contents"]
    assert values(sheet)[2:] == [
        ["Table", "What it shows", "Page of the report"],
        ["Table 1", "Claims", "A small study"],
        ["Table 2", "Respondents by code", "First"],
    ]
    assert [sheet.cell(row, 1).hyperlink.location for row in (4, 5)] == ["'Table_1'!A1", "'Table_2'!A1"]


def test_a_table_stands_alone_on_its_sheet_with_its_title_first_and_no_blank_cell_in_it():
    assert values(opened()["Table_2"]) == [
        ["Table 2: Respondents by code", None, None],
        ["This sheet holds one table, from the page “First”.", None, None],
        ["Shorthand that stands in it, explained on the sheet Notes: [c], [x], [z]", None, None],
        ["Back to the table of contents", None, None],
        ["code", "share", "said"],
        ["no-time", -0.75, "=1+1"],
        ["jargon", "[z]", "[x]"],
        ["rest", "[c]", "neb"],
    ]


def test_every_table_is_marked_as_one_and_nothing_is_merged_or_hidden():
    book = opened()
    marked = {sheet.title: [(table.name, table.ref) for table in sheet.tables.values()] for sheet in book}
    assert marked == {
        "Cover_sheet": [],
        "Table_of_contents": [("contents", "A3:C5")],
        "Notes": [("shorthand", f"A3:C{3 + len(SHORTHAND)}")],
        "Table_1": [("table_1", "A4:C5")],
        "Table_2": [("table_2", "A5:C8")],
    }
    assert all(sheet.merged_cells.ranges == set() and sheet.sheet_state == "visible" for sheet in book)
    assert all(cell.alignment.wrap_text for cell in book["Table_2"][6])


def test_what_looks_like_a_formula_is_text():
    cell = opened()["Table_2"]["C6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    sheet = opened([ShownPage("a.html", "=A", (ShownTable("=cmd()", ("=x",), ((Cell("@y"),),)),))])["Table_1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("12", 12, "0"),
        ("−3", -3, "0"),
        ("0.50", 0.5, "0.00"),
        ("0.003", 0.003, "0.000"),
        ("25%", 0.25, "0%"),
        ("2.5%", 0.025, "0.0%"),
        ("< 0.001", "[low]", "General"),
        ("> −0.001", "[low]", "General"),
        ("∞", "∞", "General"),
    ],
)
def test_a_number_is_a_number_and_is_shown_as_on_the_page(text, value, shown):
    cell = one_table(("n",), [Cell(text, is_number=True)]).cell(5 if value == "[low]" else 4, 1)
    cell = cell if cell.value == value else cell.offset(row=1)
    assert (cell.value, cell.number_format) == (value, shown)


def test_a_number_that_is_a_name_stays_text():
    assert values(one_table(("wave",), [Cell("2")]))[4] == ["2"]


def test_columns_have_names_and_no_two_the_same():
    assert values(one_table(("", "a", "A", "a"), [Cell("1")] * 4))[3] == ["column 1", "a", "A (2)", "a (3)"]


def test_a_table_without_rows_says_so():
    assert values(one_table(("code",)))[3:] == [["Back to the table of contents"], ["code"], ["[x]"]]


def test_a_report_without_tables_has_contents_all_the_same():
    book = opened([ShownPage("a.html", "A", ())])
    assert values(book["Table_of_contents"])[3] == ["[x]", "[x]", "[x]"]
    assert "0 tables" in book["Cover_sheet"]["A2"].value


def test_a_note_goes_with_its_table():
    assert values(one_table(("code",), [Cell("a")], note="The first 1 of 2 rows."))[1] == [
        "This sheet holds one table, from the page “A”. The first 1 of 2 rows."
    ]


def test_what_no_cell_can_hold_is_replaced_and_what_is_too_long_is_cut():
    sheet = one_table(("said",), [Cell("a\x00b")], [Cell("x" * 40_000)])
    assert values(sheet)[4] == ["a\N{REPLACEMENT CHARACTER}b"]
    assert values(sheet)[5][0].endswith("xx [cut: the page has it whole]")


def test_columns_are_as_wide_as_their_words_within_reason():
    sheet = one_table(("code", "said"), [Cell("a"), Cell("word " * 40)])
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [12, 60]


def test_the_same_tables_give_the_same_bytes_and_name_nobody():
    assert tables_workbook(SHOWN, FRAME) == tables_workbook(SHOWN, FRAME)
    properties = opened().properties
    assert (properties.title, properties.language, properties.creator, properties.lastModifiedBy) == (
        "A small study: tables",
        "en-GB",
        None,
        None,
    )
