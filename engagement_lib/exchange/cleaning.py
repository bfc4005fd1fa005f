"""Everything in a study that may say who somebody is, cleaned together: texts, cells of tables, cases and what was decided."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import pandas as pd

from engagement_lib.errors import Problem, StudyError
from engagement_lib.evidence.claims import parse_scope
from engagement_lib.loading.text import sha256
from engagement_lib.privacy.decisions import DECIDED, SIGNED, apply_decisions, decided_aliases, identifier_decisions, signed_off
from engagement_lib.privacy.finds import PERSON
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.privacy.levels import DIRECT, CleanedLevel
from engagement_lib.privacy.limits import identifier_warnings
from engagement_lib.privacy.placing import map_codings, map_passages
from engagement_lib.privacy.pseudonyms import pseudonymise
from engagement_lib.privacy.roster import people_columns, read_roster
from engagement_lib.tables import TEXT, Study, records

# How many cases must share a value for it to stay beside them.
SHARED: Final = {"indirect": 5, "public": 10}
# What the team itself wrote, for its readers: of this only what points to a person by itself is taken out.
_OWN_WORDS: Final = ("codebook", "claims")
_CELLS: Final = {
    "codebook": ("definition", "include", "exclude", "example", "counter_evidence"),
    "claims": ("statement", "would_count_against"),
    "codings": ("memo",),
    "memos": ("text",),
    "quotes": ("quote",),
    "events": ("value", "reason"),
}
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


class CleanedStudy(NamedTuple):
    """The tables of a study without identifiers, the log of what was replaced, and which variables of the cases were left out."""

    tables: dict[str, pd.DataFrame]
    log: pd.DataFrame
    left_out: pd.DataFrame


def clean_study(
    study: Study,
    *,
    key: bytes,
    level: CleanedLevel,
    aliases: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
) -> CleanedStudy:
    """The study's tables at a level: what the search finds and reviewers left is replaced, and everything else carried over.

    Parameters
    ----------
    study
        As it is opened; its events hold what reviewers decided.
    key, level, aliases, earlier
        As for `pseudonymise`. What reviewers said of aliases goes before `aliases`.

    Returns
    -------
    CleanedStudy
        `tables`: those of the study by name. Codings, memos and cleared quotes stand where the same words do in the new texts;
        decisions about identifiers and sign-offs are left out, since they speak of the raw texts. `log`: as `pseudonymise` gives
        it; what was replaced in a cell of a table has a `source_id` that begins with the table's name and "!". `left_out`: one
        row a variable of the cases that was left out or in which values were: `variable`, `reason`. At the level "direct" those
        that name people; at "indirect" and "public" also values that fewer than 5 or 10 cases share, unless a claim's scope
        or `group` needs them.

    Raises
    ------
    StudyError
        Where the id of a source or case holds somebody's name, which would stand in every table.
    """
    decisions = identifier_decisions(study.events, study.sources)
    cells = _cells(study)
    whole = pd.concat([study.sources, cells[["source_id", "text"]]], ignore_index=True).fillna("")
    found = find_identifiers(whole, cases=study.cases)
    _check_ids(study, found)
    found = apply_decisions(found[_wanted(found, study.sources)], whole, decisions)
    said = decided_aliases(decisions) if aliases is None else pd.concat([decided_aliases(decisions), aliases])
    said = said.drop_duplicates(["source_id", "kind", "alias"], ignore_index=True)
    result = pseudonymise(whole, found, key=key, level=level, cases=study.cases, aliases=said, earlier=earlier)
    new = result.sources.iloc[: len(study.sources)].astype(study.sources.dtypes.to_dict())
    cleaned = dict(zip(result.sources["source_id"], result.sources["text"], strict=True))
    tables = {name: _with_cells(getattr(study, name), name, cleaned) for name in _CELLS}
    needed = {"group"}.union(*(parse_scope(scope) for scope in study.claims["scope"]))
    tables["cases"], left_out = _cases(study.cases, level, cleaned, needed)
    tables |= {"sources": new, "readings": study.readings, "codings": map_codings(tables["codings"], result.places, new)}
    tables["quotes"] = _quotes(study, tables["quotes"], result.places, new)
    told = tables["events"][~tables["events"]["kind"].isin((DECIDED, SIGNED))].reset_index(drop=True)
    tables |= {name: map_passages(table, result.places) for name, table in (("memos", tables["memos"]), ("events", told))}
    return CleanedStudy(tables, result.log, left_out)


def describe_cleaning(study: Study, cleaned: CleanedStudy) -> list[str]:
    """What was replaced and left out, how far reviewers have come, and what the search is bound to have missed, in sentences."""
    lines = [f"  {kind}: {many:,} replaced" for kind, many in cleaned.log["kind"].value_counts().sort_index().items()]
    lines += [f"  variable '{row['variable']}' of the cases: {row['reason']}; left out" for row in records(cleaned.left_out)]
    signed = signed_off(study.sources, study.events)["signed_off"]
    lines.append(f"{signed.sum():,} of {len(signed):,} sources are signed off by a reviewer.")
    for warning, rows in identifier_warnings(study.sources, cases=study.cases).groupby("warning", sort=False):
        first = records(rows.reset_index(drop=True))[0]
        where = f"{len(rows)} source{'s' * (len(rows) != 1)}" if first["source_id"] else first["found"]
        lines.append(f"  {warning}: {where}. {first['remedy']}")
    return lines


def _cells(study: Study) -> pd.DataFrame:
    """Each different text in the cells of the tables as a source of its own, so that it is searched with all others."""
    people = ["case_id", *people_columns(study.cases.columns)]
    named = _CELLS | {"cases": tuple(column for column in study.cases.columns if column not in people)}
    texts = {
        _cell_id(name, text): text
        for name, columns in named.items()
        for column in columns
        for text in getattr(study, name)[column].unique()
        if text and not _is_json(text)
    }
    return pd.DataFrame({"source_id": list(texts), "text": list(texts.values())}, dtype=TEXT)


def _cell_id(name: str, text: str) -> str:
    return f"{name}!{sha256(text)[:16]}"


def _is_json(text: str) -> bool:
    """Whether a cell holds named values, which are no words of anybody; a name in them would not be one any more."""
    return text.startswith("{") and text.endswith("}")


def _wanted(found: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """Which findings count: all in texts that say something ("N/A" is no name); in the team's own words the sure direct ones."""
    own = found["source_id"].str.startswith(tuple(f"{name}!" for name in _OWN_WORDS))
    silent = found["source_id"].isin(sources.loc[sources["reason"] != "", "source_id"])
    return ~silent & (~own | (found["direct"] & (found["confidence"] != "low")))


