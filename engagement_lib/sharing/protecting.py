"""Finished pages without what would say too much of few people: small counts in tables, charts and sentences.

It works on the pages as readers would get them, so that nothing depends on how a table or chart came to stand there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup, Tag

from engagement_lib.errors import TableError
from engagement_lib.privacy.cells import MARK, TOTAL, Rule
from engagement_lib.privacy.linked import Hidden, hide_together
from engagement_lib.privacy.release import NOT_ADDED, CountTable, read_table
from engagement_lib.sharing.declaring import Declared, declare
from engagement_lib.sharing.last_scan import Reason
from engagement_lib.sharing.page_tables import PageTable, blocks, place_of, read_tables
from engagement_lib.sharing.quotations import Guard, plain_words, protect_people, quote_columns, without_ids
from engagement_lib.sharing.small_words import hide_small_counts, small_counts

_NOTE: Final = (
    "{mark} stands for a number that is not shown, to protect people: fewer than {smallest} of them, or what would tell it."
)
_ROUND: Final = "Say it without the number, such as “some” or “hardly anybody”."
_TOLD: Final = "“{words}” in the prose, which counts fewer than {smallest} people"
_HIDDEN: Final = "“{words}” in the prose, which a table here hides since it would give a smaller number away"

Tables = Mapping[str, CountTable]


@dataclass(eq=False)
class OpenPage:
    """A page while it is looked through: its `tables` that can be read and what they said at first, the counts `told` that these
    hide though they are not small, those that any table hides `about` a claim, code or theme, and the `reasons` why it may not
    go out.
    """

    name: str
    soup: BeautifulSoup
    tables: list[PageTable]
    said: list[str]
    told: set[int] = field(default_factory=set)
    about: Mapping[str, set[int]] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    def changed(self) -> list[PageTable]:
        """The tables that no longer say what they said."""
        return [table for table, said in zip(self.tables, self.said, strict=True) if table.element.get_text() != said]

    def told_in(self, text: str, beside: Collection[str] = ()) -> set[int]:
        """The counts that may not stand in a text, by what it names and what stands `beside` it in a row."""
        near = [name for name in self.about if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]
        named = {*near, *(name for name in beside if name in self.about)}
        return self.told.union(*(self.about[name] for name in named))

    def name_of(self, table: PageTable) -> str:
        """The table by its page and caption."""
        return f"{self.name}: {table.name}"


def open_page(name: str, html: str, guard: Guard) -> OpenPage:
    """A page with its tables, in which no row is about one person and no quotation says whose it is."""
    soup = BeautifulSoup(html, "html.parser")
    tables = read_tables(soup)
    said = [table.element.get_text() for table in tables]
    for table in tables:
        protect_people(soup, table, guard)
    left = [at for at, table in enumerate(tables) if not table.table.empty]
    return OpenPage(name, soup, [tables[at] for at in left], [said[at] for at in left])


def protect_counts(
    pages: Sequence[OpenPage], guard: Guard, rule: Rule, *, beside: Tables, last: Mapping[str, PageTable]
) -> tuple[dict[str, CountTable], dict[str, CountTable]]:
    """Hides small counts in the tables of all pages, with what would tell them.

    The tables as they are shown now, with the truth behind them, and as they stood in the last release.
    """
    declared = {
        page.name_of(table): (page, table, declare(table.table, guard.study, rule.smallest))
        for page in pages
        for table in page.tables
    }
    tables = {name: about for name, found in declared.items() if (about := _read(name, *found, rule)) is not None}
    before = {name: old for name in tables if (old := _before(name, *declared[name][1:], last, guard)) is not None}
    hidden = hide_together(tables, rule, beside=beside, last=before)
    for name, (page, table, counted) in declared.items():
        mine = [one for one in hidden if one.table == name]
        _mark(page, table, counted, mine, rule)
        if name in tables:
            tables[name] = _as_shown(tables[name], mine)
    for page in pages:
        page.told = told_values([tables[name] for table in page.tables if (name := page.name_of(table)) in tables], rule)
    return tables, before


def told_values(tables: Iterable[CountTable], rule: Rule) -> set[int]:
    """The counts that these tables hide though they are not small, and show nowhere else."""
    hidden, shown = set[int](), set[int]()
    for about in tables:
        truth = about.table if about.truth is None else about.truth
        for name in about.counts:
            for value, now in zip(truth[name], about.table[name], strict=True):
                if not pd.isna(value):
                    (hidden if now == MARK else shown).add(int(value))
    return {value for value in hidden - shown if value >= rule.smallest}


def told_about(tables: Iterable[CountTable], rule: Rule) -> dict[str, set[int]]:
    """By claim, code or theme the counts that are hidden though they are not small, and shown nowhere under their name."""
    hidden, shown = set[tuple[str, str, int]](), set[tuple[str, str, int]]()
    for about in tables:
        truth = about.table if about.truth is None else about.truth
        for thing, name in product([one for one in about.by or () if one in NOT_ADDED], about.counts):
            for of, value, now in zip(truth[thing], truth[name], about.table[name], strict=True):
                if not pd.isna(value):
                    (hidden if now == MARK else shown).add((str(of), name, int(value)))
    found: dict[str, set[int]] = {}
    for of, _, value in hidden - shown:
        if value >= rule.smallest and of != TOTAL:
            found.setdefault(of, set()).add(value)
    return found


def protect_words(page: OpenPage, guard: Guard, *, by_people: bool = True) -> None:
    """Ids of people and small counts in sentences: hidden in those that a program made, reasons in those that people wrote.

    `by_people` is False for a page all of whose sentences a program made. The codebook's rules count nobody.
    """
    for block in blocks(page.soup):
        text = block.get_text(" ", strip=True)
        told = page.told_in(text)
        rule = block.find_parent(class_="rules") is not None
        written = by_people and block.find_parent(class_="prose") is not None and block.find_parent(class_="cell") is None
        # What a participant counts is no count of participants.
        if written and not (block.find_parent("blockquote") and guard.stands_in_a_source(plain_words(text))):
            page.reasons += [
                Reason(place_of(block), _say(words, guard), _ROUND) for words in small_counts(text, guard.smallest, told)
            ]
        _hide_words(block, guard, None if written or rule else told)
    for table in page.tables:
        _protect_cells(table, page, guard)
    for picture in page.soup.find_all("img", alt=True):
        picture["alt"] = _said(str(picture["alt"]), guard, page.told_in(str(picture["alt"])))


def _say(words: str, guard: Guard) -> str:
    small = bool(small_counts(f"{words} people", guard.smallest)) or words.lower() == "one"
    return (_TOLD if small else _HIDDEN).format(words=words, smallest=guard.smallest)


def _protect_cells(table: PageTable, page: OpenPage, guard: Guard) -> None:
    """The cells of words, but for participants' words and the study's own."""
    spoken = {*quote_columns(table.table), *_OWN_WORDS}
    wordy = [at for at, name in enumerate(table.table.columns) if pd.api.types.is_string_dtype(table.table[name].dtype)]
    beside = table.table.iloc[:, wordy].to_numpy().tolist()
    for at in wordy:
        counts = table.table.columns[at] not in spoken
        for row, text in enumerate(table.table.iloc[:, at]):
            told = page.told_in(text, beside[row]) if counts else None
            if _said(text, guard, told) != text:
                _hide_words(table.cells[row][at], guard, told)


_OWN_WORDS: Final = ("definition", "include", "exclude", "example", "statement", "scope", "would_count_against", "when")


def _hide_words(element: Tag, guard: Guard, told: Collection[int] | None) -> None:
    for text in element.find_all(string=True):
        if text.find_parent(["style", "q", "blockquote"]) is None:
            safe = _said(str(text), guard, told)
            if safe != text:
                text.replace_with(safe)


def _said(text: str, guard: Guard, told: Collection[int] | None) -> str:
    """A text with no id of a person in it and no small count, nor any in `told`; of those in none where that is None."""
    return without_ids(text if told is None else hide_small_counts(text, guard.smallest, told), guard.one_person)


def _before(name: str, table: PageTable, about: Declared, last: Mapping[str, PageTable], guard: Guard) -> CountTable | None:
    """The table as it stood in the last release: under the same name, or else the only one with the same columns."""
    same = [other for other in last.values() if list(other.table.columns) == list(table.table.columns)]
    old = last.get(name) or (same[0] if len(same) == 1 else None)
    return None if old is None else declare(old.table, guard.study, guard.smallest, by=about.columns.by()).about


def _read(name: str, page: OpenPage, table: PageTable, about: Declared, rule: Rule) -> CountTable | None:
    """What a table counts, if it counts anybody and its counts make sense; else that is a reason."""
    if about.about is None:
        return None
    try:
        read_table(name, about.about, rule)
    except TableError as error:
        page.reasons += [Reason(say_place(table), problem.found, problem.remedy) for problem in error.problems]
        return None
    return about.about


def say_place(table: PageTable) -> str:
    """Where a table stands, in words."""
    return f"{table.place}, table “{table.name}”"


def _mark(page: OpenPage, table: PageTable, about: Declared, hidden: Sequence[Hidden], rule: Rule) -> None:
    """Marks on the page, a note below the table, and the numbers that may no longer stand in sentences."""
    places = {place for one in hidden if (place := about.places[one.row]) is not None} | about.small
    for row, at in places.union(*(about.beside(place) for place in places)):
        table.cells[row][at].string = MARK
    if places:
        table.say_below(page.soup, _NOTE.format(mark=MARK, smallest=rule.smallest))


def _as_shown(about: CountTable, hidden: Collection[Hidden]) -> CountTable:
    shown = about.table.copy()
    for one in hidden:
        shown.loc[one.row, one.column] = MARK
    return replace(about, table=shown)
