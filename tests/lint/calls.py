#!/usr/bin/env python3
"""calls.py ROOT BUILD - no circle of files in which each calls the next, by the symbols of a build."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import circles
from tree import Tree, matches

PRODUCT = ("collector/*.c", "differ/*.c", "venn/*.c")


def objects(tree, build):
    """{source: object} of the sources of the product, as compile_commands.json has them."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for command in commands:
        path = Path(command["file"])
        if path.is_relative_to(tree.root) and matches(str(path.relative_to(tree.root)), PRODUCT):
            words = shlex.split(command["command"])
            output = words[words.index("-o") + 1]
            found[str(path.relative_to(tree.root))] = Path(command["directory"]) / output
    return found


def symbols(paths):
    """{object: (functions that it defines, names that it wants)}."""
    # One nm for all: it loads what reads the objects of other compilers, which takes longer than reading one.
    listed = subprocess.run(["nm", "-A", *map(str, paths)], check=True, capture_output=True, text=True)
    found = {str(path): (set(), set()) for path in paths}
    for line in listed.stdout.splitlines():
        path, of_symbol = line.rsplit(":", 1)
        kind, name = of_symbol.split()[-2:]
        if kind in ("T", "U"):
            found[path][kind == "U"].add(name)
    return found


def main():
    tree = Tree(sys.argv[1])
    names = tree.files(*PRODUCT)
    defined, wanted = {}, {}
    built = objects(tree, Path(sys.argv[2]))
    symbols_of = symbols(built.values()) if built else {}
    for name, path in built.items():
        functions, wanted[name] = symbols_of[str(path)]
        tree.was_read.add(name)
        for function in functions:
            defined[function] = name
    edges = {}
    for name, functions in wanted.items():
        for function in functions:
            to = defined.get(function, name)
            if to != name:
                edges.setdefault(circles.module_of(name), set()).add(circles.module_of(to))
    circles.complain_of(tree, edges, "call")
    tree.finish(names)


if __name__ == "__main__":
    main()
