from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from sharing_demo import make_notebook, make_study

from engagement_lib.sharing.checking import find_faults
from engagement_lib.sharing.contents import frame_of, render_index
from engagement_lib.sharing.findings import UNWRITTEN
from engagement_lib.tables import check_table

CLAIMS = pd.DataFrame(
    {"claim_id": ["C1"], "statement": ["Engagement comes last"], "base": [12], "indicated": ["supported"], "because": [""]}
)


def index(study, finding="All of them.", claims=CLAIMS):
    frame = frame_of(study, "run-1", {study.folder / "a.ipynb": make_notebook("#md\n# Title")})
    html = render_index(study, frame, [(page, finding, "Complete.") for page in frame.pages], claims)
    return BeautifulSoup(html, "html.parser").main


def rows(main, caption):
    table = next(table for table in main.find_all("table") if table.caption.get_text().startswith(caption))
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def test_the_index_lists_the_pages_with_finding_and_status(tmp_path):
    main = index(make_study(tmp_path))
    assert main.h1.get_text() == "A small study"
    assert main.select_one(".lead").get_text() == "Who is heard?"
    assert rows(main, "The pages") == [["Page", "Finding", "Status"], ["Title", "All of them.", "Complete."]]


@pytest.mark.parametrize("finding", ["", UNWRITTEN])
def test_where_nothing_is_found_yet_the_index_says_so_once(tmp_path, finding):
    main = index(make_study(tmp_path), finding=finding)
    assert rows(main, "The pages") == [["Page", "Status"], ["Title", "Complete."]]
    assert "No findings are written down for this study yet" in main.get_text()
    assert "Each page begins with its finding" not in main.get_text()


def test_the_index_shows_claims_with_the_verdict_indicated_and_the_person_s(tmp_path):
    assert rows(index(make_study(tmp_path)), "The claims") == [
        ["claim", "statement", "of people", "indicated verdict", "verdict"],
        ["C1", "Engagement comes last", "12", "supported", "not yet confirmed"],
    ]


def test_verdicts_that_come_with_the_claims_are_shown(tmp_path):
    assert rows(index(make_study(tmp_path), claims=CLAIMS.assign(verdict="contested")), "The claims")[1][-1] == "contested"


def test_a_verdict_that_somebody_gave_is_shown(tmp_path):
    event = {
        "event_id": "1",
        "author": "AB",
        "kind": "verdict given",
        "about_type": "claim",
        "about_id": "C1",
        "value": "contested",
    }
    study = replace(make_study(tmp_path), events=check_table("events", pd.DataFrame([event])))
    assert rows(index(study), "The claims")[1][-1] == "contested"


@pytest.mark.parametrize("claims", [None, CLAIMS.head(0)])
def test_an_index_without_claims_says_so(tmp_path, claims):
    assert "No claims were appraised in this run." in index(make_study(tmp_path), claims=claims).get_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"audience": "team"}, "all, for the team alone"),
        ({"audience": "public"}, "those that somebody cleared"),
        ({"audience": "public", "quotes": "none"}, "none"),
        ({"audience": "public", "quotes": "all"}, "all, because no reason is given"),
        ({"audience": "public", "sharing": {"quotes": "all", "reason": "it is made up"}}, "all, because it is made up"),
    ],
)
def test_the_index_says_which_passages_are_shown_and_why(tmp_path, options, words):
    made = index(make_study(tmp_path, **options)).select_one(".run-facts")
    said = dict(
        zip([term.get_text() for term in made.find_all("dt")], [value.get_text() for value in made.find_all("dd")], strict=True)
    )
    assert said["Passages shown"] == words
    assert said["Run"] == "run-1"


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("team@example.gov.uk", "team@example.gov.uk"),
        ("the engagement team <room 2>", "the engagement team <room 2>."),
        ("", "This study names nobody"),
    ],
)
def test_the_index_says_whom_to_ask(tmp_path, contact, words):
    assert words in index(make_study(tmp_path, contact=contact)).get_text()


def test_an_index_of_little_says_plainly_what_is_missing(tmp_path):
    said = " ".join(index(make_study(tmp_path, question="", contact=""), claims=None).get_text().split())
    for words in (
        "This study does not state its question.",
        "No claims were appraised for this study",
        "No claims were appraised in this run.",
        "Everything was heard in one wave",
        "Nothing is coded yet.",
        "This study names nobody to write to.",
    ):
        assert words in said


def test_an_index_with_replies_that_nobody_coded_says_so(tmp_path):
    study = make_study(tmp_path, waves={"1": {}, "2": {"prompted": True}})
    study = replace(study, sources=check_table("sources", study.sources.assign(wave=["1", "1", "2", "2"])))
    assert "There are no coded replies to a draft to set beside the claims." in index(study).get_text()


def test_a_theme_leads_to_the_pages_on_which_its_claims_stand(tmp_path):
    study = make_study(tmp_path)
    frame = frame_of(study, "run-1", {study.folder / "a.ipynb": make_notebook("#md\n# Title")})
    html = render_index(study, frame, [], CLAIMS, pages={frame.pages[0]: '<th id="claim-C1">C1</th>'})
    (link,) = BeautifulSoup(html, "html.parser").select("section p a")
    assert (link["href"], link.get_text()) == ("a.html#claim-C1", "Title, of The claims")


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        (None, "of good practice, in light and dark. Nobody who uses"),
        (find_faults({}), "no fault was found. Nobody who uses"),
        (find_faults({"a.html": "<p>words</p>"}), "faults were found, and are listed here."),
    ],
)
def test_the_statement_says_what_was_checked_and_found(tmp_path, faults, words):
    study = make_study(tmp_path)
    html = render_index(study, frame_of(study, "run-1", {}), [], CLAIMS, faults=faults)
    main = BeautifulSoup(html, "html.parser").main
    assert words in " ".join(main.get_text().split())
    assert ("a.html" in main.get_text()) == (faults is not None and len(faults) > 0)
