import nbformat
import pytest
from sharing_demo import make_notebook

from engagement_lib.errors import StudyError
from engagement_lib.sharing.running import read_notebooks, run_notebook, title_of, write_notebook


def outputs(run):
    return ["".join(output.get("text", "") for output in cell.get("outputs", [])) for cell in run.notebook.cells]


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def test_notebooks_are_read_in_the_order_given(folder):
    paths = [folder / "b.ipynb", folder / "a.ipynb"]
    for path in paths:
        write_notebook(make_notebook("#md\n# Title"), path)
    assert list(read_notebooks(paths)) == paths


def test_all_that_is_wrong_with_notebooks_is_said_at_once(folder):
    for name in ("a.ipynb", "index.ipynb", "c.txt"):
        write_notebook(make_notebook("1"), folder / name)
    (folder / "other").mkdir()
    write_notebook(make_notebook("1"), folder / "other" / "a.ipynb")
    (folder / "broken.ipynb").write_bytes(b"no notebook")
    (folder / "wrong.ipynb").write_bytes(
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "poem"}]}'
    )
    (folder / "latin.ipynb").write_bytes(b"\xff\xfe")
    names = ["a.ipynb", "other/a.ipynb", "index.ipynb", "c.txt", "missing.ipynb", "broken.ipynb", "wrong.ipynb", "latin.ipynb"]
    with pytest.raises(StudyError) as caught:
        read_notebooks([folder / name for name in names])
    assert [problem.file.removeprefix(f"{folder}/") for problem in caught.value.problems] == names[1:]
    assert [problem.found for problem in caught.value.problems if problem.file.endswith("broken.ipynb")] == [
        "what is no notebook (it is not JSON)"
    ]


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        (["1", "#md\nIntroduction\n# What `people` *said* #"], "What people said"),
        (["#md\n## Only a section"], "01-a"),
        ([], "01-a"),
    ],
)
def test_the_title_is_the_first_heading_or_the_name_of_the_file(folder, cells, title):
    assert title_of(make_notebook(*cells), folder / "01-a.ipynb") == title


def test_a_notebook_runs_in_its_folder_with_its_parameters_and_keeps_none_of_them(folder, capfd):
    notebook = make_notebook("#parameters\nword = 'default'", "import os\nprint(word, os.getcwd())", "#md\nend")
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="from before")]
    run = run_notebook(notebook, folder=folder, parameters={"word": "given"})
    assert outputs(run) == ["", f"given {folder}\n", ""]
    assert (run.cell, run.error_name, run.error) == (0, "", "")
    assert [cell.source for cell in run.notebook.cells] == [cell.source for cell in notebook.cells]
    assert [cell.metadata for cell in run.notebook.cells] == [{"tags": ["parameters"]}, {}, {}]
    assert [cell.get("execution_count") for cell in run.notebook.cells] == [1, 2, None]
    assert "papermill" not in run.notebook.metadata
    assert notebook.cells[1].outputs[0].text == "from before"
    assert capfd.readouterr() == ("", "")


def test_a_cell_of_parameters_from_an_earlier_run_is_not_run(folder):
    notebook = make_notebook("#parameters\nword = 'default'", "word = 'earlier'", "print(word)")
    notebook.cells[1].metadata["tags"] = ["injected-parameters"]
    run = run_notebook(notebook, folder=folder, parameters={})
    assert outputs(run) == ["", "default\n"]


def test_a_cell_that_fails_is_counted_as_it_stands_in_the_notebook(folder):
    run = run_notebook(make_notebook("#md\nWhy?", "1", "raise KeyError('P07')", "2"), folder=folder, parameters={"word": "x"})
    assert (run.cell, run.error_name, run.error) == (3, "KeyError", "'P07'")
    assert [cell.source for cell in run.notebook.cells] == ["Why?", "1", "raise KeyError('P07')", "2"]
    assert run.notebook.cells[2].outputs[0].ename == "KeyError"
    assert run.notebook.cells[3].execution_count is None


def test_a_kernel_that_dies_is_a_failure_of_the_cell_that_ran(folder, capfd):
    run = run_notebook(make_notebook("1", "import os\nos._exit(1)", "2"), folder=folder, parameters={})
    assert (run.cell, run.error_name) == (2, "DeadKernelError")
    assert "The kernel died" in run.error
