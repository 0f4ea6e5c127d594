#!/usr/bin/env python3
"""bench.py - measure covdb and its peers on one snapshot in one run, and compare their counts.

A snapshot is unpacked into a temporary folder: once as it is, for covdb and cat, and once with a
link to each object's .gcno beside it, as the peers need it. After one warm-up the tools take turns,
so that a change of the machine's load meets all of them; one above 30 s runs once. What each tool wrote is then compared with
gcov, line by line. Peers that are not installed are named and left out; tests/bench/install.sh
installs them.

Memory is the peak resident set of the largest process that a command ran, as wait4() tells it.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "oracle"))
import gcov_oracle  # noqa: E402 (in another folder)

SLOW_SECONDS = 30
CHUNK = 100  # objects per gcov process
OWN = ("COVDB_JOBS", "COVDB_CACHE")  # variables that each tool has as its row says

Run = collections.namedtuple("Run", "wall_s cpu_s peak_kb")


class Tool:
    """One row: a command, how to prepare each run untimed, and how to read what it wrote."""

    def __init__(self, name, label, command, **settings):
        self.name = name
        self.label = label
        self.command = command
        self.version = settings.get("version", "")
        self.env = settings.get("env", {})
        self.prepare = settings.get("prepare")
        self.read = settings.get("read")
        self.rounds = settings.get("rounds")
        self.reason = settings.get("reason", "")  # why it differs from gcov, as far as known
        self.needs = settings.get("needs", command[0])
        self.says_seconds = settings.get("says_seconds", False)  # wall and CPU, in place of its own
        self.runs = []
        self.failure = ""
        self.floor_kb = 0
        self.counts = None


class Lab:
    """The folders and files that the tools work on."""

    def __init__(self, options, folder):
        self.covdb = os.path.abspath(options.covdb)
        self.gcov = options.gcov
        self.jobs = os.cpu_count()
        self.peers = os.path.abspath(options.peers)
        self.results = options.results
        self.folder = folder
        self.tree = os.path.realpath(options.notes)
        self.snapshot = os.path.join(folder, "snapshot")
        self.pairs = os.path.join(folder, "pairs")
        self.printer = options.printer and os.path.abspath(options.printer)
        self.objects, self.size_bytes = self.unpack(options.snapshot)
        self.archive = os.path.join(folder, "snapshot.tar.zst")
        subprocess.run(["tar", "--zstd", "-cf", self.archive, "-C", self.snapshot, "."], check=True)

    def unpack(self, snapshot):
        if os.path.isdir(snapshot):
            shutil.copytree(snapshot, self.snapshot, ignore=shutil.ignore_patterns("*.gcno", "*.o"))
        else:
            os.mkdir(self.snapshot)
            subprocess.run(
                ["tar", "--warning=no-unknown-keyword", "-xf", snapshot, "-C", self.snapshot],
                check=True,
            )
        objects = []
        size_bytes = 0
        for base, _, names in os.walk(self.snapshot):
            for name in names:
                if name.endswith(".gcda"):
                    path = os.path.join(base, name)
                    size_bytes += os.path.getsize(path)
                    objects.append(self.pair(path))
        if not objects:
            raise SystemExit(f"bench: no .gcda file in {snapshot}")
        return sorted(objects), size_bytes

    def pair(self, path):
        """Link a .gcda and its .gcno into the folder of pairs, at their path in the build tree."""
        inside = os.path.relpath(path, self.snapshot)
        inside = inside.split(self.tree.lstrip("/") + "/", 1)[-1]
        target = os.path.join(self.pairs, inside)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.link(path, target)
        notes = os.path.join(self.tree, inside[: -len("gcda")] + "gcno")
        if not os.path.exists(notes):
            raise SystemExit(f"bench: {inside} has no notes at {notes}")
        os.symlink(notes, target[: -len("gcda")] + "gcno")
        return target

    def path(self, name):
        return os.path.join(self.folder, name)

    def normal(self, name):
        """A source's path, relative to the build tree where it is inside."""
        path = os.path.normpath(os.path.join(self.tree, name))
        return path[len(self.tree) + 1 :] if path.startswith(self.tree + "/") else path


