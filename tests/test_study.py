"""Open a study from its folder; every problem at once, and nothing lost."""

from datetime import UTC, datetime
from io import BytesIO

import pandas as pd
import pytest
from docx import Document
from openpyxl import Workbook
from pandas.testing import assert_frame_equal

from engagement_lib.coding.events import codings_added, make_event
from engagement_lib.coding.history import read_codings
from engagement_lib.coding.store import append_events
from engagement_lib.coding.undoing import undo
from engagement_lib.errors import StudyError
from engagement_lib.exchange.logs import write_rows
from engagement_lib.loading.text import sha256
from engagement_lib.sharing.clearance import cleared_passages
from engagement_lib.study import account_for, check_study, describe_environment, describe_study, new_study, open_study
from engagement_lib.tables import SCHEMAS, check_table, empty_table

STUDY = r"""title = "Pilot"
coder = "AB"
cases = "cases.csv"
codebook = "codebook.csv"
codings = "codings/*.csv"
readings = "readings.csv"
memos = "memos.csv"
claims = "claims.csv"
events = "events.csv"

[waves.2]
prompted = true

[[transcripts]]
files = "interviews/*"
name = "[A-Z]\\d+"
interviewers = ["Helen"]

[[transcripts]]
files = "webinars/*.vtt"
kind = "webinar"
name = "(?P<source_id>W\\d)"
moderators = ["Tom"]

[[transcripts]]
files = "replies/*.md"
kind = "comment"
wave = "2"
name = "(?P<source_id>C\\d+)_(?P<case_id>[^_]+)"

[[surveys]]
file = "survey.xlsx"
case = "ref"
sheet = "Answers"
[surveys.questions]
barriers = "Q6 What gets in the way?"
[surveys.attributes]
group = "Q1 Who are you?"
nation = "Q2 Nation"
[surveys.values.group]
"I use them" = "user"

[[coded_answers]]
file = "coded.csv"
case = "ref"
question = "barriers"
codes = "codes"
coder = "CD"
"""


def word(*paragraphs):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(document):
    data = BytesIO()
    document.save(data)
    return data.getvalue()


FILES = {
    "study.toml": STUDY,
    "interviews/P01_March.docx": word("Interview 1", "Helen   0:02", "Pwy?", "P01   0:10", "Dim amser 🙈. There is no time."),
    "interviews/P02.txt": "\ufeffHelen: Who?\r\nP02: Nobody rings back.\r\nHelen: Why?\r\nP02: لا أحد يرد\r\n",
    "interviews/.DS_Store": b"\x00\x01",
    "interviews/~$P01_March.docx": b"\x00locked",
    "webinars/W1.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Tom>Croeso.\n\n00:02.000 --> 00:03.000\n<v Siân>No time.\n",
    "replies/C1_P01_email.md": "One: there is no time.\n",
    "survey.xlsx": workbook(
        Notes=[["Export"]],
        Answers=[
            ["ref", "Q1 Who are you?", "Q2 Nation", "Q6 What gets in the way?"],
            ["R1", "I use them", "Wales", "Money 👛"],
            ["R2", "", "", "n/a"],
            ["P02", "I use them", "Scotland", None],
        ],
    ),
    "cases.csv": "case_id,group,nation,\nP01,producer,England,\nP02,producer,,\n",
    "codebook.csv": "code,definition\nno-time,Time is short.\nmoney,\nunused,\n",
    "codings/AB.csv": "coding_id,source_id,code,coder,quote\n1,P01,no-time,AB,There is no time.\n2,C1,no-time,AB,no time\n",
    "coded.csv": "ref,codes\nR1,money\n",
    "readings.csv": "source_id,coder,finished\nP01,AB,yes\nC1,AB,yes\n",
    "memos.csv": "memo_id,about_type,about_id,author,text\n1,code,no-time,AB,Often said.\n",
    "claims.csv": "claim_id,statement,codes\nC1,Time is short.,+no-time -money\n",
    "events.csv": "event_id,at,author,kind,about_type,about_id,value\n1,2020-10-02,AB,verdict given,claim,C1,supported\n",
}


