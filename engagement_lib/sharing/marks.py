"""Marks that a reader needs: what is in Welsh, and where each claim and theme stands."""

from __future__ import annotations

import re
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from engagement_lib.language import welsh_spans

_REFERENCES: Final = {"claim": "claim", "claim id": "claim", "theme": "theme", "theme id": "theme"}
_NOT_IN_A_NAME: Final = re.compile(r"[^\w.]+")
_MAY_BE_WELSH: Final = re.compile(r"\b(?:yn|mae|diolch|wedi|ydy|hoffwn|sydd)\b", re.IGNORECASE)


def reference(kind: str, name: str) -> str:
    """How a comment names a claim or theme, which is also its id on the pages.

    Examples
    --------
    >>> reference("claim", "C1"), reference("theme", "culture and skills")
    ('claim-C1', 'theme-culture-and-skills')
    """
    words = _NOT_IN_A_NAME.sub("-", name).strip("-")
    return f"{kind}-{words}"


def mark_references(main: Tag) -> None:
    """Give the first row of each claim and theme on a page its reference as id, so that a comment can lead there."""
    taken = {str(element["id"]) for element in main.find_all(id=True)}
    for table in main.find_all("table"):
        names = [_REFERENCES.get(cell.get_text(" ", strip=True).lower(), "") for cell in table.select("thead tr:first-child > *")]
        for row in table.select("tbody tr"):
            for kind, cell in zip(names, row.find_all(["th", "td"]), strict=False):
                name = reference(kind, cell.get_text(" ", strip=True))
                if kind and cell.name == "th" and name != f"{kind}-" and name not in taken:
                    cell["id"] = name
                    taken.add(name)


def mark_welsh(soup: BeautifulSoup, main: Tag) -> None:
    """Say of stretches in Welsh that they are, so that they are spoken as Welsh; code is left alone."""
    for text in main.find_all(string=_MAY_BE_WELSH):
        if text.find_parent(["code", "script", "style"]) or text.find_parent(class_=["code", "highlight"]):
            continue
        spans = welsh_spans(str(text))
        if spans and text.parent is not None:
            _mark(soup, text, spans)


def _mark(soup: BeautifulSoup, text: NavigableString, spans: list[tuple[int, int]]) -> None:
    said, at = str(text), 0
    parts: list[NavigableString | Tag] = []
    for start, end in spans:
        stretch = soup.new_tag("span", attrs={"lang": "cy"})
        stretch.string = said[start:end]
        parts += [NavigableString(said[at:start]), stretch]
        at = end
    text.replace_with(*(part for part in [*parts, NavigableString(said[at:])] if str(part)))
