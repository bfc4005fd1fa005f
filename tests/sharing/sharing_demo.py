"""A small study made by hand, and two notebooks about it."""

import hashlib
from pathlib import Path

import nbformat
import pandas as pd

from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

INTERVIEW = """Helen [interviewer] 0:00:04
How do you find out who uses what you publish, and what do they want?

P01 [participant] 0:00:12
Honestly, release week eats everything and I could name five users, all of them in this building. \
We’d love to ask – but nobody has the time."""
WEBINAR = """Moderator [moderator] 0:00:01
Welcome to everybody, please put your questions in the chat box as we go along.

Ann [participant] 0:01:00
Nobody ever told me what became of the reply that I sent to the last consultation."""
ANSWER = "Three spreadsheets with three totals and none of them says which one is the official figure, diolch yn fawr 🙂"
PASSAGE = "release week eats everything and I could name five users"


def make_study(folder: Path, *, audience="team", quotes="cleared", cleared=(), synthetic=True, **settings) -> Study:
    rows = [
        {"source_id": "P01", "case_id": "P01", "kind": "interview", "text": INTERVIEW},
        {"source_id": "W1", "kind": "webinar", "text": WEBINAR},
        {"source_id": "S1/gaps", "case_id": "S1", "kind": "survey", "question": "gaps", "text": ANSWER},
        {"source_id": "S2/gaps", "case_id": "S2", "kind": "survey", "question": "gaps", "text": "", "reason": "blank"},
    ]
    for row in rows:
        row["text_sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()
    events = [
        {
            "event_id": f"e{at}",
            "at": "2020-10-01",
            "author": "AB",
            "kind": "quote cleared",
            "about_type": "passage",
            "about_id": place,
        }
        for at, place in enumerate(cleared)
    ]
    said = {"title": "A small study", "question": "Who is heard?", "contact": "team@example.gov.uk", **settings}
    codebook = pd.DataFrame({"code": ["no-time", "no-reply"], "definition": ["Too little time", "No answer came back"]})
    claims = pd.DataFrame({"claim_id": ["C1"], "statement": ["Engagement comes last"], "codes": ["+no-time"]})
    return Study(
        folder=folder,
        settings=Settings.model_validate({"synthetic": synthetic, "sharing": {"quotes": quotes}, **said}, strict=False),
        sources=check_table("sources", pd.DataFrame(rows)),
        cases=check_table("cases", pd.DataFrame({"case_id": ["P01", "S1", "S2"], "group": ["producer", "user", "user"]})),
        codebook=check_table("codebook", codebook),
        codings=empty_table("codings"),
        readings=empty_table("readings"),
        memos=empty_table("memos"),
        claims=check_table("claims", claims),
        events=check_table("events", pd.DataFrame(events)) if events else empty_table("events"),
        audience=audience,
    )


def place_of(text: str, passage: str, source_id: str) -> str:
    return f"{source_id}:{text.index(passage)}-{text.index(passage) + len(passage)}"


def make_notebook(*cells, study_hash: str = "") -> nbformat.NotebookNode:
    """A notebook of code, and of Markdown where the first line is "#md" or "#finding"; "#parameters" is the tag of that cell."""
    notebook = nbformat.v4.new_notebook()
    if study_hash:
        notebook.metadata["engagement"] = {"study": study_hash}
    for at, text in enumerate(cells):
        first, _, rest = text.partition("\n")
        if first in ("#md", "#finding"):
            cell = nbformat.v4.new_markdown_cell(rest, metadata={"tags": ["finding"]} if first == "#finding" else {})
        else:
            tags = {"tags": ["parameters"]} if first == "#parameters" else {}
            cell = nbformat.v4.new_code_cell(rest if tags else text, metadata=tags)
        cell.id = f"cell-{at}"
        notebook.cells.append(cell)
    return notebook


PARAMETERS = '#parameters\nstudy_folder = "../data"\naudience = "team"'
FIRST = (
    """#md
# What people said

**Finding.** Most of those we spoke to say that release week leaves no time to ask anybody; users hear nothing back.

**Reads.** Two interviews, one webinar and a survey.

**Takes.** One minute.""",
    PARAMETERS,
    """import pandas as pd

from engagement_lib.sharing.plots import plot_codes, plot_triangulation
from engagement_lib.sharing.tables import show_table

# how many of those asked name each code
counts = pd.DataFrame({"code": ["no-time", "no-reply", "jargon"], "respondents": [9, 7, 2], "base": [12, 12, 12]})""",
    """#md
## Codes

How many respondents name each code? See also [the next page](02-second.ipynb#Limits) and `counts`.""",
    'show_table(counts.assign(share=counts["respondents"] / counts["base"]), "Respondents by code")',
    'plot_codes(counts, title="Nine of twelve have no time to engage")',
    "#finding\nNine of twelve name it, and *two* speak of jargon.",
    """#md
#### Triangulation

| kind | number |
|------|--------|
| interview | 2 |
| survey | 20 |""",
    """appraisal = pd.DataFrame(
    [
        ("C1", "interview", 12, 3, 0, 0),
        ("C1", "webinar", 12, 0, 0, 0),
        ("C2", "interview", 12, 3, 0, 2),
        ("C2", "webinar", 12, 0, 0, 2),
    ],
    columns=["claim_id", "kind", "base", "supporting", "qualifying", "contradicting"],
)
plot_triangulation(appraisal)""",
    "appraisal",
    'import warnings\nwarnings.warn("beware of this")\nprint("twelve people were asked")',
)
SECOND = (
    "#md\n# Limits and the way it was made\n\n**Finding.** The sample is small.",
    PARAMETERS,
    "#md\n## Limits\n\nNobody outside London was asked.",
    "numbers = {}\nnumbers['missing']",
    "#md\n## Never reached",
    "1 + 1",
)
