"""All pages of a report looked at together before they go to readers outside the team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup

from engagement_lib.errors import Problem, StudyError
from engagement_lib.privacy.cells import Rule, make_rule
from engagement_lib.privacy.release import CountTable, check_release
from engagement_lib.sharing.clearance import shows_everything
from engagement_lib.sharing.downloads import put_rows_back
from engagement_lib.sharing.gate import uncleared_passages
from engagement_lib.sharing.last_scan import made_up_quotations, mask_identifiers, mask_paths, unchecked_outputs
from engagement_lib.sharing.page_tables import PageTable, read_tables
from engagement_lib.sharing.pictures import protect_pictures
from engagement_lib.sharing.protecting import (
    OpenPage,
    open_page,
    protect_counts,
    protect_words,
    say_place,
    told_about,
    told_values,
)
from engagement_lib.sharing.quotations import Guard
from engagement_lib.tables import TEXT, Study, records

REASONS: Final = ("page", "place", "found", "remedy")
WITHHELD: Final = "This page is withheld"
_CLEAR: Final = "Clear them one by one, or leave them out of the notebook."


@dataclass(frozen=True, eq=False)
class Outgoing:
    """Pages as they may go out, by file name, and the `reasons` why some may not: one row a reason, with `page`, `place`, `found`
    and `remedy`. The reasons are for those who made the report: they may tell what must not go out. So do `tables`, which hold
    every count beside what is shown of it, and `guard`, which knows who was quoted.
    """

    pages: dict[str, str]
    reasons: pd.DataFrame
    tables: dict[str, CountTable] = field(default_factory=dict)
    guard: Guard | None = None


def protect_pages(
    pages: Mapping[str, str], study: Study, *, last: Mapping[str, str] | None = None, after: Outgoing | None = None
) -> Outgoing:
    """The pages of a report as they may go to the study's audience.

    Parameters
    ----------
    pages
        Finished pages, by file name, in the order in which they are read.
    study
        Whose audience reads; for the team nothing is changed.
    last
        The pages of the last release to the same audience: what both together tell must not give anybody away.
    after
        Pages of the same report that are judged already, where these are made by a program from what stands in those, such as
        the index.
    """
    if study.audience == "team":
        return Outgoing(dict(pages), pd.DataFrame(columns=list(REASONS), dtype=TEXT))
    guard = after.guard if after is not None and after.guard is not None else Guard(study)
    rule = make_rule("report", smallest=guard.smallest, protection=None, zeros="show")
    opened = [open_page(name, html, guard) for name, html in pages.items()]
    beside = after.tables if after is not None else {}
    tables, before = protect_counts(opened, guard, rule, beside=beside, last=_tables_of(last or {}))
    everything = [*beside.values(), *tables.values()]
    about = told_about(everything, rule)
    for page in opened:
        page.about = about
        page.told = page.told if after is None else told_values(everything, rule)
    # A mark in the midst of a passage would make two short ones of it, which nobody finds.
    uncleared = [(page.name, *reason) for page in opened for reason in _uncleared(str(page.soup), study)]
    protected = {page.name: _finish(page, guard, by_people=after is None) for page in opened}
    rows = [(page.name, *reason) for page in opened for reason in dict.fromkeys(page.reasons)] + uncleared
    rows += _told_together(opened, {**beside, **tables}, before, study, rule)
    return Outgoing(protected, pd.DataFrame(rows, columns=list(REASONS)).astype(TEXT), {**beside, **tables}, guard)


def protect_index(html: str, name: str, study: Study, pages: Outgoing) -> str:
    """The first page of a report as it may go out, beside the other `pages`, from which it was made.

    Raises
    ------
    StudyError
        With every reason why it may not: without it there is no report.
    """
    outgoing = protect_pages({name: html}, study, after=pages)
    problems = [Problem(name, row["place"], row["found"], "none", row["remedy"]) for row in records(outgoing.reasons)]
    if problems:
        raise StudyError(problems)
    return outgoing.pages[name]


def read_last_release(out: Path, run_id: str, audience_words: str) -> dict[str, str]:
    """The pages last released to an audience from the folder `out`, by file name; none where there are none.

    Of a page that was withheld in the last release the one before is taken, since that is what readers have; rows that stand in
    CSV files alone are put back.
    """
    found: dict[str, str] = {}
    folders = {path.parent for path in out.glob("*/index.html") if path.parent.name < run_id}
    for folder in sorted(folders, key=lambda path: path.name, reverse=True):
        pages = {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}
        if f"Report for {audience_words}, run {folder.name}<".encode() in pages["index.html"]:
            read = {
                name: str(html, "utf-8") for name, html in pages.items() if name not in found and WITHHELD.encode() not in html
            }
            found |= {name: put_rows_back(html, stem=Path(name).stem, folder=folder) for name, html in read.items()}
    return found


def name_passages(passages: pd.DataFrame) -> str:
    """Where passages stand, without their words: "P07:120-180, P09:3-77"."""
    return ", ".join(f"{row.source_id}:{row.start}-{row.end}" for row in passages.itertuples())


def _finish(page: OpenPage, guard: Guard, *, by_people: bool) -> str:
    """The page as it is written, after all that stands on it beside counts in tables was looked at too."""
    page.reasons += [*unchecked_outputs(page.soup, guard), *made_up_quotations(page.soup, guard)]
    protect_words(page, guard, by_people=by_people)
    page.reasons += mask_identifiers(page.soup, guard.study)
    mask_paths(page.soup, guard.study)
    protect_pictures(page.soup, page.tables, page.changed(), guard.smallest)
    return str(page.soup)


def _tables_of(pages: Mapping[str, str]) -> dict[str, PageTable]:
    """The tables of pages, by page and caption."""
    opened = {name: read_tables(BeautifulSoup(html, "html.parser")) for name, html in pages.items()}
    return {f"{name}: {table.name}": table for name, tables in opened.items() for table in tables}


def _told_together(
    opened: list[OpenPage], tables: Mapping[str, CountTable], before: Mapping[str, CountTable], study: Study, rule: Rule
) -> list[tuple[str, str, str, str]]:
    """What all tables, as they are shown, still tell, by themselves, together and beside the last release."""
    places = {page.name_of(table): (page.name, say_place(table)) for page in opened for table in page.tables}
    told = check_release(tables, audience=study.audience, last_release=before, smallest=rule.smallest)
    rows = []
    for row in records(told[told["table"].isin(places)]):
        page, place = places[row["table"]]
        rows.append((page, ", ".join(filter(None, [place, row["cell"]])), f"{row['column']}: {row['reason']}", row["remedy"]))
    return rows


def _uncleared(html: str, study: Study) -> list[tuple[str, str, str]]:
    uncleared = pd.DataFrame() if shows_everything(study) else uncleared_passages(html, study)
    if uncleared.empty:
        return []
    count = f"{len(uncleared)} passage{'s' * (len(uncleared) > 1)} that nobody has cleared"
    return [("", f"{count}: {name_passages(uncleared)}", _CLEAR)]
