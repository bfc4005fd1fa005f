"""OpenDocument texts, with what LibreOffice wraps around the words."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from odfdo import Document

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.opendocument import opendocument_text, read_opendocument


@pytest.fixture
def turns(odt_file):
    """Who says what in an OpenDocument text of these elements."""
    return lambda *elements: [
        (turn.speaker, turn.words) for turn in read_opendocument(odt_file(elements), origin="P01.odt").turns
    ]


def problem(data):
    with pytest.raises(TranscriptError) as caught:
        read_opendocument(data, origin="P01.odt")
    return str(caught.value)


def with_content(data, change):
    """The file with its content.xml changed, or without it."""
    changed = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(changed, "w") as new:
        for part in old.infolist():
            content = change(old.read(part)) if part.filename == "content.xml" else old.read(part)
            if content is not None:
                new.writestr(part.filename, content)
    return changed.getvalue()


def test_a_paragraph_that_begins_with_a_name_begins_a_turn(odt_file):
    data = odt_file(["Interview P01", "Helen: Pwy? 🙈", "P01: Dim syniad.", "Helen: Really?"])
    assert read_opendocument(data, origin="P01.odt").turns == [
        Turn("Helen", "Pwy? 🙈"),
        Turn("P01", "Dim syniad."),
        Turn("Helen", "Really?"),
    ]


def test_a_line_break_parts_two_turns_and_spaces_and_tabs_are_kept(turns):
    me = "P1: Me,<text:s text:c='2'/>now.<text:s/>Yes."
    xml = f"<text:p>Helen: Who?<text:line-break/>{me}<text:line-break/>Helen:<text:tab/>Why?</text:p>"
    assert turns(xml) == [("Helen", "Who?"), ("P1", "Me,  now. Yes."), ("Helen", "Why?")]


def test_words_in_spans_links_lists_and_sections_are_read_in_their_order(turns):
    listed = "<text:list><text:list-item><text:p>Helen: One?</text:p></text:list-item></text:list>"
    span = "<text:p>P1: I <text:span>do <text:a>use</text:a></text:span> it.</text:p>"
    section = "<text:section text:name='S'><text:h>Helen: Two.</text:h></text:section>"
    assert turns(listed, span, section) == [("Helen", "One?"), ("P1", "I do use it."), ("Helen", "Two.")]


def test_what_was_deleted_a_comment_and_a_footnote_are_not_words(odt_file):
    deletion = "<text:changed-region><text:deletion><text:p>P1: Gone.</text:p></text:deletion></text:changed-region>"
    gone = f"<text:tracked-changes>{deletion}</text:tracked-changes>"
    kept = (
        "<text:p>P1: Kept<office:annotation><text:p>Is it?</text:p></office:annotation>, it is"
        "<text:note><text:note-body><text:p>Below.</text:p></text:note-body></text:note>.</text:p>"
    )
    assert opendocument_text(odt_file([gone, kept]), origin="P01.odt") == "P1: Kept, it is."
    assert {(text, rule) for _, text, rule in read_opendocument(odt_file([gone, kept]), origin="P01.odt").set_aside} == {
        ("P1: Gone.", "deleted under tracked changes"),
        ("Is it?", "comment in the margin"),
        ("Below.", "footnote"),
    }


def test_a_text_box_within_a_paragraph_is_read(odt_file):
    boxed = "<text:p>Letter<draw:frame><draw:text-box><text:p>Boxed</text:p></draw:text-box></draw:frame></text:p>"
    assert opendocument_text(odt_file([boxed]), origin="C01.odt") == "Letter\nBoxed"


def test_the_first_cell_of_a_row_names_the_speaker(turns):
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{who}</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{words}</text:p></table:table-cell></table:table-row>"
        for who, words in [("Helen", "Who?"), ("P01", "Me."), ("Helen", "Why?")]
    )
    table = f"<table:table table:name='T'><table:table-column/>{rows}</table:table>"
    assert turns(table) == [("Helen", "Who?"), ("P01", "Me."), ("Helen", "Why?")]


def test_another_file_under_the_name_is_named_as_what_it_is():
    assert "a PDF" in problem(b"%PDF-1.7")
    sheet = BytesIO()
    Document("spreadsheet").save(sheet)
    assert "an OpenDocument spreadsheet" in problem(sheet.getvalue())


def test_an_archive_without_content_or_with_broken_xml_is_refused(odt_file):
    data = odt_file(["P1: Me."])
    assert "not an OpenDocument text" in problem(with_content(data, lambda _: None))
    assert "not an OpenDocument text" in problem(with_content(data, lambda xml: xml[:-20]))


def test_xml_with_a_doctype_is_refused(odt_file):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "Words">]>'
    assert "DOCTYPE" in problem(with_content(odt_file(["P1: Me."]), lambda xml: bomb + xml.split(b"?>", 1)[1]))
