"""The codebook: whether it can be used as it is, and its codes as a tree."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import Problem, TableError


def check_codebook(codebook: pd.DataFrame) -> pd.DataFrame:
    """The codebook as it was given, where each code has a name of its own and the codes are a tree.

    What may trip a coder in a codebook that is well formed is told by `codebook_doubts`.

    Raises
    ------
    TableError
        With everything there is to mend: a code without a name, or one that comes twice; a parent that is no code; a code among
        its own parents.

    Examples
    --------
    >>> len(check_codebook(pd.DataFrame({"code": ["habit", "phone"], "parent": ["", "habit"]})))
    2
    """
    problems = [
        Problem("codebook", f"code '{code}'", doubt, "a tree of codes", "Mend its parent.")
        for code, doubt in parent_doubts(in_shape("codebook", codebook))
    ]
    if problems:
        raise TableError(problems)
    return codebook


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
    codes = in_shape("codebook", check_codebook(codebook))
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


def parent_doubts(codes: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Each code whose parent is no code, or that is among its own parents, and which of the two it is in words."""
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
