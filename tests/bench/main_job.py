#!/usr/bin/env python3
"""main_job.py - the main job, snapshots to regions: covdb, and the shortest pipeline of each peer.

covdb does the whole of recorded-84, database and all. A peer decodes snapshots one by one; a script
then keeps the lines that a trial executed more often per second than the idle machine did, and
counts, for each directory, the lines of each combination of platforms. That script is kept as short
as it can be: one trial of each group, no tests, no observer, nothing stored. A peer does an idle
trial and one workload on each platform, and what the rest would take is computed from them and
marked as such; the regions are compared with those of covdb on the same trials.
"""
import argparse
import collections
import contextlib
import glob
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench  # noqa: E402 (beside this file)
import growth  # noqa: E402 (beside this file)

WORKLOAD = "stream"
FIRST_DIFFERENCES = 5


class Study:
    """recorded-84, unpacked: trials as manifests beside tar archives, notes as a tree."""

    def __init__(self, folder):
        self.folder = folder
        self.notes = os.path.join(folder, "notes")
        os.mkdir(self.notes)
        for archive, place in (("trials", folder), ("notes", self.notes)):
            path = os.path.join(growth.RECORDED, archive + ".tar.zst")
            subprocess.run(["tar", "--zstd", "-xf", path, "-C", place], check=True)
        self.manifests = sorted(glob.glob(folder + "/*/trials/*.json"))
        self.trials = [self.read(path) for path in self.manifests]

    def read(self, path):
        with open(path, encoding="utf-8") as text:
            manifest = json.load(text)
        manifest["path"] = path
        manifest["tar"] = os.path.join(os.path.dirname(path), manifest["snapshot"]["file"])
        return manifest

    def sample(self):
        """Idle, and the first trial of one workload on each platform."""
        chosen = {}
        for trial in self.trials:
            what = trial["trial"]
            if trial["status"] == "ok" and not what["phase"]:
                if what["baseline"] == "idle":
                    chosen.setdefault("idle", trial)
                elif what["workload"] == WORKLOAD:
                    chosen.setdefault(what["platform"], trial)
        return chosen


def subtract_and_intersect(counts, seconds):
    """Regions: {directory: {platforms: lines}} of counts {platform: {(file, line): count}}."""
    idle = counts["idle"]
    kept = collections.defaultdict(list)
    for platform in sorted(counts.keys() - {"idle"}):
        for key, count in counts[platform].items():
            if count > 0 and count / seconds[platform] > idle.get(key, 0) / seconds["idle"]:
                kept[key].append(platform)
    regions = collections.defaultdict(collections.Counter)
    for (name, _), platforms in kept.items():
        region = tuple(platforms)
        regions["."][region] += 1
        folder = os.path.dirname(name)
        while folder and not name.startswith("/"):
            regions[folder][region] += 1
            folder = os.path.dirname(folder)
    return regions


class Peer:
    """One decoder, from a folder with .gcda beside .gcno to counts."""

    def __init__(self, tool, lab):
        self.tool, self.lab = tool, lab
        self.seconds, self.script_seconds, self.regions = [], 0.0, {}

    def decode(self, trial):
        """Counts of a trial; unpacking, decoding and reading are part of the job, removing is not."""
        start = time.perf_counter()
        self.lab.fill(trial)
        run = bench.measure(self.lab, self.tool)
        if self.tool.failure:
            raise SystemExit(f"main_job: {self.tool.name}: {self.tool.failure}")
        counts, _ = bench.read_info(self.lab, self.lab.path(self.tool.read.split()[1]))
        self.seconds.append(time.perf_counter() - start)
        self.tool.runs.append(run)
        return counts

    def work(self, sample):
        counts = {name: self.decode(trial) for name, trial in sample.items()}
        start = time.perf_counter()
        seconds = {name: trial["duration_ns"] / 1e9 for name, trial in sample.items()}
        self.regions = subtract_and_intersect(counts, seconds)
        self.script_seconds = time.perf_counter() - start

    def whole(self, snapshots, groups):
        """Seconds for as many snapshots, and groups of four platforms."""
        return statistics.mean(self.seconds) * snapshots + self.script_seconds * groups


