from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from store_writers import coding

from engagement_lib.coding.event_checks import check_events
from engagement_lib.coding.events import make_event, name_events
from engagement_lib.coding.store import STORE, append_events, read_events
from engagement_lib.errors import StoreError, TableError
from engagement_lib.exchange.logs import merge_files, read_log, read_rows, write_rows
from engagement_lib.tables import check_table, empty_table

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
HARD = ["=1+1", "+44", "-", "@SUM(A1)", "\tx", "'=x", "''-", "'tis", "a,b;c", 'say "no"', "two\nlines", " ", "é 🙈 שלום", ""]
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) | st.sampled_from(HARD)


def log(*events):
    return name_events(check_events(pd.DataFrame([{"at": "2020-10-01", **event} for event in events])))


def memo(value, *, about="P01", author="AB", reason=""):
    return make_event("memo", about, author=author, about_type="source", value=value, reason=reason) | {"at": "2020-10-01"}


@given(st.lists(st.builds(memo, texts, reason=texts, about=texts.filter(bool)), min_size=1, max_size=5))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_log_comes_back_from_csv_word_for_word(tmp_path, events):
    events = [event | {"about_id": event["about_id"] if event["about_id"] != "\ufeff" else "x"} for event in events]
    written = log(*events).drop_duplicates("event_id").sort_values(["at", "event_id"], ignore_index=True)
    write_rows("events", written, tmp_path / "log.csv")
    assert_frame_equal(read_rows("events", tmp_path / "log.csv"), written)


@given(st.lists(st.tuples(texts, st.integers(0, 99)), max_size=5))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_codings_come_back_from_csv_word_for_word(tmp_path, rows):
    row = {"source_id": "P01", "code": "no-time", "coder": "AB", "end": 100}
    table = pd.DataFrame([row | {"coding_id": f"{n}", "start": start, "memo": memo} for n, (memo, start) in enumerate(rows)])
    codings = check_table("codings", table) if rows else empty_table("codings")
    normal = codings.assign(memo=[normal_text(text) for text in codings["memo"]]).astype({"memo": "str"})
    write_rows("codings", normal, tmp_path / "codings.csv")
    assert_frame_equal(read_rows("codings", tmp_path / "codings.csv"), normal)


def normal_text(text):
    return check_events(pd.DataFrame([memo(text)])).loc[0, "value"]


def test_readings_come_back_with_their_numbers(tmp_path):
    table = check_table("readings", pd.DataFrame({"source_id": ["P01", "P02"], "coder": "AB", "draw_probability": [1 / 3, None]}))
    write_rows("readings", table, tmp_path / "r.csv")
    assert_frame_equal(read_rows("readings", tmp_path / "r.csv"), table)


def test_no_cell_of_the_file_is_run_as_a_formula(tmp_path):
    write_rows("events", log(memo("=1+1", reason="@x")), tmp_path / "log.csv")
    assert "source,P01,'=1+1,'@x\n" in (tmp_path / "log.csv").read_text()


def test_the_same_events_in_any_order_are_the_same_bytes_one_event_a_line(tmp_path):
    events = log(memo("b") | {"at": "2020-10-03"}, memo("a"), coding("1", quote="two\nlines"))
    write_rows("events", events, tmp_path / "one.csv")
    write_rows("events", events.iloc[::-1], tmp_path / "other.csv")
    data = (tmp_path / "one.csv").read_bytes()
    assert data == (tmp_path / "other.csv").read_bytes()
    assert data.count(b"\n") == 4
    assert data.rstrip().endswith(b"memo,source,P01,b,")


def test_a_store_goes_out_and_comes_in_and_is_the_same(tmp_path):
    stands = append_events(tmp_path, pd.DataFrame([memo(text) for text in HARD]), now=NOW)
    merge_files([tmp_path], tmp_path / "log.csv", now=NOW)
    merge_files([tmp_path / "log.csv"], tmp_path / "again.db", now=NOW)
    assert_frame_equal(read_events(tmp_path / "again.db"), read_events(tmp_path))
    assert len(stands) == len(HARD)


def test_what_is_no_log_is_named(tmp_path):
    with pytest.raises(StoreError, match="found no log of events; expected a file that holds one"):
        read_log(tmp_path)
    with pytest.raises(TableError, match=r"log\.csv: found no such file"):
        read_log(tmp_path / "log.csv")
    write_rows("events", log(memo("x")).assign(kind="coding aded"), tmp_path / "log.csv")
    with pytest.raises(TableError, match=r"log\.csv, event '.*': found kind 'coding aded'; expected 'coding added'"):
        read_log(tmp_path / "log.csv")


@pytest.fixture
def people(tmp_path):
    """Three logs: two stores and a CSV file, in which AB and EF define one code."""
    defined = [make_event("code added", "no-time", author=who, value={"definition": who}) for who in ("AB", "EF")]
    append_events(tmp_path / "AB.db", pd.DataFrame([coding("1"), defined[0]]), now=NOW)
    append_events(tmp_path / "CD.db", pd.DataFrame([coding("2", coder="CD")]), now=NOW)
    write_rows("events", log(defined[1]), tmp_path / "EF.csv")
    return [tmp_path / name for name in ("AB.db", "CD.db", "EF.csv")]


@pytest.mark.parametrize("out", ["all.db", "all.csv", ""])
def test_several_logs_become_one_with_the_conflicts_of_all(tmp_path, people, out):
    events, conflicts = merge_files(people, tmp_path / out, now=NOW)
    assert sorted(events["author"]) == ["AB", "AB", "CD", "EF"]
    assert conflicts[["about_id", "first_author", "second_author"]].to_numpy().tolist() == [["no-time", "EF", "AB"]]
    assert_frame_equal(read_log(tmp_path / (out or STORE)), events)


@pytest.mark.parametrize("out", ["all.db", "all.csv"])
def test_what_the_file_holds_already_stays(tmp_path, people, out):
    merge_files(people[:1], tmp_path / out, now=NOW)
    events, _ = merge_files(people[1:2], tmp_path / out, now=NOW)
    assert sorted(events["author"]) == ["AB", "AB", "CD"]
    assert_frame_equal(read_log(tmp_path / out), events)


def test_a_log_may_be_merged_into_one_of_the_two(people):
    merge_files(people[:2], people[0], now=NOW)
    assert sorted(read_events(people[0])["author"]) == ["AB", "AB", "CD"]


def test_logs_that_cannot_be_merged_leave_the_file_as_it_was(tmp_path, people):
    write_rows("events", read_events(people[1]).assign(author="XY"), tmp_path / "changed.csv")
    before = people[0].read_bytes()
    with pytest.raises(TableError, match=r"AB\.db, .*CD\.db and .*changed\.csv, event '.*': found '.* CD .*' and '.* XY "):
        merge_files([people[1], tmp_path / "changed.csv"], people[0], now=NOW)
    assert people[0].read_bytes() == before


def test_a_file_with_another_ending_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(StoreError, match=r"all\.xlsx: found the ending '\.xlsx'; expected \.db or \.csv"):
        merge_files([tmp_path / "nowhere.db"], tmp_path / "all.xlsx", now=NOW)
