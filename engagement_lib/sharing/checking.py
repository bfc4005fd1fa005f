"""What keeps people from reading a page, found in its HTML alone, for those who have no browser to test it in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup, Tag

from engagement_lib.tables import COUNT, TEXT

Fault = tuple[Tag, str, str]
_COLUMNS: Final = {"rule": TEXT, "line": COUNT, "place": TEXT, "found": TEXT, "remedy": TEXT}
_HEADINGS: Final = ["h1", "h2", "h3", "h4", "h5", "h6"]
_VAGUE: Final = frozenset(("click here", "details", "here", "link", "more", "read more", "see more", "this", "this link"))
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+")
_UNDESCRIBED: Final = ("No description has been provided for this image", "image", "picture", "figure", "chart", "plot")
_ELSEWHERE: Final = re.compile(r"(?:https?:)?//")
_LONGEST: Final = 60


def check_page(html: str) -> pd.DataFrame:
    """The faults of a page that keep people from reading it, one row a fault; no rows where none is found.

    What needs a browser is not found: contrast, the order of the focus, sideways scrolling.

    Parameters
    ----------
    html
        A whole page.

    Returns
    -------
    DataFrame
        `rule` (language, title, landmarks, headings, pictures, tables, names, links, focus, from disk); `line` of the page;
        `place`, the element as it begins; `found`; `remedy`; in the order of the lines.

    Notes
    -----
    The rules are criteria of the Web Content Accessibility Guidelines 2.2 that can be read off the HTML (1.1.1, 1.3.1, 2.4.1,
    2.4.2, 2.4.3, 2.4.4, 2.4.6, 3.1.1, 4.1.2); one h1, no heading level left out and captions are good practice.

    Examples
    --------
    >>> check_page('<html lang="en-GB"><title>A</title><main><h1>A</h1><img src="a.png"></main>')[["rule", "found"]]
           rule                found
    0  pictures  no alternative text
    """
    soup = BeautifulSoup(html, "html.parser")
    rows = [
        (rule, element.sourceline or 1, _beginning(element), found, remedy)
        for rule, find in _RULES.items()
        for element, found, remedy in find(soup)
    ]
    faults = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    return faults.sort_values("line", kind="stable", ignore_index=True)


def find_faults(pages: Mapping[str, str]) -> pd.DataFrame:
    """The faults of pages given by their names: the rows of `check_page`, with the name in a column `page` before them."""
    tables = [check_page(html).assign(page=name) for name, html in pages.items()]
    columns = ["page", *_COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _beginning(element: Tag) -> str:
    if element.name == "[document]":
        return "the page"
    name = f"{element.name}#{element['id']}" if element.get("id") else element.name
    text = _text(element)
    return f"<{name}> {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}".strip()


def _text(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


def _name(element: Tag) -> str:
    """What a screen reader calls an element: its label, else its words and those of its pictures."""
    label = str(element.get("aria-label", ""))
    return label.strip() or " ".join([_text(element), *(str(one.get("alt", "")) for one in element.find_all("img"))]).strip()


def _check_language(soup: BeautifulSoup) -> Iterator[Fault]:
    root = soup.find("html")
    if not isinstance(root, Tag) or not str(root.get("lang", "")).strip():
        yield root if isinstance(root, Tag) else soup, "no language", 'Write <html lang="en-GB">.'
    for element in soup.find_all(lang=True):
        if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", str(element["lang"])):
            yield element, f"the language '{element['lang']}'", 'Name it as in "en-GB" or "cy".'


def _check_title(soup: BeautifulSoup) -> Iterator[Fault]:
    title = soup.find("title")
    if not isinstance(title, Tag) or not _text(title):
        yield soup, "no title", "Write one in <title>: of the page first, then of the report."


def _check_landmarks(soup: BeautifulSoup) -> Iterator[Fault]:
    mains = soup.find_all("main")
    if len(mains) != 1:
        yield soup, f"{len(mains)} main elements", "Put what the page is about, and nothing else, in one <main>."
    for nav in soup.find_all("nav"):
        if not nav.get("aria-label") and len(soup.find_all("nav")) > 1:
            yield nav, "one of several navigations without a name", "Give it an aria-label."
    links = soup.select("body a[href]")
    if soup.find("nav") and not str(links[0]["href"] if links else "").startswith("#"):
        yield soup, "no skip link", "Let the first link lead past the navigation to <main>."


def _check_headings(soup: BeautifulSoup) -> Iterator[Fault]:
    headings = soup.find_all(_HEADINGS)
    firsts = [heading for heading in headings if heading.name == "h1"]
    if not firsts:
        yield soup, "no h1", "Give the page one heading of the first level."
    for heading in firsts[1:]:
        yield heading, "a second h1", "Make it an h2."
    for before, after in pairwise([None, *headings]):
        above = int(before.name[1]) if before is not None else 0
        if after is not None and int(after.name[1]) > above + 1:
            yield after, f"an {after.name} after {f'an h{above}' if above else 'nothing'}", f"Make it an h{above + 1}."
    for heading in headings:
        if not _name(heading):
            yield heading, "a heading without words", "Write it, or take it out."


def _check_pictures(soup: BeautifulSoup) -> Iterator[Fault]:
    for picture in soup.find_all("img"):
        alt = picture.get("alt")
        if alt is None:
            yield (
                picture,
                "no alternative text",
                'Say in alt what it shows, or write alt="" if it says nothing.',
            )
        elif str(alt).strip().lower() in {word.lower() for word in _UNDESCRIBED}:
            yield picture, f"the alternative text '{alt}'", "Say what it shows: kind, message, highest, lowest, number."
        elif picture.find_parent("figure") and not str(alt).strip():
            yield picture, "a figure with an empty alternative text", "Say in alt what it shows."
    for drawing in soup.select("svg:not([aria-hidden=true])"):
        if not drawing.get("aria-label") and drawing.find("title") is None:
            yield drawing, "a drawing without a name", 'Give it role="img" and an aria-label.'
    for figure in soup.find_all("figure"):
        if not isinstance(caption := figure.find("figcaption"), Tag) or not _text(caption):
            yield figure, "a figure without a caption", "Write a <figcaption> that says what it shows."
        if figure.find("img") and not figure.find("table") and not figure.find("a", href=True):
            yield figure, "a chart without its table", "Put the table in the figure, or a link to it."


def _check_tables(soup: BeautifulSoup) -> Iterator[Fault]:
    for table in soup.find_all("table"):
        if table.get("role") in ("presentation", "none"):
            continue
        if not isinstance(caption := table.find("caption"), Tag) or not _text(caption):
            yield table, "a table without a caption", "Write a <caption> that says what it shows."
        heads = table.find_all("th")
        if not heads:
            yield table, "a table without headings", "Make the cells that name rows and columns <th>."
        for head in heads:
            if head.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield head, "a heading of a table without its scope", 'Write scope="col" or scope="row".'
            if not _name(head):
                yield head, "a heading of a table without words", "Write it, or make it a <td>."


def _check_names(soup: BeautifulSoup) -> Iterator[Fault]:
    for name, number in Counter(str(element["id"]) for element in soup.find_all(id=True)).items():
        if number > 1:
            yield soup.find_all(id=name)[1], f"the id '{name}' {number} times", "Give each element an id of its own."
    for element in soup.find_all(["button", "summary"]):
        if not _name(element):
            yield element, f"a {element.name} without a name", "Say in words what it does."
    for region in soup.find_all(role="region"):
        if not region.get("aria-label") and not region.get("aria-labelledby"):
            yield region, "a region without a name", "Give it an aria-label."
    for field in soup.find_all(["input", "select", "textarea"]):
        labelled = field.get("id") and soup.find("label", attrs={"for": field["id"]})
        if not (labelled or field.get("aria-label") or field.find_parent("label") or field.get("type") == "hidden"):
            yield field, "a field without a label", "Give it a <label>."


def _check_links(soup: BeautifulSoup) -> Iterator[Fault]:
    ids = {str(element["id"]) for element in soup.find_all(id=True)}
    for link in soup.find_all("a", href=True):
        name, target = _name(link), str(link["href"])
        if not name:
            yield link, "a link without words", "Say where it leads."
        elif name.lower().rstrip(".…") in _VAGUE or _ADDRESS.fullmatch(name):
            yield link, f"a link called '{name}'", "Say where it leads, in words that stand by themselves."
        if target.startswith("#") and target[1:] not in ids:
            yield link, f"a link to '{target}', which is not on the page", "Mend it, or give its target that id."


def _check_focus(soup: BeautifulSoup) -> Iterator[Fault]:
    for element in soup.find_all(tabindex=re.compile(r"^\+?[1-9]")):
        yield element, f'tabindex="{element["tabindex"]}"', "Take it out: the focus goes in the order of the page."
    for element in soup.select("[aria-hidden=true] a[href], [aria-hidden=true] [tabindex='0'], [aria-hidden=true] summary"):
        yield element, "what is hidden from a screen reader, and takes the focus", "Take out aria-hidden."


def _check_from_disk(soup: BeautifulSoup) -> Iterator[Fault]:
    for element in soup.find_all(["script", "iframe", "object", "embed"]):
        if element.get("type") != "application/json":
            yield element, f"a {element.name}", "Take it out: the page is to work without."
    for element in soup.find_all(["img", "link", "source", "video", "audio"]):
        address = str(element.get("src") or element.get("href") or "")
        if _ELSEWHERE.match(address):
            yield element, "what is fetched from elsewhere", "Put it in the page: it is to work without a connection."


_RULES: Final[dict[str, Callable[[BeautifulSoup], Iterator[Fault]]]] = {
    "language": _check_language,
    "title": _check_title,
    "landmarks": _check_landmarks,
    "headings": _check_headings,
    "pictures": _check_pictures,
    "tables": _check_tables,
    "names": _check_names,
    "links": _check_links,
    "focus": _check_focus,
    "from disk": _check_from_disk,
}
