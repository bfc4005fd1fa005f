"""What speech recognisers write as JSON: Whisper and WhisperX, and both schemas of AWS Transcribe.

`SCHEMAS` is the registry: another recogniser is a model of its file, what makes its turns, the keys that are read, and a line.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.account import SPEAKER, STRUCTURE, TIME, WORDS, Reading, account_of_rows
from engagement_lib.loading.captions import join_turns
from engagement_lib.loading.text import decode, normalise

# What is in a file and no part of a turn; the numbers in lists that lead to a value, but for which of several guesses it is.
_WHOLE: Final = "the words again, as a whole"
_NOT_READ: Final = "value that is not read"
_NUMBERS: Final = re.compile(r"(?<!alternatives)\.\d+(?=\.|$)")
Seconds = Annotated[FiniteFloat, Field(ge=0)]


class _Part(BaseModel):
    """A part of a file, of which only the fields named are read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _WhisperSegment(_Part):
    start: Seconds
    end: Seconds
    text: str
    speaker: str = ""


class _Whisper(_Part):
    segments: tuple[_WhisperSegment, ...]
    text: str | None = None


class _Word(_Part):
    content: str


class _Item(_Part):
    alternatives: tuple[_Word, ...] = Field(min_length=1)
    type: str = "pronunciation"
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    speaker_label: str = ""

    @property
    def said(self) -> str:
        return normalise(self.alternatives[0].content)


class _LabelledItem(_Part):
    start_time: Seconds
    speaker_label: str = ""


class _LabelledSegment(_Part):
    speaker_label: str
    items: tuple[_LabelledItem, ...] = ()


class _SpeakerLabels(_Part):
    segments: tuple[_LabelledSegment, ...] = ()


class _Channel(_Part):
    channel_label: str
    items: tuple[_Item, ...]


class _ChannelLabels(_Part):
    channels: tuple[_Channel, ...]


class _Whole(_Part):
    transcript: str


class _Results(_Part):
    items: tuple[_Item, ...]
    transcripts: tuple[_Whole, ...] = ()
    speaker_labels: _SpeakerLabels = _SpeakerLabels()
    channel_labels: _ChannelLabels | None = None


class _Transcribe(_Part):
    results: _Results


class _CallTurn(_Part):
    content: str = Field(alias="Content")
    role: str = Field(alias="ParticipantRole")
    begin: Seconds = Field(alias="BeginOffsetMillis")
    end: Seconds = Field(alias="EndOffsetMillis")


class _Call(_Part):
    turns: tuple[_CallTurn, ...] = Field(alias="Transcript")


def read_speech_json(data: bytes, *, origin: str) -> Reading:
    """The turns in a speech recogniser's file: what is said in a row by one speaker is one turn.

    Without speakers, words are joined to the end of a sentence. Confidences, tokens and alternatives are not read.

    Raises
    ------
    TranscriptError
        Where the file is not JSON, is of no schema in `SCHEMAS`, lacks a word or a time, or says something else as a whole than
        its words do.

    Examples
    --------
    >>> said = b'{"segments": [{"start": 0, "end": 1.5, "text": " Hello", "speaker": "SPEAKER_00"}]}'
    >>> read_speech_json(said, origin="P01.json").turns
    [Turn(speaker='SPEAKER_00', words='Hello', role='unknown', time_start=0.0, time_end=1.5, start=0, end=0)]
    """
    content = _parse(decode(data, origin=origin), origin)
    for schema in SCHEMAS:
        if isinstance(content, dict) and schema.signs(content):
            try:
                said = list(schema.make(schema.model.model_validate(content), origin))
            except ValidationError as fault:
                raise TranscriptError([_problem(error, origin) for error in fault.errors()[:20]]) from fault
            account = account_of_rows([(f"{path}:", STRUCTURE), (value, schema.became(path))] for path, value in _values(content))
            return Reading(list(join_turns(turn for turn in said if turn.words)), account)
    found = f"the keys {', '.join(sorted(content)[:6])}" if isinstance(content, dict) else type(content).__name__
    expected = "a transcript by Whisper, WhisperX or AWS Transcribe"
    raise TranscriptError(Problem(origin, "", found, expected, "Export it as captions (.vtt) or text."))


def _whisper(file: _Whisper, origin: str) -> Iterator[Turn]:
    said = "".join(segment.text for segment in file.segments)
    if file.text is not None and said.split() != file.text.split():
        raise _not_the_whole(origin, "segments")
    for segment in file.segments:
        words = normalise(" ".join(segment.text.split()))
        yield Turn(normalise(segment.speaker.strip()), words, time_start=segment.start, time_end=segment.end)


def _transcribe(file: _Transcribe, origin: str) -> Iterator[Turn]:
    results = file.results
    whole = Counter(" ".join(part.transcript for part in results.transcripts).split())
    channels = results.channel_labels.channels if results.channel_labels else ()
    if channels:
        said = sorted((turn for part in channels for turn in _spoken(part.items, {}, part.channel_label)), key=_begin)
    else:
        labels = {item.start_time: part.speaker_label for part in results.speaker_labels.segments for item in part.items}
        said = list(_spoken(results.items, labels))
    if whole and Counter(" ".join(turn.words for turn in said).split()) != whole:
        raise _not_the_whole(origin, "items")
    yield from said


