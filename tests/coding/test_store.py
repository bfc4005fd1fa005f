"""The store: what is acknowledged stays, whatever happens to the writer, the disk or the file."""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from store_writers import code_at_once, code_until_killed, coding

from engagement_lib.coding import store
from engagement_lib.coding.events import make_event
from engagement_lib.coding.store import STORE, append_events, check_store, read_events
from engagement_lib.errors import StoreError, TableError
from engagement_lib.tables import empty_table

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
VERDICT = make_event("verdict given", "C1", author="AB", value="contested", reason="Two of five contradict it. 🙈 Siân, שלום")


def table(*events):
    return pd.DataFrame(list(events))


def append(path, *events, now=NOW, wait=1.0):
    return append_events(path, table(*events), now=now, wait=wait)


def refusal(path, *events, wait=0.05):
    with pytest.raises(StoreError) as error:
        append(path, *events or [VERDICT], wait=wait)
    return str(error.value)


@pytest.fixture
def processes():
    """A way to start processes that begin clean, with the library loaded once."""
    context = multiprocessing.get_context("forkserver" if sys.platform != "win32" else "spawn")
    if sys.platform != "win32":
        context.set_forkserver_preload(["engagement_lib.coding.store"])
    return context


def test_an_event_comes_back_as_it_was_said(tmp_path):
    append(tmp_path, VERDICT)
    event = read_events(tmp_path).iloc[0]
    assert event.drop("event_id").to_dict() == {
        "at": "2020-10-02T09:00:00.000000Z",
        "author": "AB",
        "kind": "verdict given",
        "about_type": "claim",
        "about_id": "C1",
        "value": "contested",
        "reason": "Two of five contradict it. 🙈 Siân, שלום",
    }


def test_what_is_given_back_is_what_stands(tmp_path):
    assert_frame_equal(append(tmp_path, VERDICT, coding("1")), read_events(tmp_path))


def test_the_table_given_is_not_changed(tmp_path):
    events = table(VERDICT)
    before = events.copy()
    append_events(tmp_path, events, now=NOW)
    assert_frame_equal(events, before)


def test_the_store_is_one_file_in_the_studys_folder(tmp_path):
    append(tmp_path, VERDICT)
    assert [path.name for path in tmp_path.iterdir()] == [STORE]


def test_a_file_may_have_another_name_with_hard_signs(tmp_path):
    path = tmp_path / "a study? #1 %20 & é.db"
    append(path, VERDICT)
    assert path.exists()
    assert len(read_events(path)) == 1


def test_a_study_without_a_store_has_no_events_and_gets_no_file(tmp_path):
    assert_frame_equal(read_events(tmp_path), empty_table("events"))
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_events_is_an_empty_table(tmp_path):
    append_events(tmp_path, empty_table("events"), now=NOW)
    assert_frame_equal(read_events(tmp_path), empty_table("events"))


def test_the_events_of_one_author_can_be_had_alone(tmp_path):
    append(tmp_path, coding("1"), coding("2", coder="CD"))
    assert read_events(tmp_path, author="CD")["about_id"].tolist() == ["2"]


def test_events_come_in_the_order_of_time_and_those_of_one_call_in_that_of_its_rows(tmp_path):
    append(tmp_path, coding("2"), coding("3"), now=NOW)
    append(tmp_path, coding("1"), now=NOW - timedelta(hours=2))
    append(tmp_path, coding("0") | {"at": "2020-09-01"}, now=NOW)
    assert read_events(tmp_path)["about_id"].tolist() == ["0", "2", "3", "1"]


def test_a_clock_that_went_back_does_not_put_an_event_before_the_one_it_answers(tmp_path):
    append(tmp_path, coding("1"))
    later = append(tmp_path, coding("2"), now=NOW - timedelta(hours=2))
    assert later["at"].tolist() == ["2020-10-02T09:00:00.000001Z"]


def test_an_event_of_a_clock_far_ahead_does_not_move_the_time_of_others(tmp_path):
    append(tmp_path, coding("1"), now=NOW + timedelta(days=400))
    assert append(tmp_path, coding("2"))["at"].tolist() == ["2020-10-02T09:00:00.000000Z"]


def test_a_moment_of_another_zone_is_written_in_utc(tmp_path):
    summer = timezone(timedelta(hours=1))
    assert append(tmp_path, VERDICT, now=datetime(2020, 10, 2, 10, tzinfo=summer))["at"].tolist() == [
        "2020-10-02T09:00:00.000000Z"
    ]


def test_a_moment_without_a_zone_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"2020-10-02 09:00:00' without a time zone.*datetime.now\(UTC\)"):
        append(tmp_path, VERDICT, now=NOW.replace(tzinfo=None))


def test_the_same_event_again_is_not_added_twice(tmp_path):
    stands = append(tmp_path, VERDICT)
    append_events(tmp_path, stands, now=NOW + timedelta(days=1))
    assert_frame_equal(read_events(tmp_path), stands)


