"""Files that are ZIP archives inside (.docx, .xlsx): looked at before they are unpacked."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from engagement_lib.errors import EngagementError, Problem

# Far more than any transcript or survey holds.
MOST_BYTES: Final = 500_000_000
# What is packed to do harm unpacks to hundreds of times its size; words and cells do so to thirty times at most.
MOST_TIMES: Final = 150
_SMALL: Final = 20_000_000
# What the libraries that read archives, XML and PDFs run into on files that are not whole: whichever it is, the file is named.
FAULTS: Final = (
    ArithmeticError, AssertionError, AttributeError, BadZipFile, EOFError, LookupError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, zlib.error,
)  # fmt: skip
# How files begin that somebody gave another ending.
_SIGNATURES: Final = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"%PDF": "a PDF",
    b"{\\rtf": "rich text (RTF)",
    b"\xd0\xcf\x11\xe0": "a file of an older Office (.doc, .xls), or one with a password",
}


def check_archive(data: bytes, *, origin: str, expected: str, error: type[EngagementError]) -> bytes:
    """The bytes of the file, all of whose parts can be unpacked and are not out of proportion.

    Parameters
    ----------
    origin, expected
        The file's name and what it should be, for the message.

    Raises
    ------
    EngagementError
        Of the class `error`, where the bytes are no archive, a part is damaged or encrypted, or unpacking would fill the memory.
    """
    remedy = "Open it, look whether it is whole and without a password, and save it again."
    really = next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), "")
    if really:
        raise error(Problem(origin, "", really, expected, "Open it in the program that made it, and save it in this format."))
    try:
        with ZipFile(BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            bomb = size > MOST_BYTES or size > max(_SMALL, MOST_TIMES * len(data))
            damaged = None if bomb else archive.testzip()
    except FAULTS as fault:
        raise error(Problem(origin, "", f"bytes that cannot be unpacked ({fault})", expected, remedy)) from fault
    if bomb:
        found = f"{size / 1e6:,.0f} MB when unpacked, {size / len(data):,.0f} times the size of the file"
        most = f"{expected} of at most {MOST_BYTES / 1e6:,.0f} MB and {MOST_TIMES} times its size"
        raise error(Problem(origin, "", found, most, "Open it in the program that made it, and save it again or split it."))
    if damaged:
        raise error(Problem(origin, "", f"a damaged part '{damaged}'", expected, remedy))
    return data
