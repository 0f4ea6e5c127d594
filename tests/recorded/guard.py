#!/usr/bin/env python3
"""
guard.py COVDB SOURCE_DIR COMPILER BUILD_TYPE [--renew] - decode, import and diff execute no more instructions than they did.

Of tests/bench/recorded-84 four trials are imported and one more, and all footprints made again, on one thread, within
valgrind, which counts instructions: the same ones in every run, however busy the machine is. guard.json has the counts for each compiler, SQLite and
zstd; 5 % more fail the test. With --renew they are written there: do that when the work has grown for a reason, and say it
in the commit.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 1.05
TRIALS = ("baseline-idle-1", "host-cpu-1", "runc-cpu-1", "gvisor-cpu-1")
ONE_MORE = "gvisor-cpu-2"
FIGURES = Path(__file__).with_name("guard.json")


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def version(*command):
    return re.search(r"\d+\.\d+\.\d+", subprocess.run(command, capture_output=True, text=True, check=True).stdout).group()


def instructions(folder, environment, command):
    """How many a command executes, which has to end well."""
    done = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command], cwd=folder,
                          env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    counted = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode or not counted:
        sys.exit(f"not ok: {' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")
    return int(counted.group(1).replace(",", ""))


def measure(covdb, source, folder):
    """{what: instructions}"""
    recorded = source / "tests" / "bench" / "recorded-84"
    (folder / "notes").mkdir()
    for archive, place in (("notes", folder / "notes"), ("trials", folder)):
        subprocess.run(["tar", "--zstd", "-xf", recorded / f"{archive}.tar.zst", "-C", place], check=True)
    for name, place in [*((name, "few") for name in TRIALS), (ONE_MORE, "one")]:
        trials = folder / place / "trials"
        trials.mkdir(parents=True, exist_ok=True)
        for suffix in (".json", ".tar"):
            (folder / "study" / "trials" / (name + suffix)).rename(trials / (name + suffix))
    build_id = json.loads((folder / "few" / "trials" / "baseline-idle-1.json").read_text(encoding="utf-8"))["kernel"]["build_id"]
    environment = dict(os.environ, COVDB_JOBS="1", COVDB=str(folder / "db.sqlite"), COVDB_CACHE="off", LC_ALL="C")
    subprocess.run([covdb, "kernel", "add", "--notes", "notes", "--build-id", build_id], cwd=folder, env=environment,
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    counts = {what: instructions(folder, environment, [covdb, *words]) for what, words in (
        ("import", ["import", "few"]),
        ("one more", ["import", "one"]),
        ("decode", ["decode", "few/trials/runc-cpu-1.tar"]),
    )}
    database = sqlite3.connect(folder / "db.sqlite")
    database.executescript("PRAGMA foreign_keys = ON; DELETE FROM footprint; DELETE FROM region")
    database.close()
    return counts | {"diff": instructions(folder, environment, [covdb, "diff"])}


def main():
    covdb, source, compiler, build_type = sys.argv[1:5]
    if build_type != "Release":
        skip(f"a {build_type} build has no figures")
    for program in ("valgrind", "sqlite3", "zstd"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    key = f"{compiler}, SQLite {version('sqlite3', '--version')}, zstd {version('zstd', '--version')}"
    is_renewed = "--renew" in sys.argv
    if key not in figures and not is_renewed:
        skip(f"no figures for {key}; tests/recorded/guard.py ... --renew makes them")
    with tempfile.TemporaryDirectory() as folder:
        counts = measure(os.path.abspath(covdb), Path(source).resolve(), Path(folder))
    if is_renewed:
        figures[key] = counts
        FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    worse = [what for what, count in counts.items() if count > LIMIT * figures[key][what]]
    for what, count in counts.items():
        print(f"{what}: {count:,} instructions, {count / figures[key][what]:.4f} of those of guard.json")
    if worse:
        print(f"not ok: more than {LIMIT} times: {', '.join(worse)}. If they are needed, renew the figures:")
        print(f"  tests/recorded/guard.py COVDB . '{compiler}' Release --renew")
    sys.exit(bool(worse))


if __name__ == "__main__":
    main()
