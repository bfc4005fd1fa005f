"""How themes lie to each other: a tree in which they join and part, a map to look at, and the two halves of a theme."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

from engagement_lib.errors import EngagementError, Problem
from engagement_lib.tables import COUNT, NUMBER, TEXT
from engagement_lib.themes.answers import SPAN
from engagement_lib.themes.encoders import one_thread
from engagement_lib.themes.graph import Array
from engagement_lib.themes.model import ThemeModel

TREE: Final = {
    "step": COUNT,
    **dict.fromkeys(("kind", "node", "left", "right", "themes"), TEXT),
    "height": NUMBER,
    **dict.fromkeys(("segments", "respondents", "smaller"), COUNT),
}
MAP: Final = {
    "theme_id": TEXT,
    "x": NUMBER,
    "y": NUMBER,
    "held": NUMBER,
    "segments": COUNT,
    "respondents": COUNT,
    "keywords": TEXT,
}
PARTS: Final = {"source_id": TEXT, "start": COUNT, "end": COUNT, "part": COUNT, "quote": TEXT}


def theme_tree(themes: ThemeModel) -> pd.DataFrame:
    """How themes would join, the most alike first, and how each would part in two: one row a step.

    Parameters
    ----------
    themes
        A fitted model.

    Returns
    -------
    DataFrame
        `step`; `kind`: "split" (a theme would part in two) or "merge" (two nodes would join); `node`, the theme that parts or
        the name of what is made; `left`, `right`; `themes` under the node; `height`; `segments` and `respondents` of the node;
        `smaller`, the segments of its smaller side. Splits come first, the lowest height first, then merges.

    Notes
    -----
    Ward's (1963) criterion, the square root of twice the growth of the sum of squares, on the texts' vectors: a merge adds
    ``n m / (n + m) |c - d|²`` for two nodes with n and m texts and centres c and d. A split is the last step of Ward's tree of a
    theme's own texts. A merge that is lower than the splits of both sides takes away less than it costs to look at both.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> theme_tree(ThemeModel(encoder="tfidf").fit(answers))[["kind", "node", "left", "right", "smaller"]].values.tolist()
    [['split', 'T01', 'T01.1', 'T01.2', 1]]
    """
    themes._check_fitted()
    with one_thread():
        rows = [*_splits(themes), *_merges(themes)]
    table = pd.DataFrame(rows, columns=[name for name in TREE if name != "step"])
    table.insert(0, "step", range(1, len(table) + 1))
    return table.astype(TREE)


def split_theme(themes: ThemeModel, theme_id: str) -> pd.DataFrame:
    """The segments of a theme in the two parts into which it would fall: one row a segment.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`; `part` 1 (the larger) or 2; `quote`. The second part can be given to `theme_decision` as the
        `answers` of a split.

    Raises
    ------
    EngagementError
        When there is no such theme, or it has one text alone.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> split_theme(ThemeModel(encoder="tfidf").fit(answers), "T01")[["source_id", "part"]].values.tolist()
    [['S1', 1], ['S2', 2]]
    """
    themes._check_fitted()
    if theme_id not in themes.theme_ids_:
        expected = f"one of {', '.join(themes.theme_ids_)}"
        raise EngagementError(Problem("themes", "theme_id", f"'{theme_id}'", expected, "Name one of them."))
    texts = np.flatnonzero(themes._themes == themes.theme_ids_.index(theme_id))
    if len(texts) < 2:
        raise EngagementError(Problem("themes", theme_id, "one text", "two different texts or more", "It cannot be split."))
    with one_thread():
        second, _ = _two_parts(themes._vectors[texts].astype(np.float64))
    part = dict(zip(texts, np.where(second, 2, 1), strict=True))
    mine = themes._used[themes._used["text"].isin(texts)]
    table = mine.assign(part=mine["text"].map(part))[list(PARTS)].astype(PARTS)
    return table.sort_values(["part", *SPAN], ignore_index=True)


def theme_map(themes: ThemeModel) -> pd.DataFrame:
    """Where each theme lies on a map of two axes, those that are alike near each other: one row a theme.

    Parameters
    ----------
    themes
        A fitted model.

    Returns
    -------
    DataFrame
        `theme_id`; `x`, `y`; `held`, the share of the squared distances between themes' centres that the map shows; `segments`,
        `respondents` and `keywords` of the theme.

    Notes
    -----
    Classical scaling (Torgerson 1952, Psychometrika 17, 401-419) of the distances between centres: the first two principal axes.
    An axis points to where the theme that lies farthest out on it is.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> theme_map(ThemeModel(encoder="tfidf").fit(answers))[["theme_id", "x", "y", "respondents"]].values.tolist()
    [['T01', 0.0, 0.0, 2]]
    """
    themes._check_fitted()
    centres = themes._centroids.astype(np.float64)
    spots, held = np.zeros((len(centres), 2)), np.nan
    if len(centres) > 1:
        with one_thread():
            left, values, _ = np.linalg.svd(centres - centres.mean(axis=0), full_matrices=False)
        axes = (left * values)[:, :2]
        axes = axes * np.sign(axes[np.abs(axes).round(9).argmax(axis=0), np.arange(axes.shape[1])])
        spots[:, : axes.shape[1]] = axes
        whole = float((values**2).sum())
        held = float((values[:2] ** 2).sum() / whole) if whole > 0 else np.nan
    sizes = themes._used.groupby(themes._themes[themes._used["text"]])["respondent"].agg(["size", "nunique"])
    words = themes.keywords_.groupby("theme_id")["keyword"].agg(", ".join)
    table = pd.DataFrame({"theme_id": themes.theme_ids_, "x": spots[:, 0].round(9), "y": spots[:, 1].round(9), "held": held})
    table["segments"], table["respondents"] = sizes["size"], sizes["nunique"]
    return table.assign(keywords=table["theme_id"].map(words).fillna(""))[list(MAP)].astype(MAP)


def _splits(themes: ThemeModel) -> list[tuple[object, ...]]:
    rows: list[tuple[float, str, tuple[object, ...]]] = []
    for theme, theme_id in enumerate(themes.theme_ids_):
        texts = np.flatnonzero(themes._themes == theme)
        if len(texts) < 2:
            continue
        second, height = _two_parts(themes._vectors[texts].astype(np.float64))
        smaller = int(themes._used["text"].isin(texts[second]).sum())
        about = (f"{theme_id}.1", f"{theme_id}.2", theme_id, height)
        rows.append((round(height, 9), theme_id, ("split", theme_id, *about, *_size(themes, [theme]), smaller)))
    return [row for _, _, row in sorted(rows, key=lambda row: row[:2])]


def _merges(themes: ThemeModel) -> list[tuple[object, ...]]:
    """Ward's tree of the themes' centres, each as heavy as it has texts."""
    sizes = np.bincount(themes._themes, minlength=len(themes.theme_ids_)).astype(np.float64)
    centres = [themes._vectors[themes._themes == at].astype(np.float64).mean(axis=0) for at in range(len(sizes))]
    nodes = [(name, [at], sizes[at], centres[at]) for at, name in enumerate(themes.theme_ids_)]
    rows: list[tuple[object, ...]] = []
    while len(nodes) > 1:
        costs = _costs(nodes)
        one, other = np.unravel_index(int(costs.argmin()), costs.shape)
        first, second = nodes[min(one, other)], nodes[max(one, other)]
        under, weight = sorted(first[1] + second[1]), first[2] + second[2]
        name = f"M{len(rows) + 1:02d}"
        ids = " ".join(themes.theme_ids_[at] for at in under)
        smaller = min(_size(themes, side[1])[0] for side in (first, second))
        height = float(np.sqrt(2 * costs[one, other]))
        rows.append(("merge", name, first[0], second[0], ids, height, *_size(themes, under), smaller))
        centre = (first[2] * first[3] + second[2] * second[3]) / weight
        nodes = [node for at, node in enumerate(nodes) if at not in (one, other)] + [(name, under, weight, centre)]
    return rows


def _costs(nodes: list[tuple[str, list[int], float, Array]]) -> NDArray[np.float64]:
    """What joining each two nodes adds to the sum of squares; rounded, so that equals are taken in their order."""
    centres = np.array([node[3] for node in nodes])
    weights = np.array([node[2] for node in nodes])
    squares = (centres**2).sum(axis=1)
    apart = np.maximum(squares[:, np.newaxis] + squares - 2 * centres @ centres.T, 0)
    costs = (apart * np.outer(weights, weights) / np.add.outer(weights, weights)).round(9)
    np.fill_diagonal(costs, np.inf)
    return np.asarray(costs)


def _two_parts(rows: Array) -> tuple[NDArray[np.bool_], float]:
    """Which rows are in the smaller of the last two parts of Ward's tree, of equals the later, and the height of the tree."""
    merges = linkage(rows, "ward")
    members = {at: [at] for at in range(len(rows))}
    for step, (one, other) in enumerate(merges[:, :2].astype(int)):
        members[len(rows) + step] = members[one] + members[other]
    one, other = (members[int(side)] for side in merges[-1, :2])
    smaller = min((one, other), key=lambda part: (len(part), -min(part)))
    second = np.zeros(len(rows), dtype=bool)
    second[smaller] = True
    return second, float(merges[-1, 2])


def _size(themes: ThemeModel, under: list[int]) -> tuple[int, int]:
    mine = themes._used[np.isin(themes._themes[themes._used["text"]], under)]
    return len(mine), int(mine["respondent"].nunique())