@pytest.fixture
def folder(tmp_path):
    """A whole study in a folder; `changes` are files with other contents, or none."""

    def make(**changes):
        for name, content in (FILES | changes).items():
            if content is None:
                continue
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return make


def problems(folder):
    return [str(problem) for problem in check_study(folder)[1]]


def changed(old, new):
    assert old in STUDY
    return {"study.toml": STUDY.replace(old, new)}


def test_a_study_opens_with_every_table_in_its_shape(folder):
    study = open_study(folder())
    for name in ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events"):
        table = getattr(study, name)
        assert table.dtypes.astype(str).to_dict().items() >= dict(SCHEMAS[name].columns).items()
        assert len(table) > 0


def test_every_file_becomes_its_sources(folder):
    sources = open_study(folder()).sources
    assert sources[["source_id", "case_id", "kind", "question", "wave", "origin", "reason"]].to_numpy().tolist() == [
        ["P01", "P01", "interview", "", "1", "interviews/P01_March.docx", ""],
        ["P02", "P02", "interview", "", "1", "interviews/P02.txt", ""],
        ["W1", "", "webinar", "", "1", "webinars/W1.vtt", ""],
        ["C1", "P01", "comment", "", "2", "replies/C1_P01_email.md", ""],
        ["R1/barriers", "R1", "survey", "barriers", "1", "survey.xlsx", ""],
        ["R2/barriers", "R2", "survey", "barriers", "1", "survey.xlsx", "not applicable"],
        ["P02/barriers", "P02", "survey", "barriers", "1", "survey.xlsx", "blank"],
    ]
    assert sources.loc[0, "text"] == (
        "Helen [interviewer] 0:00:02\nPwy?\n\nP01 [participant] 0:00:10\nDim amser 🙈. There is no time."
    )
    assert sources["text_sha256"].tolist() == [sha256(text) for text in sources["text"]]


def test_a_case_is_one_row_and_the_survey_fills_only_what_the_cases_file_left_blank(folder):
    cases = pd.DataFrame(
        {
            "case_id": ["P01", "P02", "R1", "R2"],
            "group": ["producer", "producer", "user", ""],
            "nation": ["England", "Scotland", "Wales", ""],
        },
        dtype="str",
    )
    assert_frame_equal(open_study(folder()).cases, cases)


def test_codings_come_from_every_file_with_their_place_in_the_text(folder):
    study = open_study(folder())
    assert study.codings[["source_id", "start", "end", "code", "coder", "quote"]].to_numpy().tolist() == [
        ["P01", 73, 90, "no-time", "AB", "There is no time."],
        ["C1", 14, 21, "no-time", "AB", "no time"],
        ["R1/barriers", 0, 7, "money", "CD", "Money 👛"],
    ]
    texts = study.sources.set_index("source_id")["text"]
    assert [texts[row.source_id][row.start : row.end] for row in study.codings.itertuples()] == study.codings["quote"].tolist()


def test_readings_come_from_their_file_and_from_coded_answers(folder):
    assert open_study(folder()).readings[["source_id", "coder"]].to_numpy().tolist() == [
        ["P01", "AB"],
        ["C1", "AB"],
        ["R1/barriers", "CD"],
    ]


def test_a_study_knows_who_will_read_it(folder):
    assert open_study(folder()).audience == "team"
    assert open_study(str(folder()), audience="public").audience == "public"


def test_opening_a_study_twice_gives_the_same_tables(folder):
    one, other = open_study(folder()), open_study(folder())
    assert_frame_equal(one.sources, other.sources)
    assert_frame_equal(one.codings, other.codings)


def test_a_study_may_lack_everything_but_a_title(tmp_path):
    (tmp_path / "study.toml").write_text('title = "Pilot"')
    study, found = check_study(tmp_path)
    assert found == []
    assert [len(getattr(study, name)) for name in ("sources", "cases", "codings", "claims")] == [0, 0, 0, 0]


