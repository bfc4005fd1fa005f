from datetime import UTC, datetime

import pandas as pd
import pytest

from engagement_lib.coding.store import append_events, read_events
from engagement_lib.evidence.run_record import describe_run, heard_in, last_run, mark_of, next_run, record_run
from engagement_lib.tables import empty_table
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.records import record_themes

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)


@pytest.fixture
def study(spoken):
    claims = [{"claim_id": "C1", "statement": "There is no time", "codes": "+no-time"}]
    study = spoken([("P1", "no-time"), ("P2", ""), ("P3", "no-time jargon")], {"no-time": "a", "jargon": "a"}, claims=claims)
    study.sources["origin"], study.sources["file_sha256"] = "survey.csv", "0123456789abcdef"
    return study


def test_a_run_tells_files_respondents_claims_codes_and_gaps(study):
    assert describe_run(study, run="4", gaps=["T09", "T02"]) == {
        "run": "4",
        "files": {"survey.csv": ["0123456789ab", "survey", "1"]},
        "respondents": {"survey, wave 1": " ".join(sorted(map(mark_of, ("P1", "P2", "P3"))))},
        "claims": {"C1": ["insufficient", 2, 0, 3]},
        "codes": {"no-time": [2, 3], "jargon": [1, 3]},
        "gaps": ["T02", "T09"],
    }


def test_those_who_ask_are_not_heard_and_those_without_words_are_not_either(make_study, talk, answers):
    interview, _ = talk("P9", ("Helen", "interviewer", "How are you?"), ("P9", "participant", "Well enough."))
    blank = {"source_id": "B", "case_id": "P8", "kind": "survey", "wave": "1", "text": "", "reason": "blank"}
    study = make_study(sources=[interview, blank, *answers("P1"), *answers("P1", "P2", wave="2")])
    assert heard_in(study) == {
        "interview, wave 1": mark_of("P9"),
        "survey, wave 1": mark_of("P1"),
        "survey, wave 2": " ".join(sorted(map(mark_of, ("P1", "P2")))),
    }


def test_the_last_run_is_had_again_from_the_store_with_its_moment(tmp_path, study):
    first, second = describe_run(study, run="1"), describe_run(study, run="2", gaps=["T04"])
    append_events(tmp_path, record_run(first), now=NOW)
    append_events(tmp_path, record_run(second), now=NOW.replace(day=3))
    assert last_run(read_events(tmp_path)) == second | {"at": "2020-10-03T09:00:00.000000Z"}


def test_no_run_is_no_run():
    assert last_run(empty_table("events")) == {}


def test_a_run_is_numbered_after_all_that_are_recorded():
    answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    by_hand = [record_themes(ThemeModel(encoder="tfidf", resamples=0, run=run).fit(answers)) for run in ("3", "autumn")]
    assert next_run(empty_table("events")) == "1"
    assert next_run(pd.concat([record_run({"run": "2"}), *by_hand])) == "4"
