"""A notebook's run as a page that anyone can read: no script, no connection, every picture in words."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import jinja2
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from engagement_lib.sharing.findings import is_written_for, without_findings
from engagement_lib.sharing.markup import tidy_page
from engagement_lib.sharing.running import Run
from engagement_lib.sharing.tables import CONTEXT, QUOTES

_HERE: Final = Path(__file__).parent
_TEMPLATE: Final = "template"
_PRIORITY: Final = ["text/html", "text/markdown", "image/png", "text/plain"]
WORDY: Final = frozenset({*QUOTES, *CONTEXT})
GENERATOR: Final = f"engagement-lib {version('engagement-lib')}"


@dataclass(frozen=True)
class Page:
    """A page of a report: the notebook's file name, the page's title and file name, and whether it may show every
    passage, and so errors in full.
    """

    notebook: str
    title: str
    file: str
    shows_all: bool


@dataclass(frozen=True)
class Frame:
    """What all pages of a report share."""

    study_title: str
    synthetic: bool
    audience_words: str
    run_id: str
    hash: str
    pages: tuple[Page, ...]
    generator: str = GENERATOR

    def beside(self, page: Page) -> dict[str, Page | None]:
        """The pages before and after a page."""
        at = self.pages.index(page)
        return {"before": self.pages[at - 1] if at else None, "after": self.pages[at + 1] if at + 1 < len(self.pages) else None}


def render_notebook(run: Run, page: Page, frame: Frame) -> tuple[str, str]:
    """A notebook's page and the finding it begins with, "" where it has none.

    Parameters
    ----------
    run
        The notebook as far as it ran.
    page, frame
        Which page it is, and of which report.
    """
    resources = {"page": page, "frame": frame, "run": run, **frame.beside(page)}
    html, _ = _exporter().from_notebook_node(_prepared(run, frame.hash), resources=resources)
    withheld = () if page.shows_all else WORDY
    return tidy_page(html, title=page.title, notebooks=[other.notebook for other in frame.pages], withheld=withheld)


def render_template(name: str, **values: Any) -> str:
    """A page made from a template of the library; values are escaped."""
    loader = jinja2.FileSystemLoader(_HERE / _TEMPLATE)
    environment = jinja2.Environment(autoescape=True, loader=loader, trim_blocks=True, lstrip_blocks=True)
    return tidy_page(environment.get_template(f"{name}.html.j2").render(**values))[0]


@cache
def _exporter() -> HTMLExporter:
    return HTMLExporter(  # type: ignore[no-untyped-call]  # nbconvert has no types
        template_name=_TEMPLATE,
        extra_template_basedirs=[str(_HERE)],
        exclude_anchor_links=True,
        embed_images=True,
        config=Config({"NbConvertBase": {"display_data_priority": _PRIORITY}}),
        log=_silent_log(),
    )


def _silent_log() -> logging.Logger:
    """Nbconvert warns of pictures without a description; the page itself says so where one is left out."""
    log = logging.getLogger("engagement_lib.nbconvert")
    log.setLevel(logging.CRITICAL)
    return log


def _prepared(run: Run, study_hash: str) -> NotebookNode:
    """The notebook up to the cell that failed, its cells numbered, without warnings from cells that did not fail, and without
    prose that was written for another study.
    """
    notebook = deepcopy(run.notebook)
    notebook.cells = notebook.cells[: run.cell or None]
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata["number"] = number
        if cell.cell_type == "code" and number != run.cell:
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return notebook if is_written_for(notebook, study_hash) else without_findings(notebook)
