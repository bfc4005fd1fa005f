import json
from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.coding.events import (
    codings_added,
    in_log_order,
    make_event,
    name_events,
    read_time,
    read_values,
    utc_time,
    write_value,
)
from engagement_lib.errors import TableError
from engagement_lib.loading.text import normalise
from engagement_lib.tables import check_table, empty_table

texts = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_new_event_has_no_id_and_no_time_yet():
    assert make_event("memo", "P01", about_type="source", author="AB", value="Long.", reason="asked") == {
        "event_id": "",
        "at": "",
        "author": "AB",
        "kind": "memo",
        "about_type": "source",
        "about_id": "P01",
        "value": "Long.",
        "reason": "asked",
    }


def test_an_event_of_an_unknown_kind_is_about_what_is_said():
    assert make_event("met", "P01", author="AB")["about_type"] == ""


def test_a_table_of_codings_becomes_events_of_its_coders_with_their_dates():
    row = {"coding_id": "1", "source_id": "P01", "start": 3, "end": 13, "code": "no-time", "coder": "AB", "at": "2020-10-01"}
    event = codings_added(check_table("codings", pd.DataFrame([row]))).iloc[0]
    assert (event["author"], event["at"], event["about_id"]) == ("AB", "2020-10-01", "1")
    assert json.loads(event["value"]) == {
        "source_id": "P01",
        "start": 3,
        "end": 13,
        "code": "no-time",
        "coder": "AB",
        "layer": "independent",
        "stance": "supports",
        "memo": "",
        "quote": "",
    }


def test_no_codings_become_no_events():
    pd.testing.assert_frame_equal(codings_added(empty_table("codings")), empty_table("events"))


@given(st.dictionaries(texts, texts))
def test_named_values_come_back_as_they_are_once_normalised(value):
    value = {normalise(name): normalise(held) for name, held in value.items()}
    text = write_value(value)
    assert normalise(text) == text
    assert read_values(pd.DataFrame({"value": [text, ""]})) == [value, {}]


def test_accents_after_a_line_break_do_not_break_the_json():
    assert json.loads(normalise(write_value({"memo": "\n\u0303"}))) == {"memo": "\n\u0303"}


def test_the_order_of_the_letters_of_times_is_that_of_time():
    begin = datetime(2020, 10, 2, 9, tzinfo=UTC)
    moments = [begin, begin + timedelta(microseconds=1), begin + timedelta(seconds=1), begin.replace(year=2021)]
    assert [utc_time(moment) for moment in moments] == sorted(utc_time(moment) for moment in moments)
    assert utc_time(begin.astimezone(timezone(timedelta(hours=1)))) == "2020-10-02T09:00:00.000000Z"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2020-10-02", "2020-10-02"),
        ("2020-10-02 09:00", "2020-10-02T09:00:00.000000Z"),
        ("2020-10-02T09:00:00Z", "2020-10-02T09:00:00.000000Z"),
        ("2020-10-02T00:30+01:00", "2020-10-01T23:30:00.000000Z"),
    ],
)
def test_times_are_read_as_utc_unless_they_name_an_offset(said, read):
    assert read_time(said) == read


def test_what_is_no_time_is_named():
    with pytest.raises(TableError, match="events, since: found '2 October'; expected a date such as 2020-10-02"):
        read_time("2 October", place="since")


def test_events_of_one_moment_are_in_the_order_of_their_ids():
    log = pd.DataFrame({"event_id": ["b", "c", "a"], "at": ["2020-10-02", "2020-10-01", "2020-10-02"]})
    assert in_log_order(log)["event_id"].tolist() == ["c", "a", "b"]


def test_ids_are_made_from_what_an_event_says_and_given_ones_stay():
    rows = [make_event("memo", "P01", about_type="source", author=who) for who in ("AB", "AB", "CD", "CD")]
    named = name_events(pd.DataFrame(rows).assign(event_id=["", "", "", "mine"]))["event_id"].tolist()
    assert named[0] == named[1] != named[2]
    assert [len(name) for name in named[:3]] == [32, 32, 32]
    assert named[3] == "mine"
