from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.framework_matrix import framework_grid, framework_matrix
from engagement_lib.exchange.spreadsheets import write_table
from engagement_lib.loading.spreadsheets import read_table
from engagement_lib.tables import check_table

CODEBOOK = [
    {"code": "no-time", "theme": "culture"},
    {"code": "box", "theme": "culture"},
    {"code": "late", "theme": "outside"},
    {"code": "odd", "theme": ""},
]
FRAME = {"frame": {"themes": ("culture",)}}
CASES = [{"case_id": "P1", "group": "user"}, {"case_id": "P2", "group": "producer"}, {"case_id": "P3", "group": "user"}]


def memo(about, text, *, memo_id="1", at="2020-10-02", by="theme"):
    return {"memo_id": memo_id, "about_type": f"case/{by}", "about_id": about, "author": "AB", "at": at, "text": text}


@pytest.fixture
def pilot(make_study, answers, coded):
    """Three people who answered one question; P1 is coded twice under culture, P2 outside."""

    def make(memos=(), **changes):
        settings = FRAME | {"asked": {"barriers": ("culture",)}} | changes.pop("settings", {})
        tables = {
            "sources": [row | {"question": "barriers"} for row in answers("P1", "P2", "P3")],
            "cases": CASES,
            "codebook": CODEBOOK,
            "codings": [
                *coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "late", "supports")),
                *coded(("P1/q1/1", "box", "supports"), start=6, end=8),
                *coded(("P1/q1/1", "box", "supports")),
            ],
            "memos": list(memos),
        }
        return make_study(settings=settings, **(tables | changes))

    return make


def cell(table, case, theme="culture"):
    return table[(table["case_id"] == case) & (table["theme"] == theme)].iloc[0]


def test_each_case_has_a_cell_for_each_theme_by_group_with_the_frame_first(pilot):
    table = framework_matrix(pilot())
    assert table[["case_id", "group", "theme", "passages", "status"]].to_numpy().tolist() == [
        ["P2", "producer", "culture", 0, "asked, nothing said"],
        ["P2", "producer", "outside", 1, "coded, not yet summarised"],
        ["P1", "user", "culture", 2, "coded, not yet summarised"],
        ["P1", "user", "outside", 0, "not asked"],
        ["P3", "user", "culture", 0, "asked, nothing said"],
        ["P3", "user", "outside", 0, "not asked"],
    ]
    assert cell(table, "P1")["pointers"] == "P1/q1/1:0-4; P1/q1/1:6-8"


def test_by_code_each_code_has_a_cell_those_without_a_theme_last(pilot):
    table = framework_matrix(pilot(), by="code")
    assert table.loc[table["case_id"] == "P1", ["theme", "code", "pointers", "status"]].to_numpy().tolist() == [
        ["culture", "no-time", "P1/q1/1:0-4", "coded, not yet summarised"],
        ["culture", "box", "P1/q1/1:0-4; P1/q1/1:6-8", "coded, not yet summarised"],
        ["outside", "late", "", "not asked"],
        ["", "odd", "", "not asked"],
    ]


def test_groups_and_themes_can_be_chosen(pilot):
    table = framework_matrix(pilot(), groups=["user"], frame=["outside"])
    assert table[["case_id", "theme"]].to_numpy().tolist() == [["P1", "outside"], ["P3", "outside"]]
    assert framework_matrix(pilot(), by="code", frame=["outside"])["code"].unique().tolist() == ["late"]


def test_groups_come_in_the_order_asked_for(pilot):
    assert framework_matrix(pilot(), groups=["user", "producer"])["group"].unique().tolist() == ["user", "producer"]


def test_a_group_that_is_not_there_is_named(pilot):
    with pytest.raises(TableError, match="groups: found 'press'; expected one of producer, user"):
        framework_matrix(pilot(), groups=["press"])


def test_a_matrix_is_by_theme_or_by_code(pilot):
    with pytest.raises(TableError, match="by: found 'claim'; expected 'theme' or 'code'"):
        framework_matrix(pilot(), by="claim")


def test_a_summary_stands_with_its_author_its_date_and_what_it_cites(pilot):
    memos = [
        memo("P1/culture", "No week is long enough [P1/q1/1:5-7], and nobody minds (P1/q1/1:0-3).", memo_id="2"),
        memo("P1/culture", "An older reading.", at="2020-10-01", memo_id="3"),
    ]
    row = cell(framework_matrix(pilot(memos)), "P1")
    assert row[["status", "author", "at", "doubt"]].tolist() == ["charted", "AB", "2020-10-02", ""]
    assert row["summary"].startswith("No week")
    assert row["cited"] == "P1/q1/1:6-8; P1/q1/1:0-4"
    assert row[["anchor", "anchor_at"]].tolist() == ["Ther", "P1/q1/1:6-8"]


