"""The reviewer's desk without a browser."""

import pandas as pd
import pytest

from engagement_lib.coding.events import make_event
from engagement_lib.coding.store import append_events
from engagement_lib.errors import TableError
from engagement_lib.privacy.decisions import apply_decisions, identifier_decisions, signed_off
from engagement_lib.sharing.review.modules import review_looks, review_module
from engagement_lib.sharing.review.widget import ReviewPage, review_identifiers


def settle(place, decision="not an identifier", **more):
    source, _, span = place.rpartition(":")
    start, end = map(int, span.split("-"))
    message = {"kind": "settle", "source_id": source, "start": start, "end": end, "decision": decision, "scope": "here"}
    return message | more


def item(reply, words):
    return next(one for one in reply["items"] if one["quote"] == words)


def test_a_source_is_sent_with_what_surrounds_each_entry(make_desk):
    reply = make_desk().answer({"kind": "open", "request": "1"})
    assert (reply["source_id"], reply["title"], reply["reviewer"]) == ("P01", "Pilot", "AB")
    assert reply["known"] == ["Gethin Pugh", "Helen"]
    grace = item(reply, "Grace")
    assert grace["before"].endswith("P01 [participant] 0:00:12 🙂 We asked. ")
    assert grace["after"].startswith(" had said so. Ask the Office")
    assert [row["left"] for row in reply["sources"]] == [2, 2, 0]


def test_a_decision_everywhere_counts_in_every_source(make_desk, place, study):
    desk = make_desk()
    reply = desk.answer(settle(place("Grace"), "identifier", of="person", scope="everywhere", request="1"))
    assert [row["left"] for row in reply["state"]["sources"]] == [1, 1, 0]
    decisions = identifier_decisions(desk.events(), study.sources)
    found = apply_decisions(desk.findings, study.sources, decisions)
    assert found.loc[found["quote"] == "Grace", ["source_id", "by"]].to_numpy().tolist() == [["P01", "AB"], ["P02", "AB"]]


def test_the_same_message_and_the_same_decision_are_done_once(make_desk, place, log):
    desk = make_desk()
    message = settle(place("Grace"), request="1")
    assert desk.answer(message) == desk.answer(message)
    desk.answer(message | {"request": "2"})
    assert len(log()) == 1
    desk.answer(settle(place("Grace"), "identifier", of="person", request="3"))
    desk.answer(message | {"request": "4"})
    assert len(log()) == 3


def test_only_the_last_replies_are_remembered(make_desk, place, log, monkeypatch):
    monkeypatch.setattr("engagement_lib.sharing.review.desk._REMEMBERED", 1)
    desk = make_desk()
    for number in range(3):
        desk.answer({"kind": "ping", "request": str(number)})
    assert list(desk._replies) == ["2"]


def test_a_sign_off_waits_until_everything_is_decided(make_desk, place, study):
    desk = make_desk()
    assert desk.answer({"kind": "finish", "source_id": "P01"})["left"] == 2
    for words in ("Grace", "Office"):
        desk.answer(settle(place(words)))
    assert desk.answer({"kind": "finish", "source_id": "P01"})["kind"] == "saved"
    rows = desk.sources()
    assert rows[0] == {"source_id": "P01", "signed_off": True, "reviewer": "AB", "reason": "", "left": 0}
    assert signed_off(study.sources, desk.events())["signed_off"].tolist() == [True, False, False, False]
    assert make_desk().source_id == "P02"


def test_when_all_are_signed_off_the_first_is_shown(make_desk, place):
    desk = make_desk()
    for name in (place("Grace"), place("Office"), place("Grace", "P02"), place("48213", "P02")):
        desk.answer(settle(name))
    for source in ("P01", "P02", "S1/gaps"):
        desk.answer({"kind": "finish", "source_id": source})
    assert make_desk().source_id == "P01"


