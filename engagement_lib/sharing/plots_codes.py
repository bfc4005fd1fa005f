"""Charts of words, codes, their overlaps and the agreement on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap

from engagement_lib.errors import Problem, TableError
from engagement_lib.reliability.estimates import RELIABLE, TENTATIVE
from engagement_lib.reliability.words import NAMES
from engagement_lib.sharing.cells import format_number
from engagement_lib.sharing.charts import GREY, NAVY, PLUM, SLATE, TEAL, Chart, chart_style, figure_of, new_axes
from engagement_lib.sharing.drawing import (
    LINE,
    count_of,
    draw_bars,
    draw_grouped_bars,
    grouped_height,
    keep_columns,
    label_lines,
    name_base,
    name_extremes,
    need_columns,
    part_of,
    shown_first,
    wrap_label,
    write_at_edge,
)
from engagement_lib.tables import KINDS, ROLES, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ORDER: Final = {name: at for at, name in enumerate((*KINDS, *ROLES))}


def plot_words(
    segments: pd.DataFrame, *, title: str = "Words by kind of source and role of the speaker", empty: str = "No words to count."
) -> Chart:
    """A bar chart of the words spoken or written, by kind of source and role of the speaker.

    Parameters
    ----------
    segments
        The study's segments: `kind`, `role` and `quote` are used. Words are what blanks part.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> plot_words(pd.DataFrame({"kind": ["survey"], "role": ["participant"], "quote": ["No time for it"]}))
    Bar chart of words by kind of source and role of the speaker: survey, participant (4 words); n = 4 words in 1 segment.
    """
    need_columns(segments, "plot_words", "kind", "role", "quote")
    words = segments.assign(words=[len(quote.split()) for quote in segments["quote"]])
    table = words.groupby(["kind", "role"], as_index=False).agg(words=("words", "sum"), segments=("words", "size"))
    table = table.sort_values(["kind", "role"], key=lambda names: names.map(_ORDER), ignore_index=True)
    if not table["words"].sum():
        return Chart(None, empty, table, title)
    table = table.assign(text=[count_of(number, "word") for number in table["words"]])
    names = [f"{kind}, {role}" for kind, role in zip(table["kind"], table["role"], strict=True)]
    extremes = name_extremes(names, table["words"].tolist(), table["text"].tolist())
    total = f"n = {count_of(table['words'].sum(), 'word')} in {count_of(table['segments'].sum(), 'segment')}"
    with chart_style():
        axes = new_axes(grouped_height(table, "kind"))
        draw_grouped_bars(axes, table, names="kind", groups="role", values="words", texts="text")
    sentence = f"Bar chart of words by kind of source and role of the speaker: {extremes}; {total}."
    return Chart(figure_of(axes), sentence, table.drop(columns="text"), title)


def plot_codes(
    counts: pd.DataFrame, *, top: int = 20, title: str = "Respondents by code", empty: str = "No codes to count."
) -> Chart:
    """A bar chart of how many respondents have each code, the most frequent first; none where nobody has any.

    Parameters
    ----------
    counts
        The table of `code_counts`: `code`, `respondents` and `base` are used.
    top
        How many codes are drawn; the table behind the chart holds them all.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> plot_codes(pd.DataFrame({"code": ["jargon", "no-time"], "respondents": [2, 9], "base": [12, 12]}))
    Bar chart of respondents by code: highest no-time (9 of 12), lowest jargon (2 of 12); n = 12 respondents.
    """
    need_columns(counts, "plot_codes", "code", "respondents", "base")
    table = counts.sort_values(["respondents", "code"], ascending=[False, True], ignore_index=True)
    if not table["respondents"].any():
        return Chart(None, empty, table, title)
    texts = [part_of(part, base) for part, base in zip(table["respondents"], table["base"], strict=True)]
    names, values = table["code"].tolist(), table["respondents"].tolist()
    extremes = name_extremes(names, values, texts)
    with chart_style():
        axes = new_axes(0.2 + LINE * label_lines(names[:top]))
        draw_bars(axes, names[:top], values[:top], texts[:top])
    rest = shown_first(min(top, len(table)), len(table), of="codes")
    sentence = f"Bar chart of respondents by code: {extremes}; {name_base(table['base'])}{rest}."
    shown = keep_columns(table, "code", "theme", "codings", "segments", "respondents", "base", "share")
    return Chart(figure_of(axes), sentence, shown, title)


def plot_overlaps(
    overlaps: pd.DataFrame, *, top: int = 14, title: str = "Codes on the same passages", empty: str = "No two codes overlap."
) -> Chart:
    """A heat map of how many passages two codes share, the number written in each cell.

    The columns are numbered as the rows are, so that their names need not be written sideways.

    Parameters
    ----------
    overlaps
        The table of `code_overlaps`: `code`, `other`, `passages` are used.
    top
        How many codes are drawn, those with most overlap first.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing.

    Examples
    --------
    >>> plot_overlaps(pd.DataFrame({"code": ["jargon"], "other": ["skills"], "passages": [3]}))
    Heat map of passages that two codes share, 2 codes: jargon and skills (3 passages).
    """
    need_columns(overlaps, "plot_overlaps", "code", "other", "passages")
    pairs = overlaps[(overlaps["passages"] > 0) & (overlaps["code"] != overlaps["other"])]
    if pairs.empty:
        return Chart(None, empty, overlaps, title)
    both = pd.concat([pairs, pairs.rename(columns={"code": "other", "other": "code"})])
    grid = both.pivot_table(index="code", columns="other", values="passages", aggfunc="max", fill_value=0)
    order = grid.sum(axis=1).rename("sum").reset_index().sort_values(["sum", "code"], ascending=[False, True])["code"].tolist()
    grid = grid.loc[order[:top], order[:top]].astype("int64")
    pairs = pairs.assign(pair=[" and ".join(sorted(pair)) for pair in zip(pairs["code"], pairs["other"], strict=True)])
    pairs = pairs.drop_duplicates("pair").sort_values(["passages", "pair"], ascending=[False, True])
    extremes = name_extremes(
        pairs["pair"].tolist(), pairs["passages"].tolist(), [count_of(number, "passage") for number in pairs["passages"]]
    )
    rest = shown_first(len(grid), len(order), of="codes")
    sentence = f"Heat map of passages that two codes share, {len(order)} codes: {extremes}{rest}."
    return Chart(_heat_map(grid), sentence, overlaps, title)


def plot_agreement(
    agreement: pd.DataFrame, *, title: str = "Agreement between coders on each code", empty: str = "No agreement to show."
) -> Chart:
    """A dot plot of a coefficient for each code with its interval, against 0.667 (tentative) and 0.800 (reliable).

    What counts against these thresholds is the lower end of the interval, and the dots are marked by it.

    Parameters
    ----------
    agreement
        The table of `agreement`: `code`, `coefficient`, `estimate`, `low`, `high` are used. It must hold one coefficient.
    title, empty
        What stands above the chart; what is said where there is nothing to draw.

    Raises
    ------
    TableError
        If a column is missing, or there are several coefficients.

    Notes
    -----
    The thresholds are Krippendorff's (2019, Content Analysis, 4th edition, chapter 12).

    Examples
    --------
    >>> plot_agreement(pd.DataFrame({"code": ["jargon"], "coefficient": "alpha", "estimate": 0.7, "low": 0.5, "high": 0.83}))
    Dot plot of alpha by code with 95% intervals: jargon (0.70); lower end of the interval at 0.80 or above for 0 of 1 code, at
    0.667 to 0.80 for 0, below for 1; no interval for 0.
    """
    need_columns(agreement, "plot_agreement", "code", "coefficient", "estimate", "low", "high")
    table = agreement.sort_values(["estimate", "code"], ascending=[False, True], ignore_index=True)
    if table.empty:
        return Chart(None, empty, table, title)
    coefficients = sorted(set(table["coefficient"]))
    if len(coefficients) > 1:
        found, remedy = ", ".join(coefficients), "Choose one: table[table['coefficient'] == 'alpha']."
        raise TableError(Problem("plot_agreement", "column coefficient", found, "one coefficient", remedy))
    name, alpha, low = NAMES.get(coefficients[0], coefficients[0]), table["estimate"], table["low"]
    sizes = (low >= RELIABLE).sum(), ((low >= TENTATIVE) & (low < RELIABLE)).sum(), (low < TENTATIVE).sum()
    texts = [format_number(value) for value in alpha.fillna(0.0)]
    sentence = (
        f"Dot plot of {name} by code with 95% intervals: {name_extremes(table['code'].tolist(), alpha.tolist(), texts)}; "
        f"lower end of the interval at 0.80 or above for {sizes[0]} of {count_of(len(table), 'code')}, at 0.667 to 0.80 for "
        f"{sizes[1]}, below for {sizes[2]}; no interval for {low.isna().sum()}."
    )
    with chart_style():
        axes = new_axes(0.7 + LINE * label_lines(table["code"].tolist()))
        _draw_estimates(axes, table, name)
    shown = keep_columns(table, "code", "coefficient", "estimate", "low", "high", "units", "respondents", "coders", "reason")
    return Chart(figure_of(axes), sentence, shown, title)


def _heat_map(grid: pd.DataFrame) -> Figure:
    import seaborn as sns

    size = len(grid)
    labels = [f"{wrap_label(code, lines=2)}  {at}" for at, code in enumerate(grid.index, start=1)]
    with chart_style():
        axes = new_axes(0.5 + max(0.36 * size, 1.1))
        sns.heatmap(
            grid,
            annot=True,
            fmt="d",
            mask=np.eye(size, dtype=bool),
            cmap=LinearSegmentedColormap.from_list("navy", ["#FFFFFF", "#6BACE6", NAVY]),
            vmin=0,
            cbar=False,
            linewidths=1,
            linecolor="#E0E0E0",
            xticklabels=range(1, size + 1),
            yticklabels=labels,
            ax=axes,
        )
        axes.set(xlabel="", ylabel="")
        axes.tick_params(length=0, labeltop=True, labelbottom=False, rotation=0)
    return figure_of(axes)


def _draw_estimates(axes: Axes, table: pd.DataFrame, name: str) -> None:
    for value, word in ((TENTATIVE, "0.667 tentative"), (RELIABLE, "0.800 reliable")):
        axes.axvline(value, color=GREY, linestyle="--" if value == TENTATIVE else "-", linewidth=1)
        axes.annotate(
            word,
            (value, 1),
            xytext=(-3 if value == TENTATIVE else 3, 3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if value == TENTATIVE else "left",
        )
    for at, row in enumerate(records(table)):
        estimate, low, high = row["estimate"], row["low"], row["high"]
        if np.isnan(estimate):
            write_at_edge(
                axes, at, wrap_label(f"not defined{': ' if row.get('reason') else ''}{row.get('reason', '')}", width=22)
            )
            continue
        axes.plot([low, high], [at, at], color=SLATE, linewidth=3, solid_capstyle="butt")
        marker, colour = _mark(low)
        dot = axes.plot(estimate, at, marker=marker, color=colour, markersize=8, markeredgecolor="white", linestyle="none")
        dot[0].set_clip_on(False)
        interval = "" if np.isnan(low) else f" ({format_number(low)} to {format_number(high)})"
        write_at_edge(axes, at, f"{format_number(estimate)}{interval}")
    axes.set_yticks(range(len(table)), [wrap_label(code) for code in table["code"]])
    lowest = float(np.nanmin([0.0, *table["low"], *table["estimate"]]))
    label = "Krippendorff's alpha" if name == "alpha" else name
    axes.set(ylim=(len(table) - 0.5, -0.5), xlim=(max(lowest, -1.0), 1.0), xlabel=label)


def _mark(low: float) -> tuple[str, str]:
    """The marker and colour for the lower end of an interval, grey where there is none."""
    if np.isnan(low):
        return "o", GREY
    return ("o", NAVY) if low >= RELIABLE else ("s", TEAL) if low >= TENTATIVE else ("v", PLUM)
