"""WebVTT as Teams, Zoom, YouTube and people by hand write it."""

import unicodedata
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.vtt import read_vtt


def read(*cues, head="WEBVTT"):
    return read_vtt("\n\n".join([head, *cues]).encode(), origin="W1.vtt")


def cue(words, start=0, end=None):
    return f"00:00:{start:02}.000 --> 00:00:{(start + 1 if end is None else end):02}.000\n{words}"


def said(*cues, **options):
    return [(turn.speaker, turn.words) for turn in read(*cues, **options).turns]


def problem(*cues, **options):
    with pytest.raises(TranscriptError) as caught:
        read(*cues, **options)
    return str(caught.value)


def test_a_cue_gives_its_voice_words_and_times():
    assert read(cue("<v Ann>Hello</v>", 1, 3)).turns == [Turn("Ann", "Hello", time_start=1.0, time_end=3.0)]


@pytest.mark.parametrize(
    ("clock", "seconds"), [("0:00:04.000", 4.0), ("00:04.500", 4.5), ("100:00:00.000", 360000.0), ("00:00:04,250", 4.25)]
)
def test_times_come_with_and_without_hours(clock, seconds):
    assert read(f"{clock} --> 101:00:00.000 align:start position:0%\nHi").turns[0].time_start == seconds


@pytest.mark.parametrize(
    "payload",
    [
        "<v Ann Lee>Hi",
        "<v Ann Lee>Hi</v>",
        "<v.loud.first Ann Lee>Hi</v>",
        "<v Ann\nLee>Hi",
        "<v Ann&nbsp;Lee><i>Hi</i>",
        "<v Ann Lee><c.yellow><00:00:00.500>Hi</c></v>",
    ],
)
def test_a_voice_is_read_however_it_is_marked(payload):
    assert said(cue(payload)) == [("Ann Lee", "Hi")]


def test_two_voices_in_one_cue_are_two_turns_and_what_stands_before_is_nobodys():
    assert said(cue("Well <v Ann>Yes.\n<v Bob>No.")) == [("", "Well"), ("Ann", "Yes."), ("Bob", "No.")]


def test_cues_in_a_row_by_one_speaker_are_one_turn():
    turns = read(cue("<v Ann>One", 0), cue("<v Ann>two.", 1), cue("<v Bob>Three.", 2), cue("<v Ann>Four.", 3)).turns
    assert turns == [
        Turn("Ann", "One two.", time_start=0.0, time_end=2.0),
        Turn("Bob", "Three.", time_start=2.0, time_end=3.0),
        Turn("Ann", "Four.", time_start=3.0, time_end=4.0),
    ]


@pytest.mark.parametrize("name", ["Ann", "Siân (Llywodraeth Cymru)", "عمر", "P01", "Dr. O'Neil"])
def test_a_name_before_a_colon_that_comes_twice_speaks(name):
    assert said(cue(f"{name}: Yes."), cue("Well: no."), cue(f"{name}: So."), cue("on")) == [
        (name, "Yes."),
        ("", "Well: no."),
        (name, "So."),
        ("", "on"),
    ]


def test_a_name_is_the_same_in_capitals():
    assert said(cue("Ann: Yes."), cue("so"), cue("ANN: Oh.")) == [("Ann", "Yes."), ("", "so"), ("ANN", "Oh.")]


def test_a_name_before_a_colon_speaks_once_where_nearly_every_cue_begins_so():
    assert said(cue("Ann: Yes."), cue("Bob: No."), cue("Carys: Falle.")) == [("Ann", "Yes."), ("Bob", "No."), ("Carys", "Falle.")]


def test_words_before_a_colon_that_come_once_are_said():
    assert said(cue("One thing: nobody rings back.")) == [("", "One thing: nobody rings back.")]


@pytest.mark.parametrize("mark", ["- ", ">> ", "&gt;&gt; "])
def test_a_dash_or_arrows_begin_the_turn_of_somebody_whose_name_is_not_known(mark):
    assert said(cue(f"{mark}Why is it\n{mark}Because"), cue("it is - so."), cue("And on")) == [
        ("", "Why is it"),
        ("", "Because it is - so."),
        ("", "And on"),
    ]


def test_a_dash_may_stand_before_a_name():
    assert said(cue("- Ann: Why\n- Bob: Because"), cue("- Ann: Oh\n- Bob: Yes")) == [
        ("Ann", "Why"),
        ("Bob", "Because"),
        ("Ann", "Oh"),
        ("Bob", "Yes"),
    ]