def test_the_same_deed_at_another_moment_is_another_event(tmp_path):
    append(tmp_path, VERDICT)
    append(tmp_path, VERDICT)
    assert len(read_events(tmp_path)) == 2


def test_one_id_for_two_events_is_refused_and_both_are_named(tmp_path):
    stands = append(tmp_path, VERDICT)
    changed = stands.assign(value="supported")
    with pytest.raises(StoreError, match=r"AB \| verdict given \| claim \| C1 \| contested .* and '.* \| supported \|") as error:
        append_events(tmp_path, pd.concat([table(coding("1")), changed]), now=NOW)
    assert f"event '{stands['event_id'].iloc[0]}'" in str(error.value)
    assert_frame_equal(read_events(tmp_path), stands)


def test_more_events_than_one_statement_takes_are_added_once(tmp_path):
    many = append(tmp_path, *(coding(str(number)) for number in range(1200)))
    append_events(tmp_path, many, now=NOW)
    assert len(read_events(tmp_path)) == 1200


def test_a_misshapen_event_adds_none_and_makes_no_file(tmp_path):
    with pytest.raises(TableError):
        append(tmp_path, VERDICT, VERDICT | {"author": ""})
    assert list(tmp_path.iterdir()) == []


CHANGES = {
    "update": "UPDATE events SET value = 'supported'",
    "update or replace": "UPDATE OR REPLACE events SET event_id = 'x'",
    "delete": "DELETE FROM events",
    "delete one": "DELETE FROM events WHERE author = 'AB'",
    "replace": "INSERT OR REPLACE INTO events SELECT event_id, at, author, kind, about_type, about_id, 'x', '' FROM events",
    "replace in other words": "REPLACE INTO events SELECT event_id, at, author, kind, about_type, about_id, 'x', '' FROM events",
    "replace by rowid": "INSERT OR REPLACE INTO events (rowid, event_id, at, author, kind, about_type, about_id, value, reason) "
    "VALUES (1, 'x', '', '', '', '', '', '', '')",
    "ignore": "INSERT OR IGNORE INTO events SELECT event_id, at, author, kind, about_type, about_id, 'x', '' FROM events",
    "upsert": "INSERT INTO events SELECT event_id, at, author, kind, about_type, about_id, 'x', '' FROM events WHERE true "
    "ON CONFLICT (event_id) DO UPDATE SET value = 'x'",
    "no id": "INSERT INTO events VALUES ('', '', '', '', '', '', '', '')",
    "null": "INSERT INTO events VALUES ('x', NULL, '', '', '', '', '', '')",
}


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_the_database_itself_refuses_every_change(tmp_path, statement, recursive):
    stands = append(tmp_path, VERDICT)
    connection = sqlite3.connect(tmp_path / STORE)
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.Error):
        connection.execute(statement)
    connection.commit()
    connection.close()
    assert_frame_equal(read_events(tmp_path), stands)


def test_every_commit_is_synchronised_with_its_folder_and_leaves_one_file(tmp_path):
    append(tmp_path, VERDICT)
    with store._transaction(tmp_path / STORE, "write", 1.0) as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode", "fullfsync")
        ]
    assert settings == [3, "delete", 1]


def kill_at_random(path, processes, times):
    """Kill a coder so many times; the numbers of the codings that were acknowledged."""
    draw, told = random.Random(20), []  # noqa: S311  # moments, and no secret
    for turn in range(times):
        ours, theirs = processes.Pipe(duplex=False)
        coder = processes.Process(target=code_until_killed, args=(path, 1000 * turn, theirs))
        coder.start()
        theirs.close()
        first = os.read(ours.fileno(), 4)
        time.sleep(draw.uniform(0, 0.1))
        os.kill(coder.pid, signal.SIGKILL)
        coder.join()
        data = first + b"".join(iter(lambda reader=ours: os.read(reader.fileno(), 4096), b""))
        told += [int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4)]
        ours.close()
    return told


def check_nothing_lost(path, told):
    assert check_store(path) == "ok"
    there = set(read_events(path)["about_id"])
    assert [number for number in told if f"c{number}" not in there] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_coder_killed_twenty_times_loses_nothing_that_was_acknowledged(tmp_path, processes):
    told = kill_at_random(tmp_path / STORE, processes, 20)
    assert len(told) >= 20
    check_nothing_lost(tmp_path, told)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_coder_killed_two_hundred_times_loses_nothing_that_was_acknowledged(tmp_path, processes):
    told = kill_at_random(tmp_path / STORE, processes, 200)
    assert len(told) >= 200
    check_nothing_lost(tmp_path, told)


def code_together(path, processes, *, each):
    gate = processes.Barrier(8)
    coders = [processes.Process(target=code_at_once, args=(path, f"R{number}", 1000, each, gate)) for number in range(8)]
    for coder in coders:
        coder.start()
    for coder in coders:
        coder.join()
    assert [coder.exitcode for coder in coders] == [0] * 8
    events = read_events(path)
    assert set(events["about_id"]) == {f"R{coder}:{number}" for coder in range(8) for number in range(1000)}
    assert len(events) == 8000
    assert events["at"].is_unique
    assert check_store(path) == "ok"


