"""Identifiers replaced by pseudonyms that are the same all over a study, and a log of what was replaced."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.text import sha256
from engagement_lib.privacy.aliases import alias_kind, resolve_aliases, written
from engagement_lib.privacy.finds import INDIRECT, ORGANISATION, PERSON, PROPER_NAME, ROLE
from engagement_lib.privacy.generalising import generalise, grade_in, label
from engagement_lib.privacy.levels import DIRECT, PUBLIC, RAW, SOURCE_LEVELS, CleanedLevel, rank
from engagement_lib.privacy.placing import PLACES
from engagement_lib.tables import COUNT, TEXT, records

LEAST_KEY: Final = 16
BY_RULE: Final = "rules"
_LOG: Final = {
    "source_id": TEXT,
    "start": COUNT,
    "end": COUNT,
    "kind": TEXT,
    "original": TEXT,
    "pseudonym": TEXT,
    "rule": TEXT,
    "by": TEXT,
    "entity": TEXT,
}
_FINDING: Final = {"source_id": TEXT, "start": COUNT, "end": COUNT} | dict.fromkeys(("kind", "quote", "rule", "by"), TEXT)
_LINE: Final = re.compile(r"[^\n]+")
_BARE: Final = re.compile(r"[\W_]+")
_Named = tuple[str, str]


class Pseudonymised(NamedTuple):
    """Cleaned texts, what was replaced in them, and the log that says by what; the log gives everybody away."""

    sources: pd.DataFrame
    places: pd.DataFrame
    log: pd.DataFrame


@dataclass(frozen=True)
class _Stretch:
    """A stretch of one text that is replaced: by `words`, or by a numbered name for the entity where they are ""."""

    source_id: str
    start: int
    end: int
    kind: str
    entity: str
    words: str
    original: str
    rule: str
    by: str


def pseudonymise(
    sources: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    key: bytes,
    level: CleanedLevel,
    cases: pd.DataFrame | None = None,
    aliases: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
) -> Pseudonymised:
    """The sources with every finding that a level does not allow replaced, the places of what was replaced, and the log of it.

    Parameters
    ----------
    sources
        The texts: `source_id` and `text`, and what else the table "sources" has.
    findings
        What to replace: `source_id`, `start`, `end` and `kind`, as `find_identifiers` gives them, after a person has gone through
        them. `rule` and `by` go to the log.
    key
        The study's secret, as `read_key` gives it: with the same one the same people have the same pseudonyms in every run.
    level
        "direct": what points to a person by itself goes, and postcodes keep their first half. "indirect": organisations and teams
        go too; places become regions, postcodes their area, dates their year, grades a band, high ages "over 85". "public": as
        "indirect", but pseudonyms bear no number, so that no two passages can be linked, and regions of England become England.
    cases
        The recruitment sheet, by whose names people are told apart.
    aliases
        Who is meant by which name, as `propose_aliases` gives it and a person has confirmed it; proposed where it is None.
    earlier
        The log of an earlier run, so that whoever has a number keeps it when responses are added.

    Returns
    -------
    Pseudonymised
        `sources` as they came, with new `text`, `text_sha256` and `level`; `origin` and `file_sha256` are blank, since both lead
        to the raw file. `places`: one row a stretch that was replaced, `source_id`, `start`, `end` in the old text, `new_start`,
        `new_end` in the new one, for `map_codings`. `log`: one row a stretch, `source_id`, `start`, `end`, `kind`, `original`,
        `pseudonym`, `rule`, `by` and `entity`; keep it apart with `write_log`.

    Raises
    ------
    TableError
        Where the key is too short, the level is none of the three, or a finding stands in no source or not in its text.

    Notes
    -----
    The number of a pseudonym is HMAC-SHA256(key, kind and entity) modulo 1,000, or modulo a higher power of ten where there are
    more than 500 of a kind. Where two fall on one number, the one with the greater HMAC takes the next that is free.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1"], "text": ["Ask Sarah Okafor. Sarah is in Truro."]})
    >>> findings = pd.DataFrame({"source_id": "P1", "start": [4, 18, 30], "end": [16, 23, 35],
    ...                          "kind": ["person", "person", "place"]})
    >>> cleaned = pseudonymise(sources, findings, key=b"0123456789abcdef0123456789abcdef", level="indirect")
    >>> cleaned.sources.loc[0, "text"]
    'Ask [Person 734]. [Person 734] is in [place in the South West].'
    """
    _check(key, level)
    texts = dict(zip(sources["source_id"].astype(str), sources["text"], strict=True))
    rows = _with_quotes(findings, texts)
    entities = resolve_aliases(rows, cases=cases, given=aliases)
    wanted = rows if level != DIRECT else rows[~rows["kind"].isin(INDIRECT)]
    stretches = [piece for row in _told_apart(wanted) for piece in _pieces(row, entities, level)]
    kept = _apart(_one_person(stretches))
    names = {} if level == PUBLIC else _number(kept, key, _numbered_before(earlier))
    log = pd.DataFrame([_log_row(one, _pseudonym(one, names)) for one in kept], columns=list(_LOG)).astype(_LOG)
    new, places = _replace(texts, log)
    return Pseudonymised(_raised(sources, new, level), places, log)


def _check(key: bytes, level: str) -> None:
    if level not in SOURCE_LEVELS[1:]:
        found, expected = repr(level), f"one of {', '.join(SOURCE_LEVELS[1:])}"
        raise TableError(Problem("pseudonymise", "level", found, expected, "Choose one."))
    if len(key) < LEAST_KEY:
        found, expected = f"a key of {len(key)} bytes", f"at least {LEAST_KEY}"
        raise TableError(Problem("pseudonymise", "key", found, expected, "Make one with `engagement key FILE`."))


def _with_quotes(findings: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """The findings by place, each with the words that stand there, checked."""
    problems = []
    rows = []
    for row in records(findings):
        start, end, text = int(row["start"]), int(row["end"]), texts.get(row["source_id"])
        stands = "" if text is None else text[start:end]
        if text is None or not 0 <= start < end <= len(text) or row.get("quote", stands) != stands:
            found = "no such source" if text is None else f"{stands!r} at {start} to {end}"
            remedy = "Look for identifiers again in just these sources."
            expected = f"the words {row.get('quote', 'of the finding')!r} in the text"
            problems.append(Problem("findings", f"source '{row['source_id']}'", found, expected, remedy))
        said = {"rule": "", "by": BY_RULE} | {name: str(row[name]) for name in ("rule", "by") if row.get(name)}
        rows.append({"source_id": row["source_id"], "start": start, "end": end, "kind": row["kind"], "quote": stands, **said})
    if problems:
        raise TableError(problems)
    table = pd.DataFrame(rows, columns=list(_FINDING)).astype(_FINDING)
    return table.sort_values(["source_id", "start", "end", "kind", "rule", "by"], ignore_index=True)


def _told_apart(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The findings, roles cut down to the grade where another finding holds the place or body that they name."""
    held = records(rows)
    others = [row for row in held if row["kind"] != ROLE]
    for row in held:
        grade = grade_in(row["quote"]) if row["kind"] == ROLE else 0
        inner = any(
            other["source_id"] == row["source_id"] and row["start"] + grade <= other["start"] and other["end"] == row["end"]
            for other in (others if grade else ())
        )
        yield row | {"end": row["start"] + grade, "quote": row["quote"][:grade]} if inner else row


