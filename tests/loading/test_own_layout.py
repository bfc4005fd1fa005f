from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.layout import Turn, parse_turns, write_turns
from engagement_lib.loading.own_layout import read_own_layout
from engagement_lib.loading.transcripts import read_transcript, read_turns

TEXT = "Helen [interviewer] 0:00:04\nWho?\n\n[Person 734] [participant] 0:00:12–0:00:30.500\nMe:\nonly me.\n\n[unknown]\n[laughs]"
WORDS = st.from_regex(r"[A-Za-z\[\]:é🙂]{1,8}( [a-z:]{1,5}){0,2}(\n[a-z]{1,5})?", fullmatch=True)
TURNS = st.lists(
    st.builds(
        Turn,
        st.sampled_from(["Helen", "P01", "", "[Person 734]", "Tom (strategy team)"]),
        WORDS,
        st.sampled_from(["participant", "interviewer", "moderator"]),
        st.sampled_from([None, 0.0, 12.5]),
    ),
    min_size=1,
    max_size=4,
)


def test_a_text_in_the_librarys_own_layout_is_read_as_it_is(tmp_path):
    path = tmp_path / "P01.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert read_transcript(path).loc[0, "text"] == TEXT
    assert [(turn.speaker, turn.role) for turn in read_turns(path).turns] == [
        ("Helen", "interviewer"),
        ("[Person 734]", "participant"),
        ("", "unknown"),
    ]


def test_who_is_named_an_interviewer_changes_no_role_that_the_text_gives(tmp_path):
    path = tmp_path / "P01.txt"
    path.write_text("Helen [participant]\nWho?", encoding="utf-8")
    assert read_transcript(path, interviewers=["Helen"]).loc[0, "text"] == "Helen [participant]\nWho?"


def test_every_character_is_accounted_for():
    reading = read_own_layout(TEXT)
    reading.account.check(reading.turns, origin="P01.txt")
    became = {what: "" for _, _, what in reading.account.pieces()}
    for start, end, what in reading.account.pieces():
        became[what] += TEXT[start:end]
    assert became["speaker"] == "Helen[Person 734]"
    assert became["time"] == "0:00:040:00:12–0:00:30.500"


def test_any_other_layout_is_left_to_the_other_readers(tmp_path):
    assert read_own_layout("Helen: Who?\n\nP01: Me.") is None
    assert read_own_layout("Helen [interviewer]\nWho?\n\nP01: Me.") is None
    path = tmp_path / "P01.txt"
    path.write_text("Helen: Who?\nP01: Me.\nHelen: Why?", encoding="utf-8")
    assert [turn.speaker for turn in read_turns(path).turns] == ["Helen", "P01", "Helen"]


@given(TURNS)
def test_reading_what_was_written_gives_the_same_text(turns):
    text = write_turns(turns)
    reading = read_own_layout(text)
    assert reading.turns == list(parse_turns(text))
    assert write_turns(reading.turns) == text
    reading.account.check(reading.turns, origin="P01.txt")
