#!/usr/bin/env python3
"""
shell_types.py KEYS COMMAND... - what an interactive shell makes of a line that is completed.

COMMAND is the shell, with the prompt "> ". KEYS are typed, then Tab; the line that came of it is then made the words of an
echo, between brackets, which are printed.
"""

import os
import pty
import re
import select
import sys


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
    wait_for(terminal, rb"\nready\r?\n[^\n]*> ")
    # The shell reads what comes after Tab when it has completed.
    os.write(terminal, keys.encode() + b"\t]'\x01echo '[\r")
    seen = wait_for(terminal, rb"\n *\[[^\n]*\]\r?\n")
    os.write(terminal, b"\x15exit\r")
    os.close(terminal)
    found = re.findall(rb"\n *(\[[^\n]*\])\r?\n", seen)
    print(found[-1].decode() if found else seen.decode(errors="replace"))


if __name__ == "__main__":
    main()
