"""How many themes: a curve over numbers of themes, from what is cut from the graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from engagement_lib.themes.graph import MANY_DIMENSIONS, MANY_THEMES, Array, Themes, Trees, theme_sums

MOST_THEMES: Final = 400  # that anybody would read
CLEAR: Final = 0.1  # the silhouette from which on texts fall into very many themes by themselves
_FALLS: Final = 3
CURVE: Final = {
    "n_themes": "int64",
    "silhouette": "float64",
    "modularity": "float64",
    "score": "float64",
    "rank": "int64",
    "chosen": "bool",
}


def choose_n_themes(trees: Trees, vectors: Array, sizes: Sequence[int], *, words: bool = False, wanted: int = 0) -> pd.DataFrame:
    """How well each number of themes fits: one row a number.

    `score` is the silhouette (cosine, on the vectors themselves; Rousseeuw 1987) times the square root of the graph's modularity
    (Newman 2006, eq. 4), each at least 0; `rank` 1 is the best, and `chosen`. A curve to look at, not a verdict.

    Where the vectors are those of `words`, the score is the fifth root of the silhouette times the modularity: most texts share
    no word, so that the silhouette rises with every split until only near copies share a theme.

    More than 100 themes are tried only where the best number up to there is 50 or more, until three in a row are no better, or
    where so many are `wanted`. They are cut from a map of more dimensions, which fits the vectors better whatever the number:
    their score is brought down by as much as it raises that of the best number up to 100. From 100 themes up the score is 0
    where the silhouette is below 0.1: turns of talk, which have no such edges, would else be cut ever finer.
    """
    fits = partial(_fit, trees, np.asarray(vectors, dtype=np.float64), words=words)
    rows = [(size, *fits(size)) for size in sizes if size <= MANY_THEMES]
    best, _, _, score = max(rows, key=lambda row: (row[-1], -row[0]), default=(MANY_THEMES, 0.0, 0.0, 0.0))
    many = [size for size in sizes if size > MANY_THEMES and (2 * best >= MANY_THEMES or size == wanted)]
    joint = score / max(score, fits(best, dimensions=MANY_DIMENSIONS)[-1]) if many and score else 1.0
    fallen, top = 0, 0.0
    for size in many:
        if fallen < _FALLS or size == wanted:
            near, parts, higher = fits(size)
            fallen = 0 if higher * joint > top else fallen + 1
            top = max(top, higher * joint)
            rows.append((size, near, parts, higher * joint))
    curve = pd.DataFrame(rows, columns=["n_themes", "silhouette", "modularity", "score"])
    curve.loc[(curve["n_themes"] >= MANY_THEMES) & (curve["silhouette"] < CLEAR), "score"] = 0.0
    curve["rank"] = curve["score"].round(9).rank(method="first", ascending=False)
    return curve.assign(chosen=curve["rank"] == 1).astype(CURVE)


def _fit(trees: Trees, vectors: Array, n_themes: int, *, words: bool, dimensions: int = 0) -> tuple[float, float, float]:
    """Silhouette, modularity and score of so many themes."""
    themes = trees.cut(n_themes, dimensions=dimensions)
    near, parts = silhouette(vectors, themes), modularity(trees.graph, themes)
    of_silhouette, of_modularity = (0.2, 1.0) if words else (1.0, 0.5)
    return near, parts, max(near, 0.0) ** of_silhouette * max(parts, 0.0) ** of_modularity


def theme_sizes(texts: int) -> list[int]:
    """The numbers of themes that are tried: all up to ten, then each a tenth larger, up to a fifth of the texts and to 400.

    From 100 texts up nothing below five is tried: on labelled sets the silhouette alone preferred two or three heaps too large to
    be of use. Whoever wants fewer says so with `n_themes`.

    Examples
    --------
    >>> theme_sizes(40), theme_sizes(100)[:4]
    ([2, 3, 4, 5, 6, 7, 8], [5, 6, 7, 8])
    """
    sizes = [2 if texts < 100 else 5]
    while (following := max(sizes[-1] + 1, round(sizes[-1] * 1.1))) <= min(texts / 5, MOST_THEMES):
        sizes.append(following)
    return sizes


def silhouette(vectors: Array, themes: Themes) -> float:
    """The mean silhouette under cosine distance; 0 for a text alone in its theme, and where there is one theme (Rousseeuw 1987).

    The distances to a theme sum to its size less the product with its sum of vectors, so no matrix of all distances is needed.

    Examples
    --------
    >>> silhouette(np.eye(2)[[0, 0, 1, 1]], np.array([0, 0, 1, 1]))
    1.0
    """
    if themes.max() == 0:
        return 0.0
    rows = np.arange(len(vectors))
    sizes = np.bincount(themes)
    unit = np.asarray(vectors, dtype=np.float64)
    distances = sizes - unit @ theme_sums(unit, themes).T
    # A vector of zeros is at distance 1 from all, itself included; so is none other.
    own = (distances[rows, themes] - (1 - (unit * unit).sum(axis=1))) / np.maximum(sizes[themes] - 1, 1)
    distances = distances / sizes
    distances[rows, themes] = np.inf
    other = distances.min(axis=1)
    larger = np.maximum(own, other)
    fits = (other - own) / np.where(larger > 0, larger, 1)
    return float(np.where(sizes[themes] > 1, fits, 0).mean())


def modularity(graph: csr_array, themes: Themes) -> float:
    """The share of the graph's weight within themes, less that expected at random: Σ (w_c/2m - (d_c/2m)²), Newman (2006), eq. 4.

    Examples
    --------
    >>> modularity(csr_array(np.kron(np.eye(2), np.ones((2, 2)))), np.array([0, 0, 1, 1]))
    0.5
    """
    member = csr_array((np.ones(len(themes)), (np.arange(len(themes)), themes)))
    total = graph.sum()
    within = (member.T @ graph @ member).diagonal() / total
    degrees = np.asarray((member.T @ graph).sum(axis=1)).ravel() / total
    return float((within - degrees**2).sum())
