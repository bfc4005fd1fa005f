"""Turns, sentences and words in their context."""

import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.errors import EngagementError, TranscriptError
from engagement_lib.layout import Turn, write_turns
from engagement_lib.segments import kwic, split_sentences, split_turns, turns_around
from engagement_lib.tables import ROLES, SCHEMAS, check_table, empty_table

SPOKEN = [
    Turn("Helen", "Who uses it?", "interviewer", 4.0),
    Turn("P01", "Dim syniad. Nobody rings back 🙈.", "participant", 12.0, 30.5),
    Turn("", "[door]", "unknown"),
]


def sources(*rows):
    return check_table("sources", pd.DataFrame(rows))


def one(text, **about):
    return sources({"source_id": "P01", "case_id": "P01", "kind": "interview", "text": text} | about)


def answer(text, reason="", **more):
    about = {"kind": "survey", "case_id": "R1", "question": "barriers", "wave": "2"}
    return {"source_id": "R1/barriers", "text": text, "reason": reason} | about | more


ALPHABET = st.sampled_from("aŵé .?!\n\t\u00a0\u200f🙈م\u0301B")
TURNS = st.builds(
    Turn,
    st.sampled_from(["", "P01", "Zoë", "محمد"]),
    st.text(ALPHABET, min_size=1),
    st.sampled_from(ROLES),
)


def test_an_interview_gives_its_turns_with_place_role_and_time():
    expected = pd.DataFrame(
        {
            "source_id": ["P01"] * 3,
            "start": [28, 80, 124],
            "end": [40, 112, 130],
            "case_id": ["", "P01", ""],
            "kind": ["interview"] * 3,
            "wave": ["1"] * 3,
            "question": [""] * 3,
            "speaker": ["Helen", "P01", ""],
            "role": ["interviewer", "participant", "unknown"],
            "time_start": [4.0, 12.0, float("nan")],
            "time_end": [float("nan"), 30.5, float("nan")],
            "quote": ["Who uses it?", "Dim syniad. Nobody rings back 🙈.", "[door]"],
        }
    ).astype(dict(SCHEMAS["segments"].columns))
    assert_frame_equal(split_turns(one(write_turns(SPOKEN), wave="1")), expected)


def test_in_a_webinar_every_participant_is_a_case_and_the_moderator_none():
    said = [Turn("Tom", "Welcome.", "moderator"), Turn("Bev", "Hello.", "participant"), Turn("Siân", "Helo.", "participant")]
    turns = split_turns(one(write_turns(said), source_id="W1", case_id="", kind="webinar"))
    assert turns["case_id"].tolist() == ["", "W1/Bev", "W1/Siân"]


@pytest.mark.parametrize("kind", ["survey", "comment"])
def test_an_answer_or_a_comment_is_one_segment_by_a_participant(kind):
    segments = split_turns(sources(answer("No time.\n\nNo money: none.") | {"kind": kind}))
    assert segments[["start", "end", "case_id", "role", "speaker", "question", "wave", "quote"]].to_numpy().tolist() == [
        [0, 25, "R1", "participant", "", "barriers", "2", "No time.\n\nNo money: none."]
    ]


def test_an_answer_with_nothing_to_analyse_gives_no_segment():
    answers = [answer("", "blank"), answer("N/A", "not applicable") | {"source_id": "R2/barriers"}]
    assert_frame_equal(split_turns(sources(*answers)), empty_table("segments"))


def test_no_sources_give_an_empty_table_of_segments():
    assert_frame_equal(split_turns(empty_table("sources")), empty_table("segments"))


def test_a_text_out_of_its_layout_is_named_by_its_file():
    with pytest.raises(TranscriptError, match=r"^P01\.docx, line 1"):
        split_turns(one("just words", origin="P01.docx"))


def test_a_text_out_of_its_layout_is_named_by_its_source_where_no_file_is_known():
    with pytest.raises(TranscriptError, match=r"^P01, line 1"):
        split_turns(one("just words"))


@settings(deadline=None)
@given(st.lists(TURNS))
def test_every_turn_stands_where_it_says(turns):
    text = write_turns(turns)
    segments = split_turns(one(text))
    assert [text[row.start : row.end] for row in segments.itertuples()] == segments["quote"].tolist()


@settings(deadline=None)
@given(st.lists(TURNS))
def test_every_sentence_stands_where_it_says(turns):
    text = write_turns(turns)
    sentences = split_sentences(split_turns(one(text)))
    assert [text[row.start : row.end] for row in sentences.itertuples()] == sentences["quote"].tolist()


def test_a_sentence_keeps_all_that_its_turn_said_of_itself():
    sentences = split_sentences(split_turns(one(write_turns(SPOKEN))))
    assert sentences[["start", "case_id", "role", "time_start", "quote"]].fillna(-1).to_numpy().tolist() == [
        [28, "", "interviewer", 4.0, "Who uses it?"],
        [80, "P01", "participant", 12.0, "Dim syniad."],
        [92, "P01", "participant", 12.0, "Nobody rings back 🙈."],
        [124, "", "unknown", -1.0, "[door]"],
    ]


def test_no_segments_give_no_sentences():
    assert_frame_equal(split_sentences(empty_table("segments")), empty_table("segments"))


def test_splitting_changes_neither_sources_nor_segments():
    texts = one(write_turns(SPOKEN))
    before = texts.copy(deep=True)
    turns = split_turns(texts)
    kept = turns.copy(deep=True)
    split_sentences(turns)
    assert_frame_equal(texts, before)
    assert_frame_equal(turns, kept)


def hits(text, word, **options):
    found = kwic(split_turns(sources(answer(text))), word, **options)
    return found[["left", "keyword", "right"]].to_numpy().tolist()