def read_tsv(lab, path):
    counts = collections.Counter()
    with open(path, encoding="utf-8", errors="surrogateescape") as rows:
        for row in rows:
            name, line, count = row.rstrip("\n").split("\t")
            counts[lab.normal(name), int(line)] += int(count)
    return counts, ""


def read_info(lab, path):
    counts = collections.Counter()
    sections = collections.Counter()
    name = None
    with open(path, encoding="utf-8", errors="surrogateescape") as rows:
        for row in rows:
            if row.startswith("SF:"):
                name = lab.normal(row[3:].rstrip("\n"))
                sections[name] += 1
            elif row.startswith("DA:"):
                line, count = row[3:].split(",")[:2]
                counts[name, int(line)] += int(count)
    repeated = sum(1 for count in sections.values() if count > 1)
    return counts, f"{repeated:,} files listed more than once, added up here" if repeated else ""


def read_gcovr(lab, path):
    counts = collections.Counter()
    with open(path, encoding="utf-8", errors="surrogateescape") as text:
        document = json.load(text)
    for file in document["files"]:
        name = lab.normal(file["file"])
        for line in file["lines"]:
            if not line.get("gcovr/noncode"):
                counts[name, line["line_number"]] += line["count"]
    return counts, ""


def read_gcov(lab, _):
    """gcov itself, apart from the measured runs, whose output nobody keeps."""
    counts = collections.Counter()
    chunks = [lab.objects[i : i + CHUNK] for i in range(0, len(lab.objects), CHUNK)]
    with concurrent.futures.ThreadPoolExecutor(lab.jobs) as pool:
        for part in pool.map(lambda c: gcov_oracle.run_gcov(lab.gcov, lab.tree, c), chunks):
            for (name, line), count in part.items():
                counts[lab.normal(name), line] += count
    return counts, ""


def version_of(command, env):
    """The first version number that `command --version` prints."""
    try:
        done = subprocess.run(
            command + ["--version"], capture_output=True, text=True, env={**os.environ, **env}
        )
    except OSError:
        return ""
    found = re.search(r"\d+\.\d+[\w.-]*", re.sub(r"\(.*?\)", "", done.stdout))
    return found.group(0) if found else ""


def find_command(lab, name):
    """A peer: below the folder of install.sh first, then of the system."""
    own = os.path.join(lab.peers, "venv", "bin", name)
    return own if os.path.exists(own) else name


