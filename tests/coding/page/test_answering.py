"""The desk, without a browser."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from engagement_lib.coding.page.answering import _REMEMBERED
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.coding.undoing import undo
from engagement_lib.errors import EngagementError, StoreError
from engagement_lib.tables import empty_table

CODE = {"kind": "code", "id": "coding-a1", "source_id": "P01", "start": 97, "end": 106, "code": "jargon"}


def ask(desk, kind="open", **message):
    return desk.answer({"kind": kind, **message})


def test_nothing_of_another_coder_is_sent_to_the_page(make_desk):
    other = make_desk("CD-the-other")
    ask(other, **CODE | {"id": "coding-of-another"})
    ask(other, "memo", id="coding-of-another", text="A secret memo")
    ask(other, "memo", source_id="P01", start=0, end=5, text="A secret memo")
    ask(other, "finish", source_id="P01")
    desk = make_desk()
    sent = [ask(desk), ask(desk, **CODE), ask(desk, "undo"), ask(desk, "redo"), ask(desk, "ping"), ask(desk, "agree")]
    everything = json.dumps(sent)
    assert [secret for secret in ("CD-the-other", "secret", "coding-of-another") if secret in everything] == []
    state = sent[0]
    assert (state["codings"], state["memos"], state["recent"]) == ([], [], [])
    assert state["sources"][0] == {"source_id": "P01", "finished": False, "codings": 0}


def test_codings_by_rule_and_those_agreed_are_not_sent_to_a_coder(make_desk, study):
    rows = [
        dict(CODE, coding_id=f"c{layer}", coder="AB", layer=layer, quote="Honestly?")
        for layer in ("rule", "consensus", "machine")
    ]
    codings = pd.DataFrame(rows).drop(columns=["kind", "id"])
    desk = make_desk()
    desk.study = replace(study, codings=pd.concat([study.codings, codings]).fillna(""))
    assert ask(desk)["codings"] == []


def test_the_state_holds_the_source_by_turns_and_sentences_in_code_points(make_desk):
    source = ask(make_desk())["source"]
    sentences = [source["text"][start:end] for turn in source["turns"] for start, end in turn["sentences"]]
    assert sentences == [
        "How do you know who uses your statistics?",
        "Honestly?",
        "I don't.",
        "We never have the time 🙂, and nobody rings back.",
        "It's <b>on the list</b>.",
        "Who is on the list?",
        "A handful of names.",
        "They tell their friends 👩‍👩‍👧, I suppose!",
        "Cafe\u0301 owners too.",
    ]
    assert [(turn["speaker"], turn["time"], turn["evidence"]) for turn in source["turns"]] == [
        ("Helen", 4.0, False),
        ("P01", 12.0, True),
        ("Helen", 40.0, False),
        ("P01", 44.5, True),
    ]


def test_the_first_source_that_is_not_finished_is_shown(make_desk):
    ask(make_desk(), "finish", source_id="P01")
    assert ask(make_desk())["source"]["source_id"] == "P02"
    for name in ("P02", "S1/gaps"):
        ask(make_desk(), "finish", source_id=name)
    assert ask(make_desk())["source"]["source_id"] == "P01"


def test_a_source_without_words_or_unknown_is_refused(make_desk):
    for name in ("S2/gaps", "P99"):
        with pytest.raises(EngagementError, match=f"no source '{name}' with words"):
            make_desk(source_id=name)
    assert ask(make_desk(), source_id="P99")["kind"] == "failed"


def test_a_study_without_words_has_nothing_to_code(make_desk, study):
    with pytest.raises(EngagementError, match="no source with words"):
        replace(make_desk(), study=replace(study, sources=empty_table("sources")))


def test_saved_is_said_with_the_id_of_the_event_that_stands(make_desk, study):
    reply = ask(make_desk(), **CODE, request="r1")
    assert (reply["kind"], reply["act"], reply["request"]) == ("saved", "code", "r1")
    assert read_events(study.folder)["event_id"].tolist() == [reply["event_id"]]


def test_a_message_sent_twice_is_answered_twice_and_done_once(make_desk, study):
    desk = make_desk()
    assert ask(desk, **CODE, request="r1") == ask(desk, **CODE, request="r1")
    assert len(read_events(study.folder)) == 1


def test_only_so_many_answers_are_remembered(make_desk):
    desk = make_desk()
    for number in range(_REMEMBERED + 5):
        ask(desk, "ping", request=f"r{number}")
    assert len(desk._replies) == _REMEMBERED


@pytest.mark.parametrize("act", [CODE, {"kind": "memo", "source_id": "P01", "start": 0, "end": 3, "text": "Why?"}])
def test_what_another_kernel_saved_already_is_not_added_again(make_desk, study, act):
    first = ask(make_desk(), **act)
    second = ask(make_desk(), **act, again=True)
    assert second["event_id"] == first["event_id"]
    assert len(read_events(study.folder)) == 1


def test_a_coding_of_an_id_that_stands_is_looked_up_even_if_it_is_not_said_to_come_again(make_desk, study):
    first = ask(make_desk(), **CODE)
    assert ask(make_desk(), **CODE)["event_id"] == first["event_id"]
    assert len(read_events(study.folder)) == 1


def test_a_coding_that_was_withdrawn_is_still_one_s_own(make_desk):
    ask(make_desk(), **CODE)
    ask(make_desk(), "withdraw", ids=["coding-a1"])
    desk = make_desk()
    assert ask(desk)["codings"] == []
    assert ask(desk, "memo", id="coding-a1", text="It was wrong.")["kind"] == "saved"


def test_undo_and_redo_step_over_what_was_decided_elsewhere(make_desk, study, clock):
    desk = make_desk()
    ask(desk, **CODE)
    verdict = {"kind": "verdict given", "about_type": "claim", "about_id": "C1", "author": "AB", "value": "contested"}
    append_events(study.folder, pd.DataFrame([{"event_id": "", "at": "", "reason": "", **verdict}]), now=clock())
    assert ask(desk, "undo")["undone"] == {
        "kind": "coding added",
        "about_id": "coding-a1",
        "source_id": "P01",
        "start": 97,
        "end": 106,
        "code": "jargon",
    }
    assert ask(desk, "undo") == {"request": "", "kind": "nothing", "act": "undo"}
    assert [one["code"] for one in ask(desk, "redo")["state"]["codings"]] == ["jargon"]
    assert ask(desk, "redo")["kind"] == "nothing"


def test_an_undone_finish_is_described_without_a_place(make_desk):
    desk = make_desk()
    ask(desk, "finish", source_id="P01")
    assert ask(desk, "undo")["undone"] == {"kind": "source finished", "about_id": "P01"}


def test_an_undone_memo_on_a_passage_is_described_by_its_place(make_desk):
    desk = make_desk()
    ask(desk, "memo", source_id="P01", start=97, end=106, text="Odd.")
    about = {"kind": "memo", "about_id": "P01:97-106", "source_id": "P01", "start": 97, "end": 106}
    assert ask(desk, "undo")["undone"] == about


def test_what_one_undid_in_python_is_gone_from_the_page(make_desk, study, clock):
    desk = make_desk()
    ask(desk, **CODE)
    undo(study.folder, "AB", now=clock())
    assert ask(desk)["codings"] == []


def test_a_store_that_cannot_be_read_fails_in_words_and_the_same_message_may_come_again(make_desk, study):
    desk = make_desk()
    (study.folder / "study.db").write_bytes(b"no database " * 99)
    reply = ask(desk, **CODE, request="r1")
    assert reply == {
        "kind": "failed",
        "request": "r1",
        "problem": "study.db: found a file that is no database; expected the events of a study.",
        "remedy": "Move it away, or bring back a copy of the store.",
    }
    with pytest.raises(StoreError):
        make_desk()
    (study.folder / "study.db").unlink()
    assert ask(desk, **CODE, request="r1")["kind"] == "saved"


def test_recent_codes_come_the_latest_first_and_nine_at_most(make_desk):
    codes = [f"code-{number}" for number in range(11)]
    desk = make_desk(codes=codes)
    for number, code in enumerate([*codes, "code-5"]):
        ask(desk, **CODE | {"id": f"coding-{number:03}", "code": code})
    assert ask(desk)["recent"] == ["code-5", "code-10", "code-9", "code-8", "code-7", "code-6", "code-4", "code-3", "code-2"]


def test_the_codebook_is_sent_with_its_rules(make_desk):
    first, *_ = ask(make_desk())["codes"]
    assert first == {
        "code": "no-time",
        "parent": "",
        "definition": "Too few hours for users.",
        "include": "Hours, people, money.",
        "exclude": "A named manager: leadership-time.",
        "example": "It is me and Tuesdays.",
        "counter_evidence": "",
    }


def test_memos_are_the_coder_s_own_about_the_source_shown(make_desk):
    desk = make_desk()
    ask(desk, **CODE)
    ask(desk, "memo", id="coding-a1", text="On the coding")
    ask(desk, "memo", source_id="P01", start=0, end=3, text="On the passage")
    ask(desk, "memo", source_id="P02", start=0, end=3, text="Elsewhere")
    assert [memo["text"] for memo in ask(desk)["memos"]] == ["On the coding", "On the passage"]
