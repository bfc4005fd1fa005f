import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.evidence.claims import check_claims, collect_evidence, parse_claim_codes, parse_scope
from engagement_lib.tables import check_table, empty_table

CODEBOOK = [{"code": "no-time"}, {"code": "habitual"}, {"code": "jargon"}]
CLAIM = {"claim_id": "C1", "statement": "Engagement comes last.", "codes": "+no-time -habitual"}


def test_the_codes_of_a_claim_have_signs():
    assert parse_claim_codes(" +no-time,-habitual\n; +jargon ") == {"no-time": "+", "habitual": "-", "jargon": "+"}
    assert parse_claim_codes("") == {}


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ("+no-time habitual", "claim 'C7', codes: found 'habitual'; expected a sign and a code"),
        ("+", "found '\\+'; expected a sign and a code"),
        ("+no-time -no-time", "found 'no-time' a second time; expected each code once"),
    ],
)
def test_codes_that_cannot_be_read_are_refused_with_the_claims_name(codes, message):
    with pytest.raises(TableError, match=message):
        parse_claim_codes(codes, claim_id="C7")


def test_a_scope_names_variables_and_their_values():
    scope = "group = producer, user ; nation=Wales;"
    assert parse_scope(scope) == {"group": ("producer", "user"), "nation": ("Wales",)}
    assert parse_scope(" ") == {}


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ("producers", "claim 'C7', scope: found 'producers'; expected a variable and its values"),
        ("=user", "found '=user'"),
        ("group=,", "found 'group=,'"),
        ("group=user; group=producer", "found 'group' a second time; expected each variable once"),
    ],
)
def test_a_scope_that_cannot_be_read_is_refused_with_the_claims_name(scope, message):
    with pytest.raises(TableError, match=message):
        parse_scope(scope, claim_id="C7")


def test_claims_in_order_come_back_in_their_shape():
    codebook = check_table("codebook", pd.DataFrame(CODEBOOK))
    checked = check_claims(pd.DataFrame([CLAIM]), codebook, "claims.csv")
    assert_frame_equal(checked, check_table("claims", pd.DataFrame([CLAIM])))
    assert check_claims(empty_table("claims"), codebook).empty


def test_no_code_is_held_against_a_codebook_that_could_not_be_read():
    assert len(check_claims(pd.DataFrame([CLAIM]), None)) == 1


def test_all_that_is_wrong_with_claims_is_said_at_once():
    claims = pd.DataFrame([CLAIM | {"codes": "+no-time +typo jargon"}, CLAIM | {"claim_id": "C2", "scope": "everyone"}])
    with pytest.raises(TableError) as error:
        check_claims(claims, pd.DataFrame(CODEBOOK), "claims.csv")
    assert [str(problem).split(";")[0] for problem in error.value.problems] == [
        "claims.csv, claim 'C1', codes: found 'jargon'",
        "claims.csv, claim 'C1', codes: found 'typo'",
        "claims.csv, claim 'C2', scope: found 'everyone'",
    ]


@pytest.mark.parametrize(
    ("code_and_stance", "towards_the_claim"),
    [
        (("no-time", "supports"), "supports"),
        (("no-time", "contradicts"), "contradicts"),
        (("no-time", "qualifies"), "qualifies"),
        (("habitual", "supports"), "contradicts"),
        (("habitual", "contradicts"), "supports"),
        (("habitual", "qualifies"), "qualifies"),
    ],
)
def test_the_stance_towards_a_claim_is_that_towards_the_code_times_its_sign(
    make_study, answers, coded, code_and_stance, towards_the_claim
):
    code, stance = code_and_stance
    study = make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM], codings=coded(("P1/q1/1", code, stance)))
    assert collect_evidence(study).to_numpy().tolist() == [
        ["C1", "P1/q1/1", 0, 4, "P1", "survey", "1", code, towards_the_claim, "AB", "Ther"]
    ]


