from pathlib import Path

import nbformat
import pandas as pd
import pytest
from sharing_demo import FIRST, SECOND, make_notebook, make_study

from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.report import write_report
from engagement_lib.sharing.running import Run
from engagement_lib.study import open_study

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="session")
def study_report(tmp_path_factory):
    """The report of the synthetic study, from the outputs in its committed notebooks, since running them takes minutes."""
    study = open_study(ROOT / "data", audience="team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engagement_lib.sharing.report.run_notebook", lambda notebook, **_: Run(notebook))
        patch.setattr("engagement_lib.sharing.report.write_evidence", lambda *_: None)
        return write_report(
            study,
            notebooks=sorted((ROOT / "notebooks").glob("*.ipynb")),
            out=tmp_path_factory.mktemp("study"),
            run_id="committed",
            claims=appraise_claims(study, resamples=10),
        )