def _pieces(row: Mapping[str, Any], entities: Mapping[tuple[str, str, str], str], level: str) -> Iterator[_Stretch]:
    """What is replaced for a finding, line by line, since a line break parts turns; nothing where it is general enough."""
    general = generalise(row["kind"], row["quote"], level)
    if general is None:
        return
    entity = _entity(row, entities)
    for line in _LINE.finditer(row["quote"], general.start, general.end):
        start, end = (row["start"] + at for at in line.span())
        yield _Stretch(row["source_id"], start, end, row["kind"], entity, general.words, line.group(), row["rule"], row["by"])


def _entity(row: Mapping[str, Any], entities: Mapping[tuple[str, str, str], str]) -> str:
    """What a finding is numbered by: a name by who is meant, a number by its signs alone, however they are parted."""
    words = written(row["quote"])
    known = entities.get((row["source_id"], alias_kind(row["kind"]), words))
    if known is not None:
        return known
    if not any(sign.isdigit() for sign in words):
        return words
    signs = _BARE.sub("", words)
    return re.sub(r"^(?:00)?440?(?=\d{9})", "0", signs) if row["kind"] == "telephone" else signs


def _one_person(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """The stretches, with a proper name counted as a person or body where the same entity is one elsewhere."""
    held = list(stretches)
    kinds = {one.entity: one.kind for kind in (ORGANISATION, PERSON) for one in held if one.kind == kind}
    return [
        _Stretch(**{**vars(one), "kind": kinds.get(one.entity, PROPER_NAME)}) if one.kind == PROPER_NAME else one for one in held
    ]


def _apart(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Stretches that do not overlap: where some do, one over all of them, named after the longest."""
    apart: list[_Stretch] = []
    longest: list[_Stretch] = []
    for one in sorted(stretches, key=lambda one: (one.source_id, one.start, -one.end, _rank(one))):
        if apart and apart[-1].source_id == one.source_id and one.start < apart[-1].end:
            longest[-1] = min(longest[-1], one, key=_rank)
            reach = max(apart[-1].end, one.end)
            words = apart[-1].original + one.original[apart[-1].end - one.start :]
            apart[-1] = _Stretch(**{**vars(longest[-1]), "start": apart[-1].start, "end": reach, "original": words})
        else:
            apart.append(one)
            longest.append(one)
    return apart


def _rank(one: _Stretch) -> tuple[int, bool, str, str, str, str]:
    return one.start - one.end, one.kind in INDIRECT, one.kind, one.entity, one.rule, one.by


def _number(stretches: Iterable[_Stretch], key: bytes, before: Mapping[_Named, str]) -> dict[_Named, str]:
    """A numbered name for each entity of a kind; those that have one keep it."""
    wanted: dict[str, set[str]] = {}
    for one in stretches:
        if not one.words:
            wanted.setdefault(one.kind, set()).add(one.entity)
    names = dict(before)
    for kind, entities in wanted.items():
        space = 1000
        while space < 2 * len(entities):
            space *= 10
        taken = set(names.values())
        hashed = {entity: hmac.digest(key, f"{kind}\0{entity}".encode(), "sha256") for entity in entities}
        for entity in sorted(entities, key=lambda entity: hashed[entity]):
            number = int.from_bytes(hashed[entity], "big")
            while (kind, entity) not in names:
                name = f"{label(kind)} {number % space:0{len(str(space)) - 1}}"
                number += 1
                if name not in taken:
                    names[kind, entity] = name
                    taken.add(name)
    return names


def _numbered_before(earlier: pd.DataFrame | None) -> dict[_Named, str]:
    if earlier is None:
        return {}
    missing = [name for name in ("kind", "entity", "pseudonym") if name not in earlier.columns]
    if missing:
        found = f"the columns {', '.join(map(str, earlier.columns))}"
        raise TableError(Problem("earlier log", "columns", found, ", ".join(missing), "Give the log of an earlier run."))
    rows = zip(earlier["kind"], earlier["entity"], earlier["pseudonym"], strict=True)
    return {(kind, entity): name.strip("[]") for kind, entity, name in rows if name.startswith(f"[{label(kind)} ")}


def _pseudonym(one: _Stretch, names: Mapping[_Named, str]) -> str:
    """What comes, in brackets, so that everybody sees that the text was edited."""
    return f"[{one.words or names.get((one.kind, one.entity)) or label(one.kind)}]"


def _log_row(one: _Stretch, pseudonym: str) -> tuple[Any, ...]:
    return one.source_id, one.start, one.end, one.kind, one.original, pseudonym, one.rule, one.by, one.entity


def _replace(texts: Mapping[str, str], log: pd.DataFrame) -> tuple[dict[str, str], pd.DataFrame]:
    new, places = dict(texts), list[tuple[str, int, int, int, int]]()
    for source, rows in log.groupby("source_id"):
        text, parts, at, length = texts[str(source)], list[str](), 0, 0
        for start, end, pseudonym in zip(rows["start"], rows["end"], rows["pseudonym"], strict=True):
            parts += [text[at:start], pseudonym]
            length += start - at
            places.append((str(source), start, end, length, length + len(pseudonym)))
            at, length = end, length + len(pseudonym)
        new[str(source)] = "".join([*parts, text[at:]])
    columns = dict(zip(PLACES, (TEXT, *[COUNT] * 4), strict=True))
    return new, pd.DataFrame(places, columns=list(columns)).astype(columns)


def _raised(sources: pd.DataFrame, texts: Mapping[str, str], level: str) -> pd.DataFrame:
    """The sources with their new texts, their level raised, and nothing that leads to the raw file."""
    before = sources["level"] if "level" in sources.columns else pd.Series(RAW, sources.index, dtype=TEXT)
    new = sources["source_id"].astype(str).map(texts).astype(TEXT)
    changed = {"text": new, "level": before.map(lambda one: one if rank(one) > rank(level) else level).astype(TEXT)}
    if "text_sha256" in sources.columns:
        changed["text_sha256"] = new.map(sha256).astype(TEXT)
    blank = {name: "" for name in ("origin", "file_sha256") if name in sources.columns}
    return sources.assign(**changed, **blank)