class Pairs(bench.Lab):
    """The folder that peers read: links to all notes, and the .gcda of one snapshot beside them."""

    def __init__(self, options, folder, study):
        # Not bench.Lab's own: that is for a single snapshot.
        self.covdb, self.gcov, self.jobs = options.covdb, options.gcov, os.cpu_count()
        self.peers, self.folder, self.tree = os.path.abspath(options.peers), folder, study.notes
        self.printer, self.snapshot, self.archive = None, folder, folder
        self.pairs, self.root = os.path.join(folder, "pairs"), ""
        shutil.copytree(study.notes, self.pairs, copy_function=os.symlink)

    def normal(self, name):
        """A source's path, relative to the tree in which the kernel was built, or that lcov is told it was."""
        built = f"/{self.root}/linux/".replace("//", "/")
        return os.path.normpath(name).removeprefix(built).removeprefix(self.tree + "/")

    def fill(self, trial):
        with tarfile.open(trial["tar"]) as archive:
            for member in archive:
                if member.isfile():
                    self.root, _, inside = member.name.partition("/linux/")
                    with open(os.path.join(self.pairs, inside), "wb") as file:
                        file.write(archive.extractfile(member).read())


def covdb_regions(options, folder, study, sample):
    """What covdb says of the sample alone, by the same rule."""
    place = os.path.join(folder, "sample")
    os.makedirs(place + "/trials")
    for trial in sample.values():
        shutil.copy(trial["path"], place + "/trials")
        shutil.copy(trial["tar"], place + "/trials")
    database = os.path.join(folder, "sample.sqlite")
    build_id = sample["idle"]["kernel"]["build_id"]
    for words in (
        ["kernel", "add", "--notes", study.notes, "--build-id", build_id],
        ["import", place],
        ["diff", "--rule", "rate"],
    ):
        subprocess.run(
            [options.covdb, *words], env=dict(os.environ, COVDB=database), check=True, capture_output=True
        )
    regions = collections.defaultdict(collections.Counter)
    with contextlib.closing(sqlite3.connect(database)) as stored:
        for path, lines, platforms in stored.execute(REGIONS, (WORKLOAD,)):
            regions[path][tuple(sorted(platforms.split(",")))] += lines
    return regions


REGIONS = """
SELECT directory.path AS path, lines,
  (SELECT group_concat(name, ',') FROM platform WHERE mask & (1 << bit)) AS platforms
FROM region JOIN directory USING (directory_id) JOIN workload USING (workload_id)
WHERE workload.name = ? AND lines > 0
"""


def differing(got, expected):
    """Regions of all directories that differ, and how many there are."""
    keys = {(d, r) for side in (got, expected) for d in side for r in side[d]}
    wrong = sorted(key for key in keys if got[key[0]][key[1]] != expected[key[0]][key[1]])
    for folder, region in wrong[:FIRST_DIFFERENCES]:
        bench.say(f"{folder} {'+'.join(region)}: {got[folder][region]}, covdb {expected[folder][region]}")
    return len(wrong), len(keys)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covdb", required=True)
    parser.add_argument("--peers", default="peers", help="where install.sh put peers")
    parser.add_argument("--gcov", default="gcov-12")
    parser.add_argument("--tools", default="fastcov,grcov,lcov1,lcov2")
    parser.add_argument("--rounds", type=int, default=5, help="of covdb")
    options = parser.parse_args()
    options.covdb = os.path.abspath(options.covdb)
    with tempfile.TemporaryDirectory(prefix="covdb-main-job.") as folder:
        study = Study(folder)
        sample = study.sample()
        snapshots = len(study.trials)
        groups = len({trial["trial"]["workload"] for trial in study.trials} - {None})
        lab = Pairs(options, folder, study)
        load = os.path.join(growth.SOURCE, "workloads", "recorded", "load.sh")
        own = bench.Tool("main", "covdb", [load, options.covdb, folder + "/main.sqlite", growth.RECORDED])
        bench.run_rounds(lab, [own], options.rounds)
        base = statistics.median(run.wall_s for run in own.runs)
        walls = bench.seconds([run.wall_s for run in own.runs])
        rows = [["covdb, database included", snapshots, walls, f"{base:.1f}", "1", ""]]
        expected = covdb_regions(options, folder, study, sample)
        for tool in bench.choose(bench.decoders(lab), options.tools)[0]:
            peer = Peer(tool, lab)
            peer.work(sample)
            whole = peer.whole(snapshots, groups)
            wrong, regions = differing(peer.regions, expected)
            bench.say(f"{tool.name}: {whole:.0f} s")
            rows.append(
                [
                    f"{bench.label(tool)} and a script",
                    len(sample),
                    bench.seconds(peer.seconds) + f" each, {peer.script_seconds:.1f} the script",
                    f"{whole:,.0f}, computed",
                    f"{whole / base:,.0f}",
                    f"{wrong:,} of {regions:,}",
                ]
            )
    print(f"{bench.machine()}; load {os.getloadavg()[0]:.1f} at the end.\n")
    heads = ["pipeline", "snapshots", "wall s", f"s for {snapshots}", "ratio", "regions differing"]
    print("\n".join(bench.markdown(heads, rows)))


if __name__ == "__main__":
    main()
