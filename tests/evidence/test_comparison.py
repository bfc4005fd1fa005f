import time

import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.comparison import compare_groups
from engagement_lib.evidence.differences import newcombe_interval

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}, {"code": "unused"}]
GROUPS = {"by": "group", "groups": ("producer", "user")}


@pytest.fixture
def survey(make_study, answers, coded):
    """A survey of producers P and users U, of whom so many have 'no-time', and everybody 'jargon'."""

    def make(producers=(9, 10), users=(3, 10), more=(), cases=(), **tables):
        people = [f"P{number:02}" for number in range(producers[1])] + [f"U{number:02}" for number in range(users[1])]
        with_code = [f"P{number:02}" for number in range(producers[0])] + [f"U{number:02}" for number in range(users[0])]
        said = {
            "sources": [*answers(*people), *more],
            "cases": [{"case_id": case, "group": "producer" if case[0] == "P" else "user"} for case in people] + list(cases),
            "codebook": CODEBOOK,
            "codings": [
                *coded(*((f"{case}/q1/1", "no-time", "supports") for case in with_code)),
                *coded(*((f"{case}/q1/1", "jargon", "supports") for case in people)),
            ],
        }
        return make_study(**said | tables)

    return make


def test_counts_shares_and_intervals_of_both_groups_stand_in_a_row(survey):
    row = compare_groups(survey(), **GROUPS, resamples=999).loc[0]
    assert row[["code", "first", "first_respondents", "first_base", "first_share"]].tolist() == [
        "no-time",
        "producer",
        9,
        10,
        0.9,
    ]
    assert row[["second", "second_respondents", "second_base", "second_share"]].tolist() == ["user", 3, 10, 0.3]
    assert row["difference"] == pytest.approx(0.6)
    assert row[["low", "high"]].tolist() == pytest.approx([0.1705, 0.8090], abs=6e-5)
    assert row["difference_within"] == pytest.approx(0.6)
    assert row[["compared", "family", "reason"]].tolist() == [20, 3, ""]
    assert row["p"] == pytest.approx(0.02, abs=0.01)
    assert row["p_adjusted"] == pytest.approx(3 * row["p"])


def test_the_sentence_of_a_difference_that_was_found(survey):
    row = compare_groups(survey(), **GROUPS, codes=["no-time"], resamples=999).loc[0]
    assert row["sentence"] == (
        "'no-time': 9 of 10 producer (90%) and 3 of 10 user (30%), a difference of +60 points, 95% interval +17 to +81: a"
        f" difference was found (p = {row['p']:.4f}, adjusted for 1 code {row['p']:.4f}); study.toml does not say how they were"
        " chosen, so the interval is no estimate for anyone but them."
    )


def test_no_difference_found_always_prints_the_interval_and_what_was_beyond_the_bases(survey):
    row = compare_groups(survey(producers=(6, 10), users=(5, 10)), **GROUPS, resamples=999).loc[0]
    low, high = newcombe_interval((6, 10), (5, 10))
    assert (
        f"a difference of +10 points, 95% interval −{-100 * low:.0f} to +{100 * high:.0f}: no difference found" in row["sentence"]
    )
    assert row["smallest_difference"] == pytest.approx(0.52, abs=0.02)
    assert (
        f"a difference under {100 * row['smallest_difference']:.0f} points is missed more than one time in five"
        in row["sentence"]
    )


def test_bases_too_small_for_any_difference_say_so(survey):
    row = compare_groups(survey(producers=(1, 2), users=(1, 2)), **GROUPS).loc[0]
    assert np.isnan(row["smallest_difference"])
    assert row["reason"] == "the bases are too small to show any difference with 80% power"
    assert "with these bases any difference is missed more than one time in five" in row["sentence"]


