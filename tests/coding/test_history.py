from pathlib import Path

import pandas as pd
import pytest
from store_writers import coding

from engagement_lib.coding.events import make_event
from engagement_lib.coding.history import audit_trail, read_codes, read_codings, read_memos, read_readings
from engagement_lib.errors import TableError
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

EVENTS = [
    make_event("code added", "no-time", author="AB", value={"definition": "Too few hours.", "version": "1"}, reason="often said"),
    coding("1", quote="never have"),
    make_event("source finished", "P01", author="CD", value={"finished": "yes"}),
    make_event("memo", "P01", author="CD", about_type="source", value="Long."),
    make_event("event undone", "e2", author="AB"),
    make_event("code split", "no-time", author="AB", value={"into": [{"code": "hours"}, {"code": "deadlines"}]}),
]
LOG = pd.DataFrame([{**event, "event_id": f"e{n}", "at": f"2020-10-{n:02}"} for n, event in enumerate(EVENTS, 1)]).astype("str")
NAMES = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")


@pytest.fixture
def study():
    def make(**tables):
        return Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in NAMES} | tables)

    return make


@pytest.mark.parametrize(
    ("read", "column", "day", "before", "on"),
    [
        (read_codings, "coding_id", 2, [], ["1"]),
        (read_readings, "source_id", 3, [], ["P01"]),
        (read_memos, "text", 4, [], ["Long."]),
        (read_codes, "code", 6, ["no-time"], ["hours", "deadlines"]),
    ],
)
def test_each_table_is_had_as_it_stood_on_a_day(study, read, column, day, before, on):  # noqa: PLR0917  # one case a row
    with_log = study(history={"log": LOG})
    assert read(with_log, as_of=f"2020-10-{day - 1:02}")[column].tolist() == before
    assert read(with_log, as_of=f"2020-10-{day:02}")[column].tolist() == on


def test_without_a_date_the_tables_are_those_of_now(study):
    assert read_codings(study(history={"log": LOG})).empty


def test_a_study_without_a_log_has_the_tables_of_its_files(study):
    codings = check_table("codings", pd.DataFrame([{"coding_id": "1", "source_id": "P01", "code": "x", "coder": "AB"}]))
    pd.testing.assert_frame_equal(read_codings(study(codings=codings)), codings)


def test_the_tables_of_the_files_are_those_before_the_log_was_folded_in(study):
    file = check_table(
        "codings", pd.DataFrame([{"coding_id": "F", "source_id": "P01", "code": "x", "coder": "AB", "at": "2020-10-01"}])
    )
    with_log = study(history={"log": LOG, "codings": file})
    assert read_codings(with_log, as_of="2020-10-02")["coding_id"].tolist() == ["F", "1"]


def test_the_trail_says_who_did_what_when_and_what_was_undone(study):
    trail = audit_trail(study(history={"log": LOG.iloc[::-1]}))
    assert trail.to_numpy().tolist() == [
        ["2020-10-01", "AB", "code added", "code", "no-time", "definition: Too few hours.; version: 1", "often said", "", "e1"],
        ["2020-10-02", "AB", "coding added", "coding", "1", "no-time on P01:0-9 'never have'", "", "yes", "e2"],
        ["2020-10-03", "CD", "source finished", "source", "P01", "finished: yes", "", "", "e3"],
        ["2020-10-04", "CD", "memo", "source", "P01", "Long.", "", "", "e4"],
        ["2020-10-05", "AB", "event undone", "event", "e2", "", "", "", "e5"],
        ["2020-10-06", "AB", "code split", "code", "no-time", "into: hours, deadlines", "", "", "e6"],
    ]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"author": "CD"}, ["e3", "e4"]),
        ({"about": "P01"}, ["e3", "e4"]),
        ({"since": "2020-10-05"}, ["e5", "e6"]),
        ({"until": "2020-10-02"}, ["e1", "e2"]),
        ({"since": "2020-10-02", "until": "2020-10-04", "author": "AB"}, ["e2"]),
        ({"author": "nobody"}, []),
    ],
)
def test_the_trail_may_be_of_one_person_thing_or_time(study, options, shown):
    assert audit_trail(study(history={"log": LOG}), **options)["event_id"].tolist() == shown


def test_a_trail_tells_that_an_event_was_undone_later_than_it_shows(study):
    assert audit_trail(study(history={"log": LOG}), until="2020-10-02")["undone"].tolist() == ["", "yes"]


def test_a_study_without_a_log_has_a_trail_of_its_decisions(study):
    events = check_table(
        "events", pd.DataFrame([{"event_id": "1", "author": "AB", "kind": "verdict given", "value": "supported"}])
    )
    assert audit_trail(study(events=events))["what"].tolist() == ["supported"]


def test_no_events_leave_an_empty_trail_with_all_columns(study):
    trail = audit_trail(study())
    assert trail.empty
    assert list(trail.columns) == ["at", "author", "kind", "about_type", "about_id", "what", "reason", "undone", "event_id"]


def test_what_is_no_date_is_named(study):
    with pytest.raises(TableError, match="found 'Friday'"):
        read_codings(study(), as_of="Friday")
    with pytest.raises(TableError, match="events, since: found 'Friday'"):
        audit_trail(study(), since="Friday")
