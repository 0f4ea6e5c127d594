#!/usr/bin/env python3
"""statistics_oracle.py VALUES - p-values of differ/ against exact fractions.

VALUES is the program of statistics_values.c. Every case is computed here from the definition: the
binomial tail as a sum of terms, the permutation test by listing all ways to deal out the trials.
"""
import itertools
import math
import random
import subprocess
import sys
from fractions import Fraction


def poisson(count, ns, idle_count, idle_ns):
    """P[Bin(count + idle_count, ns / (ns + idle_ns)) >= count]."""
    total, share = count + idle_count, Fraction(ns, ns + idle_ns)
    return sum(math.comb(total, i) * share**i * (1 - share) ** (total - i)
               for i in range(count, total + 1))


def permutation(trial_count, rates):
    """Share of the ways to choose trials whose mean exceeds the others' by at least as much."""
    def difference(chosen):
        ours = [rates[i] for i in chosen]
        others = [rate for i, rate in enumerate(rates) if i not in chosen]
        return Fraction(sum(ours), len(ours)) - Fraction(sum(others), len(others))
    ways = list(itertools.combinations(range(len(rates)), trial_count))
    return Fraction(sum(difference(way) >= difference(range(trial_count)) for way in ways), len(ways))


def make_cases(source):
    for _ in range(400):
        count, idle = source.choice([3, 30, 300]), source.choice([3, 30, 300])
        case = [source.randrange(count), source.choice([1, 7, 10]),
                source.randrange(idle), source.choice([1, 3, 10])]
        yield "poisson " + " ".join(map(str, case)), poisson(*case)
    for _ in range(400):
        trials, baselines = source.randint(1, 6), source.randint(1, 6)
        shift, spread = source.choice([0, 1, 3, 8]), source.choice([1, 4, 1000])
        rates = [source.randrange(spread) + shift * (i < trials) for i in range(trials + baselines)]
        yield (f"permutation {trials} {baselines} " + " ".join(map(str, rates)),
               permutation(trials, rates))


def main():
    cases = list(make_cases(random.Random(20200317)))
    answers = subprocess.run([sys.argv[1]], input="\n".join(case for case, _ in cases), text=True,
                             capture_output=True, check=True).stdout.split()
    if len(answers) != len(cases):
        sys.exit(f"{len(cases)} cases, {len(answers)} answers")
    for (case, expected), answer in zip(cases, answers):
        if abs(float(answer) - float(expected)) > 1e-11 * float(expected):
            sys.exit(f"{case}: {answer}, not {float(expected)}")
    print(f"{len(cases)} p-values equal the exact ones")


main()
