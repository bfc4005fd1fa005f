import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.privacy.attribution import check_attribution

CASES = pd.DataFrame(
    {
        "case_id": [f"P{n}" for n in range(9)],
        "group": ["producer"] * 9,
        "nation": ["Wales"] * 2 + ["England"] * 7,
        "sector": ["NHS"] * 3 + ["council"] * 4 + [""] * 2,
    }
)
SECTORS = {"sector": {"NHS": "public sector", "council": "public sector"}}


def quotations(*case_ids, **columns):
    return pd.DataFrame({"case_id": list(case_ids), **columns})


def test_what_enough_respondents_share_may_stand():
    checked = check_attribution(quotations("P5"), CASES, attributes=["group", "nation"])
    assert checked[["shared", "allowed", "too_fine", "instead", "instead_shared", "reason"]].to_numpy().tolist() == [
        [7, True, "", "producer, England", 7, ""]
    ]


def test_the_later_attribute_goes_first():
    checked = check_attribution(quotations("P0"), CASES, attributes=["group", "nation"])
    assert checked[["shared", "allowed", "too_fine", "instead", "shown_group", "shown_nation"]].to_numpy().tolist() == [
        [2, False, "producer, Wales", "producer", "producer", ""]
    ]
    assert checked["reason"].tolist() == ["2 of the respondents share it; at least 5 must"]


def test_a_value_is_coarsened_step_by_step_before_it_is_left_out():
    checked = check_attribution(quotations("P0"), CASES, attributes=["sector"], coarser=SECTORS)
    assert checked[["too_fine", "instead", "instead_shared"]].to_numpy().tolist() == [["NHS", "public sector", 7]]


def test_a_person_with_fewer_than_enough_respondents_around_may_not_be_quoted():
    checked = check_attribution(quotations("P0"), CASES.head(4), attributes=["group"])
    assert checked["reason"].tolist() == [
        "4 of the respondents share it; at least 5 must; there are fewer than 5 respondents, so that nobody may be quoted"
    ]


def test_what_stands_beside_two_quotations_of_one_person_counts_together():
    shown = quotations("P0", "P0", group=["producer", "producer"], nation=["", "Wales"])
    together = check_attribution(shown, CASES, attributes=["group", "nation"])
    apart = check_attribution(shown, CASES, attributes=["group", "nation"], linked=False)
    assert together["allowed"].tolist() == [False, False]
    assert apart["allowed"].tolist() == [True, False]
    assert together["instead"].tolist() == ["producer", "producer"]


def test_a_quotation_never_shows_more_than_it_did():
    shown = quotations("P0", "P0", group=["", "producer"], nation=["Wales", "Wales"])
    checked = check_attribution(shown, CASES, attributes=["group", "nation"])
    assert checked[["shown_group", "shown_nation"]].to_numpy().tolist() == [["", ""], ["producer", ""]]


def test_a_fourth_quotation_of_a_person_is_one_too_many():
    shown = quotations("P5", "P5", "P5", "P5", "P5", source_id="S", start=[40, 10, 20, 30, 10], end=[45, 15, 25, 35, 15])
    checked = check_attribution(shown, CASES, attributes=["group"])
    assert checked["allowed"].tolist() == [False, True, True, True, True]
    assert checked["reason"].iloc[0] == "this person has 3 quotations already"


def test_without_places_each_row_is_a_quotation():
    assert check_attribution(quotations(*["P5"] * 4), CASES, attributes=["group"])["allowed"].tolist() == [True] * 3 + [False]


def test_without_attributes_any_respondent_may_be_any():
    assert check_attribution(quotations("P0"), CASES, attributes=[])[["shared", "allowed"]].to_numpy().tolist() == [[9, True]]


def test_no_quotations_are_a_table_with_all_columns():
    checked = check_attribution(quotations(), CASES, attributes=["group"])
    assert checked.columns.tolist() == [
        "case_id", "shared", "allowed", "too_fine", "instead", "instead_shared", "reason", "shown_group"
    ]  # fmt: skip
    assert checked.empty


def test_a_value_that_belongs_to_itself_in_the_end_is_an_error():
    with pytest.raises(TableError, match="'NHS', which belongs to itself in the end"):
        check_attribution(quotations("P0"), CASES, attributes=["sector"], coarser={"sector": {"NHS": "care", "care": "NHS"}})


def test_every_fault_of_the_call_is_named():
    with pytest.raises(TableError) as caught:
        check_attribution(pd.DataFrame({"quote": []}), CASES, attributes=["grade"], smallest=0, most=0)
    assert [(problem.file, problem.place, problem.expected) for problem in caught.value.problems] == [
        ("check_attribution", "passages", "a column 'case_id'"),
        ("check_attribution", "cases", "a column 'grade'"),
        ("check_attribution", "smallest", "at least 1"),
        ("check_attribution", "most", "at least 1"),
    ]
