"""A small study with people in it, a reviewer's desk on it, and the page in Chromium with the desk behind it for a kernel."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from engagement_lib.coding.store import read_events
from engagement_lib.layout import Turn, write_turns
from engagement_lib.settings import Settings
from engagement_lib.sharing.review.desk import ReviewDesk
from engagement_lib.sharing.review.modules import review_looks, review_module
from engagement_lib.tables import Study, check_table, empty_table

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
FIRST = [
    Turn("Helen", "Who is on the list?", "interviewer", 4.0),
    Turn(
        "P01", "🙂 We asked. Grace had said so. Ask the Office, or Gethin Pugh on 07700 900123. <b>No</b>.", "participant", 12.0
    ),
]
SECOND = [Turn("Helen", "And you?", "interviewer"), Turn("P02", "We asked. Grace had a code, 48213.", "participant")]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title>
<style>body {{ margin: 0; }}</style><style>{looks}</style></head>
<body {theme}><main><h1 style="position:absolute;left:-999px">A notebook</h1><div id="cell"></div></main><script type="module">
const source = {module};
const heard = [];
const model = {{
  on: (name, act) => name === "msg:custom" && heard.push(act),
  off: (name) => name === "msg:custom" && heard.splice(0),
  send: (message) => window.toKernel(JSON.stringify(message)).then((reply) => {{
    if (reply) for (const act of [...heard]) act(JSON.parse(reply));
  }}),
}};
const made = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
window.said = [];
window.stop = made.default.render({{ model, el: document.getElementById("cell"), options: {options} }});
for (const place of document.querySelectorAll('.eng-status, [role="alert"]')) {{
  const told = () => window.said.push(place.textContent.trim());
  new MutationObserver(told).observe(place, {{ childList: true, characterData: true, subtree: true }});
}}
window.ready = true;
</script></body></html>"""


@pytest.fixture
def study(tmp_path):
    texts = {"P01": write_turns(FIRST), "P02": write_turns(SECOND), "S1/gaps": "More local figures, please.", "S2/gaps": ""}
    rows = {"source_id": list(texts), "kind": ["interview", "interview", "survey", "survey"], "text": list(texts.values())}
    names = ("cases", "codebook", "codings", "readings", "memos", "claims", "events")
    tables = {name: empty_table(name) for name in names}
    return Study(tmp_path, Settings(title="Pilot"), sources=check_table("sources", pd.DataFrame(rows)), **tables)


@pytest.fixture
def make_desk(study):
    seconds = itertools.count()

    def make(reviewer="AB", **options):
        return ReviewDesk(study, reviewer, lambda: NOW + timedelta(seconds=next(seconds)), **options)

    return make


@pytest.fixture
def log(study):
    """What stands in the store, one row an event: author, kind, what it is about, and its value."""

    def read():
        events = read_events(study.folder)
        values = [json.loads(value or "{}") for value in events["value"]]
        return list(zip(events["author"], events["kind"], events["about_id"], values, strict=True))

    return read


@pytest.fixture
def place(study):
    """How an event names the first place of some words in a source."""
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))

    def name(words, source="P01"):
        at = texts[source].index(words)
        return f"{source}:{at}-{at + len(words)}"

    return name


class Opened:
    """The page in a browser, with what a test asks of it."""

    def __init__(self, page, desk, folder, *, theme="", options=None):
        self.page, self.desk = page, desk
        # A kernel that hangs does nothing; one that is deaf does it, and its answer is lost.
        self.hangs = self.deaf = False
        self.file = folder / "page.html"
        module = json.dumps(review_module()).replace("</", "<\\/")
        html = PAGE.format(looks=review_looks(), module=module, options=json.dumps(options or {}), theme=theme)
        self.file.write_text(html, encoding="utf-8")
        page.expose_function("toKernel", self._answer)
        self.load()

    def _answer(self, message):
        if self.hangs:
            return ""
        reply = json.dumps(self.desk.answer(json.loads(message)))
        return "" if self.deaf else reply

    def load(self):
        self.page.goto(self.file.as_uri())
        self.page.wait_for_function("window.ready === true")
        return self

    def wait_open(self, source="P01"):
        shown = "document.querySelector('.eng-pick select')?.value === source && !document.querySelector('.eng-body').hidden"
        self.page.wait_for_function(f"source => {shown}", arg=source)
        return self

    def focus(self, entry=0):
        self.page.locator(".eng-review-list > li").nth(entry).focus()
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def hear(self, words):
        """Wait until the page has said these words."""
        self.page.wait_for_function("words => window.said.some(one => one.includes(words))", arg=words, timeout=5000)
        self.page.evaluate("window.said.splice(0)")
        return self

    def here(self):
        return self.page.evaluate("document.activeElement.textContent")


@pytest.fixture
def open_page(page, make_desk, tmp_path_factory):
    """Open the page of a reviewer, and wait until it shows its source."""

    def opener(desk=None, *, source="P01", **options):
        return Opened(page, desk or make_desk(), tmp_path_factory.mktemp("page"), **options).wait_open(source)

    return opener
