import pandas as pd
import pytest
from bs4 import BeautifulSoup
from gate_demo import cells, page, shown, words
from sharing_demo import make_study

from engagement_lib.sharing.page_tables import read_tables
from engagement_lib.sharing.quotations import Guard, protect_people, without_ids
from engagement_lib.tables import check_table


@pytest.fixture
def guard(tmp_path):
    return Guard(make_study(tmp_path, audience="working-group", quotes="all"))


def protected(guard, *tables: str) -> str:
    soup = BeautifulSoup(page(*tables), "html.parser")
    for table in read_tables(soup):
        protect_people(soup, table, guard)
    return str(soup)


def quotations(guard, **columns):
    return shown(columns, "Quotations", study=guard.study)


def with_cases(guard, cases) -> Guard:
    return Guard(guard.study.__class__(**{**vars(guard.study), "cases": check_table("cases", pd.DataFrame(cases))}))


def test_rows_about_one_person_are_left_out(guard):
    without = {"claim_id": ["C1", "C1"], "value": ["survey", "P01"], "share": [0.3, 0.2]}
    html = protected(guard, shown({"case_id": ["P01", "S1"], "group": ["producer", "user"]}), shown(without))
    assert cells(html) == [["C1", "survey", "0.30"]]
    assert "Left out, since each would be about a single person: all 2 rows." in words(html)
    assert "Left out, since each would be about a single person: 1 of 2 rows." in words(html)


def test_a_row_with_somebody_in_a_column_of_people_is_about_one_person(guard):
    assert cells(protected(guard, shown({"speaker": ["Ann", "Bo"], "words": [90, 70]}))) == []


def test_a_claim_with_the_name_of_a_person_is_a_claim(guard):
    assert cells(protected(guard, shown({"claim_id": ["P01"], "statement": ["Nobody rings"]}))) == [["P01", "Nobody rings"]]


def test_a_quotation_does_not_say_whose_it_is(guard):
    html = quotations(guard, source_id=["P01"], start=[10], end=[15], case_id=["P01"], group=["producer"], quote=["Hello"])
    assert cells(protected(guard, html)) == [["quotation 1", "Hello"]]


def test_a_column_of_words_beside_a_quotation_stays(guard):
    html = quotations(guard, code=["jargon"], source_id=["P01"], quote=["Hello"])
    assert cells(protected(guard, html)) == [["jargon", "quotation 1", "Hello"]]


def test_a_quotation_without_a_name_is_left_alone(guard):
    assert cells(protected(guard, quotations(guard, code=["jargon"], quote=["Hello"]))) == [["jargon", "Hello"]]


def test_what_enough_people_share_stays_beside_a_quotation(guard):
    many = {"case_id": [f"U{n}" for n in range(6)], "group": "user", "nation": ["Wales"] + ["England"] * 5}
    html = quotations(guard, case_id=["U0", "U1"], group=["user", "user"], nation=["Wales", "England"], quote=["Hello", "Bye"])
    assert cells(protected(with_cases(guard, many), html)) == [
        ["quotation 1", "user", "", "Hello"],
        ["quotation 2", "user", "England", "Bye"],
    ]


def test_the_public_shares_it_among_ten(tmp_path):
    public = Guard(make_study(tmp_path, audience="public", quotes="all"))
    nine = with_cases(public, {"case_id": [f"U{n}" for n in range(9)], "group": "user"})
    ten = with_cases(public, {"case_id": [f"U{n}" for n in range(10)], "group": "user"})
    html = quotations(public, case_id=["U0"], group=["user"], quote=["Hello"])
    assert [cells(protected(guard, html)) for guard in (nine, ten)] == [
        [["quotation 1", "Hello"]],
        [["quotation 1", "user", "Hello"]],
    ]


def test_nobody_is_quoted_more_than_three_times_in_a_report(guard):
    first = quotations(guard, source_id=["S1/gaps", "S1/gaps"], quote=["One", "Two"])
    second = quotations(guard, source_id=["S1/gaps", "S1/gaps", "P01"], quote=["Three", "Four", "Five"])
    html = protected(guard, first, second)
    assert [row[1] for row in cells(html)] == ["One", "Two", "Three", "Five"]
    assert "Left out, since their people are quoted 3 times already in this report: 1 of 3 rows." in words(html)


def test_the_same_words_again_are_no_other_quotation(guard):
    twice = quotations(guard, source_id=["P01"] * 4, quote=["One", "Two", "Three", "one!"])
    assert len(cells(protected(guard, twice))) == 4


def test_a_study_may_allow_fewer_quotations(tmp_path):
    strict = Guard(make_study(tmp_path, audience="public", quotes="all", sharing={"quotes": "all", "quotations": 1}))
    html = protected(strict, quotations(strict, source_id=["P01", "P01"], quote=["One", "Two"]))
    assert [row[1] for row in cells(html)] == ["One"]


def test_a_passage_that_is_not_cleared_is_no_quotation(tmp_path):
    strict = Guard(make_study(tmp_path, audience="public"))
    protected(strict, quotations(strict, source_id=["P01"], start=[70], end=[80], quote=["Honestly"]))
    assert strict.quoted == {}


def test_nobody_is_named_by_an_id_in_a_sentence():
    people = frozenset({"P05", "P09", "S1/gaps"})
    assert without_ids("Ring P05, P09 and S1/gaps. So says P05.", people) == "Ring [respondents]. So says [a respondent]."
    assert without_ids("P0 and XP05 are nobody's; [a respondent], [a respondent]", people).endswith(
        "[a respondent], [a respondent]"
    )


def test_webinars_numbers_and_codes_name_no_person(tmp_path):
    study = make_study(tmp_path)
    odd = study.__class__(**{**vars(study), "cases": study.cases.assign(case_id=["12", "user", "no-time"])})
    assert Guard(odd).one_person == {"P01", "S1", "S1/gaps", "S2", "S2/gaps"}


def test_the_threshold_is_that_of_the_audience(tmp_path):
    studies = [make_study(tmp_path, audience=name) for name in ("working-group", "public")]
    assert [Guard(study).smallest for study in studies] == [5, 10]
    assert Guard(make_study(tmp_path, audience="public", sharing={"smallest_public": 20})).smallest == 20
