import pandas as pd
import pytest

from engagement_lib.evidence.asked import check_asked, topics_of_claims, topics_put

CODEBOOK = [{"code": "no-time", "theme": "capability"}, {"code": "jargon", "theme": "culture"}]
CLAIMS = [
    {"claim_id": "C1", "statement": "Time is short.", "codes": "+no-time", "theme": "capability"},
    {"claim_id": "C2", "statement": "Words are hard.", "codes": "+jargon -no-time", "theme": "culture"},
    {"claim_id": "C3", "statement": "Nobody rings.", "codes": ""},
]


def survey(*rows):
    """Answers from (respondent, question, text); "" is a blank."""
    return [
        {"source_id": f"{case}/{question}", "case_id": case, "kind": "survey", "wave": "1", "question": question, "text": text}
        | ({} if text else {"reason": "blank"})
        for case, question, text in rows
    ]


def test_every_question_was_put_to_whoever_answered_one_of_them(make_study, talk):
    interview, _ = talk("I1", ("Ann", "participant", "No time."), case_id="A")
    webinar, _ = talk("W1", ("Ann", "participant", "No time."), ("Bob", "participant", "None."), kind="webinar")
    answered = survey(("A", "time", "No time."), ("A", "else", ""), ("B", "time", ""), ("B", "else", ""))
    study = make_study(sources=[*answered, interview, webinar])
    assert topics_put(study)[["respondent", "kind", "topic"]].to_numpy().tolist() == [
        ["A", "interview", "interview"],
        ["A", "survey", "else"],
        ["A", "survey", "time"],
        ["W1", "webinar", "webinar"],
    ]


def test_questions_of_a_prompted_wave_are_put_in_that_wave_alone(make_study):
    later = [row | {"source_id": f"{row['source_id']}/2", "wave": "2"} for row in survey(("A", "draft", "Fine."))]
    study = make_study(settings={"waves": {"2": {"prompted": True}}}, sources=[*survey(("A", "time", "No time.")), *later])
    assert topics_put(study)["topic"].tolist() == ["time"]
    assert topics_put(study, prompted=True)["topic"].tolist() == ["draft"]


def test_without_words_nothing_was_put_to_anybody(make_study):
    table = topics_put(make_study())
    assert table.empty
    assert list(table.columns) == ["respondent", "kind", "wave", "topic"]


@pytest.mark.parametrize(
    ("about", "claims"),
    [("C1", ["C1"]), ("culture", ["C2"]), ("no-time", ["C1", "C2"]), ("*", ["C1", "C2", "C3"]), ("nothing", [])],
)
def test_a_question_asks_about_claims_by_id_theme_or_code(make_study, about, claims):
    study = make_study(settings={"asked": {"time": (about,), "else": ()}}, claims=CLAIMS, codebook=CODEBOOK)
    assert topics_of_claims(study) == {claim: ["time"] if claim in claims else [] for claim in ("C1", "C2", "C3")}


SURVEY = {"file": "s.csv", "case": "ref", "questions": {"time": "Q1"}}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"time": ("*", "C1", "culture", "jargon"), "interview": ("capability",), "else": ()}, []),
        ({"tiem": ("C1",)}, ["key 'asked.tiem': found 'tiem'; expected one of interview, webinar, survey, comment, else, time."]),
        ({"time": ("jargn",)}, ["found 'jargn'; expected a claim, theme or code of the study, or '*'. Did you mean 'jargon'?"]),
        ({"time": ("",)}, ["found ''; expected a claim, theme or code of the study, or '*'. Mend the name, or take it out."]),
    ],
)
def test_what_is_misspelt_is_named(make_study, asked, found):
    settings = {"asked": asked, "questions": {"else": "Anything else?"}, "surveys": (SURVEY,)}
    problems = [str(problem) for problem in check_asked(make_study(settings=settings, claims=CLAIMS, codebook=CODEBOOK))]
    assert len(problems) == len(found)
    assert all(part in problem for part, problem in zip(found, problems, strict=True))


@pytest.mark.parametrize("unread", [["claims.csv"], ["codebook.csv"]])
def test_names_are_not_held_against_what_could_not_be_read(make_study, unread):
    files = {"claims": "claims.csv", "codebook": "codebook.csv"}
    study = make_study(settings={"asked": {"interview": ("C1",)}, **files})
    assert len(list(check_asked(study))) == 1
    assert list(check_asked(study, unread=unread)) == []


def test_a_claim_without_a_theme_is_not_asked_about_by_a_name_that_is_empty(make_study):
    study = make_study(settings={"asked": {"time": ("",)}}, claims=CLAIMS[2:])
    assert topics_of_claims(study) == {"C3": []}
    assert isinstance(topics_put(study), pd.DataFrame)
