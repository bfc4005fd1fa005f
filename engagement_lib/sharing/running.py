"""Notebooks run from top to bottom in a fresh kernel, each in its own folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, ValidationError
from nbformat.reader import NotJSONError
from papermill import PapermillExecutionError, execute_notebook
from traitlets.config import Config

from engagement_lib.errors import Problem, StudyError

KERNEL: Final = "python3"
_OPTIONS: Final = Config(
    {
        # What participants said goes between this process and the kernel, on a machine that others may share.
        "KernelManager": {"transport_encryption": "auto"},
        # A kernel that is told to stop when it is idle writes an error of its own between the report's messages.
        "NotebookClient": {"extra_arguments": ["--IPKernelApp.log_level=50"]},
    }
)
_INJECTED: Final = "injected-parameters"
_MARKER: Final = "papermill-error-cell-tag"
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_HEADING: Final = re.compile(r"^# +(.+?) *#*$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """A notebook as far as it ran, without the cell of parameters that was put in.

    `cell` is the number of the cell that failed, counted from 1 as it stands in the notebook, 0 where none did; `error_name` is
    the kind of error and `error` what it said.
    """

    notebook: NotebookNode
    cell: int = 0
    error_name: str = ""
    error: str = ""


def read_notebooks(paths: Sequence[Path]) -> dict[Path, NotebookNode]:
    """The notebooks at these paths, in their order.

    Raises
    ------
    StudyError
        Naming every one that is missing, no notebook, or would be written to the same page as another.
    """
    problems: list[Problem] = []
    found: dict[Path, NotebookNode] = {}
    for path in paths:
        if path.suffix != ".ipynb" or not path.is_file():
            problems.append(Problem(str(path), "", "no such notebook", "an .ipynb file", "Mend its name."))
        elif path.stem == "index" or path.stem in {other.stem for other in found}:
            remedy = "Give it another name."
            problems.append(Problem(str(path), "", f"the name '{path.stem}' taken already", "a name for each page", remedy))
        else:
            try:
                found[path] = _read(path)
            except (NotJSONError, ValidationError, UnicodeDecodeError) as error:
                remedy = "Open it in JupyterLab and save it again."
                problems.append(Problem(str(path), "", f"what is no notebook ({_in_short(error)})", "a notebook", remedy))
    if problems:
        raise StudyError(problems)
    return found


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Nothing: the notebook stands at the path, as JupyterLab would write it."""
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # nbformat has no types


def title_of(notebook: NotebookNode, path: Path) -> str:
    """The notebook's first heading, or the name of its file."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    match = next((match for match in map(_HEADING.search, texts) if match), None)
    return re.sub(r"[*_`]", "", match[1]) if match else path.stem


def run_notebook(notebook: NotebookNode, *, folder: Path, parameters: Mapping[str, Any]) -> Run:
    """The notebook after all its cells have been run with these parameters, or after the first that failed.

    Parameters
    ----------
    notebook
        It is not changed.
    folder
        Where the kernel runs.
    parameters
        Take the place of those in the cell tagged "parameters".
    """
    fresh = _without_outputs(notebook)
    with TemporaryDirectory() as temporary, _quiet():
        before, after = Path(temporary, "before.ipynb"), Path(temporary, "after.ipynb")
        write_notebook(fresh, before)
        options = {"kernel_name": KERNEL, "language": "python", "cwd": str(folder), "progress_bar": False, "config": _OPTIONS}
        try:
            execute_notebook(str(before), str(after), parameters=dict(parameters), **options)
        except PapermillExecutionError as error:
            return _failed(_read(after), error.ename, _plain(error.evalue))
        except DeadKernelError:
            return _failed(_read(after), "DeadKernelError", "The kernel died, perhaps for want of memory.")
        return Run(_stripped(_read(after)))


def _read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    return notebook


def _without_outputs(notebook: NotebookNode) -> NotebookNode:
    fresh = deepcopy(notebook)
    fresh.cells = [cell for cell in fresh.cells if _INJECTED not in cell.metadata.get("tags", [])]
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return fresh


def _failed(notebook: NotebookNode, name: str, message: str) -> Run:
    """The run of a notebook that stopped: the cell begun last is the one that failed."""
    begun = [at for at, cell in enumerate(_own_cells(notebook)) if cell.metadata.get("papermill", {}).get("start_time")]
    return Run(_stripped(notebook), begun[-1] + 1, name, message)


def _own_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if not {_INJECTED, _MARKER} & set(cell.metadata.get("tags", []))]


def _stripped(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what the run put in: parameters, marks, times; its cells counted anew."""
    notebook.cells = _own_cells(notebook)
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        if cell.execution_count is not None:
            cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if not cell.metadata.get("tags", True):
            cell.metadata.pop("tags")
    return notebook


@contextmanager
def _quiet() -> Iterator[None]:
    """Papermill reports each step to its log; who runs a report has the progress instead."""
    logger = logging.getLogger("papermill")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _plain(text: str) -> str:
    return _COLOURS.sub("", text)


def _in_short(error: Exception) -> str:
    """What is wrong with a file, without the file's own words, of which the error may quote some."""
    return "it is not JSON" if isinstance(error, NotJSONError) else str(error).splitlines()[0][:80]
