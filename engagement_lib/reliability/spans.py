"""Agreement where coders choose their own passages: Krippendorff's u-alpha family, character by character."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from engagement_lib.coding.codings import INDEPENDENT
from engagement_lib.coding.passages import in_order, in_shape
from engagement_lib.errors import Problem, TableError
from engagement_lib.reliability.coefficients import Places
from engagement_lib.reliability.continua import Continuum, as_one_code, lay_out, overlaps_of_codes, sums_of_continuum
from engagement_lib.reliability.estimates import check_options, estimate, resample
from engagement_lib.reliability.intervals import Interval
from engagement_lib.reliability.unitizing_2004 import disagreement_2004
from engagement_lib.reliability.units import Judgements, collect_judgements
from engagement_lib.reliability.weights import Numbers
from engagement_lib.tables import COUNT, NUMBER, TEXT

Version = Literal["2016", "2004"]

_COLUMNS: Final = {
    **dict.fromkeys(("domain", "coefficient", "code", "basis"), TEXT),
    **dict.fromkeys(("coders", "characters", "passages", "respondents"), COUNT),
    **dict.fromkeys(("estimate", "low", "high", "p_below_667", "p_below_800", "coverage"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_OVERLAPPING: Final = "a coder gave two of its codes to the same words, so that which code it is must be compared code by code"
_GAPS_2004: Final = "the version of 2004 takes coders who all read the same"
_NONE_2004: Final = "the version of 2004 is for comparison with other tools"
_NAMES: Final = {"u": "u-alpha", "u 2004": "u-alpha (2004)", "|u": "|u-alpha", "cu": "cu-alpha", "(k)u": "(k)u-alpha"}


def agreement_of_spans(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    readings: pd.DataFrame | None = None,
    domain: str = "code",
    version: Version = "2016",
    layers: Sequence[str] = (INDEPENDENT,),
    interval: Interval = "t",
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How well coders agree on where passages begin and end and what they are, one row a domain and coefficient.

    Every character that a participant said and two or more coders read is compared.

    Parameters
    ----------
    codings, segments, codebook, readings
        The study's tables; `segments` says which words could be coded, and its borders play no part.
    domain
        "code" takes every code by itself, as overlapping codes must be; a column of the codebook such as "theme" or "parent"
        takes together the codes with the same value there; "all" takes all together.
    version
        "2016"; or "2004" for the older u-alpha, which squares the distances of borders, to compare with tools that print it: of
        each code, and of all together. It has no interval.
    layers
        The layers whose coders are compared.
    interval, resamples, random_state
        As in `agreement`.

    Returns
    -------
    DataFrame
        `domain`; `coefficient`: "u" (where and what), and where a domain has several codes "|u" (whether they picked the same
        words, whatever the code), "cu" (which code, on words that both picked) and, for each `code`, "(k)u" (whether that code is
        told from the others there), only the first two where a coder gave two codes of a domain to the same words; `basis`;
        numbers of `coders`, `characters`, `passages`, `respondents` (with passages of the domain); `estimate`, `low`, `high`,
        `p_below_667`, `p_below_800` as in `agreement`; `coverage` (of "(k)u": the share of what got this code that another
        coder gave any code); `reason`; `sentence`.

    Raises
    ------
    TableError
        If a table has not its columns, or an option is unknown.

    Notes
    -----
    Krippendorff, K., Mathet, Y., Bouvry, S. and Widlöcher, A. (2016), *On the reliability of unitizing textual continua*, Quality
    & Quantity 50, 2347-2364; Krippendorff (2019), section 12.6.

    Examples
    --------
    >>> segments = pd.DataFrame({"source_id": ["I1"], "start": [0], "end": [24], "case_id": ["P1"]})
    >>> codings = pd.DataFrame(
    ...     [("1", 2, 10, "AB"), ("2", 14, 20, "AB"), ("3", 4, 8, "CD"), ("4", 15, 17, "CD")],
    ...     columns=["coding_id", "start", "end", "coder"],
    ... ).assign(source_id="I1", code="no-time")
    >>> agreement_of_spans(codings, segments, pd.DataFrame({"code": ["no-time"]}))[["coefficient", "estimate"]].round(3)
      coefficient  estimate
    0           u     0.358
    """
    check_options(interval, resamples)
    judgements = collect_judgements(codings, segments, codebook, readings, layers=layers)
    shaped = in_shape("codings", codings)
    continuum = lay_out(shaped[shaped["layer"].isin(layers)], judgements)
    if version == "2004":
        older = _rows_2004(continuum, judgements)
        return pd.DataFrame(older, columns=list(_COLUMNS)).astype(_COLUMNS)
    options: dict[str, Any] = {"interval": interval, "resamples": resamples, "random_state": random_state}
    rows = []
    for name, codes in _domains(codebook, judgements, domain):
        found = _rows(continuum, judgements, codes, options)
        rows += [{"domain": name} | row | {"sentence": _say(name, row)} for row in found]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _domains(codebook: pd.DataFrame, judgements: Judgements, domain: str) -> Iterator[tuple[str, list[int]]]:
    codes = judgements.codes
    if domain == "code":
        yield from ((code, [at]) for at, code in enumerate(codes))
    elif domain == "all":
        yield "all codes", list(range(len(codes)))
    elif domain in codebook.columns:
        said = dict(zip(codebook["code"], codebook[domain].fillna("").astype(str), strict=True))
        for value in in_order(value for value in said.values() if value):
            yield value, [at for at, code in enumerate(codes) if said[code] == value]
    else:
        remedy = "'code' takes every code by itself."
        raise TableError(
            Problem("agreement_of_spans", "domain", repr(domain), "'code', 'all' or a column of the codebook", remedy)
        )


