#!/usr/bin/env python3
"""venn_check.py COVDB DATABASE TREE - what covdb venn says, set beside sets made here of footprint_line_named.

Laws that hold of all sets, pictures read back as XML, and errors.
"""

import collections
import itertools
import json
import random
import re
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

COVDB, DATABASE, TREE = sys.argv[1:]
SVG = "{http://www.w3.org/2000/svg}"
checks = failures = 0


def check(what, expected, got):
    global checks, failures
    checks += 1
    if expected != got:
        failures += 1
        print(f"not ok: {what}: expected {expected!r}, got {got!r}")


def run(*arguments):
    done = subprocess.run(
        [COVDB, "venn", "--db", DATABASE, *arguments],
        capture_output=True, text=True, check=False,
    )
    return done.returncode, done.stdout, done.stderr


def rows_of(*arguments):
    return answer(*arguments)["rows"]


def answer(*arguments):
    status, out, err = run(*arguments, "--format", "json")
    check(f"{arguments}: {err}", 0, status)
    return json.loads(out)


def footprints(directory, workload):
    """Platform -> its set of (file, line)."""
    rows = sqlite3.connect(DATABASE).execute(
        "SELECT DISTINCT platform, file, line FROM footprint_line_named WHERE kind = 'workload'"
        " AND (?1 IS NULL OR instr(',' || ?1 || ',', ',' || workload || ','))"
        " AND analysis_id = (SELECT max(analysis_id) FROM analysis)",
        (workload,),
    )
    sets = {}
    for platform, file, line in rows:
        if directory in (".", file) or file.startswith(directory + "/"):
            sets.setdefault(platform, set()).add((file, line))
    return sets


def platforms():
    return [name for (name,) in sqlite3.connect(DATABASE).execute(
        "SELECT name FROM platform ORDER BY bit")]


def check_regions(directory, workload, chosen):
    arguments = ["--dir", directory, "--platforms", ",".join(chosen)]
    arguments += ["--workload", workload] if workload else []
    got = answer(*arguments)
    sets = {name: footprints(directory, workload).get(name, set()) for name in chosen}
    regions = {frozenset(region["platforms"]): region["lines"] for region in got["regions"]}
    check("no region comes twice", len(got["regions"]), len(regions))
    for size in range(1, len(chosen) + 1):
        for names in itertools.combinations(chosen, size):
            lines = set.intersection(*(sets[name] for name in names))
            lines = lines.difference(*(sets[name] for name in chosen if name not in names))
            check(f"{arguments}: {names}", len(lines), regions.get(frozenset(names), 0))
    check(f"{arguments}: totals", {n: len(s) for n, s in sets.items()}, got["totals"])
    check("regions add up to the union", len(set().union(*sets.values())), sum(regions.values()))
    check_picture(arguments, got)


def check_picture(arguments, got):
    status, out, err = run(*arguments, "--format", "svg")
    check(f"{arguments}: {err}", 0, status)
    picture = ElementTree.fromstring(out)
    numbers = {element.text for element in picture.iter(SVG + "text")}
    titles = [element.text for element in picture.iter(SVG + "title")]
    described = picture.find(SVG + "desc").text
    for region in got["regions"]:
        words = f"exactly {', '.join(region['platforms'])}: {region['lines']:,} lines"
        check(f"{words}: a title of the picture", 1, titles.count(words))
        check(f"{words}: in its description", True, words in described)
        check(f"{words}: as a number", True, f"{region['lines']:,}" in numbers)
    for name, lines in got["totals"].items():
        check(f"{name}: its name and total", True, {name, f"{lines:,}"} <= numbers)
    check("its role", "img", picture.get("role"))
    ids = {element.get("id") for element in picture}
    check("what it is labelled by", True, set(picture.get("aria-labelledby").split()) <= ids)
    check("colours for dark", True, "prefers-color-scheme:dark" in picture.find(SVG + "style").text)


FIXED = ["host", "(lxc - host)", "(host - lxc)", "a-b", "(a - host)", "((a - a-b) | lxc)",
         "(host & (lxc & a))", "(host ^ lxc)", "((host | lxc) - (host & lxc))", "(a-b - (host | lxc))",
         "(lxc - lxc)", "(x<&\"y> & a-b)", "((host ^ lxc) ^ (a ^ a-b))"]


def random_expression(chance, names, depth):
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(names)
    left, right = (random_expression(chance, names, depth - 1) for _ in "lr")
    return f"({left} {chance.choice('|&-^')} {right})"


def evaluate(text, sets):
    """By Python, whose sets have the same operators; parentheses are everywhere."""
    names = sorted(sets, key=len, reverse=True)
    python = re.sub("|".join(map(re.escape, names)), lambda match: f"SETS[{match.group()!r}]", text)
    return eval(python, {"SETS": sets})


