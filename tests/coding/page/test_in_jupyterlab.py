"""The page in real JupyterLab, with a kernel behind it: a reload and a restart lose nothing."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from engagement_lib.coding.store import check_store, read_events
from engagement_lib.study import new_study

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
TOKEN = "only-for-this-test"  # noqa: S105 - it opens nothing but this test's own server
CELL = """import engagement_lib as eng
from engagement_lib.desk import code_interactively
code_interactively(eng.open_study("."), coder="AB")"""
WORDS = "Helen: Who uses it?\nP01: We never have the time. Nobody rings back.\nHelen: Why?\nP01: Nobody knows.\n"
# Nothing of JupyterLab's own goes out to ask for news or stands in the way of a click.
QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
IDLE = ".jp-StatusBar-Widget :text('ipykernel) | Idle')"
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
            process.wait(30)


def wait_for_address(process, home):
    """The address that JupyterLab writes down once it listens."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            if text := file.read_text(encoding="utf-8"):
                return json.loads(text)["url"].rstrip("/")
        time.sleep(0.1)
    return pytest.fail((home / "said.txt").read_text(encoding="utf-8")[-2000:])


@pytest.fixture(scope="module")
def folder(lab):
    """A study of one interview in files, with a notebook whose first cell makes the page."""
    there = lab[1] / "pilot"
    new_study(there)
    (there / "interviews" / "P01.txt").write_text(WORDS, encoding="utf-8")
    with (there / "study.toml").open("a", encoding="utf-8") as settings:
        settings.write(STUDY)
    (there / "cases.csv").write_text("case_id,group\nP01,producer\n", encoding="utf-8")
    (there / "codebook.csv").write_text("code,definition\nno-time,Too few hours.\nno-reply,Nobody heard.\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL), nbformat.v4.new_code_cell("1 + 1")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, there / "code.ipynb")
    return there


@pytest.fixture(scope="module")
def lab_page(browser, lab, folder):
    """The notebook in JupyterLab with the page in it."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{lab[0]}/lab/tree/pilot/code.ipynb?token={TOKEN}")
    run_cell(page)
    yield page
    context.close()


def run_cell(page):
    page.wait_for_selector(IDLE)
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".eng-coding .eng-sentence, .jp-RenderedText[data-mime-type$=stderr]")
    assert page.locator("[data-mime-type$=stderr]").all_text_contents() == []


def give(page, sentence, typed):
    """Give a sentence a code by keyboard."""
    page.locator(".eng-sentence").nth(sentence - 1).focus()
    page.keyboard.press("Enter")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def hear(page, words):
    page.wait_for_function("words => document.querySelector('.eng-status')?.textContent.includes(words)", arg=words)


def quotes(folder):
    return [json.loads(value)["quote"] for value in read_events(folder)["value"]]


def test_letters_code_and_do_not_command_jupyterlab(lab_page, folder):
    page = lab_page
    cells = page.locator(".jp-Cell").count()
    page.locator(".eng-sentence").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("no-t")
    page.keyboard.press("Enter")
    hear(page, "Coded no-time on sentence 2, saved")
    # "d d" would delete the cell and "a" add one; Escape and Shift + Enter would leave the page and run the cell.
    page.keyboard.press("ArrowDown")
    for key in ("d", "d", "a", "Escape", "Shift+Enter", "Escape"):
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells
    assert quotes(folder) == ["We never have the time."]


def test_a_saved_notebook_holds_no_words_of_the_transcript(lab_page, folder):
    with lab_page.expect_response(lambda answer: answer.request.method == "PUT" and "contents/" in answer.url):
        lab_page.locator("[data-command='docmanager:save']").first.click()
    saved = (folder / "code.ipynb").read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget-view+json" in saved
    assert "We never" not in saved


def test_a_reload_in_the_middle_shows_what_was_coded_and_goes_on(lab_page, folder):
    give(lab_page, 3, "no-r")
    hear(lab_page, "Coded no-reply on sentence 3, saved")
    lab_page.reload()
    lab_page.wait_for_selector(".eng-coding [data-sentence='2'] .eng-mark")
    give(lab_page, 4, "no-t")
    hear(lab_page, "Coded no-time on sentence 4, saved")
    assert quotes(folder)[-2:] == ["Nobody rings back.", "Why?"]


def test_a_restart_of_the_kernel_in_the_middle_loses_nothing(lab_page, folder):
    before = quotes(folder)
    lab_page.get_by_role("menuitem", name="Kernel", exact=True).click()
    lab_page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    lab_page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    lab_page.get_by_role("dialog").wait_for(state="detached")
    # Nobody answers this page any more: what is coded now waits for the page that the cell makes when it is run again.
    give(lab_page, 5, "no-r")
    lab_page.wait_for_function("document.querySelector('.eng-trouble:not([hidden])')?.textContent.includes('Not connected')")
    assert quotes(folder) == before
    run_cell(lab_page)
    hear(lab_page, "What was not saved before is saved now: 1.")
    assert quotes(folder) == [*before, "Nobody knows."]
    assert check_store(folder) == "ok"
