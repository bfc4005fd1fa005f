import pytest
from bs4 import BeautifulSoup

from engagement_lib.sharing.markup import tidy_page


def tidy(content, **options):
    html, finding = tidy_page(f'<nav><ol><li><a aria-current="page">A</a></li></ol></nav><main>{content}</main>', **options)
    return BeautifulSoup(html, "html.parser"), finding


def main(content, **options):
    return "".join(str(child) for child in tidy(content, **options)[0].main.children)


def test_a_page_without_a_main_element_is_refused():
    with pytest.raises(ValueError, match="no main element"):
        tidy_page("<p>text</p>")


@pytest.mark.parametrize(
    ("levels", "mended"),
    [
        ("h1 h3 h2", "h1 h2 h2"),
        ("h1 h2 h4 h6", "h1 h2 h3 h4"),
        ("h2 h3", "h1 h2"),
        ("h1 h1 h2", "h1 h2 h2"),
        ("h1 h2 h1", "h1 h2 h2"),
    ],
)
def test_headings_leave_no_level_out_and_only_one_is_the_first(levels, mended):
    soup, _ = tidy("".join(f"<{level}>x</{level}>" for level in levels.split()))
    assert " ".join(tag.name for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])) == mended


def test_a_page_without_a_title_gets_one_and_a_page_with_one_keeps_it():
    assert main("<p>x</p>", title="T") == '<h1 id="t">T</h1><p>x</p>'
    assert main('<h1 id="own">Own</h1>', title="T") == '<h1 id="own">Own</h1>'


def test_sections_are_listed_under_the_page_s_own_entry():
    soup, _ = tidy("<h1>A</h1><h2>One</h2><h2>¿?</h2>")
    assert str(soup.select_one("nav li")) == (
        '<li><a aria-current="page">A</a><ol><li><a href="#one">One</a></li><li><a href="#section">¿?</a></li></ol></li>'
    )


def test_what_runs_and_what_only_looks_is_taken_out():
    content = '<script>1</script><style>p{}</style><p onclick="x()" style="color:red">a</p><a href=" JavaScript:x()">b</a>'
    assert main(content) == "<p>a</p><a>b</a>"


def test_a_table_gets_scopes_numbers_to_the_right_and_a_frame():
    table = """<table border="1"><thead><tr><th></th><th>kind</th><th>n</th></tr></thead>
<tbody><tr><th>0</th><td>survey</td><td>1.5</td></tr><tr><th>1</th><td>webinar</td><td>NaN</td></tr></tbody></table>"""
    assert main(table).replace("\n", "") == (
        '<div aria-label="Table 1" class="eng-table" role="region" tabindex="0"><table><caption>Table 1</caption>'
        '<thead><tr><td class="number"></td>'
        '<th scope="col">kind</th><th class="number" scope="col">n</th></tr></thead><tbody><tr>'
        '<th class="number" scope="row">0</th><td>survey</td><td class="number">1.5</td></tr><tr>'
        '<th class="number" scope="row">1</th><td>webinar</td>'
        '<td class="number">NaN</td></tr></tbody></table></div>'
    )


def test_a_table_without_a_caption_is_called_after_the_heading_above_it():
    soup, _ = tidy("<h1>A</h1><h2>Who <em>spoke</em></h2><table><tr><td>1</td></tr></table>")
    assert soup.caption.get_text() == "Who spoke: table 1"
    assert soup.select_one(".eng-table")["aria-label"] == "Who spoke: table 1"


def test_a_table_s_caption_names_its_frame_and_an_empty_table_is_no_fault():
    soup, _ = tidy("<table><caption>Two <b>kinds</b></caption></table>")
    assert soup.select_one(".eng-table")["aria-label"] == "Two kinds"


def test_a_table_that_has_its_frame_is_left_alone():
    table = '<div class="eng-table"><table><tr><td>1</td></tr></table></div>'
    assert main(table) == table


def test_named_columns_are_blanked_in_tables_that_do_not_know_who_reads():
    table = "<table><tr><th>n</th><th>quote</th></tr><tr><td>1</td><td>no time</td></tr><tr><td>2</td><td></td></tr></table>"
    cells = [cell.get_text() for cell in tidy(table, withheld=["quote"])[0].find_all("td")]
    assert cells == ["1", "[not cleared]", "2", ""]


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        ('<img src="data:,x">', "nothing says in words"),
        ('<img src="data:,x" alt="No description has been provided for this image">', "nothing says in words"),
        ('<img src="https://example.org/x.png" alt="A map">', "from elsewhere"),
    ],
)
def test_a_picture_that_cannot_be_heard_or_comes_from_elsewhere_is_left_out(picture, why):
    assert "<img" not in main(picture)
    assert why in main(picture)


def test_a_picture_for_show_alone_stays():
    assert "<img" in main('<img src="data:,x" alt="">')


def test_links_to_notebooks_of_the_report_lead_to_their_pages():
    links = '<a href="./02-b.ipynb#One">b</a><a href="03-c.ipynb">c</a><a>d</a>'
    assert main(links, notebooks=["02-b.ipynb"]) == '<a href="02-b.html#One">b</a><a href="03-c.ipynb">c</a><a>d</a>'


def test_the_finding_is_set_off_and_told():
    content = "<p> <strong>Finding.</strong> All\n of <em>them</em>.</p><p><strong>Takes.</strong> A minute</p><p></p><p>Why?</p>"
    soup, finding = tidy(content + "<p><strong>Finding.</strong> Later</p>")
    assert finding == "All of them."
    assert [" ".join(p.get("class", [])) for p in soup.find_all("p")] == ["finding", "facts", "", "", "finding"]


def test_ids_and_names_of_frames_are_made_unique():
    frame = '<div class="eng-table" role="region" aria-label="Codes"></div>'
    soup, _ = tidy(f'<h1 id="a">A</h1><h2 id="a">A</h2>{frame}{frame}')
    assert [tag["id"] for tag in soup.find_all(id=True)] == ["a", "a-2"]
    assert [tag["aria-label"] for tag in soup.select(".eng-table")] == ["Codes", "Codes (2)"]