def test_every_problem_is_named_at_once_and_all_that_can_be_read_is(folder):
    broken = {
        "interviews/P01_March.docx": b"PK\x03\x04 cut off",
        "interviews/P03.pdf": b"%PDF-1.7",
        "interviews/P04.txt": b"",
        "interviews/notes.txt": "P09: Hello.",
        "webinars/W2.vtt": "WEBVTT\n\n00:01.000 -> 00:02.000\nHi\n",
        "survey.xlsx": workbook(Answers=[["ref", "Q1", "Q2 Nation"], ["R1", "user", "Wales"]]),
        "cases.csv": "case_id,group\nP01,user\nP02,user\nP01,producer\n",
        "codings/AB.csv": FILES["codings/AB.csv"] + "3,C1,hurry,AB,no time\n4,P02,no-time,AB,never said\n",
        "codings/EF.csv": b"coding_id,source_id\x00",
        "readings.csv": None,
        "memos.csv": "memo_id,about\n1,code\n",
        "claims.csv": "claim_id,statement,codes\nC1,Time is short.,no-time\nC2,,+hurry\n",
        "coded.csv": "ref,codes\nR1,money\n",
    }
    study, found = check_study(folder(**broken))
    assert [(problem.file, problem.place) for problem in found] == [
        ("interviews/P01_March.docx", ""),
        ("interviews/P03.pdf", ""),
        ("interviews/P04.txt", ""),
        ("interviews/notes.txt", ""),
        ("webinars/W2.vtt", "line 3"),
        ("cases.csv", "row 4"),
        ("survey.xlsx", "header"),
        ("survey.xlsx", "header"),
        ("codings/EF.csv", ""),
        ("readings.csv", ""),
        ("codings/AB.csv", "row 4"),
        ("codings/AB.csv", "row 5"),
        ("claims.csv", "row 3"),
        ("memos.csv", "header"),
    ]
    assert study.sources["source_id"].tolist() == ["P02", "W1", "C1"]
    assert study.codebook["code"].tolist() == ["no-time", "money", "unused"]
    assert len(study.events) == 1


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ({"interviews/P01_March.docx": b"\xff\xd8\xff"}, "interviews/P01_March.docx"),
        ({"interviews/P01_March.docx": None}, ""),
        ({"replies/C1_P01_email.md": ""}, "replies/C1_P01_email.md"),
        ({"survey.xlsx": None}, "survey.xlsx"),
        ({"survey.xlsx": b"words"}, "survey.xlsx"),
        ({"codebook.csv": "Code\nno-time\n"}, "codebook.csv"),
        ({"codebook.csv": None}, "codebook.csv"),
        ({"claims.csv": None}, "claims.csv"),
    ],
)
def test_what_could_not_be_read_is_named_once_and_nothing_is_held_against_it(folder, broken, found):
    if found:
        assert [problem.file for problem in check_study(folder(**broken))[1]] == [found]
    else:  # nobody knows of a transcript that is not there
        assert {problem.file for problem in check_study(folder(**broken))[1]} == {"codings/AB.csv", "readings.csv"}


def test_where_a_transcripts_name_does_not_fit_nothing_is_held_against_sources_that_may_be_it(folder):
    wrong = {"interviews/notes.txt": FILES["interviews/P02.txt"], "interviews/P02.txt": None}
    codings = {"codings/AB.csv": FILES["codings/AB.csv"] + "3,P02,no-time,AB,rings back\n4,R9/barriers,money,AB,Money\n"}
    assert [(problem.file, problem.place) for problem in check_study(folder(**wrong, **codings))[1]] == [
        ("interviews/notes.txt", ""),
        ("codings/AB.csv", "row 5"),
    ]


