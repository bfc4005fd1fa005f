"""All tables of a report as one workbook, laid out as the UK's guidance on accessible spreadsheets asks.

A cover sheet, the contents with links, the notes, and then one table a sheet: its title in A1, no merged or blank cell in it, and
what is missing said in shorthand. See "Releasing statistics in spreadsheets" of the Government Analysis Function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from engagement_lib.sharing.blocks import Cell, ShownPage, ShownTable
from engagement_lib.sharing.packing import workbook_bytes
from engagement_lib.sharing.pages import Frame

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHORTHAND: Final = {
    "[c]": "Confidential: hidden, since so few people are counted that somebody might be recognised.",
    "[low]": "Closer to 0 than 0.001, and not 0.",
    "[not cleared]": "Words of a participant that nobody has cleared for these readers.",
    "[x]": "Nothing stands here.",
    "[z]": "Not defined: there is nothing that the number could be taken of.",
}
NAVY: Final = "12436D"
_NUMBER: Final = re.compile(r"(−?\d+)(\.\d+)?(%?)")
_NOT_IN_CELLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST: Final = 32_000
_CUT: Final = " [cut: the page has it whole]"
_NARROWEST, _WIDEST, _NUMBER_WIDTH = 12, 60, 24
_FONT, _SIZE = "Arial", 12


def tables_workbook(pages: Sequence[ShownPage], frame: Frame, *, contact: str = "") -> bytes:
    """The bytes of the workbook: every table of the pages in the order of reading, and a sheet that says what is where.

    Cells that look like formulas are text. Numbers are numbers, as exact as the page shows them.

    Parameters
    ----------
    pages
        As `read_page` gives them.
    frame
        What the pages share.
    contact
        Whom a reader may write to.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _set_up(book, frame)
    numbered = list(number_tables(pages))
    _cover(book, frame, len(numbered), contact)
    _contents(book, numbered)
    _notes(book, [table for _, table, _ in numbered])
    for number, table, page in numbered:
        _table_sheet(book, number, table, page)
    return workbook_bytes(book)


def number_tables(pages: Sequence[ShownPage]) -> Iterator[tuple[int, ShownTable, ShownPage]]:
    """Every table with its number, from 1 on, and the page that it stands on."""
    number = 0
    for page in pages:
        for table in page.tables():
            number += 1
            yield number, table, page


def table_title(number: int, table: ShownTable) -> str:
    """The title of a table in the workbook."""
    return f"Table {number}: {table.caption}"


def _set_up(book: Workbook, frame: Frame) -> None:
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.styles import Font, NamedStyle

    book.properties = DocumentProperties(title=f"{frame.study_title}: tables", language="en-GB", creator="")
    book._fonts[0] = Font(name=_FONT, size=_SIZE)
    for level, size in ((1, 16), (2, 14)):
        book.add_named_style(NamedStyle(f"Heading {level}", font=Font(name=_FONT, size=size, bold=True, color=NAVY)))


def _cover(book: Workbook, frame: Frame, tables: int, contact: str) -> None:
    sheet = book.create_sheet("Cover_sheet")
    lines = [f"Run {frame.run_id}, for {frame.audience_words}. This workbook holds {tables} table{'s' * (tables != 1)}."]
    if frame.synthetic:
        lines.append("Synthetic study: written for demonstration; it is not evidence about the real strategy.")
    lines += [
        "Each table stands on a sheet of its own, with the numbers as the report shows them.",
        "The sheet Table_of_contents leads to each of them. The sheet Notes says what shorthand such as [z] means.",
        f"Made with {frame.generator} from the study with the hash {frame.hash}.",
        f"Write to: {contact}" if contact else "This study names nobody to write to. Ask whoever sent you the report.",
    ]
    _heading(sheet, f"{frame.study_title}: tables of the report")
    for row, line in enumerate(lines, start=2):
        _put(sheet, row, 1, line)
    sheet.column_dimensions["A"].width = 90


def _contents(book: Workbook, numbered: Sequence[tuple[int, ShownTable, ShownPage]]) -> None:
    sheet = book.create_sheet("Table_of_contents")
    _heading(sheet, "Table of contents")
    _put(sheet, 2, 1, "This sheet holds one table. Each number leads to the sheet of the table.", wrap=False)
    rows = [(f"Table {number}", table.caption, page.title) for number, table, page in numbered]
    _grid(sheet, 3, ("Table", "What it shows", "Page of the report"), rows or [("[x]", "[x]", "[x]")], "contents")
    for row, (number, _, _) in enumerate(numbered, start=4):
        _link(sheet, row, 1, f"'{_sheet_name(number)}'!A1")
    for column, width in zip("ABC", (14, 80, 50), strict=True):
        sheet.column_dimensions[column].width = width


def _notes(book: Workbook, tables: Sequence[ShownTable]) -> None:
    sheet = book.create_sheet("Notes")
    _heading(sheet, "Notes")
    _put(sheet, 2, 1, "This sheet holds one table: the shorthand that stands in cells without a value of their own.", wrap=False)
    counts = {mark: sum(mark in _marks(table) for table in tables) for mark in SHORTHAND}
    rows = [(mark, meaning, counts[mark]) for mark, meaning in SHORTHAND.items()]
    _grid(sheet, 3, ("Shorthand", "What it means", "Tables with it"), rows, "shorthand")
    for column, width in zip("ABC", (16, 90, 18), strict=True):
        sheet.column_dimensions[column].width = width


