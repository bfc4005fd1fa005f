import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from engagement_lib.coding.event_checks import check_events
from engagement_lib.coding.events import ABOUT, make_event
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table

CODING = {"source_id": "P01", "start": 3, "end": 13, "code": "no-time"}


def faults(*events):
    with pytest.raises(TableError) as error:
        check_events(pd.DataFrame(list(events)), origin="study.db")
    return [str(problem) for problem in error.value.problems]


def fault(kind, value, about="x"):
    (text,) = faults(make_event(kind, about, author="AB", value=value))
    return text.removeprefix("study.db, row 2: found ").removesuffix(
        " Mend it, and add the events again; none of them was added."
    )


SOUND = {
    "source read": {"round": "2", "draw_probability": 0.375, "coder": "consensus"},
    "source finished": {"finished": "yes"},
    "coding added": CODING | {"layer": "consensus", "stance": "qualifies", "memo": "", "quote": "x", "coder": "CD"},
    "coding given a stance": {"stance": "contradicts"},
    "code added": {"definition": "Too few hours.", "version": "1"},
    "code renamed": {"code": "time", "version": "2"},
    "code moved": {"parent": "", "version": "2"},
    "code merged": {"into": "time", "version": "2"},
    "code split": {"into": [{"code": "hours", "definition": "x"}, {"code": "deadlines"}], "version": "2"},
    "code retired": {"version": "3"},
    "identifier decided": {"decision": "same as", "kind": "person", "same_as": "Sarah Okafor", "quote": "Sarah", "scope": "here"},
    "source signed off": {"text_sha256": "0" * 64},
    "theme recorded": {"run": "1", "status": "new", "members": "ffe88fff239e"},
    "theme decision": {"decision": "merge", "into": "T02"},
    "run recorded": {"run": "1", "files": {"P01.txt": ["0" * 12, "interview", "1"]}, "gaps": ["T01"]},
}


@pytest.mark.parametrize("kind", ABOUT)
def test_every_kind_can_be_said(kind):
    event = make_event(kind, "x", about_type=ABOUT[kind] or "source", author="AB", value=SOUND.get(kind, "words"))
    checked = check_events(pd.DataFrame([event]))
    assert checked.loc[0, ["kind", "about_type"]].tolist() == [kind, ABOUT[kind] or "source"]


def test_blanks_are_filled_and_text_is_normalised():
    given = pd.DataFrame([{"author": "AB", "kind": "met", "reason": "e\u0301\r\n", "about_id": None, "event_id": None}])
    assert check_events(given).loc[0].to_dict() == {
        "event_id": "",
        "at": "",
        "author": "AB",
        "kind": "met",
        "about_type": "",
        "about_id": "",
        "value": "",
        "reason": "é\n",
    }


def test_times_are_written_in_one_way():
    event = make_event("met", "", author="AB") | {"at": "2020-10-02 10:00+01:00"}
    assert check_events(pd.DataFrame([event])).loc[0, "at"] == "2020-10-02T09:00:00.000000Z"


def test_no_events_stay_no_events():
    assert_frame_equal(check_events(empty_table("events")), empty_table("events"))


def test_all_faults_come_at_once_with_the_id_or_the_row():
    mine = make_event("coding withdrawn", "", author="AB") | {"event_id": "e7"}
    aded, soon = make_event("coding aded", "1", author="AB"), make_event("met", "", author="AB") | {"at": "soon"}
    assert [text.split(" Mend it, and add")[0] for text in faults(mine, aded, soon)] == [
        "study.db, event 'e7': found about_type 'coding' and about_id ''; expected the coding that it is about.",
        "study.db, row 3: found kind 'coding aded'; expected 'coding added'.",
        "study.db, row 4: found at 'soon'; expected a date such as 2020-10-02, or a time such as 2020-10-02T09:00Z.",
    ]


def test_a_repeated_id_is_named():
    event = make_event("met", "", author="AB") | {"event_id": "e7"}
    assert faults(event, event)[0].startswith("study.db, row 3: found event_id 'e7' a second time")


