#!/usr/bin/env python3
"""fleet_scale.py --covdb COVDB --source DIR [--counts 250,500,1000,2000] [--folder DIR] - what venn/fleet costs as snapshots become more.

The snapshots are those of the recorded study, repeated with noise: each object's counters are those of one of the trials of the same
platform and workload, by chance. Printed are, for each count, processor seconds, seconds, bytes and peak memory of each part, and the exponent
with which they grow. covdb_fleet, duckdb and pyarrow must be importable.
"""
import argparse
import concurrent.futures
import functools
import json
import math
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import tarfile
import tempfile
import time

from covdb_fleet import steps
from covdb_fleet.dataset import Dataset
from covdb_fleet.engines import DuckEngine
from covdb_fleet.job import run


def open_sources(paths):
    """The members of archives, by name."""
    archives = [tarfile.open(path) for path in paths]
    return [{member.name: (archive, member) for member in archive.getmembers() if member.isfile()} for archive in archives]


def make_snapshot(sources, path, chance):
    """An archive whose members come from any of the sources."""
    with tarfile.open(path, "w") as out:
        for name in sorted(sources[0]):
            archive, member = chance.choice(sources).get(name, sources[0][name])
            out.addfile(member, archive.extractfile(member))
    subprocess.run(["zstd", "-q", "--rm", path], check=True)


def make_fleet(study, folder, count):
    """Count snapshots: as many times the study as it takes, each time of another host, baselines first."""
    os.makedirs(folder, exist_ok=True)
    manifests = sorted((name for name in os.listdir(study) if name.endswith(".json")), key=lambda name: (not name.startswith("baseline"), name))
    groups = {}
    for index in range(count):
        name = manifests[index % len(manifests)]
        groups.setdefault(name.rsplit("-", 1)[0], []).append((index, name))
    for group, wanted in groups.items():
        sources = open_sources([os.path.join(study, name[:-len(".json")] + ".tar") for name in manifests if name.rsplit("-", 1)[0] == group])
        for index, name in wanted:
            host = index // len(manifests)
            base = f"host{host}.{name[:-len('.json')]}"
            if os.path.exists(os.path.join(folder, f"{base}.json")):
                continue
            make_snapshot(sources, os.path.join(folder, f"{base}.tar"), random.Random(index))
            with open(os.path.join(study, name), encoding="utf-8") as file:
                about = json.load(file)
            about["trial"]["host"] = f"host{host}"
            about["started_at"] = f"2026-12-{1 + host:02}T{about['started_at'][11:]}"
            about["snapshot"]["file"] = f"{base}.tar.zst"
            with open(os.path.join(folder, f"{base}.json"), "w", encoding="utf-8") as file:
                json.dump(about, file)


def tree_bytes(folder):
    """Bytes of a file, or of all below a folder."""
    if os.path.isfile(folder):
        return os.path.getsize(folder)
    return sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(folder) for name in names)


def peak_of_step(step, item):
    """A step, and the most memory that its worker or a program that it started had by then."""
    return step(item), max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


