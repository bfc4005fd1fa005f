import numpy as np
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.saturation import saturation

# A published sample: 200 plots, and in how many of them each of 14 ants was found.
ANTS = [80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1]
CODES = [f"code-{number:02}" for number in range(36)]
CODEBOOK = [{"code": code} for code in CODES]
COLUMNS = {
    **dict.fromkeys(["respondents", "codes", "in_one", "in_two"], "int64"),
    **dict.fromkeys(["chao2", "chao2_low", "chao2_high", "coverage", "expected_new", "expected_low", "expected_high"], "float64"),
    **dict.fromkeys(["saturated_after", "saturated_low", "saturated_median", "saturated_high", "codes_by_then"], "float64"),
    **dict.fromkeys(["equal_coverage", "at_equal_coverage"], "float64"),
    **dict.fromkeys(["order", "reason", "sentence"], "str"),
}


@pytest.fixture
def coded_study(make_study, answers, coded):
    """A study in which the respondents, P1 and so on, have the codes with these numbers; of the groups given."""

    def make(*said, groups=()):
        cases = [f"P{number + 1}" for number in range(len(said))]
        pairs = [(case, CODES[number]) for case, numbers in zip(cases, said, strict=True) for number in numbers]
        return make_study(
            sources=answers(*cases),
            cases=[{"case_id": case, "group": group} for case, group in zip(cases, groups, strict=False)],
            codebook=CODEBOOK,
            codings=coded(*[(f"{case}/q1/1", code, "supports") for case, code in pairs]),
        )

    return make


def one_row(study, **options):
    [row] = saturation(study, **options).to_dict("records")
    return row


def test_a_study_gives_the_published_numbers(coded_study):
    said = [[code for code, count in enumerate(ANTS) if (respondent + 7 * code) % 200 < count] for respondent in range(200)]
    table = saturation(coded_study(*said))
    assert {column: str(dtype) for column, dtype in table.dtypes.items()} == COLUMNS
    [row] = table.to_dict("records")
    assert [row[name] for name in ("respondents", "codes", "in_one", "in_two")] == [200, 14, 1, 2]
    assert row["chao2"] == pytest.approx(14.249, abs=5e-4)
    assert (row["chao2_low"], row["chao2_high"]) == pytest.approx((14.013, 18.716), abs=5e-4)
    assert row["coverage"] == pytest.approx(0.9963827, abs=5e-8)
    assert 0 <= row["expected_low"] < row["expected_new"] < row["expected_high"] < 0.2
    assert (row["equal_coverage"], row["at_equal_coverage"], row["reason"]) == (row["coverage"], 14, "")


def test_the_codes_to_expect_are_those_of_the_formula_and_more_respondents_bring_more(coded_study):
    study = coded_study([0, 1, 2, 3], [0, 1, 4], [0, 1], [0])
    # Q1 = 3, Q2 = 0, T = 4: three quarters of 3 are unseen, and A = 9 / 12.
    assert one_row(study, ahead=1)["expected_new"] == pytest.approx(2.25 * 0.25)
    assert one_row(study, ahead=4)["expected_new"] == pytest.approx(2.25 * (1 - 0.75**4))


def test_the_rule_is_told_with_the_codes_that_it_would_have_missed(coded_study):
    study = coded_study([0, 1, 2], [0], [1], [2], [0], [1], *[[number] for number in range(3, 9)])
    row = one_row(study)
    assert (row["saturated_after"], row["codes_by_then"], row["codes"]) == (4, 3, 9)
    assert row["saturated_low"] <= row["saturated_median"]


def test_where_nothing_rests_on_one_respondent_nothing_more_is_expected(coded_study):
    row = one_row(coded_study(*[[0, 1, 2]] * 6))
    names = ("chao2", "chao2_low", "chao2_high", "coverage", "expected_new", "expected_low", "expected_high")
    assert [row[name] for name in names] == [3, 3, 3, 1, 0, 0, 0]
    assert str(row["expected_new"]) == "0.0"


