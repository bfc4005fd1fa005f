"""The cues of caption files: where they part, who speaks in them and what is said. For WebVTT and SubRip."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Final

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn, parse_time
from engagement_lib.loading.lines import may_be_a_name
from engagement_lib.loading.text import normalise

_TIME: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{3}"
_TIMING: Final = re.compile(rf"(?P<start>{_TIME})\s+-->\s+(?P<end>{_TIME})(?:\s.*)?")
_LIKE_TIMES: Final = re.compile(r"\d:\d\d")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?\s+(?P<speaker>[^>]*)>")
_TAG: Final = re.compile(r"</?(?:[bicuv]|ruby|rt|lang|\d[\d:.]*)(?:[.\s][^>]*)?>")
_LABEL: Final = re.compile(r"(?:(?:-|>>) )?(?P<speaker>[^\W_][^:<>]{0,59}):\s+(?P<words>\S.*)", re.DOTALL)
_INLINE_TIME: Final = re.compile(r"<(?:\d\d:)?\d\d:\d\d\.\d{3}>")
_FEW: Final = 3
_SOMEBODY: Final = re.compile(r"^(?=(?:-|>>|&gt;&gt;)\s)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Lines that are not parted by a blank one; `line` is the number of the first."""

    line: int
    lines: list[str]


def caption_blocks(text: str) -> Iterator[Block]:
    """Runs of lines that are not blank, each with the number of its first line; a second line of times begins another."""
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        follows = "-->" in line and lines and (lines[0].startswith("WEBVTT") or any("-->" in before for before in lines))
        if lines and (follows or not line.strip()):
            yield Block(number - len(lines), lines)
            lines = []
        if line.strip():
            lines.append(line)


def unroll(blocks: Sequence[Block]) -> tuple[list[Block], list[tuple[int, str, str]]]:
    """The cues without the lines that roll up the screen, and these lines as (line, text, rule).

    Captions roll where they are spelt out word by word, or where most cues of two lines or more begin with the last line of the
    cue before. Then lines at the beginning of a cue that ended the one before it are not said again. Elsewhere nothing changes:
    somebody may say "No." twice.
    """
    spoken = [_spoken_lines(block) for block in blocks]
    tall = [(before, lines) for before, lines in pairwise(spoken) if len(lines) > 1]
    repeats = sum(bool(before) and before[-1] == lines[0] for before, lines in tall)
    word_by_word = any(_INLINE_TIME.search(line) for block in blocks for line in block.lines if "-->" not in line)
    if not word_by_word and (repeats < _FEW or 2 * repeats < len(tall)):
        return list(blocks), []
    unrolled, aside, before = [], [], list[str]()
    for block, lines in zip(blocks, spoken, strict=True):
        if not lines:
            unrolled.append(block)
            continue
        again = max(n for n in range(min(len(lines), len(before)) + 1) if before[len(before) - n :] == lines[:n])
        first = len(block.lines) - len(lines)
        aside += [(block.line + first + n, lines[n], "line that rolled up from the caption before") for n in range(again)]
        unrolled.append(Block(block.line, block.lines[:first] + block.lines[first + again :]))
        before = [line for line in lines if line] or before
    return unrolled, aside


def _spoken_lines(block: Block) -> list[str]:
    """The lines of a cue below its times, without their tags; none where the block is no cue."""
    times = next((number for number, line in enumerate(block.lines) if "-->" in line), None)
    return [] if times is None else [_plain(line) for line in block.lines[times + 1 :]]


def read_cue(block: Block, names: frozenset[str], origin: str) -> Iterator[Turn]:
    """What is said in a cue, a turn for each voice; its first line holds its times, and `names` are those of `speaker_names`.

    Raises
    ------
    TranscriptError
        Where it has no times, or times that run backwards: with its line.
    """
    match = _TIMING.fullmatch(block.lines[0].strip())
    if match is None:
        like_times = (number for number, line in enumerate(block.lines) if _LIKE_TIMES.search(line))
        number = 0 if "-->" in "".join(block.lines) else next(like_times, 0)
        found, expected = repr(block.lines[number][:60]), "times such as 00:00:01.000 --> 00:00:02.500"
        remedy = "Mend the cue, or export the captions again."
        raise TranscriptError(Problem(origin, f"line {block.line + number}", found, expected, remedy))
    start, end = parse_time(match["start"]), parse_time(match["end"])
    if end < start:
        found = f"a cue that ends ({match['end']}) before it starts ({match['start']})"
        raise TranscriptError(Problem(origin, f"line {block.line}", found, "times that run forwards", "Mend the cue's times."))
    for speaker, words in _voices(block.lines[1:], names):
        if words:
            yield Turn(speaker, words, time_start=start, time_end=end)


def speaker_names(blocks: Sequence[Block]) -> frozenset[str]:
    """What stands before a colon and names a speaker: it does so twice, or nine captions in ten begin with such a label."""
    cues = ["\n".join(block.lines[n + 1 :]) for block in blocks for n, line in enumerate(block.lines) if "-->" in line]
    said = [words for cue in cues for part in _SOMEBODY.split(cue) if (words := _plain(part))]
    labels = [label["speaker"].strip() for words in said if (label := _LABEL.fullmatch(words))]
    times = Counter(name.casefold() for name in labels)
    throughout = len(labels) >= 3 and len(labels) >= 0.9 * len(said)
    return frozenset(name for name in labels if may_be_a_name(name) and (throughout or times[name.casefold()] > 1))


def _voices(lines: list[str], names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Who says what in one cue: by `<v Name>`, by `Name: words`, or by a dash for a new speaker whose name is not known."""
    payload = "\n".join(lines)
    spans = list(_VOICE.finditer(payload))
    if spans:
        yield "", _plain(payload[: spans[0].start()])
        for span, following in zip(spans, [*spans[1:], None], strict=True):
            yield _plain(span["speaker"]), _plain(payload[span.end() : following.start() if following else len(payload)])
        return
    for part in _SOMEBODY.split(payload):
        words = _plain(part)
        label = _LABEL.fullmatch(words)
        yield (label["speaker"].strip(), label["words"]) if label and label["speaker"].strip() in names else ("", words)


def _plain(payload: str) -> str:
    return normalise(" ".join(unescape(_TAG.sub("", payload)).split()))
