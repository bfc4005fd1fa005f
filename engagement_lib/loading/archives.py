"""Files that are ZIP archives inside (.docx, .xlsx): looked at before they are unpacked."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from engagement_lib.errors import EngagementError, Problem

# Far more than any transcript or survey holds; what is packed to do harm unpacks to many times as much.
MOST_BYTES: Final = 500_000_000
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
            damaged = archive.testzip() if size <= MOST_BYTES else None
    except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as fault:
        raise error(Problem(origin, "", f"bytes that cannot be unpacked ({fault})", expected, remedy)) from fault
    if size > MOST_BYTES:
        found = f"{size / 1e6:,.0f} MB when unpacked"
        raise error(Problem(origin, "", found, f"{expected} of at most {MOST_BYTES / 1e6:,.0f} MB", "Split the file."))
    if damaged:
        raise error(Problem(origin, "", f"a damaged part '{damaged}'", expected, remedy))
    return data
