import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.evidence.appraisal import appraise_claims

CODEBOOK = [{"code": "no-time"}, {"code": "habitual"}]
CLAIM = {"claim_id": "C1", "theme": "culture", "statement": "Engagement comes last.", "codes": "+no-time -habitual"}
COLUMNS = {
    "claim_id": "str",
    "theme": "str",
    "statement": "str",
    "base": "int64",
    "sources": "int64",
    "supporting": "int64",
    "qualifying": "int64",
    "contradicting": "int64",
    "both": "int64",
    "passages": "int64",
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "interval": "str",
    "contradiction": "float64",
    "largest_share": "float64",
    "kinds": "str",
    "indicated": "str",
    "because": "str",
}
PEOPLE = [f"P{i:02}" for i in range(20)]


def survey(case):
    return f"{case}/q1/1"


@pytest.fixture
def study(make_study, answers, talk, coded):
    """Twenty answers and an interview with P00: seven support (P00 in both), one of them also contradicts, another two only
    contradict, one qualifies."""
    interview, [_, (start, end)] = talk(
        "I1", ("Helen", "interviewer", "No time?"), ("P00", "participant", "Never any time."), case_id="P00"
    )
    codings = coded(*((survey(case), "no-time", "supports") for case in PEOPLE[:7]))
    codings += coded(*((survey(case), "habitual", "supports") for case in PEOPLE[6:9]), start=5, end=9)
    codings += coded((survey("P09"), "no-time", "qualifies"))
    codings += coded(("I1", "no-time", "supports"), start=start, end=end)
    return make_study(
        sources=[*answers(*PEOPLE), interview],
        cases=[{"case_id": case, "group": "producer" if i < 10 else "user"} for i, case in enumerate(PEOPLE)],
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=codings,
    )


def test_a_row_says_all_that_is_known_of_a_claim(study):
    table = appraise_claims(study)
    assert {column: str(dtype) for column, dtype in table.dtypes.items()} == COLUMNS
    row = table.loc[0].to_dict()
    assert row.pop("low") == pytest.approx(0.15)
    assert row.pop("high") == pytest.approx(0.55)
    assert row.pop("contradiction") == pytest.approx(3 / 9)
    assert row == {
        "claim_id": "C1",
        "theme": "culture",
        "statement": "Engagement comes last.",
        "base": 20,
        "sources": 11,
        "supporting": 7,
        "qualifying": 1,
        "contradicting": 3,
        "both": 1,
        "passages": 12,
        "share": 0.35,
        "interval": "respondents drawn anew 2000 times",
        "largest_share": 0.25,
        "kinds": "interview, survey",
        "indicated": "contested",
        "because": (
            "Supported by 7 of 20 respondents (35%, 95% interval 15% to 55%), qualified by 1, contradicted by 3. "
            "Of the 9 who support or contradict it, 33% contradict it, 22% without supporting it as well. "
            "Support comes from these kinds of source: interview, survey. "
            "The respondent with most supporting passages gives 25% of them."
        ),
    }


def test_by_group_each_group_has_its_own_base_and_no_verdict(study):
    table = appraise_claims(study, by="group")
    assert list(table.columns) == [*list(COLUMNS)[:3], "group", *list(COLUMNS)[3:]]
    assert table[["group", "base", "supporting", "contradicting", "share", "indicated"]].to_numpy().tolist() == [
        ["producer", 10, 7, 3, 0.7, ""],
        ["user", 10, 0, 0, 0.0, ""],
    ]


def test_by_kind_a_respondent_counts_in_every_kind_of_source(study):
    table = appraise_claims(study, by="kind")
    assert table[["kind", "base", "supporting", "passages"]].to_numpy().tolist() == [
        ["interview", 1, 1, 1],
        ["survey", 20, 7, 11],
    ]


def test_by_wave_each_wave_has_its_own_base(make_study, answers, coded):
    study = make_study(
        sources=answers("P1", "P2") + answers("P1", wave="2"),
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=coded(("P1/q1/2", "no-time", "supports")),
    )
    table = appraise_claims(study, by="wave")
    assert table[["wave", "base", "supporting"]].to_numpy().tolist() == [["1", 2, 0], ["2", 1, 1]]


def test_where_nobody_supports_the_interval_is_wilsons(study):
    row = appraise_claims(study, by="group").loc[1]
    assert (row["low"], row["high"]) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert row["interval"] == "Wilson, since nobody supports it and drawing anew shows no variation"
    assert np.isnan(row["contradiction"])
    assert np.isnan(row["largest_share"])


def test_where_all_support_the_interval_is_wilsons(make_study, answers, coded):
    study = make_study(
        sources=answers(*PEOPLE[:10]),
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=coded(*((survey(case), "no-time", "supports") for case in PEOPLE[:10])),
    )
    row = appraise_claims(study).loc[0]
    assert (row["share"], row["low"], row["high"]) == pytest.approx((1.0, 0.7225, 1.0), abs=5e-5)
    assert row["interval"] == "Wilson, since all support it and drawing anew shows no variation"


def test_a_scope_that_nobody_fits_has_a_base_of_nobody(make_study, answers, coded):
    study = make_study(
        sources=answers("P1"),
        codebook=CODEBOOK,
        claims=[CLAIM | {"scope": "group=user"}],
        codings=coded(("P1/q1/1", "no-time", "supports")),
    )
    row = appraise_claims(study).loc[0]
    assert (row["base"], row["supporting"], row["interval"], row["indicated"]) == (0, 0, "", "insufficient")
    assert row[["share", "low", "high"]].isna().all()
    assert row["because"] == "No respondent in scope has words in a source that has been read."


