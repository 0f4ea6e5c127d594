"""steps.py - what a worker does: one snapshot decoded, one group of trials made a footprint; all of it by covdb.

A step may be done twice, or by two workers at once, and may be killed: what it leaves appears whole, under a name that its
input alone decides.
"""
from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from typing import Any, Optional

import pyarrow
import pyarrow.csv

from covdb_fleet import dataset
from covdb_fleet.dataset import Dataset


OWN = "own"


class StepError(Exception):
    """Why a snapshot or a group has no result: one line, as covdb says it."""


@dataclasses.dataclass(frozen=True)
class Job:
    """What is asked of all steps of a job."""

    root: str
    covdb: str
    rule: str
    baseline: Optional[str] = None  # "platform/name", "own": each platform's own idle one; None: the only idle one on a host
    processors: int = 1  # that one run of covdb may use: the engine has a worker for each

    @property
    def dataset(self) -> Dataset:
        """The dataset."""
        return Dataset(self.root)


def run_covdb(job: Job, *arguments: str, statuses: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[bytes]:
    """Run covdb. A worker that is killed is the engine's affair."""
    done = subprocess.run([job.covdb, *arguments], env={**os.environ, "COVDB_JOBS": str(job.processors)}, capture_output=True, check=False)
    if done.returncode < 0:
        raise RuntimeError(f"covdb was killed by signal {-done.returncode}")
    if done.returncode not in statuses:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise StepError(lines[-1] if lines else f"covdb ended with status {done.returncode}")
    return done


def decode(job: Job, manifest: str) -> tuple[str, str]:
    """One snapshot into counters and hits. What is there already stays. Return: the manifest, and what became of it."""
    problem = job.dataset.path("problem", f"{hashlib.sha256(manifest.encode()).hexdigest()[:20]}.parquet")
    try:
        outcome = decode_trial(job, manifest)
    except (StepError, OSError, KeyError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, (StepError, OSError)) else f"{manifest}: its manifest cannot be read: {error}"
        dataset.write_rows(problem, dataset.PROBLEM, [{"manifest": manifest, "reason": reason}])
        return manifest, "problem"
    dataset.remove(problem)
    return manifest, outcome


def decode_trial(job: Job, manifest: str) -> str:
    """As decode(), but a failure is raised."""
    data, about = dataset.read_manifest(manifest)
    if about is None or about["trial"].get("kind") in ("profile", "syscalls"):
        return "other"
    build_id = about["kernel"].get("build_id")
    if not build_id:
        raise StepError(f"{manifest}: the kernel had no build id")
    name = dataset.trial_id(data)
    done = job.dataset.path("trial", f"kernel={build_id}", f"{name}.parquet")
    if dataset.exists(done):
        return "there"
    snapshot = about["snapshot"].get("file")
    row = trial_row(about, name, manifest)
    if snapshot and row["status"] == "ok":
        row["lines_hit"], row["note"] = decode_snapshot(job, build_id, name, os.path.join(os.path.dirname(manifest), snapshot))
        about["snapshot"]["file"] = f"{name}.covcounters"
        dataset.write_bytes(job.dataset.path("counters", f"kernel={build_id}", f"{name}.json"), json.dumps(about).encode())
    # The last: with it the trial is done.
    dataset.write_rows(done, dataset.TRIAL, [row])
    return "decoded"


def trial_row(about: dict[str, Any], name: str, manifest: str) -> dict[str, Any]:
    """What a manifest says of its trial, as a row."""
    trial = about["trial"]
    kind = "workload" if trial["workload"] and not trial.get("phase") else "phase" if trial["workload"] else trial.get("kind") or "idle"
    return {"trial": name, "host": trial.get("host"), "platform": trial["platform"], "driver": trial.get("driver"),
            "workload": trial["baseline"] or trial["workload"], "kind": kind, "phase": trial.get("phase"), "number": trial["number"],
            "status": about["status"], "started_at": about["started_at"], "duration_ns": about["duration_ns"],
            "lines_hit": None, "note": about.get("failure"), "manifest": manifest}


def decode_snapshot(job: Job, build_id: str, name: str, snapshot: str) -> tuple[int, Optional[str]]:
    """Counters and hits of a snapshot. Return: how many lines ran, and what covdb said of objects that it could not decode."""
    kernel = job.dataset.kernel_file(build_id)
    if not dataset.exists(kernel):
        raise StepError(f"{snapshot}: no packed kernel of build id {build_id}")
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "made.covcounters")
        brought = dataset.bring(snapshot, folder)
        done = run_covdb(job, "decode", brought, "--kernel-file", dataset.keep(kernel), "--format", "counters", "-o", made, statuses=(0, 1))
        said = done.stderr.decode(errors="replace").replace(brought, snapshot).strip().splitlines()
        if not os.path.exists(made):
            raise StepError(said[-1] if said else f"{snapshot}: covdb ended with status {done.returncode}")
        rows = run_covdb(job, "decode", made, "--kernel-file", dataset.keep(kernel), "--format", "hits", statuses=(0, 1)).stdout
        with open(made, "rb") as file:
            dataset.write_bytes(job.dataset.path("counters", f"kernel={build_id}", f"{name}.covcounters"), file.read())
    table = pyarrow.csv.read_csv(
        pyarrow.BufferReader(rows), pyarrow.csv.ReadOptions(column_names=dataset.HIT.names), pyarrow.csv.ParseOptions(delimiter="\t"),
        pyarrow.csv.ConvertOptions(column_types=dataset.HIT)) if rows else dataset.HIT.empty_table()
    dataset.write_table(job.dataset.path("hit", f"kernel={build_id}", f"{name}.parquet"), table)
    return table.num_rows, " / ".join(said[:-1]) or None


