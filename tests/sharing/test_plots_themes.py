import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.plots import plot_curve, plot_themes, plot_waves

NAN = float("nan")
PLOTS = {
    plot_themes: ("theme_id", "keywords", "respondents", "share"),
    plot_curve: ("n_themes", "score"),
    plot_waves: ("theme_id", "wave", "share"),
}


def texts(chart):
    return [text.get_text() for text in chart.figure.axes[0].texts]


def labels(chart):
    return [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]


@pytest.mark.parametrize(("plot", "columns"), PLOTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_an_empty_table_gives_a_chart_that_says_why(plot, columns):
    table = pd.DataFrame({column: pd.Series(dtype="float64") for column in columns})
    chart = plot(table, empty="Nobody was asked.")
    assert (chart.figure, chart.sentence) == (None, "Nobody was asked.")


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.__name__)
def test_a_table_without_its_columns_is_refused(plot):
    with pytest.raises(TableError, match=plot.__name__):
        plot(pd.DataFrame({"nothing": [1]}))


def test_themes_are_named_by_their_keywords_whether_text_or_list():
    themes = pd.DataFrame(
        {"theme_id": ["T1", "T2", "T3"], "keywords": [["a", "b"], "c", None], "respondents": [3, 5, 1], "share": [0.3, 0.5, NAN]}
    )
    chart = plot_themes(themes)
    assert labels(chart) == ["T2 c", "T1 a, b", "T3"]
    assert texts(chart) == ["5 respondents, share 0.50", "3 respondents, share 0.30", "1 respondent"]
    assert chart.sentence.endswith("lowest T3 (1 respondent); n = 3 themes.")


def test_a_theme_whose_count_is_withheld_says_so():
    themes = pd.DataFrame({"theme_id": ["T1", "T2"], "keywords": "a", "respondents": [6.0, NAN], "share": [0.5, NAN]})
    assert texts(plot_themes(themes)) == ["6 respondents, share 0.50", "not shown"]


def test_the_three_best_numbers_of_themes_are_marked_fewest_first():
    curve = pd.DataFrame({"n_themes": [5, 2, 4, 3, 6], "score": [0.3, 0.1, 0.4, 0.4, NAN]})
    chart = plot_curve(curve)
    assert texts(chart) == ["best: 3", "second: 4", "third: 5"]
    assert chart.sentence == "Line chart of score by number of themes, 2 to 5: best 3 (0.40), second 4 (0.40), third 5 (0.30)."


def test_a_curve_of_one_point_can_be_drawn():
    assert plot_curve(pd.DataFrame({"n_themes": [2], "score": [0.1]})).sentence.endswith("2 to 2: best 2 (0.10).")


def test_a_curve_falls_on_both_sides_of_its_best():
    assert texts(plot_curve(pd.DataFrame({"n_themes": [2, 3, 4], "score": [0.2, 0.4, 0.3]}))) == [
        "best: 3",
        "second: 4",
        "third: 2",
    ]


def test_waves_stand_side_by_side_with_their_bases():
    waves = pd.DataFrame(
        {
            "theme_id": ["T2", "T1", "T1"],
            "name": ["Skills", "Time", "Time"],
            "wave": ["1", "2", "1"],
            "share": [NAN, 0.5, 0.2],
            "respondents": [NAN, 5, 2],
            "base": [0, 10, 10],
        }
    )
    chart = plot_waves(waves)
    assert labels(chart) == ["T1 Time", "T2 Skills"]
    assert texts(chart) == ["wave 1: 0.20, 2 of 10", "wave 2: 0.50, 5 of 10", "wave 1: not defined, not shown, of 0"]
    assert chart.sentence.endswith(
        "highest T1 in wave 2 (0.50, 5 of 10), lowest T1 in wave 1 (0.20, 2 of 10); 2 themes, 2 waves."
    )
    assert list(chart.table.columns) == list(waves.columns)


def test_themes_without_names_are_drawn_by_their_ids():
    assert labels(plot_waves(pd.DataFrame({"theme_id": ["T1"], "wave": ["1"], "share": [0.2]}))) == ["T1"]


def test_of_many_themes_those_that_change_most_are_drawn():
    rows = [{"theme_id": f"T{n:02}", "wave": wave, "share": 0.5 - n / 100 * int(wave)} for n in range(1, 31) for wave in "12"]
    chart = plot_waves(pd.DataFrame(rows), top=2)
    assert labels(chart) == ["T29", "T30"]
    assert len(chart.table) == 60
    assert chart.sentence.endswith("30 themes, 2 waves; the 2 themes that change most are drawn.")


def test_of_many_themes_those_of_most_respondents_are_drawn():
    themes = pd.DataFrame({"theme_id": ["T1", "T2", "T3"], "keywords": "", "respondents": [3, 9, 6], "share": 0.5})
    chart = plot_themes(themes, top=2)
    assert labels(chart) == ["T2", "T3"]
    assert chart.sentence.endswith("n = 3 themes; the first 2 of 3 themes are drawn.")
