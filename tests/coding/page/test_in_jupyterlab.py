"""The page in real JupyterLab, with a kernel behind it: mouse, keys alone, blind, compared, through a reload and a restart.

The tests go on from one another, as a working day does: JupyterLab takes longer to start than all of them to run.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from engagement_lib.coding.events import CODING_ADDED
from engagement_lib.coding.store import check_store, read_events
from engagement_lib.study import new_study

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
TOKEN = "only-for-this-test"  # noqa: S105 - it opens nothing but this test's own server
# One cell for each coder, and one for who settles.
AB, CD, EF = range(3)
CELLS = [
    'import engagement_lib as eng\neng.code_interactively(eng.open_study("."), coder="AB")',
    'eng.code_interactively(eng.open_study("."), coder="CD")',
    'eng.code_interactively(eng.open_study("."), coder="EF", compare=("AB", "CD"))',
]
WORDS = "Helen: Who uses it?\nP01: We never have the time. Nobody rings back.\nHelen: Why?\nP01: Nobody knows.\n"
OTHERS = "Helen: And you?\nP02: I wrote twice.\nHelen: And then?\nP02: Nothing.\n"
# Nothing of JupyterLab's own goes out to ask for news or stands in the way of a click.
QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
IDLE = ".jp-StatusBar-Widget :text('ipykernel) | Idle')"
# Where a word stands on the screen.
MIDDLE = """(sentence, word) => {
  const walk = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
  while (walk.nextNode() && !walk.currentNode.data.includes(word));
  const range = document.createRange();
  const at = walk.currentNode.data.indexOf(word);
  range.setStart(walk.currentNode, at);
  range.setEnd(walk.currentNode, at + word.length);
  const box = range.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
STUDY = """
[[transcripts]]
files = "interviews/*"
kind = "interview"
wave = "1"
interviewers = ["Helen"]
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab in an empty folder, on this machine alone: its address and that folder. It is ended by its own process."""
    home, root = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("studies")
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps(QUIET), encoding="utf-8")
    places = {"HOME": ".", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    environment = {**os.environ, **{name: str(home / place) for name, place in places.items()}, "PYTHONPATH": str(ROOT)}
    options = ["--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root", "--LabApp.extension_manager=readonly"]
    options += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"]
    with (home / "said.txt").open("w") as said:
        command = [sys.executable, "-m", "jupyterlab", *options]
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, cwd=root)
        try:
            yield wait_for_address(process, home), root
        finally:
            process.terminate()
            try:
                process.wait(60)
            finally:
                process.kill()


def wait_for_address(process, home):
    """The address that JupyterLab writes down once it listens."""
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            if text := file.read_text(encoding="utf-8"):
                return json.loads(text)["url"].rstrip("/")
        time.sleep(0.1)
    return pytest.fail((home / "said.txt").read_text(encoding="utf-8")[-2000:])


