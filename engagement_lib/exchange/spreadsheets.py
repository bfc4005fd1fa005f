"""Tables to spreadsheets in which no cell is run as a formula."""

from __future__ import annotations

import csv
import math
import re
from io import StringIO
from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.exchange.files import replace_file
from engagement_lib.loading.spreadsheets import unguarded
from engagement_lib.sharing.packing import workbook_bytes

__all__ = ["unguarded", "write_table"]

Cell = str | int | float | None
_RUN: Final = re.compile(r"'*[=+\-@\t\r]")
_NOT_IN_CELLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST: Final = 32_767
_LAST_ROW: Final = 1_048_576


def write_table(table: pd.DataFrame, path: Path | str) -> None:
    r"""Write a table as a .csv (UTF-8, lines ended by LF) or .xlsx file; the same table gives the same bytes.

    Rows and columns keep their order. An index that has names comes first, as columns; any other is left out. Numbers in columns
    of numbers stay numbers. Any other cell, and a column's name, that a spreadsheet might run because it begins with =, +, -, @,
    a tab or a carriage return, or with apostrophes before one of these, gets an apostrophe in front. `read_table` gives that back
    as it stands; `unguarded` gives the words as they were.

    Raises
    ------
    TableError
        Where the name ends otherwise, the folder is not there, or a workbook cannot hold a text or that many rows.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_table(pd.DataFrame({"quote": ["=1+1", "Fine."], "share": [-0.5, None]}), Path(folder, "quotes.csv"))
    ...     Path(folder, "quotes.csv").read_bytes()
    b"quote,share\n'=1+1,-0.5\nFine.,\n"
    """
    path = Path(path)
    if table.index.names != [None]:
        table = table.reset_index()
    if path.suffix.lower() == ".csv":
        replace_file(path, as_csv(table))
    elif path.suffix.lower() == ".xlsx":
        rows = _rows(table)
        _check_workbook(rows, path.name)
        replace_file(path, _workbook(rows))
    else:
        found = f"the ending '{path.suffix}'"
        raise TableError(Problem(path.name, "", found, ".csv or .xlsx", "Give the file one of these endings."))


def as_csv(table: pd.DataFrame) -> bytes:
    """The bytes of the .csv file that `write_table` writes, without the index."""
    return _separated(_rows(table))


def _rows(table: pd.DataFrame) -> list[list[Cell]]:
    """The header and the rows below it."""
    header: list[Cell] = [_guard(str(name)) for name in table.columns]
    return [header, *map(list, zip(*(_cells(table.iloc[:, place]) for place in range(len(header))), strict=True))]


def _cells(column: pd.Series) -> list[Cell]:
    """The cells of a column: numbers where it is one of numbers, guarded text otherwise; None where there is nothing."""
    empty = column.isna().to_list()
    if pd.api.types.is_numeric_dtype(column.dtype):
        return [None if none else value for value, none in zip(column.to_list(), empty, strict=True)]
    return ["" if none else _guard(str(value)) for value, none in zip(column.to_list(), empty, strict=True)]


def _guard(text: str) -> str:
    return f"'{text}" if _RUN.match(text) else text


def _separated(rows: list[list[Cell]]) -> bytes:
    return "".join(map(_line, rows)).encode()


def _line(row: list[Cell]) -> str:
    """One line of CSV. Were it to end in LF from the start, a carriage return in a cell would get no quotation marks."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().removesuffix("\r\n") + "\n"


def _check_workbook(rows: list[list[Cell]], origin: str) -> None:
    problems = []
    if len(rows) > _LAST_ROW:
        remedy = "Write a .csv file, or parts of the table."
        problems.append(Problem(origin, "", f"{len(rows)} rows with the header", f"at most {_LAST_ROW}", remedy))
    for number, row in enumerate(rows, start=1):
        for name, cell in zip(rows[0], row, strict=True):
            if not isinstance(cell, str):
                continue
            place = f"row {number}, column '{name}'"
            if len(cell) > _LONGEST:
                found, expected = f"{len(cell)} characters", f"at most {_LONGEST} in a cell of a workbook"
                problems.append(Problem(origin, place, found, expected, "Write a .csv file."))
            if match := _NOT_IN_CELLS.search(cell):
                found = f"the control character U+{ord(match.group()):04X}"
                problems.append(Problem(origin, place, found, "characters that a workbook can hold", "Write a .csv file."))
    if problems:
        raise TableError(problems)


def _workbook(rows: list[list[Cell]]) -> bytes:
    """The rows as the only sheet of a workbook that bears no time of its making."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for row in rows:
        sheet.append([str(cell) if isinstance(cell, float) and math.isinf(cell) else cell for cell in row])
    return workbook_bytes(book)
