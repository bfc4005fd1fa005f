import numpy as np
import pandas as pd
import pytest

from engagement_lib.coding.counts import code_by_case, code_counts, code_matrix, code_overlaps, find_passages
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table

CODEBOOK = pd.DataFrame({"code": ["no-time", "money", "unused"], "theme": ["culture", "capability", ""]})
CASES = pd.DataFrame({"case_id": ["P1", "U1", "U2"], "group": ["producer", "user", "user"], "nation": ["Cymru", "", "England"]})


def segments(*rows):
    columns = ["source_id", "start", "end", "case_id", "kind", "role"]
    return pd.DataFrame(list(rows), columns=columns)


def codings(*rows):
    table = pd.DataFrame(list(rows), columns=["source_id", "start", "end", "code"])
    return table.assign(coding_id=[f"{n:02}" for n in range(len(table))], coder="AB")


TURNS = segments(
    ("P1", 0, 10, "", "interview", "interviewer"),
    ("P1", 10, 20, "P1", "interview", "participant"),
    ("P1", 20, 30, "P1", "interview", "participant"),
    ("U1", 0, 30, "U1", "survey", "participant"),
    ("U2", 0, 30, "U2", "survey", "participant"),
    ("W1", 0, 10, "W1/Ann", "webinar", "participant"),
    ("W1", 10, 20, "W1/Bob", "webinar", "participant"),
)
CODED = codings(
    ("P1", 12, 25, "no-time"),
    ("P1", 22, 28, "no-time"),
    ("P1", 0, 10, "money"),
    ("U1", 0, 5, "no-time"),
    ("W1", 0, 5, "money"),
    ("W1", 12, 15, "money"),
    ("U2", 0, 5, "not in the book"),
)


def test_codes_are_counted_by_respondent_and_unused_ones_stay():
    expected = pd.DataFrame(
        [("no-time", "culture", 3, 3, 2, 2, 4, 0.5, ""), ("money", "capability", 2, 2, 1, 1, 4, 0.25, ""),
         ("unused", "", 0, 0, 0, 0, 4, 0.0, "")],
        columns=["code", "theme", "codings", "segments", "sources", "respondents", "base", "share", "reason"],
    ).astype({"code": "str", "theme": "str", "reason": "str"})  # fmt: skip
    pd.testing.assert_frame_equal(code_counts(CODED, TURNS, CODEBOOK), expected)


def test_counts_do_not_care_for_the_order_of_rows():
    shuffled = code_counts(CODED.iloc[::-1], TURNS.sample(frac=1, random_state=3), CODEBOOK)
    pd.testing.assert_frame_equal(shuffled, code_counts(CODED, TURNS, CODEBOOK))


def test_without_a_participant_the_share_is_undefined_and_says_why():
    counts = code_counts(CODED, TURNS.head(1), CODEBOOK)
    assert counts["base"].tolist() == [0, 0, 0]
    assert counts["share"].isna().all()
    assert set(counts["reason"]) == {"no participant in the segments"}


def test_empty_tables_are_counted_as_nothing_in_the_same_types():
    nothing = code_counts(empty_table("codings"), empty_table("segments"), empty_table("codebook"))
    assert nothing.empty
    assert nothing.dtypes.tolist() == code_counts(CODED, TURNS, CODEBOOK).dtypes.tolist()


def test_the_matrix_says_which_segment_has_which_code():
    matrix = code_matrix(CODED, TURNS, CODEBOOK)
    assert list(matrix.columns) == ["no-time", "money", "unused"]
    assert matrix.index.names == ["source_id", "start", "end"]
    assert matrix.index.tolist() == list(TURNS[["source_id", "start", "end"]].itertuples(index=False, name=None))
    expected = [(0, 1, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 1, 0)]
    assert matrix.to_numpy().tolist() == [[bool(has) for has in row] for row in expected]


def test_a_turn_and_the_sentences_within_it_each_have_the_code():
    nested = segments(
        *(("P1", start, end, "P1", "interview", "participant") for start, end in [(0, 90), (0, 30), (30, 60), (60, 90)])
    )
    matrix = code_matrix(codings(("P1", 70, 80, "money")), nested, CODEBOOK)
    assert matrix["money"].tolist() == [True, False, False, True]


def test_the_matrix_of_nothing_has_its_columns():
    matrix = code_matrix(empty_table("codings"), empty_table("segments"), CODEBOOK)
    assert matrix.shape == (0, 3)
    assert set(matrix.dtypes) == {np.dtype(bool)}


