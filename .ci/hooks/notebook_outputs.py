"""Refuses notebooks with outputs, unless they were made on the synthetic study: those of a real one quote people."""

import json
import sys
from pathlib import Path

from engagement_lib import open_study
from engagement_lib.sharing.fingerprint import study_hash

study = open_study(Path(__file__).parents[2] / "data")
synthetic = study_hash(study) if study.settings.synthetic else None

refused = 0
for path in map(Path, sys.argv[1:]):
    notebook = json.loads(path.read_bytes())
    made_on = notebook["metadata"].get("engagement", {}).get("study")
    if made_on != synthetic and any(cell.get("outputs") for cell in notebook["cells"]):
        refused += 1
        print(f"{path}: found outputs of another study than data/ (or of an older one). Clear them, or run `make notebooks`.")
sys.exit(bool(refused))
