"""Charts of the evidence behind claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.cells import MARK
from engagement_lib.sharing.cells import format_number
from engagement_lib.sharing.charts import GREY, NAVY, PLUM, SLATE, Chart, chart_style, figure_of, new_axes
from engagement_lib.sharing.drawing import (
    LINE,
    count_of,
    keep_columns,
    label_lines,
    name_base,
    name_extremes,
    natural_order,
    need_columns,
    part_of,
    wrap_label,
    write_at_edge,
)
from engagement_lib.tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes

READINGS: Final = ("supports", "mixed", "contradicts", "silent", "nobody in scope")
_SAID: Final = ("in support", "mixed", "against", "silent", "with nobody in scope")
_LOOK: Final = {  # symbol, ground, ink, hatch
    "supports": ("✓", NAVY, "white", ""),
    "mixed": ("◐", "#D5E3F0", "black", "///"),
    "contradicts": ("✗", "white", PLUM, ""),
    "silent": ("–", "white", GREY, ""),
    "nobody in scope": ("·", "#F2F2F2", GREY, ""),
    "agreement": ("✓", NAVY, "white", ""),
    "partial": ("◐", "#D5E3F0", "black", "///"),
    "dissonance": ("✗", "white", PLUM, ""),
    "silence": ("–", "white", GREY, ""),
    "not asked": ("○", "white", GREY, ""),
    "silence or not asked": ("?", "white", GREY, ""),
}
_AGAINST: Final = ("contradicts", "dissonance")  # a heavy frame, which is told apart in grey as well
_CELLS: Final = ("agreement", "partial", "dissonance", "silence", "not asked", "silence or not asked", "nobody in scope")
_COUNTS: Final = ("base", "supporting", "qualifying", "contradicting")
_APPRAISAL: Final = frozenset(
    (*_COUNTS, "claim_id", "theme", "statement", "sources", "passages", "share", "low", "high", "interval", "contradiction",
     "both", "largest_share", "kinds", "indicated", "because", "reason", "verdict", "asked", "expected", "computed", "reading",
     "basis", "at", "sentence")
)  # fmt: skip


def plot_claims(
    appraisal: pd.DataFrame,
    *,
    title: str = "Respondents who support or contradict each claim",
    empty: str = "No claims to appraise.",
) -> Chart:
    """A dot plot of the share of respondents who support each claim with its interval, and of those who contradict it beside it.

    Parameters
    ----------
    appraisal
        The table of `appraise_claims`: `claim_id`, `statement`, `base`, `supporting`, `contradicting`, `share`, `low`, `high` are
        used.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> row = {"claim_id": "C1", "statement": "Nobody hears back", "base": 20, "supporting": 9, "contradicting": 2}
    >>> plot_claims(pd.DataFrame([row | {"share": 0.45, "low": 0.25, "high": 0.65}]))
    Dot plot of the share of respondents who support each claim, with 95% intervals, and who contradict it: support C1 (9 of 20);
    contradiction C1 (2 of 20); n = 20 respondents.
    """
    need_columns(appraisal, "plot_claims", "claim_id", "statement", *_COUNTS[:2], "contradicting", "share", "low", "high")
    if appraisal.empty:
        return Chart(None, empty, appraisal, title)
    table = appraisal.sort_values("claim_id", key=natural_order, ignore_index=True)
    against = table["contradicting"] / table["base"].where(table["base"] > 0)
    ids = table["claim_id"].tolist()
    texts = {
        side: [part_of(*pair) for pair in zip(table[side], table["base"], strict=True)]
        for side in ("supporting", "contradicting")
    }
    sentence = (
        "Dot plot of the share of respondents who support each claim, with 95% intervals, and who contradict it: "
        f"support {name_extremes(ids, table['share'].tolist(), texts['supporting'])}; "
        f"contradiction {name_extremes(ids, against.tolist(), texts['contradicting'])}; {name_base(table['base'])}."
    )
    labels = [f"{claim} {statement}" for claim, statement in zip(ids, table["statement"], strict=True)]
    with chart_style():
        axes = new_axes(0.7 + LINE * label_lines(labels) * 1.3)
        _draw_claims(axes, table.assign(label=labels, against=against))
    shown = keep_columns(table, "claim_id", "statement", *_COUNTS, "share", "low", "high", "indicated")
    return Chart(figure_of(axes), sentence, shown, title)


def plot_triangulation(
    appraisal: pd.DataFrame,
    *,
    title: str = "What each kind of source or group says of each claim",
    empty: str = "No claims to compare.",
) -> Chart:
    """A grid of claims by group or kind of source, each cell saying in a word, a sign and counts what is heard there.

    A cell *supports* where respondents support the claim and none contradicts it, *contradicts* where it is the other way round,
    is *mixed* where both are heard or the claim is only qualified, and *silent* where nobody speaks of it. Where the scope of the
    claim holds nobody, the cell says so, since that is no silence. In a table of `triangulate` the cells have their readings.

    Parameters
    ----------
    appraisal
        The table of `appraise_claims(study, by=...)` or `triangulate(study)`: `claim_id`, `base`, `supporting`, `qualifying`,
        `contradicting`, the column that `by` named (of `triangulate`, one or more) and `reading`, where there is one, are used.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing, or it cannot be told which one `by` named.

    Examples
    --------
    >>> row = {"claim_id": "C1", "kind": "survey", "base": 20, "supporting": 9, "qualifying": 0, "contradicting": 0}
    >>> plot_triangulation(pd.DataFrame([row]))
    Grid of 1 claim by kind, 1 value: of 1 cell 1 in support, 0 mixed, 0 against, 0 silent, 0 with nobody in scope.
    """
    need_columns(appraisal, "plot_triangulation", "claim_id", *_COUNTS)
    appraisal, by = _one_column(appraisal)
    if appraisal.empty:
        return Chart(None, empty, appraisal, title)
    table = appraisal.sort_values("claim_id", key=natural_order, kind="stable", ignore_index=True)
    table = table if "reading" in table else table.assign(reading=[_reading(row) for row in records(table)])
    number = table["reading"].value_counts()
    triangulated = "computed" in table or not table["reading"].isin(READINGS).all()
    names = zip(_CELLS, _CELLS, strict=True) if triangulated else zip(READINGS, _SAID, strict=True)
    said = ", ".join(f"{number.get(reading, 0)} {word}" for reading, word in names)
    claims, groups = table["claim_id"].nunique(), table[by].nunique()
    silent = table.loc[table["reading"].isin(["silent", "silence"]), "claim_id"].value_counts()
    sentence = f"Grid of {count_of(claims, 'claim')} by {by.replace('_', ' ')}, {count_of(groups, 'value')}: "
    sentence += f"of {count_of(len(table), 'cell')} {said}"
    missed = "" if silent.empty or claims == 1 else f"; most often silent: {min(silent.index[silent == silent.max()])}"
    with chart_style():
        axes = new_axes(0.5 + 0.66 * claims, width=max(5.0, 2.4 + 1.4 * groups))
        labels = [f"{row['claim_id']} {row.get('statement', '')}".strip() for row in records(table)]
        _draw_grid(axes, table.assign(label=labels), by)
    shown = keep_columns(table, "claim_id", "statement", by, "reading", *_COUNTS)
    return Chart(figure_of(axes), f"{sentence}{missed}.", shown, title)


def _reading(row: dict[str, float]) -> str:
    if not row["base"] > 0:
        return "nobody in scope"
    supporting, qualifying, contradicting = (np.nan_to_num(row[column]) for column in _COUNTS[1:])
    if not supporting and not contradicting:
        return "mixed" if qualifying else "silent"
    if supporting and contradicting:
        return "mixed"
    return "supports" if supporting else "contradicts"


def _one_column(appraisal: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The table and the column that says the group or kind of source; of a triangulation by several variables, all in one."""
    found = [column for column in appraisal.columns if column not in _APPRAISAL]
    if "computed" in appraisal and len(found) > 1:
        name = " and ".join(found)
        joined = appraisal[found].agg(", ".join, axis=1) if len(appraisal) else appraisal[found[0]]
        return appraisal.assign(**{name: joined}).drop(columns=found), name
    if len(found) != 1:
        raise TableError(
            Problem(
                "plot_triangulation",
                "columns",
                f"{', '.join(found) or 'no column'} beside those of an appraisal",
                "one column that says the group or kind of source",
                'Make the table with appraise_claims(study, by="kind") or another `by`.',
            )
        )
    return appraisal, str(found[0])


