#!/usr/bin/env python3
"""study_test.py COVDB DATABASE - what the module covdb answers about the recorded study is what the command answers."""
import collections
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

import covdb
import pandas

command, database = sys.argv[1:]
compared = collections.Counter()


def ask(*arguments):
    return subprocess.run([command, *arguments], env=os.environ | {"COVDB": database}, check=True, capture_output=True, text=True).stdout


def rows(*arguments):
    answer = json.loads(ask(*arguments, "--format", "json"))
    return answer["rows"] if isinstance(answer, dict) and "rows" in answer else answer


def same(what, expected, got):
    compared[what] += len(expected)
    assert expected == got, (what, [pair for pair in zip(expected, got) if pair[0] != pair[1]][:3], len(expected), len(got))


def check_venn(study, workload):
    options = ["--workload", workload] if workload else []
    found = study.directories().set_index("directory")["found"]
    for answer in rows("venn", "--depth", "64", "--rule", study.rule, *options):
        regions = [(tuple(region["platforms"]), region["lines"]) for region in answer["regions"] if region["lines"]]
        frame = study.venn(answer["dir"], workload)
        same("venn", sorted(regions), sorted(zip(frame["platforms"], map(int, frame["lines"]))))
        same("found", [answer["found"]], [int(found[answer["dir"].rstrip("/") or "."])])


def check_footprint(study, platform, directory, workload):
    options = ["--workload", workload] if workload else []
    answer = rows("lines", platform, "--dir", directory, "--limit", "0", "--rule", study.rule, *options)
    frame = study.footprint(platform, directory, workload)
    same("footprint", [(row["file"], row["line"]) for row in answer], list(zip(frame["file"], map(int, frame["line"]))))


def check_functions(study, workload):
    answer = list(csv.DictReader(io.StringIO(ask("functions", "--dir", "mm", "--limit", "0", "--format", "csv", "--rule", study.rule,
                                                 *(["--workload", workload] if workload else [])))))
    keys = [f"{platform}_calls" for platform in study.platforms]
    expected = sorted((row["function"], row["file"], int(row["line"]), *(int(row[key]) for key in keys)) for row in answer)
    frame = study.functions("mm", workload)
    got = sorted(tuple(row) for row in frame.itertuples(index=False))
    got = [row for row in got if any(row[3:])]
    same("functions", [row for row in expected if any(row[3:])], got)


def check_rates(study, file, platform, workload):
    frame = study.rates(file, workload)
    for number in (1, 2):
        text = ask("export", "--trial", f"{platform}/{workload}/{number}", "--format", "json", "--dir", os.path.dirname(file))
        counts = {line["line"]: line["count"] for entry in json.loads(text)["files"] if entry["file"] == file
                  for line in entry["lines"] if line["count"]}
        chosen = frame[(frame["platform"] == platform) & (frame["trial"] == number)]
        same("rates", sorted(counts.items()), sorted(zip(map(int, chosen["line"]), map(int, chosen["count"]))))
        seconds = (chosen["count"] / chosen["rate_per_s"]).round(6).unique()
        assert len(seconds) == 1 and 3 < seconds[0] < 60, seconds


def check_summary(study, directory, workload):
    answer = rows("summary", "--dir", directory, "--rule", study.rule, *(["--workload", workload] if workload else []))
    frame = study.summary(directory, workload)
    same("summary", [(row["platform"], row["lines"], row["found"]) for row in answer],
         [(row.platform, int(row.lines), int(row.found)) for row in frame.itertuples()])


def check_metrics(study):
    answer = list(csv.DictReader(io.StringIO(ask("metrics", "--format", "csv"))))
    frame = study.metrics()
    groups = frame.groupby(["workload", "metric", "platform"])["value"]
    counts = collections.Counter()
    for row in answer:
        counts[row["workload"], row["metric"], row["platform"]] += int(row["trials"])
    assert len(answer) > 100 and set(counts) == set(groups.groups), "the same metrics"
    compared["metrics"] += len(answer)


def refused(pattern, call):
    try:
        call()
    except covdb.DatabaseError as error:
        assert pattern in str(error), error
        compared["refused"] += 1
        return
    raise AssertionError(f"not refused: {pattern}")


def check_refusals():
    study = covdb.open(database)
    refused("no instrumented code in a directory nett", lambda: study.venn("nett"))
    refused("no footprints of a workload cpuu; there are: cpu,", lambda: study.venn(".", "cpuu"))
    refused("no footprints of a platform lxc; there are: host,", lambda: study.footprint("lxc"))
    refused("no instrumented file mm/nmap.c", lambda: study.rates("mm/nmap.c"))
    refused("no such footprints; there are: rate against", lambda: covdb.open(database, rule="poisson"))
    refused("no kernel other; there is: ", lambda: covdb.open(database, kernel="other"))
    refused("no such file", lambda: covdb.open(database + ".none"))
    with tempfile.NamedTemporaryFile() as file:
        refused("not a database of covdb", lambda: covdb.open(file.name))
        file.write(b"x" * 4096)
        file.flush()
        refused("file is not a database", lambda: covdb.open(file.name))
    try:
        study.sql("DELETE FROM trial")
    except (pandas.errors.DatabaseError, TypeError) as error:
        assert "readonly" in str(error), error
    else:
        raise AssertionError("it is written to")


for rule in ("rate", "permutation"):
    with covdb.open(database, rule=rule) as study:
        for workload in (None, "cpu", "paper"):
            check_venn(study, workload)
            check_summary(study, ".", workload)
            check_summary(study, "net", workload)
            check_functions(study, workload)
            for platform in study.platforms:
                check_footprint(study, platform, "mm", workload)
        check_rates(study, "mm/mmap.c", "gvisor", "cpu")
        check_rates(study, "net/core/dev.c", "runc", "stream")
        assert os.path.samefile(study.path, database) and study.rule == rule
        assert len(study.workloads) > 7 and "idle" not in study.workloads
check_metrics(covdb.open(database))
calls = covdb.open(database).calls("do_mmap")
assert len(calls) > 20 and calls["per_s"].max() > 1, calls
check_refusals()
print(", ".join(f"{what} {count}" for what, count in compared.items()), "rows compared, differences 0")
assert min(compared.values()) > 8 and compared["venn"] > 3000, compared
