#!/usr/bin/env python3
"""Compare covdb's answers about platforms with what the documented tables say.

usage: questions_oracle.py COVDB DATABASE

All is computed here from the tables of docs/schema.md, for many choices of workload, platforms and
order; rows must be the same and in the same order.
"""
import fnmatch
import itertools
import json
import math
import sqlite3
import subprocess
import sys
from fractions import Fraction


class Scope:
    """What one question is about: platforms, their seconds, and the trials that count."""

    def __init__(self, sql, workload, platforms, directory):
        self.sql = sql
        analysis, baseline = sql.execute(
            "SELECT analysis_id, baseline FROM analysis ORDER BY analysis_id DESC LIMIT 1"
        ).fetchone()
        groups = sql.execute(
            "SELECT p.name, f.footprint_id, p.platform_id, f.workload_id FROM footprint f"
            " JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
            " WHERE analysis_id = ?1 AND iif(?2 IS NULL, kind = 'workload',"
            " instr(',' || ?2 || ',', ',' || w.name || ','))"
            " ORDER BY platform_id", [analysis, workload]).fetchall()
        self.platforms = platforms or list(dict.fromkeys(group[0] for group in groups))
        self.footprints = {name: [g[1] for g in groups if g[0] == name] for name in self.platforms}
        self.trials = {
            name: [trial for group in groups if group[0] == name for trial in sql.execute(
                "SELECT trial_id, duration_ns FROM trial WHERE status = 'ok' AND platform_id = ?"
                " AND workload_id = ?", group[2:])]
            for name in self.platforms
        }
        self.baselines = {}
        for name in self.platforms:
            idle = baseline.split("/") if baseline != "own" else (name, "idle")
            self.baselines[name] = sql.execute(
                "SELECT trial_id, duration_ns FROM trial JOIN platform p USING (platform_id)"
                " JOIN workload w USING (workload_id) WHERE p.name = ? AND w.name = ?",
                idle).fetchall()
        self.files = {
            number: path for number, path in sql.execute("SELECT file_id, path FROM file")
            if directory in (None, ".", path) or path.startswith(directory + "/")
        }

    def calls(self, trials):
        """Calls of each (file, line, name), copies added up."""
        calls = {}
        for trial, _ in trials:
            for file, line, name, count in self.sql.execute(
                    "SELECT file_id, start_line, name, calls FROM trial_function"
                    " JOIN function USING (function_id) WHERE trial_id = ?", [trial]):
                key = self.files.get(file), line, name
                calls[key] = calls.get(key, 0) + count
        return calls


def seconds(trials):
    return Fraction(sum(duration for _, duration in trials), 10**9)


def ask(covdb, database, *arguments):
    done = subprocess.run(
        [covdb, *arguments, "--db", database, "--format", "json", "--limit", "0"],
        capture_output=True, check=True, text=True,
    )
    answer = json.loads(done.stdout)
    # Hunks are rows once more, beside other tables.
    return {key: answer[key] for key in ("hunks", "exclusive", "added")} if "hunks" in answer else answer["rows"]


def is_same(got, expected):
    """The same, but for the rounding of floating point."""
    if isinstance(expected, list):
        return (isinstance(got, list) and len(got) == len(expected)
                and all(map(is_same, got, expected)))
    if isinstance(expected, dict):
        return (isinstance(got, dict) and list(got) == list(expected)
                and all(is_same(got[key], expected[key]) for key in expected))
    if isinstance(expected, Fraction):
        return isinstance(got, float) and math.isclose(got, expected, rel_tol=1e-12)
    return type(got) is type(expected) and got == expected


def functions(scope, glob, only, sort):
    calls = {name: scope.calls(scope.trials[name]) for name in scope.platforms}
    idle = {name: scope.calls(scope.baselines[name]) for name in scope.platforms}
    known = {
        (scope.files[file], line, name) for file, line, name in scope.sql.execute(
            "SELECT file_id, start_line, name FROM function") if file in scope.files
    }
    rows = []
    for key in sorted(known):
        if glob and not fnmatch.fnmatchcase(key[2], glob):
            continue
        if not glob and not any(calls[name].get(key) for name in scope.platforms):
            continue
        row = {"function": key[2], "file": key[0], "line": key[1]}
        rates = {}
        for name in scope.platforms:
            rate = calls[name].get(key, 0) / seconds(scope.trials[name])
            idle_rate = idle[name].get(key, 0) / seconds(scope.baselines[name])
            rates[name] = max(rate - idle_rate, Fraction(0))
            row[f"{name}_calls"] = calls[name].get(key, 0)
            row[f"{name}_per_s"] = rates[name]
        callers = [name for name in scope.platforms if rates[name]]
        is_ratio = len(callers) == len(scope.platforms) > 1
        row["ratio"] = max(rates.values()) / min(rates.values()) if is_ratio else None
        row["only"] = callers[0] if len(callers) == 1 else None
        order = {
            "rate": -max(rates.values()),
            "calls": -sum(row[f"{name}_calls"] for name in scope.platforms),
            "ratio": -(row["ratio"] or 0),
            "name": (key[2], -max(rates.values())),
        }
        if not only or row["only"] == only:
            rows.append((order[sort], row))
    rows.sort(key=lambda row: row[0])
    return [row for _, row in rows]


