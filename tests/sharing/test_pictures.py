import pandas as pd
import pytest
from bs4 import BeautifulSoup
from gate_demo import CODES, page, words
from matplotlib.figure import Figure

from engagement_lib.sharing.charts import Chart
from engagement_lib.sharing.page_tables import read_tables
from engagement_lib.sharing.pictures import protect_pictures
from engagement_lib.sharing.plots_claims import plot_claims, plot_triangulation
from engagement_lib.sharing.plots_codes import plot_codes
from engagement_lib.sharing.plots_themes import plot_themes, plot_waves


def html_of(chart) -> str:
    return chart._repr_mimebundle_()["text/html"]


def after(html: str, row: int | None = None, *columns: str) -> BeautifulSoup:
    """The page with these cells of a row of its first table hidden, and its pictures made to fit."""
    soup = BeautifulSoup(page(html), "html.parser")
    tables = read_tables(soup)
    for name in columns:
        tables[0].cells[row][list(tables[0].table.columns).index(name)].string = "[c]"
    protect_pictures(soup, tables, tables[:1] if columns else [], 5)
    return soup


CLAIMS = pd.DataFrame(
    {
        "claim_id": ["C1", "C2"], "statement": ["Nobody rings", "Nobody writes"], "base": [40, 40], "supporting": [12, 3],
        "qualifying": [0, 0], "contradicting": [9, 7], "share": [0.3, 0.075], "low": [0.2, 0.01], "high": [0.4, 0.1],
    }
)  # fmt: skip
GRID = CLAIMS.drop(columns=["share", "low", "high"]).assign(kind="survey")
THEMES = pd.DataFrame({"theme_id": ["T1", "T2"], "keywords": ["ring", "write"], "respondents": [12, 3], "share": [0.3, 0.1]})
WAVES = THEMES.assign(wave=["1", "1"], base=[40, 40])


def test_a_chart_whose_table_says_all_it_said_stays_as_it_is():
    html = html_of(plot_codes(CODES))
    assert str(after(html)) == str(BeautifulSoup(page(html), "html.parser"))


@pytest.mark.parametrize(
    ("chart", "hidden", "said"),
    [
        (plot_codes(CODES), ["respondents", "share"], "jargon (12 of 40)"),
        (plot_claims(CLAIMS), ["supporting", "share", "low", "high"], "support C1 (12 of 40)"),
        (plot_triangulation(GRID), ["supporting"], "Grid of 2 claims"),
        (plot_themes(THEMES), ["respondents", "share"], "T1 ring (12 respondents, share 0.30)"),
        (plot_waves(WAVES), ["respondents", "share"], "T1 ring in wave wave 1"),
    ],
)
def test_a_chart_is_drawn_anew_without_what_its_table_hides(chart, hidden, said):
    before = BeautifulSoup(html_of(chart), "html.parser").find("img")
    soup = after(html_of(chart), 1, *hidden)
    picture = soup.find("img")
    assert picture["src"] != before["src"]
    assert "3" not in picture["alt"].replace("0.30", "")
    assert soup.find("figcaption").get_text() == BeautifulSoup(html_of(chart), "html.parser").find("figcaption").get_text()


def test_the_sentence_of_a_chart_names_only_what_is_shown():
    assert after(html_of(plot_codes(CODES)), 1, "respondents", "share").find("img")["alt"] == (
        "Bar chart of respondents by code: jargon (12 of 40); n = 40 respondents."
    )


def test_a_cell_of_a_grid_says_that_a_number_is_not_shown():
    grid = plot_triangulation(GRID.assign(supporting=[12.0, float("nan")], reading=["mixed", "mixed"]))
    texts = [text.get_text() for text in grid.figure.axes[0].texts]
    assert any("[c] for, 7 against" in text for text in texts)
    assert not any("nan" in text for text in texts)


def test_a_grid_of_readings_drawn_from_its_table_is_said_in_the_same_words():
    read = GRID.assign(reading=["agreement", "dissonance"], computed=["agreement", "dissonance"])
    drawn = plot_triangulation(read)
    assert "1 agreement, 0 partial, 1 dissonance" in drawn.sentence
    assert plot_triangulation(read.drop(columns="computed")).sentence == drawn.sentence


def test_a_chart_that_cannot_be_drawn_anew_gives_way_to_its_table():
    chart = Chart(Figure(), "A chart of 3 people.", pd.DataFrame({"sort": ["a"], "respondents": [3]}), "A chart")
    soup = after(html_of(chart), 0, "respondents")
    assert soup.find("img") is None
    assert "The picture is left out, since it would show numbers of fewer than 5 people" in words(str(soup))
    assert soup.find("details").has_attr("open")


def test_a_chart_of_which_nothing_is_left_gives_way_to_its_table():
    assert after(html_of(plot_codes(CODES.tail(1))), 0, "respondents").find("img") is None


def test_a_figure_without_details_loses_its_picture_all_the_same():
    chart = Chart(Figure(), "A chart of 3 people.", pd.DataFrame({"sort": ["a"], "respondents": [3]}), "A chart")
    soup = BeautifulSoup(html_of(chart), "html.parser")
    soup.find("details").unwrap()
    assert after(str(soup), 0, "respondents").find("img") is None


def test_a_picture_without_a_table_is_left_out():
    soup = after('<figure><img alt="Something" src="data:,"></figure><p><img alt="Else" src="data:,"></p>')
    assert soup.find("img") is None
    assert words(str(soup)).count("A picture is left out here, since nothing tells which numbers it shows.") == 2
