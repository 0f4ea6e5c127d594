#!/usr/bin/env python3
"""patch_series.py COVDB DATABASE [SOURCES] - what 'covdb patch' says of ten commits that end at the recorded kernel's sources.

Of SOURCES (default: where the kernel was built) ten files become a repository whose first commit lacks a few lines of each and whose next
ten add them: five with lines that known platforms execute, one that nothing executes, a comment, an inline function of a header, a file that is not
compiled, and one that is no C. Then every added line is compared with git's diff and blame, with the database's documented
views, and branches with what 'covdb export' writes. 77: no sources."""

import collections
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

# The path, and who executes the lines; NOBODY; None: they have no code.
NOBODY = ""
COMMITS = (
    ("net/ipv4/tcp_input.c", "runc/stream"),
    ("arch/x86/kvm/svm/svm.c", "microvm/cpu"),
    ("kernel/ptrace.c", "gvisor/cpu"),
    ("fs/overlayfs/file.c", "runc/file-read"),
    ("virt/kvm/kvm_main.c", "microvm/stream"),
    ("mm/mmap.c", NOBODY),
    ("include/linux/skbuff.h", "host/stream"),
    ("net/core/dev.c", None),
    ("net/atm/common.c", None),
    ("MAINTAINERS", None),
)
BLOCK = 12  # lines that a commit adds


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout


def candidates(connection, path, name):
    executed = "SELECT line FROM trial_line_named WHERE file = ? AND count > 0"
    if name == NOBODY:
        query = f"SELECT l.line FROM line l JOIN file s USING (kernel_id, file_id) WHERE s.path = ? EXCEPT {executed} ORDER BY 1"
        return [line for (line,) in connection.execute(query, (path, path))]
    return [line for (line,) in connection.execute(f"{executed} AND platform = ? AND workload = ? GROUP BY 1 ORDER BY 1", (path, *name.split("/")))]


