"""Two finished pages and what they share, small enough to write down what every format makes of them."""

import base64
import io

from PIL import Image

from engagement_lib.sharing.pages import Frame, Page

_drawn = io.BytesIO()
Image.new("RGB", (200, 100), "navy").save(_drawn, format="PNG")
PNG = base64.b64encode(_drawn.getvalue()).decode()

INDEX = """<!DOCTYPE html><html lang="en-GB"><head><title>A small study</title></head><body>
<a class="skip" href="#main">Skip</a>
<header class="site"><p><a href="index.html">A small study</a></p></header>
<nav><ol><li><a href="01-first.html">First</a></li></ol></nav>
<main id="main"><h1 id="top">A small study</h1>
<p class="lead">Who is heard?</p>
<h2 id="claims">The claims</h2>
<div class="eng-table" role="region" aria-label="Claims"><table><caption>Claims</caption>
<thead><tr><th scope="col">claim</th><th scope="col" class="number">of</th><th scope="col">verdict</th></tr></thead>
<tbody><tr><th scope="row">C1</th><td class="number">12</td><td>supported</td></tr></tbody></table></div>
<p class="note">The first 50 of 90 rows.</p>
<dl><dt>Run</dt><dd>run-1</dd></dl>
<section class="downloads"><h2>In other formats</h2><p><a href="tables.xlsx">All tables</a></p></section>
<p>See <a href="01-first.html#codes">the codes</a>, <a href="evidence.json">the record</a>, <a href="#claims">above</a> or
<a href="https://example.org/code">the Code</a>.</p>
</main><footer><p>Made with care</p></footer></body></html>"""

FIRST = f"""<html lang="en-GB"><head><title>First</title></head><body><main id="main"><h1 id="first">First</h1>
<p class="finding"><strong>Finding.</strong> Nine of <em>twelve</em>.<br>No more.</p>
<details class="code"><summary>Code</summary><pre>secret_code()</pre></details>
<h2 id="codes">Codes</h2>
<ul><li>one</li><li>two</li></ul><ol><li>three</li></ol>
<blockquote><p lang="cy">Diolch yn fawr</p></blockquote>
<pre class="output">a  b
c</pre>
<div class="shown"><figure class="eng-figure"><figcaption>Respondents by code</figcaption>
<img alt="Bar chart: highest no-time (9 of 12)." width="200" height="100" src="data:image/png;base64,{PNG}">
<details><summary>Table behind this chart</summary>
<div class="eng-table" role="region"><table><caption>Respondents by code</caption>
<thead><tr><th scope="col">code</th><th scope="col" class="number">share</th><th scope="col">said</th></tr></thead>
<tbody><tr><th scope="row">no-time</th><td class="number">−0.75</td><td>=1+1</td></tr>
<tr><th scope="row">jargon</th>
<td class="number"><span aria-hidden="true">–</span><span class="visually-hidden">not defined</span></td><td></td></tr>
<tr><th scope="row">rest</th><td class="number">[c]</td><td lang="cy">neb</td></tr></tbody></table></div></details></figure></div>
<ul class="turn"><li><a href="index.html">Back</a></li></ul>
</main></body></html>"""

PAGES = {"index.html": INDEX, "01-first.html": FIRST}
FRAME = Frame(
    "A small study",
    synthetic=True,
    audience_words="the working group",
    run_id="run-1",
    hash="h" * 64,
    pages=(Page("01-first.ipynb", "First", "01-first.html", shows_all=False),),
    generator="engagement-lib 0.1.0",
)
