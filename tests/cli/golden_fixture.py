#!/usr/bin/env python3
"""
golden_fixture.py FOLDER - tracefiles of a kernel that there is not, and of trials on four platforms.

All numbers follow from names, so that they are the same everywhere; nothing is compiled.
"""

import os
import sys
import zlib

FILES = {"arch/x86/kvm/mmu/mmu.c": 9, "arch/x86/kernel/process.c": 6, "fs/read_write.c": 8, "fs/ext4/inode.c": 7,
         "kernel/sched/fair.c": 12, "mm/memcontrol.c": 10, "mm/mmap.c": 11, "net/bridge/br_forward.c": 5,
         "net/bridge/netfilter/ebtables.c": 6, "net/core/dev.c": 12, "net/packet/af_packet.c": 8}
PLATFORMS = ["host", "runc", "gvisor", "microvm"]
WORKLOADS = ["cpu", "stream"]
LINES = 12  # of a function


def number(*words):
    return zlib.crc32(" ".join(map(str, words)).encode())


def functions(file):
    stem = os.path.basename(file)[:-2]
    return [f"{stem}_{name}{i if i > 7 else ''}" for i, name in
            zip(range(FILES[file]), ["init", "get", "put", "alloc_pages_of_this_node", "free", "walk", "lock", "show"] * 2)]


def executes(platform, workload, function, line):
    """How often a trial executes a line: most are the same for all, some are of one platform."""
    kind = number(function) % 10
    if platform == "idle":
        return number(function, line) % 3 if kind == 0 else 0
    if kind >= 8 or (kind >= 5 and number(function, platform) % 3):
        return 0
    if number(function, line, platform if kind % 2 else "", workload) % 5 == 0:
        return 0
    return 1 + number(function, platform, workload) % 5000


def write(path, platform, workload, trial):
    with open(path, "w", encoding="ascii") as out:
        for file in sorted(FILES):
            out.write(f"SF:/linux/{file}\n")
            lines = []
            for place, function in enumerate(functions(file)):
                first = 10 + place * (LINES + 3)
                counts = [0 if platform is None else executes(platform, workload, function, line) for line in range(LINES)]
                if trial and counts[0]:
                    counts = [count and count + number(function, trial) % 7 for count in counts]
                out.write(f"FNL:{place},{first},{first + LINES - 1}\nFNA:{place},{counts[0]},{function}\n")
                lines += [(first + line, count) for line, count in enumerate(counts)]
            out.writelines(f"DA:{line},{count}\n" for line, count in lines)
            out.write("end_of_record\n")


def main():
    folder = sys.argv[1]
    write(f"{folder}/kernel.info", None, "", 0)
    for trial in range(1, 6):
        write(f"{folder}/idle.{trial}.info", "idle", "idle", trial)
        for platform in PLATFORMS:
            for workload in WORKLOADS:
                write(f"{folder}/{platform}.{workload}.{trial}.info", platform, workload, trial)


if __name__ == "__main__":
    main()
