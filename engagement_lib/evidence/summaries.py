"""What analysts wrote of a case and a theme, and whether they say where they have it from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.clearance import Passage
from engagement_lib.tables import Study, records

ABOUT: Final = "case"


@dataclass(frozen=True)
class Summaries:
    """The latest memo about each case and theme or code, and the sources of each case, longest name first."""

    memos: Mapping[tuple[str, str], Mapping[str, Any]]
    sources: Mapping[str, tuple[str, ...]]

    def memo(self, case: str, name: str) -> Mapping[str, Any]:
        """The memo about a cell; empty where there is none."""
        return self.memos.get((case, name), {})

    def cited(self, case: str, name: str, passages: pd.DataFrame) -> list[Passage]:
        """The passages of a cell that its summary points to, in the order in which it does."""
        places = [(row["source_id"], row["start"], row["end"]) for row in records(passages)]
        pointed = self._pointed(case, name)
        found = [place for stretch in pointed for place in places if _meet(stretch, place)]
        return list(dict.fromkeys(found))

    def doubt(self, case: str, name: str, passages: pd.DataFrame) -> str:
        """What is to be mended about the summary of a cell, else ""."""
        if not self.memo(case, name).get("text"):
            return ""
        if not len(passages):
            return "the summary stands on no passage: none is coded here"
        pointed = self._pointed(case, name)
        if not pointed:
            return "the summary cites no passage"
        places = [(row["source_id"], row["start"], row["end"]) for row in records(passages)]
        astray = [stretch for stretch in pointed if not any(_meet(stretch, place) for place in places)]
        return "; ".join(f"the summary cites {source}:{start}-{end}, which is no passage here" for source, start, end in astray)

    def _pointed(self, case: str, name: str) -> list[Passage]:
        """The stretches of the case's sources that the summary names."""
        known = "|".join(map(re.escape, self.sources.get(case, ())))
        text = self.memo(case, name).get("text", "")
        found = re.finditer(rf"(?<![\w/])({known}):(\d+)-(\d+)", text) if known else ()
        return [(match[1], int(match[2]), int(match[3])) for match in found]


def collect_summaries(study: Study, by: Literal["theme", "code"], *, respondents: pd.DataFrame) -> Summaries:
    """The summaries of all cells: memos with the about_type "case/theme" or "case/code".

    The latest counts, and of two at one moment that with the last memo_id. An empty one takes back what was written before.

    Parameters
    ----------
    respondents
        Whose words stand in which source: `respondent`, `source_id`.

    Raises
    ------
    TableError
        With every memo that is about a case, or a theme or code, that the study lacks.
    """
    memos = study.memos[study.memos["about_type"] == f"{ABOUT}/{by}"].sort_values(["at", "memo_id"])
    sources = {
        str(person): tuple(sorted(set(names), key=lambda name: (-len(name), name)))
        for person, names in respondents.groupby("respondent")["source_id"]
    }
    names = set(study.codebook[by]) - {""}
    problems, found = [], {}
    for memo in records(memos):
        case, _, name = memo["about_id"].rpartition("/")
        if case not in sources or name not in names:
            wrong = f"'{case}'" if case not in sources else f"'{name}'"
            expected = f"a case with words, a slash and a {by} of the codebook, such as 'P07/{min(names, default='culture')}'"
            place = f"memo '{memo['memo_id']}', about_id '{memo['about_id']}'"
            problems.append(Problem("memos", place, f"no {'case' if case not in sources else by} {wrong}", expected, "Mend it."))
        found[case, name] = memo
    if problems:
        raise TableError(problems)
    return Summaries(found, sources)


def _meet(one: Passage, other: Passage) -> bool:
    return one[0] == other[0] and max(one[1], other[1]) < min(one[2], other[2])
