import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.frame_recovery import frame_recovery, place_assignments

CODEBOOK = {"no-time": "culture", "skill": "capability", "late": "outside"}
FRAME = {"frame": {"themes": ("culture", "capability")}}
ALTERNATING = [(f"P{number // 2:02d}", "no-time" if number // 2 % 2 else "skill") for number in range(40)]


def assigned(study, theme_ids):
    places = study.sources[["source_id"]].assign(start=0, end=study.sources["text"].str.len())
    return places.assign(theme_id=theme_ids)


def themes_of(rows, names):
    return [names[codes] for _, codes in rows]


def row_of(table, labels, statistic):
    return table[(table["labels"] == labels) & (table["statistic"] == statistic)].iloc[0]


def test_themes_that_are_the_frame_recover_it(spoken):
    study = spoken(ALTERNATING, CODEBOOK, settings=FRAME)
    found = frame_recovery(study, assigned(study, themes_of(ALTERNATING, {"no-time": "T01", "skill": "T02"})))
    main = found[found["labels"] == "main theme"]
    assert main["statistic"].tolist() == ["ami", "homogeneity", "completeness", "cramers_v"]
    assert main["value"].tolist() == pytest.approx([1, 1, 1, 1])
    assert main[["segments", "respondents", "groups", "themes"]].drop_duplicates().to_numpy().tolist() == [[40, 20, 2, 2]]
    assert (main["null_high"] < 0.6).all()
    assert main["p"].tolist() == [0.001] * 4
    assert main["sentence"].iloc[0].startswith("By 'main theme', adjusted mutual information is 1.00 over 40 segments of 20")
    assert main["sentence"].iloc[0].endswith("(p = 0.001): more than chance gives.")


def test_themes_that_are_single_people_recover_nothing_that_exchanged_people_would_not(spoken):
    # Each says one thing, over and over: segment by segment the two divisions would look tied together.
    rows = [(f"P{number // 10}", "no-time" if number // 10 < 2 else "skill") for number in range(40)]
    study = spoken(rows, CODEBOOK, settings=FRAME)
    found = frame_recovery(study, assigned(study, [f"T{number // 10}" for number in range(40)]), permutations=199)
    row = row_of(found, "main theme", "homogeneity")
    assert (row["value"], row["null"], row["p"]) == (pytest.approx(1), pytest.approx(1), 1)
    assert row["sentence"].endswith("no more than chance gives.")


def test_a_weak_link_is_called_one():
    from engagement_lib.evidence.frame_recovery import _say

    row = {"labels": "main theme", "statistic": "ami", "segments": 9, "respondents": 5, "reason": "", "value": 0.1, "null": 0.0}
    assert _say(row | {"p": 0.01}).endswith("more than chance gives, and still little.")


def test_themes_that_are_the_codes_are_told_by_the_main_code_alone(spoken):
    rows = [(f"P{number:02d}", ("no-time", "skill", "late", "skill late")[number % 4]) for number in range(40)]
    study = spoken(rows, CODEBOOK, settings=FRAME)
    named = themes_of(rows, {"no-time": "T01", "skill": "T02", "late": "T03", "skill late": "T02"})
    found = frame_recovery(study, assigned(study, named))
    code = row_of(found, "main code", "ami")
    assert (code["segments"], code["groups"], code["value"], code["p"]) == (40, 3, pytest.approx(1), 0.001)
    assert row_of(found, "of the frame or not", "ami")["value"] < 0.8


def test_segments_are_labelled_in_every_way(spoken):
    rows = [("P1", "no-time"), ("P2", "skill"), ("P3", "no-time late"), ("P4", "late"), ("P5", "")]
    study = spoken(rows, CODEBOOK, settings=FRAME)
    found = frame_recovery(study, assigned(study, ["T1", "T2", "T1", "T2", "T2"]), permutations=9)
    assert found.drop_duplicates("labels")[["labels", "segments", "groups"]].to_numpy().tolist() == [
        ["main theme", 3, 2],
        ["theme that stands alone", 2, 2],
        ["of the frame or not", 4, 2],
        ["culture or not", 4, 2],
        ["capability or not", 4, 2],
        ["main code", 4, 3],
    ]
    assert row_of(found, "culture or not", "cramers_v")["value"] == pytest.approx(1)


def test_the_theme_that_covers_most_of_a_segment_is_its_main_one(spoken, coded):
    codings = [
        *coded(("A000", "no-time", "supports"), ("A001", "skill", "supports"), end=4),
        *coded(("A000", "skill", "supports"), ("A001", "no-time", "supports"), start=5, end=16),
        *coded(("A000", "late", "supports"), end=16),
    ]
    study = spoken([("P1", ""), ("P2", "")], CODEBOOK, settings=FRAME, codings=codings)
    found = frame_recovery(study, assigned(study, ["T1", "T2"]), permutations=9)
    assert row_of(found, "main theme", "homogeneity")["value"] == pytest.approx(1)
    assert row_of(found, "main theme", "ami")["reason"] == "every segment is a theme of its own"


@pytest.mark.parametrize(
    ("rows", "theme_ids", "labels", "reason"),
    [
        ([("P1", "no-time")], ["T1"], "main theme", "fewer than two segments can be labelled so"),
        ([("P1", "late"), ("P2", "late")], ["T1", "T2"], "main theme", "fewer than two segments can be labelled so"),
        ([("P1", "skill"), ("P2", "skill")], ["T1", "T2"], "main theme", "all segments have the same label"),
        ([("P1", "skill"), ("P2", "no-time")], ["T1", "T1"], "main theme", "all segments lie in one theme of the run"),
    ],
)
def test_what_cannot_be_had_has_a_reason(spoken, rows, theme_ids, labels, reason):
    study = spoken(rows, CODEBOOK, settings=FRAME)
    row = row_of(frame_recovery(study, assigned(study, theme_ids), permutations=9), labels, "ami")
    assert np.isnan(row["value"])
    assert np.isnan(row["p"])
    assert row["reason"] == reason
    assert row["sentence"] == f"By 'main theme', adjusted mutual information is not to be had: {reason}."


def test_where_nothing_assigned_is_coded_there_are_no_rows_but_all_columns(spoken):
    study = spoken([("P1", "")], CODEBOOK)
    empty = frame_recovery(study, assigned(study, ["T1"]))
    coded = spoken([("P1", "skill")], CODEBOOK)
    assert empty.empty
    assert empty.dtypes.to_dict() == frame_recovery(coded, assigned(coded, ["T1"]), permutations=1).dtypes.to_dict()


def test_at_least_one_exchange_is_asked_for(spoken):
    study = spoken([], CODEBOOK)
    with pytest.raises(TableError, match="frame_recovery, permutations: found 0; expected at least 1"):
        frame_recovery(study, assigned(study, []), permutations=0)


def test_neither_names_nor_the_order_of_rows_matter(spoken, renamed):
    study = spoken(ALTERNATING, CODEBOOK, settings=FRAME)
    table = assigned(study, [f"T{number % 3}" for number in range(40)])
    names = {f"P{number:02d}": f"Q{19 - number:02d}" for number in range(20)}
    other = frame_recovery(renamed(study, names), table.iloc[::-1], permutations=20)
    assert other.equals(frame_recovery(study, table, permutations=20))


def test_every_assigned_segment_is_placed_with_who_speaks_and_where(make_study, talk, answers):
    interview, places = talk("I1", ("Tom", "interviewer", "Why?"), ("P9", "participant", "No time. None."), case_id="P9")
    study = make_study(sources=[interview, *(row | {"question": "why"} for row in answers("P1"))])
    start, end = places[1]
    rows = [("P1/q1/1", 0, 16, "T2"), ("I1", start, start + 8, "T1"), ("I1", start + 9, end, "T1")]
    placed = place_assignments(study, pd.DataFrame(rows, columns=["source_id", "start", "end", "theme_id"]))
    assert placed[["source_id", "respondent", "kind", "topic"]].to_numpy().tolist() == [
        ["I1", "P9", "interview", "I1"],
        ["I1", "P9", "interview", "I1"],
        ["P1/q1/1", "P1", "survey", "why"],
    ]


def test_segments_of_sources_that_nobody_read_are_left_out(spoken):
    study = spoken([("P1", ""), ("P2", "")], CODEBOOK, readings=[{"source_id": "A001", "coder": "AB", "finished": "yes"}])
    assert place_assignments(study, assigned(study, ["T1", "T1"]))["source_id"].tolist() == ["A001"]


def test_a_segment_that_holds_no_participants_words_is_named(spoken):
    strange = pd.DataFrame({"source_id": ["A000", "X"], "start": 90, "end": 99, "theme_id": "T1"})
    with pytest.raises(TableError) as caught:
        place_assignments(spoken([("P1", "")], CODEBOOK), strange)
    assert [problem.found for problem in caught.value.problems] == ["the segment A000 90-99", "the segment X 90-99"]
