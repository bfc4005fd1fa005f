"""A study that is updated as responses come in."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pandas as pd
import pytest
from sharing_demo import make_notebook
from typer.testing import CliRunner

from engagement_lib.cli import app
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.errors import StudyError
from engagement_lib.evidence.run_record import last_run
from engagement_lib.sharing.running import write_notebook
from engagement_lib.study import open_study
from engagement_lib.themes.decisions import theme_decision
from engagement_lib.update import THEMES, update_study, usable_turns

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
WORDS = {
    "time": ("hours", "deadline", "calendar", "diary", "holiday"),
    "money": ("budget", "funding", "invoice", "grant", "price"),
    "data": ("table", "spreadsheet", "figure", "download", "column"),
    "maps": ("atlas", "border", "district", "postcode", "street"),
}
STUDY = """title = "Pilot"
coder = "AB"
codebook = "codebook.csv"
codings = "codings.csv"
readings = "readings.csv"
claims = "claims.csv"

[waves.2]
prompted = true

[language]
encoder = "tfidf"

[themes]
n_themes = 3

[frame]
themes = ["means"]

[verdicts]
min_respondents = 2
min_kinds = 1

[[surveys]]
file = "first.csv"
case = "ref"
questions = { barriers = "barriers" }
"""
SECOND = """
[[surveys]]
file = "second.csv"
wave = "2"
case = "ref"
questions = { gaps = "gaps" }
"""


def said(topic, number):
    one, two, three = list(permutations(WORDS[topic], 3))[number]
    return f"there is no {one} and no {two} or {three}"


def write_answers(folder, file, question, *parts):
    """A survey and its codings by AB, from (topic, first, last); a respondent is called after topic and number."""
    rows = [(f"{topic}{number}", said(topic, number)) for topic, first, last in parts for number in range(first, last)]
    pd.DataFrame(rows, columns=["ref", question]).to_csv(folder / file, index=False)
    places = [f"{ref}/{question}" for ref, _ in rows]
    coded = [(place, ref[:4], "AB", text) for place, (ref, text) in zip(places, rows, strict=True) if ref[:4] in ("time", "mone")]
    add(folder / "codings.csv", ["source_id", "code", "coder", "quote"], coded)
    add(folder / "readings.csv", ["source_id", "coder", "finished"], [(place, "AB", "yes") for place in places])


def add(path, columns, rows):
    table = pd.DataFrame(rows, columns=columns)
    table = pd.concat([pd.read_csv(path), table]) if path.exists() else table
    table.to_csv(path, index=False)


@pytest.fixture
def folder(tmp_path):
    """A study of one wave, in which twelve respondents each lack time, money and data; only the first two have a code."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY)
    (folder / "codebook.csv").write_text("code,definition,theme\ntime,Too little time,means\nmone,Too little money,means\n")
    (folder / "claims.csv").write_text("claim_id,statement,codes\nC1,There is no time,+time\n")
    write_answers(folder, "first.csv", "barriers", ("time", 0, 12), ("money", 0, 12), ("data", 0, 12))
    return folder


@pytest.fixture
def update(folder, tmp_path, monkeypatch):
    """An update so many days after the first; the record of the evidence, which has tests of its own, is left out."""
    monkeypatch.setattr("engagement_lib.sharing.report.write_evidence", lambda *_: None)

    def run(day=0, notebooks=(), resamples=0, **options):
        now = NOW + timedelta(days=day)
        return update_study(folder, notebooks=notebooks, out=tmp_path / "out", now=now, resamples=resamples, **options)

    return run


def bring_in(folder, *parts, file="second.csv"):
    (folder / "study.toml").write_text(STUDY + SECOND)
    write_answers(folder, file, "gaps", *parts)


def ledger(done):
    return done.themes.ledger_[["theme_id", "status", "first_run", "last_run"]].to_numpy().tolist()


def theme_of(done, source_id):
    table = done.themes.assignments_
    return table.loc[table["source_id"] == source_id, "theme_id"].item()


def test_a_first_run_is_recorded_and_compared_with_nothing(folder, update):
    done = update()
    assert done.said == (
        "This is the first run: there is nothing to compare it with. It heard 36 respondents who had read no draft."
    )
    assert ledger(done) == [["T01", "new", "1", "1"], ["T02", "new", "1", "1"], ["T03", "new", "1", "1"]]
    events = read_events(folder)
    assert events["kind"].value_counts().to_dict() == {"theme recorded": 3, "run recorded": 1}
    assert last_run(events)["codes"] == {"time": [12, 36], "mone": [12, 36]}
    assert done.page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_second_run_with_nothing_new_says_so_and_is_not_recorded(folder, update):
    update()
    done = update(1)
    assert done.said.startswith("Nothing has changed since run 1: ")
    assert "Nothing has changed since run 1" in done.page.read_text(encoding="utf-8")
    assert done.changes.files.empty
    assert len(read_events(folder)) == 4
    assert update(2).changes.before == "1"


