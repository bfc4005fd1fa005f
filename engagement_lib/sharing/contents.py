"""The index of a report: what was found, page by page and claim by claim, and how the report was made."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pandas as pd
from nbformat import NotebookNode

from engagement_lib.errors import Problem, StudyError
from engagement_lib.evidence.verdicts import verdicts
from engagement_lib.sharing.clearance import shows_everything
from engagement_lib.sharing.findings import UNWRITTEN
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.formats import Download
from engagement_lib.sharing.gate import uncleared_passages
from engagement_lib.sharing.pages import GENERATOR, Frame, Page, render_template
from engagement_lib.sharing.running import title_of
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import Study

INDEX: Final = "index.html"
AUDIENCES: Final = {"team": "the team", "working-group": "the working group", "public": "the public"}
_PACKAGES: Final = ("numpy", "pandas", "scikit-learn", "spacy", "matplotlib", "nbconvert")
_CLAIMS: Final = {
    "claim_id": "claim",
    "statement": "statement",
    "supporting": "people who support it",
    "contradicting": "people who contradict it",
    "base": "of",
    "indicated": "indicated verdict",
    "verdict": "verdict",
}


def frame_of(study: Study, run_id: str, notebooks: Mapping[Path, NotebookNode]) -> Frame:
    """What all pages of this report share."""
    shows_all = shows_everything(study)
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
    downloads: Sequence[Download] = (),
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
    downloads
        The files beside the pages that the index leads to.

    Raises
    ------
    StudyError
        If it would show passages that nobody cleared to readers outside the team.
    """
    html = render_template(
        "contents",
        frame=frame,
        question=study.settings.question,
        contact=study.settings.contact,
        entries=entries,
        found=any(finding not in ("", UNWRITTEN) for _, finding, _ in entries),
        claims="" if claims is None or claims.empty else _claims_table(claims, study),
        made=_how_made(study, frame),
        downloads=downloads,
    )
    uncleared = pd.DataFrame() if shows_everything(study) else uncleared_passages(html, study)
    if len(uncleared):
        remedy = "Clear them, or leave them out of titles and findings."
        raise StudyError(Problem(INDEX, "", f"passages that nobody cleared: {name_passages(uncleared)}", "none", remedy))
    return html


def name_passages(passages: pd.DataFrame) -> str:
    """Where passages stand, without their words: "P07:120-180, P09:3-77"."""
    return ", ".join(f"{row.source_id}:{row.start}-{row.end}" for row in passages.itertuples())


def _claims_table(claims: pd.DataFrame, study: Study) -> str:
    if "verdict" not in claims.columns:
        claims = claims.merge(verdicts(study)[["claim_id", "verdict"]], on="claim_id", how="left")
    columns = [column for column in _CLAIMS if column in claims.columns]
    table = claims[columns].rename(columns=_CLAIMS)
    return show_table(table, "The claims, what the numbers indicate, and what people decided", study=study, rows=len(table)).html


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
        ("Sources", f"{len(study.sources):,}"),
        ("Study hash", frame.hash),
        ("Software", f"{GENERATOR}; Python {platform.python_version()}, {packages}"),
    ]