def test_codings_of_a_file_whose_sources_are_lost_are_left_out_and_the_others_are_read(folder):
    study, _ = check_study(folder(**{"interviews/P01_March.docx": b""}))
    assert study.codings["source_id"].tolist() == ["C1", "R1/barriers"]
    assert study.readings["source_id"].tolist() == ["C1", "R1/barriers"]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "P09.txt"
    outside.write_bytes(b"Helen: Who?\nP09: Me.\nHelen: Oh.")
    place = folder()
    (place / "interviews" / "P09.txt").symlink_to(outside)
    found = "interviews/P09.txt: found a link to a file outside of the study's folder; expected a file in it."
    assert problems(place) == [f"{found} Copy the file itself there."]


def test_codings_need_no_ids(folder):
    codings = "source_id,code,coder,quote\nP01,no-time,AB,There is no time.\nC1,no-time,AB,no time\n"
    study = open_study(folder(**{"codings/AB.csv": codings}))
    assert study.codings["coding_id"].tolist()[:2] == ["AB:P01:73-90:no-time", "AB:C1:14-21:no-time"]


def test_ids_that_two_files_of_codings_share_are_named_once(folder):
    other = "coding_id,source_id,code,coder,quote\n9,P01,no-time,EF,no time\n1,P01,no-time,EF,There\n2,C1,money,EF,One\n"
    assert problems(folder(**{"codings/EF.csv": other})) == [
        (
            "codings/EF.csv, row 3: found coding_id '1' a second time, and 1 more; expected an id that is not in codings/AB.csv. "
            "Give them other ids, or take the column out: ids are then made."
        )
    ]


def test_a_pipeline_that_is_not_installed_is_named_before_anything_runs(folder):
    found = problems(folder(**changed("[waves.2]", '[language]\npipeline = "cy_core_web_xx"\n[waves.2]')))
    assert found == [
        (
            "study.toml, language.pipeline: found 'cy_core_web_xx'; expected an installed spaCy model. "
            'Install the model, or write pipeline = "blank".'
        )
    ]


def test_weights_are_looked_for_beside_study_toml_and_named_where_they_are_not(folder):
    weights = changed("[waves.2]", '[language]\nweights = "weights"\n[waves.2]')
    path = folder(**weights)
    study, (problem,) = check_study(path)
    assert study.settings.language.weights == problem.file == str((path / "weights").resolve())
    assert problem.found == "no file model.safetensors"


def test_opening_a_broken_study_raises_all_its_problems(folder):
    broken = folder(**{"readings.csv": None, "codebook.csv": FILES["codebook.csv"] + "money,again\n"})
    with pytest.raises(StudyError) as caught:
        open_study(broken)
    assert caught.value.problems == check_study(broken)[1]
    assert {problem.file for problem in caught.value.problems} >= {"readings.csv", "codebook.csv"}


def test_an_unknown_key_stops_the_reading_with_its_line(folder):
    with pytest.raises(StudyError, match=r"^study\.toml, line 4, key 'codebok': .* Did you mean 'codebook'\?"):
        check_study(folder(**changed("codebook =", "codebok =")))


def test_two_cases_with_one_id_are_named_and_nobody_is_called_missing_for_it(folder):
    assert problems(folder(**{"cases.csv": "case_id\nP01\nP01\n"})) == [
        (
            "cases.csv, row 3: found case_id 'P01' a second time; expected one row for each case_id. "
            "Take one of them out, or give it another id."
        )
    ]


def test_a_person_who_speaks_and_is_no_case_is_named_with_the_file(folder):
    assert problems(folder(**{"cases.csv": "case_id\nP01\n", "interviews/P07.txt": "P07: Hello."})) == [
        "cases.csv: found no row for 'P07'; expected a case for interviews/P07.txt. Add a row for the person who speaks in it."
    ]


def test_nobody_need_be_a_case_where_the_study_names_no_cases_file(folder):
    assert problems(folder(**changed('cases = "cases.csv"', ""))) == []


def test_two_files_for_one_source_are_named(folder):
    found = folder(**{"interviews/P01_April.txt": "Helen: Who?\nP01: Me.\nHelen: Why?"})
    assert problems(found)[0] == (
        "interviews/P01_March.docx: found source_id 'P01' a second time; expected an id that is not in interviews/P01_April.txt. "
        "Give one of them another id: rename the file, or mend `name` or `questions` in study.toml."
    )


