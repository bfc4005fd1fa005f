import pytest
from bs4 import BeautifulSoup

from engagement_lib.sharing.marks import mark_references, mark_welsh, reference

TABLE = """<table><thead><tr><th>{head}</th><th>n</th></tr></thead>
<tbody><tr><th>C1</th><td>1</td></tr><tr><th>C1</th><td>2</td></tr><tr><th>C 2/b</th><td>3</td></tr>
<tr><th> </th><td>4</td></tr></tbody></table>"""


def ids(html):
    soup = BeautifulSoup(html, "html.parser")
    mark_references(soup)
    return [element["id"] for element in soup.find_all(id=True)]


def welsh(html):
    soup = BeautifulSoup(html, "html.parser")
    mark_welsh(soup, soup)
    return str(soup)


@pytest.mark.parametrize(("head", "kind"), [("claim id", "claim"), ("Claim", "claim"), ("theme", "theme"), ("theme id", "theme")])
def test_the_first_row_of_each_claim_or_theme_can_be_led_to(head, kind):
    assert ids(TABLE.format(head=head)) == [f"{kind}-C1", f"{kind}-C-2-b"]


def test_other_tables_get_no_references():
    assert ids(TABLE.format(head="code")) == []


def test_a_reference_stands_once_on_a_page():
    assert ids(TABLE.format(head="claim") * 2 + '<h2 id="theme-culture">C</h2>') == ["claim-C1", "claim-C-2-b", "theme-culture"]
    assert ids('<h2 id="claim-C1">C</h2>' + TABLE.format(head="claim")) == ["claim-C1", "claim-C-2-b"]


def test_a_claim_in_a_cell_that_heads_no_row_is_no_place_to_lead_to():
    assert ids("<table><thead><tr><th>claim</th></tr></thead><tbody><tr><td>C1</td></tr></tbody></table>") == []


def test_a_reference_is_made_of_letters_digits_and_dashes():
    assert reference("theme", "People & skills (new)") == "theme-People-skills-new"


def test_a_quote_in_welsh_is_marked_and_the_rest_is_not():
    html = "<td>Too late. Mae'r fersiwn Gymraeg yn hwyr. Never again.</td>"
    assert welsh(html) == '<td>Too late. <span lang="cy">Mae\'r fersiwn Gymraeg yn hwyr</span>. Never again.</td>'


def test_two_stretches_of_welsh_are_marked_each():
    html = "<p>diolch yn fawr. That is all. Mae hyn yn dda</p>"
    assert welsh(html).count('lang="cy"') == 2


@pytest.mark.parametrize("html", ["<p>All in English, for Llywodraeth Cymru: yn</p>", "<pre><code>mae hyn yn dda</code></pre>"])
def test_english_and_code_are_left_alone(html):
    assert welsh(html) == html


def test_code_in_colours_is_left_alone():
    html = '<div class="highlight"><pre><span>mae hyn yn dda</span></pre></div>'
    assert welsh(html) == html
