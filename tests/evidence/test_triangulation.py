import numpy as np
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.triangulation import read_cell, triangulate
from engagement_lib.settings import Verdicts

CODEBOOK = [{"code": "no-time", "theme": "capability"}, {"code": "jargon", "theme": "culture"}]
CLAIM = {"claim_id": "C1", "theme": "capability", "statement": "Time is short.", "codes": "+no-time"}
NOBODY_SPOKE = "of 1 people who answered the survey 0 support it, 0 qualify it and 0 contradict it"
NUMBERS = {"base": 20, "asked": 20, "stated": True, "supporting": 0, "qualifying": 0, "contradicting": 0, "both": 0}


@pytest.mark.parametrize(
    ("numbers", "reading"),
    [
        ({"base": 0}, "nobody in scope"),
        ({}, "silence"),
        ({"asked": 0}, "not asked"),
        ({"asked": 0, "stated": False}, "silence or not asked"),
        ({"asked": 1, "stated": False}, "silence"),
        ({"qualifying": 1}, "partial"),
        ({"supporting": 5}, "agreement"),
        ({"supporting": 4}, "partial"),
        ({"supporting": 1, "base": 4}, "agreement"),
        ({"supporting": 9, "contradicting": 3}, "partial"),
        ({"supporting": 10, "contradicting": 3}, "agreement"),
        ({"supporting": 5, "contradicting": 5}, "dissonance"),
        ({"supporting": 5, "contradicting": 5, "both": 5}, "partial"),
        ({"contradicting": 1, "asked": 0}, "dissonance"),
    ],
)
def test_the_rule_reads_a_cell(numbers, reading):
    assert read_cell(Verdicts(), NUMBERS | numbers) == reading


@pytest.fixture
def pilot(make_study, answers, talk, coded):
    """Six users and a producer who answered, of whom five support C1; an interview of a producer who contradicts it."""

    def make(events=None, claims=(CLAIM,), **settings):
        interview, [(start, end)] = talk("I1", ("P9", "participant", "Time enough."), case_id="P9")
        users = [f"U{number}" for number in range(6)]
        people = answers(*users, "P1")
        return make_study(
            settings=settings,
            sources=[row | {"question": "barriers"} for row in people] + [interview],
            cases=[{"case_id": case, "group": "user" if case[0] == "U" else "producer"} for case in [*users, "P1", "P9"]],
            codebook=CODEBOOK,
            claims=list(claims),
            events=events,
            codings=[
                *coded(*((f"{case}/q1/1", "no-time", "supports") for case in users[:5])),
                *coded(("I1", "no-time", "contradicts"), start=start, end=end),
            ],
        )

    return make


def test_each_claim_has_a_row_for_each_kind_and_group_that_is_there(pilot):
    table = triangulate(pilot(asked={"barriers": ("C1",), "interview": ()}))
    columns = ["claim_id", "kind", "group", "base", "asked", "supporting", "contradicting", "passages", "reading", "basis"]
    assert table[columns].to_numpy().tolist() == [
        ["C1", "interview", "producer", 1, 0, 0, 1, 1, "dissonance", "computed"],
        ["C1", "survey", "producer", 1, 1, 0, 0, 0, "silence", "computed"],
        ["C1", "survey", "user", 6, 6, 5, 0, 5, "agreement", "computed"],
    ]
    assert table["share"].tolist() == pytest.approx([0, 0, 5 / 6])
    assert table["contradiction"].tolist() == pytest.approx([1, np.nan, 0], nan_ok=True)


def test_silence_is_told_from_not_having_been_asked(pilot):
    def reading(**asked):
        table = triangulate(pilot(asked=asked))
        return table.loc[(table["kind"] == "survey") & (table["group"] == "producer"), ["reading", "sentence"]].iloc[0].tolist()

    assert reading(barriers=("capability",)) == [
        "silence",
        f"C1 (kind survey, group producer): silence; {NOBODY_SPOKE}; 1 were asked about it.",
    ]
    assert reading(barriers=("culture",)) == [
        "not asked",
        f"C1 (kind survey, group producer): not asked; {NOBODY_SPOKE}; none was asked about it.",
    ]
    word, sentence = reading(interview=("C1",))
    assert word == "silence or not asked"
    assert sentence.endswith("study.toml does not say whether they were asked about it.")


def judged(event_id, at, about, value, reason="They mean it."):
    event = {"event_id": event_id, "at": at, "author": "AB", "kind": "cell judged", "about_type": "cell"}
    return event | {"about_id": about, "value": value, "reason": reason}


