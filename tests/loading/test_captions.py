"""Captions to turns."""

from engagement_lib.layout import Turn
from engagement_lib.loading.captions import join_turns


def test_nobodys_captions_end_with_the_sentence_or_where_somebody_else_speaks():
    captions = [Turn("", words) for words in ("Hello", "there.", "Who", "- is it", ">> Me", "and him?”", "Yes")]
    assert [turn.words for turn in join_turns(captions)] == ["Hello there.", "Who", "is it", "Me and him?”", "Yes"]


def test_captions_in_a_row_by_one_speaker_are_one_turn_to_the_end_of_the_last():
    captions = [Turn("Ann", "- One.", time_start=1.0, time_end=2.0), Turn("Ann", "Two.", time_start=2.0, time_end=3.5)]
    assert list(join_turns(captions)) == [Turn("Ann", "- One. Two.", time_start=1.0, time_end=3.5)]


def test_captions_of_two_speakers_stay_apart():
    captions = [Turn("Ann", "Well"), Turn("Bob", "Yes"), Turn("", "[door]"), Turn("Bob", "No")]
    assert list(join_turns(captions)) == captions


def test_no_captions_are_no_turns():
    assert list(join_turns([])) == []
