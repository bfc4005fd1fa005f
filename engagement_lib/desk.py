"""The researcher's desk: the coding page with what it needs of the rooms above coding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engagement_lib.coding.codings import CONSENSUS
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import Study

if TYPE_CHECKING:
    import pandas as pd

    from engagement_lib.coding.page.widget import CodingPage


def code_interactively(
    study: Study,
    *,
    coder: str,
    source_id: str = "",
    compare: Sequence[str] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: float = 5.0,
) -> CodingPage:
    """The coding page, to read a source in the notebook and code it with the keyboard or the mouse.

    Every act is an event in the study's `study.db`, and the page says "saved" only when it stands there. Open the study again to
    have in its tables what was coded since. `?` in the page lists its keys.

    Parameters
    ----------
    coder
        Who codes. Others' codings are not sent to the page.
    source_id
        Where to begin; the first source that the coder has not finished where it is "".
    compare
        Two coders, to see side by side where they differ in the sources that both have finished, and to settle a consensus: a
        layer of its own, by "consensus", with `coder` as the one who settled.
    clock
        Gives the present moment, with its time zone.
    wait
        How many seconds to wait for others who write, before the page says that the file is locked.

    Raises
    ------
    TableError
        Where `coder` is blank or "consensus", `compare` does not name two coders, or the study has no such source.
    StoreError
        Where the store cannot be read.

    Notes
    -----
    In a notebook rendered to HTML the page's place is taken by those coded passages that were cleared, and by no other words.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import SCHEMAS, check_table, empty_table
    >>> import pandas as pd
    >>> tables = {name: empty_table(name) for name in SCHEMAS if name in Study.__dataclass_fields__}
    >>> row = {"source_id": ["S1/gaps"], "kind": ["survey"], "text": ["Nobody rings back."]}
    >>> tables["sources"] = check_table("sources", pd.DataFrame(row))
    >>> study = Study(Path("no such folder"), Settings(title="Pilot"), **tables)
    >>> code_interactively(study, coder="AB").heading
    'Coding as AB'
    """
    from engagement_lib.coding.page.answering import Desk
    from engagement_lib.coding.page.widget import CodingPage
    from engagement_lib.reliability.disagreements import disagreements

    pair = _check_names(coder, compare)
    desk = Desk(
        study,
        CONSENSUS if pair else coder,
        clock,
        source_id=source_id,
        pair=pair,
        settled_by=coder if pair else "",
        differences=disagreements,
        wait=wait,
    )
    return CodingPage(desk, static=lambda: _cleared_html(desk.study, desk.coder, desk.tables()))


def _cleared_html(study: Study, coder: str, tables: dict[str, pd.DataFrame]) -> str:
    from engagement_lib.coding.page.model import own_codings
    from engagement_lib.coding.page.static import static_html
    from engagement_lib.sharing.clearance import cleared_passages

    now = replace(study, events=tables["events"])
    return static_html(own_codings(tables, coder), study.sources, cleared_passages(now), coder=coder)


def _check_names(coder: str, compare: Sequence[str]) -> tuple[str, str] | None:
    if not coder.strip() or coder == CONSENSUS:
        remedy = "Give your own name or initials; with compare=(…, …) the consensus is made by itself."
        raise TableError(Problem("code_interactively", "coder", repr(coder), "the name of a person", remedy))
    if not compare:
        return None
    names = tuple(compare)
    if isinstance(compare, str) or len(names) != 2 or len(set(names)) != 2 or CONSENSUS in names:
        raise TableError(Problem("code_interactively", "compare", repr(compare), "two coders", 'Write compare=("AB", "CD").'))
    return names[0], names[1]
