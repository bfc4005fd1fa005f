"""Archives looked at before they are unpacked."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from engagement_lib.errors import TableError, TranscriptError
from engagement_lib.loading import archives
from engagement_lib.loading.archives import check_archive


def zipped(method=ZIP_DEFLATED, **parts):
    data = BytesIO()
    with ZipFile(data, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def problem(data, error=TableError):
    with pytest.raises(error) as caught:
        check_archive(data, origin="a.xlsx", expected="an .xlsx file", error=error)
    return str(caught.value)


def test_a_whole_archive_comes_back_as_it_is():
    data = zipped(one="1", two="2")
    assert check_archive(data, origin="a.xlsx", expected="an .xlsx file", error=TableError) == data


@pytest.mark.parametrize("error", [TableError, TranscriptError])
def test_bytes_that_are_no_archive_are_named(error):
    assert problem(b"words", error).startswith("a.xlsx: found bytes that cannot be unpacked (")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1 words}", "rich text (RTF)"),
        (b"\xd0\xcf\x11\xe0\xa1", "a file of an older Office (.doc, .xls), or one with a password"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(data, kind):
    assert problem(data) == (
        f"a.xlsx: found {kind}; expected an .xlsx file. Open it in the program that made it, and save it in this format."
    )


def test_an_archive_that_was_cut_off_is_named():
    data = zipped(one="words " * 99)
    assert "cannot be unpacked" in problem(data[: len(data) // 2])


def test_an_archive_that_has_lost_its_beginning_is_named():
    assert "cannot be unpacked (negative seek value" in problem(zipped(one="words " * 99)[9:])


def test_a_damaged_part_is_named():
    data = zipped(ZIP_STORED, one="words that will not be what they were")
    assert problem(data.replace(b"will not", b"were not")).startswith(
        "a.xlsx: found a damaged part 'one'; expected an .xlsx file"
    )


def test_an_encrypted_archive_is_named():
    data = bytearray(zipped(one="1"))
    for header in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.find(header) + (6 if header == b"PK\x03\x04" else 8)] |= 1
    assert "encrypted" in problem(bytes(data))


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    data = zipped(ZIP_STORED, one="0" * 1_000_001)
    assert problem(data) == (
        "a.xlsx: found 1 MB when unpacked, 1 times the size of the file; expected an .xlsx file of at most 1 MB and 150 times "
        "its size. Open it in the program that made it, and save it again or split it."
    )


def test_an_archive_packed_to_fill_the_memory_is_not_unpacked():
    assert "found 30 MB when unpacked, 1,0" in problem(zipped(one="0" * 30_000_000))


def test_a_small_file_may_be_packed_as_tightly_as_it_can():
    data = zipped(one="0" * 19_000_000)
    assert check_archive(data, origin="a.xlsx", expected="an .xlsx file", error=TableError) == data
