#!/usr/bin/env python3
"""scale.py - time and memory of each step against size: trials, platforms, kernels, lines.

Trials are those of recorded-84 with noise, as growth.py makes them; further platforms and kernels
are the same under other names. Lines are those of a tracefile that is made up. Each size is a
database of its own, each step a whole process; its processor time on one thread and on all, wall
time on all, and largest memory are printed, and the exponent with which each grows: 1 is linear, below
it fixed costs show. With --instructions cachegrind counts instructions on one thread as well, which are the same
in every run, however busy the machine is.
"""
import argparse
import glob
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench  # noqa: E402 (beside this file)
import growth  # noqa: E402 (beside this file)

sys.path.insert(0, os.path.join(growth.SOURCE, "tests", "recorded"))
import guard  # noqa: E402 (in another folder)

SIZES = {
    "trials": (25, 50, 100, 250, 500, 1000),
    "platforms": (1, 2, 4, 8, 16),
    "kernels": (1, 2, 4, 8),
    "lines": (625_000, 1_250_000, 2_500_000, 5_000_000),
}
TRIALS_OF_PLATFORM, TRIALS_OF_KERNEL = 5, 25
FUNCTION_LINES, FILE_LINES = 50, 2500


class Source:
    """recorded-84, unpacked, of which trials are copied."""

    def __init__(self, folder):
        self.folder = folder
        for archive in ("trials", "notes"):
            path = os.path.join(growth.RECORDED, archive + ".tar.zst")
            subprocess.run(["tar", "--zstd", "-xf", path, "-C", folder], check=True)
        self.manifests = sorted(glob.glob(folder + "/study/trials/*.json"))
        self.idle = [path for path in self.manifests if "baseline-idle-1" in path]
        with open(self.idle[0], encoding="utf-8") as text:
            self.build_id = json.load(text)["kernel"]["build_id"]

    def of(self, platform, workload):
        return [path for path in self.manifests if f"/{platform}-{workload}-" in path]


def change(path, changes):
    """Set fields of a manifest, named as ("trial", "platform")."""
    with open(path, encoding="utf-8") as text:
        manifest = json.load(text)
    for (part, field), value in changes.items():
        manifest[part][field] = value
    with open(path, "w", encoding="utf-8") as text:
        json.dump(manifest, text)


class Copies:
    """A folder of trials that grows: copies of a source's, made only once for all sizes."""

    def __init__(self, source, seed):
        self.source, self.number = source, 0
        self.chance = growth.random.Random(seed)
        self.folder = tempfile.mkdtemp(dir=source.folder)
        os.mkdir(self.folder + "/trials")

    def add(self, manifest, changes):
        growth.repeat(manifest, self.folder + "/trials", self.number, self.chance)
        change(f"{self.folder}/trials/copy-{self.number:03}.json", changes)
        self.number += 1


