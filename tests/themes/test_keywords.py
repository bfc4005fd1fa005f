import numpy as np
import pandas as pd
import pytest

from engagement_lib.themes.keywords import theme_keywords


def test_keywords_are_the_words_that_set_a_theme_apart():
    texts = ["the deadline for users", "deadline after deadline", "some users of the website", "a website"]
    found = theme_keywords(texts, ["T01", "T01", "T02", "T02"])
    assert found.groupby("theme_id")["keyword"].agg(list).to_dict() == {"T01": ["deadline", "users"], "T02": ["website", "users"]}
    assert found["rank"].tolist() == [1, 2, 1, 2]


def test_the_weight_is_that_of_the_formula():
    found = theme_keywords(["deadline deadline deadline user", "website user"], ["T01", "T02"])
    # Six words, three a theme on average; "user" twice in all, once among the four words of T01.
    weight = found.loc[(found["theme_id"] == "T01") & (found["keyword"] == "user"), "weight"].item()
    assert weight == pytest.approx(1 / 4 * np.log(1 + 3 / 2), abs=1e-9)


def test_equal_weights_stand_in_the_order_of_the_alphabet_and_only_so_many_are_shown():
    found = theme_keywords(["zebra yak walrus"], ["T01"], most=2)
    assert found["keyword"].tolist() == ["walrus", "yak"]


def test_a_theme_without_a_content_word_has_no_keyword():
    assert theme_keywords(["the and of", "🙂", "website"], ["T01", "T01", "T02"])["theme_id"].tolist() == ["T02"]


@pytest.mark.parametrize("texts", [[], ["the"]])
def test_no_words_give_an_empty_table_of_the_same_shape(texts):
    found = theme_keywords(texts, ["T01"] * len(texts))
    filled = theme_keywords(["website"], ["T01"])
    pd.testing.assert_frame_equal(found, filled.iloc[:0])


def test_a_lemma_is_shown_as_the_form_that_is_written_most_often():
    found = theme_keywords(["two spreadsheets", "more spreadsheets", "a spreadsheet"], ["T01"] * 3)
    assert found["keyword"].tolist() == ["spreadsheets"]


def test_words_of_one_text_alone_come_after_those_that_two_share():
    found = theme_keywords(["zebra zebra zebra website", "the website", "deadline"], ["T01", "T01", "T02"])
    assert found.loc[found["theme_id"] == "T01", "keyword"].tolist() == ["website", "zebra"]
