"""The language pipeline: spaCy blank English with rule-based sentences and lookup lemmas, or a model that the study names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from engagement_lib.errors import Problem, StudyError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token

BLANK = "blank"
# Words of Welsh that are no word, name or abbreviation in English: "ni", "yr", "eu", "os" and "bob" are left out for that.
_WELSH: Final = frozenset((
    "a'r", "ac", "achos", "angen", "baswn", "beth", "buasai", "bydd", "byddai", "cael", "cafodd", "chi", "cymraeg", "cyn",
    "dda", "ddim", "ddylai", "ddylid", "diolch", "drwy", "dw", "dwi", "dwi'n", "dydy", "dydyn", "dylai", "dylid", "dyna",
    "efallai", "eich", "ein", "eisiau", "ellir", "erbyn", "fawr", "felly", "fod", "fwy", "fyddai", "gael", "gallu", "gan",
    "gellir", "gwelwch", "gwneud", "gwybod", "gwybodaeth", "gyda", "gyda'r", "gydag", "gymraeg", "hefyd", "hoffai", "hoffem",
    "hoffwn", "hwn", "hyn", "hynny", "i'r", "iawn", "isio", "llawer", "mae", "mae'n", "mae'r", "maen", "meddwl", "mewn", "mwy",
    "neu", "newydd", "nhw", "nid", "o'r", "oedd", "oes", "oherwydd", "ohono", "ohonyn", "ond", "pawb", "pob", "pobl", "pryd",
    "rhai", "rhaid", "rhwng", "rhywun", "roedd", "roeddwn", "rwy", "rwy'n", "rydw", "rydych", "rydym", "rydyn", "saesneg",
    "sut", "sy'n", "sydd", "trwy", "wedi", "weithiau", "wneud", "wrth", "wybod", "ychydig", "ydy", "ydyn", "yn", "yna", "yw",
))  # fmt: skip
_ENGLISH: Final = frozenset((
    "about", "all", "an", "and", "are", "as", "be", "been", "but", "by", "can", "do", "for", "from", "get", "had", "has",
    "have", "he", "if", "in", "is", "it", "it's", "me", "my", "no", "not", "of", "on", "or", "our", "she", "so", "that", "the",
    "their", "them", "there", "they", "this", "to", "us", "was", "we", "were", "what", "when", "which", "who", "will", "with",
    "would", "you", "your",
))  # fmt: skip
_STOP: Final = re.compile(r"[.!?…;:,()]+(?=\s|$)|\n")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
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


def welsh_spans(text: str) -> list[tuple[int, int]]:
    """Where a text is in Welsh, by a careful rule; an English text with a Welsh name or a single Welsh word in it is English.

    Between two marks of punctuation words are Welsh if two or more, and at least a quarter of all, are common words of Welsh, and
    those of English are fewer. What beside such a stretch holds one of them, and none of English, belongs to it.

    Examples
    --------
    >>> text = "Too late again. Mae'r fersiwn Gymraeg yn hwyr, diolch yn fawr."
    >>> [text[start:end] for start, end in welsh_spans(text)]
    ["Mae'r fersiwn Gymraeg yn hwyr, diolch yn fawr"]
    """
    ends = [*((stop.start(), stop.end()) for stop in _STOP.finditer(text)), (len(text), len(text))]
    pieces = [(start, end) for (_, start), (end, _) in pairwise([(0, 0), *ends]) if text[start:end].strip()]
    verdicts = [_is_welsh(text[start:end]) for start, end in pieces]
    spans: list[tuple[int, int]] = []
    goes_on = False
    for at, (start, end) in enumerate(pieces):
        is_welsh = verdicts[at] or (verdicts[at] is None and True in verdicts[max(at - 1, 0) : at + 2])
        if is_welsh:
            words = text[start:end]
            begin = spans.pop()[0] if goes_on else start + len(words) - len(words.lstrip())
            spans.append((begin, start + len(words.rstrip())))
        goes_on = is_welsh
    return spans


def _is_welsh(piece: str) -> bool | None:
    """Whether a piece of text is in Welsh; None where nothing speaks for Welsh or English."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(piece)]
    welsh, english = sum(word in _WELSH for word in words), sum(word in _ENGLISH for word in words)
    if welsh >= 2 and welsh >= len(words) / 4 and welsh > english:
        return True
    return None if welsh and not english else False


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
