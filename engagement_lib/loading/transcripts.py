"""One transcript to one row of `sources`, whatever its format.

`READERS` is the registry: a new format is one file beside this one, and one line in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import pandas as pd

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn, write_turns
from engagement_lib.loading.account import Reading
from engagement_lib.loading.cache import TextCache
from engagement_lib.loading.elan import read_elan
from engagement_lib.loading.formats import find_format
from engagement_lib.loading.opendocument import opendocument_text, read_opendocument
from engagement_lib.loading.pdf import pdf_text, read_pdf
from engagement_lib.loading.plain import read_plain
from engagement_lib.loading.rtf import read_rtf, rtf_text
from engagement_lib.loading.speech_json import read_speech_json
from engagement_lib.loading.srt import read_srt
from engagement_lib.loading.text import decode, describe_decoding, normalise, read_bytes, sha256
from engagement_lib.loading.turn_tables import read_turn_table
from engagement_lib.loading.vtt import read_vtt
from engagement_lib.loading.word import read_word, word_text
from engagement_lib.tables import check_table

# Formats that are text and nothing around it.
_PLAIN: Final = (".txt", ".md", ".vtt", ".srt", ".json", ".csv", ".tsv", "")
Way = TypeVar("Way")
# Two hundred hours of talk as JSON with a time for every word.
MOST_BYTES: Final = 100_000_000


class Reader(Protocol):
    """What makes turns of the bytes of one file; `origin` is the file's name, for its messages."""

    def __call__(self, data: bytes, *, origin: str) -> Reading:
        """The turns in these bytes, and what was set aside."""
        ...


READERS: Final[dict[str, Reader]] = {
    ".txt": read_plain,
    ".md": read_plain,
    ".docx": read_word,
    ".odt": read_opendocument,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
    ".vtt": read_vtt,
    ".srt": read_srt,
    ".json": read_speech_json,
    ".eaf": read_elan,
    ".csv": read_turn_table,
    ".tsv": read_turn_table,
    ".xlsx": read_turn_table,
}


TEXTS: Final[dict[str, Callable[..., str]]] = {
    ".txt": decode,
    ".md": decode,
    ".docx": word_text,
    ".odt": opendocument_text,
    ".rtf": rtf_text,
    ".pdf": pdf_text,
}


def read_turns(path: Path | str) -> Reading:
    """The turns in a transcript, and what was set aside.

    Raises
    ------
    TranscriptError
        Where no reader knows the format, the file cannot be read, it holds no words, or any of them is in no turn and not set
        aside either.
    """
    path = Path(path)
    data = _bytes(path)
    reading = _reader(READERS, path, data)(data, origin=path.name)
    if not reading.turns:
        raise _no_words(path)
    reading.account.check(reading.turns, origin=path.name)
    return reading


def read_transcript(
    path: Path | str,
    *,
    kind: str = "interview",
    source_id: str = "",
    case_id: str = "",
    wave: str = "1",
    interviewers: Collection[str] = ("Interviewer", "I"),
    moderators: Collection[str] = ("Moderator",),
    unlabelled_role: str = "unknown",
) -> pd.DataFrame:
    """The transcript as one row of `sources`, its text in the layout of `engagement_lib.layout`; a comment's text as it stands.

    Parameters
    ----------
    path
        A file of a format in `READERS`.
    kind
        "interview", "webinar" or "comment".
    source_id, case_id
        Names for the source (the file's name without its ending where "") and for the person who speaks in it.
    interviewers, moderators
        Speakers whose words are never evidence, as the file spells them, `*` standing for any letters; capitals do not matter.
    unlabelled_role
        The role of words that the file gives to nobody.

    Raises
    ------
    TranscriptError
        Where the file cannot be read without losing a word.
    """
    row = transcript_row(
        Path(path),
        kind=kind,
        source_id=source_id,
        case_id=case_id,
        wave=wave,
        interviewers=interviewers,
        moderators=moderators,
        unlabelled_role=unlabelled_role,
    )
    return check_table("sources", pd.DataFrame([row]), origin=row["origin"])


def transcript_row(
    path: Path, *, kind: str, source_id: str, case_id: str, wave: str, cache: TextCache | None = None, **roles: Any
) -> dict[str, str]:
    """The row of `read_transcript`, from a `cache` where the file was read in this way before."""
    data = _bytes(path)
    read = partial(_text, path, data, kind, **roles)
    made = cache.find(data, {"name": path.name, "kind": kind, **roles}, read) if cache else read()
    named = {"source_id": source_id or path.stem, "case_id": case_id, "kind": kind, "question": "", "wave": wave, "level": "raw"}
    found = {"text_sha256": sha256(made["text"]), "file_sha256": sha256(data), "origin": path.name, "reason": ""}
    return {**named, **made, **found}


def _text(
    path: Path,
    data: bytes,
    kind: str,
    *,
    interviewers: Collection[str],
    moderators: Collection[str],
    unlabelled_role: str,
) -> dict[str, str]:
    """The text of a source, and what was normalised in it."""
    if kind == "comment":
        text = _reader(TEXTS, path, data)(data, origin=path.name).strip()
        if not text:
            raise _no_words(path)
    else:
        role = _role(interviewers, moderators, unlabelled_role)
        text = write_turns(replace(turn, role=role(turn)) for turn in read_turns(path).turns)
    plain = find_format(data, path.name, known=tuple(READERS)) in _PLAIN
    return {"text": text, "normalised": describe_decoding(data, origin=path.name) if plain else ""}


def _bytes(path: Path) -> bytes:
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        found, most = f"{path.stat().st_size / 1e6:,.0f} MB", f"a transcript of at most {MOST_BYTES / 1e6:,.0f} MB"
        raise TranscriptError(Problem(path.name, "", found, most, "Look whether it is a recording; split it if it is words."))
    return read_bytes(path)


def _reader(readers: dict[str, Way], path: Path, data: bytes) -> Way:
    """What reads a file of this content and name."""
    ending = find_format(data, path.name, known=tuple(readers))
    reader = readers.get(ending)
    if reader is None:
        found, known = f"a format without a reader ('{path.suffix}')", ", ".join(readers)
        raise TranscriptError(Problem(path.name, "", found, known, "Save it as one of these."))
    return reader


def _no_words(path: Path) -> TranscriptError:
    return TranscriptError(
        Problem(path.name, "", "no words", "at least one turn", "Export it again, or take it out of the folder.")
    )


def _role(interviewers: Collection[str], moderators: Collection[str], unlabelled: str) -> Callable[[Turn], str]:
    named = [(name, "interviewer") for name in interviewers] + [(name, "moderator") for name in moderators]
    patterns = [(re.compile(re.escape(normalise(name).casefold()).replace(r"\*", ".*")), role) for name, role in named]

    def role(turn: Turn) -> str:
        if turn.role != "unknown":
            return turn.role
        found = (role for pattern, role in patterns if pattern.fullmatch(turn.speaker.casefold()))
        return next(found, "participant") if turn.speaker else unlabelled

    return role
