"""Two releases held beside each other, and the page about it."""

import json

import pytest
from finished_pages import FIRST, INDEX

from engagement_lib.errors import StudyError
from engagement_lib.sharing.changes import write_changes
from engagement_lib.sharing.releases import compare_releases, open_release

MANIFEST = {
    "version": 1,
    "run": "run-1",
    "made": "2020-10-01",
    "title": "A small study",
    "synthetic": True,
    "audience": "working-group",
    "study": {"hash": "h1", "commit": "", "uncommitted": None},
    "library": {"version": "0.1.0", "commit": "c1", "uncommitted": False},
    "data": [{"holds": "interview", "sha256": "1"}, {"holds": "interview", "sha256": "2"}, {"holds": "cases", "sha256": "3"}],
    "thresholds": {"verdicts": {"min_respondents": 5}, "frame": {"themes": ["culture", "capability"]}},
    "codebook": {"version": "v1", "codes": {"no-time": "1", "jargon": "2", "old": "3"}},
    "cleared": [{"by": "person 1", "passages": 4}],
    "software": {"python": "3.11", "pandas": "3.1"},
    "pages": [{"file": "01-first.html", "title": "First"}],
    "files": [{"file": "index.html", "bytes": 1200, "sha256": "1" * 64}],
}


@pytest.fixture
def release(tmp_path):
    """A release in a folder of this name; `changes` are keys of its manifest, `pages` other pages."""

    def make(name, *, pages=(), **changes):
        folder = tmp_path / name
        folder.mkdir()
        for file, html in {"index.html": INDEX, "01-first.html": FIRST, **dict(pages)}.items():
            (folder / file).write_text(html, encoding="utf-8")
        (folder / "manifest.json").write_text(json.dumps(MANIFEST | changes))
        return folder

    return make


def rows(old, new):
    return [tuple(row) for row in compare_releases(old, new).to_numpy().tolist()]


def test_two_releases_that_say_the_same_differ_in_nothing(release):
    changes = compare_releases(release("a"), release("b"))
    assert changes.empty
    assert list(changes.columns) == ["what", "about", "before", "after"]


def test_a_verdict_that_moved_comes_before_what_else_is_said_of_claims(release):
    after = INDEX.replace(">supported<", ">contested<").replace(">12<", ">15<")
    assert rows(release("a"), release("b", pages=[("index.html", after)])) == [
        ("verdict", "C1: verdict", "supported", "contested"),
        ("claim", "C1: of", "12", "15"),
    ]


def test_a_claim_that_is_new_was_not_there(release):
    after = INDEX.replace("</tbody>", '<tr><th>C2</th><td class="number">3</td><td>insufficient</td></tr></tbody>')
    assert rows(release("a"), release("b", pages=[("index.html", after)])) == [
        ("verdict", "C2: verdict", "not there", "insufficient"),
        ("claim", "C2: of", "not there", "3"),
    ]


def test_findings_and_tables_of_a_page_are_compared(release):
    after = FIRST.replace("Nine of", "Ten of").replace("−0.75", "0.80")
    assert rows(release("a"), release("b", pages=[("01-first.html", after)])) == [
        ("finding", "First", "Finding. Nine of twelve.\nNo more.", "Finding. Ten of twelve.\nNo more."),
        (
            "table",
            "First: Respondents by code",
            "3 rows, 1 not in the other release",
            "3 rows, 1 not in the other release",
        ),
    ]


def test_a_table_that_came_went_or_has_other_columns_is_said_so(release):
    other = FIRST.replace("<caption>Respondents by code", "<caption>People by code")
    columns = FIRST.replace(">said<", ">heard<")
    assert rows(release("a"), release("b", pages=[("01-first.html", other)])) == [
        ("table", "First: Respondents by code", "3 rows", "not there"),
        ("table", "First: People by code", "not there", "3 rows"),
    ]
    assert rows(release("c"), release("d", pages=[("01-first.html", columns)])) == [
        ("table", "First: Respondents by code", "columns code, share, said", "columns code, share, heard"),
    ]


def test_tables_of_one_caption_are_told_apart_by_their_order(release):
    twice = FIRST.replace("<ul><li>", "<table><caption>Respondents by code</caption><tr><td>1</td></tr></table><ul><li>", 1)
    after = twice.replace("<td>1</td>", "<td>2</td>")
    (row,) = rows(release("a", pages=[("01-first.html", twice)]), release("b", pages=[("01-first.html", after)]))
    assert row[:3] == ("table", "First: Respondents by code", "1 row, 1 not in the other release")


def test_a_page_that_is_new_and_one_without_a_finding_are_said_so(release):
    page = "<main><h1>Second</h1></main>"
    both = [{"file": "01-first.html", "title": "First"}, {"file": "02.html", "title": "Second"}]
    old, new = release("a"), release("b", pages=[("02.html", page), ("01-first.html", "<main><h1>First</h1></main>")])
    (new / "manifest.json").write_text(json.dumps(MANIFEST | {"pages": both}))
    assert rows(old, new) == [
        ("page", "02.html", "not there", "Second"),
        ("finding", "First", "Finding. Nine of twelve.\nNo more.", "not there"),
        ("table", "First: Respondents by code", "3 rows", "not there"),
    ]


