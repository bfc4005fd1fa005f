"""A finished page without what would say too much of few people: small counts, rows about one person, who said a quotation.

It works on the page as readers would get it, so that nothing depends on how a table or chart came to stand there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup, Tag

from engagement_lib.errors import TableError
from engagement_lib.privacy.attribution import check_attribution
from engagement_lib.privacy.cells import MARK
from engagement_lib.privacy.release import NOT_PEOPLE, CountTable, counts_people, is_whole
from engagement_lib.privacy.suppression import suppress_small_cells
from engagement_lib.sharing.last_scan import Reason, mask_identifiers, names_in_prose
from engagement_lib.sharing.page_tables import PageTable, blocks, is_numeric, read_tables
from engagement_lib.sharing.small_words import hide_small_counts
from engagement_lib.sharing.tables import CONTEXT, QUOTES, WITHHELD
from engagement_lib.tables import Study

# Made from the people who support a claim, and not from those who qualify or contradict it.
_OF_SUPPORT: Final[Mapping[str, Sequence[str]]] = dict.fromkeys(("share", "low", "high"), ("supporting",))
_PERSON: Final = ("source_id", "case_id", "speaker", "case", "source")
_PLACE: Final = ("start", "end")
_NO_PEOPLE: Final = frozenset(("claim", "claim_id", "code", "id", "theme", "theme_id"))
_NOTE: Final = (
    "{mark} stands for a number that is not shown, to protect people: fewer than {smallest} of them, or what would tell it."
)
_ROWS: Final = "Left out, since each would be about a single person: {rows}."
_PICTURE: Final = (
    "The picture is left out, since it would show numbers of fewer than {smallest} people; its table stands here without them."
)
_ENOUGH: Final = "[{most} quotations of this person are shown already]"
_OF: Final = re.compile(r"(\d+) of (\d+)")
_MEASURE: Final = re.compile(r"[\d.,]+ ?(%|to\b|–).*")

Tables = Mapping[str, CountTable]


@dataclass(frozen=True, eq=False)
class Guard:
    """What holds for a whole report: its study, whose audience reads, what the last release showed, and who was quoted so far."""

    study: Study
    last: Tables = field(default_factory=dict)
    quoted: Counter[str] = field(default_factory=Counter)

    @property
    def smallest(self) -> int:
        """The smallest count of people that this audience may see."""
        sharing = self.study.settings.sharing
        return sharing.smallest_public if self.study.audience == "public" else sharing.smallest_working_group

    @property
    def one_person(self) -> frozenset[str]:
        """What names one respondent: the ids of cases and sources."""
        claims = set(self.study.claims["claim_id"])
        return frozenset(
            {*self.study.cases["case_id"], *self.study.sources["case_id"], *self.study.sources["source_id"]} - claims - {""}
        )


@dataclass(frozen=True, eq=False)
class ProtectedPage:
    """A page as it may go to readers outside the team, its `tables` with the truth behind them, for `check_release`, and the
    `reasons` why it may not go out after all, which only a person can mend.
    """

    html: str
    tables: dict[str, CountTable]
    reasons: list[Reason]


def protect_page(html: str, name: str, guard: Guard) -> ProtectedPage:
    """The page without what would say too much of few people.

    Parameters
    ----------
    html
        A finished page.
    name
        Its file, which stands before the captions in the names of the tables.
    guard
        What holds for the whole report; whom it quotes is counted there.
    """
    soup = BeautifulSoup(html, "html.parser")
    tables: dict[str, CountTable] = {}
    reasons: list[Reason] = []
    for table in read_tables(soup):
        changed = _without_persons(soup, table, guard.one_person)
        _protect_quotations(table, guard)
        try:
            counted, hidden = _protect_counts(soup, table, guard, guard.last.get(f"{name}: {table.name}"))
        except TableError as error:
            reasons += [Reason(f"table “{table.name}”", problem.found, problem.remedy) for problem in error.problems]
            continue
        if counted is not None:
            tables[f"{name}: {table.name}"] = counted
        if changed or hidden:
            _take_picture(soup, table, guard)
    _protect_words(soup, guard.smallest)
    reasons += [*names_in_prose(soup, guard.one_person), *mask_identifiers(soup, guard.study)]
    return ProtectedPage(str(soup), tables, reasons)


def read_release(pages: Mapping[str, str]) -> dict[str, CountTable]:
    """The tables of people that pages of an earlier release show, by page and caption."""
    tables = {}
    for name, html in pages.items():
        for table in read_tables(BeautifulSoup(html, "html.parser")):
            if counts := _counts(table.table):
                tables[f"{name}: {table.name}"] = _declared(table.table, table.table, counts)
    return tables


def _protect_words(soup: BeautifulSoup, smallest: int) -> None:
    """Small counts in prose, in cells of words and in alternative texts."""
    for element in [*blocks(soup), *_cells_of_words(soup)]:
        for text in element.find_all(string=True):
            if text.find_parent(["pre", "style", "q", "blockquote"]) is None:
                safe = hide_small_counts(str(text), smallest)
                if safe != text:
                    text.replace_with(safe)
    for picture in soup.select("main img[alt]"):
        picture["alt"] = hide_small_counts(str(picture["alt"]), smallest)


def _cells_of_words(soup: BeautifulSoup) -> Iterator[Tag]:
    """The cells of tables, but for those that hold participants' words."""
    for table in read_tables(soup):
        spoken = {at for at, name in enumerate(table.table.columns) if name in QUOTES or name in CONTEXT}
        yield from (cell for row in table.cells for at, cell in enumerate(row) if at not in spoken)