def rates(workload):
    """(platform, file, line) -> executions per second in the trials of a platform."""
    base = sqlite3.connect(DATABASE)
    where = ("WHERE kind = 'workload'"
             " AND (?1 IS NULL OR instr(',' || ?1 || ',', ',' || w.name || ','))")
    seconds = dict(base.execute(
        "SELECT p.name, sum(duration_ns) / 1e9 FROM trial JOIN platform p USING (platform_id)"
        f" JOIN workload w USING (workload_id) {where} GROUP BY 1", (workload,)))
    return {(platform, file, line): count / seconds[platform]
            for platform, file, line, count in base.execute(
                "SELECT platform, file, line, sum(count) FROM trial_line_named w"
                f" {where.replace('w.name', 'workload')} GROUP BY 1, 2, 3", (workload,))}


def check_lines(text, directory, workload):
    arguments = [text, "--dir", directory] + (["--workload", workload] if workload else [])
    sets = {name: footprints(directory, workload).get(name, set()) for name in platforms()}
    expected, rate_of = evaluate(text, sets), rates(workload)
    rows = rows_of(*arguments, "--limit", "0")
    keys = [(row["file"], row["line"]) for row in rows]
    check(f"{arguments}: lines", sorted(expected), keys)
    for row, key in zip(rows, keys):
        have = {name for name in sets if key in sets[name]}
        check(f"{arguments}: {key}", have, set(row["platforms"]))
        for name in sets:
            want = rate_of.get((name, *key), 0) if name in have else 0
            check(f"{arguments}: {key}: rate of {name}", f"{want:.9g}", f"{row[name + '_per_s']:.9g}")
    ranked = sorted(rows, key=lambda row: -max(row[name + "_per_s"] for name in sets))
    check(f"{arguments}: by rate", ranked[:3], rows_of(*arguments, "--sort", "rate", "--limit", "3"))
    check_holders(arguments, expected)
    return len(expected)


def check_holders(arguments, lines):
    """Functions of the test lie one behind the other, so each line is of the one that it is in."""
    spans = set(sqlite3.connect(DATABASE).execute(
        "SELECT path, start_line, end_line, name FROM function JOIN file USING (kernel_id, file_id)"))
    counts = sorted((-sum(file == key[0] and start <= key[1] <= end for key in lines), file, start, name)
                    for file, start, end, name in spans)
    rows = rows_of(*arguments, "--list", "functions", "--limit", "0")
    check(f"{arguments}: functions", [row for row in counts if row[0]],
          [(-row["lines"], row["file"], row["line"], row["function"]) for row in rows])
    files = collections.Counter(file for file, _ in lines)
    rows = rows_of(*arguments, "--list", "files", "--limit", "0")
    check(f"{arguments}: files", sorted((-count, file) for file, count in files.items()),
          [(-row["lines"], row["file"]) for row in rows])
    rows = rows_of(*arguments, "--list", "files", "--sort", "place", "--limit", "1")
    check(f"{arguments}: the first file", sorted(files)[:1], [row["file"] for row in rows])


def check_expressions():
    chance = random.Random(20)
    cases = [(text, ".", None) for text in FIXED]
    cases += [(random_expression(chance, platforms(), 3), chance.choice([".", "net", "mm/code.c"]),
               chance.choice([None, "cpu", "file"])) for _ in range(20)]
    sizes = {check_lines(*case) for case in cases}
    check("sets of many sizes", True, len(sizes) > 10)
    check_error(1, "nosuch", "host | nosuch")
    check_error(2, "lines are not sorted by lines", "host", "--sort", "lines")
    check_error(2, "files are not sorted by rate", "host", "--list", "files", "--sort", "rate")
    check_error(2, "--depth does not go with", "host", "--depth", "1")
    check_error(2, "--limit needs an EXPRESSION or --by", "--limit", "3")


def check_sets(directory, names):
    """Workloads are compared as platforms are: PLATFORM/WORKLOAD, or a platform with all."""
    got = answer("--dir", directory, "--sets", ",".join(names))
    sets = {name: footprints(directory, name.partition("/")[2] or None).get(name.partition("/")[0], set()) for name in names}
    check(f"{names}: as asked", list(names), got["platforms"])
    check(f"{names}: totals", {name: len(sets[name]) for name in names}, got["totals"])
    regions = {frozenset(region["platforms"]): region["lines"] for region in got["regions"]}
    for size in range(1, len(names) + 1):
        for some in itertools.combinations(names, size):
            lines = set.intersection(*(sets[name] for name in some)).difference(*(sets[name] for name in names if name not in some))
            check(f"{names}: {some}", len(lines), regions.get(frozenset(some), 0))
    rows = rows_of(f"{names[0]} - {names[1]}", "--dir", directory, "--sets", ",".join(names), "--limit", "0")
    check(f"{names}: lines", sorted(sets[names[0]] - sets[names[1]]), [(row["file"], row["line"]) for row in rows])


