#!/usr/bin/env python3
"""functions.py ROOT - no function is too long, takes too much, or is too hard to follow, as lizard measures it."""

import csv
import subprocess
import sys

from tree import Tree

FUNCTION_LINES_MAX = 70
PARAMETERS_MAX = 6
COGNITIVE_COMPLEXITY_MAX = 20
OURS = ("collector/*.[ch]", "differ/*.[ch]", "venn/*.[ch]")


def measured(tree, names):
    """(path, line, function, lines, parameters, cognitive complexity) of each function."""
    lizard = [sys.executable, "-m", "lizard", "-Ecognitive", "--csv", "-l", "c", *names]
    done = subprocess.run(lizard, cwd=tree.root, check=True, capture_output=True, text=True)
    for row in csv.reader(done.stdout.splitlines()):
        _, _, _, parameters, lines, _, path, name, _, start, _, cognitive = row
        yield path, int(start), name, int(lines), int(parameters), int(cognitive)


def main():
    tree = Tree(sys.argv[1])
    names = tree.files(*OURS)
    for name in names:
        tree.read(name)
    count = 0
    for path, start, name, lines, parameters, cognitive in measured(tree, names) if names else ():
        count += 1
        for got, most, what in ((lines, FUNCTION_LINES_MAX, "lines"), (parameters, PARAMETERS_MAX, "parameters"),
                                (cognitive, COGNITIVE_COMPLEXITY_MAX, "of cognitive complexity")):
            if got > most:
                tree.complain(path, start, f"{name}() has {got} {what}, more than {most}")
    if not count:
        tree.complain(str(tree.root), 0, "not a single function was measured")
    print(f"{count} functions measured")
    tree.finish(names)


if __name__ == "__main__":
    main()
