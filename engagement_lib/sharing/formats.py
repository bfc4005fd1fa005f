"""The formats that people ask for beside the pages: a Word summary, a workbook of tables, a PDF of it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from engagement_lib.errors import StudyError
from engagement_lib.sharing.blocks import read_page
from engagement_lib.sharing.document import summary_document
from engagement_lib.sharing.pages import Frame
from engagement_lib.sharing.printing import BROWSER, find_browser, print_report
from engagement_lib.sharing.workbook import tables_workbook

Format = Literal["docx", "xlsx", "pdf"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
FILES: Final[Mapping[Format, str]] = {"docx": "summary.docx", "xlsx": "tables.xlsx", "pdf": "report.pdf"}
_SIZE: Final = "size-of-{name}"
_ABOUT: Final[Mapping[Format, tuple[str, str]]] = {
    "docx": ("The summary and all figures", "Word"),
    "xlsx": ("All tables, one a sheet", "Excel"),
    "pdf": ("The whole report, to print", "PDF"),
}


@dataclass(frozen=True)
class Download:
    """A file beside the pages: its name, what it holds, its type, and its size in words."""

    file: str
    about: str
    type: str
    size: str


def planned_downloads(formats: Collection[Format]) -> list[Download]:
    """The files that are to be written, each with a word in place of its size, which `with_sizes` replaces."""
    return [Download(FILES[name], *_ABOUT[name], _SIZE.format(name=name)) for name in FORMATS if name in formats]


def with_sizes(html: str, downloads: Collection[Download]) -> str:
    """The page made with `planned_downloads`, with the sizes of these files.

    Examples
    --------
    >>> with_sizes("report.pdf (size-of-pdf)", [Download("report.pdf", "The whole report", "PDF", "2.0 MB")])
    'report.pdf (2.0 MB)'
    """
    sizes = {download.file: download.size for download in downloads}
    for name, file in FILES.items():
        html = html.replace(_SIZE.format(name=name), sizes.get(file, ""))
    return html


def write_formats(
    folder: Path, pages: Mapping[str, str], frame: Frame, *, formats: Collection[Format], contact: str = ""
) -> tuple[list[Download], list[str]]:
    """The files that were written beside the pages, and what those who made the report must know of the others.

    Everything is read off the finished pages, so that what the gate withheld from them is in no other format either.

    Parameters
    ----------
    folder
        Where the pages lie.
    pages
        The finished pages by their file names, the index first.
    frame
        What the pages share.
    formats
        Which to write.
    contact
        Whom a reader may write to.
    """
    shown = [read_page(html, file) for file, html in pages.items()] if {"docx", "xlsx"} & set(formats) else []
    made: dict[Format, bytes] = {}
    notices: list[str] = []
    if "docx" in formats:
        made["docx"] = summary_document(shown, frame, workbook=FILES["xlsx"] if "xlsx" in formats else "")
    if "xlsx" in formats:
        made["xlsx"] = tables_workbook(shown, frame, contact=contact)
    if "pdf" in formats:
        printed, why = _print(pages)
        made |= {"pdf": printed} if printed else {}
        notices += [why] if why else []
    for format_, data in made.items():
        (folder / FILES[format_]).write_bytes(data)
    return [Download(FILES[name], *_ABOUT[name], _in_words(len(made[name]))) for name in FORMATS if name in made], notices


def _print(pages: Mapping[str, str]) -> tuple[bytes, str]:
    """The PDF, or why there is none."""
    browser = find_browser()
    if browser is None:
        found = "no Chromium, Chrome or Edge was found on this machine"
        return (
            b"",
            f"No {FILES['pdf']} was made: {found}. Install one, or name it in {BROWSER}; the pages can be printed as well.",
        )
    try:
        return print_report(pages, browser), ""
    except StudyError as error:
        return b"", f"No {FILES['pdf']} was made. {error}"


def _in_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