def test_undo_is_for_the_reviewers_own_acts_in_this_page_alone(make_desk, place, study, log):
    desk = make_desk()
    desk.answer(settle(place("Grace")))
    verdict = pd.DataFrame([make_event("claim registered", "C1", author="AB")])
    append_events(study.folder, verdict, now=desk.clock())
    make_desk("CD").answer(settle(place("Office")))
    assert desk.answer({"kind": "undo"})["undone"] == f"identifier decided {place('Grace')}"
    assert desk.answer({"kind": "undo"}) == {"request": "", "kind": "nothing", "act": "undo"}
    assert desk.answer({"kind": "redo"})["kind"] == "saved"
    assert desk.answer({"kind": "redo"})["kind"] == "nothing"
    assert [kind for _, kind, _, _ in log()].count("event undone") == 1


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"kind": "dance"}, "review: found 'dance'; expected an act that the page knows."),
        ({"kind": "open", "source_id": "P9"}, "found 'P9'; expected a source of the study with words."),
        ({"kind": "finish"}, "found None; expected a source of the study with words."),
        (settle("P01:5-4"), "found '5 and 4'; expected a stretch of 'P01'."),
        (settle("P01:0-9999"), "expected a stretch of 'P01'."),
        (settle("P01:0-4") | {"start": "0"}, "found '0 and 4'; expected a stretch of 'P01'."),
        (settle("P01:0-4", "perhaps"), "found 'perhaps'; expected one of identifier, not an identifier, same as"),
        (settle("P01:0-4", scope="there"), "expected one of identifier, not an identifier, same as, here or everywhere."),
        (settle("P01:0-4", "identifier"), "a kind for the decision 'identifier'"),
        (settle("P01:0-4", "same as", of="person"), "a same_as for the decision 'same as'"),
    ],
)
def test_a_message_that_cannot_be_is_refused(make_desk, log, message, words):
    reply = make_desk().answer(message | {"request": "1"})
    assert reply["kind"] == "failed"
    assert words in reply["problem"]
    assert log() == []


def test_a_study_without_words_or_a_reviewer_without_a_name_is_refused(study):
    with pytest.raises(TableError, match="review, sources: found no source with words"):
        review_identifiers(type(study)(**{**vars(study), "sources": study.sources.iloc[3:]}), reviewer="AB")
    with pytest.raises(TableError, match="review_identifiers, reviewer: found ' '; expected the name of a person"):
        review_identifiers(study, reviewer=" ")
    with pytest.raises(TableError, match="found 'P9'"):
        review_identifiers(study, reviewer="AB", source_id="P9")


def test_where_nothing_runs_the_page_says_how_far_the_review_is_and_no_word_of_a_text(study):
    page = review_identifiers(study, reviewer="A<B")
    bundle, _ = page._repr_mimebundle_()
    assert bundle["text/html"] == (
        '<section aria-label="Review of identifiers"><p>Review of identifiers by A&lt;B: 0 of 3 sources signed off, 4 entries '
        "not decided; the texts stay in the study.</p></section>"
    )
    assert bundle["text/plain"].startswith("The review page of A<B.")
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == page.model_id


def test_the_widget_sends_the_desks_answer_and_holds_no_words(study, monkeypatch):
    page = review_identifiers(study, reviewer="AB")
    sent = []
    monkeypatch.setattr(ReviewPage, "send", lambda self, reply: sent.append(reply))
    page._receive(page, {"kind": "ping", "request": "1"}, [])
    assert sent == [{"request": "1", "kind": "alive"}]
    assert not any("Grace" in str(value) for name, value in page.get_state().items() if name not in ("_esm", "_css"))


def test_the_module_is_whole_and_imports_nothing():
    module = review_module()
    assert "import " not in module.replace("// ", "").split("class Saving")[0].split("function make")[0]
    assert [name for name in ("class Saving", "class ReviewList", "function readListKey") if module.count(name) != 1] == []
    assert "import {" not in module
    assert module.count("export ") == 1
    assert ".eng-review-list" in review_looks()
