"""The command line, as somebody types it."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO

import pandas as pd
import pytest
from typer.testing import CliRunner

from engagement_lib.cli import COMMANDS, app
from engagement_lib.coding.events import make_event
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.errors import Problem, StudyError
from engagement_lib.loading.transcripts import READERS
from engagement_lib.tables import empty_table

INTERVIEW = "Interview 3\n[0:02] Helen: Pwy sy'n [red]defnyddio[/red]?\nP01: Siân 🙈\nneb.\n[0:09] Helen: لماذا؟\n"


@pytest.fixture
def run(monkeypatch):
    """What a command prints, and the code it leaves with."""
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return typed


@pytest.fixture
def study(tmp_path):
    """A study of one interview, in a folder whose name is hard to print."""
    folder = tmp_path / "[my] study :smile:"
    (folder / "interviews").mkdir(parents=True)
    (folder / "interviews" / "P01.txt").write_text(INTERVIEW, encoding="utf-8")
    (folder / "study.toml").write_text('title = "[Pilot] 1"\n[[transcripts]]\nfiles = "interviews/*"\ninterviewers = ["Helen"]\n')
    return folder


@pytest.fixture
def notebooks(tmp_path):
    """A folder with two files that pass for notebooks."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("02-b.ipynb", "01-a.ipynb", "notes.txt"):
        (folder / name).write_text("{}")
    return folder


def test_without_a_command_the_help_names_every_command(run):
    result = run()
    assert all(f" {example.split()[0]} " in result.output for _, example in COMMANDS)


