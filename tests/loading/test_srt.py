"""SubRip captions."""

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.srt import read_srt

CUES = (
    "1\n00:00:01,000 --> 00:00:02,500\nHelen: Who uses it?\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\nU01: I do,\n\n"
    "3\n00:00:04,000 --> 00:00:06,000\nU01: <i>daily</i>.\n"
)


def problem(text):
    with pytest.raises(TranscriptError) as caught:
        read_srt(text.encode(), origin="U01.srt")
    return str(caught.value)


def test_cues_in_a_row_by_one_speaker_are_one_turn_with_its_times():
    cues = CUES + "\n4\n00:00:07,000 --> 00:00:08,000\nHelen: Oh.\n"
    assert read_srt(cues.encode(), origin="U01.srt").turns == [
        Turn("Helen", "Who uses it?", time_start=1.0, time_end=2.5),
        Turn("U01", "I do, daily.", time_start=3.0, time_end=6.0),
        Turn("Helen", "Oh.", time_start=7.0, time_end=8.0),
    ]


def test_a_speaker_is_never_invented():
    assert [turn.speaker for turn in read_srt(b"1\n00:00:01,000 --> 00:00:02,500\nHello.\n", origin="a.srt").turns] == [""]


def test_the_numbers_are_set_aside_and_said_so():
    reading = read_srt(CUES.encode("utf-8-sig").replace(b"\n", b"\r\n"), origin="U01.srt")
    assert reading.set_aside == [(1, "1", "caption number"), (5, "2", "caption number"), (9, "3", "caption number")]


def test_a_cue_without_words_gives_no_turn():
    assert read_srt(b"1\n00:00:01,000 --> 00:00:02,500\n\n2\n00:00:03,000 --> 00:00:04,000\nYes.\n", origin="a.srt").turns == [
        Turn("", "Yes.", time_start=3.0, time_end=4.0)
    ]


@pytest.mark.parametrize(
    ("cues", "place"),
    [
        ("00:00:01,000 --> 00:00:02,500\nHello\n", "line 1"),
        ("1\n00:00:01,000 --> 00:00:02,500\nHello\n\nand more\n", "line 5"),
        ("1\nHello\n", "line 2"),
        ("1\n", "line 2"),
        ("1\n00:00:05,000 --> 00:00:02,500\nHello\n", "line 2"),
    ],
)
def test_a_broken_cue_is_named_by_its_line(cues, place):
    assert problem(cues).startswith(f"U01.srt, {place}: ")
