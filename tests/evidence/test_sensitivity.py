import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.sensitivity import multiverse, sensitivity

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}]
CLAIM = {"claim_id": "C1", "theme": "capability", "statement": "Time is short.", "codes": "+no-time"}


@pytest.fixture
def pilot(make_study, answers, talk, coded):
    """Eight survey respondents of whom six support C1, four interviews of whom three contradict and one supports it."""

    def make(claims=(CLAIM,), more=(), **tables):
        people = [f"U{number}" for number in range(8)]
        talks = [talk(f"I{number}", (f"I{number}", "participant", "Time enough.")) for number in range(4)]
        start, end = talks[0][1][0]
        codings = [
            *coded(*((f"{case}/q1/1", "no-time", "supports") for case in people[:6])),
            *coded(("I0", "no-time", "supports"), start=start, end=end),
            *coded(*((f"I{number}", "no-time", "contradicts") for number in (1, 2, 3)), start=start, end=end),
        ]
        return make_study(
            sources=[*answers(*people), *(source for source, _ in talks)],
            cases=[{"case_id": case, "group": "user"} for case in people],
            codebook=CODEBOOK,
            claims=list(claims),
            codings=[*codings, *more],
            **{"settings": {"coder": "AB"}} | tables,
        )

    return make


def numbers(table):
    return table[["variation", "value", "base", "supporting", "contradicting", "indicated", "flips"]].to_numpy().tolist()


def test_each_kind_and_group_is_left_out_in_turn_and_each_respondent(pilot):
    assert numbers(sensitivity(pilot())) == [
        ["as it stands", "", 12, 7, 3, "contested", 0],
        ["without kind", "interview", 8, 6, 0, "supported with conditions", 1],
        ["without kind", "survey", 4, 1, 3, "insufficient", 1],
        ["without group", "not stated", 8, 6, 0, "supported with conditions", 1],
        ["without group", "user", 4, 1, 3, "insufficient", 1],
        ["without one respondent", "I1", 11, 7, 2, "supported", 3],
    ]


def test_what_stands_is_what_the_appraisal_says(pilot):
    row = sensitivity(pilot()).loc[0]
    appraised = appraise_claims(pilot()).loc[0]
    same = ["base", "supporting", "contradicting", "share", "indicated"]
    assert row[same].tolist() == appraised[same].tolist()


def test_the_change_and_the_fragility_stand_beside_the_verdict(pilot):
    table = sensitivity(pilot())
    shares = [7 / 12, 6 / 8, 1 / 4, 6 / 8, 1 / 4, 7 / 11]
    assert table["change"].tolist() == pytest.approx([share - 7 / 12 for share in shares])
    assert table["fragility"].tolist() == [1, 0, 0, 0, 0, 0]


def test_the_sentences_say_what_would_change(pilot):
    said = sensitivity(pilot())["sentence"].tolist()
    assert said[0] == "C1 as it stands: 7 of 12 support it, contested."
    assert said[2] == "C1 without kind survey: 1 of 4 support it, insufficient, where it is contested as it stands."
    assert said[5] == "C1 without any one of 12 respondents: for 3 of them the verdict would be another."


def test_a_verdict_that_hangs_on_nobody_says_so(pilot):
    table = sensitivity(pilot([CLAIM | {"codes": "+jargon"}]), by=[])
    assert table["sentence"].tolist()[1] == "C1 without any one of 12 respondents: insufficient all the same."


def test_a_claim_about_one_group_is_not_tried_without_it(pilot):
    table = sensitivity(pilot([CLAIM | {"scope": "group=user"}]))
    assert table["variation"].tolist() == ["as it stands", "without one respondent"]


def test_a_claim_with_nobody_in_scope_stays_as_it_is(pilot):
    table = sensitivity(pilot([CLAIM | {"scope": "group=producer"}]))
    assert numbers(table) == [
        ["as it stands", "", 0, 0, 0, "insufficient", 0],
        ["without one respondent", "", 0, 0, 0, "insufficient", 0],
    ]


def test_each_coder_is_heard_alone_where_there_are_several(pilot, coded):
    other = [row | {"coding_id": f"CD {row['coding_id']}", "coder": "CD"} for row in coded(("U0/q1/1", "no-time", "supports"))]
    table = sensitivity(pilot(more=other), by=[])
    alone = table[table["variation"] == "by one coder alone"]
    assert alone[["value", "supporting", "indicated", "flips"]].to_numpy().tolist() == [
        ["AB", 7, "contested", 0],
        ["CD", 1, "insufficient", 1],
    ]


def test_the_order_of_rows_does_not_matter(pilot):
    study = pilot()
    shuffled = type(study)(**{**study.__dict__, "codings": study.codings[::-1].reset_index(drop=True)})
    assert_frame_equal(sensitivity(shuffled), sensitivity(study))


def test_before_anything_is_coded_there_are_no_rows(make_study, answers):
    study = make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM])
    for table in (sensitivity(study), multiverse(study)):
        assert table.empty
        assert "indicated" in table.columns


def test_every_combination_of_choices_has_a_verdict(pilot):
    table = multiverse(pilot())
    assert len(table) == 6
    assert table.loc[table["campaigns"] == "every submission", "indicated"].tolist() == ["contested", "contested", "supported"]


def test_a_campaign_counts_once_in_half_of_the_combinations(make_study, coded):
    text = "Please count unpaid carers in every ward and every year, and not once in ten years for whole counties."
    people = [f"U{number}" for number in range(6)]
    sources = [{"source_id": f"{case}/q1/1", "case_id": case, "kind": "survey", "wave": "1", "text": text} for case in people]
    codings = coded(*((source["source_id"], "no-time", "supports") for source in sources))
    table = multiverse(make_study(sources=sources, codebook=CODEBOOK, claims=[CLAIM], codings=codings))
    declared = table[table["thresholds"] == "as declared"]
    assert declared[["campaigns", "base", "supporting", "indicated"]].to_numpy().tolist() == [
        ["every submission", 6, 6, "supported with conditions"],
        ["each text once", 1, 1, "insufficient"],
    ]
