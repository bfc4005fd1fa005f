"""What study.toml may say, and what is said of one that says something else."""

from itertools import pairwise

import pytest

from engagement_lib.errors import StudyError
from engagement_lib.loading.study_file import read_settings
from engagement_lib.settings import Settings, Survey, Transcripts, Verdicts

FULL = """title = "Pilot"
synthetic = true
cases = "cases.csv"

[waves.1]
title = "First"
[waves.2]
prompted = true

[[transcripts]]
files = "interviews/*"
name = "[A-Z]\\\\d+"
interviewers = ["Helen", "Siân"]

[[surveys]]
file = "survey.xlsx"
case = "ref"
[surveys.questions]
barriers = "Q6"
last = ["Q7a", "Q7b"]
[surveys.values.group]
"I use them" = "user"

[verdicts]
contested = 0.3
"""


@pytest.fixture
def study(tmp_path):
    """A folder whose study.toml says this."""

    def make(text, encoding="utf-8"):
        (tmp_path / "study.toml").write_bytes(text.encode(encoding))
        return tmp_path

    return make


@pytest.fixture
def problems(study):
    def find(text):
        with pytest.raises(StudyError) as caught:
            read_settings(study(text))
        return [(problem.place, problem.found, problem.expected, problem.remedy) for problem in caught.value.problems]

    return find


def test_a_title_is_all_that_a_study_must_say(study):
    assert read_settings(study('title = "Pilot"')) == Settings(title="Pilot")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_all_that_the_file_says_is_in_the_settings(study, encoding):
    settings = read_settings(study(FULL.replace("\n", "\r\n"), encoding))
    assert settings.waves["2"].prompted
    assert settings.transcripts == (Transcripts(files="interviews/*", name=r"[A-Z]\d+", interviewers=("Helen", "Siân")),)
    questions = {"barriers": "Q6", "last": ("Q7a", "Q7b")}
    assert settings.surveys == (
        Survey(file="survey.xlsx", case="ref", questions=questions, values={"group": {"I use them": "user"}}),
    )
    assert settings.verdicts == Verdicts(contested=0.3)


def test_a_folder_that_is_not_there_is_named_with_what_to_do(tmp_path):
    with pytest.raises(StudyError, match=r"found no such folder; expected a folder with study\.toml"):
        read_settings(tmp_path / "nowhere")


def test_a_folder_without_study_toml_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"^study\.toml: found no such file"):
        read_settings(tmp_path)


def test_a_file_that_is_not_toml_is_named_with_its_line(problems):
    remedy = "Mend the line; text stands in quotation marks."
    assert problems('title = "Pilot"\ncases = cases.csv\n') == [
        ("line 2, column 9", "what is not TOML (Invalid value)", "a key, a value or a section", remedy)
    ]


def test_study_toml_itself_is_no_folder(study):
    folder = study('title = "Pilot"')
    with pytest.raises(StudyError, match=r"study\.toml: found a file; .* Name the folder itself\."):
        read_settings(folder / "study.toml")


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known_one(problems):
    ((place, found, expected, remedy),) = problems('title = "Pilot"\n\ncodebok = "codebook.csv"\n')
    assert (place, found, remedy) == ("line 3, key 'codebok'", "the unknown key 'codebok'", "Did you mean 'codebook'?")
    assert expected.startswith("one of title, question, synthetic, ")


def test_a_key_that_cannot_be_found_in_the_file_is_named_without_a_line(problems):
    assert problems('title = "Pilot"\n"c\\u006fdebok" = ""\n')[0][0] == "key 'codebok'"


def test_an_unknown_key_like_no_other_is_to_be_taken_out(problems):
    assert problems('title = "Pilot"\nzzz = 1\n')[0][3] == "Take it out, or mend its name."


@pytest.mark.parametrize(
    ("line", "place", "remedy"),
    [
        ("[waves.2]\npromted = true", "line 4, key 'waves.2.promted'", "Did you mean 'prompted'?"),
        ("[waves]\n2 = { promted = true }", "line 4, key 'waves.2.promted'", "Did you mean 'prompted'?"),
        ('[[transcripts]]\nfiles = "a"\nwav = "1"', "line 5, key 'transcripts.0.wav'", "Did you mean 'wave'?"),
        ("[verdict]\nmin_kinds = 1", "line 3, key 'verdict'", "Did you mean 'verdicts'?"),
        ("[themes]\nn_theme = 1", "line 4, key 'themes.n_theme'", "Did you mean 'n_themes'?"),
    ],
)
def test_an_unknown_key_in_a_section_is_looked_up_among_those_of_the_section(problems, line, place, remedy):
    ((found_place, _, _, found_remedy),) = problems(f'title = "Pilot"\nwave = "1"\n{line}\n'.replace('wave = "1"', ""))
    assert (found_place, found_remedy) == (place, remedy)


def test_the_second_of_two_sections_is_told_from_the_first(problems):
    text = '[[transcripts]]\nfiles = "a"\nkind = "webinar"\n\n[[transcripts]]\nfiles = "b"\nkind = "chat"\n'
    assert problems(f'title = "Pilot"\n{text}') == [
        ("line 8, key 'transcripts.1.kind'", "'chat'", "'interview', 'webinar' or 'comment'", "Mend the value.")
    ]


