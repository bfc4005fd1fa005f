import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.evidence.verdicts import indicate_verdict, verdict_rule, verdicts
from engagement_lib.settings import Settings, Verdicts

CLAIMS = [{"claim_id": "C2", "statement": "One."}, {"claim_id": "C1", "statement": "Another."}]


def given(event_id, at, claim, verdict, **rest):
    return {
        "event_id": event_id,
        "at": at,
        "author": "AB",
        "kind": "verdict given",
        "about_type": "claim",
        "about_id": claim,
        "value": verdict,
        "reason": f"as of {at}",
    } | rest


def test_the_rule_is_printed_with_the_thresholds_of_the_study():
    rule = {"min_respondents": 4, "min_kinds": 3, "contested": 0.2, "contradicted": 0.6}
    settings = Settings.model_validate({"title": "Pilot", "verdicts": rule})
    assert verdict_rule(settings).to_numpy().tolist() == [
        ["insufficient", "fewer than 4 respondents support or contradict the claim"],
        ["contradicted", "at least 60% of the respondents who support or contradict the claim only contradict it"],
        ["contested", "at least 20% of the respondents who support or contradict the claim contradict it"],
        [
            "supported with conditions",
            "fewer than 3 kinds of source support the claim, or one respondent gives more than half of the supporting passages",
        ],
        ["supported", "none of the above holds"],
    ]


STRONG = {"respondents": 20, "contradiction": 0.0, "against_alone": 0.0, "kinds": 3, "largest_share": 0.1}


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ({}, "supported"),
        ({"respondents": 5}, "supported"),
        ({"respondents": 4, "contradiction": 1.0}, "insufficient"),
        ({"respondents": 0, "contradiction": float("nan"), "largest_share": float("nan")}, "insufficient"),
        ({"contradiction": 0.9, "against_alone": 0.5}, "contradicted"),
        ({"contradiction": 1.0, "against_alone": 1.0, "kinds": 0, "largest_share": float("nan")}, "contradicted"),
        ({"contradiction": 0.9, "against_alone": 0.49, "kinds": 1}, "contested"),
        ({"contradiction": 0.25}, "contested"),
        ({"contradiction": 0.24}, "supported"),
        ({"kinds": 1}, "supported with conditions"),
        ({"kinds": 2}, "supported"),
        ({"largest_share": 0.51}, "supported with conditions"),
        ({"largest_share": 0.5}, "supported"),
    ],
)
def test_the_first_row_of_the_rule_that_fits_holds(numbers, verdict):
    assert indicate_verdict(Verdicts(), **STRONG | numbers) == verdict


def test_the_latest_verdict_holds_and_a_claim_without_one_is_not_yet_confirmed(make_study):
    events = [
        given("e1", "2020-10-02T09:00:00Z", "C1", "contested"),
        given("e2", "2020-10-03T09:00:00Z", "C1", "supported", author="CD"),
        given("e3", "2020-10-01T09:00:00Z", "C1", "insufficient"),
        given("e4", "2020-10-09T09:00:00Z", "C1", "contradicted", about_type="theme"),
        given("e5", "2020-10-09T09:00:00Z", "C1", "contradicted", kind="quote cleared"),
        given("e6", "2020-10-09T09:00:00Z", "C9", "contradicted"),
    ]
    table = verdicts(make_study(claims=CLAIMS, events=events))
    assert list(table.columns) == ["claim_id", "verdict", "by", "at", "reason"]
    assert table.to_numpy().tolist() == [
        ["C2", "not yet confirmed", "", "", ""],
        ["C1", "supported", "CD", "2020-10-03T09:00:00Z", "as of 2020-10-03T09:00:00Z"],
    ]
    assert_frame_equal(verdicts(make_study(claims=CLAIMS, events=events[::-1])), table)


def test_a_verdict_taken_back_leaves_the_claim_not_yet_confirmed(make_study):
    events = [given("e1", "2020-10-01", "C1", "supported"), given("e2", "2020-10-02", "C1", "")]
    assert verdicts(make_study(claims=CLAIMS, events=events))["verdict"].tolist() == ["not yet confirmed"] * 2


def test_a_study_without_claims_has_no_verdicts(make_study):
    table = verdicts(make_study(events=[given("e1", "2020-10-01", "C1", "supported")]))
    assert table.empty
    assert {str(dtype) for dtype in table.dtypes} == {"str"}


def test_a_study_without_events_has_claims_not_yet_confirmed(make_study):
    assert verdicts(make_study(claims=CLAIMS))["verdict"].tolist() == ["not yet confirmed"] * 2
