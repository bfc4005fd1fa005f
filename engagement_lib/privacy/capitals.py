"""Words with capitals: the runs in which names stand, and those capitals that nothing explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from engagement_lib.privacy.corpus import Text, Word
from engagement_lib.privacy.finds import ORGANISATION, PROPER_NAME, Find
from engagement_lib.privacy.gazetteer import alternatives, load_gazetteer
from engagement_lib.privacy.people import Known
from engagement_lib.privacy.roles import GRADE

_ACRONYM: Final = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})(?!(?:Mc|Mac|De|Di|Du|Fitz|La|Le|Van)[A-Z][^\W\d_]+$)[A-Z]\w{1,10}")


_GRADE: Final = re.compile(GRADE)
# Letters that stand for the words of a body are few; longer ones are a word in capitals.
_LONG: Final = 5


def name_runs(text: Text, taken: bytearray, known: Known) -> Iterator[list[Word]]:
    """Runs of words with capitals that follow one another as the parts of a name do.

    `taken` has 1 where the text is explained already. Words that say nothing about anybody part two runs, and a common word at
    the beginning of a sentence belongs to none.
    """
    run: list[Word] = []
    for word in text.words:
        apart = bool(run) and not _continues(text.spoken[run[-1].end : word.start], run[-1], word)
        ended = bool(taken[word.start]) or _says_nothing(word, known, first=apart or not run)
        if apart or ended:
            yield from _without_letters(run)
            run = []
        if not ended:
            run.append(word)
    yield from _without_letters(run)


def _without_letters(run: list[Word]) -> Iterator[list[Word]]:
    """The run without single letters at its end, which are no part of a name there; nothing where it is empty."""
    while run and len(run[-1].text) == 1:
        run.pop()
    if run:
        yield run


def unexplained(text: Text, taken: bytearray, known: Known) -> Iterator[Find]:
    """Capitals that are neither explained (`taken`) nor those of a sentence's beginning."""
    for run in name_runs(text, taken, known):
        yield from _acronyms(run, known)
        named = [word for word in run if not _is_acronym(word.text) and not (word.opens and _is_usual(word, known))]
        if any(not _is_usual(word, known) for word in named):
            yield Find(named[0].start, named[-1].end, PROPER_NAME, "capital, and never in small letters", "medium")
        elif any(not _is_common(word, known) for word in named):
            yield Find(named[0].start, named[-1].end, PROPER_NAME, "capital amid a sentence", "low")


def _is_usual(word: Word, known: Known) -> bool:
    """Whether this is a word of English, or stands in small letters more often than with a capital."""
    lower = word.text.lower()
    return known.is_word(word.text) or known.corpus.small[lower] > known.corpus.large[lower]


def _is_common(word: Word, known: Known) -> bool:
    """Whether a word of English has a capital often enough where it names nobody: "Office", or "What" after a comma."""
    g = known.gazetteer
    return word.text in g.heads or word.text.lower() in g.openers - g.both


def _acronyms(run: Sequence[Word], known: Known) -> Iterator[Find]:
    for word in run:
        if _is_acronym(word.text) and not _is_usual(word, known) and not _GRADE.fullmatch(word.text):
            kind = ORGANISATION if len(word.text) <= _LONG or not word.text.isupper() else PROPER_NAME
            yield Find(word.start, word.end, kind, "capitals alone", "low")


def _is_acronym(word: str) -> bool:
    """Whether a word has capitals within: "MHCLG", "DfE", "CCGs", but not "McAtavey"."""
    return bool(_ACRONYM.fullmatch(word))


def _says_nothing(word: Word, known: Known, *, first: bool) -> bool:
    """Whether a word is no part of a name: a day, "I", a common word at the beginning of a sentence; a letter before a name."""
    g = known.gazetteer
    if word.text.lower() in known.roster.words:
        return False
    if len(word.text) == 1:
        return first or word.text == "I"
    if word.text in g.neutral or word.text.title() in g.neutral or word.text.startswith(("I'", "I’")):
        return True
    return word.opens and word.text not in g.first and _is_usual(word, known)


def _continues(gap: str, before: Word, word: Word) -> bool:
    """Whether a name may go on after this gap: a blank, a particle, or an initial's full stop."""
    if word.opens:
        return gap in (". ", ".") and len(before.text) == 1
    return gap in (" ", "\u00a0") or bool(_particles().fullmatch(gap))


@cache
def _particles() -> re.Pattern[str]:
    return re.compile(rf"[ \u00a0](?:(?:{alternatives(load_gazetteer().particles - {'of', 'do'})})[ \u00a0])+")
