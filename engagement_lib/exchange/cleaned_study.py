"""A cleaned study as a folder that opens like any other, and the log of what was replaced, kept apart."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pandas as pd

from engagement_lib.errors import Problem, StudyError
from engagement_lib.exchange.spreadsheets import as_csv, write_table
from engagement_lib.exchange.toml import as_toml
from engagement_lib.privacy.keys import check_apart, write_apart
from engagement_lib.settings import Settings
from engagement_lib.tables import records

# Tables that are read with the marks taken off that keep a spreadsheet from running their cells; the others are read as they are.
_MARKED: Final = ("codebook", "codings", "memos", "events", "readings")
_AS_IT_IS: Final = ("cases", "claims", "quotes")
_CASE: Final = r"(?P<source_id>.+?)(?: \(case (?P<case_id>.+)\))?$"
_RESPONDENT: Final = "respondent"


def write_cleaned(tables: Mapping[str, pd.DataFrame], settings: Settings, out: Path | str) -> Path:
    """The folder of a new study with these tables, which `open_study` reads with the same texts and offsets.

    Parameters
    ----------
    tables
        As `clean_study` gives them.
    settings
        Of the study that they came from; what names its files, speakers and columns is not taken over.
    out
        A folder that does not exist yet, or is empty.

    Returns
    -------
    Path
        The folder, with `study.toml`, tables as CSV, transcripts and comments as plain text in the layout of
        `engagement_lib.layout`, and surveys as CSV.

    Raises
    ------
    StudyError
        Where something stands there already, or the folder above is missing. Nothing is then written.
    """
    out = check_out(out)
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        sections = dict(_write_sources(tables["sources"], partial)), dict(_write_surveys(tables["sources"], partial))
        files = _write_tables(tables, partial)
        words = as_toml(_settings(settings, files, *sections))
        (partial / "study.toml").write_text(words, encoding="utf-8", newline="")
        if out.exists():
            out.rmdir()
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return out


def check_out(out: Path | str) -> Path:
    """The path of a folder that may become a study.

    Raises
    ------
    StudyError
        Where something stands there already, or the folder above is missing.
    """
    out = Path(out).absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        remedy = "Name a new folder; nothing was written."
        raise StudyError(Problem(out.name, "", "something already there", "no folder of this name, or an empty one", remedy))
    if not out.parent.is_dir():
        raise StudyError(Problem(out.name, "", f"no folder '{out.parent.name}'", "a folder to write to", "Make it first."))
    return out


def check_log(path: Path | str, *, study: Path | str, out: Path | str) -> Path:
    """The path of a log that may be written: it does not stand yet, and lies in neither study and not under Git.

    Raises
    ------
    StudyError
        Where it does.
    """
    path = Path(path)
    for folder in (study, out):
        check_apart(path, what="the log", study=folder)
    if path.exists():
        remedy = "Name another; nothing was written. Give an earlier log as `--earlier`."
        raise StudyError(Problem(path.name, "", "a file of this name", "a new one", remedy))
    if not path.parent.is_dir():
        raise StudyError(Problem(path.name, "", f"no folder '{path.parent.name}'", "a folder to write to", "Make it first."))
    return path


def write_log(log: pd.DataFrame, path: Path | str, *, study: Path | str = "") -> Path:
    r"""Write the log of every replacement, as CSV that only its owner may read, and give its path.

    Parameters
    ----------
    log
        As `pseudonymise` gives it.
    path
        A new file outside of every study and of Git: whoever has it knows everybody.
    study
        A study's folder in which it must not lie either.

    Raises
    ------
    StudyError
        Where the file stands already, its folder does not, or it would lie in a study or under Git.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> log = pd.DataFrame({"source_id": ["P1"], "start": [4], "end": [7], "original": ["Ann"], "pseudonym": ["[Person 945]"]})
    >>> with TemporaryDirectory() as folder:
    ...     write_log(log, Path(folder, "log.csv")).read_bytes()
    b'source_id,start,end,original,pseudonym\nP1,4,7,Ann,[Person 945]\n'
    """
    return write_apart(Path(path), as_csv(log), what="the log", study=study)


def _write_sources(sources: pd.DataFrame, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Transcripts and comments, one file each; the section of `study.toml` for each folder of them."""
    talks = sources[sources["kind"] != "survey"]
    for number, ((kind, wave, level), rows) in enumerate(talks.groupby(["kind", "wave", "level"]), start=1):
        name = f"{kind}s_{number}"
        (folder / name).mkdir()
        for row in records(rows):
            usual = "" if kind == "webinar" else row["source_id"]
            case = f" (case {row['case_id']})" if row["case_id"] != usual else ""
            (folder / name / f"{row['source_id']}{case}.txt").write_text(row["text"], encoding="utf-8", newline="")
        # Roles stand in the texts themselves: no speaker's name is needed to tell them.
        yield (
            name,
            {
                "files": f"{name}/*.txt",
                "kind": kind,
                "wave": wave,
                "name": _CASE,
                "interviewers": (),
                "moderators": (),
                "level": level,
            },
        )


def _write_surveys(sources: pd.DataFrame, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Surveys, one file each with a row a respondent and a column a question; the section for each."""
    answers = sources[sources["kind"] == "survey"].reset_index(drop=True)
    # Which questions stood in one file is all that is left to know of it.
    asked = answers.groupby(["case_id", "wave"])["question"].transform("\n".join)
    for number, ((_, wave, level), rows) in enumerate(answers.groupby([asked, "wave", "level"]), start=1):
        questions = list(dict.fromkeys(rows["question"]))
        columns = {name: f"answer {place}" for place, name in enumerate(questions, start=1)}
        table = rows.pivot(index="case_id", columns="question", values="text").fillna("")
        table = table.loc[list(dict.fromkeys(rows["case_id"])), questions].rename(columns=columns)
        name = f"survey_{number}.csv"
        (folder / name).write_bytes(_plain_csv(table.rename_axis(_RESPONDENT).reset_index()))
        yield name, {"file": name, "wave": wave, "case": _RESPONDENT, "questions": columns, "level": level}


def _plain_csv(table: pd.DataFrame) -> bytes:
    """CSV with every cell as it is: a mark before a sign such as "=" would be read as part of an answer, and move its offsets."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([list(table.columns), *table.to_numpy(dtype=object).tolist()])
    return text.getvalue().encode()


def _write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, str]:
    """The tables that hold anything; the file of each as `study.toml` names it."""
    files = {}
    for name in (*_MARKED, *_AS_IT_IS):
        if tables[name].empty:
            continue
        files[name] = f"{name}.csv"
        if name in _MARKED:
            write_table(tables[name], folder / files[name])
        else:
            (folder / files[name]).write_bytes(_plain_csv(tables[name]))
    return files


def _settings(settings: Settings, files: dict[str, str], talks: dict[str, Any], surveys: dict[str, Any]) -> dict[str, Any]:
    said = settings.model_dump(exclude_defaults=True, exclude={*_MARKED, *_AS_IT_IS, "transcripts", "surveys", "coded_answers"})
    # The weights' folder is that of one machine.
    language = {name: value for name, value in said.pop("language", {}).items() if name != "weights"}
    return said | files | ({"language": language} if language else {}) | _sections(talks, surveys)


def _sections(talks: dict[str, Any], surveys: dict[str, Any]) -> dict[str, Any]:
    named = {"transcripts": list(talks.values()), "surveys": list(surveys.values())}
    return {name: sections for name, sections in named.items() if sections}