def test_two_surveys_with_the_same_respondents_and_questions_are_named_once(folder):
    section = '[[surveys]]\nfile = "again.csv"\ncase = "ref"\n[surveys.questions]\nbarriers = "why"\n\n[[coded_answers]]'
    again = {"again.csv": "ref,why\nR1,Time\nR2,Money\nR9,None\n"}
    found = problems(folder(**changed("[[coded_answers]]", section), **again))
    assert [text.split(".")[0:2] for text in found] == [
        ["again", "csv: found source_id 'R1/barriers' a second time, and 1 more; expected an id that is not in survey"]
    ]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("talks/*", "talks/*: found no file; expected at least one. Put them there, or mend `files` in study.toml."),
        ("/talks/*", "study.toml, key 'files': found the pattern '/talks/*' ("),
        ("", "study.toml, key 'files': found the pattern '' ("),
    ],
)
def test_a_pattern_that_finds_nothing_is_named(folder, pattern, found):
    text = [problem for problem in problems(folder(**changed('"webinars/*.vtt"', f'"{pattern}"'))) if "files" in problem]
    assert len(text) == 1
    assert text[0].startswith(found)


def test_codings_that_are_not_there_are_named(folder):
    assert problems(folder(**changed("codings/*.csv", "codes/*.csv"))) == [
        "codes/*.csv: found no file; expected at least one. Put them there, or mend `codings` in study.toml."
    ]


def test_a_file_whose_name_does_not_fit_is_named(folder):
    assert problems(folder(**{"interviews/notes.txt": "Hello."})) == [
        (
            "interviews/notes.txt: found the name 'notes'; expected a name that fits '[A-Z]\\d+'. "
            "Rename the file, or mend `name` in study.toml."
        )
    ]


def test_a_reading_of_a_source_that_is_not_there_is_named(folder):
    assert problems(folder(**{"readings.csv": "source_id,coder\nP01,AB\nP99,AB\n"})) == [
        "readings.csv, row 3: found source 'P99'; expected a source of the study. Mend the id."
    ]


def test_showing_every_passage_needs_a_reason(folder):
    found = problems(folder(**changed("[waves.2]", '[sharing]\nquotes = "all"\n[waves.2]')))
    assert [text.split(";")[0] for text in found] == ["study.toml, key 'sharing.reason': found quotes = \"all\" without a reason"]


def test_files_may_lie_outside_the_studys_folder(folder, tmp_path):
    inner = tmp_path / "study"
    inner.mkdir()
    (inner / "study.toml").write_text('title = "Pilot"\n[[transcripts]]\nfiles = "../interviews/*.pdf"\n')
    folder(**{"interviews/P03.pdf": b"%PDF"})
    assert [problem.file for problem in check_study(inner)[1]] == ["../interviews/P03.pdf"]


def test_a_study_is_described_by_kind_and_wave(folder):
    expected = pd.DataFrame(
        [
            ["comment", "2", 1, 1, 1, 5],
            ["interview", "1", 2, 2, 2, 16],
            ["survey", "1", 3, 1, 1, 2],
            ["webinar", "1", 1, 1, 1, 3],
        ],
        columns=["kind", "wave", "sources", "with_words", "respondents", "words"],
    )
    assert_frame_equal(describe_study(open_study(folder())), expected.astype({"kind": "str", "wave": "str"}))


def test_a_study_without_sources_is_described_by_an_empty_table(tmp_path):
    (tmp_path / "study.toml").write_text('title = "Pilot"')
    described = describe_study(open_study(tmp_path))
    assert list(described.columns) == ["kind", "wave", "sources", "with_words", "respondents", "words"]
    assert len(described) == 0


