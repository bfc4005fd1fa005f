"""Plain text and Markdown files."""

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.loading.plain import read_plain

TEXT = "I: Pwy?\r\nP1: Siân, dwi'n meddwl 🙈\r\n\r\nI: لماذا؟\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plain_text_is_read_whatever_saved_it(encoding):
    turns = read_plain(TEXT.encode(encoding), origin="a.txt").turns
    assert [(turn.speaker, turn.words) for turn in turns] == [("I", "Pwy?"), ("P1", "Siân, dwi'n meddwl 🙈"), ("I", "لماذا؟")]


def test_a_file_that_is_not_text_is_named():
    with pytest.raises(TranscriptError, match=r"^notes\.txt: found bytes that are not text"):
        read_plain(b"PK\x03\x04\x00\x00", origin="notes.txt")
