#!/usr/bin/env python3
"""
headers.py ROOT - each header compiles alone, and its comments name parameters that there are.
"""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tree import Tree, line_of

CFLAGS = ["-std=gnu11", "-D_GNU_SOURCE", '-DCOVDB_SOURCE_DIR="."', "-I.", "-Wall", "-Wextra", "-Werror"]
PACKAGES = ("smartcols", "sqlite3", "jansson", "libxml-2.0")
DOCUMENTED = re.compile(r"/\*\*(.*?)\*/\s*([^;{}]*?\([^;{}]*\)[^;{}]*)[;{]", re.S)


def package_flags():
    flags = subprocess.run(["pkg-config", "--cflags", *PACKAGES], check=True, capture_output=True, text=True)
    return flags.stdout.split()


def check_alone(tree, name, flags):
    """Whether name compiles alone, twice included."""
    twice = f'#include "{name}"\n' * 2
    compiled = subprocess.run(["gcc", *CFLAGS, *flags, "-fsyntax-only", "-x", "c", "-"], input=twice,
                              cwd=tree.root, capture_output=True, text=True, check=False)
    if compiled.returncode:
        tree.complain(name, 0, "does not compile alone\n" + compiled.stderr)


def check_parameters(tree, name, text):
    for match in DOCUMENTED.finditer(text):
        named = set(re.findall(r"@(\w+)", match[1]))
        known = set(re.findall(r"\w+", match[2].split("(", 1)[1]))
        for word in sorted(named - known):
            tree.complain(name, line_of(text, match.start()), f"@{word} is no parameter of the prototype below")


def main():
    tree = Tree(sys.argv[1])
    headers = [name for name in tree.files("*.h") if not name.startswith("tests/data/")]
    for name in headers:
        check_parameters(tree, name, tree.read(name))
    flags = package_flags()
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: check_alone(tree, name, flags), headers))
    tree.finish(headers)


if __name__ == "__main__":
    main()
