import numpy as np
import pandas as pd
import pytest
from planted_answers import Planted, answers

from engagement_lib.errors import EngagementError
from engagement_lib.themes.decisions import decide_themes, theme_decision
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.tree import MAP, TREE, split_theme, theme_map, theme_tree


class Near(Planted):
    """As planted, but money and time lie nearer to each other than to the rest."""

    def encode(self, texts):
        rows = super().encode(texts)
        rows[:, 7] += [1.5 if text.split()[0] in ("money", "time") else 0 for text in texts]
        return rows


@pytest.fixture(scope="module")
def model():
    segments = answers(("money", 20), ("time", 20), ("data", 10))
    return ThemeModel(3, encoder=Near(), resamples=0).fit(segments)


@pytest.fixture
def empty():
    return ThemeModel(encoder="tfidf", resamples=0).fit(answers())


def test_the_two_themes_that_are_most_alike_join_first(model):
    tree = theme_tree(model)
    merges = tree[tree["kind"] == "merge"]
    assert merges[["node", "left", "right", "themes", "segments", "respondents", "smaller"]].to_numpy().tolist() == [
        ["M01", "T01", "T02", "T01 T02", 40, 40, 20],
        ["M02", "T03", "M01", "T01 T02 T03", 50, 50, 10],
    ]
    assert merges["height"].is_monotonic_increasing


def test_the_height_of_a_merge_is_wards():
    segments = answers(("money", 12), ("time", 12))
    model = ThemeModel(2, encoder=Planted(), resamples=0).fit(segments)
    height = theme_tree(model).set_index("kind").loc["merge", "height"]
    centres = [model._vectors[model._themes == theme].mean(axis=0) for theme in (0, 1)]
    assert height == pytest.approx(np.sqrt(2 * 12 * 12 / 24) * np.linalg.norm(centres[0] - centres[1]), rel=1e-5)


def test_every_theme_of_two_texts_or_more_has_a_split_below_its_merge(model):
    tree = theme_tree(model)
    splits = tree[tree["kind"] == "split"]
    assert set(splits["node"]) == {"T01", "T02", "T03"}
    assert splits["height"].max() < tree.loc[tree["kind"] == "merge", "height"].min()
    assert tree["step"].tolist() == [1, 2, 3, 4, 5]


def test_a_theme_of_one_text_has_no_split():
    alone = ThemeModel(encoder="tfidf", resamples=0).fit(answers(("money", 1)))
    assert theme_tree(alone).empty
    with pytest.raises(EngagementError, match="one text"):
        split_theme(alone, "T01")


def test_the_halves_of_a_theme_can_be_given_to_a_decision(model):
    halves = split_theme(model, "T01")
    assert halves["part"].value_counts().to_dict().keys() == {1, 2}
    assert (halves["part"] == 1).sum() >= (halves["part"] == 2).sum()
    second = halves[halves["part"] == 2]
    event = theme_decision("split", "T01", author="AB", into="T04", answers=second)
    decided = decide_themes(model, pd.DataFrame([event]))
    moved = decided.assignments_[decided.assignments_["theme_id"] == "T04"]
    assert moved["source_id"].tolist() == sorted(second["source_id"])


def test_a_theme_that_is_not_there_cannot_be_split(model):
    with pytest.raises(EngagementError, match="T01, T02, T03"):
        split_theme(model, "T09")


def test_the_map_keeps_the_distances_that_it_can(model):
    found = theme_map(model)
    spots = found[["x", "y"]].to_numpy()
    centres = model._centroids
    # Three centres lie in one plane, so that nothing is lost.
    assert found["held"].tolist() == pytest.approx([1.0] * 3)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        apart = np.linalg.norm(centres[one] - centres[other])
        assert np.linalg.norm(spots[one] - spots[other]) == pytest.approx(apart, rel=1e-5)
    assert found["respondents"].tolist() == [20, 20, 10]


def test_the_order_of_rows_does_not_matter(model):
    segments = answers(("money", 20), ("time", 20), ("data", 10)).sample(frac=1, random_state=5)
    shuffled = ThemeModel(3, encoder=Near(), resamples=0).fit(segments)
    pd.testing.assert_frame_equal(theme_map(shuffled), theme_map(model))
    pd.testing.assert_frame_equal(theme_tree(shuffled), theme_tree(model))


def test_no_themes_make_an_empty_tree_and_an_empty_map(empty):
    for table, columns in ((theme_tree(empty), TREE), (theme_map(empty), MAP)):
        assert table.empty
        assert {column: str(dtype) for column, dtype in table.dtypes.items()} == columns


def test_two_themes_lie_on_one_line():
    found = theme_map(ThemeModel(2, encoder=Planted(), resamples=0).fit(answers(("money", 12), ("time", 12))))
    assert found["y"].abs().max() < 1e-6
    assert found["held"].tolist() == pytest.approx([1.0, 1.0])
