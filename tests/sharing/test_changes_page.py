from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from sharing_demo import make_study

from engagement_lib.errors import StudyError
from engagement_lib.evidence.changes import ALL, CLAIMS, CODES, FILES, INDEPENDENT, PROMPTED, RESPONSES
from engagement_lib.sharing.changes_page import CHANGED, Changes, say_changes
from engagement_lib.sharing.checking import check_page
from engagement_lib.sharing.report import write_report
from engagement_lib.themes.ledger import theme_flow
from engagement_lib.update import THEMES


def table(columns, *rows):
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))


def themes(*statuses):
    rows = [
        (f"T{at:02d}", "", "time, week", status, "", 4, 6, 4 / 6, 0.3, 0.9, 2, 3, 2)
        for at, status in enumerate(statuses, start=1)
    ]
    return table(THEMES, *rows)


FLOW = theme_flow(["T01"] * 6 + [""] * 2, ["T01"] * 6 + ["T02"] * 2)
MOVED = ("C1", "There is no time", "supported", "contested", True, 4, 3, 7, 4.0, 0.0, 6.0)
STAYED = ("C2", "Nobody replies", "supported", "supported", False, 5, 0, 7, 5.0, 0.0, 6.0)
REPLIES = pd.DataFrame({"code": ["no-time"], "respondents": [3], "base": [3], "share": [1.0], "low": [0.44], "high": [1.0]})
REPLY_CLAIMS = pd.DataFrame(
    [("C1", "There is no time", 2, 0, 3)], columns=["claim_id", "statement", "supporting", "contradicting", "base"]
)
NO_CODE = "outside the frame, without a code"
LATER = Changes(
    run="2",
    before="1",
    at="2020-10-02T09:00:00.000000Z",
    files=table(
        FILES, ("new/C1.txt", "comment", "2", "new"), ("new/C2.txt", "comment", "2", "new"), ("a.txt", "survey", "1", "gone")
    ),
    responses=table(
        RESPONSES,
        (ALL, INDEPENDENT, 7, 1, 0, 0),
        ("survey, wave 1", INDEPENDENT, 7, 1, 0, 0),
        (ALL, PROMPTED, 3, 3, 1, 0),
        ("comment, wave 2", PROMPTED, 3, 3, 1, 0),
    ),
    prevalence=table(CODES, ("no-time", 4, 7, 4 / 7, 0.25, 0.84, 4 / 6, 4 / 7 - 4 / 6)),
    claims=table(CLAIMS, MOVED, STAYED),
    replies=REPLIES,
    reply_claims=REPLY_CLAIMS,
    themes=themes("kept", "new"),
    flow=FLOW,
    decisions=pd.DataFrame(columns=["author", "decision", "theme_id", "about", "reason"], dtype="str"),
    gaps=pd.DataFrame({"theme_id": ["T01", "T02"], "new": [False, True], "gap": NO_CODE, "sentence": "x"}),
    reply_gaps=pd.DataFrame({"theme_id": ["T02"], "gap": [NO_CODE], "sentence": ["T02: four voices."]}),
    notice="The themes were made with words.",
)
FIRST = replace(LATER, run="1", before="", at="", claims=LATER.claims.assign(indicated_before="", moved=False))
LOST = pd.DataFrame([("AB", "merge", "T09", "T01", "there is no theme T09")], columns=list(LATER.decisions.columns))


def page_of(changes, folder, **settings):
    report = write_report(make_study(folder, **settings), notebooks=[], out=folder, run_id="run-2", changes=changes)
    return report, (report.folder / CHANGED).read_text(encoding="utf-8")


def words(html):
    return " ".join(BeautifulSoup(html, "html.parser").main.get_text(" ").split())


def test_what_changed_is_said_in_a_few_sentences():
    assert say_changes(LATER) == (
        "Since run 1, 2 files are new and 1 file is gone. Newly heard: 1 respondent who had read no draft and, apart, "
        "3 respondents who had read the draft, no independent support (1 of them heard before, elsewhere). Themes: 1 new. "
        "Indicated verdicts that moved: C1. New gaps of the frame: T02."
    )


