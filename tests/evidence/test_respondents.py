import pytest

from engagement_lib.coding.passages import case_values
from engagement_lib.evidence.respondents import counted_passages, eligible_respondents, has_codings, participant_turns

CODEBOOK = [{"code": "no-time"}]


@pytest.fixture
def study(make_study, answers, talk, coded):
    interview, [_, (start, end)] = talk(
        "I1", ("Helen", "interviewer", "Have you time?"), ("P1", "participant", "None at all."), case_id="P1"
    )
    return make_study(
        sources=[interview, *answers("P1", "P2")],
        cases=[{"case_id": "P1", "group": "producer", "nation": "Wales"}],
        codebook=CODEBOOK,
        codings=coded(("I1", "no-time", "supports"), start=start, end=end),
    )


def test_only_participants_turns_are_taken_and_each_has_its_respondent(study):
    turns = participant_turns(study)
    assert turns[["source_id", "role", "respondent"]].to_numpy().tolist() == [
        ["I1", "participant", "P1"],
        ["P1/q1/1", "participant", "P1"],
        ["P2/q1/1", "participant", "P2"],
    ]


def test_the_eligible_are_listed_by_respondent_and_source(study):
    assert eligible_respondents(study).to_numpy().tolist() == [
        ["P1", "I1", "interview", "1"],
        ["P1", "P1/q1/1", "survey", "1"],
        ["P2", "P2/q1/1", "survey", "1"],
    ]


def test_a_passage_that_counts_knows_who_said_it(study):
    columns = ["source_id", "code", "case_id", "kind", "wave", "respondent"]
    assert counted_passages(study)[columns].to_numpy().tolist() == [["I1", "no-time", "P1", "interview", "1", "P1"]]


def test_a_variable_says_not_stated_of_those_whom_the_cases_do_not_know(study):
    eligible = eligible_respondents(study)
    assert case_values(eligible, study.cases, "nation").tolist() == ["Wales", "Wales", "not stated"]
    assert case_values(eligible, study.cases, "kind").tolist() == ["interview", "survey", "survey"]


def test_codings_by_rule_are_no_codings_that_count(make_study, answers, coded):
    rows = [row | {"layer": "rule"} for row in coded(("P1/q1/1", "no-time", "supports"))]
    study = make_study(sources=answers("P1"), codebook=CODEBOOK, codings=rows)
    assert not has_codings(study)
    assert counted_passages(study).empty
