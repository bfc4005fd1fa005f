"""Whether what stands beside a quotation tells too much of who said it, and what may stand there instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import COUNT, TEXT

_FOUND: Final = {"shared": COUNT, "allowed": "bool", "too_fine": TEXT, "instead": TEXT, "instead_shared": COUNT, "reason": TEXT}
_Values = tuple[str, ...]


def check_attribution(
    passages: pd.DataFrame,
    cases: pd.DataFrame,
    *,
    attributes: Sequence[str],
    smallest: int = 5,
    most: int = 3,
    coarser: Mapping[str, Mapping[str, str]] | None = None,
    linked: bool = True,
) -> pd.DataFrame:
    """Whether at least `smallest` respondents share what is shown beside each quotation, and to what it can be coarsened.

    Parameters
    ----------
    passages
        One row a quotation: `case_id` and, in a column of its name, each attribute as it is to be shown, "" where it is not. An
        attribute without a column is taken from the cases.
    cases
        Those among whom the reader knows the person to be: the respondents of the study, or of its sample.
    attributes
        The variables shown, the most important first: of several ways to coarsen, that which leaves the first ones as they are.
    smallest
        How many must share the combination: 5 for the working group, 10 for the public.
    most
        How many quotations one person may have. Those that come first by `source_id` and `start` stay, where there are such
        columns; else the first by their words.
    coarser
        For an attribute what each value belongs to, such as {"sector": {"NHS or health": "public sector"}}, step by step up to a
        value that belongs to nothing; beyond that the attribute is left out.
    linked
        Whether a reader can see that two quotations are one person's, by a pseudonym or by what they say: what stands beside
        any of them is then taken together. False where each quotation stands for itself.

    Returns
    -------
    DataFrame
        The passages with `shared` (respondents with this combination), `allowed`, `too_fine` (the combination in words, where it
        is), `instead` (what may stand there; "" for nothing), `instead_shared`, `reason`, and for each attribute a column such as
        `shown_group` with what may be shown.

    Raises
    ------
    TableError
        If a column is missing, a value belongs to itself in the end, or a threshold is below 1.

    Notes
    -----
    k-anonymity among respondents: Sweeney, L. (2002), *k-anonymity: a model for protecting privacy*, International Journal of
    Uncertainty, Fuzziness and Knowledge-Based Systems 10, 557-570; each quotation is coarsened on its own, by the fewest steps.

    Examples
    --------
    >>> cases = pd.DataFrame({"case_id": [f"P{n}" for n in range(9)], "group": "producer"})
    >>> cases["nation"] = ["Wales"] * 2 + ["England"] * 7
    >>> passages = pd.DataFrame({"case_id": ["P0", "P5"], "quote": ["Nobody rings.", "There is no time."]})
    >>> checked = check_attribution(passages, cases, attributes=["group", "nation"])
    >>> checked[["allowed", "too_fine", "instead"]].values.tolist()
    [[False, 'producer, Wales', 'producer'], [True, '', 'producer, England']]
    """
    _check(passages, cases, attributes, smallest, most)
    ladders = {name: _Ladder(name, (coarser or {}).get(name, {})) for name in attributes}
    people = _People(cases, ladders, smallest)
    shown = _shown(passages, cases, attributes)
    together = _together(passages, shown, ladders) if linked else shown
    over = _over(passages, most)
    rows = [
        people.judge(mine, all_mine, most=most, over=extra) for mine, all_mine, extra in zip(shown, together, over, strict=True)
    ]
    columns = _FOUND | {f"shown_{name}": TEXT for name in attributes}
    found = pd.DataFrame(rows, columns=list(columns), index=passages.index).astype(columns)
    return passages.drop(columns=[name for name in columns if name in passages.columns]).join(found)


class _Ladder:
    """What each value of one attribute belongs to, up to "", which is to leave it out."""

    def __init__(self, name: str, steps: Mapping[str, str]) -> None:
        self.name, self.steps = name, steps

    def above(self, value: str) -> _Values:
        """The value, what it belongs to, and so on, and "" at last."""
        found = []
        while value:
            if value in found:
                found_text, remedy = f"'{value}', which belongs to itself in the end", "Take one of the steps out."
                raise TableError(
                    Problem("check_attribution", f"coarser['{self.name}']", found_text, "ever coarser values", remedy)
                )
            found.append(value)
            value = self.steps.get(value, "")
        return (*found, "")


class _People:
    """The respondents, and how many of them share a combination."""

    def __init__(self, cases: pd.DataFrame, ladders: Mapping[str, _Ladder], smallest: int) -> None:
        self.ladders, self.smallest = ladders, smallest
        values = zip(*(_words(cases[name]) for name in ladders), strict=True) if ladders else [()] * len(cases)
        self.people = [tuple(set(each.above(value)) for each, value in zip(ladders.values(), row, strict=True)) for row in values]
        self.known: dict[_Values, int] = {}

    def share(self, combination: _Values) -> int:
        """How many have each value of it, or one that belongs to it."""
        if combination not in self.known:
            self.known[combination] = sum(
                all(value in there for value, there in zip(combination, person, strict=True)) for person in self.people
            )
        return self.known[combination]

    def coarsen(self, combination: _Values) -> _Values | None:
        """The combination by as few steps coarser as need be, the later attributes first; None where nothing is coarse enough."""
        ways = [list(enumerate(each.above(value))) for each, value in zip(self.ladders.values(), combination, strict=True)]
        by_steps = sorted(product(*ways), key=lambda way: (sum(step for step, _ in way), tuple(step for step, _ in way)))
        candidates = (tuple(value for _, value in way) for way in by_steps)
        return next((values for values in candidates if self.share(values) >= self.smallest), None)

    def no_finer(self, mine: _Values, coarse: _Values) -> _Values:
        """The coarse values, but for those of which this quotation shows less."""
        rungs = zip(self.ladders.values(), mine, coarse, strict=True)
        return tuple(there if there in each.above(value) else value for each, value, there in rungs)

    def judge(self, mine: _Values, together: _Values, *, over: bool, most: int) -> tuple[Any, ...]:
        """The row of what was found: how many share it, whether it may stand, what may stand instead, and why."""
        shared = self.share(together)
        fine = shared < self.smallest
        coarse = self.coarsen(together) if fine else mine
        reasons = []
        if fine:
            reasons.append(f"{shared} of the respondents share it; at least {self.smallest} must")
        if coarse is None:
            reasons.append(f"there are fewer than {self.smallest} respondents, so that nobody may be quoted")
        if over:
            reasons.append(f"this person has {most} quotations already")
        instead = self.no_finer(mine, coarse or ("",) * len(mine))
        numbers = shared, not reasons, say_values(together) if fine else "", say_values(instead), self.share(instead)
        return (*numbers, "; ".join(reasons), *instead)


def say_values(values: Sequence[str]) -> str:
    """A combination as it stands beside a quotation."""
    return ", ".join(value for value in values if value)


def _words(values: pd.Series) -> list[str]:
    return ["" if blank else str(value) for value, blank in zip(values, values.isna(), strict=True)]


def _shown(passages: pd.DataFrame, cases: pd.DataFrame, attributes: Sequence[str]) -> list[_Values]:
    own = {name: dict(zip(cases["case_id"], _words(cases[name]), strict=True)) for name in attributes}
    columns = [
        _words(passages[name]) if name in passages.columns else [own[name].get(case, "") for case in passages["case_id"]]
        for name in attributes
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * len(passages)


def _together(passages: pd.DataFrame, shown: Sequence[_Values], ladders: Mapping[str, _Ladder]) -> list[_Values]:
    """What stands beside any quotation of the same person, each attribute as finely as anywhere."""
    finest: dict[str, list[str]] = {}
    for case, values in zip(passages["case_id"], shown, strict=True):
        so_far = finest.setdefault(case, [""] * len(values))
        for at, (value, ladder) in enumerate(zip(values, ladders.values(), strict=True)):
            if (len(ladder.above(value)), value) > (len(ladder.above(so_far[at])), so_far[at]):
                so_far[at] = value
    return [tuple(finest[case]) for case in passages["case_id"]]


def _over(passages: pd.DataFrame, most: int) -> list[bool]:
    """Whether a person has `most` quotations before this one; a person is not counted twice for the same words."""
    order = [name for name in ("source_id", "start", "end", "quote") if name in passages.columns]
    rows = sorted(range(len(passages)), key=lambda row: tuple(passages[name].iloc[row] for name in order))
    seen: dict[str, set[Any]] = {}
    over = [False] * len(passages)
    for row in rows:
        place = tuple(passages[name].iloc[row] for name in order) if order else row
        mine = seen.setdefault(passages["case_id"].iloc[row], set())
        over[row] = place not in mine and len(mine) >= most
        if not over[row]:
            mine.add(place)
    return over


def _check(passages: pd.DataFrame, cases: pd.DataFrame, attributes: Sequence[str], smallest: int, most: int) -> None:
    place = "check_attribution"
    needed = [("passages", passages, ["case_id"]), ("cases", cases, ["case_id", *attributes])]
    problems = []
    for table, there, names in needed:
        found = f"the columns {', '.join(map(str, there.columns))}"
        missing = [name for name in names if name not in there.columns]
        problems += [Problem(place, table, found, f"a column '{name}'", "Add it, or mend its name.") for name in missing]
    for name, number in (("smallest", smallest), ("most", most)):
        if number < 1:
            problems.append(Problem(place, name, str(number), "at least 1", "5 or 10 people, and 3 quotations, are usual."))
    if problems:
        raise TableError(problems)
