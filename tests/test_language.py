"""The blank pipeline, and one that is not installed."""

import itertools
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.errors import StudyError
from engagement_lib.language import (
    content_phrases,
    describe_pipeline,
    lemmas,
    load_pipeline,
    sentence_spans,
    welsh_spans,
)


def sentences(text, **options):
    return [text[start:end] for start, end in sentence_spans(text, **options)]


@pytest.fixture
def installed_model(tmp_path, monkeypatch):
    """The name of a small model that is installed as spaCy's own are."""
    package = tmp_path / "tiny_model"
    package.mkdir()
    pipeline = spacy.blank("en", meta={"name": "tiny", "version": "1.2.3"})
    pipeline.add_pipe("sentencizer")
    pipeline.to_disk(package / "data")
    (package / "__init__.py").write_text(
        "from pathlib import Path\nfrom spacy.util import load_model_from_path\n\n\n"
        "def load(**options):\n    return load_model_from_path(Path(__file__).parent / 'data', **options)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("spacy.util.is_package", lambda name: name == "tiny_model")
    yield "tiny_model"
    sys.modules.pop("tiny_model", None)


def test_sentences_end_at_stops_questions_and_exclamations():
    assert sentences("Nobody rings back. Why? No idea!") == ["Nobody rings back.", "Why?", "No idea!"]


def test_a_line_break_ends_a_sentence():
    assert sentences("no time\n  no money \n\nno people") == ["no time", "no money", "no people"]


def test_an_empty_text_has_no_sentences():
    assert sentences("") == []
    assert sentences(" \n\t ") == []


def test_emoji_accents_and_right_to_left_stay_whole():
    text = "Da iawn 👍🏽! Sgwrs gyda Siân. لا أحد يرد. نعم"
    assert sentences(text) == ["Da iawn 👍🏽!", "Sgwrs gyda Siân.", "لا أحد يرد.", "نعم"]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aŵé .?!\n\t\u00a0\u2028🙈م\u0301")))
def test_the_sentences_hold_every_character_that_is_not_white_space(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_lemmas_are_content_words_in_lower_case():
    texts = ["The Spreadsheets were three totals, 42 of them", "", "Users' questions answered by A team"]
    assert lemmas(texts) == [["spreadsheet", "total"], [], ["user", "question", "answer", "team"]]


def test_a_pipeline_is_loaded_once():
    assert load_pipeline() is load_pipeline("blank")


def test_a_model_that_is_not_installed_is_named_with_what_to_do():
    with pytest.raises(StudyError) as caught:
        load_pipeline("cy_core_news_sm")
    assert str(caught.value) == (
        "study.toml, language.pipeline: found 'cy_core_news_sm'; expected an installed spaCy model. "
        'Install the model, or write pipeline = "blank".'
    )


def test_an_installed_model_is_used_and_described(installed_model):
    assert sentences("One. Two.", pipeline=installed_model) == ["One.", "Two."]
    assert describe_pipeline(installed_model) == f"en_tiny 1.2.3 (spaCy {spacy.__version__})"


def test_the_blank_pipeline_is_described_with_its_versions():
    assert describe_pipeline().startswith("blank English, sentences by punctuation, lemmas by lookup (spaCy ")


def welsh(text):
    return [text[start:end] for start, end in welsh_spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Nobody rings back. Why?", []),
        ("Cyhoeddwch y prif ffigurau yn Gymraeg yr un diwrnod â'r Saesneg, os gwelwch yn dda.", [slice(0, -1)]),
        ("Too late. Mae’r fersiwn Gymraeg yn hwyr.\nDiolch yn fawr", [slice(10, None)]),
        ("which is the official figure, diolch yn fawr 🙂", [slice(30, None)]),
        ("Hoffwn gael crynodeb yn Gymraeg, ac Abertawe, not London", [slice(0, 44)]),
    ],
)
def test_stretches_of_welsh_are_found_and_joined(text, found):
    assert welsh(text) == [text[place] for place in found]


@pytest.mark.parametrize(
    "text",
    [
        "I asked Data Cymru and the Llywodraeth team.",
        "Diolch! Thanks.",
        "NI, the EU, OS maps and 10 yr series: ask Pam or Bob.",
        "x and y, y and yn",
        "The word for it is yn, or wedi, and that is what they say to you",
    ],
)
def test_names_abbreviations_and_single_words_of_welsh_stay_english(text):
    assert welsh(text) == []


@given(st.text(alphabet="mae yn wedi the.,\n'é", max_size=60))
def test_stretches_of_welsh_stand_in_order_and_begin_and_end_with_words(text):
    spans = welsh_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


def phrases(text, **options):
    return [lemma for lemma, _ in content_phrases([text], **options)[0]]


def test_phrases_are_content_words_side_by_side_with_nothing_between():
    assert phrases("Official figures, 2020 spreadsheets of totals") == [
        "official",
        "official figure",
        "figure",
        "spreadsheet",
        "total",
    ]


def test_a_phrase_may_begin_with_a_negation_but_none_is_one_alone():
    assert phrases("no time") == ["no time", "time"]
    assert phrases("They don't know; not really, no.") == ["not know", "know"]


def test_phrases_may_be_longer_or_single_words_only():
    assert phrases("user group meetings", most=3) == [
        "user", "user group", "user group meeting", "group", "group meeting", "meeting"
    ]  # fmt: skip
    assert phrases("no user group", most=1) == ["user", "group"]


def test_a_pipeline_without_lemmas_gives_words(installed_model):
    assert phrases("User groups", pipeline=installed_model) == ["user", "user groups", "groups"]


def test_a_phrase_is_told_as_it_is_written_in_small_letters():
    assert content_phrases(["User GROUPS", ""]) == [
        [("user", "user"), ("user group", "user groups"), ("group", "groups")],
        [],
    ]
