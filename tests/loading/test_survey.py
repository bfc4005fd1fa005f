"""Surveys: a source for every respondent and question."""

import csv
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.loading.survey import read_survey, why_empty
from engagement_lib.loading.text import normalise, sha256
from engagement_lib.tables import SCHEMAS, empty_table

SURVEY = """ref,role,Q6 What gets in the way?,Q7a,Q7b
R1,I use them,"Dim amser 🙈
None: of it",part one,part two
R2,I make them,,as above,
R3,,N/A,, only b
"""
QUESTIONS = {"barriers": "Q6 What gets in the way?", "last": ("Q7a", "Q7b")}


@pytest.fixture
def survey(write):
    return write("survey.csv", SURVEY)


def problems(path, **options):
    with pytest.raises(TableError) as caught:
        read_survey(path, **options)
    return [str(problem) for problem in caught.value.problems]


def test_every_respondent_and_question_is_a_source_with_the_reason_why_it_is_empty(survey):
    sources, _ = read_survey(survey, case="ref", questions=QUESTIONS, wave="2")
    texts = ["Dim amser 🙈\nNone: of it", "part one\npart two", "", "as above", "N/A", "only b"]
    expected = pd.DataFrame(
        {
            "source_id": ["R1/barriers", "R1/last", "R2/barriers", "R2/last", "R3/barriers", "R3/last"],
            "case_id": ["R1", "R1", "R2", "R2", "R3", "R3"],
            "kind": "survey",
            "question": ["barriers", "last"] * 3,
            "wave": "2",
            "level": "raw",
            "text": texts,
            "text_sha256": [sha256(text) for text in texts],
            "file_sha256": sha256(survey.read_bytes()),
            "origin": "survey.csv",
            "reason": ["", "", "blank", "as above", "not applicable", ""],
            "normalised": "",
        },
        dtype="str",
    )
    assert_frame_equal(sources, expected)


def test_closed_questions_are_variables_of_the_cases_by_the_studys_names(survey):
    _, cases = read_survey(
        survey, case="ref", questions=QUESTIONS, attributes={"group": "role"}, values={"group": {"I use them": "user"}}
    )
    assert_frame_equal(cases, pd.DataFrame({"case_id": ["R1", "R2", "R3"], "group": ["user", "I make them", ""]}, dtype="str"))


def test_a_survey_may_ask_closed_questions_only(survey):
    sources, cases = read_survey(survey, case="ref", questions={})
    assert_frame_equal(sources, empty_table("sources"))
    assert cases["case_id"].tolist() == ["R1", "R2", "R3"]


def test_a_survey_without_respondents_gives_empty_tables(write):
    sources, cases = read_survey(write("survey.csv", "ref,answer\n"), case="ref", questions={"a": "answer"})
    assert_frame_equal(sources, empty_table("sources"), check_index_type=False)
    assert_frame_equal(cases, empty_table("cases"), check_index_type=False)


def test_a_sheet_of_a_workbook_may_hold_the_survey(write, workbook):
    path = write("survey.xlsx", workbook(Notes=[["note"]], Answers=[["ref", "answer"], [1, "Yes."]]))
    sources, _ = read_survey(path, case="ref", questions={"a": "answer"}, sheet="Answers")
    assert sources[["source_id", "text"]].to_numpy().tolist() == [["1/a", "Yes."]]


def test_every_column_that_is_not_there_is_named_with_those_that_are(survey):
    there = "'ref', 'role', 'Q6 What gets in the way?', 'Q7a', 'Q7b'"
    found = problems(survey, case="id", questions={"last": ("Q7a", "Q7c")}, attributes={"group": "Role"})
    assert found == [
        f"survey.csv, header: found the columns {there}; expected a column '{name}'. Mend the name in study.toml or in the file."
        for name in ("id", "Q7c", "Role")
    ]


def test_values_for_a_variable_without_a_column_are_named(survey):
    found = problems(survey, case="ref", questions=QUESTIONS, attributes={"group": "role"}, values={"sector": {}})
    assert found == [
        "survey.csv: found values for a variable 'sector'; expected one of group. Give it a column under attributes."
    ]


def test_every_respondent_without_an_id_or_with_anothers_is_named(write):
    path = write("survey.csv", "ref,answer\nR1,one\n,two\nR2,three\nR1,four\n  ,five\n")
    assert problems(path, case="ref", questions={"a": "answer"}) == [
        "survey.csv, row 3: found no respondent id; expected a value in 'ref'. Give the row an id, or take it out.",
        "survey.csv, row 6: found no respondent id; expected a value in 'ref'. Give the row an id, or take it out.",
        "survey.csv, row 5: found respondent 'R1' a second time; expected one row a respondent. Give one another id.",
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "blank"),
        (" \n\t", "blank"),
        ("n/a", "not applicable"),
        ("N.  A.", "not applicable"),
        ("n / a", "not applicable"),
        ("N.A.", "not applicable"),
        ("NA", "not applicable"),
        ("Nil", "not applicable"),
        ("(none)", "not applicable"),
        ("No comment.", "not applicable"),
        ("-", "not applicable"),
        ("...?!", "not applicable"),
        ("__", "not applicable"),
        ("As above", "as above"),
        ("same as before!", "as above"),
        ("see above", "as above"),
        ("Dim byd", ""),
        ("None of them ring back", ""),
        ("Nothing works", ""),
        ("//NO", ""),
        ("👍", ""),
        ("7", ""),
        ("لا", ""),
    ],
)
def test_an_answer_says_why_there_is_nothing_to_analyse(answer, reason):
    assert why_empty(answer) == reason


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.lists(st.sampled_from(["n/a", "as above", "not applicable", "No.", " ", ".", "- ", "I wrote it above"]), max_size=12))
def test_what_follows_an_answer_does_not_change_why_it_is_empty(parts):
    answer = "".join(parts).strip() or "n/a"
    assert why_empty(answer) == why_empty(f"{answer},,")


@settings(deadline=None)
@given(st.integers(0, 4).flatmap(lambda q: st.tuples(st.just(q), st.lists(st.lists(CELLS, min_size=q, max_size=q), max_size=6))))
def test_there_are_as_many_sources_as_respondents_times_questions_and_no_word_is_lost(survey_size_and_cells):
    n_questions, answers = survey_size_and_cells
    header = ["ref", *(f"q{n}" for n in range(n_questions))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *([f"R{n}", *row] for n, row in enumerate(answers))])
        sources, cases = read_survey(path, case="ref", questions={name: name for name in header[1:]})
    assert len(sources) == len(answers) * n_questions
    assert len(cases) == len(answers)
    assert sources["text"].tolist() == [normalise(cell).strip() for row in answers for cell in row]
    assert sources.dtypes.astype(str).to_dict() == dict(SCHEMAS["sources"].columns)
