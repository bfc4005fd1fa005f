import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import adjusted_rand_score

from engagement_lib.themes import graph
from engagement_lib.themes.graph import diffuse, diffusion_steps, grow_trees, nearest, neighbour_graph, spectrum


def blobs(themes, size, *, spread=0.05, seed=0):
    """Texts near orthogonal directions, and the direction of each."""
    truth = np.repeat(np.arange(themes), size)
    rows = np.eye(themes, themes + 4)[truth] + np.random.default_rng(seed).normal(size=(len(truth), themes + 4)) * spread
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


@pytest.mark.parametrize(("themes", "size"), [(3, 20), (10, 40), (12, 60)])
def test_themes_that_are_there_are_found(themes, size):
    vectors, truth = blobs(themes, size)
    assert adjusted_rand_score(truth, grow_trees(vectors).cut(themes)) == 1


def test_many_themes_are_cut_from_a_map_of_more_dimensions():
    vectors, truth = blobs(110, 4)
    trees = grow_trees(vectors)
    assert [trees.coordinates(many).shape for many in (100, 110)] == [(440, 32), (440, 128)]
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
    weights = graph.local_weights(np.array([[0.1, 0.2, 0.4, 0.9], [0.3, 0.3, 0.5, 0.6]]), target=2.5)
    np.testing.assert_allclose(weights.sum(axis=1), 2.5, atol=1e-9)
    assert weights[:, 0].tolist() == [1.0, 1.0]


def test_neighbours_are_the_same_in_parts_as_in_one(monkeypatch):
    vectors, _ = blobs(3, 20)
    at_once = neighbour_graph(vectors).toarray()
    monkeypatch.setattr(graph, "_CELLS", 7 * 60)
    np.testing.assert_allclose(neighbour_graph(vectors).toarray(), at_once, atol=1e-9)


def test_the_sparse_map_has_the_distances_of_the_dense_one(monkeypatch):
    vectors, _ = blobs(4, 40, spread=0.3)
    found = neighbour_graph(vectors)
    dense = diffuse(*spectrum(found, dimensions=6), steps=8)
    monkeypatch.setattr(graph, "_DENSE", 0)
    np.testing.assert_allclose(diffuse(*spectrum(found, dimensions=6), steps=8), dense, atol=1e-6)


def test_a_text_without_neighbours_stands_still():
    assert np.isfinite(diffuse(*spectrum(csr_array((3, 3)), dimensions=3), steps=1)).all()


@pytest.mark.parametrize(("n_themes", "steps"), [(2, 8), (10, 8), (18, 4), (40, 2), (80, 1), (400, 1)])
def test_the_walk_is_as_short_as_the_themes_are_small(n_themes, steps):
    assert diffusion_steps(400, n_themes) == steps


def test_a_tree_is_grown_once_for_numbers_of_themes_that_share_their_steps():
    vectors, _ = blobs(5, 40, spread=0.3)
    trees = grow_trees(vectors)
    for n_themes in (5, 6, 7, 14, 15):
        assert trees.cut(n_themes).max() == n_themes - 1
    assert sorted(trees.grown) == [(4, 32), (8, 32)]


def test_small_themes_are_kept_apart_by_a_short_walk():
    vectors, truth = blobs(40, 5, spread=0.08)
    assert adjusted_rand_score(truth, grow_trees(vectors).cut(40)) > 0.95


def test_a_text_outside_the_graph_goes_where_its_neighbours_are():
    vectors, truth = blobs(6, 50, spread=0.1)
    inside = np.arange(len(vectors)) % 3 > 0
    trees = grow_trees(vectors[inside])
    themes = trees.cut(6)
    found, distances = nearest(vectors[~inside], vectors[inside], 15)
    placed = trees.place(found, graph.local_weights(distances, target=np.log2(15)), themes, 6)
    together = np.empty(len(vectors), dtype=np.intp)
    together[inside], together[~inside] = themes, placed
    assert adjusted_rand_score(truth, together) == 1


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
