"""Spreadsheets to tables of text: CSV with commas, semicolons or tabs, and Excel workbooks. No cell is guessed at or changed."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.text import decode, normalise, read_bytes

_WORKBOOKS: Final = (".xlsx", ".xlsm")
_SEPARATORS: Final = (",", ";", "\t")


def read_table(path: Path | str, *, sheet: str = "") -> pd.DataFrame:
    """The table in a spreadsheet, every cell as text and "" where it is blank; `sheet` names the sheet of a workbook.

    The first row is the header, its cells closed up to one line. Rows without any text are left out, and leave a gap in
    the index, so that a row keeps its place.

    Raises
    ------
    TableError
        Where there is no such file or sheet, a row has more cells than the header, or two columns have one name.
    """
    path = Path(path)
    data = read_bytes(path, error=TableError)
    rows = _workbook(data, path.name, sheet) if path.suffix.lower() in _WORKBOOKS else _separated(data, path.name)
    header = [" ".join(cell.split()) for cell in rows[0]]
    _check_header(header, path.name)
    body = {number: row for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)}
    _check_widths(body, header, path.name)
    cells = [row[: len(header)] + [""] * (len(header) - len(row)) for row in body.values()]
    index = pd.Index([number - 2 for number in body], dtype="int64")
    return pd.DataFrame(cells, index=index, columns=pd.Index(header, dtype="str"), dtype="str")


def _separated(data: bytes, origin: str) -> list[list[str]]:
    text = decode(data, origin=origin, error=TableError)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise TableError(
            Problem(origin, "", str(fault), "a CSV file", "Open it in a spreadsheet and save it as CSV again.")
        ) from fault


def _workbook(data: bytes, origin: str, sheet: str) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as fault:
        found = f"bytes that are not a workbook ({fault})"
        raise TableError(Problem(origin, "", found, "an .xlsx file", "Open it in Excel and save it again.")) from fault
    if sheet and sheet not in book.sheetnames:
        found = f"the sheets {', '.join(book.sheetnames)}"
        raise TableError(Problem(origin, "", found, f"a sheet '{sheet}'", "Name one of these in study.toml."))
    table = book[sheet] if sheet else book[book.sheetnames[0]]
    rows = [[_cell(value) for value in row] for row in table.iter_rows(values_only=True)]
    book.close()
    if not rows:
        raise TableError(
            Problem(origin, "", f"nothing on the sheet '{table.title}'", "a header and rows", "Name another sheet in study.toml.")
        )
    return rows


def _cell(value: object) -> str:
    """A cell as it reads in the spreadsheet: whole numbers without a decimal point, dates without a time of midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return normalise(str(value)).removesuffix(" 00:00:00")


def _check_header(header: list[str], origin: str) -> None:
    repeated = sorted({name for name in header if name and header.count(name) > 1})
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