def test_a_result_is_described_by_the_versions_and_the_study_it_was_made_with(folder):
    table = describe_environment(open_study(folder()))
    assert table["what"].tolist()[:3] == ["Python", "engagement-lib", "pandas"]
    assert table["what"].tolist()[-3:] == ["language pipeline", "encoder", "study"]
    assert table["value"].iloc[-2] == "minilm"
    assert table["value"].str.len().iloc[-1] == 64


def test_a_new_study_is_whole_and_without_problems_once_it_has_files(tmp_path):
    made = new_study(tmp_path / "mine")
    assert [path.relative_to(tmp_path / "mine").as_posix() for path in made] == [
        "cases.csv",
        "claims.csv",
        "codebook.csv",
        "events.csv",
        "readings.csv",
        "study.toml",
    ]
    assert sorted(path.name for path in (tmp_path / "mine").iterdir() if path.is_dir()) == ["codings", "interviews"]
    study = open_study(tmp_path / "mine")
    assert study.settings.title == "A new study"
    assert len(study.sources) == 0


def test_a_new_study_may_go_into_an_empty_folder(tmp_path):
    assert len(new_study(str(tmp_path))) == 6


def test_every_commented_section_of_a_new_study_can_be_used(tmp_path):
    import tomllib

    new_study(tmp_path)
    text = (tmp_path / "study.toml").read_text()
    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and ("=" in line or "[" in line[:4]) else line
        for line in text.split("\n")
    )
    (tmp_path / "study.toml").write_text(uncommented)
    assert set(tomllib.loads(uncommented)) >= {"transcripts", "surveys", "questions", "codings", "readings", "events"}
    assert {problem.found for problem in check_study(tmp_path)[1]} == {"no file", "no such file"}


@pytest.mark.parametrize("name", ["", "file.txt"])
def test_nothing_is_written_where_something_lies_already(tmp_path, name):
    (tmp_path / "file.txt").write_text("mine")
    with pytest.raises(StudyError, match=r"found something already there; .* nothing was written"):
        new_study(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]
    assert (tmp_path / "file.txt").read_text() == "mine"


def test_sources_come_in_the_order_of_their_ids_whatever_their_files_are_called(tmp_path):
    toml = "title = 'Pilot'\n[[transcripts]]\nfiles = '*.txt'\nname = '.*?(?P<source_id>P[0-9]+)'\n"
    (tmp_path / "study.toml").write_text(toml)
    for name in ("2020-01-02_P02.txt", "P01_typed.txt", "a recording of P03.txt"):
        (tmp_path / name).write_text("Helen: Who?\nMe: I.\nHelen: Oh.")
    assert open_study(tmp_path).sources["source_id"].tolist() == ["P01", "P02", "P03"]


