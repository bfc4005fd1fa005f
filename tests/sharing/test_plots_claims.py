import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.plots import plot_claims, plot_triangulation

NAN = float("nan")
CLAIMS = pd.DataFrame(
    [
        ("C2", "Nobody asks", 0, 0, 0, NAN, NAN, NAN),
        ("C1", "Nobody hears back", 20, 9, 2, 0.45, 0.25, 0.65),
        ("C3", "Jargon", 10, 1, 4, 0.1, NAN, NAN),
    ],
    columns=["claim_id", "statement", "base", "supporting", "contradicting", "share", "low", "high"],
)
GRID = pd.DataFrame(
    [
        ("C1", "culture", "Nobody hears back", "survey", 20, 9, 0, 0),
        ("C1", "culture", "Nobody hears back", "", 20, 9, 1, 2),
        ("C2", "culture", "Jargon", "survey", 20, 0, 3, 0),
        ("C2", "culture", "Jargon", "", 20, 0, 0, 4),
        ("C3", "culture", "Skills", "survey", 20, 0, 0, 0),
        ("C3", "culture", "Skills", "", 0, 0, 0, 0),
    ],
    columns=["claim_id", "theme", "statement", "group", "base", "supporting", "qualifying", "contradicting"],
)


def texts(chart):
    return [text.get_text() for text in chart.figure.axes[0].texts]


def labels(chart):
    return [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]


@pytest.mark.parametrize("plot", [plot_claims, plot_triangulation])
def test_an_empty_table_gives_a_chart_that_says_why(plot):
    table = CLAIMS.head(0).assign(qualifying=0, group="") if plot is plot_triangulation else CLAIMS.head(0)
    chart = plot(table.drop(columns=[]), empty="Nothing was coded.")
    assert (chart.figure, chart.sentence) == (None, "Nothing was coded.")


@pytest.mark.parametrize("plot", [plot_claims, plot_triangulation])
def test_a_table_without_its_columns_is_refused(plot):
    with pytest.raises(TableError, match=plot.__name__):
        plot(pd.DataFrame({"nothing": [1]}))


def test_support_and_contradiction_stand_side_by_side_with_their_bases():
    chart = plot_claims(CLAIMS)
    assert labels(chart) == ["C1 Nobody hears back", "C2 Nobody asks", "C3 Jargon"]
    assert texts(chart) == [
        "9 of 20 support (0.25 to 0.65)",
        "2 of 20 contradict",
        "nobody was in scope",
        "1 of 10 support",
        "4 of 10 contradict",
    ]
    assert chart.sentence == (
        "Dot plot of the share of respondents who support each claim, with 95% intervals, and who contradict it: "
        "support highest C1 (9 of 20), lowest C3 (1 of 10); contradiction highest C3 (4 of 10), lowest C1 (2 of 20); "
        "n = 0 to 20 respondents."
    )


def test_a_grid_says_of_each_cell_what_is_heard_there():
    chart = plot_triangulation(GRID)
    assert labels(chart) == ["C1 Nobody hears back", "C2 Jargon", "C3 Skills"]
    assert [label.get_text() for label in chart.figure.axes[0].get_xticklabels()] == ["survey", "not stated"]
    assert chart.table["reading"].tolist() == ["supports", "mixed", "mixed", "contradicts", "silent", "nobody in scope"]
    assert texts(chart) == [
        "✓ supports",
        "9 for, 0 against\nof 20",
        "◐ mixed",
        "9 for, 2 against\n1 qualify, of 20",
        "◐ mixed",
        "0 for, 0 against\n3 qualify, of 20",
        "✗ contradicts",
        "0 for, 4 against\nof 20",
        "– silent",
        "0 for, 0 against\nof 20",
        "· nobody\nin scope",
    ]
    assert chart.sentence == (
        "Grid of 3 claims by group, 2 values: of 6 cells 1 in support, 2 mixed, 1 against, 1 silent, 1 with nobody in scope; "
        "most often silent: C3."
    )


def test_the_order_of_the_claims_does_not_matter():
    order = [4, 5, 0, 1, 2, 3]
    assert plot_triangulation(GRID.iloc[order]).sentence == plot_triangulation(GRID).sentence


def test_a_grid_without_a_column_for_its_groups_is_refused():
    with pytest.raises(TableError, match="no column beside those of an appraisal"):
        plot_triangulation(GRID.drop(columns="group"))


def test_a_grid_with_two_columns_for_its_groups_is_refused():
    with pytest.raises(TableError, match="group, nation beside"):
        plot_triangulation(GRID.assign(nation="Wales"))


def test_a_triangulation_by_kind_and_group_has_its_own_readings():
    rows = [("C1", "survey", "user", "agreement"), ("C1", "interview", "user", "not asked"), ("C2", "survey", "user", "silence")]
    table = pd.DataFrame(rows, columns=["claim_id", "kind", "group", "reading"]).assign(
        base=9, supporting=3, qualifying=0, contradicting=0, computed="", asked=9, basis="computed", sentence=""
    )
    chart = plot_triangulation(table)
    assert chart.sentence == (
        "Grid of 2 claims by kind and group, 2 values: of 3 cells 1 agreement, 0 partial, 0 dissonance, 1 silence, 1 not asked, "
        "0 silence or not asked, 0 nobody in scope; most often silent: C2."
    )
    assert chart.table["kind and group"].tolist() == ["survey, user", "interview, user", "survey, user"]
    assert plot_triangulation(table.head(0)).figure is None
