#!/usr/bin/env python3
"""
shell_types.py KEYS COMMAND... - what an interactive shell makes of a line that is completed.

COMMAND is the shell. KEYS are typed, then Tab; the line that came of it is then made the words of an
echo, between brackets, which are printed.
"""

import os
import pty
import re
import select
import sys


def until_silent(terminal, seconds):
    """What the terminal is given until there was nothing for so long."""
    seen = b""
    while select.select([terminal], [], [], seconds)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    return seen


def wait_for(terminal, pattern):
    """Until something of the pattern was printed: shells take a while on a busy machine."""
    seen = b""
    while not re.search(pattern, seen):
        if not select.select([terminal], [], [], 60)[0]:
            break
        data = os.read(terminal, 65536)
        seen += data
    return seen


def main():
    keys, command = sys.argv[1], sys.argv[2:]
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="dumb", COLUMNS="500", LINES="100")
        os.execvp(command[0], command)
    os.write(terminal, b"echo rea''dy\n")
    wait_for(terminal, rb"ready")
    until_silent(terminal, 0.5)
    os.write(terminal, keys.encode() + b"\t")
    until_silent(terminal, 1.5)
    os.write(terminal, b"]'\x01echo '[\r")
    seen = wait_for(terminal, rb"\n *\[[^\n]*\]\r?\n")
    os.write(terminal, b"\x15exit\r")
    os.close(terminal)
    found = re.findall(rb"\n *(\[[^\n]*\])\r?\n", seen)
    print(found[-1].decode() if found else seen.decode(errors="replace"))


if __name__ == "__main__":
    main()
