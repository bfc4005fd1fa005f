import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import EngagementError
from engagement_lib.themes import vectors
from engagement_lib.themes.vectors import encode_texts, nearest_two, unit_rows


class Letters:
    """How often a text has an a, a b and a c; how many texts it was asked for each time."""

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked.append(len(texts))
        return np.array([[1 + text.count(letter) for letter in "abc"] for text in texts])


def test_unit_rows_leave_zeros_alone():
    assert unit_rows(np.array([[0.0, 2.0], [0.0, 0.0]])).tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_many_texts_are_encoded_in_parts_and_kept_on_disk(monkeypatch):
    monkeypatch.setattr(vectors, "IN_MEMORY", 4)
    texts = ["a", "bb", "abc", "cc", "b", "aa", "c", "ca", "bc"]
    encoder = Letters()
    found = encode_texts(encoder, texts)
    assert isinstance(found, np.memmap)
    assert encoder.asked == [4, 4, 1]
    np.testing.assert_array_equal(found, unit_rows(Letters().encode(texts)))


def test_an_encoder_that_changes_its_mind_about_its_width_is_refused(monkeypatch):
    monkeypatch.setattr(vectors, "IN_MEMORY", 2)

    class Fickle:
        def encode(self, texts):
            return np.eye(len(texts), 5 - len(texts))

    with pytest.raises(EngagementError, match=r"Fickle: found an array of shape \(1, 4\)"):
        encode_texts(Fickle(), ["one", "two", "three"])


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 4), st.integers(1, 5))
def test_the_two_nearest_are_those_of_the_whole_matrix(seed, texts, themes, rows):
    generator = np.random.default_rng(seed)
    points, centroids = generator.normal(size=(texts, 3)), generator.normal(size=(themes, 3))
    own_theme = generator.integers(0, themes, texts)
    whole = points @ centroids.T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "_ROWS", rows)
        own, other, second = nearest_two(points, centroids, own_theme)
    np.testing.assert_allclose(own, whole[np.arange(texts), own_theme])
    if themes == 1:
        assert np.isnan(other).all()
        assert (second == -1).all()
        return
    assert (second != own_theme).all()
    np.testing.assert_allclose(other, whole[np.arange(texts), second])
    whole[np.arange(texts), own_theme] = -np.inf
    np.testing.assert_allclose(other, whole.max(axis=1))
