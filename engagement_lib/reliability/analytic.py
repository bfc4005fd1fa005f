"""Standard errors from formulas that take units as independent, as other tools print them."""

from __future__ import annotations

import numpy as np

from engagement_lib.reliability.coefficients import Places, Scale, coefficient, expected_agreement, split_sums, sums_of_units
from engagement_lib.reliability.weights import Numbers


def standard_error(name: str, places: Places, scale: Scale) -> float:
    """The standard error of a coefficient if units were a simple random sample; NaN where it is undefined.

    It serves to compare with other tools. Units of one respondent hang together, so that it is too small for interviews.

    Parameters
    ----------
    places
        Units x coders: the place of the value given, -1 where the coder did not judge the unit.

    Notes
    -----
    ``√(Σ_i (κ*_i - κ)² / (n (n - 1)))`` with the linearised ``κ*_i = κ_i - 2 (1 - κ) (p_e|i - p_e) / (1 - p_e)``: Gwet, K. L.
    (2008), *Computing inter-rater reliability and its variance in the presence of high agreement*, British Journal of
    Mathematical and Statistical Psychology 61, 29-48; for any number of coders, weights and gaps Gwet (2014), chapters 2 to 5.
    """
    judged = (places >= 0).sum(axis=1)
    places = places[judged >= (2 if name == "alpha" else 1)]
    units = len(places)
    if units < 2 or (judged >= 2).sum() == 0 or len(scale.weights) < 2:
        return float("nan")
    agreeing, chance, whole, expected = _alpha_terms(places, scale) if name == "alpha" else _terms(name, places, scale)
    if np.isnan(whole) or expected >= 1:
        return float("nan")
    linearised = (agreeing - expected) / (1 - expected) - 2 * (1 - whole) * (chance - expected) / (1 - expected)
    return float(np.sqrt(((linearised - whole) ** 2).sum() / (units * (units - 1))))


def _terms(name: str, places: Places, scale: Scale) -> tuple[Numbers, Numbers, float, float]:
    """Each unit's ``p_a|i`` and ``p_e|i``, the coefficient and ``p_e``."""
    units, coders = places.shape
    sums = split_sums(sums_of_units(places, np.arange(units), scale), coders, scale)
    total = split_sums(sums_of_units(places, np.zeros(units, dtype=np.int64), scale)[0], coders, scale)
    whole, expected = float(coefficient(name, total, scale)), float(expected_agreement(name, total, scale))
    # p_a|i - p_e is 0 for units judged once, whose share is carried by the others.
    agreeing = units / total.pairable * (sums.agreeing - expected * sums.pairable) + expected
    if name == "brennan_prediger":
        return agreeing, np.full(units, expected), whole, expected
    if name in ("gwet_ac1", "gwet_ac2"):
        values = len(scale.weights)
        pi = total.shares / total.units
        return agreeing, scale.weights.sum() / (values * (values - 1)) * (sums.shares @ (1 - pi)), whole, expected
    if name in ("cohen_kappa", "conger_kappa"):
        return agreeing, _chance_of_each(places, total.by_coder, scale), whole, expected
    return agreeing, sums.shares @ (scale.weights @ (total.shares / total.units)), whole, expected


def _chance_of_each(places: Places, by_coder: Numbers, scale: Scale) -> Numbers:
    """``p_e|i`` of Conger's kappa (Gwet 2014, section 2.7): how each unit pulls at the coders' margins."""
    units, coders = places.shape
    judged = by_coder.sum(axis=1, keepdims=True)
    p = np.divide(by_coder, judged, out=np.zeros_like(by_coder), where=judged > 0)
    active = max(int((judged > 0).sum()), 2)
    others = (p.sum(axis=0) - p) @ scale.weights
    by_chance = (p * others).sum(axis=1)
    seen = places >= 0
    pulls = np.where(seen, others[np.arange(coders), places] - by_chance, 0.0) * (units / np.maximum(judged[:, 0], 1))
    chance: Numbers = (by_chance + pulls).sum(axis=1) / (active * (active - 1))
    return chance


def _alpha_terms(places: Places, scale: Scale) -> tuple[Numbers, Numbers, float, float]:
    """The same of alpha, whose correction for small samples is left out but for one term (Gwet 2014, section 2.8; irrCAC)."""
    units, coders = places.shape
    sums = split_sums(sums_of_units(places, np.arange(units), scale), coders, scale)
    judged = sums.margins.sum(axis=1)
    mean, pi = judged.mean(), sums.margins.sum(axis=0) / judged.sum()
    surplus = (judged - mean) / mean
    seen = (sums.margins * (sums.margins @ scale.weights - 1)).sum(axis=1) / (mean * (judged - 1))
    expected = float(pi @ scale.weights @ pi)
    chance = sums.margins @ (scale.weights @ pi) / mean - expected * surplus
    whole = (float(seen.mean()) - expected) / (1 - expected) if expected < 1 else float("nan")
    corrected = seen.mean() + (1 - seen.mean()) / judged.sum()
    return seen - corrected * surplus, chance, whole, expected
