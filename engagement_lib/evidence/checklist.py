"""What a report of qualitative research should tell, item by item: filled in where the data know the answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.checklist_answers import ANSWERS
from engagement_lib.loading.spreadsheets import read_table
from engagement_lib.tables import COUNT, TEXT, Study, records

Standard = Literal["COREQ", "Spencer"]
STANDARDS: Final = ("COREQ", "Spencer")
FILLED: Final = "filled in"
OPEN: Final = "open"
TO_COMPLETE: Final = "for the author to complete"
ABOUT: Final = "checklist"
_ITEMS: Final = Path(__file__).parent / "checklists.csv"
_COLUMNS: Final = {"item": COUNT, **dict.fromkeys(("domain", "topic", "answer", "where", "status"), TEXT)}


def checklist(study: Study, *, standard: Standard) -> pd.DataFrame:
    """A checklist of what to report, one row an item, filled in where the study knows the answer.

    Parameters
    ----------
    standard
        "COREQ": the 32 items of the consolidated criteria for reporting qualitative research; "Spencer": the 18 questions by
        which the Government's framework of 2003 appraises qualitative evaluation.

    Returns
    -------
    DataFrame
        `item`, its number there; `domain` and `topic`, in words of our own; `answer`, or "for the author to complete"; `where` it
        is shown, a notebook or file, or who wrote it; `status`, "filled in" or "open".

    Raises
    ------
    TableError
        If there is no such checklist, or a memo answers an item that it does not have.

    Notes
    -----
    Items after Tong, A., Sainsbury, P. and Craig, J. (2007), International Journal for Quality in Health Care 19, 349-357, and
    Spencer, L., Ritchie, J., Lewis, J. and Dillon, L. (2003), *Quality in qualitative evaluation: a framework for assessing
    research evidence*, Cabinet Office; read them there in full. What the data know are facts: whether they are good enough is for
    the reader to judge. What they cannot know is answered by a memo with the about_type "checklist" and an about_id such as
    "COREQ/3"; the latest counts, and stands before what the data say.

    Examples
    --------
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> checklist(study, standard="COREQ").loc[[0, 26], ["item", "topic", "status"]]
        item                                       topic     status
    0      1  Who held the interviews and led the groups       open
    26    27                         With which software  filled in
    """
    if standard not in STANDARDS:
        expected = " or ".join(f"'{name}'" for name in STANDARDS)
        raise TableError(Problem("checklist", "standard", f"'{standard}'", expected, "Name one of them."))
    items = read_table(_ITEMS)
    items = items[items["standard"] == standard]
    written = _written(study, standard, set(items["item"]))
    rows = [_answer(study, item, written.get(item["item"], {})) for item in records(items)]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _answer(study: Study, item: Mapping[str, Any], memo: Mapping[str, Any]) -> dict[str, Any]:
    known = ANSWERS[item["fill"]](study) if item["fill"] else ""
    text, where = memo.get("text", ""), [item["where"]] if known else []
    if text:
        where = [f"memo by {memo['author']}{', ' if memo['at'] else ''}{memo['at']}", *where]
    answer = " ".join(filter(None, [text, known]))
    row = {name: item[name] for name in ("item", "domain", "topic")}
    return row | {"answer": answer or TO_COMPLETE, "where": "; ".join(where), "status": FILLED if answer else OPEN}


def _written(study: Study, standard: str, items: set[str]) -> dict[str, Mapping[str, Any]]:
    """The latest memo about each item."""
    memos = study.memos[(study.memos["about_type"] == ABOUT) & study.memos["about_id"].str.startswith(f"{standard}/")]
    found: dict[str, Mapping[str, Any]] = {}
    problems = []
    for memo in records(memos.sort_values(["at", "memo_id"])):
        item = memo["about_id"].removeprefix(f"{standard}/")
        if item not in items:
            place, expected = f"memo '{memo['memo_id']}', about_id", f"an item from {standard}/1 to {standard}/{len(items)}"
            problems.append(Problem("memos", place, f"'{memo['about_id']}'", expected, "Mend its number."))
        found[item] = memo
    if problems:
        raise TableError(problems)
    return found
