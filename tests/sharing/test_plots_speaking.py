import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.sharing.plots import plot_who_speaks

ROWS = [
    ("P1", "time", 40, "producer"),
    ("P2", "time", 0, "producer"),
    ("U1", "time", 12, "user"),
    ("P1", "money", 1, "producer"),
    ("P2", "money", 0, "producer"),
    ("U1", "money", 0, "user"),
    ("P1", "unsaid", 0, "producer"),
    ("P2", "unsaid", 0, "producer"),
    ("U1", "unsaid", 0, "user"),
]
TABLE = pd.DataFrame(ROWS, columns=["respondent", "about", "words", "group"])


def texts(chart):
    return [text.get_text() for text in chart.figure.axes[0].texts]


def labels(chart):
    return [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]


def dots(chart):
    """The places of all dots, across and down."""
    places = [place for points in chart.figure.axes[0].collections for place in points.get_offsets().tolist()]
    return sorted((round(across), round(down, 2)) for across, down in places)


def test_each_respondent_who_speaks_about_something_is_one_dot_in_the_row_of_their_group():
    chart = plot_who_speaks(TABLE)
    assert labels(chart) == ["time", "money", "unsaid"]
    assert dots(chart) == [(1, 0.8), (12, 0.2), (40, -0.2)]


def test_beside_the_dots_stand_how_many_speak_and_the_median_of_their_words():
    assert texts(plot_who_speaks(TABLE)) == [
        "producer: 1 of 2, median 40 words",
        "user: 1 of 1, median 12 words",
        "producer: 1 of 2, median 1 word",
        "user: 0 of 1",
        "producer: 0 of 2",
        "user: 0 of 1",
    ]


def test_the_sentence_says_what_most_speak_about_and_who_says_most():
    assert plot_who_speaks(TABLE).sentence == (
        "Strip chart of words of each respondent about 3 codes or questions by group: respondents who speak about it, "
        "highest time (2 of 3), lowest unsaid (0 of 3); most words by one of them, time, producer (40 words); n = 3 respondents."
    )


def test_only_what_most_speak_about_is_drawn_and_all_stands_in_the_table():
    chart = plot_who_speaks(TABLE, top=1)
    assert labels(chart) == ["time"]
    assert chart.sentence.endswith("n = 3 respondents; the first 1 of 3 codes or questions are drawn.")
    assert chart.table[["about", "group", "respondents", "base", "words"]].to_numpy().tolist()[2:4] == [
        ["money", "producer", 1, 2, 1],
        ["money", "user", 0, 1, 0],
    ]


def test_one_group_alone_is_drawn_on_the_line_of_its_label():
    assert dots(plot_who_speaks(TABLE[TABLE["group"] == "user"], top=1)) == [(12, 0.0)]


def test_the_chart_does_not_care_for_the_order_of_rows():
    one, other = plot_who_speaks(TABLE), plot_who_speaks(TABLE.iloc[::-1])
    assert one.sentence == other.sentence
    assert dots(one) == dots(other)


@pytest.mark.parametrize("table", [TABLE.head(0), TABLE.assign(words=0)])
def test_where_nobody_speaks_no_chart_is_drawn(table):
    chart = plot_who_speaks(table, empty="Nothing is coded yet.")
    assert chart.figure is None
    assert chart.sentence == "Nothing is coded yet."


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(TableError, match="plot_who_speaks"):
        plot_who_speaks(TABLE.drop(columns="words"))
    with pytest.raises(TableError, match="a column 'nation'"):
        plot_who_speaks(TABLE, by="nation")


def test_more_groups_than_can_be_told_apart_are_refused():
    with pytest.raises(TableError, match="found 9 values; expected six at most"):
        plot_who_speaks(TABLE.assign(group=list("abcdefghi")))
