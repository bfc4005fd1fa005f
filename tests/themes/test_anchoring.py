import numpy as np
import pandas as pd
import pytest

from engagement_lib.themes import anchoring
from engagement_lib.themes.anchoring import anchor_texts
from engagement_lib.themes.encoders import unit_rows


def near(*sizes, seed=0, spread=0.1):
    """Vectors around so many axes, and the axis of each."""
    truth = np.repeat(np.arange(len(sizes)), sizes)
    noise = np.random.default_rng(seed).normal(size=(len(truth), 8)) * spread
    return unit_rows(np.eye(8)[truth] + noise), truth


def voices(texts, people=1000):
    return pd.DataFrame({"text": range(texts), "respondent": [f"P{number % people}" for number in range(texts)]})


def test_texts_stay_and_new_ones_go_where_they_are_near():
    vectors, truth = near(20, 20)
    old = np.where(np.arange(40) % 5 == 0, -1, truth)
    assert anchor_texts(vectors, old, 2, voices(40)).tolist() == truth.tolist()


def test_an_old_text_that_lies_with_another_theme_goes_there_unless_it_is_fixed():
    vectors, truth = near(20, 20)
    old = truth.copy()
    old[[0, 39]] = [1, -1]
    assert anchor_texts(vectors, old, 2, voices(40))[0] == 0
    assert anchor_texts(vectors, old, 2, voices(40), fixed=np.arange(40) == 0)[0] == 1


def test_a_new_matter_makes_a_new_theme():
    vectors, truth = near(20, 20, 12)
    old = np.where(truth == 2, -1, truth)
    assert anchor_texts(vectors, old, 2, voices(52)).tolist() == truth.tolist()


def test_new_themes_are_numbered_by_their_first_text():
    vectors, truth = near(20, 20, 12, 12)
    old = np.where(truth > 1, -1, truth)
    assert anchor_texts(vectors, old, 2, voices(64)).tolist() == truth.tolist()


@pytest.mark.parametrize(("size", "people"), [(4, 1000), (12, 4)])
def test_few_texts_or_few_people_make_no_theme(size, people):
    vectors, truth = near(20, 20, size)
    old = np.where(truth == 2, -1, truth)
    assert set(anchor_texts(vectors, old, 2, voices(len(old), people))) <= {0, 1}


def test_more_of_the_same_makes_no_theme():
    vectors, truth = near(30, 30)
    old = np.where(np.arange(60) % 2 == 0, -1, truth)
    assert anchor_texts(vectors, old, 2, voices(60)).tolist() == truth.tolist()


def test_the_search_for_centres_ends(monkeypatch):
    monkeypatch.setattr(anchoring, "_MOST_RUNS", 1)
    vectors, truth = near(20, 20)
    old = np.where(np.arange(40) % 5 == 0, -1, truth)
    assert anchor_texts(vectors, old, 2, voices(40)).tolist() == truth.tolist()