def _draw_claims(axes: Axes, table: pd.DataFrame) -> None:
    for at, row in enumerate(records(table)):
        if not row["base"] > 0:
            write_at_edge(axes, at, "nobody was in scope")
            continue
        axes.plot([row["low"], row["high"]], [at - 0.18] * 2, color=SLATE, linewidth=3, solid_capstyle="butt", clip_on=False)
        interval = "" if np.isnan(row["low"]) else f" ({format_number(row['low'])} to {format_number(row['high'])})"
        for place, share, count, marker, fill, edge, word in (
            (at - 0.18, row["share"], row["supporting"], "o", NAVY, "white", f"support{interval}"),
            (at + 0.2, row["against"], row["contradicting"], "D", "white", PLUM, "contradict"),
        ):
            axes.plot(share, place, marker=marker, mfc=fill, mec=edge, mew=1.5, markersize=8, clip_on=False)
            write_at_edge(axes, place, f"{part_of(count, row['base'])} {word}")
    axes.set_yticks(range(len(table)), [wrap_label(label) for label in table["label"]])
    axes.tick_params(axis="y", pad=9)  # clear of a marker that stands at 0
    axes.set(ylim=(len(table) - 0.5, -0.5), xlim=(0, 1), xlabel="Share of respondents")
    axes.grid(axis="x")


