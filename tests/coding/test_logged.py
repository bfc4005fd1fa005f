from datetime import UTC, datetime

import pandas as pd
import pytest
from store_writers import coding

from engagement_lib.coding.events import make_event
from engagement_lib.coding.logged import check_logged, join_log, with_names
from engagement_lib.coding.store import append_events
from engagement_lib.errors import TableError
from engagement_lib.tables import check_table, empty_table

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
VERDICT = make_event("verdict given", "C1", author="AB", value="contested") | {"event_id": "e1", "at": "2020-10-01"}
SOURCES = pd.DataFrame({"source_id": ["P01"], "text": ["We never have the time."]})


def test_decisions_of_a_file_alone_are_no_log(tmp_path):
    assert join_log(tmp_path, pd.DataFrame([VERDICT])).empty


def test_a_file_that_holds_codings_is_a_log_without_a_store(tmp_path):
    events = pd.DataFrame([VERDICT, coding("1") | {"event_id": "e2", "at": "2020-10-02"}])
    assert join_log(tmp_path, events)["event_id"].tolist() == ["e1", "e2"]


def test_the_events_of_the_file_and_of_the_store_are_one_log(tmp_path):
    append_events(tmp_path, pd.DataFrame([VERDICT, coding("1")]), now=NOW)
    memo = make_event("memo", "P01", about_type="source", author="AB") | {"event_id": "e0", "at": "2020-09-30"}
    assert join_log(tmp_path, pd.DataFrame([VERDICT, memo]))["kind"].tolist() == ["memo", "verdict given", "coding added"]


def test_every_name_that_a_code_has_had_is_known():
    log = pd.DataFrame(
        [
            make_event("code renamed", "a", author="AB", value={"code": "b"}),
            make_event("code merged", "c", author="AB", value={"into": "d"}),
            make_event("code split", "e", author="AB", value={"into": [{"code": "f"}, {"code": "g"}]}),
        ]
    )
    names = with_names(pd.DataFrame({"code": ["z", "a"]}), log)["code"].tolist()
    assert names == ["z", "a", "b", "c", "e", "f", "g"]


def logged(*rows):
    full = [{"source_id": "P01", "code": "no-time", "coder": "AB", **row} for row in rows]
    return check_table("codings", pd.DataFrame(full)).iloc[::-1]


def test_a_coding_of_the_log_gets_the_words_on_which_it_stands():
    assert check_logged(logged({"coding_id": "1", "start": 3, "end": 8}), SOURCES, None)["quote"].tolist() == ["never"]


def test_a_coding_of_the_log_that_stands_nowhere_is_named_by_its_id():
    with pytest.raises(TableError) as error:
        check_logged(logged({"coding_id": "x", "start": 3, "end": 99}, {"coding_id": "y", "start": 3, "end": 8}), SOURCES, None)
    assert [(problem.file, problem.place) for problem in error.value.problems] == [("study.db", "coding 'x'")]


def test_no_codings_of_a_log_are_sound():
    pd.testing.assert_frame_equal(check_logged(empty_table("codings"), SOURCES, None), empty_table("codings"))
