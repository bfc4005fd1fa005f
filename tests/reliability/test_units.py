import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.reliability.units import collect_judgements, collect_ratings
from engagement_lib.tables import check_table, empty_table

SEGMENTS = pd.DataFrame(
    [
        ("I2", 0, 9, "P2", "interview"),
        ("I1", 10, 19, "P1", "interview"),
        ("I1", 0, 9, "P1", "interview"),
        ("W", 0, 9, "W/A", "webinar"),
    ],
    columns=["source_id", "start", "end", "case_id", "kind"],
)
CODINGS = pd.DataFrame(
    [("1", "I1", 0, 9, "no-time", "CD"), ("2", "I1", 8, 12, "jargon", "AB"), ("3", "W", 2, 4, "jargon", "AB")],
    columns=["coding_id", "source_id", "start", "end", "code", "coder"],
)
READINGS = pd.DataFrame(
    [("I1", "AB", "yes"), ("I1", "CD", "yes"), ("I2", "CD", "yes"), ("W", "AB", "yes"), ("W", "EF", "yes")],
    columns=["source_id", "coder", "finished"],
)
CODEBOOK = check_table("codebook", pd.DataFrame({"code": ["no-time", "jargon"]}))


def test_units_stand_in_order_with_who_read_them_and_gave_them_which_code():
    judgements = collect_judgements(CODINGS, SEGMENTS, CODEBOOK, READINGS)
    units = judgements.units[["source_id", "start", "respondent"]]
    assert units.to_numpy().tolist() == [["I1", 0, "P1"], ["I1", 10, "P1"], ["W", 0, "W"]]
    assert judgements.coders == ("AB", "CD", "EF")
    assert judgements.codes == ("no-time", "jargon")
    assert judgements.judged.astype(int).tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 1]]
    assert judgements.given.astype(int).tolist() == [
        [[0, 1], [0, 1], [0, 1]],
        [[1, 0], [0, 0], [0, 0]],
        [[0, 0], [0, 0], [0, 0]],
    ]


def test_a_coding_of_somebody_who_has_not_finished_the_source_is_no_judgement():
    early = CODINGS.assign(coder=CODINGS["coder"].replace("CD", "EF"))
    judgements = collect_judgements(early, SEGMENTS, CODEBOOK, READINGS)
    assert not judgements.given[:, :, 0].any()


def test_what_was_read_in_consensus_is_nobodys_own_judgement():
    together = pd.DataFrame({"source_id": ["I1", "I2", "W"], "coder": "consensus", "finished": "yes"})
    judgements = collect_judgements(CODINGS, SEGMENTS, CODEBOOK, pd.concat([READINGS, together]))
    assert judgements.coders == ("AB", "CD", "EF")
    assert judgements.units["source_id"].tolist() == ["I1", "I1", "W"]


def test_without_anything_there_are_no_judgements():
    judgements = collect_judgements(empty_table("codings"), empty_table("segments"), CODEBOOK, None)
    assert judgements.given.shape == (0, 0, 2)
    assert judgements.judged.shape == (0, 0)


def test_ratings_are_the_sets_of_codes_that_each_coder_gave_what_they_read():
    table = collect_ratings(CODINGS, SEGMENTS, CODEBOOK, readings=READINGS)
    assert table[["source_id", "start", "respondent"]].to_numpy().tolist() == [["I1", 0, "P1"], ["I1", 10, "P1"], ["W", 0, "W"]]
    assert [cell and set(cell) for cell in table["AB"]] == [{"jargon"}, {"jargon"}, {"jargon"}]
    assert [cell if cell is None else set(cell) for cell in table["CD"]] == [{"no-time"}, set(), None]


def test_ratings_of_one_code_are_the_stances_of_those_who_gave_it():
    codings = CODINGS.assign(code="jargon", stance=["contradicts", "supports", "qualifies"])
    longer = codings[codings["coder"] == "AB"].head(1).assign(coding_id="4", start=0, end=12, stance="qualifies")
    table = collect_ratings(pd.concat([codings, longer]), SEGMENTS, CODEBOOK, readings=READINGS, code="jargon")
    assert table["AB"].tolist() == ["qualifies", "qualifies", "qualifies"]
    assert table["CD"].tolist() == ["contradicts", None, None]
    assert table["EF"].tolist() == [None, None, None]


def test_a_code_that_the_codebook_lacks_is_refused_by_name():
    with pytest.raises(TableError, match="code: found 'jargn'; expected one of no-time, jargon"):
        collect_ratings(CODINGS, SEGMENTS, CODEBOOK, code="jargn")
