"""Spreadsheets with one row a turn (.csv, .tsv, .xlsx)."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError, TranscriptError
from engagement_lib.layout import Turn, parse_time
from engagement_lib.loading.account import SPEAKER, STRUCTURE, TIME, WORDS, Account, Reading, account_of_rows
from engagement_lib.loading.captions import join_turns
from engagement_lib.loading.lines import CLOCK
from engagement_lib.loading.spreadsheets import parse_table
from engagement_lib.loading.text import normalise
from engagement_lib.tables import records, row_place

# What programs call their columns; the first that a table has is taken.
_NAMES: Final = {
    "words": ("words", "text", "statement", "content", "utterance", "transcript", "sentence", "quote"),
    "speaker": ("speaker", "name", "who", "participant", "speaker_name", "speaker name"),
    "start": ("timestamp", "start", "time", "start time", "start_time", "begin", "time_start"),
    "end": ("end", "end time", "end_time", "stop", "time_end"),
}
_REMEDY: Final = "Rename the column that holds them; name a survey under [[surveys]] in study.toml."
_CLOCK: Final = re.compile(CLOCK)
_SECONDS: Final = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)


def read_turn_table(data: bytes, *, origin: str) -> Reading:
    r"""The turns in a spreadsheet with a column of words, and columns of speakers and times if it has them.

    A speaker left blank is the last one, who goes on: rows in a row by one speaker are one turn. Times are clock times, seconds,
    or, where all are whole numbers and some are of 1,000 and more, milliseconds. Other columns are set aside.

    Raises
    ------
    TranscriptError
        Where there is no column of words, or a time that is none.

    Examples
    --------
    >>> read_turn_table(b"speaker,text\nAnn,Who?\nP1,Me.\n,Only me.\n", origin="P01.csv").turns[1].words
    'Me. Only me.'
    """
    try:
        table = parse_table(data, origin)
    except TableError as fault:
        raise TranscriptError(fault.problems) from fault
    columns = {" ".join(str(name).casefold().split()): name for name in table.columns}
    found = {what: next((columns[name] for name in names if name in columns), "") for what, names in _NAMES.items()}
    if not found["words"]:
        headers, expected = ", ".join(map(str, table.columns)), f"a column of words: {', '.join(_NAMES['words'])}"
        raise TranscriptError(Problem(origin, "header", f"the columns {headers}", expected, _REMEDY))
    rows = list(zip(*(table[column] if column else [""] * len(table) for column in found.values()), strict=True))
    starts, ends = (_times(table, found[what], origin) for what in ("start", "end"))
    turns, speaker = [], ""
    for (words, said, _, _), start, end in zip(rows, starts, ends, strict=True):
        speaker = _plain(said).rstrip(":").strip() or speaker
        turns.append(Turn(speaker, _plain(words), time_start=start, time_end=end))
    return Reading(list(join_turns(turn for turn in turns if turn.words)), _account(table, found))


def _account(table: pd.DataFrame, found: dict[str, str]) -> Account:
    """What each cell became; its lines are the rows of the spreadsheet."""
    became = {found["words"]: WORDS, found["speaker"]: SPEAKER, found["start"]: TIME, found["end"]: TIME}
    rules = {name: became.get(str(name), f"column that is not read: {name}") for name in table.columns}
    rows: list[list[tuple[str, str]]] = [[(str(name), STRUCTURE) for name in table.columns]]
    for position, cells in enumerate(records(table)):
        row = int(row_place(table, position).removeprefix("row "))
        rows += [[] for _ in range(len(rows) + 1, row)]
        rows.append([(unescape(cell) if rules[name] == WORDS else cell, rules[name]) for name, cell in cells.items()])
    return account_of_rows(rows)


def _plain(cell: str) -> str:
    return normalise(" ".join(unescape(cell).split()))


def _times(table: pd.DataFrame, column: str, origin: str) -> list[float | None]:
    """The seconds in a column of times, row by row; None where there is no time."""
    cells = [str(cell).strip().strip("[]()") for cell in table[column]] if column else [""] * len(table)
    given = [cell for cell in cells if cell]
    thousandth = 1000 if all(cell.isdecimal() for cell in given) and any(int(cell) >= 1000 for cell in given) else 1
    times: list[float | None] = []
    for position, cell in enumerate(cells):
        if not cell:
            times.append(None)
        elif _CLOCK.fullmatch(cell):
            times.append(parse_time(cell))
        elif _SECONDS.fullmatch(cell):
            times.append(float(cell) / thousandth)
        else:
            place, expected = f"{row_place(table, position)}, column '{column}'", "a time such as 0:01:30, or seconds"
            raise TranscriptError(Problem(origin, place, f"'{cell}'", expected, "Mend the cell."))
    return times
