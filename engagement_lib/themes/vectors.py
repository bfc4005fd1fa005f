"""What a vector of a text is, and what makes it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engagement_lib.errors import EngagementError, Problem

Vectors = NDArray[np.float32]

IN_MEMORY: Final = 10_000  # texts; the vectors of more are kept in a file without a name, which goes when nobody uses it
_ROWS: Final = 2000


class Encoder(Protocol):
    """What turns texts into vectors: `name` says what it is, `encode` gives an array (texts, dimensions) of rows of length 1."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order."""
        ...


def unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """The rows brought to length 1 as float32; a row of zeros stays.

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def encoder_name(encoder: Encoder) -> str:
    """What an encoder calls itself, else the name of its class."""
    return str(getattr(encoder, "name", type(encoder).__name__))


def encode_texts(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """The vectors of the texts, of length 1: (texts, dimensions), checked; (0, 1) where there is no text.

    Above 10,000 texts an encoder is asked for as many at a time, and the array is one that the system reads from disk where it
    is used, so that memory does not grow with the texts.

    Raises
    ------
    EngagementError
        When the encoder does not give one row of finite numbers for each text, as many numbers each time.

    Examples
    --------
    >>> class Lengths:
    ...     def encode(self, texts):
    ...         return np.array([[len(text), 3] for text in texts])
    >>> encode_texts(Lengths(), ["time"]).round(1).tolist()
    [[0.800000011920929, 0.6000000238418579]]
    """
    if len(texts) <= IN_MEMORY:
        return _encode(encoder, texts) if texts else np.zeros((0, 1), dtype=np.float32)
    first = _encode(encoder, texts[:IN_MEMORY])
    with tempfile.TemporaryFile() as file:
        vectors = np.memmap(file, np.float32, "w+", shape=(len(texts), first.shape[1]))
    vectors[: len(first)] = first
    for start in range(IN_MEMORY, len(texts), IN_MEMORY):
        part = texts[start : start + IN_MEMORY]
        vectors[start : start + len(part)] = _encode(encoder, part, width=first.shape[1])
    return vectors


def _encode(encoder: Encoder, texts: Sequence[str], *, width: int = 0) -> Vectors:
    vectors: NDArray[np.floating] = np.asarray(encoder.encode(list(texts)))
    rows = vectors.ndim == 2 and len(vectors) == len(texts) and vectors.shape[1] == (width or vectors.shape[1])
    if not rows or not np.isfinite(vectors).all():
        expected = f"an array of finite numbers, one row for each of {len(texts)} texts"
        found = f"an array of shape {vectors.shape}"
        raise EngagementError(Problem("encoder", encoder_name(encoder), found, expected, "Mend its encode."))
    return unit_rows(vectors)


def nearest_two(
    vectors: Vectors, centroids: Vectors, themes: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """How near each text is to its own theme's centroid and to the next one, by cosine, and which theme that is.

    Where there is one theme, the next is NaN away and -1. Rows are taken a few at a time, so that memory does not grow with them.

    Examples
    --------
    >>> own, other, second = nearest_two(np.eye(3)[[0]], np.eye(3)[:2], np.array([0]))
    >>> own.tolist(), other.tolist(), second.tolist()
    ([1.0], [0.0], [1])
    """
    own, other = np.empty(len(vectors)), np.full(len(vectors), np.nan)
    second = np.full(len(vectors), -1, dtype=np.intp)
    for start in range(0, len(vectors), _ROWS):
        block = slice(start, start + _ROWS)
        near = np.asarray(vectors[block] @ centroids.T, dtype=np.float64)
        rows = np.arange(len(near))
        own[block] = near[rows, themes[block]]
        if len(centroids) > 1:
            near[rows, themes[block]] = -np.inf
            other[block], second[block] = near.max(axis=1), near.argmax(axis=1)
    return own, other, second
