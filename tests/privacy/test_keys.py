import stat

import pytest

from engagement_lib.errors import StudyError
from engagement_lib.privacy.keys import check_apart, new_key, read_key, write_apart

KEY = "a7c1e05b9d2f48366e8d0b7f1c95a234"


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "pilot.key"
    path.write_text(f"  {KEY}\r\n")
    return path


def test_a_key_is_read_without_the_white_space_around_it(key):
    assert read_key(key) == KEY.encode()


def test_a_new_key_is_long_its_own_and_for_its_owner_alone(tmp_path):
    one, other = new_key(tmp_path / "one.key"), new_key(str(tmp_path / "other.key"))
    assert len(read_key(one)) == 64
    assert read_key(one) != read_key(other)
    assert stat.S_IMODE(one.stat().st_mode) == 0o600


def test_a_key_is_never_written_over(key):
    with pytest.raises(StudyError, match=r"pilot.key: found a file of this name; expected a new one"):
        new_key(key)
    assert read_key(key) == KEY.encode()


def test_a_key_is_not_made_in_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StudyError, match="no folder 'nowhere'"):
        new_key(tmp_path / "nowhere" / "pilot.key")


def test_a_key_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StudyError, match="no such file"):
        read_key(tmp_path / "pilot.key")


@pytest.mark.parametrize(("held", "found"), [("short", "5 characters"), ("ab" * 40, "80 characters, 2 of them different")])
def test_a_key_that_can_be_guessed_is_refused(key, held, found):
    key.write_text(held)
    with pytest.raises(StudyError, match=found):
        read_key(key)


@pytest.mark.parametrize("where", [".", "deep/down"])
@pytest.mark.parametrize(("sign", "words"), [("study.toml", "in the study 'work'"), (".git", "under Git, in 'work'")])
def test_no_key_is_read_or_made_in_a_study_or_under_git(tmp_path, key, where, sign, words):
    folder = tmp_path / "work" / where
    folder.mkdir(parents=True)
    (tmp_path / "work" / sign).touch()
    (folder / "moved.key").write_bytes(key.read_bytes())
    with pytest.raises(StudyError, match=words):
        read_key(folder / "moved.key")
    with pytest.raises(StudyError, match=words):
        new_key(folder / "new.key")
    assert not (folder / "new.key").exists()


def test_a_link_from_outside_to_a_key_in_a_study_is_refused(tmp_path, key):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "study.toml").touch()
    key.replace(tmp_path / "work" / "pilot.key")
    key.symlink_to(tmp_path / "work" / "pilot.key")
    with pytest.raises(StudyError, match="in the study 'work'"):
        read_key(key)


def test_a_folder_may_be_named_that_is_to_become_a_study(tmp_path, key):
    assert check_apart(key, what="the key", study=tmp_path / "other") == key
    with pytest.raises(StudyError, match="expected the key outside of every study"):
        read_key(key, study=tmp_path)


def test_what_is_written_apart_is_just_what_was_given(tmp_path):
    assert write_apart(tmp_path / "log.csv", b"a\n", what="the log").read_bytes() == b"a\n"
