import json
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from sharing_demo import INTERVIEW, PASSAGE, make_notebook, make_study, place_of

from engagement_lib.errors import StudyError, TableError
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.report import save_notebooks, write_report
from engagement_lib.sharing.running import write_notebook

SHORT = ("#md\n# A\n\n**Finding.** All.", '#parameters\nstudy_folder = "."\naudience = "team"', "print(audience)")


def write(folder, *cells, name="a.ipynb", study_hash=""):
    path = folder / name
    write_notebook(make_notebook(*cells, study_hash=study_hash), path)
    return path


def text(path):
    return path.read_text(encoding="utf-8")


def test_a_report_has_one_row_and_one_file_a_page(report):
    assert report.pages.to_numpy().tolist() == [
        ["01-first.ipynb", "What people said", "01-first.html", "ok", "", ""],
        ["02-second.ipynb", "Limits and the way it was made", "02-second.html", "failed", "4", "KeyError: 'missing'"],
    ]
    assert sorted(path.name for path in report.folder.iterdir()) == [
        "01-first.html",
        "02-second.html",
        "evidence.json",
        "index.html",
        "manifest.json",
        "tables",
    ]
    assert report.folder.name == "run-1"
    assert report.index == report.folder / "index.html"


def test_a_page_that_failed_is_shown_as_far_as_it_went(report):
    html = text(report.folder / "02-second.html")
    assert "Nobody outside London was asked." in html
    assert "Cell 4 failed:" in html
    assert "Never reached" not in html
    assert "Stopped at cell 4 with KeyError." in text(report.index)


def test_tables_stand_beside_the_pages_in_the_letters_that_spreadsheets_know(report):
    tables = sorted((report.folder / "tables").iterdir())
    assert tables[0].name == "01-first-01-respondents-by-code.csv"
    assert tables[0].read_bytes().startswith(b"\xef\xbb\xbfcode,respondents,base,share\r\nno-time,9,12,0.75\r\n")


def test_faults_of_the_pages_come_with_the_report(report):
    assert report.faults.empty
    assert list(report.faults.columns) == ["page", "rule", "line", "place", "found", "remedy"]


def test_the_banner_says_that_a_study_is_synthetic(report):
    assert all("it is not evidence about the real strategy" in text(page) for page in report.folder.glob("*.html"))


def test_prose_written_for_another_study_is_left_out(tmp_path):
    study = make_study(tmp_path, synthetic=False)
    path = write(
        tmp_path, "#md\n# A\n\n**Finding.** Everybody agrees.", "#finding\nAll ten of them.", "1 + 1", study_hash="another"
    )
    report = write_report(study, notebooks=[path], out=tmp_path, run_id="r")
    html = text(report.folder / "a.html")
    assert "Everybody agrees" not in html
    assert "All ten of them" not in html
    assert "The commentary has still to be written for this study." in html
    assert "No findings are written down for this study yet" in text(report.index)
    assert "Synthetic study" not in html


def test_an_audience_is_passed_on_and_progress_told(tmp_path):
    told = []
    path = write(tmp_path, *SHORT)
    write_report(
        make_study(tmp_path),
        notebooks=[path],
        out=tmp_path,
        run_id="r",
        audience="public",
        progress=lambda *news: told.append(news),
    )
    assert "public</pre>" in text(tmp_path / "r" / "a.html")
    assert "Report for the public" in text(tmp_path / "r" / "index.html")
    assert told == [("a.ipynb", "running"), ("a.ipynb", "ok")]