def decoders(lab):
    """The tools of the first table: from one snapshot to counts of all lines."""
    files = f"find {lab.pairs} -name '*.gcda' -print0"
    gcov = f"-P {lab.jobs} -n {CHUNK} {lab.gcov} --json-format --stdout"
    out = lab.path
    decode = [lab.covdb, "decode", lab.snapshot]
    notes = [*decode, "--notes", lab.tree, "-o"]
    stored = [*decode, "--db", out("kernel.db"), "-o"]
    packed = [lab.covdb, "decode", lab.archive, "--db", out("kernel.db"), "-o", out("tar.tsv")]
    one = {"COVDB_JOBS": "1"}
    off = {"COVDB_CACHE": "off"}
    first, second = {"XDG_CACHE_HOME": out("first")}, {"XDG_CACHE_HOME": out("second")}

    def forget():
        shutil.rmtree(out("first"), ignore_errors=True)

    lcov2 = os.path.join(lab.peers, "lcov2")
    geninfo = [lab.pairs, "-q", "--gcov-tool", lab.gcov, "-b", lab.tree, "--no-markers", "-o"]
    gcovr = [
        *("-r", lab.tree, "--gcov-executable", lab.gcov, "-j", str(lab.jobs), "--no-markers"),
        "--gcov-ignore-parse-errors",
    ]
    fastcov = find_command(lab, "fastcov")
    new_gcovr = os.path.join(lab.peers, "venv", "bin", "gcovr")
    tools = [
        Tool("cat", "cat of the same bytes", ["sh", "-c", f"{files} | xargs -0 cat >/dev/null"]),
        Tool("zstd", "zstd -dc of the archive", ["zstd", "-dc", lab.archive]),
        Tool(
            "covdb-db-1",
            "covdb, registered kernel, 1 job",
            [*stored, out("db-1.tsv")],
            env=one,
            read="tsv db-1.tsv",
        ),
        Tool("covdb-db", "covdb, registered kernel", [*stored, out("db.tsv")], read="tsv db.tsv"),
        Tool("covdb-db-null", "covdb, registered kernel, to /dev/null", [*stored, "/dev/null"]),
        Tool("covdb-tar", "covdb, registered kernel, tar.zst", packed, read="tsv tar.tsv"),
        Tool(
            "covdb-notes-1",
            "covdb --notes, no cache, 1 job",
            [*notes, out("notes-1.tsv")],
            env={**one, **off},
            read="tsv notes-1.tsv",
        ),
        Tool(
            "covdb-notes",
            "covdb --notes, no cache",
            [*notes, out("notes.tsv")],
            env=off,
            read="tsv notes.tsv",
        ),
        Tool(
            "covdb-notes-null",
            "covdb --notes, no cache, to /dev/null",
            [*notes, "/dev/null"],
            env=off,
        ),
        Tool(
            "covdb-notes-first",
            "covdb --notes, first",
            [*notes, out("first.tsv")],
            env=first,
            prepare=forget,
            read="tsv first.tsv",
        ),
        Tool(
            "covdb-notes-second",
            "covdb --notes, second",
            [*notes, out("second.tsv")],
            env=second,
            read="tsv second.tsv",
        ),
        Tool(
            "gcov",
            f"gcov --json-format, {lab.jobs} processes",
            ["sh", "-c", f"{files} | xargs -0 {gcov} >/dev/null"],
            needs=lab.gcov,
            read="gcov -",
        ),
        Tool(
            "fastcov",
            "fastcov",
            [fastcov, "-d", lab.pairs, "--gcov", lab.gcov, "--jobs", str(lab.jobs)]
            + ["-X", "--lcov", "-o", out("fastcov.info")],
            read="info fastcov.info",
        ),
        Tool(
            "grcov",
            "grcov",
            ["grcov", lab.pairs, "-s", lab.tree, "-t", "lcov", "--threads", str(lab.jobs)]
            + ["-o", out("grcov.info")],
            env={"GCOV": lab.gcov},
            read="info grcov.info",
            reason="of several functions on one line, only one is counted",
        ),
        Tool("lcov1", "lcov geninfo", ["geninfo", *geninfo, out("lcov1.info")], read="info lcov1.info"),
        Tool(
            "lcov2",
            f"lcov geninfo --parallel {lab.jobs}",
            [os.path.join(lcov2, "usr/bin/geninfo"), *geninfo, out("lcov2.info")]
            + ["--parallel", str(lab.jobs), "--ignore-errors", "negative,inconsistent"],
            env={"PERL5LIB": os.path.join(lcov2, "usr/share/perl5")},
            read="info lcov2.info",
        ),
        Tool(
            "gcovr-debian",
            "gcovr",
            ["/usr/bin/gcovr", *gcovr, "--json", out("gcovr-debian.json"), lab.pairs],
            read="gcovr gcovr-debian.json",
            reason="closing braces not executed are left out, lines that functions share count twice",
        ),
        Tool(
            "gcovr",
            "gcovr",
            [new_gcovr, *gcovr, "all", "--merge-mode-functions", "separate"]
            + ["--include-internal-functions"]  # else it drops every function named __*
            + ["--json", out("gcovr.json"), lab.pairs],
            read="gcovr gcovr.json",
        ),
    ]
    if lab.printer:
        printing = [lab.printer, lab.snapshot, lab.tree, out("printed.tsv")]
        tools.append(
            Tool(
                "printing",
                "covdb, printing alone",
                printing,
                says_seconds=True,
                read="tsv printed.tsv",
            )
        )
    return tools


