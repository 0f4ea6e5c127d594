#!/usr/bin/env python3
"""databases.py TARGET [--count N] [--seed N] [--jobs N] [--keep FOLDER] - changed databases, and what every command makes of them.

TARGET is database_fuzz, built without libFuzzer; sanitizers are what makes it worth while. The first databases are every value in
every column and every change of the schema, a seed shuffles them; the others have several changes each, of values and of bytes.
A database after which TARGET ends with anything but its figures is a finding: it is kept, and the others go on.
"""
import argparse
import collections
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# Of database_change.c; a number beyond wraps around there.
COLUMNS, VALUES, SCHEMA_CHANGES = 136, 48, 35
CHUNK = 250
FIGURES = re.compile(r"(\d+) databases, (\d+) commands: (\d+) answered, (\d+) refused", re.A)


def make_inputs(count, seed):
    source = random.Random(seed)
    yield from (bytes([2, change, 0, 0, 0, 0]) for change in range(SCHEMA_CHANGES))
    single = [bytes([0, column, value, 0, rows, 0])
              for column, value, rows in itertools.product(range(COLUMNS), range(VALUES), (0, 1))]
    source.shuffle(single)
    yield from single[: (count - SCHEMA_CHANGES) * 2 // 3]
    while True:
        kind = source.choice([3, 3, None])
        changes = [bytearray(source.randbytes(6)) for _ in range(source.choice([1, 1, 2, 3, 8]))]
        for change in changes:
            change[0] = source.choice([0, 3]) if kind is None else kind
        yield b"".join(bytes(change) for change in changes)


def run(target, paths):
    """Figures of some inputs, and the findings: (path, what TARGET said)."""
    figures, findings = collections.Counter(), []
    while paths:
        done = subprocess.run([target, *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False)
        match = FIGURES.search(done.stdout)
        if match:
            figures.update(dict(zip(("databases", "commands", "answered", "refused"), map(int, match.groups()))))
        if match and done.returncode == 0:
            break
        started = [line for line in done.stdout.splitlines() if line in set(paths)]
        culprit = paths.index(started[-1]) if started else 0
        findings.append((paths[culprit], done.stdout.split(paths[culprit] + "\n", 1)[-1]))
        figures["databases"] += culprit + 1
        paths = paths[culprit + 1:]
    return figures, findings


def summary(said):
    for pattern in (r"SUMMARY: .*", r".*runtime error: .*", r".*does not hold: .*", r"covdb.*"):
        found = re.search(pattern, said)
        if found:
            return found.group()
    return said.strip().splitlines()[-1] if said.strip() else "no word"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", default="databases-found")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, data in enumerate(itertools.islice(make_inputs(options.count, options.seed), options.count)):
            paths.append(f"{folder}/{number:06}")
            with open(paths[-1], "wb") as file:
                file.write(data)
        # As many processes at once as there are jobs, each of which makes the study once.
        chunk = min(CHUNK, -(-len(paths) // options.jobs))
        chunks = [paths[i: i + chunk] for i in range(0, len(paths), chunk)]
        with ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(lambda chunk: run(options.target, chunk), chunks))
        figures = sum((result[0] for result in results), collections.Counter())
        findings = [finding for result in results for finding in result[1]]
        for path, said in findings:
            os.makedirs(options.keep, exist_ok=True)
            name = f"{options.keep}/{os.path.basename(path)}"
            os.replace(path, name)
            print(f"{name}: {summary(said)}")
    print(f"{figures['databases']} databases, {figures['commands']} commands: {figures['answered']} answered, "
          f"{figures['refused']} refused with a message, {len(findings)} findings")
    return bool(findings) or figures["databases"] != options.count


if __name__ == "__main__":
    sys.exit(main())
