import pandas as pd
import pytest
from sharing_demo import ANSWER, make_study

from engagement_lib.sharing.clearance import cleared_passages, participants_words, shows_everything, split_words
from engagement_lib.tables import check_table


def with_events(study, *rows):
    columns = ["event_id", "at", "author", "kind", "about_type", "about_id", "value"]
    object.__setattr__(study, "events", check_table("events", pd.DataFrame(rows, columns=columns)))
    return study


@pytest.mark.parametrize(
    ("audience", "quotes", "everything"),
    [
        ("team", "none", True),
        ("team", "cleared", True),
        ("public", "all", True),
        ("public", "cleared", False),
        ("public", "none", False),
    ],
)
def test_the_team_and_those_for_whom_all_is_cleared_see_everything(tmp_path, audience, quotes, everything):
    assert shows_everything(make_study(tmp_path, audience=audience, quotes=quotes)) is everything


def test_cleared_passages_are_places(tmp_path):
    assert cleared_passages(make_study(tmp_path, cleared=["P01:3-9", "S1/gaps:0-4"])) == {("P01", 3, 9), ("S1/gaps", 0, 4)}


def test_nothing_is_cleared_where_the_study_says_none(tmp_path):
    assert cleared_passages(make_study(tmp_path, quotes="none", cleared=["P01:3-9"])) == set()


def test_what_was_cleared_can_be_taken_back_and_cleared_again(tmp_path):
    study = with_events(
        make_study(tmp_path),
        ("5", "2020-10-03", "AB", "quote cleared", "passage", "P01:0-2", ""),
        ("4", "2020-10-02", "AB", "quote withdrawn", "passage", "P01:0-2", ""),
        ("3", "2020-10-01", "AB", "quote cleared", "passage", "P01:3-9", ""),
        ("2", "2020-10-02", "AB", "quote withdrawn", "passage", "P01:3-9", ""),
        ("1", "2020-10-01", "AB", "quote cleared", "passage", "W1:0-5", "No"),
        ("0", "2020-10-01", "AB", "quote cleared", "claim", "C1:0-5", ""),
        ("6", "2020-10-01", "AB", "quote cleared", "passage", "all of P01", ""),
    )
    assert cleared_passages(study) == {("P01", 0, 2)}


def test_only_participants_words_are_given(tmp_path):
    said = [(source_id, " ".join(word for word, _, _ in words)) for source_id, words in participants_words(make_study(tmp_path))]
    assert [(source_id, text[:12]) for source_id, text in said] == [
        ("P01", "honestly rel"),
        ("W1", "nobody ever "),
        ("S1/gaps", "three spread"),
        ("S2/gaps", ""),
    ]


def test_words_know_their_place_in_the_source(tmp_path):
    study = make_study(tmp_path)
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))
    for source_id, words in participants_words(study):
        assert all(texts[source_id][start:end].lower() == word for word, start, end in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We’d  ASK", ["we", "d", "ask"]),
        ("cafe\u0301 caf\u00e9", ["cafe", "cafe"]),
        ("en\u00adgage\u200bment", ["engagement"]),
        ("\u200b", []),
        ("Stra\u00dfe", ["strasse"]),
        ("שלום 42", ["שלום", "42"]),
    ],
)
def test_words_are_compared_without_capitals_accents_or_hidden_signs(text, words):
    assert [word for word, _, _ in split_words(text)] == words


def test_a_word_that_changes_its_length_keeps_its_place():
    assert split_words(ANSWER[-2:] + "Straße") == [("strasse", 2, 8)]
