"""The store: the log of events in one SQLite file, added to and read, never changed.

An append is one transaction, and the call returns only when the database has committed it. The file keeps SQLite's rollback
journal and no write-ahead log, although that one writes a little faster. With a write-ahead log the newest events lie in a second
file: a `study.db` that somebody mails or copies by itself lacks them, a folder shared over a network cannot hold one safely, and
one in a folder that may only be read cannot be opened. With the rollback journal the file is whole whenever nobody writes. Its
weak point is that an append is committed when the journal is removed: after a power cut a folder that was not synchronised may
have the journal back, and the last append would be rolled back although it was acknowledged. So `synchronous` is EXTRA, which is
FULL and the folder as well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
from sqlalchemy import Connection, Engine, Row, bindparam, create_engine, event, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from engagement_lib.coding.event_checks import check_events
from engagement_lib.coding.events import STORE, in_log_order, name_events, two_contents, utc_time
from engagement_lib.coding.schema import EVENTS, VERSION, check_integrity, prepare_tables, read_version
from engagement_lib.errors import Problem, StoreError, TableError
from engagement_lib.loading.spreadsheets import uncollected
from engagement_lib.tables import SCHEMAS, TEXT, empty_table, records

WAIT: Final = 60.0
_COLUMNS: Final = list(SCHEMAS["events"].columns)
# macOS leaves what is synchronised in the disk's own memory unless it is asked with fullfsync; elsewhere that changes nothing.
_PRAGMAS: Final = ("PRAGMA synchronous = EXTRA", "PRAGMA fullfsync = ON")
# How far a clock may run ahead of another's before its events no longer push those that follow to a later time.
_AHEAD: Final = timedelta(days=1)
_AT_ONCE: Final = 500


def append_events(path: Path | str, events: pd.DataFrame, *, now: datetime, wait: float = WAIT) -> pd.DataFrame:
    """The events as they now stand in the store, once the database has committed them, all or none.

    Parameters
    ----------
    path
        The store's file, or the study's folder, in which it is `study.db`. The file is made where there is none.
    events
        Rows of the table "events". New ones have no id: they are given one, and the time `now` unless they have a time. Those
        that come from another log have theirs, and are added as they are. One that stands there already, word for word, is not
        added again.
    now
        The present moment, with its time zone. Where the clock stands before the last event, or at it, the time given is a
        microsecond after that one, so that no event comes before one that it answers.
    wait
        How many seconds to wait for others who write.

    Raises
    ------
    TableError
        Where an event is not of the shape that its kind wants.
    StoreError
        Where the file cannot be written, or is not a store; where an event of the same id says something else, naming both.
        Nothing is then added.

    Examples
    --------
    >>> from datetime import UTC
    >>> from tempfile import TemporaryDirectory
    >>> from engagement_lib.coding.events import make_event
    >>> verdict = pd.DataFrame([make_event("verdict given", "C1", author="AB", value="contested")])
    >>> with TemporaryDirectory() as folder:
    ...     append_events(folder, verdict, now=datetime(2020, 10, 2, 9, tzinfo=UTC)).loc[0, "at"]
    ...     read_events(folder)["value"].tolist()
    '2020-10-02T09:00:00.000000Z'
    ['contested']
    """
    file = store_file(path)
    if now.tzinfo is None:
        raise TableError(Problem("now", "", f"'{now}' without a time zone", "a moment with its zone", "Use datetime.now(UTC)."))
    checked = check_events(events, origin=file.name)
    with _transaction(file, "write", wait) as connection:
        prepare_tables(connection, file)
        named = name_events(_stamp(checked, now, _latest(connection, now)))
        new = _not_there(connection, named, file)
        if new:
            connection.execute(insert(EVENTS), new)
    return named


def read_events(path: Path | str, *, author: str = "", wait: float = WAIT) -> pd.DataFrame:
    """All events of the store, or those of one author, in the order of time; none where there is no such file.

    Raises
    ------
    StoreError
        Where the file cannot be read, or is not a store.

    Examples
    --------
    >>> len(read_events("no such folder"))
    0
    """
    file = store_file(path)
    if not file.exists():
        return empty_table("events")
    with uncollected(), _transaction(file, "read", wait) as connection:
        version = read_version(connection, file)
        rows = _select(connection, author) if version == VERSION else []
    if 0 < version < VERSION:
        with _transaction(file, "write", wait) as connection:
            prepare_tables(connection, file)
            rows = _select(connection, author)
    columns = zip(*rows, strict=True) if rows else [()] * len(_COLUMNS)
    table = pd.DataFrame({name: pd.Series(list(cells), dtype=TEXT) for name, cells in zip(_COLUMNS, columns, strict=True)})
    return in_log_order(table)


def check_store(path: Path | str, *, wait: float = WAIT) -> str:
    """What SQLite says of the file's integrity: "ok" where it is whole."""
    with _transaction(store_file(path), "read", wait) as connection:
        return check_integrity(connection)


