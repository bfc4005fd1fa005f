"""PDF files with a text layer."""

from io import BytesIO

import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader, PdfWriter

from engagement_lib.errors import TranscriptError
from engagement_lib.loading.pdf import pdf_text, read_pdf


def pdf_file(*pages):
    """A PDF whose pages have these lines."""
    data = BytesIO()
    with PdfPages(data, metadata={"CreationDate": None}) as pdf:
        for lines in pages:
            figure = Figure()
            for number, line in enumerate(lines):
                figure.text(0.05, 0.9 - number / 20, line)
            pdf.savefig(figure)
    return data.getvalue()


def said(*pages):
    return [(turn.speaker, turn.words) for turn in read_pdf(pdf_file(*pages), origin="P01.pdf").turns]


def problem(data):
    with pytest.raises(TranscriptError) as caught:
        read_pdf(data, origin="P01.pdf")
    return str(caught.value)


def test_the_lines_of_a_turn_are_put_together_over_pages():
    assert said(["Helen: Who uses it?", "P01: I could not", "tell"], ["you.", "Helen: Really?"]) == [
        ("Helen", "Who uses it?"),
        ("P01", "I could not tell you."),
        ("Helen", "Really?"),
    ]


def test_what_heads_and_foots_each_page_is_set_aside():
    pages = [["Interview 3", "Helen: Who?", "1 of 2"], ["Interview 3", "P01: Me.", "Helen: Oh.", "2 of 2"]]
    reading = read_pdf(pdf_file(*pages), origin="P01.pdf")
    assert [turn.words for turn in reading.turns] == ["Who?", "Me.", "Oh."]
    assert reading.set_aside == [
        (1, "Interview 3", "header of the page"),
        (3, "1 of 2", "footer of the page"),
        (4, "Interview 3", "header of the page"),
        (7, "2 of 2", "footer of the page"),
    ]


def test_a_label_at_the_top_of_each_page_is_no_header():
    pages = ["P01:", "Yes.", "Helen:", "And?"], ["P01:", "No.", "Helen:", "Oh."]
    assert said(*pages) == [("P01", "Yes."), ("Helen", "And?"), ("P01", "No."), ("Helen", "Oh.")]


def test_a_word_parted_at_the_end_of_a_line_is_one_word():
    reading = read_pdf(pdf_file(["Helen: Who?", "P01: statis-", "ticians in Co-", "Op", "Helen: Oh."]), origin="P01.pdf")
    assert reading.turns[1].words == "statisticians in Co- Op"
    assert reading.set_aside == [(2, "-", "hyphen at the end of a line")]


def test_a_comment_is_read_line_by_line():
    assert pdf_text(pdf_file(["Dear team,", "No."]), origin="C01.pdf") == "Dear team,\nNo."


def test_a_pdf_of_pictures_is_named():
    assert "pages without any text" in problem(pdf_file([]))


def test_a_pdf_with_a_password_is_named():
    writer, data = PdfWriter(clone_from=PdfReader(BytesIO(pdf_file(["P01: Me."])))), BytesIO()
    writer.encrypt("sesame", algorithm="RC4-128")
    writer.write(data)
    assert "a PDF with a password" in problem(data.getvalue())


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\nxref\ntrailer\nstartxref\n9\n%%EOF"])
def test_a_broken_pdf_is_named(data):
    assert "a PDF that cannot be read" in problem(data)


def test_what_is_no_pdf_is_named():
    assert "found b'PK'; expected a PDF" in problem(b"PK")
