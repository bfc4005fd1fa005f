"""The tables of the store as a database has them, what keeps them from being changed, and how older ones are brought up to date.

Everything but the triggers and the copy made before a migration is plain SQL by SQLAlchemy, which another database takes as well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    Text,
    event,
    inspect,
    select,
    text,
)

from engagement_lib.errors import Problem, StoreError
from engagement_lib.tables import SCHEMAS

VERSION: Final = 1
# Each brings a file from the version that is its key to the next one. None was needed yet.
MIGRATIONS: Final[Mapping[int, Callable[[Connection], None]]] = {}

_TABLES: Final = MetaData()
_LONG: Final = ("about_id", "value", "reason")
# Without a rowid: through that, INSERT OR REPLACE could put a new id in the place of an event, and no trigger would see it go.
EVENTS: Final = Table(
    "events",
    _TABLES,
    *(
        Column(name, Text() if name in _LONG else String(255), primary_key=name == "event_id", nullable=False)
        for name in SCHEMAS["events"].columns
    ),
    CheckConstraint("event_id <> ''", name="events_have_ids"),
    sqlite_with_rowid=False,
)
Index("events_by_time", EVENTS.c["at"])
Index("events_by_author", EVENTS.c.author, EVENTS.c["at"])
_FACTS: Final = Table("store", _TABLES, Column("name", String(255), primary_key=True), Column("value", Text(), nullable=False))

_TRIGGERS: Final = (
    "CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END",
    """CREATE TRIGGER events_keep_their_ids BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE event_id = NEW.event_id)
    BEGIN SELECT RAISE(ABORT, 'an event of this id stands'); END""",
)
for _trigger in _TRIGGERS:
    event.listen(_TABLES, "after_create", DDL(_trigger).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def read_version(connection: Connection, path: Path) -> int:
    """The version of the store's tables, 0 where the file is new.

    Raises
    ------
    StoreError
        Where the file is a database of something else, or its version is newer than this library.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return 0
    held = connection.scalar(select(_FACTS.c.value).where(_FACTS.c.name == "schema")) if _FACTS.name in tables else None
    if held is None or not held.isdecimal() or EVENTS.name not in tables:
        found = f"a database of something else (with the tables {', '.join(tables)})"
        raise StoreError(Problem(path.name, "", found, "the events of a study", "Name another file, or move this one away."))
    if int(held) > VERSION:
        found, expected = f"version {held} of the store", f"version {VERSION} or older"
        remedy = "A newer engagement-lib wrote it: install that one. Nothing was changed."
        raise StoreError(Problem(path.name, "", found, expected, remedy))
    return int(held)


def prepare_tables(connection: Connection, path: Path) -> None:
    """Make the tables in a new file, or bring older ones up to date, within the transaction of a connection that may write.

    Before a migration the file is copied to one beside it, `study.db.version-1` for one of version 1.
    """
    version = read_version(connection, path)
    if version == VERSION:
        return
    if version == 0:
        _TABLES.create_all(connection, checkfirst=False)
        connection.execute(_FACTS.insert().values(name="schema", value=str(VERSION)))
        return
    _copy(path, path.with_name(f"{path.name}.version-{version}"))
    for step in range(version, VERSION):
        MIGRATIONS[step](connection)
    connection.execute(_FACTS.update().where(_FACTS.c.name == "schema").values(value=str(VERSION)))


def check_integrity(connection: Connection) -> str:
    """What SQLite finds wrong with the file, "ok" where it finds nothing."""
    return "; ".join(connection.scalars(text("PRAGMA integrity_check")))


def _copy(path: Path, backup: Path) -> None:
    """A copy as the file was before the transaction that is under way: SQLite shows another connection only what is committed."""
    partial = backup.with_name(f"{backup.name}.partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(partial)) as new:
        old.backup(new)
    partial.replace(backup)
