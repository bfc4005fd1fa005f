"""Rich text."""

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.loading.rtf import read_rtf, rtf_text


def problem(data):
    with pytest.raises(TranscriptError) as caught:
        read_rtf(data, origin="P01.rtf")
    return str(caught.value)


def test_paragraphs_that_begin_with_a_name_are_turns():
    data = rb"{\rtf1\ansi\ansicpg1252\deff0 Si\'e2n: Pwy?\par P1: Dim \u128584? syniad.\line Dim.\par Si\'e2n: Wir?\par}"
    assert [(turn.speaker, turn.words) for turn in read_rtf(data, origin="P01.rtf").turns] == [
        ("Siân", "Pwy?"),
        ("P1", "Dim 🙈 syniad.\nDim."),
        ("Siân", "Wir?"),
    ]


def test_what_only_looks_is_not_read():
    assert rtf_text(rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator Riched20;}\b Helo\b0 , chi.}", origin="C01.rtf") == "Helo, chi."


def test_what_is_no_rich_text_is_named():
    assert problem(b"PK\x03\x04") == (
        "P01.rtf: found b'PK\\x03\\x04'; expected a .rtf file. Open it in Word or LibreOffice and save it again."
    )


def test_bytes_that_the_named_encoding_does_not_know_are_named():
    assert "characters that cannot be read" in problem(rb"{\rtf1\ansi\ansicpg1252 \'81}")
