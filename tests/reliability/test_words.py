import pytest

from engagement_lib.reliability.words import say_agreement, strength_of

ROW = {
    "code": "no-time",
    "coefficient": "alpha",
    "unit": "segment",
    "observed": 0.99,
    "agreement_presence": 0.9,
    "gwet_ac1": 0.98,
    "coders": 2,
    "units": 90,
    "respondents": 40,
    "estimate": 0.9,
    "low": 0.85,
    "high": 0.95,
    "reason": "",
}
SURE = {"given": 31, "holders": 30, "undefined": 0.0}


@pytest.mark.parametrize(
    ("low", "words"),
    [
        (0.8, "Even the lower end reaches 0.800"),
        (0.7999, "The lower end lies between 0.667 and 0.800"),
        (0.667, "The lower end lies between 0.667 and 0.800"),
        (0.6669, "The lower end lies below 0.667"),
    ],
)
def test_the_threshold_is_applied_to_the_lower_end(low, words):
    assert words in say_agreement(ROW | {"low": low}, **SURE)


def test_few_respondents_with_the_code_bring_a_warning():
    warning = "Fewer than 30 respondents bear the code: the interval is rough."
    assert warning not in say_agreement(ROW, **SURE)
    assert say_agreement(ROW, **SURE | {"holders": 29}).endswith(warning)


def test_draws_left_out_are_counted():
    assert say_agreement(ROW, **SURE | {"undefined": 0.0205}).endswith(
        "In 2.1% of the draws it was undefined; these are left out."
    )


def test_an_alpha_without_interval_has_its_reason_and_a_caution():
    row = ROW | {"estimate": 1.0, "low": float("nan"), "high": float("nan"), "reason": "the coders never differ"}
    assert say_agreement(row, **SURE) == (
        "no-time: alpha 1.00 without an interval (2 coders; 90 segments, 31 with the code, from 30 of 40 respondents), "
        "because the coders never differ. Draw no firm conclusion from it."
    )


def test_an_undefined_alpha_has_its_reason():
    row = ROW | {"estimate": float("nan"), "low": float("nan"), "reason": "nobody gave the code to any segment"}
    assert say_agreement(row, **SURE) == "no-time: alpha is undefined, because nobody gave the code to any segment."


@pytest.mark.parametrize(
    ("estimate", "error", "scale", "word"),
    [
        # Gwet (2014): cumulative .18, .68 and .96 from the top.
        (0.67, 0.15, "altman", "moderate"),
        (0.67, 0.0, "altman", "good"),
        (0.67, 0.15, "landis-koch", "moderate"),
        (0.67, 0.15, "fleiss", "intermediate to good"),
        (-0.5, 0.1, "altman", "poor"),
        (float("nan"), 0.1, "altman", ""),
        (0.5, float("nan"), "altman", ""),
    ],
)
def test_a_word_is_given_only_as_far_as_the_number_is_sure_of_it(estimate, error, scale, word):
    assert strength_of(estimate, error, scale=scale) == word