def test_a_code_may_serve_two_claims_and_a_code_of_no_claim_serves_none(make_study, answers, coded):
    study = make_study(
        sources=answers("P1"),
        codebook=CODEBOOK,
        claims=[CLAIM, CLAIM | {"claim_id": "C0", "codes": "-no-time"}, CLAIM | {"claim_id": "C2", "codes": ""}],
        codings=coded(("P1/q1/1", "no-time", "supports"), ("P1/q1/1", "jargon", "supports")),
    )
    assert collect_evidence(study)[["claim_id", "stance"]].to_numpy().tolist() == [["C1", "supports"], ["C0", "contradicts"]]


def test_a_passage_with_two_codes_is_one_passage_of_evidence(make_study, answers, coded):
    study = make_study(
        sources=answers("P1"),
        codebook=CODEBOOK,
        claims=[CLAIM | {"codes": "+no-time +jargon -habitual"}],
        codings=coded(*(("P1/q1/1", code, "supports") for code in ("no-time", "habitual", "jargon"))),
    )
    assert collect_evidence(study)[["code", "stance"]].to_numpy().tolist() == [
        ["habitual", "contradicts"],
        ["jargon; no-time", "supports"],
    ]


def test_only_respondents_in_scope_are_evidence(make_study, answers, talk, coded):
    webinar, [(start, end)] = talk("W1", ("Ann", "participant", "No time at all"), kind="webinar")
    cases = [{"case_id": "P1", "group": "producer"}, {"case_id": "U1", "group": "user"}, {"case_id": "X1", "group": ""}]
    tables = {
        "sources": [*answers("P1", "U1", "X1"), webinar],
        "cases": cases,
        "codebook": CODEBOOK,
        "codings": coded(*((f"{case}/q1/1", "no-time", "supports") for case in ("P1", "U1", "X1")))
        + coded(("W1", "no-time", "supports"), start=start, end=end),
    }
    expected = {
        "": ["P1", "U1", "W1/Ann", "X1"],
        "group=producer": ["P1"],
        "group=user,webinar": ["U1", "W1/Ann"],
        "group=not stated": ["X1"],
        "kind=webinar": ["W1/Ann"],
        "group=user; kind=interview": [],
    }
    found = {
        scope: collect_evidence(make_study(claims=[CLAIM | {"scope": scope}], **tables))["case_id"].tolist() for scope in expected
    }
    assert found == expected


def test_a_scope_by_a_variable_that_the_cases_lack_is_refused(make_study, answers, coded):
    study = make_study(
        sources=answers("P1"),
        codebook=CODEBOOK,
        claims=[CLAIM | {"scope": "nation=Wales"}],
        codings=coded(("P1/q1/1", "no-time", "supports")),
    )
    with pytest.raises(TableError, match="claim 'C1', scope: found no variable 'nation'; expected one of kind, wave, group"):
        collect_evidence(study)


def test_words_of_interviewers_and_moderators_are_never_evidence(make_study, talk, coded):
    source, places = talk(
        "I1",
        ("Helen", "interviewer", "Surely you have no time?"),
        ("P01", "participant", "None whatever."),
        ("Mo", "moderator", "No time, then."),
        ("?", "unknown", "No time."),
        case_id="P01",
    )
    codings = [row for start, end in places for row in coded(("I1", "no-time", "supports"), start=start, end=end)]
    study = make_study(sources=[source], codebook=CODEBOOK, claims=[CLAIM], codings=codings)
    evidence = collect_evidence(study)
    assert evidence[["start", "end", "case_id"]].to_numpy().tolist() == [[*places[1], "P01"]]