def annotate(scope, file, first, last, hits, sort):
    """Rows of lines @first to @last; sorted by hits only the instrumented ones."""
    root, = scope.sql.execute("SELECT source_root FROM kernel").fetchone()
    text = open(f"{root}/{file}").read().expandtabs(8).split("\n")[:-1]
    lines = dict(scope.sql.execute(
        "SELECT line, line_id FROM line JOIN file USING (file_id) WHERE path = ?", [file]))
    rows = []
    for number, source in enumerate(text, 1):
        if not first <= number <= last or sort == "hits" and number not in lines:
            continue
        row, having = {"line": number}, []
        for name in scope.platforms:
            count = kept = None
            if number in lines:
                count = sum(
                    max(count, 1) for trial, _ in scope.trials[name] for count, in
                    scope.sql.execute("SELECT count FROM trial_line WHERE trial_id = ? AND"
                                      " line_id = ? AND state > 1", [trial, lines[number]]))
                kept = any(
                    scope.sql.execute("SELECT 1 FROM footprint_line WHERE footprint_id = ? AND"
                                      " line_id = ?", [footprint, lines[number]]).fetchone()
                    for footprint in scope.footprints[name])
                having += [name] * kept
            if hits == "rate" and count is not None:
                count = count / seconds(scope.trials[name])
            row[f"{name}_{'per_s' if hits == 'rate' else 'hits'}"] = count
            row[f"{name}_kept"] = kept
        is_shared = len(having) == len(scope.platforms)
        row["only"] = [] if is_shared else having
        row["source"] = source or None
        highest = max(row[key] or 0 for key in row if key.endswith(("_hits", "_per_s")))
        rows.append((-highest if sort == "hits" else 0, row))
    rows.sort(key=lambda row: row[0])
    return [row for _, row in rows]


def kept_lines(scope):
    """Of each line (by id, in order): file, number, who has it in a footprint, its function."""
    functions = scope.sql.execute(
        "SELECT file_id, start_line, end_line, function_id, name FROM function").fetchall()
    for line_id, file, number in scope.sql.execute(
            "SELECT line_id, file_id, line FROM line ORDER BY line_id"):
        if file not in scope.files:
            continue
        having = [name for name in scope.platforms if any(
            scope.sql.execute("SELECT 1 FROM footprint_line WHERE footprint_id = ? AND"
                              " line_id = ?", [footprint, line_id]).fetchone()
            for footprint in scope.footprints[name])]
        around = [f for f in functions if f[0] == file and f[1] <= number <= f[2]]
        inner = min(around, key=lambda f: (-f[1], f[2], f[3]), default=None)
        yield line_id, scope.files[file], number, having, inner


def top(scope, by, of, sort):
    first, second = scope.platforms
    items = {}
    if by == "lines":
        for _, file, _, having, function in kept_lines(scope):
            # Lines in no function are one row for each file.
            place = (function[1], function[3]) if function else (0, -1)
            key = (file,) if of == "files" else (file, *place)
            if not having:
                continue
            row = items.setdefault(key, {
                **({} if of == "files" else {"function": function and function[4]}), "file": file,
                **({} if of == "files" else {"line": function and function[1]}),
                "common": 0, f"{first}_only": 0, f"{second}_only": 0})
            row["common" if len(having) == 2 else f"{having[0]}_only"] += 1
        scores = {key: (Fraction(row[f"{first}_only"]), Fraction(row[f"{second}_only"]))
                  for key, row in items.items()}
        order = {key: {"both": sum(score), "first": score[0], "second": score[1]}[sort]
                 for key, score in scores.items()}
        nothing = 0
    else:
        for row in functions(scope, None, None, "name"):
            key = (row["file"],) if of == "files" else (row["file"], row["line"], row["function"])
            head = {"file": row["file"]} if of == "files" else {
                "function": row["function"], "file": row["file"], "line": row["line"]}
            item = items.setdefault(key, head)
            for name in scope.platforms:
                for unit in ("calls", "per_s"):
                    item[f"{name}_{unit}"] = item.get(f"{name}_{unit}", 0) + row[f"{name}_{unit}"]
        order = {}
        for key, row in items.items():
            a, b = row[f"{first}_per_s"], row[f"{second}_per_s"]
            row["ratio"] = a / b if a and b else None
            more = [rate + 1 / seconds(scope.trials[name]) / 2
                    for name, rate in ((first, a), (second, b))]
            ratio = more[0] / more[1]
            order[key] = {"both": max(ratio, 1 / ratio), "first": ratio, "second": 1 / ratio}[sort]
            if not a and not b:
                order[key] = 0
        nothing = 1
    keys = sorted(key for key in items if order[key] > nothing)
    return [items[key] for key in sorted(keys, key=lambda key: -order[key])]


