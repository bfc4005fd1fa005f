"""all-MiniLM-L6-v2 in numpy (Wang et al. 2020, arXiv:2002.10957; Apache-2.0, English, 256 tokens), without PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from engagement_lib.themes.threads import one_thread
from engagement_lib.themes.vectors import Vectors, unit_rows
from engagement_lib.themes.weights import FILES, MINILM, MINILM_SHA256, check_weights, file_sha256

MAX_TOKENS: Final = 256
_HEAD: Final = 32  # width of one attention head: 384 in 12 heads
_TOKENS_A_BATCH: Final = 2048
_BATCHES_A_STEP: Final = 32  # after which the bar of progress moves


class MiniLMEncoder:
    """Vectors of meaning: all-MiniLM-L6-v2 in numpy, mean of the tokens' vectors, length 1.

    What follows the 256th token of a text is not seen. Texts of the same number of tokens go through together, so that nothing
    is padded and no mask is needed. Batches go through joblib, each in one BLAS thread: the vectors are the same on a laptop and
    on a server, and another backend, chosen with `joblib.parallel_config`, may spread them.

    Parameters
    ----------
    folder
        Holds `model.safetensors` and `tokenizer.json`.
    sha256
        What the weights must hash to; any other file is refused.
    n_jobs
        Batches at the same time, as joblib counts; the vectors do not depend on it.
    progress
        Whether a bar shows how far it is, in a terminal or a notebook.

    Raises
    ------
    EngagementError
        When a file is missing, or the weights are not those that were measured.
    """

    def __init__(
        self, folder: str | Path, *, sha256: str = MINILM_SHA256, n_jobs: int | None = -1, progress: bool = False
    ) -> None:
        self.folder, self.sha256 = Path(folder), sha256
        self.n_jobs, self.progress = n_jobs, progress
        self.name = f"{MINILM} (weights {sha256[:12]})"
        check_weights(self.folder, sha256=sha256)

    @property
    def identity(self) -> str:
        """All that a vector depends on beside its text."""
        return f"{MINILM} {self.sha256} {file_sha256(self.folder / FILES[1])} {MAX_TOKENS} tokens"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order, float32 of shape (texts, 384)."""
        files = self._files()
        tokenizer, weights = _load(*files)
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        batches = _batches(tokens)
        vectors = np.zeros((len(texts), weights["embeddings.LayerNorm.weight"].size), dtype=np.float32)
        with _bar(len(texts) if self.progress else 0) as advance, Parallel(n_jobs=self.n_jobs, prefer="threads") as parallel:
            for start in range(0, len(batches), _BATCHES_A_STEP):
                some = batches[start : start + _BATCHES_A_STEP]
                parts = parallel(delayed(_encode_batch)(files, np.array([tokens[i] for i in batch])) for batch in some)
                for batch, part in zip(some, parts, strict=True):
                    vectors[batch] = part
                advance(sum(map(len, some)))
        return unit_rows(vectors)

    def _files(self) -> tuple[Path, str, str]:
        return self.folder, self.sha256, file_sha256(self.folder / FILES[1])


@lru_cache(maxsize=1)
def _load(folder: Path, weights: str, tokenizer: str) -> tuple[Tokenizer, Mapping[str, Vectors]]:  # noqa: ARG001 - part of the key
    check_weights(folder, sha256=weights)
    read = Tokenizer.from_file(str(folder / FILES[1]))
    read.no_padding()
    read.enable_truncation(MAX_TOKENS)
    return read, load_file(folder / FILES[0])


def _encode_batch(files: tuple[Path, str, str], tokens: NDArray[np.int64]) -> Vectors:
    """The vectors of one batch; another process, or another machine that sees the folder, reads the weights itself, once."""
    with one_thread():
        return _forward(tokens, _load(*files)[1])


@contextmanager
def _bar(texts: int) -> Iterator[Callable[[int], None]]:
    """What moves a bar forward by so many texts, where somebody can see one."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not texts or not (console.is_terminal or console.is_jupyter):
        yield lambda _: None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Encoding texts", total=texts)
        yield lambda done: bar.advance(task, done)


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
