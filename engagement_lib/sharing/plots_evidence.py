"""Charts of how much more there is to hear, and of what hangs on whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.sharing.cells import format_number
from engagement_lib.sharing.charts import GREY, NAVY, PLUM, SLATE, Chart, chart_style, figure_of, new_axes
from engagement_lib.sharing.drawing import LINE, count_of, keep_columns, natural_order, need_columns, wrap_label, write_at_edge
from engagement_lib.tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ACCUMULATION: Final = ("respondents", "codes", "low", "median", "high", "rarefied", "extrapolated", "order")
_STANDS: Final = "as it stands"
_ALONE: Final = "by one coder alone"
_ROWS: Final = 25
_WIDTH: Final = 52
_CLEAR: Final = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # lines of the grid do not run through words


def plot_accumulation(
    accumulation: pd.DataFrame, *, title: str = "Codes heard by number of respondents", empty: str = "Nothing is coded yet."
) -> Chart:
    """A line chart of the codes seen as respondents were heard, with the band of random orders and what is to be expected beyond.

    Parameters
    ----------
    accumulation
        The table of `accumulation`, or the rows of one value of its `by`: `respondents`, `codes`, `low`, `high`, `rarefied` and
        `extrapolated` are used.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing, or several values of `by` are in the table.

    Examples
    --------
    >>> rows = {"respondents": [1, 2, 3], "codes": [2, 3, None], "low": [1, 3, None], "high": [2, 3, None]}
    >>> plot_accumulation(pd.DataFrame(rows | {"rarefied": [1.5, 3.0, 3.4], "extrapolated": [False, False, True]}))
    Line chart of codes by number of respondents: 3 after 2, 3 after 2 and still after all 2; on to 3 respondents 3.4 would be
    expected.
    """
    need_columns(accumulation, "plot_accumulation", "respondents", "codes", "low", "high", "rarefied", "extrapolated")
    if accumulation["respondents"].duplicated().any():
        others = [column for column in accumulation.columns if column not in _ACCUMULATION]
        found, remedy = f"several values of {', '.join(others) or 'something'}", "Choose one: table[table['group'] == 'user']."
        raise TableError(Problem("plot_accumulation", "rows", found, "those of one", remedy))
    table = accumulation.sort_values("respondents", ignore_index=True)
    heard, beyond = table[~table["extrapolated"].astype(bool)], table[table["extrapolated"].astype(bool)]
    if heard.empty:
        return Chart(None, empty, table, title)
    with chart_style():
        axes = new_axes(3.4)
        _draw_accumulation(axes, heard, pd.concat([heard.tail(1), beyond]))
    last = heard.iloc[-1]
    most = heard[heard["codes"] >= 0.9 * last["codes"]].iloc[0]
    final = heard[heard["codes"] == last["codes"]].iloc[0]
    sentence = f"Line chart of codes by number of respondents: {most['codes']:.0f} after {most['respondents']:.0f}, "
    sentence += f"{final['codes']:.0f} after {final['respondents']:.0f} and still after all {last['respondents']:.0f}"
    if len(beyond):
        end = beyond.iloc[-1]
        sentence += f"; on to {end['respondents']:.0f} respondents {end['rarefied']:.1f} would be expected"
    # A table of some rows under the chart; every one would make the page heavy and say no more.
    shown = table.iloc[np.unique(np.linspace(0, len(table) - 1, _ROWS).round().astype(int))].reset_index(drop=True)
    return Chart(figure_of(axes), f"{sentence}.", shown, title)


def plot_sensitivity(
    sensitivity: pd.DataFrame,
    *,
    title: str = "Support for each claim, with one thing or person left out",
    empty: str = "No claims to appraise.",
) -> Chart:
    """A dot plot of the share who support each claim, of its range when something is left out, and of what turns its verdict.

    Parameters
    ----------
    sensitivity
        The table of `sensitivity`: `claim_id`, `variation`, `value`, `share`, `indicated`, `flips`, `fragility` are used.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> rows = {"claim_id": "C1", "variation": ["as it stands", "without kind"], "value": ["", "survey"], "share": [0.4, 0.2],
    ...         "indicated": ["supported", "contested"], "flips": [0, 1], "fragility": [3, 0]}
    >>> plot_sensitivity(pd.DataFrame(rows))
    Dot plot of the share who support each claim, and its range with one thing left out: the verdict of 1 of 1 claim turns: C1
    (without survey). Fewest respondents to be coded otherwise for another verdict: C1 (3).
    """
    need_columns(sensitivity, "plot_sensitivity", "claim_id", "variation", "value", "share", "indicated", "flips", "fragility")
    if sensitivity.empty:
        return Chart(None, empty, sensitivity, title)
    table = pd.DataFrame([_range(str(claim), part) for claim, part in sensitivity.groupby("claim_id")])
    table = table.sort_values("claim_id", key=natural_order, ignore_index=True)
    turned = table[table["turns"] != ""]
    told = "; ".join(f"{claim} ({turns})" for claim, turns in zip(turned["claim_id"], turned["turns"], strict=True)) or "none"
    fragile = table[table["fragility"] > 0].sort_values(["fragility", "claim_id"]).head(1)
    sentence = "Dot plot of the share who support each claim, and its range with one thing left out: the verdict of "
    sentence += f"{len(turned)} of {count_of(len(table), 'claim')} turns: {told}."
    if len(fragile):
        sentence += " Fewest respondents to be coded otherwise for another verdict: "
        sentence += f"{fragile['claim_id'].iloc[0]} ({fragile['fragility'].iloc[0]})."
    with chart_style():
        said = [wrap_label(_outcome(row), width=_WIDTH, lines=4) for row in records(table)]
        axes = new_axes(0.7 + LINE * sum(max(text.count("\n") + 1.6, 2) for text in said))
        _draw_ranges(axes, table.assign(said=said))
    shown = keep_columns(sensitivity, "claim_id", "variation", "value", "base", "supporting", "share", "indicated", "flips")
    return Chart(figure_of(axes), sentence, shown, title)


def _draw_accumulation(axes: Axes, heard: pd.DataFrame, beyond: pd.DataFrame) -> None:
    axes.fill_between(heard["respondents"], heard["low"], heard["high"], color="#D5E3F0", linewidth=0)
    axes.step(heard["respondents"], heard["codes"], where="post", color=NAVY, linewidth=2)
    axes.plot(beyond["respondents"], beyond["rarefied"], color=PLUM, linestyle=":", linewidth=2)
    middle = heard.iloc[len(heard) // 3]
    axes.annotate(
        "as heard; shaded: nine in ten random orders",
        (middle["respondents"], middle["low"]),
        xytext=(6, -16),
        textcoords="offset points",
        va="top",
        bbox=_CLEAR,
    )
    if len(beyond) > 1:
        end = (beyond["respondents"].iloc[-1], beyond["rarefied"].iloc[-1])
        axes.annotate(
            "to be expected",
            end,
            xytext=(0, -12),
            textcoords="offset points",
            ha="right",
            va="top",
            color=PLUM,
            bbox=_CLEAR,
        )
    axes.set(ylim=(0, None), xlim=(0, None), xlabel="Respondents", ylabel="")
    axes.set_title("Codes", loc="left", fontsize="medium")
    axes.grid(axis="y")


def _range(claim: str, part: pd.DataFrame) -> dict[str, object]:
    stands = part[part["variation"] == _STANDS].iloc[0]
    others = part[part["variation"] != _STANDS]
    turned = records(others[others["flips"] > 0])
    without = ", ".join(row["value"] for row in turned if row["variation"] != _ALONE)
    alone = ", ".join(row["value"] for row in turned if row["variation"] == _ALONE)
    turns = [f"without {without}"] * bool(without) + [f"by {alone} alone"] * bool(alone)
    shares = part["share"].dropna()
    return {
        "claim_id": claim,
        "indicated": stands["indicated"],
        "share": stands["share"],
        "low": shares.min(),
        "high": shares.max(),
        "turns": "; ".join(turns),
        "fragility": int(stands["fragility"]),
    }


def _outcome(row: Mapping[str, Any]) -> str:
    share = format_number(row["share"])
    return f"{share}; turns {row['turns']}" if row["turns"] else f"{share}; stands"


def _draw_ranges(axes: Axes, table: pd.DataFrame) -> None:
    for at, row in enumerate(records(table)):
        turned = row["turns"] != ""
        axes.plot([row["low"], row["high"]], [at, at], color=SLATE, linewidth=3, solid_capstyle="butt", clip_on=False)
        marker, colour = ("v", PLUM) if turned else ("o", NAVY)
        axes.plot(row["share"], at, marker=marker, color=colour, markersize=8, markeredgecolor="white", clip_on=False)
        write_at_edge(axes, at, row["said"])
    labels = [f"{row['claim_id']} {row['indicated']}" for row in records(table)]
    axes.set_yticks(range(len(table)), [wrap_label(label) for label in labels])
    axes.tick_params(axis="y", pad=9, color=GREY)
    axes.set(ylim=(len(table) - 0.5, -0.5), xlim=(0, 1), xlabel="Share of respondents who support it")
    axes.grid(axis="x")
