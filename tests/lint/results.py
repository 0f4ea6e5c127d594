#!/usr/bin/env python3
"""results.py ROOT BUILD - no source ignores a result of a library's function that results.toml names.

The compiler finds them: it is told that each of these functions has a result that must be used. What is ignored is a
call whose result nothing takes; that a result is looked at is not seen.
"""

import functools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tree import Tree, matches

PRODUCT = ("collector/*.c", "differ/*.c", "venn/*.c")
IGNORED = re.compile(r"^([^:\n]+):(\d+):\d+: error: ignoring return value of ‘(\w+)’", re.M)


def compilers(tree, build):
    """{source: (folder, words of the command)} of the sources of the product."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for command in commands:
        path = Path(command["file"])
        if path.is_relative_to(tree.root) and matches(str(path.relative_to(tree.root)), PRODUCT):
            found[str(path.relative_to(tree.root))] = (command["directory"], shlex.split(command["command"]))
    return found


def compile_with(folder, words, header, *more):
    """Run the command, without its output; header comes before the source."""
    kept = [word for i, word in enumerate(words)
            if word not in ("-c", "-o", "-MD") and words[i - 1] not in ("-o", "-MT", "-MF") and word not in ("-MT", "-MF")]
    return subprocess.run([*kept, "-include", str(header), "-Wno-error", *more], cwd=folder,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False)


def known_headers(build):
    """{object: what it was made of} of the objects that ninja made and that are newer than all of it."""
    done = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], capture_output=True, text=True, check=False)
    changed = functools.cache(lambda name: os.path.getmtime(build / name))
    known = {}
    for block in done.stdout.split("\n\n"):
        made, *parts = [line.split(": #deps ")[0].strip() for line in block.splitlines()] or [""]
        if parts and all(os.path.exists(build / name) and changed(name) <= changed(made) for name in (made, *parts)):
            known[made] = "\n".join(parts)
    return known


def headers_of(folder, words, known, empty):
    """All headers that a source includes, by whatever way."""
    return known.get(words[words.index("-o") + 1]) or compile_with(folder, words, empty, "-M").stdout


def check(tree, name, command, known, table, scratch):
    folder, words = command
    included = headers_of(folder, words, known, scratch / "empty.h")
    wanted = [header for header in table if re.search(rf"/{re.escape(header)}(\s|$)", included)]
    declared = scratch / f"{name.replace('/', '_')}.h"
    lines = [f"#include <{header}>" for header in wanted]
    for header in wanted:
        lines += [f"extern __typeof__({function}) {function} __attribute__((warn_unused_result));"
                  for function in table[header]["functions"].split()]
    declared.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = compile_with(folder, words, declared, "-O0", "-g0", "-S", "-o", "/dev/null", "-Werror=unused-result")
    tree.read(name)
    found = IGNORED.findall(done.stdout + done.stderr)
    for path, line, function in found:
        where = Path(folder) / path
        shown = str(where.relative_to(tree.root)) if where.is_relative_to(tree.root) else path
        tree.complain(shown, int(line), f"the result of {function}() is ignored")
    if done.returncode and not found:
        tree.complain(name, 0, f"was not compiled: {(done.stderr.splitlines() or ['no reason given'])[0]}")


def main():
    tree = Tree(sys.argv[1])
    table = tomllib.loads(tree.read("tests/lint/results.toml"))
    names = tree.files(*PRODUCT)
    commands = compilers(tree, Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        scratch = Path(folder)
        (scratch / "empty.h").write_text("", encoding="utf-8")
        known = known_headers(Path(sys.argv[2]))
        list(pool.map(lambda name: check(tree, name, commands[name], known, table, scratch),
                      [name for name in names if name in commands]))
    tree.complaints = sorted(set(tree.complaints))
    tree.finish(names)


if __name__ == "__main__":
    main()
