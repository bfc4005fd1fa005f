"""The words of all sources: which begin with a capital, where, and which never stand in small letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from engagement_lib.privacy.finds import without_ending
from engagement_lib.privacy.spoken import find_spoken
from engagement_lib.tables import ROLES

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# The line above each turn, as `layout` writes it; the speaker's name alone is words of the source.
_HEADER: Final = re.compile(rf"^(?P<speaker>[^\n]*?) ?\[(?:{'|'.join(ROLES)})\](?: [\d:.]+(?:–[\d:.]+)?)?$", re.MULTILINE)
_ADDRESS: Final = re.compile(r"(?<!\S)[^\s@]{1,200}@\S+|https?://\S+|www\.\S+")
_PASSED_OVER: Final = " \u00a0\"“”‘’'([*_"
_ENDS_SENTENCE: Final = ".!?…:\n–—•]>"
_READ_OUT: Final = re.compile(" (?:dot|underscore) ", re.IGNORECASE)
# A transcript of speech has a capital at each sentence and "I"; below one word in fifty its capitals are gone.
FEW_CAPITALS: Final = 0.02


class Word(NamedTuple):
    """A word with a capital. `opens` says whether it begins a sentence, and so would have one anyhow."""

    start: int
    end: int
    text: str
    opens: bool


@dataclass(frozen=True)
class Text:
    """One source: its text, the same with the lines above the turns blanked, and who speaks, with the place of each name."""

    source_id: str
    text: str

    @cached_property
    def spoken(self) -> str:
        """The text in which the lines above turns, links and e-mail addresses are blank, and all else stands where it did."""
        return _ADDRESS.sub(_blank, _HEADER.sub(_blank, self.text))

    @cached_property
    def speakers(self) -> list[tuple[int, str]]:
        """Where a speaker is named above a turn, and how."""
        return [(match.start(), match["speaker"]) for match in _HEADER.finditer(self.text)]

    @cached_property
    def words(self) -> list[Word]:
        """The words that begin with a capital, without a possessive ending."""
        return [word for word in self.all_words if word.text[0].isupper()]

    @cached_property
    def all_words(self) -> list[Word]:
        """Every word, without a possessive ending; `opens` is worked out for those with a capital alone."""
        return list(self._read())

    @cached_property
    def few_capitals(self) -> bool:
        """Whether the text has been put into small letters, as captions often are. Short texts are taken as they are."""
        words = [word.text for word in self.all_words if word.text not in ("I", "A")]
        return len(words) >= 20 and sum(word[0].isupper() for word in words) < FEW_CAPITALS * len(words)

    def _read(self) -> Iterator[Word]:
        spoken = self.spoken
        for match in _WORD.finditer(spoken):
            word = without_ending(match.group())
            start = match.start()
            yield Word(start, start + len(word), word, word[0].isupper() and _opens(spoken, start))


@dataclass(frozen=True)
class Corpus:
    """All sources, and how often each word stands in small letters in those that have capitals."""

    texts: tuple[Text, ...]

    @cached_property
    def small(self) -> Counter[str]:
        """How often each word begins with a small letter, e-mail addresses that were read out left aside."""
        return Counter(
            word.text for text in self.texts if not text.few_capitals for word in _unread(text) if not word.text[0].isupper()
        )

    @cached_property
    def all_small(self) -> Counter[str]:
        """How often each word begins with a small letter, in all sources."""
        return Counter(word.text for text in self.texts for word in text.all_words if not word.text[0].isupper())

    @cached_property
    def large(self) -> Counter[str]:
        """How often each word begins with a capital, in small letters."""
        return Counter(word.text.lower() for text in self.texts for word in text.words)


def read_corpus(sources: Iterable[tuple[str, str]]) -> Corpus:
    """The corpus of these ids and texts, by id, whatever their order."""
    return Corpus(tuple(Text(source, text) for source, text in sorted(sources)))


def _unread(text: Text) -> list[Word]:
    """The words of a text but for those of an address that was read out, "ann dot smith"."""
    said = [find for find in find_spoken(text.spoken) if find.kind == "e-mail"] if _READ_OUT.search(text.spoken) else []
    if not said:
        return text.all_words
    return [word for word in text.all_words if not any(find.start <= word.start < find.end for find in said)]


def _opens(text: str, start: int) -> bool:
    at = start - 1
    while at >= 0 and text[at] in _PASSED_OVER:
        at -= 1
    if at < 0 or text[at] in _ENDS_SENTENCE:
        return True
    return text[at] == "-" and (at == 0 or text[at - 1].isspace())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
