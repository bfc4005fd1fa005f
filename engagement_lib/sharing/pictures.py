"""Charts drawn anew from what their tables still show, and pictures that nobody can check taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup, Tag

from engagement_lib.privacy.cells import MARK
from engagement_lib.sharing.charts import Chart
from engagement_lib.sharing.page_tables import PageTable, is_numeric

_GONE: Final = (
    "The picture is left out, since it would show numbers of fewer than {smallest} people; its table stands here without them."
)
_UNKNOWN: Final = "A picture is left out here, since nothing tells which numbers it shows."


def protect_pictures(soup: BeautifulSoup, tables: Sequence[PageTable], changed: Sequence[PageTable], smallest: int) -> None:
    """Charts whose tables were changed are drawn anew without what is hidden, or give way to their tables.

    A picture without a table is left out: nobody can tell what it shows.
    """
    behind = {id(figure): table for table in tables if (figure := table.element.find_parent("figure")) is not None}
    for picture in soup.find_all("img"):
        figure = picture.find_parent("figure")
        table = behind.get(id(figure)) if figure is not None else None
        if figure is None or table is None:
            _replace(soup, picture, _UNKNOWN)
        elif table in changed and not _draw_anew(picture, figure, table):
            _replace(soup, picture, _GONE.format(smallest=smallest))
            if (details := figure.find("details")) is not None:
                details["open"] = ""


def _replace(soup: BeautifulSoup, picture: Tag, words: str) -> None:
    note = soup.new_tag("p", attrs={"class": "note"})
    note.string = words
    picture.replace_with(note)


def _draw_anew(picture: Tag, figure: Tag, table: PageTable) -> bool:
    """Whether the chart could be drawn from what its table shows."""
    plot = _plot_for(table.table)
    if plot is None:
        return False
    title = figure.find("figcaption")
    chart = plot(_as_shown(table), title=title.get_text(strip=True) if title else "")
    if chart.figure is None:
        return False
    drawn = BeautifulSoup(chart._repr_mimebundle_()["text/html"], "html.parser").find("img")
    picture.attrs = dict(drawn.attrs)  # type: ignore[union-attr]  # a chart with a figure has its picture
    return True


def _plot_for(table: pd.DataFrame) -> Callable[..., Chart] | None:
    """The function that draws such a table, loaded only where a chart has to be drawn."""
    from engagement_lib.sharing.plots_claims import plot_claims, plot_triangulation
    from engagement_lib.sharing.plots_codes import plot_codes
    from engagement_lib.sharing.plots_themes import plot_themes, plot_waves

    columns = set(table.columns)
    for plot, needed in (
        (plot_waves, {"theme_id", "wave", "share"}),
        (plot_themes, {"theme_id", "keywords", "respondents", "share"}),
        (plot_triangulation, {"claim_id", "reading", "supporting", "qualifying", "contradicting"}),
        (plot_claims, {"claim_id", "statement", "base", "supporting", "contradicting", "share", "low", "high"}),
        (plot_codes, {"code", "respondents", "base"}),
    ):
        if needed <= columns:
            return plot
    return None


def _as_shown(table: PageTable) -> pd.DataFrame:
    """What the page shows of a table now: NaN for hidden numbers, words as they stand there."""
    shown: dict[str, Any] = {}
    for at, name in enumerate(table.table.columns):
        texts = [cells[at].get_text(" ", strip=True) for cells in table.cells]
        if is_numeric(table.table[name]):
            values = pd.to_numeric(table.table[name], errors="coerce")
            hidden = np.array([text == MARK for text in texts], dtype=bool)
            shown[name] = values.astype("float64").mask(hidden) if hidden.any() else values
        else:
            shown[name] = pd.Series(texts, dtype="str")
    return pd.DataFrame(shown)
