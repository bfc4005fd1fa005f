"""New texts among themes that are there: old texts stay unless another is clearly nearer, and new matters make new themes."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import binom

from engagement_lib.themes.curve import silhouette
from engagement_lib.themes.encoders import Vectors
from engagement_lib.themes.graph import Array, Themes, grow_trees
from engagement_lib.themes.threads import one_thread

STAY: Final = 0.1  # of the squared distance in the map, which is 4 at most: by so much another theme must be nearer
FINER: Final = 1.25  # new themes are looked for in cuts into at most so many times the themes there are, or three more
NEW_TEXTS: Final = 5
NEW_RESPONDENTS: Final = 5
LEVEL: Final = 0.01
_MOST_RUNS: Final = 100


def anchor_texts(
    vectors: Vectors, old: Themes, n_themes: int, voices: pd.DataFrame, *, fixed: NDArray[np.bool_] | None = None
) -> Themes:
    """The theme of each text in the map of all, with the old themes for anchors; new themes are numbered from `n_themes` on.

    Parameters
    ----------
    vectors
        Those that the graph is drawn from, one row a text, in a canonical order.
    old
        The theme that each text had, -1 for a text that is new; every theme has a text.
    voices
        `text`, a position, and `respondent`, who said it.
    fixed
        Old texts that stay whatever is nearer, since a person put them there.

    Notes
    -----
    Lloyd's k-means from the old themes' centres in the diffusion map of old and new texts. An old text leaves its theme only
    where another centre is nearer by more than 0.1 in squared distance. A cluster of a finer cut becomes a theme of its own where
    at least half of it, five texts by five respondents or more, is new, and more of it than chance makes: a binomial test against
    the share of new texts in all, at .01 over the number of clusters (Bonferroni). Clusters are those of the best, by its
    silhouette, of four cuts of Ward's tree that are a little finer than the old themes.
    """
    finer = {n_themes + 1, n_themes + 2, n_themes + 3, int(np.ceil(FINER * n_themes))}
    with one_thread():
        trees = grow_trees(vectors)
        rows = trees.coordinates(n_themes)
        cuts = [trees.cut(min(size, len(vectors))) for size in sorted(finer)]
        born = _born(max(cuts, key=lambda cut: silhouette(vectors, cut)), old, voices)
        centres = np.vstack([_centres(rows[old >= 0], old[old >= 0], n_themes), *[rows[found].mean(axis=0) for found in born]])
        return _settle(rows, old, centres, np.zeros(len(rows), dtype=bool) if fixed is None else fixed)


def _born(clusters: Themes, old: Themes, voices: pd.DataFrame) -> list[NDArray[np.bool_]]:
    """The clusters that are new matters, each as the texts it has; the order is that of their first text."""
    new = old < 0
    many = int(clusters.max()) + 1
    sizes = np.bincount(clusters, minlength=many)
    fresh = np.bincount(clusters[new], minlength=many)
    by_chance = binom.sf(fresh - 1, sizes, new.mean())
    people = voices.assign(cluster=clusters[voices["text"]])[new[voices["text"]]].groupby("cluster")["respondent"].nunique()
    heard = people.reindex(range(many), fill_value=0).to_numpy()
    right = (fresh >= NEW_TEXTS) & (heard >= NEW_RESPONDENTS) & (2 * fresh >= sizes) & (by_chance < LEVEL / many)
    found = [clusters == cluster for cluster in np.flatnonzero(right)]
    return sorted(found, key=lambda texts: int(texts.argmax()))


def _settle(rows: Array, old: Themes, centres: Array, fixed: NDArray[np.bool_]) -> Themes:
    """K-means from these centres, in which old texts are slow to leave; a new theme that stays empty has no text."""
    known = old >= 0
    place = np.arange(len(rows))
    themes = np.where(known, old, -1)
    for _ in range(_MOST_RUNS):
        distances = (centres**2).sum(axis=1) - 2 * rows @ centres.T
        nearest = distances.argmin(axis=1)
        stays = known & (fixed | (distances[place, old] - distances[place, nearest] <= STAY))
        moved = np.where(stays, old, nearest)
        if np.array_equal(moved, themes):
            break
        themes = moved
        filled = np.unique(themes)
        centres = centres.copy()
        centres[filled] = _centres(rows, themes, len(centres))[filled]
    return themes


def _centres(rows: Array, themes: Themes, n_themes: int) -> Array:
    member = csr_array((np.ones(len(themes)), (themes, np.arange(len(themes)))), shape=(n_themes, len(themes)))
    sizes = np.bincount(themes, minlength=n_themes)[:, np.newaxis]
    return np.asarray(member @ rows) / np.maximum(sizes, 1)
