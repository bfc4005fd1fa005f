"""Every table of a page as a CSV file beside it, and long tables shortened on the page itself."""

from __future__ import annotations

import csv
import glob
import re
from copy import copy
from io import StringIO
from pathlib import Path
from typing import Final

from bs4 import BeautifulSoup, Tag

from engagement_lib.sharing.cells import DASH, NOT_DEFINED

FOLDER: Final = "tables"
MOST_ROWS: Final = 100
SHOWN_ROWS: Final = 20
HEAVIEST: Final = 280_000
_PICTURE: Final = re.compile(r"data:image/\w+;base64,[A-Za-z0-9+/=]+")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_RUN: Final = re.compile(r"'*[=+\-@\t\r]")
_NAME: Final = 40


def set_tables_aside(html: str, *, stem: str) -> tuple[str, dict[str, str]]:
    r"""A page with a link below each table that a cell shows to the table as CSV, and the CSV files by their path from the page.

    A table of more than 100 rows keeps its first 20 on the page; so do the heaviest, where the page without its pictures would
    weigh more than 280 kB. The file has the cells as the page shows them before that, and nothing else; a number that is not
    defined is empty, and a cell that a spreadsheet would run as a formula begins with an apostrophe.

    Parameters
    ----------
    html
        The page as it was checked.
    stem
        The name of the page's file without its ending, with which the names of the CSV files begin.

    Examples
    --------
    >>> table = "<table><caption>Codes</caption><tr><th>code</th></tr><tr><td>jargon</td></tr></table>"
    >>> set_tables_aside(f'<main><div class="shown"><div class="eng-table">{table}</div></div></main>', stem="03")[1]
    {'tables/03-01-codes.csv': 'code\r\njargon\r\n'}
    """
    soup = BeautifulSoup(html, "html.parser")
    files: dict[str, str] = {}
    lasts: dict[int, Tag] = {}
    tables = soup.select(".shown .eng-table > table")
    for number, table in enumerate(tables, start=1):
        name = f"{FOLDER}/{stem}-{number:02}{_slug(_caption(table))}.csv"
        files[name] = _csv(table)
        lasts[id(table)] = _add_link(soup, table, name, files[name])
    long = [table for table in tables if len(_rows(table)) > MOST_ROWS]
    for table in long:
        _shorten(soup, table, lasts[id(table)])
    weight = len(_PICTURE.sub("", str(soup)).encode()) if tables else 0
    for size, table in sorted(((len(str(table).encode()), table) for table in tables), key=lambda pair: -pair[0]):
        if weight > HEAVIEST and len(_rows(table)) > SHOWN_ROWS:
            _shorten(soup, table, lasts[id(table)])
            weight -= size - len(str(table).encode())
    return (str(soup) if tables else html), files


def put_rows_back(html: str, *, stem: str, folder: Path) -> str:
    """A page as it was before its long tables were shortened, with the rows that its CSV files in `folder` have.

    Parameters
    ----------
    html
        The page as it was written.
    stem
        The name of its file without its ending.
    folder
        Where it lies. A table whose file is not there stays as it is.
    """
    soup = BeautifulSoup(html, "html.parser")
    for number, table in enumerate(soup.select(".shown .eng-table > table"), start=1):
        below = _rows(table)
        path = next(iter((folder / FOLDER).glob(f"{glob.escape(stem)}-{number:02}[-.]*")), None)
        rows = list(csv.reader(StringIO(str(path.read_bytes(), "utf-8-sig"), newline=""))) if path and below else []
        left_out = len(rows) - len(table.find_all("tr"))
        for values in rows[-left_out:] if left_out > 0 else []:
            row = copy(below[0])
            for cell, text in zip(row.find_all(["th", "td"]), values, strict=False):
                cell.string = (text[1:] if text.startswith("'") and _RUN.match(text) else text) or DASH
            below[-1].insert_after(row)
            below.append(row)
    return str(soup)


def _caption(table: Tag) -> str:
    caption = table.find("caption")
    return caption.get_text(" ", strip=True) if isinstance(caption, Tag) else ""


def _slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return f"-{words[:_NAME].rstrip('-')}" if words else ""


def _rows(table: Tag) -> list[Tag]:
    """The rows below the headings."""
    return [row for row in table.find_all("tr") if row.find_parent("thead") is None]


def _csv(table: Tag) -> str:
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in table.find_all("tr"):
        writer.writerow([_cell(cell) for cell in row.find_all(["th", "td"])])
    return text.getvalue()


def _cell(cell: Tag) -> str:
    text = cell.get_text()
    if cell.select_one(".visually-hidden") and text.endswith(NOT_DEFINED):
        return ""
    plain = text.replace("−", "-")
    if _NUMBER.fullmatch(plain):
        return plain
    return f"'{text}" if _RUN.match(text) else text


def _add_link(soup: BeautifulSoup, table: Tag, name: str, text: str) -> Tag:
    """The paragraph with the link, below the table and its note; below the whole figure where it is the table of a chart."""
    link = soup.new_tag("a", href=name)
    link.string = "This table as CSV"
    hidden = soup.new_tag("span", attrs={"class": "visually-hidden"})
    hidden.string = f": {_caption(table) or name}"
    link.append(hidden)
    paragraph = soup.new_tag("p", attrs={"class": "download"})
    rows = len(_rows(table))
    size = max(1, round(len(text.encode()) / 1000))
    paragraph.extend([link, f" ({rows:,} row{'s' * (rows != 1)}, {size:,} kB)"])
    folded, region = table.find_parent("details"), table.find_parent(class_="eng-table")
    if folded and rows > SHOWN_ROWS:
        folded["class"] = "many"
    above = folded or region or table
    note = above.find_next_sibling()
    (note if isinstance(note, Tag) and "note" in note.get_attribute_list("class") else above).insert_after(paragraph)
    return paragraph


def _shorten(soup: BeautifulSoup, table: Tag, link: Tag) -> None:
    rows = _rows(table)
    for row in rows[SHOWN_ROWS:]:
        row.decompose()
    note = soup.new_tag("p", attrs={"class": "note"})
    note.string = f"Here stand the first {SHOWN_ROWS} rows; the CSV has all {len(rows):,}."
    region = table.find_parent(class_="eng-table") or table
    if region.find_parent("details"):
        region.insert_after(note)
    else:
        link.insert_before(note)
