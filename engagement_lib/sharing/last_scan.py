"""The last look at a finished page: identifiers that still stand in it, and prose that ties a quotation to one person."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pandas as pd
from bs4 import BeautifulSoup, Tag

from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.sharing.page_tables import blocks, place_of
from engagement_lib.tables import TEXT, Study, records

_QUOTED: Final = re.compile(r"[“\"‘]\s*(?:[^\s”\"]+\s+){3,}[^”\"]*[”\"’]")
_WORD: Final = re.compile(r"[\w/.-]*\w")
_TAKE_OUT: Final = "Take it out of the prose, or say it more generally."
_APART: Final = "Take the id out, or the quotation: together they say that both are one person's."


class Reason(NamedTuple):
    """Why a page may not go out: where, what was found there, and what to do."""

    place: str
    found: str
    remedy: str


def mask_identifiers(soup: BeautifulSoup, study: Study) -> list[Reason]:
    """Identifiers of people are blacked out in tables; those in prose, headings and alternative texts are reasons.

    What the study itself says of itself (its title, questions, claims, codes and whom to write to) is excepted.
    """
    cells = [cell for cell in soup.select("main td, main th") if cell.find(["td", "th"]) is None]
    prose: list[tuple[str, str]] = [(place_of(block), block.get_text(" ", strip=True)) for block in blocks(soup)]
    prose += [(place_of(picture), str(picture["alt"])) for picture in soup.select("main img[alt]")]
    prose += [(place_of(code), code.get_text()) for code in soup.select("main pre")]
    texts = [cell.get_text(" ", strip=True) for cell in cells] + [text for _, text in prose]
    ids = [str(number) for number in range(len(texts))]
    found = find_identifiers(pd.DataFrame({"source_id": ids, "text": texts}).astype(TEXT), cases=study.cases, level="direct")
    found = found[(found["confidence"] == "high") & ~found["quote"].isin(_own_words(study, found["quote"]))]
    reasons = []
    for row in records(found):
        at = int(row["source_id"]) - len(cells)
        if at < 0:
            _black_out(cells[at + len(cells)], row["quote"], row["kind"])
        else:
            reasons.append(Reason(prose[at][0], f"{row['kind']} ({row['rule']})", _TAKE_OUT))
    return reasons


def names_in_prose(soup: BeautifulSoup, one_person: frozenset[str]) -> list[Reason]:
    """The paragraphs that hold words in quotation marks and the id of a case or source."""
    return [
        Reason(place_of(block), f"a quotation beside the id {named[0]}", _APART)
        for block in blocks(soup)
        if _QUOTED.search(text := block.get_text(" ", strip=True))
        and (named := sorted(one_person.intersection(_WORD.findall(text))))
    ]


def _black_out(cell: Tag, words: str, kind: str) -> None:
    for text in cell.find_all(string=True):
        if words in text:
            text.replace_with(str(text).replace(words, f"[{kind}]"))


def _own_words(study: Study, quotes: pd.Series) -> list[str]:
    settings = study.settings
    own = [settings.title, settings.question, settings.contact, *settings.questions.values()]
    own += [text for column in ("statement", "scope", "would_count_against") for text in study.claims[column]]
    own += [
        text for column in ("code", "definition", "include", "exclude", "counter_evidence") for text in study.codebook[column]
    ]
    return [quote for quote in quotes.unique() if any(quote in text for text in own)]
