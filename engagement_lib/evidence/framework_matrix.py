"""Case by theme: what each person said of each theme, in the analyst's words, with where it was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd

from engagement_lib.coding.passages import case_values, in_order
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.asked import EVERYTHING, topics_put
from engagement_lib.evidence.claims import parse_claim_codes
from engagement_lib.evidence.framed import frame_themes
from engagement_lib.evidence.respondents import counted_passages, eligible_respondents, participant_turns
from engagement_lib.evidence.summaries import Summaries, collect_summaries
from engagement_lib.privacy.clearance import Passage, cleared_passages, shows_everything
from engagement_lib.tables import COUNT, TEXT, Study, records

By = Literal["theme", "code"]
CHARTED: Final = "charted"
CODED: Final = "coded, not yet summarised"
SILENT: Final = "asked, nothing said"
NOT_ASKED: Final = "not asked"
NOT_STATED: Final = "nothing said, and not known whether asked"
NOT_READ: Final = "not yet read"
_BYS: Final = ("theme", "code")
_COLUMNS: Final = {
    **dict.fromkeys(("status", "summary", "author", "at"), TEXT),
    "passages": COUNT,
    **dict.fromkeys(("pointers", "cited", "anchor", "anchor_at", "doubt"), TEXT),
}
_SPAN: Final = ["source_id", "start", "end"]


def framework_matrix(
    study: Study,
    *,
    by: By = "theme",
    groups: Sequence[str] = (),
    frame: Sequence[str] | None = None,
    prompted: bool = False,
) -> pd.DataFrame:
    """What each case said of each theme or code, one row a case and theme: summarised by a person, with pointers to the words.

    Parameters
    ----------
    by
        "theme": a cell for each theme of the codebook; "code": one for each code.
    groups
        The groups of cases to show, in this order; all of them if none is named. Webinars are the group "webinar".
    frame
        The themes to show; None takes all that codes have, those of the frame first.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.

    Returns
    -------
    DataFrame
        `case_id` (a webinar is one case), `group`, `theme`, with `by="code"` also `code`; `status`: "charted" (somebody wrote a
        summary), "coded, not yet summarised", "asked, nothing said", "not asked", "nothing said, and not known whether asked"
        (where `[asked]` in `study.toml` does not say) or "not yet read"; `summary` with its `author` and the date `at`;
        `passages` (coded ones) and `pointers` to all of them, as "P07:120-180"; `cited` (those that the summary points to);
        `anchor`, one of them word for word, and `anchor_at`, where it stands ("" where none may be shown to this audience);
        `doubt` (what is to be mended about the summary, or is still unread, else "").

    Raises
    ------
    TableError
        If `by` is neither, there is no such group or theme, or a memo is about a case, theme or code that the study lacks.

    Notes
    -----
    Framework analysis: Ritchie, J. and Spencer, L. (1994), in Bryman, A. and Burgess, R. (eds), *Analyzing qualitative data*,
    173-194. A summary is a memo with the about_type "case/theme" (or "case/code") and an about_id such as "P07/culture"; the
    latest counts. It must cite a passage of its cell, by any stretch that shares a character with it. See
    `docs/framework-matrix.md`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "question": "why",
    ...                 "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"], "theme": ["culture"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB",
    ...                 "quote": "no time"},
    ...     "memos": {"memo_id": ["1"], "about_type": "case/theme", "about_id": "P1/culture", "author": "AB",
    ...               "at": "2020-10-02", "text": "Would if the week were longer [S1:9-16]."},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot", asked={"why": ("*",)}), **tables)
    >>> framework_matrix(study)[["case_id", "theme", "status", "cited", "anchor"]]
      case_id    theme               status    cited   anchor
    0      P1  culture              charted  S1:9-16  no time
    1      P2  culture  asked, nothing said
    """
    if by not in _BYS:
        raise TableError(Problem("framework_matrix", "by", f"'{by}'", "'theme' or 'code'", "Name one of them."))
    lines = _lines(study, by, frame)
    cases = _cases(study, groups, prompted)
    summaries = collect_summaries(study, by, respondents=_everyone(study))
    passages = _passages(study, prompted)
    known = _asked(study, lines, by, prompted)
    read = eligible_respondents(study, prompted=prompted)
    unread = _unread(study, set(read["source_id"]), prompted)
    may_show = None if shows_everything(study) else cleared_passages(study)
    by_cell = dict(iter(passages.groupby(["respondent", by])))
    rows = []
    for case in records(cases):
        for line in records(lines):
            person, name = case["respondent"], line[by]
            mine = by_cell.get((person, name), passages.head(0))[[*_SPAN, "quote"]].drop_duplicates(_SPAN)
            row = {"case_id": person, "group": case["group"]} | line
            row |= _cell(mine, summaries, (person, name), may_show)
            row["status"] = _status(row, known.get((person, name), NOT_READ))
            row["doubt"] = "; ".join(filter(None, [summaries.doubt(person, name, mine), unread.get(person, "")]))
            rows.append(row)
    types = dict.fromkeys(("case_id", "group", "theme", *(("code",) if by == "code" else ())), TEXT) | _COLUMNS
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def framework_grid(matrix: pd.DataFrame) -> pd.DataFrame:
    """A framework matrix as it is read: one row a case, one column a theme or code, in each cell the summary, else the status.

    Examples
    --------
    >>> matrix = pd.DataFrame({"case_id": ["P1", "P2"], "group": "user", "theme": "culture", "summary": ["Would, but.", ""],
    ...                        "status": ["charted", "not asked"]})
    >>> framework_grid(matrix)
      case_id group      culture
    0      P1  user  Would, but.
    1      P2  user  [not asked]
    """
    by = "code" if "code" in matrix.columns else "theme"
    cell = matrix["summary"].where(matrix["summary"] != "", "[" + matrix["status"] + "]")
    keys = ["case_id", "group"]
    grid = matrix[[*keys, by]].assign(cell=cell).pivot(index=keys, columns=by, values="cell")
    order = pd.MultiIndex.from_frame(matrix[keys].drop_duplicates())
    grid = grid.reindex(index=order, columns=list(dict.fromkeys(matrix[by]))).rename_axis(columns=None)
    return grid.reset_index().astype(TEXT)


def _lines(study: Study, by: By, frame: Sequence[str] | None) -> pd.DataFrame:
    """The themes, or the codes with their themes, that are the columns of the grid, in their order."""
    first = frame_themes(study, frame)
    themes = first if frame is not None else tuple(dict.fromkeys([*first, *filter(None, study.codebook["theme"])]))
    if by == "theme":
        return pd.DataFrame({"theme": list(themes)}, dtype=TEXT)
    codes = study.codebook[["theme", "code"]]
    shown = [*themes, *([""] if frame is None else [])]
    return pd.concat([codes[codes["theme"] == theme] for theme in shown] or [codes.head(0)], ignore_index=True)


def _cases(study: Study, groups: Sequence[str], prompted: bool) -> pd.DataFrame:
    """Everybody with words in these waves, read or not, with their `group`, in the order of groups and names."""
    turns = participant_turns(study, prompted=prompted)
    people = turns[["respondent", "kind", "wave"]].drop_duplicates("respondent")
    people = people.assign(group=case_values(people, study.cases, "group"))
    known = in_order(people["group"], study.settings.scales.get("group", ()))
    for group in groups:
        if group not in known:
            expected = f"one of {', '.join(known) or 'none: nobody has words'}"
            raise TableError(Problem("framework_matrix", "groups", f"'{group}'", expected, "Mend its name."))
    place = {group: at for at, group in enumerate(groups or known)}
    people = people[people["group"].isin(list(place))]
    return people.assign(place=people["group"].map(place)).sort_values(["place", "respondent"], ignore_index=True)


def _everyone(study: Study) -> pd.DataFrame:
    """Whose words stand in which source, in any wave: `respondent` and `source_id`."""
    turns = pd.concat([participant_turns(study, prompted=prompted) for prompted in (False, True)])
    return turns[["respondent", "source_id"]].drop_duplicates()


def _passages(study: Study, prompted: bool) -> pd.DataFrame:
    """The coded passages in sources that have been read, with the theme of their code, in the order of their places."""
    read = eligible_respondents(study, prompted=prompted)[["source_id", "respondent"]]
    passages = counted_passages(study, prompted=prompted).merge(read, on=["source_id", "respondent"])
    themes = dict(zip(study.codebook["code"], study.codebook["theme"], strict=True))
    return passages.assign(theme=passages["code"].map(themes)).sort_values([*_SPAN, "code"], ignore_index=True)


def _asked(study: Study, lines: pd.DataFrame, by: By, prompted: bool) -> dict[tuple[str, str], str]:
    """For each respondent of whom something has been read, and each theme or code, whether it was asked about."""
    put = topics_put(study, prompted=prompted).groupby("respondent")["topic"].agg(set)
    about = {name: _topics_about(study, name, by) for name in lines[by]}
    found = {}
    for person, topics in put.items():
        stated = topics <= set(study.settings.asked)
        for name, asking in about.items():
            found[str(person), name] = SILENT if topics & asking else NOT_ASKED if stated else NOT_STATED
    return found


def _topics_about(study: Study, name: str, by: By) -> set[str]:
    """The questions, or kinds of source, that asked about a theme or code: by its name, or that of a claim or code with it."""
    codes = study.codebook[study.codebook[by] == name]
    bears = {EVERYTHING, name, *codes["code"], *codes["theme"]} - {""}
    for claim in records(study.claims):
        signs = parse_claim_codes(claim["codes"], claim_id=claim["claim_id"])
        if claim["theme"] == name or (by == "code" and name in signs):
            bears.add(claim["claim_id"])
    return {topic for topic, asking in study.settings.asked.items() if bears & set(asking)}


def _unread(study: Study, read: set[str], prompted: bool) -> dict[str, str]:
    """For each respondent with some sources read and some not, how many are still to be read."""
    turns = participant_turns(study, prompted=prompted)[["respondent", "source_id"]].drop_duplicates()
    waiting = turns.assign(waiting=~turns["source_id"].isin(read)).groupby("respondent")["waiting"].agg(["sum", "all"])
    some = waiting[(waiting["sum"] > 0) & ~waiting["all"]]
    return {str(person): f"{many} of the sources not yet read" for person, many in some["sum"].items()}


def _cell(mine: pd.DataFrame, summaries: Summaries, cell: tuple[str, str], may_show: set[Passage] | None) -> dict[str, Any]:
    """The summary of a cell, the pointers to its passages, and one passage word for word."""
    memo, cited = summaries.memo(*cell), summaries.cited(*cell, mine)
    places = [(row["source_id"], row["start"], row["end"]) for row in records(mine)]
    quotes = dict(zip(places, mine["quote"], strict=True))
    shown = [place for place in [*cited, *places] if may_show is None or place in may_show]
    return {
        "summary": memo.get("text", ""),
        "author": memo.get("author", ""),
        "at": memo.get("at", ""),
        "passages": len(places),
        "pointers": "; ".join(map(point, places)),
        "cited": "; ".join(map(point, cited)),
        "anchor": quotes[shown[0]] if shown else "",
        "anchor_at": point(shown[0]) if shown else "",
    }


def point(place: Passage) -> str:
    """A passage as it is pointed to.

    Examples
    --------
    >>> point(("P07", 120, 180))
    'P07:120-180'
    """
    return f"{place[0]}:{place[1]}-{place[2]}"


def _status(row: Mapping[str, Any], otherwise: str) -> str:
    if row["summary"]:
        return CHARTED
    return CODED if row["passages"] else otherwise
