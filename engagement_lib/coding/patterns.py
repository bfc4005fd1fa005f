"""Coding by rule: a code wherever a pattern or a word stands in what participants say."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd

from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import Problem, TableError
from engagement_lib.language import BLANK, load_pipeline
from engagement_lib.tables import check_table, empty_table, records

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

Stretch = tuple[int, str, int, int]
TokenPattern = Sequence[Mapping[str, Any]]
Pattern = str | Sequence[str | TokenPattern]


def code_by_pattern(
    segments: pd.DataFrame, patterns: Mapping[str, Pattern], *, coder: str = "pattern", pipeline: str = BLANK
) -> pd.DataFrame:
    r"""Codings of the layer "rule": a code on each stretch of a participant's words that its pattern matches.

    Such codings are a way to find passages to read, and are never counted as somebody's judgement. `keep_rule_codings` puts them
    into the study's store, and `withdraw_rule_codings` takes them all out again.

    Parameters
    ----------
    patterns
        For each code a regular expression, in which capitals do not matter; or a list of words and phrases, matched by lemma, so
        that "survey" finds "surveys", the longest first where two overlap. Among these may stand patterns of spaCy's `Matcher`,
        a list with a dictionary for each token: `[{"LEMMA": "have"}, {"LOWER": "no"}, {"LEMMA": "time"}]`. They see the text in
        small letters.
    coder
        Who stands as the coder; the ids of the codings begin with it.
    pipeline
        What gives the lemmas; `describe_pipeline` says what it is.

    Returns
    -------
    DataFrame
        The columns of the table "codings", by place and code. Ids come from coder, code and place, so that the same patterns on
        the same segments give the same codings.

    Raises
    ------
    TableError
        With every code whose pattern is empty, no regular expression, or asks for what the pipeline does not give.

    Warns
    -----
    UserWarning
        Where the pipeline gives no lemmas: words are then looked for as they are written, and "survey" does not find "surveys".

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["P1"], "start": [20], "end": [44], "role": ["participant"],
    ...                       "quote": ["Surveys? No time at all."]})
    >>> coded = code_by_pattern(turns, {"asks": ["survey"], "no-time": r"no\s+time"})
    >>> coded[["coding_id", "quote"]].values.tolist()
    [['pattern:asks:P1:20-27', 'Surveys'], ['pattern:no-time:P1:29-36', 'No time']]
    """
    expressions, words = _read_patterns(patterns)
    find = _phrase_finder(words, load_pipeline(pipeline)) if words else None
    segments = in_shape("segments", segments)
    turns = records(segments[segments["role"] == "participant"])
    quotes = [turn["quote"] for turn in turns]
    rows = [
        _coding(turns[number], code, start, end, coder)
        for number, code, start, end in chain(_by_expression(quotes, expressions), find(quotes) if find else ())
    ]
    if not rows:
        return empty_table("codings")
    found = pd.DataFrame(rows).drop_duplicates("coding_id").sort_values(["source_id", "start", "end", "code"], ignore_index=True)
    return check_table("codings", found)


def _read_patterns(
    patterns: Mapping[str, Pattern],
) -> tuple[dict[str, re.Pattern[str]], dict[str, Sequence[str | TokenPattern]]]:
    """The regular expressions by code, and the lists of words and patterns of tokens by code."""
    expressions, words, problems = {}, {}, []
    for code, pattern in patterns.items():
        place = f"code '{code}'"
        if not pattern or not (isinstance(pattern, str) or all(_says_something(word) for word in pattern)):
            remedy = "Fill it in, or take the code out."
            problems.append(Problem("patterns", place, repr(pattern), "words to look for", remedy))
        elif not isinstance(pattern, str):
            words[code] = pattern
        else:
            try:
                expressions[code] = re.compile(pattern, re.IGNORECASE)
            except re.error as fault:
                remedy = "Mend it, or give a list of words."
                problems.append(Problem("patterns", place, f"'{pattern}' ({fault})", "a regular expression", remedy))
    if problems:
        raise TableError(problems)
    return expressions, words


def _by_expression(quotes: Sequence[str], expressions: Mapping[str, re.Pattern[str]]) -> Iterator[Stretch]:
    for number, quote in enumerate(quotes):
        for code, expression in expressions.items():
            yield from ((number, code, *match.span()) for match in expression.finditer(quote) if match.group())


def _says_something(word: str | TokenPattern) -> bool:
    return bool(word.strip()) if isinstance(word, str) else bool(word)


def _phrase_finder(
    words: Mapping[str, Sequence[str | TokenPattern]], language: Language
) -> Callable[[Sequence[str]], Iterator[Stretch]]:
    """What finds the words and patterns of tokens in texts."""
    from spacy.util import filter_spans

    phrases = {code: found for code, said in words.items() if (found := [word for word in said if isinstance(word, str)])}
    tokens = {code: rest for code, said in words.items() if (rest := [word for word in said if not isinstance(word, str)])}
    matchers = [_phrase_matcher(phrases, language)] if phrases else []
    matchers += [_token_matcher(tokens, language)] if tokens else []

    def find(quotes: Sequence[str]) -> Iterator[Stretch]:
        for number, document in enumerate(language.pipe(map(_lowered, quotes))):
            matches = [match for matcher in matchers for match in matcher(document)]
            for code in words:
                for span in filter_spans([match for match in matches if match.label_ == code]):
                    yield number, code, span.start_char, span.end_char

    return find


def _phrase_matcher(phrases: Mapping[str, Sequence[str]], language: Language) -> Callable[[Doc], list[Span]]:
    from spacy.matcher import PhraseMatcher

    has_lemmas = language("word").has_annotation("LEMMA")
    if not has_lemmas:
        warnings.warn("The language pipeline gives no lemmas: words are looked for as they are written.", stacklevel=4)
    matcher = PhraseMatcher(language.vocab, attr="LEMMA" if has_lemmas else "LOWER")
    for code, said in phrases.items():
        matcher.add(code, list(language.pipe(map(_lowered, said))))
    return lambda document: list(matcher(document, as_spans=True))


def _token_matcher(tokens: Mapping[str, Sequence[TokenPattern]], language: Language) -> Callable[[Doc], list[Span]]:
    from spacy.matcher import Matcher

    matcher, problems, sample = Matcher(language.vocab, validate=True), [], language("word")
    for code, said in tokens.items():
        patterns = [[dict(token) for token in pattern] for pattern in said]
        try:
            alone = Matcher(language.vocab, validate=True)
            alone.add(code, patterns)
            alone(sample)
        except ValueError as fault:
            expected, remedy = "patterns of tokens that the pipeline can follow", "Mend it, or name a model that gives it."
            problems.append(Problem("patterns", f"code '{code}'", " ".join(str(fault).split()), expected, remedy))
        else:
            matcher.add(code, patterns)
    if problems:
        raise TableError(problems)
    return lambda document: list(matcher(document, as_spans=True))


def _lowered(text: str) -> str:
    """The text in small letters, as lemmas are looked up, without the few whose small form is longer, so that places stay."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _coding(turn: Mapping[str, Any], code: str, start: int, end: int, coder: str) -> dict[str, object]:
    source, begin = turn["source_id"], turn["start"]
    return {
        "coding_id": f"{coder}:{code}:{source}:{begin + start}-{begin + end}",
        "source_id": source,
        "start": begin + start,
        "end": begin + end,
        "code": code,
        "coder": coder,
        "layer": "rule",
        "quote": turn["quote"][start:end],
    }
