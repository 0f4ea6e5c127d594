#!/usr/bin/env python3
"""statistics_oracle.py VALUES - p-values of differ/ against exact fractions.

VALUES is the program of statistics_values.c. Every case is computed here from the definition: the
binomial tail as a sum of terms, the permutation test by listing all ways to deal out the trials. Of
more trials than differ/ counts, whole rates are dealt out by counting subsets by their size and sum;
the estimate has to be near that, and exact where the two sides do not overlap.
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


def permutation_of_many(trial_count, rates):
    """The same share, for whole rates: ways[size][sum] is the number of choices of that size."""
    ways = [{} for _ in range(trial_count + 1)]
    ways[0][0] = 1
    for rate in rates:
        for size in range(trial_count, 0, -1):
            for total, number in ways[size - 1].items():
                ways[size][total + rate] = ways[size].get(total + rate, 0) + number
    observed = sum(rates[:trial_count])
    reaching = sum(number for total, number in ways[trial_count].items() if total >= observed)
    return Fraction(reaching, math.comb(len(rates), trial_count))


EXACT_MAX, DRAWS, REACHING_MAX = 20, 9999, 100


def is_near(answer, exact):
    """Within five standard deviations of a share of DRAWS, or of draws up to REACHING_MAX that reach."""
    deviation = math.sqrt(exact * exact / REACHING_MAX + exact / DRAWS)
    return abs(answer - exact) <= 5 * deviation + 1 / DRAWS


def make_cases_of_many(source):
    for _ in range(300):
        trials, baselines = source.randint(5, 40), source.randint(5, 40)
        if trials + baselines <= EXACT_MAX:
            baselines = EXACT_MAX + 1 - trials
        shift, spread = source.choice([0, 0, 1, 2, 20]), source.choice([1, 4, 9, 30])
        rates = [source.randrange(spread) + shift * (i < trials) for i in range(trials + baselines)]
        yield f"permutation {trials} {baselines} " + " ".join(map(str, rates)), trials, rates


def check_many(program):
    cases = list(make_cases_of_many(random.Random(20261127)))
    answers = [float(answer) for answer in ask(program, [case for case, _, _ in cases])]
    ratios = []
    for (case, trials, rates), answer in zip(cases, answers):
        exact = permutation_of_many(trials, rates)
        is_apart = min(rates[:trials]) > max(rates[trials:])
        if is_apart and abs(answer - float(exact)) > 1e-9 * float(exact):
            sys.exit(f"{case}: {answer}, not {float(exact)}, though the sides do not overlap")
        if not is_near(answer, float(exact)):
            sys.exit(f"{case}: {answer}, far from {float(exact)}")
        if not is_apart and 0.01 < exact < 1:
            ratios.append(answer / float(exact))
    mean = sum(ratios) / len(ratios)
    if len(ratios) < 50 or abs(mean - 1) > 0.03:
        sys.exit(f"{len(ratios)} estimates are {mean} of the exact p-values on average")
    print(f"{len(cases)} p-values of more than {EXACT_MAX} trials are near the exact ones, "
          f"{mean:.3f} of them on average")


def ask(program, cases):
    answers = subprocess.run([program], input="\n".join(cases), text=True, capture_output=True,
                             check=True).stdout.split()
    if len(answers) != len(cases):
        sys.exit(f"{len(cases)} cases, {len(answers)} answers")
    return answers


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
    answers = ask(sys.argv[1], [case for case, _ in cases])
    for (case, expected), answer in zip(cases, answers):
        if abs(float(answer) - float(expected)) > 1e-11 * float(expected):
            sys.exit(f"{case}: {answer}, not {float(expected)}")
    print(f"{len(cases)} p-values equal the exact ones")
    check_many(sys.argv[1])


main()
