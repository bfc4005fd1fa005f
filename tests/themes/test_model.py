import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from engagement_lib.errors import EngagementError, TableError
from engagement_lib.tables import SCHEMAS, empty_table
from engagement_lib.themes import weights
from engagement_lib.themes.encoders import TfidfEncoder, find_encoder
from engagement_lib.themes.model import ThemeModel

TABLES = ("assignments_", "themes_", "unclear_", "stability_", "keywords_", "quotes_", "curve_", "unused_")


@pytest.fixture
def fitted(segments, planted):
    return ThemeModel(encoder=planted, resamples=4).fit(segments)


def same(one, other):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_themes_that_are_there_are_found(fitted, planted_themes):
    assert fitted.theme_ids_ == ["T01", "T02", "T03"]
    assert len(set(zip(planted_themes, fitted.assignments_["theme_id"], strict=True))) == 3
    assert fitted.curve_.loc[fitted.curve_["chosen"], "n_themes"].tolist() == [3]
    assert fitted.reason_ == ""
    assert fitted.encoder_ == "planted"


def test_a_theme_is_described_with_its_respondents_and_their_base(fitted):
    themes = fitted.themes_
    assert themes.columns.tolist() == [
        "theme_id", "keywords", "segments", "respondents", "base", "share", "largest_share", "unclear", "stability",
    ]  # fmt: skip
    assert themes[["segments", "respondents", "base", "unclear"]].to_numpy().tolist() == [[20, 10, 30, 0]] * 3
    np.testing.assert_allclose(themes[["share", "largest_share", "stability"]], [[1 / 3, 0.1, 1.0]] * 3)
    assert themes["keywords"].str.contains("link, menu, navigation").sum() == 1


def test_assignments_have_the_shape_of_their_table(fitted):
    found = fitted.assignments_
    assert {column: str(dtype) for column, dtype in found.dtypes.items()} == dict(SCHEMAS["theme_assignments"].columns)
    assert set(found["run"]) == {"1"}
    assert (found["margin"] > 0.5).all()
    assert (found["theme_id"] != found["second_theme_id"]).all()


@pytest.mark.parametrize("encoder", ["tfidf", "planted"])
def test_the_order_of_rows_does_not_matter(segments, planted, encoder):
    model = ThemeModel(encoder=planted if encoder == "planted" else encoder, resamples=3)
    shuffled = clone(model).fit(segments.sample(frac=1, random_state=11))
    same(model.fit(segments), shuffled)


def test_the_number_of_threads_does_not_matter(segments):
    models = []
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            model = ThemeModel(encoder="tfidf", resamples=3, n_jobs=threads).fit(segments)
            _ = model.themes_
        models.append(model)
    same(models[0], models[1])
    same(models[0], models[2])


def test_fitting_twice_is_harmless_and_forgets_the_first(fitted, segments, planted):
    _ = fitted.themes_
    other = segments.iloc[:40]
    same(fitted.fit(other), ThemeModel(encoder=planted, resamples=4).fit(other))
    same(fitted.fit(segments), ThemeModel(encoder=planted, resamples=4).fit(segments))


def test_identical_texts_share_a_theme_and_weigh_once(segments, planted, texts, segments_of):
    pasted = segments_of([texts[0].upper() + " "] * 30, cases=[f"Q{i:02d}" for i in range(30)])
    pasted["source_id"] = "Z" + pasted["source_id"]
    model = ThemeModel(encoder=planted, resamples=0).fit(pd.concat([segments, pasted]))
    found = model.assignments_.merge(pasted, on=["source_id", "start", "end"])
    assert found["theme_id"].tolist() == ["T01"] * 30
    assert model.themes_["respondents"].tolist() == [40, 10, 10]
    assert len(model.theme_ids_) == 3


def test_quotes_are_verbatim_and_of_different_respondents(fitted, segments):
    quotes = fitted.quotes_
    assert quotes["rank"].tolist() == [1, 2, 3] * 3
    assert quotes.groupby("theme_id")["case_id"].nunique().tolist() == [3, 3, 3]
    again = quotes.merge(segments, on=["source_id", "start", "end", "case_id"], suffixes=("", "_said"))
    assert again["quote"].tolist() == again["quote_said"].tolist()
    assert quotes.columns.tolist() == ["theme_id", "rank", "source_id", "start", "end", "case_id", "quote"]


def test_a_number_of_themes_can_be_asked_for(segments, planted):
    model = ThemeModel(5, encoder=planted, resamples=0).fit(segments)
    assert len(model.theme_ids_) == 5
    assert model.curve_.loc[model.curve_["chosen"], "n_themes"].tolist() == [5]
    assert model.curve_["n_themes"].tolist() == list(range(2, 13))
    assert ThemeModel(30, encoder=planted).fit(segments).curve_["n_themes"].tolist() == [*range(2, 13), 30]