def test_what_a_person_judged_stands_above_what_was_computed(pilot):
    table = triangulate(pilot(events=[judged("1", "2020-10-02", "C1/survey/user", "partial")]))
    row = table.loc[table["group"] == "user"].iloc[0]
    columns = ["computed", "reading", "basis", "at", "reason"]
    assert row[columns].tolist() == ["agreement", "partial", "judged by AB", "2020-10-02", "They mean it."]
    assert row["sentence"].startswith("C1 (kind survey, group user): partial (judged by AB: They mean it.); of 6 people")
    assert table.loc[table["group"] == "producer", "basis"].tolist() == ["computed", "computed"]


@pytest.mark.parametrize(("value", "reason"), [("partial", ""), ("", "Taken back.")])
def test_a_judgement_without_a_reason_or_taken_back_does_not_hold(pilot, value, reason):
    events = [judged("1", "2020-10-01", "C1/survey/user", "silence"), judged("2", "2020-10-02", "C1/survey/user", value, reason)]
    row = triangulate(pilot(events=events)).iloc[-1]
    assert row[["reading", "basis", "at", "reason"]].tolist() == ["agreement", "computed", "", ""]


def test_a_judgement_is_of_the_cells_that_were_made(pilot):
    study = pilot(events=[judged("1", "2020-10-02", "C1/survey", "silence")])
    assert triangulate(study, by="kind")["reading"].tolist() == ["dissonance", "silence"]
    assert triangulate(study)["basis"].unique().tolist() == ["computed"]


def test_few_voices_are_agreement_in_part_and_the_sentence_says_so(pilot, coded):
    study = pilot()
    study = study.__class__(**study.__dict__ | {"codings": study.codings.iloc[4:]})
    row = triangulate(study).iloc[-1]
    assert (row["supporting"], row["reading"]) == (1, "partial")
    assert "1 support it, 0 qualify it and 0 contradict it, few of those there; " in row["sentence"]


def test_outside_the_scope_of_a_claim_nobody_is_there(pilot):
    table = triangulate(pilot(claims=[CLAIM | {"scope": "group=user"}]))
    assert table["reading"].tolist() == ["nobody in scope", "nobody in scope", "agreement"]
    assert table["sentence"].iloc[0] == "C1 (kind interview, group producer): nobody in scope."
    assert table["share"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("expected", "by", "said"),
    [("survey webinar", "kind", ["no", "yes"]), ("interview, survey", "kind", ["yes", "yes"]), ("", "kind", ["", ""])],
)
def test_whether_a_kind_was_expected_to_speak_is_said_beside_it(pilot, expected, by, said):
    assert triangulate(pilot(claims=[CLAIM | {"sources_expected": expected}]), by=by)["expected"].tolist() == said


def test_without_kinds_no_source_is_expected(pilot):
    table = triangulate(pilot(claims=[CLAIM | {"sources_expected": "survey"}]), by="group")
    assert table["expected"].tolist() == ["", ""]


def test_everybody_may_be_one_cell(pilot):
    table = triangulate(pilot(), by="")
    assert table[["base", "supporting", "contradicting", "reading"]].to_numpy().tolist() == [[8, 5, 1, "agreement"]]
    assert table.loc[0, "sentence"].startswith("C1: agreement; of 8 respondents 5 support it")


def test_passages_of_sources_that_are_not_yet_read_are_left_out(pilot):
    study = pilot()
    readings = study.readings.copy()
    readings.loc[0] = ["U0/q1/1", "AB", "", 1.0, "2020-09-01"]
    table = triangulate(study.__class__(**study.__dict__ | {"readings": readings}))
    assert table[["kind", "group", "base", "supporting"]].to_numpy().tolist() == [["survey", "user", 1, 1]]


def test_prompted_waves_are_kept_apart(pilot):
    table = triangulate(pilot(waves={"1": {"prompted": True}}))
    assert table.empty
    assert len(triangulate(pilot(waves={"1": {"prompted": True}}), prompted=True)) == 3


def test_before_anything_is_coded_the_table_is_empty_with_all_its_columns(pilot):
    study = pilot()
    empty = triangulate(study.__class__(**study.__dict__ | {"codings": study.codings.head(0)}))
    assert empty.empty
    assert empty.dtypes.equals(triangulate(study).dtypes)


def test_a_variable_that_is_not_there_is_refused(pilot):
    with pytest.raises(TableError, match="found no variable 'colour'"):
        triangulate(pilot(), by=("kind", "colour"))


def test_the_order_of_rows_does_not_matter(pilot):
    study = pilot()
    names = ("sources", "codings", "cases")
    turned = study.__class__(**study.__dict__ | {name: getattr(study, name).iloc[::-1] for name in names})
    assert triangulate(turned).equals(triangulate(study))