def choose(connection, path, name, lines):
    """The first line of the block that a commit adds."""
    if name is None:
        # A comment in front of code; of what is no C, anything.
        starts = [number for number in range(100, len(lines)) if lines[number - 1].startswith(b" *")] or [50]
        return starts[len(starts) // 2]
    found = candidates(connection, path, name)
    assert found, f"nothing is known of {path}"
    return found[len(found) // 2]


def build_repository(connection, sources, folder):
    git = ("git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false")
    blocks = []
    run(*git, "init", "-q", ".")
    for path, name in COMMITS:
        with open(os.path.join(sources, path), "rb") as file:
            lines = file.read().split(b"\n")
        first = choose(connection, path, name, lines)
        blocks.append((path, lines, first))
        write(folder, path, lines[:first - 1] + lines[first - 1 + BLOCK:])
    run(*git, "add", "-A")
    run(*git, "commit", "-qm", "base")
    run(*git, "tag", "base")
    for number, (path, lines, _) in enumerate(blocks):
        write(folder, path, lines)
        run(*git, "commit", "-qam", f"commit {number}: {path}")
    return blocks


def write(folder, path, lines):
    full = os.path.join(folder, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(b"\n".join(lines))


def added_by_git(folder):
    """(file, line) of each added line."""
    added, path, next_line = [], None, 0
    for line in run("git", "-C", folder, "diff", "-U3", "base..HEAD").decode("latin-1").split("\n"):
        match = re.match(r"@@ -\S+ \+(\d+)", line)
        if line.startswith("+++ b/"):
            path = line[6:]
        elif match:
            next_line = int(match[1])
        elif line.startswith("+") and not line.startswith("+++"):
            added.append((path, next_line))
            next_line += 1
        elif line.startswith(" "):
            next_line += 1
    return added


def blamed_by_git(folder, path):
    """The commit of each line; None for the base."""
    commits = {}
    for line in run("git", "-C", folder, "blame", "-s", "-l", "base..HEAD", "--", path).decode("latin-1").split("\n"):
        match = re.match(r"(\^?)([0-9a-f]{39,40})\s.*?(\d+)\)", line)
        if match:
            commits[int(match[3])] = None if match[1] else match[2]
    return commits


def branches_of(covdb, database, trial, path):
    """(found, never taken) by line, of the trials of one platform and workload."""
    info = run(covdb, "export", "--db", database, "--trial", trial, "--branches", "--dir", path, stderr=subprocess.DEVNULL).decode("latin-1")
    found = collections.defaultdict(list)
    for line in info.split("\n"):
        if line.startswith("BRDA:"):
            number, _, _, taken = line[5:].rsplit(",", 3)
            if taken != "-":
                found[int(number)].append(int(taken))
    return {number: (len(taken), taken.count(0)) for number, taken in found.items()}


def hits_of(connection, trials, line_id):
    """(count, state) of a line by platform and workload that executed it."""
    hits = {}
    for trial_id, name in trials:
        for count, state in connection.execute("SELECT count, state FROM trial_line WHERE trial_id = ? AND line_id = ?", (trial_id, line_id)):
            before = hits.get(name, (0, 0))
            hits[name] = (before[0] + count, max(before[1], state))
    return {name: hit for name, hit in hits.items() if hit[1] > 1}


def main(covdb, database, sources=None):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    sources = sources or connection.execute("SELECT source_root FROM kernel").fetchone()[0]
    missing = [path for path, _ in COMMITS if not os.path.isfile(os.path.join(sources, path))]
    if missing:
        print(f"skipped: no source of the recorded kernel: {os.path.join(sources, missing[0])}")
        return 77
    files = [path for path, _ in COMMITS]
    trials = connection.execute("SELECT trial_id, p.name || '/' || w.name FROM trial JOIN platform p USING (platform_id)"
                                " JOIN workload w USING (workload_id) WHERE w.kind <> 'phase' AND status = 'ok'").fetchall()
    durations = dict(connection.execute("SELECT p.name || '/' || w.name, sum(duration_ns) FROM trial JOIN platform p USING (platform_id)"
                                        " JOIN workload w USING (workload_id) WHERE status = 'ok' GROUP BY 1"))
    instrumented = {(path, line): line_id for path, line, line_id in connection.execute(
        "SELECT s.path, l.line, line_id FROM line l JOIN file s USING (kernel_id, file_id)")}
    states = {2: "partly executed", 3: "executed"}
    exceptions, said_states, known = [], collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        blocks = build_repository(connection, sources, folder)
        said = json.loads(run(covdb, "patch", "--db", database, "base..HEAD", "--git", folder, "--kernel-src", sources, "--format", "json"))
        rows = {(row["file"], row["line"]): row for row in said["rows"]}
        added = added_by_git(folder)
        if list(rows) != added or len(said["commits"]) != len(COMMITS):
            exceptions.append("the lines are not those of git diff")
        commits = {path: blamed_by_git(folder, path) for path in files}
        texts = {path: lines for path, lines, _ in blocks}
        for (path, number), row in rows.items():
            hits = hits_of(connection, trials, instrumented.get((path, number)))
            got = {one["name"]: (one["count"], one["state"], one["per_s"]) for one in row["executed_by"]}
            expected = {name: (count, states[state], count * 1e9 / durations[name]) for name, (count, state) in hits.items()}
            state = ("not instrumented" if (path, number) not in instrumented else
                     states[max(state for _, state in hits.values())] if hits else "not executed")
            is_alike = got.keys() == expected.keys() and all(
                got[name][:2] == expected[name][:2] and abs(got[name][2] - expected[name][2]) <= 1e-6 * expected[name][2] for name in got)
            checks = {
                "state": row["state"] == state,
                "executed by": is_alike,
                "text": row["text"].encode() == texts[path][number - 1],
                "commit": row["commit"] == commits[path][number],
                "why": (row["why"] is None) == (state != "not instrumented"),
                "line of the kernel": row["kernel_line"] in (number, None),
            }
            exceptions += [(path, number, what, row) for what, is_right in checks.items() if not is_right]
            said_states[row["state"]] += 1
            for name in got:
                known[name] += 1
        # Branches, of one platform and workload at a time.
        for trial, path in (("runc/stream", "net/ipv4/tcp_input.c"), ("microvm/cpu", "arch/x86/kvm/svm/svm.c")):
            one = json.loads(run(covdb, "patch", "--db", database, "base..HEAD", "--git", folder, "--kernel-src", sources, "--trial", trial,
                                 "--format", "json"))
            branches = branches_of(covdb, database, trial, path)
            for row in one["rows"]:
                if row["file"] == path and (row["branches"], row["branches_never_taken"]) != branches.get(row["line"], (0, 0)):
                    exceptions.append((path, row["line"], "branches", row, branches.get(row["line"])))
    for path, name in COMMITS[:5]:
        if not any(row["file"] == path and any(one["name"] == name for one in row["executed_by"]) for row in said["rows"]):
            exceptions.append(f"no line of {path} is executed by {name}")
    print(said["summary"]["text"])
    print(f"{len(rows)} added lines of {len(said['commits'])} commits:", dict(said_states), f"{len(exceptions)} exceptions")
    for exception in exceptions[:5]:
        print(exception)
    return 1 if exceptions else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