def import_trials(job: Job, build_id: str, trials: list[dict[str, Any]], database: str) -> None:
    """Trials out of their counters into a database, in the order in which they began."""
    counters = job.dataset.path("counters", f"kernel={build_id}")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "trials"))
        for trial in trials:
            for ending in (".json", ".covcounters"):
                dataset.bring(os.path.join(counters, trial["trial"] + ending), os.path.join(folder, "trials"))
        run_covdb(job, "import", "--db", database, folder, statuses=(0, 1))


def counted(trials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that have counters."""
    return [trial for trial in trials if trial["status"] == "ok" and trial["lines_hit"] is not None]


def find_baseline(job: Job, trials: list[dict[str, Any]]) -> tuple[str, str]:
    """The platform and the name of what is subtracted."""
    there = sorted({(trial["platform"], trial["workload"]) for trial in counted(trials) if trial["kind"] == "idle"
                    and (job.baseline or trial["driver"] == "host")})
    if job.baseline:
        there = [pair for pair in there if "/".join(pair) == job.baseline]
    if len(there) != 1:
        raise StepError(f"baselines {', '.join('/'.join(pair) for pair in there) or job.baseline or 'none on a host'}: name one")
    return there[0]


def base_trials(job: Job, trials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The baseline's trials and the observers, which every group is set against."""
    baseline = find_baseline(job, trials) if job.baseline != OWN else None
    return [trial for trial in counted(trials) if trial["kind"] == "observer"
            or (trial["kind"] == "idle" and baseline in (None, (trial["platform"], trial["workload"])))]


def key_of(job: Job, trials: list[dict[str, Any]]) -> str:
    """What a result depends on."""
    version = run_covdb(job, "--version").stdout.decode().strip()
    parts = [version, job.rule, job.baseline or "", *sorted(trial["trial"] for trial in trials)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def make_base(job: Job, build_id: str, trials: list[dict[str, Any]]) -> str:
    """A database of a kernel, its baseline and its observers, which groups are added to. Return: its path."""
    chosen = base_trials(job, trials)
    path = job.dataset.path("base", f"kernel={build_id}", f"{key_of(job, chosen)}.sqlite")
    if dataset.exists(path):
        return path
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "base.sqlite")
        add_kernel(job, build_id, database)
        import_trials(job, build_id, chosen, database)
        write_definitions(job, build_id, database)
        with open(database, "rb") as file:
            dataset.write_bytes(path, file.read())
    return path


def add_kernel(job: Job, build_id: str, database: str) -> None:
    """A database that has a kernel and nothing else."""
    run_covdb(job, "kernel", "add", "--db", database, "--kernel-file", dataset.keep(job.dataset.kernel_file(build_id)))


def write_definitions(job: Job, build_id: str, database: str) -> None:
    """What ids of lines and functions are, and which directories a file is in."""
    connection = sqlite3.connect(database)
    folder = job.dataset.path("line_part", f"kernel={build_id}")
    write_lines(connection, os.path.join(folder, "base.parquet"), "")
    dataset.write_rows(
        job.dataset.path("function", f"kernel={build_id}", "function.parquet"), dataset.FUNCTION,
        connection.execute("SELECT function_id, o.path, s.path, name, start_line, end_line FROM function"
                           " JOIN object o USING (kernel_id, object_id) JOIN file s USING (kernel_id, file_id) ORDER BY 1").fetchall())
    dataset.write_rows(
        job.dataset.path("directory", f"kernel={build_id}", "directory.parquet"), dataset.DIRECTORY,
        connection.execute("SELECT d.path, s.path FROM directory d JOIN file s ON s.line_first >= d.line_first"
                           " AND s.line_first < d.line_first + d.line_count AND s.line_count > 0 ORDER BY 1, 2").fetchall())
    connection.close()


def write_lines(connection: sqlite3.Connection, path: str, condition: str) -> None:
    """Instrumented lines of linked objects."""
    rows = connection.execute("SELECT line_id, s.path, line FROM line JOIN file s USING (kernel_id, file_id)" + condition + " ORDER BY 1").fetchall()
    if rows:
        dataset.write_rows(path, dataset.LINE, rows)


def merge_lines(job: Job, build_id: str) -> str:
    """The lines that the baseline has and those that only some groups have, each once, as one file. Return: "made" or "there"."""
    folder = job.dataset.path("line_part", f"kernel={build_id}")
    parts = sorted(os.path.join(folder, name) for name in dataset.names(folder) if name.endswith(".parquet"))
    path = job.dataset.path("line", f"kernel={build_id}", "line.parquet")
    if dataset.exists(path) and dataset.about(path).mtime_ns > max(dataset.about(part).mtime_ns for part in parts):
        return "there"
    table = pyarrow.concat_tables([dataset.read_table(part) for part in parts])
    once = table.group_by("line_id").aggregate([("file", "min"), ("line", "min")]).sort_by("line_id")
    dataset.write_table(path, once.select(["line_id", "file_min", "line_min"]).rename_columns(dataset.LINE.names).cast(dataset.LINE))
    return "made"


def evaluate(job: Job, build_id: str, base: str, trials: list[dict[str, Any]]) -> str:
    """The footprint of one platform and workload. Return: "made" or "there"."""
    platform, workload = trials[0]["platform"], trials[0]["workload"]
    key = hashlib.sha256(f"{os.path.basename(base)} {key_of(job, trials)}".encode()).hexdigest()[:20]
    name = f"{platform}.{workload}.parquet"
    about = job.dataset.path("group", f"kernel={build_id}", f"rule={job.rule}", name)
    if any(row["key"] == key for row in dataset.read_rows(about)):
        return "there"
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "group.sqlite")
        shutil.copyfile(dataset.keep(base), database)
        import_trials(job, build_id, trials, database)
        run_covdb(job, "diff", "--db", database, "--rule", job.rule, *(["--baseline", job.baseline] if job.baseline else []))
        connection = sqlite3.connect(database)
        row = connection.execute(
            "SELECT footprint_id, baseline, trials, duration_ns, found, hit, removed, kept, resamples FROM footprint"
            " JOIN analysis USING (analysis_id) JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
            " WHERE rule = ? AND p.name = ? AND w.name = ? ORDER BY analysis_id DESC",
            (job.rule, platform, workload)).fetchone()
        if not row:
            raise StepError(f"{platform} {workload}: rule {job.rule} makes no footprint of {len(trials)} trials")
        write_footprint(job, build_id, name, connection, row[0], (platform, workload))
        connection.execute("ATTACH ? AS base", (dataset.keep(base),))
        (more,) = connection.execute("SELECT (SELECT count(*) FROM main.line) > (SELECT count(*) FROM base.line)").fetchone()
        if more:
            write_lines(connection, job.dataset.path("line_part", f"kernel={build_id}", name), " WHERE line_id NOT IN (SELECT line_id FROM base.line)")
        connection.close()
    # The last, as of a trial.
    dataset.write_rows(about, dataset.GROUP, [(platform, workload, *row[1:], key)])
    return "made"


