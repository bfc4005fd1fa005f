"""A chart of who speaks how much about what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import seaborn as sns

from engagement_lib.errors import Problem, TableError
from engagement_lib.sharing.charts import COLOURS, GREY, Chart, chart_style, figure_of, new_axes
from engagement_lib.sharing.drawing import (
    count_of,
    keep_columns,
    name_base,
    name_extremes,
    need_columns,
    part_of,
    shown_first,
    wrap_label,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS: Final = ("o", "s", "^", "D", "v", "P")


def plot_who_speaks(
    speaking: pd.DataFrame,
    *,
    by: str = "group",
    top: int = 8,
    title: str = "Who speaks how much about what",
    empty: str = "Nobody speaks about anything that is counted.",
) -> Chart:
    """A strip chart of the words about each code or question by group: one dot for each respondent who speaks about it.

    Beside the dots stands how many of the group speak about it at all, and the median of their words.

    Parameters
    ----------
    speaking
        The table of `who_speaks`: `respondent`, `about`, `words` and the column `by` are used.
    by
        The variable whose values are told apart, by marker, colour and row. Six values at most.
    top
        How many codes or questions are drawn, those of which most respondents speak first; the table behind the chart has all.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing, or `by` has more than six values.

    Examples
    --------
    >>> rows = [("P1", "no-time", 40, "producer"), ("P2", "no-time", 0, "producer"), ("U1", "no-time", 12, "user")]
    >>> plot_who_speaks(pd.DataFrame(rows, columns=["respondent", "about", "words", "group"]))
    Strip chart of words of each respondent about 1 code or question by group: respondents who speak about it, no-time (2 of 3);
    most words by one of them, no-time, producer (40 words); n = 3 respondents.
    """
    need_columns(speaking, "plot_who_speaks", "respondent", "about", "words", by)
    groups = sorted(set(speaking[by]))
    if len(groups) > len(_MARKERS):
        remedy = "Name a variable with fewer values, or put some together."
        raise TableError(Problem("plot_who_speaks", f"by='{by}'", f"{len(groups)} values", "six at most", remedy))
    table = _summary(speaking, by)
    if not table["respondents"].any():
        return Chart(None, empty, table, title)
    order = list(dict.fromkeys(table["about"]))
    numbers = zip(table["respondents"], table["base"], table["median_words"], strict=True)
    texts = [_say(respondents, base, median) for respondents, base, median in numbers]
    with chart_style():
        axes = new_axes(0.5 + 0.27 * len(groups) * min(top, len(order)))
        _draw(axes, speaking[speaking["words"] > 0], by, groups, order[:top])
        _write(axes, table.assign(text=texts), by, groups, order[:top])
    rest = shown_first(min(top, len(order)), len(order), of="codes or questions")
    sentence = f"{_sentence(speaking, table, by, order)}{rest}."
    return Chart(
        figure_of(axes), sentence, keep_columns(table, "about", by, "respondents", "base", "words", "median_words"), title
    )


def _sentence(speaking: pd.DataFrame, table: pd.DataFrame, by: str, order: list[str]) -> str:
    people = table.groupby("about")[["respondents", "base"]].sum().loc[order]
    texts = [part_of(part, base) for part, base in zip(people["respondents"], people["base"], strict=True)]
    longest = speaking.sort_values(["words", "about", by], ascending=[False, True, True]).iloc[0]
    things = f"{count_of(len(order), 'code')} or question{'s' * (len(order) > 1)}"
    return (
        f"Strip chart of words of each respondent about {things} by {by}: respondents who speak about it, "
        f"{name_extremes(order, people['respondents'].tolist(), texts)}; most words by one of them, "
        f"{longest['about']}, {longest[by]} ({count_of(longest['words'], 'word')}); "
        f"{name_base(pd.Series([speaking['respondent'].nunique()]))}"
    )


def _summary(speaking: pd.DataFrame, by: str) -> pd.DataFrame:
    """For each code or question and group, how many speak about it and their words; what most speak about first."""
    spoken = speaking.assign(heard=speaking["words"] > 0, some=speaking["words"].where(speaking["words"] > 0))
    table = spoken.groupby(["about", by], as_index=False).agg(
        respondents=("heard", "sum"), base=("respondent", "nunique"), words=("words", "sum"), median_words=("some", "median")
    )
    people = table.groupby("about")["respondents"].transform("sum")
    ordered = table.assign(people=people).sort_values(["people", "about", by], ascending=[False, True, True], ignore_index=True)
    return ordered.drop(columns="people").astype({"respondents": "int64", "words": "int64", "median_words": "float64"})


def _say(respondents: int, base: int, median: float) -> str:
    words = "" if np.isnan(median) else f", median {count_of(median, 'word')}"
    return f"{respondents} of {base}{words}"


def _draw(axes: Axes, spoken: pd.DataFrame, by: str, groups: list[str], order: list[str]) -> None:
    for group, marker, colour in zip(groups, _MARKERS, COLOURS, strict=False):
        sns.stripplot(
            spoken[spoken[by] == group],
            x="words", y="about", hue=by, order=order, hue_order=groups, palette=dict.fromkeys(groups, colour), marker=marker,
            dodge=len(groups) > 1, jitter=False, size=5, alpha=0.55, edgecolor="white", linewidth=0.4, legend=False, ax=axes,
        )  # fmt: skip
    axes.set(xlabel="words of one respondent", ylabel="", ylim=(len(order) - 0.5, -0.5))
    axes.set_xlim(left=0)
    axes.set_yticks(range(len(order)), [wrap_label(about) for about in order])


def _write(axes: Axes, table: pd.DataFrame, by: str, groups: list[str], order: list[str]) -> None:
    """Each group's marker, name and numbers at the right edge, on the line of its dots."""
    step = 0.8 / len(groups)
    for row in table[table["about"].isin(order)].to_dict("records"):
        at = groups.index(row[by])
        line = order.index(row["about"]) - 0.4 + step * (at + 0.5)
        axes.plot(
            1.03, line, marker=_MARKERS[at], color=COLOURS[at], markersize=5, clip_on=False, transform=axes.get_yaxis_transform()
        )
        axes.annotate(
            f"{row[by]}: {row['text']}", (1.05, line), xycoords=("axes fraction", "data"), va="center", annotation_clip=False,
            color=GREY, fontsize=8.5,
        )  # fmt: skip
