import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import adjusted_rand_score, silhouette_score

from engagement_lib.themes import graph
from engagement_lib.themes.graph import (
    choose_n_themes,
    diffusion_map,
    grow_trees,
    modularity,
    neighbour_graph,
    silhouette,
    theme_sizes,
)


def blobs(themes, size, *, spread=0.05, seed=0):
    """Texts near orthogonal directions, and the direction of each."""
    truth = np.repeat(np.arange(themes), size)
    rows = np.eye(themes, themes + 4)[truth] + np.random.default_rng(seed).normal(size=(len(truth), themes + 4)) * spread
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


@pytest.mark.parametrize(("themes", "size"), [(3, 20), (10, 40), (12, 60)])
def test_themes_that_are_there_are_found(themes, size):
    vectors, truth = blobs(themes, size)
    trees = grow_trees(vectors, most_themes=themes)
    assert adjusted_rand_score(truth, trees.cut(themes)) == 1
    curve = choose_n_themes(trees, vectors, theme_sizes(3 * size))
    assert curve.loc[curve["chosen"], "n_themes"].tolist() == [themes]


def test_many_themes_are_cut_from_a_map_of_more_dimensions():
    vectors, truth = blobs(110, 4)
    trees = grow_trees(vectors, most_themes=110)
    assert [len(coordinates.T) for coordinates in trees.maps] == [32, 128]
    assert adjusted_rand_score(truth, trees.cut(110)) > 0.95
    assert trees.cut(5).max() == 4


def test_the_graph_joins_the_nearest_both_ways_by_weights_up_to_one():
    vectors, _ = blobs(2, 15)
    found = neighbour_graph(vectors, neighbours=5).toarray()
    np.testing.assert_array_equal(found, found.T)
    assert found.max() <= 1
    assert not found.diagonal().any()
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -1)
    np.testing.assert_allclose(found[np.arange(30), cosine.argmax(axis=1)], 1)


def test_local_weights_sum_to_the_logarithm_of_the_neighbours():
    weights = graph._local_weights(np.array([[0.1, 0.2, 0.4, 0.9], [0.3, 0.3, 0.5, 0.6]]), target=2.5)
    np.testing.assert_allclose(weights.sum(axis=1), 2.5, atol=1e-9)
    assert weights[:, 0].tolist() == [1.0, 1.0]


def test_neighbours_are_the_same_in_parts_as_in_one(monkeypatch):
    vectors, _ = blobs(3, 20)
    at_once = neighbour_graph(vectors).toarray()
    monkeypatch.setattr(graph, "_ROWS", 7)
    np.testing.assert_allclose(neighbour_graph(vectors).toarray(), at_once, atol=1e-9)


def test_the_sparse_map_has_the_distances_of_the_dense_one(monkeypatch):
    vectors, _ = blobs(4, 40, spread=0.3)
    found = neighbour_graph(vectors)
    dense = diffusion_map(found, dimensions=6)
    monkeypatch.setattr(graph, "_DENSE", 0)
    np.testing.assert_allclose(diffusion_map(found, dimensions=6), dense, atol=1e-6)


def test_a_text_without_neighbours_stands_still():
    assert np.isfinite(diffusion_map(csr_array((3, 3)))).all()


def test_a_cut_has_exactly_as_many_themes_as_asked_for_even_among_equals():
    merges = graph._ward(np.zeros((9, 2)))
    assert [graph._cut(merges, n).max() + 1 for n in range(1, 10)] == list(range(1, 10))


def test_kmeans_drops_a_theme_that_loses_its_last_text():
    rows = np.array([[0.0], [0.1], [10.0], [10.1], [5.0], [5.2]])
    assert graph.kmeans(rows, np.array([0, 1, 0, 1, 2, 2]))[0].max() == 1


def test_kmeans_stops_after_so_many_runs(monkeypatch):
    monkeypatch.setattr(graph, "_MOST_RUNS", 0)
    themes = np.array([0, 1, 0])
    np.testing.assert_array_equal(graph.kmeans(np.eye(3), themes)[0], themes)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 40), st.integers(2, 6))
def test_the_silhouette_is_that_of_scikit_learn(seed, texts, themes):
    generator = np.random.default_rng(seed)
    vectors = generator.normal(size=(texts, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assigned = np.unique(np.append(generator.integers(0, themes, texts - 2), [0, 1]), return_inverse=True)[1]
    if assigned.max() + 1 < texts:
        assert silhouette(vectors, assigned) == pytest.approx(silhouette_score(vectors, assigned, metric="cosine"), abs=1e-9)


def test_one_theme_has_the_silhouette_zero():
    assert silhouette(np.eye(3), np.zeros(3, dtype=np.intp)) == 0


def test_a_vector_of_zeros_is_as_far_from_its_own_theme_as_from_another():
    assert silhouette(np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), np.array([0, 0, 1, 1])) == 0.5


def test_modularity_is_that_of_a_worked_example():
    # Two triangles joined by one of seven edges: each holds 3/7 of the weight and half of the degrees.
    edges = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)]
    dense = np.zeros((6, 6))
    for one, other in edges:
        dense[one, other] = dense[other, one] = 1
    assert modularity(csr_array(dense), np.array([0, 0, 0, 1, 1, 1])) == pytest.approx(2 * (3 / 7 - 1 / 4))


def test_the_curve_has_one_row_a_number_and_the_product_as_its_score():
    vectors, _ = blobs(3, 20, spread=0.2)
    curve = choose_n_themes(grow_trees(vectors, most_themes=5), vectors, [2, 3, 4, 5])
    assert curve.columns.tolist() == ["n_themes", "silhouette", "modularity", "score", "rank", "chosen"]
    np.testing.assert_allclose(curve["score"], curve["silhouette"] * np.sqrt(curve["modularity"]))
    assert sorted(curve["rank"]) == [1, 2, 3, 4]
    pd.testing.assert_series_equal(curve["chosen"], curve["n_themes"] == 3, check_names=False)


@pytest.mark.parametrize(("texts", "sizes"), [(10, [2]), (25, [2, 3, 4, 5])])
def test_sizes_go_up_to_a_fifth_of_the_texts(texts, sizes):
    assert theme_sizes(texts) == sizes


def test_sizes_grow_by_a_tenth():
    assert theme_sizes(2000)[-3:] == [311, 342, 376]
