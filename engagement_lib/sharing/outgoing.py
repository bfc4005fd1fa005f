"""All pages of a report looked at together before they go to readers outside the team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, StudyError
from engagement_lib.privacy.release import CountTable, check_release
from engagement_lib.sharing.clearance import shows_everything
from engagement_lib.sharing.gate import uncleared_passages
from engagement_lib.sharing.protecting import Guard, protect_page, read_release
from engagement_lib.tables import TEXT, Study, records

REASONS: Final = ("page", "place", "found", "remedy")
_CLEAR: Final = "Clear them one by one, or leave them out of the notebook."


@dataclass(frozen=True, eq=False)
class Outgoing:
    """Pages as they may go out, by file name, and the `reasons` why some may not: one row a reason, with `page`, `place`, `found`
    and `remedy`. The reasons are for those who made the report: they may tell what must not go out.
    """

    pages: dict[str, str]
    reasons: pd.DataFrame


def protect_pages(pages: Mapping[str, str], study: Study, *, last: Mapping[str, str] | None = None) -> Outgoing:
    """The pages of a report as they may go to the study's audience.

    Parameters
    ----------
    pages
        Finished pages, by file name, in the order in which they are read.
    study
        Whose audience reads; for the team nothing is changed.
    last
        The pages of the last release to the same audience: what both together tell must not give anybody away.
    """
    if study.audience == "team":
        return Outgoing(dict(pages), pd.DataFrame(columns=list(REASONS), dtype=TEXT))
    before = read_release(last or {})
    guard = Guard(study, before)
    protected: dict[str, str] = {}
    tables: dict[str, CountTable] = {}
    rows: list[tuple[str, str, str, str]] = []
    for name, html in pages.items():
        page = protect_page(html, name, guard)
        protected[name] = page.html
        tables |= page.tables
        rows += [(name, *reason) for reason in page.reasons]
        rows += [(name, *reason) for reason in _uncleared(html, study)]
    same = {name: before[name] for name in tables.keys() & before.keys()}
    told = check_release(tables, audience=study.audience, last_release=same, smallest=guard.smallest)
    for row in records(told):
        page_name, _, caption = row["table"].partition(": ")
        where = f"table “{caption}”" + (f", {row['cell']}" if row["cell"] else "")
        rows.append((page_name, where, f"{row['column']}: {row['reason']}" if row["column"] else row["reason"], row["remedy"]))
    return Outgoing(protected, pd.DataFrame(rows, columns=list(REASONS)).astype(TEXT))


def protect_index(html: str, name: str, study: Study) -> str:
    """The first page of a report as it may go out.

    Raises
    ------
    StudyError
        With every reason why it may not: without it there is no report.
    """
    outgoing = protect_pages({name: html}, study)
    problems = [Problem(name, row["place"], row["found"], "none", row["remedy"]) for row in records(outgoing.reasons)]
    if problems:
        raise StudyError(problems)
    return outgoing.pages[name]


def read_last_release(out: Path, run_id: str, audience_words: str) -> dict[str, str]:
    """The pages of the last release to an audience that lies in the folder `out`, by file name; none where there is none."""
    for folder in sorted((path.parent for path in out.glob("*/index.html")), key=lambda path: path.name, reverse=True):
        if folder.name >= run_id:
            continue
        pages = {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}
        if f"Report for {audience_words}, run {folder.name}<".encode() in pages["index.html"]:
            return {name: str(html, "utf-8") for name, html in pages.items()}
    return {}


def _uncleared(html: str, study: Study) -> list[tuple[str, str, str]]:
    uncleared = pd.DataFrame() if shows_everything(study) else uncleared_passages(html, study)
    if uncleared.empty:
        return []
    count = f"{len(uncleared)} passage{'s' * (len(uncleared) > 1)} that nobody has cleared"
    return [("", f"{count}: {name_passages(uncleared)}", _CLEAR)]


def name_passages(passages: pd.DataFrame) -> str:
    """Where passages stand, without their words: "P07:120-180, P09:3-77"."""
    return ", ".join(f"{row.source_id}:{row.start}-{row.end}" for row in passages.itertuples())
