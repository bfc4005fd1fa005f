import pytest

from engagement_lib.errors import TableError
from engagement_lib.exchange.files import replace_file


def test_a_file_is_put_in_the_place_of_an_older_one(tmp_path):
    for data in (b"old and longer", b"new"):
        replace_file(tmp_path / "t.csv", data)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("t.csv", b"new")]


def test_a_write_that_fails_leaves_the_older_file_and_nothing_else(tmp_path, monkeypatch):
    replace_file(tmp_path / "t.csv", b"old")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        replace_file(tmp_path / "t.csv", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("t.csv", b"old")]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(TableError, match=r"t\.csv: found no folder 'gone'"):
        replace_file(tmp_path / "gone" / "t.csv", b"")


def test_a_folder_is_not_overwritten(tmp_path):
    with pytest.raises(TableError, match="found a folder"):
        replace_file(tmp_path, b"")
