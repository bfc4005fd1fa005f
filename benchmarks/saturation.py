"""What the accumulation of codes costs, beside plain loops over people and codes, as JSON: `python benchmarks/saturation.py`.

355 respondents, 36 codes; ours with 1,000 random orders, the loops with 20, and their time times 50.
"""

import json
import time

import numpy as np

from engagement_lib.evidence.accumulation import in_random_orders
from engagement_lib.evidence.fieldwork import Fieldwork
from engagement_lib.evidence.orders import new_by_place, random_places, saturated_after
from engagement_lib.evidence.richness import chao2_interval, coverage, draw_counts, new_codes, rarefy, richness_at, tally

random = np.random.default_rng(0)
held = random.random((355, 36)) < np.linspace(0.001, 0.3, 36)


def ours() -> None:
    counts = held.sum(axis=0)
    new = in_random_orders(Fieldwork("", held, 0, ""), 1000, 0)
    np.quantile(np.cumsum(new, axis=1), (0.05, 0.5, 0.95), axis=0)
    for base in (4, 5, 6):
        for run in (2, 3):
            for threshold in (0.05, 0.0):
                saturated_after(new, base=base, run=run, threshold=threshold)
    drawn = draw_counts(counts, 355, draws=1000, random_state=0)
    chao2_interval(counts, 355, drawn)
    _, once, twice, _ = tally(drawn)
    new_codes(once, twice, 355, 5)
    coverage(counts, 355)
    rarefy(counts, 355)
    richness_at(counts, 355, 0.9)


def accumulate_in_a_loop(order: list[int], codes: list[set[int]]) -> list[int]:
    seen: set[int] = set()
    new = []
    for respondent in order:
        new.append(len(codes[respondent] - seen))
        seen |= codes[respondent]
    return new


def saturated_in_a_loop(new: list[int], base: int, run: int, threshold: float) -> float:
    for after in range(base, len(new) - run + 1):
        if sum(new[:base]) and sum(new[after : after + run]) / sum(new[:base]) <= threshold:
            return after
    return float("inf")


begun = time.perf_counter()
ours()
seconds = time.perf_counter() - begun
codes = [{int(code) for code in np.flatnonzero(row)} for row in held]
places = random_places(355, orders=1000, random_state=0)
begun = time.perf_counter()
grid = [(base, run, threshold) for base in (4, 5, 6) for run in (2, 3) for threshold in (0.05, 0.0)]
in_loops = [accumulate_in_a_loop([int(one) for one in np.argsort(row)], codes) for row in places[:20]]
after = [[saturated_in_a_loop(new, *rule) for new in in_loops] for rule in grid]
looped = (time.perf_counter() - begun) * 50
begun = time.perf_counter()
at_once = new_by_place(held, places)
for base, run, threshold in grid:
    saturated_after(at_once, base=base, run=run, threshold=threshold)
orders_only = time.perf_counter() - begun
print(
    json.dumps(
        {
            "all_seconds": round(seconds, 3),
            "orders_and_grid_seconds": round(orders_only, 3),
            "loops_seconds": round(looped, 3),
            "ratio_of_loops_to_orders_and_grid": round(looped / orders_only, 1),
            "orders_that_differ": sum(one != other for one, other in zip(in_loops, at_once[:20].tolist(), strict=True)),
        },
        indent=2,
    )
)
