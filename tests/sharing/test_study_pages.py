"""Every page of the synthetic study as people meet it: in a browser, in print, and as it is written."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from engagement_lib.sharing.checking import check_page

ROOT = Path(__file__).parents[2]
NAMES = ["index.html", *(f"{path.stem}.html" for path in sorted((ROOT / "notebooks").glob("*.ipynb")))]
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
# Rows of a table are alike, and so is code: with all of them axe takes a minute. The check without a browser reads every row.
FEWER = "document.querySelectorAll('tbody tr:nth-child(n + 4), .highlight span:nth-child(n + 60)').forEach(one => one.remove())"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TABS = "a[href], summary, [tabindex='0']"
PICTURE = re.compile(r"data:image/png;base64,[^\"]+")
STYLE = ROOT / "engagement_lib" / "sharing" / "template" / "style.css"


def text(path):
    return path.read_text(encoding="utf-8")


@pytest.fixture(params=NAMES)
def opened(request, study_report, page):
    page.goto((study_report.folder / request.param).as_uri())
    return page


@pytest.mark.browser
def test_axe_finds_nothing_in_light_and_no_faint_word_in_dark(opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    opened.evaluate(OPEN)
    opened.evaluate(FEWER)
    for scheme, rules in (("light", WCAG), ("dark", ["color-contrast"])):
        opened.emulate_media(color_scheme=scheme)
        violations = axe.Axe().run(opened, options={"runOnly": rules}).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []


@pytest.mark.browser
def test_a_page_does_not_scroll_sideways_at_320_pixels_or_on_paper(opened):
    opened.set_viewport_size({"width": 320, "height": 800})
    opened.evaluate(OPEN)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320
    opened.set_viewport_size({"width": 672, "height": 1000})  # A4 between the margins
    opened.emulate_media(media="print")
    assert opened.evaluate("[...document.querySelectorAll('table, img')].every(one => one.getBoundingClientRect().right <= 672)")


@pytest.mark.browser
def test_the_tab_key_goes_through_the_page_in_its_order_and_shows_where_it_is(opened):
    seen = []
    for _ in range(30):
        opened.keyboard.press("Tab")
        seen.append(
            opened.evaluate(
                f"""() => {{
                    const one = document.activeElement, box = one.getBoundingClientRect();
                    const shown = box.bottom > 0 && box.top < innerHeight && getComputedStyle(one).outlineStyle !== "none";
                    return [[...document.querySelectorAll("{TABS}")].indexOf(one), shown];
                }}"""
            )
        )
    assert [place for place, _ in seen] == sorted({place for place, _ in seen})
    assert all(shown for _, shown in seen)


@pytest.mark.browser
def test_paper_shows_the_tables_of_charts_and_leaves_no_table_without_its_head(study_report, page):
    page.goto((study_report.folder / "08-report.html").as_uri())
    page.emulate_media(media="print")
    heights = page.evaluate("[...document.querySelectorAll('figure details:not(.many) table')].map(one => one.offsetHeight)")
    assert heights
    assert all(heights)
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"


@pytest.mark.browser
def test_the_page_one_stands_on_is_told_apart_in_forced_colours(study_report, page):
    page.goto((study_report.folder / "index.html").as_uri())
    page.emulate_media(forced_colors="active")
    colours = page.evaluate(
        "[...document.querySelectorAll('nav > ol > li > a')].map(one => getComputedStyle(one).borderLeftColor)"
    )
    assert colours[0] not in colours[1:]


@pytest.mark.parametrize("name", NAMES)
def test_the_check_without_a_browser_finds_nothing(study_report, name):
    assert check_page(text(study_report.folder / name)).to_dict("records") == []


def test_the_report_found_no_fault_and_says_so(study_report):
    assert study_report.faults.empty
    assert "no fault was found" in text(study_report.index)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_weighs_less_than_300_kilobytes_without_its_figures(study_report, name):
    assert len(PICTURE.sub("", text(study_report.folder / name)).encode()) < 300_000


@pytest.mark.parametrize("name", NAMES)
def test_every_link_within_the_folder_leads_to_something(study_report, name):
    targets = [link["href"] for link in BeautifulSoup(text(study_report.folder / name), "html.parser").find_all("a", href=True)]
    for path, _, place in (target.partition("#") for target in targets if not target.startswith("mailto:")):
        file = study_report.folder / (path or name)
        assert file.is_file(), path
        assert not place or f'id="{place}"' in text(file), f"{path}#{place}"


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_its_words_its_caption_its_table_and_its_csv(study_report, name):
    for figure in BeautifulSoup(text(study_report.folder / name), "html.parser").find_all("figure"):
        assert len(figure.img["alt"]) > 40
        assert figure.figcaption.get_text()
        assert figure.details.table.caption.get_text()
        assert figure.select_one(".download a")["href"].endswith(".csv")


def test_every_claim_and_theme_stands_on_the_index_under_its_reference(study_report):
    soup = BeautifulSoup(text(study_report.index), "html.parser")
    assert [one["id"] for one in soup.select("[id^=claim-]")] == [f"claim-C{number}" for number in range(1, 13)]
    assert [one["id"] for one in soup.select("section")] == [
        "theme-culture",
        "theme-capability",
        "theme-collaboration",
        "theme-outside",
    ]
    assert [one.get_text() for one in soup.select("section code")] == [one["id"] for one in soup.select("section")]


def test_the_index_answers_in_five_sentences_and_makes_up_no_verdict(study_report):
    soup = BeautifulSoup(text(study_report.index), "html.parser")
    assert len(soup.select(".answer li")) == 5
    assert "not yet confirmed" in soup.select(".answer li")[3].get_text()


def test_no_file_is_left_without_its_link(study_report):
    linked = {path for name in NAMES for path in re.findall(r'href="(tables/[^"]+)"', text(study_report.folder / name))}
    assert {f"tables/{path.name}" for path in (study_report.folder / "tables").iterdir()} == linked


def ratio(first, second):
    lights = []
    for colour in (first, second):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(lights) / min(lights)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *((ink, ground, 4.5) for ink in ("ink", "quiet", "link") for ground in ("ground", "raised", "mark")),
        ("on-brand", "brand", 4.5),
        ("on-banner", "banner", 4.5),
        ("ink", "warn-ground", 4.5),
        *((line, "ground", 3) for line in ("focus", "strong", "warn")),
    ],
)
def test_colours_stand_apart_in_both_modes(mode, ink, ground, least):
    modes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.+?)\}", text(STYLE), re.DOTALL)
    ]
    colours = {**modes[0], **modes[mode]}
    assert ratio(colours[ink], colours[ground]) >= least


def test_the_ratio_of_black_and_white_is_twenty_one():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#12436d", "#ffffff") == pytest.approx(10.25, abs=0.005)
