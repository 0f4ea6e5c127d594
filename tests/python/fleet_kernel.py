#!/usr/bin/env python3
"""fleet_kernel.py FOLDER SNAPSHOT... - trials of another kernel, build id abc: FOLDER/trials with the snapshots idle, first and second
of tests/cli/exchange_fixture.sh, five of each."""
import json
import os
import subprocess
import sys

folder = os.path.join(sys.argv[1], "trials")
os.makedirs(folder)
for number in range(1, 6):
    for name, platform, workload in (("idle", "host", None), ("first", "host", "w"), ("second", "b", "w")):
        base = f"{name}-{number}"
        subprocess.run(["tar", "-cf", f"{folder}/{base}.tar", "-C", name, "."], check=True)
        about = {
            "format": "covdb-trial", "version": 1,
            "trial": {"platform": platform, "driver": "host" if platform == "host" else "command", "workload": workload,
                      "baseline": None if workload else "idle", "kind": None if workload else "idle", "number": number},
            "status": "ok", "failure": None, "exit_status": 0, "signal": None, "duration_ns": 10**10,
            "started_at": f"2026-01-01T00:{number:02}:{len(name):02}Z", "steps": [], "capture": {"way": "reset", "within": 0},
            "snapshot": {"file": f"{base}.tar", "files": 4, "bytes": 1, "unreadable": []},
            "kernel": {"release": "6.1", "version": "1", "build_id": "abc", "config_sha256": None, "compiler": None, "cpus": 1,
                       "boot_parameters": None, "clock_source": None, "emulated": False, "profile_update": "unknown", "gcov_persist": True},
            "versions": {"covdb": "0.2.0"}, "command": [], "output": "", "output_truncated": False}
        with open(f"{folder}/{base}.json", "w", encoding="utf-8") as file:
            json.dump(about, file)
