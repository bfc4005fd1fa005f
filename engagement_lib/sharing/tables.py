"""Tables as readers meet them: with a caption, headings that a screen reader follows, and no passage that nobody cleared."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.sharing.cells import format_columns, heading_columns, html_table, plain_table
from engagement_lib.sharing.clearance import cleared_passages, shows_everything
from engagement_lib.sharing.gate import repeats_uncleared
from engagement_lib.tables import Study

WITHHELD: Final = "[not cleared]"
QUOTES: Final = ("quote", "keyword")
CONTEXT: Final = (
    "after",
    "answer",
    "answers",
    "before",
    "context",
    "difference",
    "left",
    "memo",
    "memos",
    "quotes",
    "right",
    "text",
)
_PLACE: Final = ("source_id", "start", "end")


@dataclass(frozen=True, eq=False, repr=False)
class AccessibleTable:
    """A table ready to be read, as `html` and as `plain` text; `table` holds what is shown of it, values unrounded."""

    caption: str
    html: str
    plain: str
    table: pd.DataFrame

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002 - IPython's
        return {"text/plain": self.plain, "text/html": self.html}


def show_table(
    table: pd.DataFrame, caption: str, *, study: Study | None = None, empty: str = "There is nothing to show.", rows: int = 50
) -> AccessibleTable:
    """The table as people read it: caption, headings, rounded numbers, "–" where a number is not defined.

    Outside the team a quote or keyword is shown only if the very passage of its row (`source_id`, `start`, `end`) has been
    cleared, or, in a table without offsets, one of its source that is the same word for word; what surrounds it never, and any
    other cell only if it repeats no uncleared words. Instead stands "[not cleared]".

    Parameters
    ----------
    table
        Any table. An index with names is shown as the first columns. The first columns that tell the rows apart head them.
    caption
        What the table shows.
    study
        Says who reads, and what is cleared; needed where a column holds participants' words.
    empty
        What is said where the table has no rows.
    rows
        How many rows are shown; a note says how many there are.

    Raises
    ------
    TableError
        If a column holds participants' words and no study is given, or `rows` is below 1.

    Examples
    --------
    >>> show_table(pd.DataFrame({"code": ["jargon", "no-time"], "share": [0.257, float("nan")]}), "Codes")
    Codes
    <BLANKLINE>
    code     share
    -------  -----
    jargon    0.26
    no-time      –
    """
    if rows < 1:
        raise TableError(Problem("show_table", "rows", str(rows), "at least 1", "50 is usual."))
    table = _with_index(table)
    if study is None:
        _check_wordless(table, caption)
    shown = table.head(rows).reset_index(drop=True)
    if study is not None and not shows_everything(study):
        shown = _without_uncleared(shown, study)
    if shown.empty:
        html = f'<p class="note"><strong>{escape(caption)}.</strong> {escape(empty)}</p>'
        return AccessibleTable(caption, html, f"{caption}\n\n{empty}", shown)
    note = f"The first {rows} of {len(table)} rows." if len(table) > rows else ""
    columns = format_columns(shown)
    html = html_table(columns, caption, headings=heading_columns(shown), note=note)
    return AccessibleTable(caption, html, plain_table(columns, caption, note=note), shown)


def _with_index(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its index as first columns where it says something: where it has names, or words."""
    if any(name is not None for name in table.index.names):
        return table.reset_index()
    if pd.api.types.is_numeric_dtype(table.index):
        return table
    return table.reset_index(names="row")


def _wordy_columns(table: pd.DataFrame) -> list[str]:
    return [column for column in table.columns if not pd.api.types.is_numeric_dtype(table[column])]


def _check_wordless(table: pd.DataFrame, caption: str) -> None:
    found = [column for column in _wordy_columns(table) if column in QUOTES or column in CONTEXT]
    if found and len(table):
        raise TableError(
            Problem(
                f"show_table, '{caption}'",
                "columns",
                f"participants' words in {', '.join(found)}, and no study",
                "the study, which says who reads and what is cleared",
                "Pass study=study, or leave these columns out.",
            )
        )


def _without_uncleared(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The table with "[not cleared]" in place of what this study's audience may not see."""
    quotable = _quotable(table, study)
    shown = table.copy()
    for column in _wordy_columns(table):
        texts = ["" if blank else str(value) for value, blank in zip(table[column], table[column].isna(), strict=True)]
        if column in QUOTES:
            hidden = [text not in quotes for text, quotes in zip(texts, quotable, strict=True)]
        elif column in CONTEXT:
            hidden = [True] * len(texts)
        else:
            hidden = repeats_uncleared(texts, study)
        stays = [not text or not hide for text, hide in zip(texts, hidden, strict=True)]
        shown[column] = table[column].astype(object).where(pd.Series(stays, index=table.index, dtype=bool), WITHHELD)
    return shown


def _quotable(table: pd.DataFrame, study: Study) -> list[set[str]]:
    """What may be quoted in each row: its passage if it is cleared; without offsets, any passage cleared in its source."""
    if "source_id" not in table.columns:
        return [set()] * len(table)
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))
    cleared = {place: texts.get(place[0], "")[place[1] : place[2]] for place in cleared_passages(study)}
    if set(_PLACE) <= set(table.columns):
        places = zip(*(table[column] for column in _PLACE), strict=True)
        return [{cleared[place]} if place in cleared else set() for place in places]
    return [{quote for place, quote in cleared.items() if place[0] == source} for source in table["source_id"]]
