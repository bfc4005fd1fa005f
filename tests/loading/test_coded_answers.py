"""Codes that an analyst gave to whole answers."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.loading.coded_answers import read_coded_answers
from engagement_lib.tables import SCHEMAS, check_table

SOURCES = check_table(
    "sources",
    pd.DataFrame(
        {"source_id": ["R1/barriers", "R2/barriers", "R3/barriers"], "kind": "survey", "text": ["Dim amser 🙈", "Money", ""]}
    ),
)


def read(path, **options):
    return read_coded_answers(
        path, SOURCES, **({"case": "ref", "question": "barriers", "codes": "codes", "coder": "AB"} | options)
    )


def problems(path, **options):
    with pytest.raises(TableError) as caught:
        read(path, **options)
    return [str(problem) for problem in caught.value.problems]


def test_each_code_is_a_coding_over_its_whole_answer(write):
    codings, _ = read(write("codes.csv", 'ref,codes\nR2,money\nR1,"time, money ,,time"\nR3,\n'))
    expected = pd.DataFrame(
        {
            "coding_id": ["AB:R2/barriers:money", "AB:R1/barriers:time", "AB:R1/barriers:money"],
            "source_id": ["R2/barriers", "R1/barriers", "R1/barriers"],
            "start": [0, 0, 0],
            "end": [5, 11, 11],
            "code": ["money", "time", "money"],
            "coder": "AB",
            "layer": "independent",
            "stance": "supports",
            "at": "",
            "memo": "",
            "quote": ["Money", "Dim amser 🙈", "Dim amser 🙈"],
        }
    )
    assert_frame_equal(codings, expected.astype(dict(SCHEMAS["codings"].columns)))


def test_every_answer_in_the_file_was_read_with_or_without_a_code(write):
    _, readings = read(write("codes.csv", "ref,codes\nR2,money\nR3,\n"))
    assert readings[["source_id", "coder", "finished"]].to_numpy().tolist() == [
        ["R2/barriers", "AB", "yes"],
        ["R3/barriers", "AB", "yes"],
    ]


def test_codes_may_be_parted_by_another_sign(write):
    codings, _ = read(write("codes.csv", "ref,codes\nR1,time | money\n"), separator="|")
    assert codings["code"].tolist() == ["time", "money"]


def test_a_file_without_rows_gives_empty_tables(write):
    codings, readings = read(write("codes.csv", "ref,codes\n"))
    assert (len(codings), len(readings)) == (0, 0)
    assert codings.dtypes.astype(str).to_dict() == dict(SCHEMAS["codings"].columns)


def test_every_column_that_is_not_there_is_named(write):
    assert problems(write("codes.csv", "id,code\nR1,time\n")) == [
        f"codes.csv, header: found the columns 'id', 'code'; expected a column '{name}'. Mend the name in study.toml."
        for name in ("ref", "codes")
    ]


def test_every_respondent_without_an_answer_is_named(write):
    assert problems(write("codes.csv", "ref,codes\nR9,time\nR1,time\nR8,\n")) == [
        "codes.csv, row 2: found 'R9/barriers'; expected an answer in the survey. Mend the id, or the question.",
        "codes.csv, row 4: found 'R8/barriers'; expected an answer in the survey. Mend the id, or the question.",
    ]


def test_a_respondent_coded_twice_is_named(write):
    found = problems(write("codes.csv", "ref,codes\nR1,time\nR1,money\n"))
    assert [text.split(";")[0] for text in found] == ["codes.csv, row 3: found source_id coder 'R1/barriers AB' a second time"]


def test_every_code_on_a_blank_answer_is_named(write):
    assert problems(write("codes.csv", 'ref,codes\nR1,time\nR3,"time,money"\n')) == [
        f"codes.csv, row 3: found the code '{code}' on the blank answer 'R3/barriers'; expected no code. "
        f"Take the code out, or mend the id."
        for code in ("time", "money")
    ]
