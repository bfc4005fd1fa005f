import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.coding.codebook_doubts import codebook_doubts, cosines_of
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table

WORDS = ["amber", "birch", "cedar", "dunes", "ember", "fjord", "grove", "heath", "inlet", "jetty"]


def codebook(*rows):
    """Codes of which all is said, each with a definition of its own, but for what a row says."""
    full = {"include": "When.", "exclude": "When not.", "example": "So.", "counter_evidence": "Not so."}
    return pd.DataFrame([full | {"definition": WORDS[at]} | row for at, row in enumerate(rows)])


def coded(*rows):
    table = pd.DataFrame(list(rows), columns=["source_id", "code", "coder"])
    return table.assign(coding_id=[str(n) for n in range(len(table))], start=0, end=4)


def answers(**said):
    return pd.DataFrame({"source_id": list(said), "case_id": list(said), "kind": "survey", "text": list(said.values())})


def doubts(*rows, **options):
    return codebook_doubts(codebook(*rows), **options)[["severity", "code", "doubt"]].to_numpy().tolist()


def test_a_codebook_that_says_all_gives_no_doubt():
    table = codebook_doubts(codebook({"code": "habit"}, {"code": "phone", "parent": "habit"}))
    assert table.empty
    assert table.dtypes.astype(str).to_dict() == {
        "severity": "str", "code": "str", "doubt": "str", "other": "str", "measure": "float64"
    }  # fmt: skip


def test_empty_tables_give_no_doubt():
    empty = {name: empty_table(name) for name in ("codings", "sources", "readings")}
    assert codebook_doubts(empty_table("codebook"), **empty).empty


def test_what_a_code_does_not_say_is_a_doubt_each_the_worst_first():
    blank = {"definition": " ", "include": "", "exclude": "", "example": "", "counter_evidence": ""}
    assert doubts({"code": "amser"} | blank) == [
        ["serious", "amser", "no definition"],
        ["moderate", "amser", "nothing said of what to exclude"],
        ["slight", "amser", "no counter-example: nothing said of what would speak against it"],
        ["slight", "amser", "no example"],
        ["slight", "amser", "nothing said of what to include"],
    ]


def test_faults_of_the_tree_and_names_that_differ_in_capitals_alone_are_serious():
    table = codebook_doubts(codebook({"code": "no-time", "parent": "x"}, {"code": "No-Time"}, {"code": "d", "parent": "d"}))
    assert table[["severity", "code", "doubt", "other"]].to_numpy().tolist() == [
        ["serious", "no-time", "its parent 'x' is not in the codebook", "x"],
        ["serious", "No-Time", "its name differs from 'no-time' in capitals alone", "no-time"],
        ["serious", "d", "it is among its own parents", "d"],
    ]


def test_definitions_that_are_much_alike_are_named_as_a_pair_with_their_cosine():
    rows = [{"code": "a", "definition": "Too few hours"}, {"code": "b", "definition": "Too few, hours!"}, {"code": "c"}]
    (row,) = codebook_doubts(codebook(*rows)).to_numpy().tolist()
    assert row == ["serious", "b", "its definition is much like that of 'a' (cosine 1.00)", "a", pytest.approx(1)]


def test_how_alike_definitions_may_be_can_be_said():
    rows = [{"code": "a", "definition": "no time for users"}, {"code": "b", "definition": "no money for users"}]
    cosine = cosines_of([row["definition"] for row in rows])[0, 1]
    assert len(doubts(*rows, alike=cosine)) == 1
    assert doubts(*rows, alike=cosine + 1e-9) == []


def test_cosines_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["Too few hours for users", "too few, far too few people", "Money", "", "hours and hours"]
    vectors = TfidfVectorizer(tokenizer=re.compile(r"\w+").findall, token_pattern=None).fit_transform(texts)
    np.testing.assert_allclose(cosines_of(texts), (vectors @ vectors.T).toarray(), atol=1e-12)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=5))
def test_likeness_goes_both_ways_and_lies_from_0_to_1(texts):
    cosines = cosines_of(texts)
    np.testing.assert_allclose(cosines, cosines.T)
    assert ((cosines >= 0) & (cosines <= 1 + 1e-9)).all()
    assert np.diag(cosines).tolist() == pytest.approx([float(bool(text)) for text in texts])


