"""What surveys are full of: few answers, one word, copies by the hundred, emoji, other scripts."""

import pandas as pd
import pytest
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.weights import find_weights

ALIKE = "To this encoder all texts are alike."
ODD = {
    "emoji alone": [face * times for face in "😀🙁👍🏽🎉❤" for times in range(1, 5)],
    "one word each": [f"{word}{end}" for word in ("time", "skill", "data", "help", "form") for end in ("", "s", "ing")],
    "Arabic": [
        f"{first} {second}" for first in ("وقت", "تدريب", "بيانات", "موقع") for second in ("قليل", "كثير", "أفضل", "جديد")
    ],
    "Chinese": [f"{first}{second}" for first in ("时间", "培训", "数据", "网站") for second in ("不够", "很多", "更好", "太慢")],
    "Hindi": [f"{first} {second}" for first in ("समय", "प्रशिक्षण", "आँकड़े", "सहायता") for second in ("कम", "अधिक", "बेहतर", "नया")],
    "Welsh": [
        f"{first} {second}"
        for first in ("amser", "hyfforddiant", "data", "gwefan")
        for second in ("da", "mwy", "gwell", "newydd")
    ],
    "marks of punctuation": ["?" * times + "!" for times in range(1, 16)],
    "no-break spaces and joined emoji": [f"time\u00a0{word} 👩🏽‍💻" for word in "abcdefghijkl"],
}


@pytest.fixture(params=["tfidf", "minilm"])
def encoder(request):
    if request.param == "minilm" and find_weights() is None:
        pytest.skip("the weights of MiniLM are not installed")
    return request.param


@pytest.mark.parametrize("texts", ODD.values(), ids=ODD.keys())
def test_every_odd_text_has_a_theme_and_keeps_it_in_any_order(texts, encoder, segments_of):
    segments = segments_of(texts)
    model = ThemeModel(encoder=encoder, resamples=2)
    found = clone(model).fit(segments)
    assert found.assignments_["source_id"].tolist() == segments["source_id"].tolist()
    assert found.themes_["segments"].sum() == len(texts)
    assert found.reason_ in {"", ALIKE}
    assert found.notice_.startswith(f"There are {len(texts)} different texts. Below 50")
    pd.testing.assert_frame_equal(clone(model).fit(segments.sample(frac=1, random_state=3)).assignments_, found.assignments_)


def test_texts_of_which_an_encoder_of_words_sees_nothing_make_one_theme(segments_of):
    found = ThemeModel(encoder="tfidf").fit(segments_of(ODD["emoji alone"]))
    assert (found.reason_, found.theme_ids_) == (ALIKE, ["T01"])
    assert found.stability_["because"].tolist() == ["fewer than two themes"]


def test_one_answer_by_the_hundred_is_one_text(encoder, segments_of):
    found = ThemeModel(encoder=encoder).fit(segments_of(["No comment"] * 150 + ["no  COMMENT "] * 150))
    assert found.reason_ == "There is but one text."
    assert found.themes_[["segments", "respondents"]].to_numpy().tolist() == [[300, 300]]
    assert len(found.quotes_) == 1


def test_copies_by_the_hundred_do_not_move_the_other_texts(texts, planted, segments_of):
    few = ThemeModel(encoder=planted, resamples=0).fit(segments_of(texts))
    many = ThemeModel(encoder=planted, resamples=0).fit(segments_of(texts + [texts[0]] * 200 + [texts[-1].upper()] * 300))
    before = few.assignments_.set_index("source_id")["theme_id"]
    after = many.assignments_.set_index("source_id")["theme_id"]
    assert pd.crosstab(before, after[before.index]).gt(0).sum(axis=1).tolist() == [1] * len(few.theme_ids_)
    assert after.iloc[60:260].unique().tolist() == [after.iloc[0]]
    assert after.iloc[260:].unique().tolist() == [after.iloc[59]]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_threads_of_the_machine_do_not_matter(threads, encoder, segments_of):
    words = ("time", "training", "website", "data", "form", "reply", "office", "survey")
    segments = segments_of([f"the {first} and more {second} {number}" for first in words for second in words for number in "ab"])
    alone = ThemeModel(encoder=encoder, resamples=0).fit(segments)
    with threadpool_limits(threads):
        again = ThemeModel(encoder=encoder, resamples=0).fit(segments)
    pd.testing.assert_frame_equal(again.assignments_, alone.assignments_)
    pd.testing.assert_frame_equal(again.curve_, alone.curve_)