def test_an_event_about_another_type_of_thing_is_named():
    event = make_event("verdict given", "C1", author="AB", about_type="theme")
    assert "found about_type 'theme' and about_id 'C1'; expected the claim that it is about" in faults(event)[0]


def test_a_memo_must_say_what_it_is_about():
    assert (
        "found about_type '' and about_id 'P01'; expected the thing that it is about"
        in faults(make_event("memo", "P01", author="AB"))[0]
    )


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_what_no_text_file_can_hold_is_refused(sign):
    assert "a character that no text file can hold" in faults(make_event("met", "", author="AB", reason=f"a{sign}"))[0]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("coding added", "no-time", "the value 'no-time'; expected named values as JSON."),
        ("coding added", "[1]", "the value '[1]'; expected named values as JSON."),
        ("coding added", "", "the value ''; expected JSON that names source_id, start, end, code."),
        ("code moved", {}, """the value '{}'; expected JSON that names the parent, "" for none."""),
        ("code renamed", {"code": ""}, """the value '{"code": ""}'; expected JSON that names code."""),
        ("code added", {"meaning": "x"}, "'meaning' in the value '{\"meaning\": \"x\"}'; expected only parent, definition,"),
        ("code added", {"definition": 3}, "3 for 'definition'; expected text in quotation marks."),
        ("coding added", CODING | {"start": 13}, "expected whole numbers for start and end, the first the smaller."),
        ("coding added", CODING | {"start": -1}, "expected whole numbers for start and end, the first the smaller."),
        ("coding added", CODING | {"end": 13.5}, "expected whole numbers for start and end, the first the smaller."),
        ("coding added", CODING | {"start": True}, "expected whole numbers for start and end, the first the smaller."),
        ("coding added", CODING | {"layer": "ours"}, "expected a layer of independent, consensus, rule, machine and a stance"),
        ("coding added", CODING | {"stance": "for"}, "and a stance of supports, qualifies, contradicts."),
        ("coding given a stance", {"stance": "for"}, "expected a stance of supports, qualifies, contradicts."),
        ("source read", {"draw_probability": 0}, "expected a draw_probability above 0 and at most 1."),
        ("source read", {"draw_probability": "1"}, "expected a draw_probability above 0 and at most 1."),
        ("code split", {"into": "a, b"}, "expected a list of the codes that it is split into"),
        ("code split", {"into": [{"definition": "x"}]}, "expected a list of the codes that it is split into"),
        ("code split", {"into": [{"code": "a", "meaning": "x"}]}, "expected a list of the codes that it is split into"),
        ("code split", {"into": [{"code": "a", "definition": 3}]}, "expected a list of the codes that it is split into"),
        ("run recorded", {"run": "1", "gaps": "T01"}, "expected gaps as `engagement update` writes them."),
    ],
)
def test_a_value_that_could_not_be_folded_is_refused(kind, value, expected):
    assert expected in fault(kind, value)


def test_the_table_given_is_not_changed():
    given = pd.DataFrame([make_event("met", "", author="AB", reason="e\u0301")], index=[7])
    before = given.copy()
    check_events(given)
    assert_frame_equal(given, before)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"quote": "Sarah"}, "JSON that names decision."),
        ({"decision": "perhaps", "quote": "Sarah"}, "a decision of identifier, not an identifier, same as and a scope of here"),
        ({"decision": "not an identifier", "quote": "Sarah", "scope": "there"}, "a scope of here, everywhere."),
        ({"decision": "identifier", "quote": "Sarah"}, "a kind for the decision 'identifier'."),
        ({"decision": "same as", "quote": "Sarah", "kind": "person"}, "a same_as for the decision 'same as'."),
    ],
)
def test_a_decision_about_an_identifier_says_what_it_needs(value, expected):
    assert expected in fault("identifier decided", value)


def test_a_sign_off_names_the_text_that_was_read():
    assert "JSON that names text_sha256." in fault("source signed off", {})