def test_outside_the_team_a_page_with_uncleared_words_is_withheld(tmp_path):
    study = make_study(tmp_path, audience="working-group")
    path = write(tmp_path, f"#md\n# A\n\n**Finding.** They say: “{PASSAGE}”.", study_hash=study_hash(study))
    report = write_report(study, notebooks=[path], out=tmp_path, run_id="r")
    place = place_of(INTERVIEW, PASSAGE, "P01")
    assert report.pages["status"].tolist() == ["failed"]
    assert report.pages["error"].tolist() == ["withheld, for 1 reason"]
    assert report.reasons.to_numpy().tolist() == [
        ["a.html", "", f"1 passage that nobody has cleared: {place}", "Clear them one by one, or leave them out of the notebook."]
    ]
    assert PASSAGE not in text(report.folder / "a.html")
    assert "since it might say too much of somebody. There is 1 reason." in text(report.folder / "a.html")
    assert PASSAGE not in text(report.index)
    assert "Withheld, for 1 reason." in text(report.index)


def test_an_index_names_nobody_outside_the_team(tmp_path):
    claims = pd.DataFrame({"claim_id": ["C1"], "statement": ["Ask jo.bell@trade.example.org"], "supporting": [9], "base": [12]})
    report = write_report(make_study(tmp_path), notebooks=[], out=tmp_path, run_id="r", claims=claims)
    assert "jo.bell" in text(report.index)
    shared = write_report(make_study(tmp_path, audience="public"), notebooks=[], out=tmp_path, run_id="s", claims=claims)
    assert "jo.bell" not in text(shared.index)


def test_a_title_with_uncleared_words_stops_the_report_before_anything_is_written(tmp_path):
    study = make_study(tmp_path, audience="public")
    path = write(tmp_path, f"#md\n# They said {PASSAGE}")
    with pytest.raises(StudyError, match=r"titles of the notebooks: found 1 passage that nobody has cleared: P01:\d+-\d+"):
        write_report(study, notebooks=[path], out=tmp_path / "out", run_id="r")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [{"cleared": [place_of(INTERVIEW, PASSAGE, "P01")]}, {"quotes": "all"}])
def test_a_cleared_passage_goes_through_the_gate(tmp_path, options):
    study = make_study(tmp_path, audience="public", **options)
    path = write(tmp_path, f"#md\n# A\n\n**Finding.** They say: “{PASSAGE}”.", study_hash=study_hash(study))
    report = write_report(study, notebooks=[path], out=tmp_path, run_id="r")
    assert report.pages["status"].tolist() == ["ok"]
    assert PASSAGE in text(report.folder / "a.html")


def test_sources_below_the_level_of_the_audience_stop_the_report_unless_they_are_synthetic(tmp_path):
    study, out = make_study(tmp_path, synthetic=False), tmp_path / "out"
    with pytest.raises(TableError, match=r"'P01' and 2 more: found the level 'raw'; expected 'indirect' or above"):
        write_report(study, notebooks=[], out=out, run_id="r", audience="working-group")
    assert not out.exists()
    cleaned = replace(study, sources=study.sources.assign(level="indirect"))
    assert write_report(cleaned, notebooks=[], out=out, run_id="r", audience="working-group").index.is_file()
    with pytest.raises(TableError, match=r"expected 'public' or above"):
        write_report(cleaned, notebooks=[], out=out, run_id="s", audience="public")
    synthetic = write_report(make_study(tmp_path), notebooks=[], out=out, run_id="s", audience="public")
    assert "Synthetic study" in text(synthetic.index)


def test_a_release_says_what_changed_since_the_last_one_to_the_same_readers(tmp_path):
    study = make_study(tmp_path)
    for run_id, audience in (("1", "public"), ("2", "team"), ("3", "team")):
        report = write_report(study, notebooks=[], out=tmp_path / "out", run_id=run_id, audience=audience)
        linked = '<a href="changes.html">What changed since run 2</a>' in text(report.index)
        assert linked == (report.folder / "changes.html").exists() == (run_id == "3")
        assert report.faults.empty
    assert "What changed since run 2" in text(report.folder / "changes.html")
    files = [file["file"] for file in json.loads(text(report.folder / "manifest.json"))["files"]]
    assert "changes.html" in files
    (tmp_path / "out" / "3" / "manifest.json").write_text("no manifest")
    after = write_report(study, notebooks=[], out=tmp_path / "out", run_id="4", audience="team")
    assert "What changed since run 2" in text(after.index)


