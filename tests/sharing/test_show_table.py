import pandas as pd
import pytest
from sharing_demo import ANSWER, INTERVIEW, PASSAGE, make_study, place_of

from engagement_lib.errors import TableError
from engagement_lib.sharing.tables import show_table

PLACE = place_of(INTERVIEW, PASSAGE, "P01")
START, END = (int(number) for number in PLACE.removeprefix("P01:").split("-"))
QUOTES = pd.DataFrame(
    [("P01", START, END, "Honestly, ", PASSAGE, ", all"), ("P01", START, END + 1, "", PASSAGE + ",", "")],
    columns=["source_id", "start", "end", "left", "quote", "right"],
)


def shown(table, study, column="quote"):
    return show_table(table, "Quotes", study=study).table[column].tolist()


def outside(tmp_path, **options):
    return make_study(tmp_path, audience="working-group", **options)


def test_a_table_is_shown_as_html_and_as_plain_text():
    table = show_table(pd.DataFrame({"code": ["a"], "share": [0.256]}), "Codes")
    bundle = table._repr_mimebundle_()
    assert bundle["text/plain"] == repr(table) == "Codes\n\ncode  share\n----  -----\na      0.26"
    assert '<th scope="row">a</th><td class="number">0.26</td>' in bundle["text/html"]


def test_only_the_first_rows_are_shown_and_the_rest_is_said():
    table = show_table(pd.DataFrame({"n": range(9)}), "Numbers", rows=2)
    assert len(table.table) == 2
    assert table.plain.endswith("The first 2 of 9 rows.")
    assert "The first 2 of 9 rows." in table.html


def test_fewer_than_one_row_cannot_be_shown():
    with pytest.raises(TableError, match="at least 1"):
        show_table(pd.DataFrame({"n": [1]}), "Numbers", rows=0)


@pytest.mark.parametrize("table", [pd.DataFrame({"code": []}), pd.DataFrame()])
def test_an_empty_table_says_so(table):
    shown = show_table(table, "Codes <1>", empty="Nobody has coded.")
    assert shown.plain == "Codes <1>\n\nNobody has coded."
    assert shown.html == '<p class="note"><strong>Codes &lt;1&gt;.</strong> Nobody has coded.</p>'


def test_an_index_with_names_becomes_the_first_columns():
    table = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="code"))
    assert list(show_table(table, "Codes").table.columns) == ["code", "n"]


def test_an_index_of_words_is_kept_and_one_of_positions_is_not():
    assert list(show_table(pd.DataFrame({"n": [1, 2]}, index=["a", "b"]), "Codes").table.columns) == ["row", "n"]
    assert list(show_table(pd.DataFrame({"n": [1, 2]}, index=[7, 3]), "Codes").table.columns) == ["n"]


def test_participants_words_need_a_study():
    with pytest.raises(TableError, match="participants' words in left, quote, right, and no study"):
        show_table(QUOTES, "Quotes")


def test_numbers_in_a_column_called_text_need_no_study():
    assert show_table(pd.DataFrame({"text": [3]}), "Texts").table["text"].tolist() == [3]


def test_the_team_sees_everything(tmp_path):
    study = make_study(tmp_path, quotes="none")
    assert shown(QUOTES, study) == [PASSAGE, PASSAGE + ","]


def test_everybody_sees_everything_where_the_study_says_all(tmp_path):
    assert shown(QUOTES, outside(tmp_path, quotes="all"), "left") == ["Honestly, ", ""]


def test_outside_the_team_only_the_very_passage_that_was_cleared_is_shown(tmp_path):
    study = outside(tmp_path, cleared=[PLACE])
    assert shown(QUOTES, study) == [PASSAGE, "[not cleared]"]
    assert shown(QUOTES, study, "left") == ["[not cleared]", ""]
    assert shown(QUOTES, study, "right") == ["[not cleared]", ""]


def test_a_quote_that_says_more_than_its_passage_is_withheld(tmp_path):
    longer = QUOTES.head(1).assign(quote=PASSAGE + ", all of them in this building")
    assert shown(longer, outside(tmp_path, cleared=[PLACE])) == ["[not cleared]"]


def test_nothing_is_shown_where_the_study_says_none(tmp_path):
    assert shown(QUOTES, outside(tmp_path, quotes="none", cleared=[PLACE])) == ["[not cleared]"] * 2


def test_without_offsets_a_quote_is_shown_if_it_is_word_for_word_what_was_cleared_in_its_source(tmp_path):
    study = outside(tmp_path, cleared=[PLACE])
    assert shown(QUOTES[["source_id", "quote"]], study) == [PASSAGE, "[not cleared]"]
    assert shown(QUOTES[["source_id", "quote"]].assign(source_id="W1"), study) == ["[not cleared]"] * 2


def test_a_quote_without_a_source_is_withheld(tmp_path):
    assert shown(QUOTES[["quote"]], outside(tmp_path, cleared=[PLACE])) == ["[not cleared]"] * 2


def test_any_other_cell_that_repeats_uncleared_words_is_withheld(tmp_path):
    table = pd.DataFrame(
        {"code": ["a", "b", None], "example": [f"They say: {ANSWER.upper()}", "Three totals", None], "n": [1, 2, 3]}
    )
    study = outside(tmp_path)
    assert shown(table, study, "example")[:2] == ["[not cleared]", "Three totals"]
    assert shown(table, study, "n") == [1, 2, 3]


def test_the_input_is_not_changed(tmp_path):
    before = QUOTES.copy()
    shown(QUOTES, outside(tmp_path))
    pd.testing.assert_frame_equal(QUOTES, before)


def test_words_in_levels_of_columns_are_withheld_too(tmp_path):
    table = pd.DataFrame([[ANSWER]], columns=pd.MultiIndex.from_tuples([("said", "user")]))
    assert "[not cleared]" in show_table(table, "Quotes", study=outside(tmp_path)).plain