def _with_cells(table: pd.DataFrame, name: str, cleaned: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        column: pd.Series([cleaned.get(_cell_id(name, text), text) for text in table[column]], table.index, dtype=TEXT)
        for column in _CELLS[name]
    }
    return table.assign(**columns)


def _quotes(study: Study, quotes: pd.DataFrame, places: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The quotes that stand in their source as they now stand there, the others as cells."""
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))
    starts = [
        texts.get(source, "").find(quote) for source, quote in zip(study.quotes["source_id"], study.quotes["quote"], strict=True)
    ]
    there = study.quotes.assign(
        start=starts, end=[at + len(quote) for at, quote in zip(starts, study.quotes["quote"], strict=True)]
    )
    found = map_codings(there[there["start"] >= 0], places, sources)
    return quotes.assign(quote=found["quote"].reindex(quotes.index).fillna(quotes["quote"]).astype(TEXT))


def _cases(
    cases: pd.DataFrame, level: str, cleaned: Mapping[str, str], needed: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases with the variables that a level allows, and which were left out or had values taken out.

    Values of variables that claims speak of stay however few share them: without these no claim could be appraised.
    """
    variables = [str(column) for column in cases.columns if column != "case_id"]
    kept, left_out = {"case_id": cases["case_id"]}, list[tuple[str, str]]()
    for name in variables:
        if name in people_columns([name]):
            left_out.append((name, "names people"))
            continue
        values = cases[name]
        now = pd.Series([cleaned.get(_cell_id("cases", text), text) for text in values], cases.index, dtype=TEXT)
        if level != DIRECT:
            least = SHARED[level]
            shared = (name in needed) | (values.map(values.value_counts()) >= least)
            now = values.where((now == values) & shared, "")
            gone = int(((values != "") & (now == "")).sum())
            left_out += [(name, f"{gone} values that name somebody or that fewer than {least} share")] if gone else []
            if 2 * gone > int((values != "").sum()):
                left_out[-1] = (name, f"most values name somebody, or fewer than {least} share them")
                continue
        kept[name] = now
    return pd.DataFrame(kept).astype(TEXT), pd.DataFrame(left_out, columns=["variable", "reason"], dtype=TEXT)


def _check_ids(study: Study, found: pd.DataFrame) -> None:
    """Refuse ids that hold a name of the sheet or the texts: they stand in every table, and in the names of files."""
    g = load_gazetteer()
    people = found.loc[(found["kind"] == PERSON) & (found["confidence"] != "low"), "quote"].unique()
    names = {word.lower() for quote in people for word in _WORD.findall(quote)} | set(read_roster(study.cases).words)
    names = {name for name in names if len(name) > 2 and not g.is_word(name)}
    problems = [
        Problem(name, "", f"{column} '{one}', which holds the name '{word}'", "an id that names nobody", remedy)
        for name, column, remedy in (
            ("sources", "source_id", "Rename the file, or give `name` in study.toml a pattern that leaves the name out."),
            ("cases", "case_id", "Give the case another id, in every table."),
        )
        for one in sorted(getattr(study, name)[column].unique())
        for word in _WORD.findall(one)
        if word.lower() in names
    ]
    if problems:
        raise StudyError(problems)
