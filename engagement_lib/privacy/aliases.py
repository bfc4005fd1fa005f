"""Who is meant by a name: "Sarah", "Sarah O." and "Ms Okafor" are one person where nobody else can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.finds import ORGANISATION, PERSON, PROPER_NAME, without_ending
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.roster import Roster, read_roster
from engagement_lib.tables import COUNT, TEXT, records

_COLUMNS: Final = {
    "source_id": TEXT,
    "kind": TEXT,
    "alias": TEXT,
    "entity": TEXT,
    "rule": TEXT,
    "candidates": TEXT,
    "places": COUNT,
}
_PEOPLE: Final = (PERSON, PROPER_NAME)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SMALL: Final = frozenset({"and", "for", "in", "of", "the"})
Name = tuple[str, ...]
_Key = tuple[str, str, str]


def propose_aliases(findings: pd.DataFrame, *, cases: pd.DataFrame | None = None) -> pd.DataFrame:
    """Who or what each name stands for, one row a source and way of writing it: a table for a person to look through and mend.

    Parameters
    ----------
    findings
        As `find_identifiers` gives them; of them people, proper names and organisations.
    cases
        The recruitment sheet, whose names are candidates in every source.

    Returns
    -------
    DataFrame
        `source_id`, `kind` ("person" or "organisation"), `alias` (the name as it is written, in small letters), `entity` (who is
        meant; the alias itself where nobody is known), `rule`, `candidates` (all who could be meant, parted by ";") and `places`.
        By source and alias. What shares an `entity` is given one pseudonym. Change an `entity` to say otherwise; a row whose
        `source_id` is "" holds in every source that has no row of its own.

    Notes
    -----
    A part of a name, one with an initial, a title with a last name, or a short form of a first name ("Peggy") stands for somebody
    who is named in full in the same source; else for somebody named in full elsewhere in the study or on the sheet. Where two or
    more could be meant it stands for itself. Letters ("ONS") stand for the one body whose words begin with them.

    Examples
    --------
    >>> names = ["Sarah Okafor", "Sarah", "Ms Okafor", "Tom"]
    >>> findings = pd.DataFrame({"source_id": "P1", "kind": "person", "quote": names})
    >>> propose_aliases(findings)[["alias", "entity"]].values.tolist()
    [['ms okafor', 'sarah okafor'], ['sarah', 'sarah okafor'], ['sarah okafor', 'sarah okafor'], ['tom', 'tom']]
    """
    named = findings[findings["kind"].isin((*_PEOPLE, ORGANISATION))]
    rows = [(row["source_id"], alias_kind(row["kind"]), row["quote"]) for row in records(named)]
    known = _Known.of(rows, read_roster(cases))
    counted: dict[_Key, int] = {}
    for source, kind, quote in rows:
        key = (source, kind, written(quote))
        counted[key] = counted.get(key, 0) + 1
    made = [(*key, *known.resolve(*key), many) for key, many in sorted(counted.items())]
    return pd.DataFrame(made, columns=list(_COLUMNS)).astype(_COLUMNS)


def resolve_aliases(
    findings: pd.DataFrame, *, cases: pd.DataFrame | None, given: pd.DataFrame | None
) -> Mapping[tuple[str, str, str], str]:
    """The entity of each source, kind and alias in the findings: as the table of aliases says, else as it is proposed.

    Raises
    ------
    TableError
        Where a column of the table is missing, or two rows say different things of one alias.
    """
    said = {} if given is None else _read_aliases(given)
    entities = {}
    for row in records(propose_aliases(findings, cases=cases)):
        key = (row["source_id"], row["kind"], row["alias"])
        entities[key] = said.get(key) or said.get(("", *key[1:])) or row["entity"]
    return entities


def _read_aliases(aliases: pd.DataFrame) -> dict[_Key, str]:
    wanted = ("source_id", "kind", "alias", "entity")
    if missing := [name for name in wanted if name not in aliases.columns]:
        found = f"the columns {', '.join(map(str, aliases.columns))}"
        raise TableError(Problem("aliases", "columns", found, ", ".join(missing), "Give the table of `propose_aliases`."))
    entities: dict[_Key, str] = {}
    for row in records(aliases):
        key = (str(row["source_id"]), str(row["kind"]), written(str(row["alias"])))
        entity = written(str(row["entity"])) or key[2]
        if entities.setdefault(key, entity) != entity:
            found, remedy = f"'{entities[key]}' and '{entity}'", "Take one of the rows out."
            raise TableError(Problem("aliases", f"alias '{key[2]}' of source '{key[0]}'", found, "one entity", remedy))
    return entities


def alias_kind(kind: str) -> str:
    """The kind under which aliases list a finding: proper names count as people until somebody says otherwise."""
    return PERSON if kind == PROPER_NAME else kind


def written(quote: str) -> str:
    """A name as it is compared: on one line, in small letters, without a possessive ending.

    Examples
    --------
    >>> written("Ms  Okafor's")
    'ms okafor'
    """
    return without_ending(" ".join(quote.split()).replace("’", "'")).casefold()


@dataclass(frozen=True)
class _Known:
    """Who is named in full, in each source and anywhere, and the bodies by their letters."""

    people: Mapping[str, frozenset[Name]]
    everybody: frozenset[Name]
    letters: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str]], roster: Roster) -> _Known:
        people: dict[str, set[Name]] = {}
        letters: dict[str, set[str]] = {}
        for source, kind, quote in rows:
            words, _ = _read_name(quote)
            if kind == PERSON and _is_full(words):
                people.setdefault(source, set()).add((words[0], words[-1]))
            elif kind == ORGANISATION and len(words) > 2:
                letters.setdefault(_letters(words), set()).add(_body(quote))
        sheet = {(words[0], words[-1]) for words in roster.people if _is_full(words)}
        return cls(
            {source: frozenset(names) for source, names in people.items()},
            frozenset(sheet.union(*people.values())),
            {short: frozenset(bodies) for short, bodies in letters.items()},
        )

    def resolve(self, source: str, kind: str, alias: str) -> tuple[str, str, str]:
        """Who is meant by an alias, the rule, and all who could be."""
        if kind == ORGANISATION:
            return self._body(alias)
        words, titled = _read_name(alias)
        if _is_full(words):
            return " ".join((words[0], words[-1])), "named in full", ""
        itself = " ".join(words) or alias
        for names, where in ((self.people.get(source, frozenset()), "in this source"), (self.everybody, "in the study")):
            meant = sorted(" ".join(name) for name in names if _may_mean(words, name, titled=titled))
            if len(meant) == 1:
                return meant[0], f"the only one {where}", meant[0]
            if meant:
                return itself, f"{len(meant)} people {where}", "; ".join(meant)
        return itself, "nobody of that name in full", ""

    def _body(self, alias: str) -> tuple[str, str, str]:
        meant = sorted(self.letters.get(alias, ()))
        if len(meant) == 1:
            return meant[0], "its letters", meant[0]
        return _body(alias), "as it is written", "; ".join(meant)


def _read_name(quote: str) -> tuple[Name, bool]:
    """The words of a name in small letters without its titles, and whether it had any."""
    titles = {title.lower() for title in load_gazetteer().titles}
    words = [written(word) for word in _WORD.findall(quote)]
    bare = tuple(word for place, word in enumerate(words) if word not in titles or place == len(words) - 1)
    return bare, len(bare) < len(words)


def _is_full(words: Name) -> bool:
    return len(words) > 1 and len(words[0]) > 1 and len(words[-1]) > 1


def _may_mean(words: Name, name: Name, *, titled: bool) -> bool:
    """Whether these words may be said for somebody of this first and last name."""
    first, last = name
    short = load_gazetteer().short.get(first, frozenset())
    if len(words) == 1:
        given = not titled and (words[0] == first or words[0] in short)
        return len(words[0]) > 1 and (given or words[0] == last or words[0] in last.split("-"))
    return len(words) > 1 and _begins(words[0], first, short) and _begins(words[-1], last, frozenset())


def _begins(word: str, name: str, short: Iterable[str]) -> bool:
    return word == name or word in short or (len(word) == 1 and name.startswith(word))


def _body(quote: str) -> str:
    return written(quote).removeprefix("the ")


def _letters(words: Name) -> str:
    """What a body is called by the first letters of its words."""
    return "".join(_initials(words))


def _initials(words: Name) -> Iterator[str]:
    yield from (word[0] for word in words if word not in _SMALL)
