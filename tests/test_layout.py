"""Turns to text and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn, format_time, parse_time, parse_turns, write_turns
from engagement_lib.tables import ROLES

INTERVIEW = [
    Turn("Helen", "Pwy sy'n defnyddio'ch ystadegau?", "interviewer", 4.0),
    Turn("P01 (Llywodraeth Cymru)", "Dim syniad.\nOnest 🙈", "participant", 12.0, 30.25),
    Turn("", "[crosstalk]", "unknown"),
    Turn("عمر", "لا أحد يرد", "participant", 3725.0),
]
TEXT = """Helen [interviewer] 0:00:04
Pwy sy'n defnyddio'ch ystadegau?

P01 (Llywodraeth Cymru) [participant] 0:00:12–0:00:30.250
Dim syniad.
Onest 🙈

[unknown]
[crosstalk]

عمر [participant] 1:02:05
لا أحد يرد"""


def without_place(turn):
    return (turn.speaker, turn.words, turn.role, turn.time_start, turn.time_end)


def is_one_block(words):
    return bool(words) and words == words.strip() and not re.search(r"\n\s*\n", words)


MILLISECONDS = st.integers(0, 100_000_000).map(lambda n: n / 1000)
TIMES = st.one_of(st.tuples(st.none(), st.none()), st.tuples(MILLISECONDS, st.none()), st.tuples(MILLISECONDS, MILLISECONDS))
ROLE_MARK = re.compile(rf"\[(?:{'|'.join(ROLES)})\]")
SPEAKERS = st.text().filter(lambda name: "\n" not in name and not ROLE_MARK.search(name))
TURNS = st.builds(
    lambda speaker, words, role, times: Turn(speaker, words, role, *times),
    SPEAKERS,
    st.text(min_size=1).filter(is_one_block),
    st.sampled_from(ROLES),
    TIMES,
)


def test_turns_are_written_as_blocks_with_a_header():
    assert write_turns(INTERVIEW) == TEXT


def test_a_turn_read_back_knows_where_its_words_stand():
    turns = list(parse_turns(TEXT))
    assert [TEXT[turn.start : turn.end] for turn in turns] == [turn.words for turn in INTERVIEW]


@given(st.lists(TURNS))
def test_what_is_written_is_read_back(turns):
    assert [without_place(turn) for turn in parse_turns(write_turns(turns))] == [without_place(turn) for turn in turns]


@given(st.lists(TURNS))
def test_every_turns_words_stand_at_its_place(turns):
    text = write_turns(turns)
    assert all(text[turn.start : turn.end] == turn.words for turn in parse_turns(text))


def test_blank_lines_within_a_turn_are_closed_up():
    assert write_turns([Turn("P01", "One.\n\n \t\nTwo.\n")]) == "P01 [unknown]\nOne.\nTwo."


def test_a_turn_without_a_word_is_left_out():
    assert write_turns([Turn("P01", " \n "), Turn("P02", "Yes.")]) == "P02 [unknown]\nYes."


def test_no_turns_are_no_text():
    assert write_turns([]) == ""
    assert list(parse_turns("")) == []


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("P01 [participant]\nYes.\n\nno header here\nNo.", "line 4", "'no header here'"),
        ("P01 [participant]", "line 1", "'P01 \\[participant\\]'"),
        ("P01 [expert]\nYes.", "line 1", "'P01 \\[expert\\]'"),
    ],
)
def test_a_block_without_a_header_or_words_is_named_with_its_line(text, line, found):
    with pytest.raises(TranscriptError, match=rf"^P01\.txt, {line}: found {found}"):
        list(parse_turns(text, origin="P01.txt"))


@given(MILLISECONDS)
def test_a_time_is_read_as_it_was_written(seconds):
    assert parse_time(format_time(seconds)) == seconds


@pytest.mark.parametrize(
    ("clock", "seconds"), [("0:01", 1.0), ("02:05", 125.0), ("0:0:1.510", 1.51), ("00:00:27,000", 27.0), ("1:02:05", 3725.0)]
)
def test_a_time_may_be_written_in_several_ways(clock, seconds):
    assert parse_time(clock) == seconds
