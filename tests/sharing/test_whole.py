"""All pages of a report as one, for print."""

import re

import pytest
from bs4 import BeautifulSoup
from finished_pages import PAGES

from engagement_lib.sharing.whole import whole_report


def table(columns, rows):
    cells = "".join(f"<td>{at}</td>" for at in range(columns))
    return f'<div class="eng-table"><table><tbody>{f"<tr>{cells}</tr>" * rows}</tbody></table></div>'


@pytest.fixture
def whole():
    return BeautifulSoup(whole_report(PAGES), "html.parser")


def test_each_page_after_the_first_begins_on_a_new_sheet(whole):
    assert [section["id"] for section in whole.find_all(class_="sheet")] == ["01-first"]
    assert [heading.get_text() for heading in whole.find_all("h1")] == ["A small study", "First"]


def test_every_link_leads_to_a_place_within_or_to_the_web(whole):
    links = [link.get("href") for link in whole.find_all("a")]
    ids = {element["id"] for element in whole.find_all(id=True)}
    assert links == ["#index", "#01-first--codes", None, "#index--claims", "https://example.org/code"]
    assert {link[1:] for link in links if link and link.startswith("#")} <= ids


def test_no_id_stands_twice(whole):
    ids = [element["id"] for element in whole.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_code_navigation_and_downloads_are_not_printed(whole):
    text = whole.get_text()
    assert [words for words in ("secret_code", "All tables", "Back", "Made with care", "Skip") if words in text] == []


def test_the_table_behind_a_chart_is_printed_open(whole):
    assert whole.find("details") is None
    assert [paragraph.get_text() for paragraph in whole.select(".framed p.note")] == ["Table behind this chart"]
    assert "no-time" in whole.find(class_="framed").get_text()


def test_a_table_behind_a_chart_that_would_fill_sheets_is_named_instead():
    fold = f"<details><summary>Table behind this chart</summary>{table(2, 41)}</details>"
    html = whole_report({"index.html": f"<main><figure>{fold}</figure>{fold}</main>"})
    assert "The table behind this chart has 41 rows: it stands on the page, and in the workbook of tables." in html
    assert html.count("<tr>") == 41


def test_tables_with_many_columns_get_smaller_letters_or_a_sheet_on_its_side():
    html = whole_report({"index.html": f"<main>{table(7, 1)}{table(8, 1)}{table(11, 1)}</main>"})
    assert re.findall(r'<div class="(.*?)">', html) == ["eng-table", "eng-table narrow", "eng-table broad"]


def test_the_style_for_print_is_added_to_the_head(whole):
    assert "@page wide { size: A4 landscape; }" in whole.head.find("style").string


def test_a_page_without_a_main_element_is_a_mistake():
    with pytest.raises(ValueError, match=r"b\.html has no main element"):
        whole_report({**PAGES, "b.html": "<p>x</p>"})
