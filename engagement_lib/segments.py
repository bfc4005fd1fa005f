"""Sources to segments: turns, answers and sentences; and any word in its context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from engagement_lib.errors import EngagementError, Problem, TableError
from engagement_lib.language import BLANK, sentence_spans
from engagement_lib.layout import parse_turns
from engagement_lib.loading.text import normalise
from engagement_lib.tables import check_table, empty_table, records

_SPOKEN = ("interview", "webinar")
_PLAIN = re.compile("[!-)+-~]+")
# A pattern takes them for an s and an i; the small form of a text does not.
_ODD = re.compile("[ſıİ]")
_KWIC_COLUMNS = ("source_id", "start", "end", "case_id", "speaker", "role", "left", "keyword", "right")


def split_turns(sources: pd.DataFrame) -> pd.DataFrame:
    r"""The turns of interviews and webinars, and each survey answer or comment as one segment.

    A source without anything to analyse gives none. Only participants have a `case_id`: in an interview the source's, in a
    webinar the speaker's own, `source_id/speaker`. Times are seconds from the start, NaN where the file has none.

    Examples
    --------
    >>> sources = pd.DataFrame(
    ...     {"source_id": ["P01"], "case_id": ["P01"], "kind": ["interview"],
    ...      "text": ["Helen [interviewer]\nWho uses it?\n\nP01 [participant]\nNo idea."]}
    ... )
    >>> split_turns(check_table("sources", sources))[["case_id", "role", "quote"]].values.tolist()
    [['', 'interviewer', 'Who uses it?'], ['P01', 'participant', 'No idea.']]
    """
    rows = [row for source in records(sources) if not source["reason"] and source["text"] for row in _turns(source)]
    return check_table("segments", pd.DataFrame(rows)) if rows else empty_table("segments")


def split_sentences(segments: pd.DataFrame, *, pipeline: str = BLANK) -> pd.DataFrame:
    """The sentences of each segment, as segments of their own; all else is carried over from the segment they stand in.

    `pipeline` is what `study.toml` names under `[language]`; `describe_pipeline` says what it is.

    Examples
    --------
    >>> answer = pd.DataFrame({"source_id": ["S1/gaps"], "start": [0], "end": [23], "quote": ["Nobody rings back. Why?"]})
    >>> split_sentences(check_table("segments", answer))[["start", "end", "quote"]].values.tolist()
    [[0, 18, 'Nobody rings back.'], [19, 23, 'Why?']]
    """
    rows = [
        {**segment, "start": segment["start"] + start, "end": segment["start"] + end, "quote": segment["quote"][start:end]}
        for segment in records(segments)
        for start, end in sentence_spans(segment["quote"], pipeline=pipeline)
    ]
    return check_table("segments", pd.DataFrame(rows)) if rows else empty_table("segments")


def kwic(segments: pd.DataFrame, word: str, *, window: int = 40) -> pd.DataFrame:
    """Every place where a word stands, with its context: one row a hit, in the order of the segments.

    Parameters
    ----------
    word
        Letters as typed; `*` stands for any ending or beginning, capitals do not matter: "feedback", "consult*". A phrase may
        run over the end of a line.
    window
        Characters of context on either side, within the segment.

    Returns
    -------
    DataFrame
        source_id, start, end (of the word), case_id, speaker, role, left, keyword, right.

    Raises
    ------
    EngagementError
        Where there is no letter to look for.

    Examples
    --------
    >>> answer = pd.DataFrame({"source_id": ["S1/gaps"], "start": [0], "end": [23], "quote": ["Nobody rings back. Why?"]})
    >>> kwic(check_table("segments", answer), "ring*")[["left", "keyword", "right"]].values.tolist()
    [['Nobody ', 'rings', ' back. Why?']]
    """
    if not word.strip("* "):
        raise EngagementError(Problem("kwic", "word", f"'{word}'", "a word or part of one", "Say what to look for."))
    letters = r"\w*".join(r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in normalise(word).strip().split("*"))
    pattern = re.compile(rf"(?<!\w){letters}(?!\w)", re.IGNORECASE)
    rows = [
        {
            "source_id": segment["source_id"],
            "start": segment["start"] + match.start(),
            "end": segment["start"] + match.end(),
            "case_id": segment["case_id"],
            "speaker": segment["speaker"],
            "role": segment["role"],
            "left": segment["quote"][max(0, match.start() - window) : match.start()],
            "keyword": match.group(),
            "right": segment["quote"][match.end() : match.end() + window],
        }
        for segment in records(_with_letters(segments, normalise(word)))
        for match in pattern.finditer(segment["quote"])
    ]
    if rows:
        return pd.DataFrame(rows, columns=list(_KWIC_COLUMNS))
    return pd.DataFrame({name: pd.Series(dtype="int64" if name in ("start", "end") else "str") for name in _KWIC_COLUMNS})


def turns_around(sources: pd.DataFrame, hit: Mapping[str, Any] | pd.Series, *, turns: int | None = None) -> pd.DataFrame:
    r"""The interview or webinar around a hit, turn by turn, or all that a survey's respondent answered; one row a turn or answer.

    Parameters
    ----------
    sources
        The study's sources.
    hit
        A row of `kwic`, `find_passages`, the codings or any table with `source_id`, `start` and `end`.
    turns
        How many turns before and after those with the hit; all of the source if None. In a survey, answers.

    Returns
    -------
    DataFrame
        The columns of the table "segments"; `is_hit`, whether the hit lies in the turn; and `marked`, what is said in it, with
        the hit between ">>" and "<<".

    Raises
    ------
    TableError
        Where there is no such source, or the place lies outside of all turns.

    Examples
    --------
    >>> text = "Helen [interviewer]\nWho uses it?\n\nP01 [participant]\nNo idea."
    >>> sources = check_table("sources", pd.DataFrame({"source_id": ["P01"], "kind": ["interview"], "text": [text]}))
    >>> hit = kwic(split_turns(sources), "idea").iloc[0]
    >>> turns_around(sources, hit)["marked"].tolist()
    ['Who uses it?', 'No >>idea<<.']
    """
    source_id, start, end = hit["source_id"], int(hit["start"]), int(hit["end"])
    place, remedy = f"{source_id}:{start}-{end}", "Give a row that was found in these sources."
    source = sources[sources["source_id"] == source_id]
    if source.empty:
        raise TableError(Problem("sources", place, f"no source '{source_id}'", "a source of the study", remedy))
    said = split_turns(_heard_with(source, sources))
    begins, ends = said["start"].to_numpy(), said["end"].to_numpy()
    within = (said["source_id"] == source_id).to_numpy() & (begins < end) & (ends > start)
    if not within.any():
        raise TableError(Problem("sources", place, "no turn at this place", "a place in what somebody says", remedy))
    marked = [
        _mark(quote, max(start - begin, 0), end - begin) if has else quote
        for quote, begin, has in zip(said["quote"], begins, within, strict=True)
    ]
    first, last = np.flatnonzero(within)[[0, -1]]
    wanted = slice(None) if turns is None else slice(max(first - turns, 0), last + turns + 1)
    around: pd.DataFrame = said.assign(is_hit=within, marked=pd.Series(marked, dtype="str")).iloc[wanted]
    return around.reset_index(drop=True)


def _mark(quote: str, start: int, end: int) -> str:
    return f"{quote[:start]}>>{quote[start:end]}<<{quote[end:]}"


def _heard_with(source: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The source; of a survey, all answers of its respondent in this wave."""
    kind, case_id, wave = (str(source[name].iloc[0]) for name in ("kind", "case_id", "wave"))
    if kind != "survey" or not case_id:
        return source
    return sources[(sources["kind"] == kind) & (sources["case_id"] == case_id) & (sources["wave"] == wave)]


