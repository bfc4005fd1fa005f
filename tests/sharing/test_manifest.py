"""What a release was made from and of."""

import hashlib
import json
import shutil
import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from finished_pages import FRAME
from sharing_demo import INTERVIEW, PASSAGE, make_study, place_of

from engagement_lib.sharing import manifest as module
from engagement_lib.sharing.manifest import manifest, write_manifest
from engagement_lib.sharing.revision import read_revision
from engagement_lib.tables import check_table

PLACE = place_of(INTERVIEW, PASSAGE, "P01")


@pytest.fixture
def release(tmp_path):
    """A folder with two files of a release in it, beside a study with a file."""
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "cases.csv").write_bytes(b"case_id\nP01\n")
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "index.html").write_bytes(b"<p>words</p>")
    (folder / "a.html").write_bytes(b"")
    return folder


def study_of(release, **options):
    study = make_study(release.parent / "study", cases="cases.csv", **options)
    sources = study.sources.assign(origin=["a.docx", "b.vtt", "s.xlsx", "s.xlsx"], file_sha256=["1", "2", "3", "3"])
    return replace(study, sources=sources)


def told(release, **options):
    return manifest(study_of(release, **options), release, FRAME)


def test_every_file_of_the_release_stands_in_it_with_size_and_hash(release):
    assert told(release)["files"] == [
        {"file": "a.html", "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()},
        {"file": "index.html", "bytes": 12, "sha256": hashlib.sha256(b"<p>words</p>").hexdigest()},
    ]


def test_the_team_reads_the_names_of_the_studys_files(release):
    cases = hashlib.sha256(b"case_id\nP01\n").hexdigest()
    assert told(release)["data"] == [
        {"holds": "cases", "file": "cases.csv", "sha256": cases},
        {"holds": "interview", "file": "a.docx", "sha256": "1"},
        {"holds": "survey", "file": "s.xlsx", "sha256": "3"},
        {"holds": "webinar", "file": "b.vtt", "sha256": "2"},
    ]


def test_others_read_what_the_files_hold_and_no_name(release):
    text = json.dumps(told(release, audience="public"))
    assert [one["holds"] for one in json.loads(text)["data"]] == ["cases", "interview", "survey", "webinar"]
    assert [name for name in ("a.docx", "b.vtt", "s.xlsx", "cases.csv", "P01", str(release.parent)) if name in text] == []


def test_the_team_reads_who_cleared_what_and_when(release):
    assert told(release, cleared=[PLACE])["cleared"] == [{"passage": PLACE, "by": "AB", "at": "2020-10-01"}]


def test_others_read_how_many_passages_each_of_how_many_people_cleared(release):
    study = study_of(release, audience="working-group")
    kinds = ["quote cleared"] * 4 + ["quote withdrawn"]
    rows = {"event_id": list("abcde"), "at": [f"2020-10-0{day}" for day in range(1, 6)], "author": ["CD", "AB", "AB", "CD", "CD"]}
    places = ["P01:0-5", "P01:6-9", "P01:10-20", "P01:30-40", "P01:30-40"]
    events = pd.DataFrame({**rows, "kind": kinds, "about_type": "passage", "about_id": places})
    study = replace(study, events=check_table("events", events))
    assert manifest(study, release, FRAME)["cleared"] == [
        {"by": "person 1", "passages": 2},
        {"by": "person 2", "passages": 1},
    ]


def test_thresholds_are_those_of_the_study_without_where_anything_lies(release):
    held = told(release, verdicts={"min_respondents": 7}, language={"weights": "/srv/weights"})["thresholds"]
    assert held["verdicts"]["min_respondents"] == 7
    assert held["quantifiers"]["most"] == (0.6, 0.9)
    assert "weights" not in held["language"]
    assert "contact" not in held


def test_the_version_of_the_codebook_moves_with_any_word_in_it(release):
    study = study_of(release)
    codebook = study.codebook.assign(definition=["Too little time", "Nobody answered"])
    before, after = (manifest(one, release, FRAME)["codebook"] for one in (study, replace(study, codebook=codebook)))
    assert before["version"] == before["sha256"][:12]
    assert before["version"] != after["version"]
    assert [code for code in before["codes"] if before["codes"][code] != after["codes"][code]] == ["no-reply"]


def test_software_is_the_packages_that_the_library_asks_for(release, monkeypatch):
    software = told(release)["software"]
    assert {"python", "pandas", "openpyxl", "python-docx"} <= software.keys()
    assert "pytest" not in software
    monkeypatch.setattr(module, "requires", lambda name: ["pandas >=3", "not-yet-installed >=1", "pytest ; extra == 'dev'"])
    assert told(release)["software"].keys() == {"python", "pandas"}
    monkeypatch.setattr(module, "requires", lambda name: None)
    assert told(release)["software"].keys() == {"python"}


def test_the_same_release_gives_the_same_bytes_but_for_the_time_passed_in(release):
    study = study_of(release)
    first = write_manifest(study, release, FRAME, made="2020-10-01").read_bytes()
    assert write_manifest(study, release, FRAME, made="2020-10-01").read_bytes() == first
    later = write_manifest(study, release, FRAME, made="2021-01-01").read_bytes()
    assert later == first.replace(b"2020-10-01", b"2021-01-01")
    assert str(release.parent).encode() not in first


def test_coded_answers_and_the_settings_are_files_of_the_study_too(release):
    folder = release.parent / "study"
    (folder / "study.toml").write_bytes(b"title = 'x'")
    (folder / "coded.csv").write_bytes(b"ref")
    (folder / "codings").mkdir()
    (folder / "codings" / "ab.csv").write_bytes(b"code")
    coded = [{"file": "coded.csv", "case": "ref", "question": "q", "codes": "c", "coder": "AB"}]
    held = told(release, coded_answers=coded, codings="codings/*.csv")["data"]
    assert {(one["holds"], one["file"]) for one in held} >= {
        ("settings", "study.toml"),
        ("coded answers", "coded.csv"),
        ("codings", "codings/ab.csv"),
    }


@pytest.mark.skipif(shutil.which("git") is None, reason="Git is not installed")
def test_a_folder_in_git_has_a_commit_and_perhaps_uncommitted_changes(tmp_path, monkeypatch):
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    (tmp_path / "a.txt").write_text("a")
    for words in (["init", "-q"], ["add", "a.txt"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
    clean = read_revision(tmp_path)
    assert (len(clean["commit"]), clean["uncommitted"]) == (40, False)
    (tmp_path / "a.txt").write_text("b")
    assert read_revision(tmp_path) == {"commit": clean["commit"], "uncommitted": True}


def test_a_folder_outside_git_has_no_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert read_revision(tmp_path) == {"commit": "", "uncommitted": None}
    monkeypatch.setenv("PATH", "")
    assert read_revision(tmp_path) == {"commit": "", "uncommitted": None}
