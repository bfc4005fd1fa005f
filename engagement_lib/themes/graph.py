"""Vectors to themes, without a random number: neighbours, a smooth map of their graph, Ward's tree, one run of KMeans.

The same rows in the same order, worked on in one BLAS thread, give the same themes whatever the number of processors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh

Array = NDArray[np.floating]
Themes = NDArray[np.intp]

NEIGHBOURS: Final = 15
DIMENSIONS: Final = 32
MANY_THEMES: Final = 100  # more themes than this want MANY_DIMENSIONS
MANY_DIMENSIONS: Final = 128
STEPS: Final = 8  # of the diffusion: the power of the eigenvalues
CURVE: Final = {
    "n_themes": "int64",
    "silhouette": "float64",
    "modularity": "float64",
    "score": "float64",
    "rank": "int64",
    "chosen": "bool",
}
_DENSE: Final = 300  # below so many texts a dense decomposition is as quick as a sparse one
_ROWS: Final = 1000  # of the cosine matrix at a time, so that 10,000 texts fit into memory
_MOST_RUNS: Final = 100


@dataclass(frozen=True)
class Trees:
    """A graph of texts and what is cut into themes: `maps` has coordinates for few and for many themes, `merges` the trees."""

    graph: csr_array
    maps: tuple[Array, Array]
    merges: tuple[NDArray[np.int64], NDArray[np.int64]]

    def cut(self, n_themes: int) -> Themes:
        """The theme of each text, 0, 1, … : Ward's tree cut into so many, then KMeans from the centroids of the cut."""
        many = int(n_themes > MANY_THEMES)
        return kmeans(self.maps[many], _cut(self.merges[many], n_themes))[0]


def grow_trees(vectors: Array, *, most_themes: int) -> Trees:
    """The graph of these vectors, its diffusion maps and their Ward trees.

    Parameters
    ----------
    vectors
        One row a text, of length 1.
    most_themes
        How many themes will be asked for at most.
    """
    graph = neighbour_graph(vectors)
    wide = diffusion_map(graph, dimensions=MANY_DIMENSIONS if most_themes > MANY_THEMES else DIMENSIONS)
    few = _unit(wide[:, :DIMENSIONS])
    merges = _ward(few)
    if most_themes <= MANY_THEMES:
        return Trees(graph, (few, few), (merges, merges))
    many = _unit(wide)
    return Trees(graph, (few, many), (merges, _ward(many)))


def neighbour_graph(vectors: Array, *, neighbours: int = NEIGHBOURS) -> csr_array:
    """The fuzzy union of every text's nearest neighbours: a symmetric sparse matrix of weights from 0 to 1.

    Cosine distances d of the exact nearest neighbours become exp(-(d - ρ)/σ) with ρ the nearest neighbour's distance and σ such
    that a text's weights sum to log2(neighbours); w + w' - w·w' joins both directions (McInnes, Healy & Melville 2018, §3.1).

    Examples
    --------
    >>> neighbour_graph(np.eye(2)[[0, 0, 1, 1]], neighbours=1).toarray().tolist()[0]
    [0.0, 1.0, 0.0, 0.0]
    """
    n = len(vectors)
    others, distances = _nearest(vectors, min(neighbours, n - 1))
    weights = _local_weights(distances, target=float(np.log2(others.shape[1])))
    rows = np.repeat(np.arange(n), others.shape[1])
    one_way = csr_array(coo_array((weights.ravel(), (rows, others.ravel())), shape=(n, n)))
    other_way = csr_array(one_way.T)
    return csr_array(one_way + other_way - one_way.multiply(other_way))


def diffusion_map(graph: csr_array, *, dimensions: int = DIMENSIONS, steps: int = STEPS) -> Array:
    """The coordinates of each text after so many steps of diffusion on the graph, (texts, dimensions).

    The leading eigenvectors of D^-1/2 W D^-1/2, each times its eigenvalue to the power `steps` (Coifman & Lafon 2006, eq. 4).
    The start of the iteration and the signs are fixed.
    """
    n = graph.shape[0]
    scale = diags_array(1 / np.sqrt(np.maximum(np.asarray(graph.sum(axis=1)).ravel(), np.finfo(float).tiny)))
    adjacency = csr_array(scale @ graph @ scale)
    if n <= max(_DENSE, 2 * dimensions):
        values, axes = np.linalg.eigh(adjacency.toarray())
    else:
        values, axes = eigsh(adjacency, k=dimensions, which="LA", v0=np.ones(n))
    order = np.argsort(-values, kind="stable")[:dimensions]
    values, axes = values[order], axes[:, order]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return np.asarray(axes * signs * np.clip(values, 0, 1) ** steps)


