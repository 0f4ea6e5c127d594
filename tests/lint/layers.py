#!/usr/bin/env python3
"""layers.py ROOT - no file includes, or does, what layers.toml does not let it."""

import re
import sys
import tomllib

import circles
from tree import Tree, line_of, matches

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
PRODUCT = ("collector/*", "differ/*", "venn/*")


def folder_of(name):
    return name.rsplit("/", 1)[0] if "/" in name else ""


def may_include(table, name, header):
    """Whether name may include header, a path from the root."""
    folder = folder_of(name)
    row = table["files"].get(name, table["folders"][folder])
    if folder_of(header) in (folder, "collector/base"):
        return folder != "collector/base" or folder_of(header) == folder
    return any(matches(header, (to, f"{to}/*")) and (header == to or "*" in to or folder_of(header) == to)
               for to in row)


def check_include(tree, table, name, line, header):
    if ".." in header.split("/"):
        tree.complain(name, line, f"the include of {header} climbs")
        return None
    beside = f"{folder_of(name)}/{header}"
    found = header if header in tree.listed else beside if beside in tree.listed else None
    if found is None:
        tree.complain(name, line, f"includes {header}, which git does not list")
    elif found == beside and name.startswith(("collector/", "differ/", "venn/")):
        tree.complain(name, line, f"the include of {header} does not begin at the root")
    elif not may_include(table, name, found):
        tree.complain(name, line, f"may not include {found}")
    return found


def check_only(tree, table, name, text):
    """Includes, calls and words that layers.toml gives to some files alone."""
    for match in INCLUDE.finditer(text):
        allowed = table["only"]["include"].get(match[2])
        if allowed is not None and not matches(name, allowed):
            tree.complain(name, line_of(text, match.start()), f"may not include {match[2]}")
    code = without_comments(text)
    for functions, allowed in table["only"]["call"].items():
        if matches(name, allowed):
            continue
        for match in re.finditer(rf"\b({functions})\s*\(", code):
            tree.complain(name, line_of(code, match.start()), f"may not call {match[1]}()")
    for words, allowed in table["only"]["word"].items():
        if matches(name, allowed):
            continue
        for match in re.finditer(rf"\b({words})\b", code):
            tree.complain(name, line_of(code, match.start()), f"may not name {match[1]}")


def without_comments(text):
    """The code alone, with as many lines: no comments, and strings are empty."""
    def blank(match):
        return '""' if match[0].startswith('"') else "\n" * match[0].count("\n")
    return re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', blank, text, flags=re.S)


def main():
    tree = Tree(sys.argv[1])
    table = tomllib.loads(tree.read("tests/lint/layers.toml"))
    names = tree.files("*.c", "*.h")
    edges = {}
    for name in names:
        if folder_of(name) not in table["folders"]:
            tree.read(name)
            tree.complain(name, 0, f"the folder {folder_of(name)} stands in no row of layers.toml")
            continue
        text = tree.read(name)
        for match in INCLUDE.finditer(text):
            if match[1] != '"':
                continue
            header = check_include(tree, table, name, line_of(text, match.start()), match[2])
            if header and circles.module_of(header) != circles.module_of(name):
                edges.setdefault(circles.module_of(name), set()).add(circles.module_of(header))
        if matches(name, PRODUCT):
            check_only(tree, table, name, text)
    circles.complain_of(tree, edges, "include")
    for folder in table["folders"]:
        if not any(folder_of(name) == folder for name in names):
            tree.complain("tests/lint/layers.toml", 0, f"the folder {folder} has no sources")
    tree.finish(names)


if __name__ == "__main__":
    main()
