"""Heavy loops on a cluster: needs the extra `cluster`, and is skipped without it."""

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config

from engagement_lib.themes import landmarks, model
from engagement_lib.themes.landmarks import choose_landmarks
from engagement_lib.themes.model import ThemeModel

distributed = pytest.importorskip("distributed")
MATTERS = [f"matter{i % 5} word{i} and word{i // 2}" for i in range(300)]


class Matters:
    """Vectors near one axis for each matter."""

    name = "matters"

    def encode(self, texts):
        noise = np.array([np.random.default_rng(sum(map(ord, text))).normal(size=8) * 0.3 for text in texts])
        return noise + np.eye(8)[[int(text[6]) for text in texts]]


@pytest.fixture(scope="module")
def client():
    """Two worker processes on this computer, joined to nobody."""
    with (
        distributed.LocalCluster(2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        distributed.Client(cluster) as joined,
    ):
        yield joined


@pytest.mark.parametrize("most", [5_000, 120], ids=["all texts", "landmarks"])
def test_a_dask_cluster_gives_the_same_themes_and_the_same_stability(client, segments_of, monkeypatch, most):
    monkeypatch.setattr(model, "choose_landmarks", lambda texts: choose_landmarks(texts, most=most))
    monkeypatch.setattr(landmarks, "_ROWS", 60)
    segments = segments_of(MATTERS, cases=[f"P{i // 3:03d}" for i in range(300)])
    options = {"encoder": Matters(), "resamples": 6, "random_state": 7}
    alone = ThemeModel(**options, n_jobs=1).fit(segments)
    assert len(alone.theme_ids_) == 5
    apart = alone.stability_
    with parallel_config("dask"), distributed.get_task_stream(client) as tasks:
        spread = ThemeModel(**options).fit(segments)
        pd.testing.assert_frame_equal(spread.stability_, apart)
    pd.testing.assert_frame_equal(spread.assignments_, alone.assignments_)
    assert len({task["worker"] for task in tasks.data}) == 2