def choose_n_themes(trees: Trees, vectors: Array, sizes: Sequence[int]) -> pd.DataFrame:
    """How well each number of themes fits: one row a number.

    `score` is the silhouette (cosine, on the vectors themselves; Rousseeuw 1987) times the square root of the graph's modularity
    (Newman 2006, eq. 4), each at least 0; `rank` 1 is the best, and `chosen`. A curve to look at, not a verdict: below about 300
    texts it finds too few themes, and with TF-IDF too many.
    """
    rows = []
    for size in sizes:
        themes = trees.cut(size)
        rows.append((size, silhouette(vectors, themes), modularity(trees.graph, themes)))
    curve = pd.DataFrame(rows, columns=["n_themes", "silhouette", "modularity"])
    curve["score"] = curve["silhouette"].clip(lower=0) * np.sqrt(curve["modularity"].clip(lower=0))
    curve["rank"] = curve["score"].round(9).rank(method="first", ascending=False)
    return curve.assign(chosen=curve["rank"] == 1).astype(CURVE)


def theme_sizes(texts: int) -> list[int]:
    """The numbers of themes that are tried: all up to ten, then each a tenth larger, up to a fifth of the texts.

    From 100 texts up nothing below five is tried: on labelled sets the silhouette alone preferred two or three heaps too large to
    be of use. Whoever wants fewer says so with `n_themes`.

    Examples
    --------
    >>> theme_sizes(40), theme_sizes(100)[:4]
    ([2, 3, 4, 5, 6, 7, 8], [5, 6, 7, 8])
    """
    sizes = [2 if texts < 100 else 5]
    while (following := max(sizes[-1] + 1, round(sizes[-1] * 1.1))) <= texts / 5:
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
    member = np.eye(themes.max() + 1)[themes]
    sizes = member.sum(axis=0)
    unit = vectors.astype(np.float64)
    distances = sizes - unit @ (unit.T @ member)
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


def _nearest(vectors: Array, neighbours: int) -> tuple[NDArray[np.intp], Array]:
    """Each text's exact nearest others by cosine, nearest first, and their distances."""
    found, distances = [], []
    for start in range(0, len(vectors), _ROWS):
        near = np.array(vectors[start : start + _ROWS] @ vectors.T, dtype=np.float64)
        rows = np.arange(len(near))[:, None]
        near[rows.ravel(), rows.ravel() + start] = -np.inf
        best = np.argpartition(-near, neighbours - 1, axis=1)[:, :neighbours]
        best = np.take_along_axis(best, np.argsort(-near[rows, best], axis=1, kind="stable"), axis=1)
        found.append(best)
        distances.append(np.clip(1 - near[rows, best], 0, 2))
    return np.concatenate(found), np.concatenate(distances)


def _local_weights(distances: Array, *, target: float) -> Array:
    """exp(-(d - ρ)/σ) with σ found by bisection, one for each row."""
    beyond = distances - distances[:, :1]
    low, high = np.zeros(len(beyond)), np.full(len(beyond), 4.0)
    for _ in range(50):
        middle = (low + high) / 2
        too_much = np.exp(-beyond / middle[:, None]).sum(axis=1) > target
        low, high = np.where(too_much, low, middle), np.where(too_much, middle, high)
    floor = 1e-3 * np.maximum(distances.mean(axis=1), 1e-6)
    return np.asarray(np.exp(-beyond / np.maximum(low, floor)[:, None]))


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1))


def _ward(rows: Array) -> NDArray[np.int64]:
    return np.asarray(linkage(rows, "ward")[:, :2], dtype=np.int64)


def _cut(merges: NDArray[np.int64], n_themes: int) -> Themes:
    """The themes that are left when all but the last merges are made; exactly so many, whatever the ties in the tree."""
    n = len(merges) + 1
    made = n - n_themes
    joined = np.repeat(np.arange(n, n + made), 2)
    size = n + made
    tree = coo_array((np.ones(2 * made), (merges[:made].ravel(), joined)), shape=(size, size))
    return np.asarray(np.unique(connected_components(tree, directed=False)[1][:n], return_inverse=True)[1])


def kmeans(rows: Array, themes: Themes) -> tuple[Themes, NDArray[np.intp]]:
    """Lloyd's KMeans from the centroids of these themes: each text's theme, 0, 1, …, and which of those given each was.

    A theme that loses its last text is gone.
    """
    kept = np.arange(int(themes.max()) + 1)
    for _ in range(_MOST_RUNS):
        member = np.eye(themes.max() + 1)[themes]
        centroids = (member.T @ rows) / member.sum(axis=0)[:, None]
        nearest = ((centroids**2).sum(axis=1) - 2 * rows @ centroids.T).argmin(axis=1)
        there, nearest = np.unique(nearest, return_inverse=True)
        kept = kept[there]
        if np.array_equal(nearest, themes):
            break
        themes = nearest
    return themes, kept
