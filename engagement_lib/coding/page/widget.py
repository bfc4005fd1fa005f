"""The widget: carries messages between the page and the desk. It holds no words of anybody.

The texts and codings go to the page only when it asks for them, and never into the widget's own state, which JupyterLab may write
into the notebook's file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import anywidget
import traitlets

from engagement_lib.coding.page.answering import Desk
from engagement_lib.coding.page.modules import join_modules, page_looks

_VIEW: Final = "application/vnd.jupyter.widget-view+json"


class CodingPage(anywidget.AnyWidget):
    """The coding page of a desk, as a notebook shows it.

    `static` gives the HTML that stands in its place where the notebook is rendered and nothing runs.
    """

    _esm = join_modules()
    _css = page_looks()
    heading = traitlets.Unicode().tag(sync=True)

    def __init__(self, desk: Desk, *, static: Callable[[], str]) -> None:
        super().__init__(heading=f"Coding as {desk.coder}")
        self.desk = desk
        self._static = static
        self.on_msg(self._receive)

    def _receive(self, _: object, content: dict[str, Any], __: object) -> None:
        self.send(self.desk.answer(content))

    def _repr_html_(self) -> str:
        return self._static()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        words = f"The coding page of {self.desk.coder}. Run this cell in JupyterLab or Notebook 7 to code."
        return {"text/plain": words, "text/html": self._static(), _VIEW: view}, {}
