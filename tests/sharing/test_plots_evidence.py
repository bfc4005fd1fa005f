import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.plots import plot_accumulation, plot_sensitivity

HEARD = pd.DataFrame(
    {
        "respondents": [1, 2, 3, 4, 5, 6],
        "codes": [2.0, 5.0, 5.0, 6.0, np.nan, np.nan],
        "low": [1.0, 3.0, 4.0, 6.0, np.nan, np.nan],
        "high": [4.0, 5.0, 6.0, 6.0, np.nan, np.nan],
        "rarefied": [2.5, 4.1, 5.2, 6.0, 6.5, 6.8],
        "extrapolated": [False] * 4 + [True] * 2,
    }
)
LEFT_OUT = pd.DataFrame(
    [
        ("C10", "as it stands", "", 0.2, "supported", 0, 4),
        ("C10", "without kind", "survey", 0.3, "supported", 0, 0),
        ("C2", "as it stands", "", 0.5, "contested", 0, 2),
        ("C2", "without kind", "survey", np.nan, "insufficient", 1, 0),
        ("C2", "without one respondent", "P7", 0.4, "supported", 3, 0),
        ("C2", "by one coder alone", "AB", 0.1, "insufficient", 1, 0),
    ],
    columns=["claim_id", "variation", "value", "share", "indicated", "flips", "fragility"],
)


def texts(chart):
    return [text.get_text() for text in chart.figure.axes[0].texts]


def test_the_sentence_says_how_many_codes_half_and_all_brought_and_what_is_to_be_expected():
    assert plot_accumulation(HEARD).sentence == (
        "Line chart of codes by number of respondents: 6 after 4, 6 after 4 and still after all 4; "
        "on to 6 respondents 6.8 would be expected."
    )


def test_without_anything_beyond_nothing_is_expected():
    chart = plot_accumulation(HEARD[~HEARD["extrapolated"]])
    assert chart.sentence == "Line chart of codes by number of respondents: 6 after 4, 6 after 4 and still after all 4."
    assert texts(chart) == ["as heard; shaded: nine in ten random orders"]


def test_the_table_below_the_chart_is_of_a_length_that_can_be_read():
    many = pd.DataFrame(
        {"respondents": range(1, 601), "codes": 5.0, "low": 4.0, "high": 6.0, "rarefied": 5.0, "extrapolated": False}
    )
    shown = plot_accumulation(many).table
    assert len(shown) == 25
    assert shown["respondents"].iloc[[0, -1]].tolist() == [1, 600]


def test_several_groups_in_one_line_are_refused():
    with pytest.raises(TableError, match="found several values of group; expected those of one"):
        plot_accumulation(pd.concat([HEARD.assign(group="user"), HEARD.assign(group="producer")]))
    with pytest.raises(TableError, match="several values of something"):
        plot_accumulation(pd.concat([HEARD, HEARD]))


def test_claims_stand_by_number_with_what_turns_their_verdict():
    chart = plot_sensitivity(LEFT_OUT)
    assert [label.get_text() for label in chart.figure.axes[0].get_yticklabels()] == ["C2 contested", "C10 supported"]
    assert [text.replace("\n", " ") for text in texts(chart)] == ["0.50; turns without survey, P7; by AB alone", "0.20; stands"]
    assert chart.sentence == (
        "Dot plot of the share who support each claim, and its range with one thing left out: the verdict of 1 of 2 claims "
        "turns: C2 (without survey, P7; by AB alone). Fewest respondents to be coded otherwise for another verdict: C2 (2)."
    )


def test_verdicts_that_nothing_turns_are_said_to_stand():
    chart = plot_sensitivity(LEFT_OUT.head(2).assign(fragility=0))
    assert chart.sentence == (
        "Dot plot of the share who support each claim, and its range with one thing left out: "
        "the verdict of 0 of 1 claim turns: none."
    )


@pytest.mark.parametrize("plot", [plot_accumulation, plot_sensitivity])
def test_an_empty_table_says_that_there_is_nothing(plot):
    table = HEARD if plot is plot_accumulation else LEFT_OUT
    chart = plot(table.head(0), empty="Nothing yet.")
    assert (chart.figure, chart.sentence) == (None, "Nothing yet.")


@pytest.mark.parametrize("plot", [plot_accumulation, plot_sensitivity])
def test_a_table_without_its_columns_is_refused(plot):
    with pytest.raises(TableError, match=plot.__name__):
        plot(pd.DataFrame({"nothing": [1]}))


@pytest.mark.parametrize(("plot", "table"), [(plot_accumulation, HEARD), (plot_sensitivity, LEFT_OUT)])
def test_the_input_is_not_changed(plot, table):
    before = table.copy()
    plot(table[::-1])
    pd.testing.assert_frame_equal(table, before)
