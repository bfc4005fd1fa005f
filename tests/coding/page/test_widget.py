"""The widget by itself, and in the page that a notebook is rendered to."""

import json
import subprocess
import sys
from dataclasses import replace
from html import escape

import nbformat
import pandas as pd
import pytest

from engagement_lib.desk import code_interactively
from engagement_lib.errors import EngagementError
from engagement_lib.sharing.gate import uncleared_passages
from engagement_lib.sharing.pages import Frame, Page, render_notebook
from engagement_lib.sharing.running import Run
from engagement_lib.tables import check_table

VIEW = "application/vnd.jupyter.widget-view+json"
CODE = {"kind": "code", "id": "coding-a1", "source_id": "P01", "start": 107, "end": 164, "code": "no-time"}
WORDS = "I don't. We never have the time 🙂, and nobody rings back."


@pytest.fixture
def cleared(study, clock):
    """The study with one long passage that may be quoted."""
    row = {"event_id": "e1", "at": "2020-10-01", "author": "EF", "kind": "quote cleared", "about_type": "passage"}
    return replace(study, events=check_table("events", pd.DataFrame([row | {"about_id": "P01:107-164"}])), audience="public")


@pytest.fixture
def widget(cleared, clock):
    return code_interactively(cleared, coder="AB", source_id="P01", clock=clock)


def sent(widget, monkeypatch, message):
    replies = []
    monkeypatch.setattr(widget, "send", replies.append)
    widget._receive(widget, message, [])
    return replies[0]


def rendered(bundle, audience):
    output = nbformat.v4.new_output("display_data", data=bundle)
    cell = nbformat.v4.new_code_cell("code_interactively(study)", outputs=[output])
    page = Page("a.ipynb", "A page", "a.html", shows_all=audience == "team")
    frame = Frame("A study", synthetic=False, audience_words=audience, run_id="r1", hash="h", pages=(page,))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page"), cell])
    return render_notebook(Run(notebook, 0, "", ""), page, frame)[0]


def test_a_message_is_answered_by_the_desk(widget, monkeypatch):
    assert sent(widget, monkeypatch, {"kind": "ping", "request": "r1"}) == {"request": "r1", "kind": "alive"}


def test_the_state_that_a_notebook_may_keep_holds_no_words_of_anybody(widget, monkeypatch):
    sent(widget, monkeypatch, CODE)
    state = widget.get_state()
    assert state["heading"] == "Coding as AB"
    state = json.dumps({name: value for name, value in state.items() if name not in ("_esm", "_css")}, default=str)
    assert [words for words in ("never", "no-time", "Helen") if words in state] == []


def test_where_nothing_runs_the_cleared_coded_passages_stand_in_the_page_s_place(widget, monkeypatch):
    assert "No coded passage is cleared" in widget._repr_html_()
    sent(widget, monkeypatch, CODE)
    data, metadata = widget._repr_mimebundle_()
    assert metadata == {}
    assert set(data) == {"text/plain", "text/html", VIEW}
    assert (
        f'<blockquote><p dir="auto">{escape(WORDS)}</p></blockquote><p>P01. Coded: no-time (supports).</p>' in data["text/html"]
    )
    assert WORDS not in data["text/plain"]


@pytest.mark.parametrize("audience", ["team", "public"])
def test_a_report_shows_the_cleared_passages_and_no_other_words(widget, monkeypatch, cleared, audience):
    sent(widget, monkeypatch, CODE)
    sent(widget, monkeypatch, CODE | {"id": "coding-a2", "start": 200, "end": 300})
    page = rendered(widget._repr_mimebundle_()[0], audience)
    assert WORDS in page
    assert "Run this cell in JupyterLab" not in page
    assert len(uncleared_passages(page, cleared, words=3)) == 0


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_the_page_is_rendered(widget, monkeypatch, page, scheme, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    sent(widget, monkeypatch, CODE)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 700})
    (tmp_path / "a.html").write_text(rendered(widget._repr_mimebundle_()[0], "public"), encoding="utf-8")
    page.goto((tmp_path / "a.html").as_uri())
    assert axe.Axe().run(page).response["violations"] == []
    assert page.get_by_role("region", name="Coded passages").get_by_role("listitem").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_of_a_consensus_the_static_page_shows_what_was_settled(cleared, clock, monkeypatch):
    widget = code_interactively(cleared, coder="EF", compare=("AB", "CD"), source_id="P01", clock=clock)
    assert widget.heading == "Coding as consensus"
    sent(widget, monkeypatch, CODE)
    assert "Coding by consensus. 1 coded passage" in widget._repr_html_()


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"coder": " "}, "coder"),
        ({"coder": "consensus"}, "coder"),
        ({"coder": "EF", "compare": "AB"}, "compare"),
        ({"coder": "EF", "compare": ("AB",)}, "compare"),
        ({"coder": "EF", "compare": ("AB", "AB")}, "compare"),
        ({"coder": "EF", "compare": ("AB", "consensus")}, "compare"),
        ({"coder": "EF", "source_id": "P99"}, "source_id"),
    ],
)
def test_a_name_that_is_none_is_refused(study, options, place):
    with pytest.raises(EngagementError) as refused:
        code_interactively(study, **options)
    assert refused.value.problems[0].place == place


def test_whoever_is_compared_may_settle(study):
    assert code_interactively(study, coder="AB", compare=("AB", "CD")).desk.settled_by == "AB"


def test_importing_the_desk_loads_no_widget():
    script = "import engagement_lib, engagement_lib.desk, sys; print('anywidget' in sys.modules, 'ipywidgets' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    assert said.split() == ["False", "False"]
