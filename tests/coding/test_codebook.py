import pandas as pd
import pytest

from engagement_lib.coding.codebook import check_codebook, codebook_tree
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table


def codebook(*rows):
    full = {"definition": "", "include": "When.", "exclude": "When not.", "example": "“So.”"}
    return pd.DataFrame([full | {"definition": f"Only {row['code']} means this"} | row for row in rows])


def faults(*rows):
    with pytest.raises(TableError) as error:
        check_codebook(codebook(*rows))
    return [[problem.place, problem.found] for problem in error.value.problems]


def test_a_codebook_that_can_be_used_comes_back_as_it_was_given():
    table = codebook({"code": "habit"}, {"code": "phone", "parent": "habit", "mine": "kept"})
    before = table.copy()
    assert check_codebook(table) is table
    pd.testing.assert_frame_equal(table, before)


def test_an_empty_codebook_can_be_used():
    assert check_codebook(empty_table("codebook")).empty


def test_a_parent_that_is_no_code_is_refused():
    assert faults({"code": "phone", "parent": "contact"}) == [["code 'phone'", "its parent 'contact' is not in the codebook"]]


def test_codes_that_are_their_own_parents_are_refused_and_a_child_of_theirs_is_not():
    rows = [
        {"code": "a", "parent": "b"},
        {"code": "b", "parent": "a"},
        {"code": "c", "parent": "b"},
        {"code": "d", "parent": "d"},
    ]
    assert faults(*rows) == [[f"code '{code}'", "it is among its own parents"] for code in "abd"]


def test_a_code_that_comes_twice_is_refused():
    with pytest.raises(TableError, match="code 'a' a second time"):
        check_codebook(codebook({"code": "a"}, {"code": "a"}))


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
