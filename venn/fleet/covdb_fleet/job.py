"""job.py - the whole job: decode what is new, make the footprints that changed, ask the engine for what they have together."""
from __future__ import annotations

import collections
import functools
import os
import time
from typing import Any

import pyarrow

from covdb_fleet import dataset, queries, steps
from covdb_fleet.engines import Engine, views
from covdb_fleet.steps import Job

GROUPS = "groups.parquet"  # problems of kernels and groups, all of them made anew each time
PLATFORM = pyarrow.schema([("kernel", pyarrow.string()), ("platform", pyarrow.string()), ("bit_value", pyarrow.int64())])


def run(job: Job, engine: Engine, folders: list[str]) -> dict[str, Any]:
    """Bring a dataset up to date with folders of snapshots. Return: what was done, and the seconds of each part."""
    seconds: dict[str, float] = {}
    report: dict[str, Any] = {"seconds": seconds}
    begin = time.monotonic()

    def finish(part: str) -> None:
        nonlocal begin
        seconds[part] = round(time.monotonic() - begin, 2)
        begin = time.monotonic()

    forget_problems(job)
    outcomes = engine.map("decode", functools.partial(steps.decode, job), list(dataset.manifests(folders)))
    report["decode"] = dict(collections.Counter(outcome for _, outcome in outcomes))
    finish("decode")
    kernels = {build_id: job.dataset.trials(build_id) for build_id in job.dataset.kernels()}
    kernels = {build_id: trials for build_id, trials in kernels.items() if steps.counted(trials)}
    bases = engine.map("base", functools.partial(make_base, job), list(kernels.items()))
    finish("base")
    groups = [(build_id, base, group) for build_id, base, _ in bases if base for group in list_groups(kernels[build_id])]
    outcomes = engine.map("footprint", functools.partial(evaluate, job), groups)
    report["footprint"] = dict(collections.Counter(outcome for outcome, _ in outcomes))
    problems = [{"manifest": what, "reason": reason} for what, reason in
                [*((f"kernel {build_id}", reason) for build_id, base, reason in bases if not base),
                 *((outcome, reason) for outcome, reason in outcomes if reason)]]
    engine.map("line", functools.partial(steps.merge_lines, job), [build_id for build_id, base, _ in bases if base])
    dataset.write_rows(job.dataset.path("problem", GROUPS), dataset.PROBLEM, problems)
    finish("footprint")
    if groups:
        ask(job, engine, kernels)
    finish("ask")
    report["problems"] = list_problems(job)
    return report


def make_base(job: Job, item: tuple[str, list[dict[str, Any]]]) -> tuple[str, str, str]:
    """steps.make_base(), whose failure is a row. Return: the build id, the path or "", the reason or ""."""
    try:
        return item[0], steps.make_base(job, *item), ""
    except steps.StepError as error:
        return item[0], "", str(error)


def evaluate(job: Job, item: tuple[str, str, list[dict[str, Any]]]) -> tuple[str, str]:
    """steps.evaluate(), whose failure is a row. Return: what was done, or the group and the reason."""
    try:
        return steps.evaluate(job, *item), ""
    except steps.StepError as error:
        return f"kernel {item[0]}, {item[2][0]['platform']}/{item[2][0]['workload']}", str(error)


def list_groups(trials: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Trials of the same platform and workload."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for trial in steps.counted(trials):
        if trial["kind"] == "workload":
            groups.setdefault((trial["platform"], trial["workload"]), []).append(trial)
    return list(groups.values())


def ask(job: Job, engine: Engine, kernels: dict[str, list[dict[str, Any]]]) -> None:
    """Regions and the summary of every directory, by the engine."""
    rows = []
    for build_id, trials in kernels.items():
        names = list(dict.fromkeys(trial["platform"] for trial in trials if trial["kind"] == "workload"))
        rows += [(build_id, name, 1 << bit) for bit, name in enumerate(names)]
    dataset.write_rows(job.dataset.path("platform", "platform.parquet"), PLATFORM, rows)
    regions = {**views(job.dataset, ("footprint", "platform", "line", "directory", "without")), "evaluated": job.dataset.path("group")}
    dataset.write_table(job.dataset.path("region", "region.parquet"), engine.ask(regions, queries.REGION))
    summary = views(job.dataset, ("region", "platform", "line", "directory"))
    dataset.write_table(job.dataset.path("summary", "summary.parquet"), engine.ask(summary, queries.SUMMARY))


def forget_problems(job: Job) -> None:
    """Problems of manifests that are gone are none any more; the others are found again, or mended."""
    folder = job.dataset.path("problem")
    for name in dataset.names(folder):
        if name.endswith(".parquet") and name != GROUPS:
            path = os.path.join(folder, name)
            if not all(dataset.exists(row["manifest"]) for row in dataset.read_rows(path)):
                dataset.remove(path)


def list_problems(job: Job) -> list[dict[str, str]]:
    """All that is known to be wrong."""
    folder = job.dataset.path("problem")
    return [row for name in sorted(dataset.names(folder)) if name.endswith(".parquet")
            for row in dataset.read_rows(os.path.join(folder, name))]
