"""Identifiers in texts: what could say who somebody is, by shape, name, place and role, for a person to go through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.capitals import name_runs, unexplained
from engagement_lib.privacy.corpus import Corpus, Text, read_corpus
from engagement_lib.privacy.cues import find_cued
from engagement_lib.privacy.dates import find_dates
from engagement_lib.privacy.finds import CAPITAL_WORD, INDIRECT, PLACE, Find, covered, outermost, without_ending
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.people import Known, find_people, find_people_in_small_letters
from engagement_lib.privacy.places import find_places
from engagement_lib.privacy.roles import find_roles
from engagement_lib.privacy.roster import Roster, read_roster
from engagement_lib.privacy.shapes import find_shapes
from engagement_lib.privacy.trained import find_by_model
from engagement_lib.tables import COUNT, TEXT

Level = Literal["shapes", "direct", "all"]

LEVELS: Final = ("shapes", "direct", "all")
_AROUND: Final = 40
_NAMES: Final = re.compile(CAPITAL_WORD)
_MAIL: Final = re.compile(r"(?<!\S)[^\s@]{1,64}(?=@)")
_LETTERS: Final = re.compile(r"[^\W\d_]{4,}")
_COLUMNS: Final = {
    "source_id": TEXT,
    "start": COUNT,
    "end": COUNT,
    "kind": TEXT,
    "rule": TEXT,
    "quote": TEXT,
    "confidence": TEXT,
    "direct": "bool",
    "context": TEXT,
}


def find_identifiers(
    sources: pd.DataFrame, *, cases: pd.DataFrame | None = None, level: Level = "all", model: str = ""
) -> pd.DataFrame:
    """What may say who somebody is, for a person to go through: one row a place in a text, by source and place.

    It proposes and decides nothing: much of what it lists is harmless, and some identifiers it misses; `identifier_warnings`
    says which. Names are judged by the words of all the sources given, so give the whole study at once.

    Parameters
    ----------
    sources
        The texts: `source_id` and `text`.
    cases
        The recruitment sheet. Names of people are read from columns such as "name", "line_manager", "colleagues" or "email",
        bodies from "organisation", "team", "department", places from "town", "office", "place".
    level
        "shapes": what has a fixed shape alone, such as telephone numbers. "direct": all that points to one person by itself,
        names too. "all": also what does so together with other things: organisations, teams, places, dates, high ages, roles.
    model
        An installed spaCy model that recognises names, used beside the rules; "" for the rules alone. Nothing is downloaded.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `kind`, `rule` (what found it; for a model its name and version), `quote`, `confidence`,
        `direct` (whether it points to a person by itself) and `context` (40 characters on either side, on one line).
        `confidence` is "high" where the words themselves or the recruitment sheet settle that it is of this kind; "medium" where
        it is likely; "low" where it often is nothing, and is listed since a miss costs more than a look. What lies within a
        longer find is left out; a role may hold other finds.

    Raises
    ------
    TableError
        Where a column is missing or the level is none of the three.

    Notes
    -----
    Numbers whose check digit or prefix is wrong are given too, with the rule "shape only", since people mistype them. A "proper
    name" is a word with a capital that neither a sentence's beginning nor any list explains: whose it is, a person must say.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1"], "text": ["Ring Priya on 07700 900123, she is the only G7 in Truro."]})
    >>> find_identifiers(sources)[["kind", "quote", "direct"]].values.tolist()
    [['person', 'Priya', True], ['telephone', '07700 900123', True], ['role', 'she is the only G7 in Truro', False],
     ['place', 'Truro', False]]
    >>> find_identifiers(sources, level="shapes")["quote"].tolist()
    ['07700 900123']
    """
    _check(sources, level)
    corpus = read_corpus(zip(sources["source_id"], sources["text"], strict=True))
    found = _find_shapes(corpus) if level == "shapes" else _find_names(corpus, read_roster(cases), model)
    rows = [_row(text, find) for text, finds in found for find in finds if level != "direct" or find.kind not in INDIRECT]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _check(sources: pd.DataFrame, level: str) -> None:
    missing = [name for name in ("source_id", "text") if name not in sources.columns]
    if missing:
        found = f"the columns {', '.join(map(str, sources.columns))}"
        raise TableError(Problem("sources", "columns", found, " and ".join(missing), "Give the table of sources."))
    if level not in LEVELS:
        raise TableError(Problem("find_identifiers", "level", repr(level), f"one of {', '.join(LEVELS)}", "Choose one."))


def _row(text: Text, find: Find) -> tuple[Any, ...]:
    around = text.text[max(0, find.start - _AROUND) : find.end + _AROUND]
    quote = text.text[find.start : find.end]
    place = (text.source_id, find.start, find.end)
    return *place, find.kind, find.rule, quote, find.confidence, find.kind not in INDIRECT, " ".join(around.split())


def _find_shapes(corpus: Corpus) -> Iterator[tuple[Text, list[Find]]]:
    for text in corpus.texts:
        yield text, find_shapes(text.text)


def _find_names(corpus: Corpus, roster: Roster, model: str) -> Iterator[tuple[Text, list[Find]]]:
    """Everything in each text. Cues come first, since a name that one source gives away is known in all."""
    cued = [list(find_cued(text)) for text in corpus.texts]
    known = Known(corpus, roster, _named(corpus, cued))
    for text, of_cues in zip(corpus.texts, cued, strict=True):
        fixed = [*find_shapes(text.text), *find_dates(text.spoken)]
        placed = find_places(text, roster)
        explained = [find for find in [*fixed, *placed] if not _is_one_word(text, find)]
        runs = name_runs(text, covered(explained, len(text.text)), known)
        people = [*of_cues, *find_people(runs, known), *find_people_in_small_letters(text, known)]
        by_model = list(find_by_model(text, model)) if model else []
        finds = outermost([*fixed, *placed, *people, *by_model])
        rest = unexplained(text, covered(finds, len(text.text)), known)
        yield text, outermost([*finds, *rest, *find_roles(text, finds)])


def _is_one_word(text: Text, find: Find) -> bool:
    """Whether this is a place of one word, which may be somebody's last name."""
    return find.kind == PLACE and " " not in text.text[find.start : find.end]


def _named(corpus: Corpus, cued: Sequence[list[Find]]) -> frozenset[str]:
    """The words that cues and e-mail addresses show to be names, as they are written with a capital."""
    g = load_gazetteer()
    words = {
        without_ending(word)
        for text, finds in zip(corpus.texts, cued, strict=True)
        for find in finds
        for word in _NAMES.findall(text.text[find.start : find.end])
    }
    words |= {part.capitalize() for text in corpus.texts for name in _MAIL.findall(text.text) for part in _LETTERS.findall(name)}
    silent = g.neutral | g.titles
    return frozenset(word for word in words if len(word) > 2 and word not in silent and (not g.is_word(word) or word in g.first))
