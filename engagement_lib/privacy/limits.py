"""What the search for identifiers is bound to miss in these sources, said before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from engagement_lib.privacy.corpus import Corpus, Text, read_corpus
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.roster import Roster, read_roster
from engagement_lib.tables import TEXT

_COLUMNS: Final = {"source_id": TEXT, "warning": TEXT, "found": TEXT, "remedy": TEXT}
_ENOUGH_WORDS: Final = 2000
_LONG_ENOUGH: Final = 50
_LATIN: Final = 0x250


def identifier_warnings(sources: pd.DataFrame, *, cases: pd.DataFrame | None = None) -> pd.DataFrame:
    """Where `find_identifiers` will miss names, one row a reason and source; `source_id` is "" where all sources are meant.

    Parameters
    ----------
    sources
        The texts: `source_id` and `text`.
    cases
        The recruitment sheet, as for `find_identifiers`.

    Returns
    -------
    DataFrame
        `source_id`, `warning`, `found` (what stands in the source or on the sheet) and `remedy`. By source.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1"], "text": ["so i rang priya and she said ask the others about it " * 3]})
    >>> identifier_warnings(sources)["warning"].tolist()
    ['no names to look for', 'few words to compare with', 'hardly any capitals']
    """
    corpus = read_corpus(zip(sources["source_id"], sources["text"], strict=True))
    rows = [*_of_the_study(corpus, read_roster(cases)), *(row for text in corpus.texts for row in _of_a_text(text))]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _of_the_study(corpus: Corpus, roster: Roster) -> Iterator[tuple[str, str, str, str]]:
    if not corpus.texts:
        return
    if not roster.people:
        remedy = "Give `cases` with columns such as name, line_manager and colleagues: names that are words need it."
        yield "", "no names to look for", "no column of people's names in the cases", remedy
    words = sum(len(text.all_words) for text in corpus.texts)
    if words < _ENOUGH_WORDS:
        remedy = "Give all sources of the study at once, or read these to the end."
        yield "", "few words to compare with", f"{words} words, so that little can be seen in small letters", remedy
    g = load_gazetteer()
    if also_words := sorted(word for word in roster.words if g.is_word(word)):
        remedy = (
            "At the beginning of a sentence they are listed with low confidence; look for the person in small letters yourself."
        )
        yield "", "names that are also words", _some(also_words), remedy
    if bare := sorted({person[0] for person in roster.people} - set(g.short)):
        remedy = "Add the names that people go by to the recruitment sheet, in a column `known_as`."
        yield "", "nicknames that cannot be known", f"no short form is known of {_some(bare)}", remedy


def _of_a_text(text: Text) -> Iterator[tuple[str, str, str, str]]:
    words = [word.text for word in text.all_words]
    if len(words) < 20:
        return
    capitals = sum(word[0].isupper() for word in words)
    if text.few_capitals:
        remedy = (
            "Use a transcript with capitals, or read it to the end: only names on the sheet and well-known first names are found."
        )
        yield text.source_id, "hardly any capitals", f"{capitals} of {len(words)} words begin with one", remedy
    if (shouted := sum(len(word) > 1 and word.isupper() for word in words)) > len(words) / 2:
        remedy = "Read it to the end: only names that are on a list are found."
        yield text.source_id, "nearly all in capitals", f"{shouted} of {len(words)} words", remedy
    if any(ord(letter) > _LATIN and letter.isalpha() and not letter.isupper() and not letter.islower() for letter in text.spoken):
        remedy = "Have it read by somebody who reads that script: names there are found only where they have a fixed shape."
        yield text.source_id, "a script without capitals", "letters that are neither large nor small", remedy
    known = sum(load_gazetteer().is_word(word) for word in set(words))
    if len(words) >= _LONG_ENOUGH and known < len(set(words)) / 2:
        remedy = "Have it read by somebody who reads that language: titles and cues are English."
        yield text.source_id, "hardly any English", f"{known} of {len(set(words))} different words", remedy


def _some(words: Sequence[str]) -> str:
    """The first ten of some words, and how many more there are."""
    more = f" and {len(words) - 10} more" if len(words) > 10 else ""
    return ", ".join(words[:10]) + more
