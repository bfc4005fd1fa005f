"""The last look at a finished page: what stands on it beside tables of counts that could say who somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import pandas as pd
from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

from engagement_lib.privacy.finds import PERSON, PROPER_NAME
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.sharing.page_tables import blocks, is_plain, odd_tables, place_of
from engagement_lib.sharing.quotations import Guard, plain_words
from engagement_lib.tables import TEXT, Study, records

_ATTRIBUTES: Final = ("alt", "aria-label", "title")
# Absolute paths of all systems; what follows a folder that only a machine has.
_PATH: Final = re.compile(
    r"(?<![\w:/.])(?:/(?:home|Users|root|tmp|mnt|media|opt|srv|var|private|workspace|work)/|[A-Za-z]:[\\/]|\\\\\w)[^\s\"'<>|]*"
)
_BLOCKS: Final = (
    "title", "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption", "dt", "dd", "pre", "summary",
)  # fmt: skip
_QUOTATION: Final = re.compile('“([^”]+)”|"([^"]+)"')
# Whom the library's own sentences cite.
_CITED: Final = re.compile("Guest, Namey and Chen")
_SAID: Final = 5
_ALONE: Final = re.compile(r"(?<![\w.,−-])\d{1,3}(?![\w.,:−-]|\.\d)")
_TAKE_OUT: Final = "Take it out of the prose, or say it more generally."
_SHOW: Final = "Show the table with show_table, which the gate can read, or a chart with one of the plot functions."
_NOT_SAID: Final = "Quote the very words of a source, or leave out the quotation marks."


class Reason(NamedTuple):
    """Why a page may not go out: where, what was found there, and what to do."""

    place: str
    found: str
    remedy: str


class _Text(NamedTuple):
    words: str
    place: str
    cell: Tag | None


def mask_identifiers(soup: BeautifulSoup, study: Study) -> list[Reason]:
    """Identifiers of people are blacked out in the cells of tables; those anywhere else on the page are reasons.

    What the study itself says of itself (its title, questions, claims, codes and whom to write to) is excepted.
    """
    texts = list(_texts(soup))
    words = sorted({text.words for text in texts if len(text.words) > 1})
    ids = [str(number) for number in range(len(words))]
    plain = [_CITED.sub("", text) for text in words]
    found = find_identifiers(pd.DataFrame({"source_id": ids, "text": plain}).astype(TEXT), cases=study.cases, level="direct")
    found = found[~found["quote"].isin(_own_words(study, found["quote"]))]
    finds: dict[str, list[dict[str, str]]] = {}
    for row in records(found):
        finds.setdefault(words[int(row["source_id"])], []).append(row)
    reasons: dict[Reason, None] = {}
    for text in texts:
        for row in finds.get(text.words, []):
            if text.cell is not None and (row["confidence"] == "high" or _has_shape(row["kind"])):
                _black_out(text.cell, row["quote"], row["kind"])
            elif text.cell is None and row["confidence"] == "high":
                reasons[Reason(text.place, f"{row['kind']} ({row['rule']})", _TAKE_OUT)] = None
    return list(reasons)


def mask_paths(soup: BeautifulSoup, study: Study) -> None:
    """Places on the machine that made the report are taken out of texts."""
    folder = str(study.folder.resolve())
    for text in soup.find_all(string=True):
        if type(text) is NavigableString and ("/" in text or "\\" in text):
            safe = _PATH.sub("[path]", str(text).replace(folder, "[path]") if len(folder) > 1 else str(text))
            if safe != text:
                text.replace_with(safe)


def unchecked_outputs(soup: BeautifulSoup, guard: Guard) -> list[Reason]:
    """Tables of a shape that cannot be read, and plain outputs that may count few people or name one."""
    reasons = [
        Reason(place_of(table), "a table with joined cells or several rows of headings, which cannot be checked", _SHOW)
        for table in odd_tables(soup)
        if any(_is_small(cell.get_text(strip=True), guard.smallest) for cell in table.find_all(["td", "th"]))
    ]
    for output in soup.find_all("pre", class_="output"):
        text = output.get_text()
        if any(0 < int(match[0]) < guard.smallest for match in _ALONE.finditer(text)):
            reasons.append(Reason(place_of(output), "a plain output with small numbers, which cannot be checked", _SHOW))
        if not guard.one_person.isdisjoint(re.findall(r"[\w/.-]*\w", text)):
            reasons.append(Reason(place_of(output), "a plain output about single people", _SHOW))
    return reasons


def made_up_quotations(soup: BeautifulSoup, guard: Guard) -> list[Reason]:
    """Words in quotation marks or set off as a quotation that stand in no source, nor in what the study says itself.

    Five words and fewer are no quotation.
    """
    own = "\n".join(plain_words(text) for text in _own_texts(guard.study))
    found = []
    for block in blocks(soup):
        if block.find_parent(class_="prose") is not None:
            quoted = [plain_words(next(filter(None, match.groups()))) for match in _QUOTATION.finditer(block.get_text())]
            quoted += [plain_words(block.get_text())] if block.find_parent("blockquote") and not quoted else []
            long = [words for words in quoted if len(words.split()) > _SAID]
            found += [block for words in long if words not in own and not guard.stands_in_a_source(words)]
    return [Reason(place_of(block), "a quotation that stands in no source", _NOT_SAID) for block in found]


def _texts(soup: BeautifulSoup) -> Iterator[_Text]:
    """All that a page says: each cell of its tables, each block of words beside them, attributes and comments."""
    cells = [cell for table in soup.find_all("table") if is_plain(table) for cell in table.find_all(["td", "th"])]
    inside = {id(cell) for cell in cells}
    yield from (_Text(cell.get_text(" ", strip=True), "", cell) for cell in cells)
    for element in soup.find_all([*_BLOCKS, "td", "th"]):
        if id(element) not in inside and element.find_parent(["td", "th"]) is None and element.find(["p", "li"]) is None:
            yield _Text(element.get_text("" if element.name == "pre" else " ", strip=True), place_of(element), None)
    for element in soup.find_all(_speaks):
        yield from (_Text(str(element[name]), place_of(element), None) for name in _ATTRIBUTES if name in element.attrs)
    yield from (_Text(str(note), "a comment", None) for note in soup.find_all(string=True) if isinstance(note, Comment))


def _speaks(element: Tag) -> bool:
    return element.name != "meta" and any(name in element.attrs for name in _ATTRIBUTES)


def _has_shape(kind: str) -> bool:
    return kind not in (PERSON, PROPER_NAME)


def _is_small(text: str, smallest: int) -> bool:
    return text.isdigit() and 0 < int(text) < smallest


def _black_out(cell: Tag, words: str, kind: str) -> None:
    for text in cell.find_all(string=True):
        if words in text:
            text.replace_with(str(text).replace(words, f"[{kind}]"))


def _own_words(study: Study, quotes: pd.Series) -> list[str]:
    own = _own_texts(study)
    said = "\n".join(own)
    return [quote for quote in quotes.unique() if re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", said)]


def _own_texts(study: Study) -> list[str]:
    settings = study.settings
    own = [settings.title, settings.question, settings.contact, *settings.questions.values()]
    own += [text for column in ("statement", "scope", "would_count_against") for text in study.claims[column]]
    columns = ("code", "definition", "include", "exclude", "counter_evidence")
    return own + [text for column in columns for text in study.codebook[column]]
