from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence import checklist_answers as say
from engagement_lib.evidence.checklist import checklist
from engagement_lib.tables import check_table

CODEBOOK = [
    {"code": "no-time", "theme": "culture", "definition": "Time is short."},
    {"code": "late", "theme": "outside"},
    {"code": "odd", "theme": "outside"},
]
CLAIM = {"claim_id": "C1", "theme": "culture", "statement": "Time is short.", "codes": "+no-time"}


@pytest.fixture
def study(make_study, answers, talk, coded):
    interview, [(start, end)] = talk("I1", ("P9", "participant", "Time enough."), case_id="P9")
    webinar, _ = talk("W1", ("Ann", "participant", "Yes."), kind="webinar")
    made = make_study(
        settings={"coder": "AB", "samples": {"interview": "purposive", "comment": "census"}, "frame": {"themes": ("culture",)}},
        sources=[*answers("P1", "P2"), *answers("P1", wave="2"), interview, webinar],
        cases=[{"case_id": "P1", "group": "user", "nation": "Wales"}, {"case_id": "P9", "group": "producer", "nation": ""}],
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=[
            *coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "late", "supports")),
            *coded(("I1", "no-time", "contradicts"), start=start, end=end),
        ],
        readings=[
            {"source_id": source, "coder": coder, "finished": "yes"}
            for source, coder in [("P1/q1/1", "AB"), ("P2/q1/1", "AB"), ("I1", "AB"), ("I1", "CD"), ("I1", "consensus")]
        ],
    )
    agreed = made.codings.tail(1).assign(coding_id="9", coder="consensus", layer="consensus")
    quotes = pd.DataFrame({"quote_id": ["Q1", "Q2"], "source_id": ["I1", "P1/q1/1"], "quote": ["Time enough.", "Nobody rings."]})
    return replace(made, codings=pd.concat([made.codings, agreed], ignore_index=True), quotes=check_table("quotes", quotes))


def item(study, number, standard="COREQ"):
    return checklist(study, standard=standard).set_index("item").loc[number]


def with_memos(study, *rows):
    columns = ["memo_id", "about_type", "about_id", "author", "at", "text"]
    return replace(study, memos=check_table("memos", pd.DataFrame(rows, columns=columns)))


@pytest.mark.parametrize(("standard", "items"), [("COREQ", 32), ("Spencer", 18)])
def test_every_item_has_its_number_and_topic(study, standard, items):
    table = checklist(study, standard=standard)
    assert table["item"].tolist() == list(range(1, items + 1))
    assert (table[["domain", "topic"]] != "").all(axis=None)
    assert table["topic"].is_unique


def test_items_that_the_data_cannot_know_stay_open(study):
    table = checklist(study, standard="COREQ")
    still_open = table.loc[table["status"] == "open", "item"].tolist()
    assert still_open == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 17, 19, 20, 21, 23, 28]
    assert set(table.loc[table["status"] == "open", "answer"]) == {"for the author to complete"}
    assert set(table.loc[table["status"] == "open", "where"]) == {""}
    assert set(checklist(study, standard="Spencer").query("status == 'filled in'")["item"]) == {7, 8, 10, 12, 14, 18}


def test_each_answer_is_a_sentence_from_the_data(study):
    table = checklist(study, standard="COREQ").set_index("item")
    answers = table["answer"]
    assert answers[10] == "interview: purposive."
    assert answers[12] == "4 respondents with words: 1 interviewed; 1 webinars (each one event); 2 who answered the survey."
    assert (
        answers[16] == f"{answers[12]} By group: not stated 1; producer 1; user 1; webinar 1. Of each case there is also nation."
    )
    assert answers[18] == "Of 1 people interviewed, 0 were interviewed more than once."
    assert answers[22].startswith("All: 2 codes seen in 3 respondents")
    assert answers[24] == ("One coded (AB). 1 of 3 sources read (33%) were read by two or more. A consensus was reached on 1.")
    assert answers[25] == "3 codes (culture 1; outside 2), 1 of them with a definition."
    assert answers[26] == "The themes culture are the frame that was tested; 2 codes of the codebook lie outside it."
    assert answers[27].startswith("Python 3.")
    assert "engagement-lib" in answers[27]
    assert answers[29] == ("2 quotes, each held against its source: verbatim 1; not found 1. Each names the source it is from.")
    assert answers[30] == "1 claims, by a stated rule: insufficient 1. 0 of the verdicts were given by a person."
    assert answers[31] == "culture 2 of 3 respondents (67%)."
    assert answers[32] == (
        "Outside the frame: late 1 of 3 respondents (33%); odd 0 of 3 respondents (0%). Fewer than 5 respondents: late, odd."
        " Passages that bear on the claims: 1 that support them; 1 that contradict them; none is left out."
    )
    assert table.loc[12, "where"] == "notebooks/01-load-and-check.ipynb"


def test_the_questions_of_appraisal_are_met_with_facts(study):
    table = checklist(study, standard="Spencer").set_index("item")["answer"]
    assert table[10].startswith("One coded (AB).")
    assert table[10].endswith("lie outside it.")
    assert table[14].startswith("1 claims, by a stated rule")
    assert table[18].startswith("4 codings name their coder, 0 of them the date; 0 memos; 0 decisions in the log. Python 3.")


