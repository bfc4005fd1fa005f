"""The modules of the page: joined into one, and those that reckon, called in Chromium."""

import re
from pathlib import Path

import pytest

from engagement_lib.coding.page import modules as joining
from engagement_lib.coding.page.modules import MODULES, join_modules, page_looks

HERE = Path(joining.__file__).parent
TEXTS = {
    "plain": "No time.",
    "an emoji": "ab 🙂 c",
    "a family, joined": "They tell 👩‍👩‍👧, too",
    "combining accents": "Cafe\u0301 no\u0303 e\u0302\u0323",
    "right to left": "שלום 🙂 לכולם",
    "flags and skin": "🏴󠁧󠁢󠁷󠁬󠁳󠁿🇬🇧 👍🏽",
    "nothing": "",
}


def test_each_module_is_joined_once_and_comes_after_those_it_needs():
    assert sorted(MODULES) == sorted(path.name for path in HERE.glob("*.js"))
    for at, name in enumerate(MODULES):
        needed = re.findall(r'from "\./([a-z_]+\.js)"', (HERE / name).read_text(encoding="utf-8"))
        assert set(needed) <= set(MODULES[:at])


def test_the_joined_module_imports_nothing_and_gives_one_thing():
    joined = join_modules()
    assert re.findall(r"^import ", joined, re.MULTILINE) == []
    assert re.findall(r"^export .*", joined, re.MULTILINE) == ["export default { render };"]


def test_no_two_modules_use_one_name():
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", join_modules(), re.MULTILINE)
    assert len(names) == len(set(names))


def test_whatever_is_imported_is_used_and_there():
    for name in MODULES:
        text = (HERE / name).read_text(encoding="utf-8")
        for wanted, origin in re.findall(r'^import \{([^}]*)\} from "\./([a-z_]+\.js)"', text, re.MULTILINE):
            given = (HERE / origin).read_text(encoding="utf-8")
            for one in wanted.replace(" ", "").split(","):
                assert re.search(rf"^export (?:function|const|class) {one}\b", given, re.MULTILINE), (name, one)
                assert len(re.findall(rf"\b{one}\b", text)) > 1, (name, one)


def test_no_text_is_made_into_markup_and_nothing_is_fetched():
    joined = join_modules() + page_looks()
    dangers = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "http",
        "@import",
        "url(",
    )
    assert [danger for danger in dangers if danger in joined] == []


@pytest.mark.browser
def test_code_points_and_utf_16_units_are_turned_into_each_other(modules):
    found = modules.evaluate(
        """texts => texts.map(text => { const positions = new made.Positions(text);
        return [...[...text].keys(), [...text].length].map(point => {
        const unit = positions.toUnits(point); return [unit, positions.toPoints(unit)]; }); })""",
        list(TEXTS.values()),
    )
    for text, pairs in zip(TEXTS.values(), found, strict=True):
        units = [len(text[:point].encode("utf-16-le")) // 2 for point in range(len(text) + 1)]
        assert pairs == [[unit, point] for point, unit in enumerate(units)]


@pytest.mark.browser
def test_the_middle_of_a_pair_belongs_to_its_code_point(modules):
    assert modules.evaluate("[3, 4, 5].map(unit => new made.Positions('ab 🙂 c').toPoints(unit))") == [3, 3, 4]


@pytest.mark.browser
def test_words_keep_joined_emoji_and_accents_whole_and_leave_signs_out(modules):
    found = modules.evaluate(
        "texts => texts.map(text => made.splitWords(text, 0, text.length).map(one => text.slice(one.start, one.end)))",
        [*TEXTS.values(), "don't – stop!", "…?!"],
    )
    assert found == [
        ["No", "time"],
        ["ab", "🙂", "c"],
        ["They", "tell", "👩‍👩‍👧", "too"],
        ["Cafe\u0301", "no\u0303", "e\u0302\u0323"],
        ["שלום", "🙂", "לכולם"],
        ["🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇬🇧", "👍🏽"],
        [""],
        ["don't", "stop"],
        ["…?!"],
    ]


@pytest.mark.browser
def test_lanes_letters_and_lines_tell_overlaps_apart(modules):
    codings = [(0, 9, "b"), (0, 9, "a"), (2, 4, "c"), (4, 6, "d"), (5, 20, "e"), (30, 40, "f")]
    rows = [{"start": start, "end": end, "code": code} for start, end, code in codings]
    found = modules.evaluate(
        "rows => made.assignLanes(rows, {start: 0, end: 25}).map(mark => [mark.coding.code, mark.letter, mark.lane, mark.line])",
        rows,
    )
    assert found == [
        ["a", "a", 0, "solid"],
        ["b", "b", 1, "dashed"],
        ["c", "c", 2, "dotted"],
        ["d", "d", 2, "dotted"],
        ["e", "e", 3, "double"],
    ]


@pytest.mark.browser
def test_after_z_letters_go_on_with_a_number(modules):
    rows = [{"start": 0, "end": 9, "code": f"code-{number:02}"} for number in range(28)]
    letters = modules.evaluate("rows => made.assignLanes(rows, {start: 0, end: 9}).map(mark => mark.letter)", rows)
    assert letters[24:] == ["y", "z", "a2", "b2"]


@pytest.mark.browser
def test_a_stretch_is_cut_where_marks_and_the_selection_begin_and_end(modules):
    found = modules.evaluate(
        """(() => { const codings = [{start: 2, end: 6, code: "a"}, {start: 4, end: 12, code: "b"}];
        const marks = made.assignLanes(codings, {start: 0, end: 10});
        return made.cutRuns({start: 0, end: 10}, marks, {start: 5, end: 7}).map(run =>
        [run.start, run.end, run.marks.map(mark => mark.letter).join(""), run.selected]); })()"""
    )
    assert found == [
        [0, 2, "", False],
        [2, 4, "a", False],
        [4, 5, "ab", False],
        [5, 6, "ab", True],
        [6, 7, "b", True],
        [7, 10, "b", False],
    ]


@pytest.mark.browser
def test_keys_with_alt_or_while_an_accent_is_composed_are_left_to_the_system(modules):
    found = modules.evaluate(
        """[{key: "a", altKey: true}, {key: "e", isComposing: true}, {key: "s", ctrlKey: true}, {key: "F5"}, {key: "Tab"},
        {key: "é"}, {key: "z", metaKey: true}, {key: "5"}].map(event => made.readKey(event))"""
    )
    assert found == [None, None, None, None, None, ["find", "é"], ["undo"], ["recent", 5]]
