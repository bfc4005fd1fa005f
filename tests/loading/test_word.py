"""Word files, with what Word wraps around the words."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.word import read_word, word_text


def said(data):
    return [(turn.speaker, turn.words) for turn in read_word(data, origin="P01.docx").turns]


def xml_file(body):
    """A Word file whose body is this XML."""
    document = Document()
    document.element.body.clear()
    for element in parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>"):
        document.element.body.append(element)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def paragraph(inner):
    return f"<w:p>{inner}</w:p>"


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def problem(data):
    with pytest.raises(TranscriptError) as caught:
        read_word(data, origin="P01.docx")
    return str(caught.value)


def test_a_paragraph_with_name_and_time_begins_a_turn(word_file):
    data = word_file(["Siân Jones   0:02", "Pwy?", "", "U01   0:10", "Dim syniad 🙈.", "None."])
    assert read_word(data, origin="P01.docx").turns == [
        Turn("Siân Jones", "Pwy?", time_start=2.0),
        Turn("U01", "Dim syniad 🙈.\nNone.", time_start=10.0),
    ]


def test_a_soft_line_break_parts_two_turns(word_file):
    assert said(word_file(["Helen: Who?\nP1: Me.\nHelen: Why?"])) == [("Helen", "Who?"), ("P1", "Me."), ("Helen", "Why?")]


def test_a_tab_between_name_and_time_is_kept(word_file):
    assert said(word_file(["Helen\t0:02", "Who?"])) == [("Helen", "Who?")]


def test_words_are_composed_as_everywhere(word_file):
    assert said(word_file(["P1: Sia\u0302n", "P1: عمر"])) == [("P1", "Si\u00e2n"), ("P1", "عمر")]


def test_the_title_page_is_set_aside(word_file):
    reading = read_word(word_file(["Interview 3", "Helen: Who?", "P1: Me.", "Helen: Why?"]), origin="P01.docx")
    assert reading.set_aside == [(1, "Interview 3", "title above the first turn")]


def test_a_table_of_turns_is_read_row_by_row(word_file):
    rows = [("Helen", "Who?"), ("P1:", "Me.\nAnd you."), ("", "Only you."), ("Helen", "Why?"), ("P1", "P1")]
    assert said(word_file([rows])) == [
        ("Helen", "Who?"),
        ("P1", "Me.\nAnd you.\nOnly you."),
        ("Helen", "Why?"),
        ("P1", "P1"),
    ]


@pytest.mark.parametrize("row", [("0:02", "Helen", "Who?"), ("Helen", "0:02", "Who?")])
def test_a_table_may_have_a_column_of_times(word_file, row):
    assert read_word(word_file([[row]]), origin="P01.docx").turns == [Turn("Helen", "Who?", time_start=2.0)]


def test_a_table_may_have_times_and_words_alone(word_file):
    turns = read_word(word_file([[("0:02", "Who?"), ("0:04", "Me."), ("0:06", "")], "0:08 Oh."]), origin="P01.docx").turns
    assert turns == [Turn("", "Who?", time_start=2.0), Turn("", "Me.", time_start=4.0), Turn("", "Oh.", time_start=8.0)]


def test_a_table_of_one_column_is_read_as_paragraphs(word_file):
    assert said(word_file([[("Helen: Who?",), ("P1: Me.",), ("Helen: Why?",)]])) == [
        ("Helen", "Who?"),
        ("P1", "Me."),
        ("Helen", "Why?"),
    ]


def test_a_table_beside_turns_that_software_timed_is_set_aside(word_file):
    data = word_file(
        ["0:0:0.0 --> 0:0:1.510\nSome Body\nOK.", [("saved-by", "A. Clerk"), ("", "")], "0:0:3.2 --> 0:0:4.2\nBev\nUmm."]
    )
    reading = read_word(data, origin="P01.docx")
    assert [(turn.speaker, turn.words) for turn in reading.turns] == [("Some Body", "OK."), ("Bev", "Umm.")]
    assert reading.set_aside == [(4, "saved-by: A. Clerk", "table beside the turns")]


def test_cells_that_are_merged_are_read_once():
    data = xml_file(
        "<w:tbl><w:tr><w:trPr/><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
        + paragraph(run("P1: One."))
        + "</w:tc></w:tr></w:tbl>"
    )
    assert said(data) == [("P1", "One.")]


def test_a_row_without_cells_is_an_empty_line():
    assert word_text(xml_file("<w:tbl><w:tr/></w:tbl>" + paragraph(run("One."))), origin="P01.docx") == "\nOne."


def test_a_table_within_a_table_keeps_its_words():
    inner = "<w:tbl><w:tr><w:tc>" + paragraph(run("inner")) + "</w:tc></w:tr></w:tbl>"
    outer = (
        f"<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{paragraph(run('outer'))}{inner}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
    )
    assert word_text(xml_file(outer), origin="P01.docx") == "outer\ninner"


def test_what_was_inserted_is_read_and_what_was_deleted_or_moved_away_is_not():
    inner = (
        run("We ")
        + f'<w:ins w:id="1" w:author="A">{run("never ")}</w:ins>'
        + '<w:del w:id="2" w:author="A"><w:r><w:delText>always </w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3" w:author="A">{run("gone ")}</w:moveFrom>'
        + f'<w:moveTo w:id="4" w:author="A">{run("have ")}</w:moveTo>'
        + f"<w:hyperlink>{run('time')}</w:hyperlink><w:r><w:noBreakHyphen/><w:t>off</w:t></w:r>"
    )
    assert word_text(xml_file(paragraph(inner)), origin="P01.docx") == "We never have time-off"
    assert [text for _, text, rule in read_word(xml_file(paragraph(inner)), origin="P01.docx").set_aside] == ["always ", "gone "]


def test_what_stands_in_a_content_control_is_read():
    body = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(run('In a box.'))}</w:sdtContent></w:sdt>"
    assert word_text(xml_file(body), origin="P01.docx") == "In a box."


def test_what_stands_in_a_text_box_is_a_line_of_its_own():
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('boxed'))}</w:txbxContent></w:pict></w:r>"
    assert word_text(xml_file(paragraph(run("One.") + box)), origin="P01.docx") == "One.\nboxed"


def test_headers_and_comments_are_not_read_and_said_to_be_set_aside(word_file):
    document = Document(BytesIO(word_file(["P1: One."])))
    document.sections[0].header.paragraphs[0].text = "CONFIDENTIAL"
    document.add_comment(document.paragraphs[0].runs, text="Who is this?", author="A")
    data = BytesIO()
    document.save(data)
    reading = read_word(data.getvalue(), origin="P01.docx")
    assert [(turn.speaker, turn.words) for turn in reading.turns] == [("P1", "One.")]
    assert reading.set_aside == [(2, "CONFIDENTIAL", "header of the page"), (3, "Who is this?", "comment in the margin")]


def test_a_word_file_without_words_has_no_turn(word_file):
    assert said(word_file([])) == []


def test_bytes_that_are_not_a_word_file_are_named():
    assert problem(b"Helen: Who?").startswith("P01.docx: found bytes that cannot be unpacked (")


def test_a_word_file_that_was_cut_off_is_named(word_file):
    assert problem(word_file(["One."])[:900]).startswith("P01.docx: found bytes that cannot be unpacked (")


def test_another_archive_is_named(workbook):
    assert problem(workbook(Sheet1=[["one"]])).startswith("P01.docx: found an archive that is not a Word file (")


def changed(data, part, change):
    """The Word file with one part of it rewritten, or left out."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                content = change(content)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("word/document.xml", lambda xml: xml[: len(xml) // 2]),
        ("word/document.xml", lambda xml: None),
        ("[Content_Types].xml", lambda xml: None),
    ],
)
def test_a_word_file_with_a_broken_part_is_named(word_file, part, change):
    assert problem(changed(word_file(["One."]), part, change)).startswith("P01.docx: found an archive that is not a Word file (")


def test_a_word_file_with_a_doctype_is_refused(word_file):
    doctype = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "words">]>'
    data = changed(word_file(["One."]), "word/document.xml", lambda xml: doctype + xml[xml.index(b"?>") + 2 :])
    assert problem(data).startswith("P01.docx: found XML with a DOCTYPE")
