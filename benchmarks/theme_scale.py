"""Seconds and peak memory against the number of short answers, as JSON: `python benchmarks/theme_scale.py [MOST] [ENCODER]`.

Answers are made up: twelve words each, most of them from one of sixty matters. ENCODER is "made" (vectors that are made up as
well, so that finding themes is measured alone; the default), "tfidf" or "minilm". Every number of answers up to MOST (100,000)
has a process of its own. The exponent b is that of seconds = a · n^b, fitted by least squares of logarithms: over all sizes, and
over those above the number of landmarks.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from engagement_lib.tables import check_table
from engagement_lib.themes.landmarks import LANDMARKS
from engagement_lib.themes.model import ThemeModel

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
MATTERS = 60


class Made:
    """Vectors near the axis of a text's matter, the same for the same text."""

    name = "made"

    def __init__(self):
        self.axes = np.random.default_rng(0).normal(size=(MATTERS, 384)).astype(np.float32)

    def encode(self, texts):
        matters = [int(text[1:3]) for text in texts]
        noise = [np.random.default_rng(list(text.encode())).standard_normal(384, dtype=np.float32) for text in texts]
        return self.axes[matters] + 1.5 * np.array(noise)


def answers(size):
    generator = np.random.default_rng(1)
    matters = generator.integers(0, MATTERS, size)
    own, shared = generator.zipf(1.4, (size, 7)) % 200, generator.zipf(1.2, (size, 5)) % 2_000
    texts = [
        " ".join([f"m{matter:02d}"] + [f"w{matter:02d}x{word}" for word in mine] + [f"w{word}" for word in others])
        for matter, mine, others in zip(matters, own, shared, strict=True)
    ]
    spans = {"source_id": [f"S{at:06d}" for at in range(size)], "start": 0, "end": [len(text) for text in texts]}
    people = {"case_id": spans["source_id"], "kind": "survey", "role": "participant", "quote": texts}
    return check_table("segments", pd.DataFrame(spans | people))


def fit_alone(size, encoder):
    """Times are of the fit, and of the table of themes with its keywords; the answers are there before."""
    segments = answers(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter(), time.process_time()
    model = ThemeModel(encoder=Made() if encoder == "made" else encoder, resamples=0).fit(segments)
    fitted = time.perf_counter(), time.process_time()
    themes = len(model.themes_)
    told = {"answers": size, "different": len(model._rows), "themes": themes}
    told |= {"fit_seconds": fitted[0] - begun[0], "fit_cpu_seconds": fitted[1] - begun[1]}
    told |= {"table_seconds": time.perf_counter() - fitted[0]}
    told |= {"answers_mb": before, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps({name: round(value, 2) for name, value in told.items()}))


def exponent(rows, measured, *, above=0):
    some = [(row["answers"], row[measured]) for row in rows if row["answers"] >= above]
    return round(float(np.polyfit(*np.log(np.array(some, dtype=float)).T, 1)[0]), 2) if len(some) > 1 else None


def main(most="100000", encoder="made"):
    rows = []
    for size in (size for size in SIZES if size <= int(most)):
        command = [sys.executable, str(Path(__file__)), "--alone", str(size), encoder]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, env=os.environ).stdout))
        print(json.dumps(rows[-1]), file=sys.stderr)
    told = {"encoder": encoder, "sizes": rows}
    for measured in ("fit_cpu_seconds", "fit_seconds", "peak_mb"):
        told[f"exponent of {measured}"] = exponent(rows, measured)
        told[f"exponent of {measured}, above the landmarks"] = exponent(rows, measured, above=2 * LANDMARKS)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        fit_alone(int(sys.argv[2]), sys.argv[3])
    else:
        main(*sys.argv[1:])
