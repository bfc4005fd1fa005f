"""What speech recognisers write as JSON."""

import json

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.speech_json import read_speech_json

WHISPER = {"segments": [{"start": 0.0, "end": 1.5, "text": " Who uses it,"}, {"start": 1.5, "end": 2, "text": " then?"}]}


def item(word, start=None, **more):
    kind = "punctuation" if start is None else "pronunciation"
    times = {} if start is None else {"start_time": str(start), "end_time": str(start + 0.5)}
    return {"alternatives": [{"content": word, "confidence": "0.9"}], "type": kind, **times, **more}


def transcribe(items, whole=None, **results):
    transcripts = [] if whole is None else [{"transcript": whole}]
    return {"jobName": "P01", "results": {"items": items, "transcripts": transcripts, **results}}


def turns(content):
    return read_speech_json(json.dumps(content).encode(), origin="P01.json").turns


def problem(content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(TranscriptError) as caught:
        read_speech_json(data, origin="P01.json")
    return str(caught.value)


def test_segments_of_whisper_are_joined_to_the_end_of_a_sentence():
    assert turns(WHISPER) == [Turn("", "Who uses it, then?", time_start=0.0, time_end=2.0)]


def test_segments_of_whisperx_are_turns_by_their_speakers():
    speakers = ["SPEAKER_00", "SPEAKER_01", "SPEAKER_01"]
    said = [{"start": n, "end": n + 1, "text": f" Word {n}.", "speaker": who} for n, who in enumerate(speakers)]
    assert turns({"segments": said, "word_segments": []}) == [
        Turn("SPEAKER_00", "Word 0.", time_start=0.0, time_end=1.0),
        Turn("SPEAKER_01", "Word 1. Word 2.", time_start=1.0, time_end=3.0),
    ]


def test_punctuation_of_transcribe_follows_its_word():
    items = [item("Dim", 0), item("syniad", 1), item("."), item("Helo", 2)]
    assert [turn.words for turn in turns(transcribe(items, "Dim syniad. Helo"))] == ["Dim syniad.", "Helo"]


def test_a_recording_without_words_gives_no_turns():
    assert turns(transcribe([], "")) == []


def test_speakers_of_transcribe_are_found_by_when_a_word_begins():
    spoken = [("spk_0", 0.0), ("spk_1", 1.0)]
    segments = [{"speaker_label": who, "items": [{"start_time": str(start)}]} for who, start in spoken]
    items = [item("Who", 0.0), item("?"), item("Me", 1.0), item("!")]
    said = turns(transcribe(items, "Who? Me!", speaker_labels={"speakers": 2, "segments": segments}))
    assert [(turn.speaker, turn.words) for turn in said] == [("spk_0", "Who?"), ("spk_1", "Me!")]


def test_a_speaker_that_stands_with_the_word_is_taken():
    said = turns(transcribe([item("Who", 0, speaker_label="spk_0"), item("Me", 1, speaker_label="spk_1")]))
    assert [(turn.speaker, turn.words) for turn in said] == [("spk_0", "Who"), ("spk_1", "Me")]


def test_channels_of_transcribe_are_put_in_the_order_of_their_times():
    channels = [
        {"channel_label": "ch_0", "items": [item("Who", 0), item("Oh", 2)]},
        {"channel_label": "ch_1", "items": [item("Me", 1)]},
    ]
    said = turns(transcribe([], "Who Oh Me", channel_labels={"channels": channels}))
    assert [(turn.speaker, turn.words) for turn in said] == [("ch_0", "Who"), ("ch_1", "Me"), ("ch_0", "Oh")]


def test_call_analytics_are_turns_by_role_in_seconds():
    said = {"Content": "Hello there.", "ParticipantRole": "AGENT", "BeginOffsetMillis": 40, "EndOffsetMillis": 1500}
    assert turns({"JobStatus": "COMPLETED", "Transcript": [said]}) == [
        Turn("AGENT", "Hello there.", time_start=0.04, time_end=1.5)
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WHISPER | {"text": "Who uses it, then? Nobody."}, "segments that do not make up the transcript"),
        (transcribe([item("Who", 0)], "Who? Me!"), "items that do not make up the transcript"),
        ({"segments": [{"start": 0, "end": 1}]}, "key 'segments.0.text': found nothing"),
        ({"segments": [{"start": -1, "end": 1, "text": "a"}]}, "key 'segments.0.start': found -1"),
        ({"segments": 3}, "key 'segments': found 3"),
        ({"b": 1, "a": 2}, "found the keys a, b; expected a transcript by Whisper"),
        ([1], "found list"),
        (b'{"segments": [', "line 1, character 15: found what is not JSON"),
        (b"[" * 100_000, "JSON nested without end"),
    ],
)
def test_what_is_no_transcript_is_named(content, said):
    assert said in problem(content)


def test_a_key_that_comes_twice_is_refused_by_name():
    assert "key 'text': found two values; expected one" in problem(b'{"text": "Yes.", "text": "No.", "segments": []}')
