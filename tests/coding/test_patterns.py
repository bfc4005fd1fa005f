import pandas as pd
import pytest
import spacy

from engagement_lib.coding import patterns as module
from engagement_lib.coding.patterns import code_by_pattern
from engagement_lib.errors import TableError
from engagement_lib.tables import check_table, empty_table


def turn(quote, **rest):
    return {"source_id": "P1", "start": 0, "end": len(quote), "role": "participant", "quote": quote} | rest


def found(patterns, *turns, **options):
    return code_by_pattern(pd.DataFrame(list(turns)), patterns, **options)


def quotes(patterns, *turns, **options):
    return found(patterns, *turns, **options)[["code", "quote"]].to_numpy().tolist()


def test_a_pattern_gives_codings_of_the_layer_rule_at_places_in_the_source():
    table = found({"no-time": r"no\s+time"}, turn("Honestly, No time.", start=100, end=118))
    expected = check_table(
        "codings",
        pd.DataFrame(
            {"coding_id": ["pattern:no-time:P1:110-117"], "source_id": ["P1"], "start": [110], "end": [117], "code": ["no-time"],
             "coder": ["pattern"], "layer": ["rule"], "quote": ["No time"]}
        ),
    )  # fmt: skip
    pd.testing.assert_frame_equal(table, expected)


def test_words_are_matched_by_lemma_whatever_their_capitals():
    words = {"asks": ["survey", "User Groups"]}
    assert quotes(words, turn("SURVEYS and a survey. The users group met; user groups, too.")) == [
        ["asks", "SURVEYS"], ["asks", "survey"], ["asks", "users group"], ["asks", "user groups"]
    ]  # fmt: skip


def test_of_two_phrases_of_a_code_that_overlap_the_longer_is_taken():
    assert quotes({"users": ["user", "user group"]}, turn("Our user group.")) == [["users", "user group"]]


def test_two_codes_may_fall_on_the_same_words():
    assert quotes({"b": ["survey"], "a": "surveys"}, turn("Surveys!")) == [["a", "Surveys"], ["b", "Surveys"]]


def test_letters_whose_small_form_is_longer_do_not_move_the_places():
    assert quotes({"asks": ["survey"]}, turn("İİİ 🕰️ Surveys")) == [["asks", "Surveys"]]


def test_only_participants_are_coded():
    assert quotes({"t": "time"}, turn("time", role="interviewer"), turn("time", start=9, end=13, role="moderator")) == []


def test_a_sentence_and_the_turn_around_it_give_one_coding():
    table = found({"t": "time"}, turn("No. No time."), turn("No time.", start=4, end=12))
    assert table["coding_id"].tolist() == ["pattern:t:P1:7-11"]


def test_a_pattern_that_matches_nothing_or_no_letter_gives_no_coding():
    pd.testing.assert_frame_equal(found({"t": "money", "none": "x*"}, turn("time")), empty_table("codings"))


def test_no_segments_and_no_patterns_give_no_codings():
    pd.testing.assert_frame_equal(code_by_pattern(empty_table("segments"), {"t": "time", "u": ["user"]}), empty_table("codings"))
    assert quotes({}, turn("time")) == []


def test_codings_come_in_the_same_order_whatever_that_of_the_segments():
    turns = [turn("time after time"), turn("time", source_id="P0"), turn("a time", source_id="P2")]
    patterns = {"t": "time", "lemma": ["time"]}
    pd.testing.assert_frame_equal(found(patterns, *turns), found(dict(reversed(patterns.items())), *reversed(turns)))


def test_the_ids_begin_with_the_coder():
    assert found({"t": "time"}, turn("time"), coder="rules-2")["coding_id"].tolist() == ["rules-2:t:P1:0-4"]


def test_every_pattern_that_cannot_be_used_is_named_with_its_code():
    with pytest.raises(TableError) as error:
        found({"bad": "(", "empty": "", "none": [], "blank": ["time", " "], "good": "t"}, turn("time"))
    assert [(problem.place, problem.found) for problem in error.value.problems] == [
        ("code 'bad'", "'(' (missing ), unterminated subpattern at position 0)"),
        ("code 'empty'", "''"),
        ("code 'none'", "[]"),
        ("code 'blank'", "['time', ' ']"),
    ]


HAVE_NO_TIME = [{"LEMMA": "have"}, {"LOWER": "no"}, {"OP": "?"}, {"LEMMA": "time"}]


def test_patterns_of_tokens_are_matched_on_lemmas_and_may_stand_among_words():
    said = turn("She had NO spare time; we have no time, and no hours.")
    assert quotes({"no-time": [HAVE_NO_TIME, "no hour"]}, said) == [
        ["no-time", "had NO spare time"],
        ["no-time", "have no time"],
        ["no-time", "no hours"],
    ]


def test_of_a_word_and_a_pattern_of_tokens_that_overlap_the_longer_is_taken():
    assert quotes({"t": ["time", HAVE_NO_TIME]}, turn("We have no time.")) == [["t", "have no time"]]


def test_every_pattern_of_tokens_that_the_pipeline_cannot_follow_is_named():
    with pytest.raises(TableError) as error:
        found({"a": [[{"LEMA": "time"}]], "b": [[{"POS": "NOUN"}]], "c": [HAVE_NO_TIME]}, turn("time"))
    assert [problem.place for problem in error.value.problems] == ["code 'a'", "code 'b'"]
    assert "LEMA" in error.value.problems[0].found
    assert "POS" in error.value.problems[1].found


def test_an_empty_pattern_of_tokens_is_refused():
    with pytest.raises(TableError, match="expected words to look for"):
        found({"a": [[]]}, turn("time"))


@pytest.fixture
def no_lemmas(monkeypatch):
    monkeypatch.setattr(module, "load_pipeline", lambda _: spacy.blank("en"))


@pytest.mark.usefixtures("no_lemmas")
def test_without_lemmas_words_are_looked_for_as_written_with_a_warning():
    with pytest.warns(UserWarning, match="gives no lemmas"):
        assert quotes({"asks": ["survey"]}, turn("Surveys and a Survey.")) == [["asks", "Survey"]]


@pytest.mark.usefixtures("no_lemmas")
def test_without_lemmas_other_patterns_need_no_warning():
    assert quotes({"t": "time", "n": [[{"LOWER": "no"}]]}, turn("No time.")) == [["n", "No"], ["t", "time"]]
    with pytest.raises(TableError, match="lemmatizer"):
        found({"t": [HAVE_NO_TIME]}, turn("time"))