def test_eight_coders_at_once_all_have_their_thousand_codings(tmp_path, processes):
    code_together(tmp_path / STORE, processes, each=50)


@pytest.mark.slow
def test_eight_coders_at_once_who_code_one_by_one_all_have_their_thousand_codings(tmp_path, processes):
    code_together(tmp_path / STORE, processes, each=1)


def test_a_transaction_cut_off_in_the_middle_is_as_if_it_had_not_begun(tmp_path):
    stands = append(tmp_path, VERDICT)
    copy = tmp_path / "copy"
    copy.mkdir()
    with store._transaction(tmp_path / STORE, "write", 1.0) as connection:
        connection.exec_driver_sql("PRAGMA cache_size = 1")
        for number in range(300):
            row = (f"{number}", "2020", "AB", "memo", "code", "x", "words " * 100, "")
            connection.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for path in tmp_path.glob(f"{STORE}*"):
            shutil.copy(path, copy)
        connection.rollback()
    assert sorted(path.name for path in copy.iterdir()) == [STORE, f"{STORE}-journal"]
    assert_frame_equal(read_events(copy), stands)
    assert check_store(copy) == "ok"


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path, monkeypatch):
    stands = append(tmp_path, VERDICT)
    monkeypatch.setattr(store, "_PRAGMAS", (*store._PRAGMAS, "PRAGMA max_page_count = 8"))
    store._engine.cache_clear()
    assert refusal(tmp_path, *(coding(f"{number}", quote="x" * 999) for number in range(99))) == (
        "study.db: found a full disk; expected room for the events. Make room and do it again; nothing that was there is lost."
    )
    assert_frame_equal(read_events(tmp_path), stands)


@pytest.fixture
def nobody():
    """A folder, and a way to be somebody whom the rights of files hold for."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    append(folder, VERDICT)
    was = os.geteuid()
    yield folder
    os.seteuid(was)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def drop_rights():
    if os.geteuid() == 0:
        os.seteuid(65534)


READ_ONLY = "study.db: found a file or folder that may only be read; expected one that may be written. Ask for the right to write"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize(("what", "rights"), [(STORE, 0o444), (".", 0o555)])
def test_a_store_that_may_only_be_read_can_be_read_and_says_that_it_cannot_be_written(nobody, what, rights):
    (nobody / STORE).chmod(0o666)
    (nobody / what).chmod(rights)
    drop_rights()
    assert refusal(nobody).startswith((READ_ONLY, "study.db: found a file that cannot be opened"))
    assert len(read_events(nobody)) == 1


def test_a_locked_store_is_named_after_the_wait(tmp_path):
    stands = append(tmp_path, VERDICT)
    other = sqlite3.connect(tmp_path / STORE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    begun = time.perf_counter()
    assert refusal(tmp_path, wait=0.2) == (
        "study.db: found a file that somebody else has locked; expected the file free within the wait. Try again in a moment."
    )
    assert time.perf_counter() - begun > 0.15
    with pytest.raises(StoreError, match="has locked"):
        read_events(tmp_path, wait=0.05)
    other.execute("ROLLBACK")
    other.close()
    assert_frame_equal(read_events(tmp_path), stands)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    (tmp_path / STORE).write_text("Interview 1\n" * 100)
    assert refusal(tmp_path).startswith("study.db: found a file that is no database; expected the events of a study.")
    with pytest.raises(StoreError, match="no database"):
        read_events(tmp_path)
    assert (tmp_path / STORE).read_text() == "Interview 1\n" * 100


def test_a_damaged_store_is_named_and_left_alone(tmp_path):
    append(tmp_path, *(coding(f"{number}", quote="x" * 999) for number in range(99)))
    whole = (tmp_path / STORE).read_bytes()
    damaged = whole[:4096] + bytes(range(256)) * 16 + whole[8192:]
    (tmp_path / STORE).write_bytes(damaged)
    with pytest.raises(StoreError, match="found a damaged database"):
        read_events(tmp_path)
    assert (tmp_path / STORE).read_bytes() == damaged


def test_a_folder_that_is_not_there_is_named(tmp_path):
    assert refusal(tmp_path / "nowhere" / STORE) == (
        "study.db: found a file that cannot be opened; expected one in a folder that is there. Mend the path, or its rights."
    )


def test_a_refusal_without_a_name_is_told_in_the_databases_own_words(tmp_path):
    append(tmp_path, VERDICT)
    refused = pytest.raises(StoreError, match=r"what the database refused \(an event is never deleted\)")
    with refused, store._transaction(tmp_path / STORE, "write", 1.0) as connection:
        connection.exec_driver_sql("DELETE FROM events")
