#!/usr/bin/env python3
"""compare_oracle.py COVDB DATABASE OLD NEW [FDR] - what 'covdb compare' says of two sides of one kernel, computed once more. OLD and NEW are
PLATFORM/WORKLOAD,....

From the view trial_line_named alone: rates of each line in each trial, tests of runs of neighbouring lines with equal rates, p-values by
dealing out all trials, Benjamini-Hochberg, and the class of each line. For studies without observers. Prints what was compared."""

import collections
import itertools
import json
import sqlite3
import subprocess
import sys


def p_value(values, count):
    """The share of ways to deal values out in which the first count have at least the sum that they have."""
    observed = sum(values[:count])
    tolerance = 1e-12 * sum(values)
    ways = [sum(way) >= observed - tolerance for way in itertools.combinations(values, count)]
    return sum(ways) / len(ways)


def two_sided(old, new):
    return min(1, 2 * min(p_value(old + new, len(old)), p_value(new + old, len(new))))


def limit_of(p_values, fdr):
    limit = -1
    for rank, p in enumerate(sorted(p_values), 1):
        if p <= rank * fdr / len(p_values):
            limit = p
    return limit


def read_workload(connection, name):
    """Of each trial in order of its number: seconds, and the count of each line that it executed."""
    platform, workload = name.split("/")
    durations = dict(connection.execute(
        "SELECT number, duration_ns / 1e9 FROM trial JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
        " WHERE p.name = ? AND w.name = ? ORDER BY number", (platform, workload)))
    trials = {number: {} for number in durations}
    for number, file, line, count in connection.execute(
            "SELECT trial, file, line, count FROM trial_line_named WHERE platform = ? AND workload = ?", (platform, workload)):
        if count > 0:
            trials[number][file, line] = count
    return [(durations[number], trials[number]) for number in durations]


def read_trials(database, names):
    """Rates of lines in each trial; of several workloads, the first trials of each are one, and so on."""
    with sqlite3.connect(database) as connection:
        workloads = [read_workload(connection, name) for name in names.split(",")]
    trials = []
    for together in zip(*workloads):
        seconds = sum(one[0] for one in together)
        counts = collections.Counter()
        for _, lines in together:
            counts.update(lines)
        trials.append({line: count / seconds for line, count in counts.items()})
    return trials


def classes(old_trials, new_trials, fdr):
    with_rates = sorted(set().union(*old_trials, *new_trials))
    vectors = {line: ([trial.get(line, 0) for trial in old_trials], [trial.get(line, 0) for trial in new_trials]) for line in with_rates}
    tests = []
    for line in with_rates:
        if tests and tests[-1][-1][0] == line[0] and vectors[tests[-1][-1]] == vectors[line]:
            tests[-1].append(line)
        else:
            tests.append([line])

    def presence(old, new):
        return two_sided([int(rate > 0) for rate in old], [int(rate > 0) for rate in new])

    def can_tell(ones):
        olds, news = len(old_trials), len(new_trials)
        old_most, new_most = min(ones, olds), min(ones, news)
        ways = ((old_most, ones - old_most), (ones - new_most, new_most))
        return 0 < ones < olds + news and min(
            two_sided([1] * a + [0] * (olds - a), [1] * b + [0] * (news - b)) for a, b in ways) <= fdr

    executed = [presence(*vectors[test[0]]) if can_tell(sum(rate > 0 for rate in sum(vectors[test[0]], []))) else None for test in tests]
    rates = [two_sided(*vectors[test[0]]) for test in tests]
    executed_limit = limit_of([p for p in executed if p is not None], fdr)
    rate_limit = limit_of(rates, fdr)
    result = {}
    for test, p_executed, p_rate in zip(tests, executed, rates):
        old, new = vectors[test[0]]
        is_present = p_executed is not None and p_executed <= executed_limit
        became = "alike"
        if not any(old):
            became = "gained" if is_present else "alike"
        elif not any(new):
            became = "lost" if is_present else "alike"
        elif p_rate <= rate_limit or is_present:
            became = "more often" if sum(new) / len(new) > sum(old) / len(old) else "less often"
        for line in test:
            result[line] = became
    return result, sum(p is not None for p in executed), len(rates)


def main(covdb, database, old, new, fdr):
    expected, executed_tests, rate_tests = classes(read_trials(database, old), read_trials(database, new), fdr)
    out = subprocess.run([covdb, "compare", "--db", database, old, new, "--list", "lines", "--format", "json", "--fdr", str(fdr)],
                         check=True, stdout=subprocess.PIPE, text=True).stdout
    said = json.loads(out)
    got = {(row["file"], row["line"]): row["became"] for row in said["rows"]}
    wrong = [line for line, became in expected.items() if got.pop(line, "alike") != became] + list(got)
    counts = (said["tests"]["executed_tests"], said["tests"]["rate_tests"])
    if counts != (executed_tests, rate_tests):
        wrong.append(("tests", counts, (executed_tests, rate_tests)))
    print(f"{old} and {new}: {len(expected)} lines, {executed_tests} and {rate_tests} tests,",
          dict(collections.Counter(expected.values())), f"{len(wrong)} exceptions", *wrong[:3])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], float(sys.argv[5]) if len(sys.argv) > 5 else 0.05))
