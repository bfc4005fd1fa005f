import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.privacy.release import CountTable, check_release

CODES = pd.DataFrame({"code": ["jargon", "no-time"], "respondents": [12, 3], "base": [40, 40]})


def reasons(tables, audience="working-group", **options):
    return check_release(tables, audience=audience, **options)[["table", "cell", "column", "reason"]].to_numpy().tolist()


def test_a_small_count_that_is_shown_is_a_reason():
    assert reasons({"Codes": CODES}) == [
        ["Codes", "code no-time", "respondents", "shown, and must be hidden: fewer than 5 people"]
    ]


def test_for_the_team_there_is_none():
    assert check_release({"Codes": CODES}, audience="team").columns.tolist() == [
        "table", "row", "cell", "column", "reason", "remedy"
    ]  # fmt: skip
    assert reasons({"Codes": CODES}, "team") == []


def test_the_public_needs_more():
    assert len(reasons({"Codes": CODES.assign(respondents=[9, 9])}, "public")) == 2
    assert reasons({"Codes": CODES.assign(respondents=[9, 9])}, smallest=9) == []


def test_a_hidden_count_is_none():
    hidden = CODES.astype({"respondents": object})
    hidden.loc[1, "respondents"] = "[c]"
    assert reasons({"Codes": hidden}) == []


def test_a_hidden_count_that_another_table_tells_is_one():
    by_group = pd.DataFrame(
        {"group": ["producer", "user"], "respondents": pd.Series([20, "[c]"], dtype=object), "base": [60, 40]}
    )
    in_all = pd.DataFrame({"respondents": [23], "base": [100]})
    found = reasons({"By group": by_group, "In all": in_all})
    assert [row[:3] for row in found] == [["By group", "group user", "respondents"]]


def test_what_is_made_from_a_hidden_count_is_one():
    table = CODES.astype({"respondents": object}).assign(share=[0.3, 0.075])
    table.loc[1, "respondents"] = "[c]"
    assert [row[2] for row in reasons({"Codes": CountTable(table, derived={"share": ["respondents"]})})] == ["share"]


@pytest.mark.parametrize("values", [[3, 12], [3.0, 12.0]])
def test_whole_numbers_that_nobody_declared_are_one(values):
    table = pd.DataFrame({"code": ["a", "b"], "producer": values})
    assert reasons({"By group": table}) == [["By group", "", "producer", "nobody has said whether it counts people"]]


@pytest.mark.parametrize(
    ("name", "values"),
    [("yes", [True, False]), ("share", [0.5, 0.25]), ("words", ["a", "b"]), ("passages", [3, 4]), ("flag", [0.0, 1.0])],
)
def test_other_columns_are_none(name, values):
    assert reasons({"Codes": pd.DataFrame({"code": ["a", "b"], name: values})}) == []


def test_a_table_that_cannot_be_read_is_one():
    twice = pd.DataFrame({"code": ["a", "a"], "respondents": [12, 13]})
    assert "a second time" in reasons({"Codes": twice})[0][3]


def test_beside_the_last_release_a_small_move_is_one():
    now = CODES.head(1).assign(respondents=[14], base=[42])
    found = reasons({"Codes": now}, last_release={"Codes": CODES.head(1), "Gone": CODES})
    assert [row[:3] for row in found] == [["Codes", "code jargon", "respondents"]]


def test_an_audience_that_does_not_exist_is_an_error():
    with pytest.raises(TableError, match=r"'press'.*one of working-group, public, team"):
        check_release({}, audience="press")
