import json

import pandas as pd
import pytest

from engagement_lib.coding.events import make_event
from engagement_lib.loading.text import sha256
from engagement_lib.privacy.decisions import apply_decisions, decided_aliases, identifier_decisions, signed_off
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.privacy.pseudonyms import pseudonymise
from engagement_lib.tables import check_table, empty_table

SOURCES = pd.DataFrame(
    {"source_id": ["P1", "P2"], "text": ["We rang Priya, and grace came. Ask ONS.", "Priya and spud said no to ONS. grace!"]}
)


def decide(source, words, decision, *, kind="", same_as="", scope="here", by="AB", at=""):
    text = dict(SOURCES.to_numpy().tolist())[source]
    place = f"{source}:{text.index(words)}-{text.index(words) + len(words)}"
    value = {"decision": decision, "kind": kind, "same_as": same_as, "quote": words, "scope": scope}
    return make_event("identifier decided", place, author=by, value=value) | {"at": at}


def log(*events):
    rows = [event | {"event_id": f"e{n}", "at": event["at"] or f"2020-10-0{n + 1}"} for n, event in enumerate(events)]
    return check_table("events", pd.DataFrame(rows)) if rows else empty_table("events")


def left(*events):
    found = find_identifiers(SOURCES)
    decided = apply_decisions(found, SOURCES, identifier_decisions(log(*events), SOURCES))
    return decided[["source_id", "quote", "kind", "by"]].to_numpy().tolist()


FOUND = [["P1", "Priya", "person", "rules"], ["P1", "ONS", "organisation", "rules"],
         ["P2", "Priya", "person", "rules"], ["P2", "ONS", "organisation", "rules"]]  # fmt: skip


def test_without_a_decision_every_finding_stays():
    assert left() == FOUND


def test_what_is_none_here_goes_here_and_what_is_none_everywhere_goes_everywhere():
    assert left(decide("P1", "ONS", "not an identifier")) == [FOUND[0], *FOUND[2:]]
    assert left(decide("P1", "ONS", "not an identifier", scope="everywhere")) == [FOUND[0], FOUND[2]]


def test_what_is_decided_of_one_place_goes_before_what_is_decided_everywhere():
    everywhere = decide("P1", "ONS", "not an identifier", scope="everywhere")
    here = decide("P2", "ONS", "identifier", kind="organisation", by="CD")
    for events in ((everywhere, here), (here, everywhere)):
        assert left(*events) == [FOUND[0], FOUND[2], ["P2", "ONS", "organisation", "CD"]]


def test_what_was_passed_over_is_added_at_its_place_or_wherever_the_words_stand():
    here = decide("P1", "grace", "identifier", kind="person")
    everywhere = decide("P1", "grace", "identifier", kind="person", scope="everywhere")
    assert ["P1", "grace", "person", "AB"] in left(here)
    assert ["P2", "grace", "person", "AB"] not in left(here)
    assert ["P2", "grace", "person", "AB"] in left(everywhere)
    assert len(left(everywhere, decide("P2", "grace", "not an identifier"))) == 5


def test_words_are_added_as_words_of_their_own_alone():
    assert [row for row in left(decide("P1", "an", "identifier", kind="person", scope="everywhere")) if row[1] == "an"] == []


def test_another_kind_may_be_given_to_a_finding():
    found = find_identifiers(SOURCES)
    decisions = identifier_decisions(log(decide("P1", "ONS", "identifier", kind="person")), SOURCES)
    row = apply_decisions(found, SOURCES, decisions).iloc[1]
    assert row[["kind", "direct", "confidence", "by"]].tolist() == ["person", True, "high", "AB"]


def test_the_latest_decision_holds():
    no, yes = decide("P1", "Priya", "not an identifier"), decide("P1", "Priya", "identifier", kind="proper name")
    assert left(no, yes)[0] == ["P1", "Priya", "proper name", "AB"]
    assert left(yes, no) == FOUND[1:]
    everywhere = [decide("P1", "ONS", "not an identifier", scope="everywhere"),
                  decide("P2", "ONS", "identifier", kind="team", scope="everywhere")]  # fmt: skip
    assert [row[2] for row in left(*everywhere)] == ["person", "team", "person", "team"]


def test_a_decision_about_words_that_stand_there_no_more_does_not_hold():
    decisions = identifier_decisions(
        log(decide("P1", "Priya", "not an identifier")), SOURCES.assign(text="Other words altogether.")
    )
    assert decisions["reason"].tolist() == ["the text has changed since"]
    assert len(apply_decisions(find_identifiers(SOURCES), SOURCES, decisions)) == 4
    assert len(decided_aliases(decisions)) == 0


def test_a_log_that_says_something_else_decides_nothing():
    odd = [
        make_event("identifier decided", "not a place", author="AB", value="{}"),
        make_event("identifier decided", "P1:0-2", author="AB", value="no JSON"),
        make_event("identifier decided", "P1:0-3", author="AB", value="[1]"),
        make_event("verdict given", "C1", author="AB", value="supported"),
    ]
    decisions = identifier_decisions(log(*odd), SOURCES)
    assert decisions["reason"].tolist() == ["the text has changed since"] * 2
    assert left(*odd) == FOUND


def test_same_as_makes_two_names_one_person():
    events = log(
        decide("P2", "spud", "same as", kind="person", same_as="Priya"),
        decide("P1", "grace", "same as", kind="proper name", same_as="Ann", scope="everywhere"),
        decide("P2", "grace", "same as", kind="person", same_as="Priya", scope="everywhere"),
    )
    decisions = identifier_decisions(events, SOURCES)
    aliases = decided_aliases(decisions)
    assert aliases.to_numpy().tolist() == [["P2", "person", "spud", "priya"], ["", "person", "grace", "priya"]]
    found = apply_decisions(find_identifiers(SOURCES), SOURCES, decisions)
    texts = pseudonymise(SOURCES, found, key=b"a7c1e05b9d2f48366e8d0b7f1c95a234", level="direct", aliases=aliases).sources["text"]
    names = {word for text in texts for word in text.replace("]", "[").split("[")[1::2]}
    assert len(names) == 1


def test_no_findings_and_no_decisions_give_an_empty_table():
    nothing = empty_table("sources")
    decided = apply_decisions(find_identifiers(nothing), nothing, identifier_decisions(empty_table("events"), nothing))
    assert decided.columns.tolist()[-1] == "by"
    assert len(decided) == 0


def sign(source, text, *, by="AB"):
    return make_event("source signed off", source, author=by, value={"text_sha256": sha256(text)}) | {"at": ""}


def test_a_source_is_signed_off_until_its_text_changes():
    events = log(sign("P1", SOURCES.loc[0, "text"]), sign("P2", "an older text", by="CD"))
    expected = [["P1", True, "AB", "2020-10-01", ""], ["P2", False, "CD", "2020-10-02", "the text has changed since"]]
    assert signed_off(SOURCES, events).to_numpy().tolist() == expected


def test_a_source_may_be_signed_off_again():
    events = log(sign("P1", "an older text"), sign("P1", SOURCES.loc[0, "text"], by="CD"))
    assert signed_off(SOURCES, events).loc[0, "reviewer"] == "CD"


@pytest.mark.parametrize("value", ["", "[]", json.dumps({"text_sha256": "other"})])
def test_a_sign_off_that_names_no_text_or_another_is_none(value):
    event = make_event("source signed off", "P1", author="AB", value=value) | {"at": ""}
    assert signed_off(SOURCES, log(event))["signed_off"].tolist() == [False, False]
