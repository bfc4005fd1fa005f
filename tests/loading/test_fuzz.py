"""Broken and hostile files of every format: each gives turns that satisfy the account, or an error that names it.

`make fuzz` tries 20,000 of them.
"""

import csv
import json
import os
import re
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement_lib.errors import TableError, TranscriptError
from engagement_lib.loading.survey import read_survey
from engagement_lib.loading.transcripts import MOST_BYTES, READERS, read_transcript, read_turns

INPUTS = int(os.environ.get("FUZZ_INPUTS", "504"))

DIALOGUE = (
    "Helen: Pwy sy'n eu defnyddio?",
    "P1: Dim syniad, a dweud y gwir.",
    "Helen: Neb?",
    "P1: R&D, a “phawb” arall – efallai.",
)
CUES = "\n\n".join(
    f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\n<v P{n % 2}>Dim <i>syniad</i> &amp; {n}</v>" for n in range(1, 5)
)
WHISPER = {
    "text": " Pwy? Neb.",
    "segments": [
        {"start": 0, "end": 1.5, "text": " Pwy?", "speaker": "A", "words": [{"word": "Pwy?"}], "tokens": [1, 2]},
        {"start": 1.5, "end": 2, "text": " Neb.", "speaker": "B"},
    ],
}
ITEMS = [
    {"start_time": "0.1", "end_time": "0.5", "alternatives": [{"content": "Pwy"}, {"content": "Pryd"}], "type": "pronunciation"},
    {"alternatives": [{"content": "?"}], "type": "punctuation"},
]
LABELS = {"segments": [{"speaker_label": "spk_0", "items": [{"start_time": "0.1", "speaker_label": "spk_0"}]}]}
TRANSCRIBE = {"jobName": "a", "results": {"transcripts": [{"transcript": "Pwy?"}], "items": ITEMS, "speaker_labels": LABELS}}
CALL = {"Transcript": [{"Content": "Pwy?", "ParticipantRole": "AGENT", "BeginOffsetMillis": 0, "EndOffsetMillis": 900}]}
EAF = """<?xml version="1.0"?><ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="0"/>
<TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="900"/></TIME_ORDER><TIER TIER_ID="P1" PARTICIPANT="Siân" LINGUISTIC_TYPE_REF="t">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE>Dim syniad.
</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER><LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="t"/></ANNOTATION_DOCUMENT>"""
TABLE = 'speaker,text,start,note\nHelen,Pwy?,0:01,\nP1,"Dim, \nsyniad &amp; neb.",0:02,amau\n,Neb.,,\n'
SURVEY = 'ref,role,"Q1\nWhat gets in the way?"\nR1,user,"Dim, amser"\nR2,producer,n/a\nR3,,\n'

# What a mutated text may gain: marks of each format, and characters that programs trip over.
MARKS = [
    "-->", "00:00:01.000 --> 00:00:00.500", "<v ", "</v>", "&amp;", "&#0;", "&colon;", "&lt;v A&gt;", "WEBVTT", "NOTE x", "1",
    "[", "]", ":", "**", "0:01", "99:99:99", "- ", ">> ", "P1:", "Transcribed by https://otter.ai", "{", "}", '"', ",", "\t",
    ";", "null", "1e999", "-1", "NaN", "<", ">", "<!DOCTYPE a>", "<w:p/>", "<text:p/>", "\\par ", "\\u8364?", "\\'e9", "obj",
    "stream", "\x00", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "\u0301", "\u202e", "🙈", "ß", "\r", "\r\n", "\n", "\n\n", " ",
    "�", "_x000D_",
]  # fmt: skip