def _spoken(items: tuple[_Item, ...], labels: dict[float, str], speaker: str = "") -> Iterator[Turn]:
    """A turn for each word with the punctuation that follows it, which has no times of its own."""
    current: Turn | None = None
    for item in items:
        if item.type == "punctuation" and current is not None:
            current = replace(current, words=current.words + item.said)
            continue
        if current is not None:
            yield current
        who = item.speaker_label or speaker or (labels.get(item.start_time, "") if item.start_time is not None else "")
        current = Turn(who, item.said, time_start=item.start_time, time_end=item.end_time)
    if current is not None:
        yield current


def _call(file: _Call, _origin: str) -> Iterator[Turn]:
    for turn in file.turns:
        words = normalise(" ".join(turn.content.split()))
        yield Turn(normalise(turn.role.strip()), words, time_start=turn.begin / 1000, time_end=turn.end / 1000)


def _begin(turn: Turn) -> float:
    return turn.time_start or 0.0


def _parse(text: str, origin: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, origin))
    except json.JSONDecodeError as fault:
        place, remedy = f"line {fault.lineno}, character {fault.colno}", "Look whether the file is whole, and export it again."
        raise TranscriptError(Problem(origin, place, f"what is not JSON ({fault.msg})", "JSON", remedy)) from fault
    except RecursionError as fault:
        raise TranscriptError(Problem(origin, "", "JSON nested without end", "a transcript", "Export it again.")) from fault


def _object(pairs: list[tuple[str, Any]], origin: str) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        remedy = "Look which of them is meant, and take the other out."
        raise TranscriptError(Problem(origin, f"key '{twice}'", "two values", "one", remedy))
    return content


def _problem(error: Any, origin: str) -> Problem:
    path = ".".join(str(part) for part in error["loc"])
    found = "nothing" if error["type"] == "missing" else repr(error["input"])[:60]
    return Problem(origin, f"key '{path}'", found, error["msg"].removeprefix("Input should be "), "Export it again.")


def _not_the_whole(origin: str, parts: str) -> TranscriptError:
    found, expected = f"{parts} that do not make up the transcript", "the same words in both"
    return TranscriptError(Problem(origin, "", found, expected, "Look whether the file was edited, and export it again."))


def _values(content: Any) -> Iterator[tuple[str, str]]:
    """The values of a file, each with the keys that lead to it."""
    held = [("", content)]
    while held:
        path, value = held.pop()
        if isinstance(value, dict):
            held += [(f"{path}.{key}", part) for key, part in reversed(value.items())]
        elif isinstance(value, list):
            held += [(f"{path}.{number}", part) for number, part in reversed(list(enumerate(value)))]
        else:
            yield path[1:], normalise("" if value is None else str(value))


@dataclass(frozen=True)
class _Schema:
    """How a recogniser's file is known, checked and read; `kinds` are its keys that are read, without the numbers in lists."""

    signs: Callable[[dict[str, Any]], bool]
    model: type[BaseModel]
    make: Callable[..., Iterator[Turn]]
    kinds: dict[str, str]

    def became(self, path: str) -> str:
        """What the value with these keys became."""
        return self.kinds.get(_NUMBERS.sub("", path), _NOT_READ)


def _has_channels(content: dict[str, Any]) -> bool:
    """Whether a file by Transcribe gives its words channel by channel."""
    results = content["results"]
    labels = results.get("channel_labels") if isinstance(results, dict) else None
    return isinstance(labels, dict) and bool(labels.get("channels"))


_ITEM: Final = {"alternatives.0.content": WORDS, "start_time": TIME, "end_time": TIME, "speaker_label": SPEAKER}
_BY_CHANNEL: Final = {
    **{f"results.channel_labels.channels.items.{key}": kind for key, kind in _ITEM.items()},
    "results.channel_labels.channels.channel_label": SPEAKER,
    "results.items.alternatives.0.content": _WHOLE,
    "results.transcripts.transcript": _WHOLE,
}
_BY_SPEAKER: Final = {
    **{f"results.items.{key}": kind for key, kind in _ITEM.items()},
    **{f"results.speaker_labels.segments.items.{key}": kind for key, kind in _ITEM.items()},
    "results.speaker_labels.segments.speaker_label": SPEAKER,
    "results.transcripts.transcript": _WHOLE,
}
_SEGMENTS: Final = {
    "segments.text": WORDS,
    "segments.speaker": SPEAKER,
    "segments.start": TIME,
    "segments.end": TIME,
    "text": _WHOLE,
}
_TURNS: Final = {"Content": WORDS, "ParticipantRole": SPEAKER, "BeginOffsetMillis": TIME, "EndOffsetMillis": TIME}
SCHEMAS: Final = (
    _Schema(lambda content: "segments" in content, _Whisper, _whisper, _SEGMENTS),
    _Schema(
        lambda content: {"results", "jobName"} <= content.keys() and _has_channels(content), _Transcribe, _transcribe, _BY_CHANNEL
    ),
    _Schema(lambda content: {"results", "jobName"} <= content.keys(), _Transcribe, _transcribe, _BY_SPEAKER),
    _Schema(lambda content: "Transcript" in content, _Call, _call, {f"Transcript.{key}": kind for key, kind in _TURNS.items()}),
)
