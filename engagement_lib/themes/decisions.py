"""What people decide about themes (names, merges, splits, exclusions, answers moved), and its replay on themes found anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.coding.event_checks import THEME_DECISIONS, check_events
from engagement_lib.coding.events import THEME_DECISION, in_log_order, make_event, read_values
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import TEXT, records
from engagement_lib.themes.answers import different_texts, text_keys
from engagement_lib.themes.encoders import Vectors
from engagement_lib.themes.ledger import FADED, MERGED, SPLIT
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.records import text_mark

REPLAYED: Final = {
    **dict.fromkeys(("event_id", "author", "decision", "theme_id", "about"), TEXT),
    "holds": "bool",
    "reason": TEXT,
}


def theme_decision(
    decision: str,
    theme_id: str,
    *,
    author: str,
    name: str = "",
    into: str = "",
    answers: pd.DataFrame | None = None,
    reason: str = "",
) -> dict[str, str]:
    """One decision about a theme as a new event, to be added to the store with `append_events`.

    Parameters
    ----------
    decision
        "name"; "merge" (the theme goes `into` another); "split" (the `answers` leave it and become the theme `into`, an id that
        no theme has: `next_theme_id`); "exclude" or "include" (whether it counts in what is reported); "move" (the `answers` go
        to this theme, wherever they are). Answers that are word for word the same go together.
    theme_id
        The lasting id of the theme that it is about.
    answers
        Segments with their `quote`. The event holds a hash of each and no word of it.
    reason
        Why.

    Raises
    ------
    TableError
        Where there is no such decision, or it lacks what it needs.

    Examples
    --------
    >>> theme_decision("name", "T01", author="AB", name="Nobody answers")["value"]
    '{"decision": "name", "name": "Nobody answers"}'
    """
    texts = "" if answers is None else " ".join(sorted({text_mark(key) for key in text_keys(answers["quote"])}))
    said = {"name": name, "into": into, "texts": texts}
    if decision not in THEME_DECISIONS:
        expected = f"one of {', '.join(THEME_DECISIONS)}"
        raise TableError(Problem("theme decision", theme_id, f"'{decision}'", expected, "Mend it."))
    needed = THEME_DECISIONS[decision]
    missing = ["answers" if what == "texts" else what for what in needed if not said[what]]
    if missing:
        expected = f"'{missing[0]}' beside the decision '{decision}'"
        raise TableError(Problem("theme decision", theme_id, f"no {' and no '.join(missing)}", expected, "Say it."))
    value = {"decision": decision} | {what: said[what] for what in needed}
    if decision == "move" and answers is not None:
        value["answer"] = ", ".join(f"{row['source_id']} {row['start']}-{row['end']}" for row in records(answers))
    return make_event(THEME_DECISION, theme_id, author=author, value=value, reason=reason)


def decide_themes(themes: ThemeModel, decisions: pd.DataFrame, *, known: frozenset[str] | None = None) -> ThemeModel:
    """The themes as people decided that they should be: a new fitted model; the old one stays as it is.

    Parameters
    ----------
    themes
        A fitted model.
    decisions
        The study's events; those of the kind "theme decision" are replayed in the order of the log.
    known
        The keys of the texts that were there when people decided; a later one goes with the nearer part of a theme that was
        split. All, unless said.

    Returns
    -------
    ThemeModel
        With the names in `ledger_`, `excluded_` (ids of themes that are not to count in what is reported), and `decisions_`, one
        row a decision: `event_id`, `author`, `decision`, `theme_id`, `about`, `holds`, and `reason`, why it could not be
        replayed, else "". One that a later merge of its theme overtook holds.

    Raises
    ------
    TableError
        Where an event does not say what a decision must say.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> named = theme_decision("name", "T01", author="AB", name="Time")
    >>> decide_themes(ThemeModel(encoder="tfidf").fit(answers), pd.DataFrame([named])).ledger_["name"].tolist()
    ['Time']
    """
    themes._check_fitted()
    roll = _open_roll(themes, known)
    told = replay(decisions, roll)
    decided = copy(themes)
    for name in ("themes_", "stability_", "keywords_"):
        decided.__dict__.pop(name, None)
    theme_ids, positions = np.unique(roll.labels.to_numpy(dtype=object).astype(str), return_inverse=True)
    texts, used = different_texts(themes._used), themes._used
    decided._settle(used, texts, themes._vectors, positions.astype(np.intp), theme_ids.tolist())
    decided.ledger_ = _write_ledger(themes.ledger_, roll, theme_ids.tolist(), themes.run)
    decided.decisions_, decided.excluded_ = told, tuple(sorted(roll.excluded))
    decided._fixed = roll.fixed()
    return decided


@dataclass
class Roll:
    """The themes while decisions are replayed: the theme of each text, and what became of each theme."""

    labels: pd.Series
    vectors: Vectors
    known: frozenset[str]
    names: dict[str, str] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    shaped: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    gone: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    def alive(self) -> set[str]:
        """The themes that have a text."""
        return set(self.labels) - {""}

    def fixed(self) -> frozenset[str]:
        """The keys of the texts that a person put where they are, alone or by shaping their theme."""
        return frozenset(self.labels.index[self.labels.isin(self.shaped)]) | frozenset(self.moved)

    def rename(self, theme_id: str, rows: pd.Series) -> None:
        """Give these texts to a theme, in a table of their own."""
        self.labels = self.labels.where(~rows, theme_id)


def replay(decisions: pd.DataFrame, roll: Roll) -> pd.DataFrame:
    """What became of each decision, in the order of the log, now that the roll has been changed by those that hold.

    A decision that was overtaken by a later merge of its theme holds, and changes nothing.

    Parameters
    ----------
    decisions
        Events of the kind "theme decision" that were not undone; others are passed over.
    roll
        The themes to which they are applied; it is changed.

    Returns
    -------
    DataFrame
        `event_id`, `author`, `decision`, `theme_id`, `about` (in words), `holds`, and `reason`, why it does not, else "".

    Raises
    ------
    TableError
        Where an event does not say what a decision must say.
    """
    told = in_log_order(check_events(decisions[decisions["kind"] == THEME_DECISION]))
    values = read_values(told)
    rows = []
    for at, (event, value) in enumerate(zip(records(told), values, strict=True)):
        later = zip(told["about_id"].to_list()[at + 1 :], values[at + 1 :], strict=True)
        overtaken = any(theme == event["about_id"] and then["decision"] == "merge" for theme, then in later)
        reason = _STEPS[value["decision"]](roll, event["about_id"], value, overtaken)
        if not reason and value["decision"] in ("merge", "split"):
            roll.shaped |= {event["about_id"], value["into"]}
        about = {name: event[name] for name in ("event_id", "author")} | {"decision": value["decision"]}
        about |= {"theme_id": event["about_id"], "about": value.get("name") or value.get("into") or value.get("answer") or ""}
        rows.append(about | {"holds": not reason, "reason": reason})
    return pd.DataFrame(rows, columns=list(REPLAYED)).astype(REPLAYED)


def _open_roll(themes: ThemeModel, known: frozenset[str] | None) -> Roll:
    names, ledger = np.array(themes.theme_ids_, dtype=object), themes.ledger_
    faded = ledger.loc[ledger["status"] == FADED, "theme_id"]
    into = {parent: row["theme_id"] for row in records(ledger) for parent in row["parents"].split() if row["status"] != SPLIT}
    return Roll(
        labels=pd.Series(names[themes._themes], index=themes._rows.index, dtype="object"),
        vectors=themes._vectors,
        known=frozenset(themes._rows.index) if known is None else known,
        gone={theme_id: into.get(theme_id, "") for theme_id in faded},
        parents=dict(zip(ledger["theme_id"], ledger["parents"], strict=True)),
    )


def _write_ledger(ledger: pd.DataFrame, roll: Roll, theme_ids: list[str], run: str) -> pd.DataFrame:
    """The ledger with the names, and with what was merged and split just now."""
    rows = {row["theme_id"]: row for row in records(ledger)}
    for theme_id in theme_ids:
        fresh = {"theme_id": theme_id, "name": "", "status": SPLIT, "parents": roll.parents.get(theme_id, "")}
        rows.setdefault(theme_id, fresh | {"first_run": run, "last_run": run})
    for theme_id, into in roll.merged.items():
        rows[theme_id]["status"] = FADED
        parents = {into, theme_id, *(rows[into]["parents"].split() if rows[into]["status"] == MERGED else ())}
        rows[into] |= {"status": MERGED, "parents": " ".join(sorted(parents))}
    for theme_id, row in rows.items():
        row["name"] = roll.names.get(theme_id, row["name"])
        row["status"] = row["status"] if theme_id in theme_ids else FADED
    table = pd.DataFrame(list(rows.values()), columns=list(ledger.columns)).astype(ledger.dtypes)
    return table.sort_values("theme_id", ignore_index=True)


def _absent(roll: Roll, theme_id: str) -> str:
    """Why a decision about a theme that is not there cannot be replayed."""
    into = roll.gone.get(theme_id, "")
    if into:
        return f"{theme_id} was merged into {into}"
    return f"{theme_id} has faded" if theme_id in roll.gone else f"there is no theme {theme_id}"


def _name(roll: Roll, theme_id: str, value: Mapping[str, Any], overtaken: bool) -> str:
    roll.names[theme_id] = value["name"]
    return "" if overtaken or theme_id in roll.alive() else _absent(roll, theme_id)


def _exclude(roll: Roll, theme_id: str, value: Mapping[str, Any], overtaken: bool) -> str:
    (roll.excluded.add if value["decision"] == "exclude" else roll.excluded.discard)(theme_id)
    return "" if overtaken or theme_id in roll.alive() else _absent(roll, theme_id)


def _merge(roll: Roll, theme_id: str, value: Mapping[str, Any], overtaken: bool) -> str:
    into, there = value["into"], roll.alive()
    if theme_id not in there:
        return "" if overtaken or roll.gone.get(theme_id) == into else _absent(roll, theme_id)
    if into not in there:
        return _absent(roll, into)
    if into == theme_id:
        return f"{theme_id} cannot be merged into itself"
    roll.rename(into, roll.labels == theme_id)
    roll.gone[theme_id] = roll.merged[theme_id] = into
    return ""


def _split(roll: Roll, theme_id: str, value: Mapping[str, Any], overtaken: bool) -> str:
    into, there = value["into"], roll.alive()
    if into in there or into in roll.gone:
        return "" if roll.parents.get(into) == theme_id else f"{into} is another theme by now"
    if theme_id not in there:
        return "" if overtaken else _absent(roll, theme_id)
    marked = _marked(roll, value["texts"])
    inside = roll.labels == theme_id
    leaving = inside & marked
    wanted = len(value["texts"].split())
    if 2 * leaving.sum() < wanted:
        return f"of {wanted} different answers that were to leave {theme_id}, {leaving.sum()} are still in it"
    if leaving.sum() == inside.sum():
        return f"nothing would stay in {theme_id}"
    roll.rename(into, leaving | _nearer(roll, inside, leaving))
    roll.parents[into] = theme_id
    return ""


def _move(roll: Roll, theme_id: str, value: Mapping[str, Any], overtaken: bool) -> str:
    if theme_id not in roll.alive():
        return "" if overtaken else _absent(roll, theme_id)
    marked = _marked(roll, value["texts"])
    if not marked.any():
        return "no such answer is among them"
    roll.rename(theme_id, marked)
    roll.moved |= set(roll.labels.index[marked])
    return ""


def _marked(roll: Roll, texts: str) -> pd.Series:
    marks: Iterable[str] = (text_mark(str(key)) for key in roll.labels.index)
    wanted = set(texts.split())
    return pd.Series([mark in wanted for mark in marks], index=roll.labels.index, dtype=bool)


def _nearer(roll: Roll, inside: pd.Series, leaving: pd.Series) -> pd.Series:
    """The texts that have come to a theme since, and lie nearer to those that leave it than to those that stay."""
    since = inside & ~roll.labels.index.isin(roll.known)
    stay = inside & ~leaving & ~since
    if not stay.any():
        stay = inside & ~leaving
    centres = np.array([roll.vectors[rows.to_numpy()].mean(axis=0) for rows in (leaving, stay)])
    lengths = np.linalg.norm(centres, axis=1)
    near = roll.vectors @ (centres / np.where(lengths > 0, lengths, 1)[:, np.newaxis]).T
    return since & pd.Series(near[:, 0] > near[:, 1], index=roll.labels.index)


_Step = Callable[[Roll, str, Mapping[str, Any], bool], str]
_STEPS: Final[Mapping[str, _Step]] = {
    "name": _name,
    "merge": _merge,
    "split": _split,
    "exclude": _exclude,
    "include": _exclude,
    "move": _move,
}