def archive(data, change):
    """The same archive, with one of its files of XML changed."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return made.getvalue()


@pytest.fixture(scope="module")
def seeds(word_file, odt_file):
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from openpyxl import Workbook

    pdf, book, xlsx = BytesIO(), Workbook(), BytesIO()
    with PdfPages(pdf, metadata={"CreationDate": None}) as pages:
        for page in "12":
            figure = Figure()
            for number, line in enumerate(["Interview 3", *DIALOGUE, page]):
                figure.text(0.05, 0.9 - number / 20, line)
            pages.savefig(figure)
    for row in csv.reader(StringIO(TABLE)):
        book.active.append(row)
    book.save(xlsx)
    lines = "\n".join(DIALOGUE)
    return {
        "a.txt": ("Interview 3\n\n" + lines + "\n").encode(),
        "otter.txt": b"Helen  0:01\nPwy?\n\nP1  0:04\nNeb.\n\nTranscribed by https://otter.ai\n",
        "clock.md": b"0:01 <v Helen>Pwy? <v P1>Neb.</v>\n0:02 - Oes?\n0:03 Nac oes.\n",
        "arrow.txt": b"0:0:0.0 --> 0:0:1.510\nHelen\nPwy?\n\n0:0:3.270 --> 0:0:4.250\nP1\nNeb.\n",
        "a.vtt": f"WEBVTT\n\nNOTE amau\n\n{CUES}\n".encode(),
        "a.srt": CUES.replace(".", ",").encode(),
        "a.docx": word_file(["Interview 3", *DIALOGUE, [("P1", "0:02", "Neb.")]]),
        "a.odt": odt_file(list(DIALOGUE)),
        "a.rtf": (
            r"{\rtf1\ansi " + r"\par ".join(DIALOGUE).encode("ascii", "ignore").decode() + r" Si\'e2n\u8364?\par}"
        ).encode(),
        "a.pdf": pdf.getvalue(),
        "whisper.json": json.dumps(WHISPER).encode(),
        "transcribe.json": json.dumps(TRANSCRIBE).encode(),
        "call.json": json.dumps(CALL).encode(),
        "a.eaf": EAF.encode(),
        "a.csv": TABLE.encode(),
        "a.tsv": TABLE.replace(",", "\t").encode(),
        "a.xlsx": xlsx.getvalue(),
        "survey.csv": SURVEY.encode(),
    }


def change_text(text, draw):
    """A text with a few of its parts taken out, doubled, put elsewhere, or other marks put between them."""
    parts = re.split(r"(\s+|[<>\[\]{}():\",;|\\-]+)", text)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(len(parts) - 1, 0)))
        what = draw(st.sampled_from(["mark", "mark", "text", "out", "twice", "elsewhere", "cut"]))
        if what == "mark":
            parts.insert(at, draw(st.sampled_from(MARKS)))
        elif what == "text":
            parts.insert(at, draw(st.text(max_size=12)))
        elif what == "twice":
            parts[at:at] = parts[at : at + draw(st.integers(1, 20))]
        elif what == "cut" and draw(st.booleans()):
            del parts[at + 1 :]
        elif parts:
            part = parts.pop(at)
            if what == "elsewhere":
                parts.insert(draw(st.integers(0, len(parts))), part)
    return "".join(parts)


def change_bytes(data, draw):
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(data))), draw(st.sampled_from([0, 1, 1, 2, 16, len(data)]))
        data = data[:at] + draw(st.binary(max_size=6)) + data[at + length :]
    return data


def mutated(name, data, draw):
    """The file with a mutation that keeps to its structure, or one that does not."""
    if draw(st.integers(0, 9)) < 3:
        return change_bytes(data, draw)
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "cp1252"]))
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as held:
            parts = [part for part in held.namelist() if part.endswith((".xml", ".rels"))]
        words = [part for part in parts if part.endswith(("document.xml", "content.xml", "sheet1.xml", "sharedStrings.xml"))]
        chosen = draw(st.sampled_from(words if draw(st.integers(0, 4)) else parts))
        return archive(
            data, lambda part, was: change_text(was.decode(), draw).encode("utf-8", "ignore") if part == chosen else was
        )
    if name.endswith(".pdf"):
        return change_text(data.decode("latin-1"), draw).encode("latin-1", "ignore")
    return change_text(data.decode(), draw).encode(encoding, "ignore")


NAMES = (
    "a.txt", "otter.txt", "clock.md", "arrow.txt", "a.vtt", "a.srt", "a.docx", "a.odt", "a.rtf", "a.pdf", "whisper.json",
    "transcribe.json", "call.json", "a.eaf", "a.csv", "a.tsv", "a.xlsx", "survey.csv",
)  # fmt: skip


def test_every_format_is_tried():
    assert {re.sub(r".*(?=\.)", "", name) for name in NAMES} == set(READERS)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_gives_turns_that_satisfy_the_account_or_an_error_that_names_it(seeds, tmp_path, name):
    read = (
        (lambda path: read_survey(path, case="ref", questions={"q": "Q1 What gets in the way?"}))
        if "survey" in name
        else read_turns
    )
    path, expected = tmp_path / name, TableError if "survey" in name else TranscriptError
    path.write_bytes(seeds[name])
    read(path)

    @settings(max_examples=max(INPUTS // len(NAMES), 1), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def broken(data):
        path.write_bytes(mutated(name, seeds[name], data.draw)[:MOST_BYTES])
        try:
            read(path)
        except expected as error:
            assert all(problem.file == name and problem.found and problem.remedy for problem in error.problems)  # noqa: PT017
            return
        if read is read_turns:
            assert read_transcript(path)["text"].iloc[0]

    broken()
