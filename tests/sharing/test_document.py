"""The summary as a Word document."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from finished_pages import FRAME, PAGES

from engagement_lib.sharing.blocks import ShownFigure, ShownPage, ShownTable, read_page
from engagement_lib.sharing.document import summary_document

SHOWN = [read_page(html, file) for file, html in PAGES.items()]


def opened(pages=SHOWN, frame=FRAME, **options):
    return Document(BytesIO(summary_document(pages, frame, **options)))


def lines(document):
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.text]


def xml(document, name):
    return list(document.element.iter(qn(name)))


def test_the_document_is_the_index_and_then_the_figures_under_real_headings():
    assert lines(opened(workbook="tables.xlsx")) == [
        ("Title", "A small study"),
        ("Subtitle", "Summary of the report for the working group, run run-1"),
        ("Normal", "Synthetic study: written for demonstration; it is not evidence about the real strategy."),
        ("Normal", "Who is heard?"),
        ("Heading 1", "The claims"),
        ("Caption", "Claims"),
        ("Normal", "The first 50 of 90 rows."),
        ("Normal", "Run"),
        ("Normal", "run-1"),
        ("Normal", "See the codes, the record, above or the Code."),
        ("Heading 1", "The figures"),
        ("Heading 2", "First"),
        ("Caption", "Respondents by code"),
        ("Normal", "Bar chart: highest no-time (9 of 12). The numbers: Table 2: Respondents by code, in tables.xlsx."),
    ]


def test_without_a_workbook_nothing_leads_to_one():
    assert lines(opened())[-1] == ("Normal", "Bar chart: highest no-time (9 of 12).")


def test_a_study_that_is_not_synthetic_is_not_called_so():
    assert not any("Synthetic" in text for _, text in lines(opened(frame=replace(FRAME, synthetic=False))))


def test_without_figures_there_is_no_heading_for_them():
    assert ("Heading 1", "The figures") not in lines(opened(SHOWN[:1]))


def test_a_picture_has_its_sentence_as_alternative_text():
    (picture,) = opened().inline_shapes
    assert picture._inline.docPr.get("descr") == "Bar chart: highest no-time (9 of 12)."
    assert (picture.width.inches, picture.height.inches) == (2, 1)


def test_a_picture_that_cannot_be_shown_leaves_its_sentence():
    figure = ShownFigure("", "Line chart: no rise.", b"", 0)
    document = opened([SHOWN[0], ShownPage("a.html", "A", (figure,))])
    assert lines(document)[-2:] == [("Caption", "Line chart: no rise."), ("Normal", "Line chart: no rise.")]
    assert len(document.inline_shapes) == 0


def test_a_table_repeats_its_header_and_keeps_its_rows_whole():
    document = opened()
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["claim", "of", "verdict"], ["C1", "12", "supported"]]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False]
    assert len(xml(document, "w:cantSplit")) == 2
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Claims"
    assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val")) == "The first 50 of 90 rows."
    assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"


def test_numbers_stand_flush_right():
    (table,) = opened().tables
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [None, WD_ALIGN_PARAGRAPH.RIGHT, None]


def test_cells_and_words_in_another_language_say_so():
    page = read_page('<main><h1>A</h1><p>They say <span lang="cy">diolch</span>.</p></main>', "index.html")
    behind = next(block for block in SHOWN[1].blocks if isinstance(block, ShownFigure)).table
    document = opened([replace(page, blocks=(*page.blocks, behind))])
    marked = [(element.getparent().getparent().text, element.get(qn("w:val"))) for element in xml(document, "w:lang")]
    assert marked == [("diolch", "cy-GB"), ("neb", "cy-GB")]
    assert document.tables[0].rows[2].cells[1].text == "not defined"


def test_lists_quotations_and_headings_below_have_their_styles():
    page = read_page(
        "<main><h1>A</h1><h2>B</h2><h3>C</h3><ul><li>d</li></ul><ol><li>e</li></ol><blockquote>f</blockquote>"
        '<p class="finding">g</p></main>',
        "index.html",
    )
    assert lines(opened([page]))[3:] == [
        ("Heading 1", "B"),
        ("Heading 2", "C"),
        ("List Bullet", "d"),
        ("List Number", "e"),
        ("Quote", "f"),
        ("Normal", "g"),
    ]


def test_a_link_to_the_web_stays_and_one_to_a_page_does_not():
    document = opened()
    (link,) = xml(document, "w:hyperlink")
    assert document.part.rels[link.get(qn("r:id"))].target_ref == "https://example.org/code"
    assert [text.text for text in link.iter(qn("w:t"))] == ["the Code"]


def test_a_table_without_rows_is_its_header():
    empty = ShownTable("Codes", ("code", "share"), ())
    (table,) = opened([ShownPage("index.html", "A", (empty,))]).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["code", "share"]]


@pytest.mark.parametrize("part", ["docProps/core.xml", "docProps/app.xml"])
def test_the_properties_name_nobody_and_no_time(part):
    archive = ZipFile(BytesIO(summary_document(SHOWN, FRAME)))
    text = archive.read(part).decode()
    assert "python-docx" not in text
    assert "20" not in text.replace("/20", "").replace("2006", "")
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_document_is_in_british_english_and_has_its_title():
    document = opened()
    assert (document.core_properties.title, document.core_properties.language) == ("A small study: summary", "en-GB")
    assert document.core_properties.author == ""
    (defaults,) = document.styles.element.iter(qn("w:rPrDefault"))
    assert defaults.find(qn("w:rPr")).find(qn("w:lang")).get(qn("w:val")) == "en-GB"
    assert {fonts.get(qn("w:ascii")) for fonts in document.styles.element.iter(qn("w:rFonts"))} == {"Arial"}


def test_every_page_has_its_number():
    (field,) = opened().sections[0].footer._element.iter(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "PAGE"


def test_the_same_pages_give_the_same_bytes():
    assert summary_document(SHOWN, FRAME) == summary_document(SHOWN, FRAME)
