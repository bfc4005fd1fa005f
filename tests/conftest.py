"""What tests in several rooms share: a browser for those that open pages."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Machines differ in speed; the integration draws the same examples each time, so that it fails only for a reason. Coverage makes
# each example several times as slow, so that few are drawn there; `make test-all` draws many.
EXAMPLES = int(os.environ.get("EXAMPLES", "15"))
settings.register_profile("workbench", deadline=None, derandomize=os.environ.get("CI") == "true", max_examples=EXAMPLES)
settings.load_profile("workbench")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """Whole studies first: they take longest, and the other process has the rest to do meanwhile."""
    items.sort(key=lambda item: "studies" not in item.path.parts)


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window, with a profile of its own that is gone afterwards."""
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is not installed, so no page can be opened"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """An empty page, 1200 pixels wide, in light mode."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme="light", offline=True)
    yield context.new_page()
    context.close()
