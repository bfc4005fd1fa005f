"""Bytes to normalised text: decoded, newlines made LF, characters composed (NFC)."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engagement_lib.errors import EngagementError, Problem, TranscriptError

_BYTE_ORDER_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_MIXED: Final = "mixed"
_NAMES: Final = {"cp1252": "Windows-1252", _MIXED: "UTF-8 and Windows-1252 by turns"}
_ASCII: Final = 127
# Of western languages in Windows-1252 hardly one character in ten has an accent; of Greek or Chinese text most bytes are beyond.
_MOST_ACCENTS: Final = 0.2
_TOO_FEW: Final = 20
_LOOKED_AT: Final = 50_000


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
    r"""The text of these bytes: by their byte order mark, else as UTF-8, else as Windows-1252 or what they are likelier to be.

    Raises
    ------
    EngagementError
        Of the class `error`, where the bytes are not text in any of these.

    Examples
    --------
    >>> decode("café\r\n".encode("cp1252"), origin="old.txt")
    'café\n'
    """
    return normalise(_decode(data, origin, error)[0])


def describe_decoding(data: bytes, *, origin: str) -> str:
    r"""What was changed to make the normalised text of these bytes, "" where nothing was.

    Examples
    --------
    >>> describe_decoding("café\r\nthé\r\n".encode("cp1252"), origin="old.txt")
    'Windows-1252 made UTF-8; CRLF made LF'
    """
    text, encoding = _decode(data, origin, TranscriptError)
    changes = [f"{_NAMES.get(encoding, encoding)} made UTF-8"] if encoding != "utf-8" else []
    for newline, name in (("\r\n", "CRLF"), ("\r", "CR")):
        changes += [f"{name} made LF"] if newline in text else []
        text = text.replace(newline, "\n")
    changes += ["marks of byte order taken out"] if "\ufeff" in text or data.startswith(codecs.BOM_UTF8) else []
    changes += ["characters composed"] if not unicodedata.is_normalized("NFC", text) else []
    return "; ".join(changes)


def _decode(data: bytes, origin: str, error: type[EngagementError]) -> tuple[str, str]:
    """The text of the bytes as it stands, and the encoding that it was in."""
    for encoding in _encodings(data):
        try:
            text = _line_by_line(data) if encoding == _MIXED else data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding.removesuffix("-sig")
    raise error(
        Problem(origin, "", "bytes that are not text", "UTF-8, UTF-16 or Windows-1252", "Save it as plain text in UTF-8.")
    )


def _encodings(data: bytes) -> Iterator[str]:
    """The encodings to try, the likeliest first."""
    marked = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)]
    yield from marked or ["utf-8"]
    if not marked:
        yield _likely_encoding(data)
        yield _MIXED


def _line_by_line(data: bytes) -> str:
    """Text that was put together from two files: each line as UTF-8 if it can be, else as Windows-1252."""
    return b"\n".join(line if _is_utf_8(line) else line.decode("cp1252").encode() for line in data.split(b"\n")).decode()


def _likely_encoding(data: bytes) -> str:
    """What bytes that are not UTF-8 are, from how many are beyond ASCII: accents of a western language, or all of another's."""
    begin = data[:_LOOKED_AT]
    beyond = sum(byte > _ASCII for byte in begin)
    if beyond > max(_TOO_FEW, _MOST_ACCENTS * len(begin)):
        from charset_normalizer import from_bytes

        best = from_bytes(begin).best()
        return best.encoding if best else "cp1252"
    return _MIXED if any(line and not line.isascii() and _is_utf_8(line) for line in data.split(b"\n")) else "cp1252"


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def normalise(text: str) -> str:
    r"""The text with LF newlines, composed characters (NFC) and no zero-width no-break space.

    Examples
    --------
    >>> normalise("e\u0301\r\n") == "é\n"
    True
    """
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))


def sha256(data: bytes | str) -> str:
    """The SHA-256 of these bytes, or of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
