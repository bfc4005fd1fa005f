"""What does not fit together in a study, and what is worth a look."""

import pytest

from engagement_lib.doubts import find_hints
from engagement_lib.study import check_study

STUDY = """title = "Pilot"
cases = "cases.csv"
codebook = "codebook.csv"
claims = "claims.csv"
events = "events.csv"

[[transcripts]]
files = "interviews/*"
interviewers = ["Helen"]
"""
EVENTS = "event_id,at,author,kind,about_type,about_id,value\n"
FILES = {
    "study.toml": STUDY,
    "interviews/P01.txt": "Helen: Pwy?\nP01: Dim syniad 🙈.\nHelen: Why?\nP01: No time.\n",
    "cases.csv": "case_id,group,nation\nP01,producer,Wales\n",
    "codebook.csv": "code\nno-time\n",
    "claims.csv": "claim_id,statement,codes,scope\nC1,Time is short.,+no-time,\n",
    "events.csv": EVENTS,
}
CODINGS = 'codings = "codings/*.csv"\n'
CODED = "source_id,code,coder,quote,layer\nP01,no-time,{},No time,{}\n"


@pytest.fixture
def folder(tmp_path):
    """A study of one interview; `changes` are files with other contents, or none."""

    def make(**changes):
        for name, content in (FILES | changes).items():
            if content is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return make


@pytest.fixture
def misfits(folder):
    return lambda **changes: [str(problem) for problem in check_study(folder(**changes))[1]]


@pytest.fixture
def hints(folder):
    return lambda **changes: find_hints(check_study(folder(**changes))[0])


@pytest.fixture
def decided(misfits):
    """The misfits of a log with this one event in it."""

    def log(at="2020-10-02", kind="verdict given", about_type="claim", about_id="C1", value="supported"):
        found = misfits(**{"events.csv": f"{EVENTS}1,{at},AB,{kind},{about_type},{about_id},{value}\n"})
        return [text.removeprefix("events.csv, row 2: found ") for text in found]

    return log


def coded(coder, *layers_of_coders):
    """A study.toml that names this coder, and a file of codings for each (coder, layer)."""
    files = {f"codings/{who}.csv": CODED.format(who, layer) for who, layer in layers_of_coders}
    return {"study.toml": f'coder = "{coder}"\n{CODINGS}{STUDY}', **files}


def test_a_coder_who_coded_nothing_is_named_with_those_who_did(misfits):
    assert misfits(**coded("inez", ("ines", "independent"), ("omar", "independent"))) == [
        "study.toml, key 'coder': found 'inez'; expected one of ines, omar. Did you mean 'ines'?"
    ]


def test_of_two_coders_one_must_be_named_since_otherwise_nothing_would_count(misfits):
    assert misfits(**coded("", ("ines", "independent"), ("omar", "independent"))) == [
        (
            "study.toml, key 'coder': found no name; expected one of ines, omar. "
            "Name the coder whose codings count where there is no consensus."
        )
    ]


@pytest.mark.parametrize(
    ("coder", "layers"),
    [
        ("", [("ines", "independent")]),
        ("ines", [("ines", "independent"), ("omar", "independent")]),
        ("", [("ines", "independent"), ("omar", "independent"), ("both", "consensus")]),
        ("inez", [("both", "consensus")]),
        ("", [("robot", "machine"), ("rule", "rule")]),
    ],
)
def test_nobody_need_be_named_where_it_is_plain_what_counts(misfits, coder, layers):
    assert misfits(**coded(coder, *layers)) == []


def test_no_coder_is_missed_whose_file_could_not_be_read(misfits):
    changes = coded("omar", ("ines", "independent")) | {"codings/omar.csv": "codes\nno-time\n"}
    assert {text.split(",")[0] for text in misfits(**changes)} == {"codings/omar.csv"}


def test_a_coder_who_read_and_found_nothing_is_a_coder(misfits):
    changes = coded("omar", ("ines", "independent"))
    changes["study.toml"] = 'readings = "readings.csv"\n' + changes["study.toml"]
    assert misfits(**changes, **{"readings.csv": "source_id,coder,finished\nP01,omar,yes\n"}) == []


