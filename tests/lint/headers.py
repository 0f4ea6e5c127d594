#!/usr/bin/env python3
"""
headers.py ROOT [BUILD] - each header compiles alone and is a true table of contents.

A header declares only functions whose names begin with cov_, its own stem, or its folder and stem,
and which the .c beside it defines; a comment names only parameters of the prototype below it. What the build makes, and
headers include, is in BUILD/late; BUILD is ROOT/build/release unless given.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tree import Tree, line_of

CFLAGS = ["-std=gnu11", "-D_GNU_SOURCE", '-DCOVDB_SOURCE_DIR="."', "-I.", "-Wall", "-Wextra", "-Werror"]
PACKAGES = ("smartcols", "sqlite3", "jansson", "libxml-2.0")
DOCUMENTED = re.compile(r"/\*\*(.*?)\*/\s*([^;{}]*?\([^;{}]*\)[^;{}]*)[;{]", re.S)


def package_flags(build):
    flags = subprocess.run(["pkg-config", "--cflags", *PACKAGES], check=True, capture_output=True, text=True)
    return [*flags.stdout.split(), f"-I{os.path.abspath(build)}/late"]


def check_alone(tree, name, flags):
    """Whether name compiles alone, twice included."""
    twice = f'#include "{name}"\n' * 2
    compiled = subprocess.run(["gcc", *CFLAGS, *flags, "-fsyntax-only", "-x", "c", "-"], input=twice,
                              cwd=tree.root, capture_output=True, text=True, check=False)
    if compiled.returncode:
        tree.complain(name, 0, "does not compile alone\n" + compiled.stderr)


def tags(tree, names, kinds):
    """What ctags finds of these kinds: f a function, p a prototype."""
    command = ["ctags", "--output-format=json", f"--kinds-C={kinds}", "--languages=C", "--langmap=C:.c.h",
               "-I", "COV_DEFINE_AUTO+,COV_DEFINE_AUTO_STRUCT+", "--fields=+nKS", "-f", "-", "-L", "-"]
    found = subprocess.run(command, input="\n".join(names), cwd=tree.root, check=True,
                           capture_output=True, text=True)
    listed = [json.loads(line) for line in found.stdout.splitlines() if line.startswith("{")]
    # A macro that is used like a function is none.
    return [tag for tag in listed if not tag["name"].isupper()]


def check_prototypes(tree, headers, sources):
    defined = {}
    for tag in tags(tree, sources, "f"):
        defined.setdefault(tag["name"], set()).add(tag["path"])
    for tag in tags(tree, headers, "pf"):
        name, line, function = tag["path"], tag["line"], tag["name"]
        folder, stem = os.path.split(name.removesuffix(".h"))
        stems = ("cov_", stem, f"{os.path.basename(folder)}_{stem}")
        # COV_AUTO(close) wants close_auto().
        if not function.startswith(stems) and not function.endswith("_auto"):
            tree.complain(name, line, f"{function}() does not begin with {' or '.join(stems)}")
        if tag["kind"] == "prototype" and name.removesuffix("h") + "c" not in defined.get(function, ()):
            where = ", ".join(sorted(defined.get(function, ()))) or "nothing"
            tree.complain(name, line, f"{function}() is defined by {where}, not by the .c beside it")


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
    product = [name for name in headers if name.startswith(("collector/", "differ/", "venn/"))]
    if product:
        check_prototypes(tree, product, tree.files("collector/*.c", "differ/*.c", "venn/*.c"))
    flags = package_flags(sys.argv[2] if len(sys.argv) > 2 else tree.root / "build/release")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: check_alone(tree, name, flags), headers))
    tree.finish(headers)


if __name__ == "__main__":
    main()
