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

PLAIN: Final = "a table without a caption"
_NUMBER: Final = re.compile(r"[<>]?\s*[-−]?\d[\d,]*(\.\d+)?")
_CELL: Final = re.compile(r"cell-\d+")
_PROSE: Final = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "dt", "dd", "summary")


@dataclass(eq=False)
class PageTable:
    """A table of a page: `table` with its numbers as numbers and names as the library writes them, `cells` the same in HTML."""

    element: Tag
    name: str
    place: str
    table: pd.DataFrame
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

    def drop_columns(self, columns: list[str]) -> None:
        """Takes columns out, of the page too."""
        gone = {list(self.table.columns).index(name) for name in columns}
        for row in [_cells(row) for row in self.element.find_all("tr")]:
            for at in gone:
                row[at].decompose()
        self.cells = [[cell for at, cell in enumerate(row) if at not in gone] for row in self.cells]
        self.table = self.table.drop(columns=columns)

    def say_below(self, soup: BeautifulSoup, words: str) -> None:
        """Writes a note below the table."""
        note = soup.new_tag("p", attrs={"class": "note"})
        note.string = words
        self.frame.insert_after(note)


def read_tables(soup: BeautifulSoup) -> list[PageTable]:
    """The tables of a page that have one heading for each column, in their order; a second of a name gets its number."""
    found: list[PageTable] = []
    for element in _tables(soup):
        headings, cells = _heads_and_cells(element)
        if not cells or not _is_plain(headings, cells):
            continue
        caption = element.find("caption")
        name = caption.get_text(" ", strip=True) if caption else PLAIN
        same = sum(other.name.split(" (again, ")[0] == name for other in found)
        name = f"{name} (again, {same + 1})" if same else name
        columns = _different([heading.get_text(" ", strip=True).replace(" ", "_") for heading in headings])
        values = zip(*([_text(cell) for cell in row] for row in cells), strict=True)
        table = pd.DataFrame({name: _numbers(pd.Series(column)) for name, column in zip(columns, values, strict=True)})
        found.append(PageTable(element, name, place_of(element), table, cells))
    return found


def odd_tables(soup: BeautifulSoup) -> list[Tag]:
    """The tables with rows of unlike length, several rows of headings, or none: nobody can tell what their numbers count."""
    found = ((element, *_heads_and_cells(element)) for element in _tables(soup))
    return [element for element, headings, cells in found if cells and not _is_plain(headings, cells)]


def is_plain(element: Tag) -> bool:
    """Whether a table has one row of headings, and as many cells in each row below."""
    return _is_plain(*_heads_and_cells(element))


def _is_plain(headings: list[Tag], cells: list[list[Tag]]) -> bool:
    spans = any(cell.get(name, "1") != "1" for row in [headings, *cells] for cell in row for name in ("colspan", "rowspan"))
    return bool(headings) and not spans and all(len(row) == len(headings) for row in cells)


def place_of(element: Tag) -> str:
    """The cell of the notebook that an element comes from, in words; the nearest heading where none is known."""
    cell = element.find_parent(id=_CELL)
    if cell is not None:
        return str(cell["id"]).replace("-", " ")
    prose = element.find_parent(attrs={"data-cell": True})
    if prose is not None:
        return f"cell {prose['data-cell']}"
    heading = element.find_previous(["h1", "h2", "h3"])
    return f"below “{heading.get_text(' ', strip=True)}”" if heading else "at the beginning"


def is_numeric(column: pd.Series) -> bool:
    """Whether a column of a page holds numbers, hidden ones among them or not."""
    return not pd.api.types.is_string_dtype(column.dtype) or column.dtype == object


def blocks(soup: BeautifulSoup) -> Iterator[Tag]:
    """The paragraphs, items and headings of prose: what people wrote, not what a table or code shows."""
    main = soup.find("main")
    for element in main.find_all(_PROSE) if main else ():
        if element.find_parent(["table", "pre"]) is None and element.find(["p", "li"]) is None:
            yield element


def _tables(soup: BeautifulSoup) -> list[Tag]:
    main = soup.find("main")
    return list(main.find_all("table")) if main else []


def _heads_and_cells(element: Tag) -> tuple[list[Tag], list[list[Tag]]]:
    """The one row of headings of a table, nothing where it has none or several, and the rows below."""
    head = element.find("thead")
    above = head.find_all("tr") if head else []
    below = [row for row in element.find_all("tr") if row not in above]
    return _cells(above[0]) if len(above) == 1 else [], [_cells(row) for row in below]


def _cells(row: Tag) -> list[Tag]:
    return list(row.find_all(["th", "td"], recursive=False))


def _text(cell: Tag) -> object:
    text = cell.get_text(" ", strip=True)
    return np.nan if text.startswith(DASH) else text


def _different(columns: list[str]) -> list[str]:
    """The names, with a number behind one that stood before."""
    return [f"{name}_{columns[:at].count(name) + 1}" if name in columns[:at] else name for at, name in enumerate(columns)]


def _numbers(column: pd.Series) -> pd.Series:
    """A column of numbers as numbers, of objects where some are hidden; whole ones as such; any other as text."""
    known = column[column.notna() & (column != MARK)]
    if known.empty or not all(_NUMBER.fullmatch(str(value)) for value in known):
        return column.astype(object).where(column.notna(), "").astype("str")
    plain = known.map(lambda value: float(str(value).lstrip("<> ").replace("−", "-").replace(",", "")))
    numbers = plain.reindex(column.index).astype("float64")
    if (column == MARK).any():
        return numbers.astype(object).mask(column == MARK, MARK)
    # "1.00" is a measure, and not a count of one.
    whole = not known.map(lambda value: "." in str(value)).any()
    return numbers.astype("int64") if len(known) == len(column) and whole else numbers