def test_a_passage_over_several_turns_is_given_to_the_participant_who_says_most_of_it(make_study, talk, coded):
    source, places = talk(
        "W1",
        ("Ann", "participant", "No."),
        ("Mo", "moderator", "Why do you say so, if I may ask you?"),
        ("Bob", "participant", "There is no time."),
        ("Cy", "participant", "Agreed, there is none."),
        kind="webinar",
    )
    codings = coded(("W1", "no-time", "supports"), start=places[0][0], end=places[3][0] + 4)
    study = make_study(sources=[source], codebook=CODEBOOK, claims=[CLAIM], codings=codings)
    assert collect_evidence(study)["case_id"].tolist() == ["W1/Bob"]


def test_prompted_waves_are_kept_apart(make_study, answers, coded):
    study = make_study(
        settings={"waves": {"1": {"title": "Interviews"}, "2": {"title": "On the draft", "prompted": True}}},
        sources=answers("P1") + answers("P2", wave="2") + answers("P3", wave="3"),
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=coded(*((source, "no-time", "supports") for source in ("P1/q1/1", "P2/q1/2", "P3/q1/3"))),
    )
    assert collect_evidence(study)["wave"].tolist() == ["1", "3"]
    assert collect_evidence(study, prompted=True)["wave"].tolist() == ["2"]


def test_the_order_of_rows_does_not_matter(make_study, answers, coded):
    codings = coded(
        ("P1/q1/1", "no-time", "supports"),
        ("P1/q1/1", "habitual", "supports"),
        ("P2/q1/1", "no-time", "qualifies"),
        ("P3/q1/1", "no-time", "supports"),
    )
    one = make_study(sources=answers("P1", "P2", "P3"), codebook=CODEBOOK, claims=[CLAIM], codings=codings)
    other = make_study(sources=answers("P3", "P1", "P2"), codebook=CODEBOOK[::-1], claims=[CLAIM], codings=codings[::-1])
    assert_frame_equal(collect_evidence(one), collect_evidence(other))


@pytest.mark.parametrize("missing", ["claims", "codings", "sources"])
def test_without_claims_codings_or_sources_there_is_no_evidence(make_study, answers, coded, missing):
    tables = {
        "sources": answers("P1"),
        "codebook": CODEBOOK,
        "claims": [CLAIM],
        "codings": coded(("P1/q1/1", "no-time", "supports")),
    }
    assert_frame_equal(collect_evidence(make_study(**tables | {missing: []})), empty_table("evidence"))


def _decision(stance, *, reason="They mean another team.", link="C1/P1/q1/1:0-5", number="1"):
    return {
        "event_id": number,
        "at": f"2020-09-0{number}",
        "author": "KL",
        "kind": "link overruled",
        "about_type": "link",
        "about_id": link,
        "value": stance,
        "reason": reason,
    }


@pytest.mark.parametrize(
    ("decisions", "stance", "reviewer"),
    [
        ([], "supports", "AB"),
        ([_decision("contradicts")], "contradicts", "KL"),
        ([_decision("context")], "context", "KL"),
        ([_decision("contradicts", reason="")], "supports", "AB"),
        ([_decision("contradicts"), _decision("", number="2")], "supports", "AB"),
        ([_decision("contradicts", link="C2/P1/q1/1:0-5")], "supports", "AB"),
    ],
)
def test_a_person_may_overrule_a_link_with_a_reason(make_study, answers, decisions, stance, reviewer):
    coding = {"coding_id": "1", "source_id": "P1/q1/1", "start": 0, "end": 5, "code": "no-time", "coder": "AB"}
    study = make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM], codings=[coding], events=decisions)
    assert collect_evidence(study)[["stance", "reviewer"]].to_numpy().tolist() == [[stance, reviewer]]


def test_links_that_a_person_made_alike_are_one(make_study, answers):
    coding = {"source_id": "P1/q1/1", "start": 0, "end": 5, "coder": "AB"}
    codings = [coding | {"coding_id": code, "code": code} for code in ("no-time", "habitual")]
    study = make_study(
        sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM], codings=codings, events=[_decision("contradicts")]
    )
    assert collect_evidence(study)["stance"].tolist() == ["contradicts"]
