"""The index of a report: what was found, page by page and claim by claim, and how the report was made."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pandas as pd
from nbformat import NotebookNode

from engagement_lib.sharing.answer import answer_in_sentences
from engagement_lib.sharing.findings import UNWRITTEN
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.formats import Download
from engagement_lib.sharing.pages import GENERATOR, Frame, Page, render_template
from engagement_lib.sharing.releases import COMPARED
from engagement_lib.sharing.running import title_of
from engagement_lib.sharing.sections import describe_waves, describe_work, list_claims, replies_table, theme_sections
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import Study

INDEX: Final = "index.html"
AUDIENCES: Final = {"team": "the team", "working-group": "the working group", "public": "the public"}
_PACKAGES: Final = ("numpy", "pandas", "scikit-learn", "spacy", "matplotlib", "nbconvert")
_REFERENCE: Final = re.compile(r'\bid="((?:claim|theme)-[^"]+)"')


def frame_of(study: Study, run_id: str, notebooks: Mapping[Path, NotebookNode]) -> Frame:
    """What all pages of this report share."""
    shows_all = study.audience == "team"
    return Frame(
        study_title=study.settings.title,
        synthetic=study.settings.synthetic,
        audience_words=AUDIENCES[study.audience],
        run_id=run_id,
        hash=study_hash(study),
        pages=tuple(
            Page(path.name, title_of(notebook, path), f"{path.stem}.html", shows_all) for path, notebook in notebooks.items()
        ),
    )


def render_index(
    study: Study,
    frame: Frame,
    entries: Sequence[tuple[Page, str, str]],
    claims: pd.DataFrame | None,
    *,
    pages: Mapping[Page, str] | None = None,
    faults: pd.DataFrame | None = None,
    downloads: Sequence[Download] = (),
    earlier: str = "",
) -> str:
    """The index as a page.

    Parameters
    ----------
    study, frame
        Whose report it is.
    entries
        Each page with its finding and its status in words.
    claims
        As `appraise_claims` gives them, or any table with some of its columns; None where there are none.
    pages
        The HTML of each page, to lead to the claims and themes on them.
    faults
        What `check_page` found on them, with the name of the file in a column `page`; None where nothing was checked.
    downloads
        The files beside the pages that the index leads to.
    earlier
        The run of the last release to the same readers, if a page about the difference is to stand beside this one.
    """
    listed = list_claims(study, claims)
    return render_template(
        "contents",
        frame=frame,
        question=study.settings.question,
        contact=study.settings.contact,
        entries=entries,
        found=any(finding not in ("", UNWRITTEN) for _, finding, _ in entries),
        answer=answer_in_sentences(study, listed),
        themes=theme_sections(study, listed, places_of(pages or {})),
        waves=describe_waves(study),
        replies=replies_table(study, listed),
        work=describe_work(study),
        made=_how_made(study, frame),
        checked=faults is not None,
        faults="" if faults is None or faults.empty else show_table(faults, "Faults that were found", rows=len(faults)).html,
        downloads=downloads,
        earlier=earlier,
        compared=COMPARED,
    )


def places_of(pages: Mapping[Page, str]) -> dict[str, list[Page]]:
    """The pages on which each claim and theme stands, by its reference."""
    places: dict[str, list[Page]] = {}
    for page, html in pages.items():
        for name in _REFERENCE.findall(html):
            places.setdefault(name, []).append(page)
    return places


def _how_made(study: Study, frame: Frame) -> list[tuple[str, str]]:
    sharing = study.settings.sharing
    quotes = {
        "none": "none",
        "cleared": "those that somebody cleared",
        "all": f"all, because {sharing.reason or 'no reason is given'}",
    }
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return [
        ("Run", frame.run_id),
        ("Written for", frame.audience_words),
        ("Passages shown", "all, for the team alone" if study.audience == "team" else quotes[sharing.quotes]),
        ("Study hash", frame.hash),
        ("Software", f"{GENERATOR}; Python {platform.python_version()}, {packages}"),
    ]