def test_where_kinds_hide_a_difference_the_test_and_the_interval_are_both_told(make_study, answers, coded):
    def letters(cases):
        return [row | {"source_id": f"{row['case_id']}/letter", "kind": "comment"} for row in answers(*cases)]

    producers, users = [f"P{n:02}" for n in range(50)], [f"U{n:02}" for n in range(50)]
    # All of 10 producers and 24 of 40 users in the survey, 12 of 40 producers and none of 10 users in letters.
    holders = [f"{case}/q1/1" for case in producers[:10] + users[:24]] + [f"{case}/letter" for case in producers[10:22]]
    study = make_study(
        sources=answers(*producers[:10], *users[:40]) + letters(producers[10:]) + letters(users[40:]),
        cases=[{"case_id": case, "group": "producer" if case[0] == "P" else "user"} for case in producers + users],
        codebook=CODEBOOK[:1],
        codings=coded(*((source, "no-time", "supports") for source in holders)),
    )
    row = compare_groups(study, **GROUPS).loc[0]
    assert row["difference"] == pytest.approx(-0.04)
    assert row["difference_within"] == pytest.approx((0.4 + 0.3) / 2)
    assert row["p"] < 0.01
    assert "a difference of −4 points, 95% interval −23 to +15 (+35 within kind): a difference was found" in row["sentence"]
    assert "though the interval holds 0; " in row["sentence"]


def test_kinds_are_compared_apart_and_somebody_in_two_kinds_only_with_their_like(survey, talk):
    first, _ = talk("I1", ("P00", "participant", "No time."), case_id="P00")
    second, _ = talk("I2", ("U00", "participant", "No time."), case_id="U00")
    third, _ = talk("I3", ("P01", "participant", "No time."), case_id="P01")
    study = survey(more=[first, second, third])
    table = compare_groups(study, **GROUPS, resamples=999)
    # P00, U00 and P01 make a stratum of their own, in which all three have the code.
    within = (9 - 2) / 8 - (3 - 1) / 9
    weight, alone = 8 * 9 / 17, 2 * 1 / 3
    assert table.loc[0, "difference_within"] == pytest.approx(within * weight / (weight + alone))
    assert table.loc[0, "compared"] == 20
    assert "within kind)" in table.loc[0, "sentence"]
    assert "within" not in compare_groups(study, **GROUPS, within="", resamples=999).loc[0, "sentence"]


def test_respondents_without_their_like_in_the_other_group_are_not_compared(survey, talk):
    interview, _ = talk("I1", ("P90", "participant", "No time."), case_id="P90")
    study = survey(more=[interview], cases=[{"case_id": "P90", "group": "producer"}])
    table = compare_groups(study, **GROUPS, resamples=99)
    assert table["first_base"].tolist() == [11] * 3
    assert table["compared"].tolist() == [20] * 3


def test_within_may_be_a_variable_of_the_cases(survey):
    study = survey()
    nations = np.where(study.cases["case_id"].str[-1].isin(list("02468")), "Wales", "England")
    study = study.__class__(**study.__dict__ | {"cases": study.cases.assign(nation=nations)})
    table = compare_groups(study, **GROUPS, within="nation", resamples=99)
    assert "within nation)" in table.loc[0, "sentence"]


def test_groups_that_share_no_stratum_are_not_tested(survey, talk):
    interview, _ = talk("I1", ("B1", "participant", "No time."), case_id="B1")
    study = survey(more=[interview], cases=[{"case_id": "B1", "group": "both"}])
    table = compare_groups(study, by="group", groups=("both", "user"))
    assert table[["p", "p_adjusted", "difference_within"]].isna().all(axis=None)
    assert table.loc[0, "reason"] == "no kind of which there are respondents of both groups"
    assert "not tested, since there is no kind of which there are respondents of both groups" in table.loc[0, "sentence"]


def test_a_code_of_nobody_or_everybody_has_no_odds_ratio(survey):
    table = compare_groups(survey(), **GROUPS, resamples=99).set_index("code")
    assert table.loc[["jargon", "unused"], ["odds_ratio", "odds_low", "odds_high"]].isna().all(axis=None)
    assert table.loc["unused", "reason"] == "nobody of either group has the code, so that there is no odds ratio"
    assert table.loc["jargon", "reason"] == "everybody of both groups has the code, so that there is no odds ratio"
    assert table.loc[["jargon", "unused"], "p"].tolist() == [1, 1]


def test_the_codes_named_are_the_family(survey):
    table = compare_groups(survey(), **GROUPS, codes=["unused", "no-time", "unused"], resamples=99)
    assert table["code"].tolist() == ["unused", "no-time"]
    assert table["family"].tolist() == [2, 2]