def running(scope, line_id):
    """Who executed a line at all, kept or not: executions per second."""
    rates = {}
    for name in scope.platforms:
        counts = [count for trial, _ in scope.trials[name] for count, in scope.sql.execute(
            "SELECT count FROM trial_line WHERE trial_id = ? AND line_id = ? AND state > 1",
            [trial, line_id])]
        if counts:
            rates[name] = sum(counts) / seconds(scope.trials[name])
    return rates


def added(lines, name, first, executing):
    """What a platform adds to the first; @executing: by footprints, and at all."""
    row = {"platform": name, "against": first}
    mine = [function for _, _, _, having, function, _ in lines if name in having and first not in having]
    row["added"] = len(mine)
    for way, key in zip(executing, ("footprint", "executed")):
        inside = sum(1 for function in mine if function and first in way[function[:3]])
        outside = sum(1 for function in mine if function and first not in way[function[:3]])
        if key == "footprint":
            row["in_functions_of_footprint"] = inside
            row["in_functions_beyond_footprint"] = outside
            row["share_in_functions_of_footprint"] = Fraction(inside, len(mine)) if mine else None
        else:
            row["in_functions_executed"] = inside
            row["in_functions_not_executed"] = outside
            row["share_in_functions_executed"] = Fraction(inside, len(mine)) if mine else None
    row["in_no_function"] = sum(1 for function in mine if not function)
    return row


def conditional(scope, only, sort, shared="footprint"):
    """Without the branches, which are not in the tables."""
    hunks, last, everyone = [], None, scope.platforms
    lines = [line + (running(scope, line[0]),) for line in kept_lines(scope)]
    kept, ran = {}, {}
    for _, _, _, having, function, rates in lines:
        if function:
            kept.setdefault(function[:3], set()).update(having)
            ran.setdefault(function[:3], set()).update(rates)
    executing = ran if shared == "executed" else kept
    exclusive = {name: [0, 0, 0] for name in everyone}
    for line_id, file, number, having, function, rates in lines:
        is_shared = function and executing[function[:3]] == set(everyone)
        if len(having) == 1:
            row = exclusive[having[0]]
            row[0] += 1
            row[1] += bool(is_shared)
            row[2] += function is None
        is_conditional = (having and len(having) < len(everyone) and set(rates) == set(having)
                          and is_shared and (not only or having == [only]))
        key = (line_id - 1, function and function[:3], having)
        if is_conditional and last == key:
            row = hunks[-1]
            row["to"] = number
            row["lines"] += 1
            for name in having:
                row[f"{name}_per_s"] = max(row[f"{name}_per_s"], rates[name])
        elif is_conditional:
            hunks.append({"function": function[4], "file": file, "from": number, "to": number,
                          "lines": 1, **{f"{name}_per_s": rates.get(name) for name in everyone}})
        last = (line_id, function and function[:3], having) if is_conditional else None

    def order(row):
        rate = max(row[f"{name}_per_s"] or 0 for name in everyone)
        return (-row["lines"], -rate) if sort == "lines" else (-rate, -row["lines"])

    return {
        "hunks": sorted(hunks, key=order),
        "exclusive": [
            {"platform": name, "exclusive": row[0], "in_shared_functions": row[1],
             "in_no_function": row[2],
             "share_in_shared_functions": Fraction(row[1], row[0]) if row[0] else None,
             "in_other_functions": row[0] - row[1] - row[2]}
            for name, row in exclusive.items()
        ],
        "added": [added(lines, name, everyone[0], (kept, ran)) for name in everyone[1:]],
    }


def without_branches(answer):
    for row in answer["hunks"]:
        for key in [key for key in row if key == "branch" or key.endswith("_taken")]:
            del row[key]
    return answer


