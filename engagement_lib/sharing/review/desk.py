"""The reviewer's desk: answers the page's messages, and says "saved" only of what the store has committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.events import IDENTIFIER_DECIDED, MARKS, REDONE, SOURCE_SIGNED_OFF, UNDONE, in_log_order, make_event
from engagement_lib.coding.folding import undone_events
from engagement_lib.coding.store import append_events, read_events
from engagement_lib.coding.undoing import last_done, last_undone
from engagement_lib.errors import EngagementError, Problem, TableError
from engagement_lib.loading.text import sha256
from engagement_lib.privacy.decisions import DECISIONS, EVERYWHERE, HERE, NOT_ONE, SAME, identifier_decisions, signed_off
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.privacy.review import review_queue
from engagement_lib.sharing.review.model import KINDS, known_names, queue_items, source_rows
from engagement_lib.tables import Study, records

WAIT: Final = 5.0
_KINDS: Final = (IDENTIFIER_DECIDED, SOURCE_SIGNED_OFF)
_REMEMBERED: Final = 500
_ADVICE: Final = "Run the cell again, so that the page and the study are of one mind."

Message = Mapping[str, Any]


@dataclass
class ReviewDesk:
    """What one reviewer works on. `answer` takes a message of the page and gives the reply to it; `clock` tells the time."""

    study: Study
    reviewer: str
    clock: Callable[[], datetime]
    source_id: str = ""
    model: str = ""
    wait: float = WAIT
    findings: pd.DataFrame = field(init=False)
    _queue: pd.DataFrame = field(init=False)
    _texts: dict[str, str] = field(init=False)
    _replies: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        sources = self.study.sources[self.study.sources["text"] != ""]
        self._texts = dict(zip(sources["source_id"], sources["text"], strict=True))
        if not self._texts:
            raise TableError(Problem("review", "sources", "no source with words", "one or more", "Add transcripts or answers."))
        self.findings = find_identifiers(sources, cases=self.study.cases, model=self.model)
        self._queue = review_queue(sources, self.findings, cases=self.study.cases)
        self._check_source(self.source_id or next(iter(self._texts)))
        rows = self.sources()
        self.source_id = self.source_id or next((row["source_id"] for row in rows if not row["signed_off"]), rows[0]["source_id"])

    def answer(self, message: Message) -> dict[str, Any]:
        """The reply to a message; to one that was answered before, the same again, and nothing is done twice."""
        request = str(message.get("request", ""))
        if request in self._replies:
            return self._replies[request]
        try:
            reply = {"request": request, **self._answer(message)}
        except EngagementError as error:
            found = error.problems[0]
            words = f"{found.file}: found {found.found}; expected {found.expected}."
            return {"kind": "failed", "request": request, "problem": words, "remedy": found.remedy}
        if request and reply["kind"] != "state":
            self._replies[request] = reply
            for old in list(self._replies)[:-_REMEMBERED]:
                del self._replies[old]
        return reply

    def events(self) -> pd.DataFrame:
        """The decisions and sign-offs in force, by everybody, as the store has them now."""
        log = self._log()
        return log[log["kind"].isin(_KINDS) & ~log["event_id"].isin(undone_events(log))].reset_index(drop=True)

    def sources(self, events: pd.DataFrame | None = None) -> list[dict[str, Any]]:
        """Each source with whether it is signed off, by whom, and how many entries of it are not decided."""
        held = self.events() if events is None else events
        return source_rows(self._items(held), signed_off(self._table(), held))

    def _answer(self, message: Message) -> dict[str, Any]:
        kind = message.get("kind")
        if kind == "ping":
            return {"kind": "alive"}
        if kind == "open":
            return self._open(str(message.get("source_id") or self.source_id))
        if kind in ("undo", "redo"):
            return self._step(kind)
        if kind == "settle":
            return self._save(kind, self._decision(message))
        if kind == "finish":
            return self._sign(self._check_source(message.get("source_id")))
        raise _refuse("kind", kind, "an act that the page knows")

    def _open(self, source_id: str) -> dict[str, Any]:
        self.source_id = self._check_source(source_id)
        known = known_names(self.findings)
        said = {
            "kind": "state",
            "title": self.study.settings.title,
            "reviewer": self.reviewer,
            "kinds": list(KINDS),
            "known": known,
        }
        return said | self._state(self.events())

    def _state(self, events: pd.DataFrame) -> dict[str, Any]:
        items = self._items(events)
        rows = source_rows(items, signed_off(self._table(), events))
        return {"source_id": self.source_id, "items": items[self.source_id], "sources": rows}

    def _items(self, events: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
        return queue_items(self._queue, self._texts, identifier_decisions(events, self._table()))

    def _table(self) -> pd.DataFrame:
        return pd.DataFrame({"source_id": list(self._texts), "text": list(self._texts.values())})

    def _log(self) -> pd.DataFrame:
        known = self.study.history.get("log", self.study.events)
        both = pd.concat([known, read_events(self.study.folder, wait=self.wait)], ignore_index=True)
        return in_log_order(both.drop_duplicates("event_id"))

    def _decision(self, message: Message) -> dict[str, str]:
        source, start, end = self._check_source(message.get("source_id")), message.get("start"), message.get("end")
        text = self._texts[source]
        if not (type(start) is int and type(end) is int and 0 <= start < end <= len(text)):
            raise _refuse("start and end", f"{start} and {end}", f"a stretch of '{source}'")
        said = {name: message.get(name, "") for name in ("decision", "of", "same_as", "scope")}
        if said["decision"] not in DECISIONS or said["scope"] not in (HERE, EVERYWHERE):
            raise _refuse("decision", said["decision"], f"one of {', '.join(DECISIONS)}, {HERE} or {EVERYWHERE}")
        value = {"decision": said["decision"], "quote": text[start:end], "scope": said["scope"]}
        value |= {} if said["decision"] == NOT_ONE else {"kind": str(said["of"])}
        value |= {"same_as": str(said["same_as"])} if said["decision"] == SAME else {}
        return make_event(IDENTIFIER_DECIDED, f"{source}:{start}-{end}", author=self.reviewer, value=value)

    def _sign(self, source: str) -> dict[str, Any]:
        left = next(row["left"] for row in self.sources() if row["source_id"] == source)
        if left:
            return {"kind": "nothing", "act": "finish", "left": left, "state": self._state(self.events())}
        value = {"text_sha256": sha256(self._texts[source])}
        return self._save("finish", make_event(SOURCE_SIGNED_OFF, source, author=self.reviewer, value=value))

    def _save(self, act: str, event: dict[str, str]) -> dict[str, Any]:
        """Append an event, unless the same stands as the last word already; the reply comes when it is committed."""
        held = self.events()
        last = held[(held["kind"] == event["kind"]) & (held["about_id"] == event["about_id"])].tail(1)
        names = ["author", "value"]
        if not (len(last) and last[names].iloc[0].to_dict() == {name: event[name] for name in names}):
            append_events(self.study.folder, pd.DataFrame([event]), now=self.clock(), wait=self.wait)
        return {"kind": "saved", "act": act, "state": self._state(self.events())}

    def _step(self, kind: str) -> dict[str, Any]:
        """Take back the reviewer's last act in this page, or bring it back."""
        log = self._log()
        acts = log[(log["author"] == self.reviewer) & log["kind"].isin((*_KINDS, *MARKS))]
        mine = acts[acts["kind"].isin(_KINDS) | acts["about_id"].isin(acts.loc[acts["kind"].isin(_KINDS), "event_id"])]
        about = last_done(mine) if kind == "undo" else last_undone(mine)
        if not about:
            return {"kind": "nothing", "act": kind}
        event = make_event(UNDONE if kind == "undo" else REDONE, about, author=self.reviewer)
        append_events(self.study.folder, pd.DataFrame([event]), now=self.clock(), wait=self.wait)
        what = records(log[log["event_id"] == about].reset_index(drop=True))[0]
        return {"kind": "saved", "act": kind, "undone": f"{what['kind']} {what['about_id']}", "state": self._state(self.events())}

    def _check_source(self, source: object) -> str:
        if not isinstance(source, str) or source not in self._texts:
            raise _refuse("source_id", source, "a source of the study with words")
        return source


def _refuse(place: str, found: object, expected: str) -> TableError:
    return TableError(Problem("review", place, repr(found), expected, _ADVICE))
