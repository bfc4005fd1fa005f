import pandas as pd
import pytest

from engagement_lib.coding.events import make_event
from engagement_lib.privacy.decisions import identifier_decisions
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.privacy.review import review_queue
from engagement_lib.tables import check_table, empty_table


def queue(text, **options):
    sources = pd.DataFrame({"source_id": ["P1"], "text": [text]})
    return review_queue(sources, find_identifiers(sources), **options)


def rows(text, **options):
    return queue(text, **options)[["quote", "what", "doubt"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("We asked. Grace had said so.", ["Grace", "capital", 0.8]),
        ("We asked. Brown never liked it.", ["Brown", "capital", 0.8]),
        ("We asked. Field never liked it.", ["Field", "capital", 0.7]),
        ("I asked zielka about the tables and why.", ["zielka", "name in small letters", 0.5]),
        ("I want the Office of this now.", ["Office", "capital", 0.5]),
        ("It is called dobbo round here.", ["dobbo", "cue", 0.9]),
        ("It is called the Garths by us.", ["the Garths", "cue", 0.7]),
        ("She works at nomistown these days.", ["nomistown", "cue", 0.9]),
        ("The code was 48213 then.", ["48213", "number", 0.6]),
        ("It came to 12,345 in 2019 then.", ["12,345", "number", 0.2]),
        ("Back in 2019 it was fine.", ["2019", "number", 0.2]),
        ("It is different in Wales now.", ["Wales", "finding", 0.0]),
        ("I asked Priya, and priya said no.", ["priya", "finding", 0.6]),
    ],
)
def test_what_may_be_an_identifier_is_listed(text, row):
    assert row in rows(text)


@pytest.mark.parametrize(
    "text",
    [
        "It was called off again. We rang 999.",
        "They said so. I do. On Monday, in March, in Welsh.",
        "He said it was called a release.",
        "It was 123 of them.",
        "Feedback is rare. Time was short.",
        "mae'r ffigurau yn anodd iawn wedi",
        "The zylth and zylth of zylth are here.",
    ],
)
def test_what_names_nobody_is_not_listed(text):
    assert rows(text) == []


def test_common_words_are_listed_where_everything_is_asked_for():
    assert [row[0] for row in rows("They said so. On Monday.", everything=True)] == ["They", "On Monday"]


def test_a_word_of_the_sheet_is_doubtful_wherever_it_stands():
    sheet = pd.DataFrame({"case_id": ["P1"], "name": ["Ann Page"]})
    assert rows("Ask them. Page said so.", cases=sheet) == [["Page", "capital", 0.9]]


def test_somebody_who_is_named_elsewhere_is_looked_for_in_small_letters():
    sources = pd.DataFrame({"source_id": ["P1", "P2"], "text": ["My manager Oyelaran rang.", "then oyelaran came in"]})
    table = review_queue(sources, find_identifiers(sources))
    assert table.loc[0, ["source_id", "quote", "what", "kind", "rule"]].tolist() == [
        "P2", "oyelaran", "name in small letters", "person", "named elsewhere with a capital",
    ]  # fmt: skip


def test_findings_are_listed_by_their_confidence_and_the_most_doubtful_come_first():
    table = queue("Ring 07700 900123. I want the Office of this. I saw MHCLX there. We asked. Grace had said so.")
    assert table[["quote", "doubt"]].to_numpy().tolist() == [
        ["Grace", 0.8],
        ["MHCLX", 0.6],
        ["Office", 0.5],
        ["07700 900123", 0.1],
    ]


def test_capitals_that_follow_one_another_are_one_row():
    assert rows("Look, it says COUNT CARERS now.") == [["COUNT CARERS", "capital", 0.5]]


def test_what_a_cue_names_is_listed_once():
    assert rows("She is called Priya by us.") == [["Priya", "finding", 0.1]]


def test_what_is_decided_is_said_beside_it():
    sources = pd.DataFrame({"source_id": ["P1", "P2"], "text": ["I asked Priya and Tom.", "Tom knows."]})
    events = [
        make_event("identifier decided", "P1:8-13", author="AB", value={"decision": "not an identifier", "quote": "Priya"}),
        make_event(
            "identifier decided", "P1:18-21", author="CD",
            value={"decision": "same as", "quote": "Tom", "kind": "person", "same_as": "Tom Ali", "scope": "everywhere"},
        ),
        make_event("identifier decided", "P2:4-9", author="CD", value={"decision": "not an identifier", "quote": "gone"}),
    ]  # fmt: skip
    log = check_table("events", pd.DataFrame(events).assign(event_id=["1", "2", "3"], at="2020"))
    table = review_queue(sources, find_identifiers(sources), decisions=identifier_decisions(log, sources))
    told = table.set_index(["source_id", "quote"])[["decision", "kind_decided", "same_as", "reviewer"]]
    assert told.loc[("P1", "Priya")].tolist() == ["not an identifier", "", "", "AB"]
    assert told.loc[("P1", "Tom")].tolist() == told.loc[("P2", "Tom")].tolist() == ["same as", "person", "Tom Ali", "CD"]


def test_the_queue_is_the_same_in_any_order_and_empty_for_nothing():
    sources = pd.DataFrame({"source_id": ["P2", "P1"], "text": ["We asked. Grace had.", "Code 48213. Ask Priya."]})
    found = find_identifiers(sources)
    pd.testing.assert_frame_equal(review_queue(sources, found), review_queue(sources.iloc[::-1], found.iloc[::-1]))
    nothing = review_queue(empty_table("sources"), find_identifiers(empty_table("sources")))
    assert nothing.dtypes.astype(str).to_dict() == queue("Code 48213.").dtypes.astype(str).to_dict()


def test_the_words_above_a_turn_are_no_part_of_the_queue():
    assert rows("Grace [participant] 0:00:04\nno more than that") == [["Grace", "finding", 0.1]]
