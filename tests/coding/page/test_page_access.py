"""Whom the page is for: those who use no mouse, no screen, large letters, their own colours or a phone."""

import sqlite3

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def violations(page):
    """What axe finds in the page as it stands."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def find():
        found = axe.run(page).response["violations"]
        return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]

    return find


DARK_LAB = {"data-jp-theme-light": "false", "style": "--jp-layout-color0: #111; --jp-ui-font-color0: #fff"}


@pytest.mark.parametrize(("width", "scheme", "theme"), [(1200, "light", {}), (320, "dark", {}), (1200, "light", DARK_LAB)])
def test_axe_finds_nothing_in_any_state(open_page, violations, width, scheme, theme):
    opened = open_page(width=width, scheme=scheme, theme=theme)
    found = {"open": violations()}
    opened.focus(1).press("j", "Enter").hear("saved").press("Shift+ArrowDown", "n", "Enter").hear("saved")
    opened.press("-").hear("saved").press("ArrowRight", "ArrowRight")
    found["coded, a word selected"] = violations()
    opened.press(*"no")
    found["finding a code"] = violations()
    opened.press(*"xyz")
    found["no code found"] = violations()
    opened.press("Escape", ";", *"Odd")
    found["writing a memo"] = violations()
    opened.press("Control+Enter").hear("saved").press("/", *"list", "Enter")
    found["searching"] = violations()
    opened.press("Escape", "?")
    found["key map"] = violations()
    opened.press("Escape")
    opened.desk.wait = 0.1
    holder = sqlite3.connect(opened.desk.study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("1").hear("Not saved.")
    found["not saved"] = violations()
    holder.close()
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (320, "dark")])
def test_axe_finds_nothing_where_two_are_compared(open_page, compared, violations, width, scheme):
    opened = open_page(compared, width=width, scheme=scheme)
    found = {"differences": violations()}
    opened.page.get_by_role("button", name="Leave out: jargon on sentence 2").click()
    opened.hear("Left out jargon on sentence 2, saved")
    found["settled"] = violations()
    opened.focus(0).press(">").wait_open("P02")
    found["waiting"] = violations()
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("height", [800, 256])
def test_nothing_goes_sideways_in_320_pixels_which_is_1280_at_400_per_cent(open_page, page, make_desk, height):
    opened = open_page(make_desk("averylongnameofacoderwithoutanyspace"))
    page.set_viewport_size({"width": 320, "height": height})
    wide = "document.documentElement.scrollWidth"
    opened.focus(1).press("j", "Enter").hear("saved")
    assert page.evaluate(wide) <= 320
    opened.press(";")
    assert page.evaluate(wide) <= 320
    opened.press("Escape", "/", "w")
    assert page.evaluate(wide) <= 320
    opened.press("Escape", "?")
    assert page.evaluate(wide) <= 320


@pytest.mark.parametrize("size", [(1200, 900), (320, 256)])
def test_what_has_the_keyboard_is_in_sight(open_page, page, size):
    opened = open_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened.focus(0)
    shown = "(box => box.top >= 0 && box.top + 16 <= innerHeight)(document.activeElement.getBoundingClientRect())"
    seen = {
        key: opened.press(key) and page.evaluate(shown) for key in ("End", "Home", "PageDown", "ArrowDown", "n", "Escape", ";")
    }
    assert seen == dict.fromkeys(seen, True)


def test_every_button_and_field_is_reached_with_tab_in_the_order_seen(open_page, page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    page.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    name = "(one => one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent)(document.activeElement)"
    names = []
    while len(names) < 40:
        opened.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        names.append(page.evaluate(name))
    assert names == [
        "Source",
        *("Undo", "Redo", "Search", "Next uncoded", "Finish source", "Next source", "Keys ?"),
        "Honestly?",
        "Find a code",
        *("Stance of jargon on sentence 2", "Memo on jargon on sentence 2", "Withdraw jargon on sentence 2"),
        "Write a memo on the passage",
    ]


def test_what_has_the_keyboard_keeps_the_notebooks_own_keys_off(open_page, page):
    marked = "document.activeElement.getAttribute('data-lm-suppress-shortcuts')"
    opened = open_page().focus(1)
    seen = [page.evaluate(marked)]
    for keys in (["ArrowDown"], ["n"], ["Escape", ";"], ["Escape", "/"], ["Escape", "?"]):
        opened.press(*keys)
        seen.append(page.evaluate(marked))
    assert seen == ["true"] * 6


def test_forced_colours_keep_the_selection_the_marks_and_the_chosen_code_apart(open_page, page):
    page.emulate_media(forced_colors="active")
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    colours = page.evaluate(
        """["[data-sentence='1']", "[data-sentence='2']", "[data-sentence='1'] .eng-mark", ".eng-codes li",
        ".eng-codes li + li"].map(one => { const style = getComputedStyle(document.querySelector(one));
        return [style.backgroundColor, style.color, style.textDecorationColor]; })"""
    )
    chosen, other, mark, first, second = colours
    assert chosen[0] != other[0]
    assert first[0] != second[0]
    assert mark[2] == chosen[1]


def test_nothing_moves_of_itself_and_no_colour_alone_tells_a_stance(open_page, page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    opened.press("-").hear("saved")
    assert page.locator(".eng-margin").nth(1).text_content() == "a jargon (contradicts)"
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_turns_are_rows_headed_by_who_speaks_and_when(open_page, page):
    open_page()
    rows = page.get_by_role("grid").get_by_role("row")
    assert rows.count() == 4
    assert rows.nth(1).get_by_role("rowheader").text_content() == "P01 participant 0:00:12"
    assert rows.nth(1).get_by_role("gridcell").all_text_contents()[:2] == ["Honestly?", "I don't."]


def test_a_right_to_left_sentence_has_its_direction(open_page, page, make_desk):
    open_page(make_desk(source_id="P02"), source="P02")
    directions = page.evaluate(
        """[...document.querySelectorAll('.eng-sentence')].map(one => [getComputedStyle(one).direction, one.textContent])"""
    )
    assert [words for direction, words in directions if direction == "rtl"] == ["שלום לכולם.", "אני משתמש בטבלאות."]
