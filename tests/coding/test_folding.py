import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from store_writers import coding

from engagement_lib.coding.events import codings_added, make_event
from engagement_lib.coding.folding import fold_log
from engagement_lib.errors import TableError
from engagement_lib.tables import check_table, empty_table


def log(*events):
    """A log with an event a day, from the first of October on."""
    rows = [{**event, "event_id": f"e{day}", "at": event["at"] or f"2020-10-{day:02}"} for day, event in enumerate(events, 1)]
    return pd.DataFrame(rows).astype("str") if rows else empty_table("events")


def fold(*events, as_of="", **files):
    return fold_log(log(*events), files, as_of=as_of)


def ids(tables):
    return tables["codings"]["coding_id"].tolist()


def file(**columns):
    codings = {"coding_id": ["F1"], "source_id": "P01", "start": 0, "end": 9, "code": "no-time", "coder": "CD"} | columns
    return check_table("codings", pd.DataFrame(codings))


def event(kind, about="1", value="", **more):
    return make_event(kind, about, author="AB", value=value, **more)


WITHDRAWN = event("coding withdrawn")
STANCE = event("coding given a stance", value={"stance": "contradicts"})


def test_nothing_folds_to_empty_tables():
    for name, table in fold().items():
        assert_frame_equal(table, empty_table(name))


def test_a_coding_is_what_its_event_says():
    codings = fold(coding("1", layer="consensus", stance="qualifies", memo="see P02", quote="never have"))["codings"]
    assert codings.loc[0].to_dict() == {
        "coding_id": "1",
        "source_id": "P01",
        "start": 0,
        "end": 9,
        "code": "no-time",
        "coder": "AB",
        "layer": "consensus",
        "stance": "qualifies",
        "at": "2020-10-01",
        "memo": "see P02",
        "quote": "never have",
    }
    assert_frame_equal(codings.iloc[:0], empty_table("codings"))


def test_a_coding_is_its_authors_unless_it_says_whose():
    value = {"source_id": "P01", "start": 0, "end": 9, "code": "no-time"}
    codings = fold(event("coding added", "1", value), event("coding added", "2", value | {"coder": "consensus"}))["codings"]
    assert codings[["coder", "layer", "stance"]].to_numpy().tolist() == [
        ["AB", "independent", "supports"],
        ["consensus", "independent", "supports"],
    ]


def test_codings_of_a_table_come_back_from_their_events():
    table = file(at="2020-10-01", memo="m", stance="qualifies")
    assert_frame_equal(fold_log(codings_added(table).assign(event_id="e"), {})["codings"], table)


def test_a_withdrawn_coding_is_gone_and_back_when_it_is_added_again():
    assert ids(fold(coding("1"), coding("2"), WITHDRAWN)) == ["2"]
    again = fold(coding("1"), WITHDRAWN, coding("1", start=3))
    assert again["codings"][["coding_id", "start"]].to_numpy().tolist() == [["1", 3]]


def test_a_stance_is_the_last_one_given_since_the_coding_was_added():
    assert fold(coding("1"), STANCE)["codings"]["stance"].tolist() == ["contradicts"]
    assert fold(STANCE, coding("1"))["codings"]["stance"].tolist() == ["supports"]
    assert fold(coding("1"), STANCE, coding("2"))["codings"]["stance"].tolist() == ["contradicts", "supports"]


def test_what_is_said_of_a_coding_that_is_not_there_changes_nothing():
    assert ids(fold(WITHDRAWN, STANCE)) == []


def test_a_files_codings_come_first_and_can_be_withdrawn_and_given_a_stance():
    assert ids(fold(coding("1"), codings=file())) == ["F1", "1"]
    assert ids(fold(event("coding withdrawn", "F1"), codings=file())) == []
    stance = event("coding given a stance", "F1", {"stance": "qualifies"})
    assert fold(stance, codings=file())["codings"]["stance"].tolist() == ["qualifies"]


