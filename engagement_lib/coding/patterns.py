"""Coding by rule: a code wherever a pattern or a word stands in what participants say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import Problem, TableError
from engagement_lib.language import BLANK, load_pipeline
from engagement_lib.tables import check_table, empty_table, records

Stretch = tuple[int, str, int, int]


def code_by_pattern(
    segments: pd.DataFrame, patterns: Mapping[str, str | Sequence[str]], *, coder: str = "pattern", pipeline: str = BLANK
) -> pd.DataFrame:
    r"""Codings of the layer "rule": a code on each stretch of a participant's words that its pattern matches.

    Such codings are a way to find passages to read, and are never counted as somebody's judgement.

    Parameters
    ----------
    patterns
        For each code a regular expression, in which capitals do not matter; or a list of words and phrases, matched by lemma, so
        that "survey" finds "surveys", the longest first where two overlap.
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
        With every code whose pattern is empty or no regular expression.

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["P1"], "start": [20], "end": [44], "role": ["participant"],
    ...                       "quote": ["Surveys? No time at all."]})
    >>> coded = code_by_pattern(turns, {"asks": ["survey"], "no-time": r"no\s+time"})
    >>> coded[["coding_id", "quote"]].values.tolist()
    [['pattern:asks:P1:20-27', 'Surveys'], ['pattern:no-time:P1:29-36', 'No time']]
    """
    expressions, words = _read_patterns(patterns)
    segments = in_shape("segments", segments)
    turns = records(segments[segments["role"] == "participant"])
    quotes = [turn["quote"] for turn in turns]
    rows = [
        _coding(turns[number], code, start, end, coder)
        for number, code, start, end in chain(_by_expression(quotes, expressions), _by_lemma(quotes, words, pipeline))
    ]
    if not rows:
        return empty_table("codings")
    found = pd.DataFrame(rows).drop_duplicates("coding_id").sort_values(["source_id", "start", "end", "code"], ignore_index=True)
    return check_table("codings", found)


def _read_patterns(
    patterns: Mapping[str, str | Sequence[str]],
) -> tuple[dict[str, re.Pattern[str]], dict[str, Sequence[str]]]:
    """The regular expressions by code, and the lists of words by code."""
    expressions, words, problems = {}, {}, []
    for code, pattern in patterns.items():
        place = f"code '{code}'"
        if not pattern or not (isinstance(pattern, str) or all(word.strip() for word in pattern)):
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


def _by_lemma(quotes: Sequence[str], words: Mapping[str, Sequence[str]], pipeline: str) -> Iterator[Stretch]:
    if not words:
        return
    from spacy.matcher import PhraseMatcher
    from spacy.util import filter_spans

    language = load_pipeline(pipeline)
    matcher = PhraseMatcher(language.vocab, attr="LEMMA")
    for code, phrases in words.items():
        matcher.add(code, list(language.pipe(map(_lowered, phrases))))
    for number, document in enumerate(language.pipe(map(_lowered, quotes))):
        matches = matcher(document, as_spans=True)
        for code in words:
            for span in filter_spans([match for match in matches if match.label_ == code]):
                yield number, code, span.start_char, span.end_char


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
