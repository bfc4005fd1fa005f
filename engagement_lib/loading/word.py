"""Word files (.docx): paragraphs, soft line breaks and tables, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.loading.lines import Reading, read_lines
from engagement_lib.loading.text import normalise


def read_word(data: bytes, *, origin: str) -> Reading:
    """The turns of a Word file. Headers, footers and comments are not part of its body, and are left where they are.

    Raises
    ------
    TranscriptError
        Where the bytes are not a Word file.
    """
    return read_lines(normalise("\n".join(_lines(data, origin))))


def _lines(data: bytes, origin: str) -> Iterator[str]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]  # lxml ships no types

    try:
        document = Document(BytesIO(data))
    except (BadZipFile, PackageNotFoundError, XMLSyntaxError, KeyError, ValueError) as fault:
        found = f"bytes that are not a Word file ({fault})"
        remedy = "Open it in Word and save it again as .docx."
        raise TranscriptError(Problem(origin, "", found, "a .docx file", remedy)) from fault
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (_row(list(dict.fromkeys(cell.text.strip() for cell in row.cells))) for row in block.rows)
        else:
            yield block.text


def _row(cells: list[str]) -> str:
    """A table's row as a line: the first cell of two or more names the speaker."""
    speaker, *words = cells
    return f"{speaker.rstrip(':')}: {' '.join(words)}" if words else speaker
