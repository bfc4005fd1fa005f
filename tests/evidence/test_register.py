import pytest

from engagement_lib.evidence.register import claim_hash, claims_register

CLAIM = {"claim_id": "C1", "statement": "Time is short.", "codes": "+no-time"}
CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}]


@pytest.fixture
def registered(make_study, answers):
    def make(*, at="2020-08-31", value=None, coded="2020-09-02", code="no-time"):
        events = [
            {"event_id": "1", "at": at, "author": "KL", "kind": "claim registered", "about_type": "claim", "about_id": "C1",
             "value": claim_hash(CLAIM) if value is None else value},
        ]  # fmt: skip
        coding = {"coding_id": "1", "source_id": "P1/q1/1", "start": 0, "end": 5, "code": code, "coder": "AB", "at": coded}
        study = make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM], events=events, codings=[coding])
        return claims_register(study).loc[0].to_dict()

    return make


def test_a_claim_registered_before_it_was_coded_for_and_unchanged_says_so(registered):
    assert registered() == {
        "claim_id": "C1",
        "registered": "2020-08-31",
        "by": "KL",
        "first_coded": "2020-09-02",
        "before_coding": "yes",
        "unchanged": "yes",
        "sentence": "C1 was registered on 2020-08-31, before anything was coded for it, and reads the same since.",
    }


@pytest.mark.parametrize(
    ("at", "coded", "before"),
    [
        ("2020-09-02", "2020-09-02", "no"),
        ("2020-09-02T08:00:00Z", "2020-09-02T09:30:00Z", "yes"),
        ("2020-09-02T08:00:00Z", "2020-09-02", "no"),
        ("2020-08-31", "", ""),
    ],
)
def test_what_came_first_is_told_as_far_as_the_dates_allow(registered, at, coded, before):
    assert registered(at=at, coded=coded)["before_coding"] == before


def test_only_codings_that_bear_on_the_claim_count(registered):
    assert registered(code="jargon", coded="2020-01-01")["first_coded"] == ""


def test_a_claim_worded_anew_is_told(registered):
    row = registered(value="another")
    assert row["unchanged"] == "no"
    assert row["sentence"].endswith("has been worded anew since: look at what was changed.")


def test_a_claim_nobody_registered_is_told(make_study, answers):
    row = claims_register(make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM])).loc[0]
    assert (row["registered"], row["before_coding"]) == ("not registered", "")


def test_every_part_of_a_claim_is_in_its_hash():
    columns = ("claim_id", "statement", "codes", "scope", "would_count_against", "sources_expected")
    hashes = {claim_hash(CLAIM | {column: "x"}) for column in columns} | {claim_hash(CLAIM)}
    assert len(hashes) == 7
    assert claim_hash({"claim_id": "a", "statement": "bc"}) != claim_hash({"claim_id": "ab", "statement": "c"})


def test_a_study_without_claims_has_an_empty_register(make_study, answers):
    register = claims_register(make_study(sources=answers("P1")))
    assert register.empty
    assert "before_coding" in register.columns
