"""Office files without a time of their making, so that the same content gives the same bytes."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def undated(archive: bytes) -> bytes:
    """The archive with the same parts in the same order, none of which says when it was written.

    Examples
    --------
    >>> dated = BytesIO()
    >>> with ZipFile(dated, "w") as parts:
    ...     parts.writestr("a.txt", "words")
    >>> ZipFile(BytesIO(undated(dated.getvalue()))).getinfo("a.txt").date_time
    (1980, 1, 1, 0, 0, 0)
    """
    packed = BytesIO()
    with ZipFile(BytesIO(archive)) as parts, ZipFile(packed, "w") as again:
        for name in parts.namelist():
            again.writestr(ZipInfo(name, _EPOCH), parts.read(name), ZIP_DEFLATED)
    return packed.getvalue()


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as a file that bears no time of its making."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = datetime(*_EPOCH)  # noqa: DTZ001 (a workbook's times have no zone)
    dated = BytesIO()
    ExcelWriter(book, ZipFile(dated, "w")).save()
    return undated(dated.getvalue())
