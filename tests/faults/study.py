#!/usr/bin/env python3
"""study.py FOLDER - a small study for tests that change a database: kernels to register, trials to import.

FOLDER/kernel/ and FOLDER/other/ are build trees of two objects each, of other compilations.
FOLDER/study/ and FOLDER/more/ are what `collect` would leave of the first (build id abc): the second has
another trial of a workload of the first, a new platform, and alone the object 'late'.
"""
import json
import os
import shutil
import subprocess
import sys
import tarfile

MAIN = """
int other(int n);
int main(int argc, char **argv)
{
	(void)argv;
	return other(argc) == 77;
}
"""
OTHER = """
int other(int n)
{
	int sum = 0;
	if (n > 1) {
		for (int i = 0; i < n; i++)
			sum += i;
		return sum;
	}
	return n;
}
"""
LATE = """
int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 5)
		return 1;
	return 0;
}
"""
EXPERIMENT = """name: study
platforms:
  - {name: gvisor, driver: oci, runtime: runsc, rootfs: /r}
  - {name: runc, driver: oci, runtime: runc, rootfs: /r}
workloads:
  - {name: w, command: [w], duration: 1}
"""


def compile_tree(folder, options):
    os.makedirs(folder)
    for name, text in ("main", MAIN), ("other", OTHER), ("late", LATE):
        with open(f"{folder}/{name}.c", "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["gcc", *options, "--coverage", "-c", f"{name}.c", "-o", f"{name}.o"], cwd=folder, check=True)
    subprocess.run(["gcc", "--coverage", "main.o", "other.o", "-o", "program"], cwd=folder, check=True)
    subprocess.run(["gcc", "--coverage", "late.o", "-o", "late"], cwd=folder, check=True)


def write_trial(root, study, platform, workload, start, runs, **more):
    """One trial of so many runs, with an argument for workloads; @more: keys of the manifest's trial."""
    for name in os.listdir(f"{root}/kernel"):
        if name.endswith(".gcda"):
            os.remove(f"{root}/kernel/{name}")
    arguments = ["more"] * start if workload else []
    for _ in range(runs):
        subprocess.run(["./program", *arguments], cwd=f"{root}/kernel", check=True)
    if study == "more":
        subprocess.run(["./late"], cwd=f"{root}/kernel", check=True)
    name = f"{platform}-{workload or more['baseline']}-{start}"
    folder = f"{root}/{study}/trials"
    os.makedirs(folder, exist_ok=True)
    with tarfile.open(f"{folder}/{name}.tar", "w") as archive:
        for file in sorted(os.listdir(f"{root}/kernel")):
            if file.endswith(".gcda"):
                archive.add(f"{root}/kernel/{file}", file)
    about = {"platform": platform, "driver": "host" if platform == "host" else "oci", "workload": workload,
             "baseline": None, "kind": None, "phase": None, "number": 1, **more}
    manifest = {
        "format": "covdb-trial", "version": 1, "trial": about, "status": "ok", "failure": None, "exit_status": 0,
        "signal": None, "duration_ns": 10**10, "started_at": f"2026-01-01T00:0{start}:00Z", "steps": [],
        "snapshot": {"file": f"{name}.tar", "files": 2, "bytes": 1, "unreadable": []},
        "kernel": {"release": "6.1", "version": "1", "build_id": "abc", "config_sha256": None, "compiler": None,
                   "cpus": 1, "boot_parameters": None, "clock_source": None, "emulated": True,
                   "profile_update": "unknown", "gcov_persist": True},
        "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": False,
        "metrics": [{"metric": "rate", "value": start * 10.0, "unit": "1/s", "labels": {"n": 1}, "emulated": True}]}
    with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
        json.dump(manifest, file)


def make(root):
    """All of it, in an existing folder."""
    compile_tree(f"{root}/kernel", ["-O1"])
    compile_tree(f"{root}/other", ["-O2"])
    write_trial(root, "study", "host", None, 0, 2, baseline="idle", kind="idle")
    write_trial(root, "study", "host", None, 1, 1, baseline="observer", kind="observer")
    write_trial(root, "study", "runc", "w", 2, 5)
    write_trial(root, "study", "gvisor", "w", 3, 7)
    write_trial(root, "more", "runc", "w", 4, 9)
    write_trial(root, "more", "microvm", "w", 5, 3)
    for study in "study", "more":
        with open(f"{root}/{study}/experiment.yaml", "w", encoding="utf-8") as file:
            file.write(EXPERIMENT)
    for name in os.listdir(f"{root}/kernel"):
        if name.endswith(".gcda"):
            os.remove(f"{root}/kernel/{name}")


if __name__ == "__main__":
    if not shutil.which("gcc"):
        sys.exit("study.py: gcc is not installed")
    make(sys.argv[1])
