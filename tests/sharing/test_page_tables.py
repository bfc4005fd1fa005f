import pandas as pd
from bs4 import BeautifulSoup

from engagement_lib.sharing.page_tables import blocks, is_numeric, place_of, read_tables
from engagement_lib.sharing.tables import show_table


def page(*parts: str) -> BeautifulSoup:
    return BeautifulSoup(f"<main>{''.join(parts)}</main>", "html.parser")


def shown(columns: dict[str, list[object]], caption: str = "Codes") -> str:
    return show_table(pd.DataFrame(columns), caption).html


def test_a_table_is_read_back_with_its_numbers():
    told = {"code": ["jargon", "no-time"], "respondents": [12, 3], "share": [0.3, float("nan")], "low_end": [-0.004, 0.2]}
    (table,) = read_tables(page(shown(told)))
    assert table.name == "Codes"
    assert table.table.columns.tolist() == ["code", "respondents", "share", "low_end"]
    assert table.table["respondents"].tolist() == [12, 3]
    assert table.table["share"].isna().tolist() == [False, True]
    assert table.table["low_end"].tolist() == [-0.004, 0.2]
    assert [is_numeric(table.table[name]) for name in table.table.columns] == [False, True, True, True]


def test_a_column_with_hidden_numbers_is_one_of_numbers():
    soup = page(shown({"code": ["a", "b"], "respondents": [12, 3]}))
    read_tables(soup)[0].cells[1][1].string = "[c]"
    column = read_tables(soup)[0].table["respondents"]
    assert (column.tolist(), is_numeric(column)) == ([12, "[c]"], True)


def test_a_column_in_which_nothing_is_known_is_one_of_words():
    (table,) = read_tables(page(shown({"code": ["a", "b"], "alpha": [float("nan")] * 2})))
    assert table.table["alpha"].tolist() == ["", ""]


def test_columns_and_tables_of_one_name_are_told_apart():
    twice = "<table><thead><tr><th>n</th><th>n</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    first, second = read_tables(page(twice, twice))
    assert first.table.columns.tolist() == ["n", "n_2"]
    assert (first.name, second.name) == ("a table without a caption", "a table without a caption (again, 2)")


def test_a_table_without_a_heading_for_each_column_is_left_alone():
    assert (
        read_tables(
            page("<table><tbody><tr><td>1</td></tr></tbody></table>", "<table><thead><tr><th>n</th></tr></thead></table>")
        )
        == []
    )


def test_rows_are_taken_out_of_table_and_page():
    soup = page(shown({"code": ["a", "b"], "respondents": [12, 3]}))
    (table,) = read_tables(soup)
    table.drop_rows({0})
    assert table.table["code"].tolist() == ["b"]
    assert [cell.get_text() for cell in table.cells[0]] == ["b", "3"]
    assert len(soup.select("tbody tr")) == 1


def test_a_note_stands_below_the_frame_of_a_table():
    soup = page(shown({"code": ["a"], "respondents": [12]}))
    read_tables(soup)[0].say_below(soup, "Some are left out.")
    assert soup.select_one(".eng-table + p.note").get_text() == "Some are left out."


def test_a_place_is_the_cell_or_the_heading_above():
    soup = page("<p>First</p><h2>Why?</h2><p>Second</p><div id='cell-7'><p>Third</p></div>")
    assert [place_of(block) for block in soup.select("p")] == ["at the beginning", "below “Why?”", "cell 7"]


def test_blocks_are_prose_and_not_what_tables_and_code_hold():
    soup = page("<ul><li><p>a</p></li><li>b</li></ul><table><tr><td><p>c</p></td></tr></table><pre><p>d</p></pre>")
    assert [block.get_text() for block in blocks(soup)] == ["a", "b"]
