"""Survey files to sources and cases: one source for each respondent and question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.spreadsheets import WORKBOOKS, parse_table
from engagement_lib.loading.text import describe_decoding, read_bytes, sha256
from engagement_lib.tables import check_table, row_place

_NOT_APPLICABLE: Final = re.compile(r"\W*(?:n\W{0,3}a|nil|none|nothing|not applicable|no comments?|no answer)\W*", re.IGNORECASE)
# No pattern knows anything that is longer from its first letter to its last.
_LONGEST: Final = 30
_AS_ABOVE: Final = re.compile(r"\W*(?:same )?as (?:above|before|previous(?:ly)?)\W*|\W*see above\W*", re.IGNORECASE)


def read_survey(
    path: Path | str,
    *,
    case: str,
    questions: Mapping[str, str | Sequence[str]],
    attributes: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    wave: str = "1",
    sheet: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers as `sources`, and the respondents as `cases`.

    A blank or non-answer stays as a row whose `reason` says why there is nothing to analyse: "blank", "not applicable" or
    "as above".

    Parameters
    ----------
    path
        A spreadsheet with one row a respondent.
    case
        The column with the respondent's id.
    questions
        The open questions: a short name for each, and its column, or the columns whose parts make up one answer.
    attributes
        The closed ones: a variable of the cases, and its column.
    values
        For a variable, what a value in the file is called in the study. Values not named stay as they are.

    Raises
    ------
    TableError
        Where a column is not there, or a respondent has no id or the id of another.

    Examples
    --------
    >>> replies = "data/new_responses/draft_consultation_replies_2020-10-12.csv"
    >>> answers, people = read_survey(replies, case="ref", questions={"gaps": "gaps"}, attributes={"group": "role"}, wave="2")
    >>> answers.loc[0, ["source_id", "reason"]].tolist(), people.loc[0, "group"]
    (['N01/gaps', 'blank'], 'producer')
    """
    path = Path(path)
    data = read_bytes(path, error=TableError)
    table = parse_table(data, path.name, sheet=sheet)
    columns = {name: [spec] if isinstance(spec, str) else list(spec) for name, spec in questions.items()}
    _check_columns(table, [case, *chain.from_iterable(columns.values()), *(attributes or {}).values()], path.name)
    _check_variables(values or {}, attributes or {}, path.name)
    _check_ids(table[case], path.name)
    sources = _answers(table, case, columns)
    normalised = "" if path.suffix.lower() in WORKBOOKS else describe_decoding(data, origin=path.name)
    of_file = {"level": "raw", "file_sha256": sha256(data), "origin": path.name, "normalised": normalised}
    sources = sources.assign(kind="survey", wave=wave, **of_file)
    cases = pd.DataFrame({"case_id": table[case]} | {name: table[column] for name, column in (attributes or {}).items()})
    for name, renamed in (values or {}).items():
        cases[name] = cases[name].replace(dict(renamed))
    return check_table("sources", sources, origin=path.name), check_table("cases", cases, origin=path.name)


def why_empty(answer: str) -> str:
    """Why there is nothing to analyse in an answer, "" where there is.

    Examples
    --------
    >>> [why_empty(answer) for answer in ("", "N/A", "as above", "None of them ring back")]
    ['blank', 'not applicable', 'as above', '']
    """
    if not answer or answer.isspace():
        return "blank"
    if len(answer) > _LONGEST and answer[0].isalnum() and (answer[-1].isalnum() or answer[-2].isalnum()):
        return ""  # most answers, for which no pattern need be tried
    if _NOT_APPLICABLE.fullmatch(answer) or not _says_something(answer):
        return "not applicable"
    return "as above" if _AS_ABOVE.fullmatch(answer) else ""


def _says_something(answer: str) -> bool:
    """Whether there is a letter, a number or a picture such as an emoji in it, and not punctuation alone."""
    return any(unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So" for character in answer)


def _answers(table: pd.DataFrame, case: str, questions: Mapping[str, list[str]]) -> pd.DataFrame:
    """The answers, respondent by respondent; what many of them say, such as nothing, is hashed and judged once."""
    people = table[case].tolist()
    texts = list(chain.from_iterable(zip(*(_joined(table, parts) for parts in questions.values()), strict=True)))
    about = {text: (sha256(text), why_empty(text)) for text in set(texts)}
    answers = {
        "source_id": [f"{person}/{name}" for person in people for name in questions],
        "case_id": [person for person in people for _ in questions],
        "question": list(questions) * len(people),
        "text": texts,
        "text_sha256": [about[text][0] for text in texts],
        "reason": [about[text][1] for text in texts],
    }
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in answers.items()})


def _joined(table: pd.DataFrame, parts: list[str]) -> list[str]:
    """The answer of each respondent, whose parts stand in these columns."""
    if len(parts) == 1:
        return [cell.strip() for cell in table[parts[0]].tolist()]
    rows = zip(*(table[part].tolist() for part in parts), strict=True)
    return ["\n".join(cell.strip() for cell in row if cell.strip()) for row in rows]


def _check_columns(table: pd.DataFrame, wanted: list[str], origin: str) -> None:
    there = ", ".join(f"'{column}'" for column in table.columns)
    missing = [column for column in dict.fromkeys(wanted) if column not in table.columns]
    if missing:
        raise TableError(
            Problem(
                origin, "header", f"the columns {there}", f"a column '{column}'", "Mend the name in study.toml or in the file."
            )
            for column in missing
        )


def _check_variables(values: Mapping[str, object], attributes: Mapping[str, str], origin: str) -> None:
    unknown = [name for name in values if name not in attributes]
    if unknown:
        known = ", ".join(attributes) or "none"
        raise TableError(
            Problem(origin, "", f"values for a variable '{name}'", f"one of {known}", "Give it a column under attributes.")
            for name in unknown
        )


def _check_ids(ids: pd.Series, origin: str) -> None:
    repeated = ids.duplicated() & (ids.str.strip() != "")
    problems = [
        Problem(
            origin, row_place(ids, row), "no respondent id", f"a value in '{ids.name}'", "Give the row an id, or take it out."
        )
        for row in (ids.str.strip() == "").to_numpy().nonzero()[0]
    ] + [
        Problem(
            origin,
            row_place(ids, row),
            f"respondent '{ids.iloc[row]}' a second time",
            "one row a respondent",
            "Give one another id.",
        )
        for row in repeated.to_numpy().nonzero()[0]
    ]
    if problems:
        raise TableError(problems)
