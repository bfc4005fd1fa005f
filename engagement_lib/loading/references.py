"""What a comment on a draft may refer to, and the pieces of which a reply is made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

import pandas as pd

from engagement_lib.errors import Problem
from engagement_lib.loading.text import normalise
from engagement_lib.tables import TEXT

GENERAL: Final = "general"
ANYTHING_ELSE: Final = "Anything else, about all of it or about nothing named here"
INSTRUCTION: Final = (
    "Write below a reference what you want to say about it, and nothing where you have nothing to say. "
    "Please leave the references as they are: by them your comments find their way."
)
FORM_RULE: Final = "wording of the form"


class Piece(NamedTuple):
    """A stretch of a reply: where it stands, its words, the reference they are about, why they are set aside, if they are, and
    whether it is the reference itself, of which no words are left.
    """

    place: str
    text: str
    reference: str
    rule: str = ""
    is_mark: bool = False


def comment_references(claims: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """What a comment may refer to, one row a claim, then a theme, then anything else: `reference` and `about` in words.

    A reference is the anchor that a page of the report gives the same claim or theme.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["C1"], "statement": ["Close the loop."], "theme": ["culture"]})
    >>> comment_references(claims, pd.DataFrame({"theme": ["culture", ""]}))["reference"].tolist()
    ['claim-C1', 'theme-culture', 'general']
    """
    themes = [theme for theme in dict.fromkeys([*codebook["theme"], *claims["theme"]]) if theme]
    rows = [(_anchor("claim", name), said) for name, said in zip(claims["claim_id"], claims["statement"], strict=True)]
    rows += [(_anchor("theme", theme), f"The theme: {theme}") for theme in themes]
    return pd.DataFrame([*rows, (GENERAL, ANYTHING_ELSE)], columns=["reference", "about"]).astype(TEXT)


def find_reference(given: str, known: Mapping[str, str] | None) -> str | None:
    """The reference as the study spells it, None where it has no such one."""
    if known is None:
        return given or None
    return next((name for name in known if name.casefold() == given.casefold()), None)


def unknown_reference(given: str, origin: str, place: str, known: Mapping[str, str] | None) -> Problem:
    """What to say of a reference that the study does not have, or of a comment without one."""
    names = list(known or [])
    near = get_close_matches(given.casefold(), [name.casefold() for name in names], n=1)
    found = f"the reference '{given}'" if given else "a comment without a reference"
    remedy = (
        f"Did you mean '{next(name for name in names if name.casefold() == near[0])}'?"
        if near
        else f"Mend it, or write '{GENERAL}'."
    )
    return Problem(origin, place, found, f"one of {', '.join(names) or 'the references of the form'}", remedy)


def closed_up(text: str) -> str:
    """The text on one line, as it is compared."""
    return " ".join(normalise(text).split())


def _anchor(kind: str, name: str) -> str:
    written = re.sub(r"[^\w.-]+", "-", name).strip("-")
    return f"{kind}-{written}"
