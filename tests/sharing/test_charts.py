import base64
import re
import struct
import zlib

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd

from engagement_lib.sharing.charts import Chart
from engagement_lib.sharing.plots import plot_codes

COUNTS = pd.DataFrame({"code": ["a<b", "c"], "respondents": [9, 2], "base": [12, 12]})


def bundle(chart):
    return chart._repr_mimebundle_()


def picture(chart):
    return base64.b64decode(re.search(r'base64,([^"]+)"', bundle(chart)["text/html"])[1])


def chunks(png):
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def test_the_plain_text_of_a_chart_is_its_sentence():
    chart = plot_codes(COUNTS)
    assert bundle(chart)["text/plain"] == repr(chart) == chart.sentence


def test_the_html_of_a_chart_is_a_figure_with_title_description_and_table():
    html = bundle(plot_codes(COUNTS, title="Who & what"))["text/html"]
    assert html.startswith('<figure class="eng-figure"><figcaption>Who &amp; what</figcaption><img alt="Bar chart of respondents')
    assert "highest a&lt;b (9 of 12)" in html
    assert "<details><summary>Table behind this chart</summary>" in html
    assert "<caption>Who &amp; what</caption>" in html
    assert html.endswith("</details></figure>")


def test_a_chart_is_drawn_the_same_twice():
    assert picture(plot_codes(COUNTS)) == picture(plot_codes(COUNTS.iloc[::-1]))


def test_a_picture_names_neither_date_nor_maker():
    assert {name for name, _ in chunks(picture(plot_codes(COUNTS)))} <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_a_picture_is_small_and_twice_as_large_as_it_is_shown():
    png = picture(plot_codes(COUNTS))
    width, height = struct.unpack(">II", png[16:24])
    assert f'width="{width // 2}" height="{height // 2}"' in bundle(plot_codes(COUNTS))["text/html"]
    assert width == 1440
    assert len(png) < 20_000
    assert zlib.decompress(b"".join(data for name, data in chunks(png) if name == b"IDAT"))


def test_drawing_leaves_no_figure_open_and_no_setting_changed():
    before = dict(mpl.rcParams)
    bundle(plot_codes(COUNTS))
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def test_the_settings_of_a_session_do_not_show_in_a_chart():
    plain = picture(plot_codes(COUNTS))
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        assert picture(plot_codes(COUNTS)) == plain


def test_a_chart_of_nothing_says_why():
    chart = Chart(None, "No codings yet < none", COUNTS.head(0), "Codes")
    assert bundle(chart) == {
        "text/plain": "No codings yet < none",
        "text/html": '<p class="note">No codings yet &lt; none</p>',
    }
