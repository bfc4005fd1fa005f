"""The language pipeline: spaCy blank English with rule-based sentences and lookup lemmas, or a model that the study names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from engagement_lib.errors import Problem, StudyError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token

BLANK = "blank"
# "No time" is not "time": a phrase may begin with one of these, though they are stop words.
_NEGATIONS = frozenset({"no", "not", "never", "n't", "n’t", "without"})


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
    for sentence in load_pipeline(pipeline)(text).sents:
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
        [(token.lemma_.lower(), token.lower_) for token in document if _is_content(token)]
        for document in load_pipeline(pipeline).pipe(text.lower() for text in texts)
    ]


def content_phrases(texts: Iterable[str], *, most: int = 2, pipeline: str = BLANK) -> list[list[tuple[str, str]]]:
    """Each text's content words and phrases of up to so many words as (lemmas, words), in lower case.

    A phrase is content words side by side, with nothing between them; its first word may also be a negation, so that "no time" is
    one. Where the pipeline gives no lemmas, words stand for them.

    Examples
    --------
    >>> content_phrases(["Official figures, and no time"])
    [[('official', 'official'), ('official figure', 'official figures'), ('figure', 'figures'), ('no time', 'no time'),
      ('time', 'time')]]
    """
    return [
        [
            (" ".join(lemma for lemma, _ in phrase), " ".join(word for _, word in phrase))
            for start, token in enumerate(document)
            for phrase in _phrases_from([*document[start : start + most]], negated=token.lower_ in _NEGATIONS)
        ]
        for document in load_pipeline(pipeline).pipe(text.lower() for text in texts)
    ]


def _phrases_from(tokens: list[Token], *, negated: bool) -> list[list[tuple[str, str]]]:
    """The phrases that begin with the first of these tokens, the shortest first; none where a negation stands alone."""
    run: list[tuple[str, str]] = []
    phrases = []
    for at, token in enumerate(tokens):
        if not (_is_content(token) or (negated and at == 0)):
            break
        lemma, word = ("not", "not") if token.lower_ in ("n't", "n’t") else (token.lemma_.lower() or token.lower_, token.lower_)
        run = [*run, (lemma, word)]
        if not (negated and at == 0):
            phrases.append(run)
    return phrases


def _is_content(token: Token) -> bool:
    return bool(token.is_alpha and not token.is_stop and len(token) > 1 and not token.like_num)
