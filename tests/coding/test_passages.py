import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.coding.passages import in_shape, most_shared, overlapping, respondents
from engagement_lib.errors import TableError

spans = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 15), st.integers(0, 8)), max_size=10)


def table(rows):
    return pd.DataFrame(
        {
            "source_id": pd.Series([source for source, _, _ in rows], dtype="str"),
            "start": np.array([start for _, start, _ in rows], dtype="int64"),
            "end": np.array([start + length for _, start, length in rows], dtype="int64"),
        }
    )


def pairs(passages, segments):
    return list(zip(*(positions.tolist() for positions in overlapping(table(passages), table(segments))), strict=True))


@given(spans, spans)
@settings(deadline=None)
def test_two_stretches_overlap_where_they_share_a_character_of_one_source(passages, segments):
    expected = [
        (i, j)
        for i, (source, start, length) in enumerate(passages)
        for j, (other, begin, size) in enumerate(segments)
        if source == other and set(range(start, start + length)) & set(range(begin, begin + size))
    ]
    assert pairs(passages, segments) == expected


@given(spans, spans)
@settings(deadline=None)
def test_a_passage_belongs_to_the_segment_with_which_it_shares_most(passages, segments):
    expected = []
    for source, start, length in passages:
        shared = [
            len(set(range(start, start + length)) & set(range(begin, begin + size))) * (source == other)
            for other, begin, size in segments
        ]
        expected.append(shared.index(max(shared)) if any(shared) else -1)
    assert most_shared(table(passages), table(segments)).tolist() == expected


def test_stretches_that_only_meet_do_not_overlap():
    assert pairs([("A", 0, 5)], [("A", 5, 5)]) == []


def test_a_sentence_within_a_turn_does_not_hide_the_turn():
    turn, first, last = ("A", 0, 100), ("A", 0, 10), ("A", 90, 10)
    assert pairs([("A", 95, 2)], [turn, first, last]) == [(0, 0), (0, 2)]


def test_a_webinar_is_one_respondent_and_a_source_without_a_case_its_own():
    rows = pd.DataFrame(
        [("I1", "P1", "interview"), ("W1", "W1/Ann", "webinar"), ("W1", "W1/Bob", "webinar"), ("K1", "", "comment")],
        columns=["source_id", "case_id", "kind"],
    )
    assert respondents(rows).tolist() == ["P1", "W1", "W1", "K1"]


def test_columns_that_somebody_added_are_left_out_but_a_cases_variables_stay():
    codes = in_shape("codebook", pd.DataFrame({"code": ["a"], "mine": ["x"]}))
    cases = in_shape("cases", pd.DataFrame({"case_id": ["P1"], "nation": ["Wales"]}))
    assert "mine" not in codes.columns
    assert list(cases.columns) == ["case_id", "group", "nation"]


def test_a_missing_column_is_named():
    with pytest.raises(TableError, match="expected a column 'code'"):
        in_shape("codebook", pd.DataFrame({"name": ["a"]}))
