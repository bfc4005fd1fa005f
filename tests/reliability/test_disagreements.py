import pandas as pd
from pandas.testing import assert_frame_equal

from engagement_lib.reliability.disagreements import disagreements
from engagement_lib.tables import check_table, empty_table

CODEBOOK = check_table("codebook", pd.DataFrame({"code": ["no-time", "jargon"]}))
SEGMENTS = pd.DataFrame(
    [
        ("I1", 0, 10, "P1", "participant", "No time."),
        ("I1", 11, 20, "", "interviewer", "Why?"),
        ("I1", 21, 30, "P1", "participant", "We are two."),
        ("I1", 31, 40, "P1", "participant", "And jargon."),
    ],
    columns=["source_id", "start", "end", "case_id", "role", "quote"],
)
CODINGS = pd.DataFrame(
    [
        ("I1", 0, 5, "no-time", "AB", ""),
        ("I1", 0, 5, "no-time", "CD", ""),
        ("I1", 21, 25, "no-time", "CD", "two of them"),
        ("I1", 31, 35, "jargon", "AB", "the word itself"),
        ("I1", 31, 35, "no-time", "EF", ""),
    ],
    columns=["source_id", "start", "end", "code", "coder", "memo"],
).assign(coding_id=list("12345"))


def test_the_worst_code_comes_first_with_who_gave_it_and_who_did_not():
    columns = ["start", "code", "coders_with", "coders_without"]
    assert disagreements(CODINGS, SEGMENTS, CODEBOOK)[columns].to_numpy().tolist() == [
        [31, "jargon", "AB", "CD, EF"],
        [0, "no-time", "AB, CD", "EF"],
        [21, "no-time", "CD", "AB, EF"],
        [31, "no-time", "EF", "AB, CD"],
    ]


def test_each_coders_codes_and_memos_stand_beside_the_words_around():
    row = disagreements(CODINGS, SEGMENTS, CODEBOOK).loc[2]
    assert row[["codes", "memos", "before", "quote", "after"]].tolist() == [
        "AB: nothing; CD: no-time; EF: nothing",
        "CD on no-time: two of them",
        "Why?",
        "We are two.",
        "And jargon.",
    ]


def test_what_a_coder_has_not_read_is_not_held_against_him():
    read = [("I1", "AB", "yes"), ("I1", "CD", "yes"), ("I2", "EF", "yes")]
    readings = pd.DataFrame(read, columns=["source_id", "coder", "finished"])
    said = disagreements(CODINGS, SEGMENTS, CODEBOOK, readings=readings)
    assert said["codes"].tolist() == ["AB: jargon; CD: nothing", "AB: nothing; CD: no-time"]
    elsewhere = pd.concat([readings, pd.DataFrame([("I2", "AB", "yes")], columns=readings.columns)])
    segments = pd.concat([SEGMENTS, SEGMENTS.head(1).assign(source_id="I2")])
    assert disagreements(CODINGS, segments, CODEBOOK, readings=elsewhere)["codes"].tolist() == said["codes"].tolist()


def test_coders_who_agree_leave_nothing_to_discuss():
    assert disagreements(CODINGS[:2], SEGMENTS, CODEBOOK).empty


def test_empty_tables_give_an_empty_table_of_the_same_types():
    table = disagreements(empty_table("codings"), empty_table("segments"), CODEBOOK)
    assert table.dtypes.to_dict() == disagreements(CODINGS, SEGMENTS, CODEBOOK).dtypes.to_dict()


def test_neither_the_order_of_rows_nor_the_call_changes_anything():
    before = CODINGS.copy(), SEGMENTS.copy()
    table = disagreements(CODINGS, SEGMENTS, CODEBOOK)
    assert_frame_equal(disagreements(CODINGS[::-1], SEGMENTS[::-1], CODEBOOK), table)
    assert_frame_equal(CODINGS, before[0])
    assert_frame_equal(SEGMENTS, before[1])
