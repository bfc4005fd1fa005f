"""Who said what on a finished page: rows about one person go, and quotations do not say whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup

from engagement_lib.privacy.attribution import check_attribution
from engagement_lib.sharing.clearance import split_words
from engagement_lib.sharing.page_tables import PageTable
from engagement_lib.sharing.tables import CONTEXT, QUOTES, WITHHELD
from engagement_lib.tables import Study

SOMEBODY: Final = "[a respondent]"
PEOPLE: Final = "[respondents]"
_PERSON: Final = ("source_id", "case_id", "speaker", "case", "source", "respondent", "participant")
_PLACE: Final = ("start", "end")
_NO_PEOPLE: Final = frozenset(("claim", "claim_id", "code", "id", "theme", "theme_id"))
_ROWS: Final = "Left out, since each would be about a single person: {rows}."
_OFTEN: Final = "Left out, since their people are quoted {most} times already in this report: {rows}."
_ID: Final = re.compile(r"\w[\w./-]*(?<![./-])")
_SEVERAL: Final = re.compile(rf"{re.escape(SOMEBODY)}(?:(?:, | and | or |; ){re.escape(SOMEBODY)})+")


@dataclass(frozen=True, eq=False)
class Guard:
    """What holds for a whole report: its study, whose audience reads, and which words of whom were quoted so far."""

    study: Study
    quoted: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    one_person: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "one_person", _ids_of_people(self.study))

    @property
    def smallest(self) -> int:
        """The smallest count of people that this audience may see."""
        sharing = self.study.settings.sharing
        return sharing.smallest_public if self.study.audience == "public" else sharing.smallest_working_group

    def stands_in_a_source(self, words: str) -> bool:
        """Whether words, as `plain_words` gives them, stand in a text of the study."""
        return words in self._said

    @cached_property
    def _said(self) -> str:
        return "\n".join(plain_words(text) for text in self.study.sources["text"])

    def says_too_much(self, case: str, words: tuple[str, ...]) -> bool:
        """Whether this would be one quotation too many of a person; if not, it is counted."""
        said = self.quoted.setdefault(case, set())
        if words in said:
            return False
        if len(said) >= self.study.settings.sharing.quotations:
            return True
        said.add(words)
        return False


def protect_people(soup: BeautifulSoup, table: PageTable, guard: Guard) -> None:
    """Changes a table so that no row is about one person, and no quotation says whose it is."""
    if quote_columns(table.table):
        _protect_quotations(soup, table, guard)
    else:
        _without_persons(soup, table, guard.one_person)


def plain_words(text: str) -> str:
    """The words of a text as they are compared, with a space before and after each.

    Examples
    --------
    >>> plain_words("“No-one’s”, they said")
    ' no one s they said '
    """
    return " ".join(["", *(word for word, _, _ in split_words(text)), ""])


def quote_columns(table: pd.DataFrame) -> list[str]:
    """The columns with participants' words."""
    return [name for name in table.columns if name in QUOTES or name in CONTEXT]


def without_ids(text: str, one_person: frozenset[str]) -> str:
    """The text with nobody named by the id of a case or source.

    Examples
    --------
    >>> without_ids("P05 and P09 ring, and so does P08.", frozenset({"P05", "P08", "P09"}))
    '[respondents] ring, and so does [a respondent].'
    """
    masked = _ID.sub(lambda match: SOMEBODY if match[0] in one_person else match[0], text)
    return _SEVERAL.sub(PEOPLE, masked) if masked != text else text


def _ids_of_people(study: Study) -> frozenset[str]:
    """What names one respondent. Webinars are group events, and an id of digits alone cannot be told from a number."""
    sources = study.sources[study.sources["kind"] != "webinar"]
    ids = {*study.cases["case_id"], *sources["case_id"], *sources["source_id"]}
    other = {*study.claims["claim_id"], *study.codebook["code"], *study.cases.drop(columns="case_id").to_numpy().ravel()}
    return frozenset(name for name in ids - other if name and not name.isdigit())


def _without_persons(soup: BeautifulSoup, table: PageTable, one_person: frozenset[str]) -> None:
    """Takes the rows out that are about one person."""
    columns = [name for name in table.table.columns if name not in _NO_PEOPLE]
    texts = table.table[columns].astype("str").to_numpy().tolist()
    rows = {row for row, values in enumerate(texts) if not one_person.isdisjoint(values)}
    if named := [name for name in columns if name in _PERSON and name != "source"]:
        rows |= {row for row in range(len(texts)) if (table.table[named].iloc[row].astype("str") != "").any()}
    if rows:
        _leave_out(soup, table, rows, _ROWS)


def _leave_out(soup: BeautifulSoup, table: PageTable, rows: set[int], words: str) -> None:
    count = f"all {len(rows)} rows" if len(rows) == len(table.table) else f"{len(rows)} of {len(table.table)} rows"
    table.say_below(soup, words.format(rows=count))
    table.drop_rows(rows)
    if table.table.empty:
        table.frame.decompose()


def _protect_quotations(soup: BeautifulSoup, table: PageTable, guard: Guard) -> None:
    """Who said a quotation is told no more finely than enough respondents share, and nobody is quoted too often."""
    people = [name for name in _PERSON if name in table.table.columns]
    if not people:
        return
    cases = _cases_of(table.table, people, guard.study)
    often = _quoted_too_often(table.table, cases, guard)
    _coarsen(table, cases, guard)
    hidden = [*people[1:], *(name for name in _PLACE if name in table.table.columns)]
    at = list(table.table.columns).index(people[0])
    for row, cells in enumerate(table.cells):
        cells[at].string = f"quotation {row + 1}"
    empty = [name for name in table.table.columns if name in guard.study.cases.columns and (table.table[name] == "").all()]
    table.drop_columns([*hidden, *(name for name in empty if name not in people)])
    if often:
        _leave_out(soup, table, often, _OFTEN.replace("{most}", str(guard.study.settings.sharing.quotations)))


def _coarsen(table: PageTable, cases: Sequence[str], guard: Guard) -> None:
    """What stands beside a quotation of its speaker, as far as enough respondents share it."""
    own = guard.study.cases
    names = [name for name in table.table.columns if name in own.columns and name not in _PERSON]
    passages = table.table[names].astype("str").assign(case_id=cases)
    judged = check_attribution(passages, own, attributes=names, smallest=guard.smallest, most=len(cases) + 1)
    for name in names:
        at = list(table.table.columns).index(name)
        table.table[name] = judged[f"shown_{name}"].to_numpy()
        for cells, shown in zip(table.cells, judged[f"shown_{name}"], strict=True):
            cells[at].string = shown


def _quoted_too_often(table: pd.DataFrame, cases: Sequence[str], guard: Guard) -> set[int]:
    rows = set()
    for row, (case, texts) in enumerate(zip(cases, table[quote_columns(table)].astype("str").to_numpy().tolist(), strict=True)):
        words = tuple(word for text in texts if text not in (WITHHELD, "") for word, _, _ in split_words(text))
        if words and guard.says_too_much(case, words):
            rows.add(row)
    return rows


def _cases_of(table: pd.DataFrame, people: Sequence[str], study: Study) -> list[str]:
    """Whose words each row holds: the case where it is named, else that of the source, else the source itself."""
    name = "case_id" if "case_id" in people else people[0]
    known: Mapping[str, str] = dict(zip(study.sources["source_id"], study.sources["case_id"], strict=True))
    return [known.get(value) or value for value in table[name].astype("str")]