def test_a_memo_answers_what_the_data_cannot(study):
    memos = [
        ("1", "checklist", "COREQ/1", "AB", "2020-10-02", "Two colleagues."),
        ("2", "checklist", "COREQ/1", "AB", "2020-10-01", "Somebody."),
        ("3", "checklist", "Spencer/1", "AB", "", "Highly."),
        ("4", "checklist", "COREQ/18", "CD", "", "By design."),
        ("5", "checklist", "COREQ/2", "CD", "", ""),
    ]
    told = with_memos(study, *memos)
    assert item(told, 1)[["answer", "where", "status"]].tolist() == ["Two colleagues.", "memo by AB, 2020-10-02", "filled in"]
    assert item(told, 18)[["answer", "where"]].tolist() == [
        "By design. Of 1 people interviewed, 0 were interviewed more than once.",
        "memo by CD; notebooks/01-load-and-check.ipynb",
    ]
    assert item(told, 2)["status"] == "open"
    assert item(told, 1, "Spencer")["answer"] == "Highly."


def test_a_memo_about_an_item_that_is_not_there_is_named(study):
    told = with_memos(study, ("7", "checklist", "COREQ/33", "AB", "", "x"))
    with pytest.raises(TableError, match="memo '7', about_id: found 'COREQ/33'; expected an item from COREQ/1 to COREQ/32"):
        checklist(told, standard="COREQ")
    assert len(checklist(told, standard="Spencer")) == 18


def test_there_are_two_checklists(study):
    with pytest.raises(TableError, match="checklist, standard: found 'SRQR'; expected 'COREQ' or 'Spencer'"):
        checklist(study, standard="SRQR")


def test_an_empty_study_knows_its_software_and_nothing_else(make_study):
    table = checklist(make_study(), standard="COREQ")
    assert table.loc[table["status"] == "filled in", "item"].tolist() == [27]
    assert set(checklist(make_study(), standard="Spencer")["status"]) == {"open"}


def test_the_wording_of_items_is_short_and_our_own():
    lines = (Path(say.__file__).parent / "checklists.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 32 + 18
    assert not [line for line in lines if "?" in line]


def test_times_in_transcripts_say_how_long_it_took(make_study):
    def source(name, *turns):
        text = "\n\n".join(f"{who} {time}".strip() + "\nYes." for who, time in turns)
        return {"source_id": name, "case_id": name, "kind": "interview", "text": text}

    person, tom = "P [participant]", "Tom [interviewer]"
    study = make_study(
        sources=[
            source("I1", (tom, "0:00:00"), (person, "0:30:00")),
            source("I2", (tom, "0:10:00–0:10:10"), (person, "0:10:20–0:20:00")),
            source("I3", (person, "0:00:00")),
            source("I4", (person, "")),
        ]
    )
    assert say.say_duration(study) == "By the times in 2 of 4 transcripts, a median of 20 minutes, from 10 to 30."


def test_people_interviewed_twice_are_counted(make_study, talk):
    sources = [talk(name, ("P", "participant", "Yes."), case_id="P1")[0] for name in ("I1", "I2")]
    study = make_study(sources=[*sources, talk("I3", ("P", "participant", "Yes."), case_id="P2")[0]])
    assert say.say_repeats(study) == "Of 2 people interviewed, 1 were interviewed more than once."


def test_two_coders_without_readings_are_named(spoken):
    first = spoken([("P1", "late")], {"late": "outside"})
    other = first.codings.assign(coder="CD", coding_id="2")
    both = replace(first, codings=pd.concat([first.codings, other], ignore_index=True))
    assert say.say_coders(both) == "2 coded on their own (AB, CD). What each has read is not written down."


def test_readings_without_a_consensus_say_so_by_saying_nothing(spoken):
    study = spoken([("P1", "late")], {"late": "outside"}, readings=[{"source_id": "A000", "coder": "AB", "finished": "yes"}])
    assert say.say_coders(study) == "One coded (AB). 0 of 1 sources read (0%) were read by two or more."


def test_a_codebook_that_lies_within_the_frame_has_nothing_outside(spoken):
    rows = [(f"P{number}", "late") for number in range(6)]
    assert say.say_minor_themes(spoken(rows, {"late": "outside"})) == "The codebook has no code outside the frame."
    common = spoken(rows, {"late": "outside", "odd": "culture"}, settings={"frame": {"themes": ("culture",)}})
    assert say.say_minor_themes(common) == "Outside the frame: late 6 of 6 respondents (100%)."


def test_a_code_only_in_sources_that_nobody_read_is_nobodys(spoken):
    readings = [{"source_id": "A001", "coder": "AB", "finished": "yes"}]
    study = spoken([("P1", "late"), ("P2", "")], {"late": "outside"}, readings=readings)
    assert say.say_major_themes(study) == "outside nobody."


def test_a_verdict_that_somebody_gave_is_counted(study):
    event = {"event_id": "1", "author": "AB", "kind": "verdict given", "about_type": "claim", "about_id": "C1"}
    decided = replace(study, events=check_table("events", pd.DataFrame([event | {"value": "contested"}])))
    assert say.say_consistency(decided).endswith(" 1 of the verdicts were given by a person.")


def test_themes_without_a_name_are_told_as_such(make_study):
    assert say.say_coding_tree(make_study(codebook=[{"code": "odd"}])) == "1 codes (no theme 1), 0 of them with a definition."
