#!/usr/bin/env python3
"""duplicates.py ROOT - no block of ten or more lines stands twice in our own C, JavaScript or shell."""

import re
import sys

from tree import Tree

BLOCK_LINES = 10
OURS = ("*.c", "*.h", "*.js", "*.jsx", "*.mjs", "*.cjs", "*.sh", ".ci/run", "workloads/lab/*init")
# Lines that say nothing by themselves: punctuation, includes and imports, comments.
THIN = re.compile(r"[\W_]*|#\s*include\b.*|import\b.*|/\*.*|\*.*|//.*|#.*")


def telling_lines(text):
    """(number, line without its indentation) of the lines that say something."""
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)
            if not THIN.fullmatch(line.strip())]


def main():
    tree = Tree(sys.argv[1])
    names = [name for name in tree.files(*OURS) if not name.startswith("tests/data/")]
    seen, covered = {}, set()
    for name in names:
        lines = telling_lines(tree.read(name))
        for i in range(len(lines) - BLOCK_LINES + 1):
            block = lines[i:i + BLOCK_LINES]
            key = "\n".join(line for _, line in block)
            first = seen.setdefault(key, (name, block[0][0], i))
            if first == (name, block[0][0], i):
                continue
            # A longer block is complained of once, where it begins.
            if (first[0], first[2] - 1, name, i - 1) not in covered:
                tree.complain(name, block[0][0], f"{BLOCK_LINES} lines as at {first[0]}:{first[1]}")
            covered.add((first[0], first[2], name, i))
    tree.finish(names)


if __name__ == "__main__":
    main()
