import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted_answers import Planted, answers

from engagement_lib.errors import TableError
from engagement_lib.evidence.intrusion import ITEMS, KEY, SCORES, intrusion_task, score_intrusion
from engagement_lib.themes.decisions import decide_themes, theme_decision
from engagement_lib.themes.model import ThemeModel


@pytest.fixture(scope="module")
def model():
    return ThemeModel(3, encoder=Planted(), resamples=0).fit(answers(("money", 20), ("time", 20), ("data", 20)))


@pytest.fixture(scope="module")
def task(model):
    return intrusion_task(model, random_state=3)


def test_three_quotations_are_of_the_theme_and_the_one_in_the_key_is_not(model, task):
    themes = model.assignments_.set_index("source_id")["theme_id"]
    assert len(task.key) == 9
    assert task.key["theme_id"].value_counts().to_dict() == {"T01": 3, "T02": 3, "T03": 3}
    for row in task.key.itertuples():
        mine = task.items[task.items["item"] == row.item].set_index("position")["source_id"].map(themes)
        assert mine.index.tolist() == [1, 2, 3, 4]
        assert mine[row.intruder] == row.from_theme_id != row.theme_id
        assert set(mine.drop(row.intruder)) == {row.theme_id}


def test_the_four_come_from_different_people(task):
    assert (task.items.groupby("item")["source_id"].nunique() == 4).all()


def test_the_intruder_has_no_place_of_its_own(model):
    places = intrusion_task(model, per_theme=6).key["intruder"]
    assert set(places) == {1, 2, 3, 4}


def test_the_same_seed_draws_the_same_and_another_does_not(model, task):
    shuffled = ThemeModel(3, encoder=Planted(), resamples=0).fit(
        answers(("money", 20), ("time", 20), ("data", 20)).sample(frac=1, random_state=1)
    )
    pd.testing.assert_frame_equal(intrusion_task(shuffled, random_state=3).items, task.items)
    assert not intrusion_task(model, random_state=4).items.equals(task.items)


def test_excluded_themes_are_neither_asked_about_nor_drawn_from(model):
    event = theme_decision("exclude", "T02", author="AB")
    task = intrusion_task(decide_themes(model, pd.DataFrame([event])))
    assert "T02" not in {*task.key["theme_id"], *task.key["from_theme_id"]}
    assert task.left_out["theme_id"].tolist() == ["T02"]


def test_a_theme_of_few_people_is_left_out_with_the_reason():
    segments = answers(("money", 20), ("time", 20)).assign(case_id=lambda t: t["case_id"].where(t["case_id"].str[0] == "M", "T"))
    task = intrusion_task(ThemeModel(2, encoder=Planted(), resamples=0).fit(segments))
    assert task.left_out["reason"].tolist() == ["fewer than 3 respondents with a text that is short enough"]
    assert set(task.key["from_theme_id"]) == {task.left_out["theme_id"].item()}


def test_an_intruder_by_one_of_the_three_is_not_taken():
    people = [f"P{number % 3}" for number in range(24)]
    segments = answers(("money", 12), ("time", 12)).assign(case_id=people)
    task = intrusion_task(ThemeModel(2, encoder=Planted(), resamples=0).fit(segments))
    assert task.left_out["reason"].tolist() == ["nobody else speaks of another theme"] * 2


def test_long_segments_are_not_drawn_and_one_theme_makes_no_task(model):
    assert intrusion_task(model, longest=1).left_out["reason"].tolist() == ["fewer than two themes"] * 3
    nothing = intrusion_task(ThemeModel(encoder="tfidf").fit(answers()))
    assert nothing.items.dtypes.astype(str).to_dict() == ITEMS
    assert nothing.key.dtypes.astype(str).to_dict() == KEY


@pytest.mark.parametrize("option", ["per_theme", "longest"])
def test_options_below_one_are_refused(model, option):
    with pytest.raises(TableError, match=option):
        intrusion_task(model, **{option: 0})


KEYS = pd.DataFrame(
    {"item": [1, 2, 3], "theme_id": ["T01", "T01", "T02"], "intruder": [3, 1, 4], "from_theme_id": ["T02", "T02", "T01"]}
)


def judged(*rows):
    return pd.DataFrame(list(rows), columns=["judge", "item", "answer"])


def test_shares_are_told_for_all_for_each_theme_and_for_each_judge():
    told = score_intrusion(judged(("CD", 1, 3), ("CD", 2, 2), ("AB", "1", "3"), ("AB", 2, ""), ("AB", 3, 4)), KEYS)
    assert told[["of", "name", "judged", "right"]].to_numpy().tolist() == [
        ["all", "", 4, 3],
        ["theme", "T01", 3, 2],
        ["theme", "T02", 1, 1],
        ["judge", "AB", 2, 2],
        ["judge", "CD", 2, 1],
    ]
    # Wilson's interval for 3 of 4, and 1/256 + 12/256 by guessing.
    np.testing.assert_allclose(told.loc[0, ["low", "high", "p"]].astype(float), [0.300642, 0.954413, 13 / 256], atol=1e-6)
    assert {column: str(dtype) for column, dtype in told.dtypes.items()} == SCORES


def test_a_theme_that_nobody_judged_says_so():
    told = score_intrusion(judged(("AB", 3, None)), KEYS)
    assert told["reason"].tolist() == ["nobody has judged it"] * 4
    assert told[["share", "low", "high", "p"]].isna().all(axis=None)


def test_no_answers_make_rows_for_the_themes():
    assert score_intrusion(judged(), KEYS)["of"].tolist() == ["all", "theme", "theme"]


@pytest.mark.parametrize(
    ("row", "found"),
    [(("AB", 9, 1), "item '9'"), (("AB", 1, 5), "answer '5'"), (("AB", 1, "first"), "answer 'first'"), ((" ", 1, 1), "no judge")],
)
def test_an_answer_that_cannot_be_read_is_named(row, found):
    with pytest.raises(TableError, match=rf"row 2.*{found}"):
        score_intrusion(judged(row), KEYS)


def test_two_answers_of_one_judge_to_an_item_are_refused():
    with pytest.raises(TableError, match=r"row 3.*a second time"):
        score_intrusion(judged(("AB", 1, 1), ("AB", 1, 2)), KEYS)


def test_answers_without_a_column_are_refused():
    with pytest.raises(TableError, match="no column 'answer'"):
        score_intrusion(judged().drop(columns="answer"), KEYS)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from([1, 2, 3]), st.integers(0, 4)), unique_by=lambda row: row[:2]))
def test_the_rows_of_themes_and_of_judges_each_add_up_to_all(rows):
    told = score_intrusion(judged(*rows), KEYS).groupby("of")[["judged", "right"]].sum()
    for of in {"theme", "judge"} & set(told.index):
        assert told.loc[of].tolist() == told.loc["all"].tolist()
