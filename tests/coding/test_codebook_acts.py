"""Each act upon the codebook, in a store of its own; the study is opened anew, so to speak, by folding its log."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from store_writers import coding

from engagement_lib.coding.codebook_acts import (
    add_code,
    change_code,
    merge_codes,
    move_code,
    rename_code,
    retire_code,
    split_code,
)
from engagement_lib.coding.codebook_history import codebook_history
from engagement_lib.coding.history import read_codes
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.coding.undoing import undo
from engagement_lib.errors import TableError
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

FILE = check_table(
    "codebook",
    pd.DataFrame(
        {
            "code": ["no-time", "hours", "habit"],
            "parent": ["", "no-time", ""],
            "definition": ["Short of time.", "", ""],
            "theme": ["culture", "", ""],
            "colour": ["#801650", "", ""],
        }
    ),
)
NAMES = ("sources", "cases", "codings", "readings", "memos", "claims", "events")
BEGIN = datetime(2020, 10, 2, 9, tzinfo=UTC)
DONE = {"author": "AB", "reason": "agreed on Friday", "now": BEGIN}


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path, Settings(title="Pilot"), **{name: empty_table(name) for name in NAMES}, codebook=FILE)


def opened(study):
    return replace(study, history={"log": read_events(study.folder), "codebook": study.codebook})


def book(study, **options):
    codes = read_codes(opened(study), **options)
    return dict(zip(codes["code"], codes["parent"], strict=True))


def refused(act, *args, **options):
    with pytest.raises(TableError) as error:
        act(*args, **{**DONE, **options})
    (problem,) = error.value.problems
    return f"{problem.place}: {problem.found}; {problem.remedy}"


def test_an_act_is_an_event_with_its_author_reason_time_and_version(study):
    event = add_code(study, "money", definition="Costs.", parent="habit", **DONE)
    assert event.drop(columns="event_id").to_numpy().tolist() == [
        [
            "2020-10-02T09:00:00.000000Z",
            "AB",
            "code added",
            "code",
            "money",
            '{"definition": "Costs.", "parent": "habit", "version": "2"}',
            "agreed on Friday",
        ]
    ]
    assert book(study)["money"] == "habit"


def test_each_act_makes_a_version_and_acts_may_share_one(study):
    rename_code(study, "habit", "custom", **DONE)
    retire_code(study, "hours", **DONE)
    move_code(study, "custom", "no-time", version="3", **DONE)
    assert book(study, version="1") == {"no-time": "", "hours": "no-time", "habit": ""}
    assert book(study, version="2") == {"no-time": "", "hours": "no-time", "custom": ""}
    assert book(study, version="3") == book(study) == {"no-time": "", "custom": "no-time"}


def test_the_codebook_is_had_as_of_a_day(study):
    retire_code(study, "habit", **{**DONE, "now": BEGIN + timedelta(days=7)})
    assert "habit" in book(study, as_of="2020-10-08")
    assert "habit" not in book(study, as_of="2020-10-09")


def test_a_day_and_a_version_are_not_asked_for_together(study):
    with pytest.raises(TableError, match="found as_of='2020-10-08' and version='1'"):
        read_codes(study, as_of="2020-10-08", version="1")


def test_what_is_said_of_a_code_is_said_anew_and_the_rest_stays(study):
    change_code(study, "no-time", definition="Too few hours.", exclude="Money.", **DONE)
    row = read_codes(opened(study)).loc[0]
    assert row[["definition", "exclude", "theme"]].tolist() == ["Too few hours.", "Money.", "culture"]


def test_a_code_is_moved_below_another_and_out_again(study):
    move_code(study, "habit", "hours", **DONE)
    assert book(study)["habit"] == "hours"
    move_code(study, "habit", "", **DONE)
    assert book(study)["habit"] == ""


def test_codes_are_merged_at_once_and_codings_follow(study):
    append_events(study.folder, pd.DataFrame([coding("1", code="habit")]), now=BEGIN)
    events = merge_codes(study, ["habit", "hours"], into="no-time", **DONE)
    assert events["about_id"].tolist() == ["habit", "hours"]
    assert events["value"].unique().tolist() == ['{"into": "no-time", "version": "2"}']
    assert book(study) == {"no-time": ""}


def test_one_code_may_be_named_by_itself_to_be_merged(study):
    assert len(merge_codes(study, "habit", into="hours", **DONE)) == 1


def test_the_parts_of_a_split_code_take_its_parent_theme_and_colour(study):
    parts = pd.DataFrame({"code": ["deadlines", "workload"], "definition": ["Due.", ""], "theme": ["", "capability"]})
    split_code(study, "no-time", parts, **DONE)
    codes = read_codes(opened(study)).set_index("code")
    assert codes.loc["deadlines", ["definition", "theme", "colour"]].tolist() == ["Due.", "culture", "#801650"]
    assert codes.loc["workload", "theme"] == "capability"
    assert "no-time" not in codes.index


def test_a_split_code_may_stay_as_a_narrower_one(study):
    parts = pd.DataFrame({"code": ["hours", "overtime"], "definition": ["Fewer than were agreed.", "More than that."]})
    split_code(study, "hours", parts, **DONE)
    assert book(study) == {"no-time": "", "hours": "no-time", "habit": "", "overtime": "no-time"}


def test_a_retired_code_stays_while_something_is_coded_with_it_and_may_be_merged_then(study):
    append_events(study.folder, pd.DataFrame([coding("1", code="habit")]), now=BEGIN)
    retire_code(study, "habit", **DONE)
    assert "habit" in book(study)
    assert refused(retire_code, study, "habit").startswith("code 'habit': a code that was retired, and on which codings stand;")
    merge_codes(study, "habit", into="hours", **DONE)
    assert "habit" not in book(study)


def test_a_retired_code_is_brought_back_by_adding_it(study):
    retire_code(study, "habit", **DONE)
    add_code(study, "habit", **DONE)
    assert "habit" in book(study)


def test_an_act_is_undone_as_any_other_event(study):
    retire_code(study, "habit", **DONE)
    undo(study.folder, "AB", now=BEGIN)
    assert "habit" in book(study)
    assert codebook_history(opened(study)).empty


def test_an_act_is_held_against_what_others_have_done_since_the_study_was_opened(study):
    rename_code(study, "habit", "custom", **{**DONE, "author": "CD"})
    assert refused(retire_code, study, "habit") == "code 'habit': no code of this name; It became 'custom'."


def test_events_of_the_studys_file_count_as_those_of_the_store(study):
    event = rename_code(study, "habit", "custom", **DONE)
    Path(study.folder, "study.db").unlink()
    assert refused(rename_code, replace(study, events=event), "habit", "x").endswith("It became 'custom'.")


@pytest.mark.parametrize(
    ("act", "args", "options", "message"),
    [
        (add_code, ["habit"], {}, "code 'habit': a code that stands already; Say anew what is said of it with change_code."),
        (add_code, [" "], {}, "a code: no name; Give it one."),
        (add_code, ["x"], {"parent": "hour"}, "code 'hour': no code of this name; Did you mean 'hours'?"),
        (
            add_code,
            ["x"],
            {"means": "x"},
            "code 'x': 'means'; Mend its name.",
        ),
        (change_code, ["zzz"], {"definition": "x"}, "code 'zzz': no code of this name; Mend its name, or add it."),
        (change_code, ["no-time"], {"parent": "hours"}, "code 'no-time': the parent 'hours'; Move that one first."),
        (
            change_code,
            ["habit"],
            {},
            """code 'habit': nothing to change; \
