"""A transcript to a source, whatever its format."""

import os
import unicodedata
from html import escape

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError, TranscriptError
from engagement_lib.loading.opendocument import read_opendocument
from engagement_lib.loading.plain import read_plain
from engagement_lib.loading.srt import read_srt
from engagement_lib.loading.text import sha256
from engagement_lib.loading.transcripts import READERS, TEXTS, read_transcript, read_turns
from engagement_lib.loading.vtt import read_vtt
from engagement_lib.loading.word import read_word

INTERVIEW = "Interview 3\nHelen: Pwy?\nP01: Siân 🙈\nHELEN: لماذا؟\nP01: Dim syniad."


def problem(path, read=read_transcript, **options):
    with pytest.raises(TranscriptError) as caught:
        read(path, **options)
    return str(caught.value)


def headers(source):
    return [line for line in source.loc[0, "text"].split("\n") if line.endswith("]")]


def test_an_interview_is_one_source_in_the_layout_of_transcripts(write):
    path = write("P01_March.txt", INTERVIEW)
    text = (
        "Helen [interviewer]\nPwy?\n\nP01 [participant]\nSiân 🙈\n\nHELEN [interviewer]\nلماذا؟\n\nP01 [participant]\nDim syniad."
    )
    expected = pd.DataFrame(
        {
            "source_id": ["P01"],
            "case_id": "P01",
            "kind": "interview",
            "question": "",
            "wave": "2",
            "level": "raw",
            "text": text,
            "text_sha256": sha256(text),
            "file_sha256": sha256(path.read_bytes()),
            "origin": "P01_March.txt",
            "reason": "",
            "normalised": "",
        },
        dtype="str",
    )
    assert_frame_equal(read_transcript(path, source_id="P01", case_id="P01", wave="2", interviewers=["Helen"]), expected)


def test_a_source_is_named_after_its_file_where_no_id_is_given(write):
    assert read_transcript(str(write("P01.txt", INTERVIEW))).loc[0, "source_id"] == "P01"


def test_interviewers_and_moderators_are_known_however_their_names_are_spelt(write):
    path = write("W1.txt", "Zoë: Croeso.\nTOM: Diolch.\nBev: Helo.\nZoë: So.\nTom: Yes.\nBev: No.")
    source = read_transcript(path, kind="webinar", moderators=["zoe\u0308"], interviewers=["Tom"])
    assert headers(source) == [f"{who}]" for who in ("Zoë [moderator", "TOM [interviewer", "Bev [participant")] + [
        "Zoë [moderator]",
        "Tom [interviewer]",
        "Bev [participant]",
    ]


@pytest.mark.parametrize("role", ["unknown", "participant"])
def test_words_by_nobody_have_the_role_that_the_study_gives_them(write, role):
    path = write("P01.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nDim syniad.")
    assert read_transcript(path, unlabelled_role=role).loc[0, "text"] == f"[{role}] 0:00:01–0:00:02\nDim syniad."


@pytest.mark.parametrize("name", ["C01.txt", "C01.md", "C01.docx"])
def test_a_comment_is_kept_as_it_stands(write, word_file, name):
    lines = ["Dear all,", "", "One: nobody rings back 🙈.", "Two: Siân."]
    data = word_file(lines) if name.endswith("docx") else "\r\n".join(["", *lines, ""]).encode()
    source = read_transcript(write(name, data), kind="comment", case_id="C01")
    assert source[["kind", "case_id", "text"]].to_numpy().tolist() == [["comment", "C01", "\n".join(lines)]]


def test_a_kind_that_there_is_not_is_refused(write):
    with pytest.raises(TableError, match="found kind 'diary'; expected one of interview, webinar, survey, comment"):
        read_transcript(write("P01.txt", INTERVIEW), kind="diary")


@pytest.mark.parametrize("suffix", READERS)
def test_a_missing_transcript_is_named(tmp_path, suffix):
    assert problem(tmp_path / f"P01{suffix}").startswith(f"P01{suffix}: found no such file")


@pytest.mark.parametrize("suffix", READERS)
def test_an_empty_transcript_is_named(write, suffix):
    assert problem(write(f"P01{suffix}", b"")).startswith(f"P01{suffix}: found an empty file")


