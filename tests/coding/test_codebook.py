import pandas as pd
import pytest

from engagement_lib.coding.codebook import check_codebook, codebook_tree
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table


def codebook(*rows):
    full = {"definition": "", "include": "When.", "exclude": "When not.", "example": "“So.”"}
    return pd.DataFrame([full | {"definition": f"Only {row['code']} means this"} | row for row in rows])


def doubts(*rows):
    return check_codebook(codebook(*rows)).to_numpy().tolist()


def test_a_codebook_that_says_all_gives_no_doubt():
    table = check_codebook(codebook({"code": "habit"}, {"code": "phone", "parent": "habit"}))
    assert table.empty
    assert list(table.columns) == ["code", "doubt"]
    assert table.dtypes.astype(str).tolist() == ["str", "str"]


def test_an_empty_codebook_gives_no_doubt():
    assert check_codebook(empty_table("codebook")).empty


def test_what_a_code_does_not_say_is_a_doubt_each():
    assert doubts({"code": "amser", "definition": " ", "include": "", "exclude": "", "example": ""}) == [
        ["amser", "no definition"],
        ["amser", "nothing said of what to include"],
        ["amser", "nothing said of what to exclude"],
        ["amser", "no example"],
    ]


def test_a_parent_that_is_no_code_is_a_doubt():
    assert doubts({"code": "phone", "parent": "contact"}) == [["phone", "its parent 'contact' is not in the codebook"]]


def test_codes_that_are_their_own_parents_are_doubts_and_a_child_of_theirs_is_not():
    rows = [
        {"code": "a", "parent": "b"},
        {"code": "b", "parent": "a"},
        {"code": "c", "parent": "b"},
        {"code": "d", "parent": "d"},
    ]
    assert doubts(*rows) == [[code, "it is among its own parents"] for code in "abd"]


def test_names_that_differ_in_capitals_alone_are_a_doubt():
    assert doubts({"code": "no-time"}, {"code": "No-Time", "definition": "Else."}) == [
        ["No-Time", "its name differs from 'no-time' in capitals alone"]
    ]


def test_definitions_with_seven_words_of_ten_in_common_are_nearly_alike():
    one = "one two three four five six seven eight"
    rows = [{"code": "a", "definition": one + " nine"}, {"code": "b", "definition": "One two three, four five six seven ten."}]
    assert doubts(*rows) == [["b", "its definition is nearly that of 'a' (70% of their words are the same)"]]


def test_definitions_with_fewer_words_in_common_are_not_and_neither_are_two_blank_ones():
    rows = [{"code": "a", "definition": "one two three"}, {"code": "b", "definition": "one two four"}]
    assert doubts(*rows) == []
    blank = [{"code": "c", "definition": ""}, {"code": "d", "definition": ""}]
    assert doubts(*blank) == [["c", "no definition"], ["d", "no definition"]]


def test_doubts_come_in_the_order_of_the_codes():
    rows = [{"code": "z", "example": ""}, {"code": "a", "example": "", "parent": "q"}, {"code": "Z", "definition": "Else."}]
    assert [code for code, _ in doubts(*rows)] == ["z", "a", "a", "Z"]


def test_the_tree_puts_children_below_their_parents():
    codes = codebook(
        {"code": "phone", "parent": "contact"}, {"code": "habit"}, {"code": "contact"}, {"code": "office", "parent": "phone"},
        {"code": "e-mail", "parent": "contact"},
    )  # fmt: skip
    expected = pd.DataFrame(
        [
            ("habit", "", 0, "habit"),
            ("contact", "", 0, "contact"),
            ("phone", "contact", 1, "contact / phone"),
            ("office", "phone", 2, "contact / phone / office"),
            ("e-mail", "contact", 1, "contact / e-mail"),
        ],
        columns=["code", "parent", "depth", "path"],
    ).astype({"code": "str", "parent": "str", "depth": "int64", "path": "str"})
    pd.testing.assert_frame_equal(codebook_tree(codes), expected)


def test_the_tree_of_no_codes_has_its_columns():
    tree = codebook_tree(empty_table("codebook"))
    assert tree.dtypes.astype(str).to_dict() == {"code": "str", "parent": "str", "depth": "int64", "path": "str"}


def test_there_is_no_tree_of_codes_whose_parents_are_missing_or_go_round():
    rows = codebook({"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}, {"code": "c", "parent": "x"})
    with pytest.raises(TableError) as error:
        codebook_tree(rows)
    assert [problem.place for problem in error.value.problems] == ["code 'a'", "code 'b'", "code 'c'"]
