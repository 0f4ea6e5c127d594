#!/usr/bin/env python3
"""faults.py COVDB FAIL_CALL FAIL_MALLOC SOURCE - every call of the system that can fail does, one by one.

Each command of scenarios.py runs with its first call of a class failing, then its second, until there
are no more of them. It ends with status 0 and all of its result, or with status 1 and a message, and
then nothing is lost, lies about, or keeps a repetition from giving what it gives undisturbed.

--quick tries few of the calls, --only and --calls some commands and classes. Prints figures, and how
to see again what it found.
"""
import argparse
import collections
import concurrent.futures
import itertools
import os
import re
import shlex
import sys

import memory
import scenarios

# What each class can fail with. '+': and all later ones, as when a disk is full.
FAULTS = {
    "open": ("EIO", "ENOMEM", "EINTR", "EMFILE"),
    "read": ("EIO", "EINTR", "short"),
    "write": ("EIO", "ENOSPC", "ENOSPC+", "EINTR", "short", "kill"),
    "close": ("EIO", "ENOSPC", "EINTR"),
    "fsync": ("EIO", "ENOSPC", "EINTR", "kill"),
    "rename": ("EIO", "ENOSPC", "kill"),
    "readdir": ("EIO", "ENOMEM"),
    "mmap": ("ENOMEM", "ENOMEM+"),
    "malloc": ("ENOMEM", "ENOMEM+"),
}
# What the quick part leaves out, because the others of the class are answered in the same way.
RARE = {"open ENOMEM", "open EMFILE", "write ENOSPC", "close ENOSPC", "close EINTR", "fsync ENOSPC", "rename ENOSPC",
        "readdir ENOMEM", "malloc ENOMEM+"}
CANNOT = 125  # the status of fail_call when it could not do it
REASONS = re.compile(r"Input/output error|No space left|Cannot allocate memory|Interrupted system call|Too many open files"
                     r"|out of memory|disk I/O error|disk is full|unable to open database"
                     # SQLite, of a page that cannot be read, and of a file that it then opens for reading only
                     r"|disk image is malformed|may not be written to|cannot open it, or make files beside it"
                     # The loader, of a library that is opened when it is needed
                     r"|cannot map zero-fill pages|failed to map segment|cannot create shared object descriptor"
                     # Libraries in words of their own, and those that do not tell more
                     r"|Could not allocate memory|gzip decompression failed|not enough memory|none of the \d+ .gcda files|this one has unknown", re.I)
# A program without memory ends where it stands, as one that is killed; the next one tidies up. So it does what a collect says it left.
LEFT = re.compile(r"^left behind: .*; the next (trial or )?collect tries again$", re.M)
NO_MEMORY = re.compile(r"^covdb: out of memory|Fatal Internal Error in libarchive: Out of memory", re.M)

# The loader itself ends a program for which it has no memory to open a library, with this status.
LOADER_STATUS, LOADER = 127, re.compile(r"^out of memory$", re.M)


class Figures:
    """How often what happened, by command and by class."""

    def __init__(self):
        self.by = collections.defaultdict(collections.Counter)

    def add(self, what, *keys):
        for key in (*keys, "all"):
            self.by[key][what] += 1

    def take(self, other):
        for key, counts in other.by.items():
            self.by[key] += counts

    def line(self, key):
        of = self.by[key]
        runs = of["complete"] + of["refused"] + of["killed"] + of["wrong"]
        return (f"{key}: {runs} runs: {of['complete']} complete, {of['refused']} failed as they should, "
                f"{of['killed']} killed, {of['wrong']} wrong"
                + (f"; repeated from {of['began']} states" if of["began"] else "")
                + (f"; {of['left']} left temporary files, and said so" if of["left"] else ""))


def numbers(is_quick):
    """1, 2, ...; in the quick part ever fewer of them."""
    number = 1
    while True:
        yield number
        number += 1 + (number if is_quick else 0)


