"""What the event store and the coding page cost, as JSON: `python benchmarks/coding.py`.

A log of 100,000 events, of which four in five add a coding, read from its file and folded; then codings added one by one to a
store that holds 10,000 of them, each call waiting for the disk. Then the page in Chromium, with a desk in this process in the
kernel's place: a transcript of 20,000 words with 1,000 codings, opened; and codings given with a key in it while the store holds
10,000, from the key's press to "saved" in the page. Chromium is asked for under /usr/bin, as in the tests.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from engagement_lib.coding.events import make_event
from engagement_lib.coding.folding import fold_log
from engagement_lib.coding.page.answering import Desk
from engagement_lib.coding.page.modules import join_modules, page_looks
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.layout import Turn, write_turns
from engagement_lib.segments import split_sentences, split_turns
from engagement_lib.settings import Settings
from engagement_lib.tables import SCHEMAS, Study, check_table, empty_table

BEGIN = datetime(2020, 10, 2, 9, tzinfo=UTC)
draw = random.Random(0)


def coding(number: int, *, author: str = "", **place: object) -> dict[str, str]:
    coder = author or draw.choice(["AB", "CD", "EF"])
    said = {
        "source_id": f"P{number % 300:03}",
        "start": number % 5000,
        "end": number % 5000 + 60,
        "code": f"code-{number % 40}",
        "coder": coder,
        "layer": "independent",
        "stance": "supports",
        "memo": "",
        "quote": "What somebody may have said. " * 2,
    }
    return make_event("coding added", f"c{number}", author=coder, value=said | place)


def anything(number: int) -> dict[str, str]:
    about = f"c{draw.randrange(number + 1)}"
    others = [
        make_event("coding withdrawn", about, author="AB"),
        make_event("coding given a stance", about, author="CD", value={"stance": "qualifies"}),
        make_event("memo", about, about_type="coding", author="EF", value="Worth another look."),
        make_event("source finished", f"P{number % 300:03}", author="EF"),
        make_event("code renamed", f"code-{number % 40}", author="AB", value={"code": f"code-{number % 40}-{number}"}),
    ]
    return coding(number) if draw.random() < 0.8 else draw.choices(others, weights=[30, 30, 30, 9, 1])[0]


def seconds(step: Callable[[], object], times: int) -> list[float]:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        step()
        spent.append(time.perf_counter() - begun)
    return spent


def long_study(folder: Path) -> Study:
    """One transcript of 20,000 words in 400 turns with 1,000 codings on its sentences, and 9,000 codings of other sources."""
    words = [
        "engagement",
        "we",
        "time",
        "the",
        "users",
        "never",
        "nobody",
        "a",
        "ring",
        "statistics",
        "list",
        "know",
        "of",
        "café",
        "🙂",
    ]
    said = [". ".join(" ".join(draw.choices(words, k=10)).capitalize() for _ in range(5)) + "." for _ in range(400)]
    turns = [Turn(("Helen", "P01")[at % 2], words, ("interviewer", "participant")[at % 2]) for at, words in enumerate(said)]
    source = pd.DataFrame({"source_id": ["P01"], "case_id": ["P01"], "kind": ["interview"], "text": [write_turns(turns)]})
    sources = check_table("sources", source)
    codebook = check_table("codebook", pd.DataFrame({"code": [f"code-{at}" for at in range(40)], "definition": "What it is."}))
    tables = {name: empty_table(name) for name in SCHEMAS if name in Study.__dataclass_fields__}
    sentences = split_sentences(split_turns(sources))
    events = [coding(number, author="AB") for number in range(9_000)]
    for number in range(1_000):
        row = sentences.iloc[number * 2 % len(sentences)]
        place = {"source_id": "P01", "start": int(row["start"]), "end": int(row["end"]), "quote": row["quote"]}
        events.append(coding(9_000 + number, author="AB", **place))
    append_events(folder, pd.DataFrame(events), now=BEGIN)
    return Study(folder, Settings(title="Pilot"), **{**tables, "sources": sources, "codebook": codebook})


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Coding</title><style>%s</style><div id="cell"></div>
<script type="module">
const heard = [];
const model = {
  on: (name, act) => name === "msg:custom" && heard.push(act),
  off: () => {},
  send: (message) => window.toKernel(JSON.stringify(message)).then((reply) => heard.forEach((act) => act(JSON.parse(reply)))),
};
const made = await import(URL.createObjectURL(new Blob([%s], { type: "text/javascript" })));
window.open_page = () => made.default.render({ model, el: document.getElementById("cell") });
window.times = [];
let begun = 0;
window.watch = () => {
  const saved = document.querySelector(".eng-status");
  addEventListener("keydown", (event) => (begun = event.timeStamp), true);
  new MutationObserver(() => {
    if (/^Coded .*, saved/.test(saved.textContent)) window.times.push(performance.now() - begun);
  }).observe(saved, { childList: true, characterData: true, subtree: true });
};
window.ready = true;
</script>"""
OPENED = """() => { const begun = performance.now(); window.open_page(); return new Promise((done) => {
  const painted = () => setTimeout(() => done(performance.now() - begun));
  const look = () => requestAnimationFrame(document.querySelector(".eng-mark") ? painted : look);
  look(); }); }"""


