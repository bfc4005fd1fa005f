"""Rich text (.rtf), as older word processors save it."""

from __future__ import annotations

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.loading.account import Reading
from engagement_lib.loading.lines import read_lines
from engagement_lib.loading.text import normalise


def read_rtf(data: bytes, *, origin: str) -> Reading:
    """The turns of a rich text file.

    Raises
    ------
    TranscriptError
        Where the bytes are not rich text, or name an encoding that nobody knows.
    """
    return read_lines(rtf_text(data, origin=origin))


def rtf_text(data: bytes, *, origin: str) -> str:
    r"""The words of a rich text file, a line a paragraph.

    Raises
    ------
    TranscriptError
        Where the bytes are not rich text, or name an encoding that nobody knows.

    Examples
    --------
    >>> rtf_text(rb"{\rtf1\ansi Si\'e2n: Helo.\par P1: Dim syniad.}", origin="P01.rtf")
    'Siân: Helo.\nP1: Dim syniad.'
    """
    from striprtf.striprtf import rtf_to_text

    remedy = "Open it in Word or LibreOffice and save it again."
    if not data.lstrip().startswith(rb"{\rtf"):
        raise TranscriptError(Problem(origin, "", repr(data[:20]), "a .rtf file", remedy))
    try:
        # What is not ASCII stands in escapes, so that any encoding that keeps all bytes will do.
        text = str(rtf_to_text(data.decode("latin-1"), errors="strict"))  # type: ignore[no-untyped-call]
    except (UnicodeError, LookupError, ValueError) as fault:
        found = f"characters that cannot be read ({fault})"
        raise TranscriptError(Problem(origin, "", found, "the encoding that the file names", remedy)) from fault
    return normalise(text).strip()