def test_pages_of_an_earlier_run_are_removed_and_nothing_else(tmp_path):
    study, out = make_study(tmp_path), tmp_path / "out"
    write_report(study, notebooks=[write(tmp_path, "#md\n# Old", name="old.ipynb")], out=out, run_id="r")
    (out / "r" / "own.html").write_bytes(b"<p>mine</p>")
    write_report(study, notebooks=[write(tmp_path, "#md\n# New", name="new.ipynb")], out=out, run_id="r")
    assert sorted(path.name for path in (out / "r").iterdir()) == [
        "evidence.json",
        "index.html",
        "manifest.json",
        "new.html",
        "own.html",
    ]


def test_tables_of_an_earlier_run_are_removed(tmp_path):
    study, out = make_study(tmp_path), tmp_path / "out"
    cell = "import pandas as pd\nfrom engagement_lib import show_table\nshow_table(pd.DataFrame({'n': [1]}), 'Counts')"
    write_report(study, notebooks=[write(tmp_path, cell, name="old.ipynb")], out=out, run_id="r")
    assert (out / "r" / "tables" / "old-01-counts.csv").exists()
    write_report(study, notebooks=[], out=out, run_id="r")
    assert list((out / "r" / "tables").iterdir()) == []


def test_a_place_where_no_folder_can_be_made_is_named(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StudyError, match=r"out/r: found that it cannot be made .* Name another place with --out\."):
        write_report(make_study(tmp_path), notebooks=[], out=tmp_path / "out", run_id="r")


@pytest.mark.parametrize("run_id", ["", ".", "..", "a/b", "/a"])
def test_a_run_needs_a_name_that_a_folder_can_have(tmp_path, run_id):
    with pytest.raises(StudyError, match="run_id"):
        write_report(make_study(tmp_path), notebooks=[], out=tmp_path, run_id=run_id)


def test_a_report_without_notebooks_or_claims_has_an_index(tmp_path):
    study = make_study(tmp_path)
    report = write_report(replace(study, claims=study.claims.head(0)), notebooks=[], out=tmp_path, run_id="r")
    assert sorted(path.name for path in report.folder.iterdir()) == ["index.html", "manifest.json"]
    assert report.pages.empty
    assert list(report.pages.columns) == ["notebook", "title", "page", "status", "cell", "error"]
    assert "No claims were appraised" in text(report.index)


def test_notebooks_are_saved_with_their_outputs_and_the_study_they_speak_of(tmp_path):
    study, told = make_study(tmp_path), []
    path = write(tmp_path, SHORT[0], SHORT[1], "print(study_folder)")
    save_notebooks(study, [path], progress=lambda *news: told.append(news))
    saved = nbformat.read(path, as_version=4)
    assert saved.cells[2].outputs[0].text == ".\n"
    assert [cell.source for cell in saved.cells] == [*(cell.partition("\n")[2] for cell in SHORT[:2]), "print(study_folder)"]
    assert saved.metadata["engagement"] == {"study": study_hash(study)}
    assert told == [("a.ipynb", "running"), ("a.ipynb", "ok")]
    before = path.read_bytes()
    save_notebooks(study, [path])
    assert path.read_bytes() == before


def test_a_notebook_that_fails_is_not_saved(tmp_path):
    paths = [write(tmp_path, "1 / 0", name="bad.ipynb"), write(tmp_path, "print(1)", name="good.ipynb")]
    before = paths[0].read_bytes()
    with pytest.raises(StudyError, match=r"bad\.ipynb, cell 1: found ZeroDivisionError: division by zero"):
        save_notebooks(make_study(tmp_path), paths)
    assert paths[0].read_bytes() == before
    assert nbformat.read(paths[1], as_version=4).cells[0].outputs[0].text == "1\n"


def test_notebooks_on_real_data_are_not_saved(tmp_path):
    with pytest.raises(StudyError, match="a synthetic study"):
        save_notebooks(make_study(tmp_path, synthetic=False), [])
