import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import silhouette_score

from engagement_lib.themes import curve as curve_module
from engagement_lib.themes.curve import choose_n_themes, modularity, silhouette, theme_sizes
from engagement_lib.themes.graph import grow_trees


def blobs(themes, size, *, spread=0.05, seed=0):
    """Texts near orthogonal directions."""
    truth = np.repeat(np.arange(themes), size)
    rows = np.eye(themes, themes + 4)[truth] + np.random.default_rng(seed).normal(size=(len(truth), themes + 4)) * spread
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize(("themes", "size"), [(3, 20), (10, 40), (12, 60)])
def test_the_number_of_themes_that_are_there_is_found(themes, size, words):
    vectors = blobs(themes, size)
    curve = choose_n_themes(grow_trees(vectors), vectors, theme_sizes(3 * size), words=words)
    assert curve.loc[curve["chosen"], "n_themes"].tolist() == [themes]


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
    vectors = blobs(3, 20, spread=0.2)
    curve = choose_n_themes(grow_trees(vectors), vectors, [2, 3, 4, 5])
    assert curve.columns.tolist() == ["n_themes", "silhouette", "modularity", "score", "rank", "chosen"]
    np.testing.assert_allclose(curve["score"], curve["silhouette"] * np.sqrt(curve["modularity"]))
    assert sorted(curve["rank"]) == [1, 2, 3, 4]
    pd.testing.assert_series_equal(curve["chosen"], curve["n_themes"] == 3, check_names=False)


@pytest.mark.parametrize(("texts", "sizes"), [(10, [2]), (25, [2, 3, 4, 5])])
def test_sizes_go_up_to_a_fifth_of_the_texts(texts, sizes):
    assert theme_sizes(texts) == sizes


def test_the_silhouette_weighs_a_fifth_where_vectors_are_those_of_words():
    vectors = blobs(3, 20, spread=0.2)
    curve = choose_n_themes(grow_trees(vectors), vectors, [2, 3, 4, 5], words=True)
    np.testing.assert_allclose(curve["score"], curve["silhouette"] ** 0.2 * curve["modularity"])


def test_sizes_grow_by_a_tenth():
    assert theme_sizes(2000)[-3:] == [311, 342, 376]


def test_sizes_stop_at_what_can_be_read():
    assert theme_sizes(100_000) == theme_sizes(2000)


def test_very_many_themes_are_taken_only_where_texts_fall_into_them_by_themselves():
    vectors = np.random.default_rng(1).normal(size=(1000, 40))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    curve = choose_n_themes(grow_trees(vectors), vectors, [10, 99, 100, 150]).set_index("n_themes")
    assert 0 < curve["silhouette"].max() < 0.1
    assert (curve["score"] == 0).tolist() == [False, False, True, True]


def test_very_many_themes_that_are_there_are_found():
    vectors = blobs(120, 10, spread=0.01)
    curve = choose_n_themes(grow_trees(vectors), vectors, [60, 120, 160])
    assert curve.loc[curve["chosen"], "n_themes"].tolist() == [120]


def test_very_many_themes_are_tried_only_where_fifty_or_more_are_best_or_where_they_are_wanted():
    vectors = blobs(5, 60, spread=0.1)
    trees = grow_trees(vectors)
    assert choose_n_themes(trees, vectors, [4, 5, 60, 110])["n_themes"].tolist() == [4, 5, 60]
    assert choose_n_themes(trees, vectors, [4, 5, 60, 110], wanted=110)["n_themes"].tolist() == [4, 5, 60, 110]


def test_a_map_of_more_dimensions_is_no_gain_by_itself(monkeypatch):
    monkeypatch.setattr(curve_module, "CLEAR", 0.0)
    vectors = blobs(120, 10, spread=0.2)
    trees = grow_trees(vectors)
    curve = choose_n_themes(trees, vectors, [60, 90, 120]).set_index("n_themes")
    plain = curve["silhouette"] * np.sqrt(curve["modularity"])
    best = plain.loc[:90].idxmax()
    themes = trees.cut(best, dimensions=128)
    same = silhouette(vectors, themes) * np.sqrt(modularity(trees.graph, themes))
    np.testing.assert_allclose(curve.loc[[60, 90], "score"], plain.loc[:90])
    assert same > plain[best]
    assert curve.loc[120, "score"] == pytest.approx(plain[120] * plain[best] / same)
