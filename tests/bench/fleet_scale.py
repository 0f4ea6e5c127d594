#!/usr/bin/env python3
"""fleet_scale.py --covdb COVDB --source DIR [--counts 250,500,1000,2000] [--folder DIR] - what venn/fleet costs as snapshots become more.

The snapshots are those of the recorded study, repeated with noise: each object's counters are those of one of the trials of the same
platform and workload, by chance. Printed are, for each count, processor seconds, seconds, bytes and peak memory of each part, and the exponent
with which they grow. covdb_fleet, duckdb and pyarrow must be importable.
"""
import argparse
import json
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time


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
    return sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(folder) for name in names)


def measure(arguments, fleet, kernel, dataset):
    """One job from nothing."""
    os.makedirs(os.path.join(dataset, "kernel"))
    shutil.copy(kernel, os.path.join(dataset, "kernel"))
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(["/usr/bin/time", "-f", "%M", sys.executable, "-m", "covdb_fleet", "run", fleet, "--dataset", dataset, "--covdb",
                           arguments.covdb, "--jobs", "2"], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(done.stdout)
    parts = {part: tree_bytes(os.path.join(dataset, part)) for part in ("counters", "hit", "trial", "base", "footprint", "region", "summary", "line")}
    return {"cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1), "wall_s": round(time.monotonic() - begin, 1),
            "peak_kib": int(done.stderr.strip().splitlines()[-1]), "seconds": report["seconds"], "bytes": parts,
            "total_bytes": sum(parts.values())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--covdb", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--counts", default="250,500,1000,2000")
    parser.add_argument("--folder", help="keep what is made there")
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
            fleet = os.path.join(folder, "fleet")
            make_fleet(study, fleet, count)
            results.append(measure(arguments, fleet, kernel, os.path.join(folder, f"dataset{count}")))
            results[-1]["snapshot_bytes"] = tree_bytes(fleet)
            print(count, json.dumps(results[-1]), flush=True)
            shutil.rmtree(os.path.join(folder, f"dataset{count}"))
        for key in ("cpu_s", "wall_s", "total_bytes", "peak_kib"):
            slope = math.log(results[-1][key] / results[0][key]) / math.log(counts[-1] / counts[0]) if len(counts) > 1 else float("nan")
            print(f"{key}: exponent {slope:.2f}")


if __name__ == "__main__":
    main()
