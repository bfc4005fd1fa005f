"""The page's own files, joined with the modules of the coding page that it shares: elements, and saving."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engagement_lib.coding.page.modules import page_looks
from engagement_lib.errors import StudyError
from engagement_lib.loading.text import decode, read_bytes

_HERE: Final = Path(__file__).parent
_CODING: Final = Path(__file__).parents[2] / "coding" / "page"
# Each comes after those that it imports from.
_MODULES: Final = (
    _CODING / "dom.js",
    _CODING / "saving.js",
    _HERE / "review_keys.js",
    _HERE / "review_parts.js",
    _HERE / "review_page.js",
)
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "[./a-z_]+\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class)\b)", re.MULTILINE)


def review_module() -> str:
    """All modules as one, since a widget is given a single one."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(path))) for path in _MODULES)


def review_looks() -> str:
    """The page's CSS: that of the coding page, and what is its own."""
    return page_looks() + _read(_HERE / "review.css")


def _read(path: Path) -> str:
    return decode(read_bytes(path, error=StudyError), origin=path.name, error=StudyError)
