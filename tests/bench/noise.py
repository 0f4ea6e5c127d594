#!/usr/bin/env python3
"""noise.py - what each rule keeps of nothing, on a whole kernel: ten idle trials of the recorded study.

The study has two idle trials of the host. Ten are made of them, each with the noise that growth.py
makes: every function's counters multiplied by a number of its own from 1 to 3, and one function in
fifty still. All ten are alike in distribution, so whatever a rule keeps of one half against the other
is false.
"""
import argparse
import glob
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import growth  # noqa: E402 (beside this file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covdb", required=True)
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20200317)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        for archive in ("trials", "notes"):
            path = os.path.join(growth.RECORDED, archive + ".tar.zst")
            subprocess.run(["tar", "--zstd", "-xf", path, "-C", folder], check=True)
        os.makedirs(folder + "/noisy/trials")
        idle = sorted(glob.glob(folder + "/study/trials/baseline-idle-[0-9].json"))
        for number in range(options.trials):
            growth.repeat(idle[number % len(idle)], folder + "/noisy/trials", number, chance)
        with open(idle[0], encoding="utf-8") as file:
            build_id = json.load(file)["kernel"]["build_id"]
        environment = dict(os.environ, COVDB=folder + "/covdb.sqlite")
        for words in (
            ["kernel", "add", "--notes", folder, "--build-id", build_id],
            ["import", folder + "/noisy"],
            ["noise", "--baseline", "host/idle"],
        ):
            is_last = words[0] == "noise"
            subprocess.run(
                [options.covdb, *words], env=environment, check=True, stderr=subprocess.DEVNULL,
                stdout=None if is_last else subprocess.DEVNULL,
            )


if __name__ == "__main__":
    main()
