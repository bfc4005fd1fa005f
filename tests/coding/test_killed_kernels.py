"""Kernels killed while a coder works in them: what the page was told is saved stands in the store."""

import os
import random
import signal
import sys
import time
from pathlib import Path
from queue import Empty

import pytest
from jupyter_client.manager import KernelManager

from engagement_lib.coding.store import check_store, read_events
from engagement_lib.study import new_study

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
    # What speaks with a kernel leaves its sockets to the collector when the other end is gone.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
ROOT = Path(__file__).parents[2]
TIMES = 50
SETTINGS = '[[transcripts]]\nfiles = "interviews/*"\nkind = "interview"\nwave = "1"\ninterviewers = ["Helen"]\n'
WORDS = "Helen: Who uses it?\nP01: We never have the time. Nobody rings back.\nHelen: Why?\nP01: Nobody knows.\n"
OPEN = """import engagement_lib as eng
page = eng.code_interactively(eng.open_study("."), coder="AB", wait=30)
print(page.model_id)"""


@pytest.fixture
def folder(tmp_path):
    """A study of one interview in files."""
    there = tmp_path / "pilot"
    new_study(there)
    (there / "interviews" / "P01.txt").write_text(WORDS, encoding="utf-8")
    with (there / "study.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    (there / "cases.csv").write_text("case_id,group\nP01,producer\n", encoding="utf-8")
    (there / "codebook.csv").write_text("code,definition\nno-time,Too few hours.\n", encoding="utf-8")
    return there


class Coder:
    """A kernel with the coding page open in it, and what JupyterLab would do: send acts to the page, and hear its answers."""

    def __init__(self, folder, name):
        self.name, self.sent, self.told = name, 0, []
        self.manager = KernelManager()
        self.manager.start_kernel(cwd=str(folder), env={**os.environ, "PYTHONPATH": str(ROOT)})
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        said = []
        reply = self.client.execute_interactive(OPEN, timeout=120, output_hook=lambda message: said.append(message["content"]))
        assert reply["content"]["status"] == "ok", reply["content"]
        self.widget = next(one["text"].strip() for one in said if one.get("name") == "stdout")

    def code(self, many):
        """Send so many codings, without waiting for the answers."""
        for number in range(self.sent, self.sent + many):
            place = {"source_id": "P01", "start": number % 30, "end": number % 30 + 5, "code": "no-time"}
            act = {"kind": "code", "request": f"{self.name}-{number}", "id": f"{self.name}-{number:04}"} | place
            content = {"comm_id": self.widget, "data": {"method": "custom", "content": act}}
            self.client.shell_channel.send(self.client.session.msg("comm_msg", content))
        self.sent += many

    def listen(self, seconds):
        """Note what the page is told within so many seconds, or until nothing more comes."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                message = self.client.get_iopub_msg(timeout=left)
            except Empty:
                return
            answer = message["content"].get("data", {}).get("content", {}) if message["msg_type"] == "comm_msg" else {}
            assert answer.get("kind") in (None, "saved"), answer
            if answer:
                self.told.append(answer["event_id"])

    def kill(self):
        os.kill(self.manager.provisioner.pid, signal.SIGKILL)
        self.listen(0.5)
        self.client.stop_channels()
        self.manager.cleanup_resources()
        self.manager.shutdown_kernel(now=True)


def test_fifty_kernels_killed_while_a_coder_works_lose_nothing_that_the_page_was_told_is_saved(folder):
    draw, told = random.Random(50), []  # noqa: S311  # moments, and no secret
    for turn in range(TIMES):
        coder = Coder(folder, f"kernel-{turn:02}")
        try:
            coder.code(400)
            while not coder.told:
                coder.listen(0.05)
            coder.listen(draw.uniform(0, 0.3))
        finally:
            coder.kill()
        told += coder.told
        assert len(coder.told) < coder.sent
        assert check_store(folder) == "ok"
    there = set(read_events(folder)["event_id"])
    assert len(told) >= TIMES
    assert [one for one in told if one not in there] == []
