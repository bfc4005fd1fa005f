"""The page "What changed since the last run"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from engagement_lib.evidence.changes import ALL, INDEPENDENT, PROMPTED
from engagement_lib.sharing.drawing import count_of
from engagement_lib.sharing.pages import Frame, Page, render_template
from engagement_lib.sharing.plots_theme_change import plot_theme_flow
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import Study, records
from engagement_lib.themes.ledger import FADED, MERGED, NEW, SPLIT

CHANGED: Final = "changed.html"
TITLE: Final = "What changed since the last run"
MOVED: Final = (NEW, SPLIT, MERGED, FADED)
_STATES: Final = ("new", "changed", "gone")
_WHO: Final = {INDEPENDENT: "who had read no draft", PROMPTED: "who had read the draft, no independent support"}


@dataclass(frozen=True, eq=False)
class Changes:
    """What an update found, as tables: see `engagement_lib.evidence.changes` for the first four and for `replies` and
    `reply_claims`, which, with `reply_gaps`, hold what those say who had read the draft.

    `run` is this one, `before` the last one ("" where this is the first) and `at` when that was. `themes` has one row a theme of
    the ledger, `flow` is that of `update_themes`, `decisions` those that could not be replayed, `gaps` the themes outside the
    frame with `new`, `notice` what is to be said of how the themes were made, `same` whether all is as the last run left it.
    """

    run: str
    before: str
    at: str
    files: pd.DataFrame
    responses: pd.DataFrame
    prevalence: pd.DataFrame
    claims: pd.DataFrame
    replies: pd.DataFrame
    reply_claims: pd.DataFrame
    themes: pd.DataFrame
    flow: pd.DataFrame
    decisions: pd.DataFrame
    gaps: pd.DataFrame
    reply_gaps: pd.DataFrame
    notice: str = ""
    same: bool = False


def say_changes(changes: Changes) -> str:
    """What an update found, in a few sentences."""
    if not changes.before:
        return f"This is the first run: there is nothing to compare it with. It heard {_say_heard(changes.responses)}."
    if changes.same:
        return (
            f"Nothing has changed since run {changes.before}: the files, the respondents, the themes, the prevalence of every "
            "code and what is indicated of the claims are as they were."
        )
    states = changes.themes["status"].value_counts()
    themes = ", ".join(f"{states[status]:,} {status}" for status in MOVED if states.get(status))
    claims = changes.claims.loc[changes.claims["moved"], "claim_id"].tolist()
    gaps = changes.gaps.loc[changes.gaps["new"], "theme_id"].tolist()
    lost = len(changes.decisions)
    return (
        f"Since run {changes.before}, {_count_files(changes.files)}. Newly heard: {_say_heard(changes.responses)}. "
        f"Themes: {themes or 'all kept'}. Indicated verdicts that moved: {', '.join(claims) or 'none'}. "
        f"New gaps of the frame: {', '.join(gaps) or 'none'}."
        + (f" Decisions about themes that could not be replayed: {lost:,}." if lost else "")
    )


def _count_files(files: pd.DataFrame) -> str:
    many = files["state"].value_counts()
    told = [
        f"{count_of(int(many[state]), 'file')} {'is' if many[state] == 1 else 'are'} {state}"
        for state in _STATES
        if state in many
    ]
    return " and ".join(told) or "no file is new"


def _say_heard(responses: pd.DataFrame) -> str:
    """Who is new, those who had read a draft apart."""
    rows = records(responses[(responses["source"] == ALL) & (responses["new"] > 0)])
    return " and, apart, ".join(_say_new(row) for row in rows) or "nobody"


def _say_new(row: dict[str, Any]) -> str:
    told = f"{count_of(row['new'], 'respondent')} {_WHO[row['support']]}"
    return f"{told} ({row['heard_before']:,} of them heard before, elsewhere)" if row["heard_before"] else told


def render_changes(changes: Changes, page: Page, frame: Frame, study: Study) -> str:
    """The page of an update.

    Parameters
    ----------
    page, frame
        Which page it is, and of which report.
    study
        Says who reads.
    """
    tables = {
        "files": (changes.files, "Files that are new, changed or gone", "No file has changed."),
        "responses": (changes.responses, "Respondents by source and wave", "Nobody has been heard yet."),
        "moved": (_moved_themes(changes), "Themes that are new, split, merged or faded", "Every theme was kept."),
        "themes": (changes.themes.drop(columns="parents"), "All themes, and who speaks of each", "There are no themes yet."),
        "decisions": (changes.decisions, "Decisions that could not be replayed", "Every decision about a theme holds."),
        "gaps": (changes.gaps, "Themes outside the frame", "No theme lies outside the frame."),
        "claims": (_claims(changes), "What is indicated of the claims, those that moved first", "No claim can be judged yet."),
        "prevalence": (changes.prevalence, "Respondents by code, now and before", "Nothing is coded yet."),
        "replies": (changes.replies, "Codes among those who had read the draft", "No reply to a draft is coded."),
        "reply_gaps": (changes.reply_gaps, "Themes of the replies that lie outside the frame", "No theme of the replies does."),
        "reply_claims": (changes.reply_claims, "Claims among those who had read the draft", "No reply to a draft is coded."),
    }
    shown = {name: _table(table, caption, study, empty) for name, (table, caption, empty) in tables.items()}
    flow = plot_theme_flow(changes.flow)._repr_mimebundle_()["text/html"]
    return render_template(
        "changed",
        frame=frame,
        page=page,
        changes=changes,
        said=say_changes(changes),
        shown=shown,
        flow=flow,
        **frame.beside(page),
    )


def _moved_themes(changes: Changes) -> pd.DataFrame:
    """In a first run all themes are new, so that none is shown twice."""
    themes = changes.themes[changes.themes["status"].isin(MOVED)]
    return (
        themes[["theme_id", "name", "keywords", "status", "parents", "respondents", "replies"]]
        if changes.before
        else themes.head(0)
    )


def _claims(changes: Changes) -> pd.DataFrame:
    before = [name for name in changes.claims.columns if name.endswith("_before")]
    return changes.claims if changes.before else changes.claims.drop(columns=["moved", *before])


def _table(table: pd.DataFrame, caption: str, study: Study, empty: str) -> str:
    return show_table(table, caption, study=study, empty=empty, rows=max(len(table), 1)).html
