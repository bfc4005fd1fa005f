"""What each character of a file became."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.account import BLANK, SPEAKER, STRUCTURE, TIME, WORDS, Account, Piece, account_of_rows
from engagement_lib.loading.transcripts import read_turns


def became(reading_or_account):
    account = getattr(reading_or_account, "account", reading_or_account)
    return [(account.text[piece.start : piece.end], piece.became) for piece in account.pieces() if piece.became != BLANK]


def accounted(text, *pieces):
    account = Account(text)
    for start, end, kind in pieces:
        account.take(start, end, kind)
    return account


def test_what_is_taken_again_becomes_what_it_is_taken_for_last():
    account = accounted("a <b>c</b>", (0, 10, WORDS), (2, 5, STRUCTURE), (6, 10, STRUCTURE))
    assert list(account.pieces()) == [
        Piece(0, 2, WORDS), Piece(2, 5, STRUCTURE), Piece(5, 6, WORDS), Piece(6, 10, STRUCTURE)
    ]  # fmt: skip


def test_words_that_nobody_took_are_an_error_with_their_line():
    account = accounted("Ann: Who?\n\n  stray words\n", (0, 9, WORDS))
    with pytest.raises(TranscriptError, match=r"^a\.txt, line 3: found what could not be read: 'stray words'"):
        account.check([Turn("", "Ann: Who?")], origin="a.txt")


@pytest.mark.parametrize("said", ["Who", "Who??", "Why?", ""])
def test_turns_that_hold_other_words_than_were_taken_are_an_error(said):
    with pytest.raises(TranscriptError, match=r"^a\.txt: found turns that do not hold all its words"):
        accounted("Who?", (0, 4, WORDS)).check([Turn("", said)], origin="a.txt")


def test_turns_may_come_in_another_order_and_composed():
    accounted("Sia\u0302n ok", (0, 8, WORDS)).check([Turn("", "ok"), Turn("", "Si\u00e2n")], origin="a.txt")


def test_words_that_are_spelt_in_another_way_are_held_against_what_they_spell():
    account = accounted("R&amp;D", (0, 7, WORDS))
    account.take(1, 6, WORDS, spelt="&")
    account.check([Turn("", "R&D")], origin="a.vtt")
    account.take(1, 6, STRUCTURE)
    account.check([Turn("", "RD")], origin="a.vtt")


def test_what_was_taken_out_before_reading_stands_where_it_stood():
    account = accounted("ab&lt;", (0, 2, WORDS))
    account.take(2, 6, WORDS, spelt="<")
    account.put_back([(6, "\nend", "footer"), (0, "top", "header"), (0, "\n", BLANK), (1, "-", "hyphen")])
    assert account.text == "top\na-b&lt;\nend"
    assert became(account) == [("top", "header"), ("a", WORDS), ("-", "hyphen"), ("b&lt;", WORDS), ("\nend", "footer")]
    account.check([Turn("", "ab<")], origin="a.pdf")


def test_another_part_of_the_file_stands_on_lines_of_its_own_if_it_says_anything():
    account = accounted("body", (0, 4, WORDS))
    account.add("\n ", "header")
    account.add("page 1", "footer")
    assert became(account) == [("body", WORDS), ("page 1", "footer")]
    assert account.set_aside() == [(2, "page 1", "footer")]


def test_what_is_set_aside_comes_with_its_line():
    assert accounted("one\n\ntwo three", (0, 3, "title"), (5, 8, "title"), (9, 14, WORDS)).set_aside() == [
        (1, "one", "title"),
        (3, "two", "title"),
    ]


def test_so_many_rules_as_a_wide_table_has_columns_share_one_in_the_end():
    account = account_of_rows([[(str(column), f"column {column}") for column in range(400)]])
    rules = [rule for _, _, rule in account.set_aside()]
    assert rules[0] == "column 0"
    assert set(rules[300:]) == {"other rules"}


@given(st.lists(st.lists(st.tuples(st.text(), st.sampled_from([WORDS, SPEAKER, TIME, "note"])))))
def test_rows_stand_on_lines_of_their_own_and_hold_their_values(rows):
    account = account_of_rows(rows)
    account.check([Turn("", value) for row in rows for value, kind in row if kind == WORDS], origin="a.csv")
    assert account.text.count("\n") == max(len(rows) - 1, 0)


CAPTIONS = """WEBVTT

1
00:01.000 --> 00:02.000
<v Ann Lee>R&amp;D? <i>Who</i> - me?</v>

00:03.000 --> 00:04.000
&gt;&gt; P1: Dim syniad.
- P1: Neb.

00:05.000 --> 00:06.000 align:start
- Oh.
"""


def test_the_account_of_captions(write):
    assert became(read_turns(write("a.vtt", CAPTIONS))) == [
        ("WEBVTT", "header"),
        ("1", "caption identifier"),
        ("00:01.000", TIME), (" --> ", STRUCTURE), ("00:02.000", TIME),
        ("<v ", STRUCTURE), ("Ann Lee", SPEAKER), (">", STRUCTURE),
        ("R&amp;D? ", WORDS), ("<i>", STRUCTURE), ("Who", WORDS), ("</i>", STRUCTURE), (" - me?", WORDS), ("</v>", STRUCTURE),
        ("00:03.000", TIME), (" --> ", STRUCTURE), ("00:04.000", TIME),
        ("&gt;&gt; ", STRUCTURE), ("P1", SPEAKER), (":", STRUCTURE), (" Dim syniad.\n", WORDS),
        ("- ", STRUCTURE), ("P1", SPEAKER), (":", STRUCTURE), (" Neb.", WORDS),
        ("00:05.000", TIME), (" --> ", STRUCTURE), ("00:06.000", TIME), (" align:start", STRUCTURE),
        ("-", STRUCTURE), (" Oh.", WORDS),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Notes\n\n**Ann** [0:01]: Who?\nIt is.", "t:Notes s:** l:Ann s:**_[ c:0:01 s:]:_ w:Who? w:It_is."),
        ("Ann   0:01\nWho?\nP1   0:04\nMe.", "l:Ann s:___ c:0:01 w:Who? l:P1 s:___ c:0:04 w:Me."),
        ("0:0:1.0 --> 0:0:2.5\nAnn\nWho?", "c:0:0:1.0 s:_-->_ c:0:0:2.5 l:Ann w:Who?"),
        (
            "0:01 <v Ann>Who? <v P1>Me.</v>\n0:02 - And?\n0:03 P1: No.",
            "c:0:01 s:_<v_ l:Ann s:> w:Who? s:<v_ l:P1 s:> w:Me. s:</v> c:0:02 s:_-_ w:And? c:0:03 s:_ l:P1 s::_ w:No.",
        ),
        ("[P1] Who?\n[P2] Me.\n[P1] Oh.", "s:[ l:P1 s:]_ w:Who? s:[ l:P2 s:]_ w:Me. s:[ l:P1 s:]_ w:Oh."),
    ],
)
def test_the_account_of_each_layout(write, text, pieces):
    short = {"t": "title above the first turn", "s": STRUCTURE, "l": SPEAKER, "c": TIME, "w": WORDS}
    expected = [(piece[2:].replace("_", " "), short[piece[0]]) for piece in pieces.split()]
    assert became(read_turns(write("a.txt", text))) == expected
