#!/usr/bin/env python3
"""
same_answers.py OLD NEW - two programs give the same answers to everything asked of the recorded study.

Each loads the study into a database of its own. Compared are every --format json and csv, the tables
and views of the database (a table may have become a view), the regions of each directory, and the numbers of the commands that
PAGES show; words may differ there. Prints how many of each. For whoever changes the program
and not what it answers; not a test, since there is no other program to compare with.

Views that unfold tiles have a hundred million rows. One that both databases define alike, over tables that are alike, has
the same rows in both, and is not read; all others are, row by row.
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
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PAGES = ("docs/tour.md", "docs/tasks.md", "docs/claims.md", "docs/queries.md")
# What is written there tells of the machine or of the day.
OF_THE_MACHINE = re.compile(r"path|snapshot|manifest|_at$|version|tree")
# Views that answer about one file in milliseconds, but not about all at once.
BY_FILE = {"trial_line_agreement"}
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

    def definitions(self):
        """{table or view: (which of both, its SQL)}"""
        database = sqlite3.connect(self.database)
        return {name: (kind, sql) for name, kind, sql in
                database.execute("SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY 1")}

    def regions(self):
        """{(directory, workload): [(mask, lines)]}"""
        database = sqlite3.connect(self.database)
        regions = collections.defaultdict(list)
        for path, workload, mask, lines in database.execute(
                "SELECT path, workload_id, mask, lines FROM region JOIN directory USING (directory_id) ORDER BY 1, 2, 3"):
            regions[path, workload].append((mask, lines))
        return regions


def sum_rows(path, name):
    """Sums of hashes of all rows, in any order: without the columns that tell of the machine, and {such a column: with it}."""
    database = sqlite3.connect(path)
    columns = [column for _, column, *_ in database.execute(f"PRAGMA table_info({name})")]
    own = [column for column in columns if OF_THE_MACHINE.search(column)]
    columns = [column for column in columns if column not in own]
    total, with_own = 0, dict.fromkeys(own, 0)
    query, values = f"SELECT {', '.join(columns + own)} FROM {name}", [()]
    if name in BY_FILE:
        query += " WHERE kernel_id = ? AND file = ?"
        values = list(database.execute("SELECT kernel_id, path FROM file"))
    for bound in values:
        for row in database.execute(query, bound):
            text = repr(row[:len(columns)])
            total += digest(text)
            for column, value in zip(own, row[len(columns):]):
                with_own[column] += digest(text + repr(value))
    return total, with_own


def digest(text):
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")


def alike(name, definitions, sums):
    """Whether a view reads nothing but what is the same in both databases."""
    old, new = definitions
    words, seen, next_ones = set(), set(), [name]
    while next_ones:
        name = next_ones.pop()
        if old.get(name) != new.get(name):
            return False
        kind, sql = old[name]
        seen.add(name)
        if kind == "view":
            if re.search(r"NATURAL|(SELECT|DISTINCT|,|\w\.)\s*\*", sql):
                return False
            words |= set(re.findall(r"\w+", sql))
            next_ones += [word for word in words & (old.keys() | new.keys()) if word not in seen]
    for name in seen & sums.keys():
        (total, with_own), (other_total, other_own) = sums[name]
        if total != other_total or any(with_own[column] != other_own.get(column) for column in words & with_own.keys()):
            return False
    return True


def compare_tables(old, new):
    """Print how many are the same. Return: how many differ."""
    sides, definitions = (old, new), [side.definitions() for side in (old, new)]
    names = sorted(definitions[0].keys() & definitions[1].keys())
    print("tables that only one of them has:", ", ".join(sorted(definitions[0].keys() ^ definitions[1].keys())) or "none")
    with ProcessPoolExecutor() as pool:
        def read(names):
            asked = [[pool.submit(sum_rows, side.database, name) for side in sides] for name in names]
            return {name: [one.result() for one in both] for name, both in zip(names, asked)}

        sums = read([name for name in names if "table" in (definitions[0][name][0], definitions[1][name][0])])
        by_definition = [name for name in names if name not in sums and alike(name, definitions, sums)]
        sums |= read([name for name in names if name not in sums and name not in by_definition])
    differing = [name for name, (before, after) in sums.items() if before[0] != after[0]]
    for name in differing:
        print("differs:", name)
    print(f"{len(sums)} tables and views compared by their rows, {len(differing)} differ;",
          f"{len(by_definition)} views are defined alike over tables that are the same: {', '.join(by_definition)}", flush=True)
    return len(differing)


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
    def both(case):
        before = ask(old, case)
        is_empty = not before or before[-1] == b""
        return before != ask(new, case), is_empty

    cases = list(cases)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(both, cases))
    differing = [case for case, (differs, _) in zip(cases, answers) if differs]
    empty = sum(is_empty for _, is_empty in answers)
    for case in differing:
        print("differs:", case if isinstance(case, str) else " ".join(map(str, case)))
    print(f"{len(cases)} {what} compared, {len(differing)} differ, {empty} empty", flush=True)
    return len(differing) + (not cases)


def main():
    with tempfile.TemporaryDirectory() as folder:
        with ThreadPoolExecutor() as pool:
            old, new = pool.map(Side, sys.argv[1:3], (Path(folder) / "old", Path(folder) / "new"))
        regions = [side.regions() for side in (old, new)]
        wrong = compare_tables(old, new)
        wrong += compare(0, 1, "directories by workload: regions", sorted(set(regions[0]) | set(regions[1])),
                         lambda side, key: regions[side].get(key))
        wrong += compare(old, new, "answers in JSON, CSV and other formats", questions(), Side.ask)
        for page in PAGES:
            wrong += compare(old, new, f"commands of {page}, by their numbers,", shown(page),
                             lambda side, command: numbers(side.shell(command)))
    sys.exit(wrong != 0)


if __name__ == "__main__":
    main()
