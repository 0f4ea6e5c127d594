#!/usr/bin/env python3
"""Check the regions of `covdb venn` against sets computed here from `decode --format tsv`.

usage: venn_oracle.py COVDB DATABASE TRIALS NOTES DIR...

TRIALS is the folder of `covdb collect` with manifests and snapshots of one workload and one baseline.
The rule is applied with fractions, so nothing is rounded.
"""
import collections
import fractions
import glob
import json
import subprocess
import sys


def decode(covdb, notes, snapshot):
    done = subprocess.run(
        [covdb, "decode", snapshot, "--notes", notes, "--format", "json"],
        capture_output=True, check=True, text=True,
    )
    counts = {}
    for file in json.loads(done.stdout)["files"]:
        for line in file["lines"]:
            # Where counters contradict each other, the state tells whether a line ran at all.
            has_run = "not" not in line["state"]
            is_sound = has_run == (line["count"] > 0)
            counts[file["file"], line["line"]] = line["count"] if is_sound else int(has_run)
    return counts


def main():
    covdb, database, trials, notes, *directories = sys.argv[1:]
    rates, idle = {}, None
    for path in sorted(glob.glob(f"{trials}/*.json")):
        manifest = json.load(open(path))
        seconds = fractions.Fraction(manifest["duration_ns"], 10**9)
        counts = decode(covdb, notes, f"{trials}/{manifest['snapshot']['file']}")
        if manifest["trial"]["baseline"]:
            assert idle is None, "more than one baseline"
            idle = {key: count / seconds for key, count in counts.items()}
        else:
            name = manifest["trial"]["platform"]
            assert name not in rates, "more than one trial of a platform"
            rates[name] = {key: count / seconds for key, count in counts.items()}
    kept = {
        name: {key for key, rate in of.items() if rate > 0 and rate > idle.get(key, 0)}
        for name, of in rates.items()
    }
    found = set(idle).union(*rates.values())
    failures = 0
    for directory in directories:
        prefix = "" if directory == "." else directory.rstrip("/") + "/"
        expected = collections.Counter()
        for key in set().union(*kept.values()):
            if key[0].startswith(prefix):
                expected[frozenset(name for name in kept if key in kept[name])] += 1
        done = subprocess.run(
            [covdb, "venn", "--db", database, "--dir", directory, "--format", "json"],
            capture_output=True, check=True, text=True,
        )
        answer = json.loads(done.stdout)
        got = {frozenset(r["platforms"]): r["lines"] for r in answer["regions"] if r["lines"]}
        totals = {name: sum(key[0].startswith(prefix) for key in kept[name]) for name in kept}
        in_directory = sum(key[0].startswith(prefix) for key in found)
        is_equal = (got == dict(expected) and answer["totals"] == totals
                    and answer["found"] == in_directory)
        failures += not is_equal
        print(f"{directory}: found {in_directory}, totals {totals}, {len(expected)} regions: "
              f"{'equal' if is_equal else f'covdb says {answer}'}")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
