import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from store_writers import coding

from engagement_lib.coding.events import in_log_order, make_event, name_events
from engagement_lib.coding.folding import fold_log
from engagement_lib.coding.merging import COLUMNS, merge_logs
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table


def log(*events):
    """A log with the days of its events."""
    rows = [{**event, "at": f"2020-10-{day:02}"} for day, event in events]
    return name_events(pd.DataFrame(rows).astype("str")) if rows else empty_table("events")


def said(kind, about="no-time", author="AB", **value):
    return make_event(kind, about, author=author, value=value)


def conflicts(one, other):
    table = merge_logs(one, other)[1]
    assert_frame_equal(merge_logs(other, one)[1], table)
    return table[["about_id", "conflict", "first_author", "second_author"]].to_numpy().tolist()


MINE = said("code added", definition="Too few hours.")
THEIRS = said("code added", author="CD", definition="Deadlines.")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
events = st.tuples(
    st.integers(1, 9),
    st.one_of(
        st.builds(coding, st.sampled_from("12"), coder=st.sampled_from(["AB", "CD"]), start=st.integers(0, 2)),
        st.builds(said, st.just("code added"), author=st.sampled_from(["AB", "CD"]), definition=st.sampled_from(["x", "y"])),
        st.builds(said, st.just("code renamed"), author=st.sampled_from(["AB", "CD"]), code=st.sampled_from(["x", "y"])),
        st.builds(lambda text: make_event("memo", "P01", author="AB", about_type="source", value=text), texts),
    ),
)
logs = st.lists(events, max_size=6).map(lambda rows: log(*rows).drop_duplicates())


def merged(one, other):
    return merge_logs(one, other)[0]


@settings(max_examples=40)
@given(logs, logs)
def test_it_does_not_matter_which_log_comes_first(one, other):
    assert_frame_equal(merged(one, other), merged(other, one))
    assert_frame_equal(merge_logs(one, other)[1], merge_logs(other, one)[1])


@settings(max_examples=40)
@given(logs, logs, logs)
def test_it_does_not_matter_in_which_order_three_are_merged(one, other, third):
    assert_frame_equal(merged(merged(one, other), third), merged(one, merged(other, third)))


@settings(max_examples=40)
@given(logs, logs)
def test_merging_again_adds_nothing(one, other):
    both = merged(one, other)
    assert_frame_equal(merged(both, other), both)
    assert_frame_equal(merged(both, both), both)
    assert merge_logs(both, other)[1].empty


@settings(max_examples=40)
@given(logs, logs)
def test_no_event_is_lost_and_none_is_made(one, other):
    assert set(merged(one, other)["event_id"]) == {*one["event_id"], *other["event_id"]}


def test_events_come_in_the_order_of_time():
    one, other = log((3, coding("3")), (1, coding("1"))), log((2, coding("2")))
    assert merge_logs(one, other)[0]["about_id"].tolist() == ["1", "2", "3"]


def test_one_id_for_two_events_is_refused_and_both_are_named():
    one = log((1, MINE)).assign(event_id="e1")
    with pytest.raises(TableError) as error:
        merge_logs(one, one.assign(author="CD"), names=("AB.db", "CD.db"))
    assert str(error.value) == (
        "AB.db and CD.db, event 'e1': "
        'found \'2020-10-01 | AB | code added | code | no-time | {"definition": "Too few hours."}\' '
        'and \'2020-10-01 | CD | code added | code | no-time | {"definition": "Too few hours."}\'; '
        "expected one event for each id. One of them was changed by hand: take it out, or give it an id of its own."
    )


def test_an_event_without_an_id_is_named_with_its_log():
    with pytest.raises(TableError, match=r"CD\.csv, row 2: found no event_id"):
        merge_logs(log(), log((1, MINE)).assign(event_id=""), names=("AB.db", "CD.csv"))


def test_a_code_defined_in_two_ways_is_a_conflict_and_the_later_one_holds():
    one, other = log((2, MINE)), log((1, THEIRS))
    assert conflicts(one, other) == [["no-time", "defined in two ways", "CD", "AB"]]
    codebook = fold_log(merge_logs(one, other)[0], {})["codebook"]
    assert codebook["definition"].tolist() == ["Too few hours."]


def test_a_conflict_is_told_whole():
    row = merge_logs(log((1, MINE)), log((2, THEIRS)))[1].loc[0]
    assert row.drop(["first_event", "second_event"]).to_dict() == {
        "about_type": "code",
        "about_id": "no-time",
        "conflict": "defined in two ways",
        "first_author": "AB",
        "first_at": "2020-10-01",
        "first_value": '{"definition": "Too few hours."}',
        "second_author": "CD",
        "second_at": "2020-10-02",
        "second_value": '{"definition": "Deadlines."}',
    }


def test_one_code_defined_alike_is_no_conflict_whatever_the_version():
    assert conflicts(log((1, MINE)), log((2, said("code added", author="CD", definition="Too few hours.", version="2")))) == []


def test_a_log_that_is_merely_ahead_is_in_no_conflict():
    behind = log((1, MINE))
    assert conflicts(behind, log((1, MINE), (2, THEIRS))) == []


def test_only_the_last_word_of_each_log_is_compared():
    one = log((1, THEIRS), (3, MINE))
    assert conflicts(one, log((2, said("code added", author="EF", definition="Too few hours.")))) == []


def test_what_was_undone_is_in_no_conflict():
    one = log((1, MINE))
    undo = make_event("event undone", one.loc[0, "event_id"], author="AB")
    assert conflicts(pd.concat([one, log((2, undo))]), log((1, THEIRS))) == []


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (said("code moved", parent="a"), said("code moved", author="CD", parent="b"), "moved below two parents"),
        (said("code renamed", code="time"), said("code renamed", author="CD", code="hours"), "renamed in two ways"),
        (said("code merged", into="time"), said("code merged", author="CD", into="hours"), "merged into two codes"),
        (
            said("coding given a stance", "1", stance="supports"),
            said("coding given a stance", "1", author="CD", stance="qualifies"),
            "given two stances",
        ),
        (coding("1"), coding("1", start=3, coder="CD"), "added in two ways"),
        (
            make_event("verdict given", "C1", author="AB", value="supported"),
            make_event("verdict given", "C1", author="CD", value="contested"),
            "given two verdicts",
        ),
        (said("code split", "x", into=[{"code": "no-time", "definition": "x"}]), THEIRS, "defined in two ways"),
    ],
)
def test_two_who_decide_differently_are_told(one, other, conflict):
    assert [row[1:] for row in conflicts(log((1, one)), log((2, other)))] == [[conflict, "AB", "CD"]]


def test_two_memos_about_one_thing_are_no_conflict():
    memo = make_event("memo", "P01", author="AB", about_type="source", value="x")
    assert conflicts(log((1, memo)), log((1, memo | {"value": "y"}))) == []


def test_empty_logs_merge_to_an_empty_one():
    merged_log, found = merge_logs(empty_table("events"), empty_table("events"))
    assert_frame_equal(merged_log, empty_table("events"))
    assert found.empty
    assert list(found.columns) == list(COLUMNS)


def test_the_logs_given_are_not_changed():
    one = log((2, MINE), (1, coding("1")))
    before = one.copy()
    merge_logs(one, log((1, THEIRS)))
    assert_frame_equal(one, before)
    assert not in_log_order(one).equals(one)