def test_zero_lets_the_data_choose(segments, planted):
    assert len(ThemeModel(0, encoder=planted).fit(segments).theme_ids_) == 3


@pytest.mark.parametrize("wanted", [-1, 61])
def test_more_themes_than_texts_or_fewer_than_none_are_refused(segments, wanted):
    with pytest.raises(EngagementError, match=rf"n_themes: found {wanted}; expected from 1 to 60"):
        ThemeModel(wanted, encoder="tfidf").fit(segments)


class Scattered:
    """Vectors with nothing in common."""

    def encode(self, texts):
        return np.random.default_rng(0).normal(size=(len(texts), 60))


def test_more_than_ninety_nine_themes_are_numbered_with_three_figures(segments_of):
    model = ThemeModel(110, encoder=Scattered(), resamples=0).fit(segments_of([f"text {i}" for i in range(300)]))
    assert model.theme_ids_[:2] == ["T001", "T002"]
    assert model.encoder_ == "Scattered"


def test_fewer_themes_than_asked_for_are_explained(segments_of):
    model = ThemeModel(105, encoder="tfidf", resamples=0).fit(segments_of([f"word{i} also{i}" for i in range(110)]))
    assert model.reason_ == f"No more than {len(model.theme_ids_)} of the 105 themes asked for can be told apart."


@pytest.mark.parametrize(
    ("texts", "n_themes", "reason"),
    [
        (["One", "Two"], None, "Fewer than 10 different texts: too few to say how many themes there are."),
        (["One"] * 30, 4, "There is but one text."),
        (["One"], None, "There is but one text."),
        (["?" * i for i in range(1, 15)], None, "To this encoder all texts are alike."),
        ([f"word{i}" for i in range(12)], 1, "One theme was asked for."),
    ],
)
def test_where_there_can_be_but_one_theme_it_says_why(texts, n_themes, reason, segments_of):
    model = ThemeModel(n_themes, encoder="tfidf").fit(segments_of(texts))
    assert model.reason_ == reason
    assert model.theme_ids_ == ["T01"]
    assert model.themes_["segments"].tolist() == [len(texts)]
    assert model.assignments_["margin"].isna().all()
    assert set(model.assignments_["second_theme_id"]) == {""}
    assert model.unclear_.empty
    assert model.stability_["because"].tolist() == ["fewer than two themes"]
    assert model.curve_.empty


@pytest.mark.parametrize("texts", range(2, 51))
def test_from_two_texts_up_there_are_as_many_themes_as_asked_for(texts, segments_of):
    words = [f"matter{i % 2} word{i} more" for i in range(texts)]
    model = ThemeModel(2, encoder="tfidf", resamples=2).fit(segments_of(words))
    assert (model.reason_, len(model.theme_ids_)) == ("", 2)
    assert model.themes_["segments"].sum() == texts
    few = f"There are {texts} different texts. Below 50, take themes for a first sorting, and read every text."
    assert model.notice_ == (few if texts < 50 else "")
    assert ThemeModel(encoder="tfidf", resamples=0).fit(segments_of(words)).assignments_["theme_id"].ne("").all()


def test_fewer_texts_than_themes_asked_for_are_explained(segments_of):
    model = ThemeModel(5, encoder="tfidf", resamples=0).fit(segments_of(["more time", "better data", "clear words"]))
    assert model.reason_ == "No more than 3 of the 5 themes asked for can be told apart."
    assert model.theme_ids_ == ["T01", "T02", "T03"]


def test_a_broken_cache_is_told_of(segments, planted):
    planted.notice = "The cache was broken."
    assert ThemeModel(encoder=planted, resamples=0).fit(segments).notice_ == "The cache was broken."


def test_no_texts_give_empty_tables_of_the_same_types_and_a_reason(fitted):
    nothing = ThemeModel(encoder="tfidf").fit(empty_table("segments"))
    assert nothing.reason_ == "No participant said or wrote anything."
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(nothing, name), getattr(fitted, name).iloc[:0], check_index_type=False)
    assert nothing.predict(empty_table("segments")).empty


def test_a_model_without_themes_cannot_predict(segments):
    with pytest.raises(EngagementError, match="a model without themes"):
        ThemeModel(encoder="tfidf").fit(empty_table("segments")).predict(segments)


def test_what_interviewers_say_is_left_out(segments, planted, fitted):
    asked = segments.assign(source_id="A" + segments["source_id"], role="interviewer")
    model = ThemeModel(encoder=planted, resamples=4).fit(pd.concat([segments, asked]))
    pd.testing.assert_frame_equal(model.themes_, fitted.themes_)
    assert set(model.unused_["reason"]) == {"said by role interviewer"}
    assert len(model.unused_) == 60


