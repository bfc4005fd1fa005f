import os

import numpy as np
import pandas as pd
import pytest

from engagement_lib.themes import stability_cache
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.stability_cache import kept_in, no_cache


def content(**other):
    voices = pd.DataFrame({"text": [0, 1], "respondent": ["P1", "P2"]})
    held = {"texts": ["more time", "training"], "vectors": np.eye(2, dtype=np.float32), "themes": np.array([0, 1])}
    held |= {"voices": voices, "random_state": 7}
    return tuple((held | other).values())


class Draws:
    """Counts what was asked for; draw number n is the row [n, n / 2]."""

    def __init__(self):
        self.asked = []

    def __call__(self, first, last):
        self.asked.append((first, last))
        return np.array([[at, at / 2] for at in range(first, last)], dtype=np.float64)


def test_draws_are_made_once_and_more_are_added_to_them(tmp_path):
    draw = Draws()
    kept = kept_in(tmp_path)
    for resamples in (3, 3, 5, 2):
        found = kept(draw, content(), resamples)
        assert found.tolist() == [[at, at / 2] for at in range(resamples)]
    assert draw.asked == [(0, 3), (3, 5)]


@pytest.mark.parametrize(
    "other",
    [
        {"texts": ["more time", "trainings"]},
        {"texts": ["more timetraining", ""]},
        {"vectors": np.eye(2, dtype=np.float32)[::-1]},
        {"vectors": None},
        {"themes": np.array([1, 0])},
        {"voices": pd.DataFrame({"text": [0, 1], "respondent": ["P1", "P1"]})},
        {"random_state": 8},
    ],
)
def test_whatever_else_they_depend_on_makes_new_draws(tmp_path, other):
    draw = Draws()
    kept_in(tmp_path)(draw, content(), 2)
    kept_in(tmp_path)(draw, content(**other), 2)
    assert draw.asked == [(0, 2), (0, 2)]


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"no zip file at all"])
def test_a_broken_file_is_made_anew(tmp_path, spoil):
    draw = Draws()
    kept_in(tmp_path)(draw, content(), 2)
    (file,) = (tmp_path / ".cache" / "stability").iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    assert len(kept_in(tmp_path)(draw, content(), 2)) == 2
    kept_in(tmp_path)(draw, content(), 2)
    assert draw.asked == [(0, 2), (0, 2)]


def test_draws_that_somebody_changed_are_made_anew(tmp_path):
    draw = Draws()
    kept_in(tmp_path)(draw, content(), 2)
    (file,) = (tmp_path / ".cache" / "stability").iterdir()
    np.savez(file, rows=np.ones((2, 2)), hash="0")
    assert kept_in(tmp_path)(draw, content(), 2).tolist() == [[0, 0], [1, 0.5]]


def test_a_folder_that_cannot_be_written_to_costs_time_only(tmp_path):
    (tmp_path / ".cache").write_text("not a folder", encoding="utf-8")
    draw = Draws()
    for _ in range(2):
        assert len(kept_in(tmp_path)(draw, content(), 2)) == 2
    assert draw.asked == [(0, 2), (0, 2)]


def test_the_oldest_files_go(tmp_path, monkeypatch):
    monkeypatch.setattr(stability_cache, "_MOST", 2)
    kept, draw = kept_in(tmp_path), Draws()
    for state in range(3):
        kept(draw, content(random_state=state), 1)
        for age, file in enumerate(sorted((tmp_path / ".cache" / "stability").iterdir(), key=os.path.getmtime, reverse=True)):
            os.utime(file, (1_000 - age, 1_000 - age))
    kept(draw, content(random_state=2), 1)
    kept(draw, content(random_state=0), 1)
    assert len(draw.asked) == 4
    assert len(list((tmp_path / ".cache" / "stability").iterdir())) == 2


def test_without_a_cache_all_is_drawn_each_time():
    draw = Draws()
    assert [len(no_cache(draw, content(), 2)), len(no_cache(draw, content(), 2))] == [2, 2]
    assert draw.asked == [(0, 2), (0, 2)]


def test_a_model_of_a_study_keeps_its_draws_there_and_finds_the_same_again(segments, planted, tmp_path):
    (tmp_path / "study.toml").write_text('title = "Pilot"', encoding="utf-8")
    options = {"encoder": planted, "resamples": 4}
    plain = ThemeModel(**options).fit(segments).stability_
    for _ in range(2):
        pd.testing.assert_frame_equal(ThemeModel(**options, cache=tmp_path).fit(segments).stability_, plain)
    (file,) = (tmp_path / ".cache" / "stability").glob("*.npz")
    before = file.stat().st_mtime_ns
    ThemeModel(**options | {"resamples": 2}, cache=tmp_path).fit(segments).stability_  # noqa: B018 - is computed when asked for
    assert file.stat().st_mtime_ns == before


def test_a_folder_without_a_study_keeps_nothing(segments, planted, tmp_path):
    ThemeModel(encoder=planted, resamples=2, cache=tmp_path).fit(segments).stability_  # noqa: B018 - is computed when asked for
    assert list(tmp_path.iterdir()) == []