def _with_letters(segments: pd.DataFrame, word: str) -> pd.DataFrame:
    """The segments in which the word may stand: those that hold, in small letters, the longest run of plain signs in it.

    Looking for a run in small letters is many times as fast as a pattern without regard to capitals, which then has few segments
    left to look through.
    """
    run = max(_PLAIN.findall(word.lower()), key=len, default="")
    quotes = segments["quote"].tolist()
    near = [at for at, quote in enumerate(quotes) if run in quote.lower() or (not quote.isascii() and _ODD.search(quote))]
    return segments.iloc[near]


def _turns(source: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kept = {name: source[name] for name in ("source_id", "case_id", "kind", "wave", "question")}
    if source["kind"] not in _SPOKEN:
        yield kept | {"start": 0, "end": len(source["text"]), "role": "participant", "quote": source["text"]}
        return
    for turn in parse_turns(source["text"], origin=source["origin"] or source["source_id"]):
        person = f"{source['source_id']}/{turn.speaker}" if source["kind"] == "webinar" else source["case_id"]
        yield kept | {
            "start": turn.start,
            "end": turn.end,
            "case_id": person if turn.role == "participant" else "",
            "speaker": turn.speaker,
            "role": turn.role,
            "time_start": turn.time_start,
            "time_end": turn.time_end,
            "quote": turn.words,
        }