def check_unions(sql):
    """The union of a platform's workloads is stored as one more footprint, with summed counts."""
    unions = failures = 0
    for union, analysis, platform, seconds_ns in sql.execute(
            "SELECT footprint_id, analysis_id, platform_id, duration_ns FROM footprint"
            " WHERE workload_id IS NULL").fetchall():
        parts = ("FROM footprint JOIN workload USING (workload_id) WHERE analysis_id = ?"
                 " AND platform_id = ? AND kind = 'workload'")
        expected = {line for line, in sql.execute(
            "SELECT DISTINCT line_id FROM footprint_line WHERE footprint_id IN"
            f" (SELECT footprint_id {parts})", [analysis, platform])}
        stored = dict(sql.execute(
            "SELECT line_id, count FROM footprint_line WHERE footprint_id = ?", [union]))
        counts = dict(sql.execute(
            "SELECT line_id, sum(max(count, 1)) FROM trial_line JOIN trial USING (trial_id)"
            " JOIN workload USING (workload_id) WHERE platform_id = ? AND kind = 'workload'"
            " AND status = 'ok' AND state > 1 GROUP BY line_id", [platform]))
        duration, = sql.execute(f"SELECT sum(duration_ns) {parts}", [analysis, platform]).fetchone()
        unions += 1
        failures += (stored != {line: counts[line] for line in expected} or not stored
                     or duration != seconds_ns)
    print(f"{unions} unions, {failures} not equal")
    return failures > 0 or unions < 2


def main():
    covdb, database = sys.argv[1:]
    sql = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    everyone = Scope(sql, None, None, None).platforms
    failures = questions = 0

    def compare(expected, *arguments):
        nonlocal failures, questions
        got = ask(covdb, database, *arguments)
        got = without_branches(got) if arguments[0] == "conditional" else got
        questions += 1
        if not is_same(got, expected):
            failures += 1
            if failures > 3:
                return
            print("not equal:", *arguments)
            if isinstance(expected, dict):
                expected, got = (a["hunks"] + a["exclusive"] + a["added"] for a in (expected, got))
            for ours, theirs in itertools.zip_longest(expected, got):
                if not is_same(theirs, ours):
                    print(f"  expected {ours}\n  got      {theirs}")
                    break

    workloads = [None] + [name for name, in sql.execute(
        "SELECT name FROM workload WHERE kind = 'workload' ORDER BY name DESC LIMIT 1")]
    # Two of them, the later first; where there are no more, that is all there are.
    workloads += [name for name, in sql.execute(
        "SELECT group_concat(name) FROM (SELECT name FROM workload WHERE kind = 'workload'"
        " ORDER BY name LIMIT 2)")]
    choices = [None, everyone[1:], everyone[::-1]]
    directories = [None] + [path for path, in sql.execute(
        "SELECT path FROM directory WHERE path <> '.'")]
    for workload, platforms, directory in itertools.product(workloads, choices, directories):
        scope = Scope(sql, workload, platforms, directory)
        options = ["--workload", workload] if workload else []
        options += ["--platforms", ",".join(platforms)] if platforms else []
        where = ["--dir", directory] if directory else []
        for sort in ("rate", "calls", "ratio", "name") if not platforms else ("ratio",):
            compare(functions(scope, None, None, sort), "functions", *options, *where, "--sort", sort)
        if not directory:
            compare(functions(scope, "*[ae]*", None, "rate"), "functions", "*[ae]*", *options)
        for only in scope.platforms if not platforms else ():
            compare(functions(scope, None, only, "rate"), "functions", "--only", only,
                    *options, *where)
        for sort in ("rate", "lines"):
            compare(conditional(scope, None, sort), "conditional", *options, *where, "--sort", sort)
        compare(conditional(scope, scope.platforms[0], "rate"), "conditional", *options, *where,
                "--only", scope.platforms[0])
        compare(conditional(scope, None, "rate", "executed"), "conditional", *options, *where,
                "--shared", "executed")
        for by, of, sort in itertools.product(
                ("rate", "lines"), ("functions", "files"), ("both", "first", "second")):
            if platforms and len(platforms) == 2:
                compare(top(scope, by, of, sort), "top", *platforms, *where,
                        *(["--workload", workload] if workload else []),
                        "--by", by, "--of", of, "--sort", sort)
        if directory or platforms and len(platforms) > 2:
            continue
        for file, hits, sort in itertools.product(
                scope.files.values(), ("count", "rate"), ("line", "hits")):
            compare(annotate(scope, file, 1, 1000, hits, sort), "annotate", file, *options,
                    "--hits", hits, "--sort", sort)
        compare(annotate(scope, "lib/work.c", 14, 22, "count", "line"), "annotate", "work.c:14-22",
                "--dir", "lib", *options)
    print(f"{questions} answers, {failures} not equal")
    return check_unions(sql) or failures > 0 or questions < 100


if __name__ == "__main__":
    sys.exit(main())
