"""Charts of how themes lie to each other, and of what became of them when new answers came."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from engagement_lib.sharing.cells import format_number
from engagement_lib.sharing.charts import NAVY, ORANGE, PALE, TEAL, Chart, chart_style, figure_of, new_axes
from engagement_lib.sharing.drawing import count_of, keep_columns, need_columns, shown_first, wrap_label
from engagement_lib.tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEW: Final = "new responses"
_GAP: Final = 0.03  # of the chart's height, between two themes
_BAR: Final = 0.02
_BEND: Final = 24


def plot_theme_flow(
    flow: pd.DataFrame,
    *,
    top: int = 20,
    title: str = "Where the segments of each theme went",
    empty: str = "No theme was carried on.",
) -> Chart:
    """A flow chart from the themes of the last run, and from new responses, to the themes of this one.

    Parameters
    ----------
    flow
        The `flow_` that `update_themes` gives: `old_theme_id` ("" for new segments), `theme_id`, `segments`.
    top
        How many themes of this run are drawn, those with the most segments.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> flow = {"old_theme_id": ["", "T01", "T01"], "theme_id": ["T01", "T01", "T02"], "segments": [5, 9, 1]}
    >>> plot_theme_flow(pd.DataFrame(flow))
    Flow chart of 10 old and 5 new segments in 2 themes: 9 of 10 old segments stay in their theme; most new ones go to T01 (5 of
    5); not there before: T02 (1).
    """
    need_columns(flow, "plot_theme_flow", "old_theme_id", "theme_id", "segments")
    table = flow[flow["segments"] > 0].sort_values(["old_theme_id", "theme_id"], ignore_index=True)
    if table.empty:
        return Chart(None, empty, table, title)
    sizes = table.groupby("theme_id")["segments"].sum().sort_values(ascending=False, kind="stable")
    drawn = table[table["theme_id"].isin(sizes.index[:top])]
    with chart_style():
        axes = new_axes(1.2 + 0.28 * max(drawn["old_theme_id"].nunique(), drawn["theme_id"].nunique()))
        _draw_flow(axes, drawn)
    rest = shown_first(min(top, len(sizes)), len(sizes), of="themes")
    shown = keep_columns(table, "old_theme_id", "theme_id", "segments", "base", "share")
    shown = shown.assign(old_theme_id=table["old_theme_id"].replace("", NEW))
    return Chart(figure_of(axes), f"{_say_flow(table, len(sizes))}{rest}.", shown, title)


def plot_theme_map(
    places: pd.DataFrame,
    *,
    top: int = 40,
    title: str = "How themes lie to each other",
    empty: str = "There are too few themes for a map.",
) -> Chart:
    """A map of the themes: those that lie near each other are alike, and a larger dot has more respondents.

    Parameters
    ----------
    places
        As `theme_map` gives it: `theme_id`, `x`, `y`, `respondents`, `held`; `keywords` follow a theme's id where they are.
    top
        How many themes have their label, those of most respondents first.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> places = {"theme_id": ["T01", "T02"], "x": [0.0, 1.0], "y": [0.0, 0.0], "respondents": [6, 3], "held": [1.0, 1.0]}
    >>> plot_theme_map(pd.DataFrame(places))
    Map of 2 themes: T01 and T02 lie 1.00 apart. The two axes hold 1.00 of what sets themes apart.
    """
    need_columns(places, "plot_theme_map", "theme_id", "x", "y", "respondents", "held")
    table = places.sort_values(["respondents", "theme_id"], ascending=[False, True], ignore_index=True)
    if len(table) < 2:
        return Chart(None, empty, table, title)
    with chart_style():
        axes = new_axes(5.2)
        _draw_map(axes, table, top)
    rest = shown_first(min(top, len(table)), len(table), of="labels")
    held = f"The two axes hold {format_number(float(table['held'].iloc[0]))} of what sets themes apart{rest}."
    return Chart(figure_of(axes), f"Map of {count_of(len(table), 'theme')}: {_say_distances(table)}. {held}", table, title)


def _say_flow(table: pd.DataFrame, themes: int) -> str:
    new = table[table["old_theme_id"] == ""]
    old = table[table["old_theme_id"] != ""]
    stay = int(old.loc[old["old_theme_id"] == old["theme_id"], "segments"].sum())
    whole, arrived = int(old["segments"].sum()), int(new["segments"].sum())
    parts = [f"{stay:,} of {count_of(whole, 'old segment')} {'stays' if stay == 1 else 'stay'} in their theme"] if whole else []
    if arrived:
        most = records(new.sort_values(["segments", "theme_id"], ascending=[False, True]).head(1))[0]
        parts.append(f"most new ones go to {most['theme_id']} ({most['segments']:,} of {arrived:,})")
    born = table[~table["theme_id"].isin(old["old_theme_id"])].groupby("theme_id")["segments"].sum()
    gone = sorted(set(old["old_theme_id"]) - set(table["theme_id"]))
    if whole and len(born):
        parts.append(f"not there before: {', '.join(f'{theme} ({many:,})' for theme, many in born.items())}")
    if gone:
        parts.append(f"gone: {', '.join(gone)}")
    return f"Flow chart of {whole:,} old and {arrived:,} new segments in {count_of(themes, 'theme')}: {'; '.join(parts)}"


def _draw_flow(axes: Axes, table: pd.DataFrame) -> None:
    """Bars at the left and right, and between them a band for each way, as thick as many segments went it."""
    left, right = _stack(table, "old_theme_id"), _stack(table, "theme_id")
    bend = (1 - np.cos(np.linspace(0, np.pi, _BEND))) / 2
    across = np.linspace(_BAR, 1 - _BAR, _BEND)
    whole = float(table["segments"].sum())
    used_left, used_right = dict.fromkeys(left, 0.0), dict.fromkeys(right, 0.0)
    for row in records(table):
        thick = row["segments"] / whole
        begin = left[row["old_theme_id"]][0] + used_left[row["old_theme_id"]]
        end = right[row["theme_id"]][0] + used_right[row["theme_id"]]
        used_left[row["old_theme_id"]] += thick
        used_right[row["theme_id"]] += thick
        middle = begin + (end - begin) * bend
        stays = row["old_theme_id"] == row["theme_id"]
        colour = PALE if stays else ORANGE if row["old_theme_id"] else TEAL
        axes.fill_between(across, middle, middle + thick, color=colour, linewidth=0, alpha=0.8)
    _draw_ends(axes, left, 0.0)
    _draw_ends(axes, right, 1.0)
    axes.set_ylim(max(end for _, end in [*left.values(), *right.values()]) + 0.01, -0.05)
    axes.set_xlim(-0.2, 1.2)
    axes.text(0, -0.02, "last run", ha="right", va="bottom")
    axes.text(1, -0.02, "this run", ha="left", va="bottom")
    axes.axis("off")


def _stack(table: pd.DataFrame, column: str) -> dict[str, tuple[float, float]]:
    """Where the bar of each theme begins and ends, from the top; new responses come last."""
    sizes = table.groupby(column)["segments"].sum() / table["segments"].sum()
    names = sorted(sizes.index, key=lambda name: (name == "", name))
    ends, at = {}, 0.0
    for name in names:
        ends[str(name)] = (at, at + float(sizes[name]))
        at += float(sizes[name]) + _GAP
    return ends


def _draw_ends(axes: Axes, ends: dict[str, tuple[float, float]], side: float) -> None:
    for name, (begin, end) in ends.items():
        start = side if side == 0 else side - _BAR
        axes.fill_between([start, start + _BAR], begin, end, color=NAVY if name else TEAL, linewidth=0)
        beside: dict[str, Any] = {"x": -0.01, "ha": "right"} if side == 0 else {"x": 1.01, "ha": "left"}
        axes.text(y=(begin + end) / 2, s=name or NEW, va="center", **beside)


def _say_distances(table: pd.DataFrame) -> str:
    spots = table[["x", "y"]].to_numpy(dtype=np.float64)
    names = table["theme_id"].tolist()
    apart = {(one, other): float(np.linalg.norm(spots[one] - spots[other])) for one, other in combinations(range(len(table)), 2)}
    near, far = min(apart, key=lambda pair: apart[pair]), max(apart, key=lambda pair: apart[pair])
    if len(apart) == 1:
        return f"{names[near[0]]} and {names[near[1]]} lie {format_number(apart[near])} apart"
    told = [
        f"{word} {' and '.join(sorted(names[at] for at in pair))} ({format_number(apart[pair])})"
        for word, pair in (("nearest", near), ("farthest", far))
    ]
    return ", ".join(told)


def _draw_map(axes: Axes, table: pd.DataFrame, top: int) -> None:
    axes.scatter(table["x"], table["y"], s=12 + 160 * table["respondents"] / table["respondents"].max(), color=NAVY, alpha=0.7)
    spots = table[["x", "y"]].to_numpy(dtype=np.float64)
    wide, high = np.maximum(np.ptp(spots, axis=0), 1e-9)
    for row in records(table.head(top)):
        words = str(row.get("keywords", "")).split(", ")[:2]
        label = wrap_label(f"{row['theme_id']} {', '.join(words)}".strip(), width=26)
        beside = (spots - [row["x"], row["y"]]) / [wide, high]
        # A label stands to the left where it would run into the dot of another theme.
        left = bool(((beside[:, 0] > 0) & (beside[:, 0] < 0.3) & (np.abs(beside[:, 1]) < 0.03)).any())
        shift, side = ((-5, 3), "right") if left else ((5, 3), "left")
        axes.annotate(label, (row["x"], row["y"]), xytext=shift, textcoords="offset points", fontsize="small", ha=side)
    axes.margins(0.12)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(xlabel="", ylabel="", xticks=[], yticks=[])
