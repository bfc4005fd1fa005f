"""The whole report as one PDF with tags and an outline, printed by a Chromium, Chrome or Edge that is installed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engagement_lib.errors import Problem, StudyError
from engagement_lib.sharing.whole import whole_report

BROWSER: Final = "ENGAGEMENT_CHROMIUM"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
_PLACES: Final = (
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
# A printer needs no network: no host has an address, and nothing runs in the background.
_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
_MADE: Final = re.compile(rb"/(?:Creator|Producer|CreationDate|ModDate) \((?:[^()\\]|\\.)*\)", re.DOTALL)


def find_browser() -> Path | None:
    """The browser that prints: the one that the environment names in ENGAGEMENT_CHROMIUM, else one of the usual; None without."""
    if named := os.environ.get(BROWSER):
        return Path(named) if Path(named).is_file() else None
    found = (shutil.which(name) for name in (*_NAMES, *_PLACES))
    return next((Path(path) for path in found if path), None)


def print_report(pages: Mapping[str, str], browser: Path, *, seconds: float = 300) -> bytes:
    """The bytes of the PDF of all pages: tagged, with an outline, a title and a language, and without a date.

    Parameters
    ----------
    pages
        The finished pages by their file names, the index first.
    browser
        As `find_browser` gives it.
    seconds
        How long it may take.

    Raises
    ------
    StudyError
        Where the browser does not print, with what it says.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page, printed, said = folder / "report.html", folder / "report.pdf", ""
        page.write_bytes(whole_report(pages).encode("utf-8"))
        # In a container, or for the administrator, a browser may not run in its sandbox; the page it prints holds no script.
        for more in ([], ["--no-sandbox"]):
            own = [*more, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
            said = _run([str(browser), *_FLAGS, *own], seconds)
            if printed.is_file():
                return _without_maker(printed.read_bytes())
    remedy = f"Print the pages from a browser, or name another one in {BROWSER}."
    raise StudyError(Problem(browser.name, "", f"no PDF printed ({said or 'and no word why'})", "a PDF", remedy))


def _run(command: list[str], seconds: float) -> str:
    """The last line that a browser says; it is ended with all that it started when its time is over."""
    process = subprocess.Popen(  # noqa: S603 - the browser that the user has installed
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return f"it took longer than {seconds:.0f} seconds"
    lines = str(said, "utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a browser and the processes that it started, which are a group of their own where there are groups."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:  # pragma: no cover - Windows
        process.kill()
    process.communicate()


def _without_maker(printed: bytes) -> bytes:
    """The PDF without what says when and by which browser and system it was made; every byte stays in its place."""
    return _MADE.sub(lambda match: b" " * len(match[0]), printed)