def test_a_code_that_no_person_used_is_a_doubt_unless_others_hang_below_it():
    codings = coded(("S1", "used", "AB"), ("S1", "unused", "pattern")).assign(layer=["independent", "rule"])
    rows = [{"code": "unused"}, {"code": "used", "parent": "heading"}, {"code": "heading"}]
    assert doubts(*rows, codings=codings) == [["slight", "unused", "nobody has used it"]]


BOTH = pd.DataFrame({"source_id": ["S1", "S1", "S2"], "coder": ["AB", "CD", "AB"], "finished": "2020-10-02"})


def test_a_code_that_one_coder_alone_gives_where_another_read_too_is_a_doubt():
    codings = coded(*[("S1", "a", "AB")] * 3, *[("S2", "b", "AB")] * 3, *[("S1", "c", "AB")] * 2, ("S1", "d", "AB"),
                    *[("S1", "d", "CD")] * 2)  # fmt: skip
    rows = [{"code": code} for code in "abcd"]
    expected = ["moderate", "a", "only 'AB' gives it, 3 times, in sources that another coder has read"]
    assert doubts(*rows, codings=codings, readings=BOTH) == [expected]
    assert doubts(*rows, codings=codings) == [expected]
    assert doubts(*rows, codings=codings, readings=BOTH.assign(finished=["2020-10-02", "", "2020-10-02"])) == []


def test_the_consensus_is_no_second_coder():
    codings = coded(*[("S1", "a", "AB")] * 3)
    assert doubts({"code": "a"}, codings=codings, readings=BOTH.assign(coder=["AB", "consensus", "AB"])) == []


def test_a_code_that_more_than_half_of_the_respondents_with_any_have_is_over_used():
    codings = coded(("S1", "a", "AB"), ("S2", "a", "CD"), ("S2", "b", "CD"), ("S3", "b", "AB"), ("S3", "a", "AB"))
    sources = answers(S1="So. One", S2="Two.", S3="Three", S4="Uncoded")
    table = codebook_doubts(codebook({"code": "a"}, {"code": "b"}), codings=codings, sources=sources)
    assert table.to_numpy().tolist() == [
        ["moderate", "a", "3 of the 3 respondents who have any code have it: it may hold more than one thing", "", 1.0],
        ["moderate", "b", "2 of the 3 respondents who have any code have it: it may hold more than one thing", "", 2 / 3],
    ]
    assert len(codebook_doubts(codebook({"code": "a"}, {"code": "b"}), codings=codings, sources=sources, over_used=2 / 3)) == 1


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("“We’ve no time…”", True),
        ("we've  NO time", True),
        ("We've no time … release week", True),
        ("release week\nno time", True),
        ("We have no time", False),
        ("We've no time … ever", False),
        ("Who asks", False),
        ("…", True),
    ],
)
def test_an_example_that_no_participant_said_is_a_slight_doubt(example, said):
    talk = "Helen [interviewer]\nWho asks?\n\nP01 [participant]\nHonestly, we've no time – it is release week."
    sources = pd.DataFrame({"source_id": ["P01"], "case_id": ["P01"], "kind": ["interview"], "text": [talk]})
    found = doubts({"code": "a", "example": example}, sources=sources)
    assert found == ([] if said else [["slight", "a", "no participant said its example in these words"]])


def test_doubts_come_by_severity_and_then_in_the_order_of_the_codes():
    rows = [
        {"code": "z", "example": ""},
        {"code": "a", "exclude": ""},
        {"code": "m", "definition": ""},
        {"code": "b", "include": ""},
    ]
    assert [code for _, code, _ in doubts(*rows)] == ["m", "a", "z", "b"]


def test_a_code_that_the_codebook_lacks_comes_last():
    codings = coded(*[("S1", "gone", "AB")] * 3)
    found = doubts({"code": "a", "exclude": ""}, codings=codings, readings=BOTH)
    assert [code for _, code, _ in found] == ["a", "gone", "a"]


def test_what_is_no_codebook_is_refused():
    with pytest.raises(TableError, match="code 'a' a second time"):
        codebook_doubts(codebook({"code": "a"}, {"code": "a"}))


def test_the_tables_given_are_not_changed():
    tables = {"codings": coded(("S1", "a", "AB")), "sources": answers(S1="So."), "readings": BOTH.copy()}
    before = {name: table.copy() for name, table in tables.items()}
    codebook_doubts(codebook({"code": "a"}), **tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