def test_a_coding_in_a_file_and_in_the_log_is_one_and_the_log_says_what_it_is():
    tables = fold(coding("F1", coder="CD", memo="new"), codings=file(memo="old"))
    assert tables["codings"][["coding_id", "memo"]].to_numpy().tolist() == [["F1", "new"]]


def test_one_id_for_two_codings_is_refused_and_both_are_named():
    with pytest.raises(TableError) as error:
        fold(coding("F1", coder="CD", start=3), codings=file())
    assert str(error.value) == (
        "study.db, coding 'F1': found 'P01 | 0 | 9 | no-time' in a file and 'P01 | 3 | 9 | no-time' in the log; "
        "expected the same in both. Take it out of the file, or give it another id there."
    )


def test_codings_are_had_as_they_stood_at_any_date():
    events = (coding("1"), coding("2"), STANCE, WITHDRAWN)
    assert [ids(fold(*events, as_of=f"2020-10-{day:02}")) for day in range(5)[1:]] == [["1"], ["1", "2"], ["1", "2"], ["2"]]
    assert fold(*events, as_of="2020-10-02")["codings"]["stance"].tolist() == ["supports", "supports"]
    assert fold(*events, as_of="2020-10-03")["codings"]["stance"].tolist() == ["contradicts", "supports"]


def test_a_date_counts_to_the_end_of_its_day_and_a_time_to_its_moment():
    late = coding("1") | {"at": "2020-10-02T23:59:59.999999Z"}
    assert ids(fold(late, as_of="2020-10-02")) == ["1"]
    assert ids(fold(late, as_of="2020-10-02T23:59:59Z")) == []
    assert ids(fold(late, as_of="2020-10-01")) == []


def test_a_files_coding_counts_from_its_date_and_without_one_always():
    files = file(coding_id=["F1", "F2"], at=["2020-10-05", ""])
    assert ids(fold(codings=files, as_of="2020-10-04")) == ["F2"]
    assert ids(fold(codings=files, as_of="2020-10-05")) == ["F1", "F2"]


def test_what_was_undone_does_not_hold_until_it_is_redone():
    undone, redone = event("event undone", "e1"), event("event redone", "e1")
    assert ids(fold(coding("1"), undone)) == []
    assert ids(fold(coding("1"), undone, redone)) == ["1"]
    assert ids(fold(coding("1"), undone, as_of="2020-10-01")) == ["1"]


def test_a_decision_that_was_undone_is_no_longer_in_force():
    cleared = event("quote cleared", "P01:3-13")
    assert fold(cleared)["events"]["about_id"].tolist() == ["P01:3-13"]
    assert fold(cleared, event("event undone", "e1"))["events"].empty


def test_events_that_are_told_by_another_table_are_no_decisions():
    tables = fold(coding("1"), event("memo", about_type="coding"), event("theme decision", "T1"), event("met", "P01"))
    assert tables["events"]["kind"].tolist() == ["theme decision", "met"]


def test_a_memo_is_an_event_with_its_text():
    memos = fold(event("memo", "no-time", "Often said.", about_type="code"))["memos"]
    assert memos.loc[0].to_dict() == {
        "memo_id": "e1",
        "about_type": "code",
        "about_id": "no-time",
        "author": "AB",
        "at": "2020-10-01",
        "text": "Often said.",
    }


def memo_file(**columns):
    return check_table("memos", pd.DataFrame({"memo_id": ["e1"], "author": "AB", "text": "Often said.", **columns}))


def test_a_memo_in_a_file_and_in_the_log_is_one():
    memo = event("memo", "no-time", "Often said.", about_type="code")
    assert len(fold(memo, memos=memo_file())["memos"]) == 1
    assert fold(memo, memos=memo_file(memo_id=["m0"]))["memos"]["memo_id"].tolist() == ["m0", "e1"]


def test_one_id_for_two_memos_is_refused_and_both_are_named():
    with pytest.raises(TableError, match=r"memo 'e1': found 'Rarely\.' in a file and 'Often said\.' in the log"):
        fold(event("memo", "no-time", "Often said.", about_type="code"), memos=memo_file(text="Rarely."))


