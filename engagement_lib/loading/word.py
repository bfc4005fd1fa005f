"""Word files (.docx): paragraphs, soft line breaks and tables, in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.loading.account import Reading
from engagement_lib.loading.archives import FAULTS, check_archive
from engagement_lib.loading.paragraphs import paragraph_lines, read_paragraphs, table_row
from engagement_lib.loading.text import normalise

_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What is not words, or not any more: how they look, what was deleted or moved away, the second copy of a text box.
_NOT_WORDS: Final = ("pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sectPr", "del", "moveFrom", "Fallback")

# The parts of a Word file beside its body, by the names of their files.
_OTHER_PARTS: Final = {
    "header": "header of the page",
    "footer": "footer of the page",
    "footnotes": "footnote",
    "endnotes": "endnote",
    "comments": "comment in the margin",
}


def read_word(data: bytes, *, origin: str) -> Reading:
    """The turns of a Word file. Headers, footers, comments and footnotes are not part of its body, and are set aside.

    What was inserted under track changes is read, and what was deleted is set aside. Where each turn has its time, as meeting
    software writes it, a table is nobody's words, and is set aside as well.

    Raises
    ------
    TranscriptError
        Where the bytes are not a Word file.
    """
    body, others = _parts(data, origin)
    reading = read_paragraphs(_blocks(body))
    for text, rule in [*_not_any_more(body), *others]:
        reading.account.add(normalise(text), rule)
    return reading


def word_text(data: bytes, *, origin: str) -> str:
    """The words of a Word file, a line a paragraph or row of a table.

    Raises
    ------
    TranscriptError
        Where the bytes are not a Word file.
    """
    return "\n".join(line for line, _ in paragraph_lines(_blocks(_parts(data, origin)[0])))


def _parts(data: bytes, origin: str) -> tuple[Any, list[tuple[str, str]]]:
    """The element of a Word file that holds its words, and the words of its other parts, each with its rule."""
    from docx import Document
    from docx.oxml import parse_xml

    remedy = "Open it in Word and save it again as .docx."
    check_archive(data, origin=origin, expected="a .docx file", error=TranscriptError)
    try:
        document = Document(BytesIO(data))
        body = document.element.body
        named = [(re.sub(r"\d*\.xml$", "", part.partname.filename), part) for part in document.part.package.iter_parts()]
        others = [(_text(parse_xml(part.blob)), _OTHER_PARTS[name]) for name, part in named if name in _OTHER_PARTS]
    except FAULTS as fault:
        found = f"an archive that is not a Word file ({fault})"
        raise TranscriptError(Problem(origin, "", found, "a .docx file", remedy)) from fault
    if body.getroottree().docinfo.doctype:
        raise TranscriptError(Problem(origin, "", "XML with a DOCTYPE, which may stand for other words", "none", remedy))
    return body, sorted(others)


def _not_any_more(body: Any) -> Iterator[tuple[str, str]]:
    """What was deleted or moved away under track changes."""
    for element in body.iter("{*}delText", "{*}moveFrom"):
        yield (element.text or "") if _kind(element) == "delText" else _words(element), "deleted under track changes"


def _text(container: Any) -> str:
    return "\n".join(text for text, _ in _blocks(container) if text.strip())


def _blocks(container: Any) -> Iterator[tuple[str, bool]]:
    """The paragraphs and table rows in a part of the file, however deep they stand in what Word wraps around them."""
    for element in container.iterchildren("*"):
        kind = _kind(element)
        if kind == "p":
            yield _words(element), False
        elif kind == "tr":
            yield table_row(["\n".join(text for text, _ in _blocks(cell)).strip() for cell in _cells(element)]), True
        elif kind not in _NOT_WORDS:
            yield from _blocks(element)


def _cells(row: Any) -> Iterator[Any]:
    for element in row.iterchildren("*"):
        if _kind(element) == "tc":
            yield element
        elif _kind(element) not in _NOT_WORDS:
            yield from _cells(element)


def _words(paragraph: Any) -> str:
    parts = []
    for element in paragraph.iterchildren("*"):
        kind = _kind(element)
        if kind == "t":
            parts.append(element.text or "")
        elif kind not in _NOT_WORDS:
            parts.append(_SIGNS.get(kind) or ("\n" if kind == "p" else "") + _words(element))
    return "".join(parts)


def _kind(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
