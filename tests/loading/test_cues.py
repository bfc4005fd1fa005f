"""Captions that roll up the screen, each repeating what the one before it ended with."""

from engagement_lib.loading.srt import read_srt
from engagement_lib.loading.vtt import read_vtt

ROLLED = "line that rolled up from the caption before"


def srt(*cues):
    return "\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n" for n, cue in enumerate(cues, 1)).encode()


def vtt(*cues):
    return ("WEBVTT\n\n" + "\n".join(f"00:0{n}.000 --> 00:0{n}.900\n{cue}\n" for n, cue in enumerate(cues, 1))).encode()


def words(reading):
    return " ".join(turn.words for turn in reading.turns)


def test_captions_spelt_out_word_by_word_are_read_once():
    reading = read_vtt(
        vtt("so<00:01.200><c> who</c>", "so who", "so who\nuses<00:03.500><c> it</c>", "uses it\n "), origin="a.vtt"
    )
    assert words(reading) == "so who uses it"
    assert [(line, text) for line, text, rule in reading.set_aside if rule == ROLLED] == [
        (7, "so who"),
        (10, "so who"),
        (14, "uses it"),
    ]


def test_captions_of_two_lines_that_roll_are_read_once():
    reading = read_srt(srt("one", "one\ntwo", "two\nthree", "three\nfour"), origin="a.srt")
    assert words(reading) == "one two three four"
    assert [text for _, text, rule in reading.set_aside if rule == ROLLED] == ["one", "two", "three"]


def test_somebody_may_say_the_same_twice():
    assert words(read_srt(srt("No.", "No.", "Well,\nno.", "No."), origin="a.srt")) == "No. No. Well, no. No."


def test_two_repeats_in_many_captions_are_no_rolling():
    cues = ["Yes", "Yes\nand no", "and no\nand so", "a\nb", "c\nd"]
    assert words(read_vtt(vtt(*cues), origin="a.vtt")) == "Yes Yes and no and no and so a b c d"


def test_a_note_between_captions_that_roll_is_left_as_it_is():
    data = vtt("so<00:01.200><c> who</c>", "so who\nuses it").replace(b"00:02.000", b"NOTE by machine\n\n00:02.000")
    reading = read_vtt(data, origin="a.vtt")
    assert words(reading) == "so who uses it"
    assert [rule for _, _, rule in reading.set_aside] == ["header", "NOTE block", ROLLED]