@pytest.mark.parametrize("command", [example.split()[0] for _, example in COMMANDS])
def test_every_command_has_help_with_an_example(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: engagement {command}" in result.output


def test_check_prints_what_a_sound_study_holds(run, study):
    result = run("check", study)
    assert result.exit_code == 0
    assert "[Pilot] 1" in result.stdout
    assert ["interview", "1", "1", "1", "1", "7"] in [line.replace("│", " ").split() for line in result.stdout.splitlines()]
    assert "0 rows of codings" in result.stdout
    assert result.stdout.endswith("No problems found.\n")
    assert result.stderr == ""


def test_check_says_who_is_taken_for_what(run, study):
    result = run("check", study)
    assert "Taken for participants, whose words count: P01.\n" in result.stdout
    assert "Taken for interviewers and moderators, whose words are never evidence: Helen.\n" in result.stdout


def test_check_of_a_study_without_texts_says_where_to_name_them(run, tmp_path):
    (tmp_path / "study.toml").write_text('title = "[Pilot] 1"')
    (tmp_path / "P01.txt").write_text(INTERVIEW, encoding="utf-8")
    result = run("check", tmp_path)
    assert result.stdout.splitlines() == [
        "[Pilot] 1",
        "0 rows of cases, 0 rows of codebook, 0 rows of codings, 0 rows of readings, 0 rows of claims, 0 rows of events",
        "The study holds no text yet. Name some in study.toml, under [[transcripts]] or [[surveys]].",
        "study.toml does not name P01.txt; nothing there is read.",
        "No problems found.",
    ]


def test_check_prints_every_problem_and_what_could_be_read(run, study):
    (study / "interviews" / "P02.mp3").write_bytes(b"ID3")
    (study / "interviews" / "P03.txt").write_bytes(b"")
    result = run("check", study)
    assert result.exit_code == 1
    assert "interview" in result.stdout
    assert result.stderr.splitlines() == [
        f"interviews/P02.mp3: found a format without a reader ('.mp3'); expected {', '.join(READERS)}. Save it as one of these.",
        "interviews/P03.txt: found an empty file; expected some words. Export it again, or take it out of the folder.",
        "2 problems found.",
    ]


def test_check_of_a_folder_without_a_study_says_so(run, tmp_path):
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("study.toml: found no such file")
    assert result.stderr.endswith("\n1 problem found.\n")


def test_inspect_shows_turns_and_what_was_set_aside(run, study):
    result = run("inspect", study / "interviews" / "P01.txt")
    assert result.exit_code == 0
    assert "P01.txt: 3 turns" in result.stdout
    assert "Pwy sy'n [red]defnyddio[/red]?" in result.stdout
    assert "0:00:09" in result.stdout
    assert "line 1 set aside (title above the first turn): 'Interview 3'" in result.stdout


def test_inspect_shows_three_lines_set_aside_by_one_rule_and_counts_the_rest(run, tmp_path):
    cues = "".join(f"\n{n}\n00:{n:02}.000 --> 00:{n:02}.500\nHelen: Pwy?\n" for n in range(1, 6))
    (tmp_path / "a.vtt").write_text(f"WEBVTT\n{cues}")
    lines = [line for line in run("inspect", tmp_path / "a.vtt").stdout.splitlines() if "set aside" in line]
    assert lines == [
        "line 1 set aside (header): 'WEBVTT'",
        "line 3 set aside (caption identifier): '1'",
        "line 7 set aside (caption identifier): '2'",
        "line 11 set aside (caption identifier): '3'",
        "and 2 more set aside (caption identifier); --format json lists them",
    ]


def test_inspect_shows_a_dash_for_a_speaker_who_is_not_named(run, tmp_path):
    (tmp_path / "a.txt").write_text("Dim syniad.")
    assert "–" in run("inspect", tmp_path / "a.txt").stdout


def test_inspect_prints_turns_as_csv(run, study):
    result = run("inspect", study / "interviews" / "P01.txt", "--format", "csv")
    assert list(csv.reader(StringIO(result.stdout))) == [
        ["turn", "speaker", "time_start", "time_end", "words"],
        ["1", "Helen", "2.0", "", "Pwy sy'n [red]defnyddio[/red]?"],
        ["2", "P01", "", "", "Siân 🙈\nneb."],
        ["3", "Helen", "9.0", "", "لماذا؟"],
    ]


def test_inspect_prints_turns_and_what_was_set_aside_as_json(run, study):
    printed = json.loads(run("inspect", study / "interviews" / "P01.txt", "--format", "json").stdout)
    assert printed["turns"][1] == {"turn": 2, "speaker": "P01", "time_start": None, "time_end": None, "words": "Siân 🙈\nneb."}
    assert printed["set_aside"] == [{"line": 1, "text": "Interview 3", "rule": "title above the first turn"}]


def test_inspect_accounts_for_every_character(run, study):
    shown = run("inspect", study / "interviews" / "P01.txt", "--account").stdout
    assert "P01.txt: what became of its" in shown
    for became in ("words", "speaker", "time", "structure", "set aside: title above the first turn"):
        assert became in shown
    pieces = json.loads(run("inspect", study / "interviews" / "P01.txt", "--account", "--format", "json").stdout)["pieces"]
    assert pieces[0] == {"start": 0, "end": 11, "became": "title above the first turn", "text": "Interview 3"}
    assert [piece["start"] for piece in pieces] == [0, *(piece["end"] for piece in pieces[:-1])]
    assert "".join(piece["text"] for piece in pieces) == (study / "interviews" / "P01.txt").read_text(encoding="utf-8")


def test_inspect_of_a_file_that_cannot_be_read_says_why(run, tmp_path):
    result = run("inspect", tmp_path / "P01.docx")
    assert result.exit_code == 1
    assert result.stderr.startswith("P01.docx: found no such file")


def test_new_makes_a_study_that_check_finds_sound(run, tmp_path):
    result = run("new", tmp_path / "[mine]")
    assert result.exit_code == 0
    assert f"{tmp_path}/[mine]/study.toml" in result.stdout
    assert f"engagement check {tmp_path}/[mine]" in result.stdout
    assert run("check", tmp_path / "[mine]").exit_code == 0


def test_new_writes_nothing_where_something_lies(run, study):
    result = run("new", study)
    assert result.exit_code == 1
    assert "found something already there" in result.stderr


def pages(*states):
    return pd.DataFrame(
        [
            {"notebook": f"0{n}.ipynb", "status": state, "page": f"0{n}.html", "cell": "4", "error": "[KeyError]"}
            for n, state in enumerate(states)
        ]
    )


@pytest.fixture
def written(monkeypatch, tmp_path):
    """A stand-in for the writing of a report: what it was asked for, and the states of the pages that it will say it made."""
    asked = {"states": ["ok", "ok"]}

    def write_report(study, *, progress, **options):
        from engagement_lib.sharing.report import Report

        asked.update(options, study=study)
        for path in options["notebooks"]:
            progress(path.name, "running")
            progress(path.name, "ok")
        index = tmp_path / "out" / "[run]" / "index.html"
        return Report(tmp_path / "out", pages(*asked["states"]), index, **asked.get("found", {}))

    monkeypatch.setattr("engagement_lib.sharing.report.write_report", write_report)
    return asked


def test_report_runs_every_notebook_in_order_for_its_audience(run, study, notebooks, written, tmp_path):
    result = run("report", study, "--notebooks", notebooks, "--out", tmp_path / "out", "--audience", "public")
    assert result.exit_code == 0
    assert f"The report is at {tmp_path}/out/[run]/index.html" in result.stdout
    assert [path.name for path in written["notebooks"]] == ["01-a.ipynb", "02-b.ipynb"]
    assert written["study"].audience == "public"
    assert written["out"] == tmp_path / "out"
    assert len(written["claims"]) == 0


def test_report_is_for_the_working_group_unless_it_is_said_otherwise(run, study, notebooks, written):
    run("report", study, "--notebooks", notebooks)
    assert written["study"].audience == "working-group"


def test_report_names_a_notebook_that_failed_and_exits_with_1(run, study, notebooks, written):
    written["states"] = ["ok", "failed"]
    result = run("report", study, "--notebooks", notebooks)
    assert result.exit_code == 1
    assert "01.ipynb, cell 4: [KeyError]" in result.stderr
    assert "The report is at" in result.stdout


def test_report_names_no_cell_of_a_page_that_was_withheld(run, study, notebooks, written, monkeypatch):
    withheld = pd.DataFrame(
        [{"notebook": "01.ipynb", "page": "01.html", "status": "failed", "cell": "", "error": "withheld, since it would show 1"}]
    )
    monkeypatch.setitem(globals(), "pages", lambda *_: withheld)
    result = run("report", study, "--notebooks", notebooks)
    assert "01.ipynb: withheld, since it would show 1\n" in result.stderr


def test_report_says_why_a_page_is_withheld_where_and_what_to_do(run, study, notebooks, written):
    reason = {"page": "01.html", "place": "cell 3", "found": "“two” in the prose", "remedy": "Say it without the number."}
    written.update(states=["ok", "failed"], found={"reasons": pd.DataFrame([reason, reason | {"page": "09.html"}])})
    result = run("report", study, "--notebooks", notebooks)
    assert result.stderr.count("  cell 3: “two” in the prose. Say it without the number.\n") == 1


def test_report_names_each_fault_of_accessibility_and_where_it_is(run, study, notebooks, written):
    fault = {"page": "01.html", "rule": "tables", "line": 7, "place": "<table>", "found": "no caption", "remedy": "Write one."}
    written["found"] = {"faults": pd.DataFrame([fault])}
    result = run("report", study, "--notebooks", notebooks)
    assert "01.html, line 7: no caption. Write one.\n" in result.stderr
    assert result.exit_code == 0


def test_report_without_a_notebook_says_so(run, study, tmp_path):
    result = run("report", study, "--notebooks", tmp_path)
    assert result.exit_code == 1
    assert "found no notebook; expected at least one .ipynb file" in result.stderr


def test_report_of_a_broken_study_prints_its_problems(run, study, notebooks, written):
    (study / "interviews" / "P02.mp3").write_bytes(b"ID3")
    result = run("report", study, "--notebooks", notebooks)
    assert result.exit_code == 1
    assert "interviews/P02.mp3" in result.stderr
    assert "study" not in written


def test_notebooks_are_run_and_saved_one_by_one(run, study, notebooks, monkeypatch):
    saved = []

    def save_notebooks(study, files, *, progress):
        saved.append((study.settings.title, [path.name for path in files]))
        progress("01-a.ipynb", "running")

    monkeypatch.setattr("engagement_lib.sharing.report.save_notebooks", save_notebooks)
    result = run("notebooks", study, notebooks / "01-a.ipynb")
    assert result.exit_code == 0
    assert saved == [("[Pilot] 1", ["01-a.ipynb"])]
    assert "running  01-a.ipynb" in result.stderr


def test_notebooks_that_may_not_be_saved_are_named(run, study, notebooks, monkeypatch):
    def refuse(*_, **__):
        raise StudyError(Problem("study.toml", "key 'synthetic'", "false", "true", "Never commit a study of real people."))

    monkeypatch.setattr("engagement_lib.sharing.report.save_notebooks", refuse)
    result = run("notebooks", study, notebooks / "01-a.ipynb")
    assert result.exit_code == 1
    assert "Never commit a study of real people." in result.stderr


def test_lab_opens_the_notebooks_for_this_machine_alone(run, notebooks, monkeypatch):
    opened = []
    monkeypatch.setattr("jupyterlab.labapp.main", opened.append)
    assert run("lab", "--notebooks", notebooks).exit_code == 0
    (options,) = opened
    assert options[:2] == ["--ip=127.0.0.1", f"--ServerApp.root_dir={notebooks.resolve().parent}"]


def test_lab_asks_nothing_of_the_network(run, notebooks, monkeypatch):
    opened = []
    monkeypatch.setattr("jupyterlab.labapp.main", opened.append)
    run("lab", "--notebooks", notebooks)
    quiet = {"check_for_updates_class=jupyterlab.NeverCheckForUpdate", "news_url=None", "extension_manager=readonly"}
    assert {f"--LabApp.{option}" for option in quiet} <= set(opened[0])


def test_lab_without_a_folder_of_notebooks_says_so(run, tmp_path):
    result = run("lab", "--notebooks", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "nowhere: found no such folder; expected a folder of notebooks. Name it with --notebooks." in result.stderr


@pytest.fixture
def stores(tmp_path):
    """The stores of two people who defined one code each in their way."""
    for day, author in ((1, "AB"), (2, "CD")):
        event = make_event("code added", "[no-time]", author=author, value={"definition": f"As {author} has it."})
        append_events(tmp_path / f"{author}.db", pd.DataFrame([event]), now=datetime(2020, 10, day, 9, tzinfo=UTC))
    return tmp_path


def test_merge_puts_two_logs_into_one_and_lists_what_was_decided_differently(run, stores):
    result = run("merge", stores / "AB.db", stores / "CD.db", "--out", stores / "both.db")
    assert result.exit_code == 0
    held, conflict = result.stdout.splitlines()
    assert held == f"{stores}/both.db holds 2 events by AB, CD."
    assert conflict == (
        """code '[no-time]' defined in two ways: {"definition": "As AB has it."} (AB, 2020-10-01T09:00:00.000000Z), """
        """then {"definition": "As CD has it."} (CD, 2020-10-02T09:00:00.000000Z). The later one holds."""
    )
    assert len(read_events(stores / "both.db")) == 2


def test_merge_of_one_log_writes_it_anew(run, stores):
    assert run("merge", stores / "AB.db", "--out", stores / "AB.csv").stdout == f"{stores}/AB.csv holds 1 event by AB.\n"
    assert run("merge", stores / "AB.csv", "--out", stores / "again.db").exit_code == 0
    assert read_events(stores / "again.db").equals(read_events(stores / "AB.db"))


def test_merge_of_empty_logs_names_nobody(run, stores):
    append_events(stores / "empty.db", empty_table("events"), now=datetime(2020, 10, 1, tzinfo=UTC))
    result = run("merge", stores / "empty.db", "--out", stores / "both.db")
    assert result.stdout == f"{stores}/both.db holds 0 events.\n"


def test_merge_of_a_log_that_is_not_there_says_so(run, stores):
    result = run("merge", stores / "AB.db", stores / "EF.db", "--out", stores / "both.db")
    assert result.exit_code == 1
    assert "EF.db: found no log of events; expected a file that holds one." in result.stderr
    assert not (stores / "both.db").exists()


@pytest.fixture
def named(tmp_path):
    """A study in which somebody is named, and a key beside it."""
    folder = tmp_path / "pilot"
    (folder / "interviews").mkdir(parents=True)
    (folder / "interviews" / "P01.txt").write_text("Helen: Who?\nP01: Ask Gethin Pugh.\nHelen: Why?\n", encoding="utf-8")
    (folder / "study.toml").write_text(
        'title = "Pilot"\ncases = "cases.csv"\n[[transcripts]]\nfiles = "interviews/*"\ninterviewers = ["Helen"]\n'
    )
    (folder / "cases.csv").write_text("case_id,name\nP01,Ann Byrne\n")
    return folder


def test_a_key_is_made_and_never_written_over(run, tmp_path):
    made = run("key", tmp_path / "pilot.key")
    assert (made.exit_code, len((tmp_path / "pilot.key").read_text().strip())) == (0, 64)
    again = run("key", tmp_path / "pilot.key")
    assert again.exit_code == 1
    assert "pilot.key: found a file of this name; expected a new one" in again.output


def test_a_study_is_cleaned_into_a_new_folder_with_its_log_apart(run, named, tmp_path):
    run("key", tmp_path / "pilot.key")
    words = ("pseudonymise", named, "--key", tmp_path / "pilot.key", "--log", tmp_path / "log.csv", "--out", tmp_path / "new")
    result = run(*words, "--level", "public")
    assert result.exit_code == 0
    assert "person: 3 replaced" in result.output
    assert "variable 'name' of the cases: names people; left out" in result.output
    assert "0 of 1 sources are signed off by a reviewer." in result.output
    assert "Ask [Person]." in (tmp_path / "new" / "interviews_1" / "P01.txt").read_text()
    assert "Gethin Pugh" in (tmp_path / "log.csv").read_text()
    assert run("check", tmp_path / "new").exit_code == 0
    again = run(*words)
    assert (again.exit_code, "new: found something already there" in again.output) == (1, True)


def test_numbers_and_aliases_of_an_earlier_run_are_kept(run, named, tmp_path):
    run("key", tmp_path / "pilot.key")
    words = ("pseudonymise", named, "--key", tmp_path / "pilot.key", "--level", "direct")
    run(*words, "--log", tmp_path / "log.csv", "--out", tmp_path / "one")
    log = (tmp_path / "log.csv").read_text()
    number = next(line for line in log.splitlines() if "Gethin Pugh" in line).split("[")[1].split("]")[0]
    (tmp_path / "log.csv").write_text(log.replace(number, "Person 001"))
    (tmp_path / "aliases.csv").write_text("source_id,kind,alias,entity\n,person,helen,gethin pugh\n")
    given = ("--earlier", tmp_path / "log.csv", "--aliases", tmp_path / "aliases.csv")
    result = run(*words, *given, "--log", tmp_path / "later.csv", "--out", tmp_path / "two")
    assert result.exit_code == 0
    text = (tmp_path / "two" / "interviews_1" / "P01.txt").read_text()
    assert (text.count("[Person 001]"), "Gethin" in text) == (3, False)


def test_a_log_in_the_study_is_refused_before_anything_is_written(run, named, tmp_path):
    run("key", tmp_path / "pilot.key")
    result = run("pseudonymise", named, "--key", tmp_path / "pilot.key", "--log", named / "log.csv", "--out", tmp_path / "new")
    assert result.exit_code == 1
    assert "log.csv: found a place in the study 'pilot'; expected the log outside of every study" in result.output
    assert not (tmp_path / "new").exists()


def test_weights_are_checked_and_the_next_step_is_told(run, tmp_path, monkeypatch):
    monkeypatch.setattr("engagement_lib.themes.weights.fetch_weights", lambda folder: [folder / "model.safetensors"])
    result = run("weights", tmp_path)
    assert result.exit_code == 0
    assert f"{tmp_path}/model.safetensors" in result.output
    assert "`weights` under [language]" in result.output


def test_weights_that_are_not_the_known_ones_are_refused(run, tmp_path):
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("something else")
    result = run("weights", tmp_path)
    assert result.exit_code == 1
    assert "expected the weights of all-MiniLM-L6-v2" in result.output
