"""The language pipeline: spaCy blank English with rule-based sentences and lookup lemmas, or a model that the study names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from engagement_lib.errors import Problem, StudyError

if TYPE_CHECKING:
    from spacy.language import Language

BLANK = "blank"


def load_pipeline(name: str = BLANK) -> Language:
    """The spaCy pipeline of this name, loaded once.

    "blank" is English without a trained model: the same on every machine, and enough for sentences and lemmas. It splits
    sentences at full stops, question and exclamation marks, and looks lemmas up in the tables of `spacy-lookups-data`.

    Raises
    ------
    StudyError
        Where no model of this name is installed.
    """
    return _load(name)


@cache
def _load(name: str) -> Language:
    import spacy

    if name != BLANK:
        try:
            return spacy.load(name, exclude=["ner"])
        except OSError as fault:
            remedy = 'Install the model, or write pipeline = "blank".'
            raise StudyError(
                Problem("study.toml", "language.pipeline", f"'{name}'", "an installed spaCy model", remedy)
            ) from fault
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…", "?!", "!!", "??", "..."]})
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    return pipeline


def describe_pipeline(name: str = BLANK) -> str:
    """What the pipeline is, in words, with versions.

    Examples
    --------
    >>> describe_pipeline()
    'blank English, sentences by punctuation, lemmas by lookup (spaCy ..., spacy-lookups-data ...)'
    """
    from importlib.metadata import version

    if name == BLANK:
        kept = f"spaCy {version('spacy')}, spacy-lookups-data {version('spacy-lookups-data')}"
        return f"blank English, sentences by punctuation, lemmas by lookup ({kept})"
    meta = load_pipeline(name).meta
    return f"{meta['lang']}_{meta['name']} {meta['version']} (spaCy {version('spacy')})"


def sentence_spans(text: str, *, pipeline: str = BLANK) -> list[tuple[int, int]]:
    """Where each sentence of a text stands, white space around it left out.

    A line break ends a sentence too, since people who type answers end their lines without a full stop.

    Examples
    --------
    >>> sentence_spans("Nobody rings back. Why?")
    [(0, 18), (19, 23)]
    """
    spans = []
    # No sentence ends by a lemma, and they take more than half of the time.
    for sentence in load_pipeline(pipeline)(text, disable=["lemmatizer"]).sents:
        start = sentence.start_char
        for line in sentence.text.split("\n"):
            stripped = line.strip()
            if stripped:
                begin = start + line.index(stripped)
                spans.append((begin, begin + len(stripped)))
            start += len(line) + 1
    return spans


def lemmas(texts: Iterable[str], *, pipeline: str = BLANK) -> list[list[str]]:
    """The lemmas of each text's content words, in lower case: no stop words, punctuation, numbers or single letters.

    Examples
    --------
    >>> lemmas(["The spreadsheets were three totals"])
    [['spreadsheet', 'total']]
    """
    return [[lemma for lemma, _ in words] for words in content_words(texts, pipeline=pipeline)]


def content_words(texts: Iterable[str], *, pipeline: str = BLANK) -> list[list[tuple[str, str]]]:
    """Each text's content words as (lemma, word), in lower case; the words left out are those that `lemmas` leaves out.

    A lemma groups the forms of a word; people should be shown the word, since looked-up lemmas can be odd ("numb" for "number").

    Examples
    --------
    >>> content_words(["Numbers by Tuesday"])
    [[('number', 'numbers'), ('tuesday', 'tuesday')]]
    """
    return [
        [
            (token.lemma_.lower(), token.lower_)
            for token in document
            if token.is_alpha and not token.is_stop and len(token) > 1 and not token.like_num
        ]
        for document in load_pipeline(pipeline).pipe(text.lower() for text in texts)
    ]
