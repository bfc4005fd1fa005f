import pandas as pd
import pytest
from planted_answers import Planted, answers, theme_of

from engagement_lib.errors import EngagementError
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.updating import restore_themes, update_themes


@pytest.fixture(scope="module")
def old():
    return ThemeModel(3, encoder=Planted(), resamples=0).fit(answers(("money", 20), ("time", 20), ("data", 20)))


@pytest.mark.parametrize("mode", ["anchored", "frozen"])
def test_old_answers_keep_their_theme_and_new_ones_join_it(old, mode):
    new = update_themes(old, answers(("money", 5), ("time", 5), first=50), mode=mode)
    before = old.assignments_.set_index("source_id")["theme_id"]
    after = new.assignments_.set_index("source_id")["theme_id"]
    assert after[before.index].tolist() == before.tolist()
    assert after["M52"] == before["M1"]
    assert len(after) == 70
    assert new.ledger_["status"].tolist() == ["kept"] * 3
    assert new.ledger_["last_run"].tolist() == ["2"] * 3
    assert new.flow_[["old_theme_id", "segments", "share"]].to_numpy().tolist() == [
        ["", 5, 0.5], ["", 5, 0.5], ["T01", 20, 1.0], ["T02", 20, 1.0], ["T03", 20, 1.0]
    ]  # fmt: skip


def test_a_theme_is_born_of_new_answers(old):
    new = update_themes(old, answers(("maps", 15), first=50))
    assert theme_of(new, "M60") == "T04"
    assert new.ledger_[["theme_id", "status", "first_run"]].to_numpy().tolist()[-1] == ["T04", "new", "2"]
    assert new.themes_["theme_id"].tolist() == ["T01", "T02", "T03", "T04"]


def test_no_theme_is_born_of_a_few_people(old):
    one_voice = answers(("maps", 15), first=50).assign(case_id="M50")
    assert update_themes(old, one_voice).theme_ids_ == ["T01", "T02", "T03"]


def test_frozen_themes_are_never_born(old):
    assert update_themes(old, answers(("maps", 15), first=50), mode="frozen").theme_ids_ == ["T01", "T02", "T03"]


def test_the_model_that_was_there_stays_as_it_is(old):
    before = old.assignments_.copy()
    update_themes(old, answers(("maps", 15), first=50))
    pd.testing.assert_frame_equal(old.assignments_, before)
    assert old.ledger_["status"].tolist() == ["new"] * 3


@pytest.mark.parametrize("mode", ["anchored", "frozen"])
def test_the_order_of_new_answers_does_not_matter(old, mode):
    more = answers(("maps", 15), ("time", 6), first=50)
    first, second = (update_themes(old, some, mode=mode) for some in (more, more.sample(frac=1, random_state=3)))
    pd.testing.assert_frame_equal(first.assignments_, second.assignments_)
    pd.testing.assert_frame_equal(first.ledger_, second.ledger_)


def test_an_answer_that_is_there_already_is_not_taken_twice(old):
    again = update_themes(old, answers(("money", 3)))
    assert len(again.assignments_) == 60


@pytest.mark.parametrize("mode", ["anchored", "frozen"])
def test_nothing_new_changes_nothing(old, mode):
    same = update_themes(old, answers(), mode=mode)
    assert same.assignments_["theme_id"].tolist() == old.assignments_["theme_id"].tolist()


def test_updates_follow_one_another(old):
    second = update_themes(old, answers(("maps", 15), first=50))
    third = update_themes(second, answers(("maps", 5), first=80))
    assert theme_of(third, "M82") == "T04"
    assert third.ledger_["last_run"].tolist() == ["3"] * 4
    assert third.ledger_["first_run"].tolist() == ["1", "1", "1", "2"]


def test_few_answers_make_one_theme_and_more_of_them_keep_it():
    few = ThemeModel(encoder="tfidf", resamples=0).fit(answers(("money", 2)))
    both = update_themes(few, answers(("money", 2), first=9))
    assert both.theme_ids_ == ["T01"]
    assert both.reason_.startswith("Fewer than 10")
    frozen = update_themes(few, answers(("money", 2), first=9), mode="frozen")
    assert frozen.theme_ids_ == ["T01"]


@pytest.mark.parametrize("mode", ["anchored", "frozen"])
def test_a_model_of_nothing_takes_what_comes(mode):
    empty = ThemeModel(encoder="tfidf", resamples=0).fit(answers())
    filled = update_themes(empty, answers(("money", 3)), mode=mode)
    assert filled.ledger_[["theme_id", "status"]].to_numpy().tolist() == [["T01", "new"]]


def test_words_decide_anew_where_vectors_are_made_of_words():
    words = ThemeModel(2, encoder="tfidf", resamples=0).fit(answers(("money", 10), ("time", 10)))
    anchored, frozen = (update_themes(words, answers(("maps", 3), first=50), mode=mode) for mode in ("anchored", "frozen"))
    assert "maps" in anchored._encoder._words.vocabulary_
    assert "maps" not in frozen._encoder._words.vocabulary_


def test_a_run_has_a_name_of_its_own(old):
    named = update_themes(old, answers(("money", 1), first=50), run="autumn")
    assert named.assignments_["run"].unique().tolist() == ["autumn"]
    assert update_themes(named, answers(("money", 1), first=60)).run == "autumn, then new responses"
    with pytest.raises(EngagementError, match="'autumn' again"):
        update_themes(named, answers(("money", 1), first=60), run="autumn")


def test_a_mode_that_does_not_exist_is_an_error(old):
    with pytest.raises(EngagementError, match=r"'melted'.*'anchored' or 'frozen'"):
        update_themes(old, answers(), mode="melted")


def test_themes_of_an_earlier_run_are_restored_and_can_be_updated(old):
    segments = answers(("money", 20), ("time", 20), ("data", 20))
    restored = restore_themes(ThemeModel(encoder=Planted(), resamples=0), segments, old.assignments_, old.ledger_)
    pd.testing.assert_frame_equal(restored.assignments_, old.assignments_)
    more = answers(("maps", 15), first=50)
    pd.testing.assert_frame_equal(update_themes(restored, more).assignments_, update_themes(old, more).assignments_)


def test_an_earlier_run_of_nothing_is_restored():
    empty = ThemeModel(encoder="tfidf", resamples=0).fit(answers())
    assert restore_themes(ThemeModel(encoder="tfidf"), answers(), empty.assignments_, empty.ledger_).theme_ids_ == []
