from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.coding.codebook_history import codebook_history, compare_codebooks, word_difference
from engagement_lib.coding.events import make_event
from engagement_lib.errors import TableError
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

NAMES = ("sources", "cases", "codings", "readings", "memos", "claims", "events")
FILE = check_table(
    "codebook",
    pd.DataFrame({"code": ["no-time", "hours", "habit"], "parent": ["", "no-time", ""], "definition": ["Short of it.", "", ""]}),
)


def codes(*rows):
    return pd.DataFrame(list(rows), columns=["code", "parent", "definition"])


def differences(old, new, **options):
    return compare_codebooks(codes(*old), codes(*new), **options).to_numpy().tolist()


def test_codes_that_came_and_went_are_told():
    assert differences([("a", "", "One."), ("b", "", "Two.")], [("c", "", "Three."), ("b", "", "Two.")]) == [
        ["a", "retired", "One.", "", ""],
        ["c", "added", "", "Three.", ""],
    ]


def test_a_code_that_went_while_one_of_the_same_meaning_came_was_renamed_and_its_children_were_not_moved():
    old, new = [("a", "", "One  thing."), ("b", "a", "")], [("z", "", "One thing."), ("b", "z", "")]
    assert differences(old, new) == [
        ["z", "renamed", "a", "z", ""],
        ["z", "definition changed", "One  thing.", "One thing.", "One thing."],
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([("a", "", "")], [("z", "", "")]),
        ([("a", "", "One.")], [("y", "", "One."), ("z", "", "One.")]),
        ([("a", "", "One."), ("b", "", "One.")], [("z", "", "One.")]),
    ],
)
def test_where_it_is_not_plain_which_code_was_renamed_none_was(old, new):
    assert {row[1] for row in differences(old, new)} == {"retired", "added"}


def test_codes_that_became_others_are_told_as_renamed_merged_or_split():
    old = [("a", "", "One."), ("b", "", "Two."), ("c", "", "Three."), ("d", "a", "")]
    new = [("z", "", "Else."), ("c", "", "Three."), ("c1", "", ""), ("d", "z", "")]
    assert differences(old, new, became={"a": ["z"], "b": ["c"], "c": ["c", "c1"]}) == [
        ["z", "renamed", "a", "z", ""],
        ["z", "definition changed", "One.", "Else.", "[-One.] [+Else.]"],
        ["c", "merged", "b", "c", ""],
        ["c", "split", "c", "c, c1", ""],
        ["c1", "added", "", "", ""],
    ]


def test_what_is_said_otherwise_is_told_column_by_column():
    old = FILE.assign(counter_evidence=["A slot kept.", "", ""], colour=["#801650", "", ""])
    new = old.assign(parent=["", "habit", ""], counter_evidence=["", "", ""], colour=["#12436D", "", ""])
    assert compare_codebooks(old, new).to_numpy().tolist() == [
        ["no-time", "counter evidence changed", "A slot kept.", "", ""],
        ["no-time", "colour changed", "#801650", "#12436D", "[-#801650] [+#12436D]"],
        ["hours", "moved", "no-time", "habit", ""],
    ]


def test_a_codebook_does_not_differ_from_itself_and_none_from_none():
    for codebook in (FILE, empty_table("codebook")):
        table = compare_codebooks(codebook, codebook)
        assert table.empty
        assert list(table.columns) == ["code", "change", "was", "now", "words"]


WORDS = st.lists(st.sampled_from(["one", "two", "three", "four"])).map(" ".join)


@given(WORDS, WORDS)
def test_either_text_can_be_read_from_their_difference(was, now):
    said, old, new, where = word_difference(was, now).split(), [], [], "both"
    for word in said:
        where = {"[-": "old", "[+": "new"}.get(word[:2], where)
        plain = word.removeprefix("[-").removeprefix("[+").removesuffix("]")
        old += [plain] * (where != "new")
        new += [plain] * (where != "old")
        where = "both" if word.endswith("]") else where
    assert (" ".join(old), " ".join(new)) == (was, now)


EVENTS = [
    ("code added", "money", {"definition": "Costs.", "version": "2"}),
    ("code added", "no-time", {"definition": "Short of time.", "version": "3"}),
    ("code moved", "hours", {"parent": "money", "version": "4"}),
    ("code renamed", "no-time", {"code": "time", "version": "5"}),
    ("code merged", "money", {"into": "no-time", "version": "6"}),
    ("code split", "habit", {"into": [{"code": "custom"}, {"code": "routine"}], "version": "7"}),
    ("code retired", "custom", {}),
]


@pytest.fixture
def study():
    rows = [make_event(kind, about, author="AB", value=value, reason=f"r{n}") for n, (kind, about, value) in enumerate(EVENTS, 1)]
    log = pd.DataFrame([{**row, "event_id": f"e{n}", "at": f"2020-10-{n:02}"} for n, row in enumerate(rows, 1)]).astype("str")
    tables = {name: empty_table(name) for name in NAMES}
    return Study(Path(), Settings(title="Pilot"), **tables, codebook=FILE, history={"log": log.iloc[::-1], "codebook": FILE})


def told(study, **options):
    columns = ["version", "code", "change", "was", "now"]
    return codebook_history(study, **options)[columns].to_numpy().tolist()


def test_the_history_tells_what_each_act_changed(study):
    assert told(study) == [
        ["2", "money", "added", "", "Costs."],
        ["3", "no-time", "definition changed", "Short of it.", "Short of time."],
        ["4", "hours", "moved", "no-time", "money"],
        ["5", "time", "renamed", "no-time", "time"],
        ["6", "time", "merged", "money", "time"],
        ["7", "habit", "split", "habit", "custom, routine"],
        ["7", "custom", "added", "", ""],
        ["7", "routine", "added", "", ""],
        ["", "custom", "retired", "", ""],
    ]


def test_each_change_has_its_time_author_reason_words_and_event(study):
    assert codebook_history(study).loc[1, ["at", "author", "reason", "words", "event_id"]].tolist() == [
        "2020-10-02",
        "AB",
        "r2",
        "Short of [-it.] [+time.]",
        "e2",
    ]


def test_the_history_may_be_of_a_time_or_of_one_code_by_any_of_its_names(study):
    assert [row[0] for row in told(study, since="2020-10-05", until="2020-10-06")] == ["6", "7", "7", "7"]
    for name in ("no-time", "time", "money"):
        assert [row[0] for row in told(study, code=name)] == ["2", "3", "5", "6"]


def test_a_codebook_that_nobody_has_changed_has_no_history(study):
    history = codebook_history(Study(**{**vars(study), "history": {}}))
    assert history.empty
    assert list(history.columns) == [
        "version", "at", "author", "reason", "code", "change", "was", "now", "words", "event_id"
    ]  # fmt: skip


@pytest.mark.parametrize("bound", ["since", "until"])
def test_what_is_no_date_is_named(study, bound):
    with pytest.raises(TableError, match="found 'Friday'"):
        codebook_history(study, **{bound: "Friday"})
