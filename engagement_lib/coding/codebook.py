"""The codebook: what may trip a coder in it, and its codes as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

import pandas as pd

from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import records

_ALIKE: Final = 0.7
_WANTED: Final = {
    "definition": "no definition",
    "include": "nothing said of what to include",
    "exclude": "nothing said of what to exclude",
    "example": "no example",
}


def check_codebook(codebook: pd.DataFrame) -> pd.DataFrame:
    """What may trip a coder in the codebook, one row a doubt: `code`, `doubt`; no rows where there is none.

    Looked for are: a code without a definition, boundary rules or an example; a parent that is no code, or a code among its own
    parents; names that differ in capitals alone; and definitions nearly alike, that is with a Jaccard index of their words
    (those that both use, of those that either uses) of 0.7 or more. Doubts come in the order of the codes.

    Raises
    ------
    TableError
        Where the table is no codebook: a code without a name, or one that comes twice.

    Examples
    --------
    >>> check_codebook(pd.DataFrame({"code": ["no-time"], "definition": ["Too few hours."], "include": ["Hours."],
    ...                              "exclude": ["Money."]}))
          code       doubt
    0  no-time  no example
    """
    codes = in_shape("codebook", codebook)
    found = [*_gaps(codes), *_parent_doubts(codes), *_near_names(codes), *_near_definitions(codes)]
    order = {code: number for number, code in enumerate(codes["code"])}
    found.sort(key=lambda doubt: order[doubt[0]])
    return pd.DataFrame(found, columns=["code", "doubt"], dtype="str")


def codebook_tree(codebook: pd.DataFrame) -> pd.DataFrame:
    """The codes below their parents, one row a code: `code`, `parent`, `depth` (0 without a parent) and `path`.

    Children follow their parent in the order of the codebook; `path` names the parents from the topmost down.

    Raises
    ------
    TableError
        Where a parent is no code, or a code is among its own parents.

    Examples
    --------
    >>> codes = pd.DataFrame({"code": ["phone", "habit", "contact"], "parent": ["contact", "", ""]})
    >>> codebook_tree(codes)[["path", "depth"]].values.tolist()
    [['habit', 0], ['contact', 0], ['contact / phone', 1]]
    """
    codes = in_shape("codebook", codebook)
    problems = [
        Problem("codebook", f"code '{code}'", doubt, "a tree of codes", "Mend its parent.")
        for code, doubt in _parent_doubts(codes)
    ]
    if problems:
        raise TableError(problems)
    children: dict[str, list[str]] = {}
    for code, parent in zip(codes["code"], codes["parent"], strict=True):
        children.setdefault(parent, []).append(code)
    rows = []
    waiting = [(code, "", 0, code) for code in reversed(children.get("", []))]
    while waiting:
        rows.append(waiting.pop())
        code, _, depth, path = rows[-1]
        waiting += [(child, code, depth + 1, f"{path} / {child}") for child in reversed(children.get(code, []))]
    tree = pd.DataFrame(rows, columns=["code", "parent", "depth", "path"])
    return tree.astype({"code": "str", "parent": "str", "depth": "int64", "path": "str"})


def _gaps(codes: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for row in records(codes):
        yield from ((row["code"], doubt) for column, doubt in _WANTED.items() if not row[column].strip())


def _parent_doubts(codes: pd.DataFrame) -> Iterator[tuple[str, str]]:
    parents: dict[str, str] = dict(zip(codes["code"], codes["parent"], strict=True))
    for code, parent in parents.items():
        if parent and parent not in parents:
            yield code, f"its parent '{parent}' is not in the codebook"
        elif code in _parents_of(code, parents):
            yield code, "it is among its own parents"


def _parents_of(code: str, parents: dict[str, str]) -> set[str]:
    above: set[str] = set()
    while (code := parents.get(code, "")) and code not in above:
        above.add(code)
    return above


def _near_names(codes: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for one, other in combinations(codes["code"], 2):
        if one.casefold() == other.casefold():
            yield other, f"its name differs from '{one}' in capitals alone"


def _near_definitions(codes: pd.DataFrame) -> Iterator[tuple[str, str]]:
    words = {code: _words(definition) for code, definition in zip(codes["code"], codes["definition"], strict=True)}
    for one, other in combinations(words, 2):
        alike = _jaccard(words[one], words[other])
        if alike >= _ALIKE:
            yield other, f"its definition is nearly that of '{one}' ({alike:.0%} of their words are the same)"


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    either = set(one) | set(other)
    return len(set(one) & set(other)) / len(either) if either else 0.0
