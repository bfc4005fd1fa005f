"""What a transcript's format is: found from its content, with the name of the file as a hint."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from engagement_lib.errors import Problem, TranscriptError

# The part of an archive, and how other files begin, by which a format is known.
_PARTS: Final = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "content.xml": ".odt"}
_STARTS: Final = (
    (rb"%PDF-", ".pdf"),
    (rb"\{\\rtf", ".rtf"),
    (rb"WEBVTT(?:[ \t\r\n]|$)", ".vtt"),
    (rb"\d+[ \t]*\r?\n\d\d:\d\d:\d\d,\d{3}[ \t]+-->", ".srt"),
    (rb"(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*<ANNOTATION_DOCUMENT\b", ".eaf"),
    (rb"[\[{]\s*[\"\]}{]", ".json"),
)
# Names that say of a file no more than that it holds text.
TEXT: Final = (".txt", ".md", "")


def find_format(data: bytes, origin: str, *, known: tuple[str, ...]) -> str:
    """The ending by which a file of this content goes: that of its name, unless the content is plainly something else.

    Parameters
    ----------
    known
        The formats that can be read, as endings.

    Raises
    ------
    TranscriptError
        Where the name says one format and the content another, with both.

    Examples
    --------
    >>> find_format(b"WEBVTT", "captions.txt", known=(".txt", ".vtt"))
    '.vtt'
    """
    match = re.search(r"\.[^./\\]*$", origin)
    named = match.group().lower() if match else ""
    really = _from_content(data)
    if really in ("", named) or really not in known:
        return named
    if named in TEXT or named not in known:
        return really
    found, expected = f"a file whose content is {really}", f"{named}, as its name says"
    raise TranscriptError(Problem(origin, "", found, expected, f"Give it a name that ends in {really}, or export it again."))


def _from_content(data: bytes) -> str:
    """The format that the content shows, "" where it may be any text."""
    if data.startswith(b"PK"):
        try:
            with ZipFile(BytesIO(data)) as archive:
                names = set(archive.namelist())
        except (BadZipFile, OSError, ValueError):
            return ""
        return next((ending for part, ending in _PARTS.items() if part in names), "")
    begin = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4000]
    return next((ending for start, ending in _STARTS if re.match(start, begin, re.DOTALL)), "")
