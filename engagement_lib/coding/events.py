"""Events: what somebody did, as a row of a log that is only ever added to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.text import normalise
from engagement_lib.tables import SCHEMAS, TEXT, records

SOURCE_READ: Final = "source read"
SOURCE_FINISHED: Final = "source finished"
CODING_ADDED: Final = "coding added"
CODING_WITHDRAWN: Final = "coding withdrawn"
CODING_STANCE: Final = "coding given a stance"
MEMO: Final = "memo"
CODE_ADDED: Final = "code added"
CODE_RENAMED: Final = "code renamed"
CODE_MOVED: Final = "code moved"
CODE_MERGED: Final = "code merged"
CODE_SPLIT: Final = "code split"
CODE_RETIRED: Final = "code retired"
IDENTIFIER_DECIDED: Final = "identifier decided"
SOURCE_SIGNED_OFF: Final = "source signed off"
UNDONE: Final = "event undone"
REDONE: Final = "event redone"
THEME_RECORDED: Final = "theme recorded"
THEME_DECISION: Final = "theme decision"
RUN_RECORDED: Final = "run recorded"

STORE: Final = "study.db"
CODE_KINDS: Final = (CODE_ADDED, CODE_RENAMED, CODE_MOVED, CODE_MERGED, CODE_SPLIT, CODE_RETIRED)
MARKS: Final = (UNDONE, REDONE)
# The kinds that become rows of a table; all others are decisions, which stay events.
FOLDED: Final = (SOURCE_READ, SOURCE_FINISHED, CODING_ADDED, CODING_WITHDRAWN, CODING_STANCE, MEMO, *CODE_KINDS, *MARKS)
# What an event of a kind is about; "" where it may be about anything.
ABOUT: Final[Mapping[str, str]] = {
    SOURCE_READ: "source",
    SOURCE_FINISHED: "source",
    CODING_ADDED: "coding",
    CODING_WITHDRAWN: "coding",
    CODING_STANCE: "coding",
    MEMO: "",
    **dict.fromkeys(CODE_KINDS, "code"),
    **dict.fromkeys(MARKS, "event"),
    THEME_RECORDED: "theme",
    THEME_DECISION: "theme",
    RUN_RECORDED: "run",
    "claim registered": "claim",
    "claim reviewed": "claim",
    "confidence confirmed": "claim",
    "link overruled": "link",
    "candidate reviewed": "candidate",
    "cell judged": "cell",
    "verdict given": "claim",
    "quote cleared": "passage",
    "quote withdrawn": "passage",
    IDENTIFIER_DECIDED: "passage",
    SOURCE_SIGNED_OFF: "source",
}
_COLUMNS: Final = tuple(SCHEMAS["events"].columns)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
CODING: Final = ("source_id", "start", "end", "code", "coder", "layer", "stance", "memo", "quote")


def make_event(
    kind: str, about_id: str, *, author: str, about_type: str = "", value: str | Mapping[str, Any] = "", reason: str = ""
) -> dict[str, str]:
    """One new event, a row for the table "events": without an id and a time, which it is given when it is appended.

    Parameters
    ----------
    kind
        One of those in `ABOUT`.
    about_type
        What it is about; only a memo needs it, for every other kind says it already.
    value
        A text, or several named values, which are written as JSON.

    Examples
    --------
    >>> make_event("code renamed", "no-time", author="AB", value={"code": "time", "version": "2"})["value"]
    '{"code": "time", "version": "2"}'
    """
    text = value if isinstance(value, str) else write_value(value)
    about = about_type or ABOUT.get(kind, "")
    return dict(zip(_COLUMNS, ("", "", author, kind, about, about_id, text, reason), strict=True))


def codings_added(codings: pd.DataFrame) -> pd.DataFrame:
    """A "coding added" event for each row of a table of codings, by its coder, and with its date where it has one.

    Examples
    --------
    >>> from engagement_lib.tables import check_table
    >>> rows = pd.DataFrame({"coding_id": ["1"], "source_id": ["P01"], "start": [3], "end": [13], "code": ["no-time"],
    ...                      "coder": ["AB"]})
    >>> codings_added(check_table("codings", rows))[["author", "kind", "about_id"]].values.tolist()
    [['AB', 'coding added', '1']]
    """
    rows = [
        make_event(CODING_ADDED, row["coding_id"], author=row["coder"], value={column: row[column] for column in CODING})
        | {"at": row["at"]}
        for row in records(codings)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(TEXT)


def write_value(value: Mapping[str, Any]) -> str:
    """Several values as one JSON text, the same for the same values."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    # An accent that follows the n of an escaped line break would be composed with it when the text is next read from a file.
    return text if normalise(text) == text else json.dumps(value, sort_keys=True)


def read_values(events: pd.DataFrame) -> list[dict[str, Any]]:
    """The JSON values of events that have been checked, all at once, since one long text is read faster than many short ones."""
    parsed: list[dict[str, Any]] = json.loads(f"[{','.join([value or '{}' for value in events['value'].to_list()])}]")
    return parsed


def in_log_order(events: pd.DataFrame) -> pd.DataFrame:
    """The events in the order in which they happened: by time, and by id of those at one moment."""
    # Python's sort is faster than that of pandas where the rows are nearly in order, as those of a log are.
    moments = list(zip(events["at"].to_list(), events["event_id"].to_list(), strict=True))
    return events.iloc[sorted(range(len(moments)), key=moments.__getitem__)].reset_index(drop=True)


def utc_time(moment: datetime) -> str:
    """A moment as the log writes it, so that the order of the letters is that of time.

    Examples
    --------
    >>> utc_time(datetime(2020, 10, 2, 9, tzinfo=UTC))
    '2020-10-02T09:00:00.000000Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def read_time(text: str, *, place: str = "as_of") -> str:
    """A date as it is, and a time with any offset as the log writes it; one that names no offset is UTC.

    Raises
    ------
    TableError
        Where the text is neither.

    Examples
    --------
    >>> read_time("2020-10-02"), read_time("2020-10-02T10:00+01:00")
    ('2020-10-02', '2020-10-02T09:00:00.000000Z')
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        expected = "a date such as 2020-10-02, or a time such as 2020-10-02T09:00Z"
        raise TableError(Problem("events", place, f"'{text}'", expected, "Mend it.")) from fault
    if _DATE.fullmatch(text):
        return text
    return utc_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def name_events(events: pd.DataFrame) -> pd.DataFrame:
    """The events with an id for each that had none, made from what it says: nothing is drawn, and twice the same is one."""
    said = events[list(_COLUMNS[1:])].to_numpy().tolist()
    made = [hashlib.sha256(json.dumps(row).encode()).hexdigest()[:32] for row in said]
    return events.assign(event_id=events["event_id"].where(events["event_id"] != "", pd.Series(made, events.index, dtype=TEXT)))


def two_contents(origin: str, event_id: str, one: Sequence[str], other: Sequence[str]) -> Problem:
    """The problem of one id that stands for two events, with all that either says."""
    remedy = "One of them was changed by hand: take it out, or give it an id of its own."
    first, second = (" | ".join(cell for cell in said[1:] if cell) for said in (one, other))
    return Problem(origin, f"event '{event_id}'", f"'{first}' and '{second}'", "one event for each id", remedy)
