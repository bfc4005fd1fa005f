"""How often intervals hold the true share, how often tests find what is not there, and what a comparison costs, as JSON.

`python benchmarks/evidence.py`, some seconds; `python benchmarks/evidence.py 50000` for so many simulated studies of each design.
"""

import json
import sys
import time

import numpy as np

from engagement_lib.evidence.clusters import score_interval, spread_by_respondent
from engagement_lib.evidence.differences import newcombe_interval, permutation_p, smallest_difference
from engagement_lib.evidence.prevalence import jeffreys_interval, wilson_interval

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
AT_ONCE = 500
ICC = 0.2
# Respondents, segments of each, share of segments with the code.
DESIGNS = [(45, 40, 0.1), (55, 40, 0.05), (195, 3, 0.1), (20, 40, 0.1)]


def segments_with_code(people: int, segments: int, share: float, runs: int, generator: np.random.Generator) -> np.ndarray:
    """Respondents x runs, when some are more given to the code than others (beta-binomial)."""
    together = 1 / ICC - 1
    given = generator.beta(share * together, (1 - share) * together, (people, runs))
    return generator.binomial(segments, given).astype(float)


def coverage(people: int, segments: int, share: float, seed: int) -> dict[str, object]:
    generator, held = np.random.default_rng(seed), np.zeros(3)
    sizes = np.full(people, float(segments))
    for done in range(0, RUNS, AT_ONCE):
        hits = segments_with_code(people, segments, share, min(AT_ONCE, RUNS - done), generator)
        found = spread_by_respondent(hits, sizes, resamples=1000, random_state=seed + done)
        alone = score_interval(found.share, np.full(hits.shape[1], sizes.sum()))
        for kind, (low, high) in enumerate((alone, (found.low, found.high), (found.wilson_low, found.wilson_high))):
            held[kind] += ((low <= share) & (share <= high)).sum()
    names = ("wilson_by_segment", "respondents_drawn_anew", "wilson_on_effective_base")
    return {"respondents": people, "segments_each": segments, "share": share} | dict(
        zip(names, (held / RUNS).round(4).tolist(), strict=True)
    )


def shares_of_respondents(base: int, share: float, seed: int) -> dict[str, object]:
    counts = np.random.default_rng(seed).binomial(base, share, RUNS)
    held = {}
    for name, interval in (("wilson", wilson_interval), ("jeffreys", jeffreys_interval)):
        ends = {count: interval(int(count), base) for count in np.unique(counts)}
        held[name] = round(float(np.mean([ends[count][0] <= share <= ends[count][1] for count in counts])), 4)
    return {"respondents": base, "share": share} | held


def differences(first: int, second: int, shares: tuple[float, float], seed: int) -> dict[str, object]:
    generator = np.random.default_rng(seed)
    pairs = list(zip(generator.binomial(first, shares[0], RUNS), generator.binomial(second, shares[1], RUNS), strict=True))
    ends = {pair: newcombe_interval((int(pair[0]), first), (int(pair[1]), second)) for pair in set(pairs)}
    held = np.mean([ends[pair][0] <= shares[0] - shares[1] <= ends[pair][1] for pair in pairs])
    return {"bases": [first, second], "shares": list(shares), "newcombe": round(float(held), 4)}


def false_findings(seed: int) -> dict[str, object]:
    """Groups that differ in their mix of kinds alone: labels permuted within kinds, and over all."""
    generator = np.random.default_rng(seed)
    strata = np.repeat([0, 1], [40, 60])
    first = np.concatenate([np.arange(40) < 30, np.arange(60) < 15])
    share = np.where(strata == 0, 0.5, 0.15)[:, np.newaxis]
    p = {"within_kinds": [], "over_all": []}
    for done in range(0, RUNS, AT_ONCE):
        holds = generator.random((100, min(AT_ONCE, RUNS - done))) < share
        p["within_kinds"].append(permutation_p(holds, first, strata, resamples=999, random_state=generator))
        p["over_all"].append(permutation_p(holds, first, np.zeros_like(strata), resamples=999, random_state=generator))
    levels = (0.01, 0.05, 0.1)
    return {
        name: {str(level): round(float((np.concatenate(values) <= level).mean()), 4) for level in levels}
        for name, values in p.items()
    }


def seconds_of_a_comparison() -> float:
    generator = np.random.default_rng(0)
    holds, first = generator.random((355, 36)) < 0.2, generator.random(355) < 0.45
    begun = time.perf_counter()
    permutation_p(holds, first, generator.integers(0, 4, 355), resamples=9999, random_state=0)
    return round(time.perf_counter() - begun, 3)


print(
    json.dumps(
        {
            "simulated_studies": RUNS,
            "intraclass_correlation": ICC,
            "coverage_of_95_percent_intervals_for_segments": [
                coverage(*design, seed=number) for number, design in enumerate(DESIGNS)
            ],
            "coverage_of_95_percent_intervals_for_respondents": [
                shares_of_respondents(base, share, seed=10 + number)
                for number, (base, share) in enumerate([(45, 0.1), (45, 0.3), (195, 0.05), (298, 0.3)])
            ],
            "coverage_of_95_percent_intervals_for_differences": [
                differences(*design, seed=20 + number)
                for number, design in enumerate([(45, 55, (0.3, 0.3)), (45, 55, (0.05, 0.2)), (121, 159, (0.4, 0.1))])
            ],
            "p_at_or_below_level_without_a_difference": false_findings(seed=30),
            "points_that_45_and_55_show_with_80_percent_power": {
                f"from {share:.0%}": round(float(100 * smallest_difference(np.array([share]), 45, 55)[0]), 1)
                for share in (0.1, 0.3, 0.5)
            },
            "seconds_for_36_codes_9999_permutations_355_respondents": seconds_of_a_comparison(),
        },
        indent=2,
    )
)
