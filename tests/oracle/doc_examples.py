#!/usr/bin/env python3
"""doc_examples.py COVDB PAGE... - what the pages show is what the commands print today.

In a block that begins with ```console, "$ covdb ..." is run by the shell, with $COVDB as it is in the
environment, and its standard output must be what follows, up to the next "$ " or the end of the block,
and must be something.
A line of nothing but "..." stands for any lines. With --write the pages are made to show it; what
stands behind a "..." is then kept as it is.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile


def run(covdb, command):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(covdb), os.path.join(folder, "covdb"))
        path = folder + os.pathsep + os.environ["PATH"]
        done = subprocess.run(
            ["bash", "-c", command],
            env={name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"PATH": path, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
    return [line.rstrip() for line in done.stdout.splitlines()], done.stderr


def matches(shown, printed):
    pattern = "".join(
        "(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


def examples(lines):
    """(first line, line behind the last, command) of what each command is shown to print."""
    is_inside, start, command = False, 0, None
    for number, line in enumerate(lines + ["```"]):
        if is_inside and (line.startswith("$ ") or line == "```"):
            if command:
                yield start, number, command
            command = None
            is_inside = line != "```"
            if is_inside:
                command, start = line[2:], number + 1
        elif line == "```console":
            is_inside = True


def check(covdb, page, is_writing):
    with open(page, encoding="utf-8") as file:
        lines = file.read().splitlines()
    count = failures = 0
    for start, end, command in reversed(list(examples(lines))):
        shown = lines[start:end]
        printed, messages = run(covdb, command)
        count += 1
        if printed and matches(shown, printed):
            continue
        if printed and is_writing and "..." not in shown:
            lines[start:end] = printed
            continue
        failures += 1
        print(f"{page}:{start}: {command}\n--- shown\n" + "\n".join(shown))
        print("--- printed\n" + "\n".join(printed) + f"\n{messages}")
    if is_writing:
        with open(page + ".new", "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        shutil.move(page + ".new", page)
    print(f"{page}: {count} commands, {failures} of them print something else")
    return count > 0 and not failures


def main():
    is_writing = "--write" in sys.argv
    covdb, *pages = [word for word in sys.argv[1:] if word != "--write"]
    # Each page, also behind one that fails.
    sys.exit(not all([check(covdb, page, is_writing) for page in pages]))


main()
