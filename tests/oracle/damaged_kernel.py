#!/usr/bin/env python3
"""Break ten objects of a real kernel's snapshot or notes in ten ways and see what covdb reports.

usage: damaged_kernel.py COVDB TRIALS NOTES

Exactly these ten must be named, each with what is wrong with it; all others keep their counts.
"""
import glob
import os
import subprocess
import sys
import tempfile

HEADER_BYTES = 16
FUNCTION_BYTES = 8 + 12  # tag, length, three words


def overwrite(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def empty(data, _):
    os.truncate(data, 0)


def foreign(data, _):
    overwrite(data, 0, b"#!/bin/sh\n")


def in_record(data, _):
    os.truncate(data, os.path.getsize(data) - 5)


def between_records(data, _):
    os.truncate(data, HEADER_BYTES + FUNCTION_BYTES)


def unreadable(data, _):
    os.remove(data)
    os.symlink("nowhere", data)


def version(data, _):
    overwrite(data, 4, b"*31B")


def stamp(data, _):
    overwrite(data, 8, b"\1\2\3\4")


def checksum(data, _):
    overwrite(data, HEADER_BYTES + 12, b"\1\2\3\4")


def no_notes(_, notes):
    os.remove(notes)


def bad_notes(_, notes):
    with open(notes, "rb") as file:
        start = file.read(100)
    os.remove(notes)
    with open(notes, "wb") as file:
        file.write(start)


# How an object is broken, and what covdb must call it.
WAYS = [
    (empty, "damaged: the file is empty"),
    (foreign, "damaged: not a gcov data file"),
    (in_record, "truncated: cut short: the record at byte"),
    (between_records, "truncated: 1 functions, in the notes"),
    (unreadable, "unreadable: cannot open"),
    (version, "other version: compiler version 11.3"),
    (stamp, "stamp mismatch: stamp 04030201, in the notes"),
    (checksum, "checksum mismatch: function"),
    (no_notes, "without notes: no such object in the notes"),
    (bad_notes, "without notes: no such object in the notes"),
]


def link_notes(tree, folder):
    for base, _, names in os.walk(tree):
        for name in names:
            if name.endswith(".gcno"):
                inside = os.path.relpath(os.path.join(base, name), tree)
                os.makedirs(os.path.dirname(os.path.join(folder, inside)), exist_ok=True)
                os.symlink(os.path.join(base, name), os.path.join(folder, inside))


def decode(covdb, snapshot, notes):
    command = [covdb, "decode", snapshot, "--notes", notes, "--per-object"]
    done = subprocess.run(command, capture_output=True, text=True)
    rows = {}
    for row in done.stdout.splitlines():
        path, rest = row.split("\t", 1)
        rows.setdefault(path, []).append(rest)
    return done, rows


def main():
    covdb, trials, tree = sys.argv[1:]
    tree = os.path.realpath(tree)
    with tempfile.TemporaryDirectory() as folder:
        snapshot, notes = os.path.join(folder, "snapshot"), os.path.join(folder, "notes")
        os.mkdir(snapshot)
        archive = sorted(glob.glob(f"{trials}/*.tar*"))[-1]
        subprocess.run(["tar", "--warning=no-unknown-keyword", "-xf", archive, "-C", snapshot],
                       check=True)
        link_notes(tree, notes)
        done, whole = decode(covdb, snapshot, notes)
        assert done.returncode == 0, done.stderr
        paths = sorted(os.path.join(base, name) for base, _, names in os.walk(snapshot)
                       for name in names if name.endswith(".gcda"))
        large = [path for path in paths if os.path.getsize(path) > 500]
        chosen = large[:: len(large) // len(WAYS)][: len(WAYS)]
        stems = []
        for (damage, _), path in zip(WAYS, chosen):
            inside = os.path.relpath(path, snapshot).split(tree.lstrip("/") + "/", 1)[-1]
            stems.append(inside[: -len(".gcda")])
            damage(path, os.path.join(notes, stems[-1] + ".gcno"))
        done, rest = decode(covdb, snapshot, notes)
    failures = []
    if done.returncode != 1:
        failures.append(f"exit status {done.returncode}, not 1")
    problems = [row.split(": ", 1) for row in done.stderr.splitlines() if ".gc" in row]
    data = {name: what for name, what in problems if name.endswith(".gcda")}
    for (damage, what), stem in zip(WAYS, stems):
        got = [message for name, message in data.items() if name.endswith(f"/{stem}.gcda")]
        if len(got) != 1 or not got[0].startswith(what):
            failures.append(f"{stem}, {damage.__name__}: {got}, not '{what}'")
    if len(data) != len(WAYS):
        failures.append(f"{len(data)} objects named, not {len(WAYS)}")
    if [name for name, _ in problems if name.endswith(".gcno")] != [stems[-1] + ".gcno"]:
        failures.append("the damaged notes are not named, or others are")
    for stem in stems:
        whole.pop(stem + ".o")
    if whole != rest:
        failures.append("objects that are whole have other counts than before")
    last = done.stderr.splitlines()[-1]
    if not last.startswith(f"{len(paths) - len(WAYS)} objects decoded, "):
        failures.append(f"the last line: {last}")
    print("\n".join(f"not ok: {failure}" for failure in failures)
          or f"{len(paths)} objects, {len(WAYS)} broken in {len(WAYS)} ways: exactly those named, "
             f"{len(rest)} others with the counts they had")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
