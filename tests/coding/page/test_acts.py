import json

import pytest

from engagement_lib.coding.page.acts import Acting, place_id, read_act
from engagement_lib.errors import TableError

ACTING = Acting("AB", {"P01": "No time 🙂."}, {"no-time"}, {"coding-1"})
CODE = {"kind": "code", "id": "coding-2", "source_id": "P01", "start": 3, "end": 9, "code": "no-time"}


def value(event):
    return json.loads(event["value"])


def test_a_code_act_becomes_a_coding_with_its_quote_taken_from_the_text():
    (event,) = read_act(CODE, ACTING)
    assert (event["kind"], event["about_id"], event["author"]) == ("coding added", "coding-2", "AB")
    assert value(event) == {
        "source_id": "P01",
        "start": 3,
        "end": 9,
        "code": "no-time",
        "coder": "AB",
        "layer": "independent",
        "stance": "supports",
        "memo": "",
        "quote": "time 🙂",
    }


def test_a_code_act_may_bring_its_stance_and_memo():
    said = value(read_act(CODE | {"stance": "qualifies", "memo": "unused", "text": "Odd."}, ACTING)[0])
    assert (said["stance"], said["memo"]) == ("qualifies", "Odd.")


def test_a_quote_or_coder_that_the_page_sends_is_not_believed():
    said = value(read_act(CODE | {"quote": "Much time", "coder": "CD", "layer": "consensus"}, ACTING)[0])
    assert (said["quote"], said["coder"], said["layer"]) == ("time 🙂", "AB", "independent")


@pytest.mark.parametrize(
    ("message", "kind", "about", "said"),
    [
        ({"kind": "withdraw", "ids": ["coding-1"]}, "coding withdrawn", "coding-1", ""),
        ({"kind": "memo", "id": "coding-1", "text": "Why?"}, "memo", "coding-1", "Why?"),
        ({"kind": "memo", "source_id": "P01", "start": 0, "end": 2, "text": "Why?"}, "memo", "P01:0-2", "Why?"),
        ({"kind": "stance", "ids": ["coding-1"], "stance": "contradicts"}, "coding given a stance", "coding-1", "contradicts"),
        ({"kind": "finish", "source_id": "P01"}, "source finished", "P01", "AB"),
        (CODE | {"kind": "settle"}, "difference settled", "P01:3-9", '"kept": "no"'),
    ],
)
def test_other_acts_become_events_about_what_they_name(message, kind, about, said):
    (event,) = read_act(message, ACTING)
    assert (event["kind"], event["about_id"], said in event["value"]) == (kind, about, True)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ({}, "kind"),
        ({"kind": "drop"}, "kind"),
        (CODE | {"id": "short"}, "id"),
        (CODE | {"id": None}, "id"),
        (CODE | {"id": "a; drop table"}, "id"),
        (CODE | {"source_id": "P02"}, "source_id"),
        (CODE | {"code": "unknown"}, "code"),
        (CODE | {"code": ["no-time"]}, "code"),
        (CODE | {"stance": "likes"}, "stance"),
        (CODE | {"text": None}, "text"),
        (CODE | {"start": 9}, "start and end"),
        (CODE | {"end": 11}, "start and end"),
        (CODE | {"start": -1}, "start and end"),
        (CODE | {"start": 1.5}, "start and end"),
        (CODE | {"start": True}, "start and end"),
        ({"kind": "withdraw", "ids": ["another's"]}, "ids"),
        ({"kind": "withdraw", "ids": []}, "ids"),
        ({"kind": "withdraw", "ids": [["coding-1"]]}, "ids"),
        ({"kind": "withdraw", "ids": "coding-1"}, "ids"),
        ({"kind": "memo", "id": "coding-1", "text": " \n"}, "text"),
    ],
)
def test_what_the_study_has_not_is_refused(message, place):
    with pytest.raises(TableError) as refused:
        read_act(message, ACTING)
    assert refused.value.problems[0].place == place


def test_a_place_is_named_by_its_source_and_positions():
    assert place_id("S1/gaps", 0, 4) == "S1/gaps:0-4"
