"""What it costs to open the package and the study, as JSON: `python benchmarks/opening.py`.

Each import is timed in a process of its own, the median of five; the ratio to pandas is what to compare between machines.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import engagement_lib as eng

DATA = Path(__file__).parents[1] / "data"


def seconds_to_import(name: str) -> float:
    script = f"import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
    runs = [subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True) for _ in range(5)]
    return median(float(run.stdout) for run in runs)


def seconds(step, *arguments, **options) -> tuple[float, object]:
    begun = time.perf_counter()
    result = step(*arguments, **options)
    return time.perf_counter() - begun, result


pandas, package = seconds_to_import("pandas"), seconds_to_import("engagement_lib.tables")
opened, study = seconds(eng.open_study, DATA)
split, turns = seconds(eng.split_turns, study.sources)
said = turns[turns["role"] == "participant"]
sentenced, sentences = seconds(eng.split_sentences, said)
agreed, _ = seconds(eng.agreement, study.codings, sentences, study.codebook, readings=study.readings)
appraised, _ = seconds(eng.appraise_claims, study)
fitted, _ = seconds(eng.ThemeModel(resamples=0).fit, sentences)
print(
    json.dumps(
        {
            "import_pandas_seconds": round(pandas, 3),
            "import_package_with_tables_seconds": round(package, 3),
            "import_ratio_to_pandas": round(package / pandas, 2),
            "open_study_seconds": round(opened, 3),
            "split_turns_seconds": round(split, 3),
            "split_sentences_seconds": round(sentenced, 3),
            "agreement_seconds": round(agreed, 3),
            "appraise_claims_seconds": round(appraised, 3),
            "fit_themes_seconds": round(fitted, 3),
            "sources": len(study.sources),
            "sentences": len(sentences),
            "codings": len(study.codings),
        },
        indent=2,
    )
)
