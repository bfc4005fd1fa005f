import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from sharing_demo import ANSWER, INTERVIEW, PASSAGE, WEBINAR, make_study, place_of

from engagement_lib.coding.events import make_event
from engagement_lib.errors import StudyError, TableError
from engagement_lib.sharing.codebook_page import write_codebook_page
from engagement_lib.tables import check_table, empty_table

TEXTS = {"P01": INTERVIEW, "W1": WEBINAR, "S1/gaps": ANSWER}
CODEBOOK = check_table(
    "codebook",
    pd.DataFrame(
        {
            "code": ["time", "no-time", "<b>odd</b>", "deep"],
            "parent": ["", "time", "", "no-time"],
            "definition": ["What takes time.", "Too little time.", "", ""],
            "exclude": ["Money.", "", "", ""],
            "example": ["", PASSAGE, "", ""],
        }
    ),
)


def coding(name, source, words, code="no-time"):
    start = TEXTS[source].index(words)
    return {
        "coding_id": name,
        "source_id": source,
        "start": start,
        "end": start + len(words),
        "code": code,
        "coder": "AB",
        "quote": words,
    }


CODINGS = [
    coding("1", "P01", PASSAGE),
    coding("2", "P01", "nobody has the time"),
    coding("3", "P01", "who uses what you publish"),
    coding("4", "S1/gaps", "Three spreadsheets with three totals", "deep"),
]


def study_of(folder, *codings, log=(), **options):
    study = replace(make_study(folder, **options), codebook=CODEBOOK)
    codings = check_table("codings", pd.DataFrame(codings)) if codings else empty_table("codings")
    rows = [{**event, "event_id": f"c{n}", "at": f"2020-10-{n:02}"} for n, event in enumerate(log, 1)]
    history = {"log": pd.DataFrame(rows), "codebook": CODEBOOK} if rows else {}
    return replace(study, codings=codings, history=history)


@pytest.fixture
def written(tmp_path):
    def write(*codings, quotes=2, **options):
        file = write_codebook_page(study_of(tmp_path, *codings, **options), tmp_path, quotes=quotes)
        return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")

    return write


def section(page, code):
    return next(part for part in page.find_all("section") if part.find(re.compile("h[2-4]")).get_text() == code)


def test_every_code_has_a_heading_below_its_parent_and_what_is_said_of_it(written):
    page = written(*CODINGS)
    headings = [(heading.name, heading.get_text()) for heading in page.find_all(re.compile("h[1-6]"))]
    assert headings == [
        ("h1", "Codebook"), ("h2", "All codes"), ("h2", "time"), ("h3", "no-time"), ("h4", "deep"), ("h2", "<b>odd</b>")
    ]  # fmt: skip
    said = section(page, "time").find("dl")
    assert [part.get_text() for part in said.find_all(["dt", "dd"])] == ["Definition", "What takes time.", "Exclude", "Money."]
    assert section(page, "deep").find(class_="facts").get_text() == "time / no-time / deep"
    assert "Nothing is said of this code." in section(page, "<b>odd</b>").get_text()


def test_codings_are_counted_with_their_respondents_and_base(written):
    page = written(*CODINGS)
    assert "2 codings, from 1 of 3 respondents." in section(page, "no-time").get_text()
    assert "Nothing is coded with it." in section(page, "time").get_text()
    assert page.find(class_="lead").get_text().startswith("4 codes; 2 in use, among 3 respondents.")


def test_the_team_sees_a_passage_of_each_respondent_with_its_place_and_never_the_interviewers(written):
    page = written(*CODINGS)
    assert section(page, "no-time").find("blockquote").get_text(strip=True) == PASSAGE
    assert section(page, "no-time").find("figcaption").get_text() == f"P01, producer, {place_of(INTERVIEW, PASSAGE, 'P01')}"
    assert "who uses what you publish" not in page.get_text()


def test_others_see_cleared_passages_alone_and_no_name(written):
    page = written(*CODINGS, audience="public", cleared=[place_of(INTERVIEW, PASSAGE, "P01")])
    assert [quote.get_text(strip=True) for quote in page.find_all("blockquote")] == [PASSAGE]
    assert page.find("figcaption").get_text() == "producer"
    assert "No passage with this code may be shown." in section(page, "deep").get_text()
    assert "P01" not in page.get_text()