def test_what_became_of_each_character_is_told_source_by_source(tmp_path):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "P01.txt").write_text("Interview 3\n\nHelen: Who?\nP01: Me.\nHelen: Oh.\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        'title = "Pilot"\n[[transcripts]]\nfiles = "interviews/*"\ninterviewers = ["Helen"]\n', encoding="utf-8"
    )
    table = account_for(open_study(tmp_path)).set_index("became")
    assert table.loc["title above the first turn", ["source_id", "kind", "characters", "stretches"]].tolist() == [
        "P01", "interview", 11, 1
    ]  # fmt: skip
    assert table.loc["speaker", "characters"] == 13
    assert table["characters"].sum() == 45


def test_what_the_names_of_files_tell_are_variables_of_the_cases(tmp_path):
    (tmp_path / "interviews").mkdir()
    for name in ("Wales_P01", "England_P02", "Wales_P03"):
        (tmp_path / "interviews" / f"{name}.txt").write_text("Helen: Who?\nP: Me.\nHelen: Oh.\n", encoding="utf-8")
    section = '[[transcripts]]\nfiles = "interviews/*"\nname = "(?P<nation>[A-Za-z]+)_(?P<source_id>P[0-9]+)"\n'
    (tmp_path / "study.toml").write_text(f'title = "Pilot"\n{section}', encoding="utf-8")
    nations = {"P01": "Wales", "P02": "England", "P03": "Wales"}
    assert dict(open_study(tmp_path).cases[["case_id", "nation"]].to_numpy()) == nations
    cases = "case_id,group,nation\nP01,user,Scotland\nP02,user,\nP03,producer,\n"
    (tmp_path / "cases.csv").write_text(cases, encoding="utf-8")
    (tmp_path / "study.toml").write_text(f'title = "Pilot"\ncases = "cases.csv"\n{section}', encoding="utf-8")
    assert dict(open_study(tmp_path).cases[["case_id", "nation"]].to_numpy()) == nations | {"P01": "Scotland"}


NOW = datetime(2020, 10, 5, 9, tzinfo=UTC)


def decide(folder, *events):
    return append_events(folder, pd.DataFrame(list(events)), now=NOW)


def added(name, **value):
    return make_event("coding added", name, author=value.get("coder", "AB"), value=value)


TIME = {"source_id": "C1", "start": 14, "end": 21, "code": "no-time", "coder": "AB", "quote": "no time"}


def test_a_study_with_an_empty_store_is_as_without_one(folder):
    before = open_study(folder())
    append_events(folder(), empty_table("events"), now=NOW)
    after = open_study(folder())
    for name in ("codebook", "codings", "readings", "memos", "events", "claims"):
        assert_frame_equal(getattr(after, name), getattr(before, name))
    assert_frame_equal(after.history["log"], before.events)


def test_what_the_store_holds_comes_beside_what_the_files_do(folder):
    decide(
        folder(),
        added("3", **TIME),
        make_event("source finished", "P02", author="CD", value={"finished": "yes"}),
        make_event("memo", "P02", author="CD", about_type="source", value="Short."),
        make_event("code added", "hurry", author="AB", value={"definition": "Haste."}),
        make_event("verdict given", "C1", author="CD", value="contested"),
    )
    study = open_study(folder())
    assert study.codings[["coding_id", "quote"]].to_numpy().tolist() == [
        ["1", "There is no time."],
        ["2", "no time"],
        ["CD:R1/barriers:money", "Money 👛"],
        ["3", "no time"],
    ]
    assert study.readings[["source_id", "coder"]].to_numpy().tolist()[-1] == ["P02", "CD"]
    assert study.memos["text"].tolist() == ["Often said.", "Short."]
    assert study.codebook["code"].tolist() == ["no-time", "money", "unused", "hurry"]
    assert study.events["value"].tolist() == ["supported", "contested"]
    assert len(read_codings(study, as_of="2020-10-04")) == 3


def test_a_coding_in_a_file_and_in_the_store_is_one(folder):
    study = open_study(folder())
    append_events(folder(), codings_added(study.codings), now=NOW)
    assert_frame_equal(open_study(folder()).codings.assign(at=""), study.codings)


def test_a_coding_of_a_file_can_be_withdrawn_in_the_store_and_undone_again(folder):
    decide(folder(), make_event("coding withdrawn", "1", author="AB"))
    assert open_study(folder()).codings["coding_id"].tolist() == ["2", "CD:R1/barriers:money"]
    undo(folder(), "AB", now=NOW)
    assert open_study(folder()).codings["coding_id"].tolist() == ["1", "2", "CD:R1/barriers:money"]


def test_a_code_renamed_in_the_store_is_renamed_in_what_the_files_hold(folder):
    decide(folder(), make_event("code renamed", "money", author="AB", value={"code": "costs"}))
    changes = {"claims.csv": "claim_id,statement,codes\nC1,Time is short.,+no-time -costs\n"}
    study = open_study(folder(**changes))
    assert study.codebook["code"].tolist() == ["no-time", "costs", "unused"]
    assert study.codings["code"].tolist() == ["no-time", "no-time", "costs"]


def test_a_claim_that_names_a_code_by_its_old_name_is_told(folder):
    decide(folder(), make_event("code renamed", "money", author="AB", value={"code": "costs"}))
    (message,) = problems(folder())
    assert message.startswith("claims.csv, claim 'C1', codes: found 'money'; expected a code of the codebook.")


def test_a_clearance_that_was_undone_does_not_hold(folder):
    decide(folder(), make_event("quote cleared", "C1:14-21", author="AB"))
    assert cleared_passages(open_study(folder())) == {("C1", 14, 21)}
    undo(folder(), "AB", now=NOW)
    assert cleared_passages(open_study(folder())) == set()


def test_a_coding_of_the_store_that_does_not_stand_in_its_source_is_named(folder):
    decide(folder(), added("3", **TIME | {"quote": "no money"}), added("4", **TIME | {"code": "hurry"}), added("2", **TIME))
    found = problems(folder())
    assert found[0].startswith("study.db, coding '3': found 'no time' at 14 to 21; expected the quote 'no money'.")
    assert found[1].startswith("study.db, coding '4': found code 'hurry'; expected a code of the codebook.")
    assert len(found) == 2


def test_a_coding_of_the_store_on_a_source_that_could_not_be_read_is_not_held_against_anybody(folder):
    decide(folder(), added("3", source_id="P02", start=0, end=4, code="no-time"))
    assert [message.split(":")[0] for message in problems(folder(**{"interviews/P02.txt": ""}))] == ["interviews/P02.txt"]


def test_other_things_of_the_store_that_do_not_fit_are_named(folder):
    (event,) = decide(folder(), make_event("verdict given", "C9", author="AB", value="supported"))["event_id"]
    decide(folder(), make_event("source finished", "P99", author="CD"))
    assert [message.split(": found")[0] for message in problems(folder())] == [
        "study.db, reading of 'CD'",
        f"study.db, event '{event}'",
    ]


def test_one_id_for_two_things_in_a_file_and_in_the_store_is_named(folder):
    decide(folder(), added("1", **TIME))
    assert problems(folder()) == [
        (
            "study.db, coding '1': found 'P01 | 73 | 90 | no-time' in a file and 'C1 | 14 | 21 | no-time' in the log; "
            "expected the same in both. Take it out of the file, or give it another id there."
        )
    ]


def test_one_id_for_two_events_in_a_file_and_in_the_store_is_named(folder):
    decide(folder(), make_event("verdict given", "C1", author="CD", value="contested") | {"event_id": "1", "at": "2020-10-02"})
    (message,) = problems(folder())
    assert message.startswith(
        "events.csv and study.db, event '1': found '2020-10-02 | AB | verdict given | claim | C1 | supported' and '2020-10-02 | "
    )


def test_a_store_that_cannot_be_read_is_one_problem_and_the_rest_is_there(folder):
    (folder() / "study.db").write_text("not a database " * 99)
    study, found = check_study(folder())
    assert [str(problem).split(";")[0] for problem in found] == ["study.db: found a file that is no database"]
    assert len(study.codings) == 3
    assert len(study.events) == 1


def test_a_log_that_went_out_to_csv_is_read_without_the_store(folder):
    decide(folder(), added("3", **TIME), make_event("memo", "P02", author="CD", about_type="source", value="=short"))
    path = folder()
    whole = open_study(path)
    write_rows("events", whole.history["log"], path / "events.csv")
    (path / "study.db").unlink()
    study = open_study(path)
    for name in ("codebook", "codings", "readings", "memos", "events"):
        assert_frame_equal(getattr(study, name), getattr(whole, name))
    assert study.memos["text"].tolist() == ["Often said.", "=short"]


def test_codings_that_went_out_to_csv_stand_where_a_quote_begins_like_a_formula(folder):
    reply = {"replies/C1_P01_email.md": "- there is no time.\n", "codings/AB.csv": None}
    rows = {"coding_id": ["9"], "source_id": "C1", "start": 0, "end": 7, "code": "no-time", "coder": "AB", "quote": "- there"}
    path = folder(**reply)
    (path / "codings").mkdir(exist_ok=True)
    write_rows("codings", check_table("codings", pd.DataFrame(rows)), path / "codings" / "AB.csv")
    assert open_study(path).codings["quote"].tolist() == ["- there", "Money 👛"]
