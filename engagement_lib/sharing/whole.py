"""All pages of a report as one, to be printed: each on a new sheet, links between them leading to places in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from bs4 import BeautifulSoup, Tag

_MORE_STYLE: Final = """
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) " of " counter(pages); font: 9pt sans-serif; } }
@page wide { size: A4 landscape; }
.sheet { break-before: page; }
.eng-table.broad { page: wide; }
.eng-table { overflow: visible; }
table { font-size: 9pt; }
.narrow table { font-size: 8pt; }
.narrow :is(th, td), .broad :is(th, td) { padding-right: 0.5em; }
/* The outline would join two words that a line's end parts. */
h1, h2, h3, h4 { white-space: pre-wrap; }
th, td { padding-block: 0.25em; }
.framed { break-inside: avoid; margin-bottom: 1em; }
.framed-title { font-weight: 650; break-after: avoid; }
.framed img { display: block; max-width: 100%; max-height: 220mm; width: auto; height: auto; background: #ffffff; }
thead { display: table-header-group; }
thead, tbody tr:first-child { break-inside: avoid; }
tbody tr:first-child { break-before: avoid; }
header.site { margin-bottom: 1.5em; }
"""
# About what a sheet holds.
_MOST_ROWS: Final = 40
# With more columns the letters are smaller, and with many more the sheet lies on its side.
_PLAIN, _UPRIGHT = 7, 10
_NOT_PRINTED: Final = ["nav", "footer"]
_CLASSES_NOT_PRINTED: Final = ["skip", "code", "turn", "downloads"]


def whole_report(pages: Mapping[str, str]) -> str:
    """The pages as one, in their order. Code, navigation and the list of downloads are left out; what was folded is open.

    Parameters
    ----------
    pages
        The finished pages by their file names, the index first.

    Examples
    --------
    >>> first = "<html><head></head><body><main id='main'><h1 id='a'>A</h1><a href='b.html#c'>C</a></main></body></html>"
    >>> html = whole_report({"a.html": first, "b.html": "<main><h1 id='c'>C</h1></main>"})
    >>> html[html.index("<a") :]
    '<a href="#b--c">C</a><section class="sheet" id="b"><h1 id="b--c">C</h1></section></main></body></html>'
    """
    soup, main = BeautifulSoup(), Tag(name="main")
    for at, (file, html) in enumerate(pages.items()):
        page = BeautifulSoup(html, "html.parser")
        content = page.select_one("main")
        if content is None:
            raise ValueError(f"{file} has no main element")
        for element in [*page.find_all(_NOT_PRINTED), *page.find_all(class_=_CLASSES_NOT_PRINTED)]:
            element.decompose()
        _lead_inwards(content if at else page, file, pages)
        if at == 0:
            soup, main = page, content
            continue
        section = soup.new_tag("section", attrs={"class": "sheet", "id": _stem(file)})
        section.extend(list(content.children))
        main.append(section)
    main["id"] = _stem(next(iter(pages)))
    _unfold(soup, main)
    _leave_figures_to_pictures(main)
    _fit_tables(main)
    if soup.head:
        style = soup.new_tag("style")
        style.string = _MORE_STYLE
        soup.head.append(style)
    return str(soup)


def _stem(file: str) -> str:
    return PurePosixPath(file).stem


def _lead_inwards(content: Tag, file: str, pages: Mapping[str, str]) -> None:
    """Give ids the name of their page, and lead links to them; a link that would lead to another file is undone."""
    for element in content.find_all(id=True):
        element["id"] = f"{_stem(file)}--{element['id']}"
    for link in content.find_all("a", href=True):
        address = str(link["href"])
        page, _, place = address.partition("#")
        page = page or file
        if page in pages:
            link["href"] = f"#{_stem(page)}--{place}" if place else f"#{_stem(page)}"
        elif not address.startswith(("https:", "http:", "mailto:")):
            del link["href"]


def _unfold(soup: BeautifulSoup, main: Tag) -> None:
    """Show what was folded away; a table behind a chart that would fill sheets is named instead."""
    for fold in main.find_all("details"):
        fold.name = "div"
        rows = len(fold.select("tbody tr"))
        for summary in fold.find_all("summary"):
            summary.name, summary["class"] = "p", "note"
        if fold.find_parent("figure") and rows > _MOST_ROWS:
            fold.clear()
            note = soup.new_tag("p", attrs={"class": "note"})
            note.string = f"The table behind this chart has {rows} rows: it stands on the page, and in the workbook of tables."
            fold.append(note)


def _leave_figures_to_pictures(main: Tag) -> None:
    """The picture alone is a figure in the PDF: the frame around it would be another, without alternative text."""
    for figure in main.find_all("figure"):
        figure.name, figure["class"] = "div", "framed"
        for caption in figure.find_all("figcaption"):
            caption.name, caption["class"] = "p", "framed-title"


def _fit_tables(main: Tag) -> None:
    """Make room for tables with many columns."""
    for region in main.find_all(class_="eng-table"):
        columns = max((len(row.find_all(["th", "td"])) for row in region.find_all("tr")), default=0)
        if columns > _PLAIN:
            region["class"] = "eng-table broad" if columns > _UPRIGHT else "eng-table narrow"
