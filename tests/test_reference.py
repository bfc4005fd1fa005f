"""The list of public names for readers, `docs/reference.md`, is made from the docstrings; `make reference` writes it anew."""

import importlib
from collections import defaultdict
from pathlib import Path

import engagement_lib as eng

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"
HEAD = """# Every public name

What `import engagement_lib as eng` gives, by the room it lives in; `help(eng.kwic)` has columns, units, errors and sources.
`read_` takes a path and gives tables, `write_` takes both, `split_` gives segments, `code_` codings or a table by code, `plot_` a
chart.
"""


def reference() -> str:
    rooms = defaultdict(list)
    for name in sorted(eng.__all__, key=str.lower):
        thing = getattr(eng, name)
        rooms[thing.__module__.split(".")[1]].append(f"| `{name}` | {first_sentence(thing)} |")
    return HEAD + "".join(section(room, lines) for room, lines in sorted(rooms.items()))


def section(room: str, lines: list[str]) -> str:
    about = importlib.import_module(f"engagement_lib.{room}").__doc__.strip().splitlines()[0]
    return "\n".join(["", f"## {room}", "", about, "", "| Name | What it gives |", "|---|---|", *lines, ""])


def first_sentence(thing: object) -> str:
    words = " ".join((thing.__doc__ or "").split("\n\n")[0].split())
    return words.replace("|", "\\|")


def test_the_list_of_public_names_is_that_of_the_package():
    assert PAGE.read_text(encoding="utf-8") == reference(), "Run `make reference` and commit what it writes."


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
