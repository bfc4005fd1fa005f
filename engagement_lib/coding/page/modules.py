"""The page's own files: its modules joined into one, since a widget is given a single module, and its looks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engagement_lib.errors import StudyError
from engagement_lib.loading.text import decode, read_bytes

_HERE: Final = Path(__file__).parent
# Each comes after those that it imports from.
MODULES: Final = (
    "positions.js",
    "dom.js",
    "passages.js",
    "marks.js",
    "saving.js",
    "keys.js",
    "transcript.js",
    "finder.js",
    "passage_panel.js",
    "compare.js",
    "bars.js",
    "view.js",
    "page.js",
)
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./[a-z_]+\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class)\b)", re.MULTILINE)


def join_modules() -> str:
    """All modules as one, with their imports from one another taken out; no two of them may have a name in common."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in MODULES)


def page_looks() -> str:
    """The page's CSS."""
    return _read("page.css")


def _read(name: str) -> str:
    return decode(read_bytes(_HERE / name, error=StudyError), origin=name, error=StudyError)
