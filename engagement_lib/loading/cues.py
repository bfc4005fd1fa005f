"""The cues of caption files: where they part, who speaks in them and what is said. For WebVTT and SubRip."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise
from typing import Final, NamedTuple

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn, parse_time
from engagement_lib.loading.account import SPEAKER, STRUCTURE, TIME, WORDS, Account
from engagement_lib.loading.captions import ANOTHER_SPEAKS
from engagement_lib.loading.lines import may_be_a_name
from engagement_lib.loading.text import normalise

_TIME: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{3}"
_TIMING: Final = re.compile(rf"\s*(?P<start>{_TIME})\s+-->\s+(?P<end>{_TIME})(?:\s.*)?")
_LIKE_TIMES: Final = re.compile(r"\d:\d\d")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?\s+(?P<speaker>[^>]*)>")
_TAG: Final = r"</?(?:[bicuv]|ruby|rt|lang|\d[\d:.]*)(?:[.\s][^>]*)?>"
# Tags, which are not words, and character references, which spell them in another way (as `html.unescape` reads them).
_MARKUP: Final = re.compile(rf"{_TAG}|&(?:#\d+;?|#[xX][\da-fA-F]+;?|[^\t\n\f <&#;]{{1,32}};?)")
_LABEL: Final = re.compile(r"(?:(?:-|>>) )?(?P<speaker>[^\W_][^:<>]{0,59}):\s+(?P<words>\S.*)", re.DOTALL)
_INLINE_TIME: Final = re.compile(r"<(?:\d\d:)?\d\d:\d\d\.\d{3}>")
_FEW: Final = 3
_SOMEBODY: Final = re.compile(r"^(?=(?:-|>>|&gt;&gt;)\s)", re.MULTILINE)
# The same in text with `_covered` markup: the dash or >> of a new speaker, and a label up to its colon.
_COVERED_DASH: Final = re.compile(r"[\s\0]*(?:-|>\0*>)\0*")
_COVERED_LABEL: Final = re.compile(r"[\W_]*(?P<speaker>[^:]*):\0*")


class Line(NamedTuple):
    """A line of a file: its number, where it starts in the text, and what it holds."""

    number: int
    at: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.at + len(self.text)


Block = Sequence[Line]


def caption_blocks(text: str) -> Iterator[Block]:
    """Runs of lines that are not blank; a second line of times begins another."""
    block: list[Line] = []
    at, timed = 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        arrow, blank = "-->" in line, not line.strip()
        if block and (blank or (arrow and (timed or block[0].text.startswith("WEBVTT")))):
            yield block
            block, timed = [], False
        if not blank:
            block.append(Line(number, at, line))
            timed = timed or arrow
        at += len(line) + 1
    if block:
        yield block


def unroll(blocks: Sequence[Block], account: Account) -> list[Block]:
    """The cues without the lines that roll up the screen, which are set aside.

    Captions roll where they are spelt out word by word, or where most cues of two lines or more begin with the last line of the
    cue before. Then lines at the beginning of a cue that ended the one before it are not said again. Elsewhere nothing changes:
    somebody may say "No." twice.
    """
    written = [_spoken_lines(block) for block in blocks]
    tall = [(before, lines) for before, lines in pairwise(written) if len(lines) > 1]
    repeats = sum(bool(before) and _plain(before[-1].text) == _plain(lines[0].text) for before, lines in tall)
    word_by_word = any(_INLINE_TIME.search(line.text) for block in blocks for line in block if "-->" not in line.text)
    if not word_by_word and (repeats < _FEW or 2 * repeats < len(tall)):
        return list(blocks)
    unrolled, before = list[Block](), list[str]()
    for block, spoken in zip(blocks, written, strict=True):
        lines = [_plain(line.text) for line in spoken]
        if not lines:
            unrolled.append(block)
            continue
        again = max(n for n in range(min(len(lines), len(before)) + 1) if before[len(before) - n :] == lines[:n])
        first = len(block) - len(lines)
        for line in block[first : first + again]:
            account.take(line.at, line.end, "line that rolled up from the caption before")
        unrolled.append([*block[:first], *block[first + again :]])
        before = [line for line in lines if line] or before
    return unrolled


def _spoken_lines(block: Block) -> Block:
    """The lines of a cue below its times; none where the block is no cue."""
    times = next((number for number, line in enumerate(block) if "-->" in line.text), None)
    return [] if times is None else block[times + 1 :]


def read_cue(block: Block, names: frozenset[str], account: Account, *, origin: str) -> Iterator[Turn]:
    """What is said in a cue, a turn for each voice; its first line holds its times, and `names` are those of `speaker_names`.

    Raises
    ------
    TranscriptError
        Where it has no times, or times that run backwards: with its line.
    """
    first = block[0]
    match = _TIMING.fullmatch(first.text)
    if match is None:
        like_times = (line for line in block if _LIKE_TIMES.search(line.text))
        line = first if any("-->" in line.text for line in block) else next(like_times, first)
        found, expected = repr(line.text[:60]), "times such as 00:00:01.000 --> 00:00:02.500"
        remedy = "Mend the cue, or export the captions again."
        raise TranscriptError(Problem(origin, f"line {line.number}", found, expected, remedy))
    start, end = parse_time(match["start"]), parse_time(match["end"])
    if end < start:
        found = f"a cue that ends ({match['end']}) before it starts ({match['start']})"
        raise TranscriptError(Problem(origin, f"line {first.number}", found, "times that run forwards", "Mend the cue's times."))
    account.take(first.at, first.end, STRUCTURE)
    for clock in ("start", "end"):
        account.take(first.at + match.start(clock), first.at + match.end(clock), TIME)
    if len(block) > 1:
        for speaker, words in _voices(account, block[1].at, block[-1].end, names):
            if words:
                yield Turn(speaker, words, time_start=start, time_end=end)


def speaker_names(blocks: Sequence[Block]) -> frozenset[str]:
    """What stands before a colon and names a speaker: it does so twice, or nine captions in ten begin with such a label.

    Captions that name their speaker with `<v Name>` have no such label.
    """
    cues = ["\n".join(line.text for line in lines) for block in blocks if (lines := _spoken_lines(block))]
    said = [words for cue in cues if not _VOICE.search(cue) for part in _SOMEBODY.split(cue) if (words := _plain(part))]
    labels = [label["speaker"].strip() for words in said if (label := _LABEL.fullmatch(words))]
    times = Counter(name.casefold() for name in labels)
    throughout = len(labels) >= 3 and len(labels) >= 0.9 * len(said)
    return frozenset(name for name in labels if may_be_a_name(name) and (throughout or times[name.casefold()] > 1))


def _voices(account: Account, start: int, end: int, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Who says what in one cue: by `<v Name>`, by `Name: words`, or by a dash for a new speaker whose name is not known."""
    payload = account.text[start:end]
    spans = list(_VOICE.finditer(payload))
    if spans:
        yield "", _said(account, start, start + spans[0].start())
        for span, following in zip(spans, [*spans[1:], None], strict=True):
            account.take(start + span.start(), start + span.end(), STRUCTURE)
            account.take(start + span.start("speaker"), start + span.end("speaker"), SPEAKER)
            after = start + following.start() if following else end
            yield _plain(span["speaker"]), _said(account, start + span.end(), after, dashes=False)
        return
    cuts = [match.start() for match in _SOMEBODY.finditer(payload) if match.start()]
    for first, last in pairwise([0, *cuts, len(payload)]):
        label = _LABEL.fullmatch(_plain(payload[first:last])) if ":" in payload or "&" in payload else None
        covered = _COVERED_LABEL.match(_covered(payload[first:last])) if label and label["speaker"].strip() in names else None
        if label is None or covered is None:
            yield "", _said(account, start + first, start + last)
            continue
        at = start + first
        account.take(at, at + covered.end(), STRUCTURE)
        account.take(at + covered.start("speaker"), at + covered.end("speaker"), SPEAKER)
        yield label["speaker"].strip(), _said(account, at + covered.end(), start + last, dashes=False)


