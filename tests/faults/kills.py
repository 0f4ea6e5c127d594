#!/usr/bin/env python3
"""kills.py COVDB SOURCE - every command that writes is killed at random times, and nothing is lost.

Each command of scenarios.py that writes something is killed --count times, at times between its start
and the one by which it usually is over; one that was faster than its kill is run again. What it leaves
is as before or complete, and the same command then gives what it gives undisturbed. Prints the seed,
which --seed takes to kill at the same times again.
"""
import argparse
import os
import random
import subprocess
import sys
import time

import memory
import scenarios

TRIES_MAX = 20  # of one kill, before the command is taken to be done sooner than measured


def usual_seconds(workshop, scenario):
    """From the start of a command to its end, which it reaches in half of the runs."""
    seconds = []
    for _ in range(5):
        workshop.begin(scenario)
        start = time.monotonic()
        workshop.start(scenario).wait()
        seconds.append(time.monotonic() - start)
    return sorted(seconds)[2]


def killed(workshop, scenario, delay_s):
    """The outcome of a command that was killed after some time, or None if it was over."""
    workshop.begin(scenario)
    process = workshop.start(scenario)
    time.sleep(delay_s)
    process.kill()
    if process.wait() >= 0:
        return None
    return workshop.finish(scenario, process)


def kill_often(workshop, scenario, count, generator):
    """Kills a command @count times; returns problems and what it left."""
    before, complete = workshop.undisturbed(scenario)
    usual_s = usual_seconds(workshop, scenario)
    figures = {"killed": 0, "done": 0, "left": 0, "still": 0}
    problems = []
    for _ in range(count * TRIES_MAX):
        if figures["killed"] == count:
            break
        delay_s = generator.uniform(0, usual_s)
        outcome = killed(workshop, scenario, delay_s)
        if outcome is None:
            continue
        figures["killed"] += 1
        figures["done"] += scenarios.is_complete(scenario, complete, outcome) and outcome.state.tables != before.tables
        figures["left"] += bool(scenarios.strays(before, complete.state, outcome.state))
        found = scenarios.judge(scenario, before, complete, outcome)
        found += scenarios.repeat(workshop, scenario, before, complete, outcome)
        figures["still"] += bool(scenarios.strays(before, complete.state, workshop.state(scenario)))
        problems += [f"killed after {delay_s * 1000:.2f} ms: {problem}" for problem in found]
    if figures["killed"] < count:
        problems.append(f"could be killed {figures['killed']} times only")
    return figures, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("covdb", "source"):
        parser.add_argument(name, type=os.path.realpath)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--only", action="append")
    options = parser.parse_args()
    if scenarios.has_sanitizers(options.covdb):
        print("skipped: sanitizers see nothing of a kill, and take several times as long")
        sys.exit(77)
    print(f"seed {options.seed}")
    wrong = kills = 0
    with memory.folder("covdb-kills.") as folder:
        workshop = scenarios.Workshop(options.covdb, options.source, folder)
        for scenario in scenarios.scenarios(options.covdb):
            if not scenario.writes() or options.only and scenario.name not in options.only:
                continue
            generator = random.Random(f"{options.seed} {scenario.name}")
            figures, problems = kill_often(workshop, scenario, options.count, generator)
            kills += figures["killed"]
            wrong += len(problems)
            print(f"{scenario.name}: {figures['killed']} kills, {figures['done']} of them after all was stored; "
                  f"{figures['left']} left temporary files, {figures['still']} still after the repetition; {len(problems)} wrong", flush=True)
            for problem in sorted(set(problems))[:5]:
                print(f"    not ok: {problem}")
    print(f"{kills} kills, {wrong} wrong")
    sys.exit(1 if wrong or not kills else 0)


if __name__ == "__main__":
    main()
