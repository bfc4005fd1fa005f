"""PDF files with a text layer: pages put together, what heads and foots each of them set aside."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import Final

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.loading.account import BLANK, Reading
from engagement_lib.loading.archives import FAULTS
from engagement_lib.loading.lines import read_lines
from engagement_lib.loading.text import normalise

_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])-\n(?=[a-z])")


def read_pdf(data: bytes, *, origin: str) -> Reading:
    """The turns of a PDF. Its lines end where the page ends and not where somebody stops, so that a turn is one line.

    A first or last line that stands on every page, or on most of four or more, numbers apart, is a header or footer, unless it
    is a speaker's label; a hyphen after a letter at a line's end, with a small letter below it, parts a word. Both are set aside.

    Raises
    ------
    TranscriptError
        Where the bytes are not a PDF, it wants a password, or its pages are pictures.
    """
    text, frames = _text(data, origin)
    places = [match.start() - 2 * number for number, match in enumerate(_HYPHEN.finditer(text))]
    reading = read_lines(_HYPHEN.sub("", text))
    hyphen = (("-", "hyphen at the end of a line"), ("\n", BLANK))
    reading.account.put_back((place, *removed) for place in places for removed in hyphen)
    reading.account.put_back(frames)
    return Reading([replace(turn, words=" ".join(turn.words.split())) for turn in reading.turns], reading.account)


def pdf_text(data: bytes, *, origin: str) -> str:
    """The words of a PDF, line by line, without what heads and foots its pages.

    Raises
    ------
    TranscriptError
        Where the bytes are not a PDF, it wants a password, or its pages are pictures.
    """
    return _text(data, origin)[0]


def _text(data: bytes, origin: str) -> tuple[str, list[tuple[int, str, str]]]:
    """The text of the pages, and what heads and foots each of them, as its place in that text, itself and its rule."""
    pages = [[line for line in page.split("\n") if line] for page in _pages(data, origin)]
    if not any(pages):
        found, remedy = "pages without any text, as a scanner makes them", "Have its text recognised (OCR), or type it out."
        raise TranscriptError(Problem(origin, "", found, "a PDF with a text layer", remedy))
    frames: list[dict[int, str]] = [{} for _ in pages]
    for end in (0, -1):
        shapes = Counter(_shape(page[end]) for page in pages if page)
        for page, frame in zip(pages, frames, strict=True):
            if page and _repeats(page[end], shapes, len(pages)):
                frame[end] = page.pop(end)
    text = "\n".join(line for page in pages for line in page)
    removed, at = list[tuple[int, str, str]](), 0
    for page, frame in zip(pages, frames, strict=True):
        if 0 in frame:
            removed += [(at, frame[0], "header of the page"), (at, "\n", BLANK)]
        at += sum(len(line) + 1 for line in page)
        if -1 in frame:
            last = (len(text), "\n", BLANK)
            footer = (min(at, len(text)), frame[-1], "footer of the page")
            removed += [footer, (at, "\n", BLANK)] if at <= len(text) else [last, footer]
    return text, removed


def _pages(data: bytes, origin: str) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    remedy = "Open it, look whether it is whole, and print it to PDF again."
    if not data.lstrip()[:5] == b"%PDF-":
        raise TranscriptError(Problem(origin, "", repr(data[:20]), "a PDF", remedy))
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise TranscriptError(Problem(origin, "", "a PDF with a password", "one without", "Take the password off."))
        texts = [page.extract_text() for page in reader.pages]
    except (PyPdfError, *FAULTS) as fault:
        found = f"a PDF that cannot be read ({type(fault).__name__}: {fault})"
        raise TranscriptError(Problem(origin, "", found, "a whole PDF", remedy)) from fault
    return ["\n".join(" ".join(line.split()) for line in normalise(text).split("\n")) for text in texts]


def _repeats(line: str, shapes: Counter[str], pages: int) -> bool:
    """Whether a line stands at this end of so many pages that it belongs to the page and not to what is said."""
    times = shapes[_shape(line)]
    return pages > 1 and not line.endswith(":") and (times > pages / 2 if pages >= 4 else times == pages)


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line)
