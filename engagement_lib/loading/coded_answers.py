"""Spreadsheets in which an analyst gave codes to whole answers: one row a respondent, the codes in one cell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.spreadsheets import read_table
from engagement_lib.tables import check_table, row_place


def read_coded_answers(
    path: Path | str, sources: pd.DataFrame, *, case: str, question: str, codes: str, coder: str, separator: str = ","
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `codings` in such a spreadsheet, each over its whole answer, and the `readings`: what the analyst went through.

    Parameters
    ----------
    sources
        The survey's answers, of which `question` was coded.
    case, codes
        The columns with the respondent's id and with the codes, parted by `separator`. No code means that none applied.

    Raises
    ------
    TableError
        Where a column is not there, or a row's respondent has no answer to code, or gave a blank one that is coded.
    """
    path = Path(path)
    table = read_table(path)
    missing = [column for column in (case, codes) if column not in table.columns]
    if missing:
        there = ", ".join(f"'{column}'" for column in table.columns)
        raise TableError(
            Problem(path.name, "header", f"the columns {there}", f"a column '{column}'", "Mend the name in study.toml.")
            for column in missing
        )
    texts = sources.set_index("source_id")["text"]
    source_ids = table[case] + f"/{question}"
    _check_answers(source_ids, texts, path.name)
    given = table[codes].str.split(separator).explode().str.strip()
    given = given[given != ""]
    coded = pd.DataFrame({"source_id": source_ids.loc[given.index], "code": given}).drop_duplicates()
    coded["quote"] = coded["source_id"].map(texts)
    _check_blanks(coded, path.name)
    codings = coded.assign(
        coding_id=coder + ":" + coded["source_id"] + ":" + coded["code"], start=0, end=coded["quote"].str.len(), coder=coder
    )
    readings = pd.DataFrame({"source_id": source_ids, "coder": coder, "finished": "yes"})
    return check_table("codings", codings, origin=path.name), check_table("readings", readings, origin=path.name)


def _check_answers(source_ids: pd.Series, texts: pd.Series, origin: str) -> None:
    unknown = ~source_ids.isin(texts.index)
    if unknown.any():
        raise TableError(
            Problem(
                origin,
                row_place(source_ids, row),
                f"'{source_ids.iloc[row]}'",
                "an answer in the survey",
                "Mend the id, or the question.",
            )
            for row in unknown.to_numpy().nonzero()[0]
        )


def _check_blanks(coded: pd.DataFrame, origin: str) -> None:
    blank = coded[coded["quote"] == ""]
    if len(blank):
        remedy = "Take the code out, or mend the id."
        raise TableError(
            Problem(origin, row_place(blank, row), f"the code '{code}' on the blank answer '{source}'", "no code", remedy)
            for row, (source, code) in enumerate(zip(blank["source_id"], blank["code"], strict=True))
        )
