import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table
from engagement_lib.themes.answers import choose_quotes, different_texts, number_themes, usable_segments


def test_only_participants_words_are_used_and_the_rest_is_accounted_for(segments_of):
    table = segments_of(["More time", "And why?", " \n", "Welcome", "Mmm"])
    table["role"] = ["participant", "interviewer", "participant", "moderator", "unknown"]
    used, unused = usable_segments(table)
    assert used["quote"].tolist() == ["More time"]
    assert unused.to_numpy().tolist() == [
        ["S001", 0, 8, "said by role interviewer"],
        ["S002", 0, 2, "blank"],
        ["S003", 0, 7, "said by role moderator"],
        ["S004", 0, 3, "said by role unknown"],
    ]


def test_texts_that_differ_in_capitals_and_white_space_have_one_key(segments_of):
    used, _ = usable_segments(segments_of(["More  time", "more\ntime ", "MORE TIME", "Cafe\u0301", "🙂"]))
    assert used["key"].tolist() == ["more time", "more time", "more time", "cafe\u0301", "🙂"]


def test_small_letters_stand_for_a_text_written_in_several_ways(segments_of):
    used, _ = usable_segments(segments_of(["NO TIME", "no time", "No time", "Coaching"]))
    assert different_texts(used).to_dict() == {"coaching": "Coaching", "no time": "no time"}


def test_a_webinar_is_one_respondent(segments_of):
    used, _ = usable_segments(
        segments_of(["One", "Two"], cases=["W1/Ann", "W1/Bob"], kind="webinar").assign(source_id="W1", start=[0, 9])
    )
    assert used["respondent"].tolist() == ["W1", "W1"]


def test_further_columns_do_no_harm_and_the_table_stays_as_it_was(segments_of):
    table = segments_of(["Two", "One"]).assign(group="user")
    before = table.copy()
    used, _ = usable_segments(table.iloc[::-1])
    assert used["source_id"].tolist() == ["S000", "S001"]
    pd.testing.assert_frame_equal(table, before)


def test_segments_without_a_quote_column_are_refused():
    with pytest.raises(TableError, match="expected a column 'quote'"):
        usable_segments(empty_table("segments").drop(columns="quote"))


def test_no_segments_are_no_rows_of_the_same_types(segments_of):
    used, unused = usable_segments(empty_table("segments"))
    filled, left_out = usable_segments(segments_of(["One", ""]))
    pd.testing.assert_frame_equal(used, filled.iloc[:0])
    pd.testing.assert_frame_equal(unused, left_out.iloc[:0])


def test_themes_are_numbered_by_respondents_and_then_by_their_first_text():
    used = pd.DataFrame({"text": [0, 1, 2, 3, 3, 4], "respondent": ["A", "A", "B", "C", "D", "E"]})
    # Texts 0, 1: one respondent; 2: one; 3, 4: three.
    assert number_themes(np.array([2, 2, 0, 1, 1]), used).tolist() == [1, 1, 2, 0, 0]


def test_quotes_are_the_nearest_of_different_respondents_and_texts():
    said = pd.DataFrame(
        {
            "theme_id": "T01",
            "near": [0.9, 0.8, 0.7, 0.6, 0.5],
            "key": ["a", "b", "a", "d", "e"],
            "respondent": ["P1", "P1", "P2", "P3", "P4"],
            "source_id": ["S1", "S1", "S2", "S3", "S4"],
            "start": [0, 9, 0, 0, 0],
            "end": [5, 12, 5, 5, 5],
            "case_id": ["P1", "P1", "P2", "P3", "P4"],
            "quote": ["A", "B", "a", "D", "E"],
        }
    )
    found = choose_quotes(said, most=2)
    assert found[["theme_id", "rank", "quote", "case_id"]].to_numpy().tolist() == [["T01", 1, "A", "P1"], ["T01", 2, "D", "P3"]]
    pd.testing.assert_frame_equal(choose_quotes(said.sample(frac=1, random_state=2), most=2), found)
