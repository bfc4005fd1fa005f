"""Refuses paths of somebody's machine: they name people, and lead nowhere for anybody else."""

import re
import sys
from pathlib import Path

PRIVATE = re.compile(rb"(?:/(?:home|Users|root)/|[A-Z]:\\\\?Users\\\\?)[A-Za-z0-9._-]+")

found = 0
for path in map(Path, sys.argv[1:]):
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if match := PRIVATE.search(line):
            found += 1
            print(f"{path}, line {number}: found {match.group().decode()!r}; expected a path relative to the project.")
sys.exit(bool(found))
