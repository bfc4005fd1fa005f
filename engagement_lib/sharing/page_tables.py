"""The tables of a finished page, read back as numbers and changed where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup, Tag

from engagement_lib.privacy.cells import MARK
from engagement_lib.sharing.cells import DASH

_NUMBER: Final = re.compile(r"[<>]?\s*[-−]?\d[\d,]*(\.\d+)?")
_CELL: Final = re.compile(r"cell-\d+")


@dataclass(eq=False)
class PageTable:
    """A table of a page: `table` with its numbers as numbers and names as the library writes them, `cells` the same in HTML."""

    element: Tag
    name: str
    place: str
    table: pd.DataFrame
    headings: list[Tag]
    cells: list[list[Tag]]

    @property
    def frame(self) -> Tag:
        """The frame in which the table scrolls, or the table itself where it has none."""
        return self.element.find_parent(class_="eng-table") or self.element

    def drop_rows(self, rows: set[int]) -> None:
        """Takes rows out, of the page too."""
        for row in rows:
            self.cells[row][0].find_parent("tr").decompose()  # type: ignore[union-attr]  # each cell has its row
        kept = [row for row in range(len(self.cells)) if row not in rows]
        self.cells = [self.cells[row] for row in kept]
        self.table = self.table.iloc[kept].reset_index(drop=True)

    def say_below(self, soup: BeautifulSoup, words: str) -> None:
        """Writes a note below the table."""
        note = soup.new_tag("p", attrs={"class": "note"})
        note.string = words
        self.frame.insert_after(note)


def read_tables(soup: BeautifulSoup) -> list[PageTable]:
    """The tables of a page that have a heading for each column, in their order; a second of a name gets its number."""
    found: list[PageTable] = []
    for element in soup.select("main table"):
        headings = element.select("thead th")
        cells = [list(row.find_all(["th", "td"])) for row in element.select("tbody tr")]
        if not headings or not cells or any(len(row) != len(headings) for row in cells):
            continue
        caption = element.find("caption")
        name = caption.get_text(" ", strip=True) if caption else "a table without a caption"
        same = sum(other.name.split(" (again, ")[0] == name for other in found)
        name = f"{name} (again, {same + 1})" if same else name
        columns = [heading.get_text(" ", strip=True).replace(" ", "_") for heading in headings]
        table = pd.DataFrame([[_text(cell) for cell in row] for row in cells], columns=_different(columns), dtype=object)
        found.append(PageTable(element, name, place_of(element), table.apply(_numbers), headings, cells))
    return found


def place_of(element: Tag) -> str:
    """The cell of the notebook that an element comes from, in words; the nearest heading where it comes from prose."""
    cell = element.find_parent(id=_CELL)
    if cell is not None:
        return str(cell["id"]).replace("-", " ")
    heading = element.find_previous(["h1", "h2", "h3"])
    return f"below “{heading.get_text(' ', strip=True)}”" if heading else "at the beginning"


def _text(cell: Tag) -> object:
    text = cell.get_text(" ", strip=True)
    return np.nan if text.startswith(DASH) else text


def _different(columns: list[str]) -> list[str]:
    """The names, with a number behind one that stood before."""
    return [f"{name}_{columns[:at].count(name) + 1}" if name in columns[:at] else name for at, name in enumerate(columns)]


def _numbers(column: pd.Series) -> pd.Series:
    """A column of numbers as numbers, whole ones as such, and of objects where some are hidden; any other as text."""
    known = column[column.notna() & (column != MARK)]
    if known.empty or not all(_NUMBER.fullmatch(str(value)) for value in known):
        return column.fillna("").astype("str")
    plain = known.map(lambda value: float(str(value).lstrip("<> ").replace("−", "-").replace(",", "")))
    numbers = plain.reindex(column.index).astype("float64")
    if (column == MARK).any():
        return numbers.astype(object).mask(column == MARK, MARK)
    return numbers.astype("int64") if len(known) == len(column) and (numbers % 1 == 0).all() else numbers


def is_numeric(column: pd.Series) -> bool:
    """Whether a column of a page holds numbers, hidden ones among them or not."""
    return not pd.api.types.is_string_dtype(column.dtype) or column.dtype == object


def blocks(soup: BeautifulSoup) -> Iterator[Tag]:
    """The paragraphs, items and headings of prose: what people wrote, not what a table or code shows."""
    for element in soup.select("main :is(p, li, h1, h2, h3, h4, figcaption)"):
        if element.find_parent(["table", "pre"]) is None and element.find(["p", "li"]) is None:
            yield element
