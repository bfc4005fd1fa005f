"""Claims, and the passages that speak for or against them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.decisions import fold_events
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.respondents import counted_passages, in_scope
from engagement_lib.tables import Study, check_table, empty_table, records

_SEPARATORS: Final = re.compile(r"[\s,;]+")
_STANCES: Final = {
    ("+", "supports"): "supports",
    ("+", "contradicts"): "contradicts",
    ("-", "supports"): "contradicts",
    ("-", "contradicts"): "supports",
    ("+", "qualifies"): "qualifies",
    ("-", "qualifies"): "qualifies",
}
_SPAN: Final = ["source_id", "start", "end"]
OVERRULED: Final = "link overruled"
LINK: Final = "link"


def parse_claim_codes(codes: str, *, claim_id: str = "") -> dict[str, str]:
    """The codes of a claim, each with its sign: "+" where the code speaks for the claim, "-" where it speaks against it.

    Codes are parted by blanks, commas or semicolons.

    Raises
    ------
    TableError
        Naming the claim, where a code has no sign or comes twice.

    Examples
    --------
    >>> parse_claim_codes("+no-time -habitual")
    {'no-time': '+', 'habitual': '-'}
    """
    signs, problems = _read_codes(codes, claim_id, "claims")
    if problems:
        raise TableError(problems)
    return signs


def parse_scope(scope: str, *, claim_id: str = "") -> dict[str, tuple[str, ...]]:
    """The variables of a claim's scope, each with the values that lie in it; no variables where everyone is meant.

    Values are parted by commas, variables by semicolons; a respondent must fit all variables.

    Raises
    ------
    TableError
        Naming the claim, where a variable has no value or comes twice.

    Examples
    --------
    >>> parse_scope("group=producer,user; nation=Wales")
    {'group': ('producer', 'user'), 'nation': ('Wales',)}
    """
    values, problems = _read_scope(scope, claim_id, "claims")
    if problems:
        raise TableError(problems)
    return values


def check_claims(claims: pd.DataFrame, codebook: pd.DataFrame | None, origin: str = "") -> pd.DataFrame:
    """The claims in their shape, when every code has its sign and stands in the codebook, and every scope can be read.

    The codebook is None where it could not be read: then no code is held against it.

    Raises
    ------
    TableError
        With all that is to be mended, naming the claim and `origin`, the file it came from.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["C1"], "statement": ["Time is short."], "codes": ["+no-time"]})
    >>> check_claims(claims, pd.DataFrame({"code": ["no-time"]})).loc[0, "scope"]
    ''
    """
    origin = origin or "claims"
    checked = check_table("claims", claims, origin=origin)
    problems: list[Problem] = []
    for claim in records(checked):
        signs, unreadable = _read_codes(claim["codes"], claim["claim_id"], origin)
        _, no_scope = _read_scope(claim["scope"], claim["claim_id"], origin)
        problems += unreadable + no_scope
        place, remedy = _place(claim["claim_id"], "codes"), "Mend its name, or add it there."
        unknown = [] if codebook is None else [code for code in signs if code not in set(codebook["code"])]
        problems += [Problem(origin, place, f"'{code}'", "a code of the codebook", remedy) for code in unknown]
    if problems:
        raise TableError(problems)
    return checked


def collect_evidence(study: Study, *, prompted: bool = False) -> pd.DataFrame:
    """The passages that speak for or against each claim, one row a claim, passage and stance.

    A coding that counts becomes evidence through its code's sign in the claim and its own stance towards the code: a passage that
    contradicts a code which speaks for the claim contradicts the claim, and so on; one that qualifies the code qualifies the
    claim. Only respondents in the claim's scope count, and never an interviewer's or moderator's words. A person may overrule the
    stance of a link by an event "link overruled" about the "link" that `link_id` names, whose value is a stance ("context" for no
    evidence either way); without a reason it does not hold.

    Parameters
    ----------
    prompted
        False leaves out the waves that answer to a draft, which `study.toml` calls prompted; True takes only them.

    Returns
    -------
    DataFrame
        The columns of the table "evidence", in the order of the claims and of the passages' places. `case_id` is the speaker's;
        `code` lists the codes, and `reviewer` the coders, where several led to the same row. A passage that both supports and
        contradicts a claim has two rows.

    Raises
    ------
    TableError
        Where a claim's codes or scope cannot be read, or its scope names a variable that the cases lack.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB"},
    ...     "claims": {"claim_id": ["C1"], "statement": "Time is short.", "codes": "+no-time"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> collect_evidence(study)[["claim_id", "case_id", "code", "stance"]]
      claim_id case_id     code    stance
    0       C1      P1  no-time  supports
    """
    passages = counted_passages(study, prompted=prompted)
    found = [_evidence_of(study, passages, claim["claim_id"], claim["codes"], claim["scope"]) for claim in records(study.claims)]
    rows = [row for table in found for row in records(table)]
    return _overruled(_shaped(pd.DataFrame(rows)), study.events) if rows else empty_table("evidence")


def _overruled(evidence: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The evidence with the stance that a person gave a link, and that person as its reviewer; of links alike by now, one."""
    decided = {row["about_id"]: row for row in records(fold_events(events, OVERRULED, LINK)) if row["value"] and row["reason"]}
    if not decided:
        return evidence
    links = [link_id(row["claim_id"], row) for row in records(evidence)]
    stances = [
        decided[link]["value"] if link in decided else stance for link, stance in zip(links, evidence["stance"], strict=True)
    ]
    people = [decided[link]["author"] if link in decided else by for link, by in zip(links, evidence["reviewer"], strict=True)]
    return evidence.assign(stance=stances, reviewer=people).drop_duplicates(["claim_id", *_SPAN, "stance"], ignore_index=True)


def link_id(claim_id: str, passage: Mapping[str, Any]) -> str:
    """The name of the link between a claim and a passage, in events that overrule it.

    Examples
    --------
    >>> link_id("C1", {"source_id": "P01", "start": 3, "end": 9})
    'C1/P01:3-9'
    """
    return f"{claim_id}/{passage['source_id']}:{passage['start']}-{passage['end']}"


def _shaped(evidence: pd.DataFrame) -> pd.DataFrame:
    empty = empty_table("evidence")
    return evidence[list(empty.columns)].astype(empty.dtypes.to_dict())


def _evidence_of(study: Study, passages: pd.DataFrame, claim_id: str, codes: str, scope: str) -> pd.DataFrame:
    signs = parse_claim_codes(codes, claim_id=claim_id)
    mine = passages[passages["code"].isin(list(signs))]
    mine = mine[in_scope(study, mine, parse_scope(scope, claim_id=claim_id), place=_place(claim_id, "scope"))]
    stances = [_STANCES[signs[code], stance] for code, stance in zip(mine["code"], mine["stance"], strict=True)]
    mine = mine.assign(claim_id=claim_id, stance=stances, reviewer=mine["coder"]).sort_values([*_SPAN, "stance", "code", "coder"])
    return mine.groupby(["claim_id", *_SPAN, "stance"], sort=False, as_index=False).agg(
        case_id=("case_id", "first"),
        kind=("kind", "first"),
        wave=("wave", "first"),
        quote=("quote", "first"),
        code=("code", _listed),
        reviewer=("reviewer", _listed),
    )


def _listed(words: pd.Series) -> str:
    return "; ".join(dict.fromkeys(words))


def _read_codes(codes: str, claim_id: str, origin: str) -> tuple[dict[str, str], list[Problem]]:
    signs: dict[str, str] = {}
    problems, place = [], _place(claim_id, "codes")
    for word in filter(None, _SEPARATORS.split(codes)):
        sign, code = word[0], word[1:]
        if sign not in "+-" or not code:
            problems.append(Problem(origin, place, f"'{word}'", "a sign and a code: '+no-time'", "Say + or -."))
        elif code in signs:
            problems.append(Problem(origin, place, f"'{code}' a second time", "each code once", "Take one out."))
        else:
            signs[code] = sign
    return signs, problems


def _read_scope(scope: str, claim_id: str, origin: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    values: dict[str, tuple[str, ...]] = {}
    problems, place = [], _place(claim_id, "scope")
    for part in filter(None, (part.strip() for part in scope.split(";"))):
        name, _, listed = (word.strip() for word in part.partition("="))
        wanted = tuple(filter(None, (value.strip() for value in listed.split(","))))
        if not name or not wanted:
            expected = "a variable and its values such as 'group=producer,user'"
            problems.append(Problem(origin, place, f"'{part}'", expected, "Leave it empty for everyone."))
        elif name in values:
            problems.append(Problem(origin, place, f"'{name}' a second time", "each variable once", "Join them."))
        else:
            values[name] = wanted
    return values, problems


def _place(claim_id: str, column: str) -> str:
    return f"claim '{claim_id}', {column}"