def commands(lab):
    """The tools of the second table: covdb's commands that no peer has a counterpart of."""
    kernel, added, imported = lab.path("kernel.db"), lab.path("added.db"), lab.path("imported.db")

    def remove():
        for path in glob.glob(added + "*"):
            os.remove(path)

    def renew():
        shutil.copyfile(kernel, imported)

    tools = [
        Tool(
            "kernel-add",
            "covdb kernel add --notes TREE",
            [lab.covdb, "kernel", "add", "--db", added, "--notes", lab.tree],
            prepare=remove,
        )
    ]
    if lab.results:
        trials = len(glob.glob(os.path.join(lab.results, "trials", "*.json")))
        tools += [
            Tool(
                "import",
                f"covdb import of {trials} trials, footprints included",
                [lab.covdb, "import", "--db", imported, lab.results],
                prepare=renew,
            ),
            Tool(
                "venn",
                "covdb venn --dir net/",
                [lab.covdb, "venn", "--db", imported, "--dir", "net/"],
                rounds=20,
            ),
        ]
    return tools


def measure(lab, tool):
    """Run a tool once; its failure is kept in the tool."""
    if tool.prepare:
        tool.prepare()
    log = lab.path(tool.name + ".log")
    environment = {name: text for name, text in os.environ.items() if name not in OWN}
    environment.update(tool.env)
    with open(log, "wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            tool.command,
            cwd=lab.tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if tool.says_seconds else subprocess.DEVNULL,
            stderr=errors,
        )
        said = process.stdout.read() if tool.says_seconds else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as lines:
            last = (lines.read().strip().splitlines() or ["no message"])[-1]
        tool.failure = f"failed with status {process.returncode}: {last[:120]}"
    elif tool.says_seconds:
        return Run(*(float(word) for word in said.split()), usage.ru_maxrss)
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run_rounds(lab, tools, rounds):
    """Warm-up, then in turn.

    A slow tool's first run is its only one, since the files are in memory. After it comes a round
    of the fast ones, so that what the machine does meanwhile meets both.
    """
    warm = []

    def one_round():
        for tool in warm:
            if len(tool.runs) < (tool.rounds or rounds):
                tool.runs.append(measure(lab, tool))

    for tool in tools:
        run = measure(lab, tool)
        say(f"{tool.name}: {run.wall_s:.2f} s {tool.failure}")
        if tool.failure:
            continue
        if run.wall_s > SLOW_SECONDS:
            tool.runs.append(run)
            one_round()
        else:
            warm.append(tool)
    for _ in range(max([tool.rounds or rounds for tool in warm], default=0)):
        one_round()
    for tool in warm:
        if tool.failure:
            tool.runs = []


def compare(got, expected):
    """In words: how counts differ from gcov's."""
    missing = sum(1 for key in expected if key not in got)
    extra = sum(1 for key in got if key not in expected)
    both = [key for key in got if key in expected and got[key] != expected[key]]
    clamped = [key for key in both if expected[key] < 0 and got[key] == 0]
    switched = sum(1 for key in both if (got[key] > 0) != (expected[key] > 0))
    words = []
    if missing:
        words.append(f"{missing:,} missing")
    if extra:
        words.append(f"{extra:,} that gcov does not have")
    if clamped:
        words.append(f"{len(clamped):,} negative counts made 0")
    if len(both) > len(clamped):
        words.append(
            f"{len(both) - len(clamped):,} other counts, {switched:,} of them hit or not hit"
        )
    return missing + extra + len(both), words


