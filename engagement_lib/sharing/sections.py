"""What the index says of each theme and claim, of the waves, and of how the work was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.respondents import eligible_respondents, has_codings
from engagement_lib.evidence.verdicts import NOT_CONFIRMED, verdicts
from engagement_lib.sharing.answer import count_verdicts
from engagement_lib.sharing.drawing import count_of, natural_order
from engagement_lib.sharing.marks import reference
from engagement_lib.sharing.pages import Page
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import TEXT, Study

_SHOWN: Final = {
    "claim_id": "claim",
    "statement": "statement",
    "supporting": "support it",
    "contradicting": "contradict it",
    "base": "of people",
    "indicated": "indicated verdict",
    "verdict": "verdict",
}
_WORDS: Final = ("theme", "statement", "indicated", "verdict")
_NUMBERS: Final = ("supporting", "contradicting", "base")
_REPLIES: Final = {
    "claim_id": "claim",
    "supporting_before": "support it before",
    "base_before": "of people",
    "supporting": "support it in replies",
    "contradicting": "contradict it in replies",
    "base": "of those who replied",
}


@dataclass(frozen=True)
class ThemeSection:
    """A theme on the index: its `name`, the `reference` that comments give, a `summary`, the claims as an HTML `table`, and the
    `places` where its evidence stands, each a page and the reference there.
    """

    name: str
    reference: str
    summary: str
    table: str
    places: tuple[tuple[Page, str], ...]


def list_claims(study: Study, appraisal: pd.DataFrame | None) -> pd.DataFrame:
    """The claims in their order, with what the numbers indicate and what people decided, and with every column of the index.

    Parameters
    ----------
    appraisal
        As `appraise_claims` gives it, or any table with some of its columns; None where nothing was appraised.
    """
    table = (
        pd.DataFrame(columns=["claim_id"], dtype=TEXT)
        if appraisal is None
        else appraisal.sort_values("claim_id", key=natural_order)
    )
    if "verdict" not in table.columns:
        table = table.merge(verdicts(study)[["claim_id", "verdict"]], on="claim_id", how="left")
    for column in _WORDS:
        table[column] = table[column].fillna("").astype(str) if column in table else ""
    for column in _NUMBERS:
        table[column] = table.get(column, np.nan)
    table["verdict"] = table["verdict"].replace("", NOT_CONFIRMED)
    return table.reset_index(drop=True)


def theme_sections(study: Study, claims: pd.DataFrame, places: Mapping[str, Sequence[Page]]) -> list[ThemeSection]:
    """A section for each theme of the frame in its order, and one for each other theme that has claims; none without claims.

    Parameters
    ----------
    claims
        As `list_claims` gives them.
    places
        The pages on which each reference stands.
    """
    frame = study.settings.frame.themes if len(claims) else ()
    names = [*frame, *(theme for theme in dict.fromkeys(claims["theme"]) if theme not in frame)]
    return [_section(name, claims[claims["theme"] == name], study, places) for name in names]


def describe_waves(study: Study) -> list[str]:
    """What was heard in each wave, a sentence a wave, replies to a draft named as such; nothing where there is one wave only."""
    heard = pd.concat([eligible_respondents(study, prompted=prompted) for prompted in (False, True)])
    numbers = heard.groupby("wave")["respondent"].nunique()
    told = []
    for wave, number in numbers.items():
        known = study.settings.waves.get(str(wave))
        title = f" ({known.title})" if known and known.title else ""
        prompted = ", prompted by the draft and so counted for no verdict" if known and known.prompted else ""
        told.append(f"Wave {wave}{title}: {count_of(number, 'respondent')}{prompted}.")
    return told if len(told) > 1 else []


def replies_table(study: Study, claims: pd.DataFrame) -> str:
    """What the replies to a draft say of each claim beside what was heard before, as HTML; "" where there are none that count."""
    if claims.empty or not has_codings(study) or eligible_respondents(study, prompted=True).empty:
        return ""
    replies = appraise_claims(study, prompted=True, resamples=1)
    table = claims.merge(replies[["claim_id", *_NUMBERS]], on="claim_id", suffixes=("_before", ""))
    shown = table[list(_REPLIES)].rename(columns=_REPLIES)
    caption = "Each claim before the draft, and in the replies to it"
    return show_table(shown, caption, study=study, rows=max(len(shown), 1)).html


def describe_work(study: Study) -> list[tuple[str, str]]:
    """How the work was done, each part with its name."""
    rule, codings = study.settings.verdicts, study.codings
    alone, agreed = (codings[codings["layer"] == layer] for layer in (INDEPENDENT, CONSENSUS))
    made = f"{count_of(len(alone), 'coding')} by {count_of(alone['coder'].nunique(), 'coder')} who worked alone"
    counts = "The consensus alone counts where it was sought; of every other source the codings of one coder count."
    coded = f"{made}, and {len(agreed):,} in consensus, with {count_of(len(study.codebook), 'code')}. {counts}"
    verdict = (
        f"Indicated by thresholds set in the study's settings: insufficient below {rule.min_respondents} people; contradicted "
        f"where at least {rule.contradicted:.0%} of those who speak to a claim only contradict it; contested where at least "
        f"{rule.contested:.0%} contradict it. People decide."
    )
    return [
        ("Texts", f"{count_of(len(study.sources), 'source')}: a transcript, or one answer to an open question."),
        (
            "People",
            "Each counts once, however often they say a thing; a webinar counts as one. Interviewers and moderators never count.",
        ),
        ("Coding", coded if len(codings) else "Nothing is coded yet."),
        ("Verdicts", verdict),
        ("Intervals", "A 95% interval says how far a share might move had other people of the same kind been heard."),
    ]


def _section(name: str, rows: pd.DataFrame, study: Study, places: Mapping[str, Sequence[Page]]) -> ThemeSection:
    frame = study.settings.frame.themes
    title = f"{name[:1].upper()}{name[1:]}" if name else "The claims"
    about = f"Claims about {name}" if name else "The claims"
    columns = [column for column in _SHOWN if column not in _NUMBERS or rows[column].notna().any()]
    shown = rows[columns].rename(columns=_SHOWN).reset_index(drop=True)
    table = show_table(shown, f"{about}, what the numbers indicate, and what people decided", study=study, rows=max(len(rows), 1))
    return ThemeSection(
        name=f"{title} (outside the frame)" if frame and name and name not in frame else title,
        reference=reference("theme", name) if name else "",
        summary=_summary(rows),
        table=table.html if len(rows) else "",
        places=_places([reference("claim", claim) for claim in rows["claim_id"]], places),
    )


def _summary(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "No claim was set down for this theme."
    told = f"{count_of(len(rows), 'claim')}: the numbers indicate {count_verdicts(rows['indicated']) or 'nothing yet'}."
    decided = rows[rows["verdict"] != NOT_CONFIRMED]
    if decided.empty:
        return f"{told} Not yet confirmed."
    left = f"; {len(rows) - len(decided)} not yet confirmed" if len(rows) > len(decided) else ""
    return f"{told} People decided: {count_verdicts(decided['verdict'])}{left}."


def _places(references: Sequence[str], places: Mapping[str, Sequence[Page]]) -> tuple[tuple[Page, str], ...]:
    """Each page that holds one of these references, with the first of them."""
    firsts: dict[Page, str] = {}
    for name in references:
        for page in places.get(name, ()):
            firsts.setdefault(page, name)
    return tuple(sorted(firsts.items(), key=lambda place: place[0].file))
