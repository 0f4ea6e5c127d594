#!/usr/bin/env python3
"""pairs.py COVDB SOURCE [ROUNDS] - every two commands at once on one database, and it is as if one came after the other.

Of each pair of commands, on a database of the current schema and on one of version 4, which the first of them
migrates: exit status and standard output of both, and what the database holds afterwards, are those of one of
the two orders. It is sound, and nobody is told anything in SQLite's words. An import is several transactions,
one for each trial: what goes on beside it may see some of them.
"""
import hashlib
import itertools
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time

import memory
import study

COMMANDS = {
    "kernel add": ["kernel", "add", "--notes", "other", "--name", "o", "--build-id", "def"],
    "kernel list": ["kernel", "list", "--format", "csv"],
    "kernel remove": ["kernel", "remove", "spare"],
    "import": ["import", "more"],
    "trial list": ["trial", "list", "--kernel", "k", "--format", "csv"],
    "trial remove": ["trial", "remove", "--kernel", "k", "gvisor/w/1"],
    "diff": ["diff", "--kernel", "k", "--format", "csv"],
    "venn": ["venn", "--kernel", "k", "--format", "csv"],
    "claims": ["claims", "claims.yaml", "--kernel", "k", "--format", "csv"],
    "report": ["report", "--kernel", "k", "--claims", "claims.yaml", "-o", "report-{slot}"],
    "export": ["export", "--kernel", "k", "--trial", "runc/w/1"],
}
CLAIMS = """name: pairs
platforms: {runc: [runc]}
workloads: {w: [w]}
claims:
  - {name: one, place: here, claim: all, class: exact, expected: n > 0, query: SELECT count(*) AS n FROM trial}
  - {name: two, place: here, claim: all, class: exact, expected: n > 0, query: SELECT count(*) AS n FROM trial_line}
  - {name: three, place: here, claim: all, class: exact, expected: n > 0, query: SELECT count(*) AS n FROM region}
"""
# All that is in a database, apart from ids, which grow with time, and the bits of platforms: one that is removed beside an
# import leaves its bit to whichever platform comes next.
CONTENT = (
    "SELECT name, build_id, object_count, line_count, hex(lines) FROM kernel",
    "SELECT k.name, path, is_linked, hex(plan) FROM object JOIN kernel k USING (kernel_id)",
    "SELECT k.name, path, found FROM directory JOIN kernel k USING (kernel_id)",
    "SELECT k.name, line_id, file_id, line FROM line JOIN kernel k USING (kernel_id)",
    "SELECT name, driver FROM platform",
    "SELECT name, kind FROM workload",
    "SELECT p.name, w.name, number, status, started_at, duration_ns, manifest, hex(counters), hex(object_states)"
    " FROM trial JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)",
    "SELECT platform, workload, trial, file, line, count FROM trial_line_named",
    "SELECT platform, workload, trial, metric, labels, value FROM metric_named",
    "SELECT rule, baseline, is_current FROM analysis",
    "SELECT rule, baseline, platform, workload, directory, lines, found FROM footprint_directory",
    "SELECT rule, baseline, platform, workload, file, line FROM footprint_line_named",
    "PRAGMA user_version",
)
RAW = re.compile(r"database is locked|constraint failed|malformed|no such table|disk image|SQL|within a transaction")
REFUSED = re.compile(r"since the footprints by rule .* were made, trials were imported or removed")


def content(database):
    """What a database holds; a text if it is not sound."""
    connection = sqlite3.connect(database)
    try:
        sound = connection.execute("PRAGMA integrity_check").fetchall()
        dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
        if sound != [("ok",)] or dangling:
            return f"not sound: {sound} {dangling}"
        return [sorted(map(repr, connection.execute(query))) for query in CONTENT]
    except sqlite3.Error as error:
        return f"cannot be read: {error}"
    finally:
        connection.close()


def differences(held, whole):
    """In which tables the contents are not those of each order, with a row of the first of them."""
    words = []
    for _, other in whole:
        found = [(query, set(ours) ^ set(theirs)) for query, ours, theirs in zip(CONTENT, held, other) if ours != theirs]
        tables = [query.split(" FROM ")[-1].split()[0] for query, _ in found]
        words.append(f"{', '.join(tables)} ({min(found[0][1], default='')[:200]})" if found else "none")
    return "; ".join(words)


