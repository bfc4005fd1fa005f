"""What agreement costs and how often its intervals hold the truth, as JSON: `python benchmarks/agreement.py`.

Speed: 10,000 units of 300 respondents, three coders, five categories, 2% missing, 1,000 resamples, beside the package
`krippendorff` once and times 1,000; a codebook of 40 codes at that size; u-alpha of 100 documents with 5,000 passages.
Coverage: `--runs` simulated studies (2,000 unless told) of 20 and of 45 respondents with 30 segments each, whose difficulty
varies by respondent; and with a code that three respondents in ten bear. The fastest of three runs counts.
"""

import argparse
import json
import time

import krippendorff
import numpy as np
import pandas as pd

import engagement_lib as eng
from engagement_lib.reliability.coefficients import Scale, of_sums, sums_of_units
from engagement_lib.reliability.estimates import estimate, resample
from engagement_lib.tables import check_table

options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
options.add_argument("--runs", type=int, default=2000)
runs = options.parse_args().runs
random = np.random.default_rng(0)
GIVEN_OR_NOT = Scale(np.eye(2), 1 - np.eye(2))
ALPHA = of_sums("alpha", 2, GIVEN_OR_NOT)


def fastest(function, times=3):
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        result = function()
        taken.append(time.perf_counter() - begun)
    return min(taken), result


def ratings_of(units, coders, values):
    truth = random.integers(0, values, units)
    said = np.where(random.random((units, coders)) < 0.7, truth[:, np.newaxis], random.integers(0, values, (units, coders)))
    return pd.DataFrame(np.where(random.random((units, coders)) < 0.02, np.nan, said))


def segments_of(people, each, length):
    start = np.arange(people * each) % each * length
    person = [f"P{unit // each:03}" for unit in range(people * each)]
    rows = {"source_id": person, "start": start, "end": start + length - 1, "case_id": person, "kind": "interview"}
    return check_table("segments", pd.DataFrame(rows))


def codings_of(segments, given, codes, coder):
    unit, code = np.nonzero(given)
    spans = segments.loc[unit, ["source_id", "start", "end"]].reset_index(drop=True)
    return spans.assign(code=np.array(codes)[code], coder=coder, coding_id=[f"{coder}-{row}" for row in range(len(unit))])


def speed_of_ratings():
    ratings, respondents = ratings_of(10_000, 3, 5), random.integers(0, 300, 10_000).astype(str)
    few = {"respondents": respondents, "resamples": 1000, "coefficient": "alpha"}
    seconds, table = fastest(lambda: eng.agreement_of_ratings(ratings, **few, interval="percentile"))
    of_all, _ = fastest(lambda: eng.agreement_of_ratings(ratings, **few | {"coefficient": "all"}, interval="bca"))
    data = ratings.to_numpy().T
    once, theirs = fastest(lambda: krippendorff.alpha(data, level_of_measurement="nominal"))
    return {
        "seconds_alpha": round(seconds, 4),
        "seconds_all_coefficients_bca": round(of_all, 4),
        "krippendorff_once": round(once, 4),
        "times_as_fast_as_krippendorff_1000_times": round(once * 1000 / seconds, 1),
        "difference_in_alpha": float(abs(table.loc[0, "estimate"] - theirs)),
    }


def speed_of_codebook():
    codes = [f"code-{k:02}" for k in range(40)]
    segments = segments_of(300, 34, 10)
    truth = random.random((len(segments), 40)) < 0.05
    said = [codings_of(segments, truth & (random.random(truth.shape) < 0.8), codes, coder) for coder in ("AB", "CD", "EF")]
    codings = check_table("codings", pd.concat(said, ignore_index=True))
    codebook = pd.DataFrame({"code": codes})
    seconds, _ = fastest(lambda: eng.agreement(codings, segments, codebook, resamples=1000, coefficient="all"))
    return {"units": len(segments), "codings": len(codings), "seconds_all_coefficients": round(seconds, 3)}


def speed_of_spans():
    segments = segments_of(100, 1, 20_000)
    place = random.integers(0, 18, (1700, 1)) * 1000 + random.integers(0, 300, (1700, 3))
    rows = [
        (f"P{at % 100:03}", int(start), int(start + random.integers(200, 600)), "culture", coder)
        for at, starts in enumerate(place)
        for start, coder in zip(starts, ("AB", "CD", "EF"), strict=True)
    ]
    codings = pd.DataFrame(rows, columns=["source_id", "start", "end", "code", "coder"])
    codings = codings.assign(coding_id=codings.index.astype(str))
    codebook = pd.DataFrame({"code": ["culture"]})
    seconds, table = fastest(lambda: eng.agreement_of_spans(codings, segments, codebook, resamples=1000, interval="percentile"))
    return {
        "documents": 100,
        "passages": len(codings),
        "seconds": round(seconds, 3),
        "u_alpha": round(table.loc[0, "estimate"], 3),
    }


def world(people, *, bearing=1.0, rare=False):
    """Two coders on 30 segments of each respondent, whose prevalence and difficulty vary from one respondent to the next."""
    bears = random.random((people, 1)) < bearing
    share = random.beta(1, 15, (people, 1)) if rare else random.beta(2, 4, (people, 1))
    slips = random.beta(1, 3, (people, 1)) if rare else random.beta(1, 6, (people, 1))
    truth = (random.random((people, 30)) < share) & bears
    seen = [truth & (random.random(truth.shape) > slips) for _ in range(2)]
    if rare:
        given = [coder | ((random.random(truth.shape) < 0.004) & bears) for coder in seen]
    else:
        given = [np.where(random.random(truth.shape) < slips, ~truth, truth) for _ in range(2)]
    return np.stack(given, axis=-1).reshape(-1, 2).astype(np.int64)


def coverage(people, **kind):
    """How often each interval holds the alpha of many respondents, of the runs in which it can be had."""
    truth = float(ALPHA(sums_of_units(world(300_000, **kind), np.zeros(9_000_000, dtype=np.int64), GIVEN_OR_NOT)[0]))
    owner = np.repeat(np.arange(people), 30)
    held = {name: [] for name in ("by_respondent_t", "by_respondent_percentile", "by_respondent_bca", "by_segment_percentile")}
    for run in range(runs):
        places = world(people, **kind)
        holders = len(set(owner[places.any(axis=1)]))
        for unit, owners in (("respondent", owner), ("segment", np.arange(len(owner)))):
            resampled = resample(sums_of_units(places, owners, GIVEN_OR_NOT)[:, np.newaxis], 500, run)
            carriers = np.array([holders if unit == "respondent" else len(owner)])
            for interval in ("t", "percentile", "bca") if unit == "respondent" else ("percentile",):
                (row,) = estimate(ALPHA, resampled, interval=interval, carriers=carriers)
                if not np.isnan(row["low"]):
                    held[f"by_{unit}_{interval}"].append(row["low"] <= truth <= row["high"])
    return {"true_alpha": round(truth, 3)} | {name: round(float(np.mean(hits)), 3) for name, hits in held.items()}


print(
    json.dumps(
        {
            "ratings": speed_of_ratings(),
            "codebook": speed_of_codebook(),
            "spans": speed_of_spans(),
            "coverage": {
                "runs": runs,
                "20_respondents": coverage(20),
                "45_respondents": coverage(45),
                "45_respondents_rare_code": coverage(45, bearing=0.3, rare=True),
            },
        },
        indent=2,
    )
)
