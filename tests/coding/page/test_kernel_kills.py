"""A real kernel in which the coding page is answered, killed in the middle of coding."""

import os
import random
import signal
import sys
import time

import pytest
from jupyter_client import KernelManager

from engagement_lib.coding.store import check_store, read_events
from engagement_lib.study import open_study

# What the page sends when a key is pressed goes to the desk; the number of the act is written as soon as the answer says "saved".
CODING = """
import os
from datetime import UTC, datetime
import engagement_lib as eng
from engagement_lib.coding.page.answering import Desk
from engagement_lib.reliability.disagreements import disagreements

study = eng.open_study(".")
start = study.sources["text"].iloc[0].index("No time")
desk = Desk(study, "AB", lambda: datetime.now(UTC), differences=disagreements)
told = os.open("told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
number = {begin}
while True:
    act = {{"kind": "code", "id": f"coding-{{number}}", "source_id": "P01", "start": start, "end": start + 7, "code": "no-time"}}
    if desk.answer(act)["kind"] == "saved":
        os.write(told, b"%d\\n" % number)
    number += 1
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "study.toml").write_text(
        'title = "Pilot"\ncodebook = "codebook.csv"\n[[transcripts]]\nfiles = "*.txt"\ninterviewers = ["Helen"]\n'
    )
    (tmp_path / "P01.txt").write_text("Helen: Who?\nP01: No time for it.\nHelen: Why?\nP01: The release.\n")
    (tmp_path / "codebook.csv").write_text("code,definition\nno-time,There is no time for it.\n")
    return tmp_path


def code_and_kill(folder, moments, begin):
    """Start a kernel, let it code from this number on, and kill it at a random moment after the first coding was acknowledged."""
    manager = KernelManager(ip="127.0.0.1")
    manager.start_kernel(cwd=str(folder), stdout=-3, stderr=-3)
    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=120)
        client.execute(CODING.format(begin=begin))
        deadline = time.monotonic() + 120
        while f"{begin}\n" not in told(folder):
            assert time.monotonic() < deadline, "the kernel coded nothing"
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 0.2))
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


def told(folder):
    path = folder / "told"
    return path.read_text() if path.exists() else ""


def check_nothing_lost(folder, times):
    numbers = [int(line) for line in told(folder).splitlines()]
    assert [1000 * turn for turn in range(times) if 1000 * turn not in numbers] == []
    assert check_store(folder) == "ok"
    there = set(read_events(folder)["about_id"])
    assert [number for number in numbers if f"coding-{number}" not in there] == []
    assert len(open_study(folder).codings) == len(there)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_a_kernel_that_is_killed_while_somebody_codes_loses_nothing_that_was_acknowledged(folder, times):
    moments = random.Random(7)  # noqa: S311  # moments, and no secret
    for turn in range(times):
        code_and_kill(folder, moments, 1000 * turn)
    check_nothing_lost(folder, times)
