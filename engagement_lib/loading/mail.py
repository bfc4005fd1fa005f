"""An e-mail with comments by reference: which of its lines say what about which reference, and which are nobody's comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.references import (
    FORM_RULE,
    GENERAL,
    INSTRUCTION,
    Piece,
    closed_up,
    find_reference,
    unknown_reference,
)

_REFERENCE: Final = re.compile(r"[^\w>]*((?:claim|theme)-[\w.-]*\w|general)(?=\W|$)((?:[ \t]*[:\])–—-])*)(.*)", re.IGNORECASE)
_HEADER: Final = re.compile(r"(?:from|to|cc|bcc|date|sent|subject|reply-to): ?.*", re.IGNORECASE)
_ATTRIBUTION: Final = re.compile(r"(?:On .+ wrote:|-+ ?(?:Original Message|Forwarded message) ?-+)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(?:[ \t]*>)+[ \t]?")
_SIGNATURE: Final = "-- "
_HEADER_RULE: Final = "mail header"
_QUOTED_RULE: Final = "quoted"
_SIGNATURE_RULE: Final = "signature"


def read_mail(text: str, origin: str, known: Mapping[str, str] | None) -> list[Piece]:
    """The pieces of an e-mail, whose lines together make up all of it but for references and blanks."""
    pieces: list[Piece] = []
    problems: list[Problem] = []
    current, signed = GENERAL, False
    for number, line, rule in _lines(text):
        place = f"line {number}"
        bare = _QUOTED.sub("", line, count=1) if rule == _QUOTED_RULE else line
        match = _REFERENCE.fullmatch(bare) if rule in ("", _QUOTED_RULE) else None
        name = find_reference(match[1], known) if match and _sets_off(match, known) else ""
        if match and name is None:
            problems.append(unknown_reference(match[1], origin, place, known))
        if match and name:
            current, bare, signed = name, match[3].strip(), False
            pieces.append(Piece(place, "", name, is_mark=True))
        signed = signed or (line == _SIGNATURE)
        pieces.append(Piece(place, bare, current, rule or (_SIGNATURE_RULE if signed else "")))
    if problems:
        raise TableError(problems)
    return _without_empty_head([piece for piece in _without_wording(pieces, known or {}) if piece.text.strip() or not piece.rule])


def _without_empty_head(pieces: list[Piece]) -> list[Piece]:
    """The pieces without the blank lines above the first reference, where nothing is said there."""
    first = next((at for at, piece in enumerate(pieces) if piece.is_mark), len(pieces))
    head = pieces[:first]
    if any(piece.text.strip() and not piece.rule for piece in head):
        return pieces
    return [piece for piece in head if piece.rule] + pieces[first:]


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Each line with its number, and the rule by which it is not of the reply itself, "" where it is."""
    lines = text.split("\n")
    in_header = False
    for at, line in enumerate(lines):
        after = lines[at + 1] if at + 1 < len(lines) else ""
        is_header = _HEADER.fullmatch(line) is not None
        in_header = is_header and (in_header or at == 0 or _HEADER.fullmatch(after) is not None)
        if in_header:
            yield at + 1, line, _HEADER_RULE
        elif _QUOTED.match(line) or _ATTRIBUTION.fullmatch(line.strip()):
            yield at + 1, line, _QUOTED_RULE
        else:
            yield at + 1, line, ""


def _sets_off(match: re.Match[str], known: Mapping[str, str] | None) -> bool:
    """Whether a line that begins like a reference is one: alone, with a colon or bracket after it, or one that there is."""
    alone = bool(match[2]) or not match[3].strip()
    return alone or (match[1].casefold() != GENERAL and bool(known) and bool(find_reference(match[1], known)))


def _without_wording(pieces: list[Piece], known: Mapping[str, str]) -> Iterator[Piece]:
    """The pieces, with what the form itself says set aside, also where an e-mail has broken its lines anew."""
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        wordings = (known.get(piece.reference, ""), INSTRUCTION) if piece.text.strip() else ()
        length = max((_length_of(wording, pieces[at:]) for wording in wordings), default=0)
        yield from (other._replace(rule=FORM_RULE) for other in pieces[at : at + length])
        yield from [] if length else [piece]
        at += max(length, 1)


def _length_of(wording: str, pieces: list[Piece]) -> int:
    """How many of the first pieces make up this wording and nothing else; 0 where none do."""
    wanted, had = closed_up(wording), ""
    for count, piece in enumerate(pieces, start=1):
        had = closed_up(f"{had} {piece.text}")
        if piece.rule or not wanted.startswith(had):
            return 0
        if had == wanted:
            return count
    return 0
