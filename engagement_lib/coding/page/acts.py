"""Acts: what a coder did in the page, as a message, made into events for the log."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engagement_lib.coding.codings import INDEPENDENT
from engagement_lib.coding.events import (
    CODING_ADDED,
    CODING_STANCE,
    CODING_WITHDRAWN,
    MEMO,
    SOURCE_FINISHED,
    make_event,
)
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import STANCES

SETTLED: Final = "difference settled"
# What undo in the page may take back: nothing that the same person decided elsewhere.
PAGE_KINDS: Final = (CODING_ADDED, CODING_WITHDRAWN, CODING_STANCE, MEMO, SOURCE_FINISHED, SETTLED)
_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Acting:
    """Who acts, and on what: the texts by source, the codes, and the ids of the coder's own codings."""

    coder: str
    texts: Mapping[str, str]
    codes: Collection[str]
    codings: Collection[str]
    layer: str = INDEPENDENT
    reason: str = ""


def read_act(message: Message, acting: Acting) -> list[dict[str, str]]:
    """The events that a message of the page stands for.

    Raises
    ------
    TableError
        Where the message names a source, place, code, coding or stance that there is not.

    Examples
    --------
    >>> acting = Acting("AB", {"P01": "No time."}, ["no-time"], [])
    >>> read_act({"kind": "finish", "source_id": "P01"}, acting)[0]["kind"]
    'source finished'
    """
    kind = message.get("kind")
    if kind == "code":
        return [_code(message, acting)]
    if kind == "withdraw":
        return [_event(acting, CODING_WITHDRAWN, coding) for coding in _own(message, acting)]
    if kind == "stance":
        stance = {"stance": _among(message, "stance", STANCES)}
        return [_event(acting, CODING_STANCE, coding, value=stance) for coding in _own(message, acting)]
    if kind == "memo":
        return [_memo(message, acting)]
    if kind == "finish":
        return [_event(acting, SOURCE_FINISHED, _among(message, "source_id", acting.texts), value={"coder": acting.coder})]
    if kind == "settle":
        return [_settle(message, acting)]
    raise _refuse("kind", kind, "an act that the page knows")


def place_id(source_id: str, start: int, end: int) -> str:
    """How an event names a passage."""
    return f"{source_id}:{start}-{end}"


def _code(message: Message, acting: Acting) -> dict[str, str]:
    coding, (source, start, end) = message.get("id"), _place(message, acting)
    if not (isinstance(coding, str) and _ID.fullmatch(coding)):
        raise _refuse("id", coding, "an id of its own for the coding")
    value = {
        "source_id": source,
        "start": start,
        "end": end,
        "code": _among(message, "code", acting.codes),
        "coder": acting.coder,
        "layer": acting.layer,
        "stance": _among({"stance": STANCES[0], **message}, "stance", STANCES),
        "memo": _text({"text": "", **message}),
        "quote": acting.texts[source][start:end],
    }
    return _event(acting, CODING_ADDED, coding, value=value)


def _memo(message: Message, acting: Acting) -> dict[str, str]:
    text = _text(message)
    if not text.strip():
        raise _refuse("text", text, "some words")
    if "id" in message:
        return _event(acting, MEMO, _own({"ids": [message["id"]]}, acting)[0], about_type="coding", value=text)
    return _event(acting, MEMO, place_id(*_place(message, acting)), about_type="passage", value=text)


def _settle(message: Message, acting: Acting) -> dict[str, str]:
    about = place_id(*_place(message, acting))
    value = {"code": _among(message, "code", acting.codes), "kept": "no"}
    return _event(acting, SETTLED, about, about_type="passage", value=value)


def _event(acting: Acting, kind: str, about: str, *, about_type: str = "", value: str | Mapping[str, Any] = "") -> dict[str, str]:
    return make_event(kind, about, author=acting.coder, about_type=about_type, value=value, reason=acting.reason)


def _own(message: Message, acting: Acting) -> list[str]:
    """The coder's own codings that a message names; nobody changes another's."""
    ids = message.get("ids")
    if not isinstance(ids, list) or not ids or any(not isinstance(one, str) or one not in acting.codings for one in ids):
        raise _refuse("ids", ids, f"codings of '{acting.coder}'")
    return ids


def _place(message: Message, acting: Acting) -> tuple[str, int, int]:
    source = _among(message, "source_id", acting.texts)
    start, end = message.get("start"), message.get("end")
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(acting.texts[source])):
        raise _refuse("start and end", f"{start} and {end}", f"a stretch of '{source}'")
    return source, start, end


def _among(message: Message, name: str, known: Collection[str]) -> str:
    value = message.get(name)
    if not isinstance(value, str) or value not in known:
        raise _refuse(name, value, "one that the study has")
    return value


def _text(message: Message) -> str:
    text = message.get("text")
    if not isinstance(text, str):
        raise _refuse("text", text, "some words")
    return text


def _refuse(place: str, found: object, expected: str) -> TableError:
    remedy = "Run the cell again, so that the page and the study are of one mind."
    return TableError(Problem("coding page", place, repr(found), expected, remedy))
