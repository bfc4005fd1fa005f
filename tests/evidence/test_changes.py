from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engagement_lib.evidence.changes import (
    ALL,
    CLAIMS,
    CODES,
    FILES,
    INDEPENDENT,
    PROMPTED,
    RESPONSES,
    changed_claims,
    changed_files,
    changed_prevalence,
    changed_responses,
)
from engagement_lib.evidence.run_record import describe_run

WAVES = {"waves": {"1": {"title": "Before", "prompted": False}, "2": {"title": "After", "prompted": True}}, "coder": "AB"}
CLAIM = {"claim_id": "C1", "statement": "There is no time", "codes": "+no-time"}


@pytest.fixture
def study(make_study, answers, coded):
    """P1 to P6 of wave 1, of whom four have no time; P1 and P7 to P9 of wave 2, who all have none."""
    early, late = [f"P{number}" for number in range(1, 7)], ["P1", "P7", "P8", "P9"]
    said = [(f"{case}/q1/1", "no-time", "supports") for case in early[:4]]
    said += [(f"{case}/q1/2", "no-time", "supports") for case in late]
    sources = answers(*early) + answers(*late, wave="2")
    codebook = [{"code": "no-time"}, {"code": "jargon"}]
    return make_study(settings=WAVES, sources=sources, codebook=codebook, codings=coded(*said), claims=[CLAIM])


def test_files_are_new_changed_or_gone_and_others_are_not_named():
    before = {"files": {"a": ["1", "survey", "1"], "b": ["2", "survey", "1"], "c": ["3", "survey", "1"]}}
    now = {"files": {"a": ["1", "survey", "1"], "b": ["9", "survey", "1"], "d": ["4", "comment", "2"]}}
    assert changed_files(before, now).to_numpy().tolist() == [
        ["b", "survey", "1", "changed"],
        ["c", "survey", "1", "gone"],
        ["d", "comment", "2", "new"],
    ]


def test_a_file_put_into_another_wave_is_no_new_file():
    assert changed_files({"files": {"a": ["1", "survey", "1"]}}, {"files": {"a": ["1", "survey", "2"]}}).empty


def test_nothing_is_a_table_with_all_its_columns(make_study):
    empty = make_study()
    now = describe_run(empty, run="1")
    tables = [changed_files({}, now), changed_responses(empty, {}, now), changed_prevalence(empty, {}), changed_claims(empty, {})]
    for table, columns in zip(tables, (FILES, RESPONSES, CODES, CLAIMS), strict=True):
        assert table.empty
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == dict(columns)


def test_replies_to_a_draft_are_never_independent_support(study):
    before = {"respondents": {"survey, wave 1": "aaa bbb", "webinar, wave 2": "ccc"}}
    now = {"respondents": {"survey, wave 1": "bbb ccc ddd", "comment, wave 2": "eee"}}
    assert changed_responses(study, before, now).to_numpy().tolist() == [
        [ALL, INDEPENDENT, 3, 2, 1, 1],
        ["survey, wave 1", INDEPENDENT, 3, 2, 1, 1],
        [ALL, PROMPTED, 1, 1, 0, 1],
        ["comment, wave 2", PROMPTED, 1, 1, 0, 0],
        ["webinar, wave 2", PROMPTED, 0, 0, 0, 1],
    ]


def test_nobody_counts_twice_in_all_sources(study):
    now = {"respondents": {"interview, wave 1": "aaa bbb", "survey, wave 1": "bbb ccc"}}
    assert changed_responses(study, {}, now).iloc[0].tolist() == [ALL, INDEPENDENT, 3, 3, 0, 0]


def test_prevalence_counts_none_who_had_read_the_draft_and_says_what_it_was(study):
    table = changed_prevalence(study, {"codes": {"no-time": [1, 4], "jargon": [0, 0]}})
    assert table[["code", "respondents", "base"]].to_numpy().tolist() == [["no-time", 4, 6], ["jargon", 0, 6]]
    assert table["share_before"].tolist() == pytest.approx([0.25, np.nan], nan_ok=True)
    assert table["change"].tolist() == pytest.approx([4 / 6 - 0.25, np.nan], nan_ok=True)
    assert table[["low", "high"]].iloc[0].tolist() == pytest.approx([0.3000, 0.9032], abs=5e-4)


def test_the_largest_change_comes_first_whatever_its_sign(study):
    table = changed_prevalence(study, {"codes": {"no-time": [4, 6], "jargon": [3, 6]}})
    assert table["code"].tolist() == ["jargon", "no-time"]
    assert table["change"].tolist() == [-0.5, 0.0]


def test_prevalence_of_replies_has_no_before(study):
    table = changed_prevalence(study, {"codes": {"no-time": [1, 4]}}, prompted=True)
    assert table[["code", "respondents", "base"]].to_numpy().tolist() == [["no-time", 4, 4], ["jargon", 0, 4]]
    assert table["share_before"].isna().all()


def test_a_claim_whose_indicated_verdict_is_another_has_moved(study):
    before = {"claims": {"C1": ["supported", 9, 1, 12]}}
    row = changed_claims(study, before).iloc[0]
    assert row.to_dict() == {
        "claim_id": "C1",
        "statement": "There is no time",
        "indicated_before": "supported",
        "indicated": "insufficient",
        "moved": True,
        "supporting": 4,
        "contradicting": 0,
        "base": 6,
        "supporting_before": 9,
        "contradicting_before": 1,
        "base_before": 12,
    }


@pytest.mark.parametrize("before", [{}, {"claims": {"C1": ["insufficient", 1, 0, 3]}}])
def test_a_new_claim_has_not_moved_and_one_with_other_numbers_has_not_either(study, before):
    assert not changed_claims(study, before)["moved"].any()


def test_claims_that_moved_come_first(make_study, answers, coded):
    two = [CLAIM, CLAIM | {"claim_id": "C2"}]
    said = {"sources": answers("P1"), "codings": coded(("P1/q1/1", "no-time", "supports"))}
    study = make_study(settings=WAVES, codebook=[{"code": "no-time"}], claims=two, **said)
    before = {"claims": {"C1": ["insufficient", 0, 0, 1], "C2": ["supported", 0, 0, 1]}}
    assert changed_claims(study, before)["claim_id"].tolist() == ["C2", "C1"]


def test_claims_among_replies_have_not_moved(study):
    row = changed_claims(study, {"claims": {"C1": ["supported", 9, 1, 12]}}, prompted=True).iloc[0]
    assert (row["supporting"], row["base"], row["moved"], row["indicated_before"]) == (4, 4, False, "")


def test_the_order_of_rows_does_not_matter(study):
    now = describe_run(study, run="2")
    turned = {name: getattr(study, name).iloc[::-1] for name in ("sources", "codings")}
    other = describe_run(replace(study, **turned), run="2")
    assert other == now
    pd.testing.assert_frame_equal(changed_responses(study, {}, other), changed_responses(study, {}, now))
