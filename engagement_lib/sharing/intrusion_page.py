"""The intrusion task as a page that judges answer, and the files around it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Final

import jinja2
import pandas as pd

from engagement_lib.errors import Problem, StudyError
from engagement_lib.evidence.intrusion import IntrusionTask
from engagement_lib.sharing.clearance import shows_everything
from engagement_lib.sharing.gate import uncleared_passages
from engagement_lib.sharing.pages import GENERATOR
from engagement_lib.tables import Study

PAGE: Final = "intrusion.html"
ANSWERS: Final = "intrusion-answers.csv"
KEY: Final = Path("for-the-analyst", "intrusion-key.csv")
_TEMPLATE: Final = Path(__file__).parent / "template"
# The answers are written to a file by the browser itself; the page's policy allows this script and nothing else.
_SCRIPT: Final = """
document.getElementById("task").addEventListener("submit", function (event) {
  event.preventDefault();
  var judge = document.getElementById("judge").value.trim(), open = 0, rows = ["judge,item,answer"];
  var name = '"' + judge.replace(/"/g, '""') + '"';
  document.querySelectorAll("fieldset").forEach(function (item) {
    var chosen = item.querySelector("input:checked");
    open += chosen ? 0 : 1;
    rows.push([name, item.dataset.item, chosen ? chosen.value : ""].join(","));
  });
  var link = document.createElement("a");
  link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(rows.join("\\r\\n") + "\\r\\n");
  link.download = "intrusion-" + judge.replace(/[^A-Za-z0-9]+/g, "-") + ".csv";
  link.click();
  document.getElementById("told").textContent =
    "Saved as " + link.download + (open ? ". Questions without an answer: " + open + "." : ". All questions are answered.");
});
"""


def write_intrusion(task: IntrusionTask, folder: Path | str, *, study: Study) -> list[Path]:
    """The files of an intrusion task, as written: the page, a table for answers by hand, and, in a folder of its own, the key.

    Give judges the page and the table, and never the folder `for-the-analyst`.

    Parameters
    ----------
    task
        As `intrusion_task` makes it.
    folder
        It is made where it is not there; files of these names are replaced.
    study
        Says who will read the page.

    Raises
    ------
    StudyError
        Where readers outside the team would see passages that nobody cleared, or the folder cannot be written.
    """
    html = _render(task, study)
    uncleared = pd.DataFrame() if shows_everything(study) else uncleared_passages(html, study)
    if len(uncleared):
        places = ", ".join(f"{row.source_id}:{row.start}-{row.end}" for row in uncleared.itertuples())
        remedy = "Clear them, or give the task to people of the team."
        raise StudyError(Problem(PAGE, "", f"passages that nobody cleared: {places}", "none", remedy))
    blank = task.key[["item"]].assign(judge="", answer="")[["judge", "item", "answer"]]
    texts = {
        Path(PAGE): html,
        Path(ANSWERS): blank.to_csv(index=False, lineterminator="\r\n"),
        KEY: task.key.to_csv(index=False, lineterminator="\r\n"),
    }
    paths = []
    try:
        for name, text in texts.items():
            paths.append(Path(folder) / name)
            paths[-1].parent.mkdir(parents=True, exist_ok=True)
            paths[-1].write_bytes(text.encode("utf-8"))
    except OSError as fault:
        found = f"that it cannot be written ({fault.strerror})"
        raise StudyError(Problem(str(folder), "", found, "a folder for the task", "Name another place.")) from fault
    return paths


def _render(task: IntrusionTask, study: Study) -> str:
    environment = jinja2.Environment(
        autoescape=True, loader=jinja2.FileSystemLoader(_TEMPLATE), trim_blocks=True, lstrip_blocks=True
    )
    items = [(item, list(zip(quotes["position"], quotes["quote"], strict=True))) for item, quotes in task.items.groupby("item")]
    digest = str(base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()), "ascii")
    return environment.get_template("intrusion.html.j2").render(
        title=study.settings.title, items=items, script=_SCRIPT, script_hash=digest, generator=GENERATOR
    )