def test_one_talkative_respondent_makes_support_conditional(make_study, answers, coded):
    codings = coded(*((survey(case), "no-time", "supports") for case in PEOPLE[:5]))
    again = (survey("P00"), "no-time", "supports")
    codings += [row for start in range(5, 11) for row in coded(again, start=start, end=start + 4)]
    study = make_study(
        settings={"verdicts": {"min_kinds": 1}}, sources=answers(*PEOPLE), codebook=CODEBOOK, claims=[CLAIM], codings=codings
    )
    row = appraise_claims(study).loc[0]
    assert (row["largest_share"], row["indicated"]) == (7 / 11, "supported with conditions")


def test_a_webinar_is_one_respondent(make_study, talk, coded):
    webinar, places = talk("W1", ("Ann", "participant", "No time."), ("Bob", "participant", "None."), kind="webinar")
    codings = [row for start, end in places for row in coded(("W1", "no-time", "supports"), start=start, end=end)]
    study = make_study(sources=[webinar], codebook=CODEBOOK, claims=[CLAIM], codings=codings)
    table = appraise_claims(study, by="group")
    assert table[["group", "base", "supporting", "passages", "kinds"]].to_numpy().tolist() == [["webinar", 1, 1, 2, "webinar"]]


def test_evidence_from_a_source_not_yet_finished_is_left_out_and_said_to_be(make_study, answers, coded):
    study = make_study(
        sources=answers("P1", "P2", "P3"),
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "no-time", "supports")),
        readings=[{"source_id": f"{case}/q1/1", "coder": "AB", "finished": "yes"} for case in ("P1", "P3")],
    )
    row = appraise_claims(study).loc[0]
    assert (row["base"], row["supporting"], row["passages"]) == (2, 1, 1)
    assert row["because"].endswith("Passages left out because their source is not yet finished: 1.")


def test_prompted_waves_are_kept_apart_and_indicate_nothing(make_study, answers, coded):
    people = [f"P{i}" for i in range(6)]
    study = make_study(
        settings={"waves": {"2": {"prompted": True}}, "verdicts": {"min_kinds": 1}},
        sources=answers(*people) + answers(*people, "P9", wave="2"),
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=coded(*((f"{case}/q1/{wave}", "no-time", "supports") for case in people for wave in "12")),
    )
    columns = ["base", "supporting", "passages", "indicated"]
    assert appraise_claims(study)[columns].to_numpy().tolist() == [[6, 6, 6, "supported"]]
    assert appraise_claims(study, prompted=True)[columns].to_numpy().tolist() == [[7, 6, 6, ""]]


def test_every_claim_has_its_row_and_each_its_own_draws(study, make_study):
    alone = appraise_claims(study)
    both = appraise_claims(
        type(study)(**vars(study) | {"claims": pd.concat([study.claims.assign(claim_id="C0"), study.claims], ignore_index=True)})
    )
    assert both["claim_id"].tolist() == ["C0", "C1"]
    assert_frame_equal(both.iloc[[1]].reset_index(drop=True), alone)


def test_the_order_of_rows_does_not_matter(study):
    shuffled = {
        name: table.iloc[::-1] for name, table in vars(study).items() if name in ("sources", "cases", "codings", "codebook")
    }
    other = type(study)(**vars(study) | shuffled)
    for by in ("", "group", "kind"):
        assert_frame_equal(appraise_claims(other, by=by), appraise_claims(study, by=by))


def test_the_study_is_not_changed(study):
    before = {name: table.copy() for name, table in vars(study).items() if isinstance(table, pd.DataFrame)}
    appraise_claims(study, by="group")
    for name, table in before.items():
        assert_frame_equal(getattr(study, name), table)


@pytest.mark.parametrize("missing", ["claims", "codings"])
@pytest.mark.parametrize("by", ["", "kind"])
def test_without_claims_or_codings_the_table_is_empty_with_all_its_columns(make_study, answers, coded, missing, by):
    tables = {
        "sources": answers("P1"),
        "codebook": CODEBOOK,
        "claims": [CLAIM],
        "codings": coded(("P1/q1/1", "no-time", "supports")),
    }
    table = appraise_claims(make_study(**tables | {missing: []}), by=by)
    assert table.empty
    assert {column: str(dtype) for column, dtype in table.dtypes.items() if column != "kind"} == COLUMNS


def test_fewer_than_one_draw_is_refused(study):
    with pytest.raises(TableError, match="resamples: found 0; expected at least 1"):
        appraise_claims(study, resamples=0)


def test_a_variable_that_is_none_is_refused(study):
    with pytest.raises(TableError, match="by='nation': found no variable 'nation'"):
        appraise_claims(study, by="nation")


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.5])
def test_the_interval_covers_the_share_about_as_often_as_it_says(make_study, answers, coded, share):
    people = [f"P{i:02}" for i in range(45)]
    covered = []
    for seed in range(100):
        chosen = np.random.default_rng(seed).random(45) < share
        codings = coded(*((survey(case), "no-time", "supports") for case, chose in zip(people, chosen, strict=True) if chose))
        study = make_study(sources=answers(*people), codebook=CODEBOOK, claims=[CLAIM], codings=codings)
        row = appraise_claims(study).loc[0]
        covered.append(row["low"] <= share <= row["high"])
    assert 0.88 <= np.mean(covered) <= 0.99