def _table_sheet(book: Workbook, number: int, table: ShownTable, page: ShownPage) -> None:
    sheet = book.create_sheet(_sheet_name(number))
    _heading(sheet, table_title(number, table))
    lines = [f"This sheet holds one table, from the page “{page.title}”. {table.note}".rstrip()]
    if marks := sorted(_marks(table)):
        lines.append(f"Shorthand that stands in it, explained on the sheet Notes: {', '.join(marks)}")
    for row, line in enumerate(lines, start=2):
        _put(sheet, row, 1, line, wrap=False)
    back = len(lines) + 2
    _put(sheet, back, 1, "Back to the table of contents", wrap=False)
    _link(sheet, back, 1, "'Table_of_contents'!A1")
    header = _unique(table.columns)
    rows = [[_value(cell) for cell in row] for row in table.rows] or [["[x]"] * len(header)]
    _grid(sheet, back + 1, header, rows, f"table_{number}", cells=table.rows)
    _fit(sheet, header, rows)


def _sheet_name(number: int) -> str:
    return f"Table_{number}"


def _marks(table: ShownTable) -> set[str]:
    """The shorthand that stands in a table; one without rows has a row of it."""
    values = [str(_value(cell)) for row in table.rows for cell in row] or ["[x]"]
    return {mark for mark in SHORTHAND if any(mark in value for value in values)}


def _value(cell: Cell) -> str | float:
    """What stands in the workbook: a number where the page shows one, shorthand where there is nothing."""
    if cell.text is None:
        return "[z]"
    text = _NOT_IN_CELLS.sub("\N{REPLACEMENT CHARACTER}", cell.text)
    if not text.strip():
        return "[x]"
    if cell.is_number and text in ("< 0.001", "> −0.001"):
        return "[low]"
    if cell.is_number and (match := _NUMBER.fullmatch(text)):
        number = float((match[1] + (match[2] or "")).replace("−", "-"))
        return number / 100 if match[3] else int(number) if not match[2] else number
    return text if len(text) <= _LONGEST else text[:_LONGEST] + _CUT


def _format(cell: Cell) -> str:
    """How a number is shown: with the decimals that it has on the page."""
    match = _NUMBER.fullmatch(cell.text or "")
    decimals = len(match[2] or "") if match else 0
    return ("0" if decimals < 2 else f"0.{'0' * (decimals - 1)}") + ("%" if match and match[3] else "")


def _unique(columns: Sequence[str]) -> list[str]:
    """Names for the columns, none of them empty and none twice, whatever their capitals."""
    named: list[str] = []
    for at, column in enumerate(columns, start=1):
        name = plain = " ".join(_NOT_IN_CELLS.sub("", column).split()) or f"column {at}"
        times = 1
        while name.casefold() in {other.casefold() for other in named}:
            times += 1
            name = f"{plain} ({times})"
        named.append(name)
    return named


def _heading(sheet: Worksheet, text: str) -> None:
    sheet.sheet_view.showGridLines = True
    _put(sheet, 1, 1, text, wrap=False)
    sheet.cell(1, 1).style = "Heading 1"
    sheet.cell(1, 1).data_type = "s"


def _put(sheet: Worksheet, row: int, column: int, value: Any, *, wrap: bool = True) -> Any:
    """The cell, filled: words are words even where a spreadsheet would take them for a formula."""
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=wrap, vertical="top", horizontal="left" if isinstance(value, str) else "right")
    return cell


def _link(sheet: Worksheet, row: int, column: int, place: str) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell = sheet.cell(row, column)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=str(cell.value))
    cell.font = Font(name=_FONT, size=_SIZE, color=NAVY, underline="single")


def _grid(
    sheet: Worksheet,
    first: int,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    name: str,
    *,
    cells: Sequence[Sequence[Cell]] = (),
) -> None:
    """A header and rows from row `first` on, marked as a table of this name."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    for column, title in enumerate(header, start=1):
        _put(sheet, first, column, title).font = Font(name=_FONT, size=_SIZE, bold=True)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            put = _put(sheet, first + 1 + at, column + 1, value)
            if cells and not isinstance(value, str):
                put.number_format = _format(cells[at][column])
    table = Table(displayName=name, ref=f"A{first}:{get_column_letter(len(header))}{first + len(rows)}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showFirstColumn=False, showRowStripes=False)
    table._initialise_columns()
    for column, title in zip(table.tableColumns, header, strict=True):
        column.name = title
    table.autoFilter = None
    sheet.add_table(table)
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _fit(sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Columns as wide as what stands in them, within reason."""
    from openpyxl.utils import get_column_letter

    for at, title in enumerate(header):
        values = [row[at] for row in rows]
        longest = max((len(line) for value in values for line in str(value).split("\n")), default=0)
        word = max(map(len, title.split()))
        width = max(longest, min(len(title), _NUMBER_WIDTH), word) + 3
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(max(width, _NARROWEST), _WIDEST)