def agreement(lab, tools):
    """Add lines, hit, differing and an explanation to each tool that has counts."""
    say("comparing counts")
    expected, _ = read_gcov(lab, None)
    readers = {"tsv": read_tsv, "info": read_info, "gcovr": read_gcovr}
    for tool in tools:
        if not tool.read or not tool.runs:
            continue
        kind, _, name = tool.read.partition(" ")
        if kind == "gcov":
            counts, note = expected, ""
        else:
            counts, note = readers[kind](lab, lab.path(name))
        differing, words = compare(counts, expected)
        if differing:
            keys = [k for k in expected.keys() | counts.keys() if expected.get(k) != counts.get(k)]
            for key in sorted(keys)[:3]:
                say(f"{tool.name}: {key}: gcov {expected.get(key)}, here {counts.get(key)}")
        hit = sum(1 for count in counts.values() if count > 0)
        if differing and tool.reason:
            words.append(tool.reason)
        tool.counts = (len(counts), hit, differing, "; ".join(words + ([note] if note else [])))
    return len(expected)


def seconds(values):
    """Median and range, with as many digits as mean something."""
    digits = 3 if max(values) < 1 else 2 if max(values) < 10 else 1
    middle = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def megabytes(tool):
    """A child starts in this process's memory, so nothing below its size can be told."""
    peak_kb = max(run.peak_kb for run in tool.runs)
    if peak_kb <= tool.floor_kb:
        return f"< {tool.floor_kb * 1024 // 10**6 + 1}"
    return f"{peak_kb * 1024 / 1e6:.0f}"


def median_wall(tools, name):
    for tool in tools:
        if tool.name == name and tool.runs:
            return statistics.median(run.wall_s for run in tool.runs)
    return None


def ratio(tool, base):
    if not base:
        return ""
    value = statistics.median(run.wall_s for run in tool.runs) / base
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def markdown(header, rows):
    """A table that can be read as it is, too."""
    cells = [header] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return lines


def label(tool):
    return f"{tool.label} ({tool.version})" if tool.version else tool.label


def decoder_table(tools):
    notes, stored = median_wall(tools, "covdb-notes"), median_wall(tools, "covdb-db")
    rows = []
    for tool in tools:
        if tool.runs:
            rows.append(
                [
                    label(tool),
                    len(tool.runs),
                    seconds([run.wall_s for run in tool.runs]),
                    seconds([run.cpu_s for run in tool.runs]),
                    megabytes(tool),
                    ratio(tool, notes),
                    ratio(tool, stored),
                ]
            )
        else:
            rows.append([label(tool), "-", tool.failure, "", "", "", ""])
    header = ["tool", "runs", "wall s", "CPU s", "peak MB", "to --notes", "to registered"]
    return markdown(header, rows)


def agreement_table(tools):
    rows = []
    for tool in tools:
        if tool.counts:
            lines, hit, differing, words = tool.counts
            rows.append([label(tool), f"{lines:,}", f"{hit:,}", f"{differing:,}", words or "equal"])
    return markdown(["tool", "lines", "hit", "differing", "how"], rows)


def command_table(tools):
    rows = [
        [
            label(tool),
            len(tool.runs),
            seconds([run.wall_s for run in tool.runs]),
            seconds([run.cpu_s for run in tool.runs]),
            megabytes(tool),
        ]
        if tool.runs
        else [label(tool), "-", tool.failure, "", ""]
        for tool in tools
    ]
    return markdown(["command", "runs", "wall s", "CPU s", "peak MB"], rows)