class Runs:
    """All runs of one command."""

    def __init__(self, options, workshop, scenario):
        self.options = options
        self.workshop = workshop
        self.scenario = scenario
        self.report = os.path.join(workshop.folder, f"{scenario.name}.said")
        self.figures = Figures()
        self.wrong = {}  # first example and number of each, by class and problem
        self.repeated = {}  # what was wrong with a repetition, by what it began with
        self.passed = {}  # how many calls of each class there are, where nothing fails

    def prefix(self, name, number, how):
        plus = "+" if how.endswith("+") else ""
        return [self.options.fail_call, self.options.fail_malloc, self.report, name, f"{number}{plus}", how.rstrip("+")]

    def disturb(self, name, number, how):
        """One run; false when nothing was left to fail."""
        before, complete = self.workshop.undisturbed(self.scenario)
        self.workshop.begin(self.scenario)
        prefix = self.prefix(name, number, how)
        outcome = self.workshop.run(self.scenario, prefix, COVDB_JOBS="1" if name == "malloc" else "2")
        if outcome.status == CANNOT:
            raise SystemExit(f"fail_call: {outcome.stderr}")
        with open(self.report, encoding="utf-8", errors="replace") as file:
            said = file.read().strip()
        problems = scenarios.judge(self.scenario, before, complete, outcome)
        if not said.startswith("failed"):
            if outcome.status != 0 or problems:
                self.complain(name, how, prefix, "nothing failed", problems or [f"status {outcome.status}"], outcome)
            if said.startswith("passed"):
                self.passed.setdefault(name, int(said.split()[1]))
            return False
        if how != "kill":
            problems += self.judge_end(before, complete, outcome)
        problems += self.repeat(before, complete, outcome)
        what = "wrong" if problems else "killed" if how == "kill" else "refused" if outcome.status else "complete"
        self.figures.add(what, self.scenario.name, f"{name} {how}")
        self.complain(name, how, prefix, said, problems, outcome)
        return True

    def repeat(self, before, complete, outcome):
        """What is wrong with a repetition. One that begins with the same files as an earlier one, byte by byte, would end as
        that did; of a collect, more than its files matters."""
        key = self.figures.by[self.scenario.name]["repeated"] if self.scenario.name in scenarios.COLLECTS else outcome.state.digest
        if key not in self.repeated:
            self.repeated[key] = scenarios.repeat(self.workshop, self.scenario, before, complete, outcome)
            self.figures.add("began", self.scenario.name)
        self.figures.add("repeated", self.scenario.name)
        return self.repeated[key]

    def judge_end(self, before, complete, outcome):
        """How a command ends that was not killed."""
        problems = []
        left = scenarios.strays(before, complete.state, outcome.state)
        if left and (NO_MEMORY.search(outcome.stderr) or LEFT.search(outcome.stderr)):
            self.figures.add("left")
        else:
            problems += [f"{name} is left behind" for name in left]
        if outcome.status < 0:
            problems.append(f"ended by signal {-outcome.status}")
        elif outcome.status not in (0, 1) and not (outcome.status == LOADER_STATUS and LOADER.search(outcome.stderr)):
            problems.append(f"status {outcome.status}")
        usual = set(complete.stderr.splitlines())
        lines = [line for line in outcome.stderr.splitlines() if line not in usual]
        if outcome.status > 0 and not lines:
            problems.append("fails without a word")
        elif outcome.status > 0 and not any(REASONS.search(line) for line in lines):
            problems.append(f"does not say why: {lines[-1]}")
        if len(set(lines)) < len(lines):
            problems.append(f"says twice: {lines[-1]}")
        return problems

    def complain(self, name, how, prefix, said, problems, outcome):
        folder = self.workshop.folder + "/"
        for problem in problems:
            problem = problem.replace(folder, "")
            key = name, re.sub(r"\d+", "N", problem)
            if key not in self.wrong:
                command = shlex.join(prefix[3:] + self.workshop.command(self.scenario)[1:]).replace(folder, "")
                self.wrong[key] = {"problem": problem, "command": command, "said": said.replace(folder, ""), "hows": set(), "count": 0,
                                   "end": f"status {outcome.status}: {outcome.stderr.strip()[-300:]}".replace(folder, "")}
            self.wrong[key]["count"] += 1
            self.wrong[key]["hows"].add(how)

    def places(self, how):
        """The numbers of the calls of malloc() that are the first from their place, as a run says in which none fails."""
        self.disturb("malloc", "list", "ENOMEM")
        with open(self.report, encoding="utf-8") as file:
            found = [int(line) for line in file.read().split()]
        # Most ends at the first failure: that all later ones fail, too, seldom matters.
        step = 40 if self.options.quick else 4 if how.endswith("+") else 1
        return found[::step]

    def calls(self, name, how):
        """The numbers of the calls that fail. Before the one that fails all is as ever: once a run had too few, the other
        ways to fail need not find that out again."""
        if name == "malloc":
            return self.places(how)
        return itertools.takewhile(lambda number: number <= self.passed.get(name, number), numbers(self.options.quick))

    def all(self):
        for name in self.options.calls or FAULTS:
            for how in FAULTS[name]:
                if self.options.quick and f"{name} {how}" in RARE:
                    continue
                for number in self.calls(name, how):
                    if not self.disturb(name, number, how):
                        break
        return self.figures, self.wrong


def tell(scenario, figures, wrong):
    """A line for a command, and what was wrong with it."""
    print(figures.line(scenario))
    for (name, _), found in sorted(wrong.items()):
        print(f"not ok: {scenario}, {name}: {found['problem']} ({found['count']} times: {', '.join(sorted(found['hows']))})")
        print(f"    fail_call {found['command']}\n    {found['said']}\n    {found['end']}")
    sys.stdout.flush()


def try_all(options, folder):
    workshop = scenarios.Workshop(options.covdb, options.source, folder)
    table = [scenario for scenario in scenarios.scenarios(options.covdb) if not options.only or scenario.name in options.only]
    figures, is_wrong = Figures(), False
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        runs = {scenario.name: pool.submit(Runs(options, workshop, scenario).all) for scenario in table}
        for name, future in runs.items():
            of_scenario, wrong = future.result()
            figures.take(of_scenario)
            tell(name, figures, wrong)
            is_wrong = is_wrong or bool(wrong)
    print()
    for key in [f"{name} {how}" for name, hows in FAULTS.items() for how in hows]:
        if figures.by[key]:
            print(figures.line(key))
    print("\n" + figures.line("all"))
    return 1 if is_wrong or not figures.by["all"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("covdb", "fail_call", "fail_malloc", "source"):
        parser.add_argument(name, type=os.path.realpath)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append")
    parser.add_argument("--calls", action="append", choices=FAULTS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if scenarios.has_sanitizers(options.covdb):
        print("skipped: sanitizers have a malloc() of their own, and do not run while they are traced")
        sys.exit(77)
    with memory.folder("covdb-faults.") as folder:
        status = try_all(options, folder)
    sys.exit(status)


if __name__ == "__main__":
    main()
