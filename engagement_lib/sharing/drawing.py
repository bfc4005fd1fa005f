"""What several charts need: bars with their values written beside them, sentences of highest and lowest, tables checked."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.sharing.charts import COLOURS, HATCHES, NAVY
from engagement_lib.tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE: Final = 0.155  # inches that a line of a label takes
LABEL: Final = 34  # signs that a line of a label holds


def need_columns(table: pd.DataFrame, name: str, *columns: str) -> None:
    """Nothing, where the table has these columns.

    Raises
    ------
    TableError
        Naming every column that is missing.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        found = ", ".join(map(str, table.columns)) or "none"
        raise TableError(
            [
                Problem(name, "columns", found, f"a column '{column}'", "Give the table that the function's description names.")
                for column in missing
            ]
        )


def keep_columns(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The table with those of these columns that it has, in this order: what stands behind a chart."""
    return table[[column for column in columns if column in table.columns]]


def wrap_label(text: str, *, width: int = LABEL, lines: int = 3) -> str:
    r"""A label broken into lines, and cut with an ellipsis where it is longer than `lines` of them.

    Examples
    --------
    >>> wrap_label("Nobody told me what became of my reply", width=20, lines=2)
    'Nobody told me what\nbecame of my reply'
    """
    parts = textwrap.wrap(text.replace("$", r"\$"), width) or [""]
    return "\n".join(parts) if len(parts) <= lines else "\n".join(parts[:lines]) + "…"


def natural_order(names: pd.Series) -> pd.Series:
    """The names as they are to be sorted, numbers in them by size: C2 before C10.

    Examples
    --------
    >>> pd.Series(["C10", "C2"]).sort_values(key=natural_order).tolist()
    ['C2', 'C10']
    """
    return names.astype(str).map(lambda name: re.sub(r"\d+", lambda digits: digits.group().zfill(12), name))


def name_extremes(names: Sequence[str], values: Sequence[float], texts: Sequence[str]) -> str:
    """The highest and lowest of some values in words; the first of equals is named.

    Examples
    --------
    >>> name_extremes(["jargon", "no-time"], [2, 9], ["2 of 12", "9 of 12"])
    'highest no-time (9 of 12), lowest jargon (2 of 12)'
    """
    known = [at for at, value in enumerate(values) if not np.isnan(value)]
    if not known:
        return "no value is defined"
    high = max(known, key=lambda at: (values[at], -at))
    low = min(known, key=lambda at: (values[at], at))
    if values[high] == values[low]:
        return f"{names[high]} ({texts[high]})" if len(known) == 1 else f"all the same ({texts[high]})"
    return f"highest {names[high]} ({texts[high]}), lowest {names[low]} ({texts[low]})"


def name_base(bases: pd.Series, *, of: str = "respondents") -> str:
    """The number that shares are taken of, or its range.

    Examples
    --------
    >>> name_base(pd.Series([40, 45])), name_base(pd.Series([1]))
    ('n = 40 to 45 respondents', 'n = 1 respondent')
    """
    known = bases.dropna()
    if known.empty:
        return f"number of {of} not stated"
    low, high = int(known.min()), int(known.max())
    return f"n = {low} {of[:-1] if low == 1 else of}" if low == high else f"n = {low} to {high} {of}"


def count_of(number: float, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> count_of(1, "passage"), count_of(1200, "word")
    ('1 passage', '1,200 words')
    """
    return f"{int(number):,} {noun if number == 1 else noun + 's'}"


def part_of(part: float, base: float) -> str:
    """A part and its base in words; a part that is withheld or not defined says so.

    Examples
    --------
    >>> part_of(9, 12), part_of(float("nan"), 12)
    ('9 of 12', 'not shown, of 12')
    """
    whole = "an unknown number" if np.isnan(base) else f"{int(base):,}"
    return f"not shown, of {whole}" if np.isnan(part) else f"{int(part):,} of {whole}"


def shown_first(drawn: int, all_rows: int, *, of: str) -> str:
    """The end of a sentence where not everything is drawn, else "".

    Examples
    --------
    >>> shown_first(20, 34, of="codes")
    '; the first 20 of 34 codes are drawn'
    """
    return f"; the first {drawn} of {all_rows} {of} are drawn" if drawn < all_rows else ""


def draw_bars(axes: Axes, names: Sequence[str], values: Sequence[float], texts: Sequence[str]) -> None:
    """Draw one bar a name, the first at the top, with its text beside it; a name of many lines gets as much room as it needs."""
    lengths = [float(np.nan_to_num(value)) for value in values]
    labels = [wrap_label(name) for name in names]
    room = [max(2, label.count("\n") + 1) / 2 for label in labels]
    places = [float(sum(room[:at]) + (room[at] - 1) / 2) for at in range(len(names))]
    for place, length, text in zip(places, lengths, texts, strict=True):
        axes.barh(place, length, height=0.68, color=NAVY)
        _write_beside(axes, place, length, text)
    axes.set_yticks(places, labels)
    _tidy_bars(axes, sum(room), max(lengths))


def draw_grouped_bars(axes: Axes, table: pd.DataFrame, *, names: str, groups: str, values: str, texts: str) -> None:
    """Draw a bar for each row under its name, told apart by colour, hatch and the group's name beside the bar."""
    order = list(dict.fromkeys(table[groups]))
    at, middles = 0.0, []
    for _, rows in table.groupby(names, sort=False):
        middles.append(at + (len(rows) - 1) / 2)
        for row in records(rows):
            look = order.index(row[groups])
            length = float(np.nan_to_num(row[values]))
            axes.barh(at, length, height=0.9, color=COLOURS[look % len(COLOURS)], hatch=HATCHES[look % len(HATCHES)])
            _write_beside(axes, at, length, f"{row[groups]}: {row[texts]}")
            at += 1
        at += 0.7
    axes.set_yticks(middles, [wrap_label(str(name)) for name in dict.fromkeys(table[names])])
    _tidy_bars(axes, at - 0.7, float(table[values].max()))


def grouped_height(table: pd.DataFrame, names: str) -> float:
    """The height in inches that `draw_grouped_bars` needs."""
    return 0.2 + 0.25 * len(table) + 0.2 * table[names].nunique()


def label_lines(names: Sequence[str]) -> int:
    """How many lines the labels take, two at least for each, so that a chart can be made as high as it must be."""
    return sum(max(2, wrap_label(name).count("\n") + 1) for name in names)


def write_at_edge(axes: Axes, place: float, text: str) -> None:
    """Write text to the right of the axes, on the line of `place`."""
    axes.annotate(text, (1.03, place), xycoords=("axes fraction", "data"), va="center", annotation_clip=False)


def _write_beside(axes: Axes, place: float, length: float, text: str) -> None:
    axes.annotate(text, (length, place), xytext=(4, 0), textcoords="offset points", va="center", annotation_clip=False)


def _tidy_bars(axes: Axes, rows: float, longest: float) -> None:
    """Bars begin at zero and say their own value, so that neither axis needs a scale."""
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_xlim(0, np.nan_to_num(longest) * 1.02 or 1)
    axes.tick_params(axis="x", bottom=False, labelbottom=False)
    axes.spines["bottom"].set_visible(False)
