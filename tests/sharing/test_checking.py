"""The check of a page without a browser: each rule on a page that breaks it, and a page that breaks none."""

import pandas as pd
import pytest

from engagement_lib.sharing.checking import check_page, find_faults

GOOD = """<!DOCTYPE html>
<html lang="en-GB"><head><title>A page</title></head><body>
<a href="#main">Skip to the content</a>
<nav aria-label="Pages"><a href="b.html">Next page</a></nav>
<main id="main"><h1>A</h1><h2>B</h2>
<figure><figcaption>Codes</figcaption><img src="data:,x" alt="Bar chart of codes"><a href="a.csv">The table as CSV</a></figure>
<div role="region" aria-label="Codes" tabindex="0"><table><caption>Codes</caption>
<thead><tr><td></td><th scope="col">code</th></tr></thead><tbody><tr><th scope="row">1</th><td>jargon</td></tr></tbody></table>
</div><p lang="cy">Diolch</p><details><summary>Code</summary><pre>1</pre></details>
%s
</main></body></html>"""


def found(extra="", page=GOOD):
    return check_page(page.replace("%s", extra))[["rule", "found"]].to_numpy().tolist()


def test_a_page_without_fault_gives_a_table_without_rows():
    table = check_page(GOOD.replace("%s", ""))
    assert list(table.columns) == ["rule", "line", "place", "found", "remedy"]
    assert table.empty


@pytest.mark.parametrize(
    ("extra", "rule", "words"),
    [
        ('<p lang="welsh_">x</p>', "language", "the language 'welsh_'"),
        ("<main></main>", "landmarks", "2 main elements"),
        ("<nav></nav>", "landmarks", "one of several navigations without a name"),
        ("<h1>C</h1>", "headings", "a second h1"),
        ("<h4>C</h4>", "headings", "an h4 after an h2"),
        ("<h3> </h3>", "headings", "a heading without words"),
        ('<img src="data:,x">', "pictures", "no alternative text"),
        (
            '<img src="data:,x" alt="No description has been provided for this image">',
            "pictures",
            "the alternative text 'No description has been provided for this image'",
        ),
        ('<img src="data:,x" alt="Chart">', "pictures", "the alternative text 'Chart'"),
        (
            '<figure><figcaption>C</figcaption><img src="data:,x" alt=""><a href="c.csv">Codes as CSV</a></figure>',
            "pictures",
            "a figure with an empty alternative text",
        ),
        ("<svg></svg>", "pictures", "a drawing without a name"),
        ("<figure><p>x</p></figure>", "pictures", "a figure without a caption"),
        ('<figure><figcaption>C</figcaption><img src="data:,x" alt="Bars"></figure>', "pictures", "a chart without its table"),
        ('<table><tr><th scope="row">1</th></tr></table>', "tables", "a table without a caption"),
        ("<table><caption>C</caption><tr><td>1</td></tr></table>", "tables", "a table without headings"),
        ("<table><caption>C</caption><tr><th>1</th></tr></table>", "tables", "a heading of a table without its scope"),
        (
            '<table><caption>C</caption><tr><th scope="col"></th></tr></table>',
            "tables",
            "a heading of a table without words",
        ),
        ('<p id="main">x</p>', "names", "the id 'main' 2 times"),
        ("<button></button>", "names", "a button without a name"),
        ("<details><summary></summary></details>", "names", "a summary without a name"),
        ('<div role="region">x</div>', "names", "a region without a name"),
        ('<input type="text">', "names", "a field without a label"),
        ('<a href="c.html"></a>', "links", "a link without words"),
        ('<a href="c.html">Read more…</a>', "links", "a link called 'Read more…'"),
        ('<a href="c.html">https://example.org/c</a>', "links", "a link called 'https://example.org/c'"),
        ('<a href="#nowhere">The limits</a>', "links", "a link to '#nowhere', which is not on the page"),
        ('<p tabindex="2">x</p>', "focus", 'tabindex="2"'),
        (
            '<p aria-hidden="true"><a href="c.html">The next one</a></p>',
            "focus",
            "what is hidden from a screen reader, and takes the focus",
        ),
        ("<script>1</script>", "from disk", "a script"),
        ('<img src="https://example.org/a.png" alt="A map">', "from disk", "what is fetched from elsewhere"),
    ],
)
def test_a_fault_is_found_and_nothing_else(extra, rule, words):
    assert found(extra) == [[rule, words]]


@pytest.mark.parametrize(
    "extra",
    [
        '<img src="data:,x" alt="">',
        '<svg aria-label="Two bars"></svg><svg><title>Two bars</title></svg><svg aria-hidden="true"></svg>',
        '<table role="presentation"><tr><td>1</td></tr></table>',
        '<label for="f">Name</label><input id="f"><label>Age <input></label><input aria-label="Town"><input type="hidden">',
        '<a href="c.html"><img src="data:,x" alt="The next page"></a>',
        '<p tabindex="-1">x</p>',
        '<script type="application/json">{}</script>',
    ],
)
def test_what_is_right_is_no_fault(extra):
    assert found(extra) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (' lang="en-GB"', "", [["language", "no language"]]),
        ("<title>A page</title>", "<title> </title>", [["title", "no title"]]),
        ("<h1>A</h1><h2>B</h2>", "", [["headings", "no h1"]]),
        ("<h1>A</h1><h2>B</h2>", "<h2>B</h2>", [["headings", "no h1"], ["headings", "an h2 after nothing"]]),
        ('<a href="#main">Skip to the content</a>', "", [["landmarks", "no skip link"]]),
    ],
)
def test_what_a_page_lacks_is_found(old, new, faults):
    assert sorted(found(page=GOOD.replace(old, new))) == sorted(faults)


def test_what_is_no_page_lacks_everything():
    assert [rule for rule, _ in found(page="<p>words</p>")] == ["language", "title", "landmarks", "headings"]


def test_a_fault_says_where_it_is_and_what_to_do():
    row = check_page(GOOD.replace("%s", f'<h4 id="c">{"long " * 30}</h4>')).iloc[0]
    assert row.to_dict() == {
        "rule": "headings",
        "line": 10,
        "place": f"<h4#c> {('long ' * 30)[:60]}…",
        "found": "an h4 after an h2",
        "remedy": "Make it an h3.",
    }


def test_faults_come_in_the_order_of_the_lines():
    lines = check_page(GOOD.replace("%s", "<h4>C</h4>\n<img src='a.png'>").replace(' lang="en-GB"', ""))["line"]
    assert lines.tolist() == [2, 10, 11]


def test_the_faults_of_several_pages_are_one_table():
    table = find_faults({"a.html": GOOD.replace("%s", ""), "b.html": GOOD.replace("%s", "<h4>C</h4>")})
    assert table[["page", "rule"]].to_numpy().tolist() == [["b.html", "headings"]]
    assert list(find_faults({}).columns) == list(table.columns)
    assert isinstance(find_faults({}), pd.DataFrame)
