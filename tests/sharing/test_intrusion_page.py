from dataclasses import replace

import pandas as pd
import pytest
from sharing_demo import ANSWER, PASSAGE, make_study, place_of

from engagement_lib.errors import StudyError
from engagement_lib.evidence.intrusion import IntrusionTask, score_intrusion
from engagement_lib.sharing.intrusion_page import write_intrusion


def make_task(*quotes):
    quotes = quotes or ("They never <answer>", ANSWER, 'A "fine" day', "نعم")
    rows = [(item, at, "S1/gaps", 0, 9, quote) for item in (1, 2) for at, quote in enumerate(quotes, start=1)]
    items = pd.DataFrame(rows, columns=["item", "position", "source_id", "start", "end", "quote"])
    key = pd.DataFrame({"item": [1, 2], "theme_id": ["T01", "T02"], "intruder": [4, 1], "from_theme_id": ["T02", "T01"]})
    return IntrusionTask(items, key, pd.DataFrame())


def test_the_page_the_answers_and_apart_the_key_are_written(tmp_path):
    paths = write_intrusion(make_task(), tmp_path / "task", study=make_study(tmp_path))
    assert [path.relative_to(tmp_path / "task").as_posix() for path in paths] == [
        "intrusion.html",
        "intrusion-answers.csv",
        "for-the-analyst/intrusion-key.csv",
    ]
    assert paths[1].read_bytes() == b"judge,item,answer\r\n,1,\r\n,2,\r\n"
    assert paths[2].read_text().splitlines() == ["item,theme_id,intruder,from_theme_id", "1,T01,4,T02", "2,T02,1,T01"]


def test_the_page_names_no_theme_and_escapes_what_people_said(tmp_path):
    html = write_intrusion(make_task(), tmp_path, study=make_study(tmp_path))[0].read_text(encoding="utf-8")
    assert "They never &lt;answer&gt;" in html
    assert "T01" not in html
    assert "T02" not in html


def test_what_a_judge_chooses_is_saved_and_can_be_scored(tmp_path, page):
    path = write_intrusion(make_task(), tmp_path, study=make_study(tmp_path))[0]
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.goto(path.as_uri())
    page.get_by_label("Your name or initials").fill('A "B"')
    page.get_by_role("group", name="Question 1 of 2").get_by_role("radio").nth(3).check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my answers").click()
    assert page.get_by_role("status").inner_text() == "Saved as intrusion-A-B-.csv. Questions without an answer: 1."
    saved.value.save_as(tmp_path / "saved.csv")
    told = score_intrusion(pd.read_csv(tmp_path / "saved.csv"), make_task().key)
    assert told.loc[told["of"] == "judge", ["name", "judged", "right"]].to_numpy().tolist() == [['A "B"', 1, 1]]
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_fault_that_axe_finds(tmp_path, page, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.emulate_media(color_scheme=scheme)
    page.goto(write_intrusion(make_task(), tmp_path, study=make_study(tmp_path))[0].as_uri())
    assert [fault["id"] for fault in axe.Axe().run(page).response["violations"]] == []


def test_outside_the_team_only_cleared_passages_are_shown(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    with pytest.raises(StudyError, match=r"S1/gaps:0-\d+"):
        write_intrusion(make_task(), tmp_path, study=study)
    text = study.sources.set_index("source_id").loc["P01", "text"]
    cleared = make_study(tmp_path, audience="working-group", cleared=[place_of(text, PASSAGE, "P01")])
    assert len(write_intrusion(make_task(PASSAGE, "one", "two", "three"), tmp_path, study=replace(cleared))) == 3


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="cannot be written"):
        write_intrusion(make_task(), tmp_path / "file", study=make_study(tmp_path))
