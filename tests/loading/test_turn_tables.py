"""Spreadsheets with one row a turn."""

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.turn_tables import read_turn_table


def problem(data):
    with pytest.raises(TranscriptError) as caught:
        read_turn_table(data.encode(), origin="P01.csv")
    return str(caught.value)


def test_a_blank_speaker_is_the_last_one_who_goes_on():
    data = "\ufeffspeaker,words,tags,timestamp\nSiân:,Pwy?,,[0:01]\nP01,Dim&#8212;syniad.,doubt,0:02\n,Dim.,,\n"
    reading = read_turn_table(data.encode(), origin="P01.csv")
    assert reading.turns == [Turn("Siân", "Pwy?", time_start=1.0), Turn("P01", "Dim—syniad. Dim.", time_start=2.0)]
    assert reading.set_aside == [(3, "doubt", "column that is not read: tags")]


def test_a_table_without_speakers_gives_sentences_by_nobody_in_milliseconds():
    reading = read_turn_table(b"start\tend\ttext\n500\t1500\tWho uses\n1500\t2000\tit?\n", origin="P01.tsv")
    assert reading.turns == [Turn("", "Who uses it?", time_start=0.5, time_end=2.0)]


def test_seconds_and_rows_without_words(workbook):
    rows = [["Speaker", "Text", "Start"], ["Ann", "Yes.", 1.5], ["Bob", None, 2], ["Ann", "No.", None]]
    assert read_turn_table(workbook(Turns=rows), origin="P01.xlsx").turns == [Turn("Ann", "Yes. No.", time_start=1.5)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("ref,why\n1,2\n", "header: found the columns ref, why; expected a column of words: words, text"),
        ("text,start\nYes.,soon\n", "row 2, column 'start': found 'soon'; expected a time such as 0:01:30, or seconds"),
        ('text\n"open\n', "P01.csv: found unexpected end of data"),
    ],
)
def test_what_is_no_table_of_turns_is_named(data, said):
    assert said in problem(data)
