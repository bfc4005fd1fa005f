"""What agreement costs, beside one evaluation of the package `krippendorff` a code, as JSON: `python benchmarks/agreement.py`.

Two coders, 100 respondents of 30 segments each, 40 codes; ours with 2,000 resamples by respondent, the package without any.
"""

import json
import time

import krippendorff
import numpy as np
import pandas as pd

import engagement_lib as eng
from engagement_lib.tables import check_table

random = np.random.default_rng(0)
start = np.arange(3000) % 30 * 10
person = [f"P{unit // 30:03}" for unit in range(3000)]
segments = pd.DataFrame({"source_id": person, "start": start, "end": start + 9, "case_id": person, "kind": "interview"})
codebook = check_table("codebook", pd.DataFrame({"code": [f"code-{k:02}" for k in range(40)]}))
given = random.random((3000, 40)) < 0.05
agreed = given & (random.random((3000, 40)) < 0.8)


def codings_of(coder: str, judged: np.ndarray) -> pd.DataFrame:
    unit, code = np.nonzero(judged)
    spans = segments.loc[unit, ["source_id", "start", "end"]].reset_index(drop=True)
    return spans.assign(
        code=codebook["code"].to_numpy()[code], coder=coder, coding_id=[f"{coder}-{row}" for row in range(len(unit))]
    )


codings = check_table("codings", pd.concat([codings_of("AB", given), codings_of("CD", agreed)], ignore_index=True))
begun = time.perf_counter()
ours = eng.agreement(codings, check_table("segments", segments), codebook)
seconds = time.perf_counter() - begun
begun = time.perf_counter()
theirs = [krippendorff.alpha([given[:, k] * 1, agreed[:, k] * 1], level_of_measurement="nominal") for k in range(40)]
once = time.perf_counter() - begun
print(
    json.dumps(
        {
            "agreement_seconds": round(seconds, 3),
            "krippendorff_once_seconds": round(once, 3),
            "ratio_to_krippendorff_times_2000": round(once * 2000 / seconds, 1),
            "largest_difference_in_alpha": float(np.abs(ours["alpha"] - theirs).max()),
        },
        indent=2,
    )
)
