#!/usr/bin/env python3
"""join_oracle.py COVDB OLD NEW [FOLDER...] - the lines that covdb joins between two source trees are those that git diff leaves alone.

Both trees become kernels all of whose lines are instrumented, those of C files below the folders (default: all). Then, of what
'covdb kernel diff --list lines' says: joined lines have equal text and are in order, each line that git diff leaves
unchanged is joined with the one that it is, all others are said to be what they are, and no line is missing or said twice.
difflib, which has another algorithm, must not find many more equal lines in files that are short enough for it. Prints what was
checked, and each exception."""

import collections
import csv
import difflib
import os
import re
import subprocess
import sys
import tempfile

HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
DIFFLIB_LINES_MAX = 400


def sources(tree, folders):
    for folder in folders:
        for path, _, names in os.walk(os.path.join(tree, folder)):
            for name in sorted(names):
                full = os.path.join(path, name)
                if name.endswith((".c", ".h")) and os.path.isfile(full) and not os.path.islink(full):
                    yield os.path.relpath(full, tree)


def read(tree, path):
    with open(os.path.join(tree, path), "rb") as file:
        lines = file.read().split(b"\n")
    return lines if lines[-1] else lines[:-1]


def write_tracefile(tree, texts, out):
    with open(out, "w", encoding="utf-8") as file:
        for path, lines in texts.items():
            file.write(f"TN:\nSF:{tree}/{path}\n")
            file.writelines(f"DA:{number},0\n" for number in range(1, len(lines) + 1))
            file.write(f"LF:{len(lines)}\nLH:0\nend_of_record\n")


def git_diff(old_file, new_file):
    # The context must not be 0: then git cuts off what both end with before it looks.
    return subprocess.run(["git", "-c", "core.attributesFile=/dev/null", "diff", "--no-index", "--text", "--no-color", "-U1", old_file, new_file],
                          stdout=subprocess.PIPE, check=False).stdout


def join_by_git(old_lines, new_lines, out):
    """{old: new} of the lines that a diff leaves unchanged; {line: fate} of the others of either side."""
    joined, olds, news = {}, {}, {}
    old, new = 1, 1
    removed, added = [], []

    def end_of_hunk():
        for number in removed:
            olds[number] = "changed" if added else "only here"
        for number in added:
            news[number] = "changed" if removed else "only here"
        removed.clear()
        added.clear()

    in_hunk = False
    for line in out.split(b"\n"):
        match = HUNK.match(line)
        if match:
            end_of_hunk()
            begin = int(match[1]) + (match[2] == b"0")
            while old < begin:
                joined[old] = new
                old, new = old + 1, new + 1
            in_hunk = True
        elif in_hunk and line.startswith(b"-"):
            if added and not removed:
                end_of_hunk()
            removed.append(old)
            old += 1
        elif in_hunk and line.startswith(b"+"):
            added.append(new)
            new += 1
        elif in_hunk and line.startswith(b" "):
            end_of_hunk()
            joined[old] = new
            old, new = old + 1, new + 1
    end_of_hunk()
    while old <= len(old_lines):
        joined[old] = new
        old, new = old + 1, new + 1
    assert new == len(new_lines) + 1, "git's diff was misread"
    return joined, olds, news