@pytest.mark.parametrize(
    ("about", "text", "doubt"),
    [
        ("P1/culture", "Says it in passing.", "the summary cites no passage"),
        ("P1/culture", "As P2 does [P2/q1/1:0-4].", "the summary cites no passage"),
        ("P1/culture", "See [P1/q1/1:0-4] and [P1/q1/1:9-12].", "the summary cites P1/q1/1:9-12, which is no passage here"),
        ("P1/outside", "Never late [P1/q1/1:0-4].", "the summary stands on no passage: none is coded here"),
        ("P1/culture", "", ""),
    ],
)
def test_a_summary_must_say_where_it_has_it_from(pilot, about, text, doubt):
    row = cell(framework_matrix(pilot([memo(about, text)])), *about.split("/"))
    assert (row["doubt"], row["status"]) == (doubt, "charted" if text else "coded, not yet summarised")


def test_a_source_whose_name_is_the_beginning_of_another_is_not_mistaken_for_it(pilot, answers):
    sources = [row | {"source_id": name} for name in ("P1/q1/1", "P1/q1/1:2") for row in answers("P1")]
    row = cell(framework_matrix(pilot([memo("P1/culture", "So [P1/q1/1:2:0-4].")], sources=sources, cases=[])), "P1")
    assert row["doubt"] == "the summary cites P1/q1/1:2:0-4, which is no passage here"


def test_summaries_of_codes_are_apart_from_those_of_themes(pilot):
    memos = [memo("P1/box", "Ticks [P1/q1/1:6-8].", by="code"), memo("P1/culture", "Wide [P1/q1/1:0-4].", memo_id="2")]
    table = framework_matrix(pilot(memos), by="code")
    assert table.loc[table["summary"] != "", ["code", "cited"]].to_numpy().tolist() == [["box", "P1/q1/1:6-8"]]


def test_memos_about_what_the_study_lacks_are_named(pilot):
    memos = [memo("P9/culture", "x"), memo("P1/colour", "x", memo_id="2"), memo("culture", "x", memo_id="3")]
    with pytest.raises(TableError) as caught:
        framework_matrix(pilot(memos))
    assert [problem.found for problem in caught.value.problems] == ["no case 'P9'", "no theme 'colour'", "no case ''"]
    assert str(caught.value).splitlines()[0] == (
        "memos, memo '1', about_id 'P9/culture': found no case 'P9'; expected a case with words, a slash and a theme of the"
        " codebook, such as 'P07/culture'. Mend it."
    )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"barriers": ("culture",)}, "asked, nothing said"),
        ({"barriers": ("box",)}, "asked, nothing said"),
        ({"barriers": ("*",)}, "asked, nothing said"),
        ({"barriers": ("C1",)}, "asked, nothing said"),
        ({"barriers": ("outside",)}, "not asked"),
        ({"barriers": ()}, "not asked"),
        ({}, "nothing said, and not known whether asked"),
    ],
)
def test_silence_is_told_from_not_having_been_asked(pilot, asked, status):
    claims = [{"claim_id": "C1", "theme": "culture", "statement": "Time is short.", "codes": "+box"}]
    assert cell(framework_matrix(pilot(claims=claims, settings={"asked": asked})), "P3")["status"] == status


def test_a_code_was_asked_about_where_a_claim_with_it_was(pilot):
    claims = [{"claim_id": "C1", "theme": "outside", "statement": "Time is short.", "codes": "+box"}]
    table = framework_matrix(pilot(claims=claims, settings={"asked": {"barriers": ("C1",)}}), by="code")
    mine = table[table["case_id"] == "P3"]
    assert dict(zip(mine["code"], mine["status"], strict=True)) == {
        "no-time": "not asked",
        "box": "asked, nothing said",
        "late": "not asked",
        "odd": "not asked",
    }


def test_what_nobody_has_read_yet_is_not_silence(pilot, answers):
    sources = [row | {"question": "barriers"} for row in answers("P1", "P2", "P3")]
    sources.append(sources[2] | {"source_id": "P3/q2/1"})
    readings = [{"source_id": name, "coder": "AB", "finished": "yes"} for name in ("P1/q1/1", "P3/q1/1")]
    table = framework_matrix(pilot(sources=sources, readings=readings, settings={"coder": "AB"}))
    assert cell(table, "P2")[["status", "passages", "doubt"]].tolist() == ["not yet read", 0, ""]
    assert cell(table, "P3")[["status", "doubt"]].tolist() == ["asked, nothing said", "1 of the sources not yet read"]