def _without_persons(soup: BeautifulSoup, table: PageTable, one_person: frozenset[str]) -> bool:
    """Whether rows were taken out since they are about one person; in a table of quotations the quotation is the row."""
    if _quotes(table):
        return False
    columns = [name for name in table.table.columns if name not in _NO_PEOPLE]
    texts = table.table[columns].astype(str).to_numpy().tolist()
    rows = {row for row, values in enumerate(texts) if not one_person.isdisjoint(values)}
    if rows:
        count = f"all {len(rows)} rows" if len(rows) == len(table.table) else f"{len(rows)} of {len(table.table)} rows"
        table.say_below(soup, _ROWS.format(rows=count))
        table.drop_rows(rows)
        if table.table.empty:
            table.frame.decompose()
    return bool(rows)


def _quotes(table: PageTable) -> list[str]:
    return [name for name in table.table.columns if name in QUOTES or name in CONTEXT]


def _protect_quotations(table: PageTable, guard: Guard) -> None:
    """Who said a quotation is told no more finely than enough respondents share, and nobody is quoted too often."""
    quotes = _quotes(table)
    people = [name for name in _PERSON if name in table.table.columns]
    if not quotes or not people or table.table.empty:
        return
    columns = list(table.table.columns)
    cases = _cases_of(table.table, guard.study)
    shown = table.table[quotes].apply(lambda column: ~column.isin([WITHHELD, ""])).any(axis=1)
    attributes = [name for name in columns if name in guard.study.cases.columns and name not in _PERSON]
    passages = table.table[attributes].assign(case_id=cases)
    most = guard.study.settings.sharing.quotations
    judged = check_attribution(passages, guard.study.cases, attributes=attributes, smallest=guard.smallest, most=len(cases) + 1)
    for row, cells in enumerate(table.cells):
        for name in attributes:
            cells[columns.index(name)].string = judged[f"shown_{name}"].iloc[row]
        for name in [*people, *(name for name in _PLACE if name in columns)]:
            cells[columns.index(name)].string = f"quotation {row + 1}" if name == people[0] else MARK
        guard.quoted[cases[row]] += bool(shown.iloc[row])
        if shown.iloc[row] and guard.quoted[cases[row]] > most:
            for name in quotes:
                cells[columns.index(name)].string = _ENOUGH.format(most=most)


