"""Comments on a draft that came back by reference, as a form or an e-mail: one source for each reference in a reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.mail import read_mail
from engagement_lib.loading.references import FORM_RULE, Piece, closed_up, find_reference, unknown_reference
from engagement_lib.loading.spreadsheets import WORKBOOKS, parse_table, unguarded
from engagement_lib.loading.survey import why_empty
from engagement_lib.loading.text import describe_decoding, read_bytes, sha256
from engagement_lib.loading.transcripts import transcript_row
from engagement_lib.tables import TEXT, check_table, row_place

COLUMNS: Final = ("reference", "about", "comment")
FORMS: Final = (".csv", ".tsv", *WORKBOOKS)
_OTHER_RULE: Final = "wording that is not the study's"
_ASIDE: Final = ("origin", "place", "text", "rule")


def read_comments(
    path: Path | str, *, references: pd.DataFrame | None, source_id: str = "", case_id: str = "", wave: str = "1"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The comments in a form or e-mail as `sources`, and what was set aside.

    A source is one reply and reference, `question` being the reference; a row of the form that was left blank stays, with its
    `reason`. In an e-mail a line that begins with a reference says what follows is about; what stands above the first is
    "general".

    Parameters
    ----------
    path
        A form (.csv, .xlsx), or an e-mail in a format that a comment may have.
    references
        As `comment_references` gives them; None where they could not be read, and any is taken.
    source_id, case_id
        Names for the reply (the file's name without its ending where "") and for who sent it (the reply's where "").
    wave
        The wave that it belongs to, which should be a prompted one.

    Returns
    -------
    tuple
        `sources`, and one row a stretch that is nobody's comment: `origin`, `place` (row or line), `text`, `rule` (mail header,
        quoted, signature, wording of the form, wording that is not the study's).

    Raises
    ------
    TableError
        With every reference that the study does not have, every comment without one, and every column that nobody knows.
    TranscriptError
        Where an e-mail cannot be read.
    """
    path = Path(path)
    reply = source_id or path.stem
    known = None if references is None else dict(zip(references["reference"], references["about"], strict=True))
    if path.suffix.lower() in FORMS:
        data = read_bytes(path, error=TableError)
        pieces = _of_form(unguarded(parse_table(data, path.name)), path.name, known)
        digest, said = sha256(data), "" if path.suffix.lower() in WORKBOOKS else describe_decoding(data, origin=path.name)
    else:
        mail = transcript_row(
            path, kind="comment", source_id=reply, case_id="", wave=wave, interviewers=(), moderators=(), unlabelled_role=""
        )
        pieces, digest, said = read_mail(mail["text"], path.name, known), mail["file_sha256"], mail["normalised"]
    aside = [(path.name, piece.place, piece.text, piece.rule) for piece in pieces if piece.rule]
    counts = Counter(rule for *_, rule in aside)
    notes = [said] * bool(said) + [f"set aside: {rule} ({count})" for rule, count in counts.items()]
    of_file = {"kind": "comment", "wave": wave, "level": "raw", "file_sha256": digest, "origin": path.name}
    rows = [
        {"source_id": f"{reply}/{name}", "case_id": case_id or reply, "question": name, "text": text, "text_sha256": sha256(text)}
        | {"reason": why_empty(text), "normalised": "; ".join(notes), **of_file}
        for name, text in _by_reference(pieces).items()
    ]
    if not rows:
        raise TableError(Problem(path.name, "", "no comment", "a row or line with a reference", "Take the file out, or mend it."))
    return check_table("sources", pd.DataFrame(rows), origin=path.name), pd.DataFrame(aside, columns=list(_ASIDE)).astype(TEXT)


def _by_reference(pieces: list[Piece]) -> dict[str, str]:
    """What is said about each reference, in the order in which they come; what comes twice is put together."""
    said: dict[str, list[str]] = {}
    for piece in pieces:
        if not piece.rule:
            said.setdefault(piece.reference, []).append(piece.text)
    return {name: "\n".join(texts).strip() for name, texts in said.items()}


def _of_form(table: pd.DataFrame, origin: str, known: Mapping[str, str] | None) -> list[Piece]:
    """A piece for each row's comment, and one for the wording beside it."""
    missing = [name for name in ("reference", "comment") if name not in table.columns]
    strange = [name for name in table.columns if name not in COLUMNS and (table[name].str.strip() != "").any()]
    there = ", ".join(f"'{name}'" for name in table.columns)
    remedy = "Use the form as it was sent, or mend the name."
    problems = [Problem(origin, "header", f"the columns {there}", f"a column '{name}'", remedy) for name in missing]
    remedy = "Move what stands in it to 'comment', beside its reference."
    problems += [Problem(origin, "header", f"a column '{name}'", f"only {', '.join(COLUMNS)}", remedy) for name in strange]
    pieces: list[Piece] = []
    for at in range(0 if missing else len(table)):
        row, place = table.iloc[at], row_place(table, at)
        given, about = row["reference"].strip(), row["about"].strip() if "about" in table.columns else ""
        name = find_reference(given, known)
        if name is None:
            problems.append(unknown_reference(given, origin, place, known))
            continue
        pieces.append(Piece(place, row["comment"].strip(), name))
        same = known is not None and closed_up(about) == closed_up(known[name])
        pieces += [Piece(place, about, name, FORM_RULE if same else _OTHER_RULE)] if about else []
    if problems:
        raise TableError(problems)
    return pieces
