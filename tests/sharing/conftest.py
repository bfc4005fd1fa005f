import nbformat
import pandas as pd
import pytest
from sharing_demo import FIRST, SECOND, make_notebook, make_study

from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.report import write_report


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """A report of two notebooks, the second of which fails."""
    folder = tmp_path_factory.mktemp("report")
    study = make_study(folder)
    paths = [folder / "01-first.ipynb", folder / "02-second.ipynb"]
    for path, cells in zip(paths, (FIRST, SECOND), strict=True):
        nbformat.write(make_notebook(*cells, study_hash=study_hash(study)), path)
    claims = pd.DataFrame({"claim_id": ["C1"], "statement": ["Engagement comes last"], "base": [12], "indicated": ["supported"]})
    return write_report(study, notebooks=paths, out=folder / "out", run_id="run-1", claims=claims)
