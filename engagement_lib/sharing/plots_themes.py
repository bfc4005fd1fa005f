"""Charts of themes: who speaks of them, how many there should be, and how they differ between waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from engagement_lib.sharing.cells import format_number
from engagement_lib.sharing.charts import GREY, NAVY, PLUM, TEAL, Chart, chart_style, figure_of, new_axes
from engagement_lib.sharing.drawing import (
    LINE,
    count_of,
    draw_bars,
    draw_grouped_bars,
    grouped_height,
    keep_columns,
    label_lines,
    name_extremes,
    need_columns,
    part_of,
    shown_first,
)

_BEST: Final = (("best", "o", NAVY), ("second", "s", TEAL), ("third", "^", PLUM))


def plot_themes(
    themes: pd.DataFrame,
    *,
    top: int = 20,
    title: str = "Respondents by theme",
    empty: str = "No themes were found.",
) -> Chart:
    """A bar chart of how many respondents speak of each theme, with its keywords.

    Parameters
    ----------
    themes
        The `themes_` of a fitted `ThemeModel`: `theme_id`, `keywords`, `respondents`, `share` are used.
    top
        How many themes are drawn, those of most respondents first.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> themes = {"theme_id": ["T01", "T02"], "keywords": ["release, week", "phone"], "respondents": [6, 3], "share": [0.6, 0.3]}
    >>> plot_themes(pd.DataFrame(themes))
    Bar chart of respondents by theme: highest T01 release, week (6 respondents, share 0.60), lowest T02 phone (3 respondents,
    share 0.30); n = 2 themes.
    """
    need_columns(themes, "plot_themes", "theme_id", "keywords", "respondents", "share")
    table = themes.sort_values(["respondents", "theme_id"], ascending=[False, True], ignore_index=True)
    if table.empty:
        return Chart(None, empty, table, title)
    names = [f"{theme} {_joined(words)}".strip() for theme, words in zip(table["theme_id"], table["keywords"], strict=True)]
    texts = [_respondents(count, share) for count, share in zip(table["respondents"], table["share"], strict=True)]
    extremes = name_extremes(names, table["respondents"].tolist(), texts)
    with chart_style():
        axes = new_axes(0.2 + LINE * label_lines(names[:top]))
        draw_bars(axes, names[:top], table["respondents"].tolist()[:top], texts[:top])
    rest = shown_first(min(top, len(table)), len(table), of="themes")
    sentence = f"Bar chart of respondents by theme: {extremes}; n = {count_of(len(table), 'theme')}{rest}."
    shown = keep_columns(table, "theme_id", "name", "keywords", "segments", "respondents", "base", "share", "largest_share")
    return Chart(figure_of(axes), sentence, shown, title)


def plot_curve(
    curve: pd.DataFrame, *, title: str = "Score by number of themes", empty: str = "No number of themes was tried."
) -> Chart:
    """A line chart of the score of each number of themes, the three best marked.

    Parameters
    ----------
    curve
        The `curve_` of a fitted `ThemeModel`: `n_themes`, `score` are used; of equal scores the fewest themes are best.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> plot_curve(pd.DataFrame({"n_themes": [2, 3, 4], "score": [0.11, 0.34, 0.3]}))
    Line chart of score by number of themes, 2 to 4: best 3 (0.34), second 4 (0.30), third 2 (0.11).
    """
    import seaborn as sns

    need_columns(curve, "plot_curve", "n_themes", "score")
    table = curve.sort_values("n_themes", ignore_index=True)
    drawn = table.dropna(subset=["score"])
    if drawn.empty:
        return Chart(None, empty, table, title)
    best = drawn.sort_values(["score", "n_themes"], ascending=[False, True]).head(len(_BEST))
    ranked = [
        (rank, int(themes), float(score), marker, colour)
        for (rank, marker, colour), themes, score in zip(_BEST, best["n_themes"], best["score"], strict=False)
    ]
    named = ", ".join(f"{rank} {themes} ({format_number(score)})" for rank, themes, score, _, _ in ranked)
    with chart_style():
        axes = new_axes(3.4)
        sns.lineplot(drawn, x="n_themes", y="score", color=GREY, linewidth=1.4, marker=".", errorbar=None, ax=axes)
        for (rank, themes, score, marker, colour), (side, up) in zip(
            ranked, _label_sides(ranked, drawn["n_themes"]), strict=True
        ):
            axes.plot(themes, score, marker=marker, color=colour, markersize=9, linestyle="none", zorder=3)
            axes.annotate(
                f"{rank}: {themes}",
                (themes, score),
                xytext=(5 * side, 9 * up),
                textcoords="offset points",
                ha="right" if side < 0 else "left" if side > 0 else "center",
                va="bottom" if up > 0 else "top",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )
        axes.margins(x=0.06, y=0.16)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(xlabel="Number of themes", ylabel="")
        axes.set_title("Score", loc="left", fontsize="medium")
        axes.grid(axis="y")
    sentence = f"Line chart of score by number of themes, {drawn['n_themes'].min()} to {drawn['n_themes'].max()}: {named}."
    return Chart(figure_of(axes), sentence, table, title)


def plot_waves(
    table: pd.DataFrame,
    *,
    top: int = 20,
    title: str = "Share of respondents by theme and wave",
    empty: str = "No waves to compare.",
) -> Chart:
    """A bar chart of the share of respondents who speak of each theme, wave beside wave.

    Parameters
    ----------
    table
        One row a theme and wave: `theme_id`, `wave`, `share`; where there are also `respondents` and `base`, they are written
        beside the bars, and where there are `name` or `keywords`, they follow the theme's id. Waves keep their order.
    top
        How many themes are drawn, those whose share changes most.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> plot_waves(pd.DataFrame({"theme_id": ["T01", "T01"], "wave": ["1", "2"], "share": [0.2, 0.35]}))
    Bar chart of share of respondents by theme and wave: highest T01 in wave 2 (0.35), lowest T01 in wave 1 (0.20); 1 theme,
    2 waves.
    """
    need_columns(table, "plot_waves", "theme_id", "wave", "share")
    if table.empty:
        return Chart(None, empty, table, title)
    labelled = table.assign(
        label=_theme_labels(table), group=[f"wave {wave}" for wave in table["wave"]], text=_share_texts(table)
    )
    labelled = labelled.sort_values(["theme_id", "wave"], ignore_index=True)
    names = [f"{theme} in {group}" for theme, group in zip(labelled["theme_id"], labelled["group"], strict=True)]
    extremes = name_extremes(names, labelled["share"].tolist(), labelled["text"].tolist())
    themes, waves = labelled["label"].nunique(), labelled["group"].nunique()
    change = labelled.groupby("label")["share"].agg(lambda share: share.max() - share.min()).fillna(0.0)
    changed = change.sort_values(ascending=False, kind="stable").index[:top]
    drawn = labelled[labelled["label"].isin(changed)]
    with chart_style():
        axes = new_axes(grouped_height(drawn, "label"))
        draw_grouped_bars(axes, drawn, names="label", groups="group", values="share", texts="text")
    rest = f"; the {top} themes that change most are drawn" if themes > top else ""
    numbers = f"{count_of(themes, 'theme')}, {count_of(waves, 'wave')}{rest}"
    sentence = f"Bar chart of share of respondents by theme and wave: {extremes}; {numbers}."
    return Chart(figure_of(axes), sentence, labelled[list(table.columns)], title)


def _label_sides(ranked: Sequence[tuple[str, int, float, str, str]], tried: pd.Series) -> list[tuple[int, int]]:
    """On which side of its mark each label stands (-1 left, 0 middle, 1 right), and whether above it (1) or below (-1).

    The best gives way to one that stands near it, and the third goes below where another is near.
    """
    places, reach = [themes for _, themes, *_ in ranked], 0.2 * float(tried.max() - tried.min())
    sides = [int(np.sign(place - places[0])) for place in places]
    near = {side for side, place in zip(sides, places, strict=True) if side and abs(place - places[0]) < reach}
    sides[0] = -near.pop() if len(near) == 1 else 0
    crowded = len(places) > 2 and min(abs(place - places[2]) for place in places[:2]) < reach
    return [(side, -1 if crowded and at == 2 else 1) for at, side in enumerate(sides)]


def _joined(words: object) -> str:
    return words if isinstance(words, str) else ", ".join(map(str, words)) if isinstance(words, (list, tuple)) else ""


def _respondents(count: float, share: float) -> str:
    if np.isnan(count):
        return "not shown"
    number = count_of(count, "respondent")
    return number if np.isnan(share) else f"{number}, share {format_number(share)}"


def _theme_labels(table: pd.DataFrame) -> list[str]:
    about = next((table[column] for column in ("name", "keywords") if column in table.columns), None)
    if about is None:
        return [str(theme) for theme in table["theme_id"]]
    return [f"{theme} {_joined(words)}".strip() for theme, words in zip(table["theme_id"], about, strict=True)]


def _share_texts(table: pd.DataFrame) -> list[str]:
    shares = ["not defined" if np.isnan(share) else format_number(share) for share in table["share"]]
    if not {"respondents", "base"} <= set(table.columns):
        return shares
    parts = zip(shares, table["respondents"], table["base"], strict=True)
    return [f"{share}, {part_of(part, base)}" for share, part, base in parts]