def write_footprint(job: Job, build_id: str, name: str, connection: sqlite3.Connection, footprint: int, group: tuple[str, str]) -> None:
    """The lines that a group executed, kept or taken for idle activity, and those that a resample decides otherwise, by line."""
    partition = (f"kernel={build_id}", f"rule={job.rule}", name)
    rows = connection.execute(
        "SELECT ?, ?, line_id, count, is_kept FROM (SELECT line_id, count, 1 AS is_kept FROM footprint_line WHERE footprint_id = ?"
        " UNION ALL SELECT line_id, count, 0 FROM footprint_removed WHERE footprint_id = ?) ORDER BY line_id",
        (*group, footprint, footprint)).fetchall()
    rows = [(*row[:3], round(row[3]), bool(row[4])) for row in rows]
    dataset.write_rows(job.dataset.path("footprint", *partition), dataset.FOOTPRINT, rows)
    kept = {row[2] for row in rows if row[4]}
    resamples = connection.execute("SELECT resample, line_count, lines FROM footprint_without WHERE footprint_id = ? ORDER BY 1", (footprint,))
    dataset.write_rows(job.dataset.path("without", *partition), dataset.WITHOUT, [
        (*group, resample, line, line not in kept) for resample, count, lines in resamples for line in unpack_ids(lines, count)])


def unpack_ids(packed: bytes, count: int) -> list[int]:
    """Ids as covdb keeps them: a checksum, then LEB128 of folded differences."""
    ids, last, number, shift = [], 0, 0, 0
    for byte in packed[4:]:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            last += number >> 1 ^ -(number & 1)
            ids.append(last)
            number = shift = 0
    if len(ids) != count or zlib.crc32(packed[4:]) != int.from_bytes(packed[:4], sys.byteorder):
        raise StepError("the lines of a resample are damaged")
    return ids


def make_database(job: Job, build_id: str, output: str) -> None:
    """All trials of a kernel as a database of covdb's, which venn, report and all else open."""
    partial = dataset.beside(os.path.abspath(output))
    try:
        add_kernel(job, build_id, partial)
        import_trials(job, build_id, counted(job.dataset.trials(build_id)), partial)
        run_covdb(job, "diff", "--db", partial, "--rule", job.rule, *(["--baseline", job.baseline] if job.baseline else []))
        os.replace(partial, output)
    finally:
        dataset.remove(partial)
