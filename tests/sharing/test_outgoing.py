import pandas as pd
import pytest
from sharing_demo import INTERVIEW, PASSAGE, make_study

from engagement_lib.errors import StudyError
from engagement_lib.sharing.outgoing import protect_index, protect_pages, read_last_release
from engagement_lib.sharing.tables import show_table

CODES = pd.DataFrame({"code": ["jargon", "no-time"], "respondents": [12, 3], "base": [40, 40]})


def page(*parts: str) -> str:
    return f"<main>{''.join(parts)}</main>"


def test_for_the_team_pages_stay_as_they_are(tmp_path):
    outgoing = protect_pages({"a.html": page(show_table(CODES, "Codes").html)}, make_study(tmp_path))
    assert outgoing.pages["a.html"] == page(show_table(CODES, "Codes").html)
    assert outgoing.reasons.columns.tolist() == ["page", "place", "found", "remedy"]


def test_pages_without_small_counts_have_no_reasons(tmp_path):
    outgoing = protect_pages({"a.html": page(show_table(CODES, "Codes").html)}, make_study(tmp_path, audience="public"))
    assert "[c]" in outgoing.pages["a.html"]
    assert outgoing.reasons.empty


def test_two_tables_that_tell_a_small_count_together_are_a_reason(tmp_path):
    groups = pd.DataFrame({"group": ["producer", "user"], "respondents": [20, 3], "base": [60, 40]})
    total = pd.DataFrame({"what": ["people who ring"], "group": ["all"], "respondents": [23], "base": [100]})
    pages = {"a.html": page(show_table(groups, "By group").html), "b.html": page(show_table(total, "In all").html)}
    reasons = protect_pages(pages, make_study(tmp_path, audience="working-group")).reasons
    assert set(reasons["page"]) <= {"a.html", "b.html"}


def test_an_uncleared_passage_is_a_reason_with_its_place(tmp_path):
    study = make_study(tmp_path, audience="public")
    reasons = protect_pages({"a.html": page(f"<p>They say {PASSAGE}.</p>")}, study).reasons
    start = INTERVIEW.index(PASSAGE)
    assert reasons["found"].tolist() == [f"1 passage that nobody has cleared: P01:{start}-{start + len(PASSAGE)}"]


def test_what_moved_too_little_since_the_last_release_is_hidden_or_a_reason(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    before = protect_pages({"a.html": page(show_table(CODES, "Codes").html)}, study)
    now = CODES.assign(respondents=[13, 3], base=[41, 41])
    outgoing = protect_pages({"a.html": page(show_table(now, "Codes").html)}, study, last=before.pages)
    assert ">13<" not in outgoing.pages["a.html"]


def release(folder, run, audience):
    (folder / run).mkdir(parents=True)
    (folder / run / "index.html").write_text(f"<p>Report for {audience}, run {run}</p>", encoding="utf-8")


def test_the_last_release_is_the_latest_to_the_same_audience(tmp_path):
    for run, audience in (
        ("2026-01", "the public"),
        ("2026-02", "the public"),
        ("2026-03", "the team"),
        ("2026-09", "the public"),
    ):
        release(tmp_path, run, audience)
    assert list(read_last_release(tmp_path, "2026-04", "the public").values()) == ["<p>Report for the public, run 2026-02</p>"]
    assert read_last_release(tmp_path, "2026-04", "the working group") == {}


def test_an_index_that_would_name_somebody_is_not_to_be_had(tmp_path):
    study = make_study(tmp_path, audience="public")
    assert "All is well" in protect_index(page("<p>All is well.</p>"), "index.html", study)
    with pytest.raises(StudyError, match=r"index\.html, at the beginning: found e-mail \(name@domain\); expected none"):
        protect_index(page("<p>Ask jo.bell@trade.example.org.</p>"), "index.html", study)
