"""Texts that were read before are found by the content of their files, and only by that."""

import json

import pytest

from engagement_lib.loading import cache as module
from engagement_lib.loading.cache import TextCache
from engagement_lib.study import open_study

SECTION = 'title = "Pilot"\n[[transcripts]]\nfiles = "*.txt"\ninterviewers = ["Helen"]\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "P01.txt").write_text("Helen: Pwy?\nP01: Neb.\nHelen: Oes?\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(SECTION, encoding="utf-8")
    return tmp_path


def kept(folder):
    return json.loads((folder / ".cache" / "texts.json").read_text(encoding="utf-8"))


def test_a_text_is_not_read_twice(folder, monkeypatch):
    before = open_study(folder).sources
    monkeypatch.setattr("engagement_lib.loading.transcripts.READERS", {})
    assert open_study(folder).sources.equals(before)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "P01.txt").write_text("Helen: Pwy?\nP01: Pawb.\nHelen: Oes?\n", encoding="utf-8"),
        lambda folder: (folder / "study.toml").write_text(SECTION.replace("Helen", "P01"), encoding="utf-8"),
        lambda folder: (folder / "P01.txt").rename(folder / "P02.txt"),
    ],
    ids=["another content", "another role", "another name"],
)
def test_what_changed_is_read_anew_and_the_old_is_forgotten(folder, change):
    before = open_study(folder).sources
    keys = set(kept(folder))
    change(folder)
    assert not open_study(folder).sources.equals(before)
    assert len(kept(folder)) == 1
    assert not keys & set(kept(folder))


def test_another_version_of_the_readers_reads_anew(folder, monkeypatch):
    open_study(folder)
    keys = set(kept(folder))
    monkeypatch.setattr(module, "_fingerprint", lambda: "another")
    open_study(folder)
    assert not keys & set(kept(folder))


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_cache_that_cannot_be_read_is_made_anew(folder, content):
    before = open_study(folder).sources
    (folder / ".cache" / "texts.json").write_text(content, encoding="utf-8")
    assert open_study(folder).sources.equals(before)
    assert len(kept(folder)) == 1


def test_a_folder_that_cannot_be_written_to_is_read_all_the_same(folder):
    (folder / ".cache").write_text("a file where the folder should be", encoding="utf-8")
    assert len(open_study(folder).sources) == 1


def test_nothing_is_written_where_nothing_changed(folder):
    open_study(folder)
    written = (folder / ".cache" / "texts.json").stat().st_mtime_ns
    open_study(folder)
    assert (folder / ".cache" / "texts.json").stat().st_mtime_ns == written


def test_a_file_with_a_fault_is_not_kept(tmp_path):
    cache = TextCache(tmp_path)
    with pytest.raises(ValueError, match="broken"):
        cache.find(b"", {}, lambda: (_ for _ in ()).throw(ValueError("broken")))
    cache.save()
    assert not (tmp_path / ".cache").exists()