def test_new_files_keep_the_themes_and_make_new_ones(folder, update):
    first = update()
    bring_in(folder, ("time", 20, 23), ("maps", 0, 12))
    done = update(1)
    assert done.changes.files.to_numpy().tolist() == [["second.csv", "survey", "2", "new"]]
    assert [row[1:] for row in ledger(done)] == [["kept", "1", "2"]] * 3 + [["new", "2", "2"]]
    assert theme_of(done, "time21/gaps") == theme_of(first, "time1/barriers")
    assert theme_of(done, "maps3/gaps") == "T04"
    assert done.changes.at.startswith("2020-10-02")
    assert "15 respondents who had read the draft, no independent support. Themes: 1 new." in done.said
    third = update(2)
    assert third.said.startswith("Nothing has changed since run 2: ")
    assert theme_of(third, "maps3/gaps") == "T04"


def test_replies_to_a_draft_are_never_independent_support(folder, update):
    before = update().changes
    bring_in(folder, ("time", 20, 32))
    after = update(1).changes
    names = ["claim_id", "indicated", "supporting", "base"]
    assert after.claims[names].to_numpy().tolist() == before.claims[names].to_numpy().tolist()
    assert after.prevalence[["code", "respondents", "base"]].to_numpy().tolist() == [["time", 12, 36], ["mone", 12, 36]]
    assert not after.claims["moved"].any()
    assert after.reply_claims[["supporting", "base"]].to_numpy().tolist() == [[12, 12]]
    assert after.replies[["code", "respondents", "base"]].to_numpy().tolist() == [["time", 12, 12], ["mone", 0, 12]]
    heard = after.responses.set_index("source")
    assert heard.loc["survey, wave 2", ["support", "new"]].tolist() == ["prompted by the draft, shown apart", 12]
    themes = after.themes.set_index("theme_id")
    assert themes["respondents"].tolist() == [12, 12, 12]
    assert sorted(themes["replies"]) == [0, 0, 12]
    assert themes["base"].tolist() == [36, 36, 36]
    assert themes["low"].iloc[0] == pytest.approx(0.2023, abs=5e-4)


def test_themes_are_first_made_of_what_was_said_before_the_draft(folder, update):
    bring_in(folder, ("time", 20, 23), ("maps", 0, 12))
    done = update()
    assert [row[1:] for row in ledger(done)] == [["new", "1", "1"]] * 4
    assert done.themes.flow_["old_theme_id"].unique().tolist() == [""]


def test_a_study_of_replies_alone_has_themes_of_replies(folder, update):
    (folder / "study.toml").write_text(STUDY.replace('file = "first.csv"', 'file = "first.csv"\nwave = "2"'))
    themes = update().changes.themes
    assert themes[["respondents", "base", "replies"]].to_numpy().tolist() == [[0, 0, 12]] * 3
    assert themes["share"].isna().all()


def test_a_frozen_update_moves_nothing_and_makes_no_theme(folder, update):
    first = update()
    bring_in(folder, ("maps", 0, 12))
    done = update(1, mode="frozen")
    assert done.themes.theme_ids_ == ["T01", "T02", "T03"]
    before = first.themes.assignments_.set_index("source_id")["theme_id"]
    after = done.themes.assignments_.set_index("source_id")["theme_id"]
    assert after[before.index].tolist() == before.tolist()


def test_a_verdict_that_moved_is_named(folder, update):
    update()
    (folder / "claims.csv").write_text("claim_id,statement,codes\nC1,There is no time,+mone\n")
    (folder / "codings.csv").write_text("source_id,code,coder,quote\n")
    codings = pd.DataFrame([("time0/barriers", "time", "AB", said("time", 0))], columns=["source_id", "code", "coder", "quote"])
    codings.to_csv(folder / "codings.csv", index=False)
    done = update(1)
    assert done.changes.claims[["indicated_before", "indicated", "moved"]].to_numpy().tolist() == [
        ["supported", "insufficient", True]
    ]
    assert "Indicated verdicts that moved: C1." in done.said


def test_a_theme_without_a_code_that_is_stable_is_a_gap_that_is_new_once(folder, update):
    done = update(resamples=20)
    data = theme_of(done, "data1/barriers")
    assert done.changes.gaps[["theme_id", "new", "gap"]].to_numpy().tolist() == [
        [data, True, "outside the frame, without a code"]
    ]
    bring_in(folder, ("time", 20, 23))
    again = update(1, resamples=20)
    assert again.changes.gaps[["theme_id", "new"]].to_numpy().tolist() == [[data, False]]
    assert "New gaps of the frame: none." in again.said


def test_the_study_says_how_often_respondents_are_drawn_unless_told(folder, update):
    (folder / "study.toml").write_text(STUDY.replace("n_themes = 3", "n_themes = 3\nresamples = 2"))
    assert update(resamples=None).themes.stability_["resamples"].tolist() == [2, 2, 2]


def test_a_theme_of_replies_that_no_code_covers_is_a_gap_apart(folder, update):
    update()
    bring_in(folder, ("maps", 0, 12))
    changes = update(1, resamples=20).changes
    assert "T04" in changes.reply_gaps["theme_id"].tolist()
    assert "T04" not in changes.gaps["theme_id"].tolist()


