"""New responses into themes that stand: the old ones keep their identity, and what is new gets a name of its own."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import EngagementError, Problem
from engagement_lib.themes.anchoring import anchor_texts
from engagement_lib.themes.answers import SPAN, different_texts, usable_segments, why_not_many
from engagement_lib.themes.decisions import decide_themes
from engagement_lib.themes.encoders import TfidfEncoder
from engagement_lib.themes.graph import Themes
from engagement_lib.themes.landmarks import choose_landmarks
from engagement_lib.themes.ledger import KEPT, MERGED, SPLIT, carry_ledger, name_themes, theme_flow
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.stability import Space
from engagement_lib.themes.threads import one_thread
from engagement_lib.themes.vectors import encode_texts, encoder_name

Mode = Literal["anchored", "frozen"]
MODES: Final = ("anchored", "frozen")


def update_themes(
    themes: ThemeModel,
    segments: pd.DataFrame,
    *,
    mode: Mode = "anchored",
    run: str = "",
    decisions: pd.DataFrame | None = None,
) -> ThemeModel:
    """The themes with new segments in them: a new fitted model, in which a theme that was there keeps its id.

    Parameters
    ----------
    themes
        A fitted model; it stays as it is.
    segments
        New segments. One that the model holds already is not taken twice.
    mode
        "anchored": the themes may shift with what is new, and a theme may be born. The graph is made anew of all texts; an old
        text leaves its theme only where another is clearly nearer (see `anchor_texts`). "frozen": old segments keep their
        themes, and new ones go where a logistic regression on the vectors puts them.
    run
        What this run is called; the number after that of the last run unless said.
    decisions
        The study's events: what people decided of themes is replayed, before the new segments come and after (`decide_themes`).

    Returns
    -------
    ThemeModel
        With all attributes of a fitted model, `ledger_` carried on, `flow_`: where the old segments went, see `theme_flow`, with
        "" for the old theme of new ones; and, where there are decisions, `decisions_` and `excluded_`.

    Raises
    ------
    EngagementError
        When the mode is neither, or the run has the name of the last.
    TableError
        When the segments are not of the shape they should have.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> old = ThemeModel(encoder="tfidf").fit(answers)
    >>> both = update_themes(old, pd.DataFrame({"source_id": ["S3"], "case_id": ["P3"], "quote": ["Any time"]}))
    >>> both.ledger_[["theme_id", "status", "first_run", "last_run"]]
      theme_id status first_run last_run
    0      T01   kept         1        2
    """
    run = _check(themes, mode, run)
    recorded, known_keys = themes, frozenset(themes._rows.index)
    themes = themes if decisions is None else decide_themes(themes, decisions)
    held = themes._used.drop(columns=["key", "respondent", "text"])
    more = in_shape("segments", segments)
    used, unused = usable_segments(pd.concat([held, more], ignore_index=True).drop_duplicates(SPAN))
    texts = different_texts(used)
    used["text"] = texts.index.get_indexer(pd.Index(used["key"]))
    known = themes._rows.reindex(texts.index, fill_value=-1).to_numpy()
    anchors = np.where(known >= 0, themes._themes[known], -1) if len(themes._themes) else np.full(len(texts), -1)
    new: ThemeModel = clone(themes).set_params(run=run)
    new.unused_ = unused
    fixed = np.array([key in getattr(themes, "_fixed", ()) for key in texts.index], dtype=bool)
    with one_thread():
        _encode(new, themes, list(texts), anchors, refit=mode == "anchored")
        labels = _anchored(new, list(texts), anchors, used, fixed) if mode == "anchored" else _frozen(new, anchors)
    numbers, positions = np.unique(labels, return_inverse=True)
    found = [f"{number:06d}" for number in numbers]
    names = _lasting_names(themes, used, positions, found)
    order = sorted(range(len(found)), key=lambda at: names[found[at]])
    theme_ids = [names[found[at]] for at in order]
    new._settle(used, texts, new._vectors, np.argsort(order)[positions], theme_ids)
    new.ledger_ = carry_ledger(themes.ledger_, _flow(themes.assignments_, new), theme_ids, run)
    if decisions is not None:
        new.ledger_ = _with_decisions(new.ledger_, recorded.ledger_, themes.ledger_, run)
        new = decide_themes(new, decisions, known=known_keys)
    every = new.assignments_.merge(recorded.assignments_, on=SPAN, how="left", suffixes=("", "_before"))
    new.flow_ = theme_flow(every["theme_id_before"].fillna("").tolist(), every["theme_id"].tolist())
    return new


def restore_themes(themes: ThemeModel, segments: pd.DataFrame, assignments: pd.DataFrame, ledger: pd.DataFrame) -> ThemeModel:
    """A fitted model made from what an earlier run found, without finding it again.

    Parameters
    ----------
    themes
        A model with the parameters wanted; it stays as it is.
    segments, assignments
        The segments of that run and the theme of each; segments without one are left out.
    ledger
        As it stood after that run.
    """
    placed = in_shape("segments", segments).merge(assignments[[*SPAN, "theme_id"]], on=SPAN)
    used, unused = usable_segments(placed.drop(columns="theme_id"))
    texts = different_texts(used)
    used["text"] = texts.index.get_indexer(pd.Index(used["key"]))
    names = used.merge(placed[[*SPAN, "theme_id"]], on=SPAN).groupby("text")["theme_id"].first().reindex(range(len(texts)))
    theme_ids, positions = np.unique(names.to_numpy(dtype=object).astype(str), return_inverse=True)
    model: ThemeModel = clone(themes)
    model.unused_, model.reason_ = unused, why_not_many(np.zeros((len(texts), 1)), len(theme_ids)) if not len(texts) else ""
    with one_thread():
        _encode(model, None, list(texts), positions.astype(np.intp), refit=True)
    model._settle(used, texts, model._vectors, positions.astype(np.intp), list(theme_ids))
    model.ledger_ = ledger
    return model


def _with_decisions(ledger: pd.DataFrame, recorded: pd.DataFrame, decided: pd.DataFrame, run: str) -> pd.DataFrame:
    """The ledger in which what people split and merged since the last run is split and merged in this one."""
    was = recorded.set_index("theme_id")["status"]
    since = decided[decided["status"].isin((SPLIT, MERGED)) & (decided["status"] != decided["theme_id"].map(was))]
    told = ledger["theme_id"].map(since.set_index("theme_id")["status"])
    status = ledger["status"].where((ledger["status"] != KEPT) | told.isna(), told)
    first = ledger["first_run"].where(ledger["theme_id"].isin(was.index), run)
    return ledger.assign(status=status, first_run=first)


def _flow(before: pd.DataFrame, new: ThemeModel) -> pd.DataFrame:
    both = new.assignments_.merge(before, on=SPAN, suffixes=("", "_before"))
    return theme_flow(both["theme_id_before"].tolist(), both["theme_id"].tolist())


def _check(themes: ThemeModel, mode: str, run: str) -> str:
    themes._check_fitted()
    if mode not in MODES:
        raise EngagementError(Problem("update_themes", "mode", f"'{mode}'", " or ".join(map(repr, MODES)), "Name one of them."))
    run = run or (str(int(themes.run) + 1) if themes.run.isdecimal() else f"{themes.run}, then new responses")
    if run == themes.run:
        raise EngagementError(Problem("update_themes", "run", f"'{run}' again", "another name", "Give each run its own name."))
    return run


def _encode(new: ThemeModel, old: ThemeModel | None, texts: list[str], anchors: Themes, *, refit: bool) -> None:
    """Fills in the encoder, the landmarks and the vectors of the new model; a frozen one keeps the encoder that it has."""
    # Every theme needs a landmark, or it would have no place in the map.
    new._landmarks = np.union1d(choose_landmarks(texts), np.unique(anchors, return_index=True)[1])
    seen = [texts[row] for row in new._landmarks]
    if old is not None and (not refit or not isinstance(old._encoder, TfidfEncoder)):
        new._encoder = old._encoder
    else:
        new._encoder = new._fitted_encoder(seen)
    new.encoder_ = encoder_name(new._encoder)
    new._vectors = encode_texts(new._encoder, texts)
    new._space = Space(seen, None if isinstance(new._encoder, TfidfEncoder) else new._vectors[new._landmarks])
    new.curve_ = pd.DataFrame() if old is None else old.curve_
    new.reason_ = "" if old is None else old.reason_


def _frozen(new: ThemeModel, anchors: Themes) -> Themes:
    """The old themes for old texts, and for new ones what a logistic regression on the landmarks says."""
    old = anchors >= 0
    labels = anchors.copy()
    names = np.unique(anchors[old])
    if len(names) < 2 or old.all():
        labels[~old] = names[0] if len(names) else 0
        return labels
    taught = new._landmarks[old[new._landmarks]]
    told = LogisticRegression(max_iter=1000).fit(new._vectors[taught], anchors[taught])
    labels[~old] = told.predict(new._vectors[~old])
    return labels


def _anchored(new: ThemeModel, texts: list[str], anchors: Themes, used: pd.DataFrame, fixed: NDArray[np.bool_]) -> Themes:
    """The themes of all texts from where the old ones were; found as for the first time where there was one or none.

    Of very many texts the landmarks alone may move: other old texts stay, and other new ones go where their like went.
    """
    n_themes = int(anchors.max(initial=-1)) + 1
    if n_themes < 2:
        return new._find_themes(texts, new._vectors)
    new.reason_ = why_not_many(new._vectors, 0)
    if new.reason_ or (anchors >= 0).all():
        return _frozen(new, anchors)
    seen, labels = new._landmarks, anchors.copy()
    voices = new._voices(used)
    labels[seen] = anchor_texts(new._space.graph_vectors, anchors[seen], n_themes, voices, fixed=fixed[seen])
    return _frozen(new, labels)


def _lasting_names(old: ThemeModel, used: pd.DataFrame, positions: Themes, found: list[str]) -> dict[str, str]:
    """The lasting id of each theme that was found; `positions` has the place in `found` of each text's theme."""
    now = used[SPAN].assign(found=np.array(found, dtype=object)[positions[used["text"]]])
    both = now.merge(old.assignments_[[*SPAN, "theme_id"]], on=SPAN)
    return name_themes(theme_flow(both["theme_id"].tolist(), both["found"].tolist()), found, old.ledger_)
