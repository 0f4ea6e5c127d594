#!/usr/bin/env python3
"""ceccomp_oracle.py CECCOMP FOLDER - calls that filter_try tried, asked of ceccomp's emulator.

FOLDER has NAME.bpf and NAME.tried of `filter_try --dump`. Every answer has to be ceccomp's, too, but that
allow and log look alike in what was tried. Exit status: 0 no difference, 1 differences or nothing read.
"""
import pathlib
import re
import subprocess
import sys

WORDS = {"ALLOW": "allow", "LOG": "allow", "KILL": "kill thread", "KILL_THREAD": "kill thread", "KILL_PROCESS": "kill process",
         "USER_NOTIF": "notify", "NOTIFY": "notify", "TRAP": "trap"}


# ceccomp 3.5 takes no more of a program.
INSTRUCTIONS_MAX = 1024


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def answer(line):
    found = re.fullmatch(r"return (\w+)(?:\((\d+)\))?", line.strip())
    if not found:
        sys.exit(f"ceccomp says '{line}'")
    action, data = found.groups()
    return f"{action.lower()} {data}" if action in ("ERRNO", "TRACE") else WORDS[action]


def main():
    ceccomp, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    asked = different = 0
    beyond = []
    for program in sorted(folder.glob("*.bpf")):
        if program.stat().st_size > INSTRUCTIONS_MAX * 8:
            beyond.append(program.name)
            continue
        text = program.with_suffix(".text")
        text.write_text(run(ceccomp, "disasm", "-c", "never", str(program)))
        for line in program.with_suffix(".tried").read_text().splitlines():
            *call, _ = line.split(" ", 7)
            said = line.split(" ", 7)[7].replace("log", "allow")
            got = answer(run(ceccomp, "emu", "-c", "never", "-q", str(text), *call))
            asked += 1
            if got != said:
                different += 1
                print(f"{program.name}: call {' '.join(call)}: covdb and the kernel {said}, ceccomp {got}")
    if beyond:
        print(f"longer than ceccomp takes: {', '.join(beyond)}")
    print(f"{asked} calls asked of ceccomp, {different} differences")
    return 1 if different or not asked else 0


sys.exit(main())
