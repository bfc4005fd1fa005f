from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from gate_demo import cells, page, prose, shown
from sharing_demo import PASSAGE, make_study

from engagement_lib.sharing.last_scan import made_up_quotations, mask_identifiers, mask_paths, unchecked_outputs
from engagement_lib.sharing.quotations import Guard
from engagement_lib.tables import check_table


@pytest.fixture
def study(tmp_path):
    study = make_study(tmp_path, audience="public")
    cases = pd.DataFrame({"case_id": ["P01", "S1"], "group": ["producer", "user"], "name": ["Ysolde Trevanion", "Bo Field"]})
    return study.__class__(**{**vars(study), "cases": check_table("cases", cases)})


def soup_of(*parts: str) -> BeautifulSoup:
    return BeautifulSoup(page(*parts), "html.parser")


def test_identifiers_in_cells_are_blacked_out(study):
    soup = soup_of(shown({"doubt": ["Write to jo.bell@trade.example.org", "Ask d dot whitlock"], "size": [12, 13]}))
    assert mask_identifiers(soup, study) == []
    assert cells(str(soup)) == [["Write to [e-mail]", "12"], ["Ask [e-mail]", "13"]]


@pytest.mark.parametrize(
    "part",
    [
        prose("<p>Ring 07700 900356.</p>"),
        "<h2>Ring 07700 900356</h2>",
        "<table><caption>Ring 07700 900356</caption><thead><tr><th>a</th></tr></thead></table>",
        '<img alt="Ring 07700 900356" src="data:,"/>',
        '<p aria-label="Ring 07700 900356">Here</p>',
        '<pre class="output">Ring 07700 900356</pre>',
        "<!-- Ring 07700 900356 -->",
        "<details><summary>Ring 07700 900356</summary></details>",
    ],
)
def test_identifiers_anywhere_else_are_reasons(study, part):
    assert [reason.found for reason in mask_identifiers(soup_of(part), study)] == ["telephone (UK number with 0)"]


def test_a_name_on_the_recruitment_sheet_is_found(study):
    (reason,) = mask_identifiers(soup_of(prose("<p>As Ysolde says, nobody rings.</p>", cell=7)), study)
    assert (reason.place, reason.found.split(" (")[0]) == ("cell 7", "person")


def test_what_the_study_says_of_itself_is_excepted(study):
    assert mask_identifiers(soup_of("<p>Write to team@example.gov.uk.</p>"), study) == []


def test_a_name_within_a_word_of_the_study_is_not_excepted(study):
    cases = pd.DataFrame({"case_id": ["P01"], "group": ["producer"], "name": ["Brit Answerson"]})
    named = replace(study, cases=check_table("cases", cases), codebook=study.codebook.assign(definition="British Answersons"))
    assert len(mask_identifiers(soup_of(prose("<p>As Brit says, nobody rings.</p>")), named)) == 1


def test_whom_the_library_cites_is_excepted(study):
    said = "By the rule of Guest, Namey and Chen nobody is left."
    soup = soup_of(shown({"because": [said], "size": [12]}))
    assert mask_identifiers(soup, study) == []
    assert cells(str(soup))[0][0] == said


def test_a_table_that_cannot_be_read_is_scanned_as_prose(study):
    odd = "<table><tbody><tr><td>Ring 07700 900356</td><td></td></tr><tr><td>1</td></tr></tbody></table>"
    assert len(mask_identifiers(soup_of(odd), study)) == 1


def test_a_page_without_words_has_no_identifiers(study):
    assert mask_identifiers(BeautifulSoup("", "html.parser"), study) == []


def test_places_on_the_machine_are_taken_out(study):
    folder = study.folder.resolve()
    soup = soup_of(
        f"<pre>{folder}/data.csv</pre><p>C:\\Users\\ann\\a.csv, /home/ann/study and/or ../data https://x.org/home/a</p>"
    )
    mask_paths(soup, study)
    assert soup.get_text() == "[path]/data.csv[path] [path] and/or ../data https://x.org/home/a"


def test_a_table_of_odd_shape_with_a_small_number_is_a_reason(study):
    twice = "<table><thead><tr><th>a</th></tr><tr><th>b</th></tr></thead><tbody><tr><td>{}</td></tr></tbody></table>"
    guard = Guard(study)
    assert unchecked_outputs(soup_of(twice.format(12)), guard) == []
    (reason,) = unchecked_outputs(soup_of(f'<div id="cell-3">{twice.format(2)}</div>'), guard)
    assert (reason.place, "joined cells" in reason.found, "show_table" in reason.remedy) == ("cell 3", True, True)


def test_a_plain_output_with_small_numbers_or_single_people_is_a_reason(study):
    guard = Guard(study)
    assert unchecked_outputs(soup_of('<pre class="output">weights 53aa51172d14, 0.25 of 2020</pre><pre>x = 3</pre>'), guard) == []
    found = unchecked_outputs(soup_of('<pre class="output">user   3\nP01 rings</pre>'), guard)
    assert [reason.found for reason in found] == [
        "a plain output with small numbers, which cannot be checked",
        "a plain output about single people",
    ]


def test_words_in_quotation_marks_must_stand_in_a_source(study):
    verbatim = prose(f"<p>“{PASSAGE.upper()}”, they say.</p>")
    assert made_up_quotations(soup_of(verbatim), Guard(study)) == []
    (reason,) = made_up_quotations(
        soup_of(prose("<p>“Release week eats nothing and I could name six users”</p>", cell=5)), Guard(study)
    )
    assert (reason.place, reason.found) == ("cell 5", "a quotation that stands in no source")


def test_a_phrase_of_a_few_words_and_what_a_program_wrote_are_no_quotations(study):
    phrase = prose('<p>The "one of us and nobody" of it</p>')
    assert made_up_quotations(soup_of(phrase, "<p>“One two three four five six seven eight”</p>"), Guard(study)) == []


def test_what_is_set_off_as_a_quotation_has_to_stand_in_a_source(study):
    said = prose(f"<blockquote><p>{PASSAGE}</p></blockquote><blockquote><p>In short</p></blockquote>")
    assert made_up_quotations(soup_of(said), Guard(study)) == []
    made_up = prose("<blockquote><p>Release week eats nothing and I could name six</p></blockquote>")
    assert len(made_up_quotations(soup_of(made_up), Guard(study))) == 1