class Scale:
    """What is measured of one database: {step: [(size, wall s, CPU s, MB, instructions)]}."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.database = os.path.join(folder, "covdb.sqlite")
        self.rows = {}
        self.tree = self.printer = None  # of bench.measure()

    def path(self, name):
        return os.path.join(self.folder, name)

    def fresh(self):
        for path in glob.glob(self.database + "*"):
            os.remove(path)

    def run(self, words, jobs):
        environment = {"COVDB": self.database, "COVDB_DATA": growth.SOURCE, "COVDB_CACHE": "off"}
        if jobs:
            environment["COVDB_JOBS"] = str(jobs)
        tool = bench.Tool(words[0], words[0], [self.options.covdb, *words], env=environment)
        self.tree = self.folder
        run = bench.measure(self, tool)
        if tool.failure:
            raise SystemExit(f"scale: {' '.join(words)}: {tool.failure}")
        return run

    def step(self, label, size, words, undo=None):
        """Measure a command on all threads and on one; undo() makes it possible once more."""
        many = self.run(words, None)
        if undo:
            undo()
        one = self.run(words, 1)
        counted = None
        if self.options.instructions:
            if undo:
                undo()
            environment = dict(os.environ, COVDB=self.database, COVDB_JOBS="1", COVDB_CACHE="off")
            counted = guard.instructions(self.folder, environment, [self.options.covdb, *words])
        peak = max(many.peak_kb, one.peak_kb) * 1024 / 1e6
        self.rows.setdefault(label, []).append((size, many.wall_s, one.cpu_s, many.cpu_s, peak, counted))
        bench.say(f"{label}, {size:,}: {many.wall_s:.2f} s wall, {many.cpu_s:.2f} s CPU, {peak:.0f} MB")

    def steps(self, size, prepare, folder):
        """The steps of a study: import, footprints, report, questions."""
        def again():
            self.fresh()
            prepare()

        again()
        self.step("import", size, ["import", folder], again)
        self.step("diff", size, ["diff"])
        report = self.path("report")
        self.step("report", size, ["report", "-o", report], lambda: shutil.rmtree(report))
        shutil.rmtree(report)
        for words in ("summary", "venn --dir net/", "functions --dir net", "stability --dir net"):
            self.step(words, size, words.split())
        self.note_database(size)

    def one_more(self, size, folder):
        """A further trial of a group that there is."""
        kept = self.path("kept.sqlite")
        shutil.copy(self.database, kept)
        self.step("one more trial", size, ["import", folder], lambda: shutil.copy(kept, self.database))

    def note_database(self, size):
        megabytes = os.path.getsize(self.database) / 1e6
        self.rows.setdefault("database", []).append((size, None, None, None, megabytes, None))


def add_kernel(scale, source, name, build_id):
    words = ["kernel", "add", "--notes", source.folder, "--build-id", build_id, "--name", name]
    scale.run(words, None)


def by_trials(scale, source, sizes):
    copies = Copies(source, 1)
    manifests = list(source.manifests)
    copies.chance.shuffle(manifests)
    manifests.sort(key=lambda path: path not in source.idle)
    more = Copies(source, 4)
    more.number = max(sizes)
    more.add(source.of("runc", "stream")[0], {})
    for size in sizes:
        while copies.number < size:
            copies.add(manifests[copies.number % len(manifests)], {})
        scale.steps(size, lambda: add_kernel(scale, source, "k", source.build_id), copies.folder)
        scale.one_more(size, more.folder)


def by_platforms(scale, source, sizes):
    copies = Copies(source, 2)
    for _ in range(TRIALS_OF_PLATFORM):
        copies.add(source.idle[0], {})
    done = 0
    for size in sizes:
        while done < size:
            platform = ("host", "runc", "gvisor", "microvm")[done % 4]
            for _ in range(TRIALS_OF_PLATFORM):
                copies.add(source.of(platform, "stream")[0], {("trial", "platform"): f"p{done}"})
            done += 1
        scale.steps(size, lambda: add_kernel(scale, source, "k", source.build_id), copies.folder)


def by_kernels(scale, source, sizes):
    copies = Copies(source, 3)
    build_ids = []
    for size in sizes:
        while len(build_ids) < size:
            build_ids.append(f"{len(build_ids):02x}" * 20)
            others = source.idle + source.of("runc", "stream") + source.of("gvisor", "stream")
            for number in range(TRIALS_OF_KERNEL):
                copies.add(others[number % len(others)], {("kernel", "build_id"): build_ids[-1]})

        def prepare(count=size):
            for number in range(count):
                add_kernel(scale, source, f"k{number}", build_ids[number])

        scale.fresh()
        for number in range(size - 1):
            add_kernel(scale, source, f"k{number}", build_ids[number])
        words = ["kernel", "add", "--notes", source.folder, "--name", "last", "--build-id"]
        undo = ["kernel", "remove", "last"]
        scale.step("one more kernel add", size, [*words, build_ids[-1]], lambda: scale.run(undo, None))
        scale.fresh()
        prepare()
        scale.step("import", size, ["import", copies.folder], lambda: (scale.fresh(), prepare()))
        for words in ("diff", "summary", "venn --dir net/"):
            scale.step(words, size, [*words.split(), "--kernel", "k0"])


def tracefile(path, lines, is_idle):
    """One of so many lines, a third of them executed, fewer when idle."""
    with open(path, "w", encoding="ascii") as info:
        for first in range(0, lines, FILE_LINES):
            info.write(f"TN:\nSF:/linux/dir{first // FILE_LINES % 97}/file{first // FILE_LINES}.c\n")
            for line in range(1, FILE_LINES + 1):
                index = first + line
                is_hit = (index // FUNCTION_LINES) % 3 == 0 and (not is_idle or index % 7 == 0)
                info.write(f"DA:{line},{index % 1000 + 1 if is_hit else 0}\n")
            info.write("end_of_record\n")


def by_lines(scale, source, sizes):
    for size in sizes:
        idle, busy = (os.path.join(source.folder, name) for name in ("idle.info", "busy.info"))
        tracefile(idle, size, True)
        tracefile(busy, size, False)
        scale.fresh()
        scale.step("kernel add --info", size, ["kernel", "add", "--info", idle, busy], scale.fresh)
        words = ["import", "--seconds", "5", "--workload"]
        scale.run([*words, "idle", "--platform", "host", "--baseline", idle], None)
        for platform in ("host", "runc"):
            scale.step(
                f"import of a tracefile as {platform}",
                size,
                [*words, "w", "--platform", platform, busy],
                lambda: scale.run(["trial", "remove", f"{platform}/w/1"], None),
            )
        for words in ("diff", "venn --dir dir1"):
            scale.step(words, size, words.split())


def exponent(pairs):
    """Slope of the logarithms, by least squares."""
    points = [(math.log(size), math.log(value)) for size, value in pairs if value and value > 0]
    if len(points) < 2:
        return ""
    mean = [sum(axis) / len(points) for axis in zip(*points)]
    above = sum((x - mean[0]) * (y - mean[1]) for x, y in points)
    return f"{above / sum((x - mean[0]) ** 2 for x, _ in points):.2f}"


COLUMNS = (
    ("wall s", 1, "{:.2f}"),
    ("CPU s, one thread", 2, "{:.2f}"),
    ("CPU s, all", 3, "{:.2f}"),
    ("peak MB", 4, "{:.0f}"),
    ("10^6 instructions", 5, "{:,.0f}"),
)


def table(rows):
    """A row for each step and measure; a column for each size."""
    sizes = [row[0] for row in next(iter(rows.values()))]
    cells = []
    for label, measured in rows.items():
        for name, index, form in COLUMNS:
            values = [(row[0], row[index]) for row in measured]
            if all(value is None for _, value in values):
                continue
            unit = 1e6 if index == 5 else 1
            shown = [form.format(value / unit) for _, value in values]
            cells.append([label, name, *shown, exponent(values)])
    return bench.markdown(["step", "", *(f"{size:,}" for size in sizes), "exponent"], cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covdb", required=True)
    parser.add_argument("--of", default=",".join(SIZES), help="which sizes: " + ",".join(SIZES))
    parser.add_argument("--sizes", help="numbers, in place of those built in")
    parser.add_argument("--instructions", action="store_true", help="count them too: slow")
    options = parser.parse_args()
    options.covdb = os.path.abspath(options.covdb)
    measures = {"trials": by_trials, "platforms": by_platforms, "kernels": by_kernels, "lines": by_lines}
    print(f"{bench.machine()}; load {os.getloadavg()[0]:.1f} before.")
    for name in options.of.split(","):
        sizes = [int(size) for size in options.sizes.split(",")] if options.sizes else SIZES[name]
        with tempfile.TemporaryDirectory(prefix="covdb-scale.") as folder:
            scale = Scale(options, folder)
            os.mkdir(folder + "/source")
            measures[name](scale, Source(folder + "/source"), sizes)
        print(f"\nBy {name}:\n")
        print("\n".join(table(scale.rows)), flush=True)


if __name__ == "__main__":
    main()
