"""Refuses files above 2 MB: texts are small, and what is large is made by a run."""

import sys
from pathlib import Path

LIMIT = 2_000_000

large = [path for path in map(Path, sys.argv[1:]) if path.stat().st_size > LIMIT]
for path in large:
    print(f"{path}: {path.stat().st_size:,} bytes; expected at most {LIMIT:,}. Keep it out of Git.")
sys.exit(bool(large))
