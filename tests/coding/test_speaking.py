import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.coding.speaking import who_speaks
from engagement_lib.tables import empty_table

CASES = pd.DataFrame({"case_id": ["P1", "S1"], "group": ["producer", "user"], "nation": ["Cymru", ""]})
P1 = "No time at all. None."
ANSWER = "  Money, money"
ANN = "Hello to everybody"
ROWS = [
    ("P1", 0, "", "interview", "interviewer", "", "Why is that?"),
    ("P1", 20, "P1", "interview", "participant", "", P1),
    ("P1", 60, "P1", "interview", "participant", "", " "),
    ("S1/a", 0, "S1", "survey", "participant", "gaps", ANSWER),
    ("S1/b", 0, "S1", "survey", "participant", "wish", "Time"),
    ("W1", 0, "W1/Ann", "webinar", "participant", "", ANN),
]
TURNS = pd.DataFrame(ROWS, columns=["source_id", "start", "case_id", "kind", "role", "question", "quote"])
TURNS["end"] = TURNS["start"] + TURNS["quote"].str.len()


def codings(*rows):
    table = pd.DataFrame(list(rows), columns=["source_id", "start", "end", "code"])
    return table.assign(coding_id=[str(n) for n in range(len(table))], coder="AB")


def told(table):
    return table[["respondent", "about", "words", "turns", "base", "share"]].to_numpy().tolist()


def test_words_are_counted_by_question_and_by_kind_where_nothing_was_asked():
    table = who_speaks(TURNS, CASES)
    assert told(table) == [
        ["P1", "interview", 5, 1, 5, 1.0],
        ["S1", "gaps", 2, 1, 3, 2 / 3],
        ["S1", "wish", 1, 1, 3, 1 / 3],
        ["W1", "webinar", 3, 1, 3, 1.0],
    ]
    assert table[["kind", "group", "nation"]].to_numpy().tolist() == [
        ["interview", "producer", "Cymru"],
        ["survey", "user", "not stated"],
        ["survey", "user", "not stated"],
        ["webinar", "webinar", "not stated"],
    ]


def test_words_are_counted_by_code_with_zeros_for_those_who_say_nothing_about_it():
    table = who_speaks(TURNS, CASES, codings=codings(("P1", 20, 27, "time"), ("S1/b", 0, 4, "time"), ("P1", 0, 3, "time")))
    assert told(table) == [["P1", "time", 2, 1, 5, 0.4], ["S1", "time", 1, 1, 3, 1 / 3], ["W1", "time", 0, 0, 3, 0.0]]


def test_words_under_two_codings_of_one_code_are_counted_once():
    table = who_speaks(TURNS, CASES, codings=codings(("P1", 20, 30, "time"), ("P1", 23, 34, "time")))
    assert table["words"].tolist() == [4, 0, 0]
    assert table["turns"].tolist() == [1, 0, 0]


def test_a_word_counts_where_it_begins():
    table = who_speaks(TURNS, CASES, codings=codings(("P1", 21, 24, "time")))
    assert table["words"].tolist()[0] == 1


def test_codes_come_in_the_order_of_the_codebook_unused_ones_too():
    table = who_speaks(TURNS, CASES, codings=codings(("P1", 20, 27, "time")), codebook=pd.DataFrame({"code": ["z", "time"]}))
    assert table["about"].tolist() == ["z", "time"] * 3


def test_who_speaks_in_sources_of_two_kinds_has_both():
    both = pd.concat([TURNS.iloc[[1]], TURNS.iloc[[3]].assign(case_id="P1")])
    assert set(who_speaks(both, CASES)["kind"]) == {"interview+survey"}


def test_empty_tables_give_no_rows_with_all_columns():
    for options in (
        {},
        {"codings": empty_table("codings")},
        {"codings": empty_table("codings"), "codebook": empty_table("codebook")},
    ):
        table = who_speaks(empty_table("segments"), empty_table("cases"), **options)
        assert table.dtypes.astype(str).to_dict() == {
            "respondent": "str", "about": "str", "words": "int64", "turns": "int64", "base": "int64", "share": "float64",
            "kind": "str", "group": "str",
        }  # fmt: skip
        assert table.empty


SPANS = st.lists(st.tuples(st.integers(0, 25), st.integers(1, 12)), max_size=4)


@settings(max_examples=60)
@given(SPANS)
def test_nobody_speaks_more_about_something_than_at_all(spans):
    table = who_speaks(TURNS, CASES, codings=codings(*(("P1", 20 + start, 20 + start + length, "a") for start, length in spans)))
    assert ((table["words"] <= table["base"]) & (table["share"] <= 1)).all()


def test_the_order_of_rows_does_not_matter():
    coded = codings(("P1", 20, 27, "time"), ("S1/b", 0, 4, "time"))
    pd.testing.assert_frame_equal(
        who_speaks(TURNS.iloc[::-1], CASES.iloc[::-1], codings=coded.iloc[::-1]), who_speaks(TURNS, CASES, codings=coded)
    )