def test_a_word_is_shown_with_its_place_and_context():
    found = kwic(split_turns(one(write_turns(SPOKEN))), "nobody", window=8)
    assert found.to_numpy().tolist() == [["P01", 92, 98, "P01", "P01", "participant", "syniad. ", "Nobody", " rings b"]]


def test_a_word_is_found_whole_and_whatever_its_capitals():
    assert hits("Time is short; timely, TIME.", "time") == [
        ["", "Time", " is short; timely, TIME."],
        ["Time is short; timely, ", "TIME", "."],
    ]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("consult*", ["consult", "consultation", "Consulting"]),
        ("*ation", ["consultation", "station"]),
        ("c*t", ["consult"]),
        ("siân", ["Siân"]),
        ("sia\u0302n", ["Siân"]),
        ("🙈", ["🙈"]),
        ("no time", ["no time", "no\ntime"]),
        ("C++", ["C++"]),
        ("أحد", ["أحد"]),
        ("absent", []),
    ],
)
def test_a_star_stands_for_any_letters_and_a_space_for_any_break(word, found):
    text = "consult consultation Consulting station Siân 🙈 no time, no\ntime, C++ لا أحد يرد"
    assert [keyword for _, keyword, _ in hits(text, word)] == found


@pytest.mark.parametrize("word", ["", " ", "*", "* *"])
def test_nothing_to_look_for_is_refused(word):
    with pytest.raises(EngagementError, match="expected a word or part of one"):
        kwic(empty_table("segments"), word)


def test_a_word_that_is_nowhere_gives_an_empty_table_with_its_types():
    found = kwic(empty_table("segments"), "time")
    assert len(found) == 0
    assert found.dtypes.astype(str).to_dict() == {
        "source_id": "str",
        "start": "int64",
        "end": "int64",
        "case_id": "str",
        "speaker": "str",
        "role": "str",
        "left": "str",
        "keyword": "str",
        "right": "str",
    }


@settings(deadline=None)
@given(st.text(ALPHABET), st.sampled_from(["a*", "é", "B", "*م"]))
def test_every_hit_stands_where_it_says(text, word):
    found = kwic(split_turns(sources(answer(text))), word)
    assert [text[row.start : row.end] for row in found.itertuples()] == found["keyword"].tolist()


LOOKALIKES = "sſSiıİIkKſ stİ"


@settings(deadline=None)
@given(st.text(LOOKALIKES), st.text(LOOKALIKES.strip(), min_size=1).filter(str.strip))
def test_letters_that_a_pattern_takes_for_others_are_found_as_without_the_short_cut(text, word):
    text, word = unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", word)
    letters = r"\s+".join(map(re.escape, word.split()))
    expected = [match.span() for match in re.finditer(rf"(?<!\w){letters}(?!\w)", text, re.IGNORECASE)]
    found = kwic(split_turns(sources(answer(text))), word)
    assert found[["start", "end"]].to_numpy().tolist() == [list(span) for span in expected]


def test_a_hit_is_shown_in_its_turn_among_the_turns_of_its_interview():
    texts = one(write_turns(SPOKEN))
    around = turns_around(texts, kwic(split_turns(texts), "nobody").iloc[0])
    assert list(around.columns) == [*split_turns(texts).columns, "is_hit", "marked"]
    assert around[["speaker", "is_hit", "marked"]].to_numpy().tolist() == [
        ["Helen", False, "Who uses it?"],
        ["P01", True, "Dim syniad. >>Nobody<< rings back 🙈."],
        ["", False, "[door]"],
    ]


def test_only_so_many_turns_around_a_hit_are_shown_as_asked():
    texts = one(write_turns(SPOKEN))
    hit = {"source_id": "P01", "start": 28, "end": 31}
    assert turns_around(texts, hit, turns=0)["marked"].tolist() == [">>Who<< uses it?"]
    assert turns_around(texts, hit, turns=1)["is_hit"].tolist() == [True, False]


def test_a_passage_over_several_turns_is_marked_in_each():
    texts = one(write_turns(SPOKEN))
    around = turns_around(texts, {"source_id": "P01", "start": 32, "end": 83})
    assert around["marked"].tolist() == ["Who >>uses it?<<", ">>Dim<< syniad. Nobody rings back 🙈.", "[door]"]


def test_an_answer_comes_with_the_other_answers_of_its_respondent_in_the_wave():
    answers = [
        answer("No time.", source_id="S1/gaps", case_id="S1", wave="1"),
        answer("More time.", source_id="S1/wish", case_id="S1", wave="1"),
        answer("Time flies.", source_id="S2/gaps", case_id="S2", wave="1"),
        answer("Time again.", source_id="D1/gaps", case_id="S1", wave="2"),
    ]
    around = turns_around(sources(*answers), {"source_id": "S1/gaps", "start": 3, "end": 7})
    assert around[["source_id", "marked"]].to_numpy().tolist() == [["S1/gaps", "No >>time<<."], ["S1/wish", "More time."]]


def test_an_answer_of_nobody_known_comes_alone():
    answers = [answer("No time.", source_id="A", case_id=""), answer("Time.", source_id="B", case_id="")]
    assert turns_around(sources(*answers), {"source_id": "B", "start": 0, "end": 4})["marked"].tolist() == [">>Time<<."]


@pytest.mark.parametrize(
    ("source", "start", "found"), [("P99", 0, "no source 'P99'"), ("P01", 0, "no turn at this place"), ("P01", 999, "no turn")]
)
def test_a_hit_that_lies_nowhere_is_refused(source, start, found):
    with pytest.raises(EngagementError, match=found):
        turns_around(one(write_turns(SPOKEN)), {"source_id": source, "start": start, "end": start + 3})