def test_two_codes_overlap_in_passages_and_sources_with_zeros_for_the_rest():
    coded = codings(
        ("P1", 0, 10, "money"), ("P1", 5, 8, "no-time"), ("P1", 9, 12, "no-time"), ("P1", 10, 12, "money"),
        ("U1", 0, 4, "no-time"), ("U1", 3, 9, "money"), ("U2", 0, 4, "no-time"), ("U2", 4, 9, "money"), ("U2", 0, 9, "?"),
    )  # fmt: skip
    expected = pd.DataFrame(
        [("no-time", "money", 4, 2), ("no-time", "unused", 0, 0), ("money", "unused", 0, 0)],
        columns=["code", "other", "passages", "sources"],
    ).astype({"code": "str", "other": "str"})
    pd.testing.assert_frame_equal(code_overlaps(coded, CODEBOOK), expected)


def test_one_code_has_no_other_to_overlap_with():
    overlaps = code_overlaps(CODED, CODEBOOK.head(1))
    assert overlaps.dtypes.astype(str).to_dict() == {"code": "str", "other": "str", "passages": "int64", "sources": "int64"}
    assert overlaps.empty


def test_codes_lie_inside_others_at_the_same_place_or_near_by_as_asked():
    coded = codings(
        (*at("Time. Always time."), "a"), (*at("Always"), "b"), (*at("Time. Always"), "b"), (*at("money"), "b"),
        (*at("Time. Always time."), "c"), (*at("stops"), "c"), (*at("Always"), "?"),
    )  # fmt: skip
    book = pd.DataFrame({"code": ["a", "b", "c"]})

    def pairs(relation, **options):
        table = code_overlaps(coded, book, relation=relation, **options)
        return table[["code", "other", "passages"]].to_numpy().tolist()

    assert pairs("inside") == [["a", "b", 0], ["a", "c", 0], ["b", "a", 2], ["b", "c", 2], ["c", "a", 0], ["c", "b", 0]]
    assert pairs("equal") == [["a", "b", 0], ["a", "c", 1], ["b", "c", 0]]
    assert pairs("near", words=1, sources=INTERVIEW) == [["a", "b", 1], ["a", "c", 1], ["b", "c", 2]]
    assert pairs("near", words=0, sources=INTERVIEW) == [["a", "b", 0], ["a", "c", 0], ["b", "c", 0]]


def test_the_unused_codes_of_a_codebook_are_counted_by_group_in_its_order():
    table = code_by_case(CODED, TURNS, CASES, "kind", codebook=CODEBOOK)
    assert list(dict.fromkeys(table["code"])) == ["no-time", "money", "unused"]
    assert table.loc[table["code"] == "unused", "respondents"].tolist() == [0, 0, 0]


def test_codes_by_group_put_the_webinar_apart_and_every_value_has_its_base():
    table = code_by_case(CODED[CODED["code"] != "not in the book"], TURNS, CASES, "group")
    expected = pd.DataFrame(
        [("money", "producer", 0, 1, 0.0), ("money", "user", 0, 2, 0.0), ("money", "webinar", 1, 1, 1.0),
         ("no-time", "producer", 1, 1, 1.0), ("no-time", "user", 1, 2, 0.5), ("no-time", "webinar", 0, 1, 0.0)],
        columns=["code", "value", "respondents", "base", "share"],
    ).astype({"code": "str", "value": "str"})  # fmt: skip
    pd.testing.assert_frame_equal(table, expected)


def test_who_says_nothing_or_has_no_row_is_not_stated():
    table = code_by_case(CODED[CODED["code"] == "no-time"], TURNS, CASES, "nation")
    assert table[["value", "respondents", "base"]].to_numpy().tolist() == [
        ["Cymru", 1, 1],
        ["England", 0, 1],
        ["not stated", 1, 2],
    ]


def test_codes_may_be_counted_by_kind_of_source():
    table = code_by_case(CODED[CODED["code"] == "no-time"], TURNS, CASES, "kind")
    assert table[["value", "respondents", "base"]].to_numpy().tolist() == [
        ["interview", 1, 1],
        ["survey", 1, 2],
        ["webinar", 0, 1],
    ]


@pytest.mark.parametrize(("variable", "remedy"), [("nations", "Did you mean 'nation'?"), ("x", "Mend its name, or add a column")])
def test_a_variable_that_the_cases_lack_is_named(variable, remedy):
    with pytest.raises(TableError) as error:
        code_by_case(CODED, TURNS, CASES, variable)
    assert f"no variable '{variable}'; expected one of kind, wave, group, nation. {remedy}" in str(error.value)


