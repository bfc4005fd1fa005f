import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.tables import empty_table
from engagement_lib.themes.alignment import align_themes, alignment_score, theme_by_case

SPANS = {"source_id": ["S1", "S1", "S2", "S3", "W1", "W1"], "start": [0, 10, 0, 0, 0, 10], "end": [10, 20, 10, 10, 10, 20]}


@pytest.fixture
def assignments():
    return pd.DataFrame(SPANS | {"theme_id": ["T01", "T01", "T01", "T02", "T01", "T02"]})


@pytest.fixture
def segments():
    people = {"case_id": ["P1", "P1", "P2", "P3", "W1/Ann", "W1/Bob"], "kind": ["survey"] * 4 + ["webinar"] * 2}
    return pd.DataFrame(SPANS | people)


@pytest.fixture
def cases():
    return pd.DataFrame(
        {"case_id": ["P1", "P2", "P3", "P4"], "group": ["user", "user", "producer", "user"], "nation": ["Wales", "", "Wales", ""]}
    )


@pytest.fixture
def codebook():
    return pd.DataFrame({"code": ["time", "skill", "unused"]})


@pytest.fixture
def codings():
    return pd.DataFrame(
        {
            "source_id": ["S1", "S1", "S2", "S3", "S9"],
            "start": [0, 8, 2, 0, 0],
            "end": [9, 20, 4, 10, 5],
            "code": ["time", "skill", "time", "skill", "time"],
        }
    )


def test_respondents_are_counted_and_not_segments(assignments, segments, cases):
    found = theme_by_case(assignments, segments, cases, "group")
    assert found.drop(columns=["low", "high"]).to_numpy().tolist() == [
        ["T01", "producer", 0, 1, 0.0],
        ["T01", "user", 2, 2, 1.0],
        ["T01", "webinar", 1, 1, 1.0],
        ["T02", "producer", 1, 1, 1.0],
        ["T02", "user", 0, 2, 0.0],
        ["T02", "webinar", 1, 1, 1.0],
    ]


def test_every_share_has_wilsons_interval(assignments, segments, cases):
    found = theme_by_case(assignments, segments, cases, "group")
    for count, base, low, high in found[["respondents", "base", "low", "high"]].itertuples(index=False):
        np.testing.assert_allclose((low, high), wilson_interval(count, base), rtol=1e-12)
    assert (found["low"].min(), found["high"].max()) == (0.0, 1.0)


def test_who_says_nothing_of_a_variable_is_not_stated(assignments, segments, cases):
    found = theme_by_case(assignments, segments, cases, "nation")
    assert found["value"].tolist() == ["Wales", "not stated"] * 2
    assert found["base"].tolist() == [2, 2, 2, 2]


def test_an_unknown_variable_is_refused_with_those_there_are(assignments, segments, cases):
    with pytest.raises(TableError, match="no variable 'sector'; expected one of kind, wave, group, nation"):
        theme_by_case(assignments, segments, cases, "sector")


def test_an_assignment_without_its_segment_is_refused(assignments, segments, cases):
    with pytest.raises(TableError, match="no segment S3 0-10"):
        theme_by_case(assignments, segments.drop(index=3), cases, "group")


def test_themes_meet_every_code_and_none(assignments, codings, codebook):
    found = align_themes(assignments, codings, codebook)
    assert found.to_numpy().tolist() == [
        ["T01", "time", 2, 4, 0.5, 2],
        ["T01", "skill", 2, 4, 0.5, 3],
        ["T01", "unused", 0, 4, 0.0, 0],
        ["T01", "", 1, 4, 0.25, 2],
        ["T02", "time", 0, 2, 0.0, 2],
        ["T02", "skill", 1, 2, 0.5, 3],
        ["T02", "unused", 0, 2, 0.0, 0],
        ["T02", "", 1, 2, 0.5, 2],
    ]


def test_a_code_outside_the_codebook_is_refused(assignments, codings, codebook):
    with pytest.raises(TableError, match="found the code 'skill'"):
        align_themes(assignments, codings, codebook[codebook["code"] != "skill"])


def test_the_order_of_rows_does_not_matter(assignments, segments, cases, codings, codebook):
    shuffled = assignments.sample(frac=1, random_state=4), codings.sample(frac=1, random_state=5)
    pd.testing.assert_frame_equal(align_themes(*shuffled, codebook), align_themes(assignments, codings, codebook))
    pd.testing.assert_frame_equal(alignment_score(*shuffled), alignment_score(assignments, codings))
    pd.testing.assert_frame_equal(
        theme_by_case(shuffled[0], segments, cases, "group"), theme_by_case(assignments, segments, cases, "group")
    )


def test_a_segment_counts_with_the_code_that_covers_most_of_it():
    assignments = pd.DataFrame(
        {"source_id": ["S1", "S2", "S3", "S4"], "start": 0, "end": 10, "theme_id": ["T01", "T01", "T02", "T02"]}
    )
    codings = pd.DataFrame(
        {
            "source_id": ["S1", "S1", "S1", "S2", "S3", "S3", "S4"],
            "start": [0, 0, 8, 0, 0, 5, 0],
            "end": [6, 4, 10, 10, 5, 10, 10],
            # S1: skill 6 characters, time 4 + 2 (a tie, so the first in the alphabet); S3: five each.
            "code": ["skill", "time", "time", "skill", "web", "time", "time"],
        }
    )
    score = alignment_score(assignments, codings)
    assert score.to_numpy().tolist() == [[4, 2, 2, pytest.approx(1), 1.0, ""]]


@pytest.mark.parametrize("coded", [0, 1])
def test_too_few_coded_segments_have_no_score_but_a_reason(assignments, codings, coded):
    found = alignment_score(assignments, codings.iloc[2 : 2 + coded])
    assert found["segments"].item() == coded
    assert np.isnan(found["ami"].item())
    assert found["because"].item() == "fewer than two segments bear a code"


def test_nothing_in_gives_empty_tables_of_the_same_shape(assignments, segments, cases, codings, codebook):
    none, no_segments, no_codings = (empty_table(name) for name in ("theme_assignments", "segments", "codings"))
    by_case = theme_by_case(none, no_segments, cases, "group")
    pd.testing.assert_frame_equal(by_case, theme_by_case(assignments, segments, cases, "group").iloc[:0])
    aligned = align_themes(none, no_codings, codebook)
    pd.testing.assert_frame_equal(aligned, align_themes(assignments, codings, codebook).iloc[:0])
    assert alignment_score(none, no_codings)["segments"].tolist() == [0]
    assert align_themes(assignments, no_codings, codebook)["segments"].sum() == 6
