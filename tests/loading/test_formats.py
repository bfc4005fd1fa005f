"""Which format a file is of."""

import json

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.loading.formats import find_format
from engagement_lib.loading.transcripts import READERS, read_turns

KNOWN = tuple(READERS)
SRT = b"1\r\n00:00:01,000 --> 00:00:02,000\r\nYes.\r\n"


@pytest.mark.parametrize(
    ("data", "name", "ending"),
    [
        (b"Ann: Hello", "P01.TXT", ".txt"),
        (b"Ann: Hello", "P01", ""),
        (b"\xef\xbb\xbfWEBVTT\n", "captions.txt", ".vtt"),
        (b"WEBVTTED", "captions.txt", ".txt"),
        (SRT, "P01", ".srt"),
        (b"%PDF-1.7", "P01.download", ".pdf"),
        (b"{\\rtf1", "P01.txt", ".rtf"),
        (b'{"segments": []}', "P01.md", ".json"),
        (b'<?xml version="1.0"?>\n<ANNOTATION_DOCUMENT A="1">', "P01.xml", ".eaf"),
        (b"PK\x03\x04 and then nothing", "P01.docx", ".docx"),
        (b"speaker,text", "P01.csv", ".csv"),
    ],
)
def test_the_content_says_more_than_a_name_that_says_nothing(data, name, ending):
    assert find_format(data, name, known=KNOWN) == ending


def test_an_archive_is_known_by_its_parts(word_file, odt_file, workbook):
    files = [word_file(["Ann: Hello"]), odt_file(["Ann: Hello"]), workbook(Turns=[["text"]])]
    assert [find_format(data, "P01.zip", known=KNOWN) for data in files] == [".docx", ".odt", ".xlsx"]


def test_a_content_that_the_name_denies_is_named_with_both(write):
    with pytest.raises(TranscriptError) as caught:
        read_turns(write("P01.docx", b"%PDF-1.7"))
    assert str(caught.value) == (
        "P01.docx: found a file whose content is .pdf; expected .docx, as its name says. "
        "Give it a name that ends in .pdf, or export it again."
    )


def test_a_format_that_cannot_be_read_is_left_to_its_name():
    assert find_format(b"%PDF-1.7", "P01.txt", known=(".txt",)) == ".txt"


def test_captions_saved_as_text_are_read_as_captions(write):
    path = write("P01.txt", json.dumps({"segments": [{"start": 0, "end": 1, "text": "Hello."}]}))
    assert [turn.words for turn in read_turns(path).turns] == ["Hello."]
