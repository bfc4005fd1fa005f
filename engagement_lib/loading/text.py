"""Bytes to normalised text: decoded, newlines made LF, characters composed (NFC)."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from pathlib import Path
from typing import Final

from engagement_lib.errors import EngagementError, Problem, TranscriptError

_BYTE_ORDER_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_bytes(path: Path, *, error: type[EngagementError] = TranscriptError) -> bytes:
    """The bytes of a file.

    Raises
    ------
    EngagementError
        Of the class `error`, where there is no such file, it is a folder or a device, or it holds nothing.
    """
    if not path.exists():
        raise error(
            Problem(path.name, "", "no such file", f"a file in {path.parent.name or '.'}/", "Put it there, or mend its name.")
        )
    if path.is_dir():
        raise error(Problem(path.name, "", "a folder", "a file", "Name the file itself."))
    if not path.is_file():
        raise error(Problem(path.name, "", "a device or a pipe", "a file", "Copy what it gives to a file."))
    data = path.read_bytes()
    if not data.strip(b"\x00 \t\r\n"):
        raise error(Problem(path.name, "", "an empty file", "some words", "Export it again, or take it out of the folder."))
    return data


def decode(data: bytes, *, origin: str, error: type[EngagementError] = TranscriptError) -> str:
    r"""The text of these bytes: by their byte order mark, else as UTF-8, else as Windows-1252.

    Raises
    ------
    EngagementError
        Of the class `error`, where the bytes are not text in any of these.

    Examples
    --------
    >>> decode("café\r\n".encode("cp1252"), origin="old.txt")
    'café\n'
    """
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return normalise(text)
    raise error(
        Problem(origin, "", "bytes that are not text", "UTF-8, UTF-16 or Windows-1252", "Save it as plain text in UTF-8.")
    )


def normalise(text: str) -> str:
    r"""The text with LF newlines, composed characters (NFC) and no zero-width no-break space.

    Examples
    --------
    >>> normalise("e\u0301\r\n") == "é\n"
    True
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))


def sha256(data: bytes | str) -> str:
    """The SHA-256 of these bytes, or of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
