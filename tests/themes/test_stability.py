import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config

from engagement_lib.themes.encoders import unit_rows
from engagement_lib.themes.stability import (
    READINGS,
    STABILITY_COLUMNS,
    Space,
    _draw,
    _reading,
    _similarities,
    _workers,
    cluster,
    theme_stability,
)

PEOPLE = np.array([f"P{i:02d}" for i in range(20)], dtype=object)


def planted_space(themes=3, size=20, spread=0.1, seed=0):
    truth = np.repeat(np.arange(themes), size)
    noise = np.random.default_rng(seed).normal(size=(len(truth), 6)) * spread
    texts = [f"text{number:03d} word{theme}" for number, theme in enumerate(truth)]
    return Space(texts, unit_rows(np.eye(6)[truth] + noise)), truth


def voices_of(texts, *, people=20):
    return pd.DataFrame({"text": range(texts), "respondent": [f"P{i % people:02d}" for i in range(texts)]})


def stability(space, themes, **options):
    names = [f"T{i + 1:02d}" for i in range(int(themes.max()) + 1)]
    options = {"theme_ids": names, "resamples": 6, "random_state": 0} | options
    return theme_stability(space, themes, voices_of(len(space.texts), people=options.pop("people", 20)), **options)


def test_themes_that_are_there_come_back_and_those_of_chance_do_not():
    space, truth = planted_space()
    found = stability(space, truth)
    assert found["stability"].tolist() == [1.0, 1.0, 1.0]
    assert found["reading"].tolist() == ["highly stable"] * 3
    assert (found["recovered"].tolist(), found["dissolved"].tolist()) == ([1.0] * 3, [0.0] * 3)
    assert found["null"].iloc[0] < 0.95


def test_themes_without_a_foundation_are_no_better_than_chance():
    space, _ = planted_space(themes=1, size=60, spread=1.0)
    found = stability(space, np.arange(60) % 4)
    assert found["reading"].tolist() == ["no better than chance"] * 4


def test_the_result_is_the_same_for_any_number_of_threads_and_twice():
    space, truth = planted_space(spread=0.4)
    first = stability(space, truth, n_jobs=1)
    for n_jobs in (1, 2, 4):
        pd.testing.assert_frame_equal(stability(space, truth, n_jobs=n_jobs), first)


def test_fewer_draws_are_the_first_of_more():
    space, truth = planted_space(spread=0.4)
    drawn = [
        _draw(space, truth, voices_of(60), *span, people=PEOPLE, random_state=0, n_jobs=1) for span in ((0, 3), (3, 5), (0, 5))
    ]
    np.testing.assert_array_equal(np.vstack(drawn[:2]), drawn[2])


def test_the_null_is_drawn_twenty_times_however_often_respondents_are():
    space, truth = planted_space(spread=0.4)
    drawn = _draw(space, truth, voices_of(60), 18, 22, people=PEOPLE, random_state=0, n_jobs=1)
    assert np.isnan(drawn[:, -1]).tolist() == [False, False, True, True]
    assert stability(space, truth, resamples=22)["null"].tolist() == stability(space, truth, resamples=20)["null"].tolist()


@pytest.mark.parametrize(("n_jobs", "texts", "expected"), [(None, 499, None), (None, 500, -1), (2, 500, 2)])
def test_all_processors_are_used_where_there_are_texts_enough(n_jobs, texts, expected):
    assert _workers(n_jobs, texts) == expected


def test_a_backend_that_was_chosen_keeps_its_number_of_workers():
    with parallel_config("threading", n_jobs=3):
        assert _workers(None, 500) is None


def test_another_random_state_draws_others():
    space, _ = planted_space(spread=0.4)
    themes = cluster(space, 5)
    assert not stability(space, themes)["stability"].equals(stability(space, themes, random_state=1)["stability"])


@pytest.mark.parametrize(
    ("options", "because"),
    [({"people": 4}, "fewer than 5 respondents"), ({"resamples": 0}, "no resamples were asked for")],
)
def test_where_it_cannot_be_known_it_says_why(options, because):
    space, truth = planted_space()
    found = stability(space, truth, **options)
    assert found["because"].tolist() == [because] * 3
    assert found[["stability", "recovered", "dissolved", "null"]].isna().all(axis=None)
    assert found["resamples"].tolist() == [0, 0, 0]
    assert found["reading"].tolist() == ["", "", ""]


def test_one_theme_has_no_stability():
    space, _ = planted_space(themes=1)
    assert stability(space, np.zeros(20, dtype=np.intp))["because"].tolist() == ["fewer than two themes"]


def test_a_theme_whose_respondents_were_never_drawn_says_so():
    space, truth = planted_space()
    themes = np.append(truth[:-1], 3)
    rare = voices_of(60).assign(respondent=[*(f"P{i % 20:02d}" for i in range(59)), "P99"])
    names = ["T01", "T02", "T03", "T04"]
    found = theme_stability(space, themes, rare, theme_ids=names, resamples=1, random_state=1)
    assert found["because"].tolist() == ["", "", "", "none of its respondents was drawn"]
    assert found["resamples"].tolist() == [1, 1, 1, 0]


def test_types_are_the_same_whatever_the_values():
    space, truth = planted_space()
    for found in (stability(space, truth), stability(space, truth, resamples=0), stability(space, truth).iloc[:0]):
        assert {column: str(dtype) for column, dtype in found.dtypes.items()} == STABILITY_COLUMNS


def test_similarity_is_the_largest_jaccard_with_a_new_theme():
    found = _similarities(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]), 3)
    np.testing.assert_allclose(found, [2 / 3, 2 / 3, np.nan])


def test_the_null_of_words_keeps_the_length_of_texts_and_the_words():
    space = Space(["more time please", "training", "more data and more time"], None)
    null = space.null(np.random.default_rng(1))
    assert null.vectors is None
    assert [len(text.split()) for text in null.texts] == [3, 1, 5]
    assert sorted(" ".join(null.texts).split()) == sorted(" ".join(space.texts).split())


def test_the_null_of_vectors_has_their_mean_and_spread_but_not_their_themes():
    space, truth = planted_space(themes=2, size=300)
    null = space.null(np.random.default_rng(0))
    real = np.linalg.svd(space.graph_vectors - space.graph_vectors.mean(axis=0), compute_uv=False)[:3]
    drawn = np.linalg.svd(null.graph_vectors - null.graph_vectors.mean(axis=0), compute_uv=False)[:3]
    assert null.graph_vectors.shape == space.graph_vectors.shape
    np.testing.assert_allclose(drawn[0] / real[0], 1, atol=0.35)
    assert np.abs(null.graph_vectors[truth == 0].mean(axis=0) - null.graph_vectors[truth == 1].mean(axis=0)).max() < 0.15


def test_the_graph_takes_a_tenth_from_words():
    space, _ = planted_space()
    found = space.graph_vectors
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found[:, :6], axis=1) ** 2, 0.9, atol=1e-5)


def test_some_of_the_texts_are_a_space_of_their_own():
    space, _ = planted_space()
    part = space.take(np.array([3, 5]))
    assert part.texts == [space.texts[3], space.texts[5]]
    assert len(cluster(part, 4)) == 2
    assert cluster(space.take(np.array([3])), 4).tolist() == [0]
    assert Space(["a word", "two words"], None).take(np.array([1])).vectors is None


@pytest.mark.parametrize(("value", "place"), [(0.9, 0), (0.8, 1), (0.7, 2), (0.5, 3)])
def test_readings_follow_hennig(value, place):
    assert _reading(value, 0.2) == READINGS[place][1]