def test_words_by_nobody_are_joined_to_the_end_of_the_sentence():
    assert said(cue("Hello"), cue("and welcome."), cue("[MUSIC]")) == [("", "Hello and welcome."), ("", "[MUSIC]")]


def test_marks_of_looks_and_time_are_not_words_and_escaped_signs_are():
    assert said(cue("<c.red>a &lt;b&gt; <00:00:00.500>&amp; <i>c</i></c> <laughs> <3 &#101;&#769;")) == [
        ("", "a <b> & c <laughs> <3 é")
    ]


def test_notes_styles_regions_identifiers_and_the_header_are_set_aside_with_their_line():
    reading = read("NOTE\nby Kyle", "STYLE\n::cue {}", "REGION\nid:a", "intro\n" + cue("Hi"), head="WEBVTT - W1\nKind: captions")
    assert reading.set_aside == [
        (1, "WEBVTT - W1\nKind: captions", "header"),
        (4, "NOTE\nby Kyle", "NOTE block"),
        (7, "STYLE\n::cue {}", "STYLE block"),
        (10, "REGION\nid:a", "REGION block"),
        (13, "intro", "caption identifier"),
    ]
    assert [turn.words for turn in reading.turns] == ["Hi"]


@pytest.mark.parametrize("between", ["\n\n", "\n\n\n\n", "\r\n\r\n", "\r\r", "\n \t\n"])
def test_cues_may_be_parted_by_any_blank_lines(between):
    text = between.join(["WEBVTT", "00:01.000 --> 00:02.000", "00:02.000 --> 00:03.000"])
    data = text.replace("00:02.000" + between, "00:02.000\n<v Ann>One" + between) + "\n<v Bob>Two"
    assert [turn.words for turn in read_vtt(data.encode(), origin="W1.vtt").turns] == ["One", "Two"]


def test_a_cue_that_follows_without_a_blank_line_is_a_cue():
    assert said(cue("One.") + "\n" + cue("Two."), head="WEBVTT\n" + cue("Zero.")) == [("", "Zero."), ("", "One."), ("", "Two.")]


def test_a_cue_without_words_gives_no_turn():
    assert said(cue("<v Ann>"), cue("Hi")) == [("", "Hi")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_captions_are_read_whatever_saved_them(encoding):
    data = ("WEBVTT\r\n\r\n" + cue("<v عمر>لا 🙈")).encode(encoding)
    assert [(turn.speaker, turn.words) for turn in read_vtt(data, origin="W1.vtt").turns] == [("عمر", "لا 🙈")]


def test_captions_that_do_not_say_so_are_named():
    assert problem(cue("Hi"), head="1") == "W1.vtt, line 1: found '1'; expected WEBVTT. Export the captions again as WebVTT."


@pytest.mark.parametrize(
    ("cues", "found"),
    [
        ([cue("Hi"), "00:00:07.000 --> 00:00:1d.890\nTwo"], "line 6: found '00:00:07.000 --> 00:00:1d.890'"),
        ([cue("Hi"), "two\n00:00:07 -> 00:00:08\nTwo"], "line 7: found '00:00:07 -> 00:00:08'"),
        ([cue("Hi"), "00:00:07 -> 00:00:08\nTwo"], "line 6: found '00:00:07 -> 00:00:08'"),
        ([cue("Hi"), "one\ntwo\n" + cue("Hi", 2)], "line 6: found 'one'"),
        ([cue("Hi"), "words without times"], "line 6: found 'words without times'"),
        (["00:00:07 --> 00:00:08\nHi"], "line 3: found '00:00:07 --> 00:00:08'"),
        ([cue("Hi", 5, 4)], r"line 3: found a cue that ends (00:00:04.000) before it starts (00:00:05.000)"),
    ],
)
def test_a_malformed_cue_is_named_with_its_line(cues, found):
    assert problem(*cues).startswith(f"W1.vtt, {found}; expected times ")


SPOKEN = st.text(st.characters(categories=["L", "N", "P", "S", "M", "Zs"]), min_size=1).map(
    lambda words: unicodedata.normalize("NFC", " ".join(words.split()))
)


@given(st.lists(SPOKEN.filter(bool), max_size=5))
def test_every_character_of_a_voice_is_read(words):
    assert said(*(cue(f"<v P{n}>{escape(line)}") for n, line in enumerate(words))) == [
        (f"P{n}", line) for n, line in enumerate(words)
    ]
