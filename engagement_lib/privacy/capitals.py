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

_ACRONYM: Final = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})(?!(?:Mc|Mac|De|Di|Du|Fitz|La|Le|Van)[A-Z][^\W\d_]+$)[A-Z]\w{1,10}")


def name_runs(text: Text, taken: bytearray, known: Known) -> Iterator[list[Word]]:
    """Runs of words with capitals that follow one another as the parts of a name do.

    `taken` has 1 where the text is explained already. Words that say nothing about anybody part two runs, and a common word at
    the beginning of a sentence belongs to none.
    """
    run: list[Word] = []
    for word in text.words:
        apart = bool(run) and (word.opens or not _continues(text.spoken[run[-1].end : word.start], run[-1]))
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
        elif len(named) > 1 or any(not known.corpus.small[word.text.lower()] for word in named):
            yield Find(named[0].start, named[-1].end, PROPER_NAME, "capital amid a sentence", "low")


def _is_usual(word: Word, known: Known) -> bool:
    """Whether this is a word of English, or stands in small letters elsewhere."""
    return known.is_word(word.text) or bool(known.corpus.small[word.text.lower()])


def _acronyms(run: Sequence[Word], known: Known) -> Iterator[Find]:
    for word in run:
        if _is_acronym(word.text) and not _is_usual(word, known):
            yield Find(word.start, word.end, ORGANISATION, "capitals alone", "low")


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


def _continues(gap: str, before: Word) -> bool:
    """Whether a name may go on after this gap: a blank, a particle, or an initial's full stop."""
    if gap in (" ", "\u00a0"):
        return True
    if gap in (". ", "."):
        return len(before.text) == 1
    return bool(_particles().fullmatch(gap))


@cache
def _particles() -> re.Pattern[str]:
    return re.compile(rf"[ \u00a0](?:(?:{alternatives(load_gazetteer().particles - {'of', 'do'})})[ \u00a0])+")
