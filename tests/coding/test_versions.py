import pandas as pd
import pytest

from engagement_lib.coding.events import make_event
from engagement_lib.coding.versions import first_version, log_up_to, next_version, version_places
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table

BOOK = pd.DataFrame({"code": ["no-time"]})


def acts(*versions, undo=""):
    events = [make_event("code retired", "x", author="AB", value={"version": version} if version else {}) for version in versions]
    events += [make_event("event undone", undo, author="AB")] if undo else []
    return pd.DataFrame([{**event, "event_id": f"e{n}", "at": f"2020-10-{n:02}"} for n, event in enumerate(events, 1)])


def test_a_version_ends_with_the_last_act_that_names_it():
    assert version_places(acts("2", "3", "", "2")) == {"2": 3, "3": 1}


def test_an_act_that_was_undone_makes_no_version():
    assert version_places(acts("2", "3", undo="e2")) == {"2": 0}


def test_the_file_is_the_first_version_and_an_empty_one_none():
    assert first_version(BOOK) == "1"
    assert first_version(empty_table("codebook")) == "0"


@pytest.mark.parametrize(("versions", "following"), [([], "2"), (["2", "pilot"], "3"), (["9", "10"], "11")])
def test_versions_are_counted_on(versions, following):
    assert next_version(versions, BOOK) == following


def test_the_log_of_a_version_ends_with_it_in_whatever_order_its_rows_come():
    log, until = log_up_to(acts("2", "3", "2", "4").iloc[::-1], "2", BOOK)
    assert log["event_id"].tolist() == ["e1", "e2", "e3"]
    assert until == "2020-10-03"


def test_the_version_of_the_file_has_no_event():
    log, until = log_up_to(acts("2"), "1", BOOK)
    assert log.empty
    assert until == ""


def test_a_version_that_nobody_made_is_named_with_those_there_are():
    with pytest.raises(TableError, match=r"version: found version '7'; expected one of 1, 2, 3\."):
        log_up_to(acts("2", "3"), "7", BOOK)
