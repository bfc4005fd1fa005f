"""Themes of very many texts: found in some of them, the landmarks, and carried to the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from engagement_lib.themes.graph import NEIGHBOURS, Themes, Trees, local_weights, nearest
from engagement_lib.themes.stability import Space
from engagement_lib.themes.vectors import Vectors

LANDMARKS: Final = 5_000  # the graph, its spectrum and Ward's tree of so many take 330 MB and some ten seconds
_ROWS: Final = 2000


def choose_landmarks(texts: Sequence[str], *, most: int = LANDMARKS) -> NDArray[np.intp]:
    """The positions of the texts from which themes are found, in rising order: all, or the `most` whose hashes are the smallest.

    A hash is as good as a lot, and the same texts draw the same lot in any order and on any machine.

    Examples
    --------
    >>> choose_landmarks(["more time", "training", "better data"], most=2).tolist()
    [1, 2]
    """
    if len(texts) <= most:
        return np.arange(len(texts), dtype=np.intp)
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    return np.sort(np.array(sorted(range(len(texts)), key=hashes.__getitem__)[:most], dtype=np.intp))


def carry_themes(
    trees: Trees,
    space: Space,
    themes: Themes,
    n_themes: int,
    *,
    texts: Sequence[str],
    vectors: Vectors,
    landmarks: NDArray[np.intp],
) -> Themes:
    """The theme of every text: the landmarks' own, and for each other text that of its place among the landmarks in the graph.

    Parameters
    ----------
    trees, space, themes
        The landmarks' graph, their space, and their themes, which were cut as `n_themes`.
    texts, vectors
        All texts in canonical order and their vectors.
    landmarks
        The positions of the landmarks among them.
    """
    carried = np.empty(len(texts), dtype=np.intp)
    carried[landmarks] = themes
    others = np.setdiff1d(np.arange(len(texts)), landmarks)
    blocks = [others[start : start + _ROWS] for start in range(0, len(others), _ROWS)]
    placed = Parallel(prefer="threads")(
        delayed(_place)(trees, space.graph_vectors, found, themes, n_themes)
        for found in (space.place([texts[row] for row in block], vectors[block]) for block in blocks)
    )
    for block, part in zip(blocks, placed, strict=True):
        carried[block] = part
    return carried


def _place(trees: Trees, landmarks: Vectors, vectors: Vectors, themes: Themes, n_themes: int) -> Themes:
    found, distances = nearest(vectors, landmarks, min(NEIGHBOURS, len(landmarks)))
    return trees.place(found, local_weights(distances, target=float(np.log2(found.shape[1]))), themes, n_themes)
