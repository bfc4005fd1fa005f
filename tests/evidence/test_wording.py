import pytest

from engagement_lib.evidence.wording import choose_quantifier, name_people, say_caution, say_cell, say_percent, say_points
from engagement_lib.settings import Settings

BANDS = Settings(title="Pilot").quantifiers


def settings(**samples):
    return Settings.model_validate({"title": "Pilot", "samples": samples})


@pytest.mark.parametrize(
    ("samples", "kinds", "said"),
    [
        ({"interview": "purposive"}, ["interview"], "among those we spoke to; it is not an estimate for all"),
        ({"survey": "self-selected"}, ["survey"], "among those who chose to take part; it is not an estimate for all"),
        ({"survey": "convenience"}, ["survey"], "among those we could reach; it is not an estimate for all"),
        ({"interview": "purposive", "survey": "random"}, ["interview", "survey"], "among those we heard; it is not an estimate"),
        ({"survey": "random"}, ["survey"], "speaks of all who might have been, as far as those drawn answered"),
        ({"survey": "random", "comment": "census"}, ["survey", "comment"], "they were drawn at random"),
        ({"survey": "census"}, ["survey"], "everybody was asked, so the count speaks of all, as far as they answered"),
        ({"interview": "purposive"}, ["interview", "survey"], "study.toml does not say how they were chosen"),
        ({}, ["webinar"], "no estimate for anyone but them"),
    ],
)
def test_for_whom_a_number_stands_follows_from_how_they_were_chosen(samples, kinds, said):
    assert said in say_caution(settings(**samples), kinds)


@pytest.mark.parametrize(
    ("count", "low", "high", "word"),
    [
        (3, 0.01, 0.1, "a few"),
        (25, 0.1, 0.4, "some"),
        (50, 0.41, 0.59, "around half"),
        (50, 0.39, 0.59, ""),
        (75, 0.61, 0.9, "most"),
        (96, 0.91, 0.99, "nearly all"),
        (0, 0.0, 0.04, ""),
        (100, 0.96, 1.0, ""),
    ],
)
def test_a_word_is_chosen_only_within_one_band_and_never_for_nobody_or_everybody(count, low, high, word):
    assert choose_quantifier(BANDS, count, 100, low=low, high=high) == word


def test_without_bands_there_is_no_word():
    assert choose_quantifier({}, 25, 100, low=0.2, high=0.3) == ""


@pytest.mark.parametrize(
    ("kinds", "people"),
    [
        (["interview"], "people interviewed"),
        (["webinar"], "webinars"),
        (["survey", "interview"], "respondents"),
        ([], "respondents"),
    ],
)
def test_people_are_named_after_the_one_kind_in_which_they_speak(kinds, people):
    assert name_people(kinds) == people


@pytest.mark.parametrize(("share", "said"), [(0.005, "under 1%"), (0.0051, "1%"), (0.9949, "99%"), (0.995, "over 99%")])
def test_a_share_is_never_rounded_to_nobody_or_everybody(share, said):
    assert say_percent(share) == said


@pytest.mark.parametrize(("difference", "said"), [(0.274, "+27"), (-0.274, "−27"), (0.004, "0"), (-0.004, "0")])
def test_points_have_a_sign_that_is_spoken(difference, said):
    assert say_points(difference) == said


def test_everybody_is_no_cell():
    assert (say_cell({}), say_cell({"group": "user", "kind": "survey"})) == ("", " (group user, kind survey)")
