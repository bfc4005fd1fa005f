"""What changed between two releases, as a page in the report's frame."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
from bs4 import BeautifulSoup

from engagement_lib.sharing.cells import format_columns, html_table
from engagement_lib.sharing.contents import AUDIENCES
from engagement_lib.sharing.pages import Frame, Page, render_template
from engagement_lib.sharing.releases import compare_releases, open_release

_PARTS: Final = {
    "verdict": ("Verdicts that moved", "claim"),
    "claim": ("What else is said of the claims", "claim"),
    "finding": ("Findings", "page"),
    "table": ("Tables", "table"),
    "page": ("Pages that came or went", "page"),
    "threshold": ("Thresholds and rules", "key of study.toml"),
    "codebook": ("The codebook", "code"),
    "data": ("The study’s files", "file"),
    "cleared": ("Passages cleared", "count"),
    "software": ("Software", "package"),
    "file": ("The release’s files", "file"),
    "release": ("The releases themselves", "what"),
}


def write_changes(old_folder: Path | str, new_folder: Path | str, out: Path | str) -> pd.DataFrame:
    """What differs between two releases, as `compare_releases` gives it, written as a page to the file `out` as well.

    Raises
    ------
    StudyError
        As `compare_releases` does.
    """
    changes = compare_releases(old_folder, new_folder)
    old, new = open_release(old_folder).manifest, open_release(new_folder).manifest
    out = Path(out)
    home = Path(os.path.relpath(Path(new_folder).resolve(), out.resolve().parent)).as_posix()
    out.write_bytes(render_changes(changes, old, new, home=home).encode("utf-8"))
    return changes


def render_changes(changes: pd.DataFrame, old: Mapping[str, Any], new: Mapping[str, Any], *, home: str = ".") -> str:
    """The differences as a page.

    Parameters
    ----------
    changes
        As `compare_releases` gives them.
    old, new
        The manifests of the two releases.
    home
        Where the new release lies, seen from the page.
    """
    frame = _frame(new)
    html = render_template(
        "changes",
        frame=frame,
        title=f"What changed since run {old['run']}",
        lead=_lead(changes, old, new),
        parts=[(heading, _table(changes[changes["what"] == what], heading, first)) for what, (heading, first) in _PARTS.items()],
    )
    return html if home == "." else _lead_home(html, frame, home)


def _frame(manifest: Mapping[str, Any]) -> Frame:
    pages = tuple(Page("", page["title"], page["file"], shows_all=False) for page in manifest["pages"])
    words, generator = AUDIENCES[manifest["audience"]], f"engagement-lib {manifest['library']['version']}"
    return Frame(manifest["title"], manifest["synthetic"], words, manifest["run"], manifest["study"]["hash"], pages, generator)


def _lead(changes: pd.DataFrame, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    counts = changes["what"].value_counts()
    moved, said = int(counts.get("verdict", 0)), int(counts.get("claim", 0))
    verdicts = f"{moved or 'No'} verdict{'s' * (moved != 1)} moved"
    numbers = f"{said or 'no'} other statement{'s' * (said != 1)} about a claim changed"
    same = " Both were made from the same study." if old["study"]["hash"] == new["study"]["hash"] else ""
    return f"Between run {old['run']} and run {new['run']}, {verdicts[0].lower()}{verdicts[1:]} and {numbers}.{same}"


def _table(changes: pd.DataFrame, heading: str, first: str) -> str:
    """The differences of one kind as a table, "" where there are none."""
    if changes.empty:
        return ""
    shown = changes[["about", "before", "after"]].set_axis([first, "before", "after"], axis="columns").reset_index(drop=True)
    return html_table(format_columns(shown), f"{heading}: before and after")


def _lead_home(html: str, frame: Frame, home: str) -> str:
    """The page with its links to the report led to where that lies."""
    soup = BeautifulSoup(html, "html.parser")
    files = {"index.html", *(page.file for page in frame.pages)}
    for link in soup.find_all("a", href=True):
        file = str(link["href"]).partition("#")[0]
        if file in files:
            link["href"] = f"{home}/{link['href']}"
    return str(soup)
