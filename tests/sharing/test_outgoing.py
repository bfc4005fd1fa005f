import pandas as pd
import pytest
from bs4 import BeautifulSoup
from gate_demo import CODES, cells, page, prose, shown, through, words
from sharing_demo import INTERVIEW, PASSAGE, make_study

from engagement_lib.errors import StudyError
from engagement_lib.sharing.downloads import set_tables_aside
from engagement_lib.sharing.outgoing import protect_index, protect_pages, read_last_release

GROUPS = {"group": ["producer", "user"], "respondents": [20, 3], "base": [60, 40]}


def test_for_the_team_pages_stay_as_they_are(tmp_path):
    outgoing = protect_pages({"a.html": page(shown(CODES))}, make_study(tmp_path))
    assert outgoing.pages["a.html"] == page(shown(CODES))
    assert outgoing.reasons.columns.tolist() == ["page", "place", "found", "remedy"]


def test_two_tables_that_tell_a_small_count_together_do_not_go_out_like_that(tmp_path):
    total = {"what": ["people who ring"], "group": ["all"], "respondents": [23], "base": [100]}
    pages = {"a.html": page(shown(GROUPS, "By group")), "b.html": page(shown(total, "In all"))}
    outgoing = protect_pages(pages, make_study(tmp_path, audience="working-group"))
    assert [row[1] for row in cells(outgoing.pages["a.html"])] == ["[c]", "[c]"]
    assert cells(outgoing.pages["b.html"])[0][2] == "23"
    assert outgoing.reasons.empty