@pytest.mark.parametrize(("name", "data"), [("P01.txt", b"\xef\xbb\xbf\n"), ("P01.vtt", b"WEBVTT\n")])
def test_a_transcript_without_words_is_named(write, name, data):
    assert problem(write(name, data)).startswith(f"{name}: found no words; expected at least one turn")


def test_a_comment_without_words_is_named(write):
    assert problem(write("C01.txt", b"\xef\xbb\xbf\n"), kind="comment").startswith("C01.txt: found no words")


@pytest.mark.parametrize("name", ["P01.mp3", "P01.mp4"])
def test_a_format_without_a_reader_is_named_with_those_that_have_one(write, name):
    suffix = name.removeprefix("P01")
    expected = f"{name}: found a format without a reader ('{suffix}'); expected {', '.join(READERS)}. Save it as one of these."
    assert problem(write(name, b"ID3")) == expected


def test_a_folder_is_no_transcript(tmp_path):
    assert problem(tmp_path, read=read_turns) == f"{tmp_path.name}: found a folder; expected a file. Name the file itself."


@pytest.mark.parametrize("name", ["survey.csv", "survey.TSV"])
def test_a_survey_among_transcripts_is_told_where_it_belongs(write, name):
    assert problem(write(name, "ref,why")).endswith("name a survey under [[surveys]] in study.toml.")


def test_a_comment_in_a_format_without_a_reader_is_named(write):
    said = problem(write("C01.vtt", b"WEBVTT"), kind="comment")
    assert said.endswith("expected .txt, .md, .docx, .odt, .rtf, .pdf. Save it as one of these.")


def test_a_corrupt_word_file_is_named(write):
    assert problem(write("P01.docx", b"PK\x03\x04 and then nothing")).startswith("P01.docx: found bytes that cannot be unpacked")


def test_capitals_in_the_ending_do_not_matter(write):
    assert len(read_turns(write("P01.TXT", INTERVIEW)).turns) == 4


def test_what_was_set_aside_can_be_looked_into(write):
    assert read_turns(str(write("P01.txt", INTERVIEW))).set_aside == [(1, "Interview 3", "title above the first turn")]


def test_every_format_of_comments_is_one_of_transcripts():
    assert set(TEXTS) <= set(READERS)


WORDS = st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "M"]), min_size=1), min_size=1, max_size=4).map(
    lambda words: unicodedata.normalize("NFC", " ".join(words))
)
NAMES = st.lists(st.sampled_from(["Ann", "Zoë", "محمد", "Siân (ONS)", "P01", "SPEAKER_00"]), min_size=2, max_size=2, unique=True)


@settings(deadline=None, max_examples=25)
@given(NAMES, st.lists(WORDS, min_size=4, max_size=6))
def test_the_same_turns_in_plain_text_word_and_captions_are_the_same_turns(word_file, odt_file, names, words):
    turns = [(names[number % 2], line) for number, line in enumerate(words)]
    lines = [f"{name}: {line}" for name, line in turns]
    cues = [f"00:00:0{n}.000 --> 00:00:0{n}.500\n<v {name}>{escape(line)}</v>" for n, (name, line) in enumerate(turns)]
    numbered = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\n{name}: {escape(line)}" for n, (name, line) in enumerate(turns)]
    readings = [
        read_plain("\n\n".join(lines).encode(), origin="P01.txt"),
        read_plain("\r\n".join(lines).encode("utf-16"), origin="P01.md"),
        read_word(word_file(lines), origin="P01.docx"),
        read_opendocument(odt_file(lines), origin="P01.odt"),
        read_vtt("\n\n".join(["WEBVTT", *cues]).encode(), origin="P01.vtt"),
        read_srt("\n\n".join(numbered).encode(), origin="P01.srt"),
    ]
    assert [[(turn.speaker, turn.words) for turn in reading.turns] for reading in readings] == [turns] * 6


def test_what_is_too_large_to_be_a_transcript_is_not_read(tmp_path):
    path = tmp_path / "P01.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert problem(path).startswith("P01.txt: found 200 MB; expected a transcript of at most 100 MB.")


def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "P01.txt"
    os.mkfifo(path)
    assert problem(path) == "P01.txt: found a device or a pipe; expected a file. Copy what it gives to a file."