def _said(account: Account, start: int, end: int, *, dashes: bool = True) -> str:
    """The words between two places of the text; `dashes` where one may stand before them and say that somebody else speaks."""
    account.take(start, end, WORDS)
    payload = account.text[start:end]
    if "<" not in payload and "&" not in payload:
        words = _plain(payload)
    else:
        parts, at = [], 0
        for markup in _MARKUP.finditer(payload):
            parts.append(payload[at : markup.start()])
            at = markup.end()
            if payload[markup.start()] == "<":
                account.take(start + markup.start(), start + at, STRUCTURE)
            else:
                parts.append(unescape(markup.group()))
                account.take(start + markup.start(), start + at, WORDS, spelt=parts[-1])
        parts.append(payload[at:])
        words = normalise(" ".join("".join(parts).split()))
    if dashes and ANOTHER_SPEAKS.match(words) and (dash := _COVERED_DASH.match(_covered(payload))):
        account.take(start, start + dash.end(), STRUCTURE)
    return words


def _plain(payload: str) -> str:
    """The words in a caption without its tags, on one line."""
    if "<" in payload or "&" in payload:
        payload = _MARKUP.sub(lambda markup: "" if markup.group().startswith("<") else unescape(markup.group()), payload)
    return normalise(" ".join(payload.split()))


def _covered(payload: str) -> str:
    """The caption with NUL characters for its markup, but for the character that a reference spells."""

    def cover(markup: re.Match[str]) -> str:
        spelt = "" if markup.group().startswith("<") else unescape(markup.group())
        return spelt[:1].ljust(len(markup.group()), "\0")

    return _MARKUP.sub(cover, payload)
