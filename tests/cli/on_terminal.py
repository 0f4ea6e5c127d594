#!/usr/bin/env python3
"""
on_terminal.py LINES COLUMNS KEYS COMMAND... - run COMMAND on a terminal of that size.

What the terminal is given goes to standard output, its lines ended as in files. KEYS are typed once
the command has been silent for a moment after printing. The exit status is the command's, 128 and the
number if a signal ended it.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def main():
    lines, columns, keys, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.environ["TERM"] = os.environ.get("TEST_TERM", "xterm")
        os.execvp(command[0], command)
    seen = b""
    while True:
        # Silence: nothing for a while after something; only then are keys typed, once.
        ready = select.select([terminal], [], [], 0.5 if keys and seen else None)[0]
        if not ready:
            os.write(terminal, keys.encode())
            keys = ""
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    status = os.waitpid(process, 0)[1]
    sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
    sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
