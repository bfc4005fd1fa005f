"""A finished page, read back as headings, paragraphs, tables and figures."""

import pytest
from finished_pages import FIRST, INDEX

from engagement_lib.sharing.blocks import Cell, Heading, Paragraph, ShownFigure, ShownTable, Words, read_page


def blocks(html):
    return list(read_page(f"<main>{html}</main>", "a.html").blocks)


def table(inner):
    (found,) = blocks(f"<table>{inner}</table>")
    return found


def test_a_page_is_read_in_its_order_without_code_and_navigation():
    page = read_page(FIRST, "01-first.html")
    kinds = [type(block).__name__ if not isinstance(block, Paragraph) else block.style or "plain" for block in page.blocks]
    assert page.title == "First"
    assert kinds == [
        "Heading", "finding", "Heading", "item", "item", "numbered", "quotation", "verbatim", "ShownFigure",
    ]  # fmt: skip


def test_what_names_the_files_being_made_is_left_out():
    words = [block.text for block in read_page(INDEX, "index.html").blocks if isinstance(block, Paragraph)]
    assert words == ["Who is heard?", "Run", "run-1", "See the codes, the record, above or the Code."]


def test_a_table_has_its_caption_columns_cells_and_the_note_below_it():
    (found,) = read_page(INDEX, "index.html").tables()
    cells = (Cell("C1", is_heading=True), Cell("12", is_number=True), Cell("supported"))
    assert found == ShownTable("Claims", ("claim", "of", "verdict"), (cells,), "The first 50 of 90 rows.")


def test_a_figure_has_its_sentence_its_picture_and_its_table():
    (figure,) = (block for block in read_page(FIRST, "a.html").blocks if isinstance(block, ShownFigure))
    assert (figure.title, figure.sentence, figure.width) == ("Respondents by code", "Bar chart: highest no-time (9 of 12).", 200)
    assert figure.image.startswith(b"\x89PNG")
    assert [cell.text for cell in figure.table.rows[1]] == ["jargon", None, ""]
    assert figure.table.rows[2][2].language == "cy"


def test_words_keep_their_looks_language_and_links():
    (paragraph,) = blocks(
        '<p> Nine  of\n<strong>twelve</strong> <em lang="cy">diolch</em>, '
        '<a href="mailto:a@b.uk">ask</a> <a href="x.html">x</a> </p>'
    )
    assert paragraph.words == (
        Words("Nine of "),
        Words("twelve", strong=True),
        Words(" "),
        Words("diolch", emphasis=True, language="cy"),
        Words(", "),
        Words("ask", link="mailto:a@b.uk"),
        Words(" "),
        Words("x"),
    )


def test_a_line_break_stays_and_white_space_after_it_does_not():
    assert blocks("<p>one<br> two</p>")[0].text == "one\ntwo"


def test_what_is_printed_word_for_word_keeps_its_lines():
    assert blocks("<pre>a  b\n c</pre>")[0].text == "a  b\n c"


def test_words_that_stand_in_no_paragraph_make_one():
    assert [block.text for block in blocks("before<p>within</p>after<!-- not this -->")] == ["before", "within", "after"]


@pytest.mark.parametrize(
    "html", ["<p> </p>", "<p><script>x()</script></p>", "<nav>n</nav>", "<div></div>", '<p><b aria-hidden="true">x</b></p>']
)
def test_nothing_that_is_seen_makes_no_block(html):
    assert blocks(html) == []


def test_a_picture_in_a_paragraph_is_read_as_its_alternative_text():
    assert blocks('<p>See <img alt="a map" src="data:image/png;base64,AA==">.</p>')[0].text == "See [a map]."


@pytest.mark.parametrize("source", ["data:image/svg+xml;base64,AA==", ""])
def test_a_picture_that_an_office_file_cannot_hold_leaves_its_sentence(source):
    (figure,) = blocks(f'<figure><img alt="Chart." width="wide" src="{source}"></figure>')
    assert figure == ShownFigure("", "Chart.", b"", 0, None)


def test_a_figure_without_a_picture_is_what_stands_in_it():
    assert [block.text for block in blocks("<figure><p>None drawn.</p></figure>")] == ["None drawn."]


def test_a_cell_that_goes_over_several_is_repeated_in_each():
    found = table(
        '<tr><th rowspan="2">a</th><td colspan="2">b</td></tr><tr><td>c</td><td rowspan="x">d</td></tr><tr><td>e</td></tr>'
    )
    assert [[cell.text for cell in row] for row in found.rows] == [["a", "b", "b"], ["a", "c", "d"], ["e", "", ""]]
    assert found.columns == ("", "", "")


def test_a_cell_at_the_end_of_a_row_may_come_from_above():
    found = table('<tr><td>a</td><td rowspan="2">b</td></tr><tr><td>c</td></tr>')
    assert [[cell.text for cell in row] for row in found.rows] == [["a", "b"], ["c", "b"]]


def test_a_header_of_two_rows_names_each_column_by_both():
    found = table(
        '<thead><tr><th colspan="2">wave</th></tr><tr><th>1</th><th>2</th></tr></thead>'
        "<tbody><tr><td>3</td><td>4</td></tr></tbody>"
    )
    assert found.columns == ("wave / 1", "wave / 2")


def test_a_table_without_a_caption_goes_by_the_name_of_its_region():
    (found,) = blocks('<div class="eng-table" aria-label="Table 1"><table><tr><td>a<br>b</td></tr></table></div>')
    assert (found.caption, found.rows[0][0].text) == ("Table 1", "a\nb")
    assert table("<tr><td>a</td></tr>").caption == "Table"
    assert table("").rows == ()


def test_the_note_of_a_table_is_no_paragraph_of_its_own():
    (found,) = blocks('<div class="eng-table"><table><tr><td>a</td></tr></table></div><p class="note">Two rows.</p>')
    assert found.note == "Two rows."
    assert [type(block) for block in blocks('<h2>a</h2><p class="note">n</p>')] == [Heading, Paragraph]


def test_a_page_without_a_main_element_or_heading_goes_by_its_file():
    assert read_page("<p>x</p>", "a.html").blocks == ()
    assert read_page("<p>x</p>", "a.html").title == "a.html"
