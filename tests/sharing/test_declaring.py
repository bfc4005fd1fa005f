import pandas as pd
import pytest
from sharing_demo import make_study

from engagement_lib.sharing.declaring import declare


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path)


def counted(study, **columns):
    """Each count with its variables, name, number and base, and where it stands."""
    about = declare(pd.DataFrame(columns), study, 5)
    long = about.about.table
    rows = []
    for at, place in enumerate(about.places):
        row = long.iloc[at]
        name = next(name for name in about.about.counts if pd.notna(row[name]))
        rows.append(({key: row[key] for key in about.about.by}, name, row[name], row[about.about.base], place))
    return rows


def test_each_count_has_its_variables_and_its_base(study):
    assert counted(study, code=["a", "b"], theme=["x", "x"], respondents=[12, 3], base=[40, 41]) == [
        ({"code": "a"}, "respondents", 12, 40.0, (0, 2)),
        ({"code": "b"}, "respondents", 3, 41.0, (1, 2)),
    ]


def test_counts_have_the_same_names_in_all_tables(study):
    rows = counted(study, id=["C1", "C2"], against=[2, 9], of=[40, 40])
    assert rows[0] == ({"claim_id": "C1"}, "contradicting", 2, 40.0, (0, 1))
    assert counted(study, group=["a", "b"], n=[2, 9])[0][1] == "respondents"


def test_a_table_with_groups_as_headings_is_one_of_codes_and_groups(study):
    rows = counted(study, code=["a", "b"], producer=[3, 4], user=[12, 9], all=[15, 13])
    assert [row[0] for row in rows[:3]] == [
        {"code": "a", "group": "producer"},
        {"code": "a", "group": "user"},
        {"code": "a", "group": "all"},
    ]
    assert [row[1:3] for row in rows[:3]] == [("respondents", 3), ("respondents", 12), ("respondents", 15)]


def test_totals_are_known_by_their_words(study):
    table = pd.DataFrame({"group": ["producer", "user", "Total (n)"], "respondents": [30, 12, 42]})
    about = declare(table, study, 5).about
    assert about.table["group"].tolist() == ["producer", "user", "all"]
    assert about.margins == ["group"]


def test_rows_that_no_words_tell_apart_are_counted_one_by_one(study):
    rows = counted(study, kind=["survey", "survey"], respondents=[3, 12])
    assert [row[0] for row in rows] == [{"kind": "survey", "row": "0"}, {"kind": "survey", "row": "1"}]


def test_a_part_of_a_whole_brings_its_own_base(study):
    assert counted(study, id=["C1", "C2"], said=["3 of 52", ""], other=["1,200 of 1,500", "5 of 9"]) == [
        ({"claim_id": "C1"}, "said", 3, 52.0, (0, 1)),
        ({"claim_id": "C1"}, "other", 1200, 1500.0, (0, 2)),
        ({"claim_id": "C2"}, "other", 5, 9.0, (1, 2)),
    ]


def test_a_count_that_is_not_defined_is_none(study):
    assert len(counted(study, code=["a", "b"], respondents=[12.0, float("nan")])) == 1


def test_a_table_that_counts_nobody_is_not_declared(study):
    about = declare(pd.DataFrame({"code": ["a"], "passages": [2]}), study, 5)
    assert (about.about, about.places, about.small) == (None, (), frozenset())


LEFT_OUT = {
    "claim_id": ["C1", "C1", "C1", "C1", "C2"],
    "variation": ["as it stands", "without kind", "without group", "by one coder alone", "as it stands"],
    "value": ["", "survey", "webinar", "AB", ""],
    "supporting": [27, 25, 26, 20, 8],
    "base": [90, 50, 87, 30, 90],
}


def test_those_who_are_left_out_are_counts_that_stand_nowhere(study):
    rows = counted(study, **LEFT_OUT)
    assert [(row[2], row[3], row[4]) for row in rows] == [
        (27, 90.0, (0, 3)),
        (25, 50.0, (1, 3)),
        (2, 40.0, None),
        (26, 87.0, (2, 3)),
        (1, 3.0, None),
        (20, 30.0, (3, 3)),
        (8, 90.0, (4, 3)),
    ]
    assert rows[2][0] == {"claim_id": "C1", "without kind survey": "these", "without group webinar": "all"}
    assert rows[5][0]["claim_id"] == "C1, by one coder alone AB"
    assert declare(pd.DataFrame(LEFT_OUT), study, 5).about.events["without group webinar"] == ("these",)


def test_of_a_hidden_count_those_who_are_left_out_are_hidden_too(study):
    hidden = LEFT_OUT | {"supporting": [27, "[c]", 26, 20, 8]}
    assert counted(study, **hidden)[2][2] == "[c]"


def test_what_is_more_without_something_was_counted_anew(study):
    more = pd.DataFrame(LEFT_OUT).assign(supporting=[27, 28, 26, 20, 8])
    assert declare(more, study, 5).about.table["claim_id"].tolist()[1] == "C1, without kind survey"


def test_a_table_of_one_claim_may_leave_things_out_too(study):
    one = pd.DataFrame(LEFT_OUT).drop(columns="claim_id").head(4)
    assert [key for key, *_ in counted(study, **one.to_dict("list"))][-1]["row"] == "by one coder alone AB"


def test_shares_without_counts_are_small_where_they_are_of_few(study):
    table = pd.DataFrame({"code": ["a", "b", "c"], "share": [0.3, 0.05, 0.0], "base": [40, 40, 40]})
    assert declare(table, study, 5).small == {(1, 1)}
    per_cent = pd.DataFrame({"code": ["a", "b"], "per_cent": ["30%", "5 %"], "base": [40, 40]})
    assert declare(per_cent, study, 5).small == {(1, 1)}
    of_hundred = pd.DataFrame({"code": ["a", "b"], "percentage": [30.0, 5.0], "base": [40, 40]})
    assert declare(of_hundred, study, 5).small == {(1, 1)}


def test_a_share_without_its_base_is_hidden(study):
    assert declare(pd.DataFrame({"code": ["a", "b"], "first_share": [0.3, 0.0]}), study, 5).small == {(0, 1)}


def test_shares_beside_counts_are_hidden_with_these(study):
    table = pd.DataFrame({"code": ["a"], "respondents": [3], "share": [0.05]})
    about = declare(table, study, 5)
    assert (about.small, about.beside((0, 1))) == (frozenset(), {(0, 2)})


def test_the_variables_may_be_those_of_another_release(study):
    table = pd.DataFrame({"kind": ["survey", "comment"], "wave": [1, 1], "respondents": [30, 12]})
    assert declare(table, study, 5, by=["kind", "wave", "gone"]).about.by == ["kind", "wave"]
