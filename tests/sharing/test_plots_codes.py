import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.plots import plot_agreement, plot_codes, plot_overlaps, plot_words

NAN = float("nan")
PLOTS = {
    plot_words: ("kind", "role", "quote"),
    plot_codes: ("code", "respondents", "base"),
    plot_overlaps: ("code", "other", "passages"),
    plot_agreement: ("code", "coefficient", "estimate", "low", "high"),
}


def texts(chart):
    axes = chart.figure.axes[0]
    return [text.get_text() for text in axes.texts]


def labels(chart):
    return [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]


@pytest.mark.parametrize(("plot", "columns"), PLOTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_an_empty_table_gives_a_chart_that_says_why(plot, columns):
    chart = plot(pd.DataFrame(columns=list(columns)), empty="Nobody was asked.")
    assert chart.figure is None
    assert chart.sentence == "Nobody was asked."


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.__name__)
def test_a_table_without_its_columns_is_refused(plot):
    with pytest.raises(TableError, match=plot.__name__):
        plot(pd.DataFrame({"nothing": [1]}))


@pytest.mark.parametrize(("plot", "columns"), PLOTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_input_is_not_changed(plot, columns):
    table = pd.DataFrame({column: [str(at)] if column in ("kind", "role", "quote", "code", "other", "coefficient") else [at / 4]
                          for at, column in enumerate(columns)})  # fmt: skip
    before = table.copy()
    plot(table)
    pd.testing.assert_frame_equal(table, before)


def test_words_are_counted_by_kind_and_role():
    segments = pd.DataFrame(
        [
            ("survey", "participant", "no time"),
            ("interview", "interviewer", "why"),
            ("interview", "participant", "one two three"),
        ],
        columns=["kind", "role", "quote"],
    )
    chart = plot_words(segments)
    assert chart.table.to_numpy().tolist() == [
        ["interview", "participant", 3, 1],
        ["interview", "interviewer", 1, 1],
        ["survey", "participant", 2, 1],
    ]
    assert chart.sentence == (
        "Bar chart of words by kind of source and role of the speaker: highest interview, participant (3 words), "
        "lowest interview, interviewer (1 word); n = 6 words in 3 segments."
    )
    assert labels(chart) == ["interview", "survey"]
    assert texts(chart) == ["participant: 3 words", "interviewer: 1 word", "participant: 2 words"]


def test_segments_without_a_word_give_no_chart():
    assert plot_words(pd.DataFrame({"kind": ["survey"], "role": ["participant"], "quote": [" "]})).figure is None


def test_only_the_most_frequent_codes_are_drawn_and_all_stand_in_the_table():
    counts = pd.DataFrame({"code": list("abcd"), "respondents": [1, 4, 3, 0], "base": 5})
    chart = plot_codes(counts, top=2)
    assert labels(chart) == ["b", "c"]
    assert texts(chart) == ["4 of 5", "3 of 5"]
    assert chart.table["code"].tolist() == ["b", "c", "a", "d"]
    assert chart.sentence.endswith("highest b (4 of 5), lowest d (0 of 5); n = 5 respondents; the first 2 of 4 codes are drawn.")


def test_a_count_that_is_withheld_is_drawn_without_a_length():
    chart = plot_codes(pd.DataFrame({"code": ["a", "b"], "respondents": [NAN, 3.0], "base": [9, 9]}))
    assert texts(chart) == ["3 of 9", "not shown, of 9"]


def test_codes_that_nobody_uses_are_drawn_beside_others():
    assert texts(plot_codes(pd.DataFrame({"code": ["a", "b"], "respondents": [0, 2], "base": [9, 9]}))) == ["2 of 9", "0 of 9"]


def test_where_nobody_has_any_code_no_bars_of_no_length_are_drawn():
    chart = plot_codes(pd.DataFrame({"code": ["a", "b"], "respondents": [0, 0], "base": [9, 9]}), empty="Nothing is coded yet.")
    assert chart.figure is None
    assert chart.sentence == "Nothing is coded yet."
    assert chart.table["code"].tolist() == ["a", "b"]


def test_overlaps_are_drawn_both_ways_with_numbered_columns():
    overlaps = pd.DataFrame({"code": ["a", "a", "b", "a"], "other": ["b", "c", "c", "a"], "passages": [4, 1, 0, 9]})
    chart = plot_overlaps(overlaps)
    axes = chart.figure.axes[0]
    assert labels(chart) == ["a  1", "b  2", "c  3"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "3"]
    assert texts(chart) == ["4", "1", "4", "0", "1", "0"]
    assert chart.sentence == (
        "Heat map of passages that two codes share, 3 codes: highest a and b (4 passages), lowest a and c (1 passage)."
    )


def test_pairs_given_both_ways_count_once():
    overlaps = pd.DataFrame({"code": ["a", "b"], "other": ["b", "a"], "passages": [4, 4]})
    assert plot_overlaps(overlaps).sentence == "Heat map of passages that two codes share, 2 codes: a and b (4 passages)."


def test_codes_beyond_the_top_are_not_drawn():
    overlaps = pd.DataFrame({"code": ["a", "a"], "other": ["b", "c"], "passages": [4, 1]})
    chart = plot_overlaps(overlaps, top=2)
    assert labels(chart) == ["a  1", "b  2"]
    assert chart.sentence.endswith("the first 2 of 3 codes are drawn.")


def test_agreement_says_how_many_codes_reach_the_thresholds():
    agreement = pd.DataFrame(
        {
            "code": ["low", "none", "high", "middle"],
            "coefficient": "alpha",
            "estimate": [0.3, NAN, 0.9, 0.7],
            "low": [-0.2, NAN, 0.8, NAN],
            "high": [0.5, NAN, 1.0, NAN],
            "reason": ["", "no coder used it", "", ""],
        }
    )
    chart = plot_agreement(agreement)
    assert chart.sentence == (
        "Dot plot of alpha by code with 95% intervals: highest high (0.90), lowest low (0.30); "
        "lower end of the interval at 0.80 or above for 1 of 4 codes, at 0.667 to 0.80 for 0, below for 1; no interval for 2."
    )
    assert labels(chart) == ["high", "middle", "low", "none"]
    assert texts(chart) == [
        "0.667 tentative",
        "0.800 reliable",
        "0.90 (0.80 to 1.00)",
        "0.70",
        "0.30 (−0.20 to 0.50)",
        "not defined: no coder\nused it",
    ]
    assert chart.figure.axes[0].get_xlim() == (-0.2, 1.0)


def test_agreement_that_is_nowhere_defined_is_still_shown():
    chart = plot_agreement(pd.DataFrame({"code": ["a"], "coefficient": "alpha", "estimate": [NAN], "low": [NAN], "high": [NAN]}))
    assert "no value is defined; lower end of the interval at 0.80 or above for 0 of 1 code" in chart.sentence
    assert texts(chart)[-1] == "not defined"


def test_several_coefficients_in_one_chart_are_refused():
    both = pd.DataFrame({"code": ["a", "a"], "coefficient": ["alpha", "gwet_ac1"], "estimate": [0.1, 0.9], "low": 0, "high": 1})
    with pytest.raises(TableError, match="column coefficient: found alpha, gwet_ac1; expected one coefficient"):
        plot_agreement(both)


def test_the_chart_is_named_after_its_coefficient():
    chart = plot_agreement(
        pd.DataFrame({"code": ["a"], "coefficient": "gwet_ac1", "estimate": [0.9], "low": [0.8], "high": [1.0]})
    )
    assert chart.sentence.startswith("Dot plot of Gwet's AC1 by code")
    assert chart.figure.axes[0].get_xlabel() == "Gwet's AC1"
