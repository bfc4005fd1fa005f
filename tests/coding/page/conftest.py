"""A small study with awkward texts, a desk on it, and the page in Chromium with the desk behind it in place of a kernel."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from engagement_lib.coding.page.answering import Desk
from engagement_lib.coding.page.modules import join_modules, page_looks
from engagement_lib.coding.store import read_events
from engagement_lib.layout import Turn, write_turns
from engagement_lib.reliability.disagreements import disagreements
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

NOW = datetime(2020, 10, 2, 9, tzinfo=UTC)
TABLES = ("cases", "codings", "readings", "memos", "claims", "events")
FIRST = [
    Turn("Helen", "How do you know who uses your statistics?", "interviewer", 4.0),
    Turn(
        "P01",
        "Honestly? I don't. We never have the time 🙂, and nobody rings back. It's <b>on the list</b>.",
        "participant",
        12.0,
    ),
    Turn("Helen", "Who is on the list?", "interviewer", 40.0),
    Turn("P01", "A handful of names. They tell their friends 👩‍👩‍👧, I suppose! Cafe\u0301 owners too.", "participant", 44.5),
]
SECOND = [
    Turn("Helen", "What do you use?", "interviewer"),
    Turn("P02", "<script>window.harmed = true</script> & the tables. שלום לכולם. אני משתמש בטבלאות. A last word.", "participant"),
]
CODES = [
    {
        "code": "no-time",
        "definition": "Too few hours for users.",
        "include": "Hours, people, money.",
        "exclude": "A named manager: leadership-time.",
        "example": "It is me and Tuesdays.",
    },
    {"code": "no-reply", "definition": "Nobody heard what came of it.", "include": "Silence after a reply."},
    {"code": "same-few-voices", "definition": "The users who are heard are the few who always are."},
    {"code": "jargon", "definition": "Words that keep people out.", "exclude": "Files that do not open."},
]


@pytest.fixture
def study(tmp_path):
    texts = {"P01": write_turns(FIRST), "P02": write_turns(SECOND), "S1/gaps": "More local figures, please.", "S2/gaps": ""}
    sources = pd.DataFrame(
        {
            "source_id": list(texts),
            "case_id": ["P01", "P02", "S1", "S2"],
            "kind": ["interview", "interview", "survey", "survey"],
            "question": ["", "", "What is missing?", "What is missing?"],
            "text": list(texts.values()),
            "reason": ["", "", "", "empty answer"],
        }
    )
    tables = {name: empty_table(name) for name in TABLES}
    codebook = check_table("codebook", pd.DataFrame(CODES))
    settings = Settings(title="Pilot")
    return Study(tmp_path, settings, sources=check_table("sources", sources), codebook=codebook, **tables)


@pytest.fixture
def clock():
    """A clock that goes on by a second whenever it is looked at."""
    seconds = itertools.count()
    return lambda: NOW + timedelta(seconds=next(seconds))


@pytest.fixture
def make_desk(study, clock):
    def make(coder="AB", *, codes=(), **options):
        there = study if not codes else replace(study, codebook=check_table("codebook", pd.DataFrame({"code": codes})))
        return Desk(there, coder, clock, differences=disagreements, **options)

    return make


PLACES = {"Honestly?": (97, 106), "I don't.": (107, 115), "never": (119, 124)}


@pytest.fixture
def compared(make_desk):
    """A desk that compares AB and CD, who have both finished P01: both gave it no-time, and AB two codes more."""
    given = [
        ("AB", "jargon", "Honestly?", "supports"),
        ("AB", "no-time", "I don't.", "supports"),
        ("AB", "no-reply", "never", "supports"),
        ("CD", "no-time", "I don't.", "qualifies"),
    ]
    desks = {coder: make_desk(coder) for coder in ("AB", "CD")}
    for number, (coder, code, words, stance) in enumerate(given):
        place = dict(zip(("start", "end"), PLACES[words], strict=True))
        act = {"kind": "code", "id": f"given-coding-{number}", "source_id": "P01", **place, "code": code, "stance": stance}
        assert desks[coder].answer(act)["kind"] == "saved"
    for desk in desks.values():
        desk.answer({"kind": "finish", "source_id": "P01"})
    return make_desk("consensus", source_id="P01", pair=("AB", "CD"), settled_by="EF", wait=0.1)


@pytest.fixture
def log(study):
    """What stands in the store, one row an event: kind, what it is about, and its value."""

    def read():
        return read_events(study.folder)[["author", "kind", "about_id", "value"]].to_numpy().tolist()

    return read


MODULE = """
{names}
export {{ Positions, splitWords, SourceText, Selection, assignLanes, cutRuns, readKey, codedWords }};
"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Coding</title>
<style>body {{ margin: 0; }}</style><style>{looks}</style></head>
<body><main><h1 style="position:absolute;left:-999px">A notebook</h1><div id="cell"></div></main><script type="module">
const source = {module};
const makeModel = () => {{
  const mine = [];
  return {{
    on: (name, act) => name === "msg:custom" && mine.push(act),
    off: () => mine.splice(0),
    send: (message) => window.toKernel(JSON.stringify(message)).then((reply) => {{
      if (reply) for (const act of [...mine]) act(JSON.parse(reply));
    }}),
  }};
}};
window.made = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
window.show = (options, theme) => {{
  window.stop?.();
  const cell = document.getElementById("cell");
  cell.replaceChildren();
  for (const name of document.body.getAttributeNames()) document.body.removeAttribute(name);
  for (const [name, value] of Object.entries(theme)) document.body.setAttribute(name, value);
  window.said = [];
  window.stop = made.default.render({{ model: makeModel(), el: cell, options }});
  const changes = {{ childList: true, characterData: true, subtree: true }};
  for (const place of cell.querySelectorAll('.eng-status, [role="alert"]')) {{
    new MutationObserver(() => window.said.push(place.textContent.trim())).observe(place, changes);
  }}
}};
window.ready = true;
</script></body></html>"""
HEARD = """words => { const at = window.said.findIndex(one => one.includes(words)); if (at >= 0) window.said.splice(0, at + 1);
return at >= 0; }"""


class Stage:
    """One page in the browser for all tests, since a new one takes longer than most of them."""

    def __init__(self, page, file):
        self.page, self.file, self.opened = page, file, None
        module = json.dumps(MODULE.format(names=join_modules())).replace("</", "<\\/")
        file.write_text(PAGE.format(looks=page_looks(), module=module), encoding="utf-8")
        page.expose_function("toKernel", self.answer)

    def answer(self, message):
        return self.opened.answer(message)

    def load(self):
        self.page.goto(self.file.as_uri())
        self.page.wait_for_function("window.ready === true")


class Opened:
    """The page as one test has opened it, with what a test asks of it."""

    def __init__(self, stage, desk, *, options, theme):
        self.stage, self.page, self.desk = stage, stage.page, desk
        self.options, self.theme = options, theme
        # A kernel that hangs does nothing; one that is deaf does it, and its answer is lost.
        self.hangs = self.deaf = False
        stage.opened = self

    def answer(self, message):
        if self.hangs:
            return ""
        reply = json.dumps(self.desk.answer(json.loads(message)))
        return "" if self.deaf else reply

    def show(self):
        self.page.evaluate("([options, theme]) => window.show(options, theme)", [self.options, self.theme])
        return self

    def load(self):
        """Reload the page."""
        self.stage.load()
        return self.show()

    def wait_open(self, source="P01"):
        self.page.wait_for_function(f"document.querySelector('.eng-grid')?.ariaLabel?.startsWith('Transcript of {source},')")
        return self

    def focus(self, sentence=0):
        self.page.evaluate(f"document.querySelector('[data-sentence=\"{sentence}\"]').focus()")
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def hear(self, words):
        """Wait until the page has said these words."""
        self.page.wait_for_function(HEARD, arg=words)
        return self

    def here(self):
        return self.page.evaluate("document.activeElement.textContent")


@pytest.fixture(scope="session")
def stage(browser, tmp_path_factory):
    context = browser.new_context(offline=True)
    context.set_default_timeout(20_000)
    stage = Stage(context.new_page(), tmp_path_factory.mktemp("page") / "page.html")
    stage.load()
    yield stage
    context.close()


@pytest.fixture
def page(stage):
    """The page of all tests, as if it were new."""
    if stage.page.url != stage.file.as_uri():
        stage.load()
    stage.page.set_viewport_size({"width": 1200, "height": 900})
    stage.page.emulate_media(color_scheme="light", forced_colors="none")
    stage.page.evaluate("window.stop?.(); window.stop = null; sessionStorage.clear()")
    return stage.page


@pytest.fixture
def open_page(stage, page, make_desk):
    """Open the page of a coder, and wait until it shows its source."""

    def opener(desk=None, *, source="P01", width=1200, scheme="light", theme=None, options=None):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        opened = Opened(stage, desk or make_desk(), options=options or {}, theme=theme or {})
        return opened.show().wait_open(source)

    return opener


@pytest.fixture
def modules(page):
    """The page, in which the modules are to be called as `made`."""
    return page
