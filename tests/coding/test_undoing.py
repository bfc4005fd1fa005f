from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_writers import coding

from engagement_lib.coding.events import make_event
from engagement_lib.coding.folding import fold_log, undone_events
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.coding.undoing import last_done, last_undone, redo, undo
from engagement_lib.tables import empty_table

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)


@pytest.fixture
def act(tmp_path):
    """Do things one after the other: add a coding of a name, "<" to undo, ">" to redo; the codings that then stand."""

    def run(*steps, author="AB"):
        for step in steps:
            if step in "<>":
                {"<": undo, ">": redo}[step](tmp_path, author, now=NOW)
            else:
                append_events(tmp_path, pd.DataFrame([coding(step, coder=author)]), now=NOW)
        return fold_log(read_events(tmp_path), {})["codings"]["coding_id"].tolist()

    return run


def test_undo_takes_back_the_last_event_and_then_the_one_before_it(act):
    assert act("1", "2", "<") == ["1"]
    assert act("<") == []


def test_redo_brings_back_what_was_undone_last(act):
    assert act("1", "2", "<", "<", ">") == ["1"]
    assert act(">") == ["1", "2"]


def test_what_was_redone_can_be_undone_again(act):
    assert act("1", "<", ">", "<") == []


def test_redo_after_a_new_event_does_nothing(act):
    assert act("1", "2", "<", "3", ">") == ["1", "3"]


def test_each_coder_takes_back_their_own_events_alone(act):
    act("1", author="AB")
    act("2", author="CD")
    assert act("<", author="AB") == ["2"]
    assert act("<", author="AB") == ["2"]
    assert act(">", author="CD") == ["2"]


def test_an_undo_is_an_event_with_its_reason_and_deletes_nothing(tmp_path, act):
    act("1")
    mark = undo(tmp_path, "AB", now=NOW, reason="wrong line").iloc[0]
    log = read_events(tmp_path)
    assert log["kind"].tolist() == ["coding added", "event undone"]
    assert mark[["about_type", "about_id", "reason"]].tolist() == ["event", log.loc[0, "event_id"], "wrong line"]


def test_where_there_is_nothing_to_undo_or_redo_nothing_is_written(tmp_path):
    for step in (undo, redo):
        pd.testing.assert_frame_equal(step(tmp_path, "AB", now=NOW), empty_table("events"))
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=30))
def test_undo_and_redo_are_those_of_an_editor(steps):
    log, done, undone = [], [], []
    for number, step in enumerate(steps):
        table = pd.DataFrame(log) if log else empty_table("events")
        about = {"do": "x", "undo": last_done(table), "redo": last_undone(table)}[step]
        if step == "do":
            done, undone = [*done, f"{number:02}"], []
        elif step == "undo" and done:
            undone.append(done.pop())
        elif step == "redo" and undone:
            done.append(undone.pop())
        if about:
            kind = {"do": "coding withdrawn", "undo": "event undone", "redo": "event redone"}[step]
            log.append(make_event(kind, about, author="AB") | {"event_id": f"{number:02}", "at": f"2020-10-02T09:00:{number:02}"})
    table = pd.DataFrame(log) if log else empty_table("events")
    ordinary = table[table["kind"] == "coding withdrawn"]
    assert [name for name in ordinary["event_id"] if name not in undone_events(table)] == sorted(done)