@pytest.mark.parametrize(
    ("section", "place"),
    [
        (
            '[[transcripts]]\nfiles = "interviews/*"\ninterviewers = ["Helen"]\nwave = "two"\n',
            "[[transcripts]] of 'interviews/*'",
        ),
        ('[[surveys]]\nfile = "s.csv"\ncase = "ref"\nquestions = { why = "why" }\nwave = "two"\n', "[[surveys]] of 's.csv'"),
    ],
)
def test_a_wave_that_study_toml_does_not_describe_is_named(misfits, section, place):
    toml = STUDY.split("[[", maxsplit=1)[0] + section + "[waves.2]\nprompted = true\n"
    assert misfits(**{"study.toml": toml, "s.csv": "ref,why\nR1,Money\n"}) == [
        (
            f"study.toml, {place}: found wave 'two'; expected one of 1, 2. "
            "Add a section [waves.two] that says whether it was prompted, or mend the name."
        )
    ]


def test_a_scope_by_a_variable_that_the_cases_lack_is_named(misfits):
    assert misfits(**{"claims.csv": "claim_id,statement,scope\nC1,Time is short.,natoin=Wales\n"}) == [
        (
            "claims.csv, claim 'C1', scope: found no variable 'natoin'; expected one of kind, wave, group, nation. "
            "Did you mean 'nation'?"
        )
    ]


def test_no_scope_is_held_against_cases_that_could_not_be_read(misfits):
    scope = "claim_id,statement,scope\nC1,Time is short.,sector=health\n"
    assert len(misfits(**{"claims.csv": scope, "cases.csv": None})) == 1


def test_a_scope_that_cannot_be_read_is_named_once(misfits):
    assert len(misfits(**{"claims.csv": "claim_id,statement,scope\nC1,Time is short.,everyone\n"})) == 1


def test_decisions_that_are_well_written_fit(decided):
    assert decided() == []
    assert decided(at="2020-10-02T10:00:00Z", value="supported for large teams only") == []
    assert decided(kind="quote cleared", about_type="passage", about_id="P01:5-9", value="") == []
    assert decided(kind="quote withdrawn", about_type="passage", about_id="P01:5-9", value="") == []
    assert decided(at="", kind="theme named", about_type="theme", about_id="T01", value="Time") == []


@pytest.mark.parametrize("kind", ["quote clear", "Quote cleared", "quote uncleared", "quotes cleared", "verdict gven"])
def test_a_kind_of_decision_that_nobody_reads_is_named(decided, kind):
    (text,) = decided(kind=kind, about_type="passage", about_id="P01:5-9")
    assert text.startswith(f"kind '{kind}'; expected '{'quote cleared' if 'uote' in kind else 'verdict given'}'. Write 'quote ")


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"about_type": ""}, "about_type '' beside 'verdict given'; expected 'claim'. Mend the cell."),
        ({"about_id": "C9"}, "claim 'C9'; expected one of C1. Mend the id."),
        ({"value": ""}, "the verdict ''; expected a verdict such as insufficient, contradicted, contested, "),
        ({"value": "suported"}, "the verdict 'suported'; expected a verdict such as insufficient, contradicted, contested, "),
        ({"at": "02/10/2020"}, "at '02/10/2020'; expected a date such as 2020-10-02. Write year, month and day"),
    ],
)
def test_a_verdict_that_would_be_passed_over_is_named(decided, event, found):
    (text,) = decided(**event)
    assert text.startswith(found)


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"about_type": "quote"}, "about_type 'quote' beside 'quote cleared'; expected 'passage'."),
        (
            {"about_id": "P01 5 9"},
            "passage 'P01 5 9'; expected a source and its characters from start to end such as 'P01:120-180'.",
        ),
        ({"about_id": "P1:5-9"}, "source 'P1'; expected a source of the study. Did you mean 'P01'?"),
        ({"about_id": "P01:5-9999"}, "passage 'P01:5-9999'; expected a stretch within the "),
        ({"about_id": "P01:9-5"}, "passage 'P01:9-5'; expected a stretch within the "),
    ],
)
def test_a_passage_that_is_not_there_is_named(decided, event, found):
    (text,) = decided(**{"kind": "quote cleared", "about_type": "passage", "about_id": "P01:5-9", "value": ""} | event)
    assert text.startswith(found)


