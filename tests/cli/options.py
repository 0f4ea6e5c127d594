#!/usr/bin/env python3
"""
options.py COVDB SOURCE_DIR - docs/options.md has every option of every command, once, and no other; one that depends on
the command is in its second table, which does not grow.
"""

import re
import subprocess
import sys

DEPEND_MOST = {"baseline", "list", "set", "trial"}


def helped(covdb, *words):
    return subprocess.run([covdb, "help", *words], check=True, capture_output=True, text=True).stdout


def main():
    covdb, source = sys.argv[1:3]
    failures = []
    listing = helped(covdb).split("Commands:\n")[1].split("\n\n")[0]
    commands = re.findall(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)?)  ", listing, re.M)
    assert len(commands) > 30, commands
    with open(f"{source}/docs/options.md", encoding="utf-8") as page:
        first, second = page.read().split("\n## ")
    meanings = re.findall(r"^\| `--([a-z-]+)` \| ([^|]+) \|$", first, re.M)
    known = [name for name, _ in meanings]
    depend = {}
    for name, where in re.findall(r"^\| `--([a-z-]+)` \| ([^|]+) \| [^|]+ \|$", second, re.M):
        depend.setdefault(name, []).extend(re.findall(r"`([^`]+)`", where))
    failures += [f"--{name} has more than one meaning" for name in known if known.count(name) > 1]
    failures += [f"--{name} depends on the command: give it one meaning" for name in set(depend) - DEPEND_MOST]
    used = set()
    for command in commands:
        options = re.findall(r"^  (?:-., |    )--([a-z-]+)", helped(covdb, *command.split()), re.M)
        for name in set(options) - {"help", "usage"}:
            used.add(name)
            if command in depend.get(name, ()):
                used.add((name, command))
            elif name not in known:
                failures.append(f"--{name} of covdb {command} is not in docs/options.md")
    failures += [f"no command has --{name}" for name in known if name not in used]
    failures += [f"covdb {command} has no --{name}" for name, where in depend.items() for command in where if (name, command) not in used]
    print("\n".join(f"not ok: {text}" for text in sorted(failures)))
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