def _rows_2004(continuum: Continuum, judgements: Judgements) -> list[dict[str, Any]]:
    parts, rows = [], []
    for at, code in enumerate(judgements.codes):
        base = _base(continuum, judgements, [at])
        reason = _impossible(continuum, [at], base) or ("" if judgements.judged.all() else _GAPS_2004)
        if not reason:
            mine = continuum.passages[continuum.passages["code"] == at]
            parts.append(disagreement_2004(mine, len(judgements.coders), base["characters"]))
        value = {} if reason else {"estimate": _alpha_2004(parts[-1:]), "low": np.nan}
        rows.append({"domain": code, "coefficient": "u 2004", "code": "", "reason": reason or _NONE_2004} | base | value)
    if len(parts) > 1:
        base = _base(continuum, judgements, list(range(len(judgements.codes))))
        value = {"estimate": _alpha_2004(parts), "low": np.nan}
        rows.append({"domain": "all codes", "coefficient": "u 2004", "code": "", "reason": _NONE_2004} | base | value)
    return [row | {"sentence": _say(row["domain"], row)} for row in rows]


def _alpha_2004(parts: list[tuple[float, float]]) -> float:
    return 1 - sum(observed for observed, _ in parts) / sum(expected for _, expected in parts)


def _base(continuum: Continuum, judgements: Judgements, codes: list[int]) -> dict[str, Any]:
    passages = continuum.passages[continuum.passages["code"].isin(codes)]
    return {
        "basis": judgements.basis,
        "coders": int(judgements.judged.any(axis=1).sum()),
        "characters": int(continuum.borders[-1]),
        "passages": len(passages),
        "respondents": len(set(_owners(continuum, passages))),
    }


def _owners(continuum: Continuum, passages: pd.DataFrame) -> Places:
    return continuum.owners[np.searchsorted(continuum.borders, passages["start"].to_numpy(), side="right") - 1]


