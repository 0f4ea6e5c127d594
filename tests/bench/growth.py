#!/usr/bin/env python3
"""growth.py - how a database grows, and how long questions take, up to 200 trials of a whole kernel.

The trials of recorded-84 are repeated with noise: in each copy every function's counters are
multiplied by a number of its own from 1 to 3, and one function in fifty did not run. Both keep what
flows into a block equal to what flows out of it, so that counts stay exact. A copy is a further trial
of its platform and workload, or of its baseline. Times are of whole processes, medians of 20.
"""
import argparse
import glob
import io
import json
import os
import random
import statistics
import struct
import subprocess
import sys
import tarfile
import tempfile
import time

ROUNDS = 20
HEADER_BYTES = 16  # magic, version, stamp, checksum, as GCC 12 writes them
FUNCTION_TAG, COUNTER_TAG = 0x01000000, 0x01A10000
FACTORS, STILL = (1, 2, 3), 0.02
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RECORDED = os.path.join(SOURCE, "tests", "bench", "recorded-84")

QUESTIONS = [
    "venn --dir net/",
    "venn --dir . --format json",
    "summary",
    "metrics",
    "claims",
    "objects",
    "venn --dir . --depth 2",
    "venn gvisor-runc --dir net",
    "functions --dir net",
    "functions do_mmap",
    "conditional --dir mm",
    "top runc gvisor",
    "annotate mm/mmap.c",
    "stability --dir net --workload stream",
    "export --footprint gvisor --dir net",
]


def noisy(data, chance):
    """A .gcda as after other work of the same kind. Lengths are in bytes, negative for all zeros."""
    data = bytearray(data)
    place = HEADER_BYTES
    factor = 1
    while place + 8 <= len(data):
        tag, length = struct.unpack_from("<Ii", data, place)
        place += 8
        if tag == 0:
            break
        if tag == FUNCTION_TAG:
            factor = 0 if chance.random() < STILL else chance.choice(FACTORS)
        if tag == COUNTER_TAG and length > 0 and factor != 1:
            values = struct.unpack_from(f"<{length // 8}q", data, place)
            if any(values):
                struct.pack_into(f"<{length // 8}q", data, place, *(v * factor for v in values))
        place += max(length, 0)
    return bytes(data)


def repeat(manifest_path, folder, number, chance):
    """Copy @number of a trial into a folder as covdb collect leaves it."""
    with open(manifest_path, encoding="utf-8") as file:
        manifest = json.load(file)
    name = f"copy-{number:03}"
    source = os.path.join(os.path.dirname(manifest_path), manifest["snapshot"]["file"])
    with tarfile.open(source) as old, tarfile.open(f"{folder}/{name}.tar", "w") as new:
        for member in old:
            if member.isfile():
                data = noisy(old.extractfile(member).read(), chance)
                new.addfile(member, io.BytesIO(data))
    manifest["snapshot"]["file"] = name + ".tar"
    manifest["started_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(2e9 + number))
    with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
        json.dump(manifest, file)


class Growth:
    """One database, and what it took at each size."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.database = os.path.join(folder, "covdb.sqlite")
        self.chance = random.Random(options.seed)
        self.questions = QUESTIONS + options.ask
        self.rows = []

    def covdb(self, *words):
        environment = dict(os.environ, COVDB=self.database, COVDB_DATA=SOURCE)
        return subprocess.run(
            [self.options.covdb, *words], env=environment, check=True, capture_output=True
        )

    def seconds(self, *words):
        start = time.monotonic()
        self.covdb(*words)
        return time.monotonic() - start

    def grow(self, first, count, manifests):
        """Import copies up to @count and measure."""
        folder = os.path.join(self.folder, f"to-{count}")
        os.makedirs(folder + "/trials")
        for number in range(first, count):
            repeat(manifests[number % len(manifests)], folder + "/trials", number, self.chance)
        row = {"trials": count, "import": self.seconds("import", folder)}
        row["megabytes"] = os.path.getsize(self.database) / 1e6
        for question in self.questions:
            times = [self.seconds(*question.split()) for _ in range(ROUNDS)]
            row[question] = statistics.median(times)
        self.rows.append(row)
        subprocess.run(["rm", "-rf", folder], check=True)
        print(f"growth: {count} trials, {row['megabytes']:.0f} MB", file=sys.stderr)

    def table(self):
        heads = ["trials", "MB", "MB per trial", "import s, footprints included"]
        yield heads + [f"`{question}` ms" for question in self.questions]
        for row in self.rows:
            yield [
                str(row["trials"]),
                f"{row['megabytes']:.0f}",
                f"{row['megabytes'] / row['trials']:.2f}",
                f"{row['import']:.1f}",
                *(f"{1000 * row[question]:.0f}" for question in self.questions),
            ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covdb", required=True)
    parser.add_argument("--sizes", default="25,50,100,200", help="numbers of trials")
    parser.add_argument("--seed", type=int, default=20200317)
    parser.add_argument("--ask", action="append", default=[], help="a further command, as 'summary'")
    options = parser.parse_args()
    options.covdb = os.path.abspath(options.covdb)
    with tempfile.TemporaryDirectory() as folder:
        growth = Growth(options, folder)
        subprocess.run(
            ["tar", "--zstd", "-xf", os.path.join(RECORDED, "trials.tar.zst"), "-C", folder],
            check=True,
        )
        subprocess.run(
            ["tar", "--zstd", "-xf", os.path.join(RECORDED, "notes.tar.zst"), "-C", folder],
            check=True,
        )
        manifests = sorted(glob.glob(folder + "/study/trials/*.json"))
        growth.chance.shuffle(manifests)
        # The idle host comes first: without it there are no footprints.
        manifests.sort(key=lambda path: "baseline-idle-1" not in path)
        with open(manifests[0], encoding="utf-8") as file:
            build_id = json.load(file)["kernel"]["build_id"]
        growth.covdb("kernel", "add", "--notes", folder, "--build-id", build_id)
        sizes = [int(size) for size in options.sizes.split(",")]
        for first, count in zip([0] + sizes, sizes):
            growth.grow(first, count, manifests)
    rows = list(growth.table())
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")


if __name__ == "__main__":
    main()
