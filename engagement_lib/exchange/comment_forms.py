"""The form by which readers of a draft comment on its claims and themes by reference."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.exchange.files import replace_file
from engagement_lib.exchange.spreadsheets import write_table
from engagement_lib.loading.comments import COLUMNS
from engagement_lib.loading.references import INSTRUCTION, comment_references
from engagement_lib.sharing.packing import workbook_bytes
from engagement_lib.tables import Study

_WIDTHS: Final = (22, 70, 70)
_FONT, _SIZE = "Arial", 12


def comment_form(study: Study) -> pd.DataFrame:
    """The form as a table: one row a claim, theme and anything else, with `reference`, `about`, and an empty `comment`."""
    return comment_references(study.claims, study.codebook).assign(comment="")[list(COLUMNS)]


def write_comment_form(study: Study, path: Path | str) -> None:
    """Write the form as a .csv or .xlsx file to fill in, or the .txt of an e-mail to answer; `read_comments` takes all back.

    Raises
    ------
    TableError
        Where the name ends otherwise, the folder is not there, or the study has neither claims nor themes to comment on.
    """
    path, form = Path(path), comment_form(study)
    if len(form) == 1:
        remedy = "Write them down first: a claim in the claims' table, a theme in the codebook."
        raise TableError(
            Problem(study.settings.claims or "claims", "", "no claim and no theme", "something to comment on", remedy)
        )
    if path.suffix.lower() == ".txt":
        replace_file(path, _mail(form, study).encode("utf-8"))
    elif path.suffix.lower() == ".xlsx":
        replace_file(path, _workbook(form, study))
    elif path.suffix.lower() == ".csv":
        write_table(form, path)
    else:
        found = f"the ending '{path.suffix}'"
        raise TableError(Problem(path.name, "", found, ".csv, .xlsx or .txt", "Give the file one of these endings."))


def _mail(form: pd.DataFrame, study: Study) -> str:
    head = [f"To: {study.settings.contact}"] if study.settings.contact else []
    head += [f"Subject: Comments on the draft: {study.settings.title}"]
    said = [f"{name}: {' '.join(about.split())}\n\n" for name, about in zip(form["reference"], form["about"], strict=True)]
    return "\n".join([*head, "", INSTRUCTION, "", *said])


def _workbook(form: pd.DataFrame, study: Study) -> bytes:
    """The form on the first sheet, whose first row names the columns; how to fill it in on the second."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.table import Table, TableStyleInfo

    book = Workbook()
    book._fonts[0] = Font(name=_FONT, size=_SIZE)
    book.properties.title, book.properties.creator, book.properties.language = "Comments on the draft", "", "en-GB"
    sheet, help_ = book.active, book.create_sheet("How_to_fill_this_in")
    sheet.title = "Comments"
    rows = [COLUMNS, *form.itertuples(index=False)]
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(row, column, text or None)
            if text:
                cell.data_type = "s"
            cell.font = Font(name=_FONT, size=_SIZE, bold=row == 1)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    table = Table(displayName="comments", ref=f"A1:C{len(rows)}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)
    help_["A1"], help_["A2"] = f"Comments on the draft: {study.settings.title}", INSTRUCTION
    help_["A3"] = f"Send it to: {study.settings.contact}" if study.settings.contact else "Send it back to whoever sent it to you."
    for number in (1, 2, 3):
        help_.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
        help_.cell(number, 1).font = Font(name=_FONT, size=16 if number == 1 else _SIZE, bold=number == 1)
        help_.cell(number, 1).data_type = "s"
    help_.column_dimensions["A"].width = 90
    return workbook_bytes(book)
