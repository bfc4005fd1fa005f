import pandas as pd
import pytest

from engagement_lib.coding.page.static import static_html
from engagement_lib.tables import check_table, empty_table

SOURCES = check_table(
    "sources",
    pd.DataFrame(
        {"source_id": ["P02", "P01"], "kind": "interview", "text": ["No <b>time</b>, ever.", "Nobody rings back. Nobody."]}
    ),
)
CODINGS = check_table(
    "codings",
    pd.DataFrame(
        [
            ("c1", "P02", 0, 15, "no-time", "supports", "No <b>time</b>,"),
            ("c2", "P02", 3, 21, "hours&more", "qualifies", "<b>time</b>, ever."),
            ("c3", "P02", 0, 15, "no-time", "supports", "No <b>time</b>,"),
            ("c4", "P01", 7, 12, "no-reply", "supports", "rings"),
        ],
        columns=["coding_id", "source_id", "start", "end", "code", "stance", "quote"],
    ).assign(coder="AB", layer="independent"),
)


def test_cleared_passages_stand_in_the_order_of_the_sources_with_their_codes_as_text():
    assert static_html(CODINGS, SOURCES, {("P01", 0, 18), ("P02", 0, 15)}, coder="A&B") == (
        '<section class="eng-coded" aria-label="Coded passages">'
        "<p>Coding by A&amp;B. 2 coded passages that may be quoted:</p><ul>"
        '<li><blockquote><p dir="auto">No &lt;b&gt;time&lt;/b&gt;,</p></blockquote>'
        "<p>P02. Coded: hours&amp;more (qualifies); no-time (supports).</p></li>"
        '<li><blockquote><p dir="auto">Nobody rings back.</p></blockquote>'
        "<p>P01. Coded: no-reply (supports).</p></li></ul></section>"
    )


@pytest.mark.parametrize(
    "cleared",
    [set(), {("P01", 19, 26)}, {("P01", 90, 99)}, {("P99", 0, 5)}],
    ids=["nothing", "not coded", "outside", "another study"],
)
def test_without_a_coded_passage_that_is_cleared_no_words_are_shown(cleared):
    html = static_html(CODINGS, SOURCES, cleared, coder="AB")
    assert "No coded passage is cleared to be shown here; the texts stay in the study." in html
    assert [word for word in ("rings", "time<", "ever") if word in html] == []


def test_one_passage_is_said_to_be_one():
    assert "1 coded passage that may be quoted:" in static_html(CODINGS, SOURCES, {("P01", 0, 18)}, coder="AB")


def test_nothing_coded_shows_nothing():
    assert "blockquote" not in static_html(empty_table("codings"), SOURCES, {("P01", 0, 18)}, coder="AB")