def test_a_missing_key_is_named_with_the_line_of_its_section(problems):
    text = '[[surveys]]\nfile = "a.csv"\nquestions = {}\n\n[[surveys]]\ncase = "ref"\nquestions = {}\n'
    assert problems(text) == [
        ("key 'title'", "nothing", "a value for 'title'", "Add the key."),
        ("line 1, key 'surveys.0.case'", "nothing", "a value for 'case'", "Add the key."),
        ("line 5, key 'surveys.1.file'", "nothing", "a value for 'file'", "Add the key."),
    ]


def test_a_section_written_in_one_line_is_named_with_it(problems):
    assert problems('title = "Pilot"\ntranscripts = [{ files = "a" }, { file = "b", wave = 1 }]\n') == [
        ("line 2, key 'transcripts.1.files'", "nothing", "a value for 'files'", "Add the key."),
        ("line 2, key 'transcripts.1.wave'", "1", "text in quotation marks", "Mend the value."),
        (
            "line 2, key 'transcripts.1.file'",
            "the unknown key 'file'",
            "one of files, kind, wave, name, interviewers, moderators, unlabelled_role, level",
            "Did you mean 'files'?",
        ),
    ]


@pytest.mark.parametrize(
    ("line", "place", "found", "expected"),
    [
        ("question = 3", "line 2, key 'question'", "3", "text in quotation marks"),
        ('synthetic = "yes"', "line 2, key 'synthetic'", "'yes'", "true or false"),
        ("themes = 3", "line 2, key 'themes'", "3", "a section under [ ]"),
        ("verdicts.min_kinds = 0", "line 2, key 'verdicts.min_kinds'", "0", "greater than or equal to 1"),
        ("waves = 3", "line 2, key 'waves'", "3", "a section under [ ]"),
        ("[transcripts]\nfiles = 'a'", "line 2, key 'transcripts'", "{'files': 'a'}", "a list in [ ], or a section under [[ ]]"),
        (
            "[samples]\nsurvey = 'quota'",
            "line 3, key 'samples.survey'",
            "'quota'",
            "'unknown', 'purposive', 'convenience', 'self-selected', 'random' or 'census'",
        ),
        (
            "[quantifiers]\nfew = [0.2, 0.1]",
            "line 2, key 'quantifiers'",
            "{'few': (0.2, 0.1)}",
            "two shares from 0 to 1, the lower one first, beside 'few'",
        ),
        (
            "[quantifiers]\nsome = [0.1, 0.4]\nfew = [0, 0.2]",
            "line 2, key 'quantifiers'",
            "{'some': (0.1, 0.4), 'few': (0, 0.2)}",
            "bands that do not overlap, as those of 'few' and 'some' do",
        ),
        ("[verdicts]\ncontested = '1'", "line 3, key 'verdicts.contested'", "'1'", "a number"),
        ("[verdicts]\ncontested = 1.5", "line 3, key 'verdicts.contested'", "1.5", "less than or equal to 1"),
        ("[verdicts]\nmin_kinds = 1.5", "line 3, key 'verdicts.min_kinds'", "1.5", "a whole number"),
        ("[verdicts]\nmin_kinds = 0", "line 3, key 'verdicts.min_kinds'", "0", "greater than or equal to 1"),
        (
            "[[transcripts]]\nfiles = 'a'\nname = '['",
            "line 4, key 'transcripts.0.name'",
            "'['",
            "not a regular expression: unterminated character set at position 0",
        ),
        (
            "[[surveys]]\nfile = 'a'\ncase = 'b'\n[surveys.questions]\nbarriers = 6",
            "line 6, key 'surveys.0.questions.barriers'",
            "6",
            "a column in quotation marks, or a list of columns",
        ),
        (
            "[[coded_answers]]\nfile = 'a'\ncase = 'b'\nquestion = 'c'\ncodes = 'd'\ncoder = 'e'\nseparator = ''",
            "line 8, key 'coded_answers.0.separator'",
            "''",
            "at least one character",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_line_and_what_would(problems, line, place, found, expected):
    assert problems(f'title = "Pilot"\n{line}\n') == [(place, found, expected, "Mend the value.")]


def test_every_mistake_is_named_at_once(problems):
    found = problems('titel = "Pilot"\ncoder = 1\n\n[waves.1]\nprompted = "no"\n\n[sharing]\nquotes = "some"\n')
    assert [place for place, *_ in found] == [
        "key 'title'",
        "line 2, key 'coder'",
        "line 5, key 'waves.1.prompted'",
        "line 8, key 'sharing.quotes'",
        "line 1, key 'titel'",
    ]
    assert all(one != other for one, other in pairwise(found))


def test_settings_cannot_be_changed_once_read(study):
    settings = read_settings(study('title = "Pilot"'))
    with pytest.raises(ValueError, match="frozen"):
        settings.title = "Other"
