"""Codebooks in the exchange format of the REFI-QDA standard (.qdc), which most tools for qualitative analysis read and write."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pandas as pd
from defusedxml.ElementTree import fromstring

from engagement_lib.coding.codebook import codebook_tree
from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import Problem, TableError
from engagement_lib.exchange.files import replace_file
from engagement_lib.loading.text import normalise, read_bytes
from engagement_lib.tables import check_table, empty_table, records

NAMESPACE: Final = "urn:QDA-XML:codebook:1.0"
_TOOL: Final = "Use a codebook exported as REFI-QDA (.qdc)."
_HEADINGS: Final = {"include": "Include", "exclude": "Exclude", "example": "Example", "counter_evidence": "Counter-evidence"}
_HEADING: Final = rf"(?:{'|'.join(_HEADINGS.values())}): "
_COLOUR: Final = re.compile("#(?:[0-9A-Fa-f]{3}){1,2}")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_codebook(codebook: pd.DataFrame, path: Path | str) -> None:
    """Write a codebook as a .qdc file: codes below their parents, themes as sets of codes.

    A code's definition and boundary rules stand in its description, the rules below "Include: ", "Exclude: ", "Example: " and
    "Counter-evidence: ". Ids
    come from the names, so that the same codebook gives the same file.

    Raises
    ------
    TableError
        Where a parent is no code, a colour is not of the shape #12436D, a text has a character that XML cannot hold, or there is
        no such folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> codes = pd.DataFrame({"code": ["no-time"], "definition": ["Too few hours."], "theme": ["capability"]})
    >>> with TemporaryDirectory() as folder:
    ...     write_codebook(codes, Path(folder, "codes.qdc"))
    ...     read_codebook(Path(folder, "codes.qdc")).loc[0, ["code", "definition", "theme"]].tolist()
    ['no-time', 'Too few hours.', 'capability']
    """
    path = Path(path)
    codes = in_shape("codebook", codebook)
    _check_writable(codes, path.name)
    by_code = {row["code"]: row for row in records(codes)}
    root = ET.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "engagement_lib"})
    elements = {"": ET.SubElement(root, "Codes")}
    for place in records(codebook_tree(codes)):
        row = by_code[place["code"]]
        given = {"guid": _guid("code", row["code"]), "name": row["code"], "isCodable": "true"}
        elements[row["code"]] = ET.SubElement(elements[row["parent"]], "Code", given)
        if row["colour"]:
            elements[row["code"]].set("color", row["colour"])
        if description := _describe(row):
            ET.SubElement(elements[row["code"]], "Description").text = description
    _add_sets(root, codes)
    ET.indent(root)
    # Left as it is, a carriage return in a text would be read back as a new line.
    data = ET.tostring(root, encoding="utf-8", xml_declaration=True).replace(b"\r", b"&#13;")
    replace_file(path, data + b"\n")


def read_codebook(path: Path | str) -> pd.DataFrame:
    """The codebook in a .qdc file, one row a code, each below its parent.

    A description is parted where a line begins with "Include: ", "Exclude: ", "Example: " or "Counter-evidence: " after a blank
    one; all else is the definition. A code in several sets has them all as its theme, joined by "; ". What the table has no
    column for is left out: ids, whether a code may be used, and what is said of a set.

    Raises
    ------
    TableError
        Naming the file, where it is no REFI-QDA codebook, or has a code without a name, two codes of one name, or a set of codes
        that are not in it.

    Examples
    --------
    See `write_codebook`.
    """
    path = Path(path)
    root = _parse(read_bytes(path, error=TableError), path.name)
    elements = list(root.iter(_tag("Code")))
    names = [normalise(element.get("name", "")) for element in elements]
    themes, problems = _read_sets(root, {_id(element, "guid") for element in elements})
    problems = _name_problems(names) + problems
    if problems:
        raise TableError(Problem(path.name, *problem) for problem in problems)
    parents = {child: name for element, name in zip(elements, names, strict=True) for child in element.findall(_tag("Code"))}
    rows = [
        {
            "code": name,
            "parent": parents.get(element, ""),
            "colour": element.get("color", ""),
            "theme": "; ".join(themes.get(_id(element, "guid"), [])),
            **_part(normalise(element.findtext(_tag("Description"), ""))),
        }
        for element, name in zip(elements, names, strict=True)
    ]
    return check_table("codebook", pd.DataFrame(rows), origin=path.name) if rows else empty_table("codebook")


def _check_writable(codes: pd.DataFrame, origin: str) -> None:
    problems = []
    for row in records(codes):
        place = f"code '{row['code']}'"
        for column, text in row.items():
            if match := _NOT_IN_XML.search(text):
                found = f"the character U+{ord(match.group()):04X} in '{column}'"
                problems.append(Problem(origin, place, found, "characters that XML can hold", "Take it out."))
        if row["colour"] and not _COLOUR.fullmatch(row["colour"]):
            found = f"colour '{row['colour']}'"
            problems.append(Problem(origin, place, found, "a colour such as '#12436D', or none", "Mend the colour."))
    if problems:
        raise TableError(problems)


def _add_sets(root: ET.Element, codes: pd.DataFrame) -> None:
    """A set for each theme, in the order in which the codebook first names them; the standard allows no empty list of sets."""
    themed = codes[codes["theme"] != ""]
    if themed.empty:
        return
    sets = ET.SubElement(root, "Sets")
    for theme, members in themed.groupby("theme", sort=False)["code"]:
        element = ET.SubElement(sets, "Set", {"guid": _guid("set", str(theme)), "name": str(theme)})
        for code in members:
            ET.SubElement(element, "MemberCode", {"guid": _guid("code", code)})


def _guid(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}/{kind}/{name}")).upper()


def _describe(row: dict[str, str]) -> str:
    """Definition and rules as one text. A line that only looks like a heading gets a backslash, which `_part` takes away."""
    looks_like_one = re.compile(rf"^(?=\\*{_HEADING})", re.MULTILINE)
    kept = {column: looks_like_one.sub(r"\\", row[column]) for column in ("definition", *_HEADINGS)}
    parts = [f"{heading}: {kept[column]}" for column, heading in _HEADINGS.items() if kept[column]]
    return "\n\n".join([kept["definition"], *parts] if kept["definition"] else parts)


def _part(description: str) -> dict[str, str]:
    """The definition and rules in a description; what stands under one heading twice is joined by a new line."""
    first, *rest = re.split(rf"(?:\A|\n\n)({_HEADING})", description)
    columns = {heading: column for column, heading in _HEADINGS.items()}
    parts: dict[str, list[str]] = {"definition": [first]}
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        parts.setdefault(columns[heading.removesuffix(": ")], []).append(text)
    return {column: re.sub(rf"^\\(?=\\*{_HEADING})", "", "\n".join(texts), flags=re.MULTILINE) for column, texts in parts.items()}


def _parse(data: bytes, origin: str) -> ET.Element:
    try:
        root: ET.Element = fromstring(data)
    except (ET.ParseError, LookupError, ValueError) as fault:
        found = f"no XML that may be read ({type(fault).__name__}: {fault})"
        raise TableError(Problem(origin, "", found, "a REFI-QDA codebook", _TOOL)) from fault
    if root.tag != _tag("CodeBook"):
        raise TableError(Problem(origin, "", f"the element {root.tag}", _tag("CodeBook"), _TOOL))
    return root


def _read_sets(root: ET.Element, ids: set[str]) -> tuple[dict[str, list[str]], list[tuple[str, str, str, str]]]:
    """The names of the sets that hold each code, by its id, and the problems with them."""
    themes: dict[str, list[str]] = {}
    problems = []
    for number, element in enumerate(root.iter(_tag("Set")), start=1):
        name = normalise(element.get("name", ""))
        if not name:
            problems.append((f"set {number}", "no name", "a name for each set", "Name it in the tool that the file comes from."))
        for member in element.findall(_tag("MemberCode")):
            member_id = _id(member, "guid") or _id(member, "targetGUID")
            themes.setdefault(member_id, []).append(name)
            if member_id not in ids:
                problems.append((f"set '{name}'", f"the code {member_id}", "codes of this codebook", "Export it again, whole."))
    return themes, problems


def _name_problems(names: list[str]) -> list[tuple[str, str, str, str]]:
    remedy = "Rename it in the tool that the file comes from."
    nameless = [(f"code {number}", "no name", "a name for each code", remedy) for number, name in enumerate(names, 1) if not name]
    return nameless + [
        (f"code '{name}'", f"{many} of this name", "one code of each name", remedy)
        for name, many in Counter(filter(None, names)).items()
        if many > 1
    ]


def _id(element: ET.Element, attribute: str) -> str:
    """An id without the braces and in the capitals that tools differ in."""
    return element.get(attribute, "").strip("{}").upper()


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
