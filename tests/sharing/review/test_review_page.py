"""The review in Chromium, by keyboard and mouse, with the real store behind it."""

import sqlite3

import pytest

pytestmark = pytest.mark.browser
SOON = {"within": 1000, "every": 300}


def entries(page):
    return [" ".join(words.split()) for words in page.locator(".eng-review-list > li").all_text_contents()]


def test_the_most_doubtful_entry_comes_first_and_each_says_what_it_is(open_page, page):
    open_page()
    assert entries(page) == [
        "“Grace” proper name, passed over: a capital: a name that is also a word. not decided",
        "“Office” proper name, passed over: a capital: capital amid a sentence. not decided",
        "“Helen” person, found: speaker's name. taken as found",
        "“Gethin Pugh” person, found: first name. taken as found",
        "“07700 900123” telephone, found: UK number with 0. taken as found",
    ]


def test_what_is_around_an_entry_is_read_with_it(open_page, page):
    opened = open_page().focus().press("ArrowDown")
    words = "(node => document.getElementById(node.getAttribute('aria-describedby')).textContent)(document.activeElement)"
    assert "Ask the Office, or Gethin Pugh" in page.evaluate(words)
    assert opened.here().startswith("“Office”")


def test_everything_from_opening_to_the_last_source_goes_by_keyboard(open_page, log, place):
    opened = open_page()
    for _ in range(15):
        opened.press("Tab")
        if opened.page.evaluate("document.activeElement.role ?? document.activeElement.getAttribute('role')") == "option":
            break
    opened.press("e").hear("Decisions now hold everywhere in the study.")
    opened.press("k")
    opened.page.keyboard.type("pers")
    opened.press("Escape")
    assert opened.here().startswith("“Grace”")
    opened.press("i").hear("“Grace”: person, everywhere, saved. 1 entry not decided.")
    assert opened.here().startswith("“Office”")
    opened.press("e").hear("Decisions now hold for one place.")
    opened.press("n").hear("“Office”: not an identifier, saved. everything is decided.")
    opened.press("!").hear("Source P01 signed off, saved")
    opened.press(">").wait_open("P02").hear("Source P02, 1 entry not decided.")
    assert opened.here().startswith("“48213”")
    opened.press("s")
    opened.page.keyboard.type("Gethin Pugh")
    opened.press("Enter").hear("“48213”: same as Gethin Pugh, saved. everything is decided.")
    opened.press("!").hear("Source P02 signed off, saved")
    opened.press(">").wait_open("S1/gaps").hear("Source S1/gaps, everything is decided.")
    said = [
        (kind, about, value.get("decision", ""), value.get("kind", ""), value.get("scope", "")) for _, kind, about, value in log()
    ]
    assert said == [
        ("identifier decided", place("Grace"), "identifier", "person", "everywhere"),
        ("identifier decided", place("Office"), "not an identifier", "", "here"),
        ("source signed off", "P01", "", "", ""),
        ("identifier decided", place("48213", "P02"), "same as", "number", "here"),
        ("source signed off", "P02", "", "", ""),
    ]


def test_a_source_with_something_left_is_not_signed_off(open_page, log):
    open_page().focus().press("!").hear("Not signed off: 2 entries not decided.")
    assert log() == []


def test_the_mouse_decides_too(open_page, page, log):
    opened = open_page()
    page.locator(".eng-review-list > li").nth(1).click()
    assert page.locator(".eng-decision mark").text_content() == "Office"
    page.get_by_label("Kind").select_option("organisation")
    page.get_by_label("Everywhere in the study").check()
    page.get_by_role("button", name="Identifier", exact=True).click()
    opened.hear("“Office”: organisation, everywhere, saved. 1 entry not decided.")
    page.get_by_role("button", name="Same as this").click()
    assert page.evaluate("document.activeElement.id").endswith("same")
    page.get_by_role("button", name="Sign source off").click()
    opened.hear("Not signed off")
    page.get_by_role("button", name="Next undecided").click()
    assert opened.here().startswith("“Grace”")
    opened.press("n").hear("everything is decided.")
    page.get_by_role("button", name="Next undecided").click()
    opened.hear("Everything in this source is decided.")
    assert [value.get("kind") for _, _, _, value in log()] == ["organisation", None]


def test_undo_takes_back_the_last_act_and_redo_brings_it_back(open_page, page, place):
    opened = open_page().focus()
    opened.press("Control+z").hear("Nothing to undo.")
    opened.press("n").hear("saved")
    opened.press("Control+z").hear(f"Undone: identifier decided {place('Grace')}, saved")
    assert entries(page)[0].endswith("not decided")
    opened.press("Control+Shift+Z").hear(f"Done again: identifier decided {place('Grace')}, saved")
    assert entries(page)[0].endswith("not an identifier, by AB")
    opened.press("Control+y").hear("Nothing to redo.")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("ArrowDown", "Office"),
        ("ArrowDown ArrowUp ArrowUp", "Grace"),
        ("End", "07700 900123"),
        ("End Home", "Grace"),
        ("PageDown", "07700 900123"),
        ("PageDown PageUp", "Grace"),
        (".", "Office"),
        (". .", "Grace"),
        (",", "Office"),
        ("End ,", "Office"),
        ("Alt+ArrowDown", "Grace"),
        ("Control+i", "Grace"),
    ],
)
def test_a_key_moves(open_page, keys, words):
    assert open_page().focus().press(*keys.split()).here().startswith(f"“{words}”")


