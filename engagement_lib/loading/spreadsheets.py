"""Spreadsheets to tables of text: CSV with commas, semicolons or tabs, and Excel workbooks. No cell is guessed at or changed."""

from __future__ import annotations

import csv
import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.archives import FAULTS, check_archive
from engagement_lib.loading.text import decode, normalise, read_bytes
from engagement_lib.tables import TEXT

WORKBOOKS: Final = (".xlsx", ".xlsm")
_SEPARATORS: Final = (",", ";", "\t")
# How much of a file is looked at for what parts its columns.
_HEADER: Final = 100_000
# What was written so that no spreadsheet runs it.
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_QUOTED: Final = re.compile(r'"[^"]*"')


def read_table(path: Path | str, *, sheet: str = "") -> pd.DataFrame:
    """The table in a spreadsheet, every cell as text and "" where it is blank; `sheet` names the sheet of a workbook.

    The first row is the header, its cells closed up to one line. Rows without any text are left out, and leave a gap in
    the index, so that a row keeps its place; so are columns without a name or any text.

    Raises
    ------
    TableError
        Where there is no such file or sheet, no header, a row has more cells than it, or two columns have one name.
    """
    path = Path(path)
    return parse_table(read_bytes(path, error=TableError), path.name, sheet=sheet)


def parse_table(data: bytes, origin: str, *, sheet: str = "") -> pd.DataFrame:
    """The table in the bytes of a spreadsheet of this name, as `read_table` gives it.

    Raises
    ------
    TableError
        As `read_table` does.
    """
    with uncollected():
        return _parse(data, origin, sheet)


def unguarded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the words as they were before a spreadsheet was kept from running them.

    Examples
    --------
    >>> unguarded(pd.DataFrame({"quote": ["'=1+1", "'tis"]}))["quote"].tolist()
    ['=1+1', "'tis"]
    """
    words = {
        str(name): [cell[1:] if _GUARDED.match(cell) else cell for cell in column.to_list()] for name, column in table.items()
    }
    return pd.DataFrame(words, index=table.index, columns=table.columns, dtype=TEXT)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for rings of objects, which would go through every row again and again and find none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _parse(data: bytes, origin: str, sheet: str) -> pd.DataFrame:
    is_workbook = origin.lower().endswith(WORKBOOKS)
    rows = _workbook(data, origin, sheet) if is_workbook else _separated(data, origin)
    if not rows:
        raise TableError(Problem(origin, "", "no rows", "a header and rows", "Export it again, or name another sheet."))
    header = [" ".join(cell.split()) for cell in rows[0]]
    body = {number: row for number, row in enumerate(rows[1:], start=2) if _says_something(row)}
    _check_widths(body, header, origin)
    wide = len(header)
    cells = [row if len(row) == wide else row[:wide] + [""] * (wide - len(row)) for row in body.values()]
    columns = list(zip(*cells, strict=True)) if cells else [()] * wide
    kept = [place for place, name in enumerate(header) if name or _says_something(columns[place])]
    _check_header([header[place] for place in kept], origin)
    index = pd.Index([number - 2 for number in body], dtype="int64")
    table = {header[place]: pd.Series(columns[place], index=index, dtype="str") for place in kept}
    return pd.DataFrame(table, index=index, columns=pd.Index(list(table), dtype="str"))


def _says_something(cells: Iterable[str]) -> bool:
    for cell in cells:  # noqa: SIM110  # a plain loop, since it runs for every row and ends at its first cell
        if cell and not cell.isspace():
            return True
    return False


def _separated(data: bytes, origin: str) -> list[list[str]]:
    text = decode(data, origin=origin, error=TableError)
    header = _QUOTED.sub("", text[:_HEADER]).split("\n", 1)[0]
    separator = max(_SEPARATORS, key=header.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise TableError(
            Problem(origin, "", str(fault), "a CSV file", "Open it in a spreadsheet and save it as CSV again.")
        ) from fault


def _workbook(data: bytes, origin: str, sheet: str) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(data, origin=origin, expected="an .xlsx file", error=TableError)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheets = {table.title: table for table in book.worksheets}
        table = sheets.get(sheet) if sheet else next(iter(sheets.values()), None)
        rows = [] if table is None else [[_cell(value) for value in row] for row in table.iter_rows(values_only=True)]
        book.close()
    except (InvalidFileException, *FAULTS) as fault:
        found = f"an archive that is not a workbook ({fault})"
        raise TableError(Problem(origin, "", found, "an .xlsx file", "Open it in Excel and save it again.")) from fault
    if table is None:
        expected = f"a sheet '{sheet}'" if sheet else "a sheet of cells"
        raise TableError(
            Problem(origin, "", f"the sheets {', '.join(book.sheetnames)}", expected, "Name one of these in study.toml.")
        )
    return rows


def _cell(value: object) -> str:
    """A cell as it reads in the spreadsheet: whole numbers without a decimal point, dates without a time of midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return normalise(str(value))


def _check_header(header: list[str], origin: str) -> None:
    repeated = [name for name, times in Counter(header).items() if times > 1]
    if repeated:
        raise TableError(
            Problem(origin, "header", f"the column '{name}' twice", "one column of each name", "Rename one of them.")
            for name in repeated
        )


def _check_widths(body: dict[int, list[str]], header: list[str], origin: str) -> None:
    problems = [
        Problem(
            origin,
            f"row {number}",
            f"{len(row)} cells",
            f"{len(header)}, as in the header",
            "Look for a stray separator or quotation mark.",
        )
        for number, row in body.items()
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :])
    ]
    if problems:
        raise TableError(problems)