def test_pages_made_later_do_not_tell_what_earlier_ones_hide(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    first = protect_pages({"a.html": page(shown(GROUPS, "By group"))}, study)
    assert [row[1] for row in cells(first.pages["a.html"])] == ["20", "[c]"]
    total = {"what": ["people who ring"], "group": ["all"], "respondents": [23], "base": [100]}
    index = protect_pages({"index.html": page(shown(total, "In all"), prose("<p>3 of 9 users</p>"))}, study, after=first)
    assert cells(index.pages["index.html"])[0][2] == "[c]"
    assert "[c] of 9 users" in words(index.pages["index.html"])
    assert index.reasons.empty


def test_what_no_hiding_protects_is_a_reason_with_its_place(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    before = page(shown({"code": ["jargon"], "respondents": ["[c]"], "base": [40]}))
    first = protect_pages({"a.html": page(shown({"code": ["jargon"], "respondents": [12], "base": [40]}))}, study)
    told = {"kind": ["interview", "webinar", "Total"], "respondents": [3, 2, 5]}
    html, reasons = through(study, f'<div id="cell-9">{shown(told, "Kinds")}</div>', after=first, last={"a.html": before})
    assert cells(html)[0][1] == "[c]"
    assert reasons["place"].tolist() == [] or reasons["place"].str.startswith("cell 9").all()


def test_an_uncleared_passage_is_a_reason_with_its_place(tmp_path):
    study = make_study(tmp_path, audience="public")
    _, reasons = through(study, f"<p>They say {PASSAGE}.</p>")
    start = INTERVIEW.index(PASSAGE)
    assert reasons["found"].tolist() == [f"1 passage that nobody has cleared: P01:{start}-{start + len(PASSAGE)}"]


def test_a_hidden_number_in_the_midst_of_a_passage_does_not_hide_the_passage(tmp_path):
    study = make_study(tmp_path, audience="public")
    _, reasons = through(study, "<p>They say: eats everything and I could name five users, all of them in</p>")
    assert reasons["found"].str.startswith("1 passage that nobody has cleared: P01:").tolist() == [True]


def test_what_moved_too_little_since_the_last_release_is_hidden(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    before = protect_pages({"a.html": page(shown(CODES))}, study).pages
    now = CODES.assign(respondents=[14, 3], base=[42, 42])
    assert cells(through(study, shown(now))[0])[0][1] == "14"
    html, reasons = through(study, shown(now), last=before)
    assert cells(html)[0][1] == "[c]"
    assert reasons.empty


def test_the_same_release_again_hides_the_same(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    before, _ = through(study, shown(CODES))
    again, reasons = through(study, shown(CODES), last={"a.html": before})
    assert again == before
    assert reasons.empty


def test_a_table_under_another_caption_is_known_by_its_columns(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    before, _ = through(study, shown(CODES, "Codes"))
    now = CODES.assign(respondents=[14, 3], base=[42, 42])
    assert cells(through(study, shown(now, "Renamed"), last={"z.html": before})[0])[0][1] == "[c]"
    twice = {"y.html": before, "z.html": before}
    assert cells(through(study, shown(now, "Renamed"), last=twice)[0])[0][1] == "14"


def test_a_table_with_other_columns_than_in_the_last_release_stands_for_itself(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    before, _ = through(study, shown(CODES.drop(columns="share"), "Then"))
    now = CODES.assign(respondents=[14, 3], base=[42, 42])
    assert cells(through(study, shown(now), last={"a.html": before})[0])[0][1] == "14"


def release(folder, run, audience, **pages):
    (folder / run).mkdir(parents=True)
    said = f"<p>Report for {audience}, run {run}</p>"
    for name, html in {"index": said, **pages}.items():
        (folder / run / f"{name}.html").write_text(html, encoding="utf-8")


def test_the_last_release_is_the_latest_to_the_same_audience(tmp_path):
    for run, audience in (("01", "the public"), ("02", "the public"), ("03", "the team"), ("09", "the public")):
        release(tmp_path, run, audience)
    assert read_last_release(tmp_path, "04", "the public") == {"index.html": "<p>Report for the public, run 02</p>"}
    assert read_last_release(tmp_path, "04", "the working group") == {}


def test_of_a_page_that_was_withheld_readers_have_the_one_before(tmp_path):
    release(tmp_path, "01", "the public", a="first", b="first")
    release(tmp_path, "02", "the public", a="<strong>This page is withheld</strong>", b="second")
    found = read_last_release(tmp_path, "03", "the public")
    assert (found["a.html"], found["b.html"]) == ("first", "second")


def test_rows_of_the_last_release_that_stand_in_a_file_alone_are_compared_too(tmp_path):
    study = make_study(tmp_path, audience="public")
    codes = {"code": [f"code-{at:03}" for at in range(120)], "respondents": [40] * 120, "base": [200] * 120}
    html, files = set_tables_aside(page(f'<div class="shown">{shown(codes, rows=120)}</div>'), stem="a")
    release(tmp_path, "01", "the public", a=html)
    (tmp_path / "01" / "tables").mkdir()
    for path, text in files.items():
        (tmp_path / "01" / path).write_text(text, encoding="utf-8")
    last = read_last_release(tmp_path, "02", "the public")
    assert BeautifulSoup(html, "html.parser").select("tbody tr")[20:] == []
    now = {**codes, "respondents": [40] * 119 + [43], "base": [203] * 120}
    after, reasons = through(study, shown(now, rows=120), last=last)
    assert [row[0] for row in cells(after) if row[1] == "[c]"][-1:] == ["code-119"]
    assert reasons.empty


def test_the_reasons_of_one_kind_stand_once(tmp_path):
    study = make_study(tmp_path, audience="public")
    _, reasons = through(study, prose("<p>2 of 30 users, and 2 of 40 users</p>"))
    assert len(reasons) == 1


def test_a_release_of_nothing_is_nothing(tmp_path):
    outgoing = protect_pages({}, make_study(tmp_path, audience="public"))
    assert (outgoing.pages, outgoing.reasons.empty) == ({}, True)
    assert isinstance(outgoing.reasons, pd.DataFrame)


def test_an_index_that_would_name_somebody_is_not_to_be_had(tmp_path):
    study = make_study(tmp_path, audience="public")
    pages = protect_pages({}, study)
    assert "All is well" in protect_index(page("<p>All is well.</p>"), "index.html", study, pages)
    with pytest.raises(StudyError, match=r"index\.html, at the beginning: found e-mail \(name@domain\); expected none"):
        protect_index(page("<p>Ask jo.bell@trade.example.org.</p>"), "index.html", study, pages)
