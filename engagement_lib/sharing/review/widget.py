"""The widget: carries messages between the page and the desk. It holds no words of anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any, Final

import anywidget
import traitlets

from engagement_lib.errors import Problem, TableError
from engagement_lib.sharing.review.desk import WAIT, ReviewDesk
from engagement_lib.sharing.review.modules import review_looks, review_module
from engagement_lib.tables import Study

_VIEW: Final = "application/vnd.jupyter.widget-view+json"


class ReviewPage(anywidget.AnyWidget):
    """The review page of a desk, as a notebook shows it; where nothing runs, how far the review is, and no word of a text."""

    _esm = review_module()
    _css = review_looks()
    heading = traitlets.Unicode().tag(sync=True)

    def __init__(self, desk: ReviewDesk) -> None:
        super().__init__(heading=f"Reviewing as {desk.reviewer}")
        self.desk = desk
        self.on_msg(self._receive)

    def _receive(self, _: object, content: dict[str, Any], __: object) -> None:
        self.send(self.desk.answer(content))

    def _repr_html_(self) -> str:
        rows = self.desk.sources()
        signed, left = sum(row["signed_off"] for row in rows), sum(row["left"] for row in rows)
        words = f"{signed} of {len(rows)} sources signed off, {left} entries not decided; the texts stay in the study."
        about = "Review of identifiers"
        return f'<section aria-label="{about}"><p>{about} by {escape(self.desk.reviewer)}: {words}</p></section>'

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        words = f"The review page of {self.desk.reviewer}. Run this cell in JupyterLab or Notebook 7 to review."
        return {"text/plain": words, "text/html": self._repr_html_(), _VIEW: view}, {}


def review_identifiers(
    study: Study,
    *,
    reviewer: str,
    source_id: str = "",
    model: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: float = WAIT,
) -> ReviewPage:
    """The review page, to go through what may identify people, source by source, with the keyboard or the mouse.

    Every decision and sign-off is an event in the study's `study.db`, and the page says "saved" only when it stands there. Open
    the study again for `pseudonymise` to follow what was decided. `?` in the page lists its keys.

    Parameters
    ----------
    reviewer
        Who decides.
    source_id
        Where to begin; the first source that is not signed off where it is "".
    model
        An installed spaCy model that finds names beside the rules, as for `find_identifiers`.
    clock
        Gives the present moment, with its time zone.
    wait
        How many seconds to wait for others who write, before the page says that the file is locked.

    Raises
    ------
    TableError
        Where `reviewer` is blank, or the study has no such source.
    StoreError
        Where the store cannot be read.

    Notes
    -----
    In a notebook rendered to HTML the page's place is taken by how many sources are signed off, and by no word of a text.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import SCHEMAS, check_table, empty_table
    >>> import pandas as pd
    >>> tables = {name: empty_table(name) for name in SCHEMAS if name in Study.__dataclass_fields__}
    >>> row = {"source_id": ["S1/gaps"], "kind": ["survey"], "text": ["Ask Priya."]}
    >>> tables["sources"] = check_table("sources", pd.DataFrame(row))
    >>> study = Study(Path("no such folder"), Settings(title="Pilot"), **tables)
    >>> review_identifiers(study, reviewer="AB").heading
    'Reviewing as AB'
    """
    if not reviewer.strip():
        remedy = "Give your own name or initials."
        raise TableError(Problem("review_identifiers", "reviewer", repr(reviewer), "the name of a person", remedy))
    return ReviewPage(ReviewDesk(study, reviewer, clock, source_id=source_id, model=model, wait=wait))
