import pandas as pd
import pytest

from engagement_lib.sharing.cells import Column, format_columns, format_number, heading_columns, html_table, plain_table


def cells(values, name="value"):
    return format_columns(pd.DataFrame({name: values}))[0].cells


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.005, "0.01"),
        (0.0049, "0.005"),
        (0.0004, "< 0.001"),
        (-1.5, "−1.50"),
        (1234.567, "1234.57"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_a_measure_has_two_decimals_unless_they_would_say_nothing(number, text):
    assert format_number(number) == text


def test_whole_numbers_are_plain():
    assert cells([12345, -3]) == ("12345", "−3")


def test_counts_with_a_gap_stay_whole():
    assert cells([12.0, float("nan")]) == ("12", None)


def test_shares_of_none_and_all_keep_their_decimals():
    assert cells([0.0, 1.0], name="share") == ("0.00", "1.00")


def test_a_column_known_to_count_is_whole_even_where_it_holds_only_zero_and_one():
    assert cells([0.0, 1.0, float("nan")], name="respondents") == ("0", "1", None)


def test_a_column_that_begins_with_what_it_counts_is_whole_too():
    table = pd.DataFrame({"respondents wave 2": [0.0, 1.0], "share of respondents": [0.0, 1.0]})
    assert [column.cells for column in format_columns(table)] == [("0", "1"), ("0.00", "1.00")]


def test_an_infinite_count_is_shown_as_such():
    assert cells([2.0, float("inf")], name="base") == ("2", "∞")


def test_truth_is_yes_and_no():
    assert cells([True, False]) == ("yes", "no")


def test_words_lists_and_what_is_missing_are_shown_as_text():
    values = pd.Series(["a", ["b", "c"], {"e", "d"}, None, float("nan"), pd.NA, 0.25], dtype=object)
    assert cells(values) == ("a", "b, c", "d, e", None, None, None, "0.25")


def test_columns_in_levels_become_one_name():
    table = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("share", "user")]))
    assert format_columns(table)[0].name == "share / user"


def test_columns_of_the_same_name_are_both_shown():
    assert [column.cells for column in format_columns(pd.DataFrame([[1, 2]], columns=["n", "n"]))] == [("1",), ("2",)]


def test_the_first_columns_that_tell_rows_apart_head_them():
    spans = pd.DataFrame({"source_id": ["P1", "P1"], "start": [0, 9], "end": [4, 12], "quote": ["a", "b"]})
    assert heading_columns(spans) == 2


def test_one_column_heads_rows_that_nothing_tells_apart():
    assert heading_columns(pd.DataFrame({"code": ["a", "a"], "n": [1, 1], "m": [2, 2]})) == 1
    assert heading_columns(pd.DataFrame({"share": [0.5, 0.5], "code": ["a", "b"]})) == 1


def test_an_html_table_has_caption_scopes_and_a_frame():
    columns = [Column("code", ("a<b", "c"), is_number=False), Column("largest_share", ("0.50", None), is_number=True)]
    html = html_table(columns, 'Codes & "more"', note="The first 2 of 3 rows.")
    table = html[html.index("<table>") :]
    assert html.startswith('<div class="eng-table" role="region" aria-label="Codes &amp; &quot;more&quot;" tabindex="0">')
    assert table == (
        "<table><caption>Codes &amp; &quot;more&quot;</caption>\n"
        '<thead><tr><th scope="col">code</th><th scope="col" class="number">largest share</th></tr></thead>\n'
        "<tbody>\n"
        '<tr><th scope="row">a&lt;b</th><td class="number">0.50</td></tr>\n'
        '<tr><th scope="row">c</th><td class="number"><span aria-hidden="true">–</span>'
        '<span class="visually-hidden">not defined</span></td></tr>\n'
        '</tbody></table></div><p class="note">The first 2 of 3 rows.</p>'
    )


def test_long_text_gets_room_and_an_empty_cell_heads_no_row():
    html = html_table([Column("code", ("", "b"), is_number=False), Column("quote", ("x" * 49, ""), is_number=False)], "Codes")
    assert '<td></td><td class="long">' in html


def test_plain_text_is_aligned_whatever_the_script():
    columns = [
        Column("quote", ("日本", "cafe\u0301", "🙂", "a\u200db"), is_number=False),
        Column("n", ("1", "22", "3", "4"), is_number=True),
    ]
    assert plain_table(columns, "Quotes", note="The first 4 of 9 rows.").splitlines() == [
        "Quotes",
        "",
        "quote   n",
        "-----  --",
        "日本    1",
        "cafe\u0301   22",
        "🙂      3",
        "a\u200db      4",
        "",
        "The first 4 of 9 rows.",
    ]


def test_long_cells_go_over_several_lines_in_plain_text():
    text = plain_table([Column("quote", ("word " * 15,), is_number=False), Column("n", ("1",), is_number=True)], "Quotes")
    assert text.splitlines()[4:] == [("word " * 9).strip() + "  1", ("word " * 6).strip()]