def _cases_of(table: pd.DataFrame, study: Study) -> list[str]:
    """Whose words each row holds: the case where it is named, else that of the source, else the source itself."""
    if "case_id" in table.columns:
        return table["case_id"].astype(str).tolist()
    name = next(name for name in _PERSON if name in table.columns)
    known = dict(zip(study.sources["source_id"], study.sources["case_id"], strict=True))
    return [known.get(value) or value for value in table[name].astype(str)]


def _protect_counts(
    soup: BeautifulSoup, table: PageTable, guard: Guard, last: CountTable | None
) -> tuple[CountTable | None, bool]:
    """The table with its small counts and what would tell them hidden on the page, and whether anything was."""
    hidden = _small_alone(table, guard.smallest)
    counts = _counts(table.table)
    declared = None
    if counts and len(table.table):
        before = last.table if last is not None and set(last.table.columns) == set(table.table.columns) else None
        about = _declared(table.table, table.table, counts)
        done = suppress_small_cells(
            about.table,
            counts=counts,
            by=about.by,
            base=about.base,
            keep=[about.base],
            smallest=guard.smallest,
            derived=about.derived,
            last=before,
        )
        columns = list(table.table.columns)
        hidden |= {(row, columns.index(column)) for row, column in zip(done.hidden["row"], done.hidden["column"], strict=True)}
        declared = _declared(done.table[columns], table.table, counts)
    for row, column in hidden:
        table.cells[row][column].string = MARK
    if hidden:
        table.say_below(soup, _NOTE.format(mark=MARK, smallest=guard.smallest))
    return declared, bool(hidden)


def _small_alone(table: PageTable, smallest: int) -> set[tuple[int, int]]:
    """Small numbers that stand by themselves: in columns that nobody declared, and in words such as "2 of 52"."""
    found = set()
    for at, name in enumerate(table.table.columns):
        column = table.table[name]
        if is_numeric(column):
            if not counts_people(name) and name not in NOT_PEOPLE and is_whole(column, MARK):
                found |= {(row, at) for row in np.flatnonzero(((column > 0) & (column < smallest)).to_numpy(dtype=bool)).tolist()}
            continue
        for row, text in enumerate(column):
            match = _OF.fullmatch(text)
            if match and 0 < int(match[1]) < smallest:
                found |= {(row, at), *((row, other) for other in _measures(table.table, row))}
    return found


def _measures(table: pd.DataFrame, row: int) -> list[int]:
    """The columns in which a row holds a share or interval in words."""
    return [at for at, name in enumerate(table.columns) if _MEASURE.fullmatch(str(table[name].iloc[row]))]


def _counts(table: pd.DataFrame) -> list[str]:
    """The columns that count people. The first column says what a row is by: a sample size there is no count."""
    return [name for name in table.columns[1:] if counts_people(name) and is_numeric(table[name])]


def _declared(shown: pd.DataFrame, truth: pd.DataFrame, counts: list[str]) -> CountTable:
    """A table with its columns declared: variables are words, and the place of the row where these do not tell rows apart."""
    by = [name for name in truth.columns if not is_numeric(truth[name]) or name == "wave"]
    if truth.duplicated(by).any() or not by:
        rows = [str(row) for row in range(len(truth))]
        shown, truth, by = shown.assign(row=rows), truth.assign(row=rows), [*by, "row"]
    base = "of" if "of" in truth.columns else "base"
    keep = [base, *(name for name in truth.columns if name not in (*by, *counts))]
    made = _OF_SUPPORT if "supporting" in counts else {}
    return CountTable(shown, counts=counts, by=by, base=base, keep=keep, derived=made, truth=truth)


def _take_picture(soup: BeautifulSoup, table: PageTable, guard: Guard) -> None:
    """A chart whose table had to be changed goes, and its table is opened."""
    figure = table.element.find_parent("figure")
    picture = figure.find("img") if figure else None
    if figure is None or picture is None:
        return
    note = soup.new_tag("p", attrs={"class": "note"})
    note.string = _PICTURE.format(smallest=guard.smallest)
    picture.replace_with(note)
    if (details := figure.find("details")) is not None:
        details["open"] = ""
