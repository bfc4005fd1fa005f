"""What each character of a file became: words of a turn, a speaker's label, a time, structure, or set aside by a named rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, NamedTuple

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn

BLANK: Final = "blank"
WORDS: Final = "words"
SPEAKER: Final = "speaker"
TIME: Final = "time"
STRUCTURE: Final = "structure"
# What characters become without being set aside.
READ: Final = (BLANK, WORDS, SPEAKER, TIME, STRUCTURE)
_RUN: Final = re.compile(rb"(.)\1*", re.DOTALL)
# A rule for each column of a wide table would be too many to tell apart: those beyond share one.
_MOST_NAMES: Final = 250
# A line break in a value, where a line is a row: Unicode's line separator, which is blank too.
_LINE_IN_VALUE: Final = "\u2028"
_OTHER_RULES: Final = "other rules"


class Piece(NamedTuple):
    """A stretch of a text, and what it became: one of `READ`, or else the rule by which it was set aside."""

    start: int
    end: int
    became: str


class Account:
    """The decoded text of a file, and what a reader made of each character of it.

    A reader takes stretches as it reads; one that is taken again becomes what it is taken for last. What nobody takes must be
    blank: `check` refuses words that are left over.

    Examples
    --------
    >>> account = Account("Ann: Who?")
    >>> account.take(0, 3, SPEAKER)
    >>> account.take(3, 4, STRUCTURE)
    >>> account.take(5, 9, WORDS)
    >>> [(account.text[piece.start : piece.end], piece.became) for piece in account.pieces()]
    [('Ann', 'speaker'), (':', 'structure'), (' ', 'blank'), ('Who?', 'words')]
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._became = bytearray(len(text))
        self._marks = {name: bytes((number,)) for number, name in enumerate(READ)}
        self._spelt: dict[int, tuple[int, str]] = {}

    def take(self, start: int, end: int, became: str, *, spelt: str | None = None) -> None:
        """Say what the characters from `start` to `end` became; `spelt` are the words that they spell in a way of their own."""
        self._became[start:end] = (self._marks.get(became) or self._mark(became)) * (end - start)
        if spelt is not None:
            self._spelt[start] = (end, spelt)

    def put_back(self, removed: Iterable[tuple[int, str, str]]) -> None:
        """Put text that was taken out before reading where it stood: each as its place in the text now, itself, and its rule."""
        texts, became, spelt = [], bytearray(), {}
        at, later = 0, sorted(self._spelt.items(), reverse=True)
        for place, text, rule in [*sorted(removed, key=lambda one: one[0]), (len(self.text), "", BLANK)]:
            while later and later[-1][0] < place:
                start, (end, words) = later.pop()
                moved = len(became) - at
                spelt[start + moved] = (end + moved, words)
            texts += [self.text[at:place], text]
            became += self._became[at:place] + self._mark(rule) * len(text)
            at = place
        self.text, self._became, self._spelt = "".join(texts), became, spelt

    def add(self, text: str, rule: str) -> None:
        """Put text of another part of the file (its header, a footnote) on lines of its own after all else, with its rule."""
        if text.strip():
            self.put_back([(len(self.text), "\n", BLANK), (len(self.text), text, rule)])

    def pieces(self) -> Iterator[Piece]:
        """The text from its first character to its last, in stretches that became one thing."""
        names = list(self._marks)
        for run in _RUN.finditer(self._became):
            yield Piece(run.start(), run.end(), names[run.group()[0]])

    def set_aside(self) -> list[tuple[int, str, str]]:
        """What is no part of a turn, as (line, text, rule)."""
        aside, line, counted = [], 1, 0
        for start, end, became in self.pieces():
            if became not in READ:
                line, counted = line + self.text.count("\n", counted, start), start
                aside.append((line, self.text[start:end], became))
        return aside

    def check(self, turns: Iterable[Turn], *, origin: str) -> None:
        """Hold the account against the turns.

        Raises
        ------
        TranscriptError
            Where something but blanks is left over, with its line, or the turns hold other characters than were taken for words.
        """
        if "".join(self._taken_for(BLANK)).strip():
            raise TranscriptError(self._left_over(origin))
        taken, said = self._words(), "".join("".join(turn.words for turn in turns).split())
        if taken != said and sorted(_bare(taken)) != sorted(_bare(said)):
            found, remedy = "turns that do not hold all its words", "Export it in another format, and tell us of this one."
            raise TranscriptError(Problem(origin, "", found, "every word in one turn", remedy))

    def _mark(self, became: str) -> bytes:
        name = became if became in self._marks or len(self._marks) < _MOST_NAMES else _OTHER_RULES
        return self._marks.setdefault(name, bytes((len(self._marks),)))

    def _taken_for(self, became: str, start: int = 0, end: int | None = None) -> Iterator[str]:
        """The characters between two places that became one thing."""
        alike = bytearray(256)
        alike[self._marks[became][0]] = 1
        return compress(self.text[start:end], self._became[start:end].translate(alike))

    def _words(self) -> str:
        """The characters that were taken for words, as they are spelt, without blanks."""
        parts, at = [], 0
        for start, (end, spelt) in sorted(self._spelt.items()):
            if self._became[start] == self._marks[WORDS][0] and start >= at:
                parts += [*self._taken_for(WORDS, at, start), spelt]
                at = end
        parts += self._taken_for(WORDS, at)
        return "".join("".join(parts).split())

    def _left_over(self, origin: str) -> Problem:
        """The first words that became nothing."""
        at, left = next(
            (start, left) for start, end, became in self.pieces() if became == BLANK and (left := self.text[start:end].strip())
        )
        line = self.text.count("\n", 0, self.text.index(left, at)) + 1
        expected, remedy = "words, a speaker or a time", "Mend the line, or export the file again."
        return Problem(origin, f"line {line}", f"what could not be read: {left[:60]!r}", expected, remedy)


def account_of_rows(rows: Iterable[Sequence[tuple[str, str]]]) -> Account:
    r"""The account of what is no running text: rows of values, each with what it became; the account's text has a line for a row.

    Examples
    --------
    >>> account_of_rows([[("Ann", SPEAKER), ("Who\nknows?", WORDS)], [("n.a.", "column that is not read")]]).set_aside()
    [(2, 'n.a.', 'column that is not read')]
    """
    lines = [[(value.replace("\n", _LINE_IN_VALUE), became) for value, became in row] for row in rows]
    account = Account("\n".join("\t".join(value for value, _ in row) for row in lines))
    at = 0
    for row in lines:
        for value, became in row:
            account.take(at, at + len(value), became)
            at += len(value) + 1
        at += not row
    return account


@dataclass(frozen=True)
class Reading:
    """What a reader made of one file: its turns in order, and its account."""

    turns: list[Turn]
    account: Account

    @property
    def set_aside(self) -> list[tuple[int, str, str]]:
        """What is no part of a turn, as (line, text, rule)."""
        return self.account.set_aside()


def _bare(words: str) -> str:
    """Characters that are the same whatever was composed, and wherever it was cut."""
    return unicodedata.normalize("NFD", words).replace("\ufeff", "")
