"""What python-docx has no words for: languages, descriptions of pictures and tables, links, the number of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shape import InlineShape
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_WORD_LANGUAGES: Final = {"cy": "cy-GB", "en": "en-GB", "gd": "gd-GB", "ga": "ga-IE"}
_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def set_language(run: Run, language: str) -> None:
    """Say in which language a run is read aloud and spelt."""
    _child(run._element.get_or_add_rPr(), "w:lang", **{"w:val": _WORD_LANGUAGES.get(language, language)})


def set_defaults(document: Document, *, language: str, font: str) -> None:
    """Give a whole document its language, and all of its styles one font."""
    for defaults in document.styles.element.iter(_tag("w:rPrDefault")):
        attributes = dict.fromkeys(("w:val", "w:eastAsia", "w:bidi"), language)
        _child(_child(defaults, "w:rPr"), "w:lang", **attributes)
    for fonts in document.styles.element.iter(_tag("w:rFonts")):
        # A font of the theme would win over the one that is named.
        fonts.attrib.clear()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(_tag(script), font)


def strip_properties(document: Document, *, title: str) -> None:
    """Give the document its title and language, and take out who made it and when."""
    properties = document.core_properties
    element = properties._element
    for child in list(element):
        element.remove(child)
    properties.title, properties.language = title, "en-GB"


def describe_picture(picture: InlineShape, sentence: str, *, name: str) -> None:
    """Give a picture its alternative text."""
    about = picture._inline.docPr
    about.set("descr", sentence)
    about.set("title", name)
    for inner in picture._inline.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"):
        inner.set("descr", sentence)
        inner.set("name", "picture")


def mark_table(table: Table, *, title: str, description: str) -> None:
    """Say of a table what it shows, that its first row and column are headings, and that the first row stands on every page."""
    properties = table._tbl.tblPr
    look = _child(properties, "w:tblLook")
    look.attrib.clear()
    marks = {"w:firstRow": "1", "w:firstColumn": "1", "w:lastRow": "0", "w:lastColumn": "0", "w:noHBand": "1", "w:noVBand": "1"}
    for mark, value in marks.items():
        look.set(_tag(mark), value)
    _child(properties, "w:tblCaption", **{"w:val": title})
    if description:
        _child(properties, "w:tblDescription", **{"w:val": description})
    for row in table.rows:
        _child(row._tr.get_or_add_trPr(), "w:cantSplit")
    _child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")


def add_link(paragraph: Paragraph, text: str, address: str) -> Run:
    """A run at the end of the paragraph that leads to an address, underlined."""
    from docx.oxml import OxmlElement
    from docx.text.run import Run

    link: Any = OxmlElement("w:hyperlink")
    link.set(_tag("r:id"), paragraph.part.relate_to(address, _LINK, is_external=True))
    inner: Any = OxmlElement("w:r")
    link.append(inner)
    paragraph._p.append(link)
    run = Run(inner, paragraph)
    run.text, run.underline = text, True
    return run


def add_page_number(paragraph: Paragraph) -> None:
    """The number of the page, at the end of the paragraph."""
    field = _child(paragraph._p, "w:fldSimple", **{"w:instr": "PAGE"})
    _child(_child(field, "w:r"), "w:t").text = "1"


def _child(parent: Any, name: str, **attributes: str) -> Any:
    """The child of this name, made where there is none."""
    from docx.oxml import OxmlElement

    child = parent.find(_tag(name))
    if child is None:
        child = OxmlElement(name)
        parent.append(child)
    for attribute, value in attributes.items():
        child.set(_tag(attribute), value)
    return child


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))
