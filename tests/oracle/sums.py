#!/usr/bin/env python3
"""Every list of a study adds up to the count that it stands under.

usage: sums.py COVDB RULE [WORKLOAD...]

The database is that of $COVDB, footprints are those by RULE. For all workloads united, and each list of workloads named, in the whole kernel
and in some directories: regions add up to what is executed and to each platform's total, the directories below
and the files in a directory to the directory, lists of lines, functions and files to their region, what top
compares to the regions, and what conditional says of lines to what they are part of.
"""
import csv
import io
import itertools
import json
import subprocess
import sys

COVDB = sys.argv[1]
checks = 0


def ask(*words):
    return subprocess.run([COVDB, *words], capture_output=True, check=True, text=True).stdout


def rows(*words):
    return list(csv.DictReader(io.StringIO(ask(*words, "--limit", "0", "--format", "csv"))))


def same(what, expected, got):
    global checks
    checks += 1
    assert expected == got, f"{what}: {expected} is not {got}"


def expression(names, platforms):
    inside, outside = [name for name in platforms if name in names], [name for name in platforms if name not in names]
    return " & ".join(inside) + "".join(f" - {name}" for name in outside)


def check_regions(scope, directory, options):
    whole = json.loads(ask("venn", "--dir", directory, "--format", "json", *options))
    regions = {tuple(region["platforms"]): region["lines"] for region in whole["regions"]}
    for name in whole["platforms"]:
        same(f"{scope}: regions of {name}", whole["totals"][name], sum(
            lines for platforms, lines in regions.items() if name in platforms))
    summary = {row["platform"]: row for row in csv.DictReader(io.StringIO(
        ask("summary", "--dir", directory, "--format", "csv", *options)))}
    same(f"{scope}: summary", whole["totals"], {name: int(row["lines"]) for name, row in summary.items()})
    table = list(csv.DictReader(io.StringIO(ask("venn", "--dir", directory, "--depth", "1", "--format", "csv", *options))))
    for row in table:
        parts = [int(lines) for key, lines in row.items() if key not in ("dir", "found", "executed")]
        same(f"{scope}: regions of {row['dir']}", int(row["executed"]), sum(parts))
    for platforms, lines in regions.items():
        name = expression(platforms, whole["platforms"])
        same(f"{scope}: lines of {name}", lines, len(rows("venn", name, "--dir", directory, *options)))
        files = rows("venn", name, "--dir", directory, "--list", "files", *options)
        same(f"{scope}: files of {name}", lines, sum(int(row["lines"]) for row in files))
        functions = rows("venn", name, "--dir", directory, "--list", "functions", *options)
        same(f"{scope}: functions of {name}", lines, sum(int(row["lines"]) for row in functions))
        # A directory's lines are those of the directories below and of the files in it.
        below = [row for row in files if "/" in row["file"][0 if directory == "." else len(directory) + 1:]]
        same(f"{scope}: below {directory}", sum(int(row["lines"]) for row in below), sum(
            int(row["+".join(platforms)]) for row in table[1:]) if below else 0)
    return whole["platforms"], regions


def check_pairs(scope, directory, options, platforms, regions):
    for first, second in itertools.combinations(platforms, 2):
        expected = [sum(lines for names, lines in regions.items() if (first in names, second in names) == which)
                    for which in ((True, False), (False, True))]
        for of in ("functions", "files"):
            table = rows("top", first, second, "--by", "lines", "--of", of, "--dir", directory, *options)
            same(f"{scope}: top {of}", expected, [
                sum(int(row[f"{name}_only"]) for row in table) for name in (first, second)])


def check_conditional(scope, directory, options, platforms, regions):
    answer = json.loads(ask("conditional", "--limit", "0", "--format", "json", "--dir", directory, *options))
    for row in answer["exclusive"]:
        same(f"{scope}: only {row['platform']}", regions.get((row["platform"],), 0), row["exclusive"])
        same(f"{scope}: of {row['platform']}", row["exclusive"],
             row["in_shared_functions"] + row["in_no_function"] + row["in_other_functions"])
    for row in answer["added"]:
        expected = sum(lines for names, lines in regions.items()
                       if row["platform"] in names and row["against"] not in names)
        same(f"{scope}: {row['platform']} adds", expected, row["added"])
        for inside, outside in (("in_functions_of_footprint", "in_functions_beyond_footprint"),
                                ("in_functions_executed", "in_functions_not_executed")):
            same(f"{scope}: added", row["added"], row[inside] + row[outside] + row["in_no_function"])


def main():
    for workload in [None, *sys.argv[3:]]:
        options = ["--rule", sys.argv[2], *(["--workload", workload] if workload else [])]
        for directory in (".", "net", "mm", "arch/x86/kvm"):
            scope = f"{workload or 'all workloads'}, {directory}"
            platforms, regions = check_regions(scope, directory, options)
            check_pairs(scope, directory, options, platforms, regions)
            check_conditional(scope, directory, options, platforms, regions)
    print(f"{checks} sums")
    return checks < 100


if __name__ == "__main__":
    sys.exit(main())
