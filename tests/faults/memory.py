"""memory.py - a folder that is not on a disk, for thousands of small databases that nobody keeps.

What a disk adds to these tests is waiting: that it is full, fails or forgets is what they do themselves.
"""
import contextlib
import os
import shutil
import tempfile

SHARED = "/dev/shm"
ENOUGH = 1 << 30  # bytes that have to be free


@contextlib.contextmanager
def folder(prefix):
    """A new folder in memory, or on a disk where there is none or too little; removed at the end."""
    is_there = os.path.isdir(SHARED) and os.access(SHARED, os.W_OK)
    usage = os.statvfs(SHARED) if is_there else None
    has_room = usage is not None and usage.f_bavail * usage.f_frsize >= ENOUGH
    path = tempfile.mkdtemp(prefix=prefix, dir=SHARED if has_room else None)
    try:
        yield path
    finally:
        shutil.rmtree(path)