def test_a_webinar_is_one_case(make_study, talk):
    source, _ = talk("W1", ("Ann", "participant", "Yes."), ("Bob", "participant", "No."), kind="webinar")
    table = framework_matrix(make_study(sources=[source], codebook=CODEBOOK, settings=FRAME))
    assert table[["case_id", "group"]].drop_duplicates().to_numpy().tolist() == [["W1", "webinar"]]


def test_replies_to_a_draft_are_a_matrix_of_their_own(pilot, answers):
    settings = {"waves": {"2": {"prompted": True}}}
    sources = [row | {"question": "barriers"} for row in (*answers("P1"), *answers("P3", wave="2"))]
    study = pilot(sources=sources, codings=[], settings=settings)
    assert framework_matrix(study)["case_id"].unique().tolist() == ["P1"]
    assert framework_matrix(study, prompted=True)["case_id"].unique().tolist() == ["P3"]


@pytest.mark.parametrize(
    ("quotes", "cleared", "anchor"),
    [("cleared", True, "P1/q1/1:6-8"), ("cleared", False, ""), ("none", True, ""), ("all", False, "P1/q1/1:0-4")],
)
def test_outside_the_team_only_what_was_cleared_is_quoted(pilot, quotes, cleared, anchor):
    event = {"event_id": "1", "author": "AB", "kind": "quote cleared", "about_type": "passage", "about_id": "P1/q1/1:6-8"}
    sharing = {"quotes": quotes, "reason": "a test"}
    study = replace(pilot(events=[event] if cleared else [], settings={"sharing": sharing}), audience="working-group")
    row = cell(framework_matrix(study), "P1")
    assert (row["anchor_at"], bool(row["anchor"])) == (anchor, bool(anchor))


def test_without_codes_or_people_there_are_no_rows_but_all_columns(pilot, make_study):
    full = framework_matrix(pilot(), by="code")
    nobody, uncoded = make_study(codebook=CODEBOOK), pilot(codebook=[], codings=[], settings={"frame": {"themes": ()}})
    for empty in (framework_matrix(nobody, by="code"), framework_matrix(uncoded, by="code")):
        assert empty.empty
        assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_the_grid_is_one_row_a_case_and_one_column_a_theme(pilot):
    grid = framework_grid(framework_matrix(pilot([memo("P1/culture", "Ticks [P1/q1/1:6-8].")])))
    assert grid.columns.tolist() == ["case_id", "group", "culture", "outside"]
    assert grid.to_numpy().tolist() == [
        ["P2", "producer", "[asked, nothing said]", "[coded, not yet summarised]"],
        ["P1", "user", "Ticks [P1/q1/1:6-8].", "[not asked]"],
        ["P3", "user", "[asked, nothing said]", "[not asked]"],
    ]
    by_code = framework_grid(framework_matrix(pilot(), by="code"))
    assert by_code.columns.tolist() == ["case_id", "group", "no-time", "box", "late", "odd"]


def test_an_empty_matrix_gives_an_empty_grid(make_study):
    assert framework_grid(framework_matrix(make_study(codebook=CODEBOOK))).columns.tolist() == ["case_id", "group"]


def test_a_matrix_can_be_written_and_read_back(pilot):
    table = framework_matrix(pilot([memo("P1/culture", "=Ticks [P1/q1/1:6-8].")]))
    with TemporaryDirectory() as folder:
        write_table(table, Path(folder, "matrix.csv"))
        back = read_table(Path(folder, "matrix.csv"))
    assert back["pointers"].tolist() == table["pointers"].tolist()
    assert cell(back, "P1")["summary"] == "'=Ticks [P1/q1/1:6-8]."


def test_neither_the_names_of_cases_nor_the_order_of_rows_matter(pilot, renamed):
    study = pilot()
    names = {"P1": "X3", "P2": "X1", "P3": "X2"}
    other = renamed(study, names)
    object.__setattr__(other, "codings", other.codings.iloc[::-1].reset_index(drop=True))
    found = framework_matrix(other).sort_values(["pointers", "status", "case_id"], ignore_index=True)
    expected = framework_matrix(study).assign(case_id=lambda table: table["case_id"].replace(names))
    pd.testing.assert_frame_equal(found, expected.sort_values(["pointers", "status", "case_id"], ignore_index=True))


def test_a_table_that_is_given_stays_as_it_was(pilot):
    study = pilot([memo("P1/culture", "x")])
    before = study.memos.copy()
    framework_matrix(study)
    assert check_table("memos", study.memos).equals(before)
