"""What other processes do to a store while a test looks on; they import it by its name."""

import os
from datetime import UTC, datetime

import pandas as pd

from engagement_lib.coding.events import CODING_ADDED, make_event
from engagement_lib.coding.store import append_events


def coding(name, *, coder="AB", start=0, end=9, code="no-time", **more):
    """One coding's event."""
    value = {"source_id": "P01", "start": start, "end": end, "code": code, "coder": coder} | more
    return make_event(CODING_ADDED, name, author=coder, value=value)


def code_until_killed(path, begin, acknowledge):
    """Add one coding after the other, and tell the number of each as soon as the call has returned."""
    number = begin
    while True:
        append_events(path, pd.DataFrame([coding(f"c{number}", start=number, end=number + 1)]), now=datetime.now(UTC))
        os.write(acknowledge.fileno(), number.to_bytes(4, "big"))
        number += 1


def code_at_once(path, coder, many, each, gate):
    """Add so many codings, so many in one call, as soon as all are ready."""
    gate.wait()
    for begin in range(0, many, each):
        rows = [coding(f"{coder}:{number}", coder=coder) for number in range(begin, min(begin + each, many))]
        append_events(path, pd.DataFrame(rows), now=datetime.now(UTC))