@pytest.fixture(scope="module")
def folder(lab):
    """A study of two interviews in files, with a notebook of which each cell makes a page."""
    there = lab[1] / "pilot"
    new_study(there)
    for name, words in (("P01", WORDS), ("P02", OTHERS)):
        (there / "interviews" / f"{name}.txt").write_text(words, encoding="utf-8")
    settings = (there / "study.toml").read_text(encoding="utf-8").replace('coder = ""', 'coder = "AB"', 1)
    (there / "study.toml").write_text(settings + STUDY, encoding="utf-8")
    (there / "cases.csv").write_text("case_id,group\nP01,producer\nP02,user\n", encoding="utf-8")
    (there / "codebook.csv").write_text("code,definition\nno-time,Too few hours.\nno-reply,Nobody heard.\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, there / "code.ipynb")
    return there


class Notebook:
    """The notebook in JupyterLab; `at` says in which cell's page something is done."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder

    def cell(self, at):
        return self.page.locator(".jp-CodeCell").nth(at)

    def run(self, at):
        """Run a cell with the keyboard as soon as the kernel has nothing else to do, and wait for its page."""
        self.page.wait_for_selector(IDLE)
        self.cell(at).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.cell(at).locator(".eng-sentence, [data-mime-type$=stderr]").first.wait_for()
        assert self.cell(at).locator("[data-mime-type$=stderr]").all_text_contents() == []

    def sentence(self, at, number):
        return self.cell(at).locator(".eng-sentence").nth(number - 1)

    def give(self, at, number, typed):
        """Give a sentence a code by keyboard."""
        self.sentence(at, number).focus()
        self.press("Enter", *typed, "Enter")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def hear(self, at, words):
        self.cell(at).locator(".eng-status", has_text=words).wait_for()

    def margin(self, at, turn):
        return self.cell(at).locator(".eng-margin").nth(turn - 1)

    def codings(self, coder="AB"):
        """Code and words of each coding that a coder added, in their order."""
        log = read_events(self.folder, author=coder)
        values = [json.loads(value) for value in log.loc[log["kind"] == CODING_ADDED, "value"]]
        return [(value["code"], value["quote"]) for value in values]


@pytest.fixture(scope="module")
def notebook(browser, lab, folder):
    """The notebook in JupyterLab with AB's page in it."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    context.set_default_timeout(60_000)
    opened = Notebook(context.new_page(), folder)
    opened.page.goto(f"{lab[0]}/lab/tree/pilot/code.ipynb?token={TOKEN}")
    opened.run(AB)
    yield opened
    context.close()


def test_letters_code_and_do_not_command_jupyterlab(notebook):
    cells = notebook.page.locator(".jp-Cell").count()
    notebook.sentence(AB, 1).focus()
    notebook.press("ArrowDown", *"no-t", "Enter")
    notebook.hear(AB, "Coded no-time on sentence 2, saved")
    # "d d" would delete the cell and "a" add one; Escape and Shift + Enter would leave the page and run the cell.
    notebook.press("ArrowDown", "d", "d", "a", "Escape", "Shift+Enter", "Escape")
    assert notebook.page.locator(".jp-Cell").count() == cells
    assert notebook.codings() == [("no-time", "We never have the time.")]


def test_a_saved_notebook_holds_no_words_of_the_transcript(notebook, folder):
    with notebook.page.expect_response(lambda answer: answer.request.method == "PUT" and "contents/" in answer.url):
        notebook.page.locator("[data-command='docmanager:save']").first.click()
    saved = (folder / "code.ipynb").read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget-view+json" in saved
    assert "We never" not in saved


def test_the_mouse_codes_words_that_overlap_a_coding_and_takes_them_back(notebook):
    first, last = (notebook.sentence(AB, 2).evaluate(MIDDLE, word) for word in ("never", "time"))
    notebook.page.mouse.move(*first)
    notebook.page.mouse.down()
    notebook.page.mouse.move(*last, steps=5)
    notebook.page.mouse.up()
    notebook.cell(AB).get_by_role("option", name="no-reply").click()
    notebook.hear(AB, "Coded no-reply on “never have the time” in sentence 2, saved")
    assert notebook.margin(AB, 2).locator("li").all_inner_texts() == ["a no-time", "b no-reply"]
    notebook.cell(AB).get_by_role("button", name="Undo").click()
    notebook.hear(AB, "Undone: coding added no-reply")
    assert notebook.margin(AB, 2).locator("li").all_inner_texts() == ["a no-time"]


def test_axe_finds_nothing_in_the_page_within_jupyterlab(notebook):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    states = {
        "open": [],
        "words selected": ["ArrowRight", "Shift+ArrowRight"],
        "finding a code": [*"no"],
        "no code found": [*"xyz"],
        "writing a memo": ["Escape", ";", *"Odd"],
        "searching": ["Escape", "/", *"we", "Enter"],
        "key map": ["Escape", "?"],
    }
    notebook.sentence(AB, 2).focus()
    found = {}
    for state, keys in states.items():
        notebook.press(*keys)
        violations = axe.run(notebook.page, context=".eng-coding").response["violations"]
        found |= {state: [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations]} if violations else {}
    notebook.press("Escape")
    assert found == {}


def test_a_reload_in_the_middle_shows_what_was_coded_and_goes_on(notebook):
    notebook.give(AB, 3, "no-r")
    notebook.hear(AB, "Coded no-reply on sentence 3, saved")
    notebook.page.reload()
    notebook.cell(AB).locator("[data-sentence='2'] .eng-mark").first.wait_for()
    notebook.give(AB, 4, "no-t")
    notebook.hear(AB, "Coded no-time on sentence 4, saved")
    assert notebook.codings()[-2:] == [("no-reply", "Nobody rings back."), ("no-time", "Why?")]


def test_a_restart_of_the_kernel_in_the_middle_loses_nothing(notebook, folder):
    page, before = notebook.page, notebook.codings()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    page.get_by_role("dialog").wait_for(state="detached")
    # Nobody answers this page any more: what is coded now waits for the page that the cell makes when it is run again.
    notebook.give(AB, 5, "no-r")
    notebook.cell(AB).locator(".eng-trouble:not([hidden])", has_text="Not connected").wait_for()
    assert notebook.codings() == before
    notebook.run(AB)
    notebook.hear(AB, "What was not saved before is saved now: 1.")
    assert notebook.codings() == [*before, ("no-reply", "Nobody knows.")]
    notebook.sentence(AB, 1).focus()
    notebook.press("!")
    notebook.hear(AB, "Source P01 finished, saved")
    assert check_store(folder) == "ok"


def test_a_second_coder_sees_nothing_of_the_first_and_gets_to_the_last_source_with_keys_alone(notebook):
    notebook.run(CD)
    assert set(notebook.cell(CD).locator(".eng-margin").all_inner_texts()) <= {"", "Not coded"}
    # From the cell after the one that was run, back into the page and on to its text.
    for _ in range(60):
        notebook.press("Shift+Tab")
        if notebook.cell(CD).locator(".eng-sentence:focus").count():
            break
    notebook.press("Home", "ArrowDown", *"no-t", "Enter")
    notebook.hear(CD, "Coded no-time on sentence 2, saved")
    notebook.press("!")
    notebook.hear(CD, "Source P01 finished, saved")
    notebook.press(">")
    notebook.hear(CD, "Source P02")
    notebook.press("ArrowDown", "1")
    notebook.hear(CD, "Coded no-time on sentence 2, saved")
    notebook.press("!")
    notebook.hear(CD, "Source P02 finished, saved")
    notebook.press(">")
    notebook.hear(CD, "This is the last source.")
    assert notebook.codings("CD") == [("no-time", "We never have the time."), ("no-time", "I wrote twice.")]


def test_two_coders_are_compared_and_a_consensus_is_settled(notebook):
    notebook.run(EF)
    notebook.cell(EF).get_by_text("2 differences, 2 to be settled.").wait_for()
    notebook.cell(EF).get_by_role("button", name="Keep: no-reply on sentence 3").press("Enter")
    notebook.hear(EF, "Kept no-reply on sentence 3, saved")
    notebook.cell(EF).get_by_role("button", name="Leave out: no-reply on sentence 5").press("Enter")
    notebook.hear(EF, "Left out no-reply on sentence 5, saved")
    assert notebook.codings("consensus") == [("no-reply", "Nobody rings back.")]
