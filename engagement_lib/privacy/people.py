"""People in a text: those on the recruitment sheet, known names, and whom a cue has named anywhere in the study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from engagement_lib.privacy.corpus import Corpus, Text, Word
from engagement_lib.privacy.finds import PERSON, Confidence, Find
from engagement_lib.privacy.gazetteer import Gazetteer, load_gazetteer
from engagement_lib.privacy.roster import Roster

ON_THE_LIST: Final = "on the list of participants"
_LONGEST: Final = 4

Reason = tuple[str, Confidence]


@dataclass(frozen=True)
class Known:
    """What is known of names in this study: the recruitment sheet, and the words that cues have shown to be names."""

    corpus: Corpus
    roster: Roster
    named: frozenset[str]

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The lists of names and words."""
        return load_gazetteer()

    @cached_property
    def _words(self) -> dict[str, bool]:
        return {}

    @cached_property
    def first_in_small_letters(self) -> frozenset[str]:
        """First names that are no word, in small letters."""
        return frozenset(name.lower() for name in self.gazetteer.first if not self.is_word(name))

    def is_word(self, word: str) -> bool:
        """Whether this is a word of English."""
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = self.gazetteer.is_word(word)
        return known

    def reason(self, word: Word) -> Reason | None:
        """Why this word may be somebody's name, and how sure that is; None where nothing says so."""
        written = word.text.title() if word.text.isupper() and len(word.text) > 1 else word.text
        unsure = word.opens and self.is_word(written)
        if reason := self._of_the_list(written, unsure=unsure):
            return reason
        if written in self.gazetteer.neutral or word.text in self.gazetteer.neutral:
            return None
        reason = self._of_the_gazetteer(written, opens=word.opens) or self._of_its_parts(written)
        if reason is None and written in self.named:
            reason = ("named so elsewhere", "low" if unsure else "medium")
        return (f"{reason[0]}, in capitals", "low") if reason and written != word.text else reason

    def _of_the_list(self, word: str, *, unsure: bool) -> Reason | None:
        if word.lower() in self.roster.words:
            return (f"{ON_THE_LIST}, and a word", "low") if unsure else (ON_THE_LIST, "high")
        if word.lower() in self.roster.short:
            return "short for a name on the list", "low" if unsure else "medium"
        return None

    def _of_the_gazetteer(self, word: str, *, opens: bool) -> Reason | None:
        g = self.gazetteer
        a_word = word.lower() in g.both
        if a_word and opens:
            return ("first name and a word", "low") if word in g.first and word in self.named else None
        if word in g.first:
            return ("first name and a word", "medium") if a_word else ("first name", "high")
        if word in g.last:
            return ("last name and a word", "low") if self.is_word(word) else ("last name", "medium")
        return None

    def _of_its_parts(self, word: str) -> Reason | None:
        """A double-barrelled name of which one part is known."""
        if "-" in word and not self.is_word(word) and any(self.gazetteer.is_name(part) for part in word.split("-")):
            return "part of a double name", "medium"
        return None


def find_people(runs: Iterable[Sequence[Word]], known: Known) -> Iterator[Find]:
    """One person in each run of words with capitals in which anything says that there is one."""
    for run in runs:
        reasons = [known.reason(word) for word in run]
        for place, word in enumerate(run[:-1]):
            if reasons[place] is None and _begins_a_full_name(word, run[place + 1], known):
                reasons[place] = "first name and a word", "medium"
        if any(reasons):
            yield _person(run, reasons, known)


def _begins_a_full_name(word: Word, after: Word, known: Known) -> bool:
    """Whether "Will" or "Grace" at the beginning of a sentence is a name after all, since a last name follows."""
    if not word.opens or word.text not in known.gazetteer.first or word.text in known.gazetteer.neutral:
        return False
    return not known.is_word(after.text) or known.gazetteer.is_name(after.text)


def _person(run: Sequence[Word], reasons: Sequence[Reason | None], known: Known) -> Find:
    """The name in a run: what is known of it, unknown words before it, and what follows as a last name would."""
    first = next(place for place, reason in enumerate(reasons) if reason)
    begin = first
    while begin and not known.is_word(run[begin - 1].text):
        begin -= 1
    end = max(place for place, reason in enumerate(reasons) if reason and place < first + _LONGEST)
    while end + 1 < len(run) and end + 1 < first + _LONGEST:
        end += 1
    given = [reason for reason in reasons[begin : end + 1] if reason]
    rule, sure = min(given, key=lambda reason: ("high", "medium", "low").index(reason[1]))
    if sure == "medium" and end > begin:
        sure = "high"
    return Find(run[begin].start, run[end].end, PERSON, rule, sure)


def find_people_in_small_letters(text: Text, known: Known) -> Iterator[Find]:
    """Names written without a capital: on the recruitment sheet, or first names that are no word."""
    words = text.all_words
    confidence: Confidence = "medium" if text.few_capitals else "low"
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        listed = word.text in known.roster.words
        if not listed and (word.text not in known.first_in_small_letters):
            continue
        last = _last_name(words, at, known, listed=listed)
        if listed and last is None and known.is_word(word.text):
            continue
        rule = f"{ON_THE_LIST}, in small letters" if listed else "first name, in small letters"
        yield Find(word.start, (last or word).end, PERSON, rule, "medium" if listed else confidence)


def _last_name(words: Sequence[Word], at: int, known: Known, *, listed: bool) -> Word | None:
    """The next word, where it is a last name in small letters too."""
    if at == len(words) or words[at].start != words[at - 1].end + 1 or words[at].text[0].isupper():
        return None
    text = words[at].text
    if listed and (words[at - 1].text, text) in known.roster.people:
        return words[at]
    return words[at] if text.title() in known.gazetteer.last and not known.is_word(text) else None
