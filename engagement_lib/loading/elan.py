"""Annotations by ELAN (.eaf): each tier without a parent is a speaker. See the schema EAF 2.8 of the Max Planck Institute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.account import BLANK, SPEAKER, STRUCTURE, TIME, WORDS, Reading, account_of_rows
from engagement_lib.loading.captions import join_turns
from engagement_lib.loading.text import normalise

# Elements around what is said, whose own text would be words that nobody has read; attributes that bind elements together.
_SPEECH: Final = (
    "ANNOTATION_DOCUMENT", "TIME_ORDER", "TIME_SLOT", "TIER", "ANNOTATION", "ALIGNABLE_ANNOTATION", "REF_ANNOTATION",
    "ANNOTATION_VALUE",
)  # fmt: skip
_REFERENCES: Final = ("TIME_SLOT_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2", "ANNOTATION_ID", "ANNOTATION_REF", "TIER_ID")
_NOT_READ: Final = "value that is not read"
_REMEDY: Final = "Open it in ELAN and save it again."


def read_elan(data: bytes, *, origin: str) -> Reading:
    """The turns of an ELAN file in the order of their times: annotations in a row by one speaker are one turn.

    The speaker is the tier's participant, or its name. Tiers below another (words, glosses, translations) and tiers whose values
    come from a controlled vocabulary (gestures) are codes and not what somebody said: they are set aside.

    Raises
    ------
    TranscriptError
        Where the file is not XML, has a DOCTYPE, is no ELAN file, or an annotation stands at a time that is not in it.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        found = f"no XML that may be read ({type(fault).__name__}: {fault})"
        raise TranscriptError(Problem(origin, "", found, "an ELAN file", _REMEDY)) from fault
    if root.tag != "ANNOTATION_DOCUMENT":
        raise TranscriptError(Problem(origin, "", f"the element {root.tag}", "ANNOTATION_DOCUMENT", _REMEDY))
    times = {slot.get("TIME_SLOT_ID", ""): _seconds(slot, origin) for slot in root.iter("TIME_SLOT")}
    coded = {kind.get("LINGUISTIC_TYPE_ID") for kind in root.iter("LINGUISTIC_TYPE") if kind.get("CONTROLLED_VOCABULARY_REF")}
    said: list[tuple[float, Turn]] = []
    became = dict[Any, str]()
    for tier in root.iter("TIER"):
        if tier.get("PARENT_REF") or tier.get("LINGUISTIC_TYPE_REF") in coded:
            rule = "tier below another" if tier.get("PARENT_REF") else "tier with a controlled vocabulary"
            became |= dict.fromkeys(tier.iter("ANNOTATION_VALUE"), f"{rule}: {tier.get('TIER_ID', '')}")
            continue
        speaker = normalise(((tier.get("PARTICIPANT") or "").strip() or tier.get("TIER_ID", "")).strip())
        annotations = list(tier.iter("ALIGNABLE_ANNOTATION"))
        became |= {annotation.find("ANNOTATION_VALUE"): WORDS for annotation in annotations}
        turns = [_turn(annotation, speaker, times, origin) for annotation in annotations]
        said += _placed([turn for turn in turns if turn.words])
    said.sort(key=lambda placed: placed[0])
    return Reading(list(join_turns(turn for _, turn in said)), account_of_rows(_values(root, became)))


def _values(root: Any, became: dict[Any, str]) -> Iterator[list[tuple[str, str]]]:
    """The values in the file, a line an element, and what each became: nothing where words stand that no annotation holds."""
    for element in root.iter():
        speaks = "PARTICIPANT" if (element.get("PARTICIPANT") or "").strip() else "TIER_ID"
        kinds = {speaks: SPEAKER} if element.tag == "TIER" else {"TIME_VALUE": TIME}
        yield [
            (element.tag, STRUCTURE),
            *((value, kinds.get(name, STRUCTURE if name in _REFERENCES else _NOT_READ)) for name, value in element.items()),
            (element.text or "", became.get(element, BLANK if element.tag in _SPEECH else _NOT_READ)),
            (element.tail or "", BLANK),
        ]


def _seconds(slot: Any, origin: str) -> float | None:
    """The time of a slot; one without a time lies somewhere between its neighbours."""
    value = slot.get("TIME_VALUE")
    if value is None:
        return None
    if not value.isdecimal():
        place = f"time slot '{slot.get('TIME_SLOT_ID', '')}'"
        raise TranscriptError(Problem(origin, place, f"'{value}'", "milliseconds", _REMEDY))
    return int(value) / 1000


def _turn(annotation: Any, speaker: str, times: dict[str, float | None], origin: str) -> Turn:
    refs = [annotation.get(f"TIME_SLOT_REF{end}", "") for end in (1, 2)]
    for ref in refs:
        if ref not in times:
            place = f"annotation '{annotation.get('ANNOTATION_ID', '')}'"
            raise TranscriptError(Problem(origin, place, f"time slot '{ref}'", "a slot of the file", _REMEDY))
    words = normalise(" ".join((annotation.findtext("ANNOTATION_VALUE") or "").split()))
    return Turn(speaker, words, time_start=times[refs[0]], time_end=times[refs[1]])


def _placed(turns: list[Turn]) -> list[tuple[float, Turn]]:
    """The turns of a tier with when each begins; one without a time follows the one before it."""
    placed, last = [], 0.0
    for turn in turns:
        last = last if turn.time_start is None else turn.time_start
        placed.append((last, turn))
    return placed
