"""A chart that knows its own sentence, and how every chart of the library looks.

The colours are those of the Government Analysis Function's guidance, in its order; none of them carries a meaning alone.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, cast

import pandas as pd

from engagement_lib.sharing.cells import format_columns, heading_columns, html_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAVY: Final = "#12436D"
TEAL: Final = "#28A197"
PLUM: Final = "#801650"
ORANGE: Final = "#F46A25"
GREY: Final = "#3D3D3D"
LILAC: Final = "#A285D1"
PALE: Final = "#BFBFBF"
SLATE: Final = "#6B7378"
COLOURS: Final = (NAVY, ORANGE, TEAL, PLUM, GREY, LILAC)
HATCHES: Final = ("", "////", "....", "\\\\\\\\", "xx", "--")
WIDTH: Final = 7.2
_PIXELS_PER_INCH: Final = 100
_SCALE: Final = 2
_SHADES: Final = 64
_STYLE: Final = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": GREY,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "patch.edgecolor": "white",
    "patch.force_edgecolor": False,
    "axes.grid": False,
    "grid.color": "#E0E0E0",
    "hatch.color": "white",
    "hatch.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "ytick.major.size": 0,
}


@dataclass(frozen=True, eq=False, repr=False)
class Chart:
    """A figure with the sentence that says what it shows and the table behind it.

    A notebook shows the figure; its plain text is the sentence, which is also what a screen reader says. `figure` is None where
    there is nothing to draw: then the sentence says why.

    Examples
    --------
    >>> Chart(None, "No codings yet, so no chart is drawn.", pd.DataFrame())
    No codings yet, so no chart is drawn.
    """

    figure: Figure | None
    sentence: str
    table: pd.DataFrame
    title: str = ""

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002 - IPython's
        return {"text/plain": self.sentence, "text/html": self._html()}

    def _html(self) -> str:
        if self.figure is None:
            return f'<p class="note">{escape(self.sentence)}</p>'
        image, width, height = _png(self.figure)
        table = html_table(format_columns(self.table), self.title, headings=heading_columns(self.table))
        return (
            f'<figure class="eng-figure"><figcaption>{escape(self.title)}</figcaption>'
            f'<img alt="{escape(self.sentence)}" width="{width}" height="{height}" '
            f'src="data:image/png;base64,{str(base64.b64encode(image), "ascii")}">'
            f"<details><summary>Table behind this chart</summary>{table}</details></figure>"
        )


def figure_of(axes: Axes) -> Figure:
    """The figure that these axes stand on."""
    return cast("Figure", axes.figure)


@contextmanager
def chart_style() -> Iterator[None]:
    """The library's style, on matplotlib's defaults, for as long as the block lasts; then a session's own settings come back."""
    import matplotlib.style

    with matplotlib.style.context(_STYLE, after_reset=True):
        yield


def new_axes(height: float, *, width: float = WIDTH) -> Axes:
    """Axes on a figure of `width` by `height` inches of which pyplot knows nothing; to be called within `chart_style`."""
    from matplotlib.figure import Figure

    axes: Axes = Figure(figsize=(width, max(height, 1.0)), layout="constrained").subplots()
    return axes


def _png(figure: Figure) -> tuple[bytes, int, int]:
    """The picture in twice the pixels it is shown in, with its shown width and height; no date and no maker's name in it."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    with chart_style():
        figure.savefig(
            drawn, format="png", dpi=_PIXELS_PER_INCH * _SCALE, metadata={"Software": None}, facecolor="white", edgecolor="none"
        )
    with Image.open(drawn) as picture:
        flat = picture.convert("RGB").quantize(_SHADES, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(small, format="PNG", optimize=True)
        width, height = picture.size
    return small.getvalue(), width // _SCALE, height // _SCALE
