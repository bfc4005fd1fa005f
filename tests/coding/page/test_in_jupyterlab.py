"""One run in real JupyterLab: code by keyboard, reload the page, restart the kernel, and see what stands in study.db."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from engagement_lib.coding.store import check_store, read_events

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
TOKEN = "only-for-this-test"
CELL = "import engagement_lib as eng\nfrom engagement_lib.desk import code_interactively\n" + (
    'code_interactively(eng.open_study("."), coder="AB")'
)
STUDY = """title = "Pilot"
interviewers = ["Helen"]
codebook = "codebook.csv"
"""


@pytest.fixture
def folder(tmp_path):
    """A study of one interview in files, and a notebook with one cell."""
    from engagement_lib.study import new_study

    there = tmp_path / "pilot"
    new_study(there)
    words = "Helen: Who uses it?\nP01: We never have the time. Nobody rings back.\nHelen: Why?\nP01: Nobody knows.\n"
    (there / "interviews" / "P01.txt").write_text(words, encoding="utf-8")
    (there / "cases.csv").write_text("case_id,group\nP01,producer\n", encoding="utf-8")
    (there / "codebook.csv").write_text("code,definition\nno-time,Too few hours.\nno-reply,Nobody heard.\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL), nbformat.v4.new_code_cell("1 + 1")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, there / "code.ipynb")
    return there


@pytest.fixture
def lab(folder, tmp_path):
    """The address of a JupyterLab in the study's folder, on this machine alone; it is ended by its own process."""
    home = tmp_path / "home"
    settings = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "c", "JUPYTER_DATA_DIR": home / "d", "JUPYTER_RUNTIME_DIR": home / "r"}
    for path in settings.values():
        path.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **{name: str(path) for name, path in settings.items()}, "PYTHONPATH": str(ROOT)}
    options = ["--no-browser", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}", "--allow-root", f"--notebook-dir={folder}"]
    # The news and the list of extensions would be fetched from elsewhere.
    options += ["--LabApp.news_url=", "--LabApp.extension_manager=readonly"]
    said = tmp_path / "lab.txt"
    with said.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=out, stderr=out, cwd=folder)
        try:
            yield wait_for_address(process, said)
        finally:
            process.terminate()
            process.wait(30)


def wait_for_address(process, said):
    for _ in range(240):
        if found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text(encoding="utf-8")):
            try:
                urllib.request.urlopen(f"{found[0]}/api", timeout=2).close()
            except OSError:
                pass
            else:
                return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.25)
    pytest.fail(said.read_text(encoding="utf-8")[-2000:])


@pytest.fixture
def lab_page(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    page = context.new_page()
    yield page
    context.close()


def run_cell(page):
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".eng-coding .eng-sentence", timeout=60_000)


def hear(page, words):
    page.wait_for_function("words => document.querySelector('.eng-status')?.textContent.includes(words)", arg=words, timeout=15_000)


def test_a_coding_made_by_keyboard_in_jupyterlab_stands_after_a_reload_and_a_restart(lab, lab_page, folder):
    page = lab_page
    page.goto(f"{lab}/lab/tree/code.ipynb?token={TOKEN}")
    page.wait_for_selector(".jp-CodeCell", timeout=60_000)
    run_cell(page)
    cells = page.locator(".jp-Cell").count()
    page.locator(".eng-sentence").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("no-t")
    page.keyboard.press("Enter")
    hear(page, "Coded no-time on sentence 2, saved")
    # Letters that JupyterLab takes for commands: "d d" would delete the cell, "a" add one.
    page.keyboard.press("ArrowDown")
    for key in ("d", "d", "a", "Escape", "Shift+Enter"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    assert page.locator(".jp-Cell").count() == cells
    added = read_events(folder)
    assert [json.loads(value)["quote"] for value in added["value"]] == ["We never have the time."]

    page.keyboard.press("Control+s")
    page.reload()
    page.wait_for_selector(".jp-CodeCell", timeout=60_000)
    page.wait_for_selector(".eng-coding .eng-mark", timeout=60_000)
    page.locator(".eng-sentence").nth(2).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("no-r")
    page.keyboard.press("Enter")
    hear(page, "Coded no-reply on sentence 3, saved")

    page.evaluate("() => window.jupyterapp?.commands?.execute('notebook:restart-kernel')")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("dialog").get_by_role("button", name="Restart").click()
    page.wait_for_function("document.querySelector('.eng-trouble:not([hidden])')?.textContent.includes('Not connected')", timeout=40_000)
    run_cell(page)
    page.wait_for_selector(".eng-coding .eng-mark", timeout=60_000)
    assert page.locator(".eng-labels .eng-code").all_text_contents() == ["no-time", "no-reply"]
    assert check_store(folder) == "ok"
    assert len(read_events(folder)) == 2
    assert "We never" not in (folder / "code.ipynb").read_text(encoding="utf-8")
