import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

from engagement_lib.themes import landmarks, model, updating, vectors
from engagement_lib.themes.landmarks import choose_landmarks
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.updating import restore_themes, update_themes

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
    for module in (model, updating):
        monkeypatch.setattr(module, "choose_landmarks", lambda texts: choose_landmarks(texts, most=150))
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


MORE = [f"late {number} on matter{matter}" for matter, many in (("7", 60), ("0", 20), ("1", 20)) for number in range(many)]


def update(segments_of, mode, *, order=1, restored=False):
    """500 texts on seven matters, and then a hundred, of which sixty are on a new one."""
    old, both = segments_of(TEXTS), segments_of(TEXTS + MORE)
    before = ThemeModel(7, encoder=Matters(), resamples=0).fit(old.iloc[::order])
    if restored:
        empty = ThemeModel(7, encoder=Matters(), resamples=0)
        before = restore_themes(empty, old.iloc[::order], before.assignments_, before.ledger_)
    return before, update_themes(before, both.iloc[500:].iloc[::order], mode=mode)


@pytest.mark.usefixtures("few_landmarks")
@pytest.mark.parametrize("restored", [False, True])
def test_of_very_many_texts_old_ones_stay_and_a_theme_is_born_of_new_ones(segments_of, restored):
    before, after = update(segments_of, "anchored", restored=restored)
    kept = before.assignments_.merge(after.assignments_, on="source_id")
    assert (kept["theme_id_x"] == kept["theme_id_y"]).mean() >= 0.99
    assert after.ledger_["status"].tolist() == ["kept"] * 7 + ["new"]
    assert adjusted_rand_score([text[-1] for text in TEXTS + MORE], after.assignments_["theme_id"]) > 0.99
    assert len(after._landmarks) < 170


@pytest.mark.usefixtures("few_landmarks")
def test_of_very_many_texts_every_old_one_stays_in_frozen_themes(segments_of):
    before, after = update(segments_of, "frozen")
    pd.testing.assert_frame_equal(
        after.assignments_.iloc[:500][["source_id", "theme_id"]], before.assignments_[["source_id", "theme_id"]]
    )
    assert after.theme_ids_ == before.theme_ids_


@pytest.mark.usefixtures("few_landmarks")
@pytest.mark.parametrize("mode", ["anchored", "frozen"])
def test_the_order_of_many_new_texts_does_not_matter(segments_of, mode):
    straight, backwards = (update(segments_of, mode, order=order)[1] for order in (1, -1))
    pd.testing.assert_frame_equal(backwards.assignments_, straight.assignments_)
    pd.testing.assert_frame_equal(backwards.ledger_, straight.ledger_)