def test_codes_of_nobody_give_no_rows():
    table = code_by_case(empty_table("codings"), empty_table("segments"), empty_table("cases"), "group")
    assert table.empty
    assert table.dtypes.astype(str).to_dict() == {
        "code": "str", "value": "str", "respondents": "int64", "base": "int64", "share": "float64"
    }  # fmt: skip


SOURCES = pd.DataFrame(
    {"source_id": ["U1", "P1"], "kind": ["survey", "survey"], "text": ["Dim amser 🕰️ o gwbl.", "No time at all"]}
)


def test_passages_come_by_place_with_their_context():
    coded = codings(("U1", 4, 9, "no-time"), ("P1", 3, 7, "no-time"), ("P1", 0, 2, "money"), ("gone", 0, 2, "no-time"))
    found = find_passages(coded, SOURCES, "no-time", context=4)
    expected = pd.DataFrame(
        [("01", "P1", 3, 7, "no-time", "AB", "", "", "participant", "No ", "time", " at "),
         ("00", "U1", 4, 9, "no-time", "AB", "", "", "participant", "Dim ", "amser", " 🕰️ ")],
        columns=["coding_id", "source_id", "start", "end", "code", "coder", "case_id", "speaker", "role", "left", "quote",
                 "right"],
    )  # fmt: skip
    expected = expected.astype({name: "str" for name in expected.columns if name not in ("start", "end")})
    pd.testing.assert_frame_equal(found, expected)


TALK = "Helen [interviewer]\nWhat stops you?\n\nP1 [participant]\nTime. Always time.\n\n[participant]\nAnd money."
INTERVIEW = pd.DataFrame(
    {
        "source_id": ["P1", "W1"],
        "case_id": ["P1", ""],
        "kind": ["interview", "webinar"],
        "text": [TALK, TALK.replace("P1", "Ann")],
    }
)


def at(words, source="P1"):
    begin = INTERVIEW.set_index("source_id").loc[source, "text"].index(words)
    return source, begin, begin + len(words)


def test_a_passage_belongs_to_whoever_says_most_of_it():
    coded = codings((*at("you?\n\nP1 [participant]\nTime."), "a"), (*at("stops you?\n\nP1"), "a"), (*at("[interviewer]"), "a"))
    found = find_passages(coded, INTERVIEW, "a")
    assert found[["case_id", "speaker", "role"]].to_numpy().tolist() == [
        ["", "", ""],
        ["", "Helen", "interviewer"],
        ["P1", "P1", "participant"],
    ]


def test_the_variables_of_the_cases_stand_beside_a_passage():
    coded = codings((*at("Time"), "a"), (*at("Time", "W1"), "a"), (*at("Helen"), "a"))
    found = find_passages(coded, INTERVIEW, "a", cases=CASES)
    assert list(found.columns[-2:]) == ["group", "nation"]
    assert found[["case_id", "group", "nation"]].to_numpy().tolist() == [
        ["", "not stated", "not stated"],
        ["P1", "producer", "Cymru"],
        ["W1/Ann", "webinar", "not stated"],
    ]


def test_passages_of_several_codes_come_together():
    coded = codings((*at("money"), "b"), (*at("Time"), "a"), (*at("Time"), "c"))
    assert find_passages(coded, INTERVIEW, ["a", "b"])["code"].tolist() == ["a", "b"]


def test_a_code_without_a_passage_gives_an_empty_table():
    found = find_passages(CODED, SOURCES, "unused")
    assert found.empty
    assert found.dtypes.astype(str)[["start", "left"]].tolist() == ["int64", "str"]


def test_the_values_of_a_scale_come_in_its_order():
    turns = pd.DataFrame({"source_id": ["A", "B", "C"], "start": 0, "end": 9, "case_id": ["A", "B", "C"], "role": "participant"})
    codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["A"], "start": [2], "end": [5], "code": ["time"], "coder": ["AB"]})
    cases = pd.DataFrame({"case_id": ["A", "B", "C"], "frequency": ["daily", "rarely", ""]})
    for scale in (("rarely", "weekly", "daily"), ("daily", "rarely")):
        table = code_by_case(codings, turns, cases, "frequency", scale=scale)
        assert table["value"].tolist() == [*(value for value in scale if value != "weekly"), "not stated"]
