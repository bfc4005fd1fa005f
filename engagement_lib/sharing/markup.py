"""The last hand at a page: headings in order, tables and names that a screen reader can rely on, nothing that runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Final

from bs4 import BeautifulSoup, Tag

from engagement_lib.sharing.marks import mark_references, mark_welsh

WITHHELD: Final = "[not cleared]"
_NO_DESCRIPTION: Final = "No description has been provided for this image"
_LEFT_OUT: Final = "A picture is left out here, since nothing says in words what it shows."
_FROM_ELSEWHERE: Final = "A picture from elsewhere is left out here, since a page opens no connection."
_RUNNING: Final = ["script", "iframe", "object", "embed", "form", "base", "link", "meta", "style"]
_LOOKS: Final = ("style", "border", "bgcolor", "color", "align", "valign")
_HEADINGS: Final = ["h1", "h2", "h3", "h4", "h5", "h6"]
_FACTS: Final = ("Reads.", "Writes.", "Takes.")
_NUMBER: Final = re.compile(r"[-−+]?\d[\d.,e+-]*%?|NaN|nan|–")


def tidy_page(html: str, *, title: str = "", notebooks: Collection[str] = (), withheld: Collection[str] = ()) -> tuple[str, str]:
    """A page put in order, and the finding it begins with in plain words.

    Parameters
    ----------
    html
        A whole page, whose content stands in its main element.
    title
        Becomes the first heading where the page has none.
    notebooks
        File names of the notebooks that have pages: links to them are led to their pages.
    withheld
        Columns that hold participants' words, blanked in tables that do not know who reads them.

    Examples
    --------
    >>> tidy_page("<main><p><strong>Finding.</strong> Nobody hears back.</p></main>")[1]
    'Nobody hears back.'
    """
    soup = BeautifulSoup(html, "html.parser")
    main = soup.select_one("main")
    if main is None:
        raise ValueError("a page has no main element")
    _remove_what_runs(main)
    _order_headings(soup, main, title)
    for number, table in enumerate(main.find_all("table"), start=1):
        if table.find_parent(class_="eng-table") is None:
            _withhold(table, withheld)
            _mend_table(soup, table, number)
    _describe_pictures(soup, main)
    _lead_links(main, notebooks)
    mark_references(main)
    mark_welsh(soup, main)
    finding = _mark_first_words(main)
    _make_unique(soup)
    _list_sections(soup, main)
    return str(soup), finding


def _remove_what_runs(main: Tag) -> None:
    """Take out scripts and what is like them, and looks that would not go with dark mode or print."""
    for element in main.find_all(_RUNNING):
        element.decompose()
    for element in main.find_all(True):
        for name in [name for name in element.attrs if name in _LOOKS or name.startswith("on")]:
            del element[name]
        if str(element.get("href", "")).strip().lower().startswith("javascript:"):
            del element["href"]


def _order_headings(soup: BeautifulSoup, main: Tag, title: str) -> None:
    """One h1, and no level left out below it."""
    if title and main.find("h1") is None:
        heading = soup.new_tag("h1")
        heading.string = title
        main.insert(0, heading)
    last = 0
    for heading in main.find_all(_HEADINGS):
        level = min(int(heading.name[1]), last + 1)
        last = 2 if level == 1 and last else level
        heading.name = f"h{last}"
        if not heading.get("id"):
            heading["id"] = re.sub(r"\W+", "-", heading.get_text().strip().lower()).strip("-") or "section"


def _withhold(table: Tag, columns: Collection[str]) -> None:
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    hidden = {at for row in rows for at, cell in enumerate(row) if cell.name == "th" and cell.get_text(strip=True) in columns}
    for row in rows:
        for at, cell in enumerate(row):
            if at in hidden and cell.name == "td" and cell.get_text(strip=True):
                cell.string = WITHHELD


def _mend_table(soup: BeautifulSoup, table: Tag, number: int) -> None:
    """Give a table of Markdown or pandas its caption and scopes, its numbers flush right, and a frame in which it scrolls."""
    caption = table.find("caption")
    if caption is None:
        heading = table.find_previous(_HEADINGS)
        caption = soup.new_tag("caption")
        caption.string = f"{heading.get_text(' ', strip=True)}: table {number}" if heading else f"Table {number}"
        table.insert(0, caption)
    region = soup.new_tag("div", attrs={"class": "eng-table", "role": "region", "tabindex": "0"})
    region["aria-label"] = caption.get_text(" ", strip=True)
    table.wrap(region)
    table.attrs = {}
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    for row in rows:
        for cell in row:
            if cell.name == "th" and not cell.get_text(strip=True):
                cell.name = "td"
            if cell.name == "th":
                cell["scope"] = "col" if cell.find_parent("thead") else "row"
    width = max((len(row) for row in rows), default=0)
    for column in [[row[at] for row in rows if len(row) == width] for at in range(width)]:
        body = [cell for cell in column if not cell.find_parent("thead")]
        if body and all(_NUMBER.fullmatch(cell.get_text(strip=True)) for cell in body):
            for cell in column:
                cell["class"] = "number"


def _describe_pictures(soup: BeautifulSoup, main: Tag) -> None:
    for picture in main.find_all("img"):
        why = _LEFT_OUT if picture.get("alt", _NO_DESCRIPTION) == _NO_DESCRIPTION else ""
        if not str(picture.get("src", "")).startswith("data:"):
            why = _FROM_ELSEWHERE
        if why:
            note = soup.new_tag("span", attrs={"class": "note"})
            note.string = why
            picture.replace_with(note)


def _lead_links(main: Tag, notebooks: Collection[str]) -> None:
    for link in main.find_all("a", href=True):
        path, mark, place = str(link["href"]).partition("#")
        name = PurePosixPath(path).name
        if name in notebooks:
            link["href"] = f"{name.removesuffix('.ipynb')}.html{mark}{place}"


def _mark_first_words(main: Tag) -> str:
    """Set off the paragraphs that begin with "Finding." and the like; the first finding in plain words."""
    finding = ""
    for paragraph in main.find_all("p"):
        first = next((child for child in paragraph.children if str(child).strip()), None)
        word = first.get_text(strip=True) if isinstance(first, Tag) and first.name == "strong" else ""
        if word == "Finding.":
            paragraph["class"] = "finding"
            finding = finding or " ".join(paragraph.get_text().split()).removeprefix("Finding.").strip()
        elif word in _FACTS:
            paragraph["class"] = "facts"
    return finding


def _make_unique(soup: BeautifulSoup) -> None:
    """No id stands twice on a page, and no two frames have the same name."""
    for name, elements, joint in (
        ("id", soup.find_all(id=True), "-{}"),
        ("aria-label", soup.find_all(role="region"), " ({})"),
    ):
        seen: Counter[str] = Counter()
        for element in elements:
            value = str(element.get(name, ""))
            seen[value] += 1
            if seen[value] > 1:
                element[name] = value + joint.format(seen[value])


def _list_sections(soup: BeautifulSoup, main: Tag) -> None:
    """List the page's sections under its own entry in the navigation."""
    entry = soup.select_one("nav [aria-current]")
    sections = main.find_all("h2")
    if entry is None or not sections:
        return
    listed = soup.new_tag("ol")
    for heading in sections:
        link = soup.new_tag("a", href=f"#{heading['id']}")
        link.string = heading.get_text(" ", strip=True)
        item = soup.new_tag("li")
        item.append(link)
        listed.append(item)
    entry.insert_after(listed)