def test_themes_that_are_all_kept_and_nobody_new_are_said_too():
    quiet = replace(LATER, themes=themes("kept"), responses=LATER.responses.head(0), files=LATER.files.head(0))
    assert say_changes(replace(quiet, claims=FIRST.claims, gaps=LATER.gaps.head(1))) == (
        "Since run 1, no file is new. Newly heard: nobody. Themes: all kept. Indicated verdicts that moved: none. "
        "New gaps of the frame: none."
    )


def test_decisions_that_could_not_be_replayed_are_counted_in_the_finding():
    assert say_changes(replace(LATER, decisions=LOST)).endswith("Decisions about themes that could not be replayed: 1.")


def test_a_run_that_found_all_as_it_was_says_so():
    assert say_changes(replace(LATER, same=True)).startswith("Nothing has changed since run 1: ")


def test_a_first_run_compares_with_nothing(tmp_path):
    assert say_changes(FIRST).startswith(
        "This is the first run: there is nothing to compare it with. It heard 1 respondent who had read"
    )
    _, html = page_of(FIRST, tmp_path)
    assert "This is run 1, the first that was recorded." in words(html)
    assert "Every theme was kept" not in words(html)
    assert "indicated before" not in words(html)


def test_the_page_has_no_fault_and_the_index_leads_to_it_first(tmp_path):
    report, html = page_of(LATER, tmp_path)
    assert check_page(html).empty
    assert report.faults.empty
    assert report.pages[["title", "page", "status"]].to_numpy().tolist() == [["What changed since the last run", CHANGED, "ok"]]
    index = report.index.read_text(encoding="utf-8")
    assert f'href="{CHANGED}"' in index
    assert "Newly heard: 1 respondent" in index


def test_replies_stand_apart_and_bear_no_verdict(tmp_path):
    _, html = page_of(LATER, tmp_path)
    before, _, apart = words(html).partition("These people had read the draft.")
    assert "Claims among those who had read the draft" in apart
    assert "Themes of the replies that lie outside the frame" in apart
    assert "Codes among those who had read the draft" not in before
    captions = [one.get_text() for one in BeautifulSoup(html, "html.parser").find_all("caption")]
    replies = BeautifulSoup(html, "html.parser").find_all("table")[captions.index("Claims among those who had read the draft")]
    assert "indicated" not in replies.get_text()


def test_claims_are_shown_with_what_was_indicated_before(tmp_path):
    _, html = page_of(LATER, tmp_path)
    assert "None has moved." not in words(html)
    assert "C1 There is no time supported contested yes 4 3 7 4 0 6" in words(html)
    _, html = page_of(replace(LATER, claims=FIRST.claims), tmp_path)
    assert "None has moved." in words(html)


def test_a_name_that_looks_like_a_tag_is_shown_as_it_is(tmp_path):
    _, html = page_of(replace(LATER, themes=LATER.themes.assign(name="<script>alert(1)</script>")), tmp_path)
    assert "<script" not in html
    assert "<script>alert(1)</script>" in words(html)


def test_nothing_at_all_is_a_page_too(tmp_path):
    tables = {name: value.head(0) for name, value in vars(LATER).items() if isinstance(value, pd.DataFrame)}
    _, html = page_of(replace(LATER, **tables), tmp_path)
    assert check_page(html).empty
    assert "There are no themes yet." in words(html)
    assert "Every decision about a theme holds." in words(html)


@pytest.mark.parametrize("audience", ["working-group", "public"])
def test_nobody_outside_the_team_is_shown_what_changed(tmp_path, audience):
    study = make_study(tmp_path, audience=audience)
    with pytest.raises(StudyError, match=f"audience '{audience}'.*others do not see what changed"):
        write_report(study, notebooks=[], out=tmp_path, run_id="run-2", changes=LATER)
    assert not (tmp_path / "run-2").exists()


@pytest.mark.browser
def test_axe_finds_nothing_on_the_page(tmp_path, page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    report, _ = page_of(LATER, tmp_path)
    page.goto((report.folder / CHANGED).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations = axe.Axe().run(page, options={"runOnly": rules}).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
