"""Vectors to themes, without a random number: neighbours, a smooth map of their graph, Ward's tree, one run of KMeans.

The same rows in the same order, worked on in one BLAS thread, give the same themes whatever the number of processors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh

from engagement_lib.themes.threads import one_thread

Array = NDArray[np.floating]
Themes = NDArray[np.intp]

NEIGHBOURS: Final = 15
LEAST_TEXTS: Final = 50  # of which 15 neighbours are a part; among fewer, all are neighbours of all, and the graph says little
DIMENSIONS: Final = 32
MANY_THEMES: Final = 100  # more themes than this want MANY_DIMENSIONS
MANY_DIMENSIONS: Final = 128
TEXTS_A_STEP: Final = 4  # of a theme, for each step of the diffusion
MOST_DOUBLINGS: Final = 3  # so that there are at most eight steps
_DENSE: Final = 300  # below so many texts a dense decomposition is as quick as a sparse one
_CELLS: Final = 2_000_000  # of the cosine matrix at a time, so that 10,000 texts fit into memory
_MOST_RUNS: Final = 100


@dataclass(frozen=True)
class Trees:
    """A graph of texts, from which themes are cut.

    `grown` keeps the map and Ward's tree of each number of steps and dimensions that was asked for, and `spectra` the leading
    values and axes of the graph's adjacency. Few texts have no map: they stand where their `vectors` say.
    """

    graph: csr_array
    vectors: Array | None = None
    grown: dict[tuple[int, int], tuple[Array, NDArray[np.int64]]] = field(default_factory=dict)
    spectra: dict[int, tuple[Array, Array]] = field(default_factory=dict)

    def coordinates(self, n_themes: int) -> Array:
        """Where each text stands when so many themes are looked for, (texts, dimensions), rows of length 1."""
        return self._grow(n_themes)[0]

    def cut(self, n_themes: int, *, dimensions: int = 0) -> Themes:
        """The theme of each text, 0, 1, … : Ward's tree cut into so many, then KMeans from the centroids of the cut.

        The map has as many `dimensions` as so many themes want, or as are named.
        """
        if n_themes >= self._texts:
            return np.arange(self._texts, dtype=np.intp)
        with one_thread():
            coordinates, merges = self._grow(n_themes, dimensions)
            return kmeans(coordinates, _cut(merges, n_themes))[0]

    def place(self, found: NDArray[np.intp], weights: Array, themes: Themes, n_themes: int) -> Themes:
        """The theme of texts outside the graph, each with the texts `found` near it and their weights, (new, neighbours).

        Their coordinates are extended from those of their neighbours (Nyström; Coifman & Lafon 2006, §3), and they go to the
        nearest centroid of the `themes`, which were cut as `n_themes`.
        """
        coordinates = self.coordinates(n_themes)
        steps, dimensions = diffusion_steps(self._texts, n_themes), wanted_dimensions(n_themes)
        degrees = np.asarray(self.graph.sum(axis=1)).ravel()
        # The coordinate of a text in the graph is its neighbours' mean divided by the eigenvalue, which takes one step away.
        seen = diffuse(*self._spectrum(dimensions), steps=steps - 1) / np.sqrt(degrees)[:, None]
        with one_thread():
            extended = _unit(np.einsum("ij,ijk->ik", weights, seen[found]))
            return _nearest_centroid(extended, _centroids(coordinates, themes))

    @property
    def _texts(self) -> int:
        return int(self.graph.shape[0])

    def _spectrum(self, dimensions: int) -> tuple[Array, Array]:
        if dimensions not in self.spectra:
            self.spectra[dimensions] = spectrum(self.graph, dimensions=dimensions)
        return self.spectra[dimensions]

    def _grow(self, n_themes: int, dimensions: int = 0) -> tuple[Array, NDArray[np.int64]]:
        key = steps, dimensions = diffusion_steps(self._texts, n_themes), dimensions or wanted_dimensions(n_themes)
        if key not in self.grown:
            walked = diffuse(*self._spectrum(dimensions), steps=steps) if self.vectors is None else self.vectors
            coordinates = _unit(walked)
            self.grown[key] = coordinates, _ward(coordinates)
        return self.grown[key]


def grow_trees(vectors: Array) -> Trees:
    """The graph of these vectors, one row a text, of length 1, ready to be cut into themes."""
    with one_thread():
        return Trees(neighbour_graph(vectors), vectors if len(vectors) < LEAST_TEXTS else None)


def wanted_dimensions(n_themes: int) -> int:
    """How many dimensions the map has from which so many themes are cut."""
    return MANY_DIMENSIONS if n_themes > MANY_THEMES else DIMENSIONS


def diffusion_steps(texts: int, n_themes: int) -> int:
    """How many steps a random walk on the graph takes before texts are compared: a quarter of the texts that a theme has.

    A longer walk would leave a small theme and blur it into the next, a shorter one would stop at the accidents of a large theme.
    A power of two from 1 to 8, so that neighbouring numbers of themes are cut from one tree.

    Examples
    --------
    >>> [diffusion_steps(texts, 20) for texts in (50, 200, 300, 2000)]
    [1, 2, 4, 8]
    """
    return int(2 ** np.clip(np.rint(np.log2(max(texts, 1) / n_themes / TEXTS_A_STEP)), 0, MOST_DOUBLINGS))


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
    others, distances = nearest(vectors, vectors, min(neighbours, n - 1), themselves=True)
    weights = local_weights(distances, target=float(np.log2(others.shape[1])))
    rows = np.repeat(np.arange(n), others.shape[1])
    one_way = csr_array(coo_array((weights.ravel(), (rows, others.ravel())), shape=(n, n)))
    other_way = csr_array(one_way.T)
    return csr_array(one_way + other_way - one_way.multiply(other_way))


def spectrum(graph: csr_array, *, dimensions: int = DIMENSIONS) -> tuple[Array, Array]:
    """The leading eigenvalues of D^-1/2 W D^-1/2, largest first, and their vectors, (texts, dimensions).

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
    return values, np.asarray(axes * signs)


