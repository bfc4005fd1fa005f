"""The report as a tagged PDF, printed by the browser that is installed."""

import os
import sys
from io import BytesIO
from pathlib import Path

import pytest
from finished_pages import PAGES
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from engagement_lib.errors import StudyError
from engagement_lib.sharing import printing
from engagement_lib.sharing.printing import BROWSER, find_browser, print_report

needs_browser = pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge is installed to print with")


@pytest.fixture(scope="module")
def printed():
    return print_report(PAGES, find_browser())


@pytest.fixture
def pdf(printed):
    return PdfReader(BytesIO(printed))


def program(folder, *lines):
    """A program that stands in for a browser."""
    path = folder / "browser"
    path.write_text("\n".join([f"#!{sys.executable}", "import sys, time", *lines]))
    path.chmod(0o755)
    return path


def tags(element):
    """The elements of a structure tree, as their kinds with what they say."""
    element = element.get_object()
    if isinstance(element, ArrayObject):
        return [tag for one in element for tag in tags(one)]
    if not isinstance(element, DictionaryObject):
        return []
    mine = [(element["/S"], element.get("/Alt", ""), element.get("/Lang", ""))] if "/S" in element else []
    return mine + (tags(element["/K"]) if "/K" in element else [])


@needs_browser
@pytest.mark.browser
def test_headings_tables_lists_and_figures_are_tagged(pdf):
    found = tags(pdf.root_object["/StructTreeRoot"])
    kinds = [kind for kind, _, _ in found]
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    # The eighth of the cells is empty, and is not tagged.
    assert [kinds.count(kind) for kind in ("/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/Caption", "/L", "/LI")] == [
        2, 2, 2, 6, 10, 7, 2, 2, 3,
    ]  # fmt: skip
    assert [alt for kind, alt, _ in found if kind == "/Figure"] == ["Bar chart: highest no-time (9 of 12)."]
    assert "cy" in {language for _, _, language in found}


@needs_browser
@pytest.mark.browser
def test_the_outline_is_the_headings(pdf):
    def titles(items):
        return [titles(item) if isinstance(item, list) else item.title for item in items]

    assert titles(pdf.outline) == ["A small study", ["The claims"], "First", ["Codes"]]


@needs_browser
@pytest.mark.browser
def test_title_and_language_are_set_and_nothing_says_who_made_it_when(pdf, printed):
    assert pdf.metadata == {"/Title": "A small study"}
    assert pdf.root_object["/Lang"] == "en-GB"
    assert pdf.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"file:" not in printed
    assert b"/tmp" not in printed


@needs_browser
@pytest.mark.browser
def test_sheets_are_a4_and_numbered_and_each_page_begins_a_new_one(pdf):
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages] == [(595, 842)] * 2
    assert ["1 of 2" in pdf.pages[0].extract_text(), "2 of 2" in pdf.pages[1].extract_text()] == [True, True]


@needs_browser
@pytest.mark.browser
def test_the_same_pages_give_the_same_bytes(printed):
    assert print_report(PAGES, find_browser()) == printed


def test_a_heading_that_goes_over_two_lines_keeps_its_words_apart_in_the_outline():
    browser = find_browser()
    if browser is None:
        pytest.skip("no Chromium, Chrome or Edge is installed to print with")
    heading = "Does every kind of source and every group of people who were asked say so, and how many of each?"
    html = f"<html lang='en-GB'><head><title>T</title></head><body><main><h1>{heading}</h1></main></body></html>"
    assert PdfReader(BytesIO(print_report({"index.html": html}, browser))).outline[0].title == heading


def test_the_browser_that_the_environment_names_comes_first(monkeypatch, tmp_path):
    mine = program(tmp_path)
    monkeypatch.setenv(BROWSER, str(mine))
    assert find_browser() == mine
    monkeypatch.setenv(BROWSER, str(tmp_path / "none"))
    assert find_browser() is None


def test_a_machine_without_a_browser_has_none(monkeypatch, tmp_path):
    monkeypatch.delenv(BROWSER, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(printing, "_PLACES", ())
    assert find_browser() is None
    program(tmp_path).rename(tmp_path / "msedge")
    assert find_browser() == tmp_path / "msedge"


def test_a_browser_that_prints_nothing_is_named_with_what_it_says(tmp_path):
    browser = program(tmp_path, "print('first', file=sys.stderr)", "print('no display', file=sys.stderr)")
    with pytest.raises(
        StudyError, match=r"browser: found no PDF printed \(no display\); .* name another one in ENGAGEMENT_CHROMIUM"
    ):
        print_report(PAGES, browser)
    with pytest.raises(StudyError, match="and no word why"):
        print_report(PAGES, program(tmp_path))


def test_a_browser_that_does_not_run_in_its_sandbox_runs_without(tmp_path):
    browser = program(
        tmp_path,
        "out = [word for word in sys.argv if word.startswith('--print-to-pdf=')][0].partition('=')[2]",
        "if '--no-sandbox' in sys.argv: open(out, 'wb').write(b'%PDF /Creator (me \\\\(x\\\\)) /Title (T)')",
    )
    assert print_report(PAGES, browser) == b"%PDF" + b" " * 21 + b"/Title (T)"


def test_a_browser_that_takes_too_long_is_ended_with_what_it_started(tmp_path):
    browser = program(
        tmp_path,
        "import os, subprocess",
        f"child = subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(60)'])",
        f"open({str(tmp_path / 'pids')!r}, 'a').write(f'{{child.pid}}\\n')",
        "time.sleep(60)",
    )
    with pytest.raises(StudyError, match="it took longer than 2 seconds"):
        print_report(PAGES, browser, seconds=2)
    for pid in map(int, (tmp_path / "pids").read_text().split()):
        state = Path(f"/proc/{pid}/stat")
        assert not state.exists() or state.read_text().split()[2] == "Z" or os.getpgid(pid) != pid
