"""Every coefficient of agreement as a function of sums over units, so that drawing respondents anew is one matrix product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from engagement_lib.reliability.weights import Numbers

Places = npt.NDArray[np.int64]

TWO_CODERS: Final = {"cohen_kappa": "Conger's kappa is", "scott_pi": "Fleiss' kappa is"}
COEFFICIENTS: Final = (
    "alpha",
    "cohen_kappa",
    "conger_kappa",
    "scott_pi",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "brennan_prediger",
)


@dataclass(frozen=True)
class Scale:
    """What the values are worth: `weights` ``w_kl`` and squared differences ``delta²_ck``, values x values.

    `differences` is None at the ordinal level, where they follow from the judgements themselves.
    """

    weights: Numbers
    differences: Numbers | None

    @property
    def is_nominal(self) -> bool:
        """Whether two values either agree or do not."""
        return bool((self.weights == np.eye(len(self.weights))).all())


class Sums(NamedTuple):
    """Sums over units, in the letters of Gwet (2014) and Krippendorff (2011); any axes before the last belong to draws and codes.

    R_ik is how many coders gave unit i value k, r_i how many judged it. `coincidences` is ``o_ck`` at the ordinal level, else the
    one number ``Σ o_ck delta²_ck``.
    """

    units: Numbers  # n: units judged by anyone
    pairable: Numbers  # n': units judged by two or more
    agreeing: Numbers  # Σ_i Σ_k R_ik (R*_ik - 1) / (r_i (r_i - 1))
    shares: Numbers  # Σ_i R_ik / r_i, by value
    margins: Numbers  # n_c, by value, over pairable units
    coincidences: Numbers
    by_coder: Numbers  # how often each coder gave each value, coders x values


def sums_of_units(places: Places, respondents: Places, scale: Scale, weights: Numbers | None = None) -> Numbers:
    """Respondents x sums over their units, the columns as `split_sums` parts them.

    Parameters
    ----------
    places
        Units x coders: the place of the value given, -1 where the coder did not judge the unit.
    respondents
        The number of each unit's respondent, from 0.
    weights
        How often each unit counts; once without them.
    """
    units, coders = places.shape
    values = len(scale.weights)
    unit, coder = np.nonzero(places >= 0)
    place = places[unit, coder]
    given = np.bincount(unit * values + place, minlength=units * values).reshape(units, values).astype(np.float64)
    judged = given.sum(axis=1, keepdims=True)
    pairable = given * (judged >= 2)
    others = np.maximum(judged - 1, 1)
    agreeing = (pairable * (pairable @ scale.weights - 1)).sum(axis=1, keepdims=True) / (np.maximum(judged, 1) * others)
    columns = [(judged >= 1) * 1.0, (judged >= 2) * 1.0, agreeing, given / np.maximum(judged, 1), pairable]
    if scale.differences is None:
        pairs = np.einsum("ic,ik->ick", pairable, pairable / others)
        pairs[:, np.arange(values), np.arange(values)] -= pairable / others
        columns.append(pairs.reshape(units, -1))
    else:
        columns.append((pairable * (pairable @ scale.differences)).sum(axis=1, keepdims=True) / others)
    many = int(respondents.max(initial=-1)) + 1
    times = np.ones(units) if weights is None else weights
    belongs = csr_array((times, (respondents, np.arange(units))), shape=(many, units))
    cell = (respondents[unit] * coders + coder) * values + place
    by_coder = np.bincount(cell, weights=times[unit], minlength=many * coders * values).reshape(many, coders * values)
    sums: Numbers = np.hstack([belongs @ np.hstack(columns), by_coder])
    return sums


def split_sums(sums: Numbers, coders: int, scale: Scale) -> Sums:
    """The columns of `sums_of_units`, or of weighted sums of its rows, apart."""
    values = len(scale.weights)
    widths = [1, 1, 1, values, values, 1 if scale.differences is not None else values * values, coders * values]
    n, pairable, agreeing, shares, margins, pairs, by_coder = np.split(sums, np.cumsum(widths)[:-1], axis=-1)
    ends = sums.shape[:-1]
    coincidences = pairs[..., 0] if scale.differences is not None else pairs.reshape(*ends, values, values)
    by_coder = by_coder.reshape(*ends, coders, values)
    return Sums(n[..., 0], pairable[..., 0], agreeing[..., 0], shares, margins, coincidences, by_coder)


def coefficient(name: str, sums: Sums, scale: Scale) -> Numbers:
    """One of `COEFFICIENTS` from the sums; NaN where chance alone would give full agreement, or nothing can be compared."""
    if name == "alpha":
        return _alpha(sums, scale)
    expected = _EXPECTED[name](sums, scale)
    return _ratio(observed_agreement(sums) - expected, 1 - expected)


def of_sums(name: str, coders: int, scale: Scale) -> Callable[[Numbers], Numbers]:
    """The coefficient as a function of the columns of `sums_of_units`."""
    return lambda sums: coefficient(name, split_sums(sums, coders, scale), scale)


def observed_agreement(sums: Sums) -> Numbers:
    """``p_a``: of two coders drawn at random on a unit drawn at random, how far they agree."""
    return _ratio(sums.agreeing, sums.pairable)


def applicable(coders: int, scale: Scale) -> tuple[str, ...]:
    """The coefficients that fit so many coders and such a scale, in the order of `COEFFICIENTS`."""
    unfit = {"gwet_ac2" if scale.is_nominal else "gwet_ac1"} | ({"conger_kappa"} if coders == 2 else set(TWO_CODERS))
    return tuple(name for name in COEFFICIENTS if name not in unfit)


def unfit(name: str, coders: int, scale: Scale) -> str:
    """Why a coefficient does not fit so many coders or such a scale, or ""."""
    if name in TWO_CODERS and coders != 2:
        return f"it is for two coders, and there are {coders}; {TWO_CODERS[name]} the same for more"
    if name == "gwet_ac1" and not scale.is_nominal:
        return "AC1 knows no weights; AC2 is the same with them"
    return ""


def _alpha(sums: Sums, scale: Scale) -> Numbers:
    """``1 - D_o / D_e`` of Krippendorff (2011), with ``(n - 1) Σ o_ck delta²_ck / Σ n_c n_k delta²_ck`` for the quotient."""
    n_c = sums.margins
    every = n_c.sum(axis=-1)
    if scale.differences is None:
        ranks = np.cumsum(n_c, axis=-1) - n_c / 2
        squares = (n_c * ranks**2).sum(axis=-1)
        observed = 2 * squares - 2 * np.einsum("...c,...ck,...k->...", ranks, sums.coincidences, ranks)
        expected = 2 * every * squares - 2 * (n_c * ranks).sum(axis=-1) ** 2
    else:
        observed = sums.coincidences
        expected = ((n_c @ scale.differences) * n_c).sum(axis=-1)
    # Where all judgements are of one value, rounding may leave a hair of expected difference.
    expected = np.where((n_c > 0).sum(axis=-1) > 1, expected, 0.0)
    return 1 - _ratio((every - 1) * np.maximum(observed, 0), expected)


def _by_chance_of_all(sums: Sums, scale: Scale) -> Numbers:
    pi = _shares(sums)
    expected: Numbers = ((pi @ scale.weights) * pi).sum(axis=-1)
    return expected


def _by_chance_of_each(sums: Sums, scale: Scale) -> Numbers:
    """The mean over pairs of coders of what each pair would agree on by chance (Conger 1980; with two coders, Cohen 1960)."""
    judged = sums.by_coder.sum(axis=-1, keepdims=True)
    p = np.divide(sums.by_coder, judged, out=np.zeros_like(sums.by_coder), where=judged > 0)
    active = (judged[..., 0] > 0).sum(axis=-1)
    together = p.sum(axis=-2)
    of_all = ((together @ scale.weights) * together).sum(axis=-1)
    alone = ((p @ scale.weights) * p).sum(axis=(-1, -2))
    return _ratio(of_all - alone, active * (active - 1.0))


def _by_gwet(sums: Sums, scale: Scale) -> Numbers:
    pi, values = _shares(sums), len(scale.weights)
    if values < 2:
        return np.full(pi.shape[:-1], np.nan)
    expected: Numbers = scale.weights.sum() / (values * (values - 1)) * (pi * (1 - pi)).sum(axis=-1)
    return expected


def _by_even_chance(sums: Sums, scale: Scale) -> Numbers:
    return np.full(sums.units.shape, scale.weights.sum() / max(len(scale.weights), 1) ** 2)


_EXPECTED: Final = {
    "cohen_kappa": _by_chance_of_each,
    "conger_kappa": _by_chance_of_each,
    "scott_pi": _by_chance_of_all,
    "fleiss_kappa": _by_chance_of_all,
    "gwet_ac1": _by_gwet,
    "gwet_ac2": _by_gwet,
    "brennan_prediger": _by_even_chance,
}


def expected_agreement(name: str, sums: Sums, scale: Scale) -> Numbers:
    """``p_e``: the agreement that a coefficient other than alpha puts down to chance."""
    return _EXPECTED[name](sums, scale)


def _shares(sums: Sums) -> Numbers:
    units = sums.units[..., np.newaxis]
    pi: Numbers = np.divide(sums.shares, units, out=np.full_like(sums.shares, np.nan), where=units > 0)
    return pi


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    quotient: Numbers = np.divide(
        above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=np.abs(below) > 1e-12
    )
    return quotient