def diffuse(values: Array, axes: Array, *, steps: int) -> Array:
    """The coordinates of each text after so many steps of diffusion: eigenvectors times λ^steps (Coifman & Lafon 2006, eq. 4)."""
    return np.asarray(axes * np.clip(values, 0, 1) ** steps)


def nearest(vectors: Array, others: Array, neighbours: int, *, themselves: bool = False) -> tuple[NDArray[np.intp], Array]:
    """For each vector its exact nearest among `others` by cosine, nearest first, and their distances.

    With `themselves`, the others are the vectors again, and none is its own neighbour. Blocks of rows go through joblib: they are
    spread by whatever backend the caller has chosen with `joblib.parallel_config`, and the result does not depend on it.
    """
    rows = max(1, _CELLS // len(others))
    blocks = [slice(start, start + rows) for start in range(0, len(vectors), rows)]
    parts = Parallel(prefer="threads")(
        delayed(_nearest_in_block)(vectors[block], others, neighbours, block.start if themselves else None) for block in blocks
    )
    found, distances = zip(*parts, strict=True)
    return np.concatenate(found), np.concatenate(distances)


def _nearest_in_block(block: Array, others: Array, neighbours: int, start: int | None) -> tuple[NDArray[np.intp], Array]:
    with one_thread():
        near = np.array(block @ others.T, dtype=np.float64)
    rows = np.arange(len(near))[:, None]
    if start is not None:
        near[rows.ravel(), rows.ravel() + start] = -np.inf
    best = np.argpartition(-near, neighbours - 1, axis=1)[:, :neighbours]
    best = np.take_along_axis(best, np.argsort(-near[rows, best], axis=1, kind="stable"), axis=1)
    return best, np.clip(1 - near[rows, best], 0, 2)


def local_weights(distances: Array, *, target: float) -> Array:
    """exp(-(d - ρ)/σ) of sorted distances, with σ found by bisection, one for each row."""
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
        there, nearest_themes = np.unique(_nearest_centroid(rows, _centroids(rows, themes)), return_inverse=True)
        kept = kept[there]
        if np.array_equal(nearest_themes, themes):
            break
        themes = nearest_themes
    return themes, kept


def theme_sums(rows: Array, themes: Themes) -> Array:
    """The sum of the rows of each theme.

    Examples
    --------
    >>> theme_sums(np.eye(2)[[0, 0, 1]], np.array([0, 0, 1])).tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    """
    at = np.arange(len(themes))
    member = csr_array((np.ones(len(themes)), (themes, at)), shape=(int(themes.max()) + 1, len(themes)))
    return np.asarray(member @ rows)


def _centroids(rows: Array, themes: Themes) -> Array:
    return theme_sums(rows, themes) / np.bincount(themes)[:, None]


def _nearest_centroid(rows: Array, centroids: Array) -> Themes:
    return np.asarray(((centroids**2).sum(axis=1) - 2 * rows @ centroids.T).argmin(axis=1))
