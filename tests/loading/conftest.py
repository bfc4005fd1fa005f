"""Files to read: made here in the shapes in which they come, or real ones where they lie beside the project."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "../shared/samples"


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """A real file of this name, or the test is skipped."""

    def find(name: str) -> Path:
        path = SAMPLES / name
        if not path.exists():
            pytest.skip(f"the real files are not beside the project: no {path}")
        return path

    return find


@pytest.fixture
def write(tmp_path) -> Callable[[str, str | bytes], Path]:
    """A file of this name with these bytes, or this text in UTF-8."""

    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture(scope="session")
def word_file() -> Callable[[Iterable[str | Sequence[Sequence[str]]]], bytes]:
    """A Word file: each text is a paragraph, each list of rows a table."""
    from docx import Document

    def make(blocks: Iterable[str | Sequence[Sequence[str]]]) -> bytes:
        document = Document()
        for block in blocks:
            if isinstance(block, str):
                document.add_paragraph(block)
                continue
            table = document.add_table(0, len(block[0]))
            for row in block:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
        return saved(document)

    return make


@pytest.fixture(scope="session")
def odt_file() -> Callable[[Iterable[str]], bytes]:
    """An OpenDocument text: each text is a paragraph, or an element where it begins as XML does."""
    from odfdo import Document, Element, Paragraph

    def make(elements: Iterable[str]) -> bytes:
        document = Document("text")
        document.body.clear()
        for element in elements:
            document.body.append(Element.from_tag(element) if element.startswith("<") else Paragraph(element, formatted=False))
        return saved(document)

    return make


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """A workbook: each argument is a sheet of rows."""
    from openpyxl import Workbook

    def make(**sheets: Sequence[Sequence[object]]) -> bytes:
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        return saved(book)

    return make


def saved(document) -> bytes:
    data = BytesIO()
    document.save(data)
    return data.getvalue()
