"""The formats beside the pages of a report, and what the gate has kept from all of them."""

import unicodedata
from io import BytesIO
from zipfile import ZipFile

import pytest
from finished_pages import FRAME, PAGES
from pypdf import PdfReader
from sharing_demo import PASSAGE, make_notebook, make_study

from engagement_lib.sharing import formats
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.formats import FORMATS, write_formats
from engagement_lib.sharing.printing import BROWSER, find_browser
from engagement_lib.sharing.report import write_report
from engagement_lib.sharing.running import write_notebook

OFFICE = ("docx", "xlsx")


def words(path):
    """All that a file says, in whatever part of it."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
        return data + unicodedata.normalize("NFKC", " ".join(text.split())).encode()
    if path.suffix in (".docx", ".xlsx"):
        archive = ZipFile(BytesIO(data))
        return b"".join(archive.read(name) for name in archive.namelist())
    return data


def report(folder, *cells, formats=FORMATS, study=None):
    study = study or make_study(folder)
    path = folder / "a.ipynb"
    write_notebook(make_notebook(*cells, study_hash=study_hash(study)), path)
    return write_report(study, notebooks=[path], out=folder, run_id="r", formats=formats)


def test_each_format_is_written_and_told_with_its_type_and_size(tmp_path):
    told, notices = write_formats(tmp_path, PAGES, FRAME, formats=OFFICE)
    assert [(one.file, one.about, one.type) for one in told] == [
        ("summary.docx", "The summary and all figures", "Word"),
        ("tables.xlsx", "All tables, one a sheet", "Excel"),
    ]
    assert [one.size for one in told] == [f"{round(path.stat().st_size / 1e3)} kB" for path in sorted(tmp_path.iterdir())]
    assert notices == []


@pytest.mark.parametrize(("size", "words"), [(1, "1 kB"), (1600, "2 kB"), (2_340_000, "2.3 MB")])
def test_a_size_is_said_in_words(size, words):
    assert formats._in_words(size) == words


def test_nothing_is_written_that_was_not_asked_for(tmp_path):
    assert write_formats(tmp_path, PAGES, FRAME, formats=()) == ([], [])
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_a_notice_says_so_and_the_rest_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv(BROWSER, str(tmp_path / "none"))
    told, notices = write_formats(tmp_path, PAGES, FRAME, formats=("xlsx", "pdf"))
    assert [one.file for one in told] == ["tables.xlsx"]
    (notice,) = notices
    assert notice.startswith("No report.pdf was made: no Chromium, Chrome or Edge was found on this machine. Install one, or")


def test_a_browser_that_does_not_print_is_a_notice(tmp_path, monkeypatch):
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho no display >&2\n")
    browser.chmod(0o755)
    monkeypatch.setenv(BROWSER, str(browser))
    told, notices = write_formats(tmp_path, PAGES, FRAME, formats=("pdf",))
    assert told == []
    assert notices[0].startswith("No report.pdf was made. browser: found no PDF printed (no display)")


def test_the_index_leads_to_each_file_with_its_type_and_size(tmp_path):
    made = report(tmp_path, "#md\n# A", formats=OFFICE)
    html = made.index.read_text(encoding="utf-8")
    size = formats._in_words((made.folder / "tables.xlsx").stat().st_size)
    assert f'<a href="tables.xlsx">All tables, one a sheet (Excel, {size})</a>' in html
    assert '<a href="summary.docx">' in html
    assert "report.pdf" not in html


def test_the_index_names_no_other_formats_where_there_are_none(tmp_path):
    assert "other formats" not in report(tmp_path, "#md\n# A", formats=()).index.read_text(encoding="utf-8")


def test_formats_of_an_earlier_run_are_removed(tmp_path):
    report(tmp_path, "#md\n# A", formats=OFFICE)
    made = report(tmp_path, "#md\n# A", formats=())
    assert sorted(path.name for path in made.folder.iterdir()) == ["a.html", "evidence.json", "index.html", "manifest.json"]


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge is installed to print with")
def test_what_is_withheld_from_a_page_is_in_no_format(tmp_path):
    cells = ["#md\n# A", f"#md\n## Said\n\n| quote |\n|---|\n| {PASSAGE} |\n\n> {PASSAGE}"]
    for name, audience in (("shown", "team"), ("withheld", "working-group")):
        folder = tmp_path / name
        folder.mkdir()
        made = report(folder, *cells, study=make_study(folder, audience=audience))
        said = {path.name: PASSAGE.encode() in words(path) for path in made.folder.iterdir() if path.name != "evidence.json"}
        assert {name for name, told in said.items() if told} == (
            {"a.html", "tables.xlsx", "report.pdf"} if audience == "team" else set()
        )
        assert said.keys() == {"a.html", "index.html", "manifest.json", "report.pdf", "summary.docx", "tables.xlsx"}
