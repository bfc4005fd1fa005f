"""The desk: answers the page's messages, and says "saved" only of what the store has committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.events import (
    CODING_ADDED,
    MARKS,
    MEMO,
    REDONE,
    UNDONE,
    make_event,
    read_values,
)
from engagement_lib.coding.page.acts import PAGE_KINDS, Acting, Message, read_act
from engagement_lib.coding.page.comparing import Differences, compare_model
from engagement_lib.coding.page.model import (
    code_rows,
    coded_sources,
    coding_rows,
    fold_study,
    memo_rows,
    own_codings,
    recent_codes,
    source_model,
    source_rows,
)
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.coding.undoing import last_done, last_undone
from engagement_lib.errors import EngagementError, Problem, TableError
from engagement_lib.loading.text import normalise, sha256
from engagement_lib.privacy.clearance import read_place
from engagement_lib.tables import Study, records

# How long others who write are waited for while somebody looks on.
WAIT: Final = 5.0
_REMEMBERED: Final = 500
# What would stand there twice if it were added again; of the other acts a second one changes nothing.
_ONCE: Final = (CODING_ADDED, MEMO)


@dataclass
class Desk:
    """What one coder works on. `answer` takes a message of the page and gives the reply to it.

    `coder` is whose codings are shown and made: "consensus" where `pair` names two coders to compare, and `settled_by` the person
    who settles. `differences` finds where two coders differ; `clock` tells the time.
    """

    study: Study
    coder: str
    clock: Callable[[], datetime]
    source_id: str = ""
    pair: tuple[str, str] | None = None
    settled_by: str = ""
    differences: Differences | None = None
    wait: float = WAIT
    acting: Acting = field(init=False)
    _replies: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)
    _models: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        names = coded_sources(self.study)
        if not names:
            remedy = "Add transcripts or answers to the study."
            raise TableError(Problem("coding page", "sources", "no source with words", "one or more", remedy))
        texts = dict(zip(self.study.sources["source_id"], self.study.sources["text"], strict=True))
        layer = CONSENSUS if self.coder == CONSENSUS else INDEPENDENT
        reason = f"settled by {self.settled_by}" if self.settled_by else ""
        self.acting = Acting(self.coder, {name: texts[name] for name in names}, (), set(), layer=layer, reason=reason)
        self._known(self.source_id or names[0])
        tables = self._fold()
        self.source_id = self.source_id or self._first_unfinished(tables)
        # Split now, so that the first source opens in the page without a wait.
        self._model(self.source_id)

    def answer(self, message: Message) -> dict[str, Any]:
        """The reply to a message; to one that was answered before, the same again, and nothing is done twice."""
        request = str(message.get("request", ""))
        if request in self._replies:
            return self._replies[request]
        try:
            reply = self._answer(message)
        except EngagementError as error:
            found = error.problems[0]
            # Nothing was saved, so that the same message may be sent again and do what it says.
            words = f"{found.file}: found {found.found}; expected {found.expected}."
            return {"kind": "failed", "request": request, "problem": words, "remedy": found.remedy}
        reply = {"request": request, **reply}
        if request and reply["kind"] != "state":
            self._replies[request] = reply
            for old in list(self._replies)[:-_REMEMBERED]:
                del self._replies[old]
        return reply

    def _answer(self, message: Message) -> dict[str, Any]:
        kind = message.get("kind")
        if kind == "ping":
            return {"kind": "alive"}
        if kind == "open":
            return self._open(self._shown(message))
        if kind in ("undo", "redo"):
            return self._step(kind, message)
        if kind == "agree":
            return self._agree(message)
        events = read_act(message, self.acting)
        return self._save(events, message)

    def _shown(self, message: Message) -> str:
        """The source that the page shows; two views of one page may show two."""
        source_id = str(message.get("source_id") or self.source_id)
        self._known(source_id)
        return source_id

    def _known(self, source_id: str) -> None:
        if source_id not in self.acting.texts:
            remedy = "Mend its name; study.sources lists them, with the reason where one is empty."
            raise TableError(
                Problem("coding page", "source_id", f"no source '{source_id}' with words", "a source of the study", remedy)
            )

    def _fold(self) -> dict[str, pd.DataFrame]:
        """The tables as the store has them now; what acts may be about is brought up to date with them."""
        tables, log = fold_study(self.study, wait=self.wait)
        mine = log[(log["kind"] == CODING_ADDED) & (log["author"] == self.coder)]["about_id"]
        own = {*own_codings(tables, self.coder)["coding_id"], *mine}
        self.acting = replace(self.acting, codes=set(tables["codebook"]["code"]), codings=own)
        return tables

    def tables(self) -> dict[str, pd.DataFrame]:
        """The study's tables as its store has them now."""
        return self._fold()

    def _first_unfinished(self, tables: Mapping[str, pd.DataFrame]) -> str:
        rows = source_rows(self.study, tables, self.coder)
        return str(next((row["source_id"] for row in rows if not row["finished"]), rows[0]["source_id"]))

    def _open(self, source_id: str) -> dict[str, Any]:
        tables = self._fold()
        return self._codings(tables, source_id) | {
            "kind": "state",
            "study": sha256(str(self.study.folder.resolve()))[:32],
            "title": self.study.settings.title,
            "coder": self.coder,
            "source": self._model(source_id),
            "codes": code_rows(tables),
            "recent": recent_codes(own_codings(tables, self.coder)),
        }

    def _model(self, source_id: str) -> dict[str, Any]:
        """A source as the page is sent it; its text never changes."""
        if source_id not in self._models:
            self._models[source_id] = source_model(self.study, source_id)
        return self._models[source_id]

    def _codings(self, tables: Mapping[str, pd.DataFrame], source_id: str) -> dict[str, Any]:
        """What a coder's acts may change, as it stands."""
        mine: dict[str, Any] = {
            "source_id": source_id,
            "codings": coding_rows(own_codings(tables, self.coder), source_id),
            "memos": memo_rows(tables, source_id, self.coder),
            "sources": source_rows(self.study, tables, self.coder),
        }
        if self.pair and self.differences:
            mine["compare"] = compare_model(self.study, tables, source_id, self.pair, self.differences)
        return mine

    def _save(self, events: list[dict[str, str]], message: Message) -> dict[str, Any]:
        there = self._standing(events, again=message.get("again") is True)
        new = [event for event, held in zip(events, there, strict=True) if not held]
        ids = [held for held in there if held]
        if new:
            saved = append_events(self.study.folder, pd.DataFrame(new), now=self.clock(), wait=self.wait)
            ids += [str(one) for one in saved["event_id"]]
            self.acting = replace(
                self.acting,
                codings={*self.acting.codings, *(event["about_id"] for event in new if event["kind"] == CODING_ADDED)},
            )
        reply = {"kind": "saved", "act": message["kind"], "event_id": ids[0], "event_ids": ids}
        return reply if self.pair is None else reply | {"state": self._codings(self._fold(), self._shown(message))}

    def _standing(self, events: list[dict[str, str]], *, again: bool) -> list[str]:
        """For each event the id of the same one where it was saved already and the answer lost, "" where it is new.

        Only what is sent again is looked up: the log of a long study takes a while to read, and a coder waits.
        """
        if not again and not any(event["about_id"] in self.acting.codings for event in events if event["kind"] == CODING_ADDED):
            return [""] * len(events)
        log = read_events(self.study.folder, author=self.coder, wait=self.wait)
        held = {(row["kind"], row["about_id"], row["value"]): row["event_id"] for row in records(log) if row["kind"] in _ONCE}
        return [held.get((event["kind"], event["about_id"], normalise(event["value"])), "") for event in events]

    def _step(self, kind: str, message: Message) -> dict[str, Any]:
        """Take back the coder's last act in this page, or bring it back."""
        log = read_events(self.study.folder, author=self.coder, wait=self.wait)
        acts = log[log["kind"].isin((*PAGE_KINDS, *MARKS))]
        about = last_done(acts) if kind == "undo" else last_undone(acts)
        if not about:
            return {"kind": "nothing", "act": kind}
        event = make_event(UNDONE if kind == "undo" else REDONE, about, author=self.coder, reason=self.acting.reason)
        saved = append_events(self.study.folder, pd.DataFrame([event]), now=self.clock(), wait=self.wait)
        what = log[log["event_id"] == about].reset_index(drop=True)
        return {
            "kind": "saved",
            "act": kind,
            "event_id": str(saved["event_id"].iloc[0]),
            "undone": self._described(what, log),
            "state": self._codings(self._fold(), self._shown(message)),
        }

    def _described(self, event: pd.DataFrame, log: pd.DataFrame) -> dict[str, Any]:
        """The event that a step was about: its kind, and the place, and the coding's code, where it was about one."""
        row = records(event)[0]
        added = log[(log["kind"] == CODING_ADDED) & (log["about_id"] == row["about_id"])].tail(1).reset_index(drop=True)
        coding = read_values(added)[0] if len(added) else {}
        place = read_place(row["about_id"]) if row["about_type"] == "passage" else None
        about: dict[str, Any] = dict(zip(("source_id", "start", "end"), place or (), strict=False))
        about |= {name: coding[name] for name in ("source_id", "start", "end", "code") if name in coding}
        return {"kind": row["kind"], "about_id": row["about_id"], **about}

    def _agree(self, message: Message) -> dict[str, Any]:
        """Take into the consensus what both coders gave, all at once."""
        source_id = self._shown(message)
        agreed = self._codings(self._fold(), source_id).get("compare", {}).get("agreed", [])
        events = [event for row in agreed for event in read_act(row | {"kind": "code", "source_id": source_id}, self.acting)]
        return self._save(events, message) if events else {"kind": "nothing", "act": "agree"}
