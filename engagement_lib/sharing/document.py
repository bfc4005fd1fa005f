"""The summary of a report as a Word document: the index and the figures of all pages, with headings and descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from engagement_lib.sharing.blocks import Block, Cell, Heading, Paragraph, ShownFigure, ShownPage, ShownTable, Words
from engagement_lib.sharing.packing import undated
from engagement_lib.sharing.pages import Frame
from engagement_lib.sharing.word_parts import (
    add_link,
    add_page_number,
    describe_picture,
    mark_table,
    set_defaults,
    set_language,
    strip_properties,
)
from engagement_lib.sharing.workbook import NAVY, number_tables, table_title

if TYPE_CHECKING:
    from docx.document import Document

_SYNTHETIC: Final = "Synthetic study: written for demonstration; it is not evidence about the real strategy."
_STYLES: Final = {"item": "List Bullet", "numbered": "List Number", "quotation": "Quote", "verbatim": "No Spacing"}
_SIZES: Final = {"Normal": 11, "Title": 24, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12, "Heading 4": 11, "Caption": 10.5}
_PIXELS_PER_INCH: Final = 100
_MARGIN_CM: Final = 2.2
_WIDEST_INCHES: Final = 6.5
_MOST_SIGNS: Final = 60
_FONT: Final = "Arial"


def summary_document(pages: Sequence[ShownPage], frame: Frame, *, workbook: str = "") -> bytes:
    """The bytes of the document: the first page whole, then the figures of the others under the titles of their pages.

    Parameters
    ----------
    pages
        The index first, as `read_page` gives them.
    frame
        What the pages share.
    workbook
        The file in which the tables behind the figures stand, "" where there is none.
    """
    from docx import Document

    document = Document()
    _set_up(document, frame)
    index, *others = pages
    numbers = {id(table): table_title(number, table) for number, table, _ in number_tables(pages)}
    document.add_heading(frame.study_title, level=0)
    document.add_paragraph(f"Summary of the report for {frame.audience_words}, run {frame.run_id}", style="Subtitle")
    if frame.synthetic:
        document.add_paragraph().add_run(_SYNTHETIC).bold = True
    for block in _without_title(index.blocks):
        _add(document, block, numbers if workbook else {}, workbook, above=1)
    shown = [page for page in others if any(isinstance(block, ShownFigure) for block in page.blocks)]
    if shown:
        document.add_heading("The figures", level=1)
    for page in shown:
        document.add_heading(page.title, level=2)
        for figure in (block for block in page.blocks if isinstance(block, ShownFigure)):
            _add(document, figure, numbers if workbook else {}, workbook, above=0)
    written = BytesIO()
    document.save(written)
    return undated(written.getvalue())


def _without_title(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks without the first heading, which the document's title says."""
    first = next((block for block in blocks if isinstance(block, Heading)), None)
    return (block for block in blocks if block is not first)


def _set_up(document: Document, frame: Frame) -> None:
    """A4, plain fonts, British English, a footer with the number of the page, and properties that name nobody."""
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    for name, size in _SIZES.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(NAVY)
    strip_properties(document, title=f"{frame.study_title}: summary")
    set_defaults(document, language="en-GB", font=_FONT)
    section.footer.paragraphs[0].add_run(f"{frame.study_title}, run {frame.run_id}, page ")
    add_page_number(section.footer.paragraphs[0])


def _add(document: Document, block: Block, numbers: dict[int, str], workbook: str, *, above: int) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, level=max(1, block.level - above))
    elif isinstance(block, Paragraph):
        _add_words(document.add_paragraph(style=_STYLES.get(block.style)), block)
    elif isinstance(block, ShownTable):
        _add_table(document, block)
    else:
        _add_figure(document, block, numbers, workbook)


def _add_words(paragraph: Any, block: Paragraph) -> None:
    from docx.shared import Cm

    for words in block.words:
        _add_run(paragraph, words, strong=block.style == "term")
    paragraph.paragraph_format.keep_with_next = block.style == "term" or None
    if block.style == "definition":
        paragraph.paragraph_format.left_indent = Cm(0.8)
    if block.style == "finding":
        paragraph.paragraph_format.left_indent = Cm(0.4)


def _add_run(paragraph: Any, words: Words, *, strong: bool) -> None:
    run = add_link(paragraph, words.text, words.link) if words.link else paragraph.add_run(words.text)
    run.bold = words.strong or strong or None
    run.italic = words.emphasis or None
    if words.language:
        set_language(run, words.language)


def _add_caption(document: Document, text: str) -> None:
    caption = document.add_paragraph(text, style="Caption")
    caption.paragraph_format.keep_with_next = True


def _add_table(document: Document, table: ShownTable) -> None:
    """The table below its caption: its header repeated on every page, no row parted between two."""
    from docx.shared import Inches, Pt

    _add_caption(document, table.caption)
    grid = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    header = tuple(Cell(name, is_number=_is_number(table, at)) for at, name in enumerate(table.columns))
    widths = _widths(table)
    for at, (row, cells) in enumerate(zip(grid.rows, (header, *table.rows), strict=True)):
        for place, cell, width in zip(row.cells, cells, widths, strict=True):
            place.width = Inches(width)
            _fill(place.paragraphs[0], cell, bold=at == 0)
    mark_table(grid, title=table.caption, description=table.note)
    document.add_paragraph(table.note).paragraph_format.space_before = Pt(4)


def _is_number(table: ShownTable, column: int) -> bool:
    return bool(table.rows) and all(row[column].is_number for row in table.rows)


def _widths(table: ShownTable) -> list[float]:
    """The width of each column in inches: as much as its longest word needs, and the rest by how much it has to say."""
    texts = [[name, *(row[at].text or "" for row in table.rows)] for at, name in enumerate(table.columns)]
    needed = [max(len(word) for text in column for word in (text.split() or [""])) + 2 for column in texts]
    wanted = [min(max(map(len, column)), _MOST_SIGNS) for column in texts]
    shares = [max(need, want) for need, want in zip(needed, wanted, strict=True)]
    return [_WIDEST_INCHES * share / sum(shares) for share in shares]


def _fill(paragraph: Any, cell: Cell, *, bold: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    run = paragraph.add_run("not defined" if cell.text is None else cell.text)
    run.font.size, run.bold = Pt(9), bold or None
    paragraph.paragraph_format.space_after = Pt(2)
    if cell.is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if cell.language:
        set_language(run, cell.language)


def _add_figure(document: Document, figure: ShownFigure, numbers: dict[int, str], workbook: str) -> None:
    """The picture below its title, with its sentence as alternative text and in print, and where its numbers stand."""
    from docx.shared import Inches

    _add_caption(document, figure.title or figure.sentence)
    if figure.image:
        width = min(figure.width / _PIXELS_PER_INCH or _WIDEST_INCHES, _WIDEST_INCHES)
        paragraph = document.add_paragraph()
        picture = paragraph.add_run().add_picture(BytesIO(figure.image), width=Inches(width))
        paragraph.paragraph_format.keep_with_next = True
        describe_picture(picture, figure.sentence, name=figure.title)
    table = numbers.get(id(figure.table), "")
    where = f" The numbers: {table}, in {workbook}." if table else ""
    document.add_paragraph(figure.sentence + where)
