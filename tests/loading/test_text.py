"""Bytes to text, whatever wrote them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TableError, TranscriptError
from engagement_lib.loading.text import decode, describe_decoding, normalise, read_bytes, sha256

WORDS = "Siân: dim syniad 🙈\nعمر: لا أحد يرد\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_every_usual_encoding(encoding):
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    assert decode((mark + WORDS).encode(encoding), origin="a.txt") == WORDS


def test_bytes_that_are_not_unicode_are_read_as_windows_1252():
    assert decode("“Café” – £5".encode("cp1252"), origin="a.txt") == "“Café” – £5"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("受访者：说实话，我们不知道谁在用。", "gb18030"),
        ("Никто не знает, честно говоря.", "cp1251"),
        ("Κανείς δεν ξέρει ποιος τα χρησιμοποιεί, για να είμαι ειλικρινής.", "cp1253"),
    ],
)
def test_bytes_that_can_hardly_be_of_a_western_language_are_read_as_what_they_are_likelier_to_be(text, encoding):
    assert decode(text.encode(encoding), origin="a.txt") == text
    assert describe_decoding(text.encode(encoding), origin="a.txt") == f"{encoding} made UTF-8"


def test_a_file_put_together_from_two_is_read_line_by_line():
    data = "P1: “Siân” – dim.\n".encode() + "P2: £5, naïve.\r\n".encode("cp1252")
    assert decode(data, origin="a.txt") == "P1: “Siân” – dim.\nP2: £5, naïve.\n"
    assert describe_decoding(data, origin="a.txt") == "UTF-8 and Windows-1252 by turns made UTF-8; CRLF made LF"


@pytest.mark.parametrize(
    ("data", "changes"),
    [
        (b"plain\n", ""),
        ("\ufeffSi\u00e2n".encode(), "marks of byte order taken out"),
        ("Sia\u0302n\r".encode(), "CR made LF; characters composed"),
        ("Siân".encode("utf-16"), "utf-16 made UTF-8"),
    ],
)
def test_what_was_normalised_is_said(data, changes):
    assert describe_decoding(data, origin="a.txt") == changes


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_every_newline_becomes_lf(newline):
    assert decode(f"one{newline}{newline}two{newline}".encode(), origin="a.txt") == "one\n\ntwo\n"


def test_an_accent_that_follows_its_letter_is_composed_with_it():
    assert decode("Sia\u0302n".encode(), origin="a.txt") == "Si\u00e2n"


def test_a_byte_order_mark_within_the_text_is_taken_out():
    assert normalise("one\ufefftwo") == "onetwo"


def test_joiners_and_directions_stay_since_words_need_them():
    assert normalise("👩‍🔬 \u200fأ") == "👩‍🔬 \u200fأ"


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_a_normalised_text_has_lf_and_composed_characters_only(text):
    assert "\r" not in normalise(text)
    assert "\ufeff" not in normalise(text)
    assert unicodedata.is_normalized("NFC", normalise(text))


@pytest.mark.parametrize("data", [b"a\x00b", "no mark".encode("utf-16-le"), b"\xff\xfe\x00", b"\x81\x8d", b"PK\x03\x04\x00\xff"])
def test_bytes_that_are_not_text_are_named(data):
    with pytest.raises(TranscriptError, match=r"^a\.txt: found bytes that are not text; expected UTF-8, UTF-16 or Windows-1252"):
        decode(data, origin="a.txt")


def test_a_missing_file_is_named_with_its_folder(tmp_path):
    with pytest.raises(TranscriptError) as caught:
        read_bytes(tmp_path / "interviews" / "P01.txt")
    assert str(caught.value) == ("P01.txt: found no such file; expected a file in interviews/. Put it there, or mend its name.")


def test_a_missing_file_beside_the_reader_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TranscriptError, match=r"expected a file in \./"):
        read_bytes(tmp_path.relative_to(tmp_path) / "P01.txt")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(TranscriptError, match="found a folder; expected a file"):
        read_bytes(tmp_path)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\x00\x00"])
def test_an_empty_file_is_named(write, data):
    with pytest.raises(TableError, match=r"^cases\.csv: found an empty file; expected some words"):
        read_bytes(write("cases.csv", data), error=TableError)


def test_bytes_come_as_they_are(write):
    assert read_bytes(write("a.txt", b"\xef\xbb\xbfone\r\n")) == b"\xef\xbb\xbfone\r\n"


def test_a_text_has_the_hash_of_its_utf_8_bytes():
    assert sha256("é") == sha256(b"\xc3\xa9") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
