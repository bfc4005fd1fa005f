"""Undo and redo: each coder takes back their own events, the last one first, and each of these steps is an event too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd

from engagement_lib.coding.events import MARKS, REDONE, UNDONE, in_log_order, make_event
from engagement_lib.coding.folding import undone_events
from engagement_lib.coding.store import WAIT, append_events, read_events
from engagement_lib.tables import empty_table


def undo(path: Path | str, author: str, *, now: datetime, reason: str = "", wait: float = WAIT) -> pd.DataFrame:
    """Take back the author's last event that still holds; the event that says so, no row where there is none to take back.

    Others' events are left alone, whatever came between. What was undone stays in the log, and in the audit trail.

    Raises
    ------
    StoreError
        Where the store cannot be read or written.

    Examples
    --------
    >>> from datetime import UTC
    >>> from tempfile import TemporaryDirectory
    >>> now = datetime(2020, 10, 2, 9, tzinfo=UTC)
    >>> with TemporaryDirectory() as folder:
    ...     event = make_event("memo", "no-time", about_type="code", author="AB", value="Often said.")
    ...     _ = append_events(folder, pd.DataFrame([event]), now=now)
    ...     undo(folder, "AB", now=now)["kind"].tolist(), len(undo(folder, "AB", now=now))
    (['event undone'], 0)
    """
    about = last_done(read_events(path, author=author, wait=wait))
    event = make_event(UNDONE, about, author=author, reason=reason)
    return append_events(path, pd.DataFrame([event]), now=now, wait=wait) if about else empty_table("events")


def redo(path: Path | str, author: str, *, now: datetime, reason: str = "", wait: float = WAIT) -> pd.DataFrame:
    """Bring back what the author undid last; no row where nothing was undone, or the author has done something else since.

    Raises
    ------
    StoreError
        Where the store cannot be read or written.
    """
    about = last_undone(read_events(path, author=author, wait=wait))
    event = make_event(REDONE, about, author=author, reason=reason)
    return append_events(path, pd.DataFrame([event]), now=now, wait=wait) if about else empty_table("events")


def last_done(log: pd.DataFrame) -> str:
    """The id of the last event of one author's log that holds, "" where there is none."""
    ordered = in_log_order(log)
    done = ordered[~(ordered["kind"].isin(MARKS) | ordered["event_id"].isin(undone_events(ordered)))]
    return str(done["event_id"].iloc[-1]) if len(done) else ""


def last_undone(log: pd.DataFrame) -> str:
    """The id of the event of one author's log that was undone last and may be redone, "" where there is none."""
    ordered = in_log_order(log)
    undone, marks = undone_events(ordered), ordered[ordered["kind"].isin(MARKS)]
    last = marks[marks["about_id"].isin(undone)].tail(1)
    done = ordered.index[~ordered["kind"].isin(MARKS)]
    return str(last["about_id"].iloc[0]) if len(last) and last.index[0] > done.max() else ""
