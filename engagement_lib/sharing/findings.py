"""Prose that states findings is shown only with the study for which it was written."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Final

from nbformat import NotebookNode

FINDING: Final = "finding"
UNWRITTEN: Final = "The commentary has still to be written for this study."
_PARAGRAPH: Final = re.compile(r"^\*\*Finding\.\*\*.*?(?=\n[ \t]*\n|\n\*\*|\Z)", re.MULTILINE | re.DOTALL)


def is_written_for(notebook: NotebookNode, study_hash: str) -> bool:
    """Whether the notebook's prose was written for the study with this hash, as its metadata say.

    Examples
    --------
    >>> import nbformat
    >>> is_written_for(nbformat.v4.new_notebook(metadata={"engagement": {"study": "abc"}}), "abc")
    True
    """
    return bool(notebook.metadata.get("engagement", {}).get("study", "") == study_hash)


def name_study(notebook: NotebookNode, study_hash: str) -> NotebookNode:
    """The notebook with the study named for which its prose was written."""
    named = deepcopy(notebook)
    named.metadata["engagement"] = {"study": study_hash}
    return named


def without_findings(notebook: NotebookNode) -> NotebookNode:
    """The notebook without its cells tagged "finding", and with a sentence in place of the finding in its first cell.

    Only the first paragraph that begins with "**Finding.**" is replaced; all else that is said, asked and computed stays.
    """
    kept = deepcopy(notebook)
    kept.cells = [cell for cell in kept.cells if cell.cell_type != "markdown" or FINDING not in cell.metadata.get("tags", [])]
    if kept.cells and kept.cells[0].cell_type == "markdown":
        kept.cells[0].source = _PARAGRAPH.sub(f"**Finding.** {UNWRITTEN}", kept.cells[0].source, count=1)
    return kept