def store_file(path: Path | str) -> Path:
    """The file of a store, where a path names it or the folder that it lies in."""
    path = Path(path)
    return path / STORE if path.is_dir() else path


def _select(connection: Connection, author: str) -> Sequence[Row[Any]]:
    wanted = select(EVENTS).order_by(EVENTS.c["at"], EVENTS.c.event_id)
    return connection.execute(wanted.where(EVENTS.c.author == author) if author else wanted).all()


def _latest(connection: Connection, now: datetime) -> str:
    """The time of the last event; passed over are dates without a time, and what a clock wrote that ran far ahead."""
    at = EVENTS.c["at"]
    timed = select(at).where(at <= utc_time(now + _AHEAD), at.like("%T%"))
    return connection.scalar(timed.order_by(at.desc()).limit(1)) or ""


def _stamp(events: pd.DataFrame, now: datetime, latest: str) -> pd.DataFrame:
    """The events with a time for each new one that has none, each a microsecond after the one above it."""
    begin = now
    if latest >= utc_time(now):
        begin = datetime.fromisoformat(latest) + timedelta(microseconds=1)
    new = (events["at"] == "") & (events["event_id"] == "")
    times = [utc_time(begin + timedelta(microseconds=row)) for row in range(len(events))]
    return events.assign(at=events["at"].where(~new, pd.Series(times, index=events.index, dtype=TEXT)))


def _not_there(connection: Connection, named: pd.DataFrame, file: Path) -> list[dict[str, str]]:
    """The events that the store lacks."""
    rows = {}
    problems = []
    standing = {row[0]: row for row in _standing(connection, list(named["event_id"]))}
    for row in records(named):
        said, held = tuple(row.values()), standing.get(row["event_id"])
        if held is None:
            standing[row["event_id"]] = said
            rows[row["event_id"]] = row
        elif held != said:
            problems.append(two_contents(file.name, row["event_id"], held, said))
    if problems:
        raise StoreError(problems)
    return list(rows.values())


def _standing(connection: Connection, ids: list[str]) -> Iterator[tuple[str, ...]]:
    """The events of these ids that the store has; SQLite takes only so many values in one statement."""
    wanted = select(EVENTS).where(EVENTS.c.event_id.in_(bindparam("ids", expanding=True)))
    for begin in range(0, len(ids), _AT_ONCE):
        yield from (tuple(row) for row in connection.execute(wanted, {"ids": ids[begin : begin + _AT_ONCE]}))


@contextmanager
def _transaction(file: Path, purpose: Literal["read", "write"], wait: float) -> Iterator[Connection]:
    """A connection within a transaction, which is committed at the end and rolled back when anything fails."""
    try:
        with _engine(file.resolve(), purpose, wait).begin() as connection:
            yield connection
    except DBAPIError as fault:
        raise StoreError(_problem(file, fault)) from fault


@lru_cache(maxsize=32)
def _engine(file: Path, purpose: Literal["read", "write"], wait: float) -> Engine:
    """The way to a file. No connection is kept open, so that no lock outlasts a call and a file can be moved between two."""
    address = f"{file.as_uri()}?mode={'rwc' if purpose == 'write' else 'rw'}"
    # A writer takes its lock at once: were it to read first, two writers could each wait for the other.
    begin = "BEGIN IMMEDIATE" if purpose == "write" else "BEGIN"
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None),
        poolclass=NullPool,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _problem(file: Path, fault: DBAPIError) -> Problem:
    """What a database's refusal means for a researcher."""
    code = getattr(fault.orig, "sqlite_errorname", "")
    for begin, (found, expected, remedy) in _REFUSALS.items():
        if code.startswith(begin):
            return Problem(file.name, "", found, expected, remedy)
    return Problem(file.name, "", f"what the database refused ({fault.orig})", "a store that takes it", "Nothing was changed.")


_REFUSALS: Final = {
    "SQLITE_FULL": ("a full disk", "room for the events", "Make room and do it again; nothing that was there is lost."),
    "SQLITE_READONLY": ("a file or folder that may only be read", "one that may be written", "Ask for the right to write there."),
    "SQLITE_BUSY": ("a file that somebody else has locked", "the file free within the wait", "Try again in a moment."),
    "SQLITE_NOTADB": ("a file that is no database", "the events of a study", "Move it away, or bring back a copy of the store."),
    "SQLITE_CORRUPT": ("a damaged database", "a whole one", "Keep it, and bring back a copy, or build it anew from the CSV log."),
    "SQLITE_CANTOPEN": ("a file that cannot be opened", "one in a folder that is there", "Mend the path, or its rights."),
    "SQLITE_IOERR": ("a disk that failed", "one that can be read and written", "See to the disk; what was acknowledged stands."),
}