Name one of parent, definition, include, exclude, example, counter_evidence, colour, theme.""",
        ),
        (rename_code, ["habit", "hours"], {}, "code 'hours': a code of that name; Choose another name, or use merge_codes."),
        (rename_code, ["habit", ""], {}, "a code: no name; Give it one."),
        (move_code, ["no-time", "hours"], {}, "code 'no-time': the parent 'hours'; Move that one first."),
        (move_code, ["habit", "habit"], {}, "code 'habit': the parent 'habit'; Move that one first."),
        (merge_codes, [[]], {"into": "habit"}, "code 'habit': no code merged into 'habit'; Name the codes that are to go."),
        (
            merge_codes,
            [["hours", "habit"]],
            {"into": "habit"},
            "code 'habit': hours, habit merged into 'habit'; Name the codes that are to go.",
        ),
        (
            merge_codes,
            [["hours", "hours"]],
            {"into": "habit"},
            "code 'habit': hours, hours merged into 'habit'; Name the codes that are to go.",
        ),
        (
            split_code,
            ["habit", pd.DataFrame({"code": ["x"]})],
            {},
            "code 'habit': 1 part; Use rename_code or change_code.",
        ),
        (
            split_code,
            ["habit", pd.DataFrame({"code": ["x", "y"], "parent": ["zzz", ""]})],
            {},
            "code 'zzz': no code of this name; Mend its name, or add it.",
        ),
        (retire_code, ["habit"], {"reason": " "}, "reason: a change without a reason; Say why: in a year nobody will know."),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(study, act, args, options, message):  # one case a row
    assert refused(act, study, *args, **options) == message
    assert read_events(study.folder).empty