class Pairs:
    """Runs commands on copies of a base database, in the folder where the study is."""

    def __init__(self, covdb):
        self.covdb = covdb
        self.environment = {**os.environ, "COVDB": "db.sqlite", "COVDB_WAIT": "600"}
        self.problems = []
        self.run_count = 0
        self.first = {}  # what a command answers on a base database, and the files that it leaves of it

    def start(self, name, slot):
        shutil.rmtree(f"report-{slot}", ignore_errors=True)
        command = [word.format(slot=slot) for word in COMMANDS[name]]
        return subprocess.Popen([self.covdb, *command], env=self.environment, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    @staticmethod
    def answer(process, slot):
        """Status, standard output, files of a report; what was said."""
        out, err = process.communicate()
        digest = hashlib.sha256()
        for folder, folders, files in os.walk(f"report-{slot}"):
            folders.sort()
            for file in sorted(files):
                digest.update(file.encode())
                with open(os.path.join(folder, file), "rb") as content_of:
                    digest.update(content_of.read())
        return (process.returncode, out.replace(f"report-{slot}", "report"), digest.hexdigest()), err

    @staticmethod
    def files():
        return [name for name in os.listdir(".") if name.startswith("db.sqlite")]

    def fresh(self, base):
        for name in self.files():
            os.remove(name)
        shutil.copy(base, "db.sqlite")

    def alone(self, base, first, second):
        """The answers of two commands, one after the other, and what the database holds then."""
        self.fresh(base)
        if (base, first) in self.first:
            answer, left = self.first[base, first]
            for name, data in left.items():
                pathlib.Path(name).write_bytes(data)
        else:
            answer = self.answer(self.start(first, 0), 0)[0]
            self.first[base, first] = answer, {name: pathlib.Path(name).read_bytes() for name in self.files()}
        return [answer, self.answer(self.start(second, 1), 1)[0]], content("db.sqlite")

    def together(self, base, names, pause_s):
        self.fresh(base)
        processes = []
        for slot, name in enumerate(names):
            processes.append(self.start(name, slot))
            if slot == 0:
                time.sleep(pause_s)
        answers = [self.answer(process, slot) for slot, process in enumerate(processes)]
        self.run_count += 1
        return [one[0] for one in answers], [one[1] for one in answers], content("db.sqlite")

    def expected(self, base, first, second):
        """Answers and contents of both orders; of what goes on beside an import also what it sees between."""
        answers, held = self.alone(base, first, second)
        turned, held_turned = self.alone(base, second, first) if first != second else (answers, held)
        whole = [(answers, held), (turned[::-1], held_turned)]
        between = []
        if "import" in (first, second):
            other = second if first == "import" else first
            self.fresh(base)
            # In the place of the whole: where a snapshot was is kept, too.
            os.rename("more", "whole")
            os.rename("one", "more")
            subprocess.run([self.covdb, "import", "more"], env=self.environment, capture_output=True, check=False)
            os.rename("more", "one")
            os.rename("whole", "more")
            between = [self.answer(self.start(other, 0), 0)[0]]
        return whole, between

    def is_between(self, names, got, said, whole, between):
        """Whether it is one of the contents, and each answer is that of some moment of the import."""
        answers, held = got
        if "import" not in names or not any(held == other for _, other in whole):
            return False
        if names == ("import", "import"):
            counts = [int(out.split()[0]) for status, out, _ in answers if status == 0]
            return len(counts) == 2 and sum(counts) == 2
        for slot, name in enumerate(names):
            seen = [of_order[slot] for of_order, _ in whole] + (between if name != "import" else [])
            if answers[slot] not in seen and not (answers[slot][0] == 1 and REFUSED.search(said[slot])):
                return False
        return True

    def try_pair(self, base, names, rounds, source_of_pauses):
        whole, between = self.expected(base, *names)
        for _ in range(rounds):
            answers, said, held = self.together(base, names, source_of_pauses.choice((0, 0, 0.002, 0.005, 0.01, 0.02)))
            what = f"{base}: {names[0]} beside {names[1]}"
            raw = [text for text in said if RAW.search(text)]
            if isinstance(held, str):
                self.problems.append(f"{what}: {held}")
            elif raw:
                self.problems.append(f"{what}: says {raw[0].strip()}")
            elif (answers, held) not in whole and not self.is_between(names, (answers, held), said, whole, between):
                self.problems.append(f"{what}: as in no order: {[one[:2] for one in answers]} {said};"
                                     f" other contents than in each of them: {differences(held, whole)}")


def main():
    covdb, source = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    for program in "gcc", "zstd":
        if not shutil.which(program):
            print(f"skipped: {program} is not installed")
            sys.exit(77)
    with memory.folder("covdb-pairs.") as folder:
        os.chdir(folder)
        study.make(folder)
        # Without it, the order of platforms is that of the trials, whoever comes first.
        os.remove("more/experiment.yaml")
        os.makedirs("one/trials")
        for name in os.listdir("more/trials"):
            if "runc" in name:
                shutil.copy(f"more/trials/{name}", "one/trials")
        with open("claims.yaml", "w", encoding="utf-8") as file:
            file.write(CLAIMS)
        for command in (["kernel", "add", "--notes", "kernel", "--name", "k", "--build-id", "abc"], ["import", "study"],
                        ["kernel", "add", "--notes", "other", "--name", "spare", "--build-id", "123"]):
            subprocess.run([covdb, *command, "--db", "current"], check=True, capture_output=True)
        subprocess.run(["zstd", "-qd", f"{source}/tests/data/schema-4.sqlite.zst", "-o", "version 4"], check=True)
        pairs = Pairs(covdb)
        pauses = random.Random(1)
        names = list(itertools.combinations_with_replacement(COMMANDS, 2))
        for base in "current", "version 4":
            for pair in names:
                pairs.try_pair(base, pair, rounds, pauses)
        os.chdir("/")
    for problem in pairs.problems[:40]:
        print(f"not ok: {problem}")
    print(f"{len(names)} pairs of commands on two databases, {rounds} times each: {pairs.run_count} runs,"
          f" {len(pairs.problems)} not as in one of their orders")
    sys.exit(1 if pairs.problems or not pairs.run_count else 0)


main()
