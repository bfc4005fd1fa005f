"""Do people see the themes? Four quotations, one from another theme: whoever finds it has seen what the other three share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.tables import COUNT, NUMBER, TEXT, row_place
from engagement_lib.themes.model import ThemeModel

SHOWN: Final = 4
CHANCE: Final = 1 / SHOWN
_SPAN: Final = ["source_id", "start", "end"]
ITEMS: Final = {"item": COUNT, "position": COUNT, "source_id": TEXT, "start": COUNT, "end": COUNT, "quote": TEXT}
KEY: Final = {"item": COUNT, "theme_id": TEXT, "intruder": COUNT, "from_theme_id": TEXT}
LEFT_OUT: Final = {"theme_id": TEXT, "reason": TEXT}
SCORES: Final = {
    **dict.fromkeys(("of", "name"), TEXT),
    **dict.fromkeys(("judged", "right"), COUNT),
    **dict.fromkeys(("share", "low", "high", "chance", "p"), NUMBER),
    "reason": TEXT,
}


@dataclass(frozen=True)
class IntrusionTask:
    """A task for judges: `items` is what they see, `key` what they must not, `left_out` the themes for which there is none.

    `items` has one row a quotation: `item`, `position` (1 to 4), `source_id`, `start`, `end`, `quote`. `key` has one row an item:
    `item`, `theme_id`, `intruder` (the position), `from_theme_id`. `left_out` has `theme_id` and `reason`.
    """

    items: pd.DataFrame
    key: pd.DataFrame
    left_out: pd.DataFrame


def intrusion_task(themes: ThemeModel, *, per_theme: int = 3, longest: int = 80, random_state: int = 0) -> IntrusionTask:
    """Items of four quotations, three of a theme and one of another, in an order that is drawn.

    The four are different texts by different respondents.

    Parameters
    ----------
    themes
        A fitted model. Themes that people excluded are left out.
    per_theme
        How many items a theme at most.
    longest
        Segments of more words than this are not drawn.
    random_state
        Of the draws.

    Raises
    ------
    TableError
        If `per_theme` or `longest` is below 1.

    Notes
    -----
    After the word intrusion of Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C. and Blei, D. (2009), *Reading tea leaves*,
    Advances in Neural Information Processing Systems 22, with quotations for words.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> intrusion_task(ThemeModel(encoder="tfidf").fit(answers)).left_out.values.tolist()
    [['T01', 'fewer than two themes']]
    """
    for name, value in (("per_theme", per_theme), ("longest", longest)):
        if value < 1:
            raise TableError(Problem("intrusion_task", name, str(value), "at least 1", "3 and 80 are usual."))
    themes._check_fitted()
    pool = _pool(themes, longest)
    generator = np.random.default_rng(random_state)
    drawn, left_out = [], []
    for theme_id in themes.theme_ids_:
        found, reason = _draw(pool, theme_id, per_theme, generator)
        drawn += [(theme_id, rows) for rows in found]
        if reason:
            left_out.append((theme_id, reason))
    shown, key = [], []
    for item, at in enumerate(generator.permutation(len(drawn)), start=1):
        theme_id, rows = drawn[at]
        order = generator.permutation(SHOWN)
        quotes = pool.loc[np.array(rows)[order]]
        shown.append(quotes.assign(item=item, position=range(1, SHOWN + 1)))
        key.append((item, theme_id, int(np.flatnonzero(order == SHOWN - 1)[0]) + 1, pool.loc[rows[-1], "theme_id"]))
    items = pd.concat(shown, ignore_index=True) if shown else pd.DataFrame(columns=list(ITEMS))
    return IntrusionTask(
        items[list(ITEMS)].astype(ITEMS),
        pd.DataFrame(key, columns=list(KEY)).astype(KEY),
        pd.DataFrame(left_out, columns=list(LEFT_OUT)).astype(LEFT_OUT),
    )


def score_intrusion(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """How often judges found the quotation from elsewhere: one row for all, then one a theme, then one a judge.

    Parameters
    ----------
    answers
        `judge`, `item`, and `answer`, the position that the judge named, blank where there is none.
    key
        That of the task.

    Returns
    -------
    DataFrame
        `of` ("all", "theme" or "judge"), `name`; `judged` (answers), `right`, their `share`, `low` and `high` (Wilson, 95%);
        `chance`, 1 in 4; `p`, how likely as many or more are by guessing (binomial, one side); `reason`, why there is no share.

    Raises
    ------
    TableError
        With every answer that names no position, or an item that the key has not, or comes twice from one judge.

    Notes
    -----
    Judges see the same items, so that the interval for all is too narrow where some items are easy: read it beside the rows of
    judges and themes.

    Examples
    --------
    >>> key = pd.DataFrame({"item": [1], "theme_id": ["T01"], "intruder": [3], "from_theme_id": ["T02"]})
    >>> score_intrusion(pd.DataFrame({"judge": ["AB"], "item": [1], "answer": [3]}), key)[["of", "name", "right", "share"]]
          of name  right  share
    0    all           1    1.0
    1  theme  T01      1    1.0
    2  judge   AB      1    1.0
    """
    told = _check_answers(answers, key).merge(key, on="item")
    told["right"] = told["answer"] == told["intruder"]
    given = told[told["answer"] > 0]
    rows = [("all", "", given)]
    rows += [("theme", theme_id, given[given["theme_id"] == theme_id]) for theme_id in sorted(set(key["theme_id"]))]
    rows += [("judge", judge, given[given["judge"] == judge]) for judge in sorted(set(told["judge"]))]
    return pd.DataFrame([_score(*row) for row in rows], columns=list(SCORES)).astype(SCORES)


def _pool(themes: ThemeModel, longest: int) -> pd.DataFrame:
    """The segments that may be drawn, one for each text and theme, with their respondent."""
    used = themes._used[[*_SPAN, "key", "respondent", "quote"]]
    said = used.merge(themes.assignments_[[*_SPAN, "theme_id"]], on=_SPAN).sort_values(_SPAN)
    short = said["quote"].map(lambda quote: len(quote.split()) <= longest)
    pool = said[short & ~said["theme_id"].isin(getattr(themes, "excluded_", ()))]
    return pool.drop_duplicates("key").reset_index(drop=True)


def _draw(pool: pd.DataFrame, theme_id: str, per_theme: int, generator: np.random.Generator) -> tuple[list[list[int]], str]:
    """Up to so many items of a theme, each as rows of the pool with the intruder last; and why there is none."""
    mine, others = pool[pool["theme_id"] == theme_id], pool[pool["theme_id"] != theme_id]
    if pool["theme_id"].nunique() < 2:
        return [], "fewer than two themes"
    if mine["respondent"].nunique() < SHOWN - 1:
        return [], f"fewer than {SHOWN - 1} respondents with a text that is short enough"
    found = []
    for _ in range(min(per_theme, len(mine) // (SHOWN - 1))):
        people = generator.permutation(np.array(sorted(set(mine["respondent"])), dtype=object))[: SHOWN - 1]
        rows = [int(generator.choice(mine.index[mine["respondent"] == person])) for person in people]
        elsewhere = others.index[~others["respondent"].isin(people)]
        if len(elsewhere):
            found.append([*rows, int(generator.choice(elsewhere))])
    return found, "" if found else "nobody else speaks of another theme"


def _check_answers(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """The answers as numbers, 0 where there is none."""
    missing = [name for name in ("judge", "item", "answer") if name not in answers.columns]
    if missing:
        remedy = "Take the file that the page saves."
        raise TableError(Problem("answers", "header", f"no column '{name}'", "judge, item, answer", remedy) for name in missing)
    table = answers[["judge", "item", "answer"]].astype(object).fillna("").astype(str)
    numbers = {name: pd.to_numeric(table[name].replace("", "0"), errors="coerce") for name in ("item", "answer")}
    known = set(key["item"])
    problems = []
    for row, (judge, item, answer) in enumerate(zip(table["judge"], numbers["item"], numbers["answer"], strict=True)):
        place, remedy = row_place(answers, row), "Mend the cell."
        if item not in known:
            problems.append(Problem("answers", place, f"item '{table['item'].iloc[row]}'", "an item of the key", remedy))
        if answer not in range(SHOWN + 1):
            problems.append(Problem("answers", place, f"answer '{table['answer'].iloc[row]}'", f"1 to {SHOWN}, or none", remedy))
        if not judge.strip():
            problems.append(Problem("answers", place, "no judge", "who answered", remedy))
    twice = pd.DataFrame({"judge": table["judge"], "item": numbers["item"]}).duplicated().to_numpy().nonzero()[0]
    remedy = "Keep one of them."
    problems += [Problem("answers", row_place(answers, row), "an item a second time", "one answer each", remedy) for row in twice]
    if problems:
        raise TableError(problems)
    counts = {name: values.astype(COUNT) for name, values in numbers.items()}
    return table.assign(judge=table["judge"].str.strip().astype(TEXT), **counts).reset_index(drop=True)


def _score(of: str, name: str, given: pd.DataFrame) -> dict[str, Any]:
    from scipy.stats import binom

    judged, right = len(given), int(given["right"].sum())
    low, high = wilson_interval(right, judged)
    return {
        "of": of,
        "name": name,
        "judged": judged,
        "right": right,
        "share": right / judged if judged else np.nan,
        "low": low,
        "high": high,
        "chance": CHANCE,
        "p": float(binom.sf(right - 1, judged, CHANCE)) if judged else np.nan,
        "reason": "" if judged else "nobody has judged it",
    }
