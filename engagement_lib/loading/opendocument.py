"""OpenDocument texts (.odt), as LibreOffice writes them: paragraphs, line breaks and tables, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.loading.account import Reading
from engagement_lib.loading.archives import FAULTS, check_archive
from engagement_lib.loading.paragraphs import paragraph_lines, read_paragraphs, table_row
from engagement_lib.loading.text import normalise

_SIGNS: Final = {"tab": "\t", "line-break": "\n"}
# What is not words, or not in the body: what was deleted, footnotes, comments, declarations, what only a screen shows.
_NOT_WORDS: Final = (
    "tracked-changes", "note", "annotation", "sequence-decls", "variable-decls", "user-field-decls", "forms", "bookmark-name"
)  # fmt: skip

_BESIDE: Final = {
    "office:annotation": "comment in the margin",
    "text:note": "footnote",
    "text:tracked-changes": "deleted under tracked changes",
}


def read_opendocument(data: bytes, *, origin: str) -> Reading:
    """The turns of an OpenDocument text. Headers, footers, comments and footnotes are not part of its body, and are set aside.

    So is what was deleted under tracked changes.

    Raises
    ------
    TranscriptError
        Where the bytes are not an OpenDocument text.
    """
    body, beside = _parts(data, origin)
    reading = read_paragraphs(_blocks(body))
    for text, rule in beside:
        reading.account.add(normalise(text), rule)
    return reading


def opendocument_text(data: bytes, *, origin: str) -> str:
    """The words of an OpenDocument text, a line a paragraph or row of a table.

    Raises
    ------
    TranscriptError
        Where the bytes are not an OpenDocument text.
    """
    return "\n".join(line for line, _ in paragraph_lines(_blocks(_parts(data, origin)[0])))


def _parts(data: bytes, origin: str) -> tuple[Any, list[tuple[str, str]]]:
    """The element of an OpenDocument text that holds its words, and the words beside it, each with its rule."""
    from odfdo import Document

    expected, remedy = "a .odt file", "Open it in LibreOffice and save it again as .odt."
    check_archive(data, origin=origin, expected=expected, error=TranscriptError)
    try:
        if b"<!DOCTYPE" in ZipFile(BytesIO(data)).read("content.xml"):
            found = "XML with a DOCTYPE, which may stand for other words"
            raise TranscriptError(Problem(origin, "", found, "none", remedy))
        document = Document(BytesIO(data))
        kind, body = document.get_type(), document.body
        found_beside = [(body.get_elements(f"//{name}"), rule) for name, rule in _BESIDE.items()]
        styles: Any = document.get_part("styles.xml")
        frames = styles.get_elements("//style:header | //style:footer")
        beside = [(_words(element).strip(), rule) for elements, rule in found_beside for element in elements]
        beside += [(_words(element).strip(), f"{_kind(element)} of the page") for element in frames]
    except FAULTS as fault:
        found = f"an archive that is not an OpenDocument text ({fault})"
        raise TranscriptError(Problem(origin, "", found, expected, remedy)) from fault
    if not kind.startswith("text"):
        raise TranscriptError(Problem(origin, "", f"an OpenDocument {kind}", expected, "Save it as a text."))
    return body, beside


def _blocks(container: Any) -> Iterator[tuple[str, bool]]:
    """The paragraphs and table rows in a part of the file, however deep they stand in lists and sections."""
    for element in container.children:
        kind = _kind(element)
        if kind in ("p", "h"):
            yield _words(element), False
        elif kind == "table-row":
            cells = [cell for cell in element.children if _kind(cell) == "table-cell"]
            yield table_row(["\n".join(text for text, _ in _blocks(cell)).strip() for cell in cells]), True
        elif kind not in _NOT_WORDS:
            yield from _blocks(element)


def _words(element: Any) -> str:
    parts = [element.text or ""]
    for child in element.children:
        kind = _kind(child)
        if kind == "s":
            parts.append(" " * int(child.get_attribute("text:c") or 1))
        elif kind not in _NOT_WORDS:
            parts.append(_SIGNS.get(kind) or ("\n" if kind == "p" else "") + _words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _kind(element: Any) -> str:
    return str(element.tag).rsplit(":", 1)[-1]
