"""The commands that compare releases and write the form for comments, as somebody types them."""

import json
from datetime import datetime

import pytest
from sharing_demo import make_notebook, make_study
from typer.testing import CliRunner

from engagement_lib.cli import app
from engagement_lib.sharing.printing import BROWSER
from engagement_lib.sharing.report import write_report
from engagement_lib.sharing.running import write_notebook

STUDY = {
    "study.toml": 'title = "Pilot"\nclaims = "claims.csv"\n',
    "claims.csv": "claim_id,statement\nC1,Close the loop.\n",
}


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def study(tmp_path):
    for name, text in STUDY.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_two_releases_are_compared_and_the_page_lies_in_the_later_one(run, tmp_path):
    old, new = (write_report(make_study(tmp_path), notebooks=[], out=tmp_path, run_id=name).folder for name in "ab")
    result = run("compare", old, new)
    assert result.exit_code == 0
    assert "release        1" in result.output
    assert f"The page is at {new / 'changes.html'}" in result.output
    assert "What changed since run a" in (new / "changes.html").read_text(encoding="utf-8")
    assert run("compare", old, new, "--out", tmp_path / "page.html").exit_code == 0
    assert (tmp_path / "page.html").exists()


def test_a_report_leaves_out_what_it_is_told_to_and_says_what_could_not_be_made(run, study, monkeypatch):
    monkeypatch.setenv(BROWSER, str(study / "none"))
    (study / "notebooks").mkdir()
    write_notebook(make_notebook("#md\n# A"), study / "notebooks" / "a.ipynb")
    words = ("report", study, "--out", study / "out", "--notebooks", study / "notebooks", "--leave-out", "docx")
    result = run(*words)
    assert result.exit_code == 0
    assert "No report.pdf was made: no Chromium, Chrome or Edge was found on this machine." in result.output
    (folder,) = (study / "out").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "a.html",
        "index.html",
        "manifest.json",
        "tables.xlsx",
    ]
    told = json.loads((folder / "manifest.json").read_text())
    assert (told["run"], told["made"]) == (folder.name, datetime.strptime(folder.name, "%Y-%m-%dT%H%M%S%z").isoformat())


def test_what_is_no_release_is_named(run, tmp_path):
    result = run("compare", tmp_path, tmp_path)
    assert result.exit_code == 1
    assert "found no manifest.json; expected a folder with a release" in result.output


def test_the_form_is_written(run, study):
    result = run("comments-form", study, "--out", study / "form.csv")
    assert result.output == f"The form is at {study / 'form.csv'}\n"
    assert (study / "form.csv").read_text().startswith("reference,about,comment\nclaim-C1,Close the loop.,\n")


def test_a_form_of_another_kind_is_refused(run, study):
    result = run("comments-form", study, "--out", study / "form.pdf")
    assert result.exit_code == 1
    assert "found the ending '.pdf'" in result.output


@pytest.mark.parametrize("command", ["compare", "comments-form"])
def test_both_commands_have_help_with_an_example(run, command):
    result = run(command, "--help")
    assert f"Example: engagement {command}" in result.output
