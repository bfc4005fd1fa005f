"""What a problem says."""

import pytest

from engagement_lib.errors import EngagementError, Problem, StudyError, TableError, TranscriptError

CELL = Problem("cases.csv", "row 7", "no case_id", "a value in 'case_id'", "Fill the cell.")
FILE = Problem("P01.docx", "", "no words", "at least one turn", "Export it again.")


def test_a_problem_says_where_it_is_what_was_found_and_what_to_do():
    assert str(CELL) == "cases.csv, row 7: found no case_id; expected a value in 'case_id'. Fill the cell."


def test_a_problem_of_a_whole_file_names_no_place():
    assert str(FILE) == "P01.docx: found no words; expected at least one turn. Export it again."


def test_an_error_carries_every_problem_in_order():
    error = EngagementError([CELL, FILE])
    assert error.problems == [CELL, FILE]
    assert str(error) == f"{CELL}\n{FILE}"


def test_an_error_may_be_about_one_problem():
    assert EngagementError(FILE).problems == [FILE]


def test_an_error_may_be_given_its_problems_one_by_one():
    assert EngagementError(problem for problem in (CELL, FILE)).problems == [CELL, FILE]


@pytest.mark.parametrize("kind", [StudyError, TableError, TranscriptError])
def test_every_error_can_be_caught_as_one_kind(kind):
    assert issubclass(kind, EngagementError)
    assert issubclass(kind, ValueError)


def test_a_name_with_a_line_break_stays_one_line():
    assert str(Problem("P01\n.txt", "", "a\tb", "c", "D.")) == "P01\\n.txt: found a\tb; expected c. D."
