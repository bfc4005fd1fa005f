"""A study with people in it, in files of every kind, cleaned and opened again."""

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from engagement_lib.coding.events import codings_added, make_event
from engagement_lib.coding.store import append_events
from engagement_lib.errors import StudyError, TableError
from engagement_lib.exchange.cleaned_study import check_log, check_out, write_cleaned, write_log
from engagement_lib.exchange.cleaning import clean_study, describe_cleaning
from engagement_lib.loading.text import sha256
from engagement_lib.privacy.levels import check_level
from engagement_lib.settings import Language, Settings
from engagement_lib.study import open_study
from engagement_lib.tables import check_table

KEY = b"a7c1e05b9d2f48366e8d0b7f1c95a234"
TOML = """title = "Pilot \\"one\\""
cases = "cases.csv"
codebook = "codebook.csv"
codings = "codings/*.csv"
readings = "readings.csv"
claims = "claims.csv"
quotes = "quotes.csv"
events = "events.csv"

[waves.2]
title = "Replies"
prompted = true

[language]
encoder = "tfidf"
weights = "somewhere"

[[transcripts]]
files = "interviews/*"
name = "P\\\\d+"
interviewers = ["Helen Marchbank"]

[[transcripts]]
files = "replies/*"
kind = "comment"
wave = "2"
name = "(?P<source_id>C\\\\d+)_(?P<case_id>P\\\\d+)"

[[transcripts]]
files = "webinars/*"
kind = "webinar"
name = "W\\\\d"
moderators = ["Helen Marchbank"]

[[surveys]]
file = "survey.csv"
case = "Respondent"
questions = { gaps = "What is missing?", other = "Anything else?" }
attributes = { group = "Group" }
"""
FILES = {
    "interviews/P01.txt": (
        "[0:04] Helen Marchbank: Who uses it?\n[0:12] Priya Okafor: Nobody rings back. Ask Gethin Pugh at DVLA in Truro.\n"
        "[0:30] Helen Marchbank: Thank you, Priya."
    ),
    "interviews/P02.txt": (
        "Helen Marchbank: And you?\nTom Ali: Ring 07700 900123. We never have the time.\nHelen Marchbank: Good."
    ),
    "replies/C01_P01.txt": "Dear all,\n\nwe never have the time.\n\nKind regards,\nPriya",
    "webinars/W1.txt": "Helen Marchbank: Welcome.\nNigel Bragg: I'm Nigel. No time.\nHelen Marchbank: Thanks, Nigel.",
    "survey.csv": (
        "Respondent,Group,What is missing?,Anything else?\n"
        'S1,user,"=More local figures, says Priya Okafor.",N/A\nS2,user,,"- two\n- lines"\nS3,user,None,\n'
    ),
    "cases.csv": (
        "case_id,group,name,role,sector\nP01,producer,Priya Okafor,HEO at DVLA,Government\nP02,producer,Tom Ali,G7,Charity\n"
    ),
    "codebook.csv": "code,definition,example\nno-time,Too few hours.,Ask Gethin Pugh about the Code.\nno-reply,'=silence,\n",
    "claims.csv": "claim_id,theme,statement,codes\nC1,,Nobody has time.,+no-time\n",
    "readings.csv": "source_id,coder,finished\nP01,AB,yes\n",
    "quotes.csv": (
        "quote_id,claim_id,source_id,quote\nQ1,C1,P01,Ask Gethin Pugh at DVLA\nQ2,C1,P01,Asked Gethin Pugh once\nQ3,C1,P09,No.\n"
    ),
    "codings/ab.csv": (
        "source_id,code,coder,quote,memo\nP01,no-reply,AB,Nobody rings back.,Like Tom Ali\nP01,no-time,AB,Pugh at DVLA,\n"
        "P02,no-time,AB,We never have the time.,\n"
    ),
    "events.csv": "event_id,at,author,kind,about_type,about_id,value,reason\n",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    there = tmp_path / "study"
    for name, words in FILES.items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text(words, encoding="utf-8")
    (there / "study.toml").write_text(TOML, encoding="utf-8")
    return there


@pytest.fixture
def study(folder):
    return open_study(folder)


def with_events(study, *events):
    rows = [event | {"event_id": str(n), "at": f"2020-10-{n:02}"} for n, event in enumerate(events, start=1)]
    return replace(study, events=check_table("events", pd.DataFrame(rows)))


@pytest.fixture
def cleaned(study):
    def clean(level="indirect", of=study, **options):
        return clean_study(of, key=KEY, level=level, **options)

    return clean


@pytest.fixture
def opened(study, cleaned, tmp_path):
    """The cleaned study, written and opened again."""

    def write(level="indirect", **options):
        made = cleaned(level, **options)
        return made, open_study(write_cleaned(made.tables, study.settings, tmp_path / f"cleaned {level}"))

    return write


@pytest.mark.parametrize("level", ["direct", "indirect", "public"])
def test_the_cleaned_study_opens_with_the_same_texts_and_everything_in_its_place(opened, study, level):
    made, new = opened(level)
    columns = ["source_id", "case_id", "kind", "question", "wave", "level", "text", "reason"]
    expected = made.tables["sources"][columns].sort_values("source_id", ignore_index=True)
    pd.testing.assert_frame_equal(new.sources[columns].sort_values("source_id", ignore_index=True), expected)
    assert set(new.sources["level"]) == {level}
    texts = dict(zip(new.sources["source_id"], new.sources["text"], strict=True))
    assert len(new.codings) == len(study.codings) == 3
    assert all(texts[row.source_id][row.start : row.end] == row.quote for row in new.codings.itertuples())
    pd.testing.assert_frame_equal(new.readings, study.readings)
    assert new.codebook["code"].tolist() == study.codebook["code"].tolist()
    assert new.settings.waves == study.settings.waves
    assert new.settings.title == 'Pilot "one"'


@pytest.mark.parametrize("level", ["direct", "indirect", "public"])
def test_no_name_stands_in_any_file_of_the_cleaned_study(opened, tmp_path, level):
    opened(level)
    there = tmp_path / f"cleaned {level}"
    words = " ".join(path.read_text(encoding="utf-8") for path in there.rglob("*") if path.is_file())
    names = ("Priya", "Okafor", "Gethin", "Pugh", "Tom", "Ali", "Nigel", "Bragg", "Marchbank", "07700", "somewhere")
    assert [name for name in names if name in words] == []
    assert ("DVLA" in words) == ("Truro" in words) == (level == "direct")


def test_one_person_has_one_pseudonym_in_texts_and_tables_alike(cleaned):
    made = cleaned("direct")
    gethin = made.log.loc[made.log["original"] == "Gethin Pugh", "pseudonym"].iloc[0]
    assert made.tables["codebook"].loc[0, "example"] == f"Ask {gethin} about the Code."
    assert gethin in made.tables["sources"].loc[0, "text"]


def test_a_coding_that_begins_within_a_name_is_widened_to_its_pseudonym(cleaned):
    quotes = cleaned("public").tables["codings"]["quote"].tolist()
    assert quotes == ["Nobody rings back.", "[Person] at [Organisation]", "We never have the time."]


def test_memos_of_codings_and_quotes_are_cleaned_too(cleaned):
    tables = cleaned("public").tables
    assert tables["codings"]["memo"].tolist()[0] == "Like [Person]"
    assert tables["quotes"]["quote"].tolist() == ["Ask [Person] at [Organisation]", "Asked [Person] once", "No."]


def test_what_was_cleared_stays_cleared_and_what_was_said_of_raw_texts_is_left_out(study, cleaned):
    text = study.sources.loc[0, "text"]
    at = text.index("Ask Gethin")
    events = [
        make_event("quote cleared", f"P01:{at}-{at + len('Ask Gethin Pugh')}", author="AB", reason="Priya agreed"),
        make_event("source signed off", "P01", author="AB", value={"text_sha256": sha256(text)}),
        make_event("identifier decided", "P01:0-5", author="AB", value={"decision": "not an identifier", "quote": text[:5]}),
        make_event("claim reviewed", "C1", author="AB", value={"note": "fine"}),
    ]
    tables = cleaned("public", of=with_events(study, *events)).tables
    new = tables["sources"].loc[0, "text"]
    at = new.index("Ask [Person]")
    assert tables["events"][["kind", "about_id", "value", "reason"]].to_numpy().tolist() == [
        ["quote cleared", f"P01:{at}-{at + len('Ask [Person]')}", "", "[Person] agreed"],
        ["claim reviewed", "C1", '{"note": "fine"}', ""],
    ]


def test_what_reviewers_decided_holds(study, cleaned):
    text = study.sources.loc[0, "text"]
    at = text.index("DVLA")
    about = f"P01:{at}-{at + 4}"
    value = {"decision": "not an identifier", "quote": "DVLA", "scope": "everywhere"}
    made = cleaned(of=with_events(study, make_event("identifier decided", about, author="AB", value=value)))
    assert "at DVLA in [place in the South West]" in made.tables["sources"].loc[0, "text"]


def test_aliases_hold_and_those_of_reviewers_go_before_them(study, cleaned):
    given = pd.DataFrame({"source_id": "", "kind": "person", "alias": ["gethin pugh", "tom ali"], "entity": "nigel bragg"})
    at = study.sources.loc[0, "text"].index("Gethin Pugh")
    value = {"decision": "same as", "kind": "person", "same_as": "Priya Okafor", "quote": "Gethin Pugh", "scope": "everywhere"}
    event = make_event("identifier decided", f"P01:{at}-{at + 11}", author="AB", value=value)
    log = cleaned(of=with_events(study, event), aliases=given).log
    entities = dict(zip(log["original"], log["entity"], strict=True))
    assert (entities["Gethin Pugh"], entities["Tom Ali"]) == ("priya okafor", "nigel bragg")


def test_variables_that_name_people_go_and_rare_values_too_unless_claims_need_them(study, cleaned):
    made = cleaned("indirect")
    assert made.tables["cases"].columns.tolist() == ["case_id", "group"]
    assert made.tables["cases"]["group"].tolist() == ["producer", "producer", "user", "user", "user"]
    most = "most values name somebody, or fewer than 5 share them"
    assert made.left_out.to_numpy().tolist() == [["name", "names people"], ["role", most], ["sector", most]]
    needing = cleaned("indirect", of=replace(study, claims=study.claims.assign(scope="sector=Charity")))
    assert needing.tables["cases"].columns.tolist() == ["case_id", "group", "sector"]


def test_at_the_level_direct_all_variables_but_those_of_people_stay(cleaned):
    made = cleaned("direct")
    assert made.tables["cases"].columns.tolist() == ["case_id", "group", "role", "sector"]
    assert made.left_out.to_numpy().tolist() == [["name", "names people"]]


def test_values_that_many_share_stay_and_those_of_a_few_are_blanked(study, cleaned):
    rows = [("P01", "Wales"), ("P02", "Wales"), *((f"S{n}", "England") for n in range(1, 6)), ("S6", "Priya Okafor")]
    cases = check_table("cases", pd.DataFrame(rows, columns=["case_id", "nation"]))
    made = cleaned("indirect", of=replace(study, cases=cases))
    assert made.tables["cases"]["nation"].tolist() == ["", "", *["England"] * 5, ""]
    assert made.left_out.to_numpy().tolist() == [["nation", "3 values that name somebody or that fewer than 5 share"]]


def test_an_id_that_holds_a_name_is_refused(study, cleaned):
    sources = study.sources.assign(source_id=study.sources["source_id"].replace("P02", "Okafor_2"))
    with pytest.raises(StudyError, match="sources: found source_id 'Okafor_2', which holds the name 'Okafor'; expected an id"):
        cleaned(of=replace(study, sources=sources, codings=study.codings.iloc[:0]))


def test_whoever_has_a_number_keeps_it(cleaned):
    earlier = cleaned("direct").log.assign(pseudonym="[Person 001]").drop_duplicates("entity")
    earlier = earlier[earlier["entity"] == "gethin pugh"]
    assert "[Person 001]" in cleaned("direct", earlier=earlier).tables["sources"].loc[0, "text"]


def test_the_report_takes_the_cleaned_study_and_not_the_raw_one(study, opened):
    _, new = opened("indirect")
    assert check_level(new, "working-group") is new
    with pytest.raises(TableError, match=r"interviews/P01\.txt, source 'P01': found the level 'raw'"):
        check_level(study, "working-group")


def test_codings_of_the_store_are_carried_as_well(folder, tmp_path):
    (folder / "study.toml").write_text(f'coder = "AB"\n{TOML}', encoding="utf-8")
    at = open_study(folder).sources.loc[0, "text"].index("Gethin")
    row = {
        "coding_id": "new",
        "source_id": "P01",
        "start": at,
        "end": at + 6,
        "code": "no-time",
        "coder": "CD",
        "quote": "Gethin",
    }
    events = codings_added(check_table("codings", pd.DataFrame([row])))
    append_events(folder, events, now=datetime(2020, 10, 2, tzinfo=UTC))
    study = open_study(folder)
    made = clean_study(study, key=KEY, level="public")
    new = open_study(write_cleaned(made.tables, study.settings, tmp_path / "cleaned"))
    assert new.codings.set_index("coding_id").loc["new", "quote"] == "[Person]"
    assert not (new.folder / "study.db").exists()


def test_the_study_itself_is_not_changed(study, folder, opened):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    opened("indirect")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_same_study_is_written_in_the_same_bytes(study, cleaned, tmp_path):
    made = [write_cleaned(cleaned().tables, study.settings, tmp_path / name) for name in ("one", "two")]
    one, two = ({path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()} for there in made)
    assert one == two


def test_nothing_is_written_over_and_nothing_half_written_stays(study, cleaned, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    assert check_out(there) == there
    (there / "file").touch()
    with pytest.raises(StudyError, match="there: found something already there"):
        write_cleaned(cleaned().tables, study.settings, there)
    with pytest.raises(StudyError, match="no folder 'nowhere'"):
        check_out(tmp_path / "nowhere" / "new")
    with pytest.raises(KeyError):
        write_cleaned({"sources": study.sources}, study.settings, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study", "there"]


def test_an_empty_folder_may_become_the_study(study, cleaned, tmp_path):
    (tmp_path / "empty").mkdir()
    assert write_cleaned(cleaned().tables, study.settings, tmp_path / "empty") == tmp_path / "empty"


def test_a_study_without_tables_and_settings_is_written_too(study, tmp_path):
    bare = replace(
        study,
        codings=study.codings.iloc[:0],
        readings=study.readings.iloc[:0],
        quotes=study.quotes.iloc[:0],
        sources=study.sources.iloc[:1],
        settings=Settings(title="Pilot"),
    )
    made = clean_study(bare, key=KEY, level="direct")
    new = open_study(write_cleaned(made.tables, bare.settings, tmp_path / "bare"))
    assert (len(new.sources), len(new.codings), new.settings.language, new.settings.surveys) == (1, 0, Language(), ())


def test_the_log_is_for_its_owner_alone_and_lies_in_no_study(cleaned, tmp_path, folder):
    log = cleaned().log
    there = write_log(log, tmp_path / "log.csv")
    assert stat.S_IMODE(there.stat().st_mode) == 0o600
    assert there.read_bytes().count(b"\n") == len(log) + 1
    with pytest.raises(StudyError, match="found a place in the study 'study'; expected the log outside"):
        write_log(log, folder / "log.csv")
    with pytest.raises(StudyError, match="a file of this name"):
        write_log(log, there)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("study/log.csv", "in the study 'study'"),
        ("new/log.csv", "in the study 'new'"),
        ("repository/log.csv", "under Git"),
        ("there.csv", "a file of this name"),
        ("nowhere/log.csv", "no folder 'nowhere'"),
    ],
)
def test_a_log_is_refused_before_anything_is_written(folder, tmp_path, where, words):
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "there.csv").touch()
    with pytest.raises(StudyError, match=words):
        check_log(tmp_path / where, study=folder, out=tmp_path / "new")


def test_a_log_may_lie_anywhere_else(folder, tmp_path):
    assert check_log(str(tmp_path / "log.csv"), study=folder, out=tmp_path / "new") == Path(tmp_path / "log.csv")


def test_what_was_done_and_what_may_be_missed_is_said(study, cleaned):
    made = cleaned("direct")
    lines = describe_cleaning(study, made)
    assert lines[0].startswith("  person: ")
    assert "  variable 'name' of the cases: names people; left out" in lines
    assert "0 of 10 sources are signed off by a reviewer." in lines
    assert any(line.startswith("  few words to compare with: ") for line in lines)


def test_sources_of_which_much_is_missed_are_counted(study, cleaned):
    small = study.sources.assign(text="so i rang priya and she said ask the others about it " * 3, kind="comment")
    lines = describe_cleaning(replace(study, sources=small), cleaned("direct"))
    assert any(line.startswith("  hardly any capitals: 10 sources. Use a transcript with capitals") for line in lines)
