#!/usr/bin/env python3
"""
same_answers.py OLD NEW - two programs give the same answers to everything asked of the recorded study.

Each loads the study into a database of its own. Compared are every --format json and csv, the tables
and views of the database (a table may have become a view), the regions of each directory, and the numbers of the commands that docs/tour.md and
docs/claims.md show; words may differ there. Prints how many of each. For whoever changes the program
and not what it answers; not a test, since there is no other program to compare with.
"""

import collections
import hashlib
import itertools
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PLATFORMS = ("host", "runc", "gvisor", "microvm")
WORKLOADS = ("cpu", "llc", "memory", "stream", "ping", "file-read", "file-write")
DIRECTORIES = (".", "net", "mm", "fs", "kernel", "arch/x86/kvm", "kernel/sched", "net/ipv4/tcp.c")


class Side:
    """One of the programs, with its database."""

    def __init__(self, covdb, folder):
        self.covdb = os.path.abspath(covdb)
        folder.mkdir()
        (folder / "covdb").symlink_to(self.covdb)
        self.database = folder / "covdb.sqlite"
        self.environment = dict(os.environ, COVDB=str(self.database), COVDB_DATA=str(SOURCE), LC_ALL="C.UTF-8",
                                PATH=f"{folder}{os.pathsep}{os.environ['PATH']}")
        subprocess.run([SOURCE / "workloads/recorded/load.sh", self.covdb, self.database], check=True,
                       env=self.environment, stdout=subprocess.DEVNULL)

    def ask(self, words):
        done = subprocess.run([self.covdb, *words], env=self.environment, capture_output=True, check=False,
                              cwd=SOURCE)
        return done.returncode, done.stdout

    def shell(self, command):
        done = subprocess.run(["bash", "-c", command], env=self.environment, capture_output=True, text=True,
                              check=False, cwd=SOURCE)
        return done.stdout

    def tables(self):
        """{table or view: hash of its rows in any order}, without the columns that tell of the machine or of the day."""
        database = sqlite3.connect(self.database)
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY 1")]
        hashes = {}
        for name in names:
            columns = [column for _, column, *_ in database.execute(f"PRAGMA table_info({name})")
                       if not re.search(r"path|snapshot|manifest|_at$|version|tree", column)]
            total = 0
            for row in database.execute(f"SELECT {', '.join(columns)} FROM {name}"):
                total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest(), "big")
            hashes[name] = f"{total:x}"
        return hashes

    def regions(self):
        """{(directory, workload): [(mask, lines)]}"""
        database = sqlite3.connect(self.database)
        regions = collections.defaultdict(list)
        for path, workload, mask, lines in database.execute(
                "SELECT path, workload_id, mask, lines FROM region JOIN directory USING (directory_id) ORDER BY 1, 2, 3"):
            regions[path, workload].append((mask, lines))
        return regions


def commands():
    """What is asked, without --format."""
    scopes = [["--dir", directory, *workload] for directory in DIRECTORIES
              for workload in ([], *(["--workload", name] for name in WORKLOADS))]
    for scope in scopes:
        yield ["venn", *scope]
        yield ["summary", *scope]
        yield ["functions", "-n", "0", *scope]
        yield ["conditional", "-n", "200", *scope]
        yield ["lines", "gvisor - (host | runc)", "-n", "0", *scope]
    for directory in (".", "net", "mm"):
        yield ["venn", "--dir", directory, "--depth", "3"]
        yield ["stability", "--dir", directory]
        for pair in itertools.permutations(PLATFORMS, 2):
            for of, by in itertools.product(("functions", "files"), ("rate", "lines")):
                yield ["top", *pair, "--of", of, "--by", by, "--dir", directory, "-n", "100"]
        for unit in ("lines", "functions", "files"):
            yield ["venn", "runc - host", "--list", unit, "--dir", directory, "-n", "0"]
    for place in ("mm/mmap.c", "net/ipv4/tcp.c:1-2000", "lib/maple_tree.c", "kernel/sched/core.c"):
        for hits in ("count", "rate"):
            yield ["annotate", place, "--hits", hits]
            yield ["annotate", place, "--hits", hits, "--workload", "cpu"]
    for words in (["objects"], ["objects", "--list"], ["noise", "--baseline", "host/idle"], ["metrics"], ["claims"], ["kernel", "list"], ["diff"]):
        yield words
    for platform in PLATFORMS:
        yield ["stability", "--platforms", platform, "--workload", "cpu"]
        yield ["export", "--footprint", platform]
        yield ["export", "--footprint", f"{platform}/cpu"]
        yield ["export", "--trial", f"{platform}/cpu/1"]


def questions():
    for words in commands():
        for form in ("json", "csv"):
            yield [*words, "--format", form]
    for form in ("info", "cobertura", "syzkaller"):
        yield ["export", "--footprint", "gvisor/cpu", "--format", form]
    yield ["venn", "--dir", "net", "--workload", "cpu", "--format", "svg"]


def shown(page):
    """The commands that a page shows."""
    text = (SOURCE / page).read_text(encoding="utf-8")
    return re.findall(r"^\$ (.*)$", text, re.M)


def numbers(text):
    return re.findall(r"\d[\d,.]*", text)


def compare(old, new, what, cases, ask):
    """Ask both sides each case; print how many there were. Return: how many differ."""
    cases = list(cases)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda case: (ask(old, case), ask(new, case)), cases))
    differing = [case for case, (before, after) in zip(cases, answers) if before != after]
    empty = sum(1 for before, _ in answers if not before or before[-1] == b"")
    for case in differing:
        print("differs:", case if isinstance(case, str) else " ".join(map(str, case)))
    print(f"{len(cases)} {what} compared, {len(differing)} differ, {empty} empty")
    return len(differing) + (not cases)


def main():
    with tempfile.TemporaryDirectory() as folder:
        old = Side(sys.argv[1], Path(folder) / "old")
        new = Side(sys.argv[2], Path(folder) / "new")
        both = [(side.tables(), side.regions()) for side in (old, new)]
        tables, regions = zip(*both)
        alone = sorted(set(tables[0]) ^ set(tables[1]))
        print("tables that only one of them has:", ", ".join(alone) or "none")
        wrong = compare(0, 1, "tables and views", sorted(set(tables[0]) & set(tables[1])), lambda side, name: tables[side][name])
        wrong += compare(0, 1, "directories by workload: regions", sorted(set(regions[0]) | set(regions[1])),
                         lambda side, key: regions[side].get(key))
        wrong += compare(old, new, "answers in JSON, CSV and other formats", questions(), Side.ask)
        for page in ("docs/tour.md", "docs/claims.md", "docs/queries.md"):
            wrong += compare(old, new, f"commands of {page}, by their numbers,", shown(page),
                             lambda side, command: numbers(side.shell(command)))
    sys.exit(wrong != 0)


if __name__ == "__main__":
    main()