def check_files():
    """A row per file is what is asked of that file alone."""
    for directory in (".", "net", "mm/code.c"):
        whole = answer("--dir", directory, "--by", "file")
        rows = whole["rows"]
        check(f"{directory}: one of all files", whole["count"], len(answer("--dir", directory, "--by", "file", "--limit", "1")["rows"]) + len(rows) - 1)
        paths = {path for (path,) in sqlite3.connect(DATABASE).execute("SELECT DISTINCT path FROM line JOIN file USING (kernel_id, file_id)")}
        check(f"{directory}: files", {path for path in paths if directory == "." or path == directory or path.startswith(directory + "/")},
              {row["file"] for row in rows})
        for row in rows:
            alone = answer("--dir", row["file"])
            for key in ("found", "totals", "regions"):
                check(f"{row['file']}: {key}", alone[key], row[key])


# What MAINTAINERS of the test means, written down by hand.
SUBSYSTEMS = {"NETWORKING": {"net/core/code.c"}, "NETWORKING [CORE]": {"net/core/code.c"},
              "BY NAME": {"mm/code.c"}, "BY BEGINNING": {"net/core/code.c"}, "THE REST": {"main.c"}}


def check_subsystems(directory, workload):
    arguments = ["--dir", directory, "--by", "subsystem", "--kernel-src", TREE]
    arguments += ["--workload", workload] if workload else []
    found = collections.Counter(file for (file,) in sqlite3.connect(DATABASE).execute(
        "SELECT path FROM line JOIN file USING (kernel_id, file_id)"))
    inside = {name: {file for file in files if directory in (".", file) or file.startswith(directory + "/")}
              for name, files in SUBSYSTEMS.items()}
    rows = rows_of(*arguments)
    check(f"{arguments}: subsystems", {name for name in inside if inside[name]},
          {row["subsystem"] for row in rows})
    for row in rows:
        files = inside[row["subsystem"]]
        sets = {name: {key for key in keys if key[0] in files}
                for name, keys in footprints(directory, workload).items()}
        regions = collections.Counter(
            frozenset(name for name in sets if key in sets[name]) for key in set().union(*sets.values()))
        got = {frozenset(region["platforms"]): region["lines"] for region in row["regions"]}
        check(f"{arguments}: {row['subsystem']}", (dict(regions), sum(found[file] for file in files)),
              (got, row["found"]))
    sizes = [sum(region["lines"] for region in row["regions"]) for row in rows]
    check(f"{arguments}: largest first", sorted(sizes, reverse=True), sizes)


def check_error(status, words, *arguments):
    got, out, err = run(*arguments)
    check(f"{arguments}: status and output", (status, ""), (got, out))
    check(f"{arguments}: one line with '{words}' in {err!r}", (1, True), (err.count("\n"), words in err))


def main():
    names = platforms()
    for workload in (None, "cpu", "ping,cpu"):
        for directory in (".", "net", "net/core/code.c"):
            for count in range(1, len(names) + 1):
                check_regions(directory, workload, names[:count])
    check_regions("mm", "file", names[::-1])
    check_expressions()
    for directory in (".", "net", "main.c"):
        for workload in (None, "cpu", "cpu,ping"):
            check_subsystems(directory, workload)
    check_error(1, "there is no workload nothing, only ", "--workload", "cpu,nothing")
    check_error(1, "there is no workload , only ", "--workload", "cpu,")
    check_error(2, "names cpu twice", "--workload", "cpu,ping,cpu")
    check_files()
    first, second = platforms()[:2]
    for directory in (".", "net", "mm/code.c"):
        check_sets(directory, (f"{first}/cpu", f"{first}/file"))
        check_sets(directory, (f"{second}/file", f"{first}/cpu", f"{second}/cpu", first))
    check_error(2, "exclude each other", "--sets", first, "--platforms", second)
    check_error(2, f"names {first}/cpu twice", "--sets", f"{first}/cpu,{first}/cpu")
    check_error(1, "there is no workload cpux, only ", "--sets", f"{first}/cpux,{second}")
    check_error(1, f"there is no platform '{first}x'", "--sets", f"{first}x/cpu,{second}")
    check_error(2, "need each other", "--kernel-src", TREE, "--by", "file")
    check_error(2, "need each other", "--by", "subsystem")
    check_error(2, "need each other", "--kernel-src", TREE)
    check_error(2, "--by does not go with", "--by", "subsystem", "--kernel-src", TREE, "--depth", "1")
    check_error(1, "nowhere/MAINTAINERS", "--by", "subsystem", "--kernel-src", "nowhere")
    check_error(2, "does not go with --depth", "--depth", "1", "--format", "svg")
    check_error(2, "text, json, csv, ndjson, tsv, markdown, svg", "--format", "png")
    print(f"{checks} checks, {failures} failures")
    sys.exit(checks < 1000 or failures > 0)


if __name__ == "__main__":
    main()
