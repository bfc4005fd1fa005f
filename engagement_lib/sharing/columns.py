"""What the columns of a table on a page are: counts of people, what rows are by, shares, and what is made from counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from engagement_lib.privacy.cells import MARK
from engagement_lib.privacy.release import NOT_ADDED, NOT_PEOPLE, counts_people, is_whole
from engagement_lib.sharing.page_tables import is_numeric
from engagement_lib.tables import Study

# The same under the names that pages give it, so that tables can be held beside one another.
SAME: Final[Mapping[str, str]] = {
    "people": "respondents", "cases": "respondents", "n": "respondents", "count": "respondents", "number": "respondents",
    "for": "supporting", "people_who_support_it": "supporting", "against": "contradicting", "claim": "claim_id", "id": "claim_id",
    "people_who_contradict_it": "contradicting", "support_it": "supporting", "contradict_it": "contradicting",
    "support_it_before": "supporting",
}  # fmt: skip
PART: Final = re.compile(r"([\d,]+) of ([\d,]+)")
TOTAL: Final = re.compile(r"(?:all|total|overall|sum|altogether|everybody|everyone|in_all|grand_total)(?:[\s_(,].*)?", re.I)
BASES: Final = ("base", "of", "of_people", "people_asked", "of_those_who_replied")
_REPLIES: Final = "_in_replies"
_PEOPLE: Final = frozenset(("for", "against", "n", "count", "number"))
_NOBODY: Final = frozenset(("flips", "fragility", "saturated_after", "unclear"))
# Nouns that say of a whole name that it counts no people: "segments capability".
_NOUNS: Final = frozenset(
    ("claims", "codes", "codings", "passages", "quotes", "segments", "sentences", "sources", "themes", "words")
)
_OF_SUPPORT: Final = frozenset(("share", "low", "high", "interval"))
_APART: Final = frozenset(("asked", "coders", "expected", "rank", "unread", "wave"))
_MEASURE: Final = re.compile(r"[\d.,]+ ?(%|to\b|–).*")
_SHARE: Final = re.compile(r"(.+_)?(share|percent(age)?|per_cent|proportion)(_of_(people|respondents))?")
_OF_A_BASE: Final = re.compile(r"(share|respondents|people)$")  # "other_share" and "other_respondents" are of "other_base"
_NO_SHARE: Final = re.compile(r"(coding|largest|passage|segment|sentence|unit|word)s?_.*")


@dataclass(frozen=True)
class Columns:
    """The `counts` in a table: those that `wide` holds stand for a value of `variable` each, `undeclared` are numbers of which
    nobody has said what they count. `words` are what rows are by; of these, `about` say the same in every row and tell what the
    whole table is about: a claim, code or theme, and groups of people.
    """

    table: pd.DataFrame
    counts: tuple[str, ...]
    variable: str
    wide: tuple[str, ...]
    words: tuple[str, ...]
    undeclared: tuple[str, ...]
    about: tuple[str, ...] = ()

    def by(self) -> list[str]:
        """What the table is about, and the fewest columns of words, from the left, that tell as much apart as all of them."""
        chosen = [*self.about]
        for name in self.words:
            groups = [part[name] for _, part in self.table.groupby(chosen, sort=False)] if chosen else [self.table[name]]
            if any(len(set(part)) > 1 for part in groups):
                chosen.append(name)
        return chosen

    def base_of(self, name: str) -> str:
        """The column with the number of people that a share or count is of; "" where there is none."""
        wanted = BASES[-1:] if name.endswith(_REPLIES) else (f"{_OF_A_BASE.sub('', name)}base", *BASES)
        return next((other for other in wanted if other in self.table.columns and is_numeric(self.table[other])), "")

    def made_from(self, row: int, at: int) -> list[int]:
        """The columns in which something stands in this row that is made from the count in the column `at`."""
        names = list(self.table.columns)
        if names[at] in self.undeclared and len(self.undeclared) < len(self.counts):
            return []
        mine = [other for other in range(len(names)) if other != at and self._is_made(row, names[other])]
        tail = names[at].partition("_")[2]
        if twins := [other for other in mine if tail and names[other].endswith(f"_{tail}")]:
            return twins
        claims = any(SAME.get(name, name) == "supporting" for name in self.counts)
        other_side = claims and SAME.get(names[at], names[at]) != "supporting"
        return [other for other in mine if not (other_side and names[other] in _OF_SUPPORT)]

    def _is_made(self, row: int, name: str) -> bool:
        if name in (*_APART, *BASES, *self.counts, *self.words):
            return False
        return is_numeric(self.table[name]) or is_measure(str(self.table[name].iloc[row]))


def read_columns(table: pd.DataFrame, study: Study) -> Columns:
    """The columns of a table as `read_tables` gives it; the study says which words are groups of its people."""
    people = {*study.settings.sharing.count_people, *_PEOPLE}
    # An interview or e-mail is one person's: by kind, sources are as good as people.
    people |= {"sources"} if "kind" in table.columns else set()
    nobody = {*study.settings.sharing.count_nobody, *_NOBODY, *NOT_PEOPLE} - people
    # A number in the first column is what the row is by: a size, and no count.
    whole = [name for name in table.columns[1:] if _may_count(table[name]) and name not in BASES]
    variable, wide = _wide(table, [name for name in whole if name == "both" or not _is_people(name, people)], study)
    free = [name for name in whole if not _is_nobody(name, nobody)]
    named = [
        name
        for name in table.columns[1:]
        if name not in nobody
        and not (name == "both" and wide)
        and ((_is_people(name, people) and is_numeric(table[name])) or all_match(table[name], PART))
    ]
    undeclared = tuple(name for name in free if name not in (*named, *wide))
    counts = tuple(name for name in table.columns if name in (*named, *wide, *undeclared))
    words = tuple(name for name in table.columns if name not in counts and _is_variable(table[name]))
    return Columns(table, counts, variable, tuple(wide), words, undeclared, tuple(_about(table, words, study)))


def is_share(name: str) -> bool:
    """Whether a column holds shares of people, by its name."""
    return bool(_SHARE.fullmatch(name)) and not _NO_SHARE.fullmatch(name)


def is_measure(text: str) -> bool:
    """Whether a cell of words holds a share, an interval or a part of a whole."""
    return bool(_MEASURE.fullmatch(text) or PART.fullmatch(text))


def all_match(column: pd.Series, pattern: re.Pattern[str]) -> bool:
    """Whether all that stands in a column is of this form, and something does."""
    known = [text for text in column.dropna().astype("str") if text not in ("", "nan", MARK)]
    return bool(known) and all(pattern.fullmatch(text) for text in known)


def _is_people(name: str, people: set[str]) -> bool:
    return name in people or counts_people(name)


def _is_nobody(name: str, nobody: set[str]) -> bool:
    """Whether a name or its first word says that it counts no people."""
    return name in nobody or (name.partition("_")[0] in _NOUNS and not counts_people(name))


def _may_count(column: pd.Series) -> bool:
    if not is_numeric(column):
        return False
    return is_whole(column, MARK) or (pd.api.types.is_integer_dtype(column) and len(column) > 0)


def _is_variable(column: pd.Series) -> bool:
    if is_numeric(column):
        return column.name == "wave"
    return not (all_match(column, _MEASURE) or all_match(column, PART))


def _about(table: pd.DataFrame, words: Sequence[str], study: Study) -> list[str]:
    """The first claim, code or theme that stands in every row, unless another tells rows apart; and groups of people that do."""
    firsts = {name: str(table[name].iloc[0]) or "all" for name in words if len(set(map(str, table[name]))) == 1}
    same = [name for name, first in firsts.items() if not TOTAL.fullmatch(first)]
    things = [name for name in words if SAME.get(name, name) in NOT_ADDED]
    all_same = things[:1] if set(things) <= set(same) else []
    return [*all_same, *(name for name in same if name in _groups(study))]


def _wide(table: pd.DataFrame, free: Sequence[str], study: Study) -> tuple[str, list[str]]:
    """The variable whose values are headings, and these: groups of the study's people, or what adds up to a column of totals."""
    totals = [name for name in free if TOTAL.fullmatch(name)]
    for variable, values in _groups(study).items():
        found = [name for name in free if name in values]
        if len(found) > 1:
            return variable, [*found, *totals]
    parts = [name for name in free if name not in totals]
    if len(totals) == 1 and len(parts) > 1:
        numbers = table[[*parts, *totals]].apply(pd.to_numeric, errors="coerce").dropna()
        if (numbers[parts].sum(axis=1) == numbers[totals[0]]).all():
            return "heading", [*parts, *totals]
    return "", []


def _groups(study: Study) -> dict[str, set[str]]:
    """The values of each variable of the cases as headings have them, webinars among them, and the kinds of source."""
    variables = [name for name in study.cases.columns if name != "case_id"]
    groups = {name: {str(value).replace(" ", "_") for value in study.cases[name].unique()} for name in variables}
    return {name: values | {"webinar"} for name, values in groups.items()} | {"kind": set(study.sources["kind"])}
