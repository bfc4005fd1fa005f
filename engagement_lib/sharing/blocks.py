"""A finished page as blocks: headings, paragraphs, tables and figures, for formats other than HTML.

What leaves in another format is read off the pages as they were written, after the gate: it can hold nothing more than they do.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from engagement_lib.sharing.cells import NOT_DEFINED

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS: Final = {"p": "", "pre": "verbatim", "dt": "term", "dd": "definition", "figcaption": "", "summary": ""}
_AROUND: Final = frozenset(
    {"article", "aside", "blockquote", "details", "div", "dl", "figure", "hr", "li", "main", "ol", "section", "ul"}
)
_LEFT_OUT: Final = frozenset({"script", "style", "nav", "template"})
_BLOCKS: Final = _HEADINGS | _PARAGRAPHS.keys() | _AROUND | _LEFT_OUT | {"table"}
# Code, the way to the next page, and what names the files that are being made.
_LEFT_OUT_CLASSES: Final = frozenset({"code", "turn", "downloads"})
_PICTURES: Final = ("data:image/png;base64,", "data:image/jpeg;base64,")
_SPACE: Final = re.compile(r"\s+")
_STYLES: Final = ("finding", "note", "lead", "facts")


@dataclass(frozen=True)
class Words:
    """Words that look and sound alike; `language` is "" where it is the page's own, `link` where they lead nowhere."""

    text: str
    strong: bool = False
    emphasis: bool = False
    language: str = ""
    link: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading and its level, 1 to 6."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `style` is "", or says that it is a finding, note, item, numbered item, term, quotation or the like."""

    words: tuple[Words, ...]
    style: str = ""

    @property
    def text(self) -> str:
        """The words of the paragraph."""
        return "".join(run.text for run in self.words)


@dataclass(frozen=True)
class Cell:
    """A cell of a table as it is read; None where its value is not defined."""

    text: str | None
    is_number: bool = False
    is_heading: bool = False
    language: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table of a page: what it shows, its columns, its rows, all of the same width, and the note below it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class ShownFigure:
    """A figure of a page: its title, its sentence, its picture as PNG, the width it is shown in, and the table behind it."""

    title: str
    sentence: str
    image: bytes
    width: int
    table: ShownTable | None = None


Block = Heading | Paragraph | ShownTable | ShownFigure


@dataclass(frozen=True)
class ShownPage:
    """A page as it was written: its file, its title, and its blocks in the order of reading."""

    file: str
    title: str
    blocks: tuple[Block, ...]

    def tables(self) -> Iterator[ShownTable]:
        """The page's tables in the order of reading, those behind figures where the figures stand."""
        for block in self.blocks:
            if isinstance(block, ShownTable):
                yield block
            elif isinstance(block, ShownFigure) and block.table:
                yield block.table


def read_page(html: str, file: str) -> ShownPage:
    """The content of a finished page; code, navigation and the list of downloads are left out.

    Examples
    --------
    >>> page = read_page("<main><h1>Codes</h1><p>Nine of <em>twelve</em>.</p></main>", "codes.html")
    >>> page.title, page.blocks[1].text
    ('Codes', 'Nine of twelve.')
    """
    main = BeautifulSoup(html, "html.parser").select_one("main")
    blocks = tuple(_blocks(main, "")) if main else ()
    titles = (block.text for block in blocks if isinstance(block, Heading))
    return ShownPage(file, next(titles, file), blocks)


def _blocks(element: Tag, style: str) -> Iterator[Block]:
    """The blocks in an element; words that stand in it without a paragraph of their own make one."""
    loose: list[Words] = []
    for child in element.children:
        if not isinstance(child, Tag) or child.name not in _BLOCKS:
            loose += _words(child, Words(""))
            continue
        yield from _paragraph(loose, style)
        loose = []
        yield from _block(child, style)
    yield from _paragraph(loose, style)


def _block(tag: Tag, style: str) -> Iterator[Block]:
    picture = tag.find("img") if tag.name == "figure" else None
    if tag.name in _LEFT_OUT or _LEFT_OUT_CLASSES & _classes(tag) or _is_below_table(tag):
        return
    if tag.name in _HEADINGS:
        yield Heading(int(tag.name[1]), _plain(tag))
    elif tag.name == "table":
        yield _table(tag)
    elif isinstance(picture, Tag):
        yield _figure(tag, picture)
    elif tag.name == "pre":
        yield Paragraph(tuple(_words(tag, Words(""), lines=True)), "verbatim")
    elif tag.name in _PARAGRAPHS:
        named = next((name for name in _STYLES if name in _classes(tag)), _PARAGRAPHS[tag.name])
        yield from _paragraph(list(_words(tag, Words(""))), named or style)
    else:
        yield from _blocks(tag, _style_within(tag, style))


def _style_within(tag: Tag, style: str) -> str:
    if tag.name == "blockquote":
        return "quotation"
    if tag.name == "li":
        return "numbered" if tag.parent and tag.parent.name == "ol" else "item"
    return style


