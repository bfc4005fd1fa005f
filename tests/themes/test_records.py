from datetime import UTC, datetime

import pandas as pd

from engagement_lib.coding.store import append_events, read_events
from engagement_lib.tables import empty_table
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.records import next_theme_id, record_themes, recorded_themes, text_mark
from engagement_lib.themes.updating import restore_themes, update_themes

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)


def test_a_run_that_was_recorded_is_had_again_from_the_store(tmp_path, segments, planted):
    model = ThemeModel(encoder=planted, resamples=0).fit(segments)
    append_events(tmp_path, record_themes(model), now=NOW)
    assignments, ledger, run = recorded_themes(read_events(tmp_path), segments)
    restored = restore_themes(ThemeModel(encoder=planted, resamples=0, run=run), segments, assignments, ledger)
    pd.testing.assert_frame_equal(restored.assignments_, model.assignments_)
    pd.testing.assert_frame_equal(restored.ledger_, model.ledger_)


def test_the_last_run_holds_and_what_it_did_not_know_has_no_row(tmp_path, segments, planted):
    model = ThemeModel(encoder=planted, resamples=0).fit(segments.iloc[:40])
    append_events(tmp_path, record_themes(model), now=NOW)
    second = update_themes(model, segments.iloc[40:50])
    append_events(tmp_path, record_themes(second), now=NOW)
    assignments, ledger, run = recorded_themes(read_events(tmp_path), segments)
    assert run == "2"
    assert len(assignments) == 50
    pd.testing.assert_frame_equal(ledger, second.ledger_)


def test_the_log_holds_no_words_of_a_participant(segments, planted):
    events = record_themes(ThemeModel(encoder=planted, resamples=0).fit(segments))
    assert not events["value"].str.contains("website|training|deadline").any()


def test_of_two_runs_of_one_name_in_merged_logs_the_later_holds(tmp_path, segments, planted):
    first, second = (ThemeModel(themes, encoder=planted, resamples=0).fit(segments) for themes in (5, 3))
    append_events(tmp_path, record_themes(first), now=NOW)
    append_events(tmp_path, record_themes(second), now=NOW.replace(day=3))
    assignments, ledger, run = recorded_themes(read_events(tmp_path), segments)
    assert run == "1"
    assert ledger["theme_id"].tolist() == ["T01", "T02", "T03", "T04", "T05"]
    assert assignments["theme_id"].tolist() == second.assignments_["theme_id"].tolist()


def test_nothing_recorded_is_nothing_known():
    assignments, ledger, run = recorded_themes(empty_table("events"), empty_table("segments"))
    assert (len(assignments), len(ledger), run) == (0, 0, "")
    assert list(ledger.columns) == list(empty_table("themes").columns)


def test_half_a_character_has_a_mark_too():
    assert len(text_mark("\ud800")) == 12


def test_the_first_theme_is_the_first():
    assert next_theme_id([]) == "T01"
