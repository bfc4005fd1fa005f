"""Pages as a browser opens them, and as they are written."""

import re
from dataclasses import replace

import nbformat
import pytest
from sharing_demo import make_notebook

from engagement_lib.sharing.pages import Frame, Page, render_notebook
from engagement_lib.sharing.running import Run

NAMES = ("index.html", "01-first.html", "02-second.html")
PAGE = Page("a.ipynb", "A page", "a.html", shows_all=True)
FRAME = Frame("A study", synthetic=False, audience_words="the team", run_id="r1", hash="h" * 64, pages=(PAGE,))


def code_cell(*outputs, source="show()"):
    return nbformat.v4.new_code_cell(source, outputs=[nbformat.v4.new_output(**output) for output in outputs])


def render(*cells, run_cell=0, page=PAGE):
    notebook = make_notebook(study_hash=FRAME.hash)
    notebook.cells = list(cells)
    return render_notebook(Run(notebook, run_cell, "KeyError", "'P07'"), page, replace(FRAME, pages=(page,)))[0]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_on_a_page(report, page, name, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto((report.folder / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    violations = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_page_does_not_scroll_sideways_at_320_pixels(report, page, name):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto((report.folder / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_the_skip_link_is_the_first_tab_stop_and_leads_to_the_content(report, page, name):
    page.goto((report.folder / name).as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the main content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_headings_leave_no_level_out(report, page, name):
    page.goto((report.folder / name).as_uri())
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(b - a for a, b in zip(levels, [*levels[1:], 1], strict=True)) <= 1


@pytest.mark.browser
def test_a_page_asks_for_nothing_and_complains_of_nothing(report, page):
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((report.folder / "01-first.html").as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


@pytest.mark.browser
def test_every_way_through_the_report_leads_to_a_page(report, page):
    page.goto((report.folder / "index.html").as_uri())
    page.get_by_role("navigation").get_by_role("link", name="What people said").click()
    page.get_by_role("main").get_by_role("link", name="the next page").click()
    assert page.url.endswith("02-second.html#Limits")
    page.get_by_role("link", name=re.compile("Previous page")).click()
    assert page.title() == "What people said – A small study"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_script_and_says_its_language(report, name):
    html = (report.folder / name).read_text(encoding="utf-8")
    assert "<script" not in html
    assert '<html lang="en-GB">' in html
    assert "No description has been provided" not in html
    assert re.findall(r'(?:src|href)="https?:', html) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_its_figures_is_small(report, name):
    html = re.sub(r"data:image/png;base64,[^\"]+", "", (report.folder / name).read_text(encoding="utf-8"))
    assert len(html) < 300_000


def test_a_chart_is_shown_with_its_sentence_as_alternative_text(report):
    html = (report.folder / "01-first.html").read_text(encoding="utf-8")
    assert 'alt="Bar chart of respondents by code: highest no-time (9 of 12)' in html


def test_a_warning_is_hidden_and_what_was_printed_is_shown(report):
    html = (report.folder / "01-first.html").read_text(encoding="utf-8")
    assert "UserWarning" not in html
    assert "twelve people were asked</pre>" in html


def test_the_folder_of_the_study_stands_on_no_page(report):
    assert all(str(report.folder.parents[1]) not in page.read_text(encoding="utf-8") for page in report.folder.glob("*.html"))


def test_code_is_folded_and_escaped():
    html = render(code_cell(source='x = "<b>" if 1 < 2 else ""'))
    assert "<details" in html
    assert "&lt;b&gt;" in html
    assert "style=" not in html.split("<main")[1]


def test_a_cell_without_code_or_output_shows_nothing():
    assert "<details" not in render(code_cell(source=" "))


def test_html_is_preferred_to_plain_text():
    html = render(code_cell({"output_type": "execute_result", "data": {"text/html": "<p>rich</p>", "text/plain": "poor"}}))
    assert "<p>rich</p>" in html
    assert "poor" not in html


def test_plain_text_is_escaped_in_a_frame_that_scrolls():
    html = render(code_cell({"output_type": "execute_result", "data": {"text/plain": "a < b"}}))
    assert '<pre aria-label="Output of cell 1" class="output" role="region" tabindex="0">a &lt; b</pre>' in html


def test_markdown_that_a_cell_makes_is_shown_as_prose():
    html = render(code_cell({"output_type": "display_data", "data": {"text/markdown": "**bold**"}}))
    assert "<strong>bold</strong>" in html


def test_a_picture_with_a_description_is_shown():
    data, metadata = {"image/png": "aGVsbG8=\n", "text/plain": "<Figure>"}, {"image/png": {"alt": "Two & two"}}
    html = render(code_cell({"output_type": "display_data", "data": data, "metadata": metadata}))
    assert '<img alt="Two &amp; two" src="data:image/png;base64,aGVsbG8="/>' in html


def test_a_picture_without_a_description_is_left_out_and_said_to_be():
    html = render(code_cell({"output_type": "display_data", "data": {"image/png": "aGVsbG8="}}))
    assert "<img" not in html
    assert "A picture is left out here" in html


def test_a_failed_cell_shows_its_warnings_and_its_error():
    stderr = {"output_type": "stream", "name": "stderr", "text": "careful"}
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'P07'", "traceback": ["\x1b[31mline 1\x1b[0m", "line 2"]}
    html = render(code_cell(stderr), code_cell(stderr, error), code_cell({"output_type": "stream", "text": "never"}), run_cell=2)
    assert html.count("careful") == 1
    assert "<strong>Cell 2 failed:</strong> KeyError: 'P07'" in html
    assert "line 1\nline 2" in html
    assert "never" not in html
    assert "This page is not complete." in html


def test_readers_outside_the_team_see_only_the_kind_of_an_error():
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'P07'", "traceback": ["secret"]}
    html = render(code_cell(error), run_cell=1, page=replace(PAGE, shows_all=False))
    assert "<strong>Cell 1 failed:</strong> KeyError</p>" in html
    assert "P07" not in html
    assert "secret" not in html


def test_a_plain_table_with_participants_words_is_blanked_outside_the_team():
    table = "<table><thead><tr><th></th><th>quote</th></tr></thead><tr><th>0</th><td>no time</td></tr></table>"
    cell = code_cell({"output_type": "execute_result", "data": {"text/html": table}})
    assert "no time" in render(cell)
    assert "no time" not in render(cell, page=replace(PAGE, shows_all=False))


def test_a_notebook_without_a_heading_gets_its_title():
    assert '<h1 id="a-page">A page</h1>' in render(code_cell())