def test_unclear_assignments_keep_their_theme_and_are_counted(segments, planted):
    model = ThemeModel(encoder=planted, unclear=2.0, resamples=0).fit(segments)
    assert model.themes_["unclear"].tolist() == [20, 20, 20]
    assert model.unclear_["margin"].is_monotonic_increasing
    assert set(model.unclear_["theme_id"]) == {"T01", "T02", "T03"}


def test_new_segments_go_to_the_nearest_theme_and_old_ones_keep_theirs(fitted, segments, segments_of):
    pd.testing.assert_frame_equal(fitted.predict(segments), fitted.assignments_)
    new = segments_of(["A website without a search page", segments["quote"].iloc[0].title()])
    found = fitted.predict(new)
    old = fitted.assignments_["theme_id"]
    assert found["theme_id"].tolist() == [old.iloc[-1], old.iloc[0]]
    assert found["second_theme_id"].isin(fitted.theme_ids_).all()


def test_predicting_changes_nothing_and_skips_what_is_not_a_participants(fitted, segments):
    before = segments.copy()
    assert fitted.predict(segments.assign(role="moderator")).empty
    pd.testing.assert_frame_equal(segments, before)


def test_new_words_are_unclear_to_tfidf(segments, segments_of):
    model = ThemeModel(3, encoder="tfidf", resamples=0).fit(segments)
    assert model.predict(segments_of(["xylophone"]))["margin"].tolist() == [0.0]


def test_a_tfidf_encoder_that_was_given_is_not_changed(segments):
    encoder = TfidfEncoder(20)
    model = ThemeModel(3, encoder=encoder, resamples=2).fit(segments)
    assert model.encoder_ == "TF-IDF with an exact SVD"
    assert encoder._words is None
    assert model.stability_["stability"].notna().all()


def test_without_weights_the_reason_stands_in_the_encoder(segments, monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "_known_folders", lambda: [tmp_path])
    model = ThemeModel(3, resamples=0).fit(segments)
    assert model.encoder_ == "TF-IDF with an exact SVD, because the weights of all-MiniLM-L6-v2 are not installed"


@pytest.mark.parametrize("vectors", [np.zeros(60), np.zeros((3, 2)), np.full((60, 2), np.nan)])
def test_an_encoder_that_gives_no_row_a_text_is_refused(segments, vectors):
    class Odd:
        def encode(self, texts):
            return vectors

    with pytest.raises(EngagementError, match=r"Odd: found an array of shape .* expected an array of finite numbers"):
        ThemeModel(encoder=Odd()).fit(segments)


def test_before_it_is_fitted_the_model_says_so(segments):
    model = ThemeModel()
    for ask in (lambda: model.predict(segments), lambda: model.themes_, lambda: model.unclear_, lambda: model.stability_):
        with pytest.raises(NotFittedError, match="call fit"):
            ask()


def test_it_follows_the_conventions_of_scikit_learn():
    model = ThemeModel(4, encoder="tfidf", random_state=7)
    assert clone(model).get_params() == model.get_params()
    assert repr(model) == "ThemeModel(encoder='tfidf', n_themes=4, random_state=7)"


def test_segments_of_another_shape_are_refused():
    with pytest.raises(TableError, match="expected a column 'quote'"):
        ThemeModel().fit(pd.DataFrame({"source_id": ["S1"]}))


@pytest.mark.skipif(
    isinstance(find_encoder("minilm"), TfidfEncoder),
    reason="the weights of all-MiniLM-L6-v2 are not installed (see weights.lock)",
)
def test_meaning_is_found_where_no_word_is_shared(segments_of):
    busy = [
        "There is never enough time.",
        "We are too busy.",
        "My diary is full.",
        "Deadlines eat the whole week.",
        "No hours left.",
    ]
    pets = [
        "My dog chases cats.",
        "Puppies bark at night.",
        "The vet saw our terrier.",
        "A kitten needs feeding.",
        "Hamsters are lovely.",
    ]
    segments = segments_of(busy + pets)
    model = ThemeModel(2, resamples=0).fit(segments)
    assert model.assignments_["theme_id"].tolist() in (["T01"] * 5 + ["T02"] * 5, ["T02"] * 5 + ["T01"] * 5)
    assert model.encoder_ == "all-MiniLM-L6-v2 (weights 53aa51172d14)"
    assert model.predict(segments_of(["I could not find the time"]))["theme_id"].item() == model.assignments_["theme_id"].iloc[0]
