import pytest


def ask(desk, kind="open", **message):
    return desk.answer({"kind": kind, **message})


def compare(desk, source="P01"):
    return ask(desk, source_id=source)["compare"]


def test_differences_are_found_by_sentence_in_the_order_of_the_text(compared):
    found = compare(compared)
    assert found["pair"] == ["AB", "CD"]
    assert [(row["code"], row["coders_with"], row["coders_without"], row["settled"]) for row in found["differences"]] == [
        ("jargon", "AB", "CD", ""),
        ("no-reply", "AB", "CD", ""),
    ]


def test_what_both_gave_stands_on_the_words_that_both_coded(compared, make_desk):
    wider = {"kind": "code", "id": "wider-coding", "source_id": "P01", "start": 100, "end": 115, "code": "jargon"}
    make_desk("CD").answer(wider)
    agreed = compare(compared)["agreed"]
    assert [(row["start"], row["end"], row["code"]) for row in agreed] == [(100, 106, "jargon"), (107, 115, "no-time")]


def test_nothing_is_sent_of_a_source_that_one_of_the_two_has_not_finished(compared, make_desk):
    code = {"kind": "code", "id": "early-coding", "source_id": "P02", "start": 50, "end": 60, "code": "jargon"}
    make_desk("AB").answer(code)
    make_desk("AB").answer({"kind": "finish", "source_id": "P02"})
    found = compare(compared, "P02")
    assert found == {"pair": ["AB", "CD"], "waiting": ["CD"], "codings": [], "differences": [], "agreed": []}


def test_what_is_settled_is_said_after_each_act(compared):
    place = {"source_id": "P01", "start": 97, "end": 106, "code": "jargon"}
    kept = ask(compared, "code", id="kept-coding", **place)["state"]["compare"]["differences"]
    assert [row["settled"] for row in kept] == ["kept", ""]
    row = kept[1]
    left = ask(compared, "settle", source_id="P01", start=row["start"], end=row["end"], code="no-reply")["state"]
    assert [row["settled"] for row in left["compare"]["differences"]] == ["kept", "left out"]


def test_taking_what_both_gave_is_done_once(compared, log):
    reply = ask(compared, "agree", source_id="P01")
    assert len(reply["event_ids"]) == 1
    assert reply["state"]["compare"]["agreed"] == []
    assert ask(compared, "agree", source_id="P01")["kind"] == "nothing"
    assert [author for author, *_ in log() if author == "consensus"] == ["consensus"]


@pytest.mark.parametrize("coder", ["AB", "CD"])
def test_an_id_of_either_coder_is_not_the_consensus_s_own(compared, coder):
    given = next(row["coding_id"] for row in compare(compared)["codings"] if row["coder"] == coder)
    assert ask(compared, "withdraw", ids=[given])["kind"] == "failed"
