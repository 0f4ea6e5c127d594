#!/usr/bin/env python3
"""
queries.py COVDB DATABASE [SOURCE_DIR] - how long each command takes that the pages below show.

Prints, slowest first, the median of five runs in milliseconds: processor time of all processes that the command
started, and wall time. Those that write a page or load a study are left out.
"""

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5
PAGES = ("docs/tour.md", "docs/tasks.md", "docs/queries.md", "docs/claims.md")
LEFT_OUT = re.compile(r"demo\.sh|covdb (report|import|diff|kernel add|collect|lab)\b")


def commands(source):
    seen = set()
    for page in PAGES:
        for command in re.findall(r"^\$ (.*)$", (source / page).read_text(encoding="utf-8"), re.M):
            if not LEFT_OUT.search(command) and command not in seen:
                seen.add(command)
                yield page, command


def run(command, source, environment):
    """Milliseconds: processor, wall."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(["bash", "-c", command], cwd=source, env=environment, capture_output=True, check=False)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print(f"status {done.returncode}: {command}: {done.stderr.decode(errors='replace').strip()[:100]}")
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), 1e3 * wall


def main():
    covdb, database = (os.path.abspath(path) for path in sys.argv[1:3])
    source = Path(sys.argv[3] if len(sys.argv) > 3 else Path(__file__).parents[2]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "covdb").symlink_to(covdb)
        environment = dict(os.environ, COVDB=database, COVDB_DATA=str(source), LC_ALL="C.UTF-8",
                           PATH=f"{folder}{os.pathsep}{os.environ['PATH']}")
        rows = []
        for page, command in commands(source):
            times = [run(command, source, environment) for _ in range(RUNS)]
            rows.append((*map(statistics.median, zip(*times)), page, command))
    print("CPU ms  wall ms  command")
    for processor, wall, page, command in sorted(rows, reverse=True):
        print(f"{processor:6.0f}  {wall:7.0f}  {page}: {command}")


if __name__ == "__main__":
    main()
