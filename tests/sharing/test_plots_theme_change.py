import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.plots import plot_theme_flow, plot_theme_map


def flow(*ways):
    return pd.DataFrame(list(ways), columns=["old_theme_id", "theme_id", "segments"])


def test_the_flow_says_who_stays_where_new_ones_go_and_what_came_and_went():
    chart = plot_theme_flow(flow(("T01", "T01", 30), ("T02", "T01", 10), ("", "T01", 4), ("", "T03", 6)))
    assert str(chart) == (
        "Flow chart of 40 old and 10 new segments in 2 themes: 30 of 40 old segments stay in their theme; most new ones go to "
        "T03 (6 of 10); not there before: T03 (6); gone: T02."
    )
    assert chart.table["old_theme_id"].tolist() == ["new responses", "new responses", "T01", "T02"]
    written = {text.get_text() for text in chart.figure.axes[0].texts}
    assert {"T01", "T02", "T03", "new responses", "last run", "this run"} <= written


def test_one_segment_stays():
    assert "1 of 1 old segment stays in their theme" in str(plot_theme_flow(flow(("T01", "T01", 1))))


def test_a_first_run_has_only_new_segments():
    chart = plot_theme_flow(flow(("", "T01", 3)))
    assert str(chart) == "Flow chart of 0 old and 3 new segments in 1 theme: most new ones go to T01 (3 of 3)."


def test_of_many_themes_the_largest_are_drawn_and_the_table_has_all():
    chart = plot_theme_flow(flow(("T01", "T01", 30), ("T02", "T02", 10), ("T03", "T03", 5)), top=2)
    assert str(chart).endswith("; the first 2 of 3 themes are drawn.")
    assert len(chart.table) == 3
    assert "T03" not in {text.get_text() for text in chart.figure.axes[0].texts}


def test_no_flow_says_so():
    assert str(plot_theme_flow(flow(), empty="Nothing yet.")) == "Nothing yet."


def places(*rows):
    return pd.DataFrame(list(rows), columns=["theme_id", "x", "y", "respondents", "held", "keywords"])


def test_the_map_names_the_nearest_and_the_farthest():
    rows = [("T01", 0, 0, 9, 0.6, "time, hours, week"), ("T02", 0, 0.5, 5, 0.6, "maps"), ("T03", 3, 4, 7, 0.6, "")]
    chart = plot_theme_map(places(*rows))
    assert str(chart) == (
        "Map of 3 themes: nearest T01 and T02 (0.50), farthest T01 and T03 (5.00). "
        "The two axes hold 0.60 of what sets themes apart."
    )
    assert [text.get_text() for text in chart.figure.axes[0].texts] == ["T01 time, hours", "T03", "T02 maps"]


def test_a_label_stands_to_the_left_of_a_theme_beside_another():
    rows = [("T01", 0, 0, 9, 0.6, ""), ("T02", 0.2, 0, 5, 0.6, ""), ("T03", 1, 1, 4, 0.6, "")]
    sides = {text.get_text(): text.get_ha() for text in plot_theme_map(places(*rows)).figure.axes[0].texts}
    assert sides == {"T01": "right", "T02": "left", "T03": "left"}


def test_only_so_many_labels_are_written():
    rows = [("T01", 0, 0, 9, 0.6, ""), ("T02", 0.2, 0, 5, 0.6, ""), ("T03", 1, 1, 4, 0.6, "")]
    chart = plot_theme_map(places(*rows), top=2)
    assert str(chart).endswith("; the first 2 of 3 labels are drawn.")


def test_two_themes_have_one_distance():
    chart = plot_theme_map(places(("T01", 0, 0, 9, 1.0, ""), ("T02", 1, 0, 5, 1.0, "")))
    assert str(chart).startswith("Map of 2 themes: T01 and T02 lie 1.00 apart.")


def test_one_theme_makes_no_map():
    assert str(plot_theme_map(places(("T01", 0, 0, 9, float("nan"), "")))) == "There are too few themes for a map."


@pytest.mark.parametrize("plot", [plot_theme_flow, plot_theme_map])
def test_a_table_that_lacks_columns_is_refused(plot):
    with pytest.raises(TableError, match="theme_id"):
        plot(pd.DataFrame({"code": ["no-time"]}))