def test_no_decision_is_held_against_what_could_not_be_read(misfits):
    events = f"{EVENTS}1,2020-10-02,AB,verdict given,claim,C1,supported\n2,2020-10-02,AB,quote cleared,passage,P01:5-9,\n"
    assert len(misfits(**{"events.csv": events, "claims.csv": None, "interviews/P01.txt": ""})) == 2


@pytest.fixture
def judged(misfits):
    """The misfits of a log with this one judgement of a cell in it."""

    def log(about_type="cell", about_id="C1/interview/producer", value="silence", reason="Asked and nothing said."):
        header = f"{EVENTS.strip()},reason\n"
        row = f"1,2020-10-02,AB,cell judged,{about_type},{about_id},{value},{reason}\n"
        return [text.removeprefix("events.csv, row 2: found ") for text in misfits(**{"events.csv": header + row})]

    return log


def test_a_judgement_of_a_cell_with_a_reason_or_taken_back_fits(judged):
    assert judged() == []
    assert judged(value="", reason="") == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"about_type": "claim"}, "about_type 'claim' beside 'cell judged'; expected 'cell'. Mend the cell."),
        (
            {"about_id": "C9/survey"},
            "cell 'C9/survey'; expected a claim and the values of its cell, such as 'C1/interview/producer'.",
        ),
        (
            {"about_id": "12"},
            "cell '12'; expected a claim and the values of its cell, such as 'C1/interview/producer'. Mend the id.",
        ),
        (
            {"value": "silense"},
            "the judgement 'silense'; expected one of agreement, partial, silence, not asked, dissonance. Did you",
        ),
        (
            {"value": "xyz"},
            "the judgement 'xyz'; expected one of agreement, partial, silence, not asked, dissonance. Leave it empty",
        ),
        ({"reason": ""}, "a judgement without a reason; expected one in 'reason'. Say why; it does not hold without."),
    ],
)
def test_a_judgement_that_would_not_hold_is_named(judged, changes, found):
    (text,) = judged(**changes)
    assert text.startswith(found)


def test_a_judgement_is_not_held_against_claims_that_could_not_be_read(misfits):
    header = f"{EVENTS.strip()},reason\n"
    row = "1,2020-10-02,AB,cell judged,cell,C9/survey,silence,Why.\n"
    found = misfits(**{"events.csv": header + row, "claims.csv": "claim\nC1\n"})
    assert {text.split(",")[0] for text in found} == {"claims.csv"}


def test_a_question_that_study_toml_misspells_is_named(misfits):
    (found,) = misfits(**{"study.toml": f'{STUDY}\n[asked]\nintervew = ["C1"]\n'})
    assert found.startswith("study.toml, key 'asked.intervew': found 'intervew'; expected one of interview, webinar, survey, ")


def test_a_study_without_texts_is_told_where_to_name_them(hints):
    assert hints(**{"study.toml": 'title = "Pilot"'})[0] == (
        "The study holds no text yet. Name some in study.toml, under [[transcripts]] or [[surveys]]."
    )


def test_files_that_nothing_names_are_listed(hints):
    extra = {f"new/D{n}.txt": "Hello." for n in range(9)} | {"new/.DS_Store": "", "README.md": "About."}
    (hint,) = [text for text in hints(**extra) if "not name" in text]
    assert hint == (
        "study.toml does not name new/D0.txt, new/D1.txt, new/D2.txt, new/D3.txt, new/D4.txt, new/D5.txt, new/D6.txt, new/D7.txt "
        "and 1 more; nothing there is read."
    )


def test_a_pattern_that_cannot_be_read_names_no_files(hints):
    assert any("interviews/P01.txt" in text for text in hints(**{"study.toml": STUDY.replace("interviews/*", "/interviews/*")}))


def test_it_is_said_who_is_taken_for_what(hints):
    assert hints() == [
        "Taken for participants, whose words count: P01.",
        "Taken for interviewers and moderators, whose words are never evidence: Helen.",
    ]


SCALE = '\n[scales]\nnation = ["Wales", "Scotland"]\n'


