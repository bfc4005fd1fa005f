from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from store_writers import coding

from engagement_lib.coding.history import read_codings
from engagement_lib.coding.patterns import code_by_pattern
from engagement_lib.coding.rule_codings import keep_rule_codings, withdraw_rule_codings
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.errors import TableError
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, empty_table

NAMES = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
DONE = {"author": "AB", "reason": "to find passages", "now": datetime(2020, 10, 2, 9, tzinfo=UTC)}
TURNS = pd.DataFrame({"source_id": ["P1"], "start": [0], "end": [13], "role": ["participant"], "quote": ["time and time"]})
FOUND = code_by_pattern(TURNS, {"t": "time"})


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path, Settings(title="Pilot"), **{name: empty_table(name) for name in NAMES})


def standing(study):
    return sorted(read_codings(replace(study, history={"log": read_events(study.folder)}))["coding_id"])


def test_what_a_rule_found_is_kept_with_who_ran_it_and_why(study):
    events = keep_rule_codings(study, FOUND, **DONE)
    assert events[["author", "kind", "about_id", "reason"]].to_numpy().tolist() == [
        ["AB", "coding added", name, "to find passages"] for name in FOUND["coding_id"]
    ]
    kept = read_codings(replace(study, history={"log": read_events(study.folder)}))
    pd.testing.assert_frame_equal(kept.drop(columns="at"), FOUND.drop(columns="at"))


def test_what_stands_already_is_not_kept_again(study):
    keep_rule_codings(study, FOUND.head(1), **DONE)
    assert keep_rule_codings(study, FOUND, **DONE)["about_id"].tolist() == [FOUND.loc[1, "coding_id"]]
    assert keep_rule_codings(study, FOUND, **DONE).empty


def test_all_of_one_rule_is_taken_out_in_one_call_and_nothing_else(study):
    keep_rule_codings(study, pd.concat([FOUND, code_by_pattern(TURNS, {"t": "and"}, coder="other")]), **DONE)
    append_events(study.folder, pd.DataFrame([coding("c1", coder="pattern")]), now=DONE["now"])
    assert len(withdraw_rule_codings(study, "pattern", **DONE)) == 2
    assert standing(study) == ["c1", "other:t:P1:5-8"]
    assert withdraw_rule_codings(study, "pattern", **DONE).empty


def test_a_rule_may_be_run_again_after_it_was_taken_out(study):
    keep_rule_codings(study, FOUND, **DONE)
    withdraw_rule_codings(study, "pattern", **DONE)
    keep_rule_codings(study, FOUND, **DONE)
    assert standing(study) == sorted(FOUND["coding_id"])


def test_a_coding_by_a_person_is_refused(study):
    with pytest.raises(TableError, match="found layer 'independent'; expected layer 'rule'"):
        keep_rule_codings(study, FOUND.assign(layer=["rule", "independent"]), **DONE)
    assert read_events(study.folder).empty
