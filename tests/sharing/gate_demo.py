"""Finished pages made by hand, and what they say after the gate."""

import pandas as pd
from bs4 import BeautifulSoup

from engagement_lib.sharing.outgoing import protect_pages
from engagement_lib.sharing.tables import show_table

CODES = pd.DataFrame({"code": ["jargon", "no-time"], "respondents": [12, 3], "base": [40, 40], "share": [0.3, 0.075]})


def page(*parts: str) -> str:
    return f"<main>{''.join(parts)}</main>"


def shown(columns, caption="Codes", **options) -> str:
    return show_table(pd.DataFrame(columns), caption, **options).html


def prose(text: str, cell: int = 4) -> str:
    return f'<div class="prose" data-cell="{cell}">{text}</div>'


def cells(html: str) -> list[list[str]]:
    soup = BeautifulSoup(html, "html.parser")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select("tbody tr")]


def words(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)


def through(study, *parts: str, **options):
    """The page a.html with these parts, and the reasons, after the gate."""
    outgoing = protect_pages({"a.html": page(*parts)}, study, **options)
    return outgoing.pages["a.html"], outgoing.reasons
