"""The codebook as a page to read, print and hand on: every code with its rules, how often it is used, and what people said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.coding.codebook import codebook_tree
from engagement_lib.coding.codebook_history import codebook_history
from engagement_lib.coding.codings import counted_codings
from engagement_lib.coding.counts import code_counts, find_passages
from engagement_lib.coding.events import in_log_order
from engagement_lib.coding.passages import NOT_STATED
from engagement_lib.coding.versions import first_version, version_places
from engagement_lib.errors import Problem, StudyError
from engagement_lib.segments import split_turns
from engagement_lib.sharing.clearance import cleared_passages, shows_everything
from engagement_lib.sharing.contents import frame_of
from engagement_lib.sharing.drawing import count_of
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.gate import repeats_uncleared
from engagement_lib.sharing.outgoing import Outgoing, protect_index
from engagement_lib.sharing.pages import GENERATOR, render_template
from engagement_lib.sharing.tables import WITHHELD, show_table
from engagement_lib.tables import TEXT, Study, records

_SAID: Final = {
    "definition": "Definition",
    "include": "Include",
    "exclude": "Exclude",
    "example": "Example",
    "counter_evidence": "Counter-example",
    "theme": "Theme",
}
_LOWEST_HEADING: Final = 4
# About two lines: shorter passages say little by themselves, longer ones are not read.
_LENGTH: Final = 160


def write_codebook_page(study: Study, path: Path | str, *, quotes: int = 2) -> Path:
    """Write the codebook as one accessible HTML page, which needs no connection and prints well; the file that was written.

    For each code stand its definition and rules, the codings that count, the respondents behind them with their base, and
    passages of as many respondents as asked, those of about two lines first. The team sees any passage and whose it is; anybody
    else only passages that were cleared, with the group of who speaks, and no count of fewer people than the study's smallest for
    that audience. At the end stand the changes that the log holds.

    Parameters
    ----------
    study
        Its audience says who will read.
    path
        The file, or a folder, in which it is `codebook.html`.
    quotes
        How many passages are shown of a code.

    Raises
    ------
    TableError
        Where the codes are no tree, as `check_codebook` has it.
    StudyError
        Where the page would show passages that nobody cleared, in a reason for a change say, or cannot be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> with TemporaryDirectory() as folder:
    ...     write_codebook_page(study, folder).name
    'codebook.html'
    """
    file = Path(path)
    file = file / "codebook.html" if file.is_dir() else file
    html = _render(study, quotes)
    if study.audience != "team":
        html = protect_index(html, file.name, study, Outgoing({}, pd.DataFrame()))
    try:
        file.write_bytes(html.encode("utf-8"))
    except OSError as fault:
        found, remedy = f"that it cannot be written ({fault.strerror})", "Name a file in a folder that is there."
        raise StudyError(Problem(file.name, "", found, "a page of the codebook", remedy)) from fault
    return file


def _render(study: Study, quotes: int) -> str:
    tree = codebook_tree(study.codebook)
    codings = counted_codings(study)
    counts = code_counts(codings, split_turns(study.sources), study.codebook)
    ordered = tree[["code", "path", "depth"]].merge(counts, on="code")
    passages = _passages(study, codings)
    said = {row["code"]: _said(row, study) for row in records(study.codebook)}
    codes = [
        _code(row, said[row["code"]], passages[passages["code"] == row["code"]], quotes, study) | {"id": f"code-{at}"}
        for at, row in enumerate(records(ordered), start=1)
    ]
    log = in_log_order(study.history.get("log", study.events))
    versions = version_places(log)
    table = ordered[["code", "theme", "codings", "respondents", "base", "share"]]
    return render_template(
        "codebook",
        title=study.settings.title,
        synthetic=study.settings.synthetic,
        audience_words=frame_of(study, "", {}).audience_words,
        version=max(
            versions, key=lambda name: versions[name], default=first_version(study.history.get("codebook", study.codebook))
        ),
        generator=GENERATOR,
        hash=study_hash(study),
        summary=_summary(ordered),
        codes=codes,
        overview=show_table(table, "Codes, and the respondents who have them", rows=max(len(table), 1)).html,
        changes=_changes(study),
    )


def _summary(ordered: pd.DataFrame) -> str:
    base = int(ordered["base"].max()) if len(ordered) else 0
    used = int((ordered["codings"] > 0).sum())
    people = f"; {used} in use, among {count_of(base, 'respondent')}" if base else ""
    return f"{count_of(len(ordered), 'code')}{people}. Codings are those that count: one layer, and nobody's twice."


def _said(row: Mapping[str, str], study: Study) -> list[tuple[str, str]]:
    said = [(name, row[column]) for column, name in _SAID.items() if row[column].strip()]
    if shows_everything(study):
        return said
    hidden = repeats_uncleared([text for _, text in said], study)
    return [(name, WITHHELD if hide else text) for (name, text), hide in zip(said, hidden, strict=True)]


def _passages(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """The participants' passages that may be shown, those of about two lines first."""
    found = find_passages(codings, study.sources, list(study.codebook["code"]), context=0, cases=study.cases)
    found = found[found["role"] == "participant"]
    if not shows_everything(study):
        cleared = cleared_passages(study)
        shown = [place in cleared for place in zip(found["source_id"], found["start"], found["end"], strict=True)]
        found = found[np.array(shown, dtype=bool)]
    far = (found["quote"].str.len() - _LENGTH).abs()
    found = found.assign(far=far, who=pd.Series([_who(row, study) for row in records(found)], index=found.index, dtype=TEXT))
    return found.sort_values(["far", "source_id", "start"], ignore_index=True)


def _code(
    row: Mapping[str, Any], said: list[tuple[str, str]], passages: pd.DataFrame, quotes: int, study: Study
) -> dict[str, Any]:
    people = f"from {int(row['respondents'])} of {count_of(row['base'], 'respondent')}."
    # Where the respondents are hidden as too few, the number of codings beside them would tell how few.
    counted = f"{count_of(row['codings'], 'coding')}, {people}" if study.audience == "team" else people.capitalize()
    shown = passages.drop_duplicates("case_id").head(quotes)
    hidden = row["codings"] and quotes and shown.empty
    return {
        "name": row["code"],
        "level": min(int(row["depth"]) + 2, _LOWEST_HEADING),
        "path": row["path"] if row["depth"] else "",
        "said": said,
        "counted": counted if row["codings"] else "Nothing is coded with it.",
        "quotes": records(shown),
        "note": "No passage with this code may be shown." if hidden else "",
    }


def _who(passage: Mapping[str, str], study: Study) -> str:
    """Who speaks: to the team by name and place, to others by the group alone."""
    group = "" if passage["group"] == NOT_STATED else passage["group"]
    if study.audience != "team":
        return group or "a participant"
    place = f"{passage['source_id']}:{passage['start']}-{passage['end']}"
    return ", ".join(part for part in (passage["case_id"], group, place) if part)


def _changes(study: Study) -> str:
    history = codebook_history(study)
    if history.empty:
        return ""
    table = history.assign(day=history["at"].str[:10])[["version", "day", "author", "code", "change", "was", "now", "reason"]]
    return show_table(table, "What was changed, by whom and why", rows=len(table)).html