def test_thresholds_codebook_clearances_and_versions_are_compared(release):
    after = {
        "thresholds": {"verdicts": {"min_respondents": 6}, "frame": {"themes": ["culture"]}},
        "codebook": {"version": "v2", "codes": {"no-time": "1", "jargon": "9", "new": "4"}},
        "cleared": [{"by": "person 1", "passages": 4}, {"by": "person 2", "passages": 1}],
        "software": {"python": "3.12", "pandas": "3.1"},
    }
    assert rows(release("a"), release("b", **after)) == [
        ("threshold", "verdicts.min_respondents", "5", "6"),
        ("threshold", "frame.themes", "culture, capability", "culture"),
        ("codebook", "version", "v1", "v2"),
        ("codebook", "code jargon", "as in 2", "as in 9"),
        ("codebook", "code old", "there", "not there"),
        ("codebook", "code new", "not there", "there"),
        ("cleared", "passages cleared", "4", "5"),
        ("cleared", "people who cleared them", "1", "2"),
        ("software", "python", "3.11", "3.12"),
    ]


def test_files_of_the_study_are_counted_by_kind_and_named_for_the_team(release):
    after = [*MANIFEST["data"], {"holds": "interview", "sha256": "4"}]
    assert rows(release("a"), release("b", data=after)) == [
        ("data", "interview", "2 files, 0 not in the other release", "3 files, 1 not in the other release"),
    ]
    named = [{"holds": "cases", "file": "cases.csv", "sha256": digest * 64} for digest in "12"]
    assert rows(release("c", audience="team", data=named[:1]), release("d", audience="team", data=named[1:])) == [
        ("data", "cases.csv", f"as in {'1' * 12}", f"as in {'2' * 12}"),
    ]


def test_the_releases_themselves_and_their_files_are_compared(release):
    study = {"hash": "h2", "commit": "c9", "uncommitted": True}
    files = [{"file": "report.pdf", "bytes": 5, "sha256": "2" * 64}]
    assert rows(release("a"), release("b", run="run-2", study=study, files=files)) == [
        ("release", "run", "run-1", "run-2"),
        ("release", "study hash", "h1", "h2"),
        ("release", "commit of the study", "", "c9"),
        ("release", "uncommitted changes in the study", "not defined", "yes"),
        ("file", "index.html", f"1,200 bytes, {'1' * 12}", "not there"),
        ("file", "report.pdf", "not there", f"5 bytes, {'2' * 12}"),
    ]


def test_releases_for_different_readers_are_not_compared(release):
    with pytest.raises(StudyError, match="releases for team and for working-group; expected two for the same readers"):
        compare_releases(release("a", audience="team"), release("b"))


@pytest.mark.parametrize(
    ("file", "content", "found"),
    [
        ("manifest.json", None, "no manifest.json"),
        ("manifest.json", "{", "what is not JSON"),
        ("manifest.json", "[]", "a manifest of another kind"),
        ("manifest.json", '{"version": 99}', "a manifest of another kind"),
        ("01-first.html", None, "no page '01-first.html'"),
        ("manifest.json", json.dumps(MANIFEST | {"pages": [{"file": "../a.html", "title": "A"}]}), "no page '../a.html'"),
    ],
)
def test_a_folder_that_is_no_whole_release_is_named(release, file, content, found):
    folder = release("a")
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    with pytest.raises(StudyError, match=found):
        open_release(folder)


def test_the_page_says_first_how_many_verdicts_moved(release):
    after = INDEX.replace(">supported<", ">contested<")
    new = release("b", pages=[("index.html", after)], run="run-2")
    changes = write_changes(release("a"), new, new / "changes.html")
    html = (new / "changes.html").read_text(encoding="utf-8")
    assert len(changes) == 2
    assert "<h1" in html
    assert "What changed since run run-1" in html
    assert (
        "Between run run-1 and run run-2, 1 verdict moved and no other statements about a claim changed. "
        "Both were made from the same study."
    ) in html
    assert "Verdicts that moved: before and after" in html
    assert "Report for the working group, run run-2" in html
    assert "Codes" not in html


def test_the_page_of_equal_releases_says_so(release):
    new = release("b", study={"hash": "h2", "commit": "", "uncommitted": None})
    write_changes(release("a"), new, new / "changes.html")
    html = (new / "changes.html").read_text(encoding="utf-8")
    assert "no verdicts moved and no other statements about a claim changed.</p>" in html
    same = release("c")
    write_changes(same, same, same / "changes.html")
    assert "The two releases say the same, word for word" in (same / "changes.html").read_text(encoding="utf-8")


def test_a_page_elsewhere_leads_to_the_new_release(release, tmp_path):
    out = tmp_path / "elsewhere.html"
    write_changes(release("a"), release("b"), out)
    html = out.read_text(encoding="utf-8")
    assert 'href="b/index.html"' in html
    assert 'href="b/01-first.html"' in html
    assert 'href="#main"' in html


@pytest.mark.browser
def test_axe_finds_nothing_on_the_page(release, page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    new = release("b", pages=[("index.html", INDEX.replace(">12<", ">15<"))], run="run-2", software={})
    write_changes(release("a"), new, new / "changes.html")
    page.goto((new / "changes.html").as_uri())
    assert [one["id"] for one in axe.Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