def _rows(continuum: Continuum, judgements: Judgements, codes: list[int], options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    passages = continuum.passages[continuum.passages["code"].isin(codes)]
    owner, base = _owners(continuum, passages), _base(continuum, judgements, codes)
    reason = _impossible(continuum, codes, base)
    if reason:
        yield base | {"coefficient": "u", "code": "", "reason": reason}
        if reason == _OVERLAPPING:
            (whether,) = _rows(as_one_code(continuum, codes), judgements, codes[:1], options)
            yield whether | {"coefficient": "|u"}
        return
    sums = sums_of_continuum(continuum, codes)[:, np.newaxis, :]
    resampled = resample(sums, options["resamples"], options["random_state"])
    for coefficient, code, at, evaluate in _coefficients(codes):
        carriers = len(set(owner[(passages["code"] == code).to_numpy()])) if at else base["respondents"]
        (row,) = estimate(evaluate, resampled, interval=options["interval"], carriers=np.array([carriers]))
        named = {"coefficient": coefficient, "code": judgements.codes[code] if at else ""}
        coverage = float(_coverage(resampled.whole, len(codes), at)[0]) if at else np.nan
        yield base | named | row | {"coverage": coverage, "reason": _why_not(row)}


def _coefficients(codes: list[int]) -> Iterator[tuple[str, int, int, Callable[[Numbers], Numbers]]]:
    """Each coefficient that a domain has: its name, its code and the value that stands for it, and the function of the sums."""
    q = len(codes)
    yield "u", -1, 0, lambda sums: _u(*_split(sums, q)[:2])
    if q > 1:
        yield "|u", -1, 0, lambda sums: _u(*_collapsed(*_split(sums, q)[:2]))
        yield "cu", -1, 0, lambda sums: _cu(*_split(sums, q))
        for at, code in enumerate(codes, start=1):
            yield "(k)u", code, at, lambda sums, at=at: _ku(*_split(sums, q), at)  # type: ignore[misc]


def _split(sums: Numbers, q: int) -> tuple[Numbers, Numbers, Numbers]:
    """``l_ck``, ``s_c`` and ``s*_c`` from the columns of `sums_of_continuum`."""
    shared, squares, covered = np.split(sums, [(q + 1) ** 2, (q + 1) ** 2 + q + 1], axis=-1)
    return shared.reshape(*sums.shape[:-1], q + 1, q + 1), squares, covered


def _expected(shared: Numbers, squares: Numbers) -> Numbers:
    """``ε_ck = l.. (l_c l_k - [c = k] s_c) / (l..² - Σ s_c)``."""
    margins = shared.sum(axis=-1)
    every = margins.sum(axis=-1)[..., np.newaxis, np.newaxis]
    pairs = margins[..., :, np.newaxis] * margins[..., np.newaxis, :] - squares[..., np.newaxis] * np.eye(margins.shape[-1])
    return _over(every * pairs, every**2 - squares.sum(axis=-1)[..., np.newaxis, np.newaxis])


def _u(shared: Numbers, squares: Numbers) -> Numbers:
    expected = _expected(shared, squares)
    return 1 - _over(_off_diagonal(shared), _off_diagonal(expected))


def _collapsed(shared: Numbers, squares: Numbers) -> tuple[Numbers, Numbers]:
    """The same with all codes as one."""
    halves = np.stack([shared[..., :1, :].sum(axis=-2), shared[..., 1:, :].sum(axis=-2)], axis=-2)
    both = np.stack([halves[..., 0], halves[..., 1:].sum(axis=-1)], axis=-1)
    return both, np.stack([squares[..., 0], squares[..., 1:].sum(axis=-1)], axis=-1)


def _cu(shared: Numbers, _squares: Numbers, covered: Numbers) -> Numbers:
    return _u(shared[..., 1:, 1:], covered)


def _ku(shared: Numbers, _squares: Numbers, covered: Numbers, at: int) -> Numbers:
    both, k = shared[..., 1:, 1:], at - 1
    expected = _expected(both, covered)
    observed_of_k, expected_of_k = both[..., k].sum(axis=-1), expected[..., k].sum(axis=-1)
    observed = _over(observed_of_k - both[..., k, k], observed_of_k)
    return 1 - _over(observed, _over(expected_of_k - expected[..., k, k], expected_of_k))


def _coverage(sums: Numbers, q: int, at: int) -> Numbers:
    shared = _split(sums, q)[0][..., at]
    return _over(shared[..., 1:].sum(axis=-1), shared.sum(axis=-1))


def _off_diagonal(table: Numbers) -> Numbers:
    # Sums of positive numbers, so that full agreement is 0 exactly.
    off: Numbers = (table * (1 - np.eye(table.shape[-1]))).sum(axis=(-1, -2))
    return off


def _over(above: Numbers, below: Numbers) -> Numbers:
    quotient: Numbers = np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 1e-9)
    return quotient


def _impossible(continuum: Continuum, codes: list[int], base: dict[str, Any]) -> str:
    if not base["characters"]:
        return f"no participant's words lie in {base['basis']}"
    if not base["passages"]:
        return "nobody gave a code of it to any words"
    if overlaps_of_codes(continuum, codes):
        return _OVERLAPPING
    return ""


def _why_not(row: dict[str, float]) -> str:
    if np.isnan(row["estimate"]):
        return "nothing is left to differ on: there is one code only, or all words have the same"
    if not np.isnan(row["low"]):
        return ""
    if row["estimate"] >= 1:
        return "the coders never differ, so that drawing respondents anew shows no variation"
    return "it varies, or the coders differ, with one respondent only, so that drawing respondents anew shows too little"


def _say(domain: str, row: dict[str, Any]) -> str:
    name = f"{domain}: {_NAMES[row['coefficient']]}" + (f" of {row['code']}" if row["code"] else "")
    ground = f"({row['coders']} coders, {row['passages']} passages of {row['respondents']} respondents)"
    if np.isnan(row.get("estimate", np.nan)):
        return f"{name} is undefined: {row['reason']}."
    if np.isnan(row["low"]):
        return f"{name} {row['estimate']:.2f} {ground}, without an interval: {row['reason']}."
    return f"{name} {row['estimate']:.2f}, 95% interval {row['low']:.2f} to {row['high']:.2f} {ground}."
