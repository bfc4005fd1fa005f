"""The page "What changed since the last run"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from engagement_lib.sharing.drawing import count_of
from engagement_lib.sharing.pages import Frame, Page, render_template
from engagement_lib.sharing.plots_theme_change import plot_theme_flow
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import Study

CHANGED: Final = "changed.html"
TITLE: Final = "What changed since the last run"
_THEMES: Final = "The themes, who speaks of each, and what became of it"


@dataclass(frozen=True, eq=False)
class Changes:
    """What an update found, as tables: see `engagement_lib.evidence.changes` for the first four and for `replies` and
    `reply_claims`, which hold what those say who had read the draft.

    `run` is this one, `before` the last one ("" where this is the first) and `at` when that was. `themes` has one row a theme of
    the ledger, `flow` is that of `update_themes`, `decisions` those that could not be replayed, `gaps` the themes outside the
    frame with `new`, `notice` what is to be said of how the themes were made.
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
    notice: str = ""


def say_changes(changes: Changes) -> str:
    """What an update found, in one or two sentences."""
    new = changes.responses.groupby("support")["new"].sum()
    told = [f"{count_of(many, 'respondent')} {support}" for support, many in new.items() if many]
    heard = ", ".join(told) or "nobody new"
    if not changes.before:
        return f"This is the first run: there is nothing to compare it with. Heard are {heard}."
    states = changes.themes["status"].value_counts()
    themes = ", ".join(f"{states[status]:,} {status}" for status in ("new", "split", "merged", "faded") if states.get(status))
    moved = changes.claims.loc[changes.claims["moved"], "claim_id"].tolist()
    gaps = changes.gaps.loc[changes.gaps["new"], "theme_id"].tolist()
    return (
        f"Since run {changes.before} there are {count_of(len(changes.files), 'file')} new, changed or gone, and new are {heard}. "
        f"Themes: {themes or 'all kept'}. Indicated verdicts that moved: {', '.join(moved) or 'none'}. "
        f"New gaps of the frame: {', '.join(gaps) or 'none'}."
    )


def render_changes(changes: Changes, page: Page, frame: Frame, study: Study) -> str:
    """The page of an update.

    Parameters
    ----------
    page, frame
        Which page it is, and of which report.
    study
        Says who reads.
    """
    first = not changes.before
    claims = changes.claims if first else changes.claims[changes.claims["moved"]]
    about_claims = "What is indicated of the claims" if first else "Claims whose indicated verdict moved"
    shown = {
        "files": _table(changes.files, "Files that are new, changed or gone", study, "No file has changed."),
        "responses": _table(changes.responses, "Respondents by source and wave", study, "Nobody has been heard yet."),
        "themes": _table(changes.themes, _THEMES, study, "There are no themes yet."),
        "decisions": _table(
            changes.decisions, "Decisions that could not be replayed", study, "Every decision about a theme holds."
        ),
        "prevalence": _table(changes.prevalence, "Respondents by code, before and now", study, "Nothing is coded yet."),
        "claims": _table(claims, about_claims, study, "None has moved."),
        "gaps": _table(changes.gaps, "Themes outside the frame", study, "No theme lies outside the frame."),
        "replies": _table(changes.replies, "Codes among those who had read the draft", study, "No reply to a draft is coded."),
        "reply_claims": _table(changes.reply_claims, "Claims among those who had read the draft", study, "No reply is coded."),
    }
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


def _table(table: pd.DataFrame, caption: str, study: Study, empty: str) -> str:
    return show_table(table, caption, study=study, empty=empty, rows=max(len(table), 1)).html