def machine():
    """Facts of this machine that times depend on."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"Linux {os.uname().release.split('-')[0]}"
    if os.path.exists("/etc/debian_version"):
        with open("/etc/debian_version", encoding="utf-8") as text:
            system = f"Debian {text.read().strip()}"
    return f"{model}, {os.cpu_count()} cores, {memory_gb:.0f} GiB, {system}"


def pick_snapshot(results):
    """A trial that executed much of the kernel, or the last one."""
    found = sorted(glob.glob(os.path.join(results, "trials", "*.tar.zst")))
    preferred = [path for path in found if os.path.basename(path).startswith("gvisor-")]
    return (preferred or found)[-1] if found else None


def find_inputs(options):
    """Fill in snapshot and notes from the results of the lab."""
    how = (
        "'covdb lab run workloads/first-finding.yaml -o RESULTS' makes some, as does "
        "'ctest --test-dir BUILD -R lab_run' where this looks by default"
    )
    if options.results and not options.snapshot:
        options.snapshot = pick_snapshot(options.results)
        if not options.snapshot:
            raise SystemExit(f"bench: no trials in {options.results}; {how}")
    if not options.snapshot:
        raise SystemExit(f"bench: neither --results nor --snapshot is given; {how}")
    if options.notes:
        return
    noted = os.path.join(options.results or "", "tree")
    if options.results and os.path.exists(noted):
        with open(noted, encoding="utf-8") as text:
            options.notes = text.read().strip()
        return
    done = subprocess.run(
        [options.covdb, "lab", "build"], stdout=subprocess.PIPE, text=True, check=True
    )
    options.notes = dict(row.split("=", 1) for row in done.stdout.splitlines())["KERNEL_TREE"]


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--covdb", required=True, help="the program to measure")
    parser.add_argument("--results", help="a folder of 'covdb lab run'")
    parser.add_argument("--snapshot", help="a snapshot instead of one of --results")
    parser.add_argument("--notes", help="the build tree (default: that of the lab)")
    parser.add_argument("--printer", help="the program print_rows; without it there is no such row")
    parser.add_argument("--peers", default="peers", help="where install.sh put peers")
    parser.add_argument("--gcov", default="gcov-12", help="the gcov of the kernel's compiler")
    parser.add_argument("--tools", help="only these, comma-separated")
    parser.add_argument("--rounds", type=int, default=5, help="of tools below 30 s (default: 5)")
    parser.add_argument("--output", help="write the tables there, too")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return options


def choose(tools, names):
    """Those asked for, without those that cannot run; what was left out."""
    known = {tool.name for tool in tools}
    if names:
        unknown = set(names.split(",")) - known
        if unknown:
            raise SystemExit(f"bench: no tool {', '.join(sorted(unknown))}; there are {sorted(known)}")
        tools = [tool for tool in tools if tool.name in names.split(",")]
    chosen, left_out = [], []
    for tool in tools:
        if shutil.which(tool.needs):
            if tool.name not in ("cat", "zstd", "printing", "venn", "import", "kernel-add"):
                tool.version = version_of([tool.needs], tool.env)
            chosen.append(tool)
        else:
            left_out.append(f"{tool.name} is left out: {os.path.basename(tool.needs)} is not installed")
    return chosen, left_out


def main():
    options = parse_options()
    find_inputs(options)
    with tempfile.TemporaryDirectory(prefix="covdb-bench.") as folder:
        lab = Lab(options, folder)
        say(f"{len(lab.objects):,} objects, {lab.size_bytes / 1e6:.1f} MB")
        subprocess.run(
            [lab.covdb, "kernel", "add", "--db", lab.path("kernel.db"), "--notes", lab.tree],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        first, second = decoders(lab), commands(lab)
        tools, left_out = choose(second + first, options.tools)
        load_before = os.getloadavg()[0]
        run_rounds(lab, tools, options.rounds)
        load_after = os.getloadavg()[0]
        floor_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for tool in tools:
            tool.floor_kb = floor_kb
        first = [tool for tool in tools if tool in first]
        second = [tool for tool in tools if tool in second]
        compared = agreement(lab, first)

    lines = [
        f"{machine()}; load {load_before:.1f} before, {load_after:.1f} after.",
        f"One snapshot of {len(lab.objects):,} objects, {lab.size_bytes / 1e6:.1f} MB, "
        f"{compared:,} lines compared.",
        "",
    ]
    lines += decoder_table(first) + [""] + agreement_table(first) + [""]
    if second:
        lines += command_table(second) + [""]
    lines += left_out + ([""] if left_out else [])
    text = "\n".join(lines)
    print(text, end="")
    if options.output:
        with open(options.output, "w", encoding="utf-8") as file:
            file.write(text)
    wrong = [t.name for t in first if t.name.startswith("covdb") and (t.failure or (t.counts and t.counts[2]))]
    if wrong:
        raise SystemExit(f"bench: {', '.join(wrong)}: failed or differs from gcov")


if __name__ == "__main__":
    main()
