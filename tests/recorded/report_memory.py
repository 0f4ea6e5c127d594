#!/usr/bin/env python3
"""
report_memory.py COVDB DATABASE BUILD_TYPE - the report of the recorded study takes no more than 100 MB of memory, however many processors there are.
"""
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_KB = 100_000


def main():
    covdb, database, build_type = sys.argv[1:]
    if build_type != "Release":
        print(f"skipped: built as {build_type or 'no type'}, not Release")
        sys.exit(77)
    if not Path(database).exists():
        print(f"skipped: {database} is made by the test recorded")
        sys.exit(77)
    for jobs in ("2", "16"):  # the fewest that work at once, and many
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([covdb, "report", "--db", database, "-o", f"{folder}/page"], check=True, stdout=subprocess.DEVNULL,
                           env=dict(os.environ, COVDB_JOBS=jobs))
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"{jobs} threads: {most} kB at most so far")
        if most > MOST_KB:
            sys.exit(f"not ok: with {jobs} threads the report takes {most} kB, more than {MOST_KB}")


main()
