"""Real transcripts and surveys, read where they lie beside the project. Each test is skipped where its file is not there."""

import re
from collections import Counter

import pandas as pd
import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import write_turns
from engagement_lib.loading.spreadsheets import read_table
from engagement_lib.loading.survey import read_survey
from engagement_lib.loading.text import decode
from engagement_lib.loading.transcripts import read_turns
from engagement_lib.segments import split_sentences, split_turns

# What one run of Whisper is saved as.
ENDINGS = (".json", ".srt", ".vtt", ".tsv")
JUPYTER = "surveys/jupyter_2015_ux/survey_short_columns.csv"
HELD_IN_THREE = ["integrations", "workflow_needs_addressed", "workflow_needs_not_addressed", "pleasant_aspects"]


def said(path):
    return [(turn.speaker, turn.words) for turn in read_turns(path).turns]


def speakers(path):
    return Counter(speaker for speaker, _ in said(path))


def letters(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("interview", ["A", "B", "C"])
def test_a_word_file_of_teams_has_the_words_speakers_and_times_of_its_spreadsheet(sample, interview):
    folder = "transcripts/docx_qux360"
    turns = read_turns(sample(f"{folder}/interview_{interview}.docx")).turns
    for table in (read_table(sample(f"{folder}/interview_{interview}.{suffix}")) for suffix in ("csv", "xlsx")):
        assert [turn.speaker for turn in turns] == table["speaker"].tolist()
        # The Word files were broken after 120 characters, within words too.
        assert [letters(turn.words) for turn in turns] == [letters(words) for words in table["statement"]]
    minutes = [f"{int(turn.time_start // 60)}:{int(turn.time_start % 60):02}" for turn in turns]
    assert minutes == read_table(sample(f"{folder}/interview_{interview}.csv"))["timestamp"].tolist()


def test_a_word_file_of_teams_of_old_keeps_its_table_apart(sample):
    reading = read_turns(sample("transcripts/docx_teams_unstructured/teams_chat.docx"))
    assert [(turn.speaker, turn.words, turn.time_start, turn.time_end) for turn in reading.turns] == [
        ("Some Body", "OK. Yeah.", 0.0, 1.51),
        ("James Bond", "Umm.", 3.27, 4.25),
    ]
    assert [text for _, text, _ in reading.set_aside] == ["saved-by: Dennis Forsythe"]


def test_a_word_file_without_speakers_is_one_turn_by_nobody(sample):
    ((speaker, words),) = said(sample("transcripts/docx_odt_qualcoder/ID1.docx"))
    assert speaker == ""
    assert words.startswith("I really like learning new things.")
    assert words.endswith("I'm happy to pay €200.")


def test_a_text_with_labels_in_brackets_has_their_speakers(sample):
    assert speakers(sample("transcripts/docx_odt_qualcoder/transcript.txt")) == {"id1": 3, "id2": 2, "id3": 2}


def test_captions_with_voices_never_closed_have_their_speakers(sample):
    found = speakers(sample("transcripts/vtt_pythonbytes/486-underscore-underscore-ghost-emoji-final.vtt"))
    assert found == {"Michael Kennedy": 30, "Calvin Hendryx-Parker": 29}


def test_the_same_captions_as_text_are_the_same_turns(sample):
    name = "transcripts/vtt_pythonbytes/486-underscore-underscore-ghost-emoji-final"
    assert said(sample(f"{name}.txt")) == said(sample(f"{name}.vtt"))


def test_captions_saved_as_text_without_voices_are_sentences_by_nobody(sample):
    path = sample("transcripts/vtt_pythonbytes/059-instagram-disregards-python-s-gc-again.txt")
    turns = read_turns(path).turns
    assert {turn.speaker for turn in turns} == {""}
    assert turns[1].words == "And I'm Brian Okken."
    assert turns[1].time_start == 11.0
    without_times = re.sub(r"^\d\d:\d\d:\d\d ?", "", decode(path.read_bytes(), origin=path.name), flags=re.MULTILINE)
    assert letters("".join(turn.words for turn in turns)) == letters(without_times)


@pytest.mark.parametrize("episode", [1, 10, 40])
def test_captions_that_mark_a_new_speaker_by_arrows_are_parted_there(sample, episode):
    turns = said(sample(f"transcripts/vtt_haskellweekly/episode-{episode}.vtt"))
    assert not any(words.startswith(">>") for _, words in turns)
    assert {speaker for speaker, _ in turns} == {""}


def test_no_cue_of_an_episode_is_lost(sample):
    path = sample("transcripts/vtt_haskellweekly/episode-1.vtt")
    lines = decode(path.read_bytes(), origin=path.name).split("\n")
    words = [line.removeprefix(">> ") for line in lines[1:] if "-->" not in line and not line.isdigit()]
    assert letters("".join(turn for _, turn in said(path))) == letters("".join(words))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("captions_with_bom", ["Caption text #1 Caption text #2 Caption text #3 Caption text #4"]),
        ("comments", ["Ta en kopp varmt te.", "Det är inte varmt.", "Har en kopp te.", "Det smakar som te.", "Ta en kopp"]),
        ("cue_tags", ["When the moon hits your eye Like a big-a pizza pie That's amore"]),
        ("invalid_timeframe_in_cue_text", ["Caption text #1 Caption text #2 Caption text #3"]),
        ("metadata_headers", ["Caption text #1 Caption text #2"]),
        ("metadata_headers_multiline", ["Caption text #1 Caption text #2"]),
        ("missing_caption_text", ["Caption text #1 Caption text #3 Caption text #4 Caption text #5"]),
        ("one_caption", ["Caption text #1"]),
        ("styles", ["Hello world."]),
        (
            "using_identifiers",
            ["Caption text #1 Caption text #2 Caption text #3 Caption text #4 Caption text #5 Caption text #6"],
        ),
        ("youtube_dl", ["yeah what this will happen is I'm telling"]),
    ],
)
def test_odd_captions_are_read(sample, name, words):
    assert said(sample(f"transcripts/vtt_srt_edgecases_webvttpy/{name}.vtt")) == [("", line) for line in words]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("empty", "found an empty file"),
        ("no_captions", "found no words"),
        ("invalid", "line 1: found '00:00:00.500 --> 00:00:07.000'; expected WEBVTT"),
        ("invalid_timeframe", "line 6: found '00:00:07.000 --> 00:00:1d.890'; expected times"),
        ("missing_timeframe", "line 6: found 'Caption text #2'; expected times"),
    ],
)
def test_broken_captions_are_named_with_their_line(sample, name, message):
    with pytest.raises(TranscriptError, match=message):
        read_turns(sample(f"transcripts/vtt_srt_edgecases_webvttpy/{name}.vtt"))