def main(covdb, old_tree, new_tree, folders):
    old_tree, new_tree = os.path.realpath(old_tree), os.path.realpath(new_tree)
    folders = folders or ["."]
    old = {path: read(old_tree, path) for path in sources(old_tree, folders)}
    new = {path: read(new_tree, path) for path in sources(new_tree, folders)}
    wrong = collections.Counter()
    counts = collections.Counter()

    def complain(what, where):
        wrong[what] += 1
        if wrong[what] <= 5:
            print(f"{what}: {where}")

    with tempfile.TemporaryDirectory() as folder:
        database = f"{folder}/db.sqlite"
        for name, tree, texts in (("old", old_tree, old), ("new", new_tree, new)):
            write_tracefile(tree, texts, f"{folder}/{name}.info")
            subprocess.run([covdb, "kernel", "add", "--db", database, "--info", f"{folder}/{name}.info", "--root", tree, "--name", name],
                           check=True, stdout=subprocess.DEVNULL)
        rows = subprocess.run([covdb, "kernel", "diff", "old", "new", "--db", database, "--from", old_tree, "--to", new_tree,
                               "--list", "lines", "--format", "csv"], check=True, stdout=subprocess.PIPE, text=True).stdout
    pairs = collections.defaultdict(list)
    said_old, said_new = {}, {}
    for row in csv.DictReader(rows.splitlines()):
        old_place = (row["old_file"], int(row["old_line"])) if row["old_line"] else None
        new_place = (row["new_file"], int(row["new_line"])) if row["new_line"] else None
        for place, said in ((old_place, said_old), (new_place, said_new)):
            if place and place in said:
                complain("said twice", place)
            if place:
                said[place] = row["became"]
        if old_place and new_place:
            pairs[old_place[0], new_place[0]].append((old_place[1], new_place[1]))
            counts["joined"] += 1
            if old[old_place[0]][old_place[1] - 1] != new[new_place[0]][new_place[1] - 1]:
                complain("joined lines differ", (old_place, new_place))
            expected = "same" if old_place == new_place else "moved"
            if row["became"] != expected:
                complain(f"said to be {row['became']}, is {expected}", (old_place, new_place))
    for texts, said in ((old, said_old), (new, said_new)):
        for path, lines in texts.items():
            for number in range(1, len(lines) + 1):
                if (path, number) not in said:
                    complain("not said", (path, number))
    partners = collections.defaultdict(set)
    for old_path, new_path in pairs:
        partners[old_path].add(new_path)
    for (old_path, new_path), numbers in pairs.items():
        counts["renamed files"] += old_path != new_path
        if len(partners[old_path]) != 1:
            complain("a file is joined with two", old_path)
        if any(a[0] >= b[0] or a[1] >= b[1] for a, b in zip(numbers, numbers[1:])):
            complain("not in order", (old_path, new_path))
    for old_path, lines in old.items():
        new_path = old_path if old_path in new else next(iter(partners[old_path]), None)
        if new_path is None:
            counts["files only in the old tree"] += 1
            for number in range(1, len(lines) + 1):
                if said_old[old_path, number] != "only here":
                    complain("of a file that is gone", (old_path, number))
            continue
        out = git_diff(os.path.join(old_tree, old_path), os.path.join(new_tree, new_path))
        joined, olds, news = join_by_git(lines, new[new_path], out)
        counts["files compared with git diff"] += 1
        counts["lines that git diff leaves unchanged"] += len(joined)
        counts["lines of hunks"] += len(olds) + len(news)
        if dict(pairs.get((old_path, new_path), ())) != joined:
            complain("not what git diff leaves unchanged", (old_path, new_path))
        for path, said, fates in ((old_path, said_old, olds), (new_path, said_new, news)):
            for number, fate in fates.items():
                if said[path, number] != fate:
                    complain(f"said to be {said[path, number]}, git: {fate}", (path, number))
        if max(len(lines), len(new[new_path])) <= DIFFLIB_LINES_MAX:
            matcher = difflib.SequenceMatcher(None, lines, new[new_path], autojunk=False)
            counts["files compared with difflib"] += 1
            # Git's is a longest common sequence or nearly so; difflib's is one, too, and never far longer.
            if sum(block.size for block in matcher.get_matching_blocks()) > len(joined) * 1.2 + 8:
                complain("difflib finds many more equal lines", (old_path, new_path))
    counts["lines of the old tree"] = len(said_old)
    counts["lines of the new tree"] = len(said_new)
    for what, count in counts.items():
        print(f"{count:9} {what}")
    for fate, count in sorted(collections.Counter(said_old.values()).items()):
        print(f"{count:9} of the old tree {fate}")
    for fate, count in sorted(collections.Counter(said_new.values()).items()):
        print(f"{count:9} of the new tree {fate}")
    print(f"{sum(wrong.values()):9} exceptions")
    return 1 if wrong or not counts["joined"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
