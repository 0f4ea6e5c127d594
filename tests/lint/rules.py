#!/usr/bin/env python3
"""rules.py ROOT - house rules of C sources that neither compiler nor clang-format knows."""

import re
import sys

from tree import Tree

FILE_LINES_MAX = 600
LINE_COLUMNS_MAX = 100
OURS = ("collector/*", "differ/*", "venn/*", "workloads/*", "tests/*")


def check_lines(tree, name, text):
    lines = text.splitlines()
    if len(lines) > FILE_LINES_MAX:
        tree.complain(name, 0, f"{len(lines)} lines, more than {FILE_LINES_MAX}")
    for number, line in enumerate(lines, 1):
        columns = len(line.expandtabs(8))
        # A string may go on to where it ends: cut in two, it is not found by grep.
        if columns > LINE_COLUMNS_MAX and not re.search(r'"[);,]*( \\)?$', line):
            tree.complain(name, number, f"{columns} columns, more than {LINE_COLUMNS_MAX}")
        if re.match(r"\s*/\*\s*[-=*]{3,}", line):
            tree.complain(name, number, "a banner")


def check_first_line(tree, name, text):
    if not re.search(rf"(?m)\A(?:/\*\n)?.*{re.escape(name.rsplit('/', 1)[-1])} - ", text):
        tree.complain(name, 1, "does not begin with its name and what it is for")


def main():
    tree = Tree(sys.argv[1])
    names = [name for name in tree.files(*(f"{folder}.[ch]" for folder in OURS))
             if not name.startswith("tests/data/")]
    for name in names:
        text = tree.read(name)
        check_lines(tree, name, text)
        check_first_line(tree, name, text)
    tree.finish(names)


if __name__ == "__main__":
    main()
