#!/usr/bin/env python3
"""Compare `covdb decode --format tsv` of a snapshot with gcov itself, line by line.

usage: gcov_oracle.py NOTES SNAPSHOT TSV [GCOV]

NOTES is the build tree, where gcov is run, since it resolves the names of sources from there.
SNAPSHOT is a directory, or a tar that `tar` can unpack. Every object is decoded by gcov on its own
and the counts of a line are added over objects and over the functions that gcov lists apart.
"""
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

CHUNK = 40


def link_pairs(notes, snapshot, folder):
    """Put each .gcda beside a link to its .gcno; return the paths of the .gcda copies."""
    root = os.path.realpath(notes)
    pairs = []
    for base, _, names in os.walk(snapshot):
        for name in names:
            if not name.endswith(".gcda"):
                continue
            data = os.path.realpath(os.path.join(base, name))
            inside = data.rsplit(root.lstrip("/") + "/", 1)[-1]
            gcno = os.path.join(root, inside[: -len("gcda")] + "gcno")
            if not os.path.exists(gcno):
                raise SystemExit(f"gcov_oracle: {data} has no notes at {gcno}")
            target = os.path.join(folder, inside)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.symlink(data, target)
            os.symlink(gcno, target[: -len("gcda")] + "gcno")
            pairs.append(target)
    return pairs


def run_gcov(gcov, root, paths):
    """Counts by (file, line) of some objects."""
    done = subprocess.run(
        [gcov, "--json-format", "--stdout", *paths], cwd=root, capture_output=True, check=True
    )
    counts = collections.Counter()
    documents = 0
    for text in done.stdout.splitlines():
        document = json.loads(text)
        documents += 1
        for file in document["files"]:
            name = file["file"]
            if name.startswith(root + "/"):
                name = name[len(root) + 1 :]
            for line in file["lines"]:
                counts[name, line["line_number"]] += line["count"]
    if documents != len(paths):
        raise SystemExit(f"gcov_oracle: {len(paths)} objects gave {documents} documents")
    return counts


def main():
    notes, snapshot, tsv = sys.argv[1:4]
    gcov = sys.argv[4] if len(sys.argv) > 4 else "gcov-12"
    root = os.path.realpath(notes)
    expected = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        if not os.path.isdir(snapshot):
            unpacked = os.path.join(folder, "snapshot")
            os.mkdir(unpacked)
            subprocess.run(["tar", "-xf", snapshot, "-C", unpacked], check=True)
            snapshot = unpacked
        pairs = link_pairs(notes, snapshot, os.path.join(folder, "pairs"))
        chunks = [pairs[i : i + CHUNK] for i in range(0, len(pairs), CHUNK)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for counts in pool.map(lambda chunk: run_gcov(gcov, root, chunk), chunks):
                # update() keeps lines whose count is 0
                expected.update(counts)
    got = {}
    with open(tsv, encoding="utf-8", errors="surrogateescape") as rows:
        for row in rows:
            name, line, count = row.rstrip("\n").split("\t")
            if (name, int(line)) in got:
                raise SystemExit(f"gcov_oracle: {name}:{line} stands twice in {tsv}")
            got[name, int(line)] = int(count)
    differences = [key for key in expected.keys() | got.keys() if expected.get(key) != got.get(key)]
    for key in sorted(differences)[:20]:
        print(f"{key[0]}:{key[1]}: gcov {expected.get(key)}, covdb {got.get(key)}")
    hit = sum(1 for count in got.values() if count > 0)
    print(
        f"gcov_oracle: {len(pairs)} objects, {len(expected)} lines compared, {hit} executed, "
        f"{len(differences)} differences"
    )
    return 1 if differences or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
