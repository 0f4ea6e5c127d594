#!/usr/bin/env python3
"""venn_check.py COVDB DATABASE - what covdb venn says, set beside sets made here of footprint_line_named.

Laws that hold of all sets, pictures read back as XML, and errors.
"""

import itertools
import json
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

COVDB, DATABASE = sys.argv[1:]
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


def answer(*arguments):
    status, out, err = run(*arguments, "--format", "json")
    check(f"{arguments}: {err}", 0, status)
    return json.loads(out)


def footprints(directory, workload):
    """Platform -> its set of (file, line)."""
    rows = sqlite3.connect(DATABASE).execute(
        "SELECT DISTINCT platform, file, line FROM footprint_line_named WHERE kind = 'workload'"
        " AND workload = ifnull(?1, workload)"
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


def check_error(status, words, *arguments):
    got, out, err = run(*arguments)
    check(f"{arguments}: status and output", (status, ""), (got, out))
    check(f"{arguments}: one line with '{words}' in {err!r}", (1, True), (err.count("\n"), words in err))


def main():
    names = platforms()
    for workload in (None, "cpu"):
        for directory in (".", "net", "net/core/code.c"):
            for count in range(1, len(names) + 1):
                check_regions(directory, workload, names[:count])
    check_regions("mm", "file", names[::-1])
    check_error(2, "without --depth", "--depth", "1", "--format", "svg")
    check_error(2, "text, json, csv, svg", "--format", "png")
    print(f"{checks} checks, {failures} failures")
    sys.exit(checks < 1000 or failures > 0)


if __name__ == "__main__":
    main()