def test_a_real_transcript_stands_where_its_segments_say(sample):
    turns = read_turns(sample("transcripts/docx_qux360/interview_A.docx")).turns
    text = write_turns(turns)
    about = {"source_id": "A", "case_id": "A", "kind": "interview", "wave": "1", "question": "", "reason": "", "origin": ""}
    sentences = split_sentences(split_turns(pd.DataFrame([about | {"text": text}])))
    assert [text[row.start : row.end] for row in sentences.itertuples()] == sentences["quote"].tolist()
    assert letters("".join(sentences["quote"])) == letters("".join(turn.words for turn in turns))


def test_a_survey_of_1706_respondents_is_read_whole(sample):
    path = sample(JUPYTER)
    questions = {"hinderances": "hinderances"} | {name: tuple(f"{name}_{n}" for n in (1, 2, 3)) for name in HELD_IN_THREE}
    sources, cases = read_survey(path, case="", questions=questions, attributes={"group": "how_often"})
    assert len(sources) == 1706 * 5
    assert len(cases) == 1706
    assert Counter(sources["question"]) == dict.fromkeys(questions, 1706)
    table = read_table(path)
    written = "".join(
        table[column].str.cat() for parts in questions.values() for column in ([parts] if parts == "hinderances" else parts)
    )
    assert Counter(letters(written)) == Counter(letters("".join(sources["text"])))


def test_a_survey_with_its_questions_in_the_header_is_read(sample):
    table = read_table(sample("surveys/jupyter_2015_ux/20160115235816-SurveyExport.csv"))
    assert len(table) == 1706
    assert table.columns[3] == "How often do you use Jupyter Notebook?"


@pytest.mark.parametrize(
    ("name", "respondents", "columns"),
    [
        ("carpentries_2017/longterm_October2017.csv", 476, 75),
        ("jupyter_2020/text_fields.csv", 1135, 19),
        ("otel_dev/otel-docs-usability-survey.csv", 48, 35),
        ("ssi_rse_uk_2017/public_data.csv", 253, 245),
    ],
)
def test_other_surveys_are_read_whole(sample, name, respondents, columns):
    assert read_table(sample(f"surveys/{name}")).shape == (respondents, columns)


def test_one_run_of_whisper_gives_the_same_turns_in_every_format(sample):
    path = "transcripts/whisper_hitsave_dev/Goodboy_Galaxy_-_Rik_Nicol"
    runs = [[(turn.words, turn.time_start) for turn in read_turns(sample(f"{path}{ending}")).turns] for ending in ENDINGS]
    assert len(runs[0]) == 481
    assert runs[1:] == runs[:1] * 3


@pytest.mark.parametrize(("name", "turns"), [("P1", 94), ("P2", 165), ("P3", 122)])
def test_every_label_of_an_interview_in_pdf_begins_a_turn(sample, name, turns):
    reading = read_turns(sample(f"transcripts/pdf_pdpilot/{name}.pdf"))
    assert {turn.speaker for turn in reading.turns} == {"Dan", "Participant"}
    assert len(reading.turns) == turns
    assert {rule for _, _, rule in reading.set_aside} == {
        "header of the page",
        "footer of the page",
        "title above the first turn",
    }


@pytest.mark.parametrize("interview", "ABC")
def test_a_spreadsheet_of_turns_is_the_same_as_csv_and_as_workbook(sample, interview):
    files = [sample(f"transcripts/docx_qux360/interview_{interview}{ending}") for ending in (".csv", ".xlsx")]
    assert read_turns(files[0]).turns == read_turns(files[1]).turns


@pytest.mark.parametrize(
    ("name", "turns", "speakers"),
    [
        ("json_aws_kibaffo33/01-plain.json", 13, {""}),
        ("json_aws_kibaffo33/02-channel-identification.json", 7, {"ch_0", "ch_1"}),
        ("json_aws_kibaffo33/03-speaker-identification.json", 7, {"spk_0", "spk_1", "spk_2"}),
        ("docx_aws_callanalytics/example-call.json", 37, {"AGENT", "CUSTOMER"}),
        ("eaf_textgrid_pygamma/MaureenMarvinRobin.eaf", 4, {"Maureen", "Marvin", "Robin"}),
    ],
)
def test_other_formats_are_read_whole(sample, name, turns, speakers):
    read = read_turns(sample(f"transcripts/{name}")).turns
    assert (len(read), {turn.speaker for turn in read}) == (turns, speakers)