def _said(count: float) -> str:
    return MARK if np.isnan(count) else f"{count:.0f}"


def _draw_grid(axes: Axes, table: pd.DataFrame, by: str) -> None:
    claims, groups = list(dict.fromkeys(table["label"])), list(dict.fromkeys(table[by]))
    for row in records(table):
        x, y = groups.index(row[by]), claims.index(row["label"])
        symbol, ground, ink, hatch = _LOOK[row["reading"]]
        axes.barh(y, 0.96, left=x - 0.48, height=0.92, color=ground, hatch=hatch)
        edge, width = (PLUM, 3.0) if row["reading"] in _AGAINST else (SLATE, 0.8)
        axes.barh(y, 0.95, left=x - 0.475, height=0.9, fill=False, edgecolor=edge, linewidth=width)
        if row["reading"] == "nobody in scope":
            axes.text(x, y, f"{symbol} nobody\nin scope", ha="center", va="center", color=ink, fontsize="small")
            continue
        axes.text(x, y - 0.2, f"{symbol} {row['reading']}", ha="center", va="center", color=ink)
        counts = f"{_said(row['supporting'])} for, {_said(row['contradicting'])} against"
        qualified = f"{row['qualifying']:.0f} qualify, " if row["qualifying"] > 0 else ""
        axes.text(
            x, y + 0.18, f"{counts}\n{qualified}of {row['base']:.0f}", ha="center", va="center", color=ink, fontsize="small"
        )
    axes.set_xticks(range(len(groups)), [wrap_label(str(group) or "not stated", width=16) for group in groups])
    axes.set_yticks(range(len(claims)), [wrap_label(claim, width=30, lines=4) for claim in claims])
    axes.set(xlim=(-0.5, len(groups) - 0.5), ylim=(len(claims) - 0.5, -0.5))
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
