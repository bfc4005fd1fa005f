"""What a team does to its codebook: each act is one or more events in the study's store, with its author, reason and version.

Nothing is lost by them: what a code was called, where it stood and what was said of it can be had as of any day (`read_codes`),
and each change with the reason for it (`codebook_history`). Codings follow by themselves. An act is held against the codebook as
it stands in the store now, not as it stood when the study was opened; open the study again to see what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final, NoReturn

import pandas as pd

from engagement_lib.coding.events import (
    CODE_ADDED,
    CODE_MERGED,
    CODE_MOVED,
    CODE_RENAMED,
    CODE_RETIRED,
    CODE_SPLIT,
    make_event,
)
from engagement_lib.coding.folding import undone_events
from engagement_lib.coding.logged import log_now
from engagement_lib.coding.passages import in_shape
from engagement_lib.coding.renaming import Codebook, fold_codes
from engagement_lib.coding.store import append_events
from engagement_lib.coding.versions import next_version, version_places
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import SCHEMAS, Study, records

_SAID: Final = tuple(column for column in SCHEMAS["codebook"].columns if column != "code")
# What a part of a code has from it where nothing else is said.
_PASSED_ON: Final = ("parent", "theme", "colour")


def add_code(study: Study, code: str, *, author: str, reason: str, now: datetime, version: str = "", **said: str) -> pd.DataFrame:
    """Add a code to the codebook; one that was retired is brought back. The event that says so, one row.

    Parameters
    ----------
    study
        The act goes to the store in its folder.
    author, reason
        Who does it, and why. The reason is kept beside the change, and may not be blank.
    now
        The present moment, with its time zone.
    version
        The codebook's version to which the act belongs: acts that are decided together may share one. By default it makes a new
        one, the whole number after the highest there is; the codebook in the study's file is version 1.
    **said
        What the codebook says of it: `definition`, `include`, `exclude`, `example`, `counter_evidence`, `parent`, `theme`,
        `colour`.

    Raises
    ------
    TableError
        Where the code stands already, its parent is no code, a name is blank, there is no reason, or `said` names something else.
    StoreError
        Where the store cannot be written; nothing is then changed. So it is with every act.

    Examples
    --------
    >>> from datetime import UTC
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> said = {"author": "AB", "reason": "often said", "now": datetime(2020, 10, 2, 9, tzinfo=UTC)}
    >>> with TemporaryDirectory() as folder:
    ...     study = Study(Path(folder), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    ...     add_code(study, "no-time", definition="Too few hours.", **said)[["kind", "about_id", "value"]].values.tolist()
    [['code added', 'no-time', '{"definition": "Too few hours.", "version": "1"}']]
    """
    desk = _open_desk(study, author, reason, now, version)
    if code in desk.book.rows and code not in desk.book.leaving:
        desk.refuse(f"code '{code}'", "a code that stands already", "a new one", "Say anew what is said of it with change_code.")
    return desk.write((CODE_ADDED, code, desk.checked(code, said)))


def change_code(
    study: Study, code: str, *, author: str, reason: str, now: datetime, version: str = "", **said: str
) -> pd.DataFrame:
    """Say anew what the codebook says of a code, and leave what is not named. The event that says so, one row.

    Options are those of `add_code`; a blank text takes away what was said.

    Raises
    ------
    TableError
        Where there is no such code, nothing is said, or what `add_code` refuses.
    """
    desk = _open_desk(study, author, reason, now, version)
    name = desk.known(code)
    if not said:
        desk.refuse(f"code '{code}'", "nothing to change", "what is to be said anew", f"Name one of {', '.join(_SAID)}.")
    return desk.write((CODE_ADDED, name, desk.checked(name, said)))


def rename_code(
    study: Study, code: str, name: str, *, author: str, reason: str, now: datetime, version: str = ""
) -> pd.DataFrame:
    """Give a code another name: its codings and children follow, whoever made them. The event that says so, one row.

    Raises
    ------
    TableError
        Where there is no such code, or another one is called so.
    """
    desk = _open_desk(study, author, reason, now, version)
    old = desk.known(code)
    if name in desk.book.rows:
        desk.refuse(f"code '{name}'", "a code of that name", "a new name", "Choose another name, or use merge_codes.")
    return desk.write((CODE_RENAMED, old, {"code": name}))


def move_code(
    study: Study, code: str, parent: str, *, author: str, reason: str, now: datetime, version: str = ""
) -> pd.DataFrame:
    """Put a code below another parent, with all that is below it; with "" below none. The event that says so, one row.

    Raises
    ------
    TableError
        Where there is no such code or parent, or the parent is the code or lies below it.
    """
    desk = _open_desk(study, author, reason, now, version)
    name = desk.known(code)
    return desk.write((CODE_MOVED, name, {"parent": desk.parent(name, parent)}))


def merge_codes(
    study: Study, codes: Sequence[str], *, into: str, author: str, reason: str, now: datetime, version: str = ""
) -> pd.DataFrame:
    """Let what was coded with one of several codes count as coded with another; their children hang below it. An event each.

    The definition of the code that stays is as it was: say anew what it holds now with `change_code`.

    Raises
    ------
    TableError
        Where one of them is no code, is merged into itself, or none is named.
    """
    desk = _open_desk(study, author, reason, now, version)
    target, names = desk.known(into), [desk.known(code) for code in ([codes] if isinstance(codes, str) else codes)]
    if not names or target in names or len(set(names)) < len(names):
        found = f"{', '.join(names) or 'no code'} merged into '{target}'"
        desk.refuse(f"code '{target}'", found, "other codes, each once", "Name the codes that are to go.")
    return desk.write(*((CODE_MERGED, name, {"into": target}) for name in names))


def split_code(
    study: Study, code: str, into: pd.DataFrame, *, author: str, reason: str, now: datetime, version: str = ""
) -> pd.DataFrame:
    """Split a code into several, which take its parent, theme and colour where nothing else is said. The event, one row.

    No coding is moved, since only a person can tell which part a passage belongs to: the old code stays in the codebook until
    nothing is coded with it any more. Give it among its parts where it is to stay for good, as a narrower code.

    Parameters
    ----------
    into
        A table "codebook" of the parts, two at least.

    Raises
    ------
    TableError
        Where there is no such code, it is split into fewer than two, or a part's parent is no code.
    """
    desk = _open_desk(study, author, reason, now, version)
    name, parts = desk.known(code), records(in_shape("codebook", into))
    if len(parts) < 2:
        desk.refuse(f"code '{name}'", f"{len(parts)} part", "two parts or more", "Use rename_code or change_code.")
    whole = desk.book.rows[name]
    for part in parts:
        desk.parent(part["code"], part["parent"])
    said = [{column: held or (whole[column] if column in _PASSED_ON else "") for column, held in part.items()} for part in parts]
    value = [{column: held for column, held in part.items() if held} for part in said]
    return desk.write((CODE_SPLIT, name, {"into": value}))


def retire_code(study: Study, code: str, *, author: str, reason: str, now: datetime, version: str = "") -> pd.DataFrame:
    """Take a code out of use: it leaves the codebook once nothing is coded with it, and its children move up. The event, one row.

    Raises
    ------
    TableError
        Where there is no such code, or it was retired before.
    """
    desk = _open_desk(study, author, reason, now, version)
    name = desk.known(code)
    if name in desk.book.leaving:
        expected, remedy = "a code in use", "Code what stands on it anew, or merge it into another."
        desk.refuse(f"code '{name}'", "a code that was retired, and on which codings stand", expected, remedy)
    return desk.write((CODE_RETIRED, name, {}))


@dataclass(frozen=True)
class _Desk:
    """The codebook as it stands in the store now, and who does what to it why."""

    study: Study
    book: Codebook
    author: str
    reason: str
    now: datetime
    version: str

    def refuse(self, place: str, found: str, expected: str, remedy: str) -> NoReturn:
        raise TableError(Problem("codebook", place, found, expected, remedy))

    def known(self, code: str) -> str:
        """The code, which must be one of the codebook."""
        if code not in self.book.rows:
            now_called, near = self.book.present(code), get_close_matches(code, list(self.book.rows), n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else "Mend its name, or add it."
            remedy = f"It became '{now_called}'." if now_called in self.book.rows else remedy
            self.refuse(f"code '{code}'", "no code of this name", "a code of the codebook", remedy)
        return code

    def parent(self, code: str, parent: str) -> str:
        """The parent, which must be "" or a code that does not lie below the code itself."""
        if parent and code in (self.known(parent), *self.book.parents_of(parent)):
            self.refuse(f"code '{code}'", f"the parent '{parent}'", "one that does not lie below it", "Move that one first.")
        return parent

    def checked(self, code: str, said: Mapping[str, str]) -> dict[str, str]:
        """What is said of a code, which must be what a codebook can say."""
        for name in said:
            if name not in _SAID:
                self.refuse(f"code '{code}'", f"'{name}'", f"one of {', '.join(_SAID)}", "Mend its name.")
        self.parent(code, said.get("parent", ""))
        return dict(said)

    def write(self, *acts: tuple[str, str, Mapping[str, Any]]) -> pd.DataFrame:
        """The events, once they stand in the store."""
        for _, code, value in acts:
            if not all(str(name).strip() for name in (code, value.get("code", code))):
                self.refuse("a code", "no name", "a name for the code", "Give it one.")
        events = [
            make_event(kind, code, author=self.author, value={**value, "version": self.version}, reason=self.reason)
            for kind, code, value in acts
        ]
        return append_events(self.study.folder, pd.DataFrame(events), now=self.now)


def _open_desk(study: Study, author: str, reason: str, now: datetime, version: str) -> _Desk:
    if not reason.strip():
        remedy = "Say why: in a year nobody will know."
        raise TableError(Problem("codebook", "reason", "a change without a reason", "a reason in words", remedy))
    log = log_now(study)
    file = study.history.get("codebook", study.codebook)
    book = fold_codes(log, undone_events(log), file)
    return _Desk(study, book, author, reason, now, version or next_version(version_places(log), file))
