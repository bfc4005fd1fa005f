import pytest
from sharing_demo import make_notebook

from engagement_lib.sharing.findings import is_written_for, name_study, without_findings

UNWRITTEN = "**Finding.** The commentary has still to be written for this study."


def texts(notebook):
    return [cell.source for cell in notebook.cells]


def test_prose_belongs_to_the_study_that_its_notebook_names():
    assert is_written_for(make_notebook("1", study_hash="abc"), "abc")
    assert not is_written_for(make_notebook("1", study_hash="abc"), "def")
    assert not is_written_for(make_notebook("1"), "abc")


def test_naming_a_study_leaves_the_notebook_as_it_was():
    notebook = make_notebook("1", study_hash="abc")
    assert is_written_for(name_study(notebook, "def"), "def")
    assert is_written_for(notebook, "abc")


@pytest.mark.parametrize(
    ("first", "left"),
    [
        ("# T\n\n**Finding.** All\nof them.\n\n**Reads.** Two.", f"# T\n\n{UNWRITTEN}\n\n**Reads.** Two."),
        ("# T\n\n**Finding.** All.\n**Reads.** Two.", f"# T\n\n{UNWRITTEN}\n**Reads.** Two."),
        ("**Finding.** All.", UNWRITTEN),
        ("# T\n\nThe word **Finding.** within a line", "# T\n\nThe word **Finding.** within a line"),
        ("# T", "# T"),
    ],
)
def test_the_finding_of_the_first_cell_is_replaced_and_nothing_else(first, left):
    assert texts(without_findings(make_notebook(f"#md\n{first}"))) == [left]


def test_cells_tagged_finding_are_left_out_and_others_stay():
    notebook = make_notebook("#md\nWhy?", "1 + 1", "#finding\nTwo.", "#md\n**Finding.** Later")
    assert texts(without_findings(notebook)) == ["Why?", "1 + 1", "**Finding.** Later"]
    assert len(notebook.cells) == 4


def test_code_tagged_finding_stays():
    notebook = make_notebook("1 + 1")
    notebook.cells[0].metadata["tags"] = ["finding"]
    assert texts(without_findings(notebook)) == ["1 + 1"]


def test_a_notebook_without_cells_stays_empty():
    assert texts(without_findings(make_notebook())) == []
