import pytest

from engagement_lib.evidence.saturation_wording import say_saturation

NAN = float("nan")
ROW = {
    "kind": "interview",
    "respondents": 55,
    "codes": 31,
    "in_one": 4,
    "in_two": 2,
    "chao2": 34.94,
    "chao2_low": 31.6,
    "chao2_high": 55.5,
    "coverage": 0.984,
    "expected_new": 0.4,
    "expected_low": 0.06,
    "expected_high": 1.25,
    "saturated_after": 9.0,
    "saturated_low": 6.0,
    "saturated_median": 8.0,
    "saturated_high": 13.0,
    "codes_by_then": 26.0,
    "equal_coverage": 0.91,
    "at_equal_coverage": 20.25,
    "order": "wave and date",
    "reason": "",
}
SEEN = "kind interview: 31 codes seen in 55 respondents."
COVERAGE = (
    "About 98.4% of what such respondents mention carries a code seen already; 5 more would be expected to add 0.40 new codes "
    "(95% interval 0.06 to 1.2). Seen and unseen together, there are at least 34.9 codes by estimate (95% interval 31.6 to 55.5)."
)
RULE = (
    "The rule of Guest, Namey and Chen (base 4, run 2, 5%) calls the codes saturated after 9 respondents in the order of "
    "fieldwork (wave and date), with 26 of the 31 codes; in random orders after 8 (median; 90% of them 6 to 13)."
)


def say(*, by="kind", webinars=0, ahead=5, smallest_in="", **changes):
    return say_saturation(ROW | changes, by=by, webinars=webinars, ahead=ahead, smallest_in=smallest_in)


def test_a_row_says_what_is_seen_how_much_is_covered_what_to_expect_and_when_it_ran_out():
    assert say() == f"{SEEN} {COVERAGE} {RULE}"


def test_everyone_together_are_all():
    assert say(by="").startswith("All: 31 codes seen in 55 respondents. About")


def test_few_respondents_are_said_to_be_few():
    assert say(respondents=30).endswith("6 to 13).")
    assert say(respondents=29).endswith("6 to 13). With fewer than 30 respondents these estimates are rough.")


@pytest.mark.parametrize(
    ("respondents", "webinars", "who"),
    [
        (1, 0, "1 respondent."),
        (1, 1, "1 webinar, a group event that counts as one respondent."),
        (3, 3, "3 webinars, each a group event that counts as one respondent."),
        (9, 1, "9 respondents (of whom 1 is a webinar, a group event that counts once)."),
        (9, 3, "9 respondents (of whom 3 are webinars, each a group event that counts once)."),
    ],
)
def test_webinars_are_told_from_people(respondents, webinars, who):
    text = say(respondents=respondents, webinars=webinars)
    assert f"seen in {who}" in text
    assert ("what such webinars mention" in text) is (webinars == respondents)


def test_the_smallest_coverage_is_named_where_groups_are_compared():
    at = "At the coverage of kind survey (91.0%, the smallest), it shows 20.2 codes."
    assert say(smallest_in="survey") == f"{SEEN} {COVERAGE} {RULE} {at}"
    assert say(smallest_in="interview").endswith("Its coverage is the smallest, at which the others are compared with it.")


def test_coverage_is_never_rounded_up_to_all():
    assert "About 99.9% of what" in say(coverage=0.99996)
    assert "(100%, the smallest)" in say(smallest_in="survey", equal_coverage=1.0)


def test_where_nothing_unseen_is_estimated_that_is_no_proof():
    none = {"chao2": 31.0, "coverage": 1.0, "chao2_low": 31.0}
    text = "By estimate no code is left unseen, since each rests on two or more; that is no proof"
    assert say(**none, in_one=0, chao2_high=31.0) == f"{SEEN} {text}. {RULE}"
    assert f"{text} (95% interval 31.0 to 33.5). " in say(**none, in_one=0, chao2_high=33.5)
    assert "since only one code rests on one respondent alone, and none on two; that" in say(**none, in_one=1, chao2_high=33.5)


def test_what_cannot_be_expected_is_left_out():
    assert "carries a code seen already. Seen and unseen together" in say(expected_new=NAN)


def test_where_nothing_is_known_the_first_reason_is_told():
    text = say(respondents=1, coverage=NAN, reason="there is only one respondent; the rule takes more")
    assert (
        text
        == "kind interview: 31 codes seen in 1 respondent. Nothing can be said of codes yet unseen: there is only one respondent."
    )


def test_where_the_rule_has_no_answer_the_last_reason_is_told():
    text = say(saturated_after=NAN, reason="5 is too far; the rule of Guest, Namey and Chen takes more")
    assert text == f"{SEEN} {COVERAGE} The rule of Guest, Namey and Chen takes more."


def test_random_orders_in_which_the_rule_never_calls_it_are_told():
    assert say(saturated_high=NAN).endswith("in random orders after 8 (median; 90% of them 6 or later, or never).")
    assert say(saturated_median=NAN, saturated_high=NAN).endswith("with 26 of the 31 codes; in most random orders it never does.")
