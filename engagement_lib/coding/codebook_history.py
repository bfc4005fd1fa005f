"""How the codebook changed: what two of its states differ in, and what each act upon it did."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.events import CODE_MERGED, CODE_RENAMED, CODE_SPLIT, in_log_order, read_time
from engagement_lib.coding.folding import latest_time, undone_events
from engagement_lib.coding.passages import in_shape
from engagement_lib.coding.renaming import Codebook, fold_steps
from engagement_lib.tables import SCHEMAS, TEXT, Study, records

_CHANGE: Final = ("code", "change", "was", "now", "words")
_ACT: Final = ("version", "at", "author", "reason")
_SAID: Final = tuple(column for column in SCHEMAS["codebook"].columns if column not in ("code", "parent"))
# By these a code is known again that somebody renamed in a file.
_MEANING: Final = ("definition", "include", "exclude")

Codes = Mapping[str, dict[str, str]]


def compare_codebooks(old: pd.DataFrame, new: pd.DataFrame, *, became: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """What two codebooks differ in, one row a difference; no rows where they say the same.

    Parameters
    ----------
    old, new
        Two tables "codebook".
    became
        For a code of the old one that is called otherwise in the new one, or was merged or split, the codes that it became. What
        is not named here, but has gone while one code with the very same definition and rules has come, counts as renamed.

    Returns
    -------
    DataFrame
        `code` (by its new name where it has one); `change`: "added", "retired", "renamed", "merged", "split", "moved" (below
        another parent), or a column with "changed", such as "definition changed"; `was` and `now`, what stood and stands there;
        and `words`, the text with the words taken out as [-word] and those put in as [+word]. In the order of the old codebook,
        then codes that came, in that of the new one.

    Raises
    ------
    TableError
        Where one of the tables is no codebook.

    Examples
    --------
    >>> old = pd.DataFrame({"code": ["no-time", "jargon"], "definition": ["Too few hours for users.", "Words."]})
    >>> new = pd.DataFrame({"code": ["no-time", "money"], "definition": ["Too few hours for anything.", "Costs."]})
    >>> compare_codebooks(old, new)[["code", "change", "words"]].values.tolist()
    [['no-time', 'definition changed', 'Too few hours for [-users.] [+anything.]'], ['jargon', 'retired', ''],
     ['money', 'added', '']]
    """
    before, after = _by_code(in_shape("codebook", old)), _by_code(in_shape("codebook", new))
    return pd.DataFrame(list(_differences(before, after, became or {})), columns=list(_CHANGE)).astype(TEXT)


def codebook_history(study: Study, *, since: str = "", until: str = "", code: str = "") -> pd.DataFrame:
    """What each act upon the codebook changed, one row a difference in the order of time. What was undone is left out.

    Parameters
    ----------
    since, until
        Dates, whose whole days (of UTC) count, or times.
    code
        Only what was done to this code, called by any name that it has had.

    Returns
    -------
    DataFrame
        `version` of the codebook that the act names, `at` (UTC), `author` and `reason`; then the columns of `compare_codebooks`,
        and `event_id`. An act may change several things: where a code is merged, its children are moved. What the study's
        file of the codebook holds was there before the first act.

    Raises
    ------
    TableError
        Where `since` or `until` is no date.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.coding.events import make_event
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> tables = {name: empty_table(name) for name in ("sources", "cases", "codings", "readings", "memos", "claims", "events")}
    >>> tables["codebook"] = check_table("codebook", pd.DataFrame({"code": ["no-time"], "definition": ["Too few hours."]}))
    >>> log = pd.DataFrame([make_event("code renamed", "no-time", author="AB", value={"code": "hours", "version": "2"},
    ...                                reason="clearer")]).assign(event_id="1", at="2020-10-02")
    >>> study = Study(Path(), Settings(title="Pilot"), **tables, history={"log": log, "codebook": tables["codebook"]})
    >>> codebook_history(study)[["version", "author", "change", "was", "now", "reason"]].values.tolist()
    [['2', 'AB', 'renamed', 'no-time', 'hours', 'clearer']]
    """
    log = in_log_order(study.history.get("log", study.events))
    file = in_shape("codebook", study.history.get("codebook", study.codebook))
    book, before, rows = Codebook(), _by_code(file), []
    begin, end = read_time(since, place="since") if since else "", latest_time(until)
    for event in fold_steps(book, log, undone_events(log), file):
        after = _by_code(book.table(()))
        if event["at"] >= begin and (not end or event["at"] <= end):
            value = json.loads(event["value"] or "{}")
            act = [value.get("version", ""), *(event[name] for name in _ACT[1:])]
            found = _differences(before, after, _became(event, value, before, book))
            rows += [[*act, *difference, event["event_id"]] for difference in found]
        before = after
    history = pd.DataFrame(rows, columns=[*_ACT, *_CHANGE, "event_id"]).astype(TEXT)
    mine = [not code or book.present(name) == book.present(code) for name in history["code"]]
    return history[pd.Series(mine, index=history.index, dtype=bool)].reset_index(drop=True)


def word_difference(was: str, now: str) -> str:
    """The words of both texts in their order, those taken out as [-word], those put in as [+word].

    Examples
    --------
    >>> word_difference("Too few hours for users.", "Too little time for users.")
    'Too [-few hours] [+little time] for users.'
    """
    one, other = was.split(), now.split()
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += one[a:b]
            continue
        parts += [f"[-{' '.join(one[a:b])}]"] * (b > a) + [f"[+{' '.join(other[c:d])}]"] * (d > c)
    return " ".join(parts)


def _by_code(codebook: pd.DataFrame) -> Codes:
    return {row["code"]: row for row in records(codebook)}


def _became(event: Mapping[str, str], value: Mapping[str, Any], before: Codes, book: Codebook) -> dict[str, list[str]]:
    """What an event made of the code that it is about, which it may call by a former name."""
    if event["kind"] == CODE_SPLIT:
        return {book.present(event["about_id"]): [part["code"] for part in value["into"]]}
    if event["kind"] in (CODE_RENAMED, CODE_MERGED):
        target = book.present(value["code" if event["kind"] == CODE_RENAMED else "into"])
        return {code: [target] for code in before if code not in book.rows}
    return {}


def _differences(before: Codes, after: Codes, became: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    turned = _renamed(before, after, became) | {code: list(names) for code, names in became.items()}
    now_called = {code: names[0] for code, names in turned.items() if code not in after and len(names) == 1}
    pairs = {name: code for code, name in now_called.items() if name not in before}
    for code, row in before.items():
        if code in after:
            pairs[code] = code
        if code in turned and turned[code] != [code]:
            yield _change_of_name(code, turned[code], before)
        elif code not in after:
            yield [code, "retired", row["definition"], "", ""]
        name = now_called.get(code, code)
        if pairs.get(name) == code:
            yield from _changes(name, row | {"parent": now_called.get(row["parent"], row["parent"])}, after[name])
    for code, row in after.items():
        if code not in pairs:
            yield [code, "added", "", row["definition"], ""]


def _change_of_name(code: str, names: Sequence[str], before: Codes) -> list[str]:
    if len(names) > 1:
        return [code, "split", code, ", ".join(names), ""]
    return [names[0], "merged" if names[0] in before else "renamed", code, names[0], ""]


def _changes(code: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[list[str]]:
    """What is said otherwise of one code."""
    if was["parent"] != now["parent"]:
        yield [code, "moved", was["parent"], now["parent"], ""]
    for column in _SAID:
        if was[column] != now[column]:
            words = word_difference(was[column], now[column]) if was[column] and now[column] else ""
            yield [code, f"{column.replace('_', ' ')} changed", was[column], now[column], words]


def _renamed(before: Codes, after: Codes, became: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The codes that went while one came that means the very same, each the only one that does."""
    told = {name for names in became.values() for name in names}
    gone = Counter(_meaning(row) for code, row in before.items() if code not in after and code not in became)
    come: dict[tuple[str, ...], list[str]] = {}
    for code, row in after.items():
        if code not in before and code not in told:
            come.setdefault(_meaning(row), []).append(code)
    return {
        code: come[meaning]
        for code, row in before.items()
        if code not in after and code not in became and (meaning := _meaning(row))[0]
        if gone[meaning] == len(come.get(meaning, ())) == 1
    }


def _meaning(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(row[column].split()) for column in _MEANING)