def test_outside_the_team_small_counts_of_respondents_are_hidden_in_the_table_and_below_each_code(written):
    page = written(*CODINGS, audience="public")
    row = next(row for row in page.find(id="overview").find_next("table").find_all("tr") if "no-time" in row.get_text())
    assert [cell.get_text() for cell in row.find_all("td")] == ["", "[c]", "[c]", "3", "[c]"]
    assert "From [c] of [c] respondents." in section(page, "no-time").get_text()
    assert "2 codings" not in page.get_text()


def test_what_a_rule_says_of_few_people_stays_as_it_was_written(tmp_path):
    rules = CODEBOOK.assign(definition=["Figures of two producers that clash.", "", "", ""])
    file = write_codebook_page(replace(study_of(tmp_path, audience="public"), codebook=rules), tmp_path)
    assert "Figures of two producers that clash." in file.read_text(encoding="utf-8")


def test_an_example_that_repeats_uncleared_words_is_withheld_from_others(written):
    assert "[not cleared]" in section(written(audience="public"), "no-time").get_text()
    assert "[not cleared]" not in section(written(audience="team"), "no-time").get_text()


def test_somebody_of_no_known_group_is_a_participant(tmp_path):
    study = study_of(tmp_path, *CODINGS, audience="public", cleared=[place_of(INTERVIEW, PASSAGE, "P01")])
    file = write_codebook_page(replace(study, cases=empty_table("cases")), tmp_path / "page.html")
    assert ">a participant</figcaption>" in file.read_text(encoding="utf-8")


def test_as_many_passages_as_asked_are_shown(written):
    assert written(*CODINGS, quotes=0).find("blockquote") is None
    assert "may be shown" not in written(*CODINGS, quotes=0).get_text()


RENAMED = make_event("code renamed", "time", author="AB", value={"code": "hours", "version": "5"}, reason="Clearer.")


def test_changes_stand_at_the_end_with_their_reasons_and_the_version_at_the_top(written):
    page = written(log=[RENAMED])
    assert "version 5 of the codebook" in page.find(class_="run").get_text()
    cells = [cell.get_text() for cell in page.find(id="changes").find_next("tbody").find_all(["th", "td"])]
    assert cells == ["5", "2020-10-01", "AB", "hours", "renamed", "time", "hours", "Clearer."]
    assert "version 1 of the codebook" in written().find(class_="run").get_text()
    assert written().find(id="changes") is None


def test_a_page_that_would_show_uncleared_words_in_a_reason_is_not_written(tmp_path):
    study = study_of(tmp_path, log=[{**RENAMED, "reason": f"As one said: {PASSAGE}"}], audience="public")
    with pytest.raises(StudyError, match="1 passage that nobody has cleared: P01:135-"):
        write_codebook_page(study, tmp_path)
    assert not (tmp_path / "codebook.html").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"page\.html: found that it cannot be written"):
        write_codebook_page(study_of(tmp_path), tmp_path / "no folder" / "page.html")


def test_codes_that_are_no_tree_are_refused(tmp_path):
    study = replace(study_of(tmp_path), codebook=CODEBOOK.assign(parent=["x", "", "", ""]))
    with pytest.raises(TableError, match="its parent 'x' is not in the codebook"):
        write_codebook_page(study, tmp_path)


def test_a_study_without_a_codebook_has_a_page_that_says_so(tmp_path):
    study = replace(study_of(tmp_path), codebook=empty_table("codebook"))
    html = write_codebook_page(study, tmp_path).read_text(encoding="utf-8")
    assert "The codebook holds no code yet." in html
    assert "0 codes. Codings are those that count" in html


def test_the_page_has_what_a_reader_without_eyes_or_connection_needs(written):
    page = written(*CODINGS, log=[RENAMED])
    assert page.html["lang"] == "en-GB"
    assert page.find(["script", "img", "iframe"]) is None
    assert [link["href"] for link in page.find_all("link")] == ["data:,"]
    assert {link["href"][1:] for link in page.find_all("a")} <= {part["id"] for part in page.find_all(id=True)}
    assert all(part["aria-labelledby"] == part.find(re.compile("h[2-4]"))["id"] for part in page.find_all("section"))
    assert "@media print" in page.style.get_text()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 320])
def test_axe_finds_nothing_on_the_page_and_it_does_not_scroll_sideways(tmp_path, page, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    file = write_codebook_page(study_of(tmp_path, *CODINGS, log=[RENAMED]), tmp_path)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(file.as_uri())
    violations = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
