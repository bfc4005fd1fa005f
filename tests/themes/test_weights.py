import sys
import types
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models

from engagement_lib.errors import EngagementError
from engagement_lib.themes import weights
from engagement_lib.themes.weights import FILES, check_weights, fetch_weights, file_sha256, find_weights

with_weights = pytest.mark.skipif(
    find_weights() is None, reason="the weights of all-MiniLM-L6-v2 are not installed (see weights.lock)"
)

UNKNOWN = "[UNK]"


class HubError(Exception):
    """Stands in for what the hub raises."""


class Hub:
    """Stands in for the package huggingface_hub: gives files from a folder, and tells what it was asked for."""

    def __init__(self, source=None, error=None):
        self.source, self.error, self.asked = source, error, []
        self.errors = types.SimpleNamespace(HfHubHTTPError=HubError)

    def hf_hub_download(self, repository, name, *, local_dir):
        self.asked.append((repository, name))
        if self.error:
            raise self.error
        local_dir.mkdir(parents=True, exist_ok=True)
        (local_dir / name).write_bytes((self.source / name).read_bytes())

    def install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "huggingface_hub", self)
        monkeypatch.setitem(sys.modules, "huggingface_hub.errors", self.errors)
        return self


@with_weights
def test_what_is_missing_is_fetched_and_checked(tmp_path, monkeypatch):
    hub = Hub(find_weights()).install(monkeypatch)
    assert fetch_weights(tmp_path / "new") == [tmp_path / "new" / name for name in FILES]
    assert hub.asked == [("sentence-transformers/all-MiniLM-L6-v2", name) for name in FILES]


@with_weights
def test_what_is_there_is_checked_and_nothing_is_fetched(monkeypatch):
    hub = Hub(error=AssertionError()).install(monkeypatch)
    assert fetch_weights(find_weights()) == [find_weights() / name for name in FILES]
    assert hub.asked == []


def test_other_weights_from_the_hub_are_refused(tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    for name in FILES:
        (source / name).write_text("something else")
    Hub(source).install(monkeypatch)
    with pytest.raises(
        EngagementError, match=r"found a file with SHA-256 [0-9a-f]{64}; expected the weights of all-MiniLM-L6-v2"
    ):
        fetch_weights(tmp_path / "new")


def test_a_tokenizer_that_splits_words_differently_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "check_weights", lambda folder: None)
    (tmp_path / FILES[0]).touch()
    Tokenizer(models.WordLevel({UNKNOWN: 0, "time": 1}, unk_token=UNKNOWN)).save(str(tmp_path / FILES[1]))
    with pytest.raises(EngagementError, match=r"tokenizer\.json: found a tokenizer that splits words differently"):
        fetch_weights(tmp_path)


def test_without_the_package_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EngagementError, match=r"found no package huggingface_hub; .*pip install huggingface_hub"):
        fetch_weights(tmp_path)


@pytest.mark.parametrize("error", [OSError("no connection\nat all"), ValueError("no such revision"), HubError("502")])
def test_a_hub_that_cannot_be_reached_is_told_of_in_one_line(tmp_path, monkeypatch, error):
    Hub(error=error).install(monkeypatch)
    with pytest.raises(EngagementError) as raised:
        fetch_weights(tmp_path)
    assert f"found {str(error).splitlines()[0]}; expected a file from the hub. Try again" in str(raised.value)


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_without_a_file_is_refused_by_name(tmp_path, missing):
    for name in FILES:
        if name != missing:
            (tmp_path / name).touch()
    with pytest.raises(EngagementError, match=f"found no file {missing}"):
        check_weights(tmp_path, sha256=file_sha256(tmp_path / FILES[0]) if missing != FILES[0] else "")


def test_the_hash_of_a_file_is_computed_anew_when_the_file_changes(tmp_path):
    path = Path(tmp_path, "file")
    path.write_text("one")
    first = file_sha256(path)
    path.write_text("other")
    assert file_sha256(path) != first