def _paragraph(words: list[Words], style: str) -> Iterator[Paragraph]:
    """A paragraph of these words without white space at its ends or twice in a row; none where there are no words."""
    kept: list[Words] = []
    for run in words:
        after_space = not kept or kept[-1].text.endswith((" ", "\n"))
        text = run.text.lstrip(" ") if after_space else run.text
        kept += [replace(run, text=text)] if text else []
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        yield Paragraph((*kept[:-1], replace(kept[-1], text=kept[-1].text.rstrip())), style)


def _words(node: object, look: Words, *, lines: bool = False) -> Iterator[Words]:
    """The words in a node with how they look. What is hidden from screen readers is left out, what is for them alone is not.

    `lines` says that the ends of lines stand as they are.
    """
    if type(node) is NavigableString:
        yield replace(look, text=str(node) if lines else _SPACE.sub(" ", node))
    elif isinstance(node, Tag) and node.name == "br":
        yield replace(look, text="\n")
    elif isinstance(node, Tag) and node.name == "img":
        yield replace(look, text=f"[{node.get('alt', '')}]")
    elif isinstance(node, Tag) and node.get("aria-hidden") != "true" and node.name not in _LEFT_OUT:
        href = str(node.get("href", ""))
        inner = Words(
            "",
            look.strong or node.name in ("strong", "b"),
            look.emphasis or node.name in ("em", "i"),
            str(node.get("lang", "")) or look.language,
            href if href.startswith(("https:", "http:", "mailto:")) else look.link,
        )
        for child in node.children:
            yield from _words(child, inner, lines=lines)


def _plain(tag: Tag) -> str:
    return " ".join("".join(run.text for run in _words(tag, Words(""))).split())


def _classes(tag: Tag) -> set[str]:
    return {str(name) for name in tag.get_attribute_list("class")}


def _is_below_table(tag: Tag) -> bool:
    """Whether it is the note of the table above it, with which it goes."""
    above = tag.find_previous_sibling()
    return tag.name == "p" and "note" in _classes(tag) and above is not None and "eng-table" in _classes(above)


def _table(table: Tag) -> ShownTable:
    region = table.find_parent(class_="eng-table") or table
    caption, below = table.find("caption"), region.find_next_sibling()
    rows = _full_rows(table)
    heads = [row for row, is_head in rows if is_head]
    width = max((len(row) for row, _ in rows), default=0)
    return ShownTable(
        _plain(caption) if isinstance(caption, Tag) else str(region.get("aria-label", "")) or "Table",
        tuple(" / ".join(dict.fromkeys(_at(row, at).text or "" for row in heads)) for at in range(width)),
        tuple(tuple(_at(row, at) for at in range(width)) for row, is_head in rows if not is_head),
        _plain(below) if below is not None and _is_below_table(below) else "",
    )


def _at(row: list[Cell], at: int) -> Cell:
    return row[at] if at < len(row) else Cell("")


def _full_rows(table: Tag) -> list[tuple[list[Cell], bool]]:
    """The rows, one that goes over several columns or rows being repeated in each; and whether it is one of the header."""
    going_down: dict[tuple[int, int], Cell] = {}
    full = []
    for number, row in enumerate(table.find_all("tr")):
        cells: list[Cell] = []
        for tag in row.find_all(["th", "td"], recursive=False):
            cells += _coming_down(going_down, number, len(cells))
            for _ in range(_span(tag, "colspan")):
                below = range(number + 1, number + _span(tag, "rowspan"))
                going_down |= dict.fromkeys(((lower, len(cells)) for lower in below), _cell(tag))
                cells.append(_cell(tag))
        cells += _coming_down(going_down, number, len(cells))
        full.append((cells, row.find_parent("thead") is not None))
    return full


def _coming_down(cells: dict[tuple[int, int], Cell], row: int, at: int) -> Iterator[Cell]:
    while (row, at) in cells:
        yield cells[row, at]
        at += 1


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name, "1"))
    return max(1, int(value)) if value.isdecimal() else 1


def _cell(tag: Tag) -> Cell:
    words = list(_words(tag, Words(""), lines=True))
    text = "\n".join(" ".join(line.split()) for line in "".join(run.text for run in words).strip().split("\n"))
    undefined = text == NOT_DEFINED and tag.select_one("[aria-hidden=true]") is not None
    language = next((run.language for run in words if run.language), "")
    return Cell(None if undefined else text, "number" in _classes(tag), tag.name == "th", language)


def _figure(figure: Tag, picture: Tag) -> ShownFigure:
    caption, table = figure.find("figcaption"), figure.find("table")
    source, width = str(picture.get("src", "")), str(picture.get("width", ""))
    return ShownFigure(
        _plain(caption) if isinstance(caption, Tag) else "",
        str(picture.get("alt", "")),
        base64.b64decode(source.partition(",")[2]) if source.startswith(_PICTURES) else b"",
        int(width) if width.isdecimal() else 0,
        _table(table) if isinstance(table, Tag) else None,
    )
