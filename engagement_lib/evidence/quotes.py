"""Whether a quote is what somebody said: held against the source that it names, and against all others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

import pandas as pd
from rapidfuzz.fuzz import partial_ratio_alignment

from engagement_lib.coding.passages import in_shape
from engagement_lib.segments import split_turns
from engagement_lib.tables import COUNT, NUMBER, TEXT, records

VERBATIM: Final = "verbatim"
TYPOGRAPHY: Final = "the same but for typography"
JOINED: Final = "joined from parts"
ANOTHER_SPEAKER: Final = "another speaker's"
ANOTHER_SOURCE: Final = "another source's"
NEAR: Final = "near"
NOT_FOUND: Final = "not found"
TIERS: Final = (VERBATIM, TYPOGRAPHY, JOINED, ANOTHER_SPEAKER, ANOTHER_SOURCE, NEAR, NOT_FOUND)

_SIGNS: Final = str.maketrans(dict.fromkeys("‘’‚‛ʼ´`", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
_LEFT_OUT: Final = re.compile(r"\s*[\[(]?\s*(?:…|\.\s?\.\s?\.)\s*[\])]?\s*")
_WORDS: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class _Voice:
    """A turn of a source, or an answer: who speaks is or is not a participant."""

    source_id: str
    start: int
    text: str
    participant: bool

    @cached_property
    def folded(self) -> tuple[str, list[int]]:
        """The text as it would be without typography, and where each of its characters stands in the text."""
        return _fold(self.text)


def check_quotes(quotes: pd.DataFrame, sources: pd.DataFrame, *, near: float = 0.85) -> pd.DataFrame:
    """Hold each quote against the source that it names, and against the others where it does not stand there.

    Parameters
    ----------
    quotes
        `quote` and the `source_id` that it is said to come from; other columns are kept.
    sources
        The texts, as `Study.sources` holds them.
    near
        How alike a quote and a stretch of its source must be to be called near, from 0 to 1.

    Returns
    -------
    DataFrame
        The quotes with `tier`: "verbatim"; "the same but for typography" (case, quotation marks, dashes, blanks); "joined from
        parts" (between ellipses, in their order); "another speaker's" (in the source, but no participant says it); "another
        source's"; "near"; or "not found". `found_in` is the source in which it stands, `places` how often, `start` and `end`
        where, if there is one place alone; `alike` is 1 but for what is near, and `difference` the words that differ, as
        "-said +quoted".

    Notes
    -----
    The first tier that fits holds, in the order above. Likeness is the normalised Indel similarity of the best stretch, as
    rapidfuzz has it. A quote that merely lies near one in another source is not looked for there.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["S1", "S2"], "kind": "survey", "text": ["There is no time.", "Nobody rings."]})
    >>> quotes = pd.DataFrame({"source_id": "S1", "quote": ["there is no time", "There is no money.", "Nobody rings."]})
    >>> check_quotes(quotes, sources)[["tier", "found_in", "difference"]].values.tolist()
    [['the same but for typography', 'S1', ''], ['near', 'S1', '-time. +money.'], ["another source's", 'S2', '']]
    """
    turns = split_turns(in_shape("sources", sources))
    voices = [
        _Voice(source, start, quote, role == "participant")
        for source, start, quote, role in zip(turns["source_id"], turns["start"], turns["quote"], turns["role"], strict=True)
    ]
    said = [voice for voice in voices if voice.participant]
    by_source = {source: [voices[n] for n in places] for source, places in turns.groupby("source_id").indices.items()}
    rows = [_check(row["quote"].strip(), by_source.get(row["source_id"], []), said, near) for row in records(quotes)]
    columns = {
        "tier": TEXT,
        "found_in": TEXT,
        "places": COUNT,
        "start": NUMBER,
        "end": NUMBER,
        "alike": NUMBER,
        "difference": TEXT,
    }
    found = pd.DataFrame(rows, columns=list(columns), index=quotes.index).astype(columns)
    return quotes.drop(columns=[name for name in columns if name in quotes.columns]).join(found)


def _check(quote: str, own: Sequence[_Voice], said: Sequence[_Voice], near: float) -> tuple[Any, ...]:
    """The tier of one quote, and what goes with it."""
    mine = [voice for voice in own if voice.participant]
    others = [voice for voice in own if not voice.participant]
    if not quote:
        return _found(NOT_FOUND, [])
    attempts = (
        (VERBATIM, _exact(quote, mine)),
        (TYPOGRAPHY, _folded(quote, mine)),
        (JOINED, _joined(quote, mine)),
        (ANOTHER_SPEAKER, _folded(quote, others)),
        (ANOTHER_SOURCE, _folded(quote, said)),
    )
    for tier, places in attempts:
        if found := list(places):
            return _found(tier, found)
    return _nearest(quote, mine, near)


def _found(tier: str, places: list[tuple[str, int, int]], alike: float = 1.0, difference: str = "") -> tuple[Any, ...]:
    source, start, end = places[0] if places else ("", float("nan"), float("nan"))
    if len(places) > 1:
        start = end = float("nan")
    return tier, source, len(places), start, end, alike if places else float("nan"), difference


def _exact(quote: str, voices: Sequence[_Voice]) -> Iterator[tuple[str, int, int]]:
    for voice in voices:
        at = voice.text.find(quote)
        while at >= 0:
            if _ends_words(voice.text, at, at + len(quote)):
                yield voice.source_id, voice.start + at, voice.start + at + len(quote)
            at = voice.text.find(quote, at + 1)


def _folded(quote: str, voices: Sequence[_Voice]) -> Iterator[tuple[str, int, int]]:
    wanted = _fold(quote)[0].strip(" .,;:\"'")
    for voice in voices if wanted else []:
        text, places = voice.folded
        at = text.find(wanted)
        while at >= 0:
            if _ends_words(text, at, at + len(wanted)):
                yield voice.source_id, voice.start + places[at], voice.start + places[at + len(wanted) - 1] + 1
            at = text.find(wanted, at + 1)


def _joined(quote: str, voices: Sequence[_Voice]) -> Iterator[tuple[str, int, int]]:
    """Where the parts of a quote with ellipses stand in their order in one turn."""
    parts = [part for part in (_fold(part)[0].strip(" .,;:\"'") for part in _LEFT_OUT.split(quote)) if part]
    for voice in voices if len(parts) > 1 else []:
        text, places = voice.folded
        at, first = 0, -1
        for part in parts:
            start = text.find(part, at)
            if start < 0:
                break
            first = start if first < 0 else first
            at = start + len(part)
        else:
            yield voice.source_id, voice.start + places[first], voice.start + places[at - 1] + 1


def _nearest(quote: str, voices: Sequence[_Voice], near: float) -> tuple[Any, ...]:
    wanted, best = _fold(quote)[0].strip(), None
    for voice in voices:
        found = partial_ratio_alignment(wanted, voice.folded[0], score_cutoff=100 * near)
        if found and len(wanted) <= len(voice.text) * 2 and (best is None or found.score > best[1].score):
            best = voice, found
    if best is None:
        return _found(NOT_FOUND, [])
    voice, found = best
    text, places = voice.folded
    start, end = _whole_words(text, found.dest_start, found.dest_end)
    place = (voice.source_id, voice.start + places[start], voice.start + places[end - 1] + 1)
    return _found(NEAR, [place], found.score / 100, _difference(voice.text[places[start] : places[end - 1] + 1], quote))


def _difference(said: str, quoted: str) -> str:
    """The words that differ: those that were said with a minus, those that were quoted with a plus."""
    one, other = _WORDS.findall(said), _WORDS.findall(quoted)
    matcher = SequenceMatcher(None, [_fold(word)[0] for word in one], [_fold(word)[0] for word in other], autojunk=False)
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    words = [[*(f"-{word}" for word in one[a:b]), *(f"+{word}" for word in other[c:d])] for _, a, b, c, d in changes]
    return "; ".join(" ".join(change) for change in words)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch, made longer to the ends of its first and last word."""
    while start > 0 and text[start - 1] != " ":
        start -= 1
    while end < len(text) and text[end] != " ":
        end += 1
    return start, end


def _ends_words(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do."""
    return not (start and text[start - 1].isalnum() and text[start].isalnum()) and not (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )


def _fold(text: str) -> tuple[str, list[int]]:
    """The text in small letters, with plain quotation marks, dashes and blanks, and where each character comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(place)
            continue
        plain = letter if letter.isascii() else unicodedata.normalize("NFKC", letter.translate(_SIGNS))
        for part in plain.casefold():
            letters.append(part)
            places.append(place)
    return "".join(letters), places
