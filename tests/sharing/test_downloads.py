import csv
import io

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from engagement_lib.sharing.cells import Column, html_table
from engagement_lib.sharing.charts import Chart
from engagement_lib.sharing.downloads import HEAVIEST, put_rows_back, set_tables_aside
from engagement_lib.sharing.page_tables import read_tables
from engagement_lib.sharing.plots import plot_codes
from engagement_lib.sharing.tables import show_table


def aside(*shown):
    html, files = set_tables_aside(
        "<main>" + "".join(f'<div class="shown">{one}</div>' for one in shown) + "</main>", stem="03-code"
    )
    return BeautifulSoup(html, "html.parser"), files


def numbers(rows, name="n"):
    return show_table(pd.DataFrame({name: range(rows), "word": "words"}), f"Counts of {name}").html


def long_table(rows, words="w"):
    columns = [Column("n", tuple(str(at) for at in range(rows)), True), Column("word", (words,) * rows, False)]
    return html_table(columns, "Long")


def test_each_table_has_a_link_to_its_file_that_says_what_it_is():
    soup, files = aside(numbers(2), numbers(1, "m"))
    links = [(link["href"], link.get_text(), link.parent.get_text()) for link in soup.select(".download a")]
    assert links == [
        ("tables/03-code-01-counts-of-n.csv", "This table as CSV: Counts of n", "This table as CSV: Counts of n (2 rows, 1 kB)"),
        ("tables/03-code-02-counts-of-m.csv", "This table as CSV: Counts of m", "This table as CSV: Counts of m (1 row, 1 kB)"),
    ]
    assert files == {
        "tables/03-code-01-counts-of-n.csv": "n,word\r\n0,words\r\n1,words\r\n",
        "tables/03-code-02-counts-of-m.csv": "m,word\r\n0,words\r\n",
    }


def test_a_cell_is_written_as_it_is_shown_and_as_no_formula():
    words = ["=1+1", "-x", "'=1", "a, b", "Na iawn\nŵ", None]
    table = pd.DataFrame({"word": words, "share": [-0.25, 1 / 3, None, 1e-9, 2, 3]})
    _, files = aside(show_table(table, "Cells").html)
    assert list(csv.reader(io.StringIO(next(iter(files.values())), newline=""))) == [
        ["word", "share"],
        ["'=1+1", "-0.25"],
        ["'-x", "0.33"],
        ["''=1", ""],
        ["a, b", "< 0.001"],
        ["Na iawn\nŵ", "2.00"],
        ["", "3.00"],
    ]


def test_the_table_of_a_chart_is_named_below_the_chart():
    chart = plot_codes(pd.DataFrame({"code": ["jargon"], "respondents": [9], "base": [12]}))
    assert isinstance(chart, Chart)
    soup, files = aside(chart._repr_mimebundle_()["text/html"])
    assert soup.select_one("details").find_next_sibling()["class"] == ["download"]
    assert soup.select_one("details").get("class") is None
    assert list(files.values()) == ["code,respondents,base\r\njargon,9,12\r\n"]


def test_a_long_table_keeps_its_first_rows_and_the_file_has_all():
    soup, files = aside(long_table(101))
    assert len(soup.select("tbody tr")) == 20
    assert [len(text.splitlines()) for text in files.values()] == [102]
    assert soup.select_one(".note").get_text() == "Here stand the first 20 rows; the CSV has all 101."
    assert soup.select_one(".note").find_next_sibling()["class"] == ["download"]


def test_a_table_of_a_hundred_rows_stays_whole():
    assert len(aside(long_table(100))[0].select("tbody tr")) == 100


def test_the_link_stands_below_the_note_that_a_table_has():
    table = show_table(pd.DataFrame({"n": range(30)}), "Counts", rows=25).html
    soup, _ = aside(table)
    assert [one.get_text() for one in soup.select(".shown > p")] == [
        "The first 25 of 30 rows.",
        "This table as CSV: Counts (25 rows, 1 kB)",
    ]


def test_a_long_table_of_a_chart_is_marked_for_print_and_says_so_where_it_is():
    counts = pd.DataFrame({"code": [f"c{at:03}" for at in range(120)], "respondents": range(120), "base": 200})
    soup, _ = aside(plot_codes(counts)._repr_mimebundle_()["text/html"])
    assert soup.select_one("details")["class"] == ["many"]
    assert soup.select_one("details .note").get_text() == "Here stand the first 20 rows; the CSV has all 120."
    assert len(soup.select("tbody tr")) == 20


def test_a_page_that_is_too_heavy_loses_rows_of_its_heaviest_tables():
    heavy, light = long_table(90, "w" * 5000), long_table(90)
    soup, _ = aside(heavy, light)
    assert [len(table.select("tbody tr")) for table in soup.select("table")] == [20, 90]
    assert len(str(soup)) < HEAVIEST


def test_pictures_do_not_count_as_weight():
    picture = f'<img alt="A" src="data:image/png;base64,{"A" * 400_000}"/>'
    assert len(aside(picture, long_table(90))[0].select("tbody tr")) == 90


@pytest.mark.parametrize(
    "page", ["<main><p>x</p></main>", "<main><div class='prose'><div class='eng-table'><table></table></div></div></main>"]
)
def test_a_page_without_tables_that_cells_show_is_left_as_it_is(page):
    assert set_tables_aside(page, stem="a") == (page, {})


def test_a_table_without_a_caption_is_called_by_its_file():
    soup, files = aside('<div class="eng-table"><table><tr><td>1</td></tr></table></div>')
    assert list(files) == ["tables/03-code-01.csv"]
    assert soup.select_one(".download a").get_text() == "This table as CSV: tables/03-code-01.csv"


def test_the_rows_of_a_shortened_table_are_put_back_from_its_file(tmp_path):
    words = [None if at == 40 else "=1" if at == 41 else f"'{at}" for at in range(120)]
    long = pd.DataFrame({"word": words, "n": [-1.0, float("nan")] * 60})
    before = "".join(f'<div class="shown">{one}</div>' for one in (show_table(long, "Long", rows=120).html, numbers(2)))
    html, files = set_tables_aside(before, stem="03-code")
    assert put_rows_back(html, stem="03-code", folder=tmp_path).count("<tr>") == html.count("<tr>")
    (tmp_path / "tables").mkdir()
    for path, text in files.items():
        (tmp_path / path).write_bytes(text.encode("utf-8-sig"))
    whole = put_rows_back(html, stem="03-code", folder=tmp_path)
    tables = [read_tables(BeautifulSoup(f"<main>{one}</main>", "html.parser")) for one in (whole, before)]
    assert [table.table.shape for table in tables[0]] == [(120, 2), (2, 2)]
    for mine, own in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(mine.table, own.table)