class MeasuredEngine(DuckEngine):
    """DuckDB, and what each part took: its workers begin and end with it."""

    def __init__(self, jobs):
        super().__init__(jobs, progress=False)
        self.parts = {}

    def finish(self, what, before, begin, peak):
        """Add what was spent since `before` to a part."""
        part = self.parts.setdefault(what, {"cpu_s": 0.0, "wall_s": 0.0, "peak_kib": 0})
        part["cpu_s"] += sum(os.times()[:4]) - before
        part["wall_s"] += time.monotonic() - begin
        part["peak_kib"] = max(part["peak_kib"], peak)

    def map(self, what, step, items):
        before, begin = sum(os.times()[:4]), time.monotonic()
        done = super().map(what, functools.partial(peak_of_step, step), items)
        self.finish(what, before, begin, max((peak for _, peak in done), default=0))
        return [result for result, _ in done]

    def ask(self, views, query):
        before, begin = sum(os.times()[:4]), time.monotonic()
        answer = super().ask(views, query)
        self.finish("ask", before, begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return answer


def measure(covdb, fleet, dataset):
    """One job from nothing, in a process of its own."""
    begin = time.monotonic()
    engine = MeasuredEngine(2)
    job = steps.Job(dataset, covdb, "permutation")
    report = run(job, engine, [fleet])
    assert not report["problems"], report["problems"]
    (build_id,) = Dataset(dataset).kernels()
    engine.map("database", functools.partial(steps.make_database, job, build_id), [os.path.join(dataset, "database.sqlite")])
    engine.close()
    # What is in no part: the lists of the driver.
    total = {"cpu_s": sum(os.times()[:4]), "wall_s": time.monotonic() - begin, "peak_kib": max(
        [part["peak_kib"] for part in engine.parts.values()] + [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])}
    bytes_of = {part: tree_bytes(os.path.join(dataset, part)) for part in sorted(os.listdir(dataset)) if part != "kernel"}
    return {"parts": {"all": total, **engine.parts}, "bytes": {"snapshots": tree_bytes(fleet), "all": sum(bytes_of.values()), **bytes_of}}


def print_table(count, result):
    """A row for each part, and one of bytes, as docs/fleet.md has them."""
    for part, spent in result["parts"].items():
        print(f"| {count} | {part} | {spent['cpu_s']:.1f} | {spent['wall_s']:.1f} | {spent['peak_kib'] / 1024:.0f} |")
    print(f"| {count} | MB: | " + ", ".join(f"{what} {size / 1e6:.1f}" for what, size in result["bytes"].items()) + " |", flush=True)


def print_exponents(counts, results):
    """How each figure grows from one count to the next."""
    for before, after in zip(range(len(counts)), range(1, len(counts))):
        old, new = results[before], results[after]
        figures = {f"{part} {unit}": (old["parts"][part][unit], spent[unit]) for part, spent in new["parts"].items() for unit in ("cpu_s", "wall_s")}
        figures.update({f"bytes of {what}": (old["bytes"][what], size) for what, size in new["bytes"].items()})
        print(f"{counts[before]} to {counts[after]}: " + ", ".join(
            f"{name} {math.log(high / low) / math.log(counts[after] / counts[before]):.2f}" for name, (low, high) in figures.items() if low and high))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--covdb", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--counts", default="250,500,1000,2000")
    parser.add_argument("--folder", help="where there is room: 1 MB a snapshot")
    arguments = parser.parse_args()
    counts = [int(count) for count in arguments.counts.split(",")]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        subprocess.run(["tar", "--zstd", "-xf", f"{arguments.source}/workloads/recorded/trials.tar.zst", "-C", folder, "study"], check=True)
        notes = os.path.join(folder, "notes")
        os.mkdir(notes)
        subprocess.run(["tar", "--zstd", "-xf", f"{arguments.source}/workloads/recorded/notes.tar.zst", "-C", notes], check=True)
        study = os.path.join(folder, "study", "trials")
        with open(os.path.join(study, "baseline-idle-1.json"), encoding="utf-8") as file:
            build_id = json.load(file)["kernel"]["build_id"]
        database, kernel = os.path.join(folder, "kernel.sqlite"), os.path.join(folder, f"{build_id}.covkernel")
        subprocess.run([arguments.covdb, "kernel", "add", "--db", database, "--notes", notes, "--build-id", build_id], check=True, stdout=2)
        subprocess.run([arguments.covdb, "kernel", "pack", "--db", database, "-o", kernel], check=True)
        results = []
        for count in counts:
            fleet, dataset = os.path.join(folder, "fleet"), os.path.join(folder, f"dataset{count}")
            make_fleet(study, fleet, count)
            os.makedirs(os.path.join(dataset, "kernel"))
            shutil.copy(kernel, os.path.join(dataset, "kernel"))
            with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                results.append(pool.submit(measure, arguments.covdb, fleet, dataset).result())
            print_table(count, results[-1])
            shutil.rmtree(dataset)
        print_exponents(counts, results)


if __name__ == "__main__":
    main()
