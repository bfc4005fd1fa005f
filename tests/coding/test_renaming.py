"""What becomes of codes and of what was coded with them; a log has an event a day, from the first of October on."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from store_writers import coding

from engagement_lib.coding.codebook import codebook_tree
from engagement_lib.coding.events import make_event
from engagement_lib.coding.folding import fold_log
from engagement_lib.tables import check_table, empty_table

FILE = check_table(
    "codebook",
    pd.DataFrame({"code": ["no-time", "hours", "habit"], "parent": ["", "no-time", ""], "definition": ["Short of it.", "", ""]}),
)


def fold(*events, codebook=FILE, **files):
    rows = [{**event, "event_id": f"e{day}", "at": f"2020-10-{day:02}"} for day, event in enumerate(events, 1)]
    log = pd.DataFrame(rows).astype("str") if rows else empty_table("events")
    return fold_log(log, {"codebook": codebook, **files})


def codes(*events, **files):
    return fold(*events, **files)["codebook"]["code"].tolist()


def coded(*events, **files):
    return fold(*events, **files)["codings"]["code"].tolist()


def event(kind, about, /, **value):
    return make_event(kind, about, author="AB", value=value)


def added(code, **value):
    return event("code added", code, **value)


def renamed(code, new):
    return event("code renamed", code, code=new)


def moved(code, parent):
    return event("code moved", code, parent=parent)


def parents(*events, **files):
    codebook = fold(*events, **files)["codebook"]
    return dict(zip(codebook["code"], codebook["parent"], strict=True))


def merged(code, into):
    return event("code merged", code, into=into)


UNDO_FIRST = make_event("event undone", "e1", author="AB")


def test_without_events_the_codebook_is_that_of_the_file():
    assert_frame_equal(fold()["codebook"], FILE)


def test_a_code_is_added_with_what_is_said_of_it():
    codebook = fold(added("money", definition="Costs.", parent="habit", version="2"))["codebook"]
    assert codebook.loc[3, ["code", "parent", "definition", "colour"]].tolist() == ["money", "habit", "Costs.", ""]


def test_adding_a_code_that_stands_says_anew_what_is_said_and_leaves_the_rest():
    codebook = fold(added("hours", definition="Too few."))["codebook"]
    assert codebook.loc[1, ["code", "parent", "definition"]].tolist() == ["hours", "no-time", "Too few."]
    assert codebook["code"].tolist() == ["no-time", "hours", "habit"]


def test_a_renamed_code_keeps_its_place_its_words_and_its_children():
    codebook = fold(renamed("no-time", "time"))["codebook"]
    assert codebook[["code", "parent", "definition"]].to_numpy().tolist() == [
        ["time", "", "Short of it."],
        ["hours", "time", ""],
        ["habit", "", ""],
    ]


def test_codings_of_any_age_have_the_new_name():
    assert coded(coding("1"), renamed("no-time", "time"), coding("2"), coding("3", code="time")) == ["time"] * 3


def test_a_name_that_is_given_to_another_code_later_means_that_one_from_then_on():
    events = coding("1"), renamed("no-time", "time"), coding("2"), added("no-time"), coding("3")
    assert coded(*events) == ["time", "time", "no-time"]


def test_a_name_that_goes_and_comes_back_is_the_same_code():
    events = coding("1"), renamed("no-time", "time"), coding("2", code="time"), renamed("time", "no-time"), coding("3")
    assert coded(*events) == ["no-time"] * 3
    assert codes(*events) == ["no-time", "hours", "habit"]


def test_two_who_rename_one_code_without_knowing_of_each_other_end_with_the_later_name():
    events = coding("1"), renamed("no-time", "time"), renamed("no-time", "hurry"), coding("2", code="time")
    assert coded(*events) == ["hurry", "hurry"]
    assert codes(*events) == ["hurry", "hours", "habit"]


def test_renaming_to_the_same_name_changes_nothing():
    assert_frame_equal(fold(renamed("hours", "hours"))["codebook"], FILE)


def test_renaming_to_the_name_of_a_code_that_stands_joins_them():
    assert codes(renamed("hours", "habit")) == ["no-time", "habit"]


def test_renaming_a_code_of_which_the_codebook_knows_nothing_still_renames_codings():
    assert coded(coding("1", code="gone"), renamed("gone", "habit")) == ["habit"]


def test_a_retired_code_is_still_retired_under_a_new_name():
    assert codes(event("code retired", "habit"), renamed("habit", "custom")) == ["no-time", "hours"]


def test_a_merged_code_is_the_one_it_was_merged_into_and_so_are_its_codings_and_children():
    events = coding("1"), merged("no-time", "habit")
    assert coded(*events) == ["habit"]
    assert fold(*events)["codebook"][["code", "parent"]].to_numpy().tolist() == [["hours", "habit"], ["habit", ""]]


def test_a_code_merged_into_its_child_leaves_the_child_its_place_in_the_tree():
    assert fold(merged("no-time", "hours"))["codebook"][["code", "parent"]].to_numpy().tolist() == [["hours", ""], ["habit", ""]]


def test_a_merge_into_a_code_renamed_meanwhile_finds_it():
    assert coded(coding("1"), renamed("habit", "custom"), merged("no-time", "habit")) == ["custom"]


def test_two_codes_merged_into_each_other_end_as_one():
    assert codes(merged("hours", "habit"), merged("habit", "hours")) == ["no-time", "habit"]


def test_a_retired_code_leaves_when_nothing_is_coded_with_it():
    assert codes(event("code retired", "habit")) == ["no-time", "hours"]
    assert codes(coding("1", code="habit"), event("code retired", "habit")) == ["no-time", "hours", "habit"]
    assert codes(event("code retired", "habit"), added("habit")) == ["no-time", "hours", "habit"]


def test_a_split_code_makes_way_for_its_parts_once_its_codings_are_gone():
    split = event("code split", "no-time", into=[{"code": "deadlines", "definition": "Due."}, {"code": "workload"}])
    assert codes(split) == ["hours", "habit", "deadlines", "workload"]
    assert codes(coding("1"), split) == ["no-time", "hours", "habit", "deadlines", "workload"]
    codebook = fold(split)["codebook"].set_index("code")
    assert codebook.loc["deadlines", "definition"] == "Due."


def test_a_rename_that_was_undone_changes_nothing():
    assert codes(renamed("habit", "custom"), UNDO_FIRST) == ["no-time", "hours", "habit"]


def test_a_code_whose_adding_was_undone_stays_while_others_have_coded_with_it():
    assert codes(added("money"), UNDO_FIRST) == ["no-time", "hours", "habit"]
    assert codes(added("money"), coding("1", code="money"), UNDO_FIRST) == ["no-time", "hours", "habit", "money"]
    assert codes(added("habit", definition="x"), UNDO_FIRST) == ["no-time", "hours", "habit"]


def files(*dates):
    row = {"source_id": "P01", "start": 0, "end": 9, "code": "no-time", "coder": "CD"}
    rows = [row | {"coding_id": f"F{n}", "at": at} for n, at in enumerate(dates)]
    return check_table("codings", pd.DataFrame(rows))


def test_a_files_codings_are_renamed_by_their_dates():
    events = renamed("no-time", "time"), coding("1"), added("no-time")
    assert coded(*events, codings=files("", "2020-10-02", "2020-10-03", "2020-10-04")) == ["time"] * 2 + ["no-time"] * 2 + [
        "time"
    ]


def test_a_codebook_that_has_the_new_name_already_is_left_so():
    later = FILE.assign(code=["time", "hours", "habit"], parent=["", "time", ""])
    assert_frame_equal(fold(renamed("no-time", "time"), codebook=later)["codebook"], later)


def test_the_tables_given_are_not_changed():
    before = FILE.copy()
    fold(renamed("no-time", "time"), merged("hours", "habit"))
    assert_frame_equal(FILE, before)


def test_a_code_is_moved_below_another_and_out_again():
    assert parents(moved("habit", "no-time")) == {"no-time": "", "hours": "no-time", "habit": "no-time"}
    assert parents(moved("hours", "")) == {"no-time": "", "hours": "", "habit": ""}


def test_a_move_finds_codes_that_were_renamed_meanwhile():
    assert parents(renamed("habit", "custom"), renamed("no-time", "time"), moved("habit", "no-time"))["custom"] == "time"
    assert parents(renamed("no-time", "time"), added("money", parent="no-time"))["money"] == "time"


def test_of_two_moves_that_would_put_two_codes_below_each_other_the_earlier_holds():
    assert parents(moved("habit", "hours"), moved("no-time", "habit")) == {"no-time": "", "hours": "no-time", "habit": "hours"}
    assert parents(moved("habit", "habit"))["habit"] == ""
    assert parents(added("no-time", parent="hours"))["no-time"] == ""


def test_a_move_of_a_code_of_which_the_codebook_knows_nothing_changes_nothing():
    assert_frame_equal(fold(moved("gone", "habit"))["codebook"], FILE)


def test_what_hung_below_a_code_that_left_hangs_below_the_next_above():
    deep = added("overtime", parent="hours")
    assert parents(deep, event("code retired", "hours"))["overtime"] == "no-time"
    assert parents(deep, event("code retired", "hours"), event("code retired", "no-time"))["overtime"] == ""
    assert parents(coding("1", code="hours"), deep, event("code retired", "hours"))["overtime"] == "hours"


def test_a_code_merged_into_one_far_below_it_leaves_a_tree():
    assert parents(added("overtime", parent="hours"), merged("no-time", "overtime")) == {
        "hours": "overtime",
        "habit": "",
        "overtime": "",
    }


def test_a_file_whose_codes_go_round_is_left_as_it_is_so_that_it_can_be_told():
    round_about = FILE.assign(parent=["hours", "no-time", ""])
    assert_frame_equal(fold(moved("habit", ""), codebook=round_about)["codebook"], round_about)


NAMES = st.sampled_from("abcde")
ACTS = st.one_of(
    st.builds(lambda code, parent: added(code, parent=parent), NAMES, NAMES),
    st.builds(moved, NAMES, st.one_of(NAMES, st.just(""))),
    st.builds(renamed, NAMES, NAMES),
    st.builds(merged, NAMES, NAMES),
    st.builds(lambda code: event("code retired", code), NAMES),
    st.builds(lambda code, part: event("code split", code, into=[{"code": part, "parent": code}]), NAMES, NAMES),
)


@settings(max_examples=60)
@given(st.lists(ACTS, max_size=9))
def test_whatever_is_done_the_codes_are_a_tree(acts):
    codebook_tree(fold(*acts, codebook=check_table("codebook", pd.DataFrame({"code": list("abcde")})))["codebook"])
