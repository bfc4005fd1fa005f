"""A table's values as people read them, and the accessible HTML and plain text of a whole table."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import pandas as pd

NOT_DEFINED: Final = "not defined"
DASH: Final = "–"
WIDEST: Final = 48
_COUNTS: Final = frozenset(
    ("base", "cell", "codings", "cases", "count", "n", "passages", "respondents", "segments", "sources", "units", "words")
)
_HIDDEN: Final = f'<span aria-hidden="true">{DASH}</span><span class="visually-hidden">{NOT_DEFINED}</span>'

# JupyterLab sets every cell flush right; the pages of a report bring the same rules themselves.
STYLE: Final = (
    "<style>.eng-table{overflow-x:auto}.eng-table caption{text-align:left;font-weight:600}"
    ".eng-table :is(th,td){text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:pre-line}"
    ".eng-table :is(th,td).number{text-align:right;white-space:nowrap}"
    ".eng-table .long{min-width:18em}"
    ".visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}</style>"
)


@dataclass(frozen=True)
class Column:
    """A column ready to be shown: its name, its cells (None where a value is not defined), and whether they are numbers."""

    name: str
    cells: tuple[str | None, ...]
    is_number: bool

    @property
    def css(self) -> str:
        """The class attribute of the column's cells, "" for short text."""
        if self.is_number:
            return ' class="number"'
        return ' class="long"' if any(len(cell) > WIDEST for cell in self.cells if cell) else ""


def format_number(number: float) -> str:
    """A share, coefficient or other measure with two decimals; with three where two would read as nothing.

    Examples
    --------
    >>> format_number(0.4167), format_number(0.0031), format_number(-0.0002), format_number(-0.25)
    ('0.42', '0.003', '> −0.001', '−0.25')
    """
    if np.isinf(number):
        return "∞" if number > 0 else "−∞"
    if number == 0 or abs(number) >= 0.005:
        text = f"{abs(number):.2f}"
    elif abs(number) >= 0.001:
        text = f"{abs(number):.3f}"
    else:
        return "< 0.001" if number > 0 else "> −0.001"
    return f"−{text}" if number < 0 else text


def format_columns(table: pd.DataFrame) -> list[Column]:
    """The columns of a table as text: counts plain, measures rounded, truth as yes and no, lists with commas.

    Examples
    --------
    >>> format_columns(pd.DataFrame({"code": ["jargon"], "share": [1 / 3]}))[1].cells
    ('0.33',)
    """
    return [_format_column(_name(table.columns[at]), table.iloc[:, at]) for at in range(table.shape[1])]


def heading_columns(table: pd.DataFrame) -> int:
    """How many of the first columns name a row: as few as tell all rows apart, three at most, else one.

    Examples
    --------
    >>> heading_columns(pd.DataFrame({"code": ["a", "a"], "other": ["b", "c"], "passages": [1, 2]}))
    2
    """
    names = table.map(str)
    for width in range(1, min(3, table.shape[1] - 1) + 1):
        if pd.api.types.is_float_dtype(table.dtypes.iloc[width - 1]):
            break
        if not names.iloc[:, :width].duplicated().any():
            return width
    return 1


def html_table(columns: Sequence[Column], caption: str, *, headings: int = 1, note: str = "") -> str:
    """A table as HTML that a screen reader can walk through: caption, scopes, and a region that scrolls by keyboard.

    Examples
    --------
    >>> html_table([Column("code", ("jargon",), False)], "Codes").count('scope="row"')
    1
    """
    head = "".join(f'<th scope="col"{column.css}>{escape(column.name.replace("_", " "))}</th>' for column in columns)
    rows = zip(*(column.cells for column in columns), strict=True)
    body = "".join(
        "<tr>" + "".join(_html_cell(cell, columns[at], at < headings) for at, cell in enumerate(row)) + "</tr>\n" for row in rows
    )
    below = f'<p class="note">{escape(note)}</p>' if note else ""
    return (
        f'<div class="eng-table" role="region" aria-label="{escape(caption)}" tabindex="0">{STYLE}\n'
        f"<table><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>{below}"
    )


def plain_table(columns: Sequence[Column], caption: str, *, note: str = "") -> str:
    """A table as aligned plain text; long cells go over several lines.

    Examples
    --------
    >>> print(plain_table([Column("code", ("jargon", "skills"), False), Column("share", ("0.33", None), True)], "Codes"))
    Codes
    <BLANKLINE>
    code    share
    ------  -----
    jargon   0.33
    skills      –
    """
    lines = [[_wrap(DASH if cell is None else cell) for cell in (column.name, *column.cells)] for column in columns]
    widths = [max(_width(line) for cell in cells for line in cell) for cells in lines]
    rows = [_plain_row(row, widths, columns) for row in zip(*lines, strict=True)]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([caption, "", *rows[0], rule, *(line for row in rows[1:] for line in row), *(["", note] if note else [])])


def _name(column: object) -> str:
    return " / ".join(str(level) for level in column if str(level)) if isinstance(column, tuple) else str(column)


def _format_column(name: str, values: pd.Series) -> Column:
    if pd.api.types.is_bool_dtype(values):
        return Column(name, tuple("yes" if value else "no" for value in values), is_number=False)
    if not pd.api.types.is_numeric_dtype(values):
        return Column(name, tuple(_words(value) for value in values), is_number=False)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    whole = bool((known % 1 == 0).all())
    is_count = pd.api.types.is_integer_dtype(values) or (
        whole and (bool((abs(known) > 1).any()) or name.split(" ", maxsplit=1)[0] in _COUNTS)
    )
    return Column(name, tuple(_number(number, is_count=is_count) for number in numbers), is_number=True)


def _number(number: float, *, is_count: bool) -> str | None:
    if np.isnan(number):
        return None
    return f"{number:.0f}".replace("-", "−") if is_count and np.isfinite(number) else format_number(number)


def _words(value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(str(part) for part in value))
    if isinstance(value, float) and not np.isnan(value):
        return format_number(value)
    return None if value is None or value is pd.NA or value is pd.NaT or value != value else str(value)  # noqa: PLR0124 - NaN


def _html_cell(cell: str | None, column: Column, is_heading: bool) -> str:
    inner = _HIDDEN if cell is None else escape(cell)
    if is_heading and inner:
        return f'<th scope="row"{column.css}>{inner}</th>'
    return f"<td{column.css}>{inner}</td>"


def _wrap(cell: str) -> list[str]:
    return [part for line in cell.split("\n") for part in textwrap.wrap(line, WIDEST) or [""]]


def _width(text: str) -> int:
    """How many places a text takes in a fixed-width face: wide signs two, accents that combine and format signs none."""
    return sum(
        0 if unicodedata.category(sign) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _plain_row(cells: Sequence[list[str]], widths: Sequence[int], columns: Sequence[Column]) -> list[str]:
    height = max(len(cell) for cell in cells)
    lines = []
    for at in range(height):
        parts = [cell[at] if at < len(cell) else "" for cell in cells]
        padded = [
            " " * (width - _width(part)) + part if column.is_number else part + " " * (width - _width(part))
            for part, width, column in zip(parts, widths, columns, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return lines