def test_groups_are_compared_at_the_smallest_coverage_of_all(coded_study):
    thorough, hasty = [[0, 1, 2, 3]] * 6 + [[4, 5]] * 2, [[0, 1, 2], [0, 3]]
    table = saturation(coded_study(*thorough, *hasty, groups=["user"] * 8 + ["producer"] * 2), by="group")
    assert list(table.columns) == ["group", *COLUMNS]
    assert table["group"].tolist() == ["producer", "user"]
    # Q1 = 3, Q2 = 1, U = 5, T = 2: A = 3 / (3 + 2).
    assert table["coverage"].tolist() == pytest.approx([1 - 3 / 5 * 3 / 5, 1])
    assert table["equal_coverage"].tolist() == pytest.approx([0.64, 0.64])
    # Eight respondents with 28 mentions: one of them covers 1 - (24 * 2/7 + 4 * 6/7) / 28, and shows 4 * 6/8 + 2 * 2/8 codes.
    one, two = 1 - (24 * 2 / 7 + 4 * 6 / 7) / 28, 1 - (24 * 2 / 42 + 4 * 30 / 42) / 28
    codes = 3.5, 4 * (1 - 2 / 56) + 2 * (1 - 30 / 56)
    between = (0.64 - one) / (two - one)
    assert one < 0.64 < two
    assert table["at_equal_coverage"].tolist() == pytest.approx([4, codes[0] + between * (codes[1] - codes[0])])


def test_a_group_of_one_takes_no_part_in_the_comparison(coded_study):
    table = saturation(coded_study([0, 1], [0], [0, 1], [0], groups=["user", "user", "user", "alone"]), by="group", ahead=2)
    alone, user = table.to_dict("records")
    undefined = ["chao2", "coverage", "expected_new", "saturated_after", "codes_by_then", "at_equal_coverage"]
    assert np.isnan([alone[name] for name in undefined]).all()
    assert alone["reason"] == "there is only one respondent; the rule of Guest, Namey and Chen takes 6 respondents or more"
    assert user["equal_coverage"] == user["coverage"] == 1
    assert "compared" not in user["sentence"]


def test_the_reasons_say_what_is_undefined(coded_study):
    row = one_row(coded_study([0], [0, 1], [1, 2]), ahead=4)
    assert np.isnan([row["expected_new"], row["expected_low"], row["expected_high"]]).all()
    assert row["reason"] == (
        "4 more respondents are more than the 3 there are, too far to look ahead; "
        "the rule of Guest, Namey and Chen takes 6 respondents or more"
    )
    nobody = saturation(coded_study([0], [], [], groups=["user", "none", "none"]), by="group").to_dict("records")[0]
    assert (nobody["group"], nobody["respondents"], nobody["codes"], nobody["reason"]) == ("none", 2, 0, "nobody here has a code")
    assert nobody["sentence"] == (
        "group none: 0 codes seen in 2 respondents. Nothing can be said of codes yet unseen: nobody here has a code."
    )


def test_a_webinar_is_one_respondent_of_the_group_webinar(make_study, answers, talk, coded):
    webinar, places = talk("W1", ("Ann", "participant", "No time."), ("Bob", "participant", "None."), kind="webinar")
    codings = [
        row
        for (start, end), code in zip(places, CODES, strict=False)
        for row in coded(("W1", code, "supports"), start=start, end=end)
    ]
    study = make_study(
        sources=[*answers("P1", "P2"), webinar],
        cases=[{"case_id": "P1", "group": "user"}, {"case_id": "P2", "group": "user"}],
        codebook=CODEBOOK,
        codings=codings + coded(("P1/q1/1", CODES[0], "supports")),
    )
    user, group_event = saturation(study, by="group").to_dict("records")
    assert [user[name] for name in ("group", "respondents", "codes")] == ["user", 2, 1]
    assert [group_event[name] for name in ("group", "respondents", "codes")] == ["webinar", 1, 2]
    assert group_event["sentence"].startswith(
        "group webinar: 2 codes seen in 1 webinar, a group event that counts as one respondent."
    )
    assert one_row(study)["sentence"].startswith(
        "All: 2 codes seen in 3 respondents (of whom 1 is a webinar, a group event that counts once)."
    )


def test_the_same_seed_gives_the_same_table_in_any_order_of_rows(coded_study):
    said = [[0, 1, 2], [0, 3], [4], [0, 5, 6], [], [1, 7], [0, 1]]
    study = coded_study(*said)
    table = saturation(study)
    shuffled = type(study)(
        **{
            name: value.iloc[::-1].reset_index(drop=True) if hasattr(value, "iloc") else value
            for name, value in vars(study).items()
        }
    )
    assert saturation(shuffled).equals(table)
    assert not saturation(study, random_state=1).equals(table)


def test_before_anything_is_coded_the_table_is_empty_with_all_its_columns(make_study, answers):
    table = saturation(make_study(sources=answers("P1"), codebook=CODEBOOK), by="kind")
    assert table.empty
    assert list(table.columns) == ["kind", *COLUMNS]


@pytest.mark.parametrize("option", ["orders", "ahead", "resamples"])
def test_options_that_make_no_sense_are_refused(coded_study, option):
    with pytest.raises(TableError, match=f"saturation, {option}: found 0; expected at least 1"):
        saturation(coded_study([0]), **{option: 0})