def test_a_group_of_which_nobody_was_heard_has_a_base_of_0(survey):
    study = survey(cases=[{"case_id": "X1", "group": "press"}])
    table = compare_groups(study, by="group", groups=("press", "user"))
    assert table["first_base"].tolist() == [0] * 3
    assert table[["first_share", "difference", "low", "odds_ratio", "p", "smallest_difference"]].isna().all(axis=None)
    assert table.loc[0, "sentence"] == (
        "'no-time': 0 of 0 press and 3 of 10 user; nothing to compare, since nobody of 'press' has words in a source that has"
        " been read."
    )


def test_of_two_groups_of_whom_nobody_was_heard_there_is_nothing_to_tell(survey):
    study = survey(cases=[{"case_id": "X1", "group": "press"}, {"case_id": "X2", "group": "schools"}])
    table = compare_groups(study, by="group", groups=("press", "schools"))
    assert table[["first_base", "second_base", "compared"]].to_numpy().tolist() == [[0, 0, 0]] * 3
    assert table["p"].isna().all()


def test_before_anything_is_coded_and_without_codes_the_table_is_empty_with_all_its_columns(survey):
    columns = compare_groups(survey(), **GROUPS, resamples=9).dtypes
    for table in (compare_groups(survey(codings=None), **GROUPS), compare_groups(survey(), **GROUPS, codes=[])):
        assert table.empty
        assert table.dtypes.equals(columns)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "colour", "groups": ("a", "b")}, "found no variable 'colour'"),
        ({"by": "", "groups": ("a", "b")}, "by: found no variable; expected a variable that tells the groups apart"),
        ({"by": "group", "groups": ("user", "user")}, "groups: found 'user', 'user'; expected two different values"),
        ({"by": "group", "groups": ("user",)}, "groups: found 'user'; expected two different values"),
        ({"by": "group", "groups": ("user", "prodcer")}, "found 'prodcer'; expected one of producer, user"),
        (GROUPS | {"codes": ["no-tiem"]}, "codes: found 'no-tiem'; expected a code of the codebook. Did you mean 'no-time'"),
        (GROUPS | {"codes": ["xyz"]}, "found 'xyz'; expected a code of the codebook. Mend its name"),
        (GROUPS | {"within": "colour"}, "found no variable 'colour'"),
        (GROUPS | {"resamples": 0}, "resamples: found 0; expected at least 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(survey, options, message):
    with pytest.raises(TableError, match=message):
        compare_groups(survey(), **options)


def test_somebody_in_both_groups_is_named(survey, talk):
    interview, _ = talk("I1", ("P03", "participant", "No time."), case_id="P03")
    with pytest.raises(TableError, match="by='kind': found 'P03' in both groups; expected everybody in one"):
        compare_groups(survey(more=[interview]), by="kind", groups=("interview", "survey"))


def test_kinds_of_which_nobody_is_in_both_can_be_compared_without_strata(survey, talk):
    interview, _ = talk("I1", ("B1", "participant", "No time."), case_id="B1")
    table = compare_groups(survey(more=[interview]), by="kind", groups=("interview", "survey"), within="", resamples=99)
    assert table[["first_base", "second_base", "compared"]].to_numpy().tolist() == [[1, 20, 21]] * 3


def test_the_order_of_rows_does_not_matter(survey):
    study = survey()
    names = ("sources", "codings", "cases")
    turned = study.__class__(**study.__dict__ | {name: getattr(study, name).iloc[::-1] for name in names})
    options = GROUPS | {"resamples": 99}
    assert compare_groups(turned, **options).equals(compare_groups(study, **options))


def test_36_codes_of_355_respondents_are_compared_fast(survey, coded):
    codes = [f"code-{number:02}" for number in range(36)]
    generator = np.random.default_rng(0)
    people = [f"P{number:02}" for number in range(155)] + [f"U{number:02}" for number in range(200)]
    codings = [
        row for code in codes for row in coded(*((f"{p}/q1/1", code, "supports") for p in people if generator.random() < 0.2))
    ]
    study = survey((0, 155), (0, 200), codebook=[{"code": code} for code in codes], codings=codings)
    begun = time.perf_counter()
    table = compare_groups(study, **GROUPS)
    # A second alone, with room for a machine that is busy.
    assert time.perf_counter() - begun < 6
    assert isinstance(table, pd.DataFrame)
    assert len(table) == 36
