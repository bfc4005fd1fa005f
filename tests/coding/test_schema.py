"""The tables of the store, and files of other versions."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import text
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.schema import CreateTable

from engagement_lib.coding import schema, store
from engagement_lib.coding.events import make_event
from engagement_lib.coding.store import STORE, append_events, check_store, read_events
from engagement_lib.errors import StoreError

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
EVENTS = pd.DataFrame([make_event("verdict given", "C1", author="AB", value="contested")])


def run(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def ask(path, question):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


@pytest.fixture
def newer(monkeypatch):
    """The library as it may be one day: version 2 of the store tells from which machine an event came."""

    def migrate(connection):
        connection.execute(text("CREATE TABLE machines (event_id TEXT, machine TEXT)"))

    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(store, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {1: migrate})


@pytest.mark.parametrize("dialect", [postgresql.dialect(), mysql.dialect()], ids=["PostgreSQL", "MySQL"])
def test_other_databases_have_words_for_the_table(dialect):
    statement = str(CreateTable(schema.EVENTS).compile(dialect=dialect))
    assert "PRIMARY KEY (event_id)" in statement
    assert "ROWID" not in statement


def test_an_empty_file_becomes_a_store(tmp_path):
    (tmp_path / STORE).touch()
    assert len(read_events(tmp_path)) == 0
    append_events(tmp_path, EVENTS, now=NOW)
    assert len(read_events(tmp_path)) == 1


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE recipes (name TEXT)"],
        ["CREATE TABLE store (name TEXT, value TEXT)", "CREATE TABLE events (name TEXT)"],
        ["CREATE TABLE store (name TEXT, value TEXT)", "INSERT INTO store VALUES ('schema', 'new')"],
        ["CREATE TABLE store (name TEXT, value TEXT)", "INSERT INTO store VALUES ('schema', '1')"],
    ],
)
def test_a_database_of_something_else_is_named_and_left_alone(tmp_path, statements):
    run(tmp_path / STORE, *statements)
    before = (tmp_path / STORE).read_bytes()
    for step in (lambda: append_events(tmp_path, EVENTS, now=NOW), lambda: read_events(tmp_path)):
        with pytest.raises(StoreError, match=r"study.db: found a database of something else \(with the tables .*\); exp"):
            step()
    assert (tmp_path / STORE).read_bytes() == before


def test_a_store_of_a_newer_version_is_named_and_left_alone(tmp_path):
    append_events(tmp_path, EVENTS, now=NOW)
    run(tmp_path / STORE, "UPDATE store SET value = '7'")
    before = (tmp_path / STORE).read_bytes()
    for step in (lambda: append_events(tmp_path, EVENTS, now=NOW), lambda: read_events(tmp_path)):
        with pytest.raises(StoreError) as error:
            step()
        assert str(error.value) == (
            "study.db: found version 7 of the store; expected version 1 or older. "
            "A newer engagement-lib wrote it: install that one. Nothing was changed."
        )
    assert (tmp_path / STORE).read_bytes() == before


@pytest.mark.parametrize("step", [read_events, lambda folder: append_events(folder, EVENTS, now=NOW)], ids=["read", "append"])
def test_an_older_store_is_brought_up_to_date_with_a_copy_beside_it(tmp_path, request, step):
    stands = append_events(tmp_path, EVENTS, now=NOW)
    request.getfixturevalue("newer")
    step(tmp_path)
    assert ask(tmp_path / STORE, "SELECT value FROM store") == [("2",)]
    assert ask(tmp_path / STORE, "SELECT count(*) FROM machines") == [(0,)]
    assert_frame_equal(read_events(tmp_path).head(1), stands)
    copy = tmp_path / f"{STORE}.version-1"
    assert sorted(path.name for path in tmp_path.iterdir()) == [STORE, copy.name]
    assert ask(copy, "SELECT value FROM store") == [("1",)]
    assert ask(copy, "SELECT event_id FROM events") == [(stands.loc[0, "event_id"],)]
    assert ask(copy, "PRAGMA integrity_check") == [("ok",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path, newer, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(schema, "VERSION", 1)
        before.setattr(store, "VERSION", 1)
        stands = append_events(tmp_path, EVENTS, now=NOW)

    def fail(connection):
        connection.execute(text("CREATE TABLE machines (event_id TEXT)"))
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    monkeypatch.setattr(schema, "MIGRATIONS", {1: fail})
    with pytest.raises(StoreError, match=r"no such table: nowhere"):
        read_events(tmp_path)
    assert ask(tmp_path / STORE, "SELECT value FROM store") == [("1",)]
    monkeypatch.setattr(schema, "VERSION", 1)
    monkeypatch.setattr(store, "VERSION", 1)
    assert_frame_equal(read_events(tmp_path), stands)
    assert check_store(tmp_path) == "ok"


def test_what_a_migration_cut_off_left_behind_is_replaced(tmp_path, request):
    append_events(tmp_path, EVENTS, now=NOW)
    for name in (f"{STORE}.version-1", f"{STORE}.version-1.partial"):
        (tmp_path / name).write_text("half")
    request.getfixturevalue("newer")
    assert len(read_events(tmp_path)) == 1
    assert ask(tmp_path / f"{STORE}.version-1", "SELECT count(*) FROM events") == [(1,)]
    assert not (tmp_path / f"{STORE}.version-1.partial").exists()