def test_decisions_are_replayed_and_those_that_cannot_be_are_listed(folder, update):
    first = update()
    ids = {topic: theme_of(first, f"{topic}1/barriers") for topic in ("time", "money", "data")}
    decisions = [
        theme_decision("name", ids["time"], author="AB", name="No time"),
        theme_decision("exclude", ids["data"], author="AB"),
        theme_decision("merge", "T77", into=ids["time"], author="CD"),
    ]
    append_events(folder, pd.DataFrame(decisions), now=NOW + timedelta(hours=1))
    done = update(1)
    assert done.themes.ledger_.set_index("theme_id").loc[ids["time"], "name"] == "No time"
    assert ids["data"] not in done.changes.themes["theme_id"].tolist()
    assert f"Left out, since people excluded them: {ids['data']}." in done.changes.notice
    assert done.changes.decisions.to_numpy().tolist() == [["CD", "merge", "T77", ids["time"], "there is no theme T77"]]
    assert done.said.endswith("Decisions about themes that could not be replayed: 1.")
    assert update(2).changes.same


def test_people_who_merge_and_split_are_obeyed_after_the_study_is_opened_anew(folder, update):
    first = update()
    ids = {topic: theme_of(first, f"{topic}1/barriers") for topic in ("time", "money", "data")}
    turns = usable_turns(open_study(folder))
    four = turns[turns["source_id"].isin([f"data{number}/barriers" for number in range(4)])]
    one = turns[turns["source_id"] == "time5/barriers"]
    decisions = [
        theme_decision("merge", ids["money"], into=ids["time"], author="AB"),
        theme_decision("split", ids["data"], into="T09", answers=four, author="AB"),
        theme_decision("move", ids["data"], answers=one, author="AB"),
    ]
    append_events(folder, pd.DataFrame(decisions), now=NOW + timedelta(hours=1))
    bring_in(folder, ("time", 20, 24), ("maps", 0, 12))
    for day in (1, 2):
        done = update(day)
        assert done.themes.decisions_["reason"].tolist() == ["", "", ""]
        assert [theme_of(done, f"{name}/barriers") for name in ("money3", "data0", "data7", "time5")] == [
            ids["time"], "T09", ids["data"], ids["data"],
        ]  # fmt: skip
        assert theme_of(done, "time22/gaps") == ids["time"]
        assert theme_of(done, "maps5/gaps") == "T10"
    assert done.changes.same


def test_a_study_of_nothing_is_updated_too(folder, update):
    (folder / "study.toml").write_text('title = "Pilot"\n[language]\nencoder = "tfidf"\n')
    done = update()
    assert done.said.endswith("It heard nobody.")
    assert done.changes.themes.empty
    assert {name: str(kind) for name, kind in done.changes.themes.dtypes.items()} == dict(THEMES)
    assert update(1).changes.same


def test_progress_is_told_and_the_report_has_the_notebooks_too(folder, tmp_path, update):
    write_notebook(make_notebook("#md\n# A", "1 + 1"), tmp_path / "a.ipynb")
    told = []
    done = update(notebooks=[tmp_path / "a.ipynb"], progress=lambda *words: told.append(words))
    assert told == [("themes", "running"), ("themes", "ok"), ("a.ipynb", "running"), ("a.ipynb", "ok")]
    assert done.report.pages["page"].tolist() == ["changed.html", "a.html"]


def test_a_study_that_cannot_be_opened_is_not_updated(folder, update):
    (folder / "first.csv").unlink()
    with pytest.raises(StudyError, match=r"first\.csv"):
        update()


@pytest.fixture
def command(folder, tmp_path, monkeypatch):
    """`engagement update` as somebody types it."""
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*words):
        return CliRunner().invoke(app, ["update", str(folder), "--out", str(tmp_path / "out"), *map(str, words)])

    return typed


def test_the_command_says_what_it_found_and_where_the_page_is(folder, command):
    result = command("--page-only")
    assert result.exit_code == 0
    assert "This is the first run" in result.stdout
    assert result.stdout.strip().endswith("changed.html")
    assert "running  themes" in result.stderr
    bring_in(folder, ("maps", 0, 12))
    frozen = command("--page-only", "--frozen")
    assert "Themes: all kept." in frozen.stdout


def test_the_command_fails_where_a_notebook_does(command, tmp_path):
    books = tmp_path / "books"
    books.mkdir()
    write_notebook(make_notebook("#md\n# A", "1 / 0"), books / "a.ipynb")
    result = command("--notebooks", books)
    assert result.exit_code == 1
    assert "a.ipynb: ZeroDivisionError: division by zero" in result.stderr
    assert "What changed is at" in result.stdout


def test_the_command_names_what_is_missing(command, folder, tmp_path):
    result = command("--notebooks", tmp_path)
    assert result.exit_code == 1
    assert "expected at least one .ipynb file" in result.stderr
    (folder / "first.csv").unlink()
    result = command("--page-only")
    assert result.exit_code == 1
    assert "first.csv" in result.stderr
