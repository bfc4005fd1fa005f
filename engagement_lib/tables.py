"""What each table looks like, the check of it, and the bundle of them that is a study.

Text columns hold "" where there is nothing to say, never NaN; numbers hold NaN. Offsets are half-open, zero-based Unicode code
points into the normalised text of a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError

if TYPE_CHECKING:
    from engagement_lib.settings import Settings

Audience = Literal["team", "working-group", "public"]

TEXT: Final = "str"
COUNT: Final = "int64"
NUMBER: Final = "float64"


@dataclass(frozen=True)
class Schema:
    """The shape of one table: its columns with their types, its key, and the words that a column may hold.

    `extra` says whether further columns may follow (a case's variables).
    """

    columns: Mapping[str, str]
    key: tuple[str, ...]
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    extra: bool = False


KINDS: Final = ("interview", "webinar", "survey", "comment")
ROLES: Final = ("participant", "interviewer", "moderator", "unknown")
LAYERS: Final = ("independent", "consensus", "rule", "machine")
STANCES: Final = ("supports", "qualifies", "contradicts")
EVIDENCE_STANCES: Final = (*STANCES, "context")
_SPAN: Final = {"source_id": TEXT, "start": COUNT, "end": COUNT}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "sources": Schema(
        dict.fromkeys(
            (
                "source_id",
                "case_id",
                "kind",
                "question",
                "wave",
                "level",
                "text",
                "text_sha256",
                "file_sha256",
                "origin",
                "reason",
                "normalised",
            ),
            TEXT,
        ),
        key=("source_id",),
        allowed={"kind": KINDS},
        required=("source_id", "kind"),
    ),
    "cases": Schema({"case_id": TEXT, "group": TEXT}, key=("case_id",), required=("case_id",), extra=True),
    "segments": Schema(
        _SPAN
        | dict.fromkeys(("case_id", "kind", "wave", "question", "speaker", "role"), TEXT)
        | {"time_start": NUMBER, "time_end": NUMBER, "quote": TEXT},
        key=("source_id", "start", "end"),
        allowed={"kind": KINDS, "role": ROLES},
        required=("source_id",),
    ),
    "codebook": Schema(
        dict.fromkeys(
            ("code", "parent", "definition", "include", "exclude", "example", "counter_evidence", "colour", "theme"),
            TEXT,
        ),
        key=("code",),
        required=("code",),
    ),
    "codings": Schema(
        {"coding_id": TEXT} | _SPAN | dict.fromkeys(("code", "coder", "layer", "stance", "at", "memo", "quote"), TEXT),
        key=("coding_id",),
        allowed={"layer": LAYERS, "stance": STANCES},
        required=("source_id", "code", "coder"),
    ),
    "readings": Schema(
        {"source_id": TEXT, "coder": TEXT, "round": TEXT, "draw_probability": NUMBER, "finished": TEXT},
        key=("source_id", "coder"),
        required=("source_id", "coder"),
    ),
    "memos": Schema(
        dict.fromkeys(("memo_id", "about_type", "about_id", "author", "at", "text"), TEXT),
        key=("memo_id",),
        required=("memo_id",),
    ),
    "events": Schema(
        dict.fromkeys(("event_id", "at", "author", "kind", "about_type", "about_id", "value", "reason"), TEXT),
        key=("event_id",),
        required=("event_id", "author", "kind"),
    ),
    "themes": Schema(
        dict.fromkeys(("theme_id", "name", "status", "parents", "first_run", "last_run"), TEXT),
        key=("theme_id",),
        required=("theme_id",),
    ),
    "theme_assignments": Schema(
        {"run": TEXT} | _SPAN | {"theme_id": TEXT, "margin": NUMBER, "second_theme_id": TEXT},
        key=("run", "source_id", "start", "end"),
    ),
    "claims": Schema(
        dict.fromkeys(("claim_id", "theme", "statement", "codes", "scope", "would_count_against", "sources_expected"), TEXT),
        key=("claim_id",),
        required=("claim_id", "statement"),
    ),
    "quotes": Schema(
        dict.fromkeys(("quote_id", "claim_id", "source_id", "quote"), TEXT),
        key=("quote_id",),
        required=("quote_id", "quote"),
    ),
    "evidence": Schema(
        {"claim_id": TEXT} | _SPAN | dict.fromkeys(("case_id", "kind", "wave", "code", "stance", "reviewer", "quote"), TEXT),
        key=("claim_id", "source_id", "start", "end", "stance"),
        allowed={"kind": KINDS, "stance": EVIDENCE_STANCES},
    ),
}


@dataclass(frozen=True)
class Study:
    """The tables of one study, as they stand when it is opened. Open it again to see what has been decided since.

    `folder` is where it lies, `settings` what its `study.toml` says, `audience` who will read what is shown. `history` is what
    the tables were folded from, where there is a log of events: the whole `log`, and the tables as the study's files have them.
    """

    folder: Path
    settings: Settings
    sources: pd.DataFrame
    cases: pd.DataFrame
    codebook: pd.DataFrame
    codings: pd.DataFrame
    readings: pd.DataFrame
    memos: pd.DataFrame
    claims: pd.DataFrame
    events: pd.DataFrame
    quotes: pd.DataFrame = field(default_factory=lambda: empty_table("quotes"))
    audience: Audience = "team"
    history: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def empty_table(name: str) -> pd.DataFrame:
    """An empty table of this name, with all its columns and their types.

    Examples
    --------
    >>> list(empty_table("readings").columns)
    ['source_id', 'coder', 'round', 'draw_probability', 'finished']
    """
    return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in SCHEMAS[name].columns.items()})


def check_table(name: str, table: pd.DataFrame, *, origin: str = "") -> pd.DataFrame:
    """The table with the columns of its schema, in their order and types; what is missing and may be is filled in.

    Parameters
    ----------
    name
        A table of `SCHEMAS`.
    table
        As it came in. It is not changed.
    origin
        The file it came from, for the messages. Rows are counted as a spreadsheet counts them: the one labelled 0 in the index
        is row 2, below the header.

    Raises
    ------
    TableError
        With every row that has no key, repeats one, or holds a value that the schema does not allow.

    Examples
    --------
    >>> check_table("codebook", pd.DataFrame({"code": ["no-time"]})).loc[0, "definition"]
    ''
    """
    schema = SCHEMAS[name]
    origin = origin or f"table '{name}'"
    problems = _missing_columns(schema, table, origin) or _unknown_columns(schema, table, origin)
    if problems:
        raise TableError(problems)
    columns: dict[str, pd.Series] = {}
    for column, dtype in schema.columns.items():
        values = table[column] if column in table.columns else pd.Series(_filling(schema, column), index=table.index)
        columns[column], unfit = _as_type(values, dtype)
        problems += [_problem(origin, row, column, values, f"a number in '{column}'") for row in unfit]
    for column in [c for c in table.columns if c not in schema.columns]:
        columns[column], _ = _as_type(table[column], TEXT)
    checked = pd.DataFrame(columns, index=table.index)
    problems += (
        _empty_keys(schema, checked, origin) + _repeated_keys(schema, checked, origin) + _not_allowed(schema, checked, origin)
    )
    if problems:
        raise TableError(problems)
    return checked.reset_index(drop=True)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries, column by column."""
    names = [str(column) for column in table.columns]
    # Much faster than `to_dict`, which looks at every cell by itself.
    columns = [table.iloc[:, at].to_numpy(dtype=object).tolist() for at in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def row_place(table: pd.DataFrame | pd.Series, position: int | np.intp) -> str:
    """Where the row at this position stands in its spreadsheet: the one labelled 0 is row 2, below the header.

    A table whose rows are labelled with something else than numbers is counted from its top.
    """
    label = table.index[int(position)]
    return f"row {int(label if isinstance(label, int | np.integer) else position) + 2}"


def _filling(schema: Schema, column: str) -> object:
    if column in schema.allowed:
        return schema.allowed[column][0]
    return "" if schema.columns[column] == TEXT else float("nan") if schema.columns[column] == NUMBER else 0


def _as_type(values: pd.Series, dtype: str) -> tuple[pd.Series, list[int]]:
    """The values in their type, and the positions of those that do not fit it."""
    if dtype == TEXT and values.dtype == TEXT:
        return values.fillna("") if values.hasnans else values, []
    if dtype == TEXT:
        return values.astype(object).where(values.notna(), "").astype(str).astype(TEXT), []
    numbers = pd.to_numeric(values.replace("", None) if values.dtype == TEXT else values, errors="coerce")
    blank = values.isna() | (values.astype(str) == "")
    bad = numbers.isna() & ~blank if dtype == NUMBER else numbers.isna() | (numbers % 1 != 0)
    return numbers.astype(NUMBER) if dtype == NUMBER else numbers.where(~bad, 0).astype(COUNT), list(bad.to_numpy().nonzero()[0])


def _problem(origin: str, row: int | np.intp, column: str, values: pd.Series, expected: str) -> Problem:
    return Problem(origin, row_place(values, row), f"{column} '{values.iloc[row]}'", expected, "Mend the cell and load again.")


def _missing_columns(schema: Schema, table: pd.DataFrame, origin: str) -> list[Problem]:
    return [
        Problem(
            origin,
            "header",
            f"the columns {', '.join(map(str, table.columns))}",
            f"a column '{column}'",
            "Add it, or mend its name.",
        )
        for column in schema.required
        if column not in table.columns
    ]


def _unknown_columns(schema: Schema, table: pd.DataFrame, origin: str) -> list[Problem]:
    if schema.extra:
        return []
    known = ", ".join(schema.columns)
    return [
        Problem(origin, "header", f"a column '{column}'", f"only {known}", "Take it out, or mend its name.")
        for column in table.columns
        if column not in schema.columns
    ]


def _empty_keys(schema: Schema, table: pd.DataFrame, origin: str) -> list[Problem]:
    return [
        Problem(origin, row_place(table, row), f"no {column}", f"a value in '{column}'", "Fill the cell, or take the row out.")
        for column in schema.required
        if schema.columns.get(column) == TEXT
        for row in (table[column] == "").to_numpy().nonzero()[0]
    ]


def _repeated_keys(schema: Schema, table: pd.DataFrame, origin: str) -> list[Problem]:
    key = list(schema.key)
    repeated = table.duplicated(key) & (table[key].astype(str) != "").all(axis=1)
    return [
        Problem(
            origin,
            row_place(table, row),
            f"{' '.join(key)} '{' '.join(str(table[c].iloc[row]) for c in key)}' a second time",
            f"one row for each {' '.join(key)}",
            "Take one of them out, or give it another id.",
        )
        for row in repeated.to_numpy().nonzero()[0]
    ]


def _not_allowed(schema: Schema, table: pd.DataFrame, origin: str) -> list[Problem]:
    return [
        _problem(origin, row, column, table[column], f"one of {', '.join(words)}")
        for column, words in schema.allowed.items()
        for row in (~table[column].isin(words)).to_numpy().nonzero()[0]
    ]
