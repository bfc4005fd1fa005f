import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

from engagement_lib.themes import landmarks, model, vectors
from engagement_lib.themes.landmarks import choose_landmarks
from engagement_lib.themes.model import ThemeModel

TEXTS = [f"text {number} on matter{number % 7}" for number in range(500)]


def test_landmarks_are_the_same_texts_in_any_order():
    chosen = {TEXTS[row] for row in choose_landmarks(TEXTS, most=60)}
    backwards = TEXTS[::-1]
    rows = choose_landmarks(backwards, most=60)
    assert {backwards[row] for row in rows} == chosen
    assert len(chosen) == 60
    assert (np.diff(rows) > 0).all()


def test_few_texts_are_all_landmarks():
    assert choose_landmarks(TEXTS, most=500).tolist() == list(range(500))
    assert choose_landmarks([], most=5).tolist() == []


class Matters:
    """Vectors near one axis for each matter."""

    name = "matters"

    def encode(self, texts):
        noise = np.array([np.random.default_rng(sum(map(ord, text)) * len(text)).normal(size=9) * 0.12 for text in texts])
        return noise + np.eye(9)[[int(text[-1]) for text in texts]]


@pytest.fixture
def few_landmarks(monkeypatch):
    monkeypatch.setattr(model, "choose_landmarks", lambda texts: choose_landmarks(texts, most=150))
    monkeypatch.setattr(vectors, "IN_MEMORY", 200)
    monkeypatch.setattr(landmarks, "_ROWS", 40)


@pytest.mark.usefixtures("few_landmarks")
@pytest.mark.parametrize("encoder", [Matters(), "tfidf"])
def test_every_text_joins_the_theme_of_its_neighbours_among_the_landmarks(segments_of, encoder):
    found = ThemeModel(7, encoder=encoder, resamples=3).fit(segments_of(TEXTS))
    assert adjusted_rand_score([text[-1] for text in TEXTS], found.assignments_["theme_id"]) > 0.99
    assert found.themes_["segments"].sum() == 500
    assert found.stability_["stability"].notna().all()
    again = found.predict(segments_of(TEXTS))
    pd.testing.assert_frame_equal(again, found.assignments_)


@pytest.mark.usefixtures("few_landmarks")
def test_the_order_of_many_texts_does_not_matter(segments_of):
    segments = segments_of(TEXTS)
    chosen = ThemeModel(encoder=Matters(), resamples=3)
    shuffled = clone(chosen).fit(segments.sample(frac=1, random_state=5))
    for name in ("assignments_", "themes_", "quotes_", "curve_"):
        pd.testing.assert_frame_equal(getattr(chosen.fit(segments), name), getattr(shuffled, name))
    assert len(chosen.theme_ids_) == 7


@pytest.mark.usefixtures("few_landmarks")
@pytest.mark.parametrize("n_jobs", [1, 2, 4])
def test_many_texts_have_the_same_themes_whatever_the_number_of_workers(segments_of, n_jobs):
    alone = ThemeModel(encoder=Matters(), resamples=0).fit(segments_of(TEXTS))
    with parallel_config(backend="threading", n_jobs=n_jobs):
        together = ThemeModel(encoder=Matters(), resamples=0).fit(segments_of(TEXTS))
    pd.testing.assert_frame_equal(alone.assignments_, together.assignments_)