def test_at_the_first_source_a_key_says_that_there_is_none_before(open_page):
    opened = open_page().focus()
    opened.press("<").hear("This is the first source.")
    opened.press(">").wait_open("P02").press("<").wait_open("P01")


def test_the_last_source_says_so(open_page, make_desk):
    opened = open_page(make_desk(source_id="S1/gaps"), source="S1/gaps")
    opened.page.get_by_role("button", name="Next source").click()
    opened.hear("This is the last source.")
    assert "Nothing in this source looks like an identifier" in opened.page.locator(".eng-note").first.text_content()
    opened.page.get_by_role("button", name="Identifier", exact=True).is_hidden()


def test_what_was_said_stands_there_as_text_and_never_as_markup(open_page, page):
    open_page()
    assert page.locator(".eng-review b").count() == 0
    page.locator(".eng-review-list > li").nth(4).click()
    assert "<b>No</b>." in page.locator(".eng-decision .eng-quote").text_content()


def test_the_keys_are_listed_in_a_dialogue_that_escape_closes(open_page, page):
    opened = open_page().focus()
    opened.press("?")
    assert page.get_by_role("dialog").is_visible()
    opened.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.get_by_role("button", name="Keys ?").click()
    page.get_by_role("button", name="Close").click()
    assert page.locator("dialog[open]").count() == 0


def test_keys_of_the_notebook_do_not_act(open_page, page):
    open_page().focus()
    page.evaluate("window.passed = []; document.addEventListener('keydown', (event) => window.passed.push(event.key))")
    page.keyboard.press("d")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("window.passed") == []


LIGHT = 'data-jp-theme-light="true" style="--jp-layout-color0: #ffffff; --jp-ui-font-color0: #000000"'
DARK = 'data-jp-theme-light="false" style="--jp-layout-color0: #111111; --jp-ui-font-color0: #ffffff"'


@pytest.mark.parametrize(
    ("width", "scheme", "theme"),
    [(1200, "light", ""), (320, "light", ""), (320, "dark", ""), (320, "dark", LIGHT), (320, "light", DARK)],
)
def test_axe_finds_nothing(open_page, page, scheme, width, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    opened = open_page(theme=theme).focus()
    opened.press("n").hear("saved")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for state in ("list", "help"):
        if state == "help":
            opened.focus().press("?")
        violations = axe.Axe().run(page, options=options).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_locked_file_is_told_and_what_was_decided_is_saved_again(open_page, page, make_desk, log):
    opened = open_page(make_desk(wait=0.1)).focus()
    opened.press("n").hear("saved")
    holder = sqlite3.connect(opened.desk.study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("i").hear("Not saved. study.db: found a file that somebody else has locked")
    assert page.locator(".eng-saved").text_content() == "Not saved: 1"
    assert "not saved yet" in entries(page)[1]
    holder.execute("ROLLBACK")
    holder.close()
    page.get_by_role("button", name="Save again").click()
    opened.hear("“Office”: proper name, saved. everything is decided.")
    assert page.locator(".eng-saved").text_content() == "All saved"
    assert len(log()) == 2


def test_what_was_not_saved_is_undone_without_the_store(open_page, page, make_desk, log):
    opened = open_page(make_desk(wait=0.1)).focus()
    opened.press("n").hear("saved")
    holder = sqlite3.connect(opened.desk.study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("i").hear("Not saved.")
    opened.press("Control+z").hear("Undone; it had not been saved.")
    holder.close()
    assert entries(page)[1].endswith("not decided")
    assert page.locator(".eng-saved").text_content() == "All saved"
    assert len(log()) == 1


def test_a_kernel_that_does_not_answer_is_told_and_the_decision_is_sent_when_it_does(open_page, page, log):
    opened = open_page(options=SOON).focus()
    opened.hangs = True
    opened.press("n").hear("Not connected: the notebook's kernel does not answer.")
    assert log() == []
    opened.hangs = False
    opened.hear("“Grace”: not an identifier, saved.")
    assert len(log()) == 1


def test_a_decision_whose_answer_was_lost_stands_in_the_store_once(open_page, log):
    opened = open_page(options=SOON).focus()
    opened.deaf = True
    opened.press("n").hear("Not connected")
    opened.deaf = False
    opened.hear("“Grace”: not an identifier, saved.")
    assert len(log()) == 1


def test_what_was_not_saved_before_a_reload_is_saved_after_it(open_page, page, make_desk, log):
    opened = open_page(options=SOON).focus()
    opened.hangs = True
    opened.press("n").hear("Not connected")
    opened.hangs = False
    opened.desk = make_desk()
    opened.load().wait_open()
    page.wait_for_function(
        "document.querySelector('.eng-status').textContent.startsWith('What was not saved before is saved now: 1')"
    )
    assert entries(page)[0].endswith("not an identifier, by AB")
    assert len(log()) == 1


def test_a_page_without_a_kernel_says_so_from_the_beginning(open_page, page):
    opened = open_page(options=SOON)
    opened.hangs = True
    opened.load()
    page.wait_for_selector(".eng-trouble:not([hidden])")
    opened.hangs = False
    opened.wait_open()
    page.wait_for_selector(".eng-trouble", state="hidden")
    page.evaluate("window.stop()")