def test_a_reading_is_told_by_several_events():
    read, finished = event("source read", "P01", {"round": "2", "draw_probability": 0.375}), event("source finished", "P01")
    assert fold(read)["readings"].to_numpy().tolist() == [["P01", "AB", "2", 0.375, ""]]
    assert fold(read, finished)["readings"].to_numpy().tolist() == [["P01", "AB", "2", 0.375, "2020-10-02"]]
    assert fold(read, finished, event("source read", "P01"))["readings"]["finished"].tolist() == ["2020-10-02"]


def test_a_reading_may_be_the_consensus_and_say_how_it_was_finished():
    finished = event("source finished", "P01", {"coder": "consensus", "finished": "yes"})
    readings = fold(finished)["readings"]
    assert readings[["coder", "finished"]].to_numpy().tolist() == [["consensus", "yes"]]
    assert_frame_equal(readings.iloc[:0], empty_table("readings"))


def test_a_files_reading_is_filled_by_the_log():
    files = check_table("readings", pd.DataFrame({"source_id": ["P01", "P02"], "coder": "AB", "round": ["1", ""]}))
    readings = fold(event("source finished", "P01"), event("source finished", "P03"), readings=files)["readings"]
    assert readings.drop(columns="draw_probability").to_numpy().tolist() == [
        ["P01", "AB", "1", "2020-10-01"],
        ["P02", "AB", "", ""],
        ["P03", "AB", "", "2020-10-02"],
    ]


events = st.one_of(
    st.builds(coding, st.sampled_from("123"), start=st.integers(0, 3), code=st.sampled_from(["a", "b"])),
    st.builds(event, st.just("coding withdrawn"), st.sampled_from("123")),
    st.builds(event, st.just("coding given a stance"), st.sampled_from("123"), st.just({"stance": "qualifies"})),
    st.builds(event, st.just("code added"), st.sampled_from("ab"), st.just({"definition": "x"})),
    st.builds(event, st.just("code renamed"), st.sampled_from("ab"), st.sampled_from([{"code": "a"}, {"code": "c"}])),
    st.builds(event, st.just("code merged"), st.sampled_from("abc"), st.sampled_from([{"into": "a"}, {"into": "b"}])),
    st.builds(event, st.just("code retired"), st.sampled_from("abc")),
    st.builds(event, st.sampled_from(["event undone", "event redone"]), st.sampled_from(["e1", "e2", "e3"])),
)
logs = st.lists(events, max_size=12)


@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_of_a_log_does_not_matter(rows, draw):
    ordered = log(*rows)
    mixed = ordered.iloc[draw.sample(range(len(rows)), len(rows))]
    other = fold_log(mixed, {})
    for name, table in fold_log(ordered, {}).items():
        assert_frame_equal(other[name], table)


@given(logs, st.integers(0, 12))
def test_a_day_is_what_the_log_up_to_it_folds_to(rows, day):
    until = fold_log(log(*rows), {}, as_of=f"2020-10-{day:02}" if day else "2020-09-30")
    for name, table in fold_log(log(*rows[:day]), {}).items():
        assert_frame_equal(until[name], table)


@given(logs)
def test_the_codings_that_stand_are_those_that_a_reader_of_the_log_would_say(rows):
    undone, standing = set(), {}
    for row in rows:
        {"event undone": undone.add, "event redone": undone.discard}.get(row["kind"], lambda _: None)(row["about_id"])
    for name, row in zip(log(*rows)["event_id"], rows, strict=True):
        if name not in undone and row["kind"] == "coding added":
            standing[row["about_id"]] = "supports"
        elif name not in undone and row["kind"] == "coding withdrawn":
            standing.pop(row["about_id"], None)
        elif name not in undone and row["kind"] == "coding given a stance" and row["about_id"] in standing:
            standing[row["about_id"]] = "qualifies"
    codings = fold_log(log(*rows), {})["codings"]
    assert dict(zip(codings["coding_id"], codings["stance"], strict=True)) == standing
