"""The coding page in `engagement report`, where nothing runs: cleared passages as static HTML, and no other words."""

from datetime import UTC, datetime

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from engagement_lib.cli import app
from engagement_lib.coding.events import CODING_ADDED, make_event
from engagement_lib.coding.store import append_events
from engagement_lib.study import new_study, open_study

SETTINGS = '[[transcripts]]\nfiles = "interviews/*"\nkind = "interview"\nwave = "1"\nlevel = "public"\ninterviewers = ["Helen"]\n'
CLEARED, OTHER = "We never have the time.", "Nobody rings back."
WORDS = f"Helen: Who uses it?\nP01: {CLEARED} {OTHER}\nHelen: Why?\nP01: Nobody knows.\n"
CELLS = [
    nbformat.v4.new_markdown_cell("# What was coded"),
    nbformat.v4.new_code_cell('study_folder = ""\naudience = "team"', metadata={"tags": ["parameters"]}),
    nbformat.v4.new_code_cell(
        "import engagement_lib as eng\n\n"
        'eng.code_interactively(eng.open_study(study_folder, audience=audience), source_id="P01", coder="AB")'
    ),
]


@pytest.fixture
def folder(tmp_path):
    """A study of one interview with two codings, one on a passage that was cleared, and a notebook with the coding page."""
    there = tmp_path / "pilot"
    new_study(there)
    (there / "interviews" / "P01.txt").write_text(WORDS, encoding="utf-8")
    settings = (there / "study.toml").read_text(encoding="utf-8").replace('coder = ""', 'coder = "AB"', 1)
    (there / "study.toml").write_text(settings + SETTINGS, encoding="utf-8")
    (there / "cases.csv").write_text("case_id,group\nP01,producer\n", encoding="utf-8")
    (there / "codebook.csv").write_text("code,definition\nno-time,Too few hours.\n", encoding="utf-8")
    text = open_study(there).sources["text"].iloc[0]
    events = [make_event("quote cleared", place(text, CLEARED), author="EF", reason="Agreed.")]
    for words in (CLEARED, OTHER):
        start = text.index(words)
        value = {"source_id": "P01", "start": start, "end": start + len(words), "code": "no-time", "coder": "AB", "quote": words}
        events.append(make_event(CODING_ADDED, words, author="AB", value=value))
    append_events(there, pd.DataFrame(events), now=datetime(2020, 10, 2, 9, tzinfo=UTC))
    notebook = nbformat.v4.new_notebook(cells=CELLS)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "01-code.ipynb")
    return there


def place(text, words):
    return f"P01:{text.index(words)}-{text.index(words) + len(words)}"


@pytest.mark.parametrize(("audience", "who"), [("team", "P01"), ("public", "[a respondent]")])
def test_a_report_shows_the_coded_passages_that_are_cleared_and_no_others(folder, tmp_path, audience, who):
    options = ["--audience", audience, "--out", str(tmp_path / "out"), "--notebooks", str(tmp_path / "notebooks")]
    run = CliRunner().invoke(app, ["report", str(folder), *options])
    assert run.exit_code == 0, run.output
    html = next((tmp_path / "out").glob("*/01-code.html")).read_text(encoding="utf-8")
    coded = BeautifulSoup(html, "html.parser").find("section", attrs={"aria-label": "Coded passages"})
    assert [quote.get_text() for quote in coded.find_all("blockquote")] == [CLEARED]
    assert f"{who}. Coded: no-time (supports)." in coded.get_text()
    assert OTHER not in html
    assert "widget-view" not in html
