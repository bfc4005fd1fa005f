"""Lines to turns, in each layout and in none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.layout import Turn
from engagement_lib.loading.account import SPEAKER
from engagement_lib.loading.lines import may_be_a_name, read_lines


def said(text):
    return [(turn.speaker, turn.words) for turn in read_lines(text).turns]


def timed(text):
    return [(turn.time_start, turn.speaker, turn.words) for turn in read_lines(text).turns]


def test_a_text_in_no_layout_is_one_turn_by_nobody():
    assert said("\nThank you for asking.\n\nOne thing: nobody rings back.\n") == [
        ("", "Thank you for asking.\n\nOne thing: nobody rings back.")
    ]


@pytest.mark.parametrize("text", ["", " \n\n\t"])
def test_a_text_without_a_word_has_no_turn(text):
    assert said(text) == []


def test_teams_of_old_puts_times_then_the_name_then_the_words():
    text = "0:0:0.0 --> 0:0:1.510\nSome Body\nOK. Yeah.\n\n0:0:3.270 --> 0:0:4.250\nSiân Ü (she/her)\nUmm.\nWell."
    assert read_lines(text).turns == [
        Turn("Some Body", "OK. Yeah.", time_start=0.0, time_end=1.51),
        Turn("Siân Ü (she/her)", "Umm.\nWell.", time_start=3.27, time_end=4.25),
    ]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("0:00 --> 0:01\nnobody's words here\n\n0:01 --> 0:02\nand more\nof them", ["nobody's words here", "and more\nof them"]),
        ("0:00 --> 0:01\nYes\n0:01 --> 0:02\nNo", ["Yes", "No"]),
        ("0:00 --> 0:01\nWell, yes\nor no\n0:01 --> 0:02\n", ["Well, yes\nor no"]),
    ],
)
def test_words_below_times_without_a_name_are_nobodys(text, turns):
    assert said(text) == [("", words) for words in turns]


@pytest.mark.parametrize("gap", ["  ", "   ", "\t", "\t\t "])
def test_a_name_and_time_on_a_line_of_their_own_begin_a_turn(gap):
    text = f"Helen{gap}0:02\nWho uses it?\n\nSiân Jones (ONS){gap}1:02:05\nDim syniad.\n\nNone: at all."
    assert timed(text) == [(2.0, "Helen", "Who uses it?"), (3725.0, "Siân Jones (ONS)", "Dim syniad.\n\nNone: at all.")]


def test_a_line_that_only_looks_like_a_name_and_time_does_not_outweigh_the_names_throughout():
    text = "Helen: When?\nP01: I wrote it down.\nMeeting  10:30\nHelen: Thanks.\nP01: Bye."
    assert said(text) == [("Helen", "When?"), ("P01", "I wrote it down.\nMeeting  10:30"), ("Helen", "Thanks."), ("P01", "Bye.")]


@pytest.mark.parametrize(
    "line",
    ["[0:02] Helen: Who?", "(00:00:02) Helen: Who?", "Helen [0:02]: Who?", "Helen (0:02) : Who?", "**[0:02] Helen:** Who?"],
)
def test_a_time_in_brackets_beside_the_name_is_the_turns_time(line):
    assert timed(line) == [(2.0, "Helen", "Who?")]


def test_turns_without_a_time_among_those_with_one_are_kept_apart():
    assert timed("[0:02] Helen: Who?\nP01: Me.\n[0:09] Helen: Why?\nP01: No idea.") == [
        (2.0, "Helen", "Who?"),
        (None, "P01", "Me."),
        (9.0, "Helen", "Why?"),
        (None, "P01", "No idea."),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Helen",
        "I",
        "P1",
        "SPEAKER_00",
        "Siân",
        "Élodie",
        "محمد",
        "李",
        "Dr. Smith",
        "J. M. Keynes",
        "Tom (Office for National Statistics, Newport)",
        "Unknown Speaker",
        "3M",
    ],
)
def test_a_name_before_a_colon_that_comes_twice_speaks(name):
    text = f"{name}: Who uses it?\nChair: Quite so.\n\nWell, one thing: it is late.\n{name}: Yes.\nChair: Done."
    assert said(text) == [
        (name, "Who uses it?"),
        ("Chair", "Quite so.\n\nWell, one thing: it is late."),
        (name, "Yes."),
        ("Chair", "Done."),
    ]


@pytest.mark.parametrize("label", ["P1", "R12", "Speaker 2", "SPEAKER_00"])
def test_what_looks_like_a_participants_label_speaks_even_once(label):
    assert said(f"Group 3 met in May.\n{label}: Yes.") == [(label, "Yes.")]


@pytest.mark.parametrize(
    "line", ["One thing: nobody rings back.", "we asked: why?", "I mean, yes: no.", "What a day! So: on.", "At 10:30 we met."]
)
def test_words_before_a_colon_are_not_a_name_when_they_come_once(line):
    text = f"Helen: Who?\nP1: Me.\n{line}\nAnd so on.\nHelen: Why?"
    assert said(text) == [("Helen", "Who?"), ("P1", f"Me.\n{line}\nAnd so on."), ("Helen", "Why?")]


def test_a_speaker_who_speaks_once_is_known_where_nearly_every_paragraph_begins_with_a_name():
    text = "Ann: Yes.\nAnd more.\n\nBev: No.\n\nCarys: Falle."
    assert said(text) == [("Ann", "Yes.\nAnd more."), ("Bev", "No."), ("Carys", "Falle.")]


def test_a_name_alone_on_its_line_speaks_the_lines_below():
    text = "Helen:\nWho?\n\nBev:\nMe.\n\nStill me.\n\nHelen:\nOh.\n\nBev:\nYes."
    assert said(text) == [("Helen", "Who?"), ("Bev", "Me.\n\nStill me."), ("Helen", "Oh."), ("Bev", "Yes.")]


def test_a_name_in_bold_speaks_and_marks_in_the_words_stay():
    text = "**Helen:** Is *this* file_name right?\n\n**P01**: 2 * 3, _yes_ #1 > 2\n\n*Helen:* Oh."
    assert said(text) == [("Helen", "Is *this* file_name right?"), ("P01", "2 * 3, _yes_ #1 > 2"), ("Helen", "Oh.")]


def test_a_turn_with_a_name_and_no_words_is_no_turn():
    assert said("Helen: Who?\nP1:\nHelen: Anyone?") == [("Helen", "Who?"), ("Helen", "Anyone?")]


def test_lines_that_begin_with_a_time_are_captions_joined_into_sentences():
    text = "00:00:00 Hello and welcome\n\n00:00:04 to the show.\n\n00:00:11 And I'm\n\n00:00:12 Brian."
    assert timed(text) == [(0.0, "", "Hello and welcome to the show."), (11.0, "", "And I'm Brian.")]


def test_lines_that_begin_with_a_time_may_name_a_voice():
    text = "0:00 <v Ann Lee>Hello and\n0:04 <v Ann Lee>welcome.\n0:11 <v Bob>Hi.</v>\n0:12 <v.loud Ann Lee>Bye."
    assert timed(text) == [(0.0, "Ann Lee", "Hello and welcome."), (11.0, "Bob", "Hi."), (12.0, "Ann Lee", "Bye.")]


def test_a_voice_may_begin_within_a_line():
    text = "0:00 <v Ann>Hello <v Ann>and\n\n0:04 <v Ann>welcome. <v Bob>Hi <v Ann>Oh\n\n0:09 yes\n\n0:12 Bye."
    assert timed(text) == [(0.0, "Ann", "Hello and welcome."), (None, "Bob", "Hi"), (None, "Ann", "Oh"), (9.0, "", "yes Bye.")]


def test_lines_that_begin_with_a_time_may_name_a_speaker():
    expected = [(0.0, "Ann", "Hello."), (4.0, "Bob", "Hi.\nStill Bob."), (11.0, "Ann", "Bye.")]
    assert timed("0:00 Ann: Hello.\n0:04 Bob: Hi.\nStill Bob.\n0:11 Ann: Bye.") == expected
    assert timed("0:00 Ann: Hello.\n\n0:04 Bob: Hi.\nStill Bob.\n\n0:11 Ann: Bye.") == expected


def test_a_time_at_the_start_of_a_line_here_and_there_is_what_somebody_says():
    text = "It began well.\n10:30 we met.\nThen we left.\n11:30 we were home."
    assert said(text) == [("", text)]


def test_a_voice_mark_speaks_without_a_time():
    assert said("<v Ann>Hello.\n<v Bob>Hi.") == said("<v Ann>Hello. <v Bob>Hi.</v>") == [("Ann", "Hello."), ("Bob", "Hi.")]


def test_a_label_in_brackets_speaks_where_nearly_every_paragraph_begins_with_one():
    assert said("[id1] hello, I like it.\nA lot.\n\n[id2]: Me too.\n\n[id1] Good.") == [
        ("id1", "hello, I like it.\nA lot."),
        ("id2", "Me too."),
        ("id1", "Good."),
    ]


def test_a_remark_in_brackets_is_no_speaker():
    text = "I1: Who?\n[slide3] is up\nP1: Me."
    assert said(text) == [("I1", "Who?\n[slide3] is up"), ("P1", "Me.")]


def test_titles_above_the_first_turn_are_set_aside_with_their_line():
    reading = read_lines("Interview 3\n\n18 June 2020, Newport\nHelen: Who?\nP1: Me.\nHelen: Why?")
    assert reading.set_aside == [
        (1, "Interview 3", "title above the first turn"),
        (3, "18 June 2020, Newport", "title above the first turn"),
    ]
    assert len(reading.turns) == 3


@pytest.mark.parametrize("first", ["Helen  0:01\nWho?", "Thank you for asking."])
def test_the_footer_of_a_transcription_service_is_set_aside_with_its_line(first):
    reading = read_lines(f"{first}\n\nTranscribed by https://otter.ai\n")
    line = first.count("\n") + 3
    assert reading.set_aside == [(line, "Transcribed by https://otter.ai", "footer of the transcription service")]
    assert [turn.words for turn in reading.turns] == [first.split("\n")[-1]]


def test_a_file_with_nothing_but_a_footer_has_no_turn():
    assert said("Transcribed by https://otter.ai") == []


@pytest.mark.parametrize("label", ["and then", "Yes, but", "Why? Because", "It is that nobody ever rings back"])
def test_the_beginning_of_a_sentence_is_no_name(label):
    assert not may_be_a_name(label)


LINES = st.lists(
    st.sampled_from(
        [
            "",
            "Helen: Who?",
            "P1: Me.",
            "Bob  0:01",
            "[0:02] Ann: Hi",
            "0:05 words",
            "[id1] yes",
            "One thing: no",
            "<v Ed>Oy",
            "0:1 --> 0:2",
        ]
    )
)


@given(LINES)
def test_every_word_is_said_or_names_a_speaker_or_is_set_aside(lines):
    reading = read_lines("\n".join(lines))
    account = reading.account
    account.check(reading.turns, origin="a.txt")
    labels = {account.text[piece.start : piece.end].strip() for piece in account.pieces() if piece.became == SPEAKER}
    speakers = {turn.speaker for turn in reading.turns} - {""}
    assert speakers <= labels
    for word in ("Who?", "Me.", "Hi", "words", "yes", "Oy"):
        told = [turn.words for turn in reading.turns] + [text for _, text, _ in reading.set_aside]
        assert " ".join(told).count(word) == account.text.count(word)
