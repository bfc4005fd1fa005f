"""What the event store costs, as JSON: `python benchmarks/coding.py`.

A log of 100,000 events, of which four in five add a coding, read from its file and folded; then codings added one by one to a
store that holds 10,000 of them, each call waiting for the disk.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from engagement_lib.coding.events import make_event
from engagement_lib.coding.folding import fold_log
from engagement_lib.coding.store import append_events, read_events

BEGIN = datetime(2020, 10, 2, 9, tzinfo=UTC)
draw = random.Random(0)


def coding(number: int) -> dict[str, str]:
    coder = draw.choice(["AB", "CD", "EF"])
    place = {"source_id": f"P{number % 300:03}", "start": number % 5000, "end": number % 5000 + 60, "code": f"code-{number % 40}"}
    said = {
        "coder": coder,
        "layer": "independent",
        "stance": "supports",
        "memo": "",
        "quote": "What somebody may have said. " * 2,
    }
    return make_event("coding added", f"c{number}", author=coder, value=place | said)


def anything(number: int) -> dict[str, str]:
    about = f"c{draw.randrange(number + 1)}"
    others = [
        make_event("coding withdrawn", about, author="AB"),
        make_event("coding given a stance", about, author="CD", value={"stance": "qualifies"}),
        make_event("memo", about, about_type="coding", author="EF", value="Worth another look."),
        make_event("source finished", f"P{number % 300:03}", author="EF"),
        make_event("code renamed", f"code-{number % 40}", author="AB", value={"code": f"code-{number % 40}-{number}"}),
    ]
    return coding(number) if draw.random() < 0.8 else draw.choices(others, weights=[30, 30, 30, 9, 1])[0]


def seconds(step: Callable[[], object], times: int) -> list[float]:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        step()
        spent.append(time.perf_counter() - begun)
    return spent


with tempfile.TemporaryDirectory() as folder:
    whole, busy = Path(folder, "whole.db"), Path(folder, "busy.db")
    append_events(whole, pd.DataFrame([anything(number) for number in range(100_000)]), now=BEGIN)
    read = seconds(lambda: read_events(whole), 3)
    log = read_events(whole)
    fold = seconds(lambda: fold_log(log, {}), 5)
    append_events(busy, pd.DataFrame([coding(number) for number in range(10_000)]), now=BEGIN)
    numbers = iter(range(10_000, 11_000))
    one = seconds(lambda: append_events(busy, pd.DataFrame([coding(next(numbers))]), now=BEGIN + timedelta(hours=1)), 500)
    print(
        json.dumps(
            {
                "read_100000_events_seconds": round(float(np.median(read)), 3),
                "fold_100000_events_seconds": round(float(np.median(fold)), 3),
                "append_with_10000_codings_p50_ms": round(1000 * float(np.quantile(one, 0.5)), 1),
                "append_with_10000_codings_p95_ms": round(1000 * float(np.quantile(one, 0.95)), 1),
            },
            indent=2,
        )
    )
