from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from sharing_demo import ANSWER, make_study, place_of

from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.sharing.pages import Page
from engagement_lib.sharing.sections import describe_waves, describe_work, list_claims, replies_table, theme_sections
from engagement_lib.tables import check_table

PAGES = [Page(f"{name}.ipynb", name, f"{name}.html", shows_all=True) for name in "ab"]
APPRAISED = pd.DataFrame(
    {
        "claim_id": ["C10", "C2", "C3"],
        "theme": ["skills", "culture", "culture"],
        "statement": ["Ten", "Two", "Three"],
        "supporting": [5, 4, 3],
        "contradicting": [0, 1, 2],
        "base": [9, 9, 9],
        "indicated": ["supported", "contested", "supported"],
    }
)


def two_waves(folder, **settings):
    study = make_study(folder, waves={"1": {"title": "Before"}, "2": {"title": "Replies", "prompted": True}}, **settings)
    return replace(study, sources=check_table("sources", study.sources.assign(wave=["1", "1", "2", "2"])))


def coded(study):
    start = ANSWER.index("Three spreadsheets")
    rows = [
        {"coding_id": "1", "source_id": "S1/gaps", "start": start, "end": start + 18, "code": "no-time", "coder": "AB"},
        {"coding_id": "2", "source_id": "S1/gaps", "start": start, "end": start + 18, "code": "no-time", "coder": "all"},
    ]
    layers = ["independent", "consensus"]
    return replace(study, codings=check_table("codings", pd.DataFrame(rows).assign(layer=layers)))


def table_of(html):
    rows = BeautifulSoup(html, "html.parser").find_all("tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]


def test_claims_stand_in_their_order_with_what_people_decided(tmp_path):
    claims = list_claims(make_study(tmp_path), APPRAISED)
    assert claims["claim_id"].tolist() == ["C2", "C3", "C10"]
    assert claims["verdict"].tolist() == ["not yet confirmed"] * 3
    assert APPRAISED.columns.tolist()[-1] == "indicated"


@pytest.mark.parametrize("known", [0, 1])
def test_no_claims_are_a_table_with_its_columns(tmp_path, known):
    study = make_study(tmp_path)
    claims = list_claims(replace(study, claims=study.claims.head(known)), None)
    assert claims.empty
    assert {"claim_id", "theme", "statement", "supporting", "contradicting", "base", "indicated", "verdict"} <= set(claims)


def test_a_claim_without_words_or_numbers_is_listed(tmp_path):
    row = list_claims(make_study(tmp_path), APPRAISED[["claim_id"]].head(1)).iloc[0]
    assert (row["theme"], row["statement"], row["indicated"], row["verdict"]) == ("", "", "", "not yet confirmed")
    assert pd.isna(row["base"])


def test_there_is_a_section_for_each_theme_of_the_frame_and_then_for_the_others(tmp_path):
    study = make_study(tmp_path, frame={"themes": ("tools", "skills")})
    places = {"claim-C3": [PAGES[1], PAGES[0]], "claim-C2": [PAGES[1]]}
    tools, skills, culture = theme_sections(study, list_claims(study, APPRAISED), places)
    assert (tools.name, tools.reference, tools.summary, tools.table) == (
        "Tools",
        "theme-tools",
        "No claim was set down for this theme.",
        "",
    )
    assert skills.summary == "1 claim: the numbers indicate 1 supported. Not yet confirmed."
    assert (culture.name, culture.reference) == ("Culture (outside the frame)", "theme-culture")
    assert table_of(culture.table) == [
        ["claim", "statement", "support it", "contradict it", "of people", "indicated verdict", "verdict"],
        ["C2", "Two", "4", "1", "9", "contested", "not yet confirmed"],
        ["C3", "Three", "3", "2", "9", "supported", "not yet confirmed"],
    ]
    assert culture.places == ((PAGES[0], "claim-C3"), (PAGES[1], "claim-C2"))
    assert skills.places == ()


def test_claims_without_a_theme_have_one_section(tmp_path):
    study = make_study(tmp_path)
    (section,) = theme_sections(study, list_claims(study, APPRAISED.assign(theme="")), {})
    assert (section.name, section.reference) == ("The claims", "")
    assert section.summary == "3 claims: the numbers indicate 2 supported and 1 contested. Not yet confirmed."


def test_without_claims_there_is_no_section_not_even_of_the_frame(tmp_path):
    study = make_study(tmp_path, frame={"themes": ("tools",)})
    assert theme_sections(study, list_claims(study, None), {}) == []


def test_a_summary_tells_what_people_decided(tmp_path):
    study = make_study(tmp_path)
    some = list_claims(study, APPRAISED.assign(theme="", verdict=["supported", "", "contested"]))
    assert theme_sections(study, some, {})[0].summary == (
        "3 claims: the numbers indicate 2 supported and 1 contested. People decided: 1 supported and 1 contested; "
        "1 not yet confirmed."
    )
    all_of_them = list_claims(study, APPRAISED.assign(theme="", verdict="contested", indicated=""))
    assert theme_sections(study, all_of_them, {})[0].summary == (
        "3 claims: the numbers indicate nothing yet. People decided: 3 contested."
    )


def test_one_wave_is_nothing_to_compare(tmp_path):
    assert describe_waves(make_study(tmp_path)) == []


def test_each_wave_is_described_and_replies_are_named(tmp_path):
    assert describe_waves(two_waves(tmp_path)) == [
        "Wave 1 (Before): 2 respondents.",
        "Wave 2 (Replies): 1 respondent, prompted by the draft and so counted for no verdict.",
    ]


def test_a_wave_that_the_settings_do_not_name_is_described_by_its_number(tmp_path):
    study = make_study(tmp_path)
    study = replace(study, sources=check_table("sources", study.sources.assign(wave=["1", "1", "2", "2"])))
    assert describe_waves(study) == ["Wave 1: 2 respondents.", "Wave 2: 1 respondent."]


def test_replies_stand_beside_what_was_heard_before(tmp_path):
    study = coded(two_waves(tmp_path))
    html = replies_table(study, list_claims(study, appraise_claims(study)))
    assert table_of(html) == [
        ["claim", "support it before", "of people", "support it in replies", "contradict it in replies", "of those who replied"],
        ["C1", "0", "2", "1", "0", "1"],
    ]


def test_there_is_no_table_of_replies_without_claims_codings_or_replies(tmp_path):
    study = two_waves(tmp_path)
    assert replies_table(coded(study), list_claims(study, None)) == ""
    assert replies_table(study, list_claims(study, APPRAISED)) == ""
    one = coded(make_study(tmp_path))
    assert replies_table(one, list_claims(one, APPRAISED)) == ""


def test_it_is_said_how_the_work_was_done(tmp_path):
    told = dict(describe_work(coded(make_study(tmp_path))))
    assert told["Texts"] == "4 sources: a transcript, or one answer to an open question."
    assert told["Coding"] == (
        "1 coding by 1 coder who worked alone, and 1 in consensus, with 2 codes. The consensus alone counts where it was sought; "
        "of every other source the codings of one coder count."
    )
    assert "insufficient below 5 people; contradicted where at least 50%" in told["Verdicts"]
    assert dict(describe_work(make_study(tmp_path)))["Coding"] == "Nothing is coded yet."


def test_numbers_that_a_table_hides_are_hidden_in_no_other_way(tmp_path):
    study = make_study(tmp_path, audience="public", cleared=[place_of(ANSWER, "diolch", "S1/gaps")])
    (section,) = theme_sections(study, list_claims(study, APPRAISED.assign(theme="", statement=ANSWER)), {})
    assert "spreadsheets" not in section.table