def load(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.wait_for_function("window.ready")


def time_page(folder: Path) -> dict[str, float]:
    seconds = count()
    desk = Desk(long_study(folder), "AB", lambda: BEGIN + timedelta(hours=1, seconds=next(seconds)))
    module = json.dumps(join_modules()).replace("</", "<\\/")
    file = folder / "page.html"
    file.write_text(PAGE % (page_looks(), module), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.expose_function("toKernel", lambda message: json.dumps(desk.answer(json.loads(message))))
        opened = []
        for _ in range(5):
            load(page, file)
            opened.append(page.evaluate(OPENED))
        page.evaluate("window.watch()")
        page.evaluate("document.querySelector('[data-sentence]').focus()")
        for press in range(200):
            # Every other sentence is coded already, and a code that stands on it would not be given again.
            for _ in range(1 + (press > 0)):
                page.keyboard.press("ArrowDown")
            page.keyboard.press(str(press % 9 + 1))
            page.wait_for_function("(many) => window.times.length > many", arg=press)
        times = page.evaluate("window.times")
        browser.close()
    return {
        "page_opens_20000_words_1000_codings_p50_ms": round(float(np.median(opened)), 1),
        "page_opens_slowest_ms": round(max(opened), 1),
        "page_key_to_saved_with_10000_codings_p50_ms": round(float(np.quantile(times, 0.5)), 1),
        "page_key_to_saved_with_10000_codings_p95_ms": round(float(np.quantile(times, 0.95)), 1),
    }


with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as pilot:
    whole, busy = Path(folder, "whole.db"), Path(folder, "busy.db")
    append_events(whole, pd.DataFrame([anything(number) for number in range(100_000)]), now=BEGIN)
    read = seconds(lambda: read_events(whole), 3)
    log = read_events(whole)
    fold = seconds(lambda: fold_log(log, {}), 5)
    append_events(busy, pd.DataFrame([coding(number) for number in range(10_000)]), now=BEGIN)
    numbers = iter(range(10_000, 11_000))
    one = seconds(lambda: append_events(busy, pd.DataFrame([coding(next(numbers))]), now=BEGIN + timedelta(hours=1)), 500)
    print(
        json.dumps(
            {
                "read_100000_events_seconds": round(float(np.median(read)), 3),
                "fold_100000_events_seconds": round(float(np.median(fold)), 3),
                "append_with_10000_codings_p50_ms": round(1000 * float(np.quantile(one, 0.5)), 1),
                "append_with_10000_codings_p95_ms": round(1000 * float(np.quantile(one, 0.95)), 1),
                **time_page(Path(pilot)),
            },
            indent=2,
        )
    )
