"""The codebook folded from its events: codes added, renamed, moved, merged, split and retired, and what became of older names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.events import CODE_ADDED, CODE_KINDS, CODE_MERGED, CODE_MOVED, CODE_RENAMED, CODE_SPLIT, read_values
from engagement_lib.tables import SCHEMAS, TEXT, empty_table, records

_COLUMNS: Final = tuple(SCHEMAS["codebook"].columns)
# Before every event: where the codes of a codebook's own file begin.
START: Final = -1.0
_NEVER: Final = float("inf")


@dataclass
class Codebook:
    """Codes while events are folded into them.

    `rows` holds each code's row by its present name, `leaving` those that are retired, `now` what became of names that are no
    code's any more, `born` when each name became a code's, and `moves` which name became which and when, in that order. When is
    the place of the event in the log.
    """

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    leaving: set[str] = field(default_factory=set)
    now: dict[str, str] = field(default_factory=dict)
    born: dict[str, list[float]] = field(default_factory=dict)
    moves: list[tuple[float, str, str]] = field(default_factory=list)

    def present(self, name: str) -> str:
        """What a code is called now that once had this name."""
        while name in self.now:
            name = self.now[name]
        return name

    def add(self, place: float, name: str, said: dict[str, Any]) -> None:
        """Add a code; of one that stands, what is said replaces what was."""
        self._begin(place, name)
        blank = dict.fromkeys(_COLUMNS, "")
        told = {column: held for column, held in said.items() if column in blank}
        # The parents of a file are left as they are, so that what is wrong with them can be told.
        parent = told.pop("parent", None) if place > START else None
        self.rows[name] = self.rows.get(name, blank) | told | {"code": name}
        self.leaving.discard(name)
        if parent is not None:
            self.place_below(name, self.present(parent))

    def place_below(self, name: str, parent: str) -> None:
        """Give a code another parent, "" for none; left out where the code would then be among its own parents.

        Two people may each move a code below the other's without knowing of it: the earlier move holds.
        """
        if name in self.rows and name not in (parent, *self.parents_of(parent)):
            self.rows[name] = self.rows[name] | {"parent": parent}

    def parents_of(self, name: str) -> list[str]:
        """The codes above a code, the nearest first; each once where they go round."""
        above: list[str] = []
        while (name := self.rows.get(name, {}).get("parent", "")) and name not in above:
            above.append(name)
        return above

    def move(self, place: float, old: str, new: str) -> None:
        """Let what is coded with one name count as coded with another; a code keeps its place in the book when it is renamed."""
        if old == new:
            return
        if new not in self.rows and old in self.rows:
            self.rows = {new if name == old else name: row for name, row in self.rows.items()}
            self.rows[new] = self.rows[new] | {"code": new}
            if old in self.leaving:
                self.leaving.add(new)
        below = old in self.parents_of(new)
        gone = self.rows.pop(old, {})
        self._begin(place, new)
        for row in self.rows.values():
            if row["parent"] == old:
                row["parent"] = new
        if below:
            self.rows[new]["parent"] = gone.get("parent", "")
        self.leaving.discard(old)
        self.now[old] = new
        self.moves.append((place, old, new))

    def table(self, used: Collection[str]) -> pd.DataFrame:
        """The codebook: the codes that were not retired, and of the others those in use.

        What hung below a code that has left hangs below that one's parent.
        """
        gone = {name for name in self.leaving if name not in used}
        kept = [row | {"parent": self._nearest(name, gone)} for name, row in self.rows.items() if name not in gone]
        return pd.DataFrame(kept, columns=list(_COLUMNS)).astype(TEXT) if kept else empty_table("codebook")

    def _nearest(self, name: str, gone: Collection[str]) -> str:
        """The nearest code above a code that has not left."""
        return next((above for above in self.parents_of(name) if above not in gone), "")

    def _begin(self, place: float, name: str) -> None:
        if name not in self.rows or name in self.now:
            self.born.setdefault(name, []).append(place)
        self.now.pop(name, None)


def fold_codes(log: pd.DataFrame, undone: Collection[str], codebook: pd.DataFrame) -> Codebook:
    """The codes of a file, and what the events of a log in order have made of them.

    Of the events whose ids are in `undone` none holds; but a code whose adding was undone is retired and not gone, since others
    may have coded with it meanwhile.
    """
    book = Codebook()
    for _ in fold_steps(book, log, undone, codebook):
        pass
    return book


def fold_steps(book: Codebook, log: pd.DataFrame, undone: Collection[str], codebook: pd.DataFrame) -> Iterator[dict[str, str]]:
    """The events about codes that hold, one by one, each as soon as it has been folded into the book, after those of the file."""
    for row in records(codebook):
        book.add(START, row["code"], row)
    about = log[log["kind"].isin(CODE_KINDS)]
    for place, event, value in zip(about.index, records(about), read_values(about), strict=True):
        name = event["about_id"]
        if event["event_id"] in undone:
            if event["kind"] == CODE_ADDED and name not in book.rows:
                book.add(place, name, value)
                book.leaving.add(name)
        else:
            _apply(book, place, event["kind"], name, value)
            yield event


def code_names(log: pd.DataFrame) -> set[str]:
    """Every name that a code has had in a log: a file may still call it by any of them."""
    about = log[log["kind"].isin(CODE_KINDS)]
    values = read_values(about)
    parts = {part["code"] for value in values if isinstance(value.get("into"), list) for part in value["into"]}
    return {*about["about_id"], *parts, *(value["code"] for value in values if "code" in value)}


def _apply(book: Codebook, place: float, kind: str, name: str, value: dict[str, Any]) -> None:
    if kind == CODE_ADDED:
        book.add(place, name, value)
    elif kind == CODE_RENAMED:
        book.move(place, book.present(name), value["code"])
    elif kind == CODE_MOVED:
        book.place_below(book.present(name), book.present(value["parent"]))
    elif kind == CODE_MERGED:
        book.move(place, book.present(name), book.present(value["into"]))
    else:
        book.leaving.add(book.present(name))
        for part in value["into"] if kind == CODE_SPLIT else ():
            book.add(place, part["code"], part)


def present_names(codes: Iterable[str], places: npt.NDArray[np.float64], book: Codebook) -> pd.Series:
    """What each code is called now, from the name that it had when it was given.

    A name may have become another code's since. What was given before that is the code that had the name then, also where
    somebody who had not heard of the change still gave it by its old name.
    """
    numbers, names = pd.factorize(pd.Series(codes, dtype=TEXT))
    known = {name: number for number, name in enumerate(names)}
    for place, old, new in book.moves:
        if old in known:
            again = min((born for born in book.born.get(old, ()) if born > place), default=_NEVER)
            numbers = np.where((numbers == known[old]) & (places < again), known.setdefault(new, len(known)), numbers)
    return pd.Series(pd.Index(list(known), dtype=TEXT).take(numbers), dtype=TEXT)
