"""tree.py - what the checks of the sources share: the files that git lists, and complaints."""

import fnmatch
import subprocess
import sys
from pathlib import Path


class Tree:
    """A checkout. A check reads each listed file once and ends with finish()."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.complaints = []
        self.was_read = set()
        git = ["git", "-C", str(self.root), "-c", f"safe.directory={self.root}"]
        listed = subprocess.run(git + ["ls-files", "-z"], check=True, capture_output=True, text=True)
        self.listed = [name for name in listed.stdout.split("\0") if name]

    def files(self, *patterns):
        """The listed files that match one of the patterns; a * matches any number of folders."""
        return [name for name in self.listed if matches(name, patterns)]

    def read(self, name):
        try:
            text = (self.root / name).read_text(encoding="utf-8")
        except OSError as error:
            self.complain(name, 0, f"git lists it, but it cannot be read: {error.strerror}")
            return ""
        self.was_read.add(name)
        return text

    def complain(self, name, line, rule):
        self.complaints.append(f"{name}:{line}: {rule}" if line else f"{name}: {rule}")

    def finish(self, wanted):
        """End the program: a check that read nothing, or less than it should have, has failed."""
        if not wanted:
            self.complain(str(self.root), 0, "git lists no file for this check")
        for name in wanted:
            if name not in self.was_read:
                self.complain(name, 0, "was not read by the check")
        print("\n".join(self.complaints) if self.complaints else f"{len(wanted)} files: fine")
        sys.exit(1 if self.complaints else 0)


def matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
