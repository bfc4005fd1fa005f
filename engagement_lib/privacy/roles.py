"""People known by what they do: a grade or office with a unit or place, and "the only one"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from engagement_lib.privacy.corpus import Text
from engagement_lib.privacy.finds import ORGANISATION, PLACE, ROLE, TEAM, Find

GRADE: Final = (
    r"(?:\b(?:AA|AO|EO|HEO|SEO|HSO|SSO|PSO|SRO|G6|G7|SCS(?: ?(?:[Pp]ay [Bb]and ?)?[1-4])?)s?\b|"
    r"\b[Gg](?:rade|RADE) ?(?:[67]|six|seven)s?\b|"
    r"\b(?i:(?:(?:higher|senior|principal) )?(?:executive|scientific|administrative) officer|administrative assistant|"
    r"fast stream(?:er)?)s?\b)"
)
OFFICE: Final = (
    r"(?:\b(?i:(?:deputy |assistant |acting |former |joint )?(?:permanent secretary|director[- ]general|chief executive|"
    r"chief statistician|national statistician|chief economist|chief inspector|chief constable|deputy director|deputy principal|"
    r"(?:director|head)s?(?= of\b))"
    r"(?: of (?:the )?[a-z]+(?: and [a-z]+)?)?)\b)"
)
_JOB: Final = (
    "statistician|analyst|economist|researcher|scientist|officer|manager|planner|demographer|doctor|nurse|teacher|librarian|engineer|"
    "g[67]|heo|seo|grade (?:6|7|six|seven)|[a-z]+ologist"
)
# The words that make somebody the one person of their kind.
ONLY: Final = re.compile(
    r"\b(?i:(?:i'm|i’m|i am|he's|he’s|he is|she's|she’s|she is|there's only one|there’s only one|there is only one)\s+"
    r"(?:just |probably |literally |still |basically )?(?:the (?:only|sole|one and only)|of (?:me|us|them))\b"
    r"|the only one (?:who|that) (?:does|has|knows|did|can)\b"
    rf"|the (?:only|sole) (?:[a-z-]+ ){{0,3}}?(?:person|woman|man|{_JOB})\b"
    r"|(?:it's|it’s|it is|there's|there’s) (?:only|just) me\b"
    r"|nobody else (?:does|has|in the (?:country|department|office))\b"
    r"|one of (?:only )?(?:two|three)\b)"
)
_END: Final = re.compile(r"[.,;:!?\n]")
_LONGEST: Final = 90
_WINDOW: Final = 60
_IN: Final = re.compile(r"\b(?:in|at|for|on|from|of|our|my|here)\b")


def find_roles(text: Text, named: Sequence[Find]) -> Iterator[Find]:
    """Roles that may point to one person, with the place or body that stands with them.

    `named` are the finds of places, organisations and teams.

    Examples
    --------
    >>> said = Text("P1", "I'm the only G7 in our Truro office. The head of prices said so.")
    >>> [(find.rule, said.text[find.start : find.end]) for find in find_roles(said, [])]
    [('the only one', "I'm the only G7 in our Truro office"), ('grade', 'G7'), ('office', 'head of prices')]
    """
    spoken = text.spoken
    units = [find for find in named if find.kind in (PLACE, ORGANISATION, TEAM)]
    for match in ONLY.finditer(spoken):
        words = match.group() + _END.split(spoken[match.end() : match.end() + _LONGEST], maxsplit=1)[0]
        yield Find(match.start(), match.start() + len(words.rstrip()), ROLE, "the only one", "medium")
    for pattern, rule in ((GRADE, "grade"), (OFFICE, "office")):
        for match in re.finditer(pattern, spoken):
            yield _with_unit(spoken, match, units, rule)


def _with_unit(text: str, match: re.Match[str], units: Sequence[Find], rule: str) -> Find:
    """The role alone; or up to the unit or place that stands after it in the same breath."""
    for unit in units:
        between = text[match.end() : unit.start]
        near = match.end() <= unit.start <= match.end() + _WINDOW
        if near and not re.search(r"[.!?;\n]", between) and (_IN.search(between) or between.strip() in ("", ",")):
            return Find(match.start(), unit.end, ROLE, f"{rule} with unit or place", "high")
    return Find(*match.span(), ROLE, rule, "low")