def test_a_value_that_is_not_on_its_scale_is_named_with_its_people(misfits):
    cases = "case_id,group,nation\nP01,user,Walse\nP02,user,Mars\nP03,user,\nP04,user,Scotland\n"
    assert misfits(**{"study.toml": STUDY + SCALE, "cases.csv": cases}) == [
        "study.toml, key 'scales.nation': found 'Walse' of P01; expected one of Wales, Scotland. Did you mean 'Wales'?",
        (
            "study.toml, key 'scales.nation': found 'Mars' of P02; expected one of Wales, Scotland. "
            "Mend it, give it another name under `values`, or put it on the scale."
        ),
    ]


def test_a_scale_of_a_variable_that_is_not_there_is_named(misfits):
    (problem,) = misfits(**{"study.toml": STUDY + SCALE.replace("nation", "natoin")})
    assert problem == (
        "study.toml, key 'scales.natoin': found no variable 'natoin'; expected one of group, nation. Did you mean 'nation'?"
    )


def test_scales_are_not_held_against_cases_that_could_not_be_read(misfits):
    problems = misfits(**{"study.toml": STUDY + SCALE, "cases.csv": "case_id,group,nation\n,user,Mars\n"})
    assert [problem for problem in problems if "scales" in problem] == []


def test_an_encoding_that_was_guessed_at_is_said(hints):
    texts = {"interviews/P02.txt": "Helen: Pwy?\nP02: Siân – £5.\nHelen: Oes?".encode("cp1252")}
    assert "Not UTF-8, and read as Windows-1252: interviews/P02.txt. Look whether accents and dashes are right." in hints(**texts)


def test_text_that_was_decoded_wrongly_before_is_said(hints):
    texts = {"interviews/P02.txt": "Helen: Pwy?\nP02: nobodyâ€™s\nHelen: Oes?"}
    assert "Characters such as 'â€™' come of a wrong encoding: interviews/P02.txt. Export them again as UTF-8." in hints(**texts)


def test_two_files_with_one_text_are_named(hints):
    twice = "Helen: Pwy?\nP02: Neb.\nHelen: Oes?"
    (hint,) = [text for text in hints(**{"interviews/P02.txt": twice, "interviews/P03.txt": twice}) if "same text" in text]
    assert hint.startswith("The same text stands in interviews/P02.txt, interviews/P03.txt.")


def test_people_of_whom_nothing_is_loaded_are_named(hints):
    cases = {"cases.csv": "case_id,group,nation\nP01,user,Wales\nP09,user,Wales\n"}
    assert "Nothing is loaded of P09, named in cases.csv." in hints(**cases)


def test_an_interview_without_a_word_of_a_participant_is_named(hints):
    texts = {"interviews/P02.txt": "Helen: Pwy?\nHelen: Oes?\nHelen: Neb?"}
    assert "interviews/P02.txt: no participant says a word in it." in hints(**texts)


def test_a_speaker_heard_once_in_a_long_talk_is_named(hints):
    talk = "Helen: Pwy?\nP02: Neb.\n" * 12 + "P2: Dim.\n"
    assert "interviews/P02.txt: heard once only: P2. If that is a spelling of another name, mend it." in hints(
        **{"interviews/P02.txt": talk}
    )


def test_an_interview_in_which_nobody_asks_is_worth_a_look(hints):
    assert hints(**{"study.toml": STUDY.replace("Helen", "Helena")}) == [
        "Taken for participants, whose words count: Helen, P01.",
        "Taken for interviewers and moderators, whose words are never evidence: nobody.",
        "interviews/P01.txt: nobody in it asks. If one of Helen, P01 does, add the name to `interviewers`.",
    ]


def test_an_interview_that_names_nobody_is_worth_a_look(hints):
    assert hints(**{"interviews/P01.txt": "Dim syniad. There is no time."})[-1].startswith(
        "interviews/P01.txt names no speaker, so that none of it counts."
    )


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("group=producers", ["Claim 'C1' is about group 'producers', which nobody in the study has. There are: producer."]),
        ("group=producer,not stated; kind=interview; wave=1", []),
        ("group=webinar", ["Claim 'C1' is about group 'webinar', which nobody in the study has. There are: producer."]),
        ("kind=survey", ["Claim 'C1' is about kind 'survey', which nobody in the study has. There are: interview."]),
    ],
)
def test_a_claim_about_people_who_are_not_there_is_worth_a_look(hints, scope, said):
    assert hints(**{"claims.csv": f'claim_id,statement,scope\nC1,Time is short.,"{scope}"\n'})[2:] == said
